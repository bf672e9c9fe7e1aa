"""The OpenAPI document: valid, true of every saved question, the same bytes each time."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from graph_fixtures import open_engine, real_project, run_python
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from kg.catalogue import Catalogue
from kg.errors import KgError, NamingError
from kg.names import KINDS
from kg.web.described.openapi import openapi, question_list
from kg.web.described.question_paths import DATE
from kg.web.response import STATUS, failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.graph import KnowledgeGraph
    from kg.project import Project
    from kg.queries import SavedQuery

URL: Final = "https://example.org/kg"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the real project, built."""
    return real_project(tmp_path_factory)


@pytest.fixture(scope="module")
def graph(project: Project) -> Iterator[KnowledgeGraph]:
    """Give the real graph."""
    with open_engine(project) as opened:
        yield opened


@pytest.fixture(scope="module")
def queries(graph: KnowledgeGraph) -> list[SavedQuery]:
    """Give the saved questions."""
    return graph.catalogue().queries()


@pytest.fixture(scope="module")
def document(graph: KnowledgeGraph) -> dict[str, Any]:
    """Give the document of the real service."""
    found: dict[str, Any] = json.loads(openapi(graph.catalogue(), URL, "1.2.3"))
    return found


def parameters(document: dict[str, Any], question: str) -> dict[str, dict[str, Any]]:
    """Give the parameters of a question by name, those of all questions apart."""
    listed = document["paths"][f"/queries/{question}"]["get"]["parameters"]
    return {it["name"]: it for it in listed if "$ref" not in it}


def fits(value: object, schema: dict[str, Any]) -> bool:
    """Tell whether a value is one of a schema, formats included."""
    validator = OAS31Validator(schema, format_checker=OAS31Validator.FORMAT_CHECKER)
    return next(validator.iter_errors(value), None) is None


def named(document: dict[str, Any], schema: str) -> dict[str, Any]:
    """Give a schema of the document by its name."""
    found: dict[str, Any] = document["components"]["schemas"][schema]
    return found


# --- the document -------------------------------------------------------------------------------


def test_it_is_an_openapi_document(document: dict[str, Any]) -> None:
    """The document is valid by the specification, its references, defaults and schemas too."""
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["info"]["version"] == "1.2.3"
    assert document["servers"] == [{"url": URL}]


def test_a_wrong_document_is_no_openapi(document: dict[str, Any]) -> None:
    """What holds the document to the specification would see a broken one."""
    broken = json.loads(json.dumps(document))
    broken["paths"]["/sparql"]["get"]["parameters"][0]["in"] = "nowhere"
    assert list(OpenAPIV31SpecValidator(broken).iter_errors()) != []


TWICE: Final = """
import hashlib, sys
from pathlib import Path
from kg.catalogue import Catalogue
from kg.web.described.openapi import openapi
print(hashlib.sha256(openapi(Catalogue(Path(sys.argv[1])), sys.argv[2], "1")).hexdigest())
"""


