"""Whose address counts: that of the client, also behind a proxy that is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import pytest
from fake_site import FakeService

from kg.web.http.app import App

if TYPE_CHECKING:
    from kg.web.workers.service import Service

PROXY: Final = "192.0.2.1"


def client(peer: str, *forwarded: bytes) -> str:
    """Give the address that counts of a request that came from somewhere."""
    app = App(cast("Service", FakeService()), frozenset({PROXY}))
    headers = [(b"x-forwarded-for", value) for value in forwarded]
    return app.client({"client": (peer, 9), "headers": [(b"host", b"test"), *headers]})


@pytest.mark.parametrize("length", [0, 1, 3, 4090, 4096, 60_000])
@pytest.mark.parametrize("sign", [b"1.1.1.1,", b" ", b",", b"9"])
def test_only_the_last_address_is_the_proxy_s(sign: bytes, length: int) -> None:
    """Whatever a client has put before it, and however long that is."""
    sent = (sign * length)[:length]
    assert client(PROXY, sent + b", 203.0.113.7") == "203.0.113.7"
    assert client(PROXY, sent, b"203.0.113.7") == "203.0.113.7"


def test_who_is_no_proxy_is_not_believed() -> None:
    """It tells what it likes, and is itself whoever it is."""
    assert client("198.51.100.1", b"203.0.113.7") == "198.51.100.1"


@pytest.mark.parametrize("forwarded", [(), (b"",), (b"203.0.113.7,",), (b"203.0.113.7", b" ")])
def test_a_proxy_that_tells_nothing_is_itself_the_client(forwarded: tuple[bytes, ...]) -> None:
    """An address that the client has put before nothing is none."""
    assert client(PROXY, *forwarded) == PROXY
