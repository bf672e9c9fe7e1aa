"""Texts split into passages and clauses, and quotes are found at code points."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.text import (
    LAYOUTS,
    Area,
    Span,
    clauses,
    is_word,
    line_starts,
    locate,
    sentences_by_line,
    span_of_lines,
    unique_affixes,
)

SIGNS = "政务云网一通办,。:;“”\n a𠮷é"
"""Few signs, so that generated texts repeat themselves; one lies beyond the BMP."""

texts = st.text(SIGNS, min_size=1, max_size=60)


@st.composite
def quotes(draw: st.DrawFn) -> tuple[str, Span]:
    """Draw a text and a stretch of it."""
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@st.composite
def areas(draw: st.DrawFn) -> tuple[str, Area]:
    """Draw a text and a section of it, the first lines of which may be headings."""
    text = draw(texts)
    count = text.count("\n") + 1
    first = draw(st.integers(1, count))
    last = draw(st.integers(first, count))
    end = draw(st.integers(first - 1, last))
    return text, Area(first, last, ((first, end),) if end >= first else ())


def pieces(text: str, area: Area) -> list[str]:
    """Give the words of each passage."""
    return [text[p.span.start : p.span.end] for p in sentences_by_line(text, area)]


def test_lines_start_behind_line_breaks() -> None:
    """A text that ends in a line break has an empty last line."""
    assert line_starts("一\n\n二\n") == [0, 2, 3, 5]


def test_the_last_line_needs_no_line_break() -> None:
    """The span of the last line ends with the text."""
    assert span_of_lines("一\n二三", 2, 2) == Span(2, 4)


def test_lines_leave_out_their_last_break() -> None:
    """The span of some lines holds the breaks between them and not the last."""
    assert span_of_lines("一\n二\n三\n", 1, 2) == Span(0, 3)


@pytest.mark.parametrize("char", "政a9%+﹢*０²")
def test_letters_numbers_and_meaningful_symbols_are_words(char: str) -> None:
    """What carries meaning counts for coverage."""
    assert is_word(char)


@pytest.mark.parametrize("char", ",，。“”《》 \n-·…")
def test_punctuation_and_blanks_are_no_words(char: str) -> None:
    """Punctuation apart, every character has to be claimed or set aside."""
    assert not is_word(char)


def test_a_closing_quotation_mark_belongs_to_its_sentence() -> None:
    """A sentence ends behind the quotation mark that follows its full stop."""
    assert pieces("他说“一网通办。”又说", Area(1, 1, ())) == ["他说“一网通办。”", "又说"]


def test_a_heading_over_two_lines_is_one_passage() -> None:
    """A heading keeps its line break and is not split."""
    assert pieces("一:大。好\n二\n三", Area(1, 3, ((1, 2),))) == ["一:大。好\n二", "三"]


def test_passages_are_numbered_in_the_order_of_the_text() -> None:
    """A heading in the middle of a section has its number there."""
    found = sentences_by_line("一\n二\n三", Area(1, 3, ((2, 2),)))
    assert [(p.position, p.line, p.heading) for p in found] == [
        (1, 1, False),
        (2, 2, True),
        (3, 3, False),
    ]


def test_empty_lines_give_no_passage() -> None:
    """Blank lines are skipped and numbers stay without holes."""
    assert pieces("一\n \n\n二", Area(1, 4, ())) == ["一", "二"]


def test_passages_have_no_blanks_around_them() -> None:
    """Blanks at the ends of a sentence are outside of its passage."""
    assert pieces(" 一。 二 ", Area(1, 1, ())) == ["一。", "二"]


def test_there_is_a_layout_of_plain_lines() -> None:
    """The layout that sources name splits as its function does."""
    area = Area(1, 1, ())
    assert LAYOUTS["lines"]("一。二", area) == sentences_by_line("一。二", area)


@given(areas())
def test_passages_do_not_overlap(drawn: tuple[str, Area]) -> None:
    """Passages follow one another and stay inside their section."""
    text, area = drawn
    whole = span_of_lines(text, area.first, area.last)
    end = whole.start
    for passage in sentences_by_line(text, area):
        assert end <= passage.span.start < passage.span.end <= whole.end
        end = passage.span.end


@given(areas())
def test_passages_hold_every_word_of_their_section(drawn: tuple[str, Area]) -> None:
    """Outside of passages there are only blanks."""
    text, area = drawn
    whole = span_of_lines(text, area.first, area.last)
    inside = {at for p in sentences_by_line(text, area) for at in range(p.span.start, p.span.end)}
    assert all(at in inside or text[at].isspace() for at in range(whole.start, whole.end))


@given(areas())
def test_a_passage_knows_its_first_line(drawn: tuple[str, Area]) -> None:
    """The line of a passage is that of its first character."""
    text, area = drawn
    for passage in sentences_by_line(text, area):
        assert passage.line == text.count("\n", 0, passage.span.start) + 1


def test_clauses_end_at_both_kinds_of_punctuation() -> None:
    """ASCII and full-width commas, semicolons, colons and full stops part clauses."""
    text = "一,二，三;四；五:六：七。八"
    assert [text[s.start : s.end] for s in clauses(text, Span(0, len(text)))] == [
        "一,", "二，", "三;", "四；", "五:", "六：", "七。", "八",
    ]  # fmt: skip


def test_enumeration_commas_do_not_part_clauses() -> None:
    """A list joined by 、 is one clause."""
    assert clauses("一、二、三", Span(0, 5)) == [Span(0, 5)]


def test_a_line_break_parts_clauses() -> None:
    """Two lines without punctuation are two clauses."""
    assert clauses("一\n二", Span(0, 3)) == [Span(0, 2), Span(2, 3)]


def test_a_line_break_inside_a_heading_does_not_part_clauses() -> None:
    """A heading over two lines is one clause."""
    assert clauses("一\n二", Span(0, 3), [Span(0, 3)]) == [Span(0, 3)]


def test_clauses_without_words_are_left_out() -> None:
    """Punctuation alone is no clause."""
    assert clauses("一。,”", Span(0, 4)) == [Span(0, 2)]


@given(quotes())
def test_clauses_hold_every_word_of_their_span(drawn: tuple[str, Span]) -> None:
    """Each word of a span stands in exactly one of its clauses."""
    text, span = drawn
    found = [at for s in clauses(text, span) for at in range(s.start, s.end)]
    assert len(found) == len(set(found))
    words = {at for at in range(span.start, span.end) if is_word(text[at])}
    assert words <= set(found) <= set(range(span.start, span.end))


def test_a_quote_is_found_wherever_it_stands() -> None:
    """Places that overlap are places of their own."""
    assert locate("云云", "云云云", Span(0, 3)) == [Span(0, 2), Span(1, 3)]


def test_a_quote_is_searched_only_within_the_section() -> None:
    """What stands before, behind or across the border is not found."""
    assert locate("一网", "一网一网一网", Span(1, 5)) == [Span(2, 4)]


def test_a_quote_is_compared_as_it_is_written() -> None:
    """A composed and a decomposed letter differ: the text is never normalised."""
    assert locate("é", "e\u0301", Span(0, 2)) == []


def test_offsets_count_code_points() -> None:
    """A character beyond the BMP counts as one, as oa:TextPositionSelector has it."""
    assert locate("云", "𠮷𠮷云", Span(0, 3)) == [Span(2, 3)]


@given(quotes())
@example(("e\u0301é𠮷一", Span(2, 4)))
def test_a_span_that_is_located_holds_the_quote(drawn: tuple[str, Span]) -> None:
    """`text[start:end]` is the quote at every place, and the place drawn is among them."""
    text, span = drawn
    exact = text[span.start : span.end]
    found = locate(exact, text, Span(0, len(text)))
    assert span in found
    assert {text[s.start : s.end] for s in found} == {exact}


@given(quotes(), texts)
def test_only_what_stands_in_the_text_is_located(drawn: tuple[str, Span], quote: str) -> None:
    """A quote is found exactly where a search from each offset finds it."""
    text, span = drawn
    expected = [
        Span(at, at + len(quote))
        for at in range(span.start, span.end)
        if text.startswith(quote, at) and at + len(quote) <= span.end
    ]
    assert locate(quote, text, span) == expected


@given(quotes(), st.integers(1, 20))
def test_prefix_quote_and_suffix_stand_once(drawn: tuple[str, Span], shortest: int) -> None:
    """With what stands around it a quote is unique in the text, overlaps included."""
    text, span = drawn
    prefix, suffix = unique_affixes(text, span, shortest)
    whole = prefix + text[span.start : span.end] + suffix
    assert locate(whole, text, Span(0, len(text))) == [
        Span(span.start - len(prefix), span.end + len(suffix))
    ]


@given(quotes())
def test_affixes_are_as_long_as_asked_where_the_text_has_as_much(drawn: tuple[str, Span]) -> None:
    """They are shorter only at the ends of the text."""
    text, span = drawn
    prefix, suffix = unique_affixes(text, span)
    assert len(prefix) >= min(12, span.start)
    assert len(suffix) >= min(12, len(text) - span.end)


@pytest.mark.parametrize("start", [1, 5])
def test_each_of_two_equal_places_is_told_apart(start: int) -> None:
    """Neither the first nor the second is taken for the other."""
    text = "甲云乙甲甲云乙乙"
    prefix, suffix = unique_affixes(text, Span(start, start + 1), 1)
    assert text.count(f"{prefix}云{suffix}") == 1


def test_affixes_grow_until_the_quote_is_unique() -> None:
    """A long repetition is told apart by what stands before it."""
    text = f"甲{'一' * 50}乙{'一' * 50}"
    prefix, _ = unique_affixes(text, Span(90, 91))
    assert "乙" in prefix


def test_spans_that_touch_do_not_overlap() -> None:
    """The end of a span is exclusive."""
    assert not Span(0, 2).overlaps(Span(2, 3))
    assert not Span(2, 3).overlaps(Span(0, 2))
    assert Span(0, 2).overlaps(Span(1, 3))


def test_a_span_is_within_itself() -> None:
    """Both ends may coincide, and none may stick out."""
    assert Span(1, 2).within(Span(1, 2))
    assert not Span(1, 3).within(Span(1, 2))
