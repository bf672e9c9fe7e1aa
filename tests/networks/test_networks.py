"""Networks: as many nodes and links as the graph has, each with labels, quotes and looks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import pytest
from graph_fixtures import open_engine, real_project
from made_networks import PROJECTS, networks_of

from kg.engines import open_remote
from kg.errors import UsageError
from kg.exports.network import prepared
from kg.graph import KnowledgeGraph
from kg.networks import NETWORKS, network
from kg.networks.attributes import ATTRIBUTES
from kg.release import current
from kg.results import BOOLEAN, Table, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

pytest_plugins = ["open_graphs"]

THINGS: Final = (
    "Region", "PlatformConcept", "Platform", "Initiative", "SourceDocument", "Gap",
    "Target", "Milestone", "Achievement", "Framework", "PlatformClaim", "InitiativeClaim",
    "FrameworkPart",
)  # fmt: skip
"""What the full network has as nodes."""

LINKED: Final = """
SELECT ?property (COUNT(*) AS ?links) WHERE {
  ?source a ?from ; ?property ?target .
  FILTER(?from IN (kg:Region, kg:PlatformConcept, kg:Platform, kg:Initiative, kg:Gap, kg:Claim,
                   kg:FrameworkPart))
  ?target a ?to .
  FILTER(?to IN (kg:Region, kg:PlatformConcept, kg:Platform, kg:Initiative, kg:SourceDocument,
                 kg:Gap, kg:Claim, kg:FrameworkPart))
} GROUP BY ?property
"""
"""How many triples lead from one node to another, by property: all that a network may show."""


@pytest.fixture(scope="module", params=PROJECTS)
def graph(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeGraph]:
    """Give the graph of the toy and the real one."""
    with open_engine(PROJECTS[request.param](tmp_path_factory)) as graph:
        yield graph


@pytest.fixture(scope="module")
def full(graph: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """Give the whole network."""
    found = graph.to_networkx()
    assert isinstance(found, nx.MultiDiGraph)
    return found


@pytest.fixture(scope="module")
def pairs(graph: KnowledgeGraph) -> nx.Graph[str]:
    """Give the network of regions and concepts."""
    return graph.to_networkx("region-concept")


def counted(graph: KnowledgeGraph, query: str) -> dict[str, int]:
    """Answer a query of two columns, a name and a count."""
    rows = graph.table(graph.with_prefixes(query)).rows
    return {str(name): int(str(count)) for name, count in rows}


# --- everything ---------------------------------------------------------------------------------


def test_every_thing_and_claim_is_a_node(graph: KnowledgeGraph, full: nx.MultiDiGraph[str]) -> None:
    """Each class has as many nodes as the graph has things of it."""
    query = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"
    expected = counted(graph, query)
    kinds = Counter(kind for _, kind in full.nodes(data="kind"))
    assert kinds == {name: expected[f"kg:{name}"] for name in THINGS if f"kg:{name}" in expected}


def test_every_link_between_them_is_an_edge(
    graph: KnowledgeGraph, full: nx.MultiDiGraph[str]
) -> None:
    """Each property has as many edges as triples lead from node to node, and none is left out."""
    edges = Counter(key for _, _, key in full.edges(keys=True))
    assert edges == counted(graph, LINKED)


def test_an_edge_is_a_triple(graph: KnowledgeGraph, full: nx.MultiDiGraph[str]) -> None:
    """Its ends and its key are subject, object and predicate."""
    source, target, key = next(iter(full.edges(keys=True)))
    assert graph.table(graph.with_prefixes(f"ASK {{ {source} {key} {target} }}")).rows == (
        (Term("literal", "true", datatype=BOOLEAN),),
    )


def test_every_node_has_labels_and_a_kind(full: nx.MultiDiGraph[str]) -> None:
    """Also the end of every edge: no node is there only because an edge names it."""
    bare = [node for node, told in full.nodes(data=True) if not _labelled(told) or not told["kind"]]
    assert (bare, full.number_of_nodes() > 0) == ([], True)


def test_every_edge_has_labels(full: nx.MultiDiGraph[str]) -> None:
    """The property's, in both languages."""
    bare = [
        (key, told) for _, _, key, told in full.edges(keys=True, data=True) if not _labelled(told)
    ]
    assert (bare, full.number_of_edges() > 0) == ([], True)


