"""The knowledge graph as notebooks and the command line use it: open, ask, table, describe."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Self

from pyoxigraph import NamedNode

from kg.engines import ENGINES
from kg.engines.guard import tokens
from kg.errors import NamingError, ReleaseError, UsageError
from kg.lookup import Found, resolve
from kg.messages import nearest
from kg.names import PREFIXES, SPARQL_HEAD
from kg.project import find
from kg.queries import Catalogue
from kg.release import current
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from kg.engines import Engine
    from kg.project import Project
    from kg.queries import SavedQuery
    from kg.release import Release
    from kg.results import Answer

__all__ = ["KnowledgeGraph", "Reply", "open_graph"]


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


@dataclass(frozen=True)
class Reply:
    """The answer to a saved question: the query as it ran, the things meant, the table."""

    query: SavedQuery
    sparql: str
    meant: dict[str, Found]
    table: Table


class KnowledgeGraph:
    """A release opened with an engine, and the saved questions that can be put to it."""

    def __init__(self, project: Project, release: Release, engine: Engine) -> None:
        """Take the parts; `open_graph` makes them."""
        self.project = project
        self.release = release
        self.engine = engine

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the engine."""
        self.engine.close()

    def catalogue(self) -> Catalogue:
        """Give the saved questions."""
        return Catalogue(self.project.queries)

    def sparql(self, query: str, media_type: str = JSON_RESULTS) -> Answer:
        """Answer a SPARQL query; see `Engine.answer`."""
        return self.engine.answer(query, media_type)

    def table(self, query: str) -> Table:
        """Answer a SELECT or ASK as a table."""
        return Table.from_answer(self.sparql(query))

    def with_prefixes(self, query: str) -> str:
        """Give a query with the graph's prefixes declared that it uses and does not declare."""
        found = tokens(query)
        used = {token.prefix for token in found if token.kind == "name"} & PREFIXES.keys()
        used -= {name.prefix for word, name in pairwise(found) if word.is_word("PREFIX")}
        lines = "".join(f"PREFIX {p}: <{PREFIXES[p]}> " for p in sorted(used))
        return f"{lines}\n{query}" if lines else query

    def is_construct(self, query: str) -> bool:
        """Tell whether a query asks for triples (CONSTRUCT, DESCRIBE) rather than rows."""
        forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
        form = next((token for token in tokens(query) if token.is_word(*forms)), None)
        return form is not None and form.is_word("CONSTRUCT", "DESCRIBE")

    def describe(self, iri: str, language: str = "zh") -> Table:
        """Give all facts of a thing, and what is claimed of it, each claim with its quote.

        Args:
            iri: the thing.
            language: `zh` or `en`, of labels.

        Raises:
            NamingError: the thing is no IRI.
        """
        try:
            NamedNode(iri)
        except ValueError as error:
            raise NamingError(f"不是 IRI：{iri}", f"no IRI: {iri}") from error
        return self.table(DESCRIBE.format(iri=iri, lang=language))

    def find(self, name: str, *classes: str) -> Found:
        """Find the thing that a name means; see `lookup.resolve`."""
        return resolve(self.engine, name, classes) if classes else resolve(self.engine, name)

    def bind(
        self, query: SavedQuery, values: Mapping[str, list[str]]
    ) -> tuple[str, dict[str, Found]]:
        """Give a saved question's query with parameters bound, and the things they mean.

        Raises:
            UsageError: there is no such parameter, or a value is malformed.
            NamingError: a name is unknown or means several things.
        """
        bound: dict[str, list[str]] = {}
        meant: dict[str, Found] = {}
        for name, given in values.items():
            parameter = query.header.params.get(name)
            if parameter is None:
                raise _no_parameter(query, name)
            if len(given) > 1 and not parameter.many:
                raise UsageError(f"参数 {name} 只能有一个值", f"{name} takes one value")
            for value in given:
                if parameter.class_ is None:
                    bound.setdefault(name, []).append(query.term(name, value))
                else:
                    found = self.find(value, parameter.class_)
                    meant[value] = found
                    bound.setdefault(name, []).append(f"<{found.iri}>")
        return query.bind(bound), meant

    def ask(self, question: str, /, **values: str | list[str]) -> Reply:
        """Answer a saved question.

        Args:
            question: its id.
            values: parameter -> value, or list of values where it takes several.

        Raises:
            QueryError: there is no such question.
            UsageError: a parameter does not exist or its value is malformed.
            NamingError: a name is unknown or means several things.
        """
        query = self.catalogue().get(question)
        given = {k: [v] if isinstance(v, str) else v for k, v in values.items()}
        sparql, meant = self.bind(query, given)
        return Reply(query, sparql, meant, self.table(sparql))


def _no_parameter(query: SavedQuery, name: str) -> UsageError:
    names = list(query.header.params)
    meant = nearest(name, names)
    listed = " ".join(names)
    return UsageError(
        f"问题 {query.id} 没有参数 {name}"
        + (f"，是否想写 {meant}？" if meant else f"，有：{listed}"),
        f"{query.id} has no parameter {name}"
        + (f", did you mean {meant}?" if meant else f"; it has: {listed}"),
    )


def open_graph(
    root: Path | None = None, *, build: Path | None = None, engine: str = "oxigraph"
) -> KnowledgeGraph:
    """Open the current release of a project.

    Args:
        root: the project's folder; without it, the one here or above, else the packaged one.
        build: the folder that holds the releases.
        engine: a name in `ENGINES`.

    Raises:
        UsageError: no project there, or no engine of that name.
        ReleaseError: no release has been built, or it is damaged.
    """
    if engine not in ENGINES:
        listed = " ".join(ENGINES)
        raise UsageError(
            f"没有引擎 {engine}，有：{listed}", f"no engine {engine}; there are: {listed}"
        )
    project = find(root, build)
    while True:
        release = current(project.build, verify=engine == "rdflib")  # others read the store
        try:
            return KnowledgeGraph(project, release, ENGINES[engine](release.path))
        except OSError as error:  # pruned since, if two builds were quick enough
            if current(project.build, verify=False).path == release.path:
                raise ReleaseError(
                    f"发布版打不开：{release.path}", f"the release cannot be opened: {release.path}"
                ) from error
