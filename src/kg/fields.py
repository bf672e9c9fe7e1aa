"""What the fields of records are made of: checked texts, keys, dates, and their RDF property.

A field names its property where it is declared: `Annotated[Key, Property("kg:ofRegion", REGION)]`.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kg.names import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = [
    "DateText",
    "Day",
    "EnglishText",
    "Key",
    "Label",
    "Node",
    "Number",
    "Property",
    "Quote",
    "Record",
    "Text",
    "Timespan",
    "Wording",
    "refuse",
    "timespan",
]

EARLIEST_YEAR: Final = 1949
LATEST_YEAR: Final = 2100


@dataclass(frozen=True)
class Property:
    """The RDF property of a field, and how its value becomes terms.

    `form` is `text` (a label in zh and en), `zh`, `plain`, `integer`, `decimal`, `boolean`,
    `date`, `iri` (an IRI or CURIE), `key:<kind>` (the key of a thing), `list:<list>`
    (a value of a closed list) or `typed:<datatype>`.
    """

    curie: str
    form: str


@dataclass(frozen=True)
class Node:
    """The RDF property of a field whose records become nodes `<subject>.<step>[.<n>]`."""

    curie: str
    step: str


def refuse(
    code: str, zh: str, en: str, hint_zh: str = "", hint_en: str = ""
) -> PydanticCustomError:
    """Make a validation error that carries both languages."""
    ctx = {"zh": zh, "en": en, "hint_zh": hint_zh, "hint_en": hint_en}
    return PydanticCustomError(code, "{en}", ctx)


class Record(BaseModel):
    """Base of all curated records: strict, frozen, no unknown field."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
    types: ClassVar[tuple[str, ...]] = ()
    """The RDF classes of the record's node, as CURIEs."""


BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reorder what a reader sees (https://www.unicode.org/reports/tr9/)."""


def _refuse_characters(value: str, categories: frozenset[str], allowed: str = "\n") -> None:
    for char in value:
        if (unicodedata.category(char) in categories and char not in allowed) or char in BIDI:
            name = unicodedata.name(char, f"U+{ord(char):04X}")
            raise refuse(
                "control",
                f"含有不可见或控制字符 U+{ord(char):04X}",
                f"holds an invisible or control character: {name}",
                "删除它",
                "delete it",
            )


def _verbatim(value: str) -> str:
    _refuse_characters(value, frozenset({"Cc", "Cs"}), allowed="\n\t")
    return value


def _clean(value: str) -> str:
    _refuse_characters(value, frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}))
    if value != unicodedata.normalize("NFC", value):
        raise refuse("nfc", "不是 NFC 规范形式", "not in Unicode normal form C")
    return value


def _tidy(value: str) -> str:
    if value != value.strip() or "\n" in value:
        raise refuse(
            "untidy",
            "首尾有空白或含换行",
            "blanks around it or a line break in it",
            "删去",
            "remove",
        )
    return _clean(value)


def _english(value: str) -> str:
    if not re.search("[A-Za-z0-9]", value):
        raise refuse(
            "english", "英文标签没有拉丁字母或数字", "an English label without Latin letters"
        )
    return value


def _decimal(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _date_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Wording = Annotated[str, StringConstraints(min_length=1), AfterValidator(_verbatim)]
"""Words as the text has them: line breaks, tabs, zero-width characters, oddities included."""
Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_tidy)]
"""A tidy line of text without control characters."""
EnglishText = Annotated[Text, AfterValidator(_english)]
Key = Annotated[str, StringConstraints(pattern=f"^{KEY.pattern}$")]
Number = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, allow_inf_nan=False)]
DateText = Annotated[str, BeforeValidator(_date_text)]


class Label(Record):
    """A name or statement in both languages."""

    zh: Text
    en: EnglishText


class Quote(Record):
    """Words of the text; `nth` says which, where they stand more than once in the section."""

    exact: Wording
    nth: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:  # noqa: ANN401 -- pydantic hands over raw input
        return {"exact": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Let editors know that a plain string will do."""
        return {"anyOf": [{"type": "string", "minLength": 1}, handler(schema)]}


@dataclass(frozen=True)
class Timespan:
    """First and last day that a date expression allows."""

    earliest: date
    latest: date


def _impossible(value: str, precision: str) -> PydanticCustomError:
    forms = {"day": "2021-08-31", "month": "2021-08", "year": "2022", "period": "2021/2025"}
    like = forms[precision.removesuffix("-end")]
    return refuse(
        "date",
        f"日期“{value}”不存在，或与精度 {precision} 不符",
        f"{value!r} is no date of precision {precision}",
        f"写成 {like}",
        f"write it like {like}",
    )


def timespan(value: str, precision: str) -> Timespan:
    """Give the days that a date of some precision spans.

    Raises:
        PydanticCustomError: no such date, or its form does not fit the precision.

    >>> timespan("2021-02", "month-end").latest.isoformat()
    '2021-02-28'
    >>> timespan("2021/2025", "period").earliest.isoformat()
    '2021-01-01'
    """
    unit = precision.removesuffix("-end")
    patterns = {
        "day": r"(\d{4})-(\d{2})-(\d{2})",
        "month": r"(\d{4})-(\d{2})",
        "year": r"(\d{4})",
        "period": r"(\d{4})/(\d{4})",
    }
    match = re.fullmatch(patterns[unit], value, re.ASCII)
    if not match:
        raise _impossible(value, precision)
    numbers = [int(group) for group in match.groups()]
    try:
        span = _SPANS[unit](*numbers)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise _impossible(value, precision) from error
    if not EARLIEST_YEAR <= span.earliest.year <= span.latest.year <= LATEST_YEAR:
        raise _impossible(value, precision)
    return span


def _month(year: int, month: int) -> Timespan:
    return Timespan(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


_SPANS: Final[dict[str, Callable[..., Timespan]]] = {
    "day": lambda y, m, d: Timespan(date(y, m, d), date(y, m, d)),
    "month": _month,
    "year": lambda y: Timespan(date(y, 1, 1), date(y, 12, 31)),
    "period": lambda a, b: Timespan(date(a, 1, 1), date(b, 12, 31)),
}


def _day(value: object) -> object:
    if isinstance(value, str):
        return timespan(value, "day").latest
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A day, written 2021-03-31."""
