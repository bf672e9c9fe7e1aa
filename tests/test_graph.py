"""The graph as notebooks use it: prefixes, forms of queries, what is known of a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from graph_fixtures import open_engine, real_project, small_project

from kg.errors import NamingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph import KnowledgeGraph

TARGET = "https://w3id.org/dgkg/id/claim/fujian-digital-economy-growth"
FRAMEWORK = "https://w3id.org/dgkg/id/claim/shanxi-five-ones"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the small graph."""
    with open_engine(small_project(tmp_path_factory.mktemp("graph"))) as graph:
        yield graph


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the real graph."""
    with open_engine(real_project(tmp_path_factory)) as graph:
        yield graph


def test_prefixes_stand_on_a_line_of_their_own(small: KnowledgeGraph) -> None:
    """The query begins on a new line, so that a parser's columns fit it."""
    query = "ASK { kgr:shanghai a kg:Region }"
    assert small.with_prefixes(query).split("\n")[1:] == [query]


@pytest.mark.parametrize(
    "query", ["ASK {} # kg:x", 'SELECT ("kg:x" AS ?a) {}', "PREFIX kg: <a:> ASK { ?s kg:x 1 }"]
)
def test_prefixes_that_are_not_used_are_not_declared(small: KnowledgeGraph, query: str) -> None:
    """Comments and texts use no prefix, and a declared one stays as it is."""
    assert small.with_prefixes(query) == query


def test_a_prefix_declared_in_a_comment_is_declared(small: KnowledgeGraph) -> None:
    """What a comment declares is not declared."""
    assert "\n" in small.with_prefixes("ASK { ?s a kg:X } # PREFIX kg: <a:>")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("# SELECT it's\nCONSTRUCT {} {}", True),
        ("PREFIX ask: <a:> DESCRIBE ask:x", True),
        ('SELECT ("CONSTRUCT" AS ?a) {}', False),
        ("PREFIX describe: <a:> ASK {}", False),
        ("", False),
    ],
)
def test_the_form_of_a_query(small: KnowledgeGraph, query: str, expected: bool) -> None:
    """Comments, texts and names do not tell the form of a query."""
    assert small.is_construct(query) is expected


@pytest.mark.parametrize(
    ("language", "value"),
    [
        ("zh", "15% 全省数字经济增加值年均增长率"),
        ("en", "15% Average annual growth of the value added of the province's digital economy"),
    ],
)
def test_a_quantity_is_told_in_words(real: KnowledgeGraph, language: str, value: str) -> None:
    """A quantity of a claim is shown with value, unit and indicator."""
    rows = real.describe(TARGET, language).records()
    assert value in [row["value"] for row in rows if "value" in row]


def test_parts_stand_in_their_order(real: KnowledgeGraph) -> None:
    """The parts of a framework stand as the text counts them."""
    rows = list(real.describe(FRAMEWORK).records())
    parts = [row["value"] for row in rows if row["property"] == "组成部分"]
    assert parts == ["一朵云", "一张网", "一平台", "一系统", "一城墙"]


@pytest.mark.parametrize("iri", ["", "上海", "a:b> ?p ?o } #"])
def test_only_an_iri_can_be_described(small: KnowledgeGraph, iri: str) -> None:
    """What is no IRI is refused before it gets into a query."""
    with pytest.raises(NamingError, match="不是 IRI"):
        small.describe(iri)
