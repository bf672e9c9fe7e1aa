"""The SPARQL behind the pages: what stands on the start page, in the editor, on a thing's page."""

from __future__ import annotations

from typing import Final

from kg.names import SPARQL_HEAD

__all__ = [
    "BRANCHES",
    "FACTS",
    "FIGURES",
    "FIRST",
    "GRAPH_SIZE",
    "KINDS_OF_THING",
    "LINKS",
    "LISTED",
    "QUOTES",
    "READINGS",
    "REGIONS",
    "STATEMENTS",
    "TERMS",
    "VOCABULARY",
]

FIGURES: Final = (
    SPARQL_HEAD
    + """
SELECT ?provinces ?read ?claims ?quotes ?concepts ?sources WHERE {
  { SELECT (COUNT(DISTINCT ?r) AS ?provinces) { ?r kg:level kg:level-province } }
  { SELECT (COUNT(DISTINCT ?r) AS ?read) {
      ?s a kg:Section ; kg:aboutRegion ?r ; kg:reading kg:reading-text .
      ?r kg:level kg:level-province } }
  { SELECT (COUNT(DISTINCT ?c) AS ?claims) { ?c a kg:Claim } }
  { SELECT (COUNT(DISTINCT ?e) AS ?quotes) { ?e a kg:Evidence } }
  { SELECT (COUNT(DISTINCT ?c) AS ?concepts) { ?c a kg:PlatformConcept } }
  { SELECT (COUNT(DISTINCT ?s) AS ?sources) { ?s a kg:SourceDocument } }
}"""
)
"""How much is read and said."""

REGIONS: Final = (
    SPARQL_HEAD
    + """
SELECT ?region ?zh ?en ?code (COUNT(DISTINCT ?section) AS ?read) WHERE {
  ?region kg:level kg:level-province ; skos:prefLabel ?zh , ?en .
  FILTER(LANG(?zh) = "zh" && LANG(?en) = "en")
  OPTIONAL { ?region skos:notation ?code . FILTER(DATATYPE(?code) = kg:GB2260) }
  OPTIONAL {
    ?section kg:aboutRegion ?region ; a kg:Section ; kg:reading kg:reading-text .
  }
}
GROUP BY ?region ?zh ?en ?code
ORDER BY ?code ?region"""
)
"""The province-level regions, and how many texts of each were read."""

BRANCHES: Final = (
    SPARQL_HEAD
    + """
SELECT ?concept ?zh ?en (COUNT(DISTINCT ?narrower) AS ?below) WHERE {
  ?concept skos:topConceptOf kg:platform-concepts ; skos:prefLabel ?zh , ?en .
  FILTER(LANG(?zh) = "zh" && LANG(?en) = "en")
  OPTIONAL { ?narrower skos:broader+ ?concept }
}
GROUP BY ?concept ?zh ?en
ORDER BY DESC(?below) ?concept"""
)
"""The broadest concepts, and how many stand below each."""

TERMS: Final = (
    SPARQL_HEAD
    + """
SELECT ?term ?kind (SAMPLE(?l) AS ?zh) (SAMPLE(?m) AS ?en) WHERE {
  { ?term a owl:Class . BIND("class" AS ?kind) }
  UNION { [] ?term [] . BIND("property" AS ?kind) }
  OPTIONAL { ?term rdfs:label ?l . FILTER(LANG(?l) = "zh") }
  OPTIONAL { ?term rdfs:label ?m . FILTER(LANG(?m) = "en") }
}
GROUP BY ?term ?kind
ORDER BY ?kind ?term"""
)
"""The classes and properties that the editor offers."""

FIRST: Final = """\
PREFIX kg: <https://w3id.org/dgkg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?latest ?region ?target ?quote WHERE {{
  ?t a kg:Target ; kg:latest ?latest ; kg:quote ?quote ;
     skos:prefLabel ?target ; kg:aboutRegion/skos:prefLabel ?region .
  FILTER(LANG(?target) = "{language}" && LANG(?region) = "{language}")
}}
ORDER BY ?latest ?region
LIMIT 20
"""
"""The query that the editor begins with."""

