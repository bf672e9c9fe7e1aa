"""All that is known of a thing, as rows: its facts, and what is claimed of it, with the quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from kg.errors import NamingError
from kg.names import SPARQL_HEAD
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from kg.engines import Engine

__all__ = ["facts_of"]

DESCRIBE: Final = (
    SPARQL_HEAD
    + """
SELECT ?property ?value ?quote ?line WHERE {{
  {{
    <{iri}> ?p ?o .
    FILTER(!isLiteral(?o) || LANG(?o) IN ("", "{lang}"))
    FILTER(?p NOT IN (rdf:type, kg:evidence, kg:context, kg:hasMention, kg:quote))
    FILTER(?p NOT IN (kg:start, kg:end, kg:inPassage))
    OPTIONAL {{ ?p rdfs:label ?pl . FILTER(LANG(?pl) = "{lang}") }}
    OPTIONAL {{ ?o skos:prefLabel ?ol . FILTER(LANG(?ol) = "{lang}") }}
    BIND(COALESCE(?pl, ?p) AS ?property)
    OPTIONAL {{ ?o kg:position ?place }}
    OPTIONAL {{
      ?o qudt:numericValue ?number .
      OPTIONAL {{ ?o qudt:hasUnit ?unit }}
      OPTIONAL {{ ?o kg:indicator ?indicator . FILTER(LANG(?indicator) = "{lang}") }}
      BIND(IF(!BOUND(?unit) || ?unit = unit:NUM, "", IF(?unit = unit:PERCENT, "%",
        IF(?unit = unit:CCY_CNY, IF("{lang}" = "zh", " 元", " CNY"), STR(?unit)))) AS ?sign)
      BIND(CONCAT(STR(?number), ?sign, " ", COALESCE(STR(?indicator), "")) AS ?quantity)
    }}
    BIND(COALESCE(?quantity, ?ol, ?o) AS ?value)
    BIND(0 AS ?part)
  }} UNION {{
    <{iri}> kg:evidence ?e .
    ?e oa:hasSelector/oa:exact ?quote ; kg:firstLine ?line .
    BIND(IF("{lang}" = "zh", "依据", "evidence") AS ?property)
    BIND(1 AS ?part)
  }} UNION {{
    ?claim kg:names|kg:platform|kg:initiative|kg:where|kg:aboutRegion <{iri}> ;
           a kg:Claim , ?kind ; kg:quote ?quote ; kg:start ?start ;
           kg:inPassage/kg:firstLine ?line .
    ?kind rdfs:subClassOf kg:Claim ; rdfs:label ?property . FILTER(LANG(?property) = "{lang}")
    OPTIONAL {{ ?claim skos:prefLabel ?cl . FILTER(LANG(?cl) = "{lang}") }}
    BIND(COALESCE(STR(?cl), STR(?claim)) AS ?value)
    BIND(2 AS ?part)
  }}
}}
ORDER BY ?part ?line ?start ?property ?place ?value
"""
)
"""All facts of a thing; its own evidence; the claims that name it."""


def facts_of(engine: Engine, iri: str, language: str) -> Table:
    """Give all facts of a thing, and what is claimed of it, each claim with its quote.

    Args:
        engine: where they are.
        iri: the thing.
        language: `zh` or `en`, of labels.

    Raises:
        NamingError: the thing is no IRI.
    """
    try:
        NamedNode(iri)
    except ValueError as error:
        raise NamingError(f"不是 IRI：{iri}", f"no IRI: {iri}") from error
    query = DESCRIBE.format(iri=iri, lang=language)
    return Table.from_answer(engine.answer(query, JSON_RESULTS))
