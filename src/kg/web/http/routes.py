"""What the service answers by path, the endpoint apart."""

from __future__ import annotations

import asyncio
import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias
from urllib.parse import unquote

from kg.errors import KgError, NamingError, NotOfferedError, UsageError, clipped
from kg.names import KINDS
from kg.web import negotiation
from kg.web.html.layout import LANGUAGES, error_page
from kg.web.http.delivery import deliver_file, header, not_modified
from kg.web.http.files import FILES, file_of
from kg.web.http.metrics import METRICS_TYPE
from kg.web.http.work import etag
from kg.web.protocol import pairs
from kg.web.response import (
    DOCUMENTS,
    HTML,
    JSON,
    PAGE,
    TEXT,
    Response,
    compressed,
    failure,
    not_allowed,
    not_offered,
)
from kg.web.workers.frames import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kg.web.http.app import App
    from kg.web.http.delivery import Receive, Scope, Send
    from kg.web.workers.frames import Head

    Handler: TypeAlias = Callable[["Request"], Head | Response]

__all__ = ["Routes", "told_for"]

ANSWERS: Final = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "rq": "application/sparql-query",
}
"""Suffix or `format=` of a saved question -> its media type, the preferred first."""

LISTS: Final = {"html": "text/html", "json": "application/json"}
"""The same of the list of questions."""

PAGES: Final = {"html": "text/html"}
"""The same of what is a page alone."""

METHODS: Final = "GET, HEAD, OPTIONS"
"""Methods that there are but at the endpoint."""

DOWNLOAD: Final = "/data/dataset.nq"
NQUADS: Final = "application/n-quads"
LARGE: Final = 64 << 20
"""Bytes of a dataset from which it is sent as it is, since it is compressed in memory."""


class Request(NamedTuple):
    """A request of a path: what the path holds, its parameters, and how it may be answered."""

    app: App
    scope: Scope
    found: dict[str, str]
    params: list[tuple[str, str]]

    @property
    def path(self) -> str:
        """The path, percent-decoded once."""
        return decoded(self.scope)

    @property
    def head(self) -> Head:
        """What every page is told."""
        return {"path": self.path, "params": self.params, "lang": self.language}

    @property
    def language(self) -> str:
        """The language that is asked for, `zh` or `en`."""
        return _language(self.scope, self.params)

    def form(self, offers: dict[str, str]) -> str:
        """Choose among formats: by suffix, by the parameter `format`, by the Accept header.

        Raises:
            UsageError: there is no such format.
            NotOfferedError: no format is one that the client takes.
        """
        given = self.found.get("suffix") or next((v for n, v in self.params if n == "format"), "")
        if given and given not in offers:
            listed = " ".join(offers)
            raise UsageError(f"格式只有：{listed}", f"the formats are: {listed}")
        if given:
            return given
        types = [type_.partition(";")[0] for type_ in offers.values()]
        best = negotiation.media_type(header(self.scope, b"accept"), tuple(types))
        if not best:
            raise not_offered(types)
        return list(offers)[types.index(best)]


