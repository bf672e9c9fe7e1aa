"""JSON is the same value wherever it is put, and harmless to a page and to a reader's eyes."""

from __future__ import annotations

import json
import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import expand
from kg.safe_json import bare, dumped

VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES))
def test_what_is_written_is_read_again(document: dict[str, object]) -> None:
    """Every document comes back as it was."""
    assert json.loads(dumped(document)) == document


@given(st.dictionaries(st.text(), VALUES))
def test_nothing_hidden_is_written(document: dict[str, object]) -> None:
    """No tag begins, and no character but a line end is a control or turns text around."""
    text = dumped(document).decode()
    assert "<" not in text
    kinds = {unicodedata.category(char) for char in text if char != "\n"}
    turns = {unicodedata.bidirectional(char) for char in text}
    assert kinds & {"Cc", "Zl", "Zp"} == set()
    assert turns & {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} == set()


HIDDEN: Final = (
    "<\x7f\x85\xad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff"
    "\U000e0041"
)


@pytest.mark.parametrize("char", HIDDEN, ids=ascii)
def test_a_hidden_character_is_escaped(char: str) -> None:
    """What cannot be seen, and what begins a tag, stands as its code point."""
    body = dumped({char: [char]})
    assert body.isascii()
    assert b"\\u" in body
    assert b"<" not in body
    assert json.loads(body) == {char: [char]}


def test_letters_stay_as_they_are() -> None:
    """Chinese, and signs beyond the BMP, are readable."""
    assert "上海𠮷🙂".encode() in dumped({"label": "上海𠮷🙂"})


def test_each_item_has_a_line() -> None:
    """Members and their items can be read and compared line by line."""
    assert dumped({"a": [1, {"b": [2, 3]}], "c": []}).decode().splitlines() == [
        "{", '"a": [', "1,", '{"b": [2, 3]}', "],", '"c": []', "}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "datatype", "told"),
    [
        ("0", "xsd:integer", 0),
        ("-7", "xsd:integer", -7),
        ("999999999999999", "xsd:integer", 999_999_999_999_999),
        ("9999999999999999", "xsd:integer", None),
        ("9" * 5000, "xsd:integer", None),
        ("+5", "xsd:integer", None),
        ("05", "xsd:integer", None),
        ("-0", "xsd:integer", None),
        ("٣", "xsd:integer", None),
        ("", "xsd:integer", None),
        ("many", "xsd:integer", None),
        ("true", "xsd:boolean", True),
        ("false", "xsd:boolean", False),
        ("1", "xsd:boolean", None),
        ("2021-03-31", "xsd:date", "2021-03-31"),
        ("99.5", "xsd:decimal", "99.5"),
    ],
)
def test_a_value_is_bare_only_if_it_comes_back(
    value: str, datatype: str, told: str | int | bool | None
) -> None:
    """Whole numbers and truths are JSON's own where that loses nothing."""
    found = bare(value, expand(datatype))
    assert found == told
    assert type(found) is type(told)
