"""The stages as a whole: order of blocks, bounds of coverage, what a build leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from kg.build import STAGES, build, check
from kg.errors import FindingsError, RecordsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.project import Project

    Change = Callable[[str, str, str], int]

GUANGXI: Final = "data/sources/toy-bulletin/claims/guangxi.yaml"


def test_the_stages_run_in_their_order(toy: Project) -> None:
    """Each is told before it runs; writing tells steps of its own."""
    told: list[str] = []
    build(toy, stage=told.append)
    assert tuple(told[: len(STAGES)]) == STAGES
    assert told[len(STAGES) :][-2:] == ["switch", "prune"]


def test_a_check_writes_nothing(toy: Project) -> None:
    """Only a build has a release; a check without a cache leaves no file at all."""
    check(toy)
    assert not toy.build.exists()


def test_blocks_stand_in_the_order_of_the_text(toy: Project) -> None:
    """A block that comes too late is told where it belongs."""
    path = toy.root / GUANGXI
    head, mark, tail = path.read_text(encoding="utf-8").partition("  - key: guangxi-one-network\n")
    block, rest = tail.split("  - key: ", 1)
    moved = head + "  - key: " + rest.replace("set_aside:", mark + block + "set_aside:")
    path.write_text(moved, encoding="utf-8")
    with pytest.raises(RecordsError) as raised:
        check(toy)
    (problem,) = raised.value.problems
    assert problem.field == "guangxi-one-network.quote"
    assert problem.hint_en == "move it before guangxi-across-provinces"


def test_words_cannot_be_about_two_regions(toy: Project, change: Change) -> None:
    """Overlapping spans that name different regions are told at the second."""
    first = '  - quote: "依托国家一体化政务服务平台"\n    region: china\n'
    second = '  - quote: "国家一体化政务服务平台"\n    region: shanxi\n'
    line = change(GUANGXI, first, first + second)
    with pytest.raises(RecordsError) as raised:
        check(toy)
    (problem,) = raised.value.problems
    assert (problem.line, problem.field) == (line + 2, "about.1.quote")
    assert "about china already, not about shanxi" in problem.en


def test_spans_about_one_region_may_overlap(toy: Project, change: Change) -> None:
    """They say the same of the words that they share."""
    first = '  - quote: "依托国家一体化政务服务平台"\n    region: china\n'
    change(GUANGXI, first, first + '  - quote: "国家一体化政务服务平台"\n    region: china\n')
    assert check(toy).report.violations == ()


def test_words_are_not_both_set_aside_and_claimed(toy: Project, change: Change) -> None:
    """A set-aside of which nothing is left is told at its line, with the claim."""
    aside = '  - quote: "广西"\n    reason: section-name\n'
    again = '  - quote: "依托国家一体化政务服务平台"\n    reason: reference\n'
    line = change(GUANGXI, aside, aside + again)
    with pytest.raises(RecordsError) as raised:
        check(toy)
    (problem,) = raised.value.problems
    assert (problem.line, problem.field) == (line + 2, "set_aside.1.quote")
    assert problem.en == "set aside and claimed"
    assert "guangxi-national-platform-claim" in problem.hint_en


def test_a_coarse_text_names_its_coarse_quotes(toy: Project, change: Change) -> None:
    """The bound alone would not say what to mend."""
    path = toy.root / GUANGXI
    text = path.read_text(encoding="utf-8")
    first = text.index("  - key: guangxi-architecture\n")
    last = text.index("  - key: guangxi-national-platform-claim\n")
    whole = (
        "  - key: guangxi-architecture\n    kind: target\n"
        '    quote: "打造“两横一纵”架构。“两横”是数据底座、应用底座,“一纵”是安全防线"\n'
        '    label: {zh: "打造架构", en: "Build an architecture"}\n'
        "    strength: advance\n    themes: [infrastructure]\n"
    )
    path.write_text(text[:first] + whole + text[last:], encoding="utf-8")
    change("data/sources/toy-bulletin/source.yaml", "framework: 3", "framework: 0")
    change("data/sources/toy-bulletin/source.yaml", "target: 8", "target: 9")
    with pytest.raises(FindingsError) as raised:
        check(toy)
    coarse = [p for p in raised.value.problems if "coarse" in p.en]
    assert [p.hint_en for p in coarse] == ["guangxi-architecture.1"]


def test_a_clean_check_gives_the_coverage_of_each_source(toy: Project) -> None:
    """All of both texts is claimed or set aside."""
    checked = check(toy)
    assert [checked.coverage(f.name).covered for f in checked.corpus.sources] == [1.0, 1.0]
