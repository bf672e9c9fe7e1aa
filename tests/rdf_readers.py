"""What independent readers find in a file of RDF, and a dataset that is hard to write."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.exports.grouping import Graph

__all__ = ["HOSTILE", "LONG", "by_oxigraph", "by_rdflib", "canonical", "lines"]

KG: Final = "https://w3id.org/dgkg/"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
LONG: Final = "长" * 34_000 + "\n" + "é" * 1_000
"""More than 100 kB of text."""

TEXTS: Final = (
    "", " ", "\n", "\r\n", "\t", "a .\nb", '"', "'", '"""', "\\", "\\n", "\b\f", "\x7f\x85",
    "\u2028", "\u202egnirts", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "=cmd()", "#",
    "@prefix x: <y> .", "\U0001f642\U00020bb7", "\ufeff", "</script>", "a | b", LONG,
    "".join(map(chr, range(1, 32))),
)  # fmt: skip
"""Texts that formats must escape, or that look like what they are not."""

IRIS: Final = (
    f"{KG}id/region/", f"{KG}id/region/a/b", f"{KG}id/region/a.", f"{KG}id/region/.a",
    f"{KG}id/region/a..b", f"{KG}id/region/-a", f"{KG}id/region/a'b(c)", f"{KG}id/region/a,b;c=d",
    f"{KG}id/region/%20a", f"{KG}id/region/a#b", f"{KG}id/region/a?b=c&d",
    f"{KG}id/region/上海", f"{KG}id/region/a~b!c$d*e+f", f"{KG}ontology#Region/x",
    f"{KG}ontology#1", f"{KG}ontology#type", "urn:a:b", "label:x", "kg:Region",
    "time:now", "mailto:a@example.org", "http://example.org/", "http://example.org/?q='x'", "http://例子.中国/路",
)  # fmt: skip
"""IRIs whose ends look like more than a name, or whose beginnings look like prefixes."""

TYPED: Final = (
    ("05", f"{XSD}integer"), ("+5", f"{XSD}integer"), ("99999999999999999999", f"{XSD}integer"),
    ("1", f"{XSD}boolean"), ("TRUE", f"{XSD}boolean"), ("1.50", f"{XSD}decimal"),
    ("1.", f"{XSD}decimal"), ("1e3", f"{XSD}double"), ("NaN", f"{XSD}double"),
    ("INF", f"{XSD}float"), ("2021-02-30", f"{XSD}date"), ("soon", f"{XSD}date"),
    ("2021", f"{XSD}gYear"), ("x", "urn:type"), ("x", f"{XSD}string"),
    ("<b>", "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML"),
)  # fmt: skip
"""Values whose form a reader might be tempted to change."""


def _hostile() -> list[ox.Quad]:
    """Give each oddity as a subject, property, value, class or graph."""
    here, link = ox.NamedNode(f"{KG}id/claim/x"), ox.NamedNode(f"{KG}ontology#quote")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    graphs: list[Graph] = [
        ox.DefaultGraph(),
        ox.NamedNode(f"{KG}graph/reference"),
        ox.NamedNode("label:graph"),
    ]
    nodes = list(map(ox.NamedNode, IRIS))
    literals = [ox.Literal(text) for text in TEXTS]
    literals += [
        ox.Literal(t, language=tag) for t in TEXTS[:9] for tag in ("zh", "en-gb", "zh-hant")
    ]
    literals += [ox.Literal(text, datatype=ox.NamedNode(iri)) for text, iri in TYPED]
    values: list[ox.Literal | ox.NamedNode] = [*literals, *nodes]
    quads = [ox.Quad(here, link, it, graphs[1]) for it in values]
    quads += [ox.Quad(it, kind, other, graphs[0]) for it, other in pairwise(nodes)]
    quads += [ox.Quad(it, it, it, graphs[2]) for it in nodes]
    twice: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]
    twice = [(here, kind, ox.NamedNode(f"{KG}ontology#Target")), (here, link, ox.Literal("x"))]
    return quads + [ox.Quad(*triple, graph) for triple in twice for graph in graphs]


HOSTILE: Final = ox.serialize(_hostile(), format=ox.RdfFormat.N_QUADS) or b""
"""A dataset of odd texts, IRIs, types and graphs, as N-Quads."""


def by_oxigraph(body: bytes, form: ox.RdfFormat) -> set[ox.Quad]:
    """Give the quads that Oxigraph reads."""
    return set(ox.parse(body, format=form))


def by_rdflib(body: bytes, form: str) -> set[str]:
    """Give the quads that rdflib reads, as N-Quads without the quads' order."""
    normal, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        dataset = rdflib.Dataset()
        with warnings.catch_warnings():  # its readers warn of what they use of rdflib itself
            warnings.simplefilter("ignore", DeprecationWarning)
            dataset.parse(data=body, format=form)
        return {
            " ".join(term.n3() for term in (*triple, graph) if term not in (None, NO_NAME))
            for *triple, graph in dataset.quads()
        }
    finally:
        rdflib.NORMALIZE_LITERALS = normal


NO_NAME: Final = DATASET_DEFAULT_GRAPH_ID


def lines(quads: Iterable[ox.Quad]) -> set[str]:
    """Give quads as rdflib writes them."""
    return by_rdflib(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"", "nquads")


def canonical(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Give quads with the one naming of their blank nodes that their shape allows."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)
