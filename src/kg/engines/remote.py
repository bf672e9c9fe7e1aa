"""The remote engine: any SPARQL 1.1 service, asked through SPARQLWrapper.

What is given is what the server sent, in the media type that was asked for, and whole; anything
less is an `EndpointError`.
"""

from __future__ import annotations

import http.client
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    N3,
    POST,
    RDFXML,
    TSV,
    TURTLE,
    XML,
    SPARQLWrapper,
    __agent__,
)

from kg.engines.address import parse_address
from kg.engines.base import check_media_type
from kg.engines.bodies import ALIASES, flaw
from kg.engines.faults import Fault, broken, plain, refused, unreachable, wrong
from kg.engines.question import checked
from kg.engines.transport import Clock, Deadline, Reply, received, sent
from kg.errors import EndpointError
from kg.results import GRAPH_TYPES, RESULT_TYPES, Answer

if TYPE_CHECKING:
    from kg.engines.address import Address
    from kg.engines.question import Question

__all__ = ["LIMIT", "TIMEOUT", "RemoteEngine", "Service"]

TIMEOUT: Final = 60.0
"""Seconds for an answer: every try, every redirect, every wait."""

LIMIT: Final = 64 << 20
"""Bytes that an answer may have."""

TRIES: Final = 4
BACKOFF: Final = 0.25
"""Seconds before the second try; doubled for each further one, and up to half of it off."""

PATIENCE: Final = 20.0
"""Seconds that a server may ask to wait."""

LONGEST_GET: Final = 6000
"""Characters of a URL that servers which take no POST are trusted with."""

NO_POST: Final = frozenset({HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED})

FORMATS: Final = {
    RESULT_TYPES["srj"]: JSON,
    RESULT_TYPES["srx"]: XML,
    RESULT_TYPES["csv"]: CSV,
    RESULT_TYPES["tsv"]: TSV,
    GRAPH_TYPES["ttl"]: TURTLE,
    GRAPH_TYPES["nt"]: N3,
    GRAPH_TYPES["rdf"]: RDFXML,
}

PARTIAL: Final = ("X-SQL-State", "X-SPARQL-MaxRows")
"""Headers by which Virtuoso says that it left rows out."""


class Service(SPARQLWrapper):
    """SPARQLWrapper, with a transport that keeps deadlines and secrets.

    Its own sends through urllib's global opener, and its `setQuery` guesses the kind of query
    from words that may stand in a prefix or a comment; so both are set here.
    """

    def __init__(self, address: Address, deadline: Deadline, *, method: str) -> None:
        """Be ready to send one query."""
        super().__init__(address.url, agent=f"dgkg {__agent__}")
        self.address = address
        self.deadline = deadline
        self.setOnlyConneg(True)
        self.setMethod(method)
        if method == GET:  # SPARQLWrapper appends `?` and its parameters
            parts = urlsplit(address.url)
            self.endpoint = urlunsplit(parts._replace(query=""))
            for name, value in parse_qsl(parts.query, keep_blank_values=True):
                self.addParameter(name, value)

    def put(self, question: Question, media_type: str) -> http.client.HTTPResponse:
        """Send a query and give the response, whatever its status."""
        self.queryString, self.queryType = question.text, question.form
        for name, iri in question.dataset:
            self.addParameter(name, iri)
        self.setReturnFormat(FORMATS[media_type])
        self.addCustomHttpHeader("Accept", media_type)
        return self.query().response

    def _query(self) -> tuple[http.client.HTTPResponse, str]:
        request = self._createRequest()
        if request.data is None and len(request.full_url) > LONGEST_GET:
            shown = self.address.shown
            raise EndpointError(
                f"{shown} 只接受 GET，而查询太长",
                f"{shown} takes GET only, and the query is too long",
            )
        return sent(request, self.address, self.deadline), self.returnFormat

    def __str__(self) -> str:
        """Name the service, where SPARQLWrapper would print every attribute."""
        return self.address.shown

    __repr__ = __str__


