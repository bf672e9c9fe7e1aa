"""Where a SPARQL service is: its URL, who asks, and how both are told without a secret."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, quote, unquote, unquote_plus, urlsplit, urlunsplit

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Address", "Origin", "ascii_url", "is_url", "origin", "parse_address", "shown_url"]

Origin = tuple[str, str, int]
"""Scheme, host and port (https://www.rfc-editor.org/rfc/rfc6454#section-4)."""

PORTS: Final = {"http": 80, "https": 443}
"""Scheme of an endpoint -> its port, if the URL names none."""

SECRET: Final = re.compile("token|key|pass|pwd|secret|sig|auth|cred|session", re.IGNORECASE)
"""What stands in the name of a parameter whose value is not to be shown."""

OURS: Final = frozenset({"query", "update"})
"""Parameters of the SPARQL Protocol that a URL is not to bring along."""

SAFE: Final = "%/:?#[]@!$&'()*+,;=~"
"""What stays as it is when a URL is written in ASCII."""

BLANKED: Final = "***"


@dataclass(frozen=True)
class Address:
    """A service: the URL to ask, how people are shown it, and who asks.

    `url` has no user and password, and may have a token; `shown` has none of them.
    """

    url: str = field(repr=False)
    shown: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def trusts(self, url: str) -> bool:
        """Tell whether a URL may be given the password: the same origin, or its HTTPS twin."""
        home, there = origin(self.url), origin(url)
        upgraded = ("https", home[1], PORTS["https"])
        return there == home or (home[::2] == ("http", PORTS["http"]) and there == upgraded)

    def basic(self) -> str:
        """Give the value of an Authorization header (https://www.rfc-editor.org/rfc/rfc7617)."""
        pair = f"{self.user}:{self.password}"
        return f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"

    def scrub(self, text: str) -> str:
        """Blank out what a server repeats of the secrets that it was sent."""
        for secret in sorted(set(self._secrets()), key=len, reverse=True):
            text = text.replace(secret, BLANKED)
        return text

    def _secrets(self) -> Iterator[str]:
        if self.password:
            yield from (self.password, quote(self.password), quote(self.password, safe=""))
            yield self.basic().removeprefix("Basic ")
        for name, value in _parameters(urlsplit(self.url)):
            if value and SECRET.search(unquote_plus(name)):
                yield from (value, unquote_plus(value))


def is_url(text: str) -> bool:
    """Tell whether the name of an engine is meant as a URL, be it one that can be asked or not.

    >>> is_url("http://localhost:7878/query"), is_url("localhost:7878"), is_url("rdflib")
    (True, True, False)
    """
    return ":" in text or "/" in text


def parse_address(url: str, user: str = "", password: str = "") -> Address:
    """Read the URL of a service; a user and a password in it go before those given.

    Raises:
        UsageError: it is no HTTP URL that can be asked; the message has nothing secret.
    """
    parts = _split(url)
    if parts is None or not parts.hostname or parts.scheme not in PORTS:
        raise UsageError(
            "端点的网址有误，应写作 http(s)://主机/路径",
            "malformed URL of an endpoint: write http(s)://host/path",
        )
    if "@" in f"{parts.path}{parts.query}{parts.fragment}":
        raise UsageError(
            "端点的网址里，路径中的 @ 写作 %40，口令中的 / ? # 写作 %2F %3F %23",
            "in the URL of an endpoint write @ of a path as %40, and / ? # of a password as "
            "%2F %3F %23",
        )
    for name, _ in _parameters(parts):
        if unquote_plus(name) in OURS:
            raise UsageError(
                f"端点的网址不能带参数 {name}=", f"the URL of an endpoint has no {name}= in it"
            )
    if parts.username or parts.password is not None:  # never one of each place
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if ":" in user:
        raise UsageError("用户名不能有冒号", "a user's name has no colon")
    if password and not user:
        raise UsageError("有口令而没有用户名", "there is a password, and no user")
    return Address(_bare(parts), shown_url(url), user, password)


def _split(url: str) -> SplitResult | None:
    """Take a URL apart, if that can be done and its port is a number."""
    if any(not char.isprintable() or char == " " for char in url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 -- raises where the port is no number
        (parts.hostname or "").encode("idna")
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> str:
    """Give host and port as a URL has them, in ASCII."""
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name.encode("idna").decode("ascii")
    return host if parts.port is None else f"{host}:{parts.port}"


def _bare(parts: SplitResult) -> str:
    """Give a URL without user, password and fragment, in ASCII."""
    path, query = quote(parts.path, safe=SAFE), quote(parts.query, safe=SAFE)
    return urlunsplit((parts.scheme, _host(parts), path or "/", query, ""))


def ascii_url(url: str) -> str | None:
    """Give an HTTP URL in ASCII, or None: it is of another kind, or has a user in it."""
    parts = _split(url)
    usable = parts is not None and parts.scheme in PORTS and parts.hostname
    return _bare(parts) if parts and usable and "@" not in parts.netloc else None


def origin(url: str) -> Origin:
    """Give scheme, host and port of a URL that `ascii_url` or `parse_address` gave."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme]


def _parameters(parts: SplitResult) -> list[tuple[str, str]]:
    """Give the parameters as they are written."""
    pairs = [item.partition("=") for item in parts.query.split("&") if item]
    return [(name, value) for name, _, value in pairs]


def shown_url(url: str) -> str:
    """Give a URL as people may see it: without user and password, values of secrets blanked.

    >>> shown_url("https://me:pw@example.org/sparql?apiKey=1234&lang=zh#x")
    'https://example.org/sparql?apiKey=***&lang=zh'
    """
    parts = _split(url)
    if parts is None:
        return "…"
    pairs = (
        f"{name}={BLANKED}" if SECRET.search(unquote_plus(name)) else f"{name}={value}"
        for name, value in _parameters(parts)
    )
    return urlunsplit((parts.scheme, _host(parts), parts.path, "&".join(pairs), ""))
