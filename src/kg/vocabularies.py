"""Namespaces of the vocabularies that dataset and descriptions use, and their nodes."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from kg.names import PREFIXES, ROOT

__all__ = ["VOCABULARIES", "node"]

VOCABULARIES: Final[dict[str, str]] = {
    **PREFIXES,
    "dataset": f"{ROOT}.well-known/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "ent": "http://www.w3.org/ns/entailment/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
    "language": "http://id.loc.gov/vocabulary/iso639-1/",
    "media": "https://www.iana.org/assignments/media-types/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
"""Prefix -> namespace of all that the descriptions use."""


def node(name: str) -> ox.NamedNode:
    """Give the node of a CURIE of these vocabularies, or of an IRI.

    >>> node("void:Dataset")
    <NamedNode value=http://rdfs.org/ns/void#Dataset>
    """
    prefix, colon, local = name.partition(":")
    namespace = VOCABULARIES.get(prefix) if colon else None
    return ox.NamedNode(name if namespace is None else namespace + local)
