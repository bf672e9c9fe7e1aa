"""What is kept is of the release served; errors, files and states are told by the parent."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import pytest
from fake_site import HTML, JSON, Site, answer

from kg.web.html.layout import STATIC
from kg.web.http.app import LARGE
from kg.web.http.files import FILES
from kg.web.response import TEXT, Response

if TYPE_CHECKING:
    from kg.web.workers.pool import Job


@pytest.fixture
def site() -> Site:
    """Give an application."""
    return Site()


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/queries/a.csv", "/id/region/a.ttl", "/id/region", "/"])
def test_a_worker_is_told_how_errors_are_wanted(site: Site, target: str) -> None:
    """In JSON where the client takes that."""
    assert "json" not in site.head(target)
    accept = {"accept": "text/turtle, application/json;q=0.5, */*;q=0.1"}
    assert site.head(target, accept)["json"] is True


def test_a_workers_error_becomes_a_page(site: Site) -> None:
    """For a browser, with its status and its headers, and nothing of it is markup."""
    told = Response(404, TEXT, "没有 <b>\nno <b>\n".encode(), {"x-one": "1"})
    site.service.respond = lambda _: told
    page = site.ask("/id/region/a", {**HTML, "accept-language": "en"})
    assert (page.status, page.headers["x-one"]) == (404, "1")
    assert page.media_type.startswith("text/html")
    assert b"<b>" not in page.body
    assert "没有 &lt;b&gt;".encode() in page.body
    assert site.ask("/id/region/a", JSON).body == told.body


@pytest.mark.parametrize("status", [404, 413, 429, 500, 503, 504, 418, 511])
def test_an_error_of_any_status_becomes_a_page(site: Site, status: int) -> None:
    """Also one that has no title of its own."""
    site.service.respond = lambda _: Response(status, TEXT, b"zh\nen\n")
    page = site.ask("/", HTML)
    assert (page.status, page.media_type) == (status, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("target", ["/nothing", "/queries/nothing", "/id/region/nothing"])
def test_an_error_is_told_in_the_language_of_the_address(site: Site, target: str) -> None:
    """As every page is, whatever the browser says."""
    site.service.respond = lambda _: Response(404, TEXT, b"zh\nen\n")
    chinese = {**HTML, "accept-language": "zh-CN"}
    assert b'<html lang="en"' in site.ask(f"{target}?x=1&lang=en", chinese).body
    english = {**HTML, "accept-language": "en"}
    assert b'<html lang="zh-Hans"' in site.ask(f"{target}?lang=zh", english).body
    assert b'<html lang="en"' in site.ask(f"{target}?lang=fr", english).body


# --- what is kept -------------------------------------------------------------------------------


def test_an_answer_is_asked_for_once(site: Site) -> None:
    """GET and HEAD share it; another header of those that count, or parameter, has its own."""
    for headers in ({}, HTML, JSON, {"accept-language": "en"}, {"accept-encoding": "br"}):
        for method in ("GET", "HEAD", "GET"):
            assert site.ask("/queries", headers, method=method).status == 200
    assert len(site.service.heads) == 5
    site.ask("/queries?lang=en")
    site.ask("/queries?lang=zh")
    site.ask("/queries", {"user-agent": "another"})
    assert len(site.service.heads) == 7


@pytest.mark.parametrize("status", [300, 303, 304, 400, 404, 413, 500, 503])
def test_only_a_whole_answer_is_kept(site: Site, status: int) -> None:
    """An error may be gone the next time; it has no ETag either."""
    site.service.respond = lambda _: Response(status, TEXT, b"zh\nen\n")
    for count in (1, 2):
        response = site.ask("/queries")
        assert (response.status, len(site.service.heads)) == (status, count)
        assert status == 304 or "etag" not in response.headers


def test_a_new_release_is_asked_anew(site: Site) -> None:
    """And has other ETags, so that clients ask for it too."""
    first = site.ask("/queries")
    site.service.switch()
    second = site.ask("/queries", {"if-none-match": first.headers["etag"]})
    assert (second.status, len(site.service.heads)) == (200, 2)
    assert second.headers["etag"] != first.headers["etag"]


def test_an_answer_of_the_release_before_is_not_kept(site: Site) -> None:
    """Which a worker was giving while the new one was taken."""

    def late(head: dict[str, Any]) -> Response:
        site.service.respond = answer
        site.service.switch()
        return Response(200, TEXT, f"old {head['op']}".encode())

    site.service.respond = late
    first = site.ask("/queries")
    assert (first.status, first.body) == (200, b"old questions")
    assert "etag" not in first.headers
    assert site.ask("/queries").body != first.body
    assert len(site.service.heads) == 2


def test_what_a_client_asks_counts_to_what_is_kept(site: Site) -> None:
    """Long addresses and headers do not fill the memory beside the answers."""
    site.app.pages.most = 1 << 20
    for at in range(40):
        site.ask(f"/queries?x={at:060000}")
        site.ask("/queries", {"accept-language": f"en, x{at:02}{'x' * 60_000}"})
    held = sum(len(part) for key in site.app.pages.held for part in cast("Any", key))
    assert 0 < held <= 1 << 20


def test_two_lines_of_a_header_are_not_taken_for_one(site: Site) -> None:
    """What is kept for both is not given for the second."""
    scope: dict[str, Any] = {"raw_path": b"/", "query_string": b"", "headers": []}
    keys = set()
    for headers in (
        [(b"accept", b"text/html"), (b"accept", b"text/csv")],
        [(b"accept", b"text/csv")],
        [(b"accept", b"text/html")],
        [(b"accept-language", b"text/html")],
        [],
    ):
        keys.add(site.app.key({**scope, "headers": headers}))
    assert len(keys) == 5


# --- answers to queries -------------------------------------------------------------------------


def posting(body: str) -> Any:  # noqa: ANN401 -- as ASGI has it
    """Give what hands over the body of a request."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    return receive


