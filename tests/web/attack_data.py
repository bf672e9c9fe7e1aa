"""Datasets that are hostile themselves: labels, texts and IRIs that somebody once may put in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from graph_fixtures import TRICKY, small_nquads, small_project

from kg.names import PREFIXES
from kg.release import write_release

if TYPE_CHECKING:
    from pathlib import Path

    from kg.project import Project

__all__ = [
    "EVERY_SIGN",
    "LABEL",
    "NOT_IN_XML",
    "TEXTS",
    "hostile_file",
    "hostile_project",
]

LABEL: Final = (
    '</td></title></style>"\'><script src=//evil>alert("随")</script>\n\u202e<img onerror=x>'
)
"""A label that a page must not run, reorder or break at."""

NAMES: Final = ("“随申办”", "一网通办", "一网通办理", "陕西", "Shaanxi", "第一份")
"""Labels of the small graph that become hostile."""

TEXTS: Final = (
    LABEL,
    "]]><script>alert(1)</script><![CDATA[",
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
    '{"a": "</script><script>alert(1)</script>"}',
    "&lt;script&gt; &amp;amp; &#0;",
    "line\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "\u2028\u2029\u202e\u2066\ufeff\u00a0\u200b",
)
"""Texts of a data file."""

NOT_IN_XML: Final = ("\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff")
"""Signs that RDF has and XML has not."""

EVERY_SIGN: Final = (
    "".join(
        chr(code) for code in (*range(0x20, 0x3000), *range(0xD700, 0xD800), *range(0xE000, 0xE010))
    )
    + "\t\n\r\x7f\x85\ufffd\U00010000\U0010ffff𠮷🙂"
)
"""Signs of all kinds that XML has."""

IRIS: Final = (
    "javascript:alert(1)",
    "data:text/html,<b>".replace("<b>", "b"),
    "file:///etc/passwd",
)
"""IRIs that nothing may link."""


def hostile_project(folder: Path) -> Project:
    """Give the small project with a release of hostile labels."""
    project = small_project(folder)
    escaped = json.dumps(LABEL)[1:-1]
    nquads = small_nquads().decode()
    for name in NAMES:
        for language in ("zh", "en"):
            nquads = nquads.replace(f'"{name}"@{language}', f'"{name}{escaped}"@{language}')
    graph = ox.NamedNode("https://w3id.org/dgkg/graph/reference")
    thing = ox.NamedNode(f"{PREFIXES['kgr']}shaanxi")
    same = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso")
    quads = [ox.Quad(thing, same, ox.NamedNode(iri), graph) for iri in IRIS]
    more = "".join(f"{quad} .\n" for quad in quads)
    lines = sorted((nquads + more).encode().splitlines(keepends=True))
    write_release(project.build, b"".join(lines), {})
    return project


def hostile_file(folder: Path) -> Path:
    """Write a data file of hostile texts, one by one with `<urn:text> <urn:is>`."""
    graph, said = ox.NamedNode("urn:graph"), ox.NamedNode("urn:is")
    tricky = (f"{PREFIXES['kgg']}tricky", f"{PREFIXES['kg']}text", TRICKY)
    quads = [ox.Quad(ox.NamedNode(tricky[0]), ox.NamedNode(tricky[1]), ox.Literal(tricky[2]))]
    texts = {"every": EVERY_SIGN, **{f"text{at}": text for at, text in enumerate(TEXTS)}}
    texts |= {f"sign{at}": sign for at, sign in enumerate(NOT_IN_XML)}
    for name, text in texts.items():
        quads.append(ox.Quad(ox.NamedNode(f"urn:{name}"), said, ox.Literal(text), graph))
        quads.append(ox.Quad(ox.NamedNode(f"urn:{name}"), said, ox.Literal(text)))
    script = ox.NamedNode("javascript:alert(1)")
    quads.append(ox.Quad(script, script, script))
    path = folder / "hostile.nq"
    ox.serialize(quads, str(path), format=ox.RdfFormat.N_QUADS)
    return path
