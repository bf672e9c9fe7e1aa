"""Answers are sent with the headers that keep browsers safe, in pieces, at the client's pace."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.http import delivery
from kg.web.http.delivery import (
    CHUNK,
    deliver,
    deliver_file,
    header,
    lines,
    not_modified,
    pace,
)
from kg.web.response import PAGE, Response

if TYPE_CHECKING:
    from pathlib import Path

    from kg.web.http.delivery import Scope

ETAG: Final = '"0123456789ab"'


def scope(method: str = "GET", *headers: tuple[bytes, bytes]) -> Scope:
    """Give a request."""
    return {"type": "http", "method": method, "headers": list(headers)}


class Client:
    """Takes what is sent, perhaps slowly."""

    def __init__(self, seconds: float = 0) -> None:
        """Take so many seconds for each piece."""
        self.seconds = seconds
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.pieces: list[tuple[bytes, bool]] = []

    async def __call__(self, message: Any) -> None:  # noqa: ANN401 -- as ASGI has it
        """Take a message."""
        if message["type"] == "http.response.start":
            names = [name for name, _ in message["headers"]]
            assert len(names) == len({*names})
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            await asyncio.sleep(self.seconds)
            self.pieces.append((message["body"], message.get("more_body", False)))

    @property
    def body(self) -> bytes:
        """All that came, once it is whole."""
        assert [more for _, more in self.pieces] == [True] * (len(self.pieces) - 1) + [False]
        return b"".join(piece for piece, _ in self.pieces)


def delivered(response: Response, etag: str = "", method: str = "GET") -> Client:
    """Deliver an answer to a client."""
    client = Client()
    asyncio.run(deliver(scope(method), client, response, etag))
    return client


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_a_body_comes_in_pieces(size: int) -> None:
    """None is longer than a piece may be, and the last one says that it is the last."""
    body = bytes(at % 251 for at in range(size))
    client = delivered(Response(200, "text/csv", body))
    assert client.body == body
    assert max(len(piece) for piece, _ in client.pieces) <= CHUNK
    assert len(client.pieces) == max(1, -(-size // CHUNK))
    assert client.headers[b"content-length"] == b"%d" % size


def test_head_has_the_length_of_what_is_not_sent() -> None:
    """And the same headers."""
    response = Response(200, "text/csv", b"x" * (CHUNK + 1), {"x-one": "1"})
    head, got = delivered(response, ETAG, "HEAD"), delivered(response, ETAG)
    assert (head.headers, head.body) == (got.headers, b"")
    assert head.headers[b"content-length"] == b"%d" % (CHUNK + 1)


@pytest.mark.parametrize("status", [200, 303, 304, 400, 503])
def test_every_answer_has_the_safe_headers(status: int) -> None:
    """Whatever became of the request; a 304 leaves the page its own policy."""
    client = delivered(Response(status, "text/csv", b""))
    assert client.headers[b"x-content-type-options"] == b"nosniff"
    assert client.headers[b"access-control-allow-origin"] == b"*"
    assert client.headers[b"referrer-policy"] == b"no-referrer"
    assert b"Accept-Encoding" in client.headers[b"vary"]
    assert client.headers[b"cache-control"] == (b"no-cache" if status < 400 else b"no-store")
    policy = client.headers.get(b"content-security-policy", b"")
    assert policy == (b"" if status == 304 else b"default-src 'none'; sandbox")


def test_an_answer_may_have_headers_of_its_own() -> None:
    """They stand in the place of the others, in whatever case they are written."""
    own = {**PAGE, "Cache-Control": "max-age=5", "retry-after": "10"}
    client = delivered(Response(200, "text/html", b"", own))
    policy = PAGE["content-security-policy"].encode()
    assert client.headers[b"content-security-policy"] == policy
    assert client.headers[b"cache-control"] == b"max-age=5"
    assert client.headers[b"retry-after"] == b"10"


def test_what_has_no_body_has_no_length() -> None:
    """As HTTP wants it: 304 and 204; nor a media type, where there is none."""
    for status in (204, 304):
        client = delivered(Response(status, "", b""), ETAG)
        assert not client.headers.keys() & {b"content-length", b"content-type"}
        assert client.headers[b"etag"] == ETAG.encode()
        assert b"content-length" not in lines(Response(status, "", b""), ETAG)


@given(
    st.sampled_from([200, 303, 304, 404]),
    st.sampled_from(["", ETAG]),
    st.binary(max_size=50),
    st.dictionaries(st.sampled_from(["link", "location", "vary", "cache-control"]), st.just("x")),
)
def test_both_ways_of_sending_say_the_same(
    status: int, etag: str, body: bytes, own: dict[str, str]
) -> None:
    """Headers as they stand in HTTP are those that ASGI is given."""
    response = Response(status, "text/csv", body, own)
    written = dict(line.split(b": ", 1) for line in lines(response, etag).split(b"\r\n") if line)
    assert written == delivered(response, etag).headers


def test_a_header_cannot_be_split() -> None:
    """What a header holds is latin-1; a line break would begin another header."""
    with pytest.raises(UnicodeEncodeError):
        lines(Response(303, "", b"", {"location": "/上海"}), "")


def test_several_lines_of_a_header_are_one() -> None:
    """As HTTP has it; of a long one the beginning."""
    given_ = scope("GET", (b"accept", b"text/csv"), (b"x", b"y"), (b"accept", b"text/html;q=0.5"))
    assert header(given_, b"accept") == "text/csv, text/html;q=0.5"
    assert header(given_, b"accept-language") == ""
    assert header(scope("GET", (b"accept", b"\xff")), b"accept") == "\xff"
    assert len(header(scope("GET", (b"accept", b"x" * 100_000)), b"accept")) <= 4096


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (ETAG, True),
        (f"W/{ETAG}", True),
        (f'"a", {ETAG}, "b"', True),
        ('"a"', False),
        ('""', False),
        ("", False),
        (ETAG.strip('"'), False),
        ("*", False),
    ],
)
def test_what_a_client_has_is_not_sent(known: str, expected: bool) -> None:
    """If it names the ETag: before it is known that there is an answer, `*` names none."""
    found = not_modified(scope("GET", (b"if-none-match", known.encode())), ETAG)
    assert (found is not None) == expected
    if found is not None:
        assert (found.status, found.body) == (304, b"")


def test_any_answer_is_meant_by_a_star() -> None:
    """Once it is known that there is one."""
    star = scope("GET", (b"if-none-match", b" * "))
    assert not_modified(star, ETAG, exists=True) is not None
    assert not_modified(star, "", exists=True) is None


def test_a_posted_query_is_always_answered() -> None:
    """304 is an answer to GET and HEAD alone; without an ETag there is nothing to know."""
    known = (b"if-none-match", ETAG.encode())
    assert not_modified(scope("HEAD", known), ETAG) is not None
    assert not_modified(scope("POST", known), ETAG) is None
    assert not_modified(scope("GET", known), "") is None


# --- at the client's pace -----------------------------------------------------------------------


def test_who_reads_too_slowly_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the body has come whole, which shows by its length."""
    monkeypatch.setattr(delivery, "GRACE", 0.05)
    monkeypatch.setattr(delivery, "SLOWEST", 100 * CHUNK)
    client = Client(0.03)
    with pytest.raises(TimeoutError):
        asyncio.run(deliver(scope(), client, Response(200, "text/csv", b"x" * 20 * CHUNK)))
    sent = sum(len(piece) for piece, _ in client.pieces)
    assert sent < int(client.headers[b"content-length"])


