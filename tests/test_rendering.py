"""Tables as text: which columns people see, five formats, and HTML in which nothing is markup."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from typing import Final

import pytest

from kg.cli.terminal import pretty
from kg.rendering import (
    TEXT_FORMATS,
    columns_for_people,
    quotes,
    safe,
    to_html,
    to_markdown,
    written,
)
from kg.results import Table, Term

SENTENCE: Final = "到2022年,全面推行一网通办,基本建成数字政府。"
QUOTE: Final = "全面推行一网通办"
HOSTILE: Final = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' x='",
    "</td></tr></table><img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp; <!-- -->",
    "一行\n两行\r\n三行\r四行",
    "\u202eevil\u202c \u2066x\u2069 \u200f",
    "\x00\x07\x1b[31m\x7f\x85",
    "𠮷🙂 ‘引号’“双”|竖线\\|反斜杠\\",
)
"""Values that try to be something else than a text."""


def text(value: str) -> Term:
    """Make a literal."""
    return Term("literal", value)


def table(**columns: str | None) -> Table:
    """Make a table of one row."""
    terms = (None if value is None else text(value) for value in columns.values())
    return Table(tuple(columns), (tuple(terms),))


class Reader(HTMLParser):
    """Reads a page: its elements, whether they close in order, the text of each cell and mark."""

    def __init__(self, page: str) -> None:
        """Read it at once."""
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.marks: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; a line break in a cell is one in its text."""
        self.names.add(tag)
        self.attributes += attrs
        if tag == "br":
            self.handle_data("\n")
            return
        self.open.append(tag)
        if tag in {"td", "th", "caption"}:
            self.cells.append("")
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        """Hold that the innermost element is the one that ends."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text of a cell and of a mark."""
        if {"td", "th", "caption"} & set(self.open):
            self.cells[-1] += data
        if "mark" in self.open:
            self.marks[-1] += data


# --- columns ------------------------------------------------------------------------------------

COLUMNS: Final = (
    "region", "regionLabel", "regionLabelEn", "indicator", "indicatorEn", "claims",
    "quote", "sentence", "line", "statement", "inSource", "inSourceLabel", "inSourceLabelEn",
)  # fmt: skip


def sourced(*sources: str) -> Table:
    """Make a table of all kinds of columns, a row for each source."""
    rows = (tuple(text(s if c.startswith("inSource") else c) for c in COLUMNS) for s in sources)
    return Table(COLUMNS, tuple(rows))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", ["regionLabel", "indicator", "claims", "sentence", "line"]),
        ("en", ["regionLabelEn", "indicatorEn", "claims", "sentence", "line"]),
    ],
)
def test_people_see_labels_of_one_language_and_whole_sentences(
    language: str, shown: list[str]
) -> None:
    """Not the thing, nor what stands in the other language, nor a quote that its sentence holds."""
    assert columns_for_people(sourced("one"), language) == shown


def test_people_see_the_source_where_there_are_several() -> None:
    """Of one source it would be the same in each row."""
    assert columns_for_people(sourced("one", "two"), "zh")[-1] == "inSourceLabel"


def test_a_quote_without_its_sentence_is_shown() -> None:
    """What no other column holds is not left out."""
    assert columns_for_people(table(quote="x", statement="y"), "zh") == ["quote"]


def test_a_thing_without_labels_is_shown() -> None:
    """Better a code than nothing."""
    assert columns_for_people(table(region="kgr:x"), "en") == ["region"]


def test_each_row_has_its_quote() -> None:
    """Empty where a row or the table has none."""
    assert quotes(Table(("quote",), ((text("一"),), (None,)))) == ["一", ""]
    assert quotes(table(region="x")) == [""]


# --- text ---------------------------------------------------------------------------------------


def parsed(form: str, written_text: str) -> list[dict[str, str]]:
    """Read a text of a table back, cells that are empty left out."""
    if form == "json":
        rows = json.loads(written_text)
    elif form == "ndjson":
        rows = [json.loads(line) for line in written_text.split("\n")[:-1]]
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(written_text, newline="")))
    else:
        head, *lines = (line.split("\t") for line in written_text.split("\n")[:-1])
        rows = [dict(zip(head, line, strict=True)) for line in lines]
    return [{name: value for name, value in row.items() if value} for row in rows]


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_text_format_keeps_every_value(form: str, value: str) -> None:
    """What was written is what is read, whatever signs it holds; what is unbound is left out."""
    given = table(a="一网通办", b=value, c=None)
    assert parsed(form, written(given, form, {})) == [{"a": "一网通办", "b": value}]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_row_of_tsv_is_one_line(value: str) -> None:
    """Line ends, tabs and backslashes of a value are escaped, so that a row can be cut by tabs."""
    out = written(table(a=f"{value}\t", b="二"), "tsv", {})
    (row,) = parsed("tsv", out)
    assert row["b"] == "二"
    assert out.count("\n") == 2
    assert "\r" not in out


@pytest.mark.parametrize("form", TEXT_FORMATS)
def test_chinese_is_written_as_it_is(form: str) -> None:
    """No format writes Chinese as code points."""
    assert "一网通办𠮷" in written(table(a="一网通办𠮷"), form, {})


