"""IRIs are minted, shortened and expanded in one place, and come back as they were."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import (
    GRAPH,
    KEY,
    KINDS,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REFERENCE_GRAPH,
    expand,
    graph_of_source,
    mint,
    shorten,
)

keys = st.from_regex(re.compile(KEY.pattern, re.ASCII), fullmatch=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_namespace_named_after_it(kind: str) -> None:
    """A thing's IRI says what kind it is."""
    assert mint(kind, "x") == f"https://w3id.org/dgkg/id/{kind}/x"


def test_keys_are_joined_by_dots() -> None:
    """A thing that hangs on others has their keys in its own, numbers included."""
    assert mint("passage", "roundup", "hebei", 3).endswith("/roundup.hebei.3")


def test_an_unknown_kind_is_a_mistake_of_the_program() -> None:
    """No IRI is made for a kind that the table does not have."""
    with pytest.raises(KeyError):
        mint("planet", "earth")


def test_each_namespace_has_one_prefix() -> None:
    """No two prefixes stand for one namespace, so that shortening has one answer."""
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@given(st.sampled_from(sorted(KINDS)), keys)
def test_a_minted_iri_comes_back_from_its_curie(kind: str, key: str) -> None:
    """Expanding a shortened IRI gives the IRI."""
    iri = mint(kind, key)
    assert shorten(iri) == f"{KINDS[kind]}:{key}"
    assert expand(shorten(iri)) == iri


@pytest.mark.parametrize("prefix", sorted(PREFIXES))
def test_every_prefix_stands_for_its_namespace(prefix: str) -> None:
    """What lies in a namespace is shortened by its prefix, and no other fits better."""
    assert shorten(f"{PREFIXES[prefix]}x") == f"{prefix}:x"


@pytest.mark.parametrize("name", ["https://example.org/", "http://example.org/a:b", "urn:x:y", "x"])
def test_what_is_no_curie_comes_back_as_it_is(name: str) -> None:
    """Unknown prefixes, schemes and plain words are left alone."""
    assert expand(name) == name
    assert shorten(name) == name


def test_a_scheme_that_looks_like_a_prefix_is_no_prefix() -> None:
    """`//` behind the colon means an IRI even where the scheme is a known prefix."""
    assert expand("kg://host/path") == "kg://host/path"


def test_the_graphs_lie_below_one_iri() -> None:
    """Reference, ontology and sources have a named graph each."""
    graphs = {REFERENCE_GRAPH, ONTOLOGY_GRAPH, graph_of_source("a"), graph_of_source("b")}
    assert len(graphs) == 4
    assert all(graph.startswith(GRAPH) for graph in graphs)


@pytest.mark.parametrize("key", ["a", "guangxi-five-ones", "2021-roundup", "a.b-c", "12345"])
def test_keys_are_words_joined_by_hyphens_and_dots(key: str) -> None:
    """These are keys."""
    assert KEY.fullmatch(key)


@pytest.mark.parametrize("key", ["", "A", "a_b", "-a", "a-", "a--b", "a.-b", "政", "a b", "a\n"])
def test_other_words_are_no_keys(key: str) -> None:
    """Capitals, blanks, signs at the ends and Chinese are refused."""
    assert not KEY.fullmatch(key)
