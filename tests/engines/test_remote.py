"""The remote engine gives whole answers of a service, and tells every fault as what it is."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

import pytest
from fake_endpoint import EMPTY, JSON, listening, raw, reply
from graph_fixtures import run_python

from kg.engines import open_remote
from kg.engines.remote import RemoteEngine
from kg.engines.transport import Clock
from kg.errors import EndpointError, KgError, QueryError, UsageError
from kg.results import GRAPH_TYPES, RESULT_TYPES

if TYPE_CHECKING:
    from fake_endpoint import Script

SELECT: Final = "SELECT ?s { ?s ?p ?o }"
CONSTRUCT: Final = "CONSTRUCT WHERE { ?s ?p ?o }"
CHUNKED: Final = (
    f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
)
UNFRAMED: Final = "HTTP/1.1 200 OK\r\nContent-Type: {}\r\n\r\n"


class Waits(list[float]):
    """The seconds that an engine would have slept; it sleeps none."""

    def clock(self) -> Clock:
        """Give a clock that notes them, without chance."""
        return Clock(sleep=self.append, chance=lambda: 1.0)


@pytest.fixture
def waits() -> Waits:
    """Give what notes how long an engine waits."""
    return Waits()


def asked(
    *scripts: Script, query: str = SELECT, media_type: str = JSON, waits: Waits | None = None
) -> bytes:
    """Ask a service that answers so, and give the body."""
    clock = (Waits() if waits is None else waits).clock()
    with listening(*scripts) as fake:
        return RemoteEngine(fake.url, clock=clock).answer(query, media_type).body


def fault(
    *scripts: Script, query: str = SELECT, media_type: str = JSON, waits: Waits | None = None
) -> KgError:
    """Ask a service that answers so, and give the error."""
    with pytest.raises(KgError) as caught:
        asked(*scripts, query=query, media_type=media_type, waits=waits)
    return caught.value


# --- what is sent -------------------------------------------------------------------------------


def test_a_query_is_posted_as_a_form() -> None:
    """The query goes by POST with the one media type that is wanted, and nothing compressed."""
    with listening(reply()) as fake:
        RemoteEngine(fake.url).answer(SELECT, JSON)
    (sent,) = fake.received
    assert (sent.method, sent.path, sent.form) == ("POST", "/sparql", {"query": [SELECT]})
    names = ("Accept", "Accept-Encoding", "Content-Type", "Authorization")
    assert [sent.headers.get(name) for name in names] == [
        JSON,
        "identity",
        "application/x-www-form-urlencoded",
        None,
    ]


def test_a_long_chinese_query_arrives_whole() -> None:
    """A query of 300 kB is no matter."""
    query = f'SELECT ?s {{ ?s ?p "{"一网通办" * 25_000}" }}'
    with listening(reply()) as fake:
        RemoteEngine(fake.url).answer(query, JSON)
    assert fake.received[0].form == {"query": [query]}


@pytest.mark.parametrize(
    "query",
    [
        "# LOAD\nSELECT ?s { ?s ?p ?o } # DROP",
        "PREFIX task: <http://e/load/> SELECT ?s { ?s task:insert ?o }",
        "prefix a: <http://e/delete#> select ?s { ?s a:b ?o }",
        "BASE <http://e/clear> ASK { ?s ?p 'INSERT' }",
    ],
)
def test_words_of_an_update_make_no_update(query: str) -> None:
    """Whatever stands in comments, prefixes and texts, a query is sent as a query."""
    body = b'{"head":{},"boolean":true}' if "ASK" in query else EMPTY
    with listening(reply(body=body)) as fake:
        RemoteEngine(fake.url).answer(query, JSON)
    assert fake.received[0].form == {"query": [query]}


def test_from_is_said_in_the_protocol_too() -> None:
    """FROM and FROM NAMED go along as parameters: a server with a union of its own wants them."""
    query = "PREFIX g: <http://e/> SELECT ?s FROM <http://e/a> FROM g:b FROM NAMED g:c { ?s ?p ?o }"
    with listening(reply()) as fake:
        RemoteEngine(fake.url).answer(query, JSON)
    assert fake.received[0].form == {
        "query": [query],
        "default-graph-uri": ["http://e/a", "http://e/b"],
        "named-graph-uri": ["http://e/c"],
    }


@pytest.mark.parametrize("clause", ["FROM <a>", "FROM g:a", r"FROM <http://e/\u0041>"])
def test_a_graph_that_is_not_known_in_full_is_left_to_the_query(clause: str) -> None:
    """A relative IRI or an undeclared prefix is no parameter."""
    query = SELECT.replace("{", f"FROM <http://e/b> {{ {clause}")
    with listening(reply()) as fake:
        RemoteEngine(fake.url).answer(query, JSON)
    assert fake.received[0].form == {"query": [query]}


def test_a_from_at_the_end_is_the_servers_to_refuse() -> None:
    """FROM without a graph is sent as it is."""
    with listening(reply()) as fake:
        RemoteEngine(fake.url).answer(f"{SELECT} FROM", JSON)
    assert fake.received[0].form == {"query": [f"{SELECT} FROM"]}


def test_a_name_with_several_dots_goes_as_its_iri() -> None:
    """Servers that take one dot, and those that take no escaped one, read the same."""
    query = r"PREFIX k: <http://e/> SELECT ?s { k:a.b.c k:d.e ?o . ?s ?p 'k:a.b.c' , z:a.b.c }"
    with listening(reply()) as fake:
        RemoteEngine(fake.url).answer(query, JSON)
    sent = query.replace("{ k:a.b.c", "{  <http://e/a.b.c> ", 1)
    assert fake.received[0].form == {"query": [sent]}


def test_a_prefix_relative_to_a_base_is_left_to_the_server() -> None:
    """Its namespace is not known here, and half of an IRI would be another one."""
    query = "BASE <http://e/x> PREFIX p: <> SELECT ?o { p:a.b.c ?p ?o }"
    with listening(reply()) as fake:
        RemoteEngine(fake.url).answer(query, JSON)
    assert fake.received[0].form == {"query": [query]}


def test_a_server_that_takes_no_post_is_asked_by_get() -> None:
    """After a 405 the query goes by GET, beside the URL's own parameters, and further ones too."""
    with listening(reply(405, b""), reply()) as fake:
        engine = RemoteEngine(f"{fake.url}?infer=no&x=%E4%B8%80")
        engine.answer(SELECT, JSON)
        engine.answer(SELECT, JSON)
    assert [sent.method for sent in fake.received] == ["POST", "GET", "GET"]
    assert fake.received[0].path == "/sparql?infer=no&x=%E4%B8%80"
    assert fake.received[1].form == {"query": [SELECT], "infer": ["no"], "x": ["一"]}


