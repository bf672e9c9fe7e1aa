"""The tables of the graph, one a class, made from the saved questions `table-…`.

A row of such a question is one thing, or one of several values that the thing has in one column:
the header's `key` names the thing first and then those columns. Rows of one thing are folded into
one, the several values into a tuple, in the order of the answer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from kg.context import TERMS
from kg.errors import UsageError, clipped
from kg.exports.columns import BOOLEAN, DOUBLE, INTEGER, STRING, Column, cell
from kg.exports.sheets import DATE, Sheet, Workbook
from kg.names import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.exports.columns import Cell
    from kg.queries import Header
    from kg.replies import Reply
    from kg.results import Table, Term

__all__ = ["SHEETS", "workbook"]

SHEETS: Final = {
    "regions": "kg:Region",
    "concepts": "kg:PlatformConcept",
    "platforms": "kg:Platform",
    "initiatives": "kg:Initiative",
    "claims": "kg:Claim",
    "targets": "kg:Target",
    "milestones": "kg:Milestone",
    "achievements": "kg:Achievement",
    "frameworks": "kg:Framework",
    "framework_parts": "kg:FrameworkPart",
    "platform_claims": "kg:PlatformClaim",
    "initiative_claims": "kg:InitiativeClaim",
    "quantities": "kg:Quantity",
    "mentions": "kg:Mention",
    "evidence": "kg:Evidence",
    "sources": "kg:SourceDocument",
    "sections": "kg:Section",
    "passages": "kg:Passage",
    "gaps": "kg:Gap",
    "values": "kg:Value",
    "terms": "",
}
"""Sheet -> the class of its rows, in the order in which readers want them."""

OTHERWISE: Final = {
    "platforms.region": "kg:ofRegion",
    "initiatives.region": "kg:ofRegion",
    "platforms.concept": "kg:realises",
    "initiatives.concept": "kg:realises",
    "framework_parts.framework": "kg:part",
    "framework_parts.nested": "kg:framework",
    "quantities.claim": "kg:quantity",
    "quantities.value": "qudt:numericValue",
    "evidence.prefix": "oa:prefix",
    "evidence.suffix": "oa:suffix",
    "region": "kg:aboutRegion",
    "concept": "kg:names",
    "mention": "kg:hasMention",
    "passage": "kg:inPassage",
    "section": "kg:inSection",
    "source": "kg:inSource",
    "sentence": "kg:text",
    "line": "kg:firstLine",
    "unit": "qudt:hasUnit",
    "issued": "dcterms:issued",
    "slogan": "schema:slogan",
    "containedInPlace": "schema:containedInPlace",
    "partOf": "dcterms:isPartOf",
    "broader": "skos:broader",
    "related": "skos:related",
    "definition": "skos:definition",
    "variant": "skos:altLabel",
    "pinyin": "skos:hiddenLabel",
    "note": "skos:editorialNote",
}
"""Column, or sheet and column, -> property that it holds, where that is not called the same."""

LINKS: Final = {
    "claims.degree": "values",
    "basis": "values",
    "broader": "concepts",
    "comparator": "values",
    "concept": "concepts",
    "containedInPlace": "regions",
    "claim": "claims",
    "form": "values",
    "framework": "frameworks",
    "frameworks.partOf": "frameworks",
    "gapKind": "values",
    "inheritedFrom": "milestones",
    "initiative": "initiatives",
    "initiativeKind": "values",
    "initiatives.partOf": "initiatives",
    "level": "values",
    "member": "regions",
    "mention": "mentions",
    "nested": "frameworks",
    "notToBeConfusedWith": "concepts",
    "part": "framework_parts",
    "passage": "passages",
    "platform": "platforms",
    "platformKind": "values",
    "platforms.partOf": "platforms",
    "precision": "values",
    "quantity": "quantities",
    "region": "regions",
    "regionType": "values",
    "related": "concepts",
    "scope": "values",
    "section": "sections",
    "source": "sources",
    "sourceKind": "values",
    "stage": "values",
    "status": "values",
    "strength": "values",
    "theme": "values",
    "where": "regions",
}
"""Column, or sheet and column, -> sheet whose key its values are."""

CLAIMS: Final = frozenset(
    {
        "targets", "milestones", "achievements", "frameworks", "platform_claims",
        "initiative_claims",
    }
)  # fmt: skip
"""Sheets of claims of one kind: their keys are in `claims` too."""

REQUIRED: Final = frozenset(
    {
        "end", "isHeading", "kind", "level", "line", "list", "passage", "quote", "regionType",
        "role", "section", "sentence", "sha256", "source", "stage", "start", "status", "strength",
        "text", "wording",
    }
)  # fmt: skip
"""Columns that have a value in every row, in any sheet but that of gaps."""

KINDS: Final = {
    "xsd:integer": INTEGER,
    "xsd:decimal": DOUBLE,
    "xsd:boolean": BOOLEAN,
    "xsd:date": DATE,
}
"""Datatype of a property -> kind of its column."""

TRUTHS: Final = frozenset({"isSoftware"})
"""Columns of truths that no property has."""

DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def workbook(ask: Callable[[str], Reply], facts: Mapping[str, str] | None = None) -> Workbook:
    """Give all tables of the graph.

    Args:
        ask: answers a saved question by its id, as `KnowledgeGraph.ask` does, from a release or
            from an endpoint.
        facts: what else a reader must know, as release, licence, source: name -> text.

    Raises:
        UsageError: a value is not of its column's kind, or there are two where one is expected.
    """
    replies = {name: ask(f"table-{name.replace('_', '-')}") for name in SHEETS}
    sheets = [_sheet(name, reply) for name, reply in replies.items()]
    definitions = _definitions(next(sheet for sheet in sheets if sheet.name == "terms"))
    return Workbook(
        name="dgkg",
        zh="中国省级数字政府知识图谱：数据表",
        en="Digital Government Knowledge Graph: tables",
        sheets=tuple(_explained(sheet, definitions) for sheet in sheets),
        facts=facts or {},
    )


def _sheet(name: str, reply: Reply) -> Sheet:
    """Give the table of a class from the answer to its question, without notes on columns."""
    header = reply.query.header
    columns = tuple(_column(name, column, header) for column in header.columns)
    rows = []
    for key, record in _folded(reply.table, header).items():
        place = f"{name} {key}"
        rows.append(tuple(_cell(record.get(c.name), c, f"{place} {c.name}") for c in columns))
    links = {c.name: _of(LINKS, name, c.name) for c in columns[1:]}
    if name in CLAIMS:
        links[columns[0].name] = "claims"
    labels = {f"{columns[0].name}Label", f"{columns[0].name}LabelEn"} - {"termLabel", "termLabelEn"}
    required = {columns[0].name} | (labels | (REQUIRED if name != "gaps" else set()))
    return Sheet(
        name=name,
        zh=header.title.zh,
        en=header.title.en,
        note=header.description,
        columns=columns,
        rows=tuple(sorted(rows, key=lambda row: str(row[0]))),
        links={column: sheet for column, sheet in links.items() if sheet},
        required=frozenset(c.name for c in columns if c.name in required and not c.many),
    )


def _of(table: Mapping[str, str], sheet: str, column: str) -> str:
    return table.get(f"{sheet}.{column}", table.get(column, ""))


def _property(sheet: str, column: str) -> str:
    """Give the property that a column holds, or what it would be called if it were ours."""
    return _of(OTHERWISE, sheet, column) or f"kg:{column}"


def _column(sheet: str, name: str, header: Header) -> Column:
    key = TERMS.get(expand(_property(sheet, name)))
    kinds = {expand(datatype): kind for datatype, kind in KINDS.items()}
    kind = BOOLEAN if name in TRUTHS else kinds.get(key.kind if key else "", STRING)
    label = header.columns[name].label
    several = {extra for it in header.key[1:] for extra in (it, f"{it}Label", f"{it}LabelEn")}
    return Column(name, kind, name in several, label.zh, label.en)


def _folded(table: Table, header: Header) -> dict[str, dict[str, Term | tuple[str, ...]]]:
    """Fold the rows of each thing into one: column -> its value, or its values.

    Raises:
        UsageError: a thing has two values in a column for one.
    """
    key, *several = header.key
    lists = {it: (it, f"{it}Label", f"{it}LabelEn") for it in several}
    grouped = {name for names in lists.values() for name in names}
    singles = [it for it in table.columns if it not in grouped]
    things: dict[str, dict[str, Term | tuple[str, ...]]] = {}
    values: dict[tuple[str, str], dict[str, dict[str, Term | None]]] = {}
    for row in table.rows:
        given = dict(zip(table.columns, row, strict=True))
        name = str(given[key])
        record = things.setdefault(name, {})
        for column in singles:
            term = given[column]
            if term is not None and record.setdefault(column, term) != term:
                raise _two(name, column)
        for column in several:
            if (term := given[column]) is not None:
                values.setdefault((name, column), {}).setdefault(str(term), given)
    for (name, column), found in values.items():
        for part in lists[column]:
            things[name][part] = _several(found, part)
    return things


def _several(found: Mapping[str, Mapping[str, Term | None]], column: str) -> tuple[str, ...]:
    """Give several values, or their labels: what has none is called by its id.

    Args:
        found: value -> the row that it stands in.
        column: of the values, or of their labels.
    """
    return tuple(str(row.get(column) or value) for value, row in found.items())


def _two(name: str, column: str) -> UsageError:
    told = clipped(name)
    return UsageError(
        f"{told} 的 {column} 有两个值，而此列只容一个",
        f"{told} has two values of {column}, a column for one",
    )


def _cell(value: Term | tuple[str, ...] | None, column: Column, place: str) -> Cell:
    """Give a value as its column has it.

    Raises:
        UsageError: it is not of the column's kind.
    """
    if value is None or isinstance(value, tuple):
        return cell(value, place)
    if column.kind == STRING:
        return cell(str(value), place)
    found = value.python
    if column.kind == DOUBLE and isinstance(found, int) and not isinstance(found, bool):
        return float(found)
    if type(found) is not TYPES[column.kind] or (
        column.kind == DATE and not DAY.fullmatch(value.value)
    ):
        told = clipped(value.value)
        raise UsageError(
            f"{clipped(place)}：{told} 不是 {column.kind}",
            f"{clipped(place)}: {told} is no {column.kind}",
        )
    return cell(found, place)


TYPES: Final[Mapping[str, type]] = {INTEGER: int, DOUBLE: float, BOOLEAN: bool, DATE: date}
"""Kind of a column -> type of its values."""


def _definitions(terms: Sheet) -> dict[str, str]:
    """Give the definition of each class and property, in both languages."""
    names = [column.name for column in terms.columns]
    zh, en = names.index("definition"), names.index("definitionEn")
    return {str(row[0]): f"{row[zh]} / {row[en]}" for row in terms.rows if row[zh] and row[en]}


def _explained(sheet: Sheet, definitions: Mapping[str, str]) -> Sheet:
    """Give a sheet whose columns say what they hold, by the ontology."""
    key, *rest = sheet.columns
    columns = [replace(key, note=definitions.get(SHEETS[sheet.name], ""))]
    names = {column.name for column in sheet.columns}
    for column in rest:
        base = column.name.removesuffix("En")
        name = base if base in names else column.name
        columns.append(replace(column, note=definitions.get(_property(sheet.name, name), "")))
    return replace(sheet, columns=tuple(columns))
