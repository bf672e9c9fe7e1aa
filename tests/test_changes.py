"""A text that changed: what moved, was lost or became ambiguous, and the two ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from conftest import ROOT

from kg.build import build, check
from kg.errors import RecordsError
from kg.pinning import pin

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.errors import Problem
    from kg.project import Project

    Change = Callable[[str, str, str], int]

TEXT: Final = "data/sources/toy-bulletin/text.txt"


def problems(project: Project) -> tuple[Problem, ...]:
    """Give what `kg check` says of a project that is not clean."""
    with pytest.raises(RecordsError) as raised:
        check(project)
    return raised.value.problems


def assert_in_order(words: list[str], text: str) -> None:
    """Fail unless each word stands behind the one before it."""
    for word in words:
        assert word in text
        text = text.partition(word)[2]


def test_a_changed_text_names_both_ways_out(toy: Project, change: Change) -> None:
    """Restore it, or mend the records and pin it, in the order of the curator's page."""
    change(TEXT, "简报第一期", "简报第 1 期")
    (problem,) = [p for p in problems(toy) if p.code == "changed-text"]
    steps = ["restore the text", "lines in source.yaml", "quotes", "kg source pin toy-bulletin"]
    assert_in_order(steps, problem.hint_en)
    steps = ["恢复原文", "source.yaml 中的行号", "引文", "kg source pin toy-bulletin"]
    assert_in_order(steps, problem.hint_zh)


@pytest.mark.parametrize(
    ("page", "heading"),
    [("README.md", "### The text has changed"), ("README.zh-CN.md", "### 原文变了")],
)
def test_the_curators_page_gives_the_same_order(page: str, heading: str) -> None:
    """Lines, check, quotes, and pinning last."""
    text = (ROOT / "data" / page).read_text(encoding="utf-8")
    section = text.partition(heading)[2].partition("###")[0]
    steps = ["1. ", "`lines`", "2. ", "`kg check`", "3. ", "4. ", "`kg source pin <source>`"]
    assert_in_order(steps, section)
    assert section.count("kg source pin") == 1


def test_quotes_that_moved_are_listed_from_the_last_release(toy: Project, change: Change) -> None:
    """From which offset to which, and on which line now."""
    build(toy)
    change(TEXT, "简报第一期", "简报第一期（试行）")
    moved = [p for p in problems(toy) if p.code == "moved"]
    assert len(moved) > 10
    assert all("moved from offset" in p.en for p in moved)


def test_without_a_release_nothing_is_said_to_have_moved(toy: Project, change: Change) -> None:
    """Old offsets are known from releases only."""
    change(TEXT, "简报第一期", "简报第一期（试行）")
    assert [p.code for p in problems(toy)] == ["changed-text"]


def test_a_lost_quote_is_told_with_what_stands_there_now(toy: Project, change: Change) -> None:
    """The nearest words of the text help to mend the quote."""
    change(TEXT, "开展跨省通办应用", "开展跨省通办的应用")
    lost = [p for p in problems(toy) if p.code == "lost"]
    assert [p.field for p in lost] == ["guangxi-across-provinces.quote"]
    assert "跨省通办" in lost[0].hint_zh


def test_a_quote_that_now_stands_twice_is_ambiguous(toy: Project, change: Change) -> None:
    """It has to say which."""
    change(TEXT, "全面推行一网通办。", "全面推行一网通办。全面推行一网通办。")
    assert "guangxi-one-network.quote" in [p.field for p in problems(toy) if p.code == "ambiguous"]


def test_the_last_line_counts_what_happened(toy: Project, change: Change) -> None:
    """Among hundreds that moved the few that are lost must not drown."""
    build(toy)
    change(TEXT, "开展跨省通办应用", "开展跨省通办的应用")
    with pytest.raises(RecordsError, match=r"quotes lost 1, moved \d+, ambiguous 0"):
        check(toy)


def test_a_pinned_text_is_only_told_what_is_still_wrong(toy: Project, change: Change) -> None:
    """After `kg source pin` moved quotes are no news."""
    build(toy)
    change(TEXT, "开展跨省通办应用", "开展跨省通办的应用")
    pin(toy, "toy-bulletin")
    assert [p.code for p in problems(toy)] == ["lost"]