def test_a_query_too_long_for_get_is_told() -> None:
    """Where POST is not taken, a long query is not tried."""
    error = fault(reply(405, b""), query=f"{SELECT} # {'x' * 6000}")
    assert "takes GET only, and the query is too long" in error.en


# --- what is refused before anything is sent ----------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { SERVICE <http://e/> { ?s ?p ?o } }",
        r"SELECT ?s { \u0053ERVICE <http://e/> { ?s ?p ?o } }",
        r"\u0049NSERT DATA { <a:a> <b:b> <c:c> } # SELECT",
        "DROP ALL",
        'SELECT ?s { ?s ?p "\ud800" }',
        r"SELECT ?s { ?s ?p '\U00110000' }",
        "",
    ],
)
def test_what_may_not_be_asked_is_not_sent(query: str) -> None:
    """SERVICE, updates and what is no text are refused here, code points read or not."""
    with listening(reply()) as fake, pytest.raises(QueryError):
        RemoteEngine(fake.url).answer(query, JSON)
    assert fake.received == []


def test_a_format_that_does_not_fit_is_not_sent() -> None:
    """Triples as CSV are a matter of usage."""
    with listening(reply()) as fake, pytest.raises(UsageError):
        RemoteEngine(fake.url).answer(CONSTRUCT, "text/csv")
    assert fake.received == []


# --- what is an answer --------------------------------------------------------------------------


def test_an_answer_is_the_bytes_of_the_server() -> None:
    """Nothing is written anew."""
    body = b' {"results" : {"bindings":[ ]},\n"head":{"vars":["s"], "link":[]} } \n'
    assert asked(reply(body=body)) == body


