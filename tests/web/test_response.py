"""Each error has its status and is told in both languages; bodies are compressed where it pays."""

from __future__ import annotations

import gzip
import json
from typing import Final

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import errors
from kg.errors import (
    EndpointError,
    FindingsError,
    KgError,
    NamingError,
    NotInstalledError,
    NotOfferedError,
    Problem,
    ProblemsError,
    QueryError,
    QuestionsError,
    RecordsError,
    RefusedError,
    ReleaseError,
    TooMuchError,
    UsageError,
)
from kg.web.response import JSON, SHORT, TEXT, Response, compressed, failure, status_of

PROBLEMS: Final = [Problem("a.rq", 1, "", "错", "wrong")]
TOLD: Final[list[tuple[KgError, int]]] = [
    (UsageError("错", "wrong"), 400),
    (NotInstalledError("错", "wrong"), 500),
    (QueryError("错", "wrong"), 400),
    (RefusedError("错", "wrong"), 403),
    (NamingError("错", "wrong", ["kgr:a"]), 404),
    (NotOfferedError("错", "wrong"), 406),
    (TooMuchError("错", "wrong"), 413),
    (QuestionsError(PROBLEMS), 500),
    (RecordsError(PROBLEMS), 500),
    (FindingsError(PROBLEMS), 500),
    (ProblemsError(PROBLEMS), 500),
    (EndpointError("错", "wrong"), 500),
    (ReleaseError("错", "wrong"), 500),
    (KgError("错", "wrong"), 500),
]


def test_every_error_of_the_package_has_a_status() -> None:
    """None that is added later is forgotten here."""
    named = {getattr(errors, name) for name in errors.__all__}
    kinds = {it for it in named if isinstance(it, type) and issubclass(it, KgError)}
    assert {type(error) for error, _ in TOLD} == kinds
    assert len(kinds) > 5


@pytest.mark.parametrize(("error", "status"), TOLD, ids=lambda it: type(it).__name__)
def test_an_error_is_told_with_its_status(error: KgError, status: int) -> None:
    """The closest kind counts: a refusal is a wrong query too, and is told as a refusal."""
    assert status_of(error) == status
    text, told = failure(error), failure(error, as_json=True)
    assert (text.status, text.media_type) == (status, TEXT)
    assert text.body.decode() == f"{error.zh}\n{error.en}\n"
    assert (told.status, told.media_type) == (status, JSON)
    near = list(getattr(error, "near", ()))
    assert json.loads(told.body) == {"error": {"zh": error.zh, "en": error.en, "near": near}}


def test_chinese_stands_in_json_as_it_is() -> None:
    """A reader of the raw answer can read it."""
    assert "没有".encode() in failure(NamingError("没有", "none"), as_json=True).body


# --- codings ------------------------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=50), st.integers(0, 100), st.sampled_from(["br", "gzip"]))
def test_a_body_is_what_it_was(piece: bytes, count: int, coding: str) -> None:
    """When it is decoded; a short one is left as it is."""
    body = piece * count
    found = compressed(Response(200, "text/csv", body, {"x-one": "1"}), coding)
    decode = brotli.decompress if coding == "br" else gzip.decompress
    is_coded = len(body) >= SHORT
    assert (decode(found.body) if is_coded else found.body) == body
    expected = {"x-one": "1", **({"content-encoding": coding} if is_coded else {})}
    assert (found.status, found.media_type, found.headers) == (200, "text/csv", expected)


def test_nothing_is_compressed_for_who_does_not_ask() -> None:
    """Nor is an error that is short; an error that is long is."""
    long = Response(404, TEXT, b"x" * SHORT)
    assert compressed(long, "") is long
    assert len(compressed(long, "gzip").body) < SHORT
    assert compressed(Response(404, TEXT, b"x" * (SHORT - 1)), "br").body == b"x" * (SHORT - 1)


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_the_same_body_is_the_same_bytes(coding: str) -> None:
    """At any time: no clock stands in it, so that an ETag holds."""
    response = Response(200, "text/csv", b"a,b\r\n" * 500)
    first = compressed(response, coding).body
    assert compressed(response, coding).body == first
    assert len(first) < len(response.body) // 5
    if coding == "gzip":
        assert first[4:8] == b"\0\0\0\0"