def test_longer_bodies_have_more_time() -> None:
    """By the second for so many bytes."""
    assert pace(0) == delivery.GRACE
    assert pace(10 * delivery.SLOWEST) == delivery.GRACE + 10


# --- files --------------------------------------------------------------------------------------


def test_a_file_is_sent_as_it_is(tmp_path: Path) -> None:
    """Piece by piece; to HEAD only how long it is."""
    path, body = tmp_path / "data", bytes(range(256)) * 1000
    path.write_bytes(body)
    for method, expected in (("GET", body), ("HEAD", b"")):
        client = Client()
        response = Response(200, "application/n-quads", b"", {"x-one": "1"})
        asyncio.run(deliver_file(scope(method), client, path, response, ETAG))
        assert client.body == expected
        assert client.headers[b"content-length"] == b"%d" % len(body)
        assert client.headers[b"etag"] == ETAG.encode()
        assert client.headers[b"x-content-type-options"] == b"nosniff"
        assert max(len(piece) for piece, _ in client.pieces) <= CHUNK


def test_an_empty_file_is_sent(tmp_path: Path) -> None:
    """As a body without a byte."""
    (tmp_path / "data").touch()
    client = Client()
    asyncio.run(deliver_file(scope(), client, tmp_path / "data", Response(200, "", b""), ETAG))
    assert (client.status, client.body) == (200, b"")


def test_who_reads_a_file_too_slowly_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is closed; the last piece does not come."""
    monkeypatch.setattr(delivery, "GRACE", 0.05)
    monkeypatch.setattr(delivery, "SLOWEST", 100 * CHUNK)
    (tmp_path / "data").write_bytes(b"x" * 20 * CHUNK)
    client = Client(0.03)
    with pytest.raises(TimeoutError):
        asyncio.run(deliver_file(scope(), client, tmp_path / "data", Response(200, "", b""), ETAG))
    assert all(more for _, more in client.pieces)
