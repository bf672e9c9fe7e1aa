"""What a worker can be asked to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from kg.context import context_document
from kg.engines.guard import refuse_graph
from kg.errors import NamingError, clipped
from kg.safe_json import dumped
from kg.web.described.descriptions import written
from kg.web.described.openapi import question_list
from kg.web.html import pages, things
from kg.web.html.layout import Place, error_page
from kg.web.linked.documents import choices, document, iri_of, path_of
from kg.web.response import DOCUMENTS, EDITOR, HTML, JSON, PAGE, TEXT, Response, not_offered
from kg.web.sparql.answers import answer
from kg.web.sparql.bounds import admit

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph import KnowledgeGraph
    from kg.web.workers.frames import Head
    from kg.web.workers.holding import Holding

    Operation: TypeAlias = Callable[[Holding, Head, bytes], Response]

__all__ = ["OPERATIONS"]

CHARSET: Final = {it: f"{it}; charset=utf-8" for it in ("text/csv", "text/tab-separated-values")}
"""Media type whose charset a client might guess -> the same with its charset."""

ANSWERS: Final = {
    "json": JSON,
    "csv": CHARSET["text/csv"],
    "tsv": CHARSET["text/tab-separated-values"],
}
"""Format of the answer to a saved question, pages apart -> its media type."""

LONGEST: Final = 2000
"""Characters of an address in a header: proxies take heads of some kilobytes."""


def _sparql(holding: Holding, head: Head, body: bytes) -> Response:
    """Answer a query of the SPARQL protocol, which may need a closer look before."""
    asked = body.decode()
    sparql, chosen = asked, False
    if head.get("closer"):
        sparql, chosen = admit(asked, holding.graphs.__contains__)
    dataset = _dataset(holding, head, chosen)
    limits = holding.plan.limits
    media_type, found = answer(
        holding.store, sparql, tuple(head["wanted"]), limits, asked, **dataset
    )
    return Response(200, CHARSET.get(media_type, media_type), found)


def _dataset(holding: Holding, head: Head, chosen: bool) -> dict[str, Any]:
    """Give the dataset that the request names, else all graphs: in a release, as one."""
    base = {"base_iri": f"{holding.plan.public_url}/sparql"}
    default: list[str] = head.get("default", [])
    named: list[str] = head.get("named", [])
    if not (default or named):
        union = holding.graph is not None and not chosen
        return {**base, "use_default_graph_as_union": union}
    graphs = [ox.NamedNode(iri) for iri in (*default, *named)]
    if holding.graph is not None:  # of a data file, an unknown graph is an empty one
        for graph in graphs:
            if not holding.store.contains_named_graph(graph):
                refuse_graph(graph.value)
    return {
        **base,
        "default_graph": graphs[: len(default)],
        "named_graphs": graphs[len(default) :],
    }


def _description(holding: Holding, head: Head, _: bytes) -> Response:
    """Describe the service or the dataset in RDF."""
    triples = holding.descriptions.get(head["name"])
    if triples is None:
        raise _nothing(head["name"])
    media_type: str = head["media_type"]
    return Response(200, media_type, written(triples, media_type))


def _context(_: Holding, __: Head, ___: bytes) -> Response:
    """Give the context of our JSON-LD."""
    return Response(200, DOCUMENTS["jsonld"], context_document())


def _openapi(holding: Holding, _: Head, __: bytes) -> Response:
    """Describe the service for programs."""
    return Response(200, JSON, holding.openapi)


def _questions(holding: Holding, head: Head, _: bytes) -> Response:
    """List the saved questions."""
    if head["form"] == "html":
        return _page(pages.questions(_site(holding), _place(holding, head)))
    graph = _graph(holding)
    listed = question_list(graph.catalogue(), holding.plan.public_url)
    return Response(200, JSON, dumped({"questions": listed}))


def _question(holding: Holding, head: Head, _: bytes) -> Response:
    """Answer a saved question."""
    graph, place, form = _graph(holding), _place(holding, head), head["form"]
    if head["id"] not in graph.catalogue():
        name = clipped(head["id"])
        raise NamingError(f"没有问题“{name}”", f"no question “{name}”")
    if form == "html":
        status, page = pages.question(_site(holding), place, head["id"])
        return _page(page, status)
    query = graph.catalogue().get(head["id"])
    given: dict[str, list[str]] = {}
    for name, value in place.params:
        given.setdefault(name, []).append(value)
    if form == "rq":
        return Response(200, "application/sparql-query", query.text.encode())
    reply = graph.ask(query.id, **given)
    if form != "json":
        return Response(200, ANSWERS[form], reply.written(form).encode(), _noted(place, query.id))
    told = {
        "question": query.id,
        "version": query.header.version,
        "release": holding.id,
        "title": query.title,
        "settings": reply.settings,
        "notes": [{"zh": note.zh, "en": note.en} for note in reply.notes],
        "columns": {
            name: {"zh": column.label.zh, "en": column.label.en}
            for name, column in query.header.columns.items()
        },
        "rows": list(reply),
    }
    return Response(200, JSON, dumped(told))


def _noted(place: Place, question: str) -> dict[str, str]:
    """Lead from a table, which has no room for notes, to the same answer with them."""
    path = place.file(f"/queries/{question}.json", place.params)
    return {"link": f'<{path}>; rel="describedby"; type="{JSON}"'} if len(path) <= LONGEST else {}


def _start(holding: Holding, head: Head, _: bytes) -> Response:
    """Give the start page."""
    return _page(pages.start(_site(holding), _place(holding, head)))


def _editor(holding: Holding, head: Head, _: bytes) -> Response:
    """Give the page of the SPARQL editor."""
    page = pages.editor(_site(holding), _place(holding, head))
    return Response(200, HTML, page.encode(), EDITOR)


def _listing(holding: Holding, head: Head, _: bytes) -> Response:
    """List the things of a kind, or the kinds."""
    site, place = _site(holding), _place(holding, head)
    return _page(
        things.listing(site, place, head["kind"]) if head["kind"] else things.kinds(site, place)
    )


def _thing(holding: Holding, head: Head, _: bytes) -> Response:
    """Give the document of a thing, or lead to it from another of its names."""
    graph, place, suffix = _graph(holding), _place(holding, head), head["suffix"]
    try:
        iri = iri_of(graph, head["thing"])
    except NamingError as error:
        if meant := choices(error):
            return _several(error, [_located(place, iri, suffix) for iri in meant], place)
        raise
    if not suffix:
        raise not_offered(it.partition(";")[0] for it in DOCUMENTS.values())
    path = path_of(iri, suffix).partition("#")[0]
    if head["path"] != path:
        location = _located(place, iri, suffix)
        return Response(303, TEXT, f"{location}\n".encode(), {"location": location})
    if suffix == "html":
        return _page(things.page(_site(holding), place, iri))
    body = document(graph, iri, suffix, holding.plan.public_url)
    return Response(200, DOCUMENTS[suffix], body)


def _located(place: Place, iri: str, suffix: str) -> str:
    """Give the address of a document, in the language that was asked for."""
    asked = [(name, value) for name, value in place.params if name == "lang"]
    behind = f"?{urlencode(asked)}" if asked else ""
    return urlsplit(place.public_url).path + path_of(iri, suffix) + behind


def _several(error: NamingError, paths: list[str], place: Place) -> Response:
    """Tell what an ambiguous name may mean."""
    headers = {"link": ", ".join(f'<{path}>; rel="alternate"' for path in paths)}
    if paths[0].partition("?")[0].endswith(".html"):
        near = list(zip(error.near, paths, strict=True))
        page = error_page(
            300, error.zh, error.en, place.language, near=near, public_url=place.public_url
        )
        return Response(300, HTML, page.encode(), {**PAGE, **headers})
    told = "".join(f"{path}\n" for path in paths)
    return Response(300, TEXT, f"{error.zh}\n{error.en}\n{told}".encode(), headers)


def _graph(holding: Holding) -> KnowledgeGraph:
    if holding.graph is None:
        raise _nothing("")
    return holding.graph


def _site(holding: Holding) -> pages.Site:
    if holding.site is None:
        raise _nothing("")
    return holding.site


def _nothing(name: str) -> NamingError:
    return NamingError(f"这里没有{name}", f"there is nothing here{f' of {name}' if name else ''}")


def _place(holding: Holding, head: Head) -> Place:
    params = tuple((name, value) for name, value in head["params"])
    return Place(head["path"], head["lang"], params, holding.plan.public_url)


def _page(text: str, status: int = 200) -> Response:
    return Response(status, HTML, text.encode(), PAGE)


OPERATIONS: Final[dict[str, Operation]] = {
    "context": _context,
    "description": _description,
    "editor": _editor,
    "listing": _listing,
    "openapi": _openapi,
    "question": _question,
    "questions": _questions,
    "sparql": _sparql,
    "start": _start,
    "thing": _thing,
}
"""Name of an operation -> what does it."""