class RemoteEngine:
    """A SPARQL service somewhere else; it holds no connection between two queries."""

    def __init__(
        self,
        url: str,
        *,
        user: str = "",
        password: str = "",
        timeout: float = TIMEOUT,
        limit: int = LIMIT,
        clock: Clock | None = None,
    ) -> None:
        """Take the address; nothing is sent yet.

        Args:
            url: where queries go; a user and a password in it go before those given.
            user: who asks, for HTTP Basic or Digest.
            password: the user's.
            timeout: seconds for an answer, all tries and redirects included.
            limit: bytes that an answer may have.
            clock: tells the time and waits.

        Raises:
            UsageError: it is no URL that can be asked.
        """
        self.address = parse_address(url, user, password)
        self.timeout = timeout
        self.limit = limit
        self.clock = clock or Clock()
        self.method = POST

    def __repr__(self) -> str:
        """Name the service, without secrets."""
        return f"RemoteEngine({self.address.shown!r})"

    def answer(self, sparql: str, media_type: str) -> Answer:
        """Answer a query; see `Engine.answer`.

        Raises:
            EndpointError: the service cannot be reached, or does not answer as it should.
        """
        question = checked(sparql)
        check_media_type(media_type, graph=question.gives_triples)
        deadline = Deadline(self.clock, self.timeout)
        for tried in count(1):
            outcome = self._try(question, media_type, deadline)
            if isinstance(outcome, Reply):
                return self._whole(outcome, question, media_type)
            wait = max(outcome.after, BACKOFF * 2 ** (tried - 1) * (1 + self.clock.chance()) / 2)
            late = self.clock.now() + wait >= deadline.end
            if not outcome.passing or tried == TRIES or wait > PATIENCE or late:
                raise outcome.error
            self.clock.sleep(wait)
        raise AssertionError

    def service(self, deadline: Deadline) -> Service:
        """Give what sends one query."""
        return Service(self.address, deadline, method=self.method)

    def _try(self, question: Question, media_type: str, deadline: Deadline) -> Reply | Fault:
        """Ask once; servers that take no POST are asked by GET from then on.

        An error is given and not raised, so that none of its causes, which may hold the URL, is
        chained to what is raised in the end.
        """
        try:
            response = self.service(deadline).put(question, media_type)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return unreachable(error, self.address, self.timeout)
        try:
            reply = received(response, self.address, deadline, self.limit)
        except (OSError, http.client.HTTPException) as error:
            return broken(error, self.address, self.timeout)
        if reply.status in NO_POST and self.method == POST:
            self.method = GET
            return self._try(question, media_type, deadline)
        return reply if reply.status == HTTPStatus.OK else refused(reply, self.address, media_type)

    def _whole(self, reply: Reply, question: Question, media_type: str) -> Answer:
        """Give the answer that a reply is.

        Raises:
            EndpointError: it is of another format or kind, compressed, cut off or partial.
        """
        given, encoding = reply.media_type, reply.headers.get("Content-Encoding", "identity")
        if given not in {media_type, *ALIASES[media_type]}:
            said = plain(given) or "?"
            raise wrong(
                self.address,
                f"是 {said}，不是 {media_type}；网址是否为查询端点？",
                f"it is {said} and not {media_type}; is this the URL of the query endpoint?",
            )
        if encoding.lower() != "identity":
            raise wrong(self.address, "内容经过压缩", "it is compressed")
        if any(name in reply.headers for name in PARTIAL):
            raise wrong(
                self.address,
                "服务器说结果不全，请加 LIMIT",
                "the server says that rows are left out: set a LIMIT",
            )
        found = flaw(reply.body, media_type, ask=question.form == "ASK", framed=reply.framed)
        if found:
            raise wrong(self.address, found.zh, found.en)
        return Answer(media_type, reply.body)

    def close(self) -> None:
        """Give up nothing: no connection is kept."""
