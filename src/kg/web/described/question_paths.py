"""The saved questions as paths of an OpenAPI document: parameters, and the rows of their answers.

Schemas are those of JSON Schema 2020-12 (https://spec.openapis.org/oas/v3.1.1#schema-object).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias, get_args

from kg import lists
from kg.names import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.fields import Label
    from kg.queries import Column, Header, Parameter, SavedQuery

__all__ = ["Json", "both", "example_of", "question_path"]

Json: TypeAlias = dict[str, Any]

MONTH_OF_31, MONTH_OF_30, MONTH = "(?:0[13578]|1[02])", "(?:0[469]|11)", "(?:0[1-9]|1[0-2])"
YEAR: Final = "(?:1949|19[5-9][0-9]|20[0-9]{2}|2100)"
LEAP: Final = "(?:19(?:[579][26]|[68][048])|20(?:[02468][048]|[13579][26]))"
DAY: Final = "(?:0[1-9]|1[0-9]|2[0-8])"
DATE: Final = (
    f"^(?:{YEAR}(?:-{MONTH}(?:-{DAY})?)?|{YEAR}-(?:{MONTH_OF_31}-(?:29|3[01])"
    f"|{MONTH_OF_30}-(?:29|30))|{LEAP}-02-29)$"
)
"""A year, month or day of the years that a date may have; see `fields.timespan`."""

DATATYPES: Final[dict[str, Json]] = {
    "xsd:boolean": {"type": "boolean"},
    "xsd:integer": {"type": "integer"},
    "xsd:date": {"type": "string", "pattern": DATE},
    "xsd:string": {"type": "string"},
}
"""Datatype of a literal parameter -> its schema."""

READ: Final[dict[str, Callable[[str], object]]] = {
    "xsd:boolean": lambda value: value == "true",
    "xsd:integer": int,
}
"""Datatype -> how a value that a header tells becomes JSON's."""

WRITTEN: Final = {
    "xsd:boolean": ("true 或 false", "true or false"),
    "xsd:integer": ("整数", "a whole number"),
    "xsd:date": ("年、月或日，按其最后一天计", "a year, month or day, taken as its last day"),
    "xsd:string": ("文字", "text"),
}
"""Datatype -> how a value is written."""

NAMED: Final = (
    "任何名称：中文、英文、拼音、代码、代号或 IRI",
    "by any name: label, pinyin, code, key or IRI",
)
LISTED: Final = (
    "所列代号之一；其中文、英文名称与 IRI 亦可",
    "one of the keys listed; its label or IRI will do too",
)

CELLS: Final[tuple[tuple[re.Pattern[str], Json], ...]] = (
    (re.compile("presence|[A-Za-z]+Presence"), {"enum": ["stated", "not-in-text", "not-read"]}),
    (re.compile("line|[A-Za-z]+Line"), {"pattern": "^[0-9]+$"}),
    (re.compile("latest|asOf"), {"format": "date"}),
)
"""What a column is called -> what its cells look like."""


def both(label: Label | tuple[str, str]) -> str:
    """Give a text in both languages on one line."""
    zh, en = label if isinstance(label, tuple) else (label.zh, label.en)
    return f"{zh} / {en}"


def question_path(query: SavedQuery, shared: Iterable[Json], responses: Mapping[str, Json]) -> Json:
    """Describe the path of a saved question.

    Args:
        query: the question.
        shared: the parameters that every question has.
        responses: the responses that every question has besides its answer.
    """
    header = query.header
    return {
        "get": {
            "operationId": header.id,
            "tags": [query.subject],
            "summary": both(header.title),
            "description": f"{header.question.zh}\n\n{header.question.en}\n\n{header.description}",
            "parameters": [*(_parameter(*item) for item in header.params.items()), *shared],
            "responses": {"200": _answer(header), **responses},
        }
    }


# --- parameters ---------------------------------------------------------------------------------


