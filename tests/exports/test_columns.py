"""Values and kinds of columns: what each becomes, and what is refused."""

from __future__ import annotations

import enum
import math
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.exports import columns as module
from kg.exports.columns import (
    BOOLEAN,
    DOUBLE,
    INTEGER,
    STRING,
    Cell,
    Column,
    cell,
    fitted,
    kind_of,
    shown,
)


class Level(enum.StrEnum):
    """An enumeration of texts."""

    ONE = "一"


class Mixed(str, enum.Enum):  # noqa: UP042 -- the older kind, whose str() is its name
    """An older enumeration of texts."""

    ONE = "一"


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (None, None),
        (math.nan, None),
        (Decimal("NaN"), None),
        (Decimal("sNaN"), None),
        ([], None),
        (set(), None),
        ("", ""),
        ("一网\n通办", "一网\n通办"),
        (True, True),
        (7, 7),
        (1 << 70, 1 << 70),
        (0.5, 0.5),
        (Decimal("1.5"), 1.5),
        (Fraction(1, 4), 0.25),
        (date(2022, 12, 31), "2022-12-31"),
        (datetime(2021, 3, 31, 15, 20, 58, tzinfo=UTC), "2021-03-31T15:20:58+00:00"),
        (["乙", "甲"], ("乙", "甲")),
        ({"b", "a"}, ("a", "b")),
        ([1, 2.5, True, date(2022, 1, 1)], ("1", "2.5", "true", "2022-01-01")),
        (Level.ONE, "一"),
        (Mixed.ONE, "一"),
        (np.int64(3), 3),
        (np.float64("nan"), None),
        (np.bool_(True), True),
        (np.str_("字"), "字"),
        (np.array(["甲", "乙"]), ("甲", "乙")),
    ],
)
def test_cell(value: object, made: Cell) -> None:
    """A value becomes a text, a number, a truth, several texts or nothing."""
    assert cell(value, "n: a") == made
    assert type(cell(value, "n: a")) is type(made)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("\ud800", "half of a surrogate pair"),
        (["a\udfff"], "half of a surrogate pair"),
        (math.inf, "an infinite number"),
        (-math.inf, "an infinite number"),
        (Decimal("1E400"), "an infinite number"),
        (Fraction(10**400), "an infinite number"),
        ([["a"]], "a list or nothing within a list"),
        ([None], "a list or nothing within a list"),
        ([math.nan], "a list or nothing within a list"),
        ({"a": 1}, "a value of type dict"),
        (b"a", "a value of type bytes"),
        (time(1), "a value of type time"),
        (1j, "a value of type complex"),
    ],
)
def test_cell_refuses(value: object, told: str) -> None:
    """What no format could hold is refused with its place, in both languages."""
    with pytest.raises(UsageError) as caught:
        cell(value, "kgr:x: a")
    assert caught.value.en == f"kgr:x: a: {told} cannot be exported"
    assert caught.value.zh.startswith("kgr:x: a：无法导出")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([], (STRING, False)),
        ([None], (STRING, False)),
        ([True, None], (BOOLEAN, False)),
        ([1, None, -5], (INTEGER, False)),
        ([1, 2.5], (DOUBLE, False)),
        ([2**53 + 1, 2.5], (STRING, False)),
        ([2**63 - 1, -(2**63)], (INTEGER, False)),
        ([2**63], (STRING, False)),
        ([-(2**63) - 1], (STRING, False)),
        ([1, "x"], (STRING, False)),
        ([True, 1], (STRING, False)),
        (["x", ("y",)], (STRING, True)),
    ],
)
def test_kind_of(cells: list[Cell], kind: tuple[str, bool]) -> None:
    """A column has the one kind that all its values fit without loss."""
    assert kind_of(cells) == kind


VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@given(st.lists(VALUES | st.lists(st.text(), min_size=1).map(tuple)))
def test_fitted(values: list[Any]) -> None:
    """A value that was made to fit says what it said before."""
    kind, many = kind_of(values)
    column = Column("a", kind, many)
    for value in values:
        made = fitted(value, column)
        if value is None or made == value:
            continue
        if many:
            assert made == (shown(value),)
        else:
            assert made == shown(value)
            assert kind == STRING


@pytest.mark.parametrize(
    ("value", "text"),
    [(("一", "二"), "一|二"), (True, "true"), (False, "false"), (2.0, "2.0"), (3, "3"), ("", "")],
)
def test_shown(value: Any, text: str) -> None:  # noqa: ANN401 -- a cell
    """Formats that have only text have it as Python, XML and SQL write it."""
    assert shown(value) == text


def test_names_are_exported() -> None:
    """What is public is sorted and there."""
    assert module.__all__ == sorted(module.__all__, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(module, name) for name in module.__all__)
