"""Mistakes planted in a copy of the real data are told: each alone, many at once, by `kg check`."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from conftest import ROOT, copy_project
from planted import ALONE, FILES, RECORDS
from planting import Copy, Told

from kg.build import check, read_sections
from kg.curation import read
from kg.errors import FindingsError, Problem, RecordsError
from kg.references import check_references

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kg.project import Project

    Change = Callable[[str, str, str], int]

MISTAKES: Final = {**RECORDS, **FILES, **ALONE}

SEVERAL: Final = {
    "label of another concept": "the other concept is told, too",
    "unknown kind": "the number of the right kind is short",
    "section without claims file": "the numbers of its claims are short",
    "one key in two files": "the key does not begin with its region, either",
    "homonym in another region": "each sentence that it stands in is told",
}
"""Mistakes that are told more than once, and why."""

GROUPS: Final = {
    "records": RECORDS,
    "records and files": {
        **RECORDS,
        **FILES,
    },
}
"""Mistakes that stand in one copy; where files cannot be read, numbers are not compared."""

GUANGXI: Final = "data/sources/toy-bulletin/claims/guangxi.yaml"
SHANXI: Final = "data/sources/toy-bulletin/claims/shanxi.yaml"
REVIEW: Final = "data/sources/toy-review/claims/guangxi.yaml"

FINDINGS: Final[dict[str, tuple[list[tuple[str, str, str]], str]]] = {
    "an uncovered clause": (
        [(SHANXI, '\n  - quote: "见图1"\n    reason: reference', "")],
        f"data/sources/toy-bulletin/text.txt:9: coverage: .*'见图1' is neither .* in {SHANXI}",
    ),
    "too much set aside": (
        [
            (REVIEW, 'quote: "“五个一”工程继续推进"', 'quote: "“五个一”"'),
            (REVIEW, '\n    verb: "继续推进"', ""),
            (REVIEW, "set_aside:", 'set_aside:\n  - {quote: "工程继续推进", reason: rhetoric}'),
        ],
        r"data/sources/toy-review/source.yaml:2: .* 9\.7% of the text is set aside, over .* 6%",
    ),
    "a wrong expectation": (
        [("data/sources/toy-bulletin/source.yaml", "  milestone: 1", "  milestone: 9")],
        r"data/sources/toy-bulletin/source.yaml:14: .* 9 of kind milestone expected, 1 found",
    ),
    "a group of one region": (
        [("data/regions.csv", "beijing|tianjin|hebei", "hebei")],
        "data/regions.csv:8: kgr:jjj.*at least two members",
    ),
}
"""Records that can be read and break a bound or a shape: edits of the toy, and what is told."""

FURTHER: Final = {
    "text.txt": "北京建设云网。\n",
    "source.yaml": """\
key: KEY
label: {zh: "简报", en: "Bulletin"}
kind: news
citation: {zh: "简报。", en: "Bulletin."}
issued: "2022-03-01"
rights: {zh: "为测试而作。", en: "Made up for the tests."}
sha256: "PINNED"
expect:
  {target: 1, milestone: 0, achievement: 0, framework: 0, platform-claim: 0, initiative-claim: 0}
sections:
  - region: beijing
    label: {zh: "北京", en: "Beijing"}
    lines: [1, 1]
    headings: []
    reading: text
""",
    "claims/beijing.yaml": """\
region: beijing
claims:
  - key: beijing-KEY
    kind: target
    quote: "北京建设云网"
    label: {zh: "北京建设云网", en: "Beijing builds clouds and networks"}
    strength: advance
    themes: [infrastructure]
""",
}
"""The files of a further source, which is clean."""


def problems(project: Project) -> list[Problem]:
    """Give the problems for which a check stops."""
    with pytest.raises(RecordsError) as caught:
        check(project)
    return list(caught.value.problems)


def hits(told: Told, root: Path, found: Iterable[Problem]) -> list[Problem]:
    """Give the problems that tell a mistake at its place."""
    line = told.line(root)
    return [
        problem
        for problem in found
        if (problem.file, problem.line) == (told.file, line) and told.word in str(problem)
    ]


def spoil(project: Project, *names: str) -> None:
    """Make files unreadable."""
    for name in names:
        (project.root / name).write_bytes(b"\xff\n")


def tree(root: Path) -> dict[str, tuple[int, str]]:
    """Give every file below a folder with the time of its last change and its checksum."""
    return {
        str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in root.rglob("*")
        if path.is_file()
    }


def run_check(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `kg check` as a program of its own; nothing is changed below the project."""
    before = tree(project.root)
    command = [sys.executable, "-m", "kg", "--root", str(project.root), *options, "check"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert tree(project.root) == before
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done


def add_source(project: Project, key: str) -> None:
    """Give a project a further source, which is clean."""
    pinned = hashlib.sha256(FURTHER["text.txt"].encode()).hexdigest()
    for name, text in FURTHER.items():
        path = project.data / "sources" / key / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("KEY", key).replace("PINNED", pinned), encoding="utf-8")


# --- before anything is planted -----------------------------------------------------------


def test_the_real_data_has_no_problem_before(real: Project) -> None:
    """Else a planted mistake would not be alone."""
    corpus = read(real)
    assert [*corpus.problems, *check_references(corpus), *read_sections(corpus)[1]] == []


def test_the_toy_is_clean(toy: Project) -> None:
    """It passes every check, shapes and bounds included."""
    checked = check(toy)
    assert checked.report.violations == ()
    assert sum(1 for _ in checked.corpus.claims()) == 27


