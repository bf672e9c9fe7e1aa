"""What the paths of the OpenAPI document share: schemas, headers, faults, ways to put a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.web.described.question_paths import both
from kg.web.negotiation import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.web.described.question_paths import Json

__all__ = [
    "COMPONENTS",
    "GRAPHS",
    "RESULT_FORMAT",
    "TEXT",
    "UNCHANGED",
    "WORKING",
    "content",
    "faults",
    "get",
    "header",
    "ok",
    "parameter",
    "shared",
]

FAULTS: Final = {
    400: (
        "请求有误：查询不能解析，没有此参数，或值的格式不对",
        "a wrong request: a query that does not parse, an unknown parameter, a malformed value",
    ),
    403: (
        "不允许：更新、SERVICE、数据集以外的图",
        "refused: updates, SERVICE, graphs beyond the dataset",
    ),
    404: (
        "没有此物，或名称可指几个；near 列出或许想说的",
        "no such thing, or a name of several; near lists what may be meant",
    ),
    406: ("没有所要的格式", "no format that is asked for is offered"),
    408: ("正文迟迟未到", "the body did not come"),
    413: ("查询或答案太大", "the query or its answer is too large"),
    415: ("正文的类型不对", "the body is of another type"),
    429: ("同一客户端等待的请求太多", "too many requests of one client are waiting"),
    503: ("服务正忙或正在启动", "the service is busy or starting"),
    504: ("查询耗时太长，已停止", "the query took too long and was stopped"),
}
"""Status -> what it tells."""

WORKING: Final = (429, 503, 504)
"""What may become of any request that a worker answers; each says when to come back."""

TEXT: Final[Json] = {"type": "string"}

UNCHANGED: Final[Json] = {"304": {"description": both(("没有变化", "not modified"))}}


def _object(**properties: Json) -> Json:
    """Give the schema of an object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


IN_BOTH: Final = _object(zh=TEXT, en=TEXT)
NEAR: Final[Json] = {
    "type": "array",
    "items": TEXT,
    "description": both(("或许想说", "what may have been meant")),
}
SCHEMAS: Final[Json] = {
    "Error": _object(error=_object(zh=TEXT, en=TEXT, near=NEAR)),
    "Question": _object(
        id=TEXT,
        version=TEXT,
        subject=TEXT,
        title=IN_BOTH,
        question=IN_BOTH,
        params={"type": "array", "items": TEXT},
        url={"type": "string", "format": "uri"},
    ),
    "Health": _object(status={"enum": ["ok", "starting"]}, release=TEXT),
}

HEADERS: Final[Json] = {
    "ETag": {
        "description": both(("此答案的标识", "what tells this answer from others")),
        "schema": TEXT,
    },
    "Retry-After": {
        "description": both(("几秒后再试", "seconds until another try")),
        "schema": {"type": "integer", "minimum": 0},
    },
    "Link": {
        "description": both(
            (
                "CSV 与 TSV：带须知的同一答案（JSON）",
                "of CSV and TSV: the same answer with its notes, in JSON",
            )
        ),
        "schema": TEXT,
    },
    "Location": {
        "description": both(("所在的网址", "the address at which it is")),
        "schema": {"type": "string", "format": "uri-reference"},
    },
}


def parameter(name: str, told: tuple[str, str], schema: Json, *, example: str = "") -> Json:
    """Give a parameter: one of the path, which has an example, or of the query string."""
    place: Json = (
        {"in": "path", "required": True, "example": example} if example else {"in": "query"}
    )
    return {"name": name, **place, "description": both(told), "schema": schema}


def _choice(name: str, told: tuple[str, str], values: Iterable[str]) -> Json:
    return parameter(name, told, {**TEXT, "enum": list(values)})


FORMAT: Final = ("格式，优先于 Accept", "the format; it wins over Accept")
RESULT_FORMAT: Final = _choice("format", FORMAT, FORMATS)
PARAMETERS: Final[Json] = {
    "format": _choice("format", FORMAT, ("html", "json", "csv", "tsv")),
    "lang": _choice("lang", ("网页的语言", "the language of pages"), ("zh", "en")),
}
"""Parameters of every saved question."""

IRIS: Final[Json] = {"type": "array", "items": {"type": "string", "format": "iri"}}
GRAPHS: Final = (
    parameter("default-graph-uri", ("作为默认图的图", "graphs that are the default graph"), IRIS),
    parameter("named-graph-uri", ("可用 GRAPH 访问的图", "graphs that GRAPH reaches"), IRIS),
)
"""The dataset of a query (https://www.w3.org/TR/sparql11-protocol/#dataset)."""


def header(name: str) -> Json:
    """Refer to a header."""
    return {name: {"$ref": f"#/components/headers/{name}"}}


def shared(name: str) -> Json:
    """Refer to a parameter of every saved question."""
    return {"$ref": f"#/components/parameters/{name}"}


def _fault(status: int) -> Json:
    """Give a response that tells a fault: as JSON, text or a page."""
    told: Json = {
        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}},
        "text/plain": {"schema": TEXT},
        "text/html": {"schema": TEXT},
    }
    later = {"headers": header("Retry-After")} if status in WORKING else {}
    return {"description": both(FAULTS[status]), **later, "content": told}


def faults(*statuses: int) -> Json:
    """Refer to the responses that tell faults."""
    return {str(s): {"$ref": f"#/components/responses/E{s}"} for s in sorted(statuses)}


def content(media_types: Iterable[str], json: Json | None = None) -> Json:
    """Give the formats of an answer, and the schema of what is JSON; of kinds of JSON any."""
    known = {"application/json": json or {}}
    return {
        media_type: {"schema": known.get(media_type, {} if media_type.endswith("+json") else TEXT)}
        for media_type in media_types
    }


def ok(told: tuple[str, str], found: Json) -> Json:
    """Give the response of an answer."""
    return {"200": {"description": both(told), "headers": header("ETag"), "content": found}}


def get(name: str, told: tuple[str, str], responses: Json, *parameters: Json) -> Json:
    """Give a path that is only read."""
    operation: Json = {"operationId": name, "summary": both(told), "responses": responses}
    return {"get": {**operation, **({"parameters": list(parameters)} if parameters else {})}}


COMPONENTS: Final[Json] = {
    "schemas": SCHEMAS,
    "parameters": PARAMETERS,
    "headers": HEADERS,
    "responses": {f"E{status}": _fault(status) for status in FAULTS},
}
"""What references lead to."""
