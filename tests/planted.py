"""Mistakes to plant in a copy of the real data, each with the place where it should be told."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planting import (
    CLAIMS,
    CONCEPTS,
    FOLDER,
    INITIATIVES,
    PLATFORMS,
    REGIONS,
    SOURCE,
    TEXT,
    Copy,
    Mistake,
    Told,
    behind,
    in_block,
    in_file,
    instead,
    missing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ALONE", "FILES", "RECORDS"]

# --- mistakes that need a look around -----------------------------------------------------


def targets(copy: Copy) -> list[tuple[str, re.Match[str]]]:
    """Give the targets without a deadline."""
    return [
        (name, block)
        for name, block in copy.free(CLAIMS)
        if "kind: target\n" in block.group() and "deadline:" not in block.group()
    ]


def rename(copy: Copy, name: str, block: re.Match[str], key: str) -> Told:
    """Give a block a key that another has."""
    changed = block.group().replace(block.group(1), key, 1)
    copy.put(name, block, changed)
    return Told(name, f"the key '{key}' is used at", changed)


def one_key_twice_in_a_file(copy: Copy) -> Told:
    """Give a target the key of one before it."""
    found = targets(copy)
    for (name, first), (other, second) in pairwise(found):
        if name == other:
            copy.keep(name, first.group(1))
            return rename(copy, name, second, first.group(1))
    raise AssertionError


def one_key_in_two_files(copy: Copy) -> Told:
    """Give a target the key of one in an earlier file."""
    found = targets(copy)
    (first, block), (name, last) = found[0], next(f for f in found if f[0] != found[0][0])
    copy.keep(first, block.group(1))
    return rename(copy, name, last, block.group(1))


def milestones(copy: Copy) -> list[tuple[str, int, str]]:
    """Give each milestone: its file, where it stands, its key."""
    return [
        (name, block.start(), block.group(1))
        for name, block in copy.free(CLAIMS)
        if "kind: milestone\n" in block.group()
    ]


def inherit(copy: Copy, fits: Callable[[str, int, str, int], bool]) -> Told:
    """Let a claim inherit from a milestone that is there, but does not fit."""
    for name, block in copy.free(CLAIMS):
        match = re.search(r"from: \S+(?=\})", block.group())
        found = [m for m in milestones(copy) if fits(*m[:2], name, block.start())]
        if match and found:
            file, _, key = found[0]
            copy.keep(file, key)
            changed = block.group().replace(match.group(), f"from: {key}")
            copy.put(name, block, changed)
            return Told(name, "no earlier block of this section", changed, f"from: {key}")
    raise AssertionError


def milestone_of_another_section(copy: Copy) -> Told:
    """Inherit a deadline across regions."""
    return inherit(copy, lambda file, _, other, __: file != other)


def milestone_later_than_its_target(copy: Copy) -> Told:
    """Inherit a deadline from further down."""
    return inherit(copy, lambda file, at, other, claim: file == other and at > claim)


def labels(copy: Copy) -> list[str]:
    """Give the Chinese label of each concept."""
    return re.findall(r'^    label: \{zh: "([^"]*)"', copy.read(CONCEPTS), re.MULTILINE)


def label_of_another_concept(copy: Copy) -> Told:
    """Give a concept, among its alternatives, the label of another."""
    other = next(label for label in labels(copy) if labels(copy).count(label) == 1)
    alternatives = r'    alt: \{zh: \["'
    plant = in_block(
        CONCEPTS, alternatives, f'    alt: {{zh: ["{other}", "', "belongs to", "label:"
    )
    return plant(copy)


def names(text: str) -> list[str]:
    """Give the Chinese labels of the concepts in a text, their alternatives included."""
    lines = re.findall(r"^    (?:label|alt): \{zh: (.*)$", text, re.MULTILINE)
    return [name for line in lines for name in re.findall('"([^"]*)"', line.partition("en:")[0])]


def homonyms(copy: Copy) -> Iterator[tuple[re.Match[str], str]]:
    """Give the blocks of concepts that share a name, and may share it, with that name."""
    everywhere = names(copy.read(CONCEPTS))
    for _, block in copy.free(CONCEPTS):
        shared = [name for name in names(block.group()) if everywhere.count(name) > 1]
        if shared and "only_in:" in block.group():
            yield block, shared[0]


def homonym_without_only_in(copy: Copy) -> Told:
    """Leave open where a homonym is meant."""
    block, _ = next(homonyms(copy))
    changed = re.sub(r"    only_in: .*\n", "", block.group())
    copy.put(CONCEPTS, block, changed)
    return Told(CONCEPTS, "belongs to", changed, "label:")


def homonym_in_another_region(copy: Copy) -> Told:
    """Let a homonym be meant elsewhere than it stands."""
    begin = {f"only_in: [{region}]": first for region, first, _ in sections(copy)}
    *_, (block, name, only_in) = (
        (block, name, line)
        for block, name in homonyms(copy)
        for line in begin
        if line in block.group()
    )
    copy.put(CONCEPTS, block, block.group().replace(only_in, "only_in: [xizang]"))
    text = copy.read(TEXT).split("\n")[begin[only_in] - 1 :]
    return Told(TEXT, "is ambiguous", "\n".join(text), name)


def sections(copy: Copy) -> list[tuple[str, int, int]]:
    """Give region, first and last line of each section."""
    found = re.findall(r"region: (\S+)\n    lines: \[(\d+), (\d+)\]", copy.read(SOURCE))
    return [(region, int(first), int(last)) for region, first, last in found]


def claims_of(copy: Copy, region: str) -> str:
    """Give the claims file of a region's section, and close it: its section is spoilt."""
    name = f"{FOLDER}/claims/{region}.yaml"
    copy.closed.add(name)
    return name


