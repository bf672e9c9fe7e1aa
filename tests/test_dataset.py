"""A dataset is sorted canonical N-Quads without blank nodes, each triple in one graph."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from graph_fixtures import ROOT, TRICKY, small_dataset, small_nquads
from hypothesis import given
from hypothesis import strategies as st

from kg.dataset import Dataset, Origin, add_ontology, sha256
from kg.errors import KgError
from kg.names import ONTOLOGY_GRAPH, mint
from kg.triples import Triple

if TYPE_CHECKING:
    from pathlib import Path

S: Final = ox.NamedNode("http://example.org/s")
P: Final = ox.NamedNode("http://example.org/p")
GRAPH: Final = "http://example.org/g"
OTHER: Final = "http://example.org/h"

NAMED: Final = {
    "\b": r"\b",
    "\t": r"\t",
    "\n": r"\n",
    "\f": r"\f",
    "\r": r"\r",
    '"': r"\"",
    "\\": r"\\",
}
"""Characters with an escape of their own."""


def canonical(text: str) -> str:
    """Give a literal as canonical N-Quads have it (https://www.w3.org/TR/rdf-canon/#canonical-quads)."""

    def escape(char: str) -> str:
        number = ord(char)
        unprintable = number < 0x20 or number == 0x7F or number in {0xFFFE, 0xFFFF}
        return NAMED.get(char) or (f"\\u{number:04X}" if unprintable else char)

    return f'"{"".join(map(escape, text))}"'


def of(*terms: ox.NamedNode | ox.Literal, graph: str = GRAPH) -> Dataset:
    """Give a dataset with a triple for each object."""
    dataset = Dataset()
    dataset.add(graph, [Triple(S, P, term) for term in terms])
    return dataset


# --- lines --------------------------------------------------------------------------------------


def test_a_line_is_a_canonical_quad() -> None:
    """Terms are parted by one blank each, and the line ends with a blank, a dot and a line end."""
    assert of(ox.Literal("上海", language="zh")).lines() == [
        '<http://example.org/s> <http://example.org/p> "上海"@zh <http://example.org/g> .\n'
    ]


def test_a_string_has_no_datatype() -> None:
    """The datatype `xsd:string` is left out, any other is written."""
    xsd = "http://www.w3.org/2001/XMLSchema#"
    terms = [ox.Literal("1", datatype=ox.NamedNode(xsd + name)) for name in ("string", "integer")]
    objects = [line.split(" ")[2] for line in of(*terms).lines()]
    assert objects == ['"1"', f'"1"^^<{xsd}integer>']


def test_lines_are_sorted_by_their_bytes() -> None:
    """The order is that of UTF-8 bytes, in which a sign beyond the BMP comes after U+FFFD."""
    texts = ["\U00020bb7", "\ufffd", "一", "z", "é", "A", "a", "~"]
    lines = of(*map(ox.Literal, texts)).lines()
    found = [line.split('"')[1] for line in lines]
    assert found == ["A", "a", "z", "~", "é", "一", "\ufffd", "\U00020bb7"]


def test_the_order_of_adding_does_not_matter() -> None:
    """The same triples put in backwards give the same bytes."""
    backwards = Dataset()
    for triple, graph in reversed(small_dataset().graphs.items()):
        backwards.add(graph, [triple])
    assert backwards.nquads() == small_nquads()


def test_a_triple_added_twice_is_one_line() -> None:
    """What several records say alike stands once."""
    dataset = of(ox.Literal("a"))
    dataset.add(GRAPH, [Triple(S, P, ox.Literal("a"))])
    assert len(dataset.lines()) == 1


def test_the_bytes_are_the_lines() -> None:
    """The product is the lines joined, in UTF-8 without a byte-order mark."""
    assert small_nquads() == "".join(small_dataset().lines()).encode("utf-8")


def test_reading_the_text_back_gives_the_same_text() -> None:
    """Another reader of N-Quads finds the same quads, and each of them once."""
    quads = list(ox.parse(small_nquads(), format=ox.RdfFormat.N_QUADS))
    again = Dataset()
    for quad in quads:
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, ox.NamedNode | ox.Literal)
        assert isinstance(quad.graph_name, ox.NamedNode)
        again.add(quad.graph_name.value, [Triple(quad.subject, quad.predicate, quad.object)])
    assert (again.nquads(), len(quads)) == (small_nquads(), len(small_dataset().graphs))


# --- escapes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("char", [*NAMED, "\x00", "\x07", "\x0b", "\x1f", "\x7f", "\ufffe"])
def test_control_characters_are_escaped(char: str) -> None:
    """Quotes, backslashes and control characters have the escapes of the canonical form."""
    assert str(ox.Literal(f"a{char}b")) == canonical(f"a{char}b")


@pytest.mark.parametrize("char", ["\x80", "\u200b", "\u2028", "\ufeff", "é", "一", "𠮷", "🙂"])
def test_other_characters_stand_as_they_are(char: str) -> None:
    """Nothing else is escaped: not Chinese, not signs beyond the BMP, not what has no width."""
    assert str(ox.Literal(char)) == f'"{char}"'


