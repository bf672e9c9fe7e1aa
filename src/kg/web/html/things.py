"""Pages of things: what one is, what is said of it and in which words; and of the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kg.citation import cite_thing
from kg.errors import NamingError, clipped
from kg.lookup import Found
from kg.names import GRAPH, ID, KIND_OF_CLASS, KINDS, ROOT, expand, shorten
from kg.web.html.cells import Cell, marked, page_path, web_address
from kg.web.html.layout import render
from kg.web.html.page_queries import (
    FACTS,
    GRAPH_SIZE,
    KINDS_OF_THING,
    LINKS,
    LISTED,
    QUOTES,
    READINGS,
    STATEMENTS,
    VOCABULARY,
)
from kg.web.html.pages import cited
from kg.web.linked.documents import HEADING, UNREAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.citation import Citation
    from kg.graph import KnowledgeGraph
    from kg.queries import Parameter
    from kg.replies import Note
    from kg.web.html.layout import Place
    from kg.web.html.pages import Site

__all__ = ["kinds", "listing", "page", "thing"]

FORMATS: Final = (
    ("ttl", "Turtle"),
    ("jsonld", "JSON-LD"),
    ("nt", "N-Triples"),
    ("json", "JSON"),
)
"""Suffix of a thing's data -> what the format is called."""

FIRST: Final = (
    "skos:definition",
    "skos:scopeNote",
    "kg:aboutRegion",
    "kg:ofRegion",
    "schema:containedInPlace",
    "kg:names",
    "skos:broader",
)
"""Facts that stand before the others."""

DEEPEST: Final = 8
"""Levels of a tree that a list shows, which no tree of ours has; a circle ends there."""

PROVINCE: Final = "kg:level-province"
APART: Final = frozenset({PROVINCE, "kg:level-group"})
"""Levels of region that a list sets apart from others below the same region."""

MOST: Final = 1000
"""Statements and links that a page shows; the files hold all."""


@dataclass
class Fact:
    """A property with its values."""

    label: str
    values: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class Statement:
    """A statement: what it says, and the sentence with its quote marked."""

    cell: Cell
    sentence: Cell
    line: str
    about: str


def _said(row: Mapping[str, str], name: str, place: Place, fallback: str = "") -> str:
    """Give a label of a row in the page's language, else in the other."""
    first, second = ("Zh", "En") if place.language == "zh" else ("En", "Zh")
    return row.get(f"{name}{first}") or row.get(f"{name}{second}") or fallback


def _cell(row: Mapping[str, str], name: str, place: Place) -> Cell:
    """Give a thing of a row by its label, with a link to its page."""
    value = row[name]
    iri = expand(value)
    path = page_path(iri)
    text = _said(row, name, place, value)
    return Cell(text, href=place.link(path) if path else web_address(iri))


def _sentence(row: Mapping[str, str]) -> Cell:
    """Give a sentence with the quote marked where it stands."""
    text, quote = row.get("sentence", row.get("quote", "")), row.get("quote", "")
    at = int(row["start"]) - int(row["first"]) if {"start", "first"} <= row.keys() else -1
    return Cell(text, marked(text, quote, at))


def page(site: Site, place: Place, iri: str) -> str:
    """Give the page of what a path of the service names: a thing, a graph, the vocabulary.

    Args:
        site: what `pages.prepare` gave.
        place: where the page stands.
        iri: what `linked.iri_of` gave.

    Raises:
        NamingError: the dataset does not hold it.
    """
    if iri.startswith(f"{ROOT}ontology"):
        return _ontology(site, place)
    if iri.startswith(GRAPH):
        return _graph(site, place, _checked(iri))
    return thing(site, place, iri)


def thing(site: Site, place: Place, iri: str) -> str:
    """Give the page of a thing of the dataset: facts, statements with their quotes, links.

    Args:
        site: what `pages.prepare` gave.
        place: where the page stands.
        iri: the thing.

    Raises:
        NamingError: the dataset does not speak of it.
    """
    graph = site.graph
    facts = list(graph.table(FACTS.format(iri=_checked(iri))).records())
    if not facts:
        raise NamingError(
            f"数据集中没有 {clipped(iri)}", f"the dataset does not hold {clipped(iri)}"
        )
    labels = {row["lang"]: row["o"] for row in facts if row["p"] == "skos:prefLabel"}
    kinds = [row for row in facts if row["p"] == "rdf:type" and row["o"].startswith("kg:")]
    name = labels.get(place.language, shorten(iri))
    class_ = kinds[0]["o"] if kinds else ""
    found = Found(iri, class_, labels.get("zh", name), labels.get("en", name))
    return render(
        "thing.html",
        place,
        name=name,
        also=labels.get(place.say("en", "zh"), ""),
        iri=iri,
        path=iri.removeprefix(ROOT),
        kinds=[_cell(row, "o", place) for row in kinds],
        notes=_notes(graph, found),
        quotes=_quotes(graph, iri, place),
        facts=_facts(facts, place),
        statements=_statements(graph, iri, place),
        links=_links(graph, iri, place),
        questions=_questions(site, place, found),
        formats=FORMATS,
        citation=_citation(graph, iri),
    )


