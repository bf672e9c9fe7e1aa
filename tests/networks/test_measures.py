"""Measures: by hand on small networks, by networkx's own functions on the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from graph_fixtures import run_python

from kg.errors import UsageError
from kg.networks import NETWORKS
from kg.networks.attributes import ATTRIBUTES
from kg.networks.measures import MEASURES, by_chance, measured, measures_table

if TYPE_CHECKING:
    from collections.abc import Mapping

pytest_plugins = ["open_graphs"]


@pytest.fixture(scope="module")
def real_measured(real_networks: Mapping[str, nx.Graph[str]]) -> Mapping[str, nx.Graph[str]]:
    """Give every real network with its measures."""
    return {name: measured(graph) for name, graph in real_networks.items()}


def two_mode(edges: str, unread: str = "") -> nx.Graph[str]:
    """Make a network from edges such as `Aa Ab`: regions are upper case, concepts lower case."""
    graph: nx.Graph[str] = nx.Graph(name="region-concept")
    for region, concept in map(tuple, edges.split(" ")):
        reading = "picture" if region in unread else "text"
        graph.add_node(region, bipartite=0, kind="Region", label=region, reading=reading)
        graph.add_node(concept, bipartite=1, kind="PlatformConcept", label=concept)
        graph.add_edge(region, concept, weight=2)
    return graph


def of(graph: nx.Graph[str], measure: str) -> dict[str, Any]:
    """Give a measure of each node that has it."""
    return nx.get_node_attributes(graph, measure)


# --- by hand ------------------------------------------------------------------------------------


def test_degree_is_a_share_of_the_other_side() -> None:
    """A region that states two of three concepts has two thirds; weights are added."""
    found = measured(two_mode("Aa Ab Bb Bc"))
    assert of(found, "degree") == {"A": 2, "B": 2, "a": 1, "b": 2, "c": 1}
    assert of(found, "weighted_degree") == {"A": 4, "B": 4, "a": 2, "b": 4, "c": 2}
    assert of(found, "degree_share") == {
        "A": 0.666667, "B": 0.666667, "a": 0.5, "b": 1.0, "c": 0.5,
    }  # fmt: skip


def test_the_bridge_is_between() -> None:
    """On a path a-A-b-B-c, b lies on four shortest paths, A on three."""
    found = of(measured(two_mode("Aa Ab Bb Bc")), "betweenness")
    assert (found["a"], found["c"]) == (0.0, 0.0)
    # of two regions and three concepts, a concept lies on 4 at most and a region on 5
    assert found["b"] == 1.0
    assert found["A"] == found["B"] == 0.6


def test_redundancy_is_the_share_of_pairs_linked_without_it() -> None:
    """A's concepts a, b, c: b and c are linked by B too, the other two pairs are not."""
    found = of(measured(two_mode("Aa Ab Ac Bb Bc")), "redundancy")
    assert found["A"] == pytest.approx(1 / 3, abs=1e-6)
    assert (found["B"], "a" in found) == (1.0, False)


def test_clustering_is_how_far_neighbourhoods_overlap() -> None:
    """A states a, b and B states b, c: one of three in common."""
    assert of(measured(two_mode("Aa Ab Bb Bc")), "clustering")["A"] == 0.333333


def test_what_was_not_read_has_no_measures() -> None:
    """Nor does it count in those of others: H states b, and b has one region that was read."""
    found = measured(two_mode("Aa Ab Hb Hc", unread="H"))
    assert set(of(found, "degree")) == {"A", "a", "b"}
    assert (of(found, "degree")["b"], of(found, "degree_share")["b"]) == (1, 1.0)
    assert found.has_edge("H", "c")


def test_a_network_of_nobody_read_has_none() -> None:
    """No failure, no number."""
    found = measured(two_mode("Hb", unread="H"))
    assert [name for _, data in found.nodes(data=True) for name in data if name in MEASURES] == []


def test_edges_of_the_backbone_are_counted() -> None:
    """Beside all edges."""
    graph: nx.Graph[str] = nx.Graph(name="region-region")
    graph.add_edge("A", "B", weight=3, backbone=True)
    graph.add_edge("B", "C", weight=1, backbone=False)
    found = measured(graph)
    assert of(found, "backbone_degree") == {"A": 1, "B": 1, "C": 0}
    assert of(found, "weighted_degree") == {"A": 3, "B": 4, "C": 1}


