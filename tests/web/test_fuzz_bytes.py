"""Whatever bytes are sent to the service, it never fails, and answers the next good request."""

from __future__ import annotations

from typing import Final

from exchange import exchange
from fuzzing import Clock, is_well, lasting, statuses
from hypothesis import example, given
from hypothesis import strategies as st

pytest_plugins = ["toy_service"]

TARGETS: Final = (
    *("/", "/sparql", "/sparql?query=ASK%7B%7D", "/queries", "/queries/targets-due.csv", "/health"),
    *(
        "/id/region/hebei",
        "/id/region/河北",
        "/static/style.css",
        "/metrics",
        "*",
        "//",
        "/%",
        "/%zz",
    ),
    *(
        "http://example.org/sparql",
        "http://",
        "?",
        "/sparql?query=%",
        "/sparql?&&=&=",
        "/#",
        "/\x7f",
    ),
)
METHODS: Final = (
    "GET",
    "HEAD",
    "POST",
    "OPTIONS",
    "PUT",
    "get",
    "G",
    "",
    "SPARQL",
    "PRI",
    "CONNECT",
)
VERSIONS: Final = ("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.", "http/1.1", "", "X")
NAMES: Final = (
    *("Host", "Connection", "Accept", "Accept-Encoding", "Accept-Language", "Content-Length"),
    *(
        "Content-Type",
        "Content-Encoding",
        "Transfer-Encoding",
        "Expect",
        "Upgrade",
        "If-None-Match",
    ),
    *("Range", "X-Forwarded-For", "Cookie", "Origin", "", " ", "Accept ", "A\x00", ":", "É"),
)
VALUES: Final = (
    *(
        "",
        "x",
        "close",
        "keep-alive",
        "upgrade",
        "websocket",
        "*",
        "*/*",
        "text/html",
        "gzip",
        "br",
    ),
    *(
        "text/html;q=0.5, */*;q=0.1",
        "application/sparql-query",
        "chunked",
        "100-continue",
        "0",
        "5",
    ),
    *("application/x-www-form-urlencoded", "-1", "99999999999999999999", "1_0", "+5", "0x5", "é"),
    *(
        '"',
        '"a\\',
        ";;;",
        ",,,",
        "\t",
        "a\x00b",
        "a\rb",
        "text/csv;q=2",
        "zh;q=x",
        "W/",
        "q" * 5000,
    ),
)
BODIES: Final = (
    *(b"", b"ASK{}", b"query=ASK%7B%7D", b"query=%FF", b"\xff\xfe", b"update=x", b"0\r\n\r\n"),
    *(b"5\r\nASK{}\r\n0\r\n\r\n", b"-1\r\n", b"FFFFFFFFFFFFFFFFFF\r\n", b"GET / HTTP/1.1\r\n\r\n"),
)
ENDS: Final = ("\r\n", "\n", "\r", "", "\r\n\r\n", "\n\n")


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Give something like a request: most pieces are right, so that it gets somewhere."""

    def mostly(usual: str, others: tuple[str, ...]) -> str:
        return usual if draw(st.integers(0, 3)) else draw(st.sampled_from(others))

    end = mostly("\r\n", ENDS)
    line = (
        f"{mostly('GET', METHODS)} {draw(st.sampled_from(TARGETS))} {mostly('HTTP/1.1', VERSIONS)}"
    )
    pairs = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=5))
    host = [] if draw(st.integers(0, 9)) == 0 else ["Host: test"]
    lines = [line, *host, *(f"{name}: {value}" for name, value in pairs)]
    head = end.join(lines).encode("utf-8" if draw(st.booleans()) else "latin-1", "replace")
    return head + end.encode() * 2 + draw(st.sampled_from(BODIES))


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Give some requests one after the other, perhaps cut, or with bytes that were changed."""
    whole = bytearray(b"".join(draw(st.lists(requests(), min_size=1, max_size=4))))
    for _ in range(draw(st.integers(0, 2))):
        if whole:
            at = draw(st.integers(0, len(whole) - 1))
            change = draw(st.sampled_from(["byte", "cut", "insert", "repeat"]))
            if change == "byte":
                whole[at] = draw(st.integers(0, 255))
            elif change == "cut":
                del whole[at:]
            elif change == "insert":
                whole[at:at] = draw(st.binary(max_size=8))
            else:
                whole += whole[at:]
    return bytes(whole)


def test_no_bytes_bring_it_down(fuzzed: str) -> None:
    """What is no request is refused, and no request of others is lost for it."""
    clock, seen = Clock(), set()

    @lasting(30)
    @given(st.one_of(streams(), st.binary(max_size=300)))
    @example(b"GET /queries HTTP/1.1\r\nHost: a\r\n\r\n" * 300)
    @example(b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: a\r\n\r\n" * 300)
    @example("GET /id/region/河北 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    @example(b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
    @example(b"GET / HTTP/1.1\r\n\r\n")
    @example(b'GET /queries HTTP/1.1\r\nHost: a\r\nAccept: "' + b'\\"' * 20_000 + b"\r\n\r\n")
    def send(data: bytes) -> None:
        if clock.is_up():
            return
        found = exchange(fuzzed, data, 0.05)
        for answer in statuses(found):
            seen.add(answer)
            assert answer < 500, found[:300]
        assert is_well(fuzzed)

    send()
    assert seen >= {200, 400, 404}