def _notes(graph: KnowledgeGraph, found: Found) -> list[Note]:
    if found.class_ != "kg:Region":
        return []
    read = {row["as"] for row in graph.table(READINGS.format(iri=found.iri)).records()}
    if "kg:reading-text" in read:
        return []
    return [HEADING if read else UNREAD]


def _checked(iri: str) -> str:
    """Give an IRI that may stand in a query, one of the dataset."""
    if not iri.startswith(ROOT) or not iri.isascii() or set('<>"{}|\\^` ') & set(iri):
        raise NamingError(
            f"不是数据集的 IRI：{clipped(iri)}", f"no IRI of the dataset: {clipped(iri)}"
        )
    return iri


def _facts(rows: Iterable[Mapping[str, str]], place: Place) -> list[Fact]:
    """Give facts by property: of texts in two languages those of the page's."""
    facts: dict[str, Fact] = {}
    rows = [row for row in rows if row["p"] not in {"skos:prefLabel", "rdf:type"}]
    own = {row["p"] for row in rows if row.get("lang") == place.language}
    for row in rows:
        if row.get("lang", "") not in {"", place.language} and row["p"] in own:
            continue
        fact = facts.setdefault(row["p"], Fact(_said(row, "p", place, row["p"])))
        fact.values.append(_value(row, place))
    order = {name: at for at, name in enumerate(FIRST)}
    return [facts[p] for p in sorted(facts, key=lambda p: (order.get(p, len(order)), p))]


def _value(row: Mapping[str, str], place: Place) -> Cell:
    if "amount" in row:
        sign = {"unit:PERCENT": "%", "unit:CCY_CNY": place.say(" 元", " CNY")}
        unit = sign.get(row.get("unit", ""), "")
        what = _said(row, "indicator", place)
        return Cell(f"{row['amount']}{unit} {what}".strip(), href=_cell(row, "o", place).href)
    if row["isIri"] == "true":
        return _cell(row, "o", place)
    text = row["o"]
    words = {"true": place.say("是", "yes"), "false": place.say("否", "no")}
    return Cell(words.get(text, text), href=web_address(text))


def _quotes(graph: KnowledgeGraph, iri: str, place: Place) -> list[tuple[str, Cell, str, Cell]]:
    """Give the words that a thing rests on: their part, sentence, line and source."""
    parts = {
        "evidence": place.say("依据", "Evidence"),
        "context": place.say("语境", "Context"),
        "text": place.say("原文", "Text"),
    }
    return [
        (parts[row["role"]], _sentence(row), row.get("line", ""), _cell(row, "source", place))
        for row in graph.table(QUOTES.format(iri=iri)).records()
        if "source" in row
    ]


def _statements(graph: KnowledgeGraph, iri: str, place: Place) -> list[tuple[str, list[Statement]]]:
    """Give the claims that speak of a thing, by kind, in the order of the text."""
    groups: dict[str, list[Statement]] = {}
    for row in graph.table(STATEMENTS.format(iri=iri, most=MOST)).records():
        group = groups.setdefault(_said(row, "kind", place, row["kind"]), [])
        about = _said(row, "region", place) if expand(row.get("region", "")) != iri else ""
        cell = _cell(row, "statement", place)
        group.append(Statement(cell, _sentence(row), row.get("line", ""), about))
    return list(groups.items())


def _links(graph: KnowledgeGraph, iri: str, place: Place) -> list[Fact]:
    """Give the things that link to a thing, by property."""
    facts: dict[str, Fact] = {}
    for row in graph.table(LINKS.format(iri=iri, most=MOST)).records():
        label = _said(row, "p", place, row["p"])
        told = place.say(f"以此为“{label}”的", f"has this as “{label}”")
        facts.setdefault(row["p"], Fact(told)).values.append(_cell(row, "s", place))
    return list(facts.values())


