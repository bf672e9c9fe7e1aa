"""Records have to fit together: keys, references, labels, hierarchy, sections, wordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from kg.curation import read
from kg.references import check_references
from kg.sources import check_counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.errors import Problem
    from kg.project import Project

    Change = Callable[[str, str, str], int]

CONCEPTS: Final = "data/concepts.yaml"
PLATFORMS: Final = "data/platforms.yaml"
INITIATIVES: Final = "data/initiatives.yaml"
REGIONS: Final = "data/regions.csv"
SOURCE: Final = "data/sources/toy-bulletin/source.yaml"
GUANGXI: Final = "data/sources/toy-bulletin/claims/guangxi.yaml"
SHANXI: Final = "data/sources/toy-bulletin/claims/shanxi.yaml"
REVIEW: Final = "data/sources/toy-review/claims/guangxi.yaml"
HEBEI: Final = "data/sources/toy-review/claims/hebei.yaml"


def problems(project: Project) -> list[Problem]:
    """Give what is wrong in a project whose records can each be read."""
    corpus = read(project)
    assert not corpus.problems
    return sorted(check_references(corpus))


def only(project: Project) -> Problem:
    """Give the one problem."""
    (problem,) = problems(project)
    return problem


def change_block(project: Project, key: str, old: str, new: str) -> None:
    """Replace words in a concept's block, where they stand first behind its key."""
    path = project.root / CONCEPTS
    head, name, tail = path.read_text(encoding="utf-8").partition(f"  - key: {key}\n")
    assert old in tail
    path.write_text(head + name + tail.replace(old, new, 1), encoding="utf-8")


def test_the_toy_fits_together(toy: Project) -> None:
    """It has homonyms, nested frameworks and inherited deadlines, and nothing is wrong."""
    assert problems(toy) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (CONCEPTS, "related: [zheng-wu-yun]", "related: [zheng-wu-yu]", ("related.0", "concept")),
        (CONCEPTS, "[shu-zi-zheng-fu]", "[shu-zi]", ("broader.0", "concept 'shu-zi'")),
        (CONCEPTS, "with: [kua-sheng-tong-ban]", "with: [x]", ("not_to_be_confused_with.0", "'x'")),
        (PLATFORMS, "regions: [guangxi]", "regions: [guang]", ("regions.0", "region 'guang'")),
        (PLATFORMS, "tai]\n", "tai]\n    part_of: x\n", ("part_of", "platform 'x'")),
        (REGIONS, "beijing|tianjin|hebei", "beijing|tianjing|hebei", ("members.1", "region")),
        (SOURCE, "regions: [shanxi]", "regions: [shangxi]", ("gaps.0.regions", "'shangxi'")),
        (HEBEI, "where: [jjj]", "where: [yrd]", ("where.0", "unknown region 'yrd'")),
        (HEBEI, "region: china", "region: chine", ("region", "unknown region 'chine'")),
        (HEBEI, "concepts: [shu-zi-zheng-fu]", "concepts: [x]", ("concepts.0", "concept 'x'")),
        (GUANGXI, "platform: gui-min-tong", "platform: gui-min", ("platform", "'gui-min'")),
        (SHANXI, "initiative: shanxi-wu-ge-yi-building", "initiative: x", ("initiative", "'x'")),
        (GUANGXI, "concept: ji-chu-she-shi", "concept: ji-chu", ("parts.0.concept", "'ji-chu'")),
        (GUANGXI, "from: guangxi-by-2022", "from: guangxi-by-2023", ("deadline.from", "milestone")),
        (GUANGXI, "framework: guangxi-one-vertical", "framework: x", ("parts.1.framework", "'x'")),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_where_it_is_made(
    toy: Project, change: Change, file: str, old: str, new: str, told: tuple[str, str]
) -> None:
    """Each field that names a thing, a region or another claim."""
    line = change(file, old, new) + (new.count("\n") > 1)
    found = [p for p in problems(toy) if "unknown" in p.en]
    assert [(p.file, p.line) for p in found] == [(file, line)]
    assert found[0].field.endswith(told[0])
    assert told[1] in found[0].en


def test_the_nearest_key_is_suggested(toy: Project, change: Change) -> None:
    """A slip in a key finds its thing."""
    change(GUANGXI, "platform: gui-min-tong", "platform: gui-min-tonk")
    assert only(toy).hint_en == "did you mean gui-min-tong? or declare it in platforms.yaml"


