"""JSON-LD with short keys: the context, and the compaction of triples by it.

Keys are the local names of properties, classes likewise; things are CURIEs; texts in several
languages are maps by language; whole numbers and truths are JSON's own. A value that does not fit
its key, as a text without a language where maps are usual, stands in full, so that every triple
is told and none is told otherwise (https://www.w3.org/TR/json-ld11/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from kg.names import PREFIXES
from kg.web.rdf import VOCABULARIES, node
from kg.web.safe_json import bare, dumped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.web.known import Node, Nodes, Term

__all__ = ["TERMS", "compacted", "context_document", "curie"]

TYPE: Final = node("rdf:type")
LINK, MAP = "@id", "@language"
XSD: Final = VOCABULARIES["xsd"]
STRING: Final = f"{XSD}string"

LINKS: Final = """
    dcterms:isPartOf dcterms:license dcterms:source dcterms:spatial dcterms:subject
    foaf:primaryTopic kg:aboutRegion kg:basis kg:comparator kg:context kg:evidence kg:form
    kg:framework kg:gapKind kg:hasMention kg:inPassage kg:inSection kg:inSource kg:inheritedFrom
    kg:initiative kg:initiativeKind kg:level kg:member kg:names kg:notToBeConfusedWith
    kg:ofRegion kg:onlyIn kg:part kg:platform kg:platformKind kg:precision kg:quantity
    kg:reading kg:realises kg:regionType kg:scope kg:sourceKind kg:stage kg:status kg:strength
    kg:theme kg:where oa:hasSelector oa:hasSource owl:disjointWith owl:versionIRI
    prov:wasQuotedFrom qudt:hasUnit rdfs:domain rdfs:isDefinedBy rdfs:range rdfs:seeAlso
    rdfs:subClassOf rdfs:subPropertyOf schema:containedInPlace skos:broader skos:closeMatch
    skos:exactMatch skos:inScheme skos:related skos:relatedMatch skos:topConceptOf
    time:hasBeginning time:hasEnd time:hasTime void:dataDump void:inDataset
"""
"""Properties whose values are things."""

MAPS: Final = """
    dcterms:bibliographicCitation dcterms:description dcterms:rights dcterms:title
    kg:abbreviation kg:brand kg:dateWording kg:denominator kg:geographicDivision kg:indicator
    kg:looksAlike kg:officialName kg:phase kg:quote kg:text kg:verb kg:wording rdfs:comment
    rdfs:label schema:slogan skos:altLabel skos:definition skos:example skos:prefLabel
    skos:scopeNote
"""
"""Properties whose values are texts in a language."""

TYPED: Final = {
    "xsd:integer": """
        kg:characters kg:claimedCharacters kg:count kg:end kg:firstLine kg:lastLine kg:position
        kg:rank kg:setAsideCharacters kg:start oa:end oa:start void:triples
    """,
    "xsd:boolean": "kg:denominatorStated kg:fromHeading kg:isHeading kg:sloganPart",
    "xsd:date": "dcterms:issued kg:asOf kg:earliest kg:latest kg:retrieved time:inXSDDate",
    "xsd:decimal": "qudt:numericValue",
    "xsd:gYear": "time:inXSDgYear",
    "xsd:gYearMonth": "time:inXSDgYearMonth",
    "xsd:string": """
        dcterms:creator kg:rendering kg:version oa:exact oa:prefix oa:suffix owl:versionInfo
        schema:sha256 skos:editorialNote skos:hiddenLabel skos:notation
        vann:preferredNamespacePrefix vann:preferredNamespaceUri
    """,
}
"""Datatype -> properties whose values are of it; codes (`skos:notation`) tell theirs each."""

CLASSES: Final = """
    dcterms:BibliographicResource dcterms:Location foaf:Document geo:Feature kg:Achievement
    kg:Claim kg:Evidence kg:Framework kg:FrameworkPart kg:Gap kg:Initiative kg:InitiativeClaim
    kg:Mention kg:Milestone kg:Passage kg:Platform kg:PlatformClaim kg:PlatformConcept
    kg:Quantity kg:Region kg:Section kg:SourceDocument kg:Target kg:Value oa:SpecificResource
    oa:TextPositionSelector oa:TextQuoteSelector prov:Entity prov:Plan qudt:QuantityValue
    schema:AdministrativeArea schema:SoftwareApplication sd:Graph skos:Concept
    skos:ConceptScheme time:Instant time:ProperInterval void:Dataset
"""
"""Classes that things of the dataset have."""

RENAMED: Final = {"oa:end": "oaEnd", "oa:start": "oaStart"}
"""Properties whose local name is that of another one, and the keys that they have."""

SPACES: Final = {
    **{VOCABULARIES[prefix]: prefix for prefix in (*PREFIXES, "dataset", "foaf", "sd", "void")},
    "http://www.opengis.net/ont/geosparql#": "geo",
    "http://www.wikidata.org/entity/": "wd",
}
"""Namespace -> its prefix."""


class Key(NamedTuple):
    """How a property or class is written; `kind` is `@id`, `@language` or a datatype's IRI."""

    name: str
    kind: str = ""

    def definition(self, iri: str) -> str | dict[str, str]:
        """Give what the context says of it."""
        if self.kind in {"", STRING}:
            return iri
        return {"@id": iri, "@container" if self.kind == MAP else "@type": self.kind}


