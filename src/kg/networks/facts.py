"""What the graph tells of each node: labels, class, dates, quotes, as attributes by CURIE.

Attributes are texts, numbers and truths, or tuples of texts; what the graph does not tell is left
out. A value of a closed list has three: its name in the ontology, and its labels `…_zh`, `…_en`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.results import Table

__all__ = ["Facts", "Tables", "claims", "things"]

Tables: TypeAlias = "Callable[[str], Table]"
"""Answers a saved question by its id."""

Facts: TypeAlias = dict[str, dict[str, Any]]
"""CURIE -> attribute -> value."""

PLAIN: Final = {
    "verb": "verb",
    "earliest": "earliest",
    "latest": "latest",
    "asOf": "as_of",
    "dateWording": "date_wording",
    "wording": "wording",
    "slogan": "slogan",
    "sentence": "sentence",
}
"""Column of `network-claims` -> attribute of the claim."""

WHOLE: Final = {"position": "position", "count": "slogan_count", "line": "line"}
"""The same, of whole numbers."""

SIGNS: Final = {
    "kg:comparator-gte": "≥",
    "kg:comparator-lte": "≤",
    "kg:comparator-eq": "=",
    "kg:comparator-about": "≈",
    "kg:comparator-just-under": "<≈",
}
"""Comparator -> how a quantity is written with it."""


def things(tables: Tables) -> Facts:
    """Give labels, class and facts of every node, claims included; no quotes yet."""
    facts: Facts = {}
    for row in tables("network-nodes").records():
        node, kind = row["node"], row["class"].partition(":")[2]
        facts[node] = {
            "kind": kind,
            "kind_zh": row.get("classLabel", kind),
            "kind_en": row.get("classLabelEn", kind),
            "label": row.get("nodeLabel", node),
            "label_en": row.get("nodeLabelEn", node),
        }
    values = _values(tables)
    for node, told in [*_regions(tables, values), *_concepts(tables), *_sorts(tables, values)]:
        facts.get(node, {}).update(told)
    return facts


def claims(tables: Tables, facts: Facts) -> None:
    """Add what is known of claims, framework parts and gaps: region, dates, quantities, quotes."""
    values = _values(tables)
    for row in tables("network-claims").records():
        data = facts.get(row["claim"], {})
        data.update({name: row[column] for column, name in PLAIN.items() if column in row})
        data.update({name: int(row[column]) for column, name in WHOLE.items() if column in row})
        if "region" in row:
            region = facts.get(row["region"], {})
            data["region"] = row["region"]
            data["region_zh"] = region.get("label", row["region"])
            data["region_en"] = region.get("label_en", row["region"])
        for column in ("degree", "precision", "scope"):
            data.update(_value(values, row.get(column)))
    for told in (_themes(tables, values), _quotes(tables), _quantities(tables, values)):
        for node, data in told.items():
            facts.get(node, {}).update(data)


# --- lists --------------------------------------------------------------------------------------


def _values(tables: Tables) -> dict[str, tuple[str, str]]:
    """Give the labels of every value of a closed list, zh and en."""
    return {
        row["value"]: (row.get("valueLabel", row["value"]), row.get("valueLabelEn", row["value"]))
        for row in tables("network-values").records()
    }


def _value(
    values: Mapping[str, tuple[str, str]], curie: str | None, name: str = ""
) -> dict[str, str]:
    """Give a value of a list as three attributes, named by its list if by nothing else.

    >>> _value({"kg:strength-commit": ("承诺", "commit")}, "kg:strength-commit")
    {'strength': 'strength-commit', 'strength_zh': '承诺', 'strength_en': 'commit'}
    """
    if curie is None:
        return {}
    local = curie.partition(":")[2]
    name = name or local.partition("-")[0]
    zh, en = values.get(curie, (local, local))
    return {name: local, f"{name}_zh": zh, f"{name}_en": en}


# --- things -------------------------------------------------------------------------------------


def _regions(
    tables: Tables, values: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in tables("network-regions").records():
        told = _value(values, row.get("level"))
        if "reading" in row:
            told["reading"] = row["reading"]
            told["reading_zh"] = row.get("readingLabel", row["reading"])
            told["reading_en"] = row.get("readingLabelEn", row["reading"])
        if "code" in row:
            told["code"] = row["code"]
        yield row["region"], told


def _concepts(tables: Tables) -> Iterator[tuple[str, dict[str, Any]]]:
    names = {"definition": "definition", "definitionEn": "definition_en", "rendering": "rendering"}
    for concept, rows in _by(tables("network-concepts"), "concept"):
        told: dict[str, Any] = {to: rows[0][at] for at, to in names.items() if at in rows[0]}
        yield concept, {**told, **_many(variants=(row.get("variant") for row in rows))}


def _sorts(
    tables: Tables, values: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for thing, rows in _by(tables("network-things"), "thing"):
        told: dict[str, Any] = {**_value(values, rows[0].get("sort"), "sort")}
        if "sloganPart" in rows[0]:
            told["slogan_part"] = rows[0]["sloganPart"] in {"true", "1"}
        yield thing, {**told, **_many(brands=(row.get("brand") for row in rows))}


# --- claims -------------------------------------------------------------------------------------


def _themes(tables: Tables, values: Mapping[str, tuple[str, str]]) -> Facts:
    found: Facts = {}
    for claim, rows in _by(tables("network-themes"), "claim"):
        labels = [values.get(row["theme"], (row["theme"], row["theme"])) for row in rows]
        found[claim] = _many(themes=(zh for zh, _ in labels), themes_en=(en for _, en in labels))
    return found


def _quotes(tables: Tables) -> Facts:
    """Give the exact words that each claim rests on, and those that it needs to be understood."""
    found: Facts = {}
    for statement, rows in _by(tables("network-quotes"), "statement"):
        quotes = [row["quote"] for row in rows if row["role"] == "evidence" and "quote" in row]
        contexts = (row.get("quote") for row in rows if row["role"] == "context")
        found[statement] = _many(
            quotes=quotes, statements=(statement for _ in quotes), contexts=contexts
        )
    return found


def _quantities(tables: Tables, values: Mapping[str, tuple[str, str]]) -> Facts:
    """Give every quantity as text, and of a claim that has only one, its number and unit apart."""
    found: Facts = {}
    for claim, rows in _by(tables("network-quantities"), "claim"):
        shown = [(_shown(row, values, zh=True), _shown(row, values, zh=False)) for row in rows]
        told = _many(quantities=(zh for zh, _ in shown), quantities_en=(en for _, en in shown))
        if len(rows) == 1 and "value" in rows[0]:
            (row,) = rows
            told["value"] = float(row["value"])
            told["unit"] = row["unit"]
            told.update(_value(values, row.get("comparator")))
        found[claim] = told
    return found


def _shown(row: Mapping[str, str], values: Mapping[str, tuple[str, str]], *, zh: bool) -> str:
    """Write a quantity: indicator, comparator, number, unit, denominator."""
    ending = "" if zh else "En"
    sign = SIGNS.get(row.get("comparator", ""), "")
    unit = {"unit:PERCENT": "%", "unit:NUM": "", "unit:CCY_CNY": "CNY"}.get(
        row["unit"], row["unit"]
    )
    basis = values.get(row.get("basis", ""), ("", ""))[0 if zh else 1]
    parts = [row.get(f"indicator{ending}", ""), sign, row.get("value", ""), unit]
    text = " ".join(part for part in parts if part)
    notes = [basis, row.get(f"denominator{ending}", ""), row.get("numberWording", "")]
    told = "；" if zh else "; "
    return f"{text} [{told.join(note for note in notes if note)}]"


# --- rows ---------------------------------------------------------------------------------------


def _by(table: Table, column: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Give the rows of each value of a column, in the order in which the values come."""
    groups: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in table.records():
        groups[row[column]].append(row)
    yield from groups.items()


def _many(**columns: Iterable[str | None]) -> dict[str, Any]:
    """Give columns as tuples without what is missing; an empty one is left out."""
    found = {
        name: tuple(value for value in values if value is not None)
        for name, values in columns.items()
    }
    return {name: values for name, values in found.items() if values}