FACTS: Final = (
    SPARQL_HEAD
    + """
SELECT ?p ?pZh ?pEn ?o ?oZh ?oEn (LANG(?o) AS ?lang) (ISIRI(?o) AS ?isIri)
       ?amount ?unit ?indicatorZh ?indicatorEn
WHERE {{
  <{iri}> ?p ?o .
  FILTER(?p NOT IN (kg:evidence, kg:context, kg:hasMention, kg:quote, kg:text, kg:inPassage,
    kg:start, kg:end, oa:hasSelector, oa:hasSource, prov:wasQuotedFrom, rdfs:isDefinedBy))
  OPTIONAL {{ ?p rdfs:label ?pZh . FILTER(LANG(?pZh) = "zh") }}
  OPTIONAL {{ ?p rdfs:label ?pEn . FILTER(LANG(?pEn) = "en") }}
  OPTIONAL {{ ?o skos:prefLabel|rdfs:label ?oZh . FILTER(LANG(?oZh) = "zh") }}
  OPTIONAL {{ ?o skos:prefLabel|rdfs:label ?oEn . FILTER(LANG(?oEn) = "en") }}
  OPTIONAL {{ ?o kg:position ?place }}
  OPTIONAL {{
    ?o qudt:numericValue ?amount .
    OPTIONAL {{ ?o qudt:hasUnit ?unit }}
    OPTIONAL {{ ?o kg:indicator ?indicatorZh . FILTER(LANG(?indicatorZh) = "zh") }}
    OPTIONAL {{ ?o kg:indicator ?indicatorEn . FILTER(LANG(?indicatorEn) = "en") }}
  }}
}}
ORDER BY ?p ?place ?o"""
)
"""All that is said of a thing but its quotes, which `QUOTES` gives."""

QUOTES: Final = (
    SPARQL_HEAD
    + """
SELECT ?role ?quote ?sentence ?line ?start ?first ?source ?sourceZh ?sourceEn WHERE {{
  {{
    VALUES (?by ?role) {{ (kg:evidence "evidence") (kg:context "context") }}
    <{iri}> ?by ?span .
  }} UNION {{
    <{iri}> kg:inPassage ?any .
    MINUS {{ <{iri}> kg:evidence ?some ; kg:inPassage ?any }}
    BIND(<{iri}> AS ?span) BIND("text" AS ?role)
  }} UNION {{
    <{iri}> kg:text ?any .
    BIND(<{iri}> AS ?span) BIND("text" AS ?role)
  }}
  OPTIONAL {{ ?span kg:inPassage ?in }}
  BIND(COALESCE(?in, ?span) AS ?passage)
  OPTIONAL {{ ?passage kg:text ?sentence }}
  OPTIONAL {{ ?passage kg:firstLine ?line }}
  OPTIONAL {{ ?passage kg:start ?first }}
  OPTIONAL {{ ?passage kg:inSource ?source .
    OPTIONAL {{ ?source skos:prefLabel ?sourceZh . FILTER(LANG(?sourceZh) = "zh") }}
    OPTIONAL {{ ?source skos:prefLabel ?sourceEn . FILTER(LANG(?sourceEn) = "en") }}
  }}
  OPTIONAL {{ ?span oa:hasSelector/oa:exact ?exact }}
  OPTIONAL {{ ?span oa:hasSelector/oa:start ?from }}
  OPTIONAL {{ ?span kg:start ?begin }}
  OPTIONAL {{ ?span kg:wording ?wording }}
  BIND(COALESCE(?exact, ?wording, ?sentence) AS ?quote)
  BIND(COALESCE(?from, ?begin) AS ?start)
}}
ORDER BY DESC(?role) ?start"""
)
"""The words that a thing rests on: a claim's evidence and context, a mention, a passage."""

