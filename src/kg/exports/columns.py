"""Columns of what is exported: one name, one type, two labels; and values that fit them.

Formats differ in what they can hold. So every value is made one of four kinds before a writer sees
it: text, whole number, number, truth; or several texts. What no format could hold is refused with
its place, never left out or changed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from kg.errors import UsageError, clipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "BOOLEAN",
    "DOUBLE",
    "INTEGER",
    "MANY",
    "STRING",
    "TYPES",
    "Cell",
    "Column",
    "cell",
    "fitted",
    "kind_of",
    "shown",
]

STRING, INTEGER, DOUBLE, BOOLEAN = "string", "integer", "double", "boolean"

TYPES: Final = {STRING: "string", INTEGER: "long", DOUBLE: "double", BOOLEAN: "boolean"}
"""Kind -> what GEXF, GraphML, CX2 and Neo4j call it."""

MANY: Final = "|"
"""What stands between several texts where a format has no lists."""

LONGEST: Final = 1 << 63
"""Whole numbers below this, and not below its opposite, fit into 64 bits."""
SURROGATE: Final = re.compile("[\ud800-\udfff]")

Cell: TypeAlias = str | int | float | bool | tuple[str, ...] | None
"""A value as every writer takes it; None where there is none."""


@dataclass(frozen=True)
class Column:
    """A column of nodes, edges or rows.

    Args:
        name: in ASCII, unique among its siblings.
        kind: `STRING`, `INTEGER`, `DOUBLE` or `BOOLEAN`.
        many: each value is a tuple of texts.
        zh: its label in Chinese.
        en: its label in English.
        note: what it holds, in both languages.
    """

    name: str
    kind: str = STRING
    many: bool = False
    zh: str = ""
    en: str = ""
    note: str = ""


def cell(value: object, place: str) -> Cell:
    """Give a value as writers take it.

    A missing one (None, not a number, an empty list) is None; a day is its ISO text; a decimal is
    a float; a set is sorted; a list of texts keeps its order; numpy's values are Python's.

    Args:
        value: what was found.
        place: where, for the error.

    Raises:
        UsageError: it is infinite, a surrogate half, or of a type that no format has.
    """
    if type(value).__module__ == "numpy":
        value = cast("Any", value).tolist()
    if value is None or isinstance(value, bool):
        return value
    for kinds, made in MADE:
        if isinstance(value, kinds):
            return made(value, place)
    name = type(value).__name__
    raise _refused(place, f"类型 {name} 的值", f"a value of type {name}")


def _whole_text(value: Any, place: str) -> str:  # noqa: ANN401 -- a str
    if SURROGATE.search(value):
        raise _refused(place, "半个代理对字符", "half of a surrogate pair")
    return str.__str__(value)  # str() gives the name of a member of an enumeration of texts


def _number(value: Any, place: str) -> float | None:  # noqa: ANN401 -- a number
    try:
        number = float(value)
    except (OverflowError, ValueError):  # a fraction beyond all floats, a NaN that signals
        number = math.nan if isinstance(value, Decimal) else math.inf
    if math.isinf(number):
        raise _refused(place, "无穷大", "an infinite number")
    return None if math.isnan(number) else number


def _several(value: Any, place: str) -> Cell:  # noqa: ANN401 -- a list or tuple
    return tuple(_text(it, place) for it in value) or None


def _set(value: Any, place: str) -> Cell:  # noqa: ANN401 -- a set
    return tuple(sorted(_text(it, place) for it in value)) or None


MADE: Final[tuple[tuple[tuple[type, ...], Callable[[Any, str], Cell]], ...]] = (
    ((str,), _whole_text),
    ((Integral,), lambda value, _: int(value)),
    ((Real, Decimal), _number),
    ((date,), lambda value, _: str(value.isoformat())),
    ((set, frozenset), _set),
    ((list, tuple), _several),
)
"""Types, the narrowest first -> how a value of them is made a cell."""


def _text(item: object, place: str) -> str:
    """Give one of several values as text."""
    found = cell(item, place)
    if found is None or isinstance(found, tuple):
        raise _refused(place, "列表中的列表或空值", "a list or nothing within a list")
    return shown(found)


def _refused(place: str, zh: str, en: str) -> UsageError:
    place = clipped(place)
    return UsageError(f"{place}：无法导出{zh}", f"{place}: {en} cannot be exported")


def kind_of(cells: Iterable[Cell]) -> tuple[str, bool]:
    """Give the kind that all values of a column fit, and whether some are several.

    >>> kind_of([1, None, 2.5])
    ('double', False)
    >>> kind_of([1, "x"])
    ('string', False)
    """
    kinds, exact = set(), True
    for value in cells:
        if isinstance(value, tuple):
            return STRING, True
        if value is not None:
            kinds.add(_kind(value))
            exact = exact and (not isinstance(value, int) or int(float(value)) == value)
    if kinds == {INTEGER, DOUBLE} and exact:
        return DOUBLE, False
    return (kinds.pop() if len(kinds) == 1 else STRING), False


def _kind(value: str | float) -> str:
    """Give the kind of one value; whole numbers beyond 64 bits are text."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        return INTEGER if -LONGEST <= value < LONGEST else STRING
    return DOUBLE if isinstance(value, float) else STRING


def fitted(value: Cell, column: Column) -> Cell:
    """Give a value as its column has it."""
    if value is None:
        return None
    if column.many:
        return value if isinstance(value, tuple) else (shown(value),)
    if column.kind == DOUBLE and not isinstance(value, str | tuple):
        return float(value)
    if column.kind == STRING and not isinstance(value, tuple):
        return shown(value)
    return value


def shown(value: str | float | tuple[str, ...]) -> str:
    """Give a value as text, for formats that have only that; see `MANY`.

    >>> shown(("一", "二")), shown(True), shown(0.5)
    ('一|二', 'true', '0.5')
    """
    if isinstance(value, tuple):
        return MANY.join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
