"""A password goes to the service it is for, and is never told; redirects lead nowhere bad."""

from __future__ import annotations

import base64
import re
import ssl
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from fake_endpoint import EMPTY, JSON, Exchange, listening, raw, reply

from kg.engines import open_remote, transport
from kg.engines.remote import RemoteEngine
from kg.engines.transport import Clock
from kg.errors import EndpointError, KgError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_endpoint import Fake, Script

SELECT: Final = "SELECT ?s { ?s ?p ?o }"
USER: Final = "curator"
PASSWORD: Final = "hunter2 口令/"  # noqa: S105 -- of a fake
WRITTEN: Final = "hunter2%20%E5%8F%A3%E4%BB%A4%2F"
BASIC: Final = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
TOKEN: Final = "t0k3n+value"  # noqa: S105 -- of a fake
CERTIFICATE: Final = Path(__file__).with_name("loopback.pem")
QUICK: Final = Clock(sleep=lambda _: None)


def with_user(fake: Fake) -> str:
    """Give the URL of a service with user and password in it."""
    return fake.url.replace("://", f"://{USER}:{WRITTEN}@")


def sent_to(fake: Fake) -> list[str | None]:
    """Give the Authorization of each request."""
    return [request.headers.get("Authorization") for request in fake.received]


# --- who asks -----------------------------------------------------------------------------------


def test_basic_goes_at_once() -> None:
    """User and password of the URL go along with the first request, as UTF-8."""
    with listening(reply()) as fake:
        RemoteEngine(with_user(fake)).answer(SELECT, JSON)
    assert sent_to(fake) == [f"Basic {BASIC}"]


def test_user_and_password_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """KG_USER and KG_PASSWORD are taken where the URL names nobody."""
    monkeypatch.setenv("KG_USER", USER)
    monkeypatch.setenv("KG_PASSWORD", PASSWORD)
    with listening(reply()) as fake:
        open_remote(fake.url).answer(SELECT, JSON)
        open_remote(fake.url.replace("://", "://other:x@")).answer(SELECT, JSON)
    other = base64.b64encode(b"other:x").decode()
    assert sent_to(fake) == [f"Basic {BASIC}", f"Basic {other}"]


def test_an_empty_password_is_one() -> None:
    """A user without a password is a user."""
    with listening(reply()) as fake:
        RemoteEngine(fake.url, user="me").answer(SELECT, JSON)
    assert sent_to(fake) == [f"Basic {base64.b64encode(b'me:').decode()}"]


CHALLENGE: Final = 'Digest realm="SPARQL", nonce="abc", qop="auth", algorithm=MD5, opaque="xyz"'


def digest(challenge: str = CHALLENGE, *, accepts: bool = True) -> Script:
    """Give a script that wants Digest, and then takes it or not."""

    def script(exchange: Exchange) -> None:
        known = exchange.headers.get("Authorization", "").startswith("Digest ")
        answer = reply() if known and accepts else reply(401, b"", WWW_Authenticate=challenge)
        answer(exchange)

    return script


def test_digest_is_answered() -> None:
    """A service that wants Digest is given it, with the query once more."""
    with listening(digest()) as fake:
        assert RemoteEngine(fake.url, user="me", password="pw").answer(SELECT, JSON).body == EMPTY  # noqa: S106 -- of a fake
    first, second = sent_to(fake)
    assert str(first).startswith("Basic ")
    assert re.match(
        r'Digest username="me", realm="SPARQL", nonce="abc", uri="/sparql"', str(second)
    )
    assert [request.form for request in fake.received] == [{"query": [SELECT]}] * 2


def test_digest_is_answered_where_basic_is_met_with_silence() -> None:
    """Virtuoso makes no challenge to who has said Basic: it is asked for one without a name."""

    def script(exchange: Exchange) -> None:
        said = exchange.headers.get("Authorization", "")
        silent = reply(401, b"") if said.startswith("Basic ") else digest()
        silent(exchange)

    with listening(script) as fake:
        assert RemoteEngine(fake.url, user="me", password="pw").answer(SELECT, JSON).body == EMPTY  # noqa: S106 -- of a fake
    assert [str(said).split()[0] for said in sent_to(fake)] == ["Basic", "None", "Digest"]


