"""W3C's SPARQL 1.1 test suite as rdflib's source distribution has it, fetched when tests run.

Nothing of it is in this repository: `fetch` has pip download the distribution that
requirements/run.txt locks, by its hash, once for all processes and runs; `Suite` reads the
manifests (https://www.w3.org/2009/sparql/docs/tests/README.html) and the files of the cases.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Case", "Suite", "fetch"]

LOCK: Final = Path(__file__).parents[2] / "requirements" / "run.txt"

WITHIN: Final = "test/data/suites/w3c/sparql11/"
"""Where the suite is in the distribution."""

BASE: Final = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
"""The IRI of the suite's folder, which its own manifests use."""

CASES: Final = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?case ?kind (MIN(?name) AS ?title) ?query ?result
       (GROUP_CONCAT(DISTINCT COALESCE(STR(?d), "")) AS ?data)
       (GROUP_CONCAT(DISTINCT COALESCE(STR(?g), "")) AS ?graphs)
WHERE {
  ?manifest mf:entries/rdf:rest*/rdf:first ?case .
  ?case a ?kind ; mf:name ?name .
  OPTIONAL { ?case mf:action ?action }
  OPTIONAL { ?action qt:query ?q }
  OPTIONAL { ?action qt:data ?d }
  OPTIONAL { ?action qt:graphData ?g }
  OPTIONAL { ?case mf:result ?r }
  BIND(COALESCE(STR(?q), STR(?action), "") AS ?query)
  BIND(COALESCE(STR(?r), "") AS ?result)
}
GROUP BY ?case ?kind ?query ?result
ORDER BY ?case
"""

PATIENCE: Final = 300
"""Seconds that the download may take."""


@dataclass(frozen=True)
class Case:
    """A case: what is asked, over which files, and the file of what is expected, by their IRIs.

    `kind` is the class that the manifest gives it, without namespace; `title` its words for
    people. What a case does not have is empty.
    """

    name: str
    kind: str
    title: str
    query: str
    data: tuple[str, ...]
    graphs: tuple[str, ...]
    result: str


class Suite:
    """The cases of the suite, by the folders that hold them."""

    def __init__(self, root: Path) -> None:
        """Take the folder of the suite."""
        self.root = root

    def groups(self) -> set[str]:
        """Name the folders that hold cases."""
        return {manifest.parent.name for manifest in self.root.glob("*/manifest.ttl")}

    def cases(self, group: str) -> list[Case]:
        """Give the cases of a folder, in the order of their names."""
        store = ox.Store()
        store.extend(self.triples(f"{BASE}{group}/manifest.ttl"))
        rows = store.query(CASES)
        assert isinstance(rows, ox.QuerySolutions)
        names = [variable.value for variable in rows.variables]
        return [_case({name: row[name].value for name in names}) for row in rows]

    def path(self, iri: str) -> Path:
        """Give the file of an IRI."""
        return self.root / iri.removeprefix(BASE)

    def triples(self, iri: str) -> Iterator[ox.Quad]:
        """Read a file of RDF; its blank nodes are those of no other file."""
        path = self.path(iri)
        format_ = ox.RdfFormat.from_extension(path.suffix[1:])
        assert format_ is not None, f"no RDF: {path}"
        return ox.parse(path=path, format=format_, base_iri=iri, rename_blank_nodes=True)

    def dataset(self, iris: Iterable[str]) -> Iterator[ox.Quad]:
        """Read files, each into the graph of its IRI."""
        for iri in iris:
            graph = ox.NamedNode(iri)
            for quad in self.triples(iri):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _case(cells: dict[str, str]) -> Case:
    return Case(
        name=cells["case"].rpartition("#")[2],
        kind=cells["kind"].rpartition("#")[2],
        title=cells["title"],
        query=cells["query"],
        data=tuple(cells["data"].split()),
        graphs=tuple(cells["graphs"].split()),
        result=cells["result"],
    )


def fetch(cache: Path) -> Path:
    """Give the folder of the suite, downloaded below a cache unless it is there already.

    Raises:
        RuntimeError: the download fails.
    """
    requirement = _requirement()
    folder = cache / hashlib.sha256(requirement.encode()).hexdigest()[:16]
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest-xdist: one process downloads, the others wait
        if not folder.exists():
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            _unpack(_download(requirement, part), part / "suite")
            part.rename(folder)
    return folder / "suite"


def _requirement() -> str:
    """Give rdflib's version and hashes as they are locked."""
    locked = re.search(r"^rdflib==(?:.*\\\n)+.*$", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert locked, f"{LOCK} has no rdflib"
    return locked[0]


def _download(requirement: str, folder: Path) -> Path:
    """Have pip download and verify the source distribution.

    pip asks every source distribution for its metadata, which needs poetry-core: that comes from
    the lock file like all else, since what pip would fetch for a build of its own has no hash.
    """
    wanted = folder / "requirements.txt"
    wanted.write_text(requirement, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download"]
    options = ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--require-hashes"]
    done = subprocess.run(
        [*pip, *options, "--requirement", wanted, "--dest", folder],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode:
        raise RuntimeError(
            f"pip cannot download W3C's cases, which rdflib's source distribution has: "
            f"{done.stdout}{done.stderr}"
        )
    (archive,) = folder.glob("rdflib-*.tar.gz")
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack the suite alone."""
    whole = folder.with_name("whole")
    with tarfile.open(archive) as tar:
        members = [member for member in tar if WITHIN in member.name]
        tar.extractall(whole, members, filter="data")
    (top,) = whole.iterdir()
    (top / WITHIN).rename(folder)
    shutil.rmtree(whole)
    archive.unlink()