@pytest.mark.parametrize(
    ("form", "media_type", "body"),
    [
        ("srj", "application/json", EMPTY),
        ("srj", f"{JSON.upper()} ; charset=utf-8", EMPTY),
        ("csv", "text/csv;charset=UTF-8;header=present", b"s\r\n"),
        ("tsv", "text/tab-separated-values", b"?s\n"),
        ("srx", "text/xml", b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"/>'),
        ("nt", "text/plain", b"<a:a> <b:b> <c:c> .\n"),
        ("ttl", "application/x-turtle", b"<a:a> a 1 ."),
    ],
)
def test_a_format_has_several_names(form: str, media_type: str, body: bytes) -> None:
    """Parameters do not matter, and old names of the same format are taken."""
    wanted = {**RESULT_TYPES, **GRAPH_TYPES}[form]
    query = CONSTRUCT if form in GRAPH_TYPES else SELECT
    assert asked(reply(200, body, media_type), query=query, media_type=wanted) == body


@pytest.mark.parametrize(
    ("media_type", "said"),
    [
        ("text/html; charset=utf-8", "text/html"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/plain", "text/plain"),
        ("", "?"),
    ],
)
def test_another_format_is_no_answer(media_type: str, said: str) -> None:
    """A page, another format or none at all is refused, though its bytes may do."""
    expected = f"it is {said} and not {JSON}; is this the URL of the query endpoint?"
    assert fault(reply(media_type=media_type)).en.endswith(expected)


def test_a_compressed_body_is_no_answer() -> None:
    """Nothing is unpacked, so nothing can swell."""
    assert "it is compressed" in fault(reply(Content_Encoding="gzip")).en


@pytest.mark.parametrize(
    "script", [reply(X_SQL_State="S1TAT"), reply(X_SPARQL_MaxRows="10000")], ids=["time", "rows"]
)
def test_rows_left_out_are_no_answer(script: Script) -> None:
    """Virtuoso tells that a result is partial by a header."""
    assert "rows are left out" in fault(script).en


@pytest.mark.parametrize("encoding", ["chunked", "unframed"])
def test_json_needs_no_length(encoding: str) -> None:
    """A body in chunks, or one that ends with the connection, is whole if it parses."""
    chunk = f"{len(EMPTY):x}\r\n".encode() + EMPTY + b"\r\n0\r\n\r\n"
    pieces = [CHUNKED, chunk] if encoding == "chunked" else [UNFRAMED.format(JSON).encode(), EMPTY]
    assert asked(raw(*pieces)) == EMPTY


CUT: Final = {
    "shorter than its length": reply(Content_Length="5000"),
    "a chunk missing": raw(CHUNKED, b"31\r\n" + EMPTY),
    "the last chunk missing": raw(CHUNKED, f"{len(EMPTY):x}\r\n".encode() + EMPTY + b"\r\n"),
    "json": reply(body=EMPTY[:-1]),
    "an exception behind it": reply(body=EMPTY + b"\njava.util.concurrent.TimeoutException"),
    "empty": reply(body=b""),
    "no length, no end": raw(UNFRAMED.format(JSON).encode(), EMPTY[:-3]),
}


@pytest.mark.parametrize("script", CUT.values(), ids=CUT)
def test_a_cut_body_is_no_answer(script: Script) -> None:
    """However a body is cut off, it is an error and never a part of the rows."""
    error = fault(script)
    assert ("it is cut off" in error.en, error.exit_code) == (True, 6)


def test_rows_of_unknown_length_are_no_answer() -> None:
    """Where the end cannot be told from a break, it is none."""
    script = raw(UNFRAMED.format("text/csv").encode(), b"a,b\r\n1,2\r\n")
    assert "its length is not told" in fault(script, media_type="text/csv").en


def test_a_body_over_the_limit_is_not_read() -> None:
    """A body that says it is too long is refused at once, one that turns out so when it does."""
    for script in (
        reply(Content_Length=str(1 << 40)),
        raw(CHUNKED, *[b"10000\r\n" + b"x" * 0x10000 + b"\r\n"] * 40),
    ):
        with listening(script) as fake, pytest.raises(EndpointError, match="is over 1 MiB"):
            RemoteEngine(fake.url, limit=1 << 20).answer(SELECT, JSON)


# --- what a server says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (206, "gives a part of the results only"),
        (204, "gives no answer"),
        (304, "gives no answer"),
        (401, "wants a user and a password (KG_USER, KG_PASSWORD"),
        (403, "wants a user and a password"),
        (404, "is not there"),
        (405, "takes no queries"),
        (406, f"cannot answer in {JSON}"),
        (415, f"cannot answer in {JSON}"),
        (413, "finds the query too long"),
        (414, "finds the query too long"),
        (418, "gives no answer"),
        (429, "cannot answer now"),
        (500, "fails: no disk"),
        (501, "takes no queries"),
        (502, "cannot answer now"),
        (503, "cannot answer now"),
        (504, "cannot answer now"),
        (507, "fails: no disk"),
    ],
)
def test_a_status_is_told(status: int, said: str) -> None:
    """Each status is one clear line in both languages, with exit code 6."""
    error = fault(reply(status, b"" if status in {204, 304} else b"no disk", "text/plain"))
    assert isinstance(error, EndpointError)
    assert (error.status, error.exit_code) == (status, 6)
    assert said in error.en
    assert f"（{status}）" in error.zh
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("body", "media_type", "said"),
    [
        (b"line 1:\n\n \x1b[31mexpected }\x07", "text/plain", "line 1: [31mexpected }"),
        (b'{"exception": "no such thing", "query": "SELECT"}', "application/json", "no such thing"),
        (b'{"message": {}, "detail": "bad"}', "application/problem+json", "bad"),
        (b"[1", "application/json", "[1"),
        (
            b"<html><head><title>x</title><style>b{}</style></head><body><p>bad &lt;q&gt;</body>",
            "text/html",
            "bad <q>",
        ),
        ("语法错误\u202e".encode(), "text/plain;charset=utf-8", "语法错误"),
        (b"\xff\xfe", "text/plain", "\ufffd\ufffd"),
        (b"x" * 5000, "text/plain", "x" * 240 + "…"),
    ],
)
def test_a_bad_query_is_told_in_the_words_of_the_server(
    body: bytes, media_type: str, said: str
) -> None:
    """A 400 is a bad query, told shortly, without markup and without signs a terminal obeys."""
    error = fault(reply(400, body, media_type))
    assert (error.exit_code, error.en) == (
        4,
        f"the query does not parse, or the server refuses it: {said}",
    )


