"""The catalogue finds questions by id and subject, and tells which questions lack a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from graph_fixtures import PLATFORMS_OF_CONCEPT

from kg.catalogue import Catalogue
from kg.errors import QueryError, QuestionsError

if TYPE_CHECKING:
    from pathlib import Path

ID = "platforms-of-concept"


def write(folder: Path, name: str = ID) -> None:
    """Write the sample query into a folder, under a name."""
    folder.mkdir(parents=True, exist_ok=True)
    text = PLATFORMS_OF_CONCEPT.replace(f"#+ id: {ID}", f"#+ id: {name}")
    (folder / f"{name}.rq").write_text(text, encoding="utf-8")


def contents(folder: Path, text: str) -> Catalogue:
    """Write a query and `catalogue.yaml`, and give the catalogue."""
    write(folder / "platforms")
    (folder / "catalogue.yaml").write_text(text, encoding="utf-8")
    return Catalogue(folder)


def test_queries_are_found_in_every_folder(tmp_path: Path) -> None:
    """Queries are found by name in folders below, and checks are none of them."""
    write(tmp_path / "a" / "b")
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "some-violation.rq").write_text("no saved query", encoding="utf-8")
    assert list(Catalogue(tmp_path)) == [ID]
    assert Catalogue(tmp_path).get(ID).subject == "b"


def test_one_broken_file_does_not_hide_another_question(tmp_path: Path) -> None:
    """A question is read when it is asked for, so that others answer all the same."""
    write(tmp_path)
    (tmp_path / "broken.rq").write_text("#+ id: A\nASK {}\n", encoding="utf-8")
    assert Catalogue(tmp_path).get(ID).id == ID
    with pytest.raises(QuestionsError):
        Catalogue(tmp_path).get("broken")


def test_two_queries_of_one_id_are_told(tmp_path: Path) -> None:
    """An id that is used already is a problem of the second file."""
    write(tmp_path / "a")
    write(tmp_path / "b")
    with pytest.raises(QuestionsError) as caught:
        Catalogue(tmp_path).queries()
    assert [(p.file, p.field) for p in caught.value.problems] == [(f"queries/b/{ID}.rq", "id")]


def test_the_problems_of_all_files_are_told(tmp_path: Path) -> None:
    """One wrong file does not hide another."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.rq").write_text("#+ id: A\nASK {}\n", encoding="utf-8")
    with pytest.raises(QuestionsError) as caught:
        Catalogue(tmp_path).queries()
    assert {problem.file for problem in caught.value.problems} == {"queries/a.rq", "queries/b.rq"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("platform-of-concepts", f"did you mean {ID}"),
        ("一网通办", "list them all: kg ask"),
        ("x" * 10_000, "x…”"),
        ("a\nb", r"a\nb"),
    ],
)
def test_an_unknown_question_is_told_with_the_way_on(tmp_path: Path, name: str, said: str) -> None:
    """With the one that was probably meant, else how to list them, on one short line."""
    write(tmp_path)
    with pytest.raises(QueryError) as caught:
        Catalogue(tmp_path).get(name)
    told = str(caught.value)
    assert said in told
    assert "\n" not in told
    assert len(told) < 400


def test_questions_stand_in_the_order_of_their_subjects(tmp_path: Path) -> None:
    """The subjects come as the contents list them, unlisted ones last, ids within."""
    for subject, name in (("a", "one"), ("b", "two"), ("b", "three"), ("c", "four")):
        write(tmp_path / subject, name)
    (tmp_path / "catalogue.yaml").write_text(
        'subjects:\n  b: {label: {zh: "乙", en: "B"}}\n  a: {label: {zh: "甲", en: "A"}}\n',
        encoding="utf-8",
    )
    catalogue = Catalogue(tmp_path)
    assert [query.id for query in catalogue.queries()] == ["three", "two", "one", "four"]
    assert [problem.en for problem in catalogue.check()] == ["the subject c has no label"]


def test_a_competency_question_names_queries_that_are_there(tmp_path: Path) -> None:
    """A misspelt id below a competency question is a problem; none at all is a gap, no problem."""
    catalogue = contents(
        tmp_path,
        'subjects:\n  platforms: {label: {zh: "平台", en: "Platforms"}}\n'
        'competency:\n  - question: {zh: "一？", en: "One?"}\n    answered_by: [no-such]\n'
        '  - question: {zh: "二？", en: "Two?"}\n',
    )
    assert [problem.en for problem in catalogue.check()] == ["no question no-such"]


def test_contents_that_cannot_be_read_are_told_by_line(tmp_path: Path) -> None:
    """A misspelt field of the contents gives its line and the right word."""
    catalogue = contents(tmp_path, 'subject:\n  platforms: {label: {zh: "平台", en: "P"}}\n')
    with pytest.raises(QuestionsError) as caught:
        catalogue.contents()
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("queries/catalogue.yaml", 1)
    assert "did you mean subjects" in str(problem)
