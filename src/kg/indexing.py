"""Writes the search index of a dataset: every thing, what it is called, and its texts."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.errors import ReleaseError
from kg.folding import fold, tokens
from kg.index import SCHEMA, VERSION, no_fts5
from kg.names import KIND_OF_CLASS, NAMING, SEARCHED, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["write_index"]

INDEXED: Final = {
    **KIND_OF_CLASS,
    "kg:FrameworkPart": "part",
    "kg:Section": "section",
    "kg:Passage": "passage",
    "kg:Value": "value",
}
"""Class -> kind of what is indexed; values are listed for completion and not searched."""

FIELDS: Final = {
    **{name: "variant" if kind == "code" else kind for name, kind in NAMING.items()},
    "kg:phase": "variant",
    "kg:text": "sentence",
    "skos:definition": "definition",
}
"""Property of a thing -> where its values are found; quotes lie some steps further."""

Text: TypeAlias = tuple[str, str, int | None]
"""Where it is found, the text, and the line of the source on which it begins, if it is a quote."""
Labels: TypeAlias = tuple[str | None, str | None]
"""In Chinese and in English."""


class _Dataset:
    """The subjects of a dataset, each with its properties as CURIEs."""

    def __init__(self, nquads: bytes) -> None:
        curie = lru_cache(maxsize=None)(shorten)
        self.nodes: dict[str, dict[str, list[NamedNode | Literal]]] = {}
        for quad in parse(nquads, format=RdfFormat.N_QUADS):
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                node = self.nodes.setdefault(subject.value, defaultdict(list))
                node[curie(quad.predicate.value)].append(value)

    def all(self, iri: str, *properties: str) -> list[str]:
        """Give the values of some properties as texts, sorted within each."""
        node = self.nodes.get(iri, {})
        return [text for p in properties for text in sorted(v.value for v in node.get(p, ()))]

    def labels(self, iri: str, property_: str = "skos:prefLabel") -> Labels:
        """Give the label in Chinese and in English."""
        found = [v for v in self.nodes.get(iri, {}).get(property_, ()) if isinstance(v, Literal)]
        zh, en = (
            min((v.value for v in found if v.language == language), default=None)
            for language in ("zh", "en")
        )
        return zh, en

    def lines(self, *iris: str) -> list[int]:
        """Give the lines of the source on which sections, passages or evidence begin."""
        return sorted(int(line) for iri in iris for line in self.all(iri, "kg:firstLine"))

    def regions(self, iri: str) -> list[str]:
        """Give the regions that a thing is of or speaks about."""
        own = self.all(iri, "kg:aboutRegion", "kg:ofRegion")
        sections = self.all(iri, "kg:inSection")
        return own or [region for s in sections for region in self.all(s, "kg:aboutRegion")]


def _texts(data: _Dataset, iri: str) -> Iterator[Text]:
    """Give the texts of a thing; of several that have the same letters only the first."""
    given: list[Text] = [(p, t, None) for name, p in FIELDS.items() for t in data.all(iri, name)]
    for evidence in data.all(iri, "kg:evidence"):
        line = next(iter(data.lines(evidence)), None)
        for selector in data.all(evidence, "oa:hasSelector"):
            given += [("quote", text, line) for text in data.all(selector, "oa:exact")]
    seen: set[tuple[str, str]] = set()
    for place, text, line in given:
        written = (place, fold(text).replace(" ", ""))
        if written[1] and written not in seen:
            seen.add(written)
            yield place, text, line


def _called(data: _Dataset, iri: str, kind: str, line: int | None) -> Labels:
    """Give what a thing is called; a sentence has no label and is called by its place."""
    if kind != "passage":
        return data.labels(iri)
    where = [data.labels(region) for region in data.regions(iri)]
    zh = "、".join(zh for zh, _ in where if zh)
    en = ", ".join(en for _, en in where if en)
    return f"{zh}第 {line} 行", f"{en}, line {line}".removeprefix(", ")


def _class_labels(data: _Dataset, iri: str) -> Labels:
    """Give what the class of a thing is called; a claim has a class of its own kind besides."""
    classes = data.all(iri, "rdf:type")
    ours = [c for c in classes if shorten(c).startswith("kg:")]
    return data.labels(next((c for c in ours if shorten(c) != "kg:Claim"), ours[0]), "rdfs:label")


def _things(data: _Dataset) -> list[tuple[str, str, list[str]]]:
    """Give each thing to index with its kind and its classes as CURIEs, sorted by kind and IRI."""
    found = []
    for iri in data.nodes:
        classes = [shorten(class_) for class_ in data.all(iri, "rdf:type")]
        kind = next((k for class_, k in INDEXED.items() if class_ in classes), None)
        if kind:
            found.append((iri, kind, classes))
    order = {kind: place for place, kind in enumerate((*SEARCHED, "value"))}
    return sorted(found, key=lambda thing: (order[thing[1]], thing[0]))


def _fill(connection: sqlite3.Connection, data: _Dataset) -> None:
    for identity, (iri, kind, classes) in enumerate(_things(data), start=1):
        quoted = data.all(iri, "kg:evidence", "kg:inPassage")
        line = next(iter([*data.lines(iri), *data.lines(*quoted)]), None)
        called = _called(data, iri, kind, line)
        regions, sources = data.regions(iri), data.all(iri, "kg:inSource")
        region, source = (next(iter(i), None) if len(i) == 1 else None for i in (regions, sources))
        scheme = [shorten(s) for s in data.all(iri, "skos:inScheme") if kind == "value"]
        row = (
            identity, iri, kind, f" {' '.join(classes)} ", next(iter(scheme), None), *called,
            *_class_labels(data, iri), region, *data.labels(region or ""),
            source, *data.labels(source or ""), line,
        )  # fmt: skip
        connection.execute(f"INSERT INTO thing VALUES ({','.join('?' * len(row))})", row)  # noqa: S608 -- only marks
        names = [*called, *(label for r in regions for label in data.labels(r))]
        context = tokens(fold(" ".join(filter(None, names))).replace(" ", ""))
        for place, text, at in _texts(data, iri):
            folded = fold(text)
            added = connection.execute(
                "INSERT INTO text (thing, field, text, folded, line) VALUES (?, ?, ?, ?, ?)",
                (identity, place, text, folded, at),
            )
            if kind in SEARCHED:
                connection.execute(
                    "INSERT INTO words (rowid, body, context) VALUES (?, ?, ?)",
                    (added.lastrowid, tokens(folded.replace(" ", "")), context),
                )


def write_index(path: Path, nquads: bytes, dataset: str) -> str:
    """Write the search index of a dataset, and give the SHA-256 of the file.

    Args:
        path: the file, written anew if there is one; whoever calls renames it and writes the
            seal (`index.SEAL`).
        nquads: the dataset as N-Quads.
        dataset: its SHA-256, which the index repeats.

    Raises:
        ReleaseError: SQLite has no FTS5, or the file cannot be written.
    """
    path.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {SCHEMA}")
            meta = {"dataset": dataset, "version": VERSION}
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            _fill(connection, _Dataset(nquads))
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")
            connection.commit()
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        if "fts5" in str(error):
            raise no_fts5() from error
        raise ReleaseError(
            f"无法写入检索索引：{error}", f"cannot write the search index: {error}"
        ) from error
    return hashlib.sha256(path.read_bytes()).hexdigest()
