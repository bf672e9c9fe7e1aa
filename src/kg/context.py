"""The context of our JSON-LD: which key each property and class has, and which kind of value.

Keys are the local names of properties, classes likewise; things are CURIEs; texts in several
languages are maps by language; whole numbers and truths are JSON's own. A value that does not fit
its key, as a text without a language where maps are usual, stands in full, so that every triple
is told and none is told otherwise (https://www.w3.org/TR/json-ld11/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.names import PREFIXES
from kg.safe_json import dumped
from kg.vocabularies import VOCABULARIES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = [
    "LINK",
    "MAP",
    "SPACES",
    "STRING",
    "TERMS",
    "Key",
    "context_document",
    "curie",
    "whole_context",
]

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


def whole_context(but: Collection[str] = ()) -> dict[str, str | dict[str, str]]:
    """Give every prefix and key.

    Args:
        but: prefixes to leave out.
    """
    spaces = sorted((prefix, space) for space, prefix in SPACES.items() if prefix not in but)
    names = sorted((key.name, key.definition(iri)) for iri, key in TERMS.items())
    return {**dict(spaces), **dict(names)}


def context_document() -> bytes:
    """Give the whole context, as a document of its own."""
    return dumped({"@context": whole_context()})