class Routes:
    """Answers requests by their path."""

    def __init__(self, app: App) -> None:
        """Take the application that they belong to."""
        self.app = app
        self.packing = asyncio.Lock()
        self.packed: dict[str, Response] = {}  # the last two: of a release, by brotli and by gzip

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            KgError: there is nothing at that path, or it is not to be had so.
        """
        if scope["method"] not in {"GET", "HEAD"}:
            await self.app.respond(scope, send, not_allowed(METHODS))
            return
        path = decoded(scope)
        if path == DOWNLOAD and (dataset := self.app.service.dataset) is not None:
            await self._download(scope, send, dataset)
            return
        for pattern, handler in ROUTES:
            if match := pattern.fullmatch(path):
                asked = Request(self.app, scope, match.groupdict(), pairs(scope["query_string"]))
                await self._answer(scope, receive, send, handler(asked))
                return
        raise NamingError(f"没有 {clipped(path)}", f"there is nothing at {clipped(path)}")

    async def describe(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Describe the endpoint: in RDF, or as a page with an editor."""
        asked = Request(self.app, scope, {"name": "service"}, pairs(scope["query_string"]))
        await self._answer(scope, receive, send, _described(asked))

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, found: Head | Response
    ) -> None:
        """Answer from here; or from a worker, what is the same as long as the release is."""
        if isinstance(found, Response):
            await self.app.respond(scope, send, found, found.etag)
            return
        coding = negotiation.coding(header(scope, b"accept-encoding"))
        release = self.app.service.id
        head = told(dict(sorted(found.items())))
        tag = etag(release, scope["raw_path"], head, coding.encode())
        if known := not_modified(scope, tag):
            await self.app.respond(scope, send, known, tag)
            return
        errors = {"json": True} if negotiation.wants_json(header(scope, b"accept")) else {}
        response = await self.app.ask(scope, receive, {**found, "coding": coding, **errors})
        same = release == response.release == self.app.service.id  # else it may be of either
        response = told_for(scope, response, self.app.service.plan.public_url)
        await self.app.respond(scope, send, response, tag if same else "", keep=same)

    async def _download(self, scope: Scope, send: Send, dataset: Path) -> None:
        """Give the whole dataset, from the disk; compressed, once for all, unless it is large."""
        release, size = self.app.service.id, (await asyncio.to_thread(dataset.stat)).st_size
        coding = negotiation.coding(header(scope, b"accept-encoding")) if size < LARGE else ""
        tag = etag(release, DOWNLOAD.encode(), coding.encode())
        if known := not_modified(scope, tag, exists=True):
            await self.app.respond(scope, send, known, tag)
            return
        headers = {"content-disposition": f'attachment; filename="dgkg-{release}.nq"'}
        whole = Response(200, NQUADS, b"", headers)
        if not coding:
            self.app.metrics.answered(DOWNLOAD, 200)
            await deliver_file(scope, send, dataset, whole, tag)
            return
        async with self.packing:
            if tag not in self.packed:
                packed = await asyncio.to_thread(_packed, dataset, whole, coding)
                self.packed = {tag: packed, **dict(list(self.packed.items())[:1])}
            response = self.packed[tag]
        await self.app.respond(scope, send, response, tag)


def _packed(dataset: Path, response: Response, coding: str) -> Response:
    return compressed(response._replace(body=dataset.read_bytes()), coding)


def decoded(scope: Scope) -> str:
    """Give the path of a request, percent-decoded once.

    Raises:
        NamingError: it is not UTF-8.
    """
    try:
        return unquote(scope["raw_path"].decode(), errors="strict")
    except UnicodeDecodeError as error:
        raise NamingError("路径不是 UTF-8", "the path is not in UTF-8") from error


def _language(scope: Scope, params: Iterable[tuple[str, str]]) -> str:
    """Give the language that is asked for, `zh` or `en`: by a parameter, else by a header."""
    for name, value in params:
        if name == "lang" and value in LANGUAGES:
            return value
    return negotiation.language(header(scope, b"accept-language"))


def told_for(scope: Scope, response: Response | KgError, public_url: str) -> Response:
    """Give an error as the client reads it: a page, JSON, or text."""
    accept = header(scope, b"accept")
    if isinstance(response, KgError):
        response = failure(response, as_json=negotiation.wants_json(accept))
    is_error = response.status >= HTTPStatus.BAD_REQUEST
    if not is_error or response.media_type != TEXT or "text/html" not in accept:
        return response
    zh, en, *_ = (*response.body.decode().split("\n"), "", "")
    try:
        params = pairs(scope["query_string"])
    except UsageError:  # which may be what is told
        params = []
    page = error_page(response.status, zh, en, _language(scope, params), public_url=public_url)
    return Response(response.status, HTML, page.encode(), {**response.headers, **PAGE})


# --- what is at a path --------------------------------------------------------------------------


