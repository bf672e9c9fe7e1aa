"""How much of a section is claimed, set aside or left, in characters that are words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sections import make_cited, make_section

from kg.coverage import Coverage, coverage_of, total
from kg.fields import Quote
from kg.text import Span, is_word

if TYPE_CHECKING:
    from kg.evidence import Section

TEXT = "广西:建云,建网,建台;\n推进一网通办。图1。"


def measure(
    section: Section, *quotes: str | Quote, aside: dict[str, str] | None = None
) -> Coverage:
    """Measure a section with claims on some quotes, and quotes set aside with a reason."""
    spans = [
        (make_cited(section, quote).evidence[0].span, reason)
        for quote, reason in (aside or {}).items()
    ]
    return coverage_of(section, [make_cited(section, quote) for quote in quotes], spans)


def left(section: Section, coverage: Coverage) -> list[str]:
    """Give the words that are left."""
    return [section.text[span.start : span.end] for span in coverage.left]


def test_only_words_count() -> None:
    """Punctuation and line breaks are no characters of the measure."""
    assert measure(make_section(TEXT)).characters == 16


def test_quotes_of_claims_are_claimed() -> None:
    """Their punctuation does not count."""
    coverage = measure(make_section(TEXT), "建云,建网", "一网通办。")
    assert coverage.claimed == 8


def test_a_character_claimed_twice_counts_once() -> None:
    """Several claims may rest on the same words."""
    assert measure(make_section(TEXT), "建云", "建云,建网").claimed == 4


def test_what_is_claimed_is_not_set_aside() -> None:
    """A claim wins over a quote set aside that overlaps with it."""
    coverage = measure(make_section(TEXT), "图1", aside={"图1": "reference"})
    assert (coverage.claimed, coverage.set_aside) == (2, 0)


def test_what_is_set_aside_counts_by_reason() -> None:
    """Each reason has its number of characters."""
    aside = {"广西": "section-name", "图1": "reference", "推进": "connective"}
    coverage = measure(make_section(TEXT), aside=aside)
    assert coverage.set_aside == 6
    assert coverage.reasons == {"section-name": 2, "reference": 2, "connective": 2}


def test_context_covers_nothing() -> None:
    """Words that only help to understand a claim are not claimed by it."""
    section = make_section(TEXT)
    cited = make_cited(section, "建云")
    cited.context = make_cited(section, "建网").evidence
    assert coverage_of(section, [cited], []).claimed == 2


def test_a_quote_over_three_clauses_is_coarse() -> None:
    """It may hide what it does not state."""
    assert measure(make_section(TEXT), "建云,建网,建台").coarse == 6


def test_a_quote_over_two_clauses_is_not_coarse() -> None:
    """Two are allowed."""
    assert measure(make_section(TEXT), "建云,建网").coarse == 0


def test_what_a_fine_quote_claims_is_not_coarse() -> None:
    """Of a coarse quote only the rest is coarse, in whatever order the claims come."""
    quotes = ("建云,建网,建台", "建网")
    for order in (quotes, quotes[::-1]):
        coverage = measure(make_section(TEXT), *order)
        assert (coverage.claimed, coverage.coarse) == (6, 4)


def test_a_heading_over_two_lines_is_one_clause() -> None:
    """Its line break does not make a quote coarse."""
    section = make_section("甲\n乙,丙\n丁", ((1, 2),))
    assert measure(section, "甲\n乙,丙").coarse == 0


def test_a_line_break_of_the_body_counts_as_the_end_of_a_clause() -> None:
    """A quote over lines of the body is coarse sooner."""
    assert measure(make_section("甲\n乙,丙"), "甲\n乙,丙").coarse == 3


def test_what_is_left_is_told_in_stretches() -> None:
    """Words parted only by punctuation are one stretch; a covered word parts them."""
    section = make_section(TEXT)
    assert left(section, measure(section, "建网")) == ["广西:建云", "建台;\n推进一网通办。图1"]


def test_nothing_is_left_where_only_punctuation_is_not_covered() -> None:
    """Full stops need not be quoted."""
    section = make_section("建云,建网。")
    coverage = measure(section, "建云", "建网")
    assert (coverage.left, coverage.covered) == ((), 1.0)


def test_a_clause_is_claimed_if_all_of_it_is_covered_and_some_claimed() -> None:
    """The rest of it may be set aside."""
    section = make_section("广西建云,广东建网,图1。")
    coverage = measure(section, "建云", "广东", aside={"广西": "section-name", "图1": "reference"})
    assert (coverage.clauses, coverage.clauses_claimed, coverage.clauses_set_aside) == (3, 1, 1)


def test_a_section_is_measured_alone() -> None:
    """What stands outside of it does not count."""
    section = make_section("甲乙\n丙丁戊\n己", lines=(2, 2))
    coverage = measure(section, "丙")
    assert (coverage.characters, coverage.claimed) == (3, 1)


def test_an_empty_section_is_wholly_covered() -> None:
    """There is nothing to leave."""
    assert Coverage().covered == 1.0


def test_sections_add_up() -> None:
    """All counts are sums, reasons one by one."""
    section = make_section(TEXT)
    one = measure(section, "建云,建网,建台", aside={"图1": "reference"})
    both = total([one, measure(section, "建网", aside={"图1": "reference", "广西": "background"})])
    assert both.characters == 32
    assert (both.claimed, both.coarse, both.set_aside) == (8, 6, 6)
    assert both.reasons == {"reference": 4, "background": 2}
    assert (both.clauses, both.clauses_claimed, both.clauses_set_aside) == (12, 4, 3)


def test_nothing_adds_up_to_nothing() -> None:
    """A source without sections has an empty measure."""
    assert total([]) == Coverage()


@pytest.mark.parametrize(("count", "share"), [(0, 0.0), (4, 0.25), (16, 1.0)])
def test_shares_are_of_all_characters(count: int, share: float) -> None:
    """A count of characters as a part of the whole."""
    assert measure(make_section(TEXT)).share(count) == share


@given(
    st.text("政务云,。\n;", min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 29), st.integers(1, 9), st.booleans()), max_size=4),
)
def test_every_word_is_claimed_set_aside_or_left(
    text: str, stretches: list[tuple[int, int, bool]]
) -> None:
    """The three add up, whatever overlaps, and `left` holds exactly the words not covered."""
    section = make_section(text)
    cited, aside = [], []
    covered: set[int] = set()
    for start, size, claimed in stretches:
        span = Span(min(start, len(text) - 1), min(start + size, len(text)))
        if span.start >= span.end:
            continue
        covered.update(range(span.start, span.end))
        quote = text[span.start : span.end]
        nth = sum(text.startswith(quote, at) for at in range(span.start + 1))
        if claimed:
            cited.append(make_cited(section, Quote(exact=quote, nth=nth)))
        else:
            aside.append((span, "rhetoric"))
    coverage = coverage_of(section, cited, aside)
    words = {at for at, char in enumerate(text) if is_word(char)}
    inside = {at for span in coverage.left for at in range(span.start, span.end)}
    assert inside & words == words - covered
    assert coverage.characters == len(words)
    assert coverage.claimed + coverage.set_aside == len(words & covered)
    assert coverage.coarse <= coverage.claimed
