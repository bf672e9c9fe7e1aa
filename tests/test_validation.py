"""Validation: findings, where they lead back to, and the report that is reused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from checked_toy import checked, engine
from conftest import ROOT

from kg.build import check
from kg.errors import FindingsError, KgError, QueryError
from kg.validation import Finding, Report, check_queries, shacl, to_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.project import Project

SHAPES = ROOT / "ontology" / "shapes"


def broken_lines() -> list[str]:
    """Give the toy's dataset with the strength of one target gone."""
    mark = "claim/guangxi-one-network> <https://w3id.org/dgkg/ontology#strength>"
    lines = [line for line in checked().lines if mark not in line]
    assert len(lines) == len(checked().lines) - 1
    return lines


def test_the_toy_conforms() -> None:
    """No shape finds anything in it."""
    assert checked().report.violations == ()


def test_a_shape_finds_what_is_missing() -> None:
    """Which shape, which node, which property, in both languages."""
    (finding,) = shacl(broken_lines(), SHAPES)
    assert (finding.severity, finding.path) == ("Violation", "kg:strength")
    assert finding.focus.endswith("claim/guangxi-one-network")
    assert finding.zh
    assert finding.en


def test_a_report_is_reused_for_the_same_dataset(tmp_path: Path) -> None:
    """The second time the cached report is read, as a changed copy of it shows."""
    first = shacl(broken_lines(), SHAPES, tmp_path)
    (stored,) = tmp_path.glob("*.json")
    stored.write_text(stored.read_text(encoding="utf-8").replace("kg:strength", "kg:seen"))
    (again,) = shacl(broken_lines(), SHAPES, tmp_path)
    assert (first[0].path, again.path) == ("kg:strength", "kg:seen")


@pytest.mark.parametrize("bad", ["", "{", "7", "[7]", '["a"]', '[{"a": 1}]', "\udcff"])
def test_a_report_that_cannot_be_read_is_made_anew(tmp_path: Path, bad: str) -> None:
    """A cached report that is cut or malformed counts as none."""
    lines = ["<a:a> <b:b> <c:c> .\n"]
    shacl(lines, SHAPES, tmp_path)
    (stored,) = tmp_path.iterdir()
    stored.write_text(bad, encoding="utf-8", errors="surrogateescape")
    assert shacl(lines, SHAPES, tmp_path) == ()
    assert stored.read_text(encoding="utf-8") == "[]"


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    """A file where the cache's folder should be does not stop the validation."""
    (tmp_path / "cache").write_text("")
    assert shacl(["<a:a> <b:b> <c:c> .\n"], SHAPES, tmp_path / "cache") == ()


def test_the_cache_keeps_the_newest_reports(tmp_path: Path) -> None:
    """Twenty reports stay, the oldest ones go."""
    for number in range(25):
        path = tmp_path / f"shacl-{number:016}.json"
        path.write_text("[]")
        os.utime(path, (number, number))
    shacl(["<a:a> <b:b> <c:c> .\n"], SHAPES, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert (len(names), f"shacl-{5:016}.json" in names, f"shacl-{6:016}.json" in names) == (
        20, False, True,
    )  # fmt: skip


def test_a_folder_without_shapes_is_an_error(tmp_path: Path) -> None:
    """Nothing to check with is not the same as nothing found."""
    with pytest.raises(KgError, match=r"没有 \*\.ttl"):
        shacl([], tmp_path)


def test_shapes_that_do_not_parse_are_named(tmp_path: Path) -> None:
    """Broken Turtle is told with the file that it stands in."""
    (tmp_path / "broken.ttl").write_text("<a:a> <b:b> ")
    with pytest.raises(KgError, match=r"形状文件无法解析.*broken\.ttl"):
        shacl([], tmp_path)


def test_a_folder_without_checks_is_an_error(tmp_path: Path) -> None:
    """A folder that lost its checks does not count as clean."""
    with pytest.raises(KgError, match=r"there is no \*-violation\.rq"):
        check_queries(engine(), tmp_path)


def test_another_dataset_is_validated_anew(tmp_path: Path) -> None:
    """The key of a report is the hash of what it was made from."""
    shacl(broken_lines(), SHAPES, tmp_path)
    assert shacl(checked().lines, SHAPES, tmp_path) == ()


def test_a_finding_leads_back_to_file_line_and_sentence() -> None:
    """A derived node comes from the claim that it hangs on."""
    focus = "https://w3id.org/dgkg/id/evidence/guangxi-one-network.1.quote"
    problem = to_problem(
        Finding("Violation", "kgsh:x", focus, "", "", "错", "wrong"), checked().dataset
    )
    text = (ROOT / "tests/toy" / problem.file).read_text(encoding="utf-8").split("\n")
    assert problem.file == "data/sources/toy-bulletin/claims/guangxi.yaml"
    assert "guangxi-one-network" in text[problem.line - 1]
    assert "全面推行一网通办" in problem.hint_zh


def test_findings_are_counted_by_rule() -> None:
    """A report says how many of each there are."""
    one = Finding("Violation", "kgsh:x", "a", "", "", "", "")
    other = Finding("Warning", "kgsh:y", "b", "", "", "", "")
    counts = Report((one, other, one)).counts()
    assert counts == {("Violation", "kgsh:x"): 2, ("Warning", "kgsh:y"): 1}


def test_a_check_selects_focus_and_both_messages(tmp_path: Path) -> None:
    """A check without them could not be told to a curator."""
    (tmp_path / "bad-violation.rq").write_text("SELECT ?focus { ?focus ?p ?o } LIMIT 1")
    with pytest.raises(QueryError, match="lacks focus"):
        check_queries(engine(), tmp_path)


def test_findings_stop_a_release(toy: Project, change: Callable[[str, str, str], int]) -> None:
    """A dataset that breaks a check is not built."""
    change("data/platforms.yaml", "regions: [guangxi]", "regions: [shanxi]")
    with pytest.raises(FindingsError) as raised:
        check(toy)
    assert {p.code for p in raised.value.problems} == {"check:claim-of-a-foreign-thing"}