def test_what_could_not_be_read_is_not_called_unknown(toy: Project) -> None:
    """References into a file with a mistake of its own are left alone."""
    (toy.root / PLATFORMS).write_text("platforms: [", encoding="utf-8")
    corpus = read(toy)
    assert len(corpus.problems) == 1
    assert check_references(corpus) == []


def test_a_block_that_could_not_be_read_still_declares_its_key(
    toy: Project, change: Change
) -> None:
    """Nor are references to a block with a mistake of its own called dangling."""
    change(PLATFORMS, "kind: app", "kind: ap")
    corpus = read(toy)
    assert len(corpus.problems) == 1
    assert check_references(corpus) == []


@pytest.mark.parametrize(
    ("old", "new"), [("year-end}", "month}"), ("count: 2", 'count: "2"'), ("from: ", "frm: ")]
)
def test_a_claim_that_could_not_be_read_still_counts(
    toy: Project, change: Change, old: str, new: str
) -> None:
    """Neither the numbers expected, nor deadlines and parts that name it, are told as wrong."""
    change(GUANGXI, old, new)
    assert check_references(read(toy)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "first"),
    [
        (CONCEPTS, "key: zheng-wu-yun", "key: zheng-wu-fu-wu", "zheng-wu-fu-wu"),
        (PLATFORMS, "key: gui-min-tong", "key: china-one-platform", "china-one-platform"),
        (GUANGXI, "key: guangxi-one-network", "key: guangxi-online-rate", "guangxi-online-rate"),
    ],
)
def test_a_key_is_used_once(
    toy: Project, change: Change, file: str, old: str, new: str, first: str
) -> None:
    """The second block is the problem, and it says where the first is."""
    text = (toy.root / file).read_text(encoding="utf-8")
    at = text.count("\n", 0, text.index(f"key: {first}")) + 1
    line = change(file, old + "\n", new + "\n")
    (problem,) = [p for p in problems(toy) if "used at" in p.en]
    assert (problem.file, problem.line) == (file, line)
    assert f"{file}:{at} already" in problem.en


def test_a_key_is_used_once_over_all_sources(toy: Project, change: Change) -> None:
    """Claims of two sources may not share one either."""
    line = change(REVIEW, "key: guangxi-five-ones-claim", "key: guangxi-one-network")
    assert (only(toy).file, only(toy).line) == (REVIEW, line)
    assert GUANGXI in only(toy).en


def test_the_key_of_a_gap_is_used_once(toy: Project, change: Change) -> None:
    """Two gaps of one key would melt into one."""
    path = toy.root / SOURCE
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text[text.index("  - key: toy-figure-1") :], encoding="utf-8")
    assert "toy-figure-1" in only(toy).en
    assert only(toy).line > change(SOURCE, "gaps:\n", "gaps:\n")


def test_a_gap_is_in_a_section(toy: Project, change: Change) -> None:
    """A gap of no section would be lost."""
    line = change(SOURCE, "section: shanxi", "section: shangxi")
    assert (only(toy).line, only(toy).en) == (line, "no section on 'shangxi'")


def test_a_milestone_stands_before_what_it_governs(toy: Project, change: Change) -> None:
    """A deadline is inherited from an earlier block only."""
    path = toy.root / REVIEW
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - key: guangxi-in-2022"), text.index("  - key: guangxi-gui-min")
    later = text[:start] + text[end:].replace("set_aside:", f"{text[start:end]}set_aside:")
    path.write_text(later, encoding="utf-8")
    found = problems(toy)
    assert len(found) == 3
    assert all("no earlier block of this section" in p.en for p in found)
    assert found[0].field == "guangxi-gui-min-tong-upgraded.deadline.from"
    assert found[0].line == change(REVIEW, "services]\n  - key: guangxi-gui-min-tong-again", "") - 1


def test_a_milestone_of_another_section_governs_nothing_here(toy: Project, change: Change) -> None:
    """A deadline does not reach across a new region."""
    line = change(GUANGXI, "from: guangxi-by-2022", "from: hebei-five-years")
    assert (only(toy).file, only(toy).line) == (GUANGXI, line)
    assert "no earlier block of this section" in only(toy).en


def test_the_date_of_a_fact_is_inherited_as_deadlines_are(toy: Project, change: Change) -> None:
    """`as_of` names a milestone too."""
    line = change(REVIEW, "as_of: {from: guangxi-in-2022}", "as_of: {from: x}")
    assert (only(toy).line, only(toy).field) == (line, "guangxi-one-network-cities.as_of.from")


