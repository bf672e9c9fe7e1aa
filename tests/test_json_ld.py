"""JSON-LD with short keys tells the same triples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import rdflib
from graph_fixtures import HEAD
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.parsers.jsonld import to_rdf

from kg.context import TERMS, context_document
from kg.json_ld import compacted
from kg.names import expand
from kg.nodes import grouped, ordered

if TYPE_CHECKING:
    from collections.abc import Iterable


def triples(turtle: str) -> list[ox.Triple]:
    """Read triples, with all prefixes declared."""
    head = HEAD.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
    quads = ox.parse((head + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return [quad.triple for quad in quads]


def written(found: Iterable[ox.Triple]) -> bytes:
    """Give triples as JSON-LD."""
    return compacted(ordered(grouped(found)))


def by_oxigraph(body: bytes) -> set[ox.Triple]:
    """Give what Oxigraph reads in a document."""
    return {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.JSON_LD)}


def by_rdflib(document: Any) -> set[str]:  # noqa: ANN401 -- any JSON
    """Give what rdflib reads in a document, as N-Triples."""
    graph = rdflib.Graph()
    to_rdf(document, graph)
    return lines(graph)


def lines(graph: rdflib.Graph) -> set[str]:
    """Give the triples of a graph as N-Triples, texts as they are written."""
    return {" ".join(term.n3() for term in triple) for triple in graph}


def test_the_context_stands_for_that_of_any_document() -> None:
    """A document means the same with the whole context in place of its own."""
    found = triples(
        'kgr:x a kg:Region ; skos:prefLabel "甲"@zh , "x"@en ; kg:count 3 ; kg:isHeading true ;'
        ' kg:level kg:level-province ; kg:latest "2021-01-01"^^xsd:date ;'
        ' skos:notation "1"^^kg:GB2260 .'
    )
    document = json.loads(written(found))
    whole = {**document, "@context": json.loads(context_document())["@context"]}
    assert by_rdflib(whole) == by_rdflib(document)
    assert by_oxigraph(json.dumps(whole).encode()) == set(found)


# --- what is written ----------------------------------------------------------------------------


def test_keys_are_short_and_values_bare() -> None:
    """The usual is as a reader of JSON would write it."""
    found = triples(
        "kgcl:x a kg:Claim , kg:Target ; kg:aboutRegion kgr:y ; kg:theme kg:a , kg:b ;"
        ' skos:prefLabel "甲"@zh , "x"@en ; skos:altLabel "乙"@zh , "丙"@zh ; kg:start 12 ;'
        ' kg:fromHeading false ; kg:latest "2021-12-31"^^xsd:date ; qudt:numericValue 99.5 ;'
        ' oa:start 3 ; skos:hiddenLabel "jia" ; skos:notation "310000"^^kg:GB2260 .'
    )
    document = json.loads(written(found))
    assert document["@graph"] == [
        {
            "@id": "kgcl:x",
            "@type": ["Claim", "Target"],
            "prefLabel": {"zh": "甲", "en": "x"},
            "numericValue": "99.5",
            "altLabel": {"zh": ["丙", "乙"]},
            "hiddenLabel": "jia",
            "notation": {"@type": "kg:GB2260", "@value": "310000"},
            "oaStart": 3,
            "aboutRegion": "kgr:y",
            "fromHeading": False,
            "latest": "2021-12-31",
            "start": 12,
            "theme": ["kg:a", "kg:b"],
        }
    ]
    assert set(document["@context"]) == {
        "kg", "kgcl", "kgr", "Claim", "Target", "prefLabel", "numericValue", "altLabel",
        "hiddenLabel", "notation", "oaStart", "aboutRegion", "fromHeading", "latest", "start",
        "theme",
    }  # fmt: skip


ODD: Final = """
kgr:x skos:prefLabel "no language" , "a"@en , "b"@de , "c"@en-gb ; skos:example "450000" ;
  kg:count "many" , "05"^^xsd:integer , "3"^^xsd:int , 4 , 99999999999999999999 , "x"@en , kgr:y ;
  kg:isHeading "1"^^xsd:boolean , true , "no" ; kg:latest "2021"^^xsd:gYear , "2021-01-01" ;
  kg:level "a text" , "a text"@zh , kg:level-province , <https://example.org/> , <urn:a:b> ;
  kg:quote "" , ""@zh , "\\n\\t\\"\\\\ <b> \\u202E" ; kg:version "1"@en , 1 ;
  a "no class" , kg:Region , <https://example.org/Class> ; <https://example.org/p> 1.5 , "x" , 2e3 ;
  <https://example.org/#> "empty" ; skos:broader kgr: , <https://w3id.org/dgkg/id/region/a/b> ;
  kg:unknown "a" ; schema:unknown kgr:y ; rdf:value 1 ; xsd:x _:blank .
_:blank a _:class ; kg:part _:blank .
<time:now> kg:part <kgr:x> , <label:x> , <kg:x> ; <skos:y> <schema:z> .
<mailto:a@example.org> a kg:Region .
"""
"""Triples that fit no key, or whose IRIs look like CURIEs."""


def test_what_does_not_fit_is_told_all_the_same() -> None:
    """Values of another kind than their key's, and odd IRIs, come back as they were."""
    found = [t for t in triples(ODD) if "_:" not in str(t)]
    body = written(found)
    expected = rdflib.Graph()
    nt = ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b""
    rdflib.NORMALIZE_LITERALS = False
    try:
        expected.parse(data=nt.decode(), format="nt")
        assert by_rdflib(json.loads(body)) == lines(expected)
    finally:
        rdflib.NORMALIZE_LITERALS = True
    assert by_oxigraph(body) == set(found)


def test_blank_nodes_are_told() -> None:
    """A dataset of another's may have them."""
    found = by_oxigraph(written(triples(ODD)))
    canon = ox.CanonicalizationAlgorithm.UNSTABLE
    one, other = (ox.Dataset(ox.Quad(*t) for t in some) for some in (found, triples(ODD)))
    one.canonicalize(canon)
    other.canonicalize(canon)
    assert one == other


SUBJECTS: Final = st.sampled_from(["kgr:a", "kgcl:a.part.1", "kg:Region", "https://example.org/a"])
LINKS: Final = st.sampled_from([*TERMS, "https://example.org/p", expand("kg:unknown")])
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]))
DATATYPES: Final = st.sampled_from(
    [expand(f"xsd:{name}") for name in ("integer", "boolean", "date", "decimal", "string", "gYear")]
    + [expand("kg:GB2260"), "https://example.org/type"]
)
VALUES: Final = st.one_of(
    SUBJECTS.map(lambda name: ox.NamedNode(expand(name))),
    st.builds(lambda text: ox.Literal(text, language="zh"), TEXTS),
    st.builds(lambda text, iri: ox.Literal(text, datatype=ox.NamedNode(iri)), TEXTS, DATATYPES),
    st.builds(ox.Literal, st.integers()),
    st.builds(ox.Literal, st.booleans()),
)
TRIPLES: Final = st.builds(
    lambda it, link, value: ox.Triple(ox.NamedNode(expand(it)), ox.NamedNode(link), value),
    SUBJECTS,
    LINKS,
    VALUES,
)


@given(st.sets(TRIPLES, max_size=12))
def test_any_triples_come_back(found: set[ox.Triple]) -> None:
    """Whatever value a property has, the document tells it and nothing else."""
    assert by_oxigraph(written(found)) == found
