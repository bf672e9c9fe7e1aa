"""The saved questions of a folder: by id, by subject, and the questions they should answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, ValidationError

from kg.errors import Problem, QueryError, QuestionsError, RecordsError, clipped
from kg.fields import Key, Label, Record
from kg.marks import read_yaml
from kg.messages import nearest, problems_of
from kg.project import question_files
from kg.queries import SavedQuery, read_query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Catalogue", "Competency", "Contents"]

CONTENTS: Final = "catalogue.yaml"


class Subject(Record):
    """A folder of questions.

    Those `for_programs` feed another command; on a terminal they are counted, not listed.
    """

    label: Label
    for_programs: Key = ""


class Competency(Record):
    """A question that the graph should be able to answer; without a query it is a gap."""

    question: Label
    answered_by: tuple[Key, ...] = ()


class Contents(Record):
    """What `catalogue.yaml` says: the subjects in their order, and the competency questions."""

    subjects: Annotated[dict[str, Subject], Field(default_factory=dict)]
    competency: tuple[Competency, ...] = ()


class Catalogue:
    """All saved questions below a folder, checks apart; a file is read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        """List the files: a question is called as its file is."""
        self.folder = folder
        self.files = question_files(folder)
        self.paths = {name: paths[0] for name, paths in self.files.items()}
        self.held: dict[str, SavedQuery] = {}
        self.held_contents: Contents | None = None

    def hold(self) -> None:
        """Read every file now; from then on no file is opened.

        Raises:
            QuestionsError: files are wrong; holds every problem.
        """
        contents = self.contents()
        self.held = {query.id: query for query in self.queries()}
        self.held_contents = contents

    def __iter__(self) -> Iterator[str]:
        """Give the ids, in the order of the alphabet."""
        return iter(sorted(self.paths))

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a question of that id."""
        return name in self.paths

    def name(self, path: Path) -> str:
        """Give a file's name as problems tell it."""
        return f"queries/{path.relative_to(self.folder).as_posix()}"

    def get(self, name: str) -> SavedQuery:
        """Give a question by its id.

        Raises:
            QueryError: there is none of that id.
            QuestionsError: its file is wrong.
        """
        if query := self.held.get(name):
            return query
        path = self.paths.get(name)
        if path is None:
            told = clipped(name)
            meant = nearest(told, self.paths)
            zh = f"没有问题“{told}”" + (f"，是否想问 {meant}？" if meant else "；列出全部：kg ask")
            en = f"no question “{told}”"
            en += f", did you mean {meant}?" if meant else "; list them all: kg ask"
            raise QueryError(zh, en)
        return read_query(path, self.name(path))

    def queries(self) -> list[SavedQuery]:
        """Give all questions, by subject in the order of `catalogue.yaml`, then by id.

        Raises:
            QuestionsError: files are wrong, or two have one name; holds every problem.
        """
        if self.held:
            return list(self.held.values())
        found: list[SavedQuery] = []
        problems: list[Problem] = []
        for path in sorted(path for paths in self.files.values() for path in paths):
            if self.paths[path.stem] != path:
                zh, en = f"id“{path.stem}”已用过", f"the id {path.stem!r} is used already"
                problems.append(Problem(self.name(path), 1, "id", zh, en))
            try:
                found.append(read_query(path, self.name(path)))
            except QuestionsError as error:
                problems += error.problems
        if problems:
            raise QuestionsError(problems)
        order = list(self.contents().subjects)
        return sorted(found, key=lambda query: (_place(order, query.subject), query.id))

    def contents(self) -> Contents:
        """Give what `catalogue.yaml` says; nothing where there is none.

        Raises:
            QuestionsError: it cannot be read.
        """
        if self.held_contents is not None:
            return self.held_contents
        path = self.folder / CONTENTS
        if not path.is_file():
            return Contents.model_validate({})
        file = f"queries/{CONTENTS}"
        try:
            marked = read_yaml(path, file)
            return Contents.model_validate(marked.value)
        except RecordsError as error:
            raise QuestionsError(error.problems) from error
        except ValidationError as error:
            problems = problems_of(error, marked, (), "catalogue", Contents)
            raise QuestionsError(problems) from error

    def check(self) -> list[Problem]:
        """Give what is wrong between the files and `catalogue.yaml`, if there is one."""
        if not (self.folder / CONTENTS).is_file():
            return []
        contents = self.contents()
        subjects = {path.parent.name for path in self.paths.values()}
        file = f"queries/{CONTENTS}"
        problems: list[Problem] = []
        for subject in sorted(subjects - contents.subjects.keys()):
            zh, en = f"没有说明主题 {subject}", f"the subject {subject} has no label"
            problems.append(Problem(file, 1, "subjects", zh, en))
        answering = {name for item in contents.competency for name in item.answered_by}
        for name in sorted(answering - self.paths.keys()):
            zh, en = f"没有问题 {name}", f"no question {name}"
            problems.append(Problem(file, 1, "competency", zh, en))
        return problems


def _place(order: list[str], subject: str) -> int:
    return order.index(subject) if subject in order else len(order)