def test_a_part_is_a_framework_of_its_own_section(toy: Project, change: Change) -> None:
    """A target is no framework."""
    line = change(GUANGXI, "framework: guangxi-one-vertical", "framework: guangxi-online-rate")
    assert (only(toy).line, only(toy).field) == (line, "guangxi-architecture.parts.1.framework")
    assert "no framework of this section" in only(toy).en


def test_two_concepts_may_not_share_a_label(toy: Project, change: Change) -> None:
    """Both are told, each with the other's key."""
    line = change(CONCEPTS, 'alt: {zh: ["一网办理"], en:', 'alt: {zh: ["政务云"], en:')
    first, second = problems(toy)
    assert (first.line, first.field) == (line - 1, "yi-wang-tong-ban.label")
    assert "belongs to zheng-wu-yun too" in first.en
    assert "belongs to yi-wang-tong-ban too" in second.en


def test_two_concepts_may_not_share_an_english_label(toy: Project, change: Change) -> None:
    """Capitals do not make a difference."""
    change(CONCEPTS, 'en: ["One-network handling"]', 'en: ["government CLOUD"]')
    assert [p.field for p in problems(toy)] == ["yi-wang-tong-ban.label", "zheng-wu-yun.label"]


def test_a_concept_has_each_label_once(toy: Project, change: Change) -> None:
    """An alternative that repeats the label adds nothing."""
    line = change(CONCEPTS, 'zh: ["一网办理"]', 'zh: ["一网通办"]')
    assert (only(toy).line, only(toy).field) == (line, "yi-wang-tong-ban.alt")


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        (PLATFORMS, 'zh: "桂民通"', 'zh: "“桂民通”"', "gui-min-tong.label.zh"),
        (PLATFORMS, 'zh: "桂民通"', "zh: '\"桂民通\"'", "gui-min-tong.label.zh"),
        (PLATFORMS, 'en: "Guimintong"', "en: \"'Guimintong'\"", "gui-min-tong.label.en"),
        (INITIATIVES, 'en: "“Five ones” programme"', 'en: "‘Five ones’"', ".label.en"),
        (
            PLATFORMS,
            '    pinyin: "gui min tong"',
            '    alt: {zh: ["桂民", "「桂民」"]}\n    pinyin: "gui min tong"',
            "gui-min-tong.alt.zh.1",
        ),
        (CONCEPTS, 'en: ["One-network handling"]', 'en: ["“Handling”"]', "tong-ban.alt.en.0"),
    ],
)
def test_a_label_is_not_in_quotation_marks_as_a_whole(
    toy: Project, change: Change, file: str, old: str, new: str, field: str
) -> None:
    """A brand alone takes none; the problem is told in both languages, at its line."""
    line = change(file, old, new)
    problem = only(toy)
    assert (problem.file, problem.line) == (file, line)
    assert problem.field.endswith(field)
    assert "标签整个在引号里" in problem.zh
    assert "the whole label is in quotation marks" in problem.en


@pytest.mark.parametrize("label", ["“桂民通”APP", "“桂”和“民”", "《桂民通》", "桂“民”通"])
def test_a_label_may_hold_quotation_marks(toy: Project, change: Change, label: str) -> None:
    """In a longer label the brand keeps them, and two quoted words are no pair around all."""
    change(PLATFORMS, 'zh: "桂民通"', f'zh: "{label}"')
    assert problems(toy) == []


def test_a_chinese_label_of_a_concept_is_looked_for_as_it_is(toy: Project, change: Change) -> None:
    """It may hold the quotation marks without which it would be found too often."""
    change(CONCEPTS, 'zh: ["一网办理"]', 'zh: ["“一网办理”"]')
    assert problems(toy) == []


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("    only_in: [shanxi]\n", "", ["wu-ge-yi-shanxi"]),
        (
            "    not_to_be_confused_with: [wu-ge-yi-shanxi]\n",
            "",
            ["wu-ge-yi-guangxi", "wu-ge-yi-shanxi"],
        ),
    ],
)
def test_homonyms_have_places_and_know_each_other(
    toy: Project, change: Change, old: str, new: str, keys: list[str]
) -> None:
    """Without `only_in` the one is told, without naming each other both are."""
    change(CONCEPTS, old, new)
    found = problems(toy)
    assert [p.field.removesuffix(".label") for p in found] == keys
    assert all("homonyms each need only_in" in p.hint_en for p in found)


