"""Problems read as one line, errors carry both languages and the documented exit code."""

from __future__ import annotations

import pytest

import kg.errors
from kg.errors import (
    EndpointError,
    FindingsError,
    KgError,
    NamingError,
    Problem,
    QueryError,
    QuestionsError,
    RecordsError,
    ReleaseError,
    UsageError,
)

LATE = Problem("b.yaml", 1, "x", "错", "wrong")
EARLY = Problem("a.yaml", 9, "", "误", "mistaken", "改", "mend it")


def test_a_problem_reads_place_field_and_both_languages() -> None:
    """The line has the form that editors jump to."""
    assert str(LATE) == "b.yaml:1: x: 错 | wrong"


def test_a_problem_without_a_field_leaves_it_out() -> None:
    """A hint stands behind its message, in brackets of its language."""
    assert str(EARLY) == "a.yaml:9: 误（改） | mistaken (mend it)"


def test_a_problem_stands_on_one_line() -> None:
    """Line breaks, control and bidi characters of a quote are shown, not obeyed."""
    problem = Problem("a.yaml", 1, "x\x1b", "甲\n乙", "a\u202eb\tc")
    assert str(problem) == r"a.yaml:1: x\x1b: 甲\n乙 | a\u202eb\tc"


def test_problems_are_sorted_by_place() -> None:
    """However they were found, they are told in the order of files and lines."""
    assert RecordsError([LATE, EARLY]).problems == (EARLY, LATE)


def test_a_problem_is_told_once() -> None:
    """The same message at the same place counts once, whatever the hint."""
    again = Problem("b.yaml", 1, "x", "错", "wrong", "另", "another")
    assert len(RecordsError([LATE, again]).problems) == 1


@pytest.mark.parametrize(
    ("problems", "said"), [([LATE], "1 problem"), ([LATE, EARLY], "2 problems")]
)
def test_an_error_counts_its_problems(problems: list[Problem], said: str) -> None:
    """The number stands in the message, with the right plural."""
    assert RecordsError(problems).en == said


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KgError, 1),
        (FindingsError, 1),
        (UsageError, 2),
        (NamingError, 3),
        (ReleaseError, 3),
        (QueryError, 4),
        (QuestionsError, 4),
        (RecordsError, 5),
        (EndpointError, 6),
    ],
)
def test_each_error_has_its_documented_exit_code(error: type[KgError], code: int) -> None:
    """The module's tree, the help of `kg` and the classes agree."""
    assert error.exit_code == code


def test_every_error_is_a_kg_error_and_stands_in_the_tree() -> None:
    """One base catches all, and the module's own docstring draws each."""
    drawn = kg.errors.__doc__ or ""
    errors = [getattr(kg.errors, name) for name in kg.errors.__all__ if name.endswith("Error")]
    assert all(issubclass(error, KgError) and error.__name__ in drawn for error in errors)


def test_an_error_reads_in_both_languages() -> None:
    """Chinese first, English behind the bar."""
    assert str(UsageError("不行", "no")) == "不行 | no"


def test_a_naming_error_keeps_what_may_be_meant() -> None:
    """The near names are facts in an attribute, not only words in the message."""
    assert NamingError("无", "none", ["a", "b"]).near == ("a", "b")
