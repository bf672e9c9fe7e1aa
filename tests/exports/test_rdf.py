"""Formats of RDF hold the same dataset, as other readers find it, and are the same each time."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, TypeVar

import pyoxigraph as ox
import pytest
from graph_fixtures import real_project, run_python
from rdf_readers import HOSTILE, by_oxigraph, by_rdflib, canonical, lines

from kg.exports.base import unwatched
from kg.exports.jsonld import write_jsonld
from kg.exports.rdf import write_nquads, write_trig, write_turtle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kg.exports.base import Watch

Item = TypeVar("Item")

WRITERS: Final[dict[str, tuple[Callable[[Path, Watch], Iterator[bytes]], ox.RdfFormat, str]]] = {
    "turtle": (write_turtle, ox.RdfFormat.TURTLE, "turtle"),
    "trig": (write_trig, ox.RdfFormat.TRIG, "trig"),
    "nquads": (write_nquads, ox.RdfFormat.N_QUADS, "nquads"),
    "jsonld": (write_jsonld, ox.RdfFormat.JSON_LD, "json-ld"),
}
"""Name -> what writes the format, and what Oxigraph and rdflib call it."""

PADDED: Final = re.compile(rb'"([+]5|05|99999999999999999999)"\^\^<[^>]*integer> ')
"""Whole numbers that rdflib's reader of Turtle writes anew."""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the real dataset."""
    return real_project(tmp_path_factory).build / "current" / "dataset.nq"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Give the dataset of oddities."""
    path = tmp_path / "hostile.nq"
    path.write_bytes(HOSTILE)
    return path


def exported(name: str, path: Path) -> bytes:
    """Give a dataset in a format."""
    return b"".join(WRITERS[name][0](path, unwatched))


def held(name: str, body: bytes) -> set[ox.Quad]:
    """Give what a format holds of a dataset: Turtle has no graphs."""
    quads = by_oxigraph(body, ox.RdfFormat.N_QUADS)
    return {ox.Quad(*quad.triple) for quad in quads} if name == "turtle" else quads


# --- the real dataset ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
def test_oxigraph_reads_the_same_dataset(real: Path, name: str) -> None:
    """Every quad, or every triple in Turtle, comes back, and no other."""
    found = by_oxigraph(exported(name, real), WRITERS[name][1])
    assert len(found) > 40_000
    assert found == held(name, real.read_bytes())


@pytest.mark.parametrize("name", WRITERS)
def test_rdflib_reads_the_same_dataset(real: Path, name: str) -> None:
    """An independent reader finds the same, term by term."""
    found = by_rdflib(exported(name, real), WRITERS[name][2])
    assert len(found) > 40_000
    assert found == lines(held(name, real.read_bytes()))


@pytest.mark.parametrize("name", WRITERS)
def test_the_bytes_are_the_same_each_time(real: Path, name: str) -> None:
    """Not even the order of hashing changes them."""
    code = (
        "import sys, hashlib\n"
        "from pathlib import Path\n"
        "from kg.exports.base import unwatched\n"
        f"from {WRITERS[name][0].__module__} import {WRITERS[name][0].__name__} as write\n"
        "print(hashlib.sha256(b''.join(write(Path(sys.argv[1]), unwatched))).hexdigest())\n"
    )
    runs = [
        run_python(code, str(real), environment={"PYTHONHASHSEED": seed}).stdout for seed in "12"
    ]
    expected = hashlib.sha256(exported(name, real)).hexdigest()
    assert [run.decode().strip() for run in runs] == [expected, expected]


@pytest.mark.parametrize("name", WRITERS)
def test_the_order_of_lines_does_not_matter(real: Path, tmp_path: Path, name: str) -> None:
    """The same quads in another order give the same file, N-Quads apart."""
    rows = real.read_bytes().splitlines(keepends=True)
    other = tmp_path / "other.nq"
    other.write_bytes(b"".join(rows[::-1]))
    same = exported(name, other) == exported(name, real)
    assert same == (name != "nquads")


def test_nquads_is_the_file_itself(real: Path) -> None:
    """The master is copied byte for byte."""
    assert exported("nquads", real) == real.read_bytes()


def test_turtle_is_grouped_by_class(real: Path) -> None:
    """Headings in both languages stand above things of the class, which say it first."""
    text = exported("turtle", real).decode()
    heading = (
        "# ============ 平台概念 · Platform concept (kg:PlatformConcept): 290 ============\n\n"
    )
    assert text.count(heading) == 1
    group = text.partition(heading)[2].partition("# =")[0]
    things = [it for it in group.split("\n\n") if it.strip()]
    assert len(things) == 290
    assert all(
        re.match(r"kgc:\S+ a [^;]*kg:PlatformConcept[^;]* ;\n\tskos:prefLabel ", it)
        for it in things
    )
    assert [it.split(" ")[0] for it in things] == sorted(it.split(" ")[0] for it in things)


def test_trig_names_its_graphs(real: Path) -> None:
    """A class stands in each graph that holds things of it, under that graph's name."""
    text = exported("trig", real).decode()
    graph = "<https://w3id.org/dgkg/graph/reference>"
    assert f"(kg:Region): 44 {graph} ====" in text
    assert f"\n{graph} {{\n\tkgr:anhui a " in text


