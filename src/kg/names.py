"""The IRIs of the graph: prefixes, minting, shortening. Nowhere else is an IRI put together."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = [
    "GRAPH",
    "ID",
    "KEY",
    "KINDS",
    "KIND_OF_CLASS",
    "NAMING",
    "ONTOLOGY_GRAPH",
    "PREFIXES",
    "REFERENCE_GRAPH",
    "ROOT",
    "SEARCHED",
    "SPARQL_HEAD",
    "expand",
    "graph_of_source",
    "mint",
    "shorten",
]

ROOT: Final = "https://w3id.org/dgkg/"
ID: Final = ROOT + "id/"
GRAPH: Final = ROOT + "graph/"

KEY: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
"""What a key looks like."""

KINDS: Final[dict[str, str]] = {
    "region": "kgr",
    "concept": "kgc",
    "platform": "kgp",
    "initiative": "kgi",
    "claim": "kgcl",
    "source": "kgs",
    "passage": "kgt",
    "evidence": "kge",
    "mention": "kgm",
    "gap": "kgg",
}
"""Kind of thing -> its prefix."""

SEARCHED: Final = (
    "region", "concept", "platform", "initiative", "claim", "part", "section", "source",
    "passage", "gap",
)  # fmt: skip
"""Kinds of thing that are searched; of equal hits the first comes first."""

PREFIXES: Final[dict[str, str]] = {
    "kg": ROOT + "ontology#",
    "kgsh": ROOT + "shapes#",
    **{prefix: f"{ID}{kind}/" for kind, prefix in KINDS.items()},
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "unit": "http://qudt.org/vocab/unit/",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

KIND_OF_CLASS: Final = {
    "kg:Region": "region",
    "kg:PlatformConcept": "concept",
    "kg:Platform": "platform",
    "kg:Initiative": "initiative",
    "kg:Claim": "claim",
    "kg:SourceDocument": "source",
    "kg:Gap": "gap",
}
"""Class that names are looked up in -> kind of its keys, in the order of preference."""

NAMING: Final = {
    "skos:prefLabel": "label",
    "skos:altLabel": "variant",
    "kg:officialName": "variant",
    "kg:abbreviation": "variant",
    "kg:brand": "variant",
    "schema:slogan": "variant",
    "skos:notation": "code",
    "skos:hiddenLabel": "pinyin",
}
"""Property that names things -> what kind of name it is."""

SPARQL_HEAD: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
"""Every prefix declared, to put before a query."""

REFERENCE_GRAPH: Final = GRAPH + "reference"
ONTOLOGY_GRAPH: Final = GRAPH + "ontology"


def graph_of_source(source: str) -> str:
    """Give the named graph that holds what one source says.

    >>> graph_of_source("2021-provincial-roundup")
    'https://w3id.org/dgkg/graph/source/2021-provincial-roundup'
    """
    return f"{GRAPH}source/{source}"


def mint(kind: str, *keys: str | int) -> str:
    """Give the IRI of a thing from its kind and the keys that it is built from.

    >>> mint("mention", "roundup.hebei", 3, "zheng-wu-yun")
    'https://w3id.org/dgkg/id/mention/roundup.hebei.3.zheng-wu-yun'
    """
    return PREFIXES[KINDS[kind]] + ".".join(str(key) for key in keys)


def expand(name: str) -> str:
    """Give the IRI of a CURIE; anything else comes back as it is.

    >>> expand("kgr:hebei")
    'https://w3id.org/dgkg/id/region/hebei'
    >>> expand("https://example.org/")
    'https://example.org/'
    """
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return name


@lru_cache(maxsize=1 << 16)
def shorten(iri: str) -> str:
    """Give the CURIE of an IRI, or the IRI itself where no prefix fits.

    >>> shorten("https://w3id.org/dgkg/id/region/hebei")
    'kgr:hebei'
    """
    fits = [(len(ns), prefix) for prefix, ns in PREFIXES.items() if iri.startswith(ns)]
    if not fits:
        return iri
    length, prefix = max(fits)
    return f"{prefix}:{iri[length:]}"