def _parameter(name: str, parameter: Parameter) -> Json:
    schema = _schema(parameter)
    example = example_of(parameter)
    told: Json = {"schema": schema, "example": example}
    if parameter.many:
        told = {
            "schema": {"type": "array", "items": schema, "minItems": 1},
            "style": "form",
            "explode": True,
            "example": [example],
        }
    if parameter.default is not None:
        told["schema"]["default"] = _default(parameter)
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": _description(parameter),
        **told,
    }


def _schema(parameter: Parameter) -> Json:
    """Give the schema of one value of a parameter."""
    if parameter.class_ is None:
        return {**DATATYPES[parameter.datatype or "xsd:string"]}
    keys = _keys(parameter)
    return {"type": "string", **({"enum": list(keys)} if keys else {"minLength": 1})}


def _keys(parameter: Parameter) -> tuple[str, ...]:
    """Give the keys of a closed list, as curators write them; nothing for any other parameter."""
    words = (parameter.scheme or "").removeprefix("kg:list-").split("-")
    name = "".join(word.capitalize() for word in words)
    return get_args(getattr(lists, name)) if name in lists.__all__ else ()


def _description(parameter: Parameter) -> str:
    kind = parameter.scheme or parameter.class_ or parameter.datatype or "xsd:string"
    how = WRITTEN.get(kind) or (LISTED if _keys(parameter) else NAMED)
    label = parameter.label
    return f"{label.zh}：{how[0]} / {label.en}: {how[1]} ({kind})"


def _default(parameter: Parameter) -> object:
    values = [_value(parameter, told) for told in _told(parameter)]
    return values if parameter.many else values[0]


def _told(parameter: Parameter) -> list[str]:
    """Give the values of a default: of a parameter that takes several, several."""
    told = parameter.default or ""
    return told.split() if parameter.many else [told]


def _value(parameter: Parameter, told: str) -> object:
    """Give a value of a header as the schema has it."""
    if parameter.class_ is None:
        return READ.get(parameter.datatype or "", str)(told)
    return _key(parameter, told) if _keys(parameter) else told


def _key(parameter: Parameter, told: str) -> str:
    """Give the key of a value of a closed list: `kg:theme-data` is `data`."""
    kind = (parameter.scheme or "").removeprefix("kg:list-")
    return expand(told).removeprefix(expand(f"kg:{kind}-"))


def example_of(parameter: Parameter) -> object:
    """Give a value that may be given: the example of the header, of a closed list a key."""
    keys = _keys(parameter)
    if not keys:
        return _value(parameter, parameter.example)
    usual = _key(parameter, parameter.default or "")
    return next(key for key in keys if key != usual)


# --- answers ------------------------------------------------------------------------------------


def _answer(header: Header) -> Json:
    columns = {name: _cell(name, column) for name, column in header.columns.items()}
    row: Json = {"type": "object", "properties": columns, "additionalProperties": False}
    text: Json = {"schema": {"type": "string"}}
    return {
        "description": "行 / rows",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Link")},
        "content": {
            "text/html": text,
            "application/json": {"schema": _document(row)},
            "text/csv": text,
            "text/tab-separated-values": text,
        },
    }


def _document(row: Json) -> Json:
    """Give the schema of an answer in JSON: its rows, and what a reader must know of them."""
    text: Json = {"type": "string"}
    both_: Json = {
        "type": "object",
        "properties": {"zh": text, "en": text},
        "required": ["zh", "en"],
        "additionalProperties": False,
    }
    properties: Json = {
        **dict.fromkeys(("question", "version", "release"), text),
        "title": both_,
        "settings": {"type": "object", "additionalProperties": text},
        "notes": {"type": "array", "items": both_},
        "columns": {"type": "object", "additionalProperties": both_},
        "rows": {"type": "array", "items": row},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _cell(name: str, column: Column) -> Json:
    """Give the schema of a cell: a text; what the text does not say is not in its row."""
    known = next((schema for pattern, schema in CELLS if pattern.fullmatch(name)), {})
    return {"type": "string", "title": both(column.label), **known}
