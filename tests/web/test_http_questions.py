"""Saved questions over HTTP: in every format what `kg ask` gives, for every question."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from exchange import ask, asking
from graph_fixtures import ROOT, open_engine, real_project, run_kg
from openapi_schema_validator import OAS31Validator
from page_reader import Page

from kg.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exchange import Answer

    from kg.graph import KnowledgeGraph
    from kg.queries import SavedQuery

pytest_plugins = ["real_service"]

CATALOGUE: Final = Catalogue(ROOT / "queries")
EVERY: Final = list(CATALOGUE)
SHARING: Final = "regions-sharing-concept"
SHOWN: Final = 1000
"""Rows that a page shows at the most."""
FEW: Final = 20
"""Rows of an answer that are held to their schema: all are in `test_openapi.py`."""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the same release, asked without a service."""
    with open_engine(real_project(tmp_path_factory)) as opened:
        yield opened


@pytest.fixture(scope="module")
def document(url: str) -> dict[str, Any]:
    """Give the description of the service for programs."""
    found: dict[str, Any] = ask(url, "/openapi.json").json
    return found


def get(url: str, question: str, form: str, *params: tuple[str, str]) -> Answer:
    """Ask a question in a format."""
    return ask(url, asking(f"/queries/{question}.{form}", params))


def examples(query: SavedQuery) -> list[tuple[str, str]]:
    """Give a value for each parameter, as a reader would write it."""
    return [(name, parameter.example) for name, parameter in query.header.params.items()]


