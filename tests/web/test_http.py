"""Every address of the service: what it gives, to which methods, with which headers."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import brotli
import pytest
from addresses import EVERY, HTML, QUESTION, STATES, THING
from exchange import ask, asking

from kg.web.response import EDITOR, PAGE

if TYPE_CHECKING:
    from pathlib import Path

    from exchange import Answer

pytest_plugins = ["real_service"]


def without(answer: Answer, *names: str) -> dict[str, str]:
    """Give the headers of an answer that are the same each time, some apart."""
    return {name: value for name, value in answer.headers.items() if name not in {"date", *names}}


# --- what every answer has ----------------------------------------------------------------------


@pytest.mark.parametrize(("target", "media_type"), EVERY.items())
def test_every_address_answers_in_its_media_type(url: str, target: str, media_type: str) -> None:
    """Without any header of the client; the body is as long as is said, with a date."""
    answer = ask(url, target)
    assert (answer.status, answer.media_type) == (200, media_type), str(answer)
    assert int(answer.headers["content-length"]) == len(answer.body) > 0
    assert answer.headers["date"].endswith(" GMT")


@pytest.mark.parametrize("target", EVERY)
def test_every_answer_keeps_browsers_safe(url: str, target: str) -> None:
    """No guessing of types, no script but the editor's, readable from any page, no cookies."""
    answer = ask(url, target)
    expected = PAGE if answer.media_type == "text/html" else {}
    policy = {"content-security-policy": "default-src 'none'; sandbox", **expected}
    assert answer.headers["content-security-policy"] == policy["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert not answer.headers.keys() & {"access-control-allow-credentials", "set-cookie", "server"}
    assert ask(url, target).headers.keys() == answer.headers.keys()


def test_the_editor_alone_runs_scripts(url: str) -> None:
    """Its own, and asks nobody but this service."""
    answer = ask(url, "/sparql", HTML)
    assert answer.media_type == "text/html"
    policy = answer.headers["content-security-policy"]
    assert policy == EDITOR["content-security-policy"]
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("target", [*EVERY, f"{QUESTION}.json?no=1", "/nothing", THING])
def test_caches_are_told_what_an_answer_depends_on(url: str, target: str) -> None:
    """What is kept is asked for again each time; what is wrong or changes is not kept."""
    answer = ask(url, target)
    names = {"accept", "accept-encoding", "accept-language"}
    assert {name.strip().lower() for name in answer.headers["vary"].split(",")} >= names
    kept = answer.status < 400 and target not in STATES
    assert answer.headers["cache-control"] == ("no-cache" if kept else "no-store")


@pytest.mark.parametrize("target", [*EVERY, "/nothing", THING, f"{QUESTION}.json?no=1"])
def test_head_gives_the_headers_alone(url: str, target: str) -> None:
    """The same as those of GET, and no body."""
    head, got = ask(url, target, method="HEAD"), ask(url, target)
    assert (head.status, head.body) == (got.status, b"")
    away = ("content-length",) if target in STATES else ()
    assert without(head, *away) == without(got, *away)


@pytest.mark.parametrize("target", EVERY)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "TRACE", "BREW"])
def test_no_other_method_is_taken(url: str, target: str, method: str) -> None:
    """It is told which are; POST is for the endpoint alone. A method that HTTP lacks gives 400."""
    if method == "POST" and target.startswith("/sparql"):
        target = "/queries"
    answer = ask(url, target, method=method)
    if method == "BREW":
        assert answer.status == 400
    else:
        assert answer.status == 405
        allowed = {"GET", "HEAD", "OPTIONS", *(["POST"] if "sparql?" in target else [])}
        allowed |= {"POST"} if target == "/sparql" else set()
        assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("target", EVERY)
def test_options_are_told(url: str, target: str) -> None:
    """To a browser before it asks for another page's script: methods and headers, for a day."""
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = ask(url, target, asked, method="OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    methods = {"GET", "HEAD", "OPTIONS"} | ({"POST"} if target.startswith("/sparql") else set())
    assert set(answer.headers["allow"].split(", ")) == methods
    assert set(answer.headers["access-control-allow-methods"].split(", ")) == methods
    assert answer.headers["access-control-allow-origin"] == "*"
    for name in ("Accept", "Content-Type", "If-None-Match"):
        assert name in answer.headers["access-control-allow-headers"]


def test_an_answer_without_content_says_no_length(url: str) -> None:
    """As https://www.rfc-editor.org/rfc/rfc9110#section-8.6 wants it."""
    assert "content-length" not in ask(url, "/sparql", method="OPTIONS").headers
    assert ask(url, "/sparql").headers["content-length"] != "0"


# --- what the addresses tell --------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_the_download_is_compressed_for_who_takes_that(url: str, build: Path, coding: str) -> None:
    """With an ETag of its own, and the same each time."""
    headers = {"Accept-Encoding": coding}
    first, again = (ask(url, "/data/dataset.nq", headers) for _ in range(2))
    whole = (build / "current" / "dataset.nq").read_bytes()
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}[coding]
    assert unpack(first.body) == whole
    assert len(first.body) < len(whole) / 4
    assert (first.body, first.headers["etag"]) == (again.body, again.headers["etag"])
    assert first.headers["etag"] != ask(url, "/data/dataset.nq").headers["etag"]
    known = {**headers, "If-None-Match": first.headers["etag"]}
    assert ask(url, "/data/dataset.nq", known).status == 304


def test_the_download_is_the_release(url: str, build: Path) -> None:
    """Byte by byte, under a name that tells which."""
    answer = ask(url, "/data/dataset.nq")
    release = build / "current"
    assert answer.body == (release / "dataset.nq").read_bytes()
    name = release.resolve().name
    assert answer.headers["content-disposition"] == f'attachment; filename="dgkg-{name}.nq"'
    assert ask(url, "/health").json == {"status": "ok", "release": name}


def test_the_counts_go_on(url: str) -> None:
    """Answers are counted by the beginning of their path and by status, kept ones apart."""

    def count(line: str) -> float:
        lines = ask(url, "/metrics").text.splitlines()
        return next((float(it.rpartition(" ")[2]) for it in lines if it.startswith(line)), 0.0)

    ok, wrong = (
        'kg_answers_total{path="sparql",status="200"}',
        'kg_answers_total{path="other",status="404"}',
    )
    before = count(ok), count(wrong), count("kg_kept_answers_total")
    ask(url, asking("/sparql", {"query": "ASK {}"}))
    ask(url, "/a-path-of-no-kind")
    ask(url, "/queries")
    ask(url, "/queries")
    after = count(ok), count(wrong), count("kg_kept_answers_total")
    assert after[0] == before[0] + 1
    assert after[1] == before[1] + 1
    assert after[2] >= before[2] + 1
    assert count("kg_up") == 1.0
    assert count('kg_workers{state="idle"}') >= 1.0


def test_an_answer_that_is_kept_is_the_same(url: str) -> None:
    """Whether it is kept by GET or HEAD, for any client."""
    target = "/queries/targets-due.csv"
    first = ask(url, target, method="HEAD")
    second, third = ask(url, target), ask(url, target, HTML)
    assert without(first) == without(second) == without(third)
    assert second.body == third.body
