"""Fields refuse what is untidy, invisible, in the wrong language, or no date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from kg.fields import (
    DateText,
    Day,
    EnglishText,
    Key,
    Label,
    Number,
    Quote,
    Record,
    Text,
    Wording,
    timespan,
)

TEXT: TypeAdapter[str] = TypeAdapter(Text)
WORDING: TypeAdapter[str] = TypeAdapter(Wording)
ENGLISH: TypeAdapter[str] = TypeAdapter(EnglishText)
KEY: TypeAdapter[str] = TypeAdapter(Key)
NUMBER: TypeAdapter[Decimal] = TypeAdapter(Number)
DATE_TEXT: TypeAdapter[str] = TypeAdapter(DateText)
DAY: TypeAdapter[date] = TypeAdapter(Day)

INVISIBLE = "\x00\x07\t\x7f\x85\xad\u200b\u200e\u202e\u2028\u2066\ufeff\ue000"
"""Control, zero-width, bidirectional and private characters."""


@pytest.mark.parametrize("char", INVISIBLE)
def test_invisible_and_bidi_characters_are_refused(char: str) -> None:
    """A reader would not see them, and some turn the words around."""
    with pytest.raises(ValidationError, match="invisible or control"):
        TEXT.validate_python(f"政{char}务")


@pytest.mark.parametrize("char", "\x00\x07\x7f\x85\u200e\u202e\u2066")
def test_quotes_hold_no_control_or_bidi_characters(char: str) -> None:
    """Nobody can check words that turn around or break a line of output."""
    with pytest.raises(ValidationError, match="invisible or control"):
        WORDING.validate_python(f"政{char}务")


@pytest.mark.parametrize("oddity", ["\xad", "\u200b", "\ufeff", "\ue000", "e\u0301", "\t"])
def test_quotes_keep_what_the_text_has(oddity: str) -> None:
    """A quote is verbatim: a zero-width or decomposed character of the text stays in it."""
    assert WORDING.validate_python(f"政{oddity}务") == f"政{oddity}务"


def test_a_control_character_is_named() -> None:
    """The message says which one it is, since it cannot be seen."""
    with pytest.raises(ValidationError, match="RIGHT-TO-LEFT OVERRIDE"):
        TEXT.validate_python("a\u202eb")


@pytest.mark.parametrize("text", ["e\u0301", "\u212b", "\uf900"])
def test_text_is_in_normal_form_c(text: str) -> None:
    """Two spellings of one word would be two words."""
    with pytest.raises(ValidationError, match="normal form C"):
        TEXT.validate_python(text)


@pytest.mark.parametrize("text", [" 政", "政 ", "\u3000政", "政\n务"])
def test_labels_are_tidy(text: str) -> None:
    """No blanks around a label, no line break in it."""
    with pytest.raises(ValidationError, match="blanks"):
        TEXT.validate_python(text)


def test_wordings_keep_line_breaks_and_blanks() -> None:
    """A quote is as the text has it."""
    assert WORDING.validate_python(" 政\n务 ") == " 政\n务 "


@pytest.mark.parametrize("adapter", [TEXT, WORDING])
def test_text_is_not_empty(adapter: TypeAdapter[str]) -> None:
    """Neither a label nor a wording may be empty."""
    with pytest.raises(ValidationError, match="at least 1 character"):
        adapter.validate_python("")


@pytest.mark.parametrize("text", ["“互联网+”", "𠮷野家", "95%", "①", "政务 云"])
def test_ordinary_chinese_is_text(text: str) -> None:
    """Punctuation, symbols and signs beyond the BMP are welcome."""
    assert TEXT.validate_python(text) == text


def test_an_english_label_has_latin_letters() -> None:
    """A Chinese label copied into the English field is noticed."""
    with pytest.raises(ValidationError, match="without Latin letters"):
        ENGLISH.validate_python("政务云")


@pytest.mark.parametrize("text", ["Wanshi Tongban (皖事通办)", "12345", "“E-licence”"])
def test_an_english_label_may_hold_chinese(text: str) -> None:
    """One Latin letter or digit is enough."""
    assert ENGLISH.validate_python(text) == text


@pytest.mark.parametrize("missing", ["zh", "en"])
def test_a_label_has_both_languages(missing: str) -> None:
    """What a reader sees is in Chinese and English."""
    label = {"zh": "政务", "en": "Government"}
    del label[missing]
    with pytest.raises(ValidationError, match="Field required"):
        Label.model_validate(label)


@pytest.mark.parametrize("key", ["a\n", "A", "政", "a b", ""])
def test_keys_that_are_malformed_are_refused(key: str) -> None:
    """A key is lower-case ASCII, a line break behind it included in the check."""
    with pytest.raises(ValidationError):
        KEY.validate_python(key)


def test_a_plain_string_is_a_quote() -> None:
    """Curators write the words; `nth` only where it is needed."""
    assert Quote.model_validate("政务") == Quote(exact="政务")


def test_nth_counts_from_one() -> None:
    """There is no occurrence number nought."""
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        Quote.model_validate({"exact": "政务", "nth": 0})


def test_whole_numbers_become_decimals() -> None:
    """A value is a decimal however it is written."""
    assert NUMBER.validate_python(95) == Decimal(95)


@pytest.mark.parametrize("value", [-1, True, "95", 95.5, Decimal("NaN"), Decimal("Infinity")])
def test_only_finite_plain_numbers_from_nought_are_numbers(value: object) -> None:
    """Text, truth values, binary floats and what is not finite are refused."""
    with pytest.raises(ValidationError):
        TypeAdapter(Number, config={"strict": True}).validate_python(value)


def test_a_year_may_be_written_without_quotation_marks() -> None:
    """`date: 2022` is read as the year that it says."""
    assert DATE_TEXT.validate_python(2022) == "2022"


def test_a_day_is_read_from_text() -> None:
    """The written form is ISO 8601."""
    assert DAY.validate_python("2021-03-31") == date(2021, 3, 31)


@pytest.mark.parametrize(
    ("value", "precision", "earliest", "latest"),
    [
        ("2021-08-31", "day", "2021-08-31", "2021-08-31"),
        ("2021-08", "month", "2021-08-01", "2021-08-31"),
        ("2021-02", "month-end", "2021-02-01", "2021-02-28"),
        ("2020-02", "month-end", "2020-02-01", "2020-02-29"),
        ("2022", "year", "2022-01-01", "2022-12-31"),
        ("2022", "year-end", "2022-01-01", "2022-12-31"),
        ("2021/2025", "period", "2021-01-01", "2025-12-31"),
        ("1949", "year", "1949-01-01", "1949-12-31"),
        ("2100", "year", "2100-01-01", "2100-12-31"),
    ],
)
def test_a_date_spans_days_by_its_precision(
    value: str, precision: str, earliest: str, latest: str
) -> None:
    """First and last day, both included."""
    span = timespan(value, precision)
    assert (span.earliest.isoformat(), span.latest.isoformat()) == (earliest, latest)


@pytest.mark.parametrize(
    ("value", "precision"),
    [
        ("2021-02-30", "day"),
        ("2021-13", "month"),
        ("2021-00", "month-end"),
        ("2021-08", "year"),
        ("2021", "month"),
        ("2021-08-31", "month-end"),
        ("2021", "period"),
        ("2025/2021", "period"),
        ("2021/25", "period"),
        ("2021-8", "month"),
        ("２０２１", "year"),
        ("2021\n", "year"),
        ("0000", "year"),
        ("1948", "year"),
        ("2101", "year"),
        ("2021/2101", "period"),
        ("", "year"),
    ],
)
def test_what_is_no_date_of_its_precision_is_refused(value: str, precision: str) -> None:
    """Days that do not exist, other forms, and years out of all reason."""
    with pytest.raises(PydanticCustomError, match="is no date of precision"):
        timespan(value, precision)


def test_the_right_form_of_a_date_is_suggested() -> None:
    """The hint shows a date of that precision."""
    with pytest.raises(PydanticCustomError) as caught:
        timespan("2021", "month-end")
    assert (caught.value.context or {})["hint_en"] == "write it like 2021-08"


@given(st.dates(date(1949, 1, 1), date(2100, 12, 31)))
def test_every_day_lies_within_its_month_and_year(day: date) -> None:
    """The spans of a day, its month and its year hold one another."""
    spans = [
        timespan(day.isoformat()[:length], precision)
        for length, precision in ((10, "day"), (7, "month"), (4, "year"))
    ]
    assert all(span.earliest <= day <= span.latest for span in spans)
    assert spans[0].latest <= spans[1].latest <= spans[2].latest


def test_records_have_no_unknown_field() -> None:
    """A misspelt field is refused, never dropped."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        Label.model_validate({"zh": "政", "en": "a", "fr": "b"})


def test_records_are_frozen() -> None:
    """What was read is not changed."""
    label = Label(zh="政", en="a")
    with pytest.raises(ValidationError, match="frozen"):
        label.zh = "务"  # type: ignore[misc]


def test_records_are_strict() -> None:
    """Digits in quotation marks are no number, though they could be made one."""

    class Counted(Record):
        count: int

    with pytest.raises(ValidationError, match="valid integer"):
        Counted.model_validate({"count": "3"})