def _labelled(told: dict[str, Any]) -> bool:
    return bool(told.get("label")) and bool(told.get("label_en"))


# --- regions and concepts -----------------------------------------------------------------------

STATED: Final = """
SELECT ?pair (COUNT(DISTINCT ?s) AS ?n) {
  ?s kg:names ?c ; kg:aboutRegion ?r . ?r kg:level kg:level-province .
  BIND(CONCAT(STRAFTER(STR(?r), "/region/"), " ", STRAFTER(STR(?c), "/concept/")) AS ?pair)
} GROUP BY ?pair
"""


def test_a_region_is_linked_to_what_it_states(graph: KnowledgeGraph, pairs: nx.Graph[str]) -> None:
    """By an edge that weighs as many claims and mentions as name the concept."""
    weights = {
        f"{region.removeprefix('kgr:')} {concept.removeprefix('kgc:')}": weight
        for region, concept, weight in _edges(pairs)
    }
    assert weights == counted(graph, STATED)
    assert len(weights) > 5


def _edges(pairs: nx.Graph[str]) -> list[tuple[str, str, int]]:
    found = (
        (*sorted((a, b), reverse=True), told["weight"]) for a, b, told in pairs.edges(data=True)
    )
    return [(region, concept, weight) for region, concept, weight in found]


def test_it_has_two_sides(pairs: nx.Graph[str]) -> None:
    """Regions on one, concepts on the other, no edge within a side."""
    sides = nx.get_node_attributes(pairs, "bipartite")
    assert nx.is_bipartite(pairs)
    assert {node.partition(":")[0]: side for node, side in sides.items()} == {"kgr": 0, "kgc": 1}
    assert all(sides[a] != sides[b] for a, b in pairs.edges())
    assert set(nx.get_node_attributes(pairs, "kind").values()) == {"Region", "PlatformConcept"}


def test_its_nodes_and_edges_have_labels(pairs: nx.Graph[str]) -> None:
    """In both languages, and each edge the form of its strongest statement."""
    assert all(_labelled(told) for _, told in pairs.nodes(data=True))
    assert all(_labelled(told) for _, _, told in pairs.edges(data=True))
    assert all(told["form"].startswith("form-") for _, _, told in pairs.edges(data=True))


def test_an_edge_has_the_strongest_form(graph: KnowledgeGraph, pairs: nx.Graph[str]) -> None:
    """None of the statements behind it is of a stronger one."""
    ranks = counted(graph, "SELECT ?f ?n { ?f kg:rank ?n ; skos:inScheme kg:list-form }")
    query = """SELECT ?r ?c (MIN(?n) AS ?best) { ?s kg:names ?c ; kg:aboutRegion ?r ; kg:form ?f .
      ?f kg:rank ?n . ?r kg:level kg:level-province } GROUP BY ?r ?c"""
    for region, concept, best in graph.table(graph.with_prefixes(query)).rows:
        assert ranks[f"kg:{pairs.edges[str(region), str(concept)]['form']}"] == int(str(best))


