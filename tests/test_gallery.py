"""The list of questions: on a terminal, and as the page that the documents hold."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from graph_fixtures import PLATFORMS_OF_CONCEPT, ROOT

from kg.catalogue import Catalogue
from kg.gallery import command, to_page, to_text

if TYPE_CHECKING:
    from pathlib import Path

CONTENTS = """
subjects:
  platforms: {label: {zh: "平台", en: "Platforms"}}
competency:
  - question: {zh: "有哪些平台？", en: "Which platforms?"}
    answered_by: [platforms-of-concept]
  - question: {zh: "谁来做？", en: "Who does it?"}
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """Give a catalogue of one question, and of one that nothing answers."""
    (tmp_path / "platforms").mkdir()
    path = tmp_path / "platforms" / "platforms-of-concept.rq"
    path.write_text(PLATFORMS_OF_CONCEPT, encoding="utf-8")
    (tmp_path / "catalogue.yaml").write_text(CONTENTS, encoding="utf-8")
    return Catalogue(tmp_path)


def test_a_command_gives_the_example_of_each_parameter(catalogue: Catalogue) -> None:
    """It can be pasted into a shell."""
    words = shlex.split(command(catalogue.get("platforms-of-concept")))
    assert words[:3] == ["kg", "ask", "platforms-of-concept"]
    assert words[4::2] == ["concept=一网统管", "region=上海", "by=2022"]


@pytest.mark.parametrize(
    ("language", "subject", "question", "gap"),
    [
        ("zh", "平台", "哪些平台实现某一概念？", "尚无查询\n  谁来做？"),
        ("en", "Platforms", "Which platforms realise a concept?", "No query yet\n  Who does it?"),
    ],
)
def test_the_list_speaks_a_language_and_names_gaps(
    catalogue: Catalogue, language: str, subject: str, question: str, gap: str
) -> None:
    """Subject, question, command; at the end what nothing answers yet."""
    text = to_text(catalogue, language)
    assert text.startswith(f"{subject}\n  {question}\n    kg ask platforms-of-concept")
    assert text.endswith(f"\n{gap}\n")


def test_questions_for_programs_are_counted(catalogue: Catalogue, tmp_path: Path) -> None:
    """On a terminal; the page has them all."""
    marked = CONTENTS.replace('"Platforms"}}', '"Platforms"}, for_programs: "export"}')
    (tmp_path / "catalogue.yaml").write_text(marked, encoding="utf-8")
    catalogue = Catalogue(tmp_path)
    text = to_text(catalogue, "en")
    assert text.startswith("Platforms\n  1 more questions feed kg export; ")
    assert "kg ask platforms-of-concept" not in text
    assert "### platforms-of-concept" in to_page(catalogue)


def test_the_page_leads_from_what_is_asked_to_what_answers(catalogue: Catalogue) -> None:
    """Each competency question links its queries, or says that there is none."""
    page = to_page(catalogue)
    assert "[platforms-of-concept](#platforms-of-concept)" in page
    assert "### platforms-of-concept" in page
    assert "Who does it? | 尚无查询 · no query yet |" in page


def test_the_page_in_the_documents_is_up_to_date() -> None:
    """The list in `docs/` is what the questions' files say."""
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    hint = "write it anew: kg ask --list -f md > docs/questions.md"
    assert page == to_page(Catalogue(ROOT / "queries")), hint
