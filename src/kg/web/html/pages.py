"""Pages of the service: the start, the questions, a question with its answer, the editor.

`prepare` reads all that a page needs; afterwards each page is a function of the graph alone, so
that a worker which can open no file gives it, and the same page is the same text in a release.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from kg.citation import cite_answer, cite_dataset
from kg.errors import KgError
from kg.names import PREFIXES, ROOT, expand
from kg.web.html.calls import calls_of
from kg.web.html.cells import grid_of, page_path
from kg.web.html.forms import faults_of, fields_of, given_by, names_of
from kg.web.html.layout import STATIC, load, render
from kg.web.html.page_queries import BRANCHES, FIGURES, FIRST, REGIONS, TERMS
from kg.web.response import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.catalogue import Competency
    from kg.citation import Citation
    from kg.graph import KnowledgeGraph
    from kg.queries import SavedQuery
    from kg.replies import Reply
    from kg.web.html.forms import Field, Names
    from kg.web.html.layout import Place

__all__ = ["Site", "cited", "description_of", "editor", "prepare", "question", "questions", "start"]

DAY: Final = "YYYY-MM-DD"
"""Stands in a citation for the day on which a reader looks, which no page can know."""

EDITOR: Final = ("yasgui.min.js", "yasgui.min.css")
"""Files below `static/vendor/` that the SPARQL editor is made of."""

EXAMPLES: Final = (
    "regions-sharing-concept",
    "targets-due",
    "regions-lacking-concept",
    "targets-quantified",
    "platforms-to-be-built",
    "framework-parts",
    "region-similarity",
)
"""Questions that the start page leads to."""


@dataclass(frozen=True)
class Site:
    """All that pages need, read before the first is given.

    `programs` are the subjects whose questions feed another command, each with its name.
    """

    graph: KnowledgeGraph
    queries: Mapping[str, SavedQuery]
    subjects: Mapping[str, Mapping[str, str]]
    programs: Mapping[str, str]
    competency: tuple[Competency, ...]
    names: Mapping[str, Names]
    has_editor: bool

    def subject(self, name: str, language: str) -> str:
        """Give what a subject of questions is called: its key where nothing is told of it."""
        return self.subjects.get(name, {}).get(language, name)


def prepare(graph: KnowledgeGraph) -> Site:
    """Read templates, questions, and the names that forms offer.

    Args:
        graph: a release, with its questions held.

    Raises:
        QuestionsError: a saved question or `catalogue.yaml` is wrong.
    """
    load()
    catalogue = graph.catalogue()
    queries, contents = catalogue.queries(), catalogue.contents()
    return Site(
        graph=graph,
        queries={query.id: query for query in queries},
        subjects={
            name: {"zh": subject.label.zh, "en": subject.label.en}
            for name, subject in contents.subjects.items()
        },
        programs={
            name: subject.for_programs
            for name, subject in contents.subjects.items()
            if subject.for_programs
        },
        competency=contents.competency,
        names=names_of(graph, queries),
        has_editor=all((STATIC / "vendor" / name).is_file() for name in EDITOR),
    )


def start(site: Site, place: Place) -> str:
    """Give the start page: what this is, and where one goes from here."""
    graph = site.graph
    release = graph.release.id if graph.release else ""
    return render(
        "start.html",
        place,
        figures=next(graph.table(FIGURES).records()),
        regions=_rows(graph, REGIONS, "region"),
        branches=_rows(graph, BRANCHES, "concept"),
        counts=_counts(site),
        examples=[site.queries[name] for name in EXAMPLES if name in site.queries],
        citation=cited(cite_dataset(release, date.min)),
        release=release,
    )


def _counts(site: Site) -> tuple[int, list[tuple[str, int]]]:
    """Count the questions of readers, and those that feed a command, by its name."""
    feeding = Counter(site.programs.get(query.subject, "") for query in site.queries.values())
    return feeding.pop("", 0), sorted(feeding.items())


def _rows(graph: KnowledgeGraph, sparql: str, thing: str) -> list[dict[str, str]]:
    """Give rows, each with the path of its thing."""
    rows = graph.table(sparql).records()
    return [row | {"path": page_path(expand(row[thing]))} for row in rows]


def cited(citation: Citation) -> Citation:
    """Give a citation whose day of looking is left for the reader to fill in, if it needs one."""
    return replace(citation, seen=DAY) if citation.seen == date.min.isoformat() else citation


def questions(site: Site, place: Place) -> str:
    """Give the list of all questions by subject, and of those that no query answers yet.

    Those that feed a command stand behind all others.
    """
    subjects = [
        (name, site.subject(name, place.language), list(queries))
        for name, queries in groupby(site.queries.values(), lambda query: query.subject)
    ]
    return render(
        "questions.html",
        place,
        subjects=[item for item in subjects if item[0] not in site.programs],
        feeding=[(site.programs[it[0]], *it) for it in subjects if it[0] in site.programs],
        counts=_counts(site),
        gaps=[item for item in site.competency if not item.answered_by],
    )


def question(site: Site, place: Place, name: str) -> tuple[int, str]:
    """Give the status and the page of a question: its form, and the answer to what it was given.

    Args:
        site: what `prepare` gave.
        place: where the page stands; its `params` are those of the question, which may repeat,
            besides `lang` and `format`.
        name: the question's id.

    Returns:
        200 and the answer; or, where a value is malformed (400), or a name unknown or ambiguous
        (404), the form with what is wrong beside each field.

    Raises:
        QueryError: there is no such question.
    """
    query = site.queries.get(name) or site.graph.catalogue().get(name)
    given = given_by(place.params)
    try:
        reply = site.graph.ask(query.id, **given)
    except KgError as error:
        faults = faults_of(site.graph, query, given)
        stray = (error.zh, error.en) if not faults.keys() & query.header.params.keys() else None
        page = _question(site, place, query, given, faults=faults, stray=stray)
        return status_of(error), page
    return 200, _question(site, place, query, given, answer=_answer(site, reply, place))


def _answer(site: Site, reply: Reply, place: Place) -> dict[str, Any]:
    """Give what a page tells of an answer."""
    return {
        # The form shows the defaults by their names; here they would stand as codes.
        "notes": [note for note in reply.notes if not note.zh.startswith("默认：")],
        "grid": grid_of(reply, place),
        "sparql": reply.sparql,
        "citation": cited(cite_answer(site.graph.receipt(reply), date.min)),
    }


def _question(
    site: Site,
    place: Place,
    query: SavedQuery,
    given: Mapping[str, list[str]],
    **told: Any,  # noqa: ANN401 -- for the template
) -> str:
    graph, language = site.graph, place.language
    params = [(n, v) for n, values in given.items() if n in query.header.params for v in values]
    fields = fields_of(query, given, told.pop("faults", {}), site.names, place)

    def retry(name: str, value: str) -> str:
        """Give the address of the same question with another value of one parameter."""
        others = [(n, v) for n, v in params if n != name]
        return place.link(place.path, [*others, (name, value)])

    return render(
        "question.html",
        place,
        **{"answer": None, "stray": None, **told},
        query=query,
        title=_title(query, fields, language),
        description=description_of(query, language),
        fields=fields,
        calls=calls_of(query, params, place),
        release=graph.release.id if graph.release else "",
        subject=site.subject(query.subject, language),
        params=params,
        retry=retry,
    )


def _title(query: SavedQuery, fields: Iterable[Field], language: str) -> str:
    """Give a question's title with what its form holds: a switch that is off is left out."""
    zh = language == "zh"
    told = [
        f"{field.label}{'：' if zh else ': '}{('、' if zh else ', ').join(field.told)}"
        for field in fields
        if field.told
    ]
    given = ("；" if zh else "; ").join(told)
    around = "（{}）" if zh else " ({})"
    return query.title[language] + (around.format(given) if given else "")