def test_it_is_the_same_bytes_each_time(project: Project) -> None:
    """Processes of another hash seed write it alike."""
    runs = [
        run_python(TWICE, str(project.queries), URL, environment={"PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    ]
    assert [run.stderr for run in runs] == [b"", b""]
    assert runs[0].stdout == runs[1].stdout != b""


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    """No two operations have one name, and each says in both languages what it does."""
    operations = [it for path in document["paths"].values() for it in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert [it["summary"] for it in operations if " / " not in it["summary"]] == []


def test_every_tag_is_explained(document: dict[str, Any], queries: list[SavedQuery]) -> None:
    """The subjects of the questions are the tags, and have labels in both languages."""
    told = {tag["name"]: tag["description"] for tag in document["tags"]}
    assert set(told) == {query.subject for query in queries}
    assert [name for name, label in told.items() if name == label and name != "exports"] == []


def test_every_error_has_its_response(document: dict[str, Any]) -> None:
    """Each status that an error of the package becomes is described, 500 apart."""
    described = {int(name.removeprefix("E")) for name in document["components"]["responses"]}
    assert {status for _, status in STATUS} - {500} <= described
    assert {304, 400, 404, 406, 413, 429, 503, 504} - {304} <= described
    for query in (path for path in document["paths"] if path.startswith("/queries/")):
        responses = document["paths"][query]["get"]["responses"]
        assert set(responses) == {*map(str, (200, 304, 400, 404, 406, 413, 429, 503, 504))}


def test_an_error_is_as_it_is_described(document: dict[str, Any]) -> None:
    """What the service tells of an error is of the schema, and nothing less would do."""
    body = json.loads(failure(NamingError("无", "none", ["上海"]), as_json=True).body)
    assert fits(body, named(document, "Error"))
    assert not fits({"error": {"zh": "无"}}, named(document, "Error"))


def test_a_data_file_has_an_endpoint_and_nothing_more() -> None:
    """Without questions only the endpoint and what describes it have paths."""
    document = json.loads(openapi(None, URL, "1"))
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert set(document["paths"]) == {"/sparql", "/health", "/.well-known/void", "/openapi.json"}


def test_things_have_the_kinds_that_there_are(document: dict[str, Any]) -> None:
    """The address of a thing names a kind; the same in every format has a path too."""
    for path in ("/id/{kind}/{key}", "/id/{kind}/{key}.{suffix}"):
        kind, *_ = document["paths"][path]["get"]["parameters"]
        assert kind["schema"]["enum"] == list(KINDS)
    assert "303" in document["paths"]["/id/{kind}/{key}"]["get"]["responses"]


# --- questions ----------------------------------------------------------------------------------


def test_every_question_has_its_path(document: dict[str, Any], queries: list[SavedQuery]) -> None:
    """Each question has a path with its parameters, none of which the service takes for its own."""
    paths = {path.removeprefix("/queries/") for path in document["paths"] if "/queries/" in path}
    assert paths == {query.id for query in queries}
    for query in queries:
        assert list(parameters(document, query.id)) == list(query.header.params)
        assert not {"format", "lang"} & query.header.params.keys()


def test_questions_are_listed_as_described(document: dict[str, Any], graph: KnowledgeGraph) -> None:
    """The list in JSON is of its schema and leads to the paths."""
    listed = question_list(graph.catalogue(), URL)
    assert all(fits(item, named(document, "Question")) for item in listed)
    assert {it["url"].removeprefix(URL) for it in listed} <= set(document["paths"])
    assert len(listed) > 40


def test_examples_are_of_their_schemas(document: dict[str, Any], queries: list[SavedQuery]) -> None:
    """Each example and each default is a value that its schema allows."""
    for query in queries:
        for name, told in parameters(document, query.id).items():
            assert fits(told["example"], told["schema"]), (query.id, name)
            if "default" in told["schema"]:
                assert fits(told["schema"]["default"], told["schema"]), (query.id, name)


def test_examples_are_accepted(
    document: dict[str, Any], graph: KnowledgeGraph, queries: list[SavedQuery]
) -> None:
    """Each question answers its examples, one by one and all together."""
    for query in queries:
        given = {name: it["example"] for name, it in parameters(document, query.id).items()}
        for name, value in given.items():
            assert graph.bind(query, {name: as_texts(value)})[0][name], (query.id, name)
        assert graph.ask(query.id, **given).query.id == query.id


def as_texts(value: object) -> list[str]:
    """Give a value of JSON as a query string has it."""
    values = value if isinstance(value, list) else [value]
    return [it if isinstance(it, str) else json.dumps(it) for it in values]


def test_defaults_are_those_of_the_questions(
    document: dict[str, Any], graph: KnowledgeGraph, queries: list[SavedQuery]
) -> None:
    """What is told as default binds the terms that the query holds as it stands."""
    for query in queries:
        for name, told in parameters(document, query.id).items():
            if "default" not in told["schema"]:
                assert query.header.params[name].default is None
                continue
            bound = graph.bind(query, {name: as_texts(told["schema"]["default"])})[0]
            terms = " ".join(bound[name])
            for block in query.blocks(name):
                expanded = graph.bind(query, {name: block_values(query, name, block)})[0]
                assert " ".join(expanded[name]) == terms, (query.id, name)


def block_values(query: SavedQuery, name: str, block: str) -> list[str]:
    """Give the values that a VALUES block holds, as a reader would write them."""
    if query.header.params[name].class_ is not None:
        return block.split()
    return [block.partition("^^")[0].strip('"')]


def test_closed_lists_are_listed(
    document: dict[str, Any], graph: KnowledgeGraph, queries: list[SavedQuery]
) -> None:
    """A value of a closed list is chosen from all of its keys, and the service takes each."""
    known: dict[str, list[str]] = {}
    for query in queries:
        for name, parameter in query.header.params.items():
            if parameter.scheme is None:
                continue
            keys = parameters(document, query.id)[name]["schema"]["enum"]
            if known.setdefault(parameter.scheme, keys) is not keys:
                assert known[parameter.scheme] == keys
                continue
            values = f"SELECT ?v {{ ?v skos:inScheme {parameter.scheme} }}"
            assert len(keys) == len(graph.table(graph.with_prefixes(values)).rows) > 1
            assert all(graph.bind(query, {name: [key]})[0][name] for key in keys)
    assert len(known) >= 5


def test_switches_and_numbers_are_of_their_types(
    document: dict[str, Any], queries: list[SavedQuery]
) -> None:
    """Truths are booleans, counts integers, and several values an array that is repeated."""
    kinds = {"xsd:boolean": "boolean", "xsd:integer": "integer"}
    seen = set()
    for query in queries:
        for name, parameter in query.header.params.items():
            told = parameters(document, query.id)[name]
            if parameter.many:
                assert (told["schema"]["type"], told["explode"]) == ("array", True)
            if kind := kinds.get(parameter.datatype or ""):
                assert told["schema"]["type"] == kind
            seen |= {parameter.datatype, parameter.many}
    assert {*kinds, True} <= seen


def test_dates_are_those_that_a_question_takes(graph: KnowledgeGraph) -> None:
    """The pattern of a date and the reading of one agree on every day, month and year."""
    query = graph.catalogue().get("targets-due")

    def taken(text: str) -> bool:
        try:
            query.term("by", text)
        except KgError:
            return False
        return True

    first, last = date(1948, 12, 31), date(2101, 1, 1)
    days = [(first + timedelta(n)).isoformat() for n in range((last - first).days + 1)]
    wrong = ["2021-02-29", "2100-02-29", "2022-00", "2022-13", "2022-04-31", "2022-1", "202", "x",
             "", "2022-1-1", "2022-01-32", "20220101", "2022/01/01", "２０２２"]  # fmt: skip
    texts = dict.fromkeys([*days, *(d[:7] for d in days), *(d[:4] for d in days), *wrong])
    assert [text for text in texts if bool(re.search(DATE, text)) != taken(text)] == []
    assert not any(re.search(DATE, text) for text in wrong)


def test_rows_are_as_they_are_described(
    document: dict[str, Any], graph: KnowledgeGraph, queries: list[SavedQuery]
) -> None:
    """The answer of each question in JSON is of the schema of its rows, column by column."""
    for query in queries:
        answer = document["paths"][f"/queries/{query.id}"]["get"]["responses"]["200"]
        schema = answer["content"]["application/json"]["schema"]["properties"]["rows"]
        reply = graph.ask(query.id)
        assert list(schema["items"]["properties"]) == list(reply.columns)
        assert fits(json.loads(reply.written("json")), schema), query.id


def test_a_question_needs_no_project(tmp_path: Path) -> None:
    """A folder without questions gives a document without them."""
    document = json.loads(openapi(Catalogue(tmp_path), URL, "1"))
    assert "/queries" in document["paths"]
    assert document["tags"] == []
