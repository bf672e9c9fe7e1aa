"""The knowledge graph as notebooks and the command line use it: open, ask, table, describe."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from kg.catalogue import Catalogue
from kg.description import facts_of
from kg.engines import ENGINES, is_url, open_remote
from kg.engines.base import ClosedEngine
from kg.engines.guard import form_of, tokens
from kg.errors import (
    QueryError,
    QuestionsError,
    ReleaseError,
    UsageError,
    clipped,
)
from kg.index import open_index
from kg.lookup import EVERYWHERE, Found, Scope, resolve
from kg.names import PREFIXES, shorten
from kg.project import find
from kg.receipts import Receipt, Rerun, make_receipt, rerun
from kg.release import current, open_release
from kg.replies import Reply, notes_on
from kg.results import JSON_RESULTS, Table
from kg.search import search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import networkx as nx

    from kg.engines import Engine
    from kg.exports.material import Material
    from kg.project import Project
    from kg.queries import Parameter, SavedQuery
    from kg.release import Release
    from kg.results import Answer

__all__ = ["KnowledgeGraph", "Reply", "open_graph"]


Value: TypeAlias = str | int | bool | date
"""What a parameter may be given as."""

LANGUAGES: Final = ("zh", "en")
"""Of labels and heads."""


class KnowledgeGraph:
    """A release opened with an engine, and the saved questions that can be put to it."""

    def __init__(
        self,
        project: Project,
        release: Release | None,
        engine: Engine,
        *,
        name: str = "oxigraph",
        language: str = "zh",
    ) -> None:
        """Take the parts; `open_graph` makes them.

        Args:
            project: where the questions are.
            release: what the engine holds; an endpoint has none.
            engine: what answers.
            name: the engine's name, or the endpoint's address without credentials.
            language: `zh` or `en`, of tables for people.
        """
        self.project = project
        self.release = release
        self.engine = engine
        self.name = name
        self.language = language
        self.held: Catalogue | None = None

    def hold(self) -> None:
        """Read every saved question now; from then on no file is opened to ask one.

        Raises:
            QuestionsError: files are wrong; holds every problem.
        """
        held = Catalogue(self.project.queries)
        held.hold()
        self.held = held

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
        self.close()

    def close(self) -> None:
        """Let go of the store; nothing can be asked any more."""
        self.engine.close()
        self.engine = ClosedEngine()

    def catalogue(self) -> Catalogue:
        """Give the saved questions."""
        return self.held or Catalogue(self.project.queries)

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
        return form_of(tokens(query)) in {"CONSTRUCT", "DESCRIBE"}

    def describe(self, iri: str, language: str = "") -> Table:
        """Give all facts of a thing, and what is claimed of it, each claim with its quote.

        Args:
            iri: the thing.
            language: `zh` or `en`, of labels; without it, the graph's.

        Raises:
            NamingError: the thing is no IRI.
            UsageError: there is no such language.
        """
        language = language or self.language
        _check_language(language)
        return facts_of(self.engine, iri, language)

    def find(self, text: str, *, kinds: Iterable[str] = (), limit: int = 20) -> Table:
        """Find things by words in their labels, variants, pinyin, quotes, sentences, definitions.

        Args:
            text: words that must all occur, phrases in quotation marks; see `search.search`.
            kinds: some of `names.SEARCHED`; all if left out.
            limit: how many rows at most.

        Returns:
            One row a thing, the best first: what it is, where it was found, and the text there
            with the hit between 【 and 】.

        Raises:
            UsageError: there is nothing to search for, or no such kind.
            ReleaseError: an endpoint cannot be searched; or the release's index is not whole.
        """
        if self.release is None:
            raise ReleaseError(
                "端点不能检索，请打开已生成的发布版（kg build）",
                "an endpoint cannot be searched: open a built release (kg build)",
            )
        with open_index(self.release.path) as index:
            return search(index, text, kinds=kinds, limit=limit).table

    def resolve(self, name: str, scope: Scope = EVERYWHERE) -> Found:
        """Find the thing that a name means; see `lookup.resolve`."""
        return resolve(self.engine, name, scope)

    def bind(
        self, query: SavedQuery, values: Mapping[str, list[str]]
    ) -> tuple[dict[str, list[str]], dict[str, Found]]:
        """Give the terms of a saved question's parameters, and the things that names mean.

        Raises:
            UsageError: there is no such parameter, or a value is malformed.
            NamingError: a name is unknown or means several things.
        """
        bound: dict[str, list[str]] = {}
        meant: dict[str, Found] = {}
        for name, given in values.items():
            parameter = query.header.params.get(name)
            if parameter is None:
                raise query.no_parameter(name)
            if not given or not all(map(str.strip, given)):
                raise UsageError(
                    f"参数 {name} 是空的，没有值", f"the parameter is empty: {name} has no value"
                )
            if len(given) > 1 and not parameter.many:
                raise UsageError(f"参数 {name} 只能有一个值", f"{name} takes one value")
            for value in given:
                if parameter.class_ is None:
                    bound.setdefault(name, []).append(query.term(name, value))
                else:
                    found = self.resolve(value, _scope(parameter))
                    meant[value] = found
                    bound.setdefault(name, []).append(f"<{found.iri}>")
        return {name: list(dict.fromkeys(terms)) for name, terms in bound.items()}, meant

    def ask(self, question: str, /, **values: Value | Sequence[Value]) -> Reply:
        """Answer a saved question.

        Args:
            question: its id.
            values: parameter -> value, or list of values where it takes several. A thing may
                be given by key, IRI, CURIE, code, or label in Chinese, English or pinyin; a
                number, day or truth as Python has it.

        Raises:
            QueryError: there is no such question.
            UsageError: a parameter does not exist or its value is malformed.
            NamingError: a name is unknown or means several things.
        """
        query = self.catalogue().get(question)
        given = {name: _texts(value) for name, value in values.items()}
        bound, meant = self.bind(query, given)
        sparql = query.bind(bound)
        answer = self.sparql(sparql)
        reply = Reply(query, given, bound, meant, sparql, answer, (), self.language)
        notes = notes_on(self.engine, query, meant, bound, len(reply))
        return replace(reply, notes=notes)

    def to_networkx(self, name: str = "full") -> nx.Graph[str] | nx.MultiDiGraph[str]:
        """Give a network of the graph as a networkx graph.

        Args:
            name: `full` (things, claims and their links), `region-concept`, or its projections
                `region-region` and `concept-concept`; see `networks.network`.

        Raises:
            UsageError: there is no network of that name.
        """
        from kg.networks import network  # noqa: PLC0415 -- networkx is needed only here

        return network(name, lambda question: self.ask(question).table)

    def material(self) -> Material:
        """Give what exporters are fed: dataset, tables, networks; see `exports.Material`."""
        from kg.exports.material import Material  # noqa: PLC0415 -- libraries for few users
        from kg.identity import identify  # noqa: PLC0415 -- as above

        return Material(
            self.ask,
            self.release.dataset if self.release else None,
            identify(self).release,
            lambda name: shorten(self.resolve(name).iri),
        )

    def export(self, form: str, place: Path, *, network: str = "", about: str = "") -> None:
        """Write the graph for another tool.

        Args:
            form: one of `exports.EXPORTERS`, as `gexf`, `csv` or `xlsx`.
            place: a file, or a folder for formats that are several files.
            network: which one of `networks.NETWORKS`, for formats of networks; without it,
                `region-concept`.
            about: a thing by any of its names: only it and its neighbours.

        Raises:
            UsageError: there is no such format or network, it cannot hold a value, or the place
                cannot be written.
            NamingError: the thing is not in the network.
        """
        from kg.exports.writing import write  # noqa: PLC0415 -- libraries for few users

        write(self.material(), form, place, network=network, about=about)

    def receipt(self, reply: Reply, form: str = "csv") -> Receipt:
        """Give the receipt of a reply as it is written in a format; see `receipts`."""
        return make_receipt(reply, self.engine, self.name, self.release, form)

    def rerun(self, receipt: Receipt) -> Rerun:
        """Give an answer again from its receipt, and what has changed since."""
        try:
            query = self.catalogue().get(receipt.question)
        except (QueryError, QuestionsError):  # gone, or its file is wrong: the receipt has it
            query = None
        return rerun(receipt, self.engine, self.release, query)

    def evidence(self, thing: str) -> Reply:
        """Give every quote that a thing rests on: of a claim, or of all that is said of it."""
        return self.ask("evidence-of", thing=thing)


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise UsageError("language 为 zh 或 en", "the language is zh or en")


def _texts(given: Value | Sequence[Value]) -> list[str]:
    """Give one or several values as the command line would: a truth is `true` or `false`."""
    values = [given] if isinstance(given, str | int | date) else given
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def _scope(parameter: Parameter) -> Scope:
    """Tell where the values of a parameter are looked up."""
    if parameter.class_ is None or parameter.class_ == "rdfs:Resource":
        return EVERYWHERE
    return Scope((parameter.class_,), parameter.scheme or "")


def open_graph(
    root: Path | None = None,
    *,
    build: Path | None = None,
    engine: str = "oxigraph",
    release: str = "",
    language: str = "zh",
) -> KnowledgeGraph:
    """Open the graph: a release of a project, or a SPARQL endpoint.

    Args:
        root: the project's folder; without it, the one here or above, else the packaged one.
        build: the folder that holds the releases.
        engine: a name in `ENGINES`, or the address of an endpoint that serves the dataset.
        release: the id of a release that is still on disk; without it, the current one.
        language: `zh` or `en`, of tables for people.

    Raises:
        UsageError: no project there, no engine of that name, another language, or a release of
            an endpoint.
        ReleaseError: no release has been built, or it is damaged.
        EndpointError: (when asked) the endpoint cannot be reached or answers wrongly.
    """
    _check_language(language)
    project = find(root, build)
    if is_url(engine):
        return _open_endpoint(project, engine, release, language)
    if engine not in ENGINES:
        listed = " ".join(ENGINES)
        raise UsageError(
            f"没有引擎 {clipped(engine)}，有：{listed}，或端点的网址",
            f"no engine {clipped(engine)}; there are: {listed}, or an endpoint's address",
        )
    verify = engine == "rdflib"  # others read the store
    while True:
        found = _release(project.build, release, verify=verify)
        try:
            opened = ENGINES[engine](found.path)
        except OSError as error:  # pruned since, if two builds were quick enough
            if release or current(project.build, verify=False).path == found.path:
                raise ReleaseError(
                    f"发布版打不开：{found.path}", f"the release cannot be opened: {found.path}"
                ) from error
        else:
            return KnowledgeGraph(project, found, opened, name=engine, language=language)


def _open_endpoint(project: Project, url: str, release: str, language: str) -> KnowledgeGraph:
    if release:
        raise UsageError(
            "端点没有发布版可选，请去掉 release", "an endpoint has no releases: leave release out"
        )
    engine = open_remote(url)
    return KnowledgeGraph(project, None, engine, name=engine.address.shown, language=language)


def _release(build: Path, release: str, *, verify: bool) -> Release:
    """Give the release of an id, or the current one."""
    if release:
        return open_release(build / "releases" / release, verify=verify)
    return current(build, verify=verify)