def test_a_query_is_asked_once(site: Site) -> None:
    """By whatever way it comes, and however it is encoded; another format has its own answer."""
    first = site.ask("/sparql?query=ASK%20{}")
    for target, method in (
        ("/sparql?query=ASK%20{}", "GET"),
        ("/sparql?query=ASK+%7B%7D", "GET"),
        ("/sparql/?lang=en&query=ASK+{}", "HEAD"),
    ):
        again = site.ask(target, method=method)
        assert (again.status, again.headers["etag"]) == (200, first.headers["etag"])
        assert method == "HEAD" or again.body == first.body
    direct = {"content-type": "application/sparql-query"}
    posted = asyncio.run(site.asked("/sparql", direct, method="POST", receive=posting("ASK {}")))
    assert (posted.status, posted.body) == (200, first.body)
    assert len(site.service.heads) == 1
    assert site.app.metrics.kept == 4
    for headers in ({"accept": "text/csv"}, {"accept-encoding": "br"}):
        assert site.ask("/sparql?query=ASK%20{}", headers).status == 200
    for target in ("/sparql?query=ASK%20{}&default-graph-uri=a:b", "/sparql?query=ASK%20{%20}"):
        assert site.ask(target).status == 200
    assert len(site.service.heads) == 5


def test_a_kept_answer_to_a_query_need_not_be_sent_again(site: Site) -> None:
    """To a client that has it, or that only asks whether there is one."""
    first = site.ask("/sparql?query=ASK%20{}")
    for known in (first.headers["etag"], "*"):
        again = site.ask("/sparql?query=ASK%20{}", {"if-none-match": known})
        assert (again.status, again.body) == (304, b"")
    assert len(site.service.heads) == 1


@pytest.mark.parametrize(
    "call",
    [
        *("RAND()", "NOW()", "UUID()", "struuid()", "BNODE()", "rand ( )", "NOW #\n()"),
        *("MAX(DISTINCTNOW())", "MAX(DISTINCTSTRUUID())", "?x+RAND()"),
    ],
)
def test_what_changes_is_asked_each_time(site: Site, call: str) -> None:
    """A function whose value is another one each time has no answer to keep."""
    for count in (1, 2):
        response = site.ask(f"/sparql?query={quote(f'SELECT ({call} AS ?x) {{}}')}")
        assert (response.status, len(site.service.heads)) == (200, count)
        assert "etag" not in response.headers


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503, 504])
def test_a_query_without_an_answer_is_asked_again(site: Site, status: int) -> None:
    """What was too much, or came at a bad time, may be answered the next time."""
    site.service.respond = lambda _: Response(status, TEXT, b"zh\nen\n")
    assert site.ask("/sparql?query=ASK%20{}").status == status
    site.service.respond = answer
    assert site.ask("/sparql?query=ASK%20{}").status == 200
    assert len(site.service.heads) == 2