@pytest.mark.parametrize("form", [form for form in TEXT_FORMATS if form != "md"])
def test_formats_for_programs_have_every_column(form: str) -> None:
    """Heads and columns for people are Markdown's alone."""
    out = written(table(a="x", b="y"), form, {"a": "甲"}, ["a"])
    assert (parsed(form, out), "甲" in out) == ([{"a": "x", "b": "y"}], False)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("csv", "a,b\n"), ("tsv", "a\tb\n"), ("json", "[]\n"), ("ndjson", ""),
        ("md", "| 甲 | b |\n| --- | --- |\n"),
    ],
)  # fmt: skip
def test_a_table_without_rows_is_written(form: str, expected: str) -> None:
    """Its head, where the format has one."""
    assert written(Table(("a", "b"), ()), form, {"a": "甲"}) == expected


def test_markdown_is_for_people() -> None:
    """It has the columns for people, under their heads."""
    out = written(table(a="x", b="y"), "md", {"b": "乙"}, ["b"])
    assert out == "| 乙 |\n| --- |\n| y |\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("a|b", r"a\|b"),
        (r"a\|b", r"a\\\|b"),
        ("a\nb\r\nc\rd", "a<br>b<br>c<br>d"),
        ("<b>&lt;", r"\<b>&lt;"),
        ("", ""),
    ],
)
def test_a_value_stays_in_its_cell_of_markdown(value: str, cell: str) -> None:
    """Bars, backslashes and line ends of a value part no cell and no row."""
    assert to_markdown(table(x=value), {}).split("\n")[2] == f"| {cell} |"


# --- truths -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("zh", "是"), ("en", "yes"), ("", "true")])
def test_a_truth_is_a_word_for_people(language: str, word: str) -> None:
    """Tables for people say it in their language; a text that looks like one stays as it is."""
    truth = Term("literal", "true", datatype="http://www.w3.org/2001/XMLSchema#boolean")
    given = Table(("a", "b"), ((truth, Term("literal", "true")),))
    assert to_markdown(given, {}, language).split("\n")[2] == f"| {word} | true |"
    assert f"<td>{word}</td><td>true</td>" in to_html(given, {}, ["a", "b"], "", language)
    assert pretty(given, {}, [""], language).split("\n")[3].split() == [word, "true"]
    assert written(given, "csv", {}, None, language) == "a,b\ntrue,true\n"


# --- HTML ---------------------------------------------------------------------------------------


def page(given: Table, **heads: str) -> Reader:
    """Write all columns of a table as HTML, and read it."""
    return Reader(to_html(given, heads, given.columns))


def test_a_quote_is_marked_in_its_sentence() -> None:
    """What the row rests on stands out in the sentence around it, which stays whole."""
    found = page(table(sentence=SENTENCE, quote=QUOTE))
    assert (found.marks, found.cells[2:]) == ([QUOTE], [SENTENCE, QUOTE])


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [(SENTENCE, None), (SENTENCE, SENTENCE), (SENTENCE, "不在其中"), (None, QUOTE), (SENTENCE, "")],
)
def test_nothing_is_marked_that_is_no_part(sentence: str | None, quote: str | None) -> None:
    """A quote that is the whole sentence, stands elsewhere or is not there marks nothing."""
    assert page(table(sentence=sentence, quote=quote)).marks == []


def test_only_a_sentence_is_marked() -> None:
    """A label that happens to hold the words of the quote is no evidence."""
    found = page(table(label=f"省级{QUOTE}", sentence=SENTENCE, quote=QUOTE))
    assert found.marks == [QUOTE]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_quote_is_marked_whatever_it_holds(value: str) -> None:
    """A mark holds the quote as a text, between texts."""
    found = page(table(sentence=f"<前>{value}<后>", quote=value))
    assert found.marks == [shown(value)]
    assert found.names <= {"table", "thead", "tbody", "tr", "th", "td", "mark", "br"}


def shown(value: str) -> str:
    """Give a value as a reader of the page sees it: line ends alike, the unseen as code points."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    seen = (c if c == "\n" or c.isprintable() else ascii(c)[1:-1] for c in lines)
    return "".join(seen)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_is_markup(value: str) -> None:
    """A value in a cell, a head or the caption is a text: no element, no attribute, no order."""
    out = to_html(table(a=value), {"a": value}, ["a"], value)
    found = Reader(out)
    assert found.names <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "br"}
    assert set(found.attributes) == {("scope", "col")}
    assert found.cells == [shown(value)] * 3


@pytest.mark.parametrize("value", HOSTILE)
def test_a_page_has_no_character_that_is_not_seen(value: str) -> None:
    """Nothing reorders, rings or ends the text: such characters are told by their code point."""
    assert safe(value).isprintable()


def test_an_unbound_cell_is_empty() -> None:
    """What is not known is no word of its own."""
    assert page(table(a=None)).cells == ["a", ""]


def test_html_has_the_columns_that_are_shown() -> None:
    """Under their heads, in the order asked for."""
    out = to_html(table(a="x", b="y", c="z"), {"b": "乙"}, ["c", "b"])
    assert Reader(out).cells == ["c", "乙", "z", "y"]