STATEMENTS: Final = (
    SPARQL_HEAD
    + """
SELECT DISTINCT ?statement ?statementZh ?statementEn ?kind ?kindZh ?kindEn ?quote ?sentence ?line
       ?start ?first ?region ?regionZh ?regionEn
WHERE {{
  ?statement ?by <{iri}> .
  FILTER(?by IN (kg:names, kg:platform, kg:initiative, kg:where, kg:aboutRegion, kg:inheritedFrom,
    kg:framework, kg:inPassage))
  ?statement a kg:Claim , ?kind .
  ?kind rdfs:subClassOf kg:Claim .
  OPTIONAL {{ ?kind rdfs:label ?kindZh . FILTER(LANG(?kindZh) = "zh") }}
  OPTIONAL {{ ?kind rdfs:label ?kindEn . FILTER(LANG(?kindEn) = "en") }}
  OPTIONAL {{ ?statement skos:prefLabel ?statementZh . FILTER(LANG(?statementZh) = "zh") }}
  OPTIONAL {{ ?statement skos:prefLabel ?statementEn . FILTER(LANG(?statementEn) = "en") }}
  OPTIONAL {{ ?statement kg:quote ?quote }}
  OPTIONAL {{ ?statement kg:start ?start }}
  OPTIONAL {{ ?statement kg:inPassage ?passage .
    OPTIONAL {{ ?passage kg:text ?sentence }}
    OPTIONAL {{ ?passage kg:firstLine ?line }}
    OPTIONAL {{ ?passage kg:start ?first }}
  }}
  OPTIONAL {{ ?statement kg:aboutRegion ?region .
    OPTIONAL {{ ?region skos:prefLabel ?regionZh . FILTER(LANG(?regionZh) = "zh") }}
    OPTIONAL {{ ?region skos:prefLabel ?regionEn . FILTER(LANG(?regionEn) = "en") }}
  }}
}}
ORDER BY ?kind ?start ?statement
LIMIT {most}"""
)
"""The claims that speak of a thing, take their deadline from it, or stand in it."""

READINGS: Final = (
    SPARQL_HEAD
    + "SELECT DISTINCT ?as {{ ?s a kg:Section ; kg:aboutRegion <{iri}> ; kg:reading ?as }}"
)
"""How the sections on a region were read."""

GRAPH_SIZE: Final = (
    SPARQL_HEAD
    + """
SELECT ?triples ?source ?sourceZh ?sourceEn WHERE {{
  {{ SELECT (COUNT(*) AS ?triples) {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}
  OPTIONAL {{
    GRAPH <{iri}> {{ ?source a kg:SourceDocument }}
    OPTIONAL {{ ?source skos:prefLabel ?sourceZh . FILTER(LANG(?sourceZh) = "zh") }}
    OPTIONAL {{ ?source skos:prefLabel ?sourceEn . FILTER(LANG(?sourceEn) = "en") }}
  }}
}}
LIMIT 1"""
)
"""How much a named graph holds, and of which source."""

LINKS: Final = (
    SPARQL_HEAD
    + """
SELECT ?p ?pZh ?pEn ?s ?sZh ?sEn WHERE {{
  ?s ?p <{iri}> .
  FILTER(?p NOT IN (kg:names, kg:platform, kg:initiative, kg:where, kg:aboutRegion,
    kg:inheritedFrom, kg:framework, kg:inPassage, kg:evidence, kg:context, kg:hasMention,
    oa:hasSource, prov:wasQuotedFrom, oa:hasSelector, rdfs:isDefinedBy))
  OPTIONAL {{ ?p rdfs:label ?pZh . FILTER(LANG(?pZh) = "zh") }}
  OPTIONAL {{ ?p rdfs:label ?pEn . FILTER(LANG(?pEn) = "en") }}
  ?s a ?of .
  FILTER(?of IN (kg:Region, kg:PlatformConcept, kg:Platform, kg:Initiative, kg:SourceDocument,
    kg:Section, kg:Gap) || (?of IN (kg:Framework, kg:FrameworkPart) && ?p != kg:inSource)
    || (?of = kg:Passage && ?p = kg:inSection))
  OPTIONAL {{ ?s skos:prefLabel ?sZh . FILTER(LANG(?sZh) = "zh") }}
  OPTIONAL {{ ?s skos:prefLabel ?sEn . FILTER(LANG(?sEn) = "en") }}
}}
ORDER BY ?p ?s
LIMIT {most}"""
)
"""The things that link to a thing, statements apart, which `STATEMENTS` gives."""

