"""YAML and CSV become plain values with lines; what cannot be read is one problem, on its line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from kg.errors import Problem, RecordsError
from kg.marks import MAX_BYTES, MAX_DEPTH, Marked, Value, parse_yaml, read_csv, read_text, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"


def value(text: str) -> Value:
    """Give the value of a scalar."""
    parsed = parse_yaml(f"x: {text}\n", "f.yaml").value
    assert isinstance(parsed, dict)
    return parsed["x"]


def refused(text: str) -> Problem:
    """Give the one problem of a text that is not read."""
    with pytest.raises(RecordsError) as caught:
        parse_yaml(text, "f.yaml")
    (problem,) = caught.value.problems
    return problem


def refused_file(path: Path, data: bytes) -> Problem:
    """Give the one problem of a file that is not read."""
    path.write_bytes(data)
    with pytest.raises(RecordsError) as caught:
        read_yaml(path, "f.yaml")
    (problem,) = caught.value.problems
    return problem


def refused_csv(path: Path, data: str) -> Problem:
    """Give the one problem of a table that is not read."""
    path.write_text(data, encoding="utf-8", newline="")
    with pytest.raises(RecordsError) as caught:
        read_csv(path, "f.csv", ("a", "b"))
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    "text",
    ["no", "yes", "on", "off", "1:30", "2021-08-31", "2021-08", "2021/2025", "1_000", "1,5", "<<"],
)
def test_what_yaml_1_1_would_change_stays_text(text: str) -> None:
    """Country codes, times and dates are words to the core schema."""
    assert value(text) == text


@pytest.mark.parametrize(
    ("text", "number"), [("10", 10), ("010", 10), ("-3", -3), ("+3", 3), ("0", 0)]
)
def test_digits_are_whole_numbers_in_base_ten(text: str, number: int) -> None:
    """A leading zero does not make a number octal."""
    found = value(text)
    assert found == number
    assert type(found) is int


@pytest.mark.parametrize("text", ["0.1", "95.0", ".5", "5.", "1e3", "-2.5E-3"])
def test_fractions_are_decimals(text: str) -> None:
    """A number is kept digit by digit, never as a binary float."""
    found = value(text)
    assert isinstance(found, Decimal)
    assert str(found) == str(Decimal(text))


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "false", "False", "FALSE"])
def test_booleans_have_three_spellings(text: str) -> None:
    """True and false, in the spellings of the core schema."""
    assert value(text) is (text.lower() == "true")


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_none(text: str) -> None:
    """An empty value is nothing, and so is the word for it."""
    assert value(text) is None


@pytest.mark.parametrize("text", ["10", "true", "null", "", "0.5", "2021"])
def test_quoted_scalars_are_text(text: str) -> None:
    """In quotation marks nothing is converted."""
    assert value(f'"{text}"') == text


@pytest.mark.parametrize("text", ["9" * 5000, "1e99999999999999999999", ".inf", ".nan", "１２"])
def test_what_is_no_finite_number_stays_text(text: str) -> None:
    """Numbers beyond all measure do not crash the reader: the field will refuse the text."""
    assert value(text) == text


def test_an_escaped_tab_of_a_quoted_scalar_is_a_tab() -> None:
    """So a quote can hold the tab that its text has, though no file may have one itself."""
    assert parse_yaml('quote: "政\\t务"\n', "f.yaml").value == {"quote": "政\t务"}


def test_every_path_has_its_line() -> None:
    """Keys, items of both styles of list and nested values know where they stand."""
    marked = parse_yaml("# head\na:\n  - b: 1\n    c: [x,\n      y]\n", "f.yaml")
    assert [marked.line(*path) for path in (("a",), ("a", 0), ("a", 0, "c"), ("a", 0, "c", 1))] == [
        2, 3, 4, 5,
    ]  # fmt: skip


def test_a_path_that_is_missing_has_the_line_of_its_parent() -> None:
    """A field that should be there is told where its record begins."""
    marked = parse_yaml("a:\n  - b: 1\n  - c: 2\n", "f.yaml")
    assert marked.line("a", 1, "label", "zh") == 3


def test_a_path_into_an_empty_mark_has_line_one() -> None:
    """Without any mark the first line is told."""
    assert Marked("f.yaml", None, {}).line("x") == 1


def test_signs_beyond_the_bmp_do_not_move_lines() -> None:
    """Lines are counted by line breaks, whatever stands between them."""
    assert parse_yaml('a: "𠮷🙂"\nb: 1\n', "f.yaml").line("b") == 2


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: 1\nb: &x 1\n", 2, "anchors"),
        ("a: 1\nb: *x\n", 2, "anchors"),
        ("a: 1\n&x b: 1\n", 2, "anchors"),
        (BOMB, 1, "anchors"),
        ("a: 1\nb: !!str 1\n", 2, "tags"),
        ("a: 1\nb: !x [1]\n", 2, "tags"),
        ("a: 1\nb: ! 1\n", 2, "tags"),
        ("a: 1\nb: 2\na: 3\n", 3, "duplicate key a"),
        ("x:\n  - {a: 1, b: 2, a: 3}\n", 2, "duplicate key a"),
        ("a: 1\n[b]: 2\n", 2, "a key must be a word"),
        ("a:\n\tb: 1\n", 2, "tab"),
        ("a: 1\nb:\tc\n", 2, "tab"),
        ('a: 1\nb: "x\ty"\n', 2, "tab"),
        ("a: 1\nb: x\u2028y\n", 2, "U+2028"),
        ("a: 1\n\nb: x\x85y\n", 3, "U+0085"),
        ("# only\n# words\n", 1, "comments"),
        ("a: 1\n---\nb: 1\n", 3, "one YAML document"),
        ("a: 1\n...\nb\n", 3, "not YAML"),
        ("a: 1\nb: c: d\n", 2, "not YAML"),
        ("a: 1\n  b: 2\n", 2, "not YAML"),
        ('a: 1\nb: "x\nc: 1\n', 2, "not YAML"),
        ("a: 1\nb: [1,\n  2\n", 2, "not YAML"),
        ("政务政务: 1\n政: 2\nc: \x07\n" + "d: 1\n" * 9, 3, "control characters"),
        ("a: 1\nb: \x00\n", 2, "control characters"),
    ],
)
def test_yaml_that_is_refused_gives_one_problem_on_its_line(
    text: str, line: int, word: str
) -> None:
    """Nothing is guessed, nothing expanded, and the line is that of the mistake."""
    problem = refused(text)
    assert (problem.file, problem.line) == ("f.yaml", line)
    assert word in problem.en


def test_a_duplicate_key_names_the_line_of_the_first() -> None:
    """The curator need not search for the other one."""
    assert "line 2" in refused("x: 1\na: 1\nb: 2\na: 3\n").hint_en


@pytest.mark.parametrize("brackets", [MAX_DEPTH + 1, 200, 20_000])
def test_deep_nesting_is_refused(brackets: int) -> None:
    """However deep, the answer is one problem and no exhausted stack."""
    assert "deeper" in refused("a: 1\nb: " + "[" * brackets + "]" * brackets).en


def test_nesting_up_to_the_bound_is_read() -> None:
    """What stands at the bound is allowed."""
    depth = MAX_DEPTH - 1
    assert value("[" * depth + "]" * depth) is not None


def test_an_unreadable_file_is_marked_as_such() -> None:
    """The code tells programs that the whole file was not read."""
    assert refused("a: [").code == "unreadable"


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b"", 1, "empty"),
        (b" \n\n", 1, "empty"),
        (b"\xef\xbb\xbfa: 1\n", 1, "byte-order mark"),
        (b"a: 1\nb: \xff\xfe\n", 2, "UTF-8"),
        (b"a: 1\r\nb: 2\r\n", 1, "LF"),
        (b"a: 1\nb: 2\rc: 3\n", 2, "LF"),
        ("a: 1\nb: “政务”\n".encode("gb18030"), 2, "UTF-8"),
        ("a: 政\n".encode("utf-16"), 1, "UTF-8"),
    ],
)
def test_files_in_another_form_are_refused(
    tmp_path: Path, data: bytes, line: int, word: str
) -> None:
    """Encoding and line ends are told before YAML is tried."""
    problem = refused_file(tmp_path / "f.yaml", data)
    assert problem.line == line
    assert word in problem.en


def test_gb18030_is_recognised(tmp_path: Path) -> None:
    """A file saved by an older Chinese editor is told how to be converted."""
    problem = refused_file(tmp_path / "f.yaml", "a: 政务\n".encode("gb18030"))
    assert "iconv -f GB18030" in problem.hint_en


def test_a_missing_file_is_one_problem(tmp_path: Path) -> None:
    """The reason of the system is given."""
    with pytest.raises(RecordsError) as caught:
        read_text(tmp_path / "none.yaml", "none.yaml")
    assert "No such file" in caught.value.problems[0].en


def test_a_folder_in_the_place_of_a_file_is_one_problem(tmp_path: Path) -> None:
    """What is no file cannot be read either."""
    with pytest.raises(RecordsError) as caught:
        read_text(tmp_path, "folder")
    assert "directory" in caught.value.problems[0].en


def test_a_file_that_is_far_too_large_is_refused(tmp_path: Path) -> None:
    """Nothing is parsed above the bound."""
    problem = refused_file(tmp_path / "f.yaml", b"#" * (MAX_BYTES + 1))
    assert str(MAX_BYTES) in problem.en


def test_a_table_is_read_row_by_row_with_lines(tmp_path: Path) -> None:
    """Empty cells are left out, and a row knows its line."""
    path = tmp_path / "f.csv"
    path.write_text('a,b\n1,\n"x,y",2\n', encoding="utf-8")
    marked = read_csv(path, "f.csv", ("a", "b"))
    assert marked.value == ({"a": "1"}, {"a": "x,y", "b": "2"})
    assert [marked.line(number) for number in (0, 1)] == [2, 3]


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        ("a,c\n1,2\n", 1, "wrong columns: ['b', 'c']"),
        ("b,a\n1,2\n", 1, "wrong columns: ['b', 'a']"),
        ("a,a,b\n1,2,3\n", 1, "wrong columns"),
        ("a,b\n1,2\n3\n", 3, "number of cells"),
        ("a,b\n1,2,3\n", 2, "number of cells"),
        ('a,b\n1,2\n"3"x,4\n', 3, "not CSV"),
        ('a,b\n1,2\n"3,4\n', 3, "not CSV"),
    ],
)
def test_a_table_that_is_refused_gives_one_problem_on_its_line(
    tmp_path: Path, data: str, line: int, word: str
) -> None:
    """Head, number of cells and quotation marks have to be right."""
    problem = refused_csv(tmp_path / "f.csv", data)
    assert problem.line == line
    assert word in problem.en


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: 1\nkind：target\nb: 2\n", "ASCII colon"),
        ("a:\n  b: 1\n\u3000\u3000c: 2\n", "ASCII blanks"),
    ],
)
def test_full_width_punctuation_is_named(text: str, hint: str) -> None:
    """Chinese input methods leave colons and blanks that YAML does not know."""
    with pytest.raises(RecordsError) as raised:
        parse_yaml(text, "a.yaml")
    assert hint in raised.value.problems[0].hint_en
