"""Projections: weights by sets, only what was read, sentences, and what stands out: nothing."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from made_networks import networks_of

from kg.networks.null_model import SAMPLES, chances

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from kg.graph import KnowledgeGraph

pytest_plugins = ["open_graphs"]


@pytest.fixture(scope="module", params=["toy", "real"])
def networks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, nx.Graph[str]]:
    """Give the networks of the toy and the real ones."""
    return networks_of(tmp_path_factory, request.param)


def stating(networks: Mapping[str, nx.Graph[str]]) -> dict[str, set[str]]:
    """Give the concepts of each region that was read."""
    pairs = networks["region-concept"]
    regions = [it for it, data in pairs.nodes(data=True) if data.get("reading") == "text"]
    return {region: set(pairs[region]) for region in regions}


def test_only_regions_that_were_read_take_part(real_networks: Mapping[str, nx.Graph[str]]) -> None:
    """Twenty-two; neither 湖南, of which there is a heading, nor 重庆."""
    found = real_networks["region-region"]
    assert found.number_of_nodes() == 22
    assert {data["reading"] for _, data in found.nodes(data=True)} == {"text"}
    concepts, pairs = real_networks["concept-concept"], real_networks["region-concept"]
    (handled,) = (it for it in concepts if concepts.nodes[it]["label"] == "一件事一次办")
    assert "kgr:hunan" in pairs[handled]
    assert concepts.nodes[handled]["region_count"] == pairs.degree(handled) - 1


def test_two_regions_weigh_what_they_share(networks: Mapping[str, nx.Graph[str]]) -> None:
    """As sets say it; without anything shared there is no edge."""
    states, found = stating(networks), networks["region-region"]
    for one, other in combinations(sorted(states), 2):
        both, either = states[one] & states[other], states[one] | states[other]
        assert found.has_edge(one, other) == bool(both)
        if both:
            told = found.edges[one, other]
            assert (told["weight"], len(told["shared"])) == (len(both), len(both))
            assert told["jaccard"] == round(len(both) / len(either), 6)
            labels = {networks["region-concept"].nodes[it]["label"] for it in both}
            assert set(told["shared"]) == labels


def test_two_concepts_weigh_as_many_regions_as_state_both(
    networks: Mapping[str, nx.Graph[str]],
) -> None:
    """As sets say it, and each node says how many state it."""
    regions = defaultdict(set)
    for region, concepts in stating(networks).items():
        for concept in concepts:
            regions[concept].add(region)
    found = networks["concept-concept"]
    assert {it: d["region_count"] for it, d in found.nodes(data=True)} == {
        it: len(by) for it, by in regions.items()
    }
    for one, other, told in found.edges(data=True):
        both, either = regions[one] & regions[other], regions[one] | regions[other]
        assert (told["weight"], len(told["regions"])) == (len(both), len(both))
        assert told["jaccard"] == round(len(both) / len(either), 6)
    pairs = sum(bool(regions[a] & regions[b]) for a, b in combinations(regions, 2))
    assert found.number_of_edges() == pairs


def test_sentences_name_both_concepts(
    real_graph: KnowledgeGraph, real_networks: Mapping[str, nx.Graph[str]]
) -> None:
    """As many as SPARQL counts, each given as text and CURIE."""
    query = """SELECT (COUNT(DISTINCT ?p) AS ?n) {
      ?a kg:names kgc:yi-wang-tong-ban ; kg:inPassage ?p ; kg:aboutRegion ?r .
      ?b kg:names kgc:yi-wang-tong-guan ; kg:inPassage ?p ; kg:aboutRegion ?q .
      ?r kg:level kg:level-province . ?q kg:level kg:level-province }"""
    ((count,),) = real_graph.table(real_graph.with_prefixes(query)).rows
    told = real_networks["concept-concept"].edges["kgc:yi-wang-tong-ban", "kgc:yi-wang-tong-guan"]
    assert told["sentences"] == int(str(count)) == len(told["quotes"]) == len(told["passages"])
    # 上海's 两张网 are both of them, though the sentence spells out neither
    spelt = ["一网通办" in quote and "一网统管" in quote for quote in told["quotes"]]
    assert (any(spelt), all(spelt)) == (True, False)


def test_edges_of_concepts_have_quotes_only_where_a_sentence_names_both(
    networks: Mapping[str, nx.Graph[str]],
) -> None:
    """One for each sentence."""
    for *_, told in networks["concept-concept"].edges(data=True):
        assert told["sentences"] == len(told.get("quotes", ())) == len(told.get("passages", ()))


def test_p_values_are_within_what_the_samples_allow(
    networks: Mapping[str, nx.Graph[str]],
) -> None:
    """From one part of the tables to 1; adjusted ones are no less; a backbone is up to 0.05."""
    tested = [
        told
        for name in ("region-region", "concept-concept")
        for *_, told in networks[name].edges(data=True)
        if "p_value" in told
    ]
    assert tested
    for told in tested:
        assert round(1 / (SAMPLES + 1), 6) <= told["p_value"] <= told["q_value"] <= 1
        assert told["backbone"] == (told["q_value"] <= 0.05)
        assert told["expected"] >= 0


def test_every_pair_of_regions_is_tested(networks: Mapping[str, nx.Graph[str]]) -> None:
    """And of concepts those that two regions state: others cannot be told from chance."""
    assert all("p_value" in told for *_, told in networks["region-region"].edges(data=True))
    found = networks["concept-concept"]
    for one, other, told in found.edges(data=True):
        several = min(found.nodes[it]["region_count"] for it in (one, other)) > 1
        assert ("p_value" in told) == several


def test_no_pair_of_the_real_texts_stands_out(real_networks: Mapping[str, nx.Graph[str]]) -> None:
    """Of 231 pairs of regions and 3,081 of concepts none is beyond chance, once all are counted."""
    for name in ("region-region", "concept-concept"):
        edges = [told for *_, told in real_networks[name].edges(data=True)]
        assert sum(told.get("backbone", False) for told in edges) == 0
    near = min(real_networks["region-region"].edges(data=True), key=lambda edge: edge[2]["p_value"])
    assert near[2]["p_value"] < 0.005
    assert real_networks["region-region"].edges["kgr:ningxia", "kgr:zhejiang"]["weight"] == 8


def test_a_projection_is_the_same_each_time(
    toy_graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nodes, edges and figures, in one order, also when tables are drawn anew."""
    toy_networks = networks_of(tmp_path_factory, "toy")
    chances.cache_clear()
    for name in ("region-region", "concept-concept"):
        again = toy_graph.to_networkx(name)
        assert list(again.nodes(data=True)) == list(toy_networks[name].nodes(data=True))
        assert list(again.edges(data=True)) == list(toy_networks[name].edges(data=True))


def test_one_is_not_told_as_several(networks: Mapping[str, nx.Graph[str]]) -> None:
    """Labels of edges read well."""
    labels = [
        (told["weight"], told["label_en"])
        for name in ("region-region", "concept-concept")
        for *_, told in networks[name].edges(data=True)
    ]
    assert {text for weight, text in labels if weight == 1} == {
        "1 concept shared", "stated by 1 region",
    }  # fmt: skip
    assert all(str(weight) in text for weight, text in labels)