def description_of(query: SavedQuery, language: str) -> list[tuple[bool, str]]:
    """Give a question's description in a language, in pieces: whether it is code, and the text.

    Descriptions say all in English, then in Chinese; names of columns stand between backticks,
    and are told by their heads.
    """
    text = query.header.description
    turns = [match.end() for match in re.finditer(r"[.)] (?=[^\x00-\x7f])", text)]
    parts = (text[turns[-1] :], text[: turns[-1]].strip()) if turns else (text, text)
    pieces = re.split(r"`([^`]*)`", parts[0] if language == "zh" else parts[1])
    heads: dict[str, str] = {
        name: getattr(column.label, language) for name, column in query.header.columns.items()
    }
    told = [(at % 2 == 1, piece) for at, piece in enumerate(pieces) if piece]
    return [(is_code, heads.get(piece, piece) if is_code else piece) for is_code, piece in told]


def editor(site: Site, place: Place) -> str:
    """Give the page of the SPARQL editor; without its files, and without scripts, a plain form.

    A query of the address stands in it.
    """
    given = next((value for name, value in place.params if name == "query"), "")
    terms: dict[str, list[list[str]]] = {"class": [], "property": []}
    for row in site.graph.table(TERMS).records():
        label = row.get(place.language, "")
        terms[row["kind"]].append([expand(row["term"]), label])
    settings = {
        "given": bool(given),
        "endpoint": place.file("/sparql"),
        "queries": place.file("/queries/"),
        "iris": ROOT,
        "root": place.file("/"),
        "prefixes": PREFIXES,
        "classes": terms["class"],
        "properties": terms["property"],
        "texts": {
            "endpoint": place.say("SPARQL 端点", "SPARQL endpoint"),
            "tab": place.say("查询", "Query"),
            "run": place.say("运行", "Run"),
            "failed": place.say("读不到这个问题的查询", "The question's query cannot be read"),
        },
    }
    subjects = groupby(site.queries.values(), lambda query: query.subject)
    return render(
        "sparql.html",
        place,
        settings=settings,
        has_editor=site.has_editor,
        files=EDITOR,
        subjects=[
            (site.subject(name, place.language), list(queries)) for name, queries in subjects
        ],
        first=given or FIRST.format(language=place.language),
    )
