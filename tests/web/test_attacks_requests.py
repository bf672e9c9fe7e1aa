"""Requests that are hostile as such: heads, bodies, encodings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
from attack_client import (
    Service,
    afterwards,
    answers_meanwhile,
    exchanged,
    sent,
    statuses,
    together,
)
from attack_requests import FOE, JSON, Sent, Write, asked, form, posted, request
from exchange import answers

from kg.names import PREFIXES
from kg.web.http.app import BODY
from kg.web.http.connection import HEAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["attack_services"]

START: Final = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"
KIND: Final = "Content-Type: application/sparql-query"
POST: Final = f"POST /sparql HTTP/1.1\r\nHost: x\r\n{KIND}\r\n".encode()
CHUNKED: Final = POST + b"Transfer-Encoding: chunked\r\n\r\n"
LAST: Final = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
CHINESE: Final = f"{PREFIXES['kgr']}上海/一网 通办".replace(" ", "")


@pytest.fixture(autouse=True)
def service(hasty: Service) -> Iterator[Service]:
    """Give a service that waits for nothing for long, and has to come through all this."""
    with afterwards(hasty):
        yield hasty


# --- heads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        START + b"Host: x\r\nA: " + b"x" * 3 * HEAD_BYTES,
        START + b"Host: x\r\n" + b"".join(b"A%d: b\r\n" % at for at in range(50_000)),
        START + b"Host: x\r\n" + b"A" * 3 * HEAD_BYTES + b": x\r\n\r\n",
        b"GET /" + b"a" * 3 * HEAD_BYTES + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /?" + b"a=b&" * HEAD_BYTES + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"A" * 3 * HEAD_BYTES,
        b"\r\n" * 2 * HEAD_BYTES,
    ],
    ids=["value", "many", "name", "path", "query", "method", "lines"],
)
def test_a_head_without_end_is_refused(service: Service, head: bytes) -> None:
    """Before all of it has come."""
    told = exchanged(service, head)
    assert told == b"" or told.split(b" ")[1] in {b"400", b"414", b"431"}


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"Host: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n", 400),
        (b"Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400),
        (b"Host: x\r\nTransfer-Encoding: chunked, identity\r\n", 400),
        (b"Host: x\r\nTransfer-Encoding: xchunked\r\n", 400),
        (b"Host: x\r\nTransfer-Encoding : chunked\r\n", 400),
        (b"Host: x\r\nContent-Length: -5\r\n", 400),
        (b"Host: x\r\nContent-Length: +5\r\n", 400),
        (b"Host: x\r\nContent-Length: 0x5\r\n", 400),
        (b"Host: x\r\nContent-Length: 5,5\r\n", 400),
        (b"Host: x\r\nContent-Length: 99999999999999999999999\r\n", 400),
        (b"Host: x\r\nContent-Length: 9999999999999999\r\n", 413),
        (b"Host : x\r\nContent-Length: 5\r\n", 400),
        (b"Host: x\r\nA\x00: b\r\nContent-Length: 5\r\n", 400),
        (b"Host: x\r\nA: b\x00\r\nContent-Length: 5\r\n", 400),
        (b"Host: x\r\n: b\r\nContent-Length: 5\r\n", 400),
        (b"Content-Length: 5\r\n", 400),
        (b"Host: x\r\nHost: y\r\nContent-Length: 5\r\n", 400),
    ],
)
def test_a_head_of_two_meanings_is_refused(service: Service, lines: bytes, status: int) -> None:
    """Nobody in front of the service can have read it otherwise; nothing behind it is a request."""
    start = b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\n"
    for body in (b"ASK{}", b"5\r\nASK{}\r\n0\r\n\r\n"):  # one of them is right if it is read so
        found = statuses(service, start + lines + b"\r\n" + body + LAST)
        assert found[:1] == [status]
        assert 200 not in found


def test_two_requests_with_bodies_are_two(service: Service) -> None:
    """What is plain is answered: the refusals above are not of everything."""
    one = POST + b"Content-Length: 5\r\n\r\nASK{}"
    two = CHUNKED + b"2;a=b\r\nAS\r\n3\r\nK{}\r\n0\r\nTrailer: x\r\n\r\n"
    assert statuses(service, one + two + one + LAST) == [200, 200, 200, 200]


@pytest.mark.parametrize(
    "data",
    [
        *(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        *(b"GET /sparql?query=ASK{}\r\n\r\n", b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00" * 999),
        *(
            b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
            b"GET http:// HTTP/1.1\r\nHost: x\r\n\r\n",
        ),
        *(b"GET sparql HTTP/1.1\r\nHost: x\r\n\r\n", b"get / HTTP/1.1\r\nHost: x\r\n\r\n"),
        *(b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1 \r\nHost: x\r\n\r\n"),
        *(b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ],
)
def test_what_is_no_request_is_refused(service: Service, data: bytes) -> None:
    """Other protocols, other versions, and nonsense; or it is read as its only meaning."""
    lenient = data.startswith((b"GET  /", b"GET /sparql?query=ASK{}\r\n"))
    found = statuses(service, data + LAST)
    assert found[0] in ({200} if lenient else {400, 404, 405})


def test_a_request_to_upgrade_is_one_that_is_not(service: Service) -> None:
    """There is only one protocol."""
    for other in ("h2c", "websocket", "TLS/1.0"):
        data = request("/sparql?query=ASK%7B%7D", f"Upgrade: {other}", JSON)
        assert sent(service, data.replace(b"close", b"Upgrade, close")).json["boolean"] is True


BREAK: Final = "%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a%3Chtml%3E"


@pytest.mark.parametrize(
    "target",
    [
        f"/sparql?query=ASK%7B%7D{BREAK}",
        f"/sparql?query=ASK%7B%7D&format={BREAK}",
        f"/sparql?query=ASK%7B%7D&default-graph-uri=urn:a{BREAK}",
        f"/queries/platforms-of-concept?lang={BREAK}&format={BREAK}",
        f"/queries/platforms-of-concept.json?concept={BREAK}",
        f"/queries/x{BREAK}",
        f"/id/region/{BREAK}",
        f"/id/region/%E4%B8%8A%E6%B5%B7{BREAK}",
        f"/id/region/%E4%B8%8A%E6%B5%B7?x={BREAK}",
        "/id/concept/%E4%BA%94%E4%B8%AA%E4%B8%80",
        f"/id/x{BREAK}/",
        f"/graph/{BREAK}",
        f"/static/{BREAK}",
        f"/{BREAK}",
        f"/?lang={BREAK}",
    ],
)
def test_line_breaks_make_no_headers(service: Service, target: str) -> None:
    """Of a query, a format, a language, a name."""
    for accept in ("*/*", "text/html", "application/json", "text/turtle"):
        data = request(target, f"Accept: {accept}")
        head, _, body = exchanged(service, data).partition(b"\r\n\r\n")
        assert b"set-cookie" not in head.lower()
        assert head.split(b" ")[1] in {b"200", b"300", b"303", b"400", b"404", b"406"}
        length = next(line for line in head.lower().split(b"\r\n") if b"content-length" in line)
        assert int(length.partition(b":")[2]) == len(body)


@pytest.mark.parametrize(
    "accept",
    [
        *("a" + ";b " * 30_000 + ";=", '\\"' * 40_000, '"' * 90_000, "a;" * 40_000, "," * 90_000),
        *(
            "*/*;q=" + "9" * 90_000,
            "text/csv;q=0." + "0" * 90_000,
            "a/b," * 20_000,
            "\x80é" * 30_000,
        ),
        *("text/html;q=NaN, */*;q=-1", "text/csv;q=1e308", "\t" * 90_000, ";" * 90_000),
    ],
    ids=range(13),
)
def test_a_hostile_accept_header_holds_nobody_up(service: Service, accept: str) -> None:
    """Headers are read in linear time, and as far as anybody writes them."""
    lines = [f"{name}: {accept}" for name in ("Accept", "Accept-Encoding", "Accept-Language")]
    for line in lines:
        data = [
            Sent(asked("ASK {}", line)),
            Sent(request("/", line)),
            Sent(request("/sparql", line)),
        ]
        with answers_meanwhile(service):
            found = together(service, data * 9)
        assert {answer.status for answer in found} <= {200, 400, 406}


def test_only_a_trusted_proxy_tells_of_others(service: Service) -> None:
    """What a client says of itself changes nothing; what a proxy says does."""
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    named = [asked(f"{heavy} #{at}", f"X-Forwarded-For: 10.0.0.{at}") for at in range(150)]
    liars = [Sent(data, FOE) for data in named]
    behind = [Sent(data, "127.0.0.1") for data in named]
    found = together(service, [*liars, *behind])
    assert {answer.status for answer in found} <= {429, 503, 504}
    assert any(answer.status == 429 for answer in found[: len(liars)])
    assert not any(answer.status == 429 for answer in found[len(liars) :])


# --- bodies -------------------------------------------------------------------------------------


def test_a_body_that_is_too_long_is_refused(service: Service) -> None:
    """By its length, told before; or by what has come."""
    long = b"ASK{} #" + b"x" * BODY
    for data in (posted(long), form(long.decode())):
        assert sent(service, data).status == 413
    assert sent(service, request("/sparql", KIND, method="POST", body=long)).status == 413
    told = POST + b"Content-Length: %d\r\n\r\n" % (BODY + 1)
    assert statuses(service, told) == [413]


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ('SELECT * { ?s ?p "上海" }'.encode("gbk"), "utf-8"),
        ('SELECT * { ?s ?p "上海" }'.encode("utf-16"), "utf-8"),
        ('SELECT * { ?s ?p "上海" }'.encode("utf-16-be"), "utf-8"),
        (b'SELECT * { ?s ?p "\xc0\xaf" }', "utf-8"),
        (b'SELECT * { ?s ?p "\xe0\x80\xaf" }', "utf-8"),
        (b'SELECT * { ?s ?p "\xed\xa0\x80" }', "utf-8"),
        (b'SELECT * { ?s ?p "\xed\xa0\xbd\xed\xb8\x80" }', "utf-8"),
        (b'SELECT * { ?s ?p "\xf4\x90\x80\x80" }', "utf-8"),
        (b'SELECT * { ?s ?p "\xff" }', "utf-8"),
        (b'SELECT * { ?s ?p "\xe4\xb8" }', "utf-8"),
        (b'SELECT * { ?s ?p "a\x00b" }', "utf-8"),
        (b"ASK {}", "gbk"),
        (b"ASK {}", "utf-7"),
    ],
)
def test_what_is_not_utf_8_is_refused(service: Service, body: bytes, charset: str) -> None:
    """It is not guessed at, whichever way it comes."""
    kind = f"{KIND}; charset={charset}"
    allowed = {415} if charset != "utf-8" else {400}
    assert sent(service, request("/sparql", kind, method="POST", body=body)).status in allowed
    encoded = quote(body).encode()
    if charset == "utf-8":
        assert sent(service, request(f"/sparql?query={quote(body)}")).status == 400
        kind = "Content-Type: application/x-www-form-urlencoded"
        for text in (b"query=" + encoded, b"query=" + body):
            assert sent(service, request("/sparql", kind, method="POST", body=text)).status == 400


@pytest.mark.parametrize("path", ["id/region", "queries", "static", "graph"])
@pytest.mark.parametrize(
    "name", ["%FF", "%C0%AF", "%ED%A0%80", "%00", "%C9%CF%BA%A3", "%", "%zz", "%E4%B8"]
)
def test_a_name_that_is_not_utf_8_names_nothing(service: Service, path: str, name: str) -> None:
    """Nor does one with a zero, or with a percent sign that stands for nothing."""
    found = together(
        service,
        [
            Sent(request(f"/{path}/{name}", "Accept: text/html")),
            Sent(request(f"/{path}/{name}")),
            Sent(request(f"/?x={name}")),
        ],
    )
    assert [answer.status for answer in found[:2]] == [404, 404]
    assert found[2].status in {200, 400}


@pytest.mark.parametrize(
    ("data", "status", "en"),
    [
        (f"GET /{'x' * 70_000} HTTP/1.1\r\nHost: x\r\n\r\n", 414, "use POST"),
        (f"GET / HTTP/1.1\r\nHost: x\r\nX: {'x' * 140_000}", 431, "too long"),
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "one Host"),
        ("nothing of HTTP\r\n\r\n", 400, "Invalid HTTP request"),
    ],
)
def test_what_is_refused_before_it_is_a_request_is_told_why(
    service: Service, data: str, status: int, en: str
) -> None:
    """In both languages, readable for a page of another site, and not to be tried again."""
    (answer,) = answers(exchanged(service, data.encode()))
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (status, "*")
    zh, told = answer.text.splitlines()
    assert not zh.isascii()
    assert en in told
    assert "retry-after" not in answer.headers


def test_what_is_compressed_is_refused(service: Service) -> None:
    """A small body is not made a large one; one that is as it is may say so."""
    assert sent(service, posted("ASK {}", "Content-Encoding: identity")).status == 200
    for coding in ("gzip", "deflate", "br", "zstd"):
        answer = sent(service, posted(b"\x1f\x8b" * 50, f"Content-Encoding: {coding}"))
        assert answer.status == 415


@pytest.mark.parametrize("send", [asked, posted, form])
@pytest.mark.parametrize(
    "iri", [CHINESE, quote(CHINESE, safe=":/"), quote(quote(CHINESE, safe=":/"), safe=":/")]
)
def test_an_iri_is_decoded_once(service: Service, send: Write, iri: str) -> None:
    """Chinese as it is, percent-encoded, or that encoded again: three IRIs, never one."""
    answer = sent(service, send(f"SELECT (STR(<{iri}>) AS ?x) {{}}"))
    assert answer.json["results"]["bindings"][0]["x"]["value"] == iri


def test_what_is_not_ascii_in_a_request_line_is_taken_as_it_is_meant(service: Service) -> None:
    """As many clients send it."""
    for iri in (CHINESE, quote(CHINESE, safe=":/")):
        text = f"SELECT (STR(<{iri}>) AS ?x) {{}}".replace(" ", "+").replace("%", "%25")
        data = (
            f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n{JSON}\r\nConnection: close\r\n\r\n"
        )
        (answer,) = answers(exchanged(service, data.encode()))
        assert answer.json["results"]["bindings"][0]["x"]["value"] == iri
