"""What can go wrong with a SPARQL service, said in both languages, and whether to try again."""

from __future__ import annotations

import html
import json
import re
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException, IncompleteRead
from typing import TYPE_CHECKING, Final
from urllib.error import URLError

from kg.errors import EndpointError, KgError, QueryError

if TYPE_CHECKING:
    from kg.engines.address import Address
    from kg.engines.transport import Reply

__all__ = ["Fault", "broken", "plain", "refused", "spoken", "unreachable", "wrong"]

LONGEST: Final = 240
"""Characters of a server's own words that are told."""

MESSAGES: Final = ("exception", "detailedMessage", "message", "detail", "error", "title")
"""Where servers that speak JSON say what is wrong."""

NO_HTTP: Final = ("不是 HTTP", "it is not HTTP")

REASONS: Final[tuple[tuple[type[Exception], bool, str, str], ...]] = (
    (
        ssl.SSLCertVerificationError,
        False,
        "TLS 证书不可信：{}",
        "the TLS certificate is not trusted: {}",
    ),
    (ssl.SSLError, False, "TLS 连接失败：{}", "TLS fails: {}"),
    (TimeoutError, True, "连接超时", "no connection in time"),
    (socket.gaierror, False, "没有这个主机名", "its host name is not known"),
    (
        ConnectionRefusedError,
        True,
        "连接被拒绝，服务器是否已启动？",
        "the connection is refused; is the server running?",
    ),
    (ConnectionError, True, "连接中断", "the connection was broken off"),
    (OSError, False, "{}", "{}"),
)
"""Exception, the narrower first -> whether it may pass, and what it means."""

BUSY: Final = frozenset({429, 502, 503, 504})
"""Statuses that may pass (https://www.rfc-editor.org/rfc/rfc9110#section-15)."""
DENIED: Final = frozenset({401, 403})
ANONYMOUS: Final = (
    "需要用户名和口令（环境变量 KG_USER、KG_PASSWORD）",
    "wants a user and a password (KG_USER, KG_PASSWORD in the environment)",
)
MEANINGS: Final = {
    206: ("只给出部分结果", "gives a part of the results only"),
    **dict.fromkeys(DENIED, ("不接受这个用户名和口令", "refuses this user and password")),
    **dict.fromkeys((404, 410), ("没有 SPARQL 服务", "is not there")),
    **dict.fromkeys((405, 501), ("不接受查询", "takes no queries")),
    **dict.fromkeys((406, 415), ("给不出 {}", "cannot answer in {}")),
    **dict.fromkeys((413, 414, 431), ("嫌查询太长", "finds the query too long")),
    **dict.fromkeys(BUSY, ("暂时不能回答", "cannot answer now")),
}
"""Status -> what it means."""


@dataclass(frozen=True)
class Fault:
    """An error; whether it may pass, and the seconds that the server asks to wait."""

    error: KgError
    passing: bool = False
    after: float = 0.0


def wrong(address: Address, zh: str, en: str, status: int | None = None) -> EndpointError:
    """Say that a service answers wrongly."""
    shown = address.shown
    return EndpointError(f"{shown} 的回答有误：{zh}", f"{shown} answers wrongly: {en}", status)


def unreachable(error: Exception, address: Address, seconds: float) -> Fault:
    """Say why there is no response; `seconds` is the time that there was."""
    early = isinstance(error, URLError)
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError) and not early:
        return late(address, seconds)
    for kind, passing, zh, en in REASONS:
        if isinstance(reason, kind):
            names = ("verify_message", "reason", "strerror")
            told = (getattr(reason, name, None) for name in names)
            said = address.scrub(plain(next(filter(None, told), None) or str(reason)))
            shown = address.shown
            return Fault(
                EndpointError(
                    f"无法访问 {shown}：{zh.format(said)}",
                    f"{shown} cannot be reached: {en.format(said)}",
                ),
                passing,
            )
    said = address.scrub(plain(reason)) if isinstance(reason, str) else ""
    return Fault(wrong(address, *((said, said) if said else NO_HTTP)))


def late(address: Address, seconds: float) -> Fault:
    """Say that an answer was not whole in time."""
    shown, time = address.shown, f"{seconds:g}"
    return Fault(
        EndpointError(
            f"{shown} 在 {time} 秒内没有答完，请缩小查询或加 LIMIT",
            f"{shown} has not answered within {time} s: ask for less, or set a LIMIT",
        )
    )


def broken(error: OSError | HTTPException, address: Address, seconds: float) -> Fault:
    """Say why a body is not there to its end."""
    if isinstance(error, TimeoutError):
        return late(address, seconds)
    cut = isinstance(error, IncompleteRead | OSError)
    return Fault(wrong(address, *(("内容不完整", "it is cut off") if cut else NO_HTTP)))


def refused(reply: Reply, address: Address, media_type: str) -> Fault:
    """Say what a status other than 200 means."""
    status, shown = reply.status, address.shown
    said = spoken(reply, address)
    if status == HTTPStatus.BAD_REQUEST:
        zh, en = f"：{said}" if said else "", f": {said}" if said else ""
        return Fault(
            QueryError(
                f"查询无法解析，或服务器不接受{zh}",
                f"the query does not parse, or the server refuses it{en}",
            )
        )
    zh, en = (text.format(media_type) for text in _meaning(status, address))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in BUSY and said:
        zh, en = f"{zh}：{said}", f"{en}: {said}"
    after = _after(reply)
    if status in BUSY and after:
        zh, en = f"{zh}，请 {after:.0f} 秒后再试", f"{en}, try again in {after:.0f} s"
    error = EndpointError(f"{shown} {zh}（{status}）", f"{shown} {en} ({status})", status)
    return Fault(error, status in BUSY, after)


def _meaning(status: int, address: Address) -> tuple[str, str]:
    if status in DENIED and not address.user:
        return ANONYMOUS
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return MEANINGS.get(
        status, ("自己出错", "fails") if failed else ("没有给出答案", "gives no answer")
    )


def _after(reply: Reply) -> float:
    """Give the seconds of Retry-After (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after)."""
    value = reply.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def spoken(reply: Reply, address: Address) -> str:
    """Give a server's own words as one short line: no markup, no control signs, no secret."""
    text = reply.body.decode(errors="replace")
    if "json" in reply.media_type:
        text = _message(text)
    elif "html" in reply.media_type or "xml" in reply.media_type:
        text = re.sub(
            r"<(style|script|head)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE
        )
        text = html.unescape(text)
    text = address.scrub(plain(text))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _message(text: str) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(document, dict):
        return text
    found = (document.get(key) for key in MESSAGES)
    return next((value for value in found if isinstance(value, str) and value), text)


def plain(text: str) -> str:
    """Give a text on one line without anything that a terminal would obey."""
    words = "".join(char if char.isprintable() else " " for char in text)
    return re.sub(r"\s+", " ", words).strip()
