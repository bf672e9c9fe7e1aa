"""The service passes W3C's SPARQL 1.1 tests, and answers their queries as pyoxigraph alone does.

Of the suite's cases those of updates and of the graph store protocol are out of scope, since the
service only reads (that it takes no update of the suite is tested). Those of entailment regimes
are compared with pyoxigraph's answers and not with what a regime expects, since there is none.
What else deviates stands in `READ_ONLY`, `REFUSED` or `ENGINE` with its reason; a case that is
listed and passes is as much a failure as one that fails unlisted.
"""

from __future__ import annotations

import time
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from service import running
from w3c import Suite, fetch
from w3c_description import CHECKS
from w3c_http import direct, form, get, send
from w3c_protocol import EXCHANGES, documents, failure
from w3c_queries import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterator

    from w3c import Case

OUT_OF_SCOPE: Final = {
    "add": "updates",
    "basic-update": "updates",
    "clear": "updates",
    "copy": "updates",
    "delete": "updates",
    "delete-data": "updates",
    "delete-insert": "updates",
    "delete-where": "updates",
    "drop": "updates",
    "move": "updates",
    "syntax-update-1": "updates",
    "syntax-update-2": "updates",
    "update-silent": "updates",
}
"""Folders of the suite that are left out -> why; the graph store protocol's has no manifest."""

ENTAILMENT: Final = "entailment"

QUERIES: Final = (
    "aggregates",
    "bind",
    "bindings",
    "construct",
    "csv-tsv-res",
    ENTAILMENT,
    "exists",
    "functions",
    "grouping",
    "json-res",
    "negation",
    "project-expression",
    "property-path",
    "service",
    "subquery",
    "syntax-fed",
    "syntax-query",
)
"""Folders of the suite whose cases are queries."""

READ_ONLY: Final = {
    "update_base_uri": "the service takes no update",
    "update_dataset_default_graph": "the service takes no update",
    "update_dataset_default_graphs": "the service takes no update",
    "update_dataset_full": "the service takes no update",
    "update_dataset_named_graphs": "the service takes no update",
    "update_post_direct": "the service takes no update",
    "update_post_form": "the service takes no update",
}
"""Protocol cases that fail -> why."""

REFUSED: Final = {
    "service/service1": "no SERVICE: a query never reaches out",
    "service/service2": "no SERVICE: a query never reaches out",
    "service/service3": "no SERVICE: a query never reaches out",
    "service/service4a": "no SERVICE: a query never reaches out",
    "service/service5": "no SERVICE: a query never reaches out",
    "service/service6": "no SERVICE: a query never reaches out",
    "service/service7": "no SERVICE: a query never reaches out",
    "syntax-fed/test_1": "no SERVICE: a query never reaches out",
    "syntax-fed/test_2": "no SERVICE: a query never reaches out",
    "syntax-fed/test_3": "no SERVICE: a query never reaches out",
    "syntax-query/test_42": "FROM <file>: there is no such graph, and none is fetched",
}
"""Query cases that the service refuses, and pyoxigraph would not -> why."""

ENGINE: Final = {
    "aggregates/agg-empty-group": "GROUP BY over nothing has no row, as W3C later had it",
    "csv-tsv-res/csv03": "a number is written in its canonical form: 1000000 for 1.0E6",
    "functions/bnode01": "BNODE of one text is one blank node in all rows, not one in each",
    "functions/plus-1": "texts and numbers, which no operator compares, come in another order",
    "functions/plus-2": "texts and numbers, which no operator compares, come in another order",
    "functions/strdt03": "of RDF 1.0: in RDF 1.1 a plain literal is an xsd:string",
    "functions/strlang03": "of RDF 1.0: in RDF 1.1 an xsd:string is a plain literal",
    "syntax-query/test_4": "a function that nobody defined is told at once, as bad syntax is",
}
"""Query cases whose expected result pyoxigraph does not give, and so not the service -> why."""


