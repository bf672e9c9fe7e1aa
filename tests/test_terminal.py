"""Tables on a terminal: lines break where a reader would break them, and every sign is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from kg.cli.terminal import Flowing, pretty
from kg.results import Table, Term

if TYPE_CHECKING:
    from collections.abc import Callable

SENTENCE = "省级公共服务类事项1500项,95%实现了可网办,总额2.6万亿元,至2021-12-31(一期)。"


def wrapped(text: str, width: int) -> list[str]:
    """Give the lines of a text at a width."""
    return [line.plain for line in Flowing(text).wrap(Console(), width)]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Table], list[str]]:
    """Give a function that shows a table at a width, as lines without blanks at their ends."""

    def shown(width: int, table: Table) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        return [line.rstrip() for line in pretty(table, {}, [""] * len(table.rows)).split("\n")]

    return shown


def table(**columns: str) -> Table:
    """Make a table of one row."""
    return Table(tuple(columns), (tuple(Term("literal", text) for text in columns.values()),))


@pytest.mark.parametrize("width", range(11, 60))
def test_numbers_and_dates_are_never_split(width: int) -> None:
    """A number, a share or a day stands on one line, whatever the width."""
    lines = wrapped(SENTENCE, width)
    for whole in ("1500", "95%", "2.6", "2021-12-31"):
        assert sum(whole in line for line in lines) == 1, whole


@pytest.mark.parametrize("width", range(11, 60))
def test_no_line_begins_with_a_closing_sign(width: int) -> None:
    """Commas, stops and closing brackets stay with what they close."""
    assert not [line for line in wrapped(SENTENCE, width) if line[0] in ",。)%"]


def test_a_word_longer_than_a_line_is_folded() -> None:
    """An address that no line holds is shown whole, over several."""
    assert wrapped("kgcl:shanghai-one", 6) == ["kgcl:s", "hangha", "i-one"]


@given(st.text(), st.integers(min_value=2, max_value=30))
def test_no_sign_is_lost_and_no_line_too_long(text: str, width: int) -> None:
    """Whatever the text, its signs come in their order, on lines that fit."""
    text = re.sub(r"[^\w\s,.;%]", "", text)
    lines = wrapped(text, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(cell_len(line) <= width for line in lines)


def test_columns_get_the_room_that_their_texts_want(at: Callable[[int, Table], list[str]]) -> None:
    """A short column is as wide as its text, and a long one takes the rest."""
    lines = at(60, table(region="黑龙江", sentence=SENTENCE))
    assert lines[1].split() == ["region", "sentence"]
    assert all(cell_len(line) <= 60 for line in lines)
    assert sum(bool(line.strip()) for line in lines[3:]) == 2


def test_what_does_not_fit_is_a_list(at: Callable[[int, Table], list[str]]) -> None:
    """Where a word would have to break, each value stands on a line behind its head."""
    columns = {f"column{n}": f"incomprehensible{n}" for n in range(5)} | {"empty": ""}
    lines = at(80, table(**columns))
    assert [line.split() for line in lines if line] == [
        [f"column{n}", f"incomprehensible{n}"] for n in range(5)
    ]


def test_a_wide_terminal_shows_the_same_as_a_table(at: Callable[[int, Table], list[str]]) -> None:
    """With room enough there is one line of heads."""
    columns = {f"column{n}": f"incomprehensible{n}" for n in range(5)}
    assert at(120, table(**columns))[1].split() == list(columns)


def test_a_table_without_rows_has_its_heads(at: Callable[[int, Table], list[str]]) -> None:
    """Nothing found is shown as heads and no row."""
    assert at(80, Table(("region", "quote"), ()))[1].split() == ["region", "quote"]
