"""What a folder of tables says of itself: a Data Package, as Frictionless has it.

https://specs.frictionlessdata.io/data-package/ and https://specs.frictionlessdata.io/table-schema/
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kg import __version__
from kg.citation import ADDRESS
from kg.exports.columns import BOOLEAN, DOUBLE, INTEGER, MANY, STRING
from kg.exports.sheets import DATE, single_links
from kg.names import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.exports.columns import Column
    from kg.exports.sheets import Sheet, Workbook

__all__ = ["LICENCE", "descriptor"]

LICENCE: Final = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "整理出的事实；原文及引文的权利属于原作者 / Curated facts; the text and every quote from it remain their authors'",  # noqa: E501 -- one text
}

TYPES: Final = {
    STRING: "string",
    INTEGER: "integer",
    DOUBLE: "number",
    BOOLEAN: "boolean",
    DATE: "date",
}
"""Kind of a column -> what Table Schema calls it."""

JOINED: Final = f"多个值以 {MANY} 分隔 / several values, joined by {MANY}"


def descriptor(
    workbook: Workbook, resources: Mapping[str, Mapping[str, Any]], *, lists: bool = False
) -> bytes:
    """Give `datapackage.json`.

    Args:
        workbook: the tables.
        resources: sheet -> what is known of its file: path, format, hash, ….
        lists: the files have lists of their own; else several values are joined.
    """
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    facts = workbook.facts
    document = {
        "profile": "data-package" if lists else "tabular-data-package",
        "name": workbook.name,
        "title": f"{workbook.zh} / {workbook.en}",
        "version": __version__,
        "homepage": ADDRESS,
        "licenses": [LICENCE],
        "sources": _sources(sheets.get("sources")),
        "prefixes": PREFIXES,
        "resources": [
            {
                "profile": "data-resource" if lists else "tabular-data-resource",
                "name": sheet.name,
                "title": f"{sheet.zh} / {sheet.en}",
                "description": sheet.note,
                **resources[sheet.name],
                "schema": _schema(sheet, sheets, lists=lists),
            }
            for sheet in workbook.sheets
        ],
    }
    document.update((name, fact) for name, fact in facts.items() if name not in document)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _sources(sheet: Sheet | None) -> list[dict[str, str]]:
    """Give what the tables were made from."""
    if sheet is None:
        return []
    names = [column.name for column in sheet.columns]
    at = names.index("citation") if "citation" in names else 1
    return [{"title": str(row[at] or row[0])} for row in sheet.rows]


def _schema(sheet: Sheet, sheets: Mapping[str, Sheet], *, lists: bool) -> dict[str, Any]:
    foreign = [
        {"fields": [column], "reference": {"resource": other.name, "fields": [other.key]}}
        for column, other in single_links(sheet, sheets)
    ]
    return {
        "fields": [_field(sheet, column, lists=lists) for column in sheet.columns],
        "primaryKey": [sheet.key],
        "missingValues": [""],
        **({"foreignKeys": foreign} if foreign else {}),
    }


def _field(sheet: Sheet, column: Column, *, lists: bool) -> dict[str, Any]:
    constraints = {
        **({"required": True} if column.name in sheet.required else {}),
        **({"unique": True} if column.name == sheet.key else {}),
    }
    joined = column.many and not lists
    notes = [column.note, JOINED if joined else ""]
    return {
        "name": column.name,
        "title": f"{column.zh} / {column.en}",
        **({"description": told} if (told := " — ".join(filter(None, notes))) else {}),
        "type": "array" if column.many and lists else TYPES[column.kind],
        **({"delimiter": MANY} if joined else {}),
        **({"constraints": constraints} if constraints else {}),
    }