def test_a_bad_query_without_a_word() -> None:
    """A 400 that says nothing is a bad query all the same."""
    assert fault(reply(400, b"")).zh == "查询无法解析，或服务器不接受"


# --- trying again -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int, waits: Waits) -> None:
    """A busy server is asked again, each time after twice as long."""
    assert asked(*[reply(status, b"")] * 3, reply(), waits=waits) == EMPTY
    assert waits == [0.25, 0.5, 1.0]


def test_four_tries_are_enough(waits: Waits) -> None:
    """A server that stays busy is left in peace."""
    fault(reply(503, b""), waits=waits)
    assert waits == [0.25, 0.5, 1.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 414, 500])
def test_what_will_not_pass_is_not_tried_again(status: int, waits: Waits) -> None:
    """What the next time would be the same is told at once."""
    fault(reply(status, b""), waits=waits)
    assert waits == []


def test_a_server_says_how_long_to_wait(waits: Waits) -> None:
    """Retry-After is heeded, in seconds or as a moment; a moment that is past asks for nothing."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=9), usegmt=True)
    scripts = [reply(503, b"", Retry_After=value) for value in ("7", later, "soon")]
    assert asked(*scripts, reply(), waits=waits) == EMPTY
    assert [round(wait, -1) for wait in waits] == [10, 10, 0]


@pytest.mark.parametrize("value", ["30", "3600", "Wed, 21 Oct 2099 07:28:00 GMT", "999999999"])
def test_a_server_that_asks_for_too_much_patience_is_left(value: str, waits: Waits) -> None:
    """Who is told to come back in half a minute or an hour is told so at once."""
    error = fault(reply(429, b"", Retry_After=value), waits=waits)
    assert (waits, "try again in" in error.en) == ([], True)


def test_no_try_begins_after_the_deadline() -> None:
    """The tries together end in time: a wait that would go beyond is not begun."""
    waits = Waits()
    clock = Clock(now=lambda: time.monotonic() + sum(waits), sleep=waits.append, chance=lambda: 1.0)
    with listening(reply(503, b"")) as fake, pytest.raises(EndpointError):
        RemoteEngine(fake.url, clock=clock, timeout=0.7).answer(SELECT, JSON)
    assert waits == [0.25]


def test_a_refused_connection_is_tried_again(waits: Waits) -> None:
    """Nobody listens: four tries, and a line that asks whether the server runs."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    engine = RemoteEngine(f"http://127.0.0.1:{port}/", clock=waits.clock())
    with pytest.raises(EndpointError, match=r"连接被拒绝.*is the server running"):
        engine.answer(SELECT, JSON)
    assert len(waits) == 3