# --- each alone ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_place(real: Project, name: str) -> None:
    """File, line and a word of the message; and nothing else is told."""
    told = MISTAKES[name](Copy(real.root))
    found = problems(real)
    assert len(hits(told, real.root, found)) == 1, [str(problem) for problem in found]
    assert (len(found) > 1) == (name in SEVERAL), [str(problem) for problem in found]


@pytest.mark.parametrize("name", FINDINGS)
def test_a_finding_leads_back_to_its_file_and_line(toy: Project, change: Change, name: str) -> None:
    """Shapes and bounds are broken by records that can be read."""
    edits, told = FINDINGS[name]
    for edit in edits:
        change(*edit)
    with pytest.raises(FindingsError) as caught:
        check(toy)
    (problem,) = caught.value.problems
    assert re.match(told, str(problem))


@pytest.mark.parametrize(
    "name",
    [
        "data/concepts.yaml",
        "data/platforms.yaml",
        "data/initiatives.yaml",
        "data/regions.csv",
        "data/sources/toy-bulletin/source.yaml",
        "data/sources/toy-bulletin/text.txt",
        GUANGXI,
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(toy: Project, name: str) -> None:
    """No reference into it is called dangling, no number wrong, no quote missing."""
    spoil(toy, name)
    (problem,) = problems(toy)
    assert (problem.file, problem.line, problem.en) == (name, 1, "not UTF-8")


# --- many at once -------------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPS)
def test_no_mistake_hides_another(real: Project, group: str) -> None:
    """Each is told once at its place, however many there are."""
    copy = Copy(real.root)
    planted = {name: plant(copy) for name, plant in GROUPS[group].items()}
    found = problems(real)
    missed = [n for n, told in planted.items() if len(hits(told, real.root, found)) != 1]
    assert missed == []


@pytest.mark.parametrize("group", GROUPS)
def test_no_mistake_is_told_elsewhere(real: Project, group: str) -> None:
    """What is told besides, be it in several sources, are the consequences of the few with some."""
    copy = Copy(real.root)
    planted = {name: plant(copy) for name, plant in GROUPS[group].items()}
    found = problems(real)
    known = [problem for told in planted.values() for problem in hits(told, real.root, found)]
    beside = {problem.en for problem in found if problem not in known}
    assert len(beside) <= sum(name in SEVERAL for name in planted), beside


@pytest.mark.parametrize("key", ["0-first", "zz-last"])
def test_a_further_source_changes_nothing_of_what_is_told(
    real: Project, tmp_path: Path, key: str
) -> None:
    """However many sources curators add, and wherever they stand, mistakes find their place."""
    crowded = copy_project(ROOT / "data", tmp_path / "crowded")
    add_source(crowded, key)
    for project in (real, crowded):
        copy = Copy(project.root)
        for plant in GROUPS["records and files"].values():
            plant(copy)
    assert [str(problem) for problem in problems(crowded)] == [str(p) for p in problems(real)]


def test_files_that_cannot_be_read_are_one_problem_each(real: Project) -> None:
    """However many there are, and though records elsewhere name what stands in them."""
    copy = Copy(real.root)
    planted = [plant(copy) for name, plant in FILES.items() if name not in SEVERAL]
    assert len(problems(real)) == len(planted)


def test_a_project_of_which_nothing_can_be_read_has_a_problem_for_each_file(real: Project) -> None:
    """Things, regions, sources, texts and claims."""
    files = [path for path in real.data.rglob("*") if path.suffix in {".yaml", ".csv", ".txt"}]
    names = [real.name(path) for path in files if path.parent.name != "second-reading"]
    spoil(real, *names)
    assert [problem.file for problem in problems(real)] == sorted(names)


# --- by the command -----------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPS)
def test_the_command_tells_each_problem_on_a_line(real: Project, group: str) -> None:
    """Exit code 5, the problems of the check in their order, their number, nothing written."""
    copy = Copy(real.root)
    for plant in GROUPS[group].values():
        plant(copy)
    done = run_check(real)
    *lines, number = done.stderr.splitlines()
    assert done.returncode == 5
    assert lines == [str(problem) for problem in problems(real)]
    assert f"| {len(lines)} problems" in number


@pytest.mark.parametrize("name", ALONE)
def test_the_command_survives_a_mistake_that_leaves_little_to_check(
    real: Project, name: str
) -> None:
    """Exit code 5 and one problem."""
    ALONE[name](Copy(real.root))
    done = run_check(real)
    assert (done.returncode, done.stderr.count("\n")) == (5, 2)


def test_the_command_tells_findings(toy: Project, change: Change, tmp_path: Path) -> None:
    """Exit code 1; the report is kept where the builds go, and nowhere else."""
    edits, told = FINDINGS["an uncovered clause"]
    for edit in edits:
        change(*edit)
    done = run_check(toy, "-o", str(tmp_path / "build"))
    assert done.returncode == 1
    line, *_, number = done.stderr.splitlines()
    assert re.match(told, line)
    assert number.endswith("| 1 problem")


def test_the_command_is_content_with_the_toy(toy: Project, tmp_path: Path) -> None:
    """Exit code 0, and it says how much it read."""
    done = run_check(toy, "-o", str(tmp_path / "build"))
    assert done.returncode == 0
    assert "clean: 27 claims" in done.stderr