def _full(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return next(space for space, short in SPACES.items() if short == prefix) + local


def _keys(curies: str, kind: str = "") -> dict[str, Key]:
    return {
        _full(curie): Key(RENAMED.get(curie, curie.partition(":")[2]), kind)
        for curie in curies.split()
    }


TERMS: Final[Mapping[str, Key]] = {
    **_keys(CLASSES),
    **_keys(LINKS, LINK),
    **_keys(MAPS, MAP),
    **{
        iri: key
        for datatype, curies in TYPED.items()
        for iri, key in _keys(curies, _full(datatype)).items()
    },
}
"""IRI of a property or class -> its key."""


def curie(iri: str, spaces: Mapping[str, str] = SPACES) -> str:
    """Give the CURIE of an IRI, or the IRI where no prefix fits.

    Args:
        iri: an IRI.
        spaces: namespace -> prefix.

    >>> curie("http://rdfs.org/ns/void#triples")
    'void:triples'
    """
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = spaces.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix and iri[cut:] else iri


def context_document() -> bytes:
    """Give the whole context, as a document of its own."""
    spaces = {prefix: space for space, prefix in sorted(SPACES.items(), key=lambda s: s[1])}
    names = sorted((key.name, key.definition(iri)) for iri, key in TERMS.items())
    return dumped({"@context": {**spaces, **dict(names)}})


def compacted(nodes: Nodes) -> bytes:
    """Give triples as JSON-LD, with as much of the context as they need.

    Args:
        nodes: triples in the order in which they are written.
    """
    writer = _Writer(_schemes(nodes))
    told = [writer.node(it, facts) for it, facts in nodes.items()]
    return dumped({"@context": writer.context(), "@graph": told})


def _schemes(nodes: Nodes) -> set[str]:
    """Give what IRIs begin with: a prefix of that name would be misread in them."""
    iris = {it.value for it in nodes if isinstance(it, ox.NamedNode)}
    for facts in nodes.values():
        iris |= {link.value for link in facts}
        for terms in facts.values():
            iris |= {term.value for term in terms if isinstance(term, ox.NamedNode)}
            iris |= {term.datatype.value for term in terms if isinstance(term, ox.Literal)}
    return {iri.partition(":")[0] for iri in iris}


class _Writer:
    """Writes nodes, and remembers what of the context they need."""

    def __init__(self, schemes: set[str]) -> None:
        self.spaces = {s: prefix for s, prefix in SPACES.items() if prefix not in schemes}
        self.prefixes: dict[str, str] = {}
        self.keys: dict[str, Key] = {}
        self.known: dict[str, str] = {}

    def context(self) -> dict[str, Any]:
        """Give the part of the context that was needed."""
        names = sorted((key.name, key.definition(iri)) for iri, key in self.keys.items())
        return {**dict(sorted(self.prefixes.items())), **dict(names)}

    def node(self, it: Node, facts: Mapping[ox.NamedNode, list[Term]]) -> dict[str, Any]:
        """Give a node with all that is said of it."""
        told: dict[str, Any] = {"@id": self._thing(it)}
        for link, terms in facts.items():
            if link == TYPE and not any(isinstance(term, ox.Literal) for term in terms):
                _put(told, "@type", [self._class(term) for term in terms])
            else:
                self._tell(told, link, terms)
        return told

    def _tell(self, told: dict[str, Any], link: ox.NamedNode, terms: list[Term]) -> None:
        key = TERMS.get(link.value)
        if key is not None and key.kind == MAP:
            spoken = [t for t in terms if isinstance(t, ox.Literal) and t.language]
            terms = [t for t in terms if t not in spoken]
            if spoken:
                told[self._word(link.value)] = _by_language(spoken)
            key = None
        if not terms:
            return
        name = self._short(link.value) if key is None else self._word(link.value)
        _put(told, name, [self._value(term, STRING if key is None else key.kind) for term in terms])

    def _value(self, term: Term, kind: str) -> Any:  # noqa: ANN401 -- any value of JSON
        """Give a value: bare where it is of the key's kind, else with all that it is."""
        if not isinstance(term, ox.Literal):
            thing = self._thing(term)
            return thing if kind == LINK else {"@id": thing}
        if term.language:
            return {"@language": term.language, "@value": term.value}
        datatype = term.datatype.value
        if datatype == kind and (told := bare(term.value, datatype)) is not None:
            return told
        if datatype == STRING:
            return {"@value": term.value}
        return {"@type": self._word(datatype), "@value": term.value}

    def _word(self, iri: str) -> str:
        """Give the key of a property, class or datatype; without one, its CURIE or IRI."""
        key = TERMS.get(iri)
        if key is None:
            return self._short(iri)
        self.keys[iri] = key
        return key.name

    def _class(self, term: Term) -> str:
        return self._word(term.value) if isinstance(term, ox.NamedNode) else str(term)

    def _thing(self, it: Node) -> str:
        return self._short(it.value) if isinstance(it, ox.NamedNode) else str(it)

    def _short(self, iri: str) -> str:
        """Give the CURIE of an IRI, or the IRI where no prefix fits."""
        if iri not in self.known:
            short = self.known[iri] = curie(iri, self.spaces)
            if short != iri:
                prefix, _, local = short.partition(":")
                self.prefixes[prefix] = iri.removesuffix(local)
        return self.known[iri]


def _put(told: dict[str, Any], name: str, values: list[Any]) -> None:
    """Put values under a key, one without a list around it."""
    if values:
        told[name] = values[0] if len(values) == 1 else values


def _by_language(terms: list[ox.Literal]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for language in sorted({term.language or "" for term in terms}, reverse=True):
        _put(told, language, [term.value for term in terms if term.language == language])
    return told