def test_directed_edges_are_told_apart() -> None:
    """In and out, several between two nodes each."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="full")
    graph.add_edges_from([("a", "b"), ("a", "b"), ("b", "c")])
    found = measured(graph)
    assert of(found, "in_degree") == {"a": 0, "b": 2, "c": 1}
    assert of(found, "out_degree") == {"a": 2, "b": 1, "c": 0}


def test_cliques_are_more_divided_than_chance() -> None:
    """Regions in four groups with concepts of their own: no drawn table comes near."""
    edges = [
        (f"R{group}{at}", f"c{group}{it}")
        for group in range(4)
        for at in range(4)
        for it in range(5)
    ]
    graph = nx.Graph(edges)
    regions = {it for it in graph if it.startswith("R")}
    expected, p_value = by_chance(graph, regions, 0.75, tables=39)
    assert (expected < 0.5, p_value) == (True, 1 / 40)


def test_a_table_drawn_by_chance_is_no_more_divided_than_others() -> None:
    """A network in which everybody states everything has one division at most."""
    graph = nx.complete_bipartite_graph(4, 6)
    assert by_chance(graph, {0, 1, 2, 3}, 0.0, tables=9)[1] == 1.0


# --- by networkx --------------------------------------------------------------------------------


def test_measures_are_those_of_networkx(
    real_networks: Mapping[str, nx.Graph[str]], real_measured: Mapping[str, nx.Graph[str]]
) -> None:
    """On the part of the real network that was read."""
    graph = real_networks["region-concept"]
    regions = [it for it, data in graph.nodes(data=True) if data.get("reading") == "text"]
    part = nx.Graph(graph.subgraph([*regions, *(c for r in regions for c in graph[r])]))
    expected: dict[str, dict[str, float]] = {
        "degree_share": nx.bipartite.degree_centrality(part, regions),
        "betweenness": nx.bipartite.betweenness_centrality(part, regions),
        "closeness": nx.bipartite.closeness_centrality(part, regions),
        "clustering": nx.bipartite.clustering(part),
        "redundancy": nx.bipartite.node_redundancy(
            part, [it for it in part if part.degree(it) > 1]
        ),
    }
    for measure, values in expected.items():
        found = of(real_measured["region-concept"], measure)
        assert found == pytest.approx(values, abs=1e-6)


# --- the real networks --------------------------------------------------------------------------


def test_nine_of_the_twenty_two_texts_state_yi_wang_tong_ban(
    real_measured: Mapping[str, nx.Graph[str]],
) -> None:
    """Nine edges, and as a share 9 / 22."""
    data = real_measured["region-concept"].nodes["kgc:yi-wang-tong-ban"]
    assert (data["degree"], data["degree_share"]) == (9, round(9 / 22, 6))


def test_hunan_has_no_measures(real_measured: Mapping[str, nx.Graph[str]]) -> None:
    """Its degree would say how many concepts stand in a heading."""
    data = real_measured["region-concept"].nodes["kgr:hunan"]
    assert set(data) & set(MEASURES) == set()


def test_the_communities_are_no_more_than_chance(
    real_measured: Mapping[str, nx.Graph[str]],
) -> None:
    """Told as numbers and in words of both languages."""
    told = real_measured["region-concept"].graph
    assert told["modularity"] == pytest.approx(0.603, abs=0.005)
    assert told["modularity_expected"] == pytest.approx(0.597, abs=0.005)
    assert told["modularity_p_value"] > 0.05
    assert 0.5 < told["stability"] < 1
    assert "不强于偶然" in told["communities"]
    assert "no more divided than by chance" in told["communities_en"]


def test_the_projection_of_regions_falls_into_no_clear_groups(
    real_measured: Mapping[str, nx.Graph[str]],
) -> None:
    """Its modularity is next to nothing, and its runs disagree."""
    told = real_measured["region-region"].graph
    assert (told["modularity"] < 0.1, told["stability"] < 0.7) == (True, True)


@pytest.mark.parametrize("name", NETWORKS)
def test_measuring_changes_nothing_else(
    real_networks: Mapping[str, nx.Graph[str]],
    real_measured: Mapping[str, nx.Graph[str]],
    name: str,
) -> None:
    """The network that was given has no measures, and the copy all that it had."""
    graph, found = real_networks[name], real_measured[name]
    for node, data in graph.nodes(data=True):
        assert not set(data) & set(MEASURES)
        told = found.nodes[node]
        assert {key: value for key, value in told.items() if key not in MEASURES} == data
    assert list(found.edges(data=True)) == list(graph.edges(data=True))


def test_only_networks_of_the_graph_have_measures() -> None:
    """Another is told so, in one line."""
    with pytest.raises(UsageError, match="only networks of this graph"):
        measured(nx.Graph(name="mine"))


def test_measures_do_not_depend_on_the_order_of_sets() -> None:
    """Python puts texts into sets in another order in each process; the numbers stay."""
    code = """
import networkx as nx
from kg.networks.measures import measured, measures_table
graph = nx.davis_southern_women_graph()
graph.graph["name"] = "region-concept"
for node, data in graph.nodes(data=True):
    data.update(label=node, label_en=node, kind="", reading="text")
print(measures_table(measured(graph)).delimited(","))
"""
    one, other = (run_python(code, environment={"PYTHONHASHSEED": seed}) for seed in "12")
    assert (one.returncode, one.stderr) == (0, b"")
    assert one.stdout == other.stdout
    assert b"Evelyn Jefferson" in one.stdout


# --- as a table ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_the_table_has_a_row_a_node(real_measured: Mapping[str, nx.Graph[str]], name: str) -> None:
    """Sorted, with the network's own measures, every column with its label."""
    graph = real_measured[name]
    table = measures_table(graph)
    assert [str(row[0]) for row in table.rows] == sorted(graph)
    assert set(table.columns) - {"node"} <= set(ATTRIBUTES)
    assert set(table.columns) & set(MEASURES) == {
        key for _, data in graph.nodes(data=True) for key in data if key in MEASURES
    }


def test_the_table_has_typed_cells_and_gaps(real_measured: Mapping[str, nx.Graph[str]]) -> None:
    """A count is a whole number, a share a decimal, and what does not apply is empty."""
    table = measures_table(real_measured["region-concept"])
    assert table.values("degree")[0] is int
    assert table.values("degree_share")[0] is float
    rows = {str(row[0]): row for row in table.rows}
    assert rows["kgr:hunan"][table.columns.index("degree")] is None
    frame = table.to_pandas()
    assert frame.loc[frame["degree"].isna(), "node"].tolist()[-1] == "kgr:hunan"


def test_measures_are_listed() -> None:
    """Each with labels in both languages."""
    assert all(ATTRIBUTES[name].zh and ATTRIBUTES[name].en for name in MEASURES)