def move_section(copy: Copy, region: str, old: tuple[int, int], new: tuple[int, int]) -> None:
    """Give a section other lines."""
    old_lines, new_lines = (f"lines: [{first}, {last}]" for first, last in (old, new))
    copy.write(SOURCE, copy.read(SOURCE).replace(old_lines, new_lines))
    claims_of(copy, region)


def section_beyond_the_end(copy: Copy) -> Told:
    """Let the last section end behind the text."""
    region, first, last = sections(copy)[-1]
    move_section(copy, region, (first, last), (first, 99_999_999_999))
    return Told(SOURCE, "the text has only", f"- region: {region}\n", "lines:")


def overlapping_sections(copy: Copy) -> Told:
    """Let a section end where the next has begun."""
    (region, first, last), (later, begin, _) = sections(copy)[1:3]
    move_section(copy, region, (first, last), (first, begin))
    word = f"line {begin} is in another section"
    return Told(SOURCE, word, f"- region: {later}\n", "lines:")


def section_lines_reversed(copy: Copy) -> Told:
    """Let a section end before it begins."""
    region, first, last = sections(copy)[0]
    move_section(copy, region, (first, last), (last, first))
    return Told(SOURCE, "lines reversed", f"- region: {region}\n")


def claims_without_section(copy: Copy) -> Told:
    """Add claims on a region of which the source does not speak."""
    copy.write(claims_of(copy, "xizang"), "region: xizang\nclaims: []\n")
    return Told(SOURCE, "claims/xizang.yaml has no section", at="sections:")


def section_without_claims(copy: Copy) -> Told:
    """Delete the claims on a region of which the source speaks."""
    (copy.root / (name := copy.untouched())).unlink()
    region = name.rpartition("/")[2].removesuffix(".yaml")
    return Told(SOURCE, "no claims file", f"- region: {region}\n")


def unread_lines(copy: Copy) -> Told:
    """Forget to say that the first line of a text belongs to no section."""
    copy.write(SOURCE, copy.read(SOURCE).replace("\noutside: [[1, ", "\noutside: [[2, "))
    return Told(TEXT, "no section holds line 1")


def text_changed(copy: Copy) -> Told:
    """Change the text where no section is."""
    copy.write(TEXT, f"x{copy.read(TEXT)}")
    return Told(SOURCE, "SHA-256 differs", at="sha256:")


# --- all of them --------------------------------------------------------------------------

QUOTE: Final = r'(    quote: )"([^"\\]*)"'
LABEL: Final = r'    label: \{zh: "([^"a-zA-Z0-9]*)", en: "[^"]*"\}'
FROM: Final = r"deadline: \{from: (\S+)\}"
DATED: Final = r'date: "[^"]*", precision: [a-z-]+'
BOMB: Final = "bomb: &a [x, x]\nbigger: &b [*a, *a]\nbiggest: [*b, *b, *b, *b]\n"