def test_who_is_refused_is_not_served_without_a_name() -> None:
    """An answer to nobody is no answer to somebody with a wrong password."""

    def script(exchange: Exchange) -> None:
        known = "Authorization" in exchange.headers
        (reply(401, b"") if known else reply())(exchange)

    with listening(script) as fake, pytest.raises(EndpointError, match="refuses this user"):
        RemoteEngine(fake.url, user="me").answer(SELECT, JSON)


@pytest.mark.parametrize(
    ("challenge", "password", "requests"),
    [
        (CHALLENGE, "pw", 2),
        (CHALLENGE, PASSWORD, 1),
        (CHALLENGE.replace("MD5", "SHA-512-256"), "pw", 1),
        ('Digest realm="x"', "pw", 1),
        ("Digest realm=", "pw", 1),
        ("Digest", "pw", 1),
        ("Digest nonsense", "pw", 1),
        ('Basic realm="x"', "pw", 1),
        ("Bearer", "pw", 1),
    ],
)
def test_a_user_that_is_refused_is_told_once(challenge: str, password: str, requests: int) -> None:
    """A wrong password, or a challenge that nobody can answer, ends with a clear line."""
    with listening(digest(challenge, accepts=False)) as fake:
        engine = RemoteEngine(fake.url, user="me", password=password)
        with pytest.raises(EndpointError, match=r"refuses this user and password \(401\)"):
            engine.answer(SELECT, JSON)
    assert len(fake.received) == requests


# --- redirects ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_takes_the_query_along(status: int) -> None:
    """A query that has moved is posted again, path and host as the server says."""
    with listening(reply(status, b"", Location="/query?x=1#y"), reply()) as fake:
        assert RemoteEngine(with_user(fake)).answer(SELECT, JSON).body == EMPTY
    first, second = fake.received
    assert (second.method, second.path, second.form) == ("POST", "/query?x=1", first.form)
    names = ("Accept", "Content-Type", "User-Agent", "Authorization")
    assert [second.headers[name] for name in names] == [first.headers[name] for name in names]


def test_a_result_elsewhere_is_fetched() -> None:
    """A 303 leads to the result: it is fetched without the query."""
    with listening(reply(303, b"", Location="result/1"), reply()) as fake:
        assert RemoteEngine(fake.url).answer(SELECT, JSON).body == EMPTY
    second = fake.received[1]
    assert (second.method, second.path, second.body) == ("GET", "/result/1", b"")
    assert second.headers["Accept"] == JSON


@pytest.mark.parametrize("status", [302, 303, 307])
def test_no_other_host_is_told_who_asks(status: int) -> None:
    """Another port is another service: it gets the query, and no password, Digest asked or not."""
    with (
        listening(digest(accepts=False)) as other,
        listening(reply(status, b"", Location=other.url)) as fake,
        pytest.raises(EndpointError, match="401"),
    ):
        RemoteEngine(fake.url, user="me", password="pw").answer(SELECT, JSON)  # noqa: S106 -- of a fake
    basic = base64.b64encode(b"me:pw").decode()
    assert (sent_to(fake), sent_to(other)) == ([f"Basic {basic}"], [None])


def test_who_asks_is_told_again_at_home() -> None:
    """A redirect that leads away and back is asked by name only at home."""
    with (
        listening(reply(307, b""), reply()) as fake,
        listening(reply(307, b"", Location=f"{fake.url}/back")) as other,
    ):
        fake.scripts[0] = reply(307, b"", Location=other.url)
        assert RemoteEngine(with_user(fake)).answer(SELECT, JSON).body == EMPTY
    assert (sent_to(fake), sent_to(other)) == ([f"Basic {BASIC}"] * 2, [None])