def test_a_dropped_connection_is_tried_again(waits: Waits) -> None:
    """A server that hangs up without a word may do better the next time."""
    assert asked(raw(), reply(), waits=waits) == EMPTY
    assert "broken off" in fault(raw()).en


def test_a_connection_that_is_not_made_in_time_is_tried_again(
    waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that does not answer at all."""

    def connect(_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(http.client.HTTPConnection, "connect", connect)
    with pytest.raises(EndpointError, match=r"连接超时.*no connection in time"):
        RemoteEngine("http://127.0.0.1:9/", clock=waits.clock()).answer(SELECT, JSON)
    assert len(waits) == 3


def test_an_unknown_host_is_told_at_once(waits: Waits, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody knows is not tried again."""

    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(EndpointError, match=r"没有这个主机名.*host name is not known"):
        RemoteEngine("http://nowhere.invalid/", clock=waits.clock()).answer(SELECT, JSON)
    assert waits == []


def test_an_unreachable_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says is told."""

    def away(*_: object, **__: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", away)
    with pytest.raises(EndpointError, match="cannot be reached: Network is unreachable"):
        RemoteEngine("http://127.0.0.1:9/").answer(SELECT, JSON)


@pytest.mark.parametrize("words", [b"SSH-2.0-OpenSSH_9.9\r\n", b"\x15\x03\x01\x00\x02\x02\x50\r\n"])
def test_what_is_no_http_is_told(words: bytes, waits: Waits) -> None:
    """Another service on that port is told as such."""
    assert ("it is not HTTP" in fault(raw(words), waits=waits).en, waits) == (True, [])


# --- the deadline -------------------------------------------------------------------------------


def drips(head: bytes) -> Script:
    """Give a script that writes a head, then a byte now and then, longer than any test waits."""
    return raw(head, *[b" "] * 400, pause=lambda: time.sleep(0.02))


SLOW: Final = {
    "no word": raw(b"", pause=lambda: time.sleep(1)),
    "a dripping head": drips(b"HTTP/1.1 200 OK\r\nX-Slow:"),
    "a dripping body": drips(UNFRAMED.format(JSON).encode()),
    "a dripping body of known length": drips(
        f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 9000\r\n\r\n".encode()
    ),
    "endless continuing": raw(
        *[b"HTTP/1.1 100 Continue\r\n\r\n"] * 400, pause=lambda: time.sleep(0.02)
    ),
}


@pytest.mark.parametrize("script", SLOW.values(), ids=SLOW)
def test_the_deadline_bounds_all_of_it(script: Script, waits: Waits) -> None:
    """A server that is slow in any way, though never silent for long, is left at the deadline."""
    began = time.monotonic()
    with listening(script) as fake:
        engine = RemoteEngine(fake.url, timeout=0.3, clock=waits.clock())
        with pytest.raises(EndpointError, match=r"has not answered within 0\.3 s"):
            engine.answer(SELECT, JSON)
        took = time.monotonic() - began
    assert (waits, 0.3 <= took < 3) == ([], True)


# --- lazily -------------------------------------------------------------------------------------


def test_nothing_of_the_network_is_imported_before_it_is_wanted() -> None:
    """The local engines cost nothing more than they did."""
    code = "import sys, kg.engines; print({'SPARQLWrapper', 'http.client'} & {*sys.modules})"
    assert run_python(code).stdout == b"set()\n"


def test_importing_and_asking_warns_of_nothing() -> None:
    """SPARQLWrapper gives no warning, neither when it is imported nor when it is used."""
    code = """import sys
from kg.engines import open_remote
print(open_remote(sys.argv[1]).answer("SELECT ?s { ?s ?p ?o }", sys.argv[2]).body.decode())"""
    with listening(reply()) as fake:
        run = run_python(code, fake.url, JSON, environment={"PYTHONWARNINGS": "error"})
    assert (run.stdout.decode().strip(), run.stderr) == (EMPTY.decode(), b"")


def test_an_engine_closes() -> None:
    """Closing gives nothing up, and may be done twice."""
    engine = open_remote("http://localhost/")
    engine.close()
    engine.close()
    assert repr(engine) == "RemoteEngine('http://localhost/')"