def test_a_cycle_of_broader_concepts_is_told_with_its_way(toy: Project) -> None:
    """The way leads from a concept back to itself."""
    change_block(toy, "zheng-wu-fu-wu", "broader: [shu-zi-zheng-fu]", "broader: [yi-wang-tong-ban]")
    way = only(toy).en.removeprefix("a cycle of broader concepts: ").split(" → ")
    assert way[0] == way[-1]
    assert set(way) == {"zheng-wu-fu-wu", "yi-wang-tong-ban"}


def test_a_concept_may_not_be_its_own_broader(toy: Project) -> None:
    """The smallest cycle has one member."""
    change_block(toy, "zheng-wu-fu-wu", "broader: [shu-zi-zheng-fu]", "broader: [zheng-wu-fu-wu]")
    assert only(toy).field == "zheng-wu-fu-wu.broader"
    assert "zheng-wu-fu-wu → zheng-wu-fu-wu" in only(toy).en


def test_every_cycle_is_told(toy: Project) -> None:
    """One does not hide another."""
    change_block(toy, "zheng-wu-fu-wu", "broader: [shu-zi-zheng-fu]", "broader: [zheng-wu-fu-wu]")
    change_block(toy, "zheng-wu-yun", "broader: [ji-chu-she-shi]", "broader: [zheng-wu-yun]")
    assert len(problems(toy)) == 2


@pytest.mark.parametrize("other", ["zheng-wu-fu-wu", "shu-zi-zheng-fu", "yi-wang-tong-ban"])
def test_a_related_concept_is_neither_broader_nor_the_same(
    toy: Project, change: Change, other: str
) -> None:
    """SKOS keeps the two relations apart, over all steps upward."""
    line = change(CONCEPTS, "related: [zheng-wu-yun]", f"related: [{other}]")
    assert (only(toy).line, only(toy).field) == (line, "yi-wang-tong-ban.related.0")


def test_a_related_concept_is_not_narrower(toy: Project) -> None:
    """Whichever of the two says it."""
    change_block(
        toy, "zheng-wu-fu-wu", "    rendering", "    related: [yi-wang-tong-ban]\n    rendering"
    )
    assert "broader or narrower" in only(toy).en


def test_a_cycle_does_not_hide_a_wrong_relation(toy: Project) -> None:
    """Both are told at once."""
    change_block(toy, "yi-wang-tong-ban", "related: [zheng-wu-yun]", "related: [zheng-wu-fu-wu]")
    change_block(toy, "zheng-wu-yun", "broader: [ji-chu-she-shi]", "broader: [zheng-wu-yun]")
    fields = [problem.field for problem in problems(toy)]
    assert sorted(fields) == ["yi-wang-tong-ban.related.0", "zheng-wu-yun.broader"]


@pytest.mark.parametrize(
    ("old", "new", "field", "word"),
    [
        ("key: toy-bulletin", "key: toy-buletin", "key", "the folder: toy-bulletin"),
        ("lines: [7, 9]", "lines: [6, 9]", "sections.1.lines", "line 6 is in another section"),
        ("lines: [7, 9]", "lines: [1, 9]", "sections.1.lines", "line 2 is in another section"),
        ("lines: [2, 6]", "lines: [2, 9]", "sections.1.lines", "line 7 is in another section"),
        ("lines: [2, 6]", "lines: [2, 99999999999]", "sections.1.lines", "line 7 is in another"),
        ("headings: [[2, 3]]", "headings: [[2, 2]]", "sections.0.label", "'广西:把数字政府'"),
        ("用好“五个一”", "用好“六个一”", "sections.1.label", "the heading in the text is"),
        ("outside: [[1, 1]]", "outside: []", "lines", "no section holds line 1"),
    ],
)
def test_a_source_fits_its_text_and_its_claims(
    toy: Project, change: Change, old: str, new: str, field: str, word: str
) -> None:
    """Folder, lines and headings."""
    change(SOURCE, old, new)
    found = [p for p in problems(toy) if p.field.endswith(field)]
    assert len(found) == 1
    assert word in found[0].en


@pytest.mark.parametrize(
    ("old", "new", "field", "word"),
    [
        ("target: 8", "target: 9", "expect.target", "9 of kind target expected, 8 found"),
        ("  target: 8\n", "", "expect.target", "no number for target"),
        ("target: 8", "target: 8\n  wish: 1", "expect.wish", "'wish' is no kind of claim"),
    ],
)
def test_a_source_has_as_many_claims_as_it_expects(
    toy: Project, change: Change, old: str, new: str, field: str, word: str
) -> None:
    """A block that was lost, or is new, is told by kind."""
    change(SOURCE, old, new)
    corpus = read(toy)
    (problem,) = [p for folder in corpus.sources for p in check_counts(corpus, folder)]
    assert problem.field.endswith(field)
    assert word in problem.en