def test_a_loop_ends() -> None:
    """Six requests, then a clear line."""
    with (
        listening(reply(302, b"", Location="/sparql")) as fake,
        pytest.raises(EndpointError, match=r"重定向超过 5 次.*redirects over 5 times"),
    ):
        RemoteEngine(fake.url).answer(SELECT, JSON)
    assert len(fake.received) == 6


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/hostname",
        "ftp://127.0.0.1/x",
        "data:application/sparql-results+json,{}",
        "jar:http://127.0.0.1/",
        "http://[::1",
        "http://127.0.0.1:port/",
        "http://who:pw@127.0.0.1/",
        "http://127.0.0.1/a b",
        "",
    ],
)
def test_a_redirect_to_what_is_no_service_is_not_followed(location: str) -> None:
    """Only HTTP and HTTPS are followed, and nowhere with a user in it."""
    with (
        listening(reply(302, b"", Location=location)) as fake,
        pytest.raises(EndpointError, match="redirects to where no query is sent") as caught,
    ):
        RemoteEngine(fake.url).answer(SELECT, JSON)
    assert (len(fake.received), "who" in str(caught.value), caught.value.status) == (1, False, 302)


# --- what is never told -------------------------------------------------------------------------


def echo(status: int, media_type: str = "text/plain") -> Script:
    """Give a script that answers with all it was sent."""

    def script(exchange: Exchange) -> None:
        user, password = base64.b64decode(exchange.headers["Authorization"][6:]).split(b":", 1)
        said = f"{exchange.path} {exchange.headers} {user.decode()} {password.decode()}"
        reply(status, said.encode(), media_type)(exchange)

    return script


FAULTS: Final = {
    "bad query": echo(400),
    "bad query as a page": echo(400, "text/html"),
    "denied": echo(401),
    "missing": echo(404),
    "failing": echo(500),
    "busy": echo(503),
    "another format": echo(200),
    "not json": echo(200, JSON),
    "its own media type": reply(media_type=f"text/{BASIC}"),
    "redirected": reply(302, b"", Location=f"ftp://{USER}:{WRITTEN}@h/?apikey={TOKEN}&t={TOKEN}"),
    "redirected in circles": reply(302, b"", Location="?key=1"),
    "no http": raw(f"{PASSWORD} {BASIC} {TOKEN}\r\n".encode()),
    "a bad head": raw(f"HTTP/1.1 9999 {TOKEN}\r\n\r\n".encode()),
    "a reason": raw(f"HTTP/1.1 418 {TOKEN} {BASIC}\r\n\r\n".encode()),
    "hanging up": raw(),
    "cut": reply(Content_Length="900"),
}


@pytest.mark.parametrize("script", FAULTS.values(), ids=FAULTS)
def test_no_error_tells_a_secret(script: Script) -> None:
    """Neither password nor token stands in a message, a cause or a trace, whatever is sent back."""
    with listening(script) as fake:
        url = f"{with_user(fake)}?default-graph-uri=urn:g&access_token={TOKEN}"
        engine = RemoteEngine(url, clock=QUICK)
        with pytest.raises(KgError) as caught:
            engine.answer(SELECT, JSON)
    error = caught.value
    told = [*traceback.format_exception(error), repr(error), repr(vars(error)), repr(engine)]
    told += [repr(engine.address), str(error.__cause__), str(error.__context__)]
    for secret in (PASSWORD, WRITTEN, BASIC, TOKEN, "hunter2"):
        assert secret not in "\n".join(told)
    assert (error.__cause__, error.__context__) == (None, None)
    shown = f"{fake.url}?default-graph-uri=urn:g&access_token=***"
    assert repr(engine) == f"RemoteEngine({shown!r})"
    assert error.exit_code == 4 or shown in error.en or "redirects" in error.en


def test_the_wrapper_tells_no_secret() -> None:
    """SPARQLWrapper prints all its attributes; ours are none of its business."""
    engine = RemoteEngine(f"http://{USER}:{WRITTEN}@h/?token={TOKEN}")
    service = engine.service(transport.Deadline(Clock(), 1.0))
    assert str(service) == repr(service) == "http://h/?token=***"


# --- TLS ----------------------------------------------------------------------------------------


