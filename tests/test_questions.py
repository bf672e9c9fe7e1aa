"""Saved queries are part of the check: their terms, defaults, columns and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from checked_toy import checked, engine
from conftest import ROOT

from kg.questions import check_questions

if TYPE_CHECKING:
    from pathlib import Path

    from kg.errors import Problem

QUERY: Final = "queries/concepts/regions-sharing-concept.rq"


def found(folder: Path, old: str = "", new: str = "") -> list[Problem]:
    """Check the repository's question, with some words replaced, against the toy."""
    text = (ROOT / QUERY).read_text(encoding="utf-8")
    assert old in text
    (folder / "regions-sharing-concept.rq").write_text(text.replace(old, new, 1) if old else text)
    known = {triple.subject.value for triple in checked().dataset.graphs}
    return check_questions(engine(), folder, known)


def test_the_question_as_it_stands_is_right(tmp_path: Path) -> None:
    """It answers something over the toy, too."""
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kg:aboutRegion ?region ;", "kg:abotRegion ?region ;", "did you mean kg:aboutRegion?"),
        ("#+ version:", "#+ versoin:", "did you mean version?"),
        ("VALUES ?concept { kgc:yi-wang-tong-ban }", "VALUES ?concept { kgc:no }", "has no kgc:no"),
        ('default: "false"', 'default: "true"', "the default should be what VALUES ?narrower"),
        ("#+   line:", "#+   lines:", "columns should be, in this order"),
        ("#+ order: list", "#+ order: list\n#+ min_rows: 99", "at least 99 rows expected"),
        ("GROUP BY ?region", "GROUP ?region", "does not parse"),
        ("PREFIX kgc:", "PREFIX kgcc:", "a foreign prefix"),
    ],
)
def test_a_mistake_in_a_question_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Before anyone asks it."""
    problems = found(tmp_path, old, new)
    assert any(told in str(problem) for problem in problems)


def test_the_terms_of_checks_are_looked_at_too(tmp_path: Path) -> None:
    """A check with a misspelt term would find nothing for ever."""
    (tmp_path / "x-violation.rq").write_text("SELECT ?focus { ?focus kg:strenght ?o }")
    (problem,) = check_questions(
        engine(), tmp_path, {triple.subject.value for triple in checked().dataset.graphs}
    )
    assert (problem.line, problem.hint_en) == (1, "did you mean kg:strength?")