# --- making one ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("of", PROJECTS)
def test_every_network_is_fit_to_be_written(
    tmp_path_factory: pytest.TempPathFactory, name: str, of: str
) -> None:
    """No attribute has a name or value that a format cannot hold, and each has labels."""
    graph = networks_of(tmp_path_factory, of)[name].copy()
    for _, data in graph.nodes(data=True):
        data.update(x=0.0, y=0.0)
    found = prepared(graph, key="property")
    columns = {column.name for column in (*found.node_columns, *found.edge_columns)}
    assert (len(found.nodes), found.name) == (graph.number_of_nodes(), name)
    assert columns - set(ATTRIBUTES) == set()


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_is_left_empty(real_networks: Mapping[str, nx.Graph[str]], name: str) -> None:
    """What the graph does not tell is left out: no None, no empty text or list."""
    graph = real_networks[name]
    told = [data for _, data in graph.nodes(data=True)] + [d for *_, d in graph.edges(data=True)]
    empty = [
        (key, value) for data in told for key, value in data.items() if value in (None, "", ())
    ]
    assert (empty, len(told) > 0) == ([], True)


@pytest.mark.parametrize("name", NETWORKS)
def test_what_was_not_read_is_told(real_networks: Mapping[str, nx.Graph[str]], name: str) -> None:
    """Each network names the twelve province-level regions of which no text was read."""
    told = real_networks[name].graph
    assert told["name"] == name
    assert len(told["not_read"].split("、")) == len(told["not_read_en"].split(", ")) == 12
    assert "重庆（未读到）" in told["not_read"]
    assert "Hunan (picture)" in told["not_read_en"]
    assert all(told[key] for key in ("zh", "en", "limits", "limits_en"))


def test_networks_are_the_same_at_an_endpoint(
    tmp_path_factory: pytest.TempPathFactory,
    real_networks: Mapping[str, nx.Graph[str]],
    endpoint: Callable[[Path], str],
) -> None:
    """They are fed by saved questions alone, which any SPARQL service answers."""
    project = real_project(tmp_path_factory)
    url = endpoint(current(project.build).dataset)
    with KnowledgeGraph(project, None, open_remote(url), name=url) as remote:
        for name in ("full", "region-concept"):
            found, expected = remote.to_networkx(name), real_networks[name]
            assert sorted(found.nodes(data=True)) == sorted(expected.nodes(data=True))
            assert list(found.edges(data=True)) == list(expected.edges(data=True))


def test_a_network_is_the_same_each_time(graph: KnowledgeGraph) -> None:
    """Nodes and edges come in one order."""
    one, other = (graph.to_networkx("region-concept") for _ in range(2))
    assert list(one.nodes(data=True)) == list(other.nodes(data=True))
    assert list(one.edges(data=True)) == list(other.edges(data=True))


@pytest.mark.parametrize("name", ["", "whole", "x" * 10_000, "a\nb"])
def test_an_unknown_network_is_told_with_those_there_are(name: str) -> None:
    """On one short line, and before anything is asked."""

    def table(_: str) -> Table:
        pytest.fail("asked")

    with pytest.raises(
        UsageError, match="full region-concept region-region concept-concept"
    ) as caught:
        network(name, table)
    assert ("\n" in str(caught.value), len(str(caught.value)) < 400) == (False, True)


def test_what_has_no_label_is_called_by_its_code() -> None:
    """A graph with gaps has a network all the same."""
    tables: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
        "network-nodes": (("node", "class"), [("kgr:a", "kg:Region"), ("kgr:b", "kg:Region")]),
        "network-links": (("source", "property", "target"), [("kgr:a", "kg:member", "kgr:b")]),
    }

    def table(question: str) -> Table:
        columns, rows = tables.get(question, ((), []))
        return Table(columns, tuple(tuple(Term("literal", cell) for cell in row) for row in rows))

    found = network("full", table)
    assert nx.get_node_attributes(found, "label") == {"kgr:a": "kgr:a", "kgr:b": "kgr:b"}
    assert [told["label"] for _, _, told in found.edges(data=True)] == ["kg:member"]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_graph_of_nothing_has_networks_of_nothing(name: str) -> None:
    """No question has a row: no node, no edge, and no failure."""
    assert not network(name, lambda _: Table((), ())).nodes