def _questions(site: Site, place: Place, found: Found) -> list[tuple[str, str]]:
    """Give the questions that can be asked of a thing of its class: title and address."""
    asked: list[tuple[str, str]] = []
    for query in site.queries.values():
        fits = (n for n, p in query.header.params.items() if _takes(p, found))
        if name := next(fits, ""):
            path = place.link(f"/queries/{query.id}", [(name, shorten(found.iri))])
            asked.append((query.title[place.language], path))
    return asked


def _takes(parameter: Parameter, found: Found) -> bool:
    anything = ("kg:Region", "kg:PlatformConcept", "kg:Platform", "kg:Initiative", "kg:Claim")
    if parameter.class_ == "rdfs:Resource":
        return found.class_ in anything
    return parameter.class_ is not None and parameter.class_ == found.class_


def _citation(graph: KnowledgeGraph, iri: str) -> Citation | None:
    try:
        return cited(cite_thing(graph.engine, iri, date.min))
    except NamingError:
        return None


def listing(site: Site, place: Place, kind: str) -> str:
    """Give the page of all things of a kind.

    Raises:
        NamingError: there is no such kind, or no thing of it.
    """
    rows = []
    if kind in KINDS:
        rows = list(site.graph.table(LISTED.format(ns=f"{ID}{kind}/")).records())
    if not rows:
        raise NamingError(f"没有 {clipped(kind)} 一类", f"there is no kind {clipped(kind)}")
    cells = {row["s"]: _listed(row, place) for row in rows}
    name, count = _said(rows[0], "kind", place, kind), len(cells)
    below: dict[str, list[str]] = {}
    for row in rows:
        parent = row.get("parent", "")
        parent = parent if parent in cells else ""
        if parent and row.get("level") in APART:
            group = f"{parent} {row['level']}"
            if group not in cells:
                cells[group] = Cell(_said(row, "level", place, row["level"]))
                below.setdefault(parent, []).append(group)
            parent = group
        below.setdefault(parent, []).append(row["s"])
    tree = _tree(cells, below, "", DEEPEST)
    return render("listing.html", place, name=name, count=count, tree=tree)


def _listed(row: Mapping[str, str], place: Place) -> Cell:
    """Give a thing of a list; a province of which no text was read says so."""
    unread = row.get("level") == PROVINCE and row["read"] == "false"
    return replace(_cell(row, "s", place), state="not-read" if unread else "")


def kinds(site: Site, place: Place) -> str:
    """Give the page of the kinds of thing, each with how many there are."""
    rows = {row["kind"]: row for row in site.graph.table(KINDS_OF_THING).records()}
    cells = [
        Cell(f"{_said(row, 'kind', place, kind)} {row['count']}", href=place.link(f"/id/{kind}"))
        for class_, kind in KIND_OF_CLASS.items()
        if (row := rows.get(class_))
    ]
    count = sum(int(row["count"]) for row in rows.values())
    tree: list[tuple[Cell, Any]] = [(cell, []) for cell in cells]
    return render("listing.html", place, name=place.say("事物", "Things"), count=count, tree=tree)


def _tree(
    cells: Mapping[str, Cell], below: Mapping[str, list[str]], parent: str, depth: int
) -> list[tuple[Cell, Any]]:
    """Give what stands below a thing, each with what stands below it."""
    names = below.get(parent, []) if depth else []
    return [(cells[name], _tree(cells, below, name, depth - 1)) for name in names]


def _graph(site: Site, place: Place, iri: str) -> str:
    """Give the page of a named graph: what it holds, and how much."""
    row = next(site.graph.table(GRAPH_SIZE.format(iri=iri)).records())
    if row["triples"] == "0":
        raise NamingError(f"没有图 {clipped(iri)}", f"there is no graph {clipped(iri)}")
    source = _cell(row, "source", place) if "source" in row else None
    return render(
        "graph.html", place, iri=iri, path=iri.removeprefix(ROOT), triples=row["triples"],
        source=source, formats=FORMATS,
    )  # fmt: skip


def _ontology(site: Site, place: Place) -> str:
    """Give the page of the vocabulary: classes, properties and closed lists with definitions."""
    groups: dict[str, dict[str, dict[str, str]]] = {}
    for row in site.graph.table(VOCABULARY.format(lang=place.language)).records():
        told = groups.setdefault(row["group"], {}).setdefault(row["term"], row)
        if row.get("note", "") not in told.get("note", ""):
            told["note"] += f"\n{row['note']}"
    terms = {group: list(rows.values()) for group, rows in groups.items()}
    return render("ontology.html", place, groups=terms, root=f"{ROOT}ontology#")
