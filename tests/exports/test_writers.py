"""What all writers of networks have in common: bytes, places, pieces, and the real networks."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import pytest
from graph_fixtures import run_python
from made_networks import prepared_of
from network_readers import READERS, expected
from network_samples import WRITERS, sample, sample_graph, undirected, written

from kg.exports.base import unwatched
from kg.exports.mermaid import write_mermaid
from kg.exports.network import Network, prepared
from kg.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS: Final = tuple(WRITERS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("network", [sample(), undirected()])
def test_bytes_are_the_same_twice(form: str, network: Network) -> None:
    """A network gives the same bytes whenever it is written."""
    assert written(form, network) == written(form, network)


@pytest.mark.parametrize("form", FORMS)
def test_order_of_insertion_does_not_matter(form: str) -> None:
    """A graph gives the same bytes however its nodes, edges and values were added."""
    assert written(form, prepared(sample_graph(backwards=True))) == written(form, sample())


DIGESTS: Final = """
import hashlib, json, network_samples as samples
from kg.exports.base import unwatched
from kg.exports.mermaid import write_mermaid
files = {form: samples.written(form, samples.sample()) for form in samples.WRITERS}
files["mermaid"] = b"".join(write_mermaid(samples.sample(), unwatched))
print(json.dumps({form: hashlib.sha256(data).hexdigest() for form, data in files.items()}))
"""


@pytest.mark.parametrize("seed", ["1", "2", "4711"])
def test_hashes_do_not_matter(seed: str) -> None:
    """Another process, in which sets have another order, gives the same bytes."""
    folder = __file__.rpartition("/")[0]
    done = run_python(DIGESTS, environment={"PYTHONHASHSEED": seed, "PYTHONPATH": folder})
    assert done.returncode == 0, done.stderr.decode()
    files = {form: written(form, sample()) for form in FORMS}
    files["mermaid"] = b"".join(write_mermaid(sample(), unwatched))
    assert json.loads(done.stdout) == {
        form: hashlib.sha256(data).hexdigest() for form, data in files.items()
    }


@pytest.mark.parametrize("form", FORMS)
def test_places_are_the_same_in_all_formats(form: str) -> None:
    """Each format tells the same places."""
    network = sample()
    assert READERS[form](written(form, network), network).places == {
        "kgc:yi-wang-tong-ban": (110.25, 40.0),
        "kgcl:lonely": (-5.0, 0.0),
        "kgr:shanghai": (10.0, -20.5),
    }


@pytest.mark.parametrize("form", FORMS)
def test_pieces_are_neither_many_nor_large(form: str) -> None:
    """A file comes in pieces of some 64 kB, so that a large one is never whole in memory."""
    graph = nx.empty_graph(0)
    for at in range(3000):
        graph.add_node(f"n{at:04}", x=at, y=0, label="字" * 20)
    sizes = [len(piece) for piece in WRITERS[form](prepared(graph), unwatched)]
    assert len(sizes) > 2
    assert max(sizes) < 300_000
    assert sum(sizes) / len(sizes) > 20_000


@pytest.mark.parametrize("form", FORMS)
def test_someone_may_look_on(form: str) -> None:
    """A progress bar sees each node and each edge once."""
    seen: list[int] = []

    def watch(items: Any) -> Any:  # noqa: ANN401 -- nodes or edges
        seen.append(len(items))
        return items

    assert b"".join(WRITERS[form](sample(), watch)) == written(form, sample())
    assert seen == [3, 4]


# --- the real networks --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Network]:
    """Give a function that gives a network of the real release."""
    return partial(prepared_of, tmp_path_factory)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NETWORKS)
def test_real_networks_come_back(form: str, name: str, real: Callable[[str], Network]) -> None:
    """Every node, edge, value and place of every network of the release is in every format."""
    network = real(name)
    assert len(network.nodes) > 20
    assert len(network.edges) > 100
    assert READERS[form](written(form, network), network) == expected(form, network)


@pytest.mark.parametrize("form", FORMS)
def test_the_real_network_leads_to_its_sentences(form: str, real: Callable[[str], Network]) -> None:
    """Who states 一网通办 is told with weight and sentences, nine times."""
    network = real("region-concept")
    found = READERS[form](written(form, network), network)
    assert found.nodes["kgc:yi-wang-tong-ban"]["label"] == "一网通办"
    edges = [edge for edge in found.edges if edge[1] == "kgc:yi-wang-tong-ban"]
    assert len(edges) == 9
    for _, _, values in edges:
        assert float(values["weight"]) >= 1
        assert "一网通办" in str(values["quotes"])
