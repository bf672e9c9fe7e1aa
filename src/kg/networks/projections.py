"""Projections of the network of regions and concepts: who shares what, and which go together.

Only regions of which text was read take part: a heading says what a region states, not what it
leaves out. A projection makes every text a clique, so that most links are there by chance (Latapy,
Magnien and Del Vecchio 2008, https://doi.org/10.1016/j.socnet.2007.04.006); so each pair is
compared with `null_model`, and those that stand out are the `backbone`.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from kg.networks.bipartite import stated, statements
from kg.networks.drawing import drawn
from kg.networks.facts import things
from kg.networks.notes import noted, was_read
from kg.networks.null_model import adjusted, chances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.networks.facts import Facts, Tables
    from kg.networks.null_model import Chance, Pair

__all__ = ["DIGITS", "FALSE_DISCOVERIES", "concept_concept", "region_region"]

FALSE_DISCOVERIES: Final = 0.05
"""Which share of the backbone may be there by chance."""

DIGITS: Final = 6
"""To which numbers are rounded, so that the last bit of a float is nobody's concern."""


def region_region(tables: Tables) -> nx.Graph[str]:
    """Give the regions of which text was read, linked where they state the same concept.

    An edge has `weight` (concepts that both state), `shared` (their labels), `jaccard` (those
    concepts as a share of what either states: Jaccard 1912,
    https://doi.org/10.1111/j.1469-8137.1912.tb05611.x), `expected`, `p_value`, `q_value` and
    `backbone` (see `null_model`).

    Args:
        tables: answers a saved question by its id.
    """
    facts, concepts = _read(tables)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(
        (region, {**facts[region], "concept_count": len(states)})
        for region, states in concepts.items()
    )
    for one, other, told in _pairs(concepts, _chances(concepts)[0]):
        both = sorted(concepts[one] & concepts[other])
        graph.add_edge(
            one,
            other,
            label=f"共有 {len(both)} 个概念",
            label_en="1 concept shared" if len(both) == 1 else f"{len(both)} concepts shared",
            shared=tuple(facts[it]["label"] for it in both),
            shared_en=tuple(facts[it]["label_en"] for it in both),
            **told,
        )
    drawn(graph)
    noted(graph, "region-region", facts)
    return graph


def concept_concept(tables: Tables) -> nx.Graph[str]:
    """Give the concepts that regions state, linked where one region states both.

    An edge has `weight` (regions that state both), `regions` (their labels), `jaccard` (as of
    `region_region`), `sentences` (in how many both are named), `quotes` (those sentences) and
    `passages` (their CURIEs); and `expected`, `p_value`, `q_value`, `backbone` where both concepts
    are stated by two regions at least: other pairs could not be told from chance.

    Args:
        tables: answers a saved question by its id.
    """
    facts, concepts = _read(tables)
    regions = _turned(concepts)
    beside = _sentences(tables, set(concepts))
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(
        (concept, {**facts.get(concept, {}), "region_count": len(by)})
        for concept, by in regions.items()
    )
    for one, other, told in _pairs(regions, _chances(concepts)[1]):
        both = sorted(regions[one] & regions[other])
        sentences = beside.get((one, other), {})
        graph.add_edge(
            one,
            other,
            label=f"{len(both)} 个地区并提",
            label_en="stated by 1 region" if len(both) == 1 else f"stated by {len(both)} regions",
            regions=tuple(facts[it]["label"] for it in both),
            regions_en=tuple(facts[it]["label_en"] for it in both),
            sentences=len(sentences),
            **_quoted(sentences),
            **told,
        )
    drawn(graph)
    noted(graph, "concept-concept", facts)
    return graph


# --- who states what ----------------------------------------------------------------------------


def _quoted(sentences: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Give sentences and their CURIEs as attributes, none if there are none."""
    if not sentences:
        return {}
    return {"quotes": tuple(sentences.values()), "passages": tuple(sentences)}


def _read(tables: Tables) -> tuple[Facts, dict[str, set[str]]]:
    """Give all facts, and the concepts of each province-level region of which text was read."""
    facts = things(tables)
    pairs = stated(tables, facts)
    read = (node for node, told in sorted(facts.items()) if told.get("level") == "level-province")
    return facts, {
        region: set(pairs[region]) if region in pairs else set()
        for region in read
        if was_read(facts[region])
    }


def _turned(concepts: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Give the regions of each concept from the concepts of each region."""
    regions: defaultdict[str, set[str]] = defaultdict(set)
    for region, states in concepts.items():
        for concept in states:
            regions[concept].add(region)
    return dict(sorted(regions.items()))


def _sentences(tables: Tables, regions: set[str]) -> dict[tuple[str, str], dict[str, str]]:
    """Give the sentences in which each pair of concepts is named, by CURIE."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    texts: dict[str, str] = {}
    for (region, concept), rows in statements(tables).items():
        for row in rows if region in regions else ():
            if "passage" in row:
                named[row["passage"]].add(concept)
                texts[row["passage"]] = row.get("sentence", "")
    found: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for passage, concepts in sorted(named.items()):
        for one, other in combinations(sorted(concepts), 2):
            found[one, other][passage] = texts[passage]
    return found


# --- pairs --------------------------------------------------------------------------------------

_Chances = tuple["Mapping[tuple[str, str], Chance]", "Mapping[tuple[str, str], Chance]"]


def _chances(concepts: Mapping[str, set[str]]) -> _Chances:
    """Give what the null model says of pairs of regions, and of pairs of concepts."""
    regions = sorted(concepts)
    columns = sorted(set().union(*concepts.values()))
    place = {concept: at for at, concept in enumerate(columns)}
    table = tuple(frozenset(place[concept] for concept in concepts[it]) for it in regions)
    upright, across = chances(table)
    return _named(upright, regions), _named(across, columns)


def _named(found: Mapping[Pair, Chance], names: list[str]) -> dict[tuple[str, str], Chance]:
    return {(names[one], names[other]): chance for (one, other), chance in found.items()}


def _pairs(
    has: Mapping[str, set[str]], tested: Mapping[tuple[str, str], Chance]
) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Give each pair that has something in common, with the figures of its edge.

    Args:
        has: what each has.
        tested: what the null model says of pairs, also of those that have nothing in common:
            they count among the tests.
    """
    q_values = dict(
        zip(tested, adjusted([chance.p_value for chance in tested.values()]), strict=True)
    )
    for one, other in combinations(sorted(has), 2):
        both = len(has[one] & has[other])
        if both:
            told: dict[str, Any] = {
                "weight": both,
                "jaccard": round(both / len(has[one] | has[other]), DIGITS),
            }
            if (one, other) in tested:
                chance, q_value = tested[one, other], q_values[one, other]
                told["expected"] = round(chance.expected, DIGITS)
                told["p_value"] = round(chance.p_value, DIGITS)
                told["q_value"] = round(q_value, DIGITS)
                told["backbone"] = q_value <= FALSE_DISCOVERIES
            yield one, other, told