RECORDS: Final[dict[str, Mistake]] = {
    "section beyond the end": section_beyond_the_end,
    "overlapping sections": overlapping_sections,
    "claims file without section": claims_without_section,
    "text changed": text_changed,
    "lines that no section holds": unread_lines,
    "heading label that does not match": in_file(
        SOURCE, r"(\n    headings: \[\[.*\n.*\n    label:\n)      zh: ", r'\1      zh: "误" #',
        "the heading in the text is", 'label:\n      zh: "误"',
    ),
    "unknown section of a gap": in_block(
        SOURCE, r"    section: \S+", "    section: nowhere", "no section on 'nowhere'"
    ),
    "unknown field": in_block(CLAIMS, r"    scope:", "    scoop:", "no field 'scoop'"),
    "wrong type": in_block(CLAIMS, r"    themes: .*", "    themes: data", "should be a list"),
    "missing required field": in_block(
        CLAIMS, r"    strength: .*\n", "", "a required field is missing", ""
    ),
    "unknown value of a list": in_block(
        CLAIMS, r"    strength: commit", "    strength: comit", "did you mean commit?"
    ),
    "unknown kind": in_block(CLAIMS, r"    kind: target", "    kind: targt", "mean target?"),
    "malformed key": in_block(CLAIMS, r"  - key: ", "  - key: X_", "malformed"),
    "unknown theme": in_block(CLAIMS, r"    themes: \[", "    themes: [dada, ", "mean data?"),
    "wrong region of a file": in_file(
        CLAIMS, r"^region: \w+", "region: nowhere", "should be the file's name", "region: nowhere"
    ),
    "quote not in the text": in_block(CLAIMS, QUOTE, r'\1"量子\2"', "not in the section"),
    "quote that stands twice": in_block(
        CLAIMS, r'    quote: \{exact: ("[^"]*"), nth: \d\}', r"    quote: \1", "stands 2 times"
    ),
    "nth too large": in_block(
        CLAIMS, r'(    quote: \{exact: "[^"]*", nth: )\d', r"\g<1>99", "stands only"
    ),
    "quote set aside that is not in the text": in_file(
        CLAIMS, r'^(set_aside:\n  - quote: )"[^"]*"', r'\1"量子"', "not in the section", '"量子"\n'
    ),
    "quote of another place that is not in the text": in_file(
        CLAIMS, r'^(about:\n  - quote: )"[^"]*"', r'\1"量子力"', "not in the section", '"量子力"'
    ),
    "quote of a gap that is not in the text": in_block(
        SOURCE, r'    quotes: \["', '    quotes: ["量子', "not in the section"
    ),
    "unknown concept": in_block(
        CLAIMS, r"    concepts: \[[a-z]", "    concepts: [no-idea-", "unknown concept 'no-idea-"
    ),
    "unknown platform": in_block(
        CLAIMS, r"    platform: \S+", "    platform: nowhere", "unknown platform 'nowhere'"
    ),
    "unknown initiative": in_block(
        CLAIMS, r"    initiative: \S+", "    initiative: nowhere", "unknown initiative 'nowhere'"
    ),
    "unknown region": in_block(
        PLATFORMS, r"    regions: \[\w+", "    regions: [nowhere", "unknown region 'nowhere'"
    ),
    "unknown broader concept": in_block(
        CONCEPTS, r"    broader: \[[a-z]", "    broader: [no-idea-", "unknown concept 'no-idea-"
    ),
    "one key twice in a file": one_key_twice_in_a_file,
    "one key in two files": one_key_in_two_files,
    "dangling milestone": in_block(
        CLAIMS, FROM, "deadline: {from: nowhere}", "unknown milestone 'nowhere'"
    ),
    "milestone of another section": milestone_of_another_section,
    "milestone later than its target": milestone_later_than_its_target,
    "day that does not exist": in_block(
        CLAIMS, DATED, 'date: "2021-02-30", precision: day', "no date of precision day"
    ),
    "month that does not exist": in_block(
        CLAIMS, DATED, 'date: "2021-13", precision: month', "no date of precision month"
    ),
    "date that does not fit its precision": in_block(
        CLAIMS, DATED, 'date: "2021", precision: month-end', "write it like 2021-08"
    ),
    "deadline both own and inherited": in_block(
        CLAIMS, FROM, r'deadline: {from: \1, wording: "年底"}', "`from` and nothing else"
    ),
    "deadline from nowhere": in_block(
        CLAIMS, FROM, 'deadline: {wording: "到2050年", date: "2050", precision: year}',
        "the date wording '到2050年' is not in the quote",
    ),
    "share of 400 percent": in_block(
        CLAIMS, r"value: \d+(\s+unit: percent\n)", r"value: 400\1", "a share of 400", "- wording"
    ),
    "share of nothing": in_block(
        CLAIMS, r"(unit: percent\n.*\n)        of: .*\n", r"\1", "a share has `of`", "- wording"
    ),
    "label without English": in_block(CLAIMS, LABEL, r'    label: {zh: "\1"}', "field is missing"),
    "English label in Chinese": in_block(
        CLAIMS, LABEL, r'    label: {zh: "\1", en: "\1"}', "without Latin letters"
    ),
    "control character in a label": in_block(
        CLAIMS, LABEL, r'    label: {zh: "\1\\u202E", en: "x"}', "RIGHT-TO-LEFT OVERRIDE"
    ),
    "framework of one part": in_block(
        CLAIMS, r"    slogan: .*\n((?:    .*\n)*?    parts:\n      - .*\n)(?:      .*\n)*", r"\1",
        "at least two parts", "",
    ),
    "part that is not in the quote": in_block(
        CLAIMS, r'      - \{wording: "[^"]*"', '      - {wording: "量子"', "neither in the quote"
    ),
    "concept neither broader nor top": in_block(
        CONCEPTS, r"    broader: .*\n", "", "either `broader` or `top: true`", ""
    ),
    "cycle of broader concepts": in_block(
        CONCEPTS, r"(  - key: (\S+)\n(?:    .*\n)*?)    broader: .*", r"\1    broader: [\2]",
        "a cycle", "broader:",
    ),
    "related to its own ancestor": in_block(
        CONCEPTS, r"    broader: \[([^\],]+)\]\n    related: .*",
        r"    broader: [\1]\n    related: [\1]", "is broader or narrower", "related:",
    ),
    "label of another concept": label_of_another_concept,
    "homonym without only_in": homonym_without_only_in,
    "homonym in another region": homonym_in_another_region,
    "bad region code": in_file(REGIONS, r",130000,", ",13000,", "'13000' is malformed"),
    "unknown region of a region": in_file(
        REGIONS, r"^(jjj,.*)tianjin", r"\1tianjing", "unknown region 'tianjing'"
    ),
    "missing pinyin": in_block(INITIATIVES, r"    pinyin: .*\n", "", "field is missing", ""),
}  # fmt: skip
"""Mistakes in records that can be read as files; all of them can stand in one copy."""

