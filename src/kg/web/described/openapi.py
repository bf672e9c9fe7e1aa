"""The service as an OpenAPI 3.1 document: the endpoint, every saved question, what describes it.

https://spec.openapis.org/oas/v3.1.1
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kg.citation import TITLE, TITLE_ZH
from kg.names import KINDS
from kg.web.described.openapi_parts import (
    COMPONENTS,
    GRAPHS,
    RESULT_FORMAT,
    TEXT,
    UNCHANGED,
    WORKING,
    content,
    faults,
    get,
    header,
    ok,
    parameter,
    shared,
)
from kg.web.described.question_paths import both, question_path
from kg.web.negotiation import ROWS, TRIPLES
from kg.web.protocol import FORM, QUERY
from kg.web.response import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.catalogue import Catalogue
    from kg.queries import SavedQuery
    from kg.web.described.question_paths import Json

__all__ = ["openapi", "question_list"]

ABOUT: Final = """\
已存的问题各有一个路径；任何 SPARQL 查询送到 /sparql。事物可用任何名称来称呼：\
名称不明为 404，并列出相近的；格式不对的值、没有的参数为 400。

Each saved question has a path; any query in SPARQL goes to /sparql. A thing goes by any of its \
names: an unknown one gives 404 and lists what is near; a malformed value or an unknown parameter \
gives 400."""

LICENCE: Final[Json] = {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}

THINGS: Final = [it.partition(";")[0] for it in DOCUMENTS.values()]
"""Media types of the document of a thing."""

EXAMPLE: Final = (
    "PREFIX kg: <https://w3id.org/dgkg/ontology#>\n"
    "SELECT ?kind (COUNT(*) AS ?n) WHERE { ?claim a kg:Claim , ?kind } GROUP BY ?kind"
)


def openapi(catalogue: Catalogue | None, public_url: str, version: str) -> bytes:
    """Describe the service in JSON; the same service is the same bytes.

    Args:
        catalogue: the saved questions; a service without them has no things either.
        public_url: the address of the service as the world sees it.
        version: that of what is served.
    """
    queries = catalogue.queries() if catalogue is not None else []
    subjects = catalogue.contents().subjects if catalogue is not None else {}
    paths = {"/sparql": _sparql(), **_described()}
    if catalogue is not None:
        paths |= {**_questions(queries), **_things()}
    used = dict.fromkeys(query.subject for query in queries)
    labels = {name: both(subjects[name].label) if name in subjects else name for name in used}
    document: Json = {
        "openapi": "3.1.1",
        "info": {
            "title": both((TITLE_ZH, TITLE)),
            "version": version,
            "description": ABOUT,
            "license": LICENCE,
        },
        "servers": [{"url": public_url}],
        "tags": [{"name": name, "description": label} for name, label in labels.items()],
        "paths": paths,
        "components": COMPONENTS,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def question_list(catalogue: Catalogue, public_url: str) -> list[Json]:
    """Give the saved questions as `/queries` lists them in JSON."""
    return [
        {
            "id": query.id,
            "version": query.header.version,
            "subject": query.subject,
            "title": query.title,
            "question": {"zh": query.header.question.zh, "en": query.header.question.en},
            "params": list(query.header.params),
            "url": f"{public_url}/queries/{query.id}",
        }
        for query in catalogue.queries()
    ]


def _sparql() -> Json:
    """Give the endpoint's path, which a query reaches in three ways."""
    query: Json = {**TEXT, "contentMediaType": QUERY, "examples": [EXAMPLE]}
    form = {"query": query} | {it["name"]: it["schema"] for it in (*GRAPHS, RESULT_FORMAT)}
    body = {
        FORM: {"schema": {"type": "object", "properties": form, "required": ["query"]}},
        QUERY: {"schema": query},
    }
    told = ("以 SPARQL 查询", "Ask in SPARQL")
    answer = ok(
        ("答案；没有 query 时为服务描述", "the answer; without a query the service description"),
        content((*ROWS, *TRIPLES, "text/html")),
    )
    responses = {**answer, **UNCHANGED, **faults(400, 403, 406, 413, *WORKING)}
    asked = parameter("query", ("查询", "the query"), query)
    return {
        **get("sparql-get", told, responses, asked, *GRAPHS, RESULT_FORMAT),
        "post": {
            "operationId": "sparql-post",
            "summary": both(told),
            "parameters": [*GRAPHS, RESULT_FORMAT],
            "requestBody": {"required": True, "content": body},
            "responses": {**responses, **faults(408, 415)},
        },
    }


def _described() -> Json:
    """Give the paths that tell of the service itself."""
    health = content(["application/json"], {"$ref": "#/components/schemas/Health"})
    state: Json = {
        "200": {"description": both(("正常", "up")), "content": health},
        "503": {"description": both(("正在启动", "starting")), "content": health},
    }
    void = ("数据集说明（VoID、DCAT）", "The dataset described in VoID and DCAT")
    this = ("本文件", "This document")
    return {
        "/health": get("health", ("是否正常", "Whether the service is up"), state),
        "/.well-known/void": get("void", void, _rdf(void)),
        "/openapi.json": get(
            "openapi", this, {**ok(this, content(["application/json"])), **UNCHANGED}
        ),
    }


def _rdf(told: tuple[str, str]) -> Json:
    """Give the responses of a document in RDF."""
    return {**ok(told, content(TRIPLES)), **UNCHANGED, **faults(406, *WORKING)}


def _questions(queries: Iterable[SavedQuery]) -> Json:
    """Give the paths of the saved questions: all as a list, each, and all as SPARQL."""
    told = ("已存的问题", "The saved questions")
    examples = ("已存的问题，作为 SPARQL 的例子", "The saved questions as examples of SPARQL")
    items: Json = {"type": "array", "items": {"$ref": "#/components/schemas/Question"}}
    listed: Json = {
        "type": "object",
        "properties": {"questions": items},
        "required": ["questions"],
        "additionalProperties": False,
    }
    found = ok(told, content(("text/html", "application/json"), listed))
    responses = {**UNCHANGED, **faults(400, 404, 406, 413, *WORKING)}
    own = [shared("format"), shared("lang")]
    return {
        "/queries": get(
            "questions", told, {**found, **UNCHANGED, **faults(406, *WORKING)}, shared("lang")
        ),
        **{f"/queries/{query.id}": question_path(query, own, responses) for query in queries},
        "/.well-known/sparql-examples": get("examples", examples, _rdf(examples)),
    }


def _things() -> Json:
    """Give the paths of things: the address of one, and that of what is told of it."""
    kinds, suffixes = {**TEXT, "enum": list(KINDS)}, {**TEXT, "enum": list(DOCUMENTS)}
    named = ("代号或任何名称", "its key, or any of its names")
    kind = parameter("kind", ("事物的种类", "the kind of thing"), kinds, example="region")
    key = parameter("key", named, {**TEXT, "minLength": 1}, example="shanghai")
    suffix = parameter("suffix", ("格式", "the format"), suffixes, example="ttl")
    elsewhere: Json = {
        "303": {
            "description": both(("见其说明", "see what is told of it")),
            "headers": header("Location"),
        }
    }
    one, data = ("一个事物", "A thing"), ("关于一个事物的一切", "All about a thing")
    wrong = faults(400, 404, 406, *WORKING)
    told = {**ok(data, content(THINGS, {"type": "object"})), **UNCHANGED, **wrong}
    return {
        "/id/{kind}/{key}": get("thing", one, {**elsewhere, **wrong}, kind, key),
        "/id/{kind}/{key}.{suffix}": get("thing-data", data, told, kind, key, suffix),
    }