LISTED: Final = (
    SPARQL_HEAD
    + """
SELECT ?s ?sZh ?sEn ?kindZh ?kindEn ?parent ?level ?levelZh ?levelEn ?read WHERE {{
  ?s a ?kind .
  FILTER(STRSTARTS(STR(?s), "{ns}") && STRSTARTS(STR(?kind), STR(kg:)))
  FILTER(?kind IN (kg:Region, kg:PlatformConcept, kg:Platform, kg:Initiative, kg:SourceDocument,
    kg:Gap, kg:Claim))
  OPTIONAL {{ ?kind rdfs:label ?kindZh . FILTER(LANG(?kindZh) = "zh") }}
  OPTIONAL {{ ?kind rdfs:label ?kindEn . FILTER(LANG(?kindEn) = "en") }}
  OPTIONAL {{ ?s skos:prefLabel ?sZh . FILTER(LANG(?sZh) = "zh") }}
  OPTIONAL {{ ?s skos:prefLabel ?sEn . FILTER(LANG(?sEn) = "en") }}
  OPTIONAL {{ ?s skos:broader|schema:containedInPlace|dcterms:isPartOf ?parent }}
  OPTIONAL {{ ?s kg:level ?level .
    OPTIONAL {{ ?level skos:prefLabel ?levelZh . FILTER(LANG(?levelZh) = "zh") }}
    OPTIONAL {{ ?level skos:prefLabel ?levelEn . FILTER(LANG(?levelEn) = "en") }}
  }}
  OPTIONAL {{ ?s skos:notation ?code . FILTER(DATATYPE(?code) = kg:GB2260) }}
  BIND(EXISTS {{ ?section kg:aboutRegion ?s ; a kg:Section ; kg:reading kg:reading-text }} AS ?read)
}}
ORDER BY DESC(?level) ?code ?s ?parent"""
)
"""The things of a kind, and what each stands below; regions by code, provinces before groups."""

KINDS_OF_THING: Final = (
    SPARQL_HEAD
    + """
SELECT ?kind ?kindZh ?kindEn (COUNT(DISTINCT ?s) AS ?count) WHERE {
  ?s a ?kind .
  FILTER(?kind IN (kg:Region, kg:PlatformConcept, kg:Platform, kg:Initiative, kg:SourceDocument,
    kg:Gap, kg:Claim))
  OPTIONAL { ?kind rdfs:label ?kindZh . FILTER(LANG(?kindZh) = "zh") }
  OPTIONAL { ?kind rdfs:label ?kindEn . FILTER(LANG(?kindEn) = "en") }
}
GROUP BY ?kind ?kindZh ?kindEn"""
)
"""The kinds of thing that lists have, and how many things there are of each."""

VOCABULARY: Final = (
    SPARQL_HEAD
    + """
SELECT DISTINCT ?group ?term ?label ?definition ?note ?scheme ?schemeLabel WHERE {{
  ?term rdfs:isDefinedBy ?ontology .
  OPTIONAL {{ ?term a owl:Class . BIND("class" AS ?class) }}
  OPTIONAL {{ ?term skos:inScheme ?scheme . BIND("value" AS ?value)
    OPTIONAL {{ ?scheme skos:prefLabel ?schemeLabel . FILTER(LANG(?schemeLabel) = "{lang}") }} }}
  OPTIONAL {{ ?term a skos:ConceptScheme . BIND("list" AS ?list) }}
  BIND(COALESCE(?class, ?value, ?list, "property") AS ?group)
  OPTIONAL {{ ?term rdfs:label|skos:prefLabel ?label . FILTER(LANG(?label) = "{lang}") }}
  OPTIONAL {{ ?term skos:definition ?definition . FILTER(LANG(?definition) = "{lang}") }}
  OPTIONAL {{ ?term skos:scopeNote ?note . FILTER(LANG(?note) = "{lang}") }}
  FILTER(STRSTARTS(STR(?term), STR(kg:)))
}}
ORDER BY ?group ?scheme ?term"""
)
"""The terms of the vocabulary."""