@pytest.fixture
def tls() -> Iterator[ssl.SSLContext]:
    """Give a server's side of TLS, with a certificate that no machine trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    transport.trusted.cache_clear()
    yield context
    transport.trusted.cache_clear()


def test_a_certificate_that_nobody_trusts_is_told(tls: ssl.SSLContext) -> None:
    """Nothing is sent where the other side cannot say who it is."""
    with (
        listening(reply(), tls=tls) as fake,
        pytest.raises(EndpointError, match=r"TLS 证书不可信.*certificate is not trusted: self"),
    ):
        RemoteEngine(with_user(fake)).answer(SELECT, JSON)
    assert fake.received == []


def test_a_certificate_of_ones_own_may_be_trusted(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSL_CERT_FILE names the certificates that are trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with listening(reply(), tls=tls) as fake:
        assert RemoteEngine(fake.url).answer(SELECT, JSON).body == EMPTY


def test_no_tls_where_it_is_wanted_is_told() -> None:
    """A port that speaks plain HTTP is asked for TLS in vain."""
    with listening(reply()) as fake, pytest.raises(EndpointError, match=r"TLS 连接失败.*TLS fails"):
        RemoteEngine(fake.url.replace("http:", "https:"), clock=QUICK).answer(SELECT, JSON)


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:7878",
        "localhost/sparql",
        "ftp://u:hunter2@h/",
        "file:///hunter2",
        "http:/u:hunter2@h/",
        "http://",
        "http://u:hunter2@/x",
        "http://[::1/hunter2",
        "http://u:hunter2@h:port/",
        "http://u:hunter2@h:99999/",
        "http://u:hun\nter2@h/",
        "http://u:hunter2@h/a b",
        "http://u:hunter2@a..b/",
        "http://u:1/hunter2@h/",
        "http://u:1?hunter2@h/",
        "http://u:1#hunter2@h/",
        "http://:hunter2@h/",
        "http://a%3Ab:hunter2@h/",
        "http://u:hunter2@h/?query=SELECT",
        "http://u:hunter2@h/?%71uery=SELECT",
        "http://u:hunter2@h/?update=hunter2",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """What cannot be asked is a matter of usage, told without what may be a password."""
    with pytest.raises(UsageError) as caught:
        open_remote(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "asked", "shown"),
    [
        ("HTTP://Example.ORG", "http://example.org/", "http://example.org"),
        ("https://h:8443/a#b", "https://h:8443/a", "https://h:8443/a"),
        ("http://[::1]:3030/ds", "http://[::1]:3030/ds", "http://[::1]:3030/ds"),
        ("http://u:p@h/%2F?a=b", "http://h/%2F?a=b", "http://h/%2F?a=b"),
        ("http://h/?apiKey=1&PassWord=2&x", "http://h/?apiKey=1&PassWord=2&x",
         "http://h/?apiKey=***&PassWord=***&x="),
        ("http://数据.中国/图?词=一", "http://xn--vxup8b.xn--fiqs8s/%E5%9B%BE?%E8%AF%8D=%E4%B8%80",
         "http://xn--vxup8b.xn--fiqs8s/图?词=一"),
    ],
)  # fmt: skip
def test_an_address_is_asked_and_shown(url: str, asked: str, shown: str) -> None:
    """A URL is asked in ASCII and without its user, and shown without what is secret."""
    address = RemoteEngine(url).address
    assert (address.url, address.shown) == (asked, shown)


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("http://h/other", True),
        ("http://h:80/", True),
        ("https://h/", True),
        ("https://h:8443/", False),
        ("http://h:81/", False),
        ("http://h.example/", False),
    ],
)
def test_whom_a_password_is_for(url: str, trusted: bool) -> None:
    """The same origin is trusted, and HTTPS on the same host where it was HTTP."""
    assert RemoteEngine("http://h/x", user="u").address.trusts(url) is trusted


def test_a_password_is_not_sent_from_https_to_http() -> None:
    """The way back is not trusted."""
    assert RemoteEngine("https://h/x", user="u").address.trusts("http://h/x") is False