def given(params: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Give parameters as `graph.ask` takes them."""
    found: dict[str, list[str]] = {}
    for name, value in params:
        found.setdefault(name, []).append(value)
    return found


# --- every question -----------------------------------------------------------------------------


def test_the_list_has_every_question(url: str) -> None:
    """With its title in both languages and the address at which it is answered."""
    listed = ask(url, "/queries.json").json["questions"]
    assert sorted(item["id"] for item in listed) == sorted(EVERY)
    for item in listed:
        assert item["url"] == f"{url}/queries/{item['id']}"
        assert {*item["title"]} == {"zh", "en"}
    links = Page(ask(url, "/queries").text).links
    assert {f"/queries/{name}?lang=zh" for name in EVERY} <= {*links}


@pytest.mark.parametrize(
    ("question", "examined"),
    [
        (it, given_)
        for it in EVERY
        for given_ in sorted({False, bool(CATALOGUE.get(it).header.params)})
    ],
)
def test_every_format_gives_what_kg_ask_gives(
    url: str, graph: KnowledgeGraph, question: str, *, examined: bool
) -> None:
    """Row by row: JSON its records, CSV and TSV their text."""
    query = graph.catalogue().get(question)
    params = examples(query) if examined else []
    reply = graph.ask(question, **given(params))
    rows = list(reply)
    answer = get(url, question, "json", *params)
    assert answer.status == 200, str(answer)
    told = answer.json
    assert told["rows"] == rows
    assert told["settings"] == reply.settings
    assert told["notes"] == [{"zh": note.zh, "en": note.en} for note in reply.notes]
    assert [*told["columns"]] == [*query.header.columns]
    for form in ("tsv",) if examined else ("csv",):
        assert get(url, question, form, *params).text == reply.written(form)


def table(text: str) -> list[list[str]]:
    """Read CSV: the columns, and each row."""
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_a_table_leads_to_its_notes(url: str, form: str) -> None:
    """CSV has no room for them: a header, which scripts of other pages may read, names the JSON."""
    answer = get(url, SHARING, form, ("concept", "一网通管"), ("lang", "en"))
    match = re.fullmatch(
        r'<(/\S+)>; rel="describedby"; type="application/json"', answer.headers["link"]
    )
    assert match is not None
    assert "Link" in answer.headers["access-control-expose-headers"]
    told = ask(url, match[1]).json
    assert told["settings"] == {"concept": "一网通管"}
    assert "一网通管" in told["notes"][0]["zh"]
    assert "link" not in get(url, SHARING, "json", ("concept", "一网通管")).headers


@pytest.mark.parametrize("question", [SHARING, "targets-due", "network-links"])
def test_a_page_gives_as_many_rows(url: str, question: str) -> None:
    """As the files that it links to, up to as many as a page shows, in either language."""
    _, *rows = table(get(url, question, "csv").text)
    for language in ("zh", "en"):
        page = Page(get(url, question, "html", ("lang", language)).text)
        assert page.faults == []
        assert len(page.table) == min(len(rows), SHOWN) > 0
        assert f"/queries/{question}.csv" in page.links


@pytest.mark.parametrize("question", EVERY)
def test_json_is_what_the_description_says(
    url: str, document: dict[str, Any], graph: KnowledgeGraph, question: str
) -> None:
    """The schema of its answer holds, and that of its parameters for what examples give."""
    operation = document["paths"][f"/queries/{question}"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    for params in ([], examples(graph.catalogue().get(question))):
        answer = get(url, question, "json", *params)
        some = {**answer.json, "rows": answer.json["rows"][:FEW]}
        assert list(OAS31Validator(schema).iter_errors(some)) == []
        release = ask(url, "/health").json["release"]
        assert (answer.json["question"], answer.json["release"]) == (question, release)


@pytest.mark.parametrize("question", EVERY)
def test_the_query_is_its_file(url: str, graph: KnowledgeGraph, question: str) -> None:
    """It gives the same rows when it is sent to the endpoint."""
    query = graph.catalogue().get(question)
    answer = get(url, question, "rq")
    assert answer.text == query.path.read_text(encoding="utf-8")
    posted = ask(
        url,
        "/sparql",
        {"Content-Type": "application/sparql-query", "Accept": "text/csv"},
        method="POST",
        body=answer.body,
    )
    assert posted.status == 200, str(posted)
    found, expected = table(posted.text), table(get(url, question, "csv").text)
    assert (found[0], len(found)) == (expected[0], len(expected))


def test_the_command_line_gives_the_same_bytes(url: str, build: Path) -> None:
    """`kg ask` in a process of its own, with a parameter in Chinese."""
    for form in ("csv", "tsv"):
        words = ("ask", SHARING, "-p", "concept=适老化", "-f", form)
        run = run_kg("--build-dir", build, *words, cwd=ROOT)
        assert run.returncode == 0
        assert run.stdout == get(url, SHARING, form, ("concept", "适老化")).body


# --- parameters ---------------------------------------------------------------------------------

SHANGHAI: Final = (
    "上海", "上海市", "沪", "Shanghai", "shanghai", "SHANGHAI", "shang hai", "310000", "CN-SH",
    "kgr:shanghai", "https://w3id.org/dgkg/id/region/shanghai", " 上海 ",
)  # fmt: skip
"""Names of one region."""


@pytest.mark.parametrize("name", SHANGHAI)
def test_a_thing_goes_by_any_of_its_names(url: str, name: str) -> None:
    """Label, official name, abbreviation, English, pinyin, codes, CURIE, IRI: one answer."""
    question = "concepts-of-region"
    expected = get(url, question, "json", ("region", "kgr:shanghai")).json["rows"]
    assert len(expected) > 1
    assert expected != get(url, question, "json").json["rows"]
    for form in ("json", "csv"):
        answer = get(url, question, form, ("region", name))
        assert answer.status == 200, str(answer)
    found = get(url, question, "json", ("region", name)).json
    assert found["rows"] == expected
    assert found["settings"]["region"] == name


def test_several_values_are_taken_where_they_may_be(url: str, graph: KnowledgeGraph) -> None:
    """In any order of the address, and no value twice."""
    question = "data-opening-with-security"
    pairs = [
        ("sharing", "数据要素"),
        ("security", "网络信息安全"),
        ("sharing", "shu-ju-gong-xiang"),
        ("sharing", "数据要素"),
    ]
    reply = graph.ask(question, **given(pairs))
    alone = graph.ask(question, sharing=["数据要素"], security=["网络信息安全"])
    assert get(url, question, "json", *pairs).json["rows"] == list(reply)
    assert get(url, question, "csv", *pairs).text == reply.written("csv")
    assert list(reply) != list(alone)


def test_blanks_come_as_plus_or_encoded(url: str) -> None:
    """Both mean the same, and a plus is written %2B."""
    path = "/queries/targets-due.json?region="
    assert ask(url, f"{path}shang+hai").json == ask(url, f"{path}shang%20hai").json
    assert ask(url, f"{path}shang%2Bhai").status == 404


@pytest.mark.parametrize(
    ("params", "status", "told"),
    [
        ("concpet=x", 400, "concept"),
        ("concept=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA", 404, "没有这个"),
        ("concept=%E4%BA%94%E4%B8%AA%E4%B8%80", 404, "kgc:wu-ge-yi-guangxi"),
        ("concept=a&concept=b", 400, "takes one value"),
        ("concept=", 400, "concept has no value"),
        ("concept=%20", 400, "concept has no value"),
        ("concept=%E9%87%8F%E5%AD%90%E9%A6%99%E8%95%89", 404, "/id/concept"),
        ("concept=%00", 404, "\\x00"),
        ("concept=x%22%20%7D%20%23", 404, 'x" } #'),
        ("=x", 400, ""),
        ("concept", 400, ""),
    ],
)
def test_a_wrong_parameter_is_told(url: str, params: str, status: int, told: str) -> None:
    """In every format: what is wrong, and what may have been meant."""
    for form in ("csv", "tsv", "json"):
        answer = ask(url, f"/queries/{SHARING}.{form}?{params}")
        said = answer.json["error"]["en"] if form == "json" else answer.text
        assert answer.status == status, str(answer)
        assert told in said
        assert answer.media_type == ("application/json" if form == "json" else "text/plain")


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("2022", 200),
        ("2022-08", 200),
        ("2022-08-31", 200),
        ("2022-02-30", 400),
        ("soon", 400),
        ("２０２２", 400),
        ("20220831", 400),
        ("9999-99", 400),
    ],
)
def test_a_date_is_a_date(url: str, value: str, status: int) -> None:
    """A year, a month or a day that there is."""
    answer = get(url, "targets-due", "json", ("by", value))
    assert answer.status == status, str(answer)
    if status == 400:
        assert "xsd:date" in answer.json["error"]["en"]


def test_a_form_may_be_sent_with_empty_fields(url: str) -> None:
    """As a browser does: what is empty is not asked for."""
    page = ask(url, "/queries/targets-due?region=&region=&by=&lang=en", {"Accept": "text/html"})
    assert page.status == 200
    assert Page(page.text).table == Page(ask(url, "/queries/targets-due?lang=en").text).table


def test_a_page_with_a_wrong_value_keeps_its_form(url: str) -> None:
    """It tells what is wrong with the status that programs get, and what may be meant."""
    target = asking(f"/queries/{SHARING}", {"concept": "五个一", "lang": "zh"})
    answer = ask(url, target, {"Accept": "text/html"})
    assert answer.status == 404
    page = Page(answer.text)
    assert page.faults == []
    assert "五个一" in [value for _, value in page.submitted()]
    assert any("wu-ge-yi-guangxi" in link for link in page.links)


HOSTILE: Final = (
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}",
    "%3Cscript%3E",
    "\u202e上海",
    '"@zh . } # ',
    "<http://example.org/x> } UNION { ?s ?p ?o",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_a_value(url: str, value: str) -> None:
    """It is no markup in a page, and no SPARQL in a query."""
    answer = ask(url, asking(f"/queries/{SHARING}", {"concept": value}), {"Accept": "text/html"})
    assert answer.status == 404
    page = Page(answer.text)
    assert page.faults == []
    assert "<script>alert" not in answer.text
    assert "49" not in page.one("main").one("h1").text
    assert get(url, SHARING, "json", ("concept", value)).status == 404