@pytest.fixture(scope="session")
def suite(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Give the suite; pytest's cache keeps it."""
    cache: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    folder = tmp_path_factory.mktemp("w3c") if cache is None else cache.mkdir("w3c")
    return Suite(fetch(folder))


@pytest.fixture(scope="session")
def comparison(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    """Serve every data file of the query cases, each as a graph, and those of protocol cases."""
    cases = chain.from_iterable(map(suite.cases, QUERIES))
    files = sorted({iri for case in cases for iri in case.data + case.graphs})
    path = tmp_path_factory.mktemp("w3c") / "data.nq"
    ox.serialize(chain(suite.dataset(files), documents()), path, format=ox.RdfFormat.N_QUADS)
    store = ox.Store()
    store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
    with running("--data", str(path)) as url:
        yield Comparison(suite, store, f"{url}/sparql")


@pytest.fixture
def unchanged(comparison: Comparison) -> Iterator[None]:
    """Check that a test leaves the data as they are."""
    before = _contents(comparison.url)
    yield
    assert _contents(comparison.url) == before


def _contents(url: str) -> list[bytes]:
    """Give all that is served; the query is a new one each time, so that no cache answers it."""
    query = f"SELECT * {{ {{ GRAPH ?g {{ ?s ?p ?o }} }} UNION {{ ?s ?p ?o }} }} # {time.time_ns()}"
    response = send(url, direct(query), "text/tab-separated-values")
    assert response.status == 200, response
    return sorted(response.body.splitlines())


def _cases(suite: Suite, group: str) -> dict[str, Case]:
    return {case.name: case for case in suite.cases(group)}


def test_scope(suite: Suite) -> None:
    """Every case of the suite is tested or left out by name, and no name is wrong."""
    assert suite.groups() == {*QUERIES, *OUT_OF_SCOPE, "protocol", "service-description"}
    assert EXCHANGES.keys() == _cases(suite, "protocol").keys() >= READ_ONLY.keys()
    assert CHECKS.keys() == _cases(suite, "service-description").keys()
    names = {f"{group}/{name}" for group in QUERIES for name in _cases(suite, group)}
    assert names >= REFUSED.keys() | ENGINE.keys()
    assert not REFUSED.keys() & ENGINE.keys()


@pytest.mark.parametrize("name", sorted(EXCHANGES))
@pytest.mark.usefixtures("unchanged")
def test_protocol(suite: Suite, comparison: Comparison, name: str) -> None:
    """The exchanges of a protocol case go as it says, unless it updates."""
    if name in READ_ONLY:
        assert send(comparison.url, EXCHANGES[name][0].request).status // 100 == 4
    told = failure(comparison.url, _cases(suite, "protocol")[name])
    assert bool(told) == (name in READ_ONLY), told or "listed as a deviation, but passes"


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_service_description(comparison: Comparison, name: str) -> None:
    """The description of the service is what a case wants."""
    assert not list(CHECKS[name](comparison.url))


@pytest.mark.parametrize("group", QUERIES)
def test_queries(suite: Suite, comparison: Comparison, group: str) -> None:
    """The service gives what pyoxigraph gives, and what the suite expects but for the listed."""
    differing: dict[str, str] = {}
    unexpected: set[str] = set()
    for name, case in _cases(suite, group).items():
        if f"{group}/{name}" in REFUSED:
            continue
        for response in comparison.responses(case):
            if told := comparison.differs(case, response):
                differing[name] = told
            if not comparison.meets(case, response):
                unexpected.add(f"{group}/{name}")
    assert not differing
    if group != ENTAILMENT:
        assert unexpected == {name for name in ENGINE if name.startswith(f"{group}/")}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused(suite: Suite, comparison: Comparison, name: str) -> None:
    """What the service refuses is forbidden, by every way."""
    group, _, case = name.partition("/")
    responses = comparison.responses(_cases(suite, group)[case])
    assert {response.status for response in responses} == {403}


@pytest.mark.usefixtures("unchanged")
def test_no_update_gets_through(suite: Suite, comparison: Comparison) -> None:
    """No update of the suite is taken, as an update or in the place of a query."""
    updates = sorted(suite.root.glob("*/*.ru"))
    assert len(updates) > 100
    taken: list[str] = []
    for path in updates:
        text = path.read_text(encoding="utf-8")
        for request in (
            direct(text, kind="update"),
            form(("update", text)),
            direct(text),
            get(("query", text)),
        ):
            response = send(comparison.url, request)
            if response.status // 100 != 4:
                taken.append(f"{path.name}: {response}")
    assert not taken