def test_prefixes_are_those_in_use(real: Path) -> None:
    """Every prefix that is declared is used, by the alphabet."""
    text = exported("turtle", real).decode()
    names = re.findall(r"^@prefix (\w+): ", text, re.MULTILINE)
    assert names == sorted(names)
    body = text.partition("\n\n")[2]
    assert [name for name in names if not re.search(rf"[\s(]{name}:|\^\^{name}:", body)] == []


@pytest.mark.parametrize("name", WRITERS)
def test_it_comes_in_pieces(real: Path, name: str) -> None:
    """No piece is a large part of the file, and whoever looks on sees each go by."""
    seen: list[object] = []

    def watch(items: Sequence[Item]) -> Iterator[Item]:
        for item in items:
            seen.append(item)
            yield item

    sizes = [len(piece) for piece in WRITERS[name][0](real, watch)]
    assert len(seen) > 20
    assert max(sizes) < sum(sizes) / 4


# --- oddities -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
def test_oddities_come_back_by_oxigraph(hostile: Path, name: str) -> None:
    """Odd texts, languages, datatypes, IRIs and graphs are the same terms again."""
    found = by_oxigraph(exported(name, hostile), WRITERS[name][1])
    assert len(found) > 90
    assert found == held(name, HOSTILE)


@pytest.mark.parametrize("name", WRITERS)
def test_oddities_come_back_by_rdflib(tmp_path: Path, name: str) -> None:
    """An independent reader finds them too."""
    plain = b"".join(row for row in HOSTILE.splitlines(keepends=True) if not PADDED.search(row))
    path = tmp_path / "plain.nq"
    path.write_bytes(plain)
    found = by_rdflib(exported(name, path), WRITERS[name][2])
    assert len(found) > 90
    assert found == lines(held(name, plain))


BLANK: Final = b"""
_:a <urn:p> _:b <urn:g> .
_:b <urn:p> _:a <urn:g> .
_:b <urn:p> "x" _:g .
_:c <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> _:a .
_:c <https://w3id.org/dgkg/ontology#part> _:d .
_:d <https://w3id.org/dgkg/ontology#part> _:e .
_:e <https://w3id.org/dgkg/ontology#part> _:d .
"""


@pytest.mark.parametrize("name", WRITERS)
def test_blank_nodes_come_back(tmp_path: Path, name: str) -> None:
    """Ours has none; another's dataset keeps them, also as graphs and in rings."""
    path = tmp_path / "blank.nq"
    path.write_bytes(BLANK)
    found = by_oxigraph(exported(name, path), WRITERS[name][1])
    assert canonical(found) == canonical(held(name, BLANK))


@pytest.mark.parametrize("name", WRITERS)
def test_nothing_is_a_file_too(tmp_path: Path, name: str) -> None:
    """An empty dataset gives a file that can be read."""
    path = tmp_path / "empty.nq"
    path.write_bytes(b"")
    assert by_oxigraph(exported(name, path), WRITERS[name][1]) == set()