def _described(asked: Request) -> Head:
    """Describe service or dataset in RDF; the endpoint itself to a browser with an editor."""
    service = asked.found["name"] == "service"
    page = service and asked.app.service.plan.is_release
    offers = (*negotiation.TRIPLES, *(("text/html",) if page else ()))
    accept = header(asked.scope, b"accept")
    given = next((value for name, value in asked.params if name == "format"), "")
    if given:
        media_type = negotiation.wanted(accept, given)[1]
    else:
        media_type = negotiation.media_type(accept, offers)
    if not media_type:
        raise not_offered(offers)
    if media_type == "text/html":
        return {"op": "editor", **asked.head}
    return {"op": "description", "name": asked.found["name"], "media_type": media_type}


def _start(asked: Request) -> Head | Response:
    """Give the start page; of a data file there is only the endpoint."""
    if asked.app.service.plan.is_release:
        return {"op": "start", **asked.head}
    return Response(303, TEXT, b"sparql\n", {"location": "sparql"})


def _questions(asked: Request) -> Head:
    return {"op": "questions", "form": asked.form(LISTS), **asked.head}


def _question(asked: Request) -> Head:
    form = asked.form(ANSWERS)
    params = [pair for pair in asked.params if pair[0] not in {"format", "lang"}]
    own = {"json": True} if form == "json" else {}
    head = {"op": "question", "id": asked.found["id"], "form": form, **asked.head}
    return {**head, "params": asked.params if form == "html" else params, **own}


def _thing(asked: Request) -> Head:
    try:
        suffix = asked.form(DOCUMENTS)
    except NotOfferedError:  # a worker knows whether there is such a thing at all
        suffix = ""
    behind = asked.found["suffix"]
    thing = asked.path.removesuffix(f".{behind}") if behind else asked.path
    plain = asked.scope["raw_path"].decode("ascii", "replace")
    return {**asked.head, "op": "thing", "thing": thing, "suffix": suffix, "path": plain}


def _listing(asked: Request) -> Head:
    kind = asked.found["kind"] or ""
    if kind in {"", *KINDS}:
        asked.form(PAGES)
    return {"op": "listing", "kind": kind, **asked.head}


def _context(_: Request) -> Head:
    return {"op": "context"}


def _openapi(_: Request) -> Head:
    return {"op": "openapi"}


def _file(asked: Request) -> Response:
    """Give a file of the pages."""
    if asked.found["file"] not in FILES:
        raise NamingError("没有这个文件", "there is no such file")
    return file_of(asked.found["file"], negotiation.coding(header(asked.scope, b"accept-encoding")))


def _health(asked: Request) -> Response:
    """Tell whether a dataset is served, and which."""
    up = asked.app.service.is_up
    told: dict[str, Any] = {
        "status": "ok" if up else "starting",
        "release": asked.app.service.id,
    }
    body = json.dumps(told).encode()
    return Response(200 if up else 503, JSON, body, {"cache-control": "no-store"})


def _metrics(asked: Request) -> Response:
    """Give all counts."""
    body = asked.app.metrics.text()
    return Response(200, METRICS_TYPE, body, {"cache-control": "no-store"})


SUFFIX: Final = rf"(?:\.(?P<suffix>{'|'.join(DOCUMENTS)}))?"

ROUTES: Final[tuple[tuple[re.Pattern[str], Handler], ...]] = tuple(
    (re.compile(pattern, re.DOTALL), handler)
    for pattern, handler in (
        (r"/", _start),
        (r"/queries(?:\.(?P<suffix>html|json))?/?", _questions),
        (rf"/queries/(?P<id>[^/.]+)(?:\.(?P<suffix>{'|'.join(ANSWERS)}))?", _question),
        (r"/id(?:/(?P<kind>[^/]+))?/?", _listing),
        (rf"/id/[^/]+/.+?{SUFFIX}", _thing),
        (rf"/graph/.+?{SUFFIX}", _thing),
        (rf"/ontology(?:/[^/]+?)??{SUFFIX}", _thing),
        (r"/\.well-known/(?P<name>void|sparql-examples)", _described),
        (r"/context\.jsonld", _context),
        (r"/openapi\.json", _openapi),
        (r"/static/(?P<file>.+)", _file),
        (r"/health", _health),
        (r"/metrics", _metrics),
    )
)
"""What a path looks like -> what is asked of a worker for it, or answered at once."""
