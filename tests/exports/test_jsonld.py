"""JSON-LD of the dataset: evidence stands inside its claim, and nothing is lost by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import pytest
from graph_fixtures import real_project
from rdf_readers import by_oxigraph

from kg.context import context_document
from kg.exports.base import unwatched
from kg.exports.jsonld import write_jsonld
from kg.names import ID, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

SOURCE: Final = "https://w3id.org/dgkg/graph/source/2021-provincial-roundup"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 -- any JSON
    """Give the real dataset as a document."""
    return written(real_project(tmp_path_factory).build / "current" / "dataset.nq")


def written(path: Path) -> Any:  # noqa: ANN401 -- any JSON
    """Give a dataset as a document."""
    return json.loads(b"".join(write_jsonld(path, unwatched)))


def things(document: Any, graph: str = SOURCE) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    """Give the things that stand by themselves in a graph."""
    (found,) = [it["@graph"] for it in document["@graph"] if it["@id"] == graph]
    return {it["@id"]: it for it in found}


def test_a_claim_holds_its_quote(document: Any) -> None:  # noqa: ANN401 -- any JSON
    """The words of a claim and their place are read without following a link."""
    claim = things(document)["kgcl:anhui-2022"]
    assert claim["prefLabel"] == {"en": "By the end of 2022", "zh": "到2022年底"}
    assert claim["latest"] == "2022-12-31"
    position, quote = claim["evidence"]["hasSelector"]
    assert (quote["exact"], position["oaStart"]) == ("到2022年底", 3376)


def test_only_what_belongs_to_one_thing_stands_inside(document: Any) -> None:  # noqa: ANN401
    """Evidence, selectors, quantities and times have no place of their own; mentions do."""
    kinds = {kind for it in things(document).values() for kind in _list(it["@type"])}
    assert kinds & {"Evidence", "TextQuoteSelector", "Quantity", "Instant"} == set()
    assert {"Claim", "Mention", "Passage", "SourceDocument", "Gap"} <= kinds


def _list(value: Any) -> list[Any]:  # noqa: ANN401 -- any JSON
    return value if isinstance(value, list) else [value]


def test_the_context_is_ours(document: Any) -> None:  # noqa: ANN401 -- any JSON
    """It is that of any document, so that keys mean the same everywhere."""
    assert document["@context"] == json.loads(context_document())["@context"]


def test_things_stand_by_class(document: Any) -> None:  # noqa: ANN401 -- any JSON
    """Of one graph, things of one class stand together."""
    kinds = [_list(it["@type"])[-1] for it in things(document).values()]
    changes = [one for one, other in zip(kinds, [*kinds[1:], ""], strict=True) if one != other]
    assert len(changes) == len(set(changes))


def nquads(*triples: str) -> bytes:
    """Give triples of claims, as N-Quads: `a part b`."""
    rows = (row.split(" ") for row in triples)
    return "".join(
        f"<{ID}claim/{it}> <{PREFIXES['kg']}{link}> <{ID}claim/{other}> .\n"
        for it, link, other in rows
    ).encode()


ROWS: Final = {
    "held": (["a part b", "b part c"], {"a", "c"}),
    "twice": (["a part b", "x part b", "b theme y"], {"a", "b", "x"}),
    "led to otherwise": (["a part b", "x theme b", "b theme y"], {"a", "b", "x"}),
    "twice by one": (["a part b", "a evidence b", "b theme y"], {"a", "b"}),
    "ring": (["a part b", "b part a"], {"a"}),
    "ring of one": (["a part a"], {"a"}),
    "tail on a ring": (["a part b", "b part a", "x part y", "y theme a"], {"a", "x"}),
}
"""Triples, and the things that stand by themselves."""


@pytest.mark.parametrize("name", ROWS)
def test_what_stands_inside_is_told_once(tmp_path: Path, name: str) -> None:
    """Whoever owns whom, every triple is there once."""
    rows, outer = ROWS[name]
    path = tmp_path / "x.nq"
    path.write_bytes(nquads(*rows))
    document = written(path)
    found = {it["@id"].removeprefix("kgcl:") for it in document["@graph"]}
    assert found == outer - {"c"}
    body = json.dumps(document).encode()
    assert by_oxigraph(body, ox.RdfFormat.JSON_LD) == by_oxigraph(
        path.read_bytes(), ox.RdfFormat.N_QUADS
    )


def test_a_long_chain_is_cut(tmp_path: Path) -> None:
    """Things inside things inside things would be too deep for readers of JSON."""
    path = tmp_path / "chain.nq"
    path.write_bytes(nquads(*(f"c{at:04} part c{at + 1:04}" for at in range(2000))))
    document = written(path)
    assert len(document["@graph"]) > 200
    body = json.dumps(document).encode()
    assert len(by_oxigraph(body, ox.RdfFormat.JSON_LD)) == 2000