def test_a_claim_key_begins_with_its_region(toy: Project, change: Change) -> None:
    """Then a key says whose claim it is."""
    change(GUANGXI, "key: guangxi-across-provinces", "key: across-provinces")
    assert only(toy).en == "a claim's key begins with guangxi-"


def test_sections_may_stand_in_any_order(toy: Project) -> None:
    """What counts is that their lines are apart."""
    path = toy.root / SOURCE
    text = path.read_text(encoding="utf-8")
    start, middle, end = (text.index(x) for x in ("  - region: g", "  - region: s", "gaps:"))
    swapped = text[:start] + text[middle:end] + text[start:middle] + text[end:]
    path.write_text(swapped, encoding="utf-8")
    assert problems(toy) == []


def test_a_region_has_one_section_in_a_source(toy: Project, change: Change) -> None:
    """A second would have no claims file."""
    line = change(SOURCE, "region: shanxi", "region: guangxi")
    (problem,) = [p for p in problems(toy) if "a section already" in p.en]
    assert problem.line == line


def test_a_section_has_a_claims_file(toy: Project) -> None:
    """The problem is told where the section is declared, with the file to make."""
    (toy.root / SHANXI).unlink()
    found = [p for p in problems(toy) if "no claims file" in p.en]
    assert [p.field for p in found] == ["toy-bulletin.sections.1"]
    assert found[0].hint_en == "make claims/shanxi.yaml"


def test_a_claims_file_has_a_section(toy: Project, change: Change) -> None:
    """Claims that no section holds would not be looked for in the text."""
    change(SOURCE, "region: shanxi", "region: beijing")
    found = [p for p in problems(toy) if p.field == "toy-bulletin.sections"]
    assert [p.en for p in found] == ["claims/shanxi.yaml has no section"]


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        (HEBEI, 'wording: "到2023年"', 'wording: "2024年"', "hebei-data-rules.deadline.wording"),
        (GUANGXI, 'wording: "到2022年底"', 'wording: "2022年初"', "guangxi-by-2022.time.wording"),
        (SHANXI, 'wording: "目前"', 'wording: "现在"', "shanxi-cloud-departments.as_of.wording"),
        (SHANXI, 'wording: "60个', 'wording: "61个', "departments.quantities.0.wording"),
        (GUANGXI, 'wording: "95%以上"', 'wording: "96%"', "online-rate.quantities.0.wording"),
        (GUANGXI, 'wording: "数据底座"', 'wording: "数据底"', None),
        (GUANGXI, 'wording: "安全防线"', 'wording: "防火墙"', "one-vertical.parts.0.wording"),
        (GUANGXI, 'slogan: "一纵"', 'slogan: "二纵"', "guangxi-one-vertical.slogan"),
        (REVIEW, 'verb: "继续推进"', 'verb: "继续…完善"', ".verb"),
        (GUANGXI, "、应用底座,“一纵”是安全防线", "、应用底座", "architecture.parts.1.wording"),
    ],
)
def test_a_wording_stands_in_the_quotes_of_its_claim(
    toy: Project, change: Change, file: str, old: str, new: str, field: str | None
) -> None:
    """Dates, quantities, slogans and parts are words of the text; a shorter wording is fine."""
    change(file, old, new)
    assert [p.field.endswith(field or "") for p in problems(toy)] == [True] * (field is not None)


def test_the_date_of_a_fact_may_stand_in_its_context(toy: Project, change: Change) -> None:
    """Achievements need no milestone for a date that stands elsewhere."""
    change(SHANXI, "目前,政务云已接入60个部门", "政务云已接入60个部门")
    assert only(toy).field == "shanxi-cloud-departments.as_of.wording"
    change(SHANXI, "    as_of:", '    context: ["目前"]\n    as_of:')
    assert problems(toy) == []


def test_a_deadline_may_not_stand_in_the_context(toy: Project, change: Change) -> None:
    """A date that stands elsewhere is inherited from a milestone."""
    change(HEBEI, 'quote: "到2023年研究制定数据条例"', 'quote: "研究制定数据条例"')
    change(HEBEI, "    deadline: {word", '    context: ["到2023年"]\n    deadline: {word')
    assert "`from` a milestone" in only(toy).hint_en
