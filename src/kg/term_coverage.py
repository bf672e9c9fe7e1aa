"""Which terms of the ontology the data and the saved queries use, and what is not yet asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import QuestionsError, RecordsError
from kg.marks import read_text
from kg.names import ONTOLOGY_GRAPH, PREFIXES, SPARQL_HEAD
from kg.questions import prefixed_names
from kg.results import JSON_RESULTS, Table, Term

if TYPE_CHECKING:
    from kg.catalogue import Catalogue, Competency
    from kg.engines import Engine

__all__ = ["TermCoverage", "term_coverage"]

HEADS: Final = {
    "term": "术语",
    "label": "名称",
    "kind": "种类",
    "data": "数据中的四元组",
    "queries": "用到的查询",
}
KINDS: Final = {
    "owl:Class": "class",
    "owl:ObjectProperty": "property",
    "owl:DatatypeProperty": "property",
    "rdfs:Datatype": "datatype",
    "kg:Value": "value",
}
"""Class of a term -> what it is called here."""

TERMS: Final = (
    SPARQL_HEAD
    + """
SELECT ?term ?kind ?label WHERE {{
  VALUES ?kind {{ {kinds} }}
  GRAPH <{ontology}> {{ ?term a ?kind . }}
  FILTER(STRSTARTS(STR(?term), "{kg}"))
  OPTIONAL {{ ?term rdfs:label|skos:prefLabel ?label . FILTER(LANG(?label) = "{language}") }}
}}
ORDER BY ?term"""
)
USES: Final = (
    SPARQL_HEAD
    + """
SELECT ?term (COUNT(*) AS ?uses) WHERE {{
  GRAPH ?graph {{ ?s ?p ?o . }}
  FILTER(?graph != <{ontology}>)
  VALUES ?place {{ 1 2 3 }}
  BIND(IF(?place = 1, ?p, IF(?place = 2, ?o, DATATYPE(?o))) AS ?term)
  FILTER(isIRI(?term) && STRSTARTS(STR(?term), "{kg}"))
}}
GROUP BY ?term"""
)


@dataclass(frozen=True)
class TermCoverage:
    """A table of terms, and the competency questions that no saved query answers."""

    table: Table
    heads: dict[str, str]
    gaps: tuple[Competency, ...]


def term_coverage(
    engine: Engine, catalogue: Catalogue, language: str = "zh", *, every: bool = False
) -> TermCoverage:
    """Tell which terms no data or no query use, or the use of every term.

    Args:
        engine: holds the dataset, ontology included.
        catalogue: the saved questions.
        language: `zh` or `en`, of labels.
        every: list every term, not only those unused on a side.

    Raises:
        QuestionsError: a file of queries cannot be read.
    """
    settings = {"ontology": ONTOLOGY_GRAPH, "kg": PREFIXES["kg"], "language": language}
    kinds = " ".join(KINDS)
    terms = _table(engine, TERMS.format(kinds=kinds, **settings))
    uses = {row["term"]: int(row["uses"]) for row in _table(engine, USES.format(**settings))}
    asked = _asked(catalogue)
    rows: dict[str, tuple[Term, ...]] = {}
    for row in terms:
        term = row["term"]
        data, queries = uses.get(term, 0), len(asked.get(term, ()))
        used = data and (queries or row["kind"] == "kg:Value")  # values are met by their property
        if every or not used:
            cells = (term, row.get("label", ""), KINDS[row["kind"]], str(data), str(queries))
            rows.setdefault(term, tuple(Term("literal", cell) for cell in cells))
    gaps = tuple(item for item in catalogue.contents().competency if not item.answered_by)
    heads = HEADS if language == "zh" else {}
    return TermCoverage(Table(tuple(HEADS), tuple(rows.values())), heads, gaps)


def _table(engine: Engine, sparql: str) -> list[dict[str, str]]:
    return list(Table.from_answer(engine.answer(sparql, JSON_RESULTS)).records())


def _asked(catalogue: Catalogue) -> dict[str, set[str]]:
    """Give term -> the saved queries and checks that name it."""
    found: dict[str, set[str]] = {}
    for path in sorted(catalogue.folder.rglob("*.rq")):
        try:
            text = read_text(path, catalogue.name(path))
        except RecordsError as error:
            raise QuestionsError(error.problems) from error
        for name in {name for _, name in prefixed_names(text)}:
            found.setdefault(name, set()).add(path.stem)
    return found