def test_a_new_release_is_asked_every_query_anew(site: Site) -> None:
    """And what a worker of the one before gave meanwhile is not kept."""

    def late(_: dict[str, Any]) -> Response:
        site.service.respond = answer
        site.service.switch()
        return Response(200, TEXT, b"old")

    assert site.ask("/sparql?query=ASK%20{}").status == 200
    site.service.respond = late
    assert site.ask("/sparql?query=ASK%20{?s%20?p%20?o}").body == b"old"
    for target in ("/sparql?query=ASK%20{}", "/sparql?query=ASK%20{?s%20?p%20?o}"):
        assert site.ask(target).body != b"old"
    assert len(site.service.heads) == 4


def test_an_answer_of_another_release_is_not_kept_when_the_first_is_back(site: Site) -> None:
    """A query may wait over two switches, and be answered by the release in between."""

    def between(_: dict[str, Any]) -> Response:
        site.service.id = "between"
        return Response(200, TEXT, b"of another")

    site.service.respond = between
    submit = site.service.submit

    def waiting(client: str, head: bytes, body: bytes, done: Any) -> Job:  # noqa: ANN401
        def back(response: Response) -> None:
            site.service.id = "first"
            done(response._replace(release="between"))

        return submit(client, head, body, back)

    site.service.submit = waiting  # type: ignore[method-assign]
    for target in ("/sparql?query=ASK%20{}", "/queries"):
        assert site.ask(target).body == b"of another"
        assert "etag" not in site.ask(target).headers
    assert len(site.service.heads) == 4


def test_long_answers_to_queries_are_not_kept(site: Site) -> None:
    """A few would fill what is there for many."""
    for size, count in ((LARGE, 2), (LARGE // 2, 1)):
        site.service.heads.clear()
        site.service.respond = lambda _, size=size: Response(200, TEXT, b"x" * size)
        for _ in range(2):
            assert len(site.ask(f"/sparql?query=ASK%20{{}}%23{size}").body) == size
        assert len(site.service.heads) == count


def test_a_client_that_goes_frees_its_worker(site: Site) -> None:
    """Once it is known that the job lasts; nothing is sent."""
    site.service.respond = None

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def run() -> Response:
        submit = site.service.submit

        def slow(*arguments: Any) -> Job:  # noqa: ANN401 -- as they come
            job = submit(*arguments)
            asyncio.get_running_loop().call_later(0.01, lambda: job.on_slow and job.on_slow())
            return job

        site.service.submit = slow  # type: ignore[method-assign, assignment]
        return await asyncio.wait_for(site.asked("/queries", receive=gone), 5)

    assert asyncio.run(run()).status == 0
    assert len(site.service.abandoned) == 1


# --- files --------------------------------------------------------------------------------------


def test_files_are_those_of_the_pages(site: Site) -> None:
    """Each is given as it is, in its media type; no other can be named."""
    assert "style.css" in FILES
    for name in FILES:
        response = site.ask(f"/static/{name}")
        assert (response.status, response.body) == (200, (STATIC / name).read_bytes())
        assert response.headers["x-content-type-options"] == "nosniff"
    assert site.service.heads == []


@pytest.mark.parametrize(
    "name",
    [
        "../app.py",
        "%2e%2e/app.py",
        "..%2fapp.py",
        "/etc/passwd",
        "./style.css",
        "style.css/",
        "STYLE.CSS",
        "style.css%00",
        "vendor/../style.css",
        str(Path(STATIC) / "style.css"),
    ],
)
def test_nothing_else_is_given(site: Site, name: str) -> None:
    """No path leads into the file system."""
    assert site.ask(f"/static/{name}").status == 404
    assert site.service.heads == []


# --- states -------------------------------------------------------------------------------------


def test_it_is_told_whether_anything_is_served(site: Site) -> None:
    """By the status too, for those who only look at that."""
    assert site.ask("/health").status == 200
    site.service.is_up = False
    down = site.ask("/health")
    assert (down.status, json.loads(down.body)["status"]) == (503, "starting")
    assert site.ask("/metrics").status == 200
    assert site.service.heads == []