FILES: Final[dict[str, Mistake]] = {
    "section without claims file": section_without_claims,
    "bad UTF-8": instead(lambda data: data + b"# \xff\n", "not UTF-8", "\ufffd"),
    "GB18030": instead(
        lambda data: data.decode().encode("gb18030"), "looks like GB18030", "\ufffd"
    ),
    "CRLF": instead(lambda data: data.replace(b"\n", b"\r\n"), "not LF"),
    "byte-order mark": instead(lambda data: b"\xef\xbb\xbf" + data, "byte-order mark"),
    "empty file": instead(lambda _: b"", "the file is empty"),
    "only comments": instead(lambda _: b"# nothing\n", "only comments"),
    "tab": behind("about:\n\t- x\n", "a tab", "\t"),
    "alias bomb": behind(BOMB, "anchors and aliases", "bomb:"),
    "anchor": behind("about: &a []\n", "anchors and aliases", "&a"),
    "tag": behind("about: !!set {}\n", "tags (!)", "!!set"),
    "duplicate key": behind("region: again\n", "duplicate key region", "region: again"),
    "two documents": behind("---\nregion: x\n", "only one YAML document", "region: x\n"),
    "brackets left open": behind("about: [{quote: x}\n", "not YAML", "about:"),
}
"""Mistakes that spoil a whole claims file, each another one."""

ALONE: Final[dict[str, Mistake]] = {
    "section lines reversed": section_lines_reversed,
    "missing text": missing(TEXT),
    "missing platforms": missing(PLATFORMS),
    "tab in concepts": in_file(CONCEPTS, r"^    broader:", "\tbroader:", "a tab", "\t"),
    "wrong head of a table": in_file(REGIONS, r"\Akey,", "keys,", "wrong columns"),
    "too few cells in a row": in_file(
        REGIONS, r"^hebei,.*", "hebei,province", "the wrong number of cells"
    ),
}
"""Mistakes that leave nothing to compare others with."""
