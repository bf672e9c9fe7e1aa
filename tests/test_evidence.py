"""Quotes are found where they stand, checked, and made unique by the words around them."""

from __future__ import annotations

import pytest
from sections import LABEL, make_claim, make_folder, make_section

from kg.errors import Problem
from kg.evidence import Section, cite, find_quote, sections_of
from kg.fields import Quote
from kg.records import SectionRecord
from kg.text import Span

TEXT = "广西:建云\n建网\n加快建设政务云,建设政务云𠮷平台。\n山西:建设大数据中心"
SECTION = make_section(TEXT, ((1, 2),), (1, 3))


def find(quote: str, nth: int | None = None) -> Span | Problem:
    """Find a quote in the section on Guangxi."""
    return find_quote(make_claim("x"), ("quote",), Quote(exact=quote, nth=nth), SECTION)


def wrong(quote: str, nth: int | None = None) -> Problem:
    """Give the problem of a quote that has one."""
    found = find(quote, nth)
    assert isinstance(found, Problem)
    return found


def record(region: str, first: int, last: int) -> SectionRecord:
    """Make the record of a section."""
    return SectionRecord(region=region, label=LABEL, lines=(first, last), reading="text")


def test_a_quote_that_stands_once_needs_no_number() -> None:
    """It is found at its code points, a sign beyond the BMP counting as one."""
    assert find("政务云𠮷平台") == Span(19, 25)
    assert TEXT[19:25] == "政务云𠮷平台"


def test_a_quote_may_hold_a_line_break() -> None:
    """A heading over two lines is quoted as the text has it."""
    assert find("建云\n建网") == Span(3, 8)


@pytest.mark.parametrize(("nth", "start"), [(1, 11), (2, 17)])
def test_nth_says_which_is_meant(nth: int, start: int) -> None:
    """Occurrences are counted within the section, from 1."""
    assert find("建设政务云", nth) == Span(start, start + 5)


def test_nth_may_be_written_where_it_is_not_needed() -> None:
    """The first of one is the one."""
    assert find("平台", 1) == find("平台")


def test_a_quote_that_stands_twice_has_to_say_which() -> None:
    """The problem stands at the quote and names the lines."""
    problem = wrong("建设政务云")
    assert (problem.file, problem.line, problem.field) == ("guangxi.yaml", 5, "guangxi-x.quote")
    assert "2 times" in problem.en
    assert "3, 3" in problem.en
    assert "nth" in problem.hint_en


def test_nth_beyond_the_last_occurrence_is_a_problem() -> None:
    """It says how many there are."""
    problem = wrong("建设政务云", 3)
    assert problem.field == "guangxi-x.quote.nth"
    assert "only 2 times" in problem.en


def test_a_quote_of_another_section_is_led_to_its_line() -> None:
    """It stands in the text, and not where the claim is made."""
    assert "line 4, outside this section" in wrong("大数据中心").hint_en


def test_a_quote_across_the_border_of_a_section_is_not_in_it() -> None:
    """A claim speaks of one region."""
    assert "outside this section" in wrong("平台。\n山西").hint_en


def test_a_quote_with_a_slip_is_shown_what_the_text_has() -> None:
    """The nearest words of the section are the hint."""
    assert wrong("加快建没政务云").hint_en == "the text has: 加快建设政务云"


def test_a_quote_far_from_the_text_has_no_hint() -> None:
    """Nothing near, nothing suggested."""
    assert wrong("养老服务体系").hint_en == ""


def test_a_quote_longer_than_every_sentence_is_a_problem_like_any() -> None:
    """The search for near words does not stumble over it."""
    assert "not in the section" in wrong("云" * 100).en


def test_full_width_punctuation_is_not_what_the_text_has() -> None:
    """A quote is verbatim: the ASCII comma of the text stays one."""
    assert wrong("加快建设政务云，建设").hint_en == "the text has: 加快建设政务云,建设"


def test_evidence_comes_before_context_numbered_from_one() -> None:
    """Quote, further quotes, context: one row of numbers."""
    claim = make_claim("平台", also=(Quote(exact="建网"),), context=(Quote(exact="加快"),))
    cited, problems = cite(claim, SECTION)
    assert not problems
    assert [(e.number, e.exact) for e in cited.evidence] == [(1, "平台"), (2, "建网")]
    assert [(e.number, e.exact) for e in cited.context] == [(3, "加快")]


def test_a_quote_that_is_not_found_leaves_the_others_their_numbers() -> None:
    """Numbers are places in the record, and each quote has its own problem."""
    claim = make_claim("平台", also=(Quote(exact="无"), Quote(exact="加快")))
    cited, (problem,) = cite(claim, SECTION)
    assert [e.number for e in cited.evidence] == [1, 3]
    assert (problem.line, problem.field) == (7, "guangxi-x.also.0")


def test_evidence_stands_once_with_its_prefix_and_suffix() -> None:
    """The selectors lead back to this place and to no other."""
    cited, _ = cite(make_claim(Quote(exact="建设政务云", nth=2)), SECTION)
    (item,) = cited.evidence
    assert TEXT.count(item.prefix + item.exact + item.suffix) == 1
    assert TEXT[item.span.start : item.span.end] == item.exact


@pytest.mark.parametrize(("quote", "heading"), [("建云\n建网", True), ("平台", False)])
def test_evidence_knows_whether_it_stands_in_a_heading(quote: str, heading: bool) -> None:
    """All of it has to stand there."""
    cited, _ = cite(make_claim(quote), SECTION)
    assert cited.evidence[0].heading is heading


def test_evidence_that_leaves_the_heading_is_not_of_the_heading() -> None:
    """A quote over heading and body is one of the body."""
    cited, _ = cite(make_claim("建网\n加快"), SECTION)
    assert not cited.evidence[0].heading


def test_the_words_of_a_claim_are_those_of_evidence_and_context() -> None:
    """Wordings are looked for in all of them."""
    cited, _ = cite(make_claim("平台", context=(Quote(exact="加快"),)), SECTION)
    assert cited.words == "平台\n加快"


def test_a_span_touches_passages() -> None:
    """Those that share a character with it, in order."""
    passages = SECTION.passages_of(Span(7, 10))
    assert [passage.position for passage in passages] == [1, 2]


def test_a_section_tells_the_line_of_an_offset() -> None:
    """Counted in the whole text, from 1."""
    assert [SECTION.line(at) for at in (0, 5, 6, 9)] == [1, 1, 2, 3]


def test_sections_share_the_text_and_have_their_lines() -> None:
    """Offsets are those of the whole text."""
    sections, problems = sections_of(
        make_folder(TEXT, record("guangxi", 1, 3), record("shanxi", 4, 4))
    )
    assert not problems
    assert [TEXT[s.span.start : s.span.end] for s in sections] == [
        TEXT.rpartition("\n")[0],
        TEXT.rpartition("\n")[2],
    ]


def test_a_section_beyond_the_end_is_a_problem_and_hides_no_other() -> None:
    """The sections that lie in the text are read."""
    folder = make_folder(TEXT, record("guangxi", 3, 9), record("shanxi", 4, 4))
    sections, (problem,) = sections_of(folder)
    assert [section.region for section in sections] == ["shanxi"]
    assert "only 4 lines" in problem.en
    assert problem.field == "bulletin.sections.0.lines"


def test_a_source_that_was_not_read_has_no_sections() -> None:
    """Its problem is told elsewhere."""
    folder = make_folder(TEXT, record("guangxi", 1, 3))
    folder.text = None
    empty: tuple[list[Section], list[Problem]] = ([], [])
    assert sections_of(folder) == empty