@given(st.text())
def test_any_text_is_written_in_canonical_form(text: str) -> None:
    """Whatever the text, the literal is escaped by the rules and by them alone."""
    assert of(ox.Literal(text)).lines()[0].split(" ", 2)[2] == f"{canonical(text)} <{GRAPH}> .\n"


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    """Whatever the text, reading the line gives it back, and a line is one line."""
    data = of(ox.Literal(text)).nquads()
    (quad,) = ox.parse(data, format=ox.RdfFormat.N_QUADS)
    assert (quad.object, data.count(b"\n")) == (ox.Literal(text), 1)


def test_a_literal_with_line_breaks_is_one_line() -> None:
    """A quote over several lines of its text is one line of the dataset."""
    assert of(ox.Literal(TRICKY)).nquads().count(b"\n") == 1


# --- graphs -------------------------------------------------------------------------------------


def test_a_triple_in_two_graphs_fails() -> None:
    """A triple that stands in one graph cannot be put into another; the error names both."""
    dataset = of(ox.Literal("a"))
    with pytest.raises(KgError, match=f"stands in {GRAPH} and in {OTHER}"):
        dataset.add(OTHER, [Triple(S, P, ox.Literal("a"))])


def test_a_refused_triple_stays_where_it_was() -> None:
    """After the refusal the triple stands in its first graph."""
    dataset = of(ox.Literal("a"))
    with pytest.raises(KgError):
        dataset.add(OTHER, [Triple(S, P, ox.Literal("a"))])
    assert list(dataset.graphs.values()) == [GRAPH]


def test_alike_literals_may_stand_in_two_graphs() -> None:
    """Literals that differ by language or datatype are different triples."""
    dataset = of(ox.Literal("a", language="en"))
    dataset.add(OTHER, [Triple(S, P, ox.Literal("a"))])
    assert len(dataset.lines()) == 2


# --- origins ------------------------------------------------------------------------------------


@pytest.fixture
def placed() -> Dataset:
    """Give a dataset that knows where one claim comes from."""
    dataset = Dataset()
    dataset.origins[mint("claim", "hebei-a")] = Origin("claims/hebei.yaml", 7, "句子。")
    return dataset


@pytest.mark.parametrize("rest", ["", ".quantity.1", ".part.2", ".time.begin"])
def test_a_derived_node_comes_from_its_claim(placed: Dataset, rest: str) -> None:
    """A quantity, part or time leads back to the claim that it hangs on."""
    assert placed.origin(mint("claim", "hebei-a") + rest) == Origin(
        "claims/hebei.yaml", 7, "句子。"
    )


@pytest.mark.parametrize(
    "iri",
    ["", "https://w3id.org/dgkg/id/claim/hebei-b.quantity.1", "http://example.org/a.b.c"],
)
def test_an_unknown_node_has_no_origin(placed: Dataset, iri: str) -> None:
    """A node of another claim, or of another place, leads nowhere."""
    assert placed.origin(iri) is None


# --- ontology -----------------------------------------------------------------------------------


def ontology(folder: Path, turtle: str) -> Dataset:
    """Add an ontology of one file to an empty dataset."""
    (folder / "core.ttl").write_text(f"@prefix : <http://e/> .\n{turtle}", encoding="utf-8")
    dataset = Dataset()
    add_ontology(dataset, folder)
    return dataset


def test_the_ontology_is_a_graph_of_its_own(tmp_path: Path) -> None:
    """The triples of Turtle files go into the ontology's graph."""
    assert set(ontology(tmp_path, ':a :b "c"@en .').graphs.values()) == {ONTOLOGY_GRAPH}


def test_shapes_are_no_part_of_the_dataset(tmp_path: Path) -> None:
    """Turtle in a folder below is left out."""
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "claims.ttl").write_text("<http://e/a> a [] .", encoding="utf-8")
    assert len(ontology(tmp_path, ":a :b :c .").graphs) == 1


@pytest.mark.parametrize(
    "turtle", [":a :b [] .", "[] :b :c .", ":a :b [ :c :d ] .", ":a :b (1 2) .", "_:x :b :c ."]
)
def test_a_blank_node_in_the_ontology_is_refused(tmp_path: Path, turtle: str) -> None:
    """A blank node, as subject or object, is refused by the name of its file."""
    with pytest.raises(KgError, match=r"core\.ttl holds a blank node"):
        ontology(tmp_path, turtle)


def test_an_ontology_that_does_not_parse_is_told(tmp_path: Path) -> None:
    """A file that is no Turtle is refused by its name."""
    with pytest.raises(KgError, match=r"core\.ttl"):
        ontology(tmp_path, ":a :b .")


def test_the_ontology_has_no_blank_node() -> None:
    """The project's own ontology goes in, all of it IRIs and literals."""
    dataset = Dataset()
    add_ontology(dataset, ROOT / "ontology")
    assert not [line for line in dataset.lines() if "_:" in line.split('"')[0]]


def test_sha256_is_that_of_the_standard() -> None:
    """The checksum is SHA-256 in hexadecimal."""
    assert sha256("一网通办".encode()) == hashlib.sha256("一网通办".encode()).hexdigest()
