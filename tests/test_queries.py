"""A saved query is read strictly, is SPARQL as it stands, and takes values as terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from graph_fixtures import (
    PLATFORMS_OF_CONCEPT,
    ROOT,
    open_engine,
    small_project,
)
from hypothesis import given as generated
from hypothesis import strategies as st

from kg.errors import NamingError, QuestionsError, UsageError
from kg.names import expand
from kg.queries import SavedQuery, read_query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.errors import Problem
    from kg.graph import KnowledgeGraph


def write(folder: Path, text: str) -> SavedQuery:
    """Write a query into a folder and read it."""
    path = folder / "platforms-of-concept.rq"
    path.write_text(text, encoding="utf-8")
    return read_query(path, "queries/platforms-of-concept.rq")


def problems(folder: Path, old: str, new: str) -> tuple[Problem, ...]:
    """Read the sample query with some words replaced, and give what is wrong with it."""
    assert PLATFORMS_OF_CONCEPT.count(old) == 1, old
    with pytest.raises(QuestionsError) as caught:
        write(folder, PLATFORMS_OF_CONCEPT.replace(old, new))
    return caught.value.problems


def line_of(words: str) -> int:
    """Tell the line of the sample query on which some words stand."""
    return PLATFORMS_OF_CONCEPT.count("\n", 0, PLATFORMS_OF_CONCEPT.index(words)) + 1


@pytest.fixture
def query(tmp_path: Path) -> SavedQuery:
    """Give the sample query."""
    return write(tmp_path, PLATFORMS_OF_CONCEPT)


# --- the header ---------------------------------------------------------------------------------


def test_a_header_gives_its_fields(query: SavedQuery) -> None:
    """Id, question, parameters and columns come from the lines that begin with #+."""
    header = query.header
    assert (query.id, header.question.en, list(header.params), list(header.columns)) == (
        "platforms-of-concept",
        "Which platforms realise a concept?",
        ["concept", "region", "by"],
        ["platform", "platformLabel", "platformLabelEn", "claims"],
    )


def test_a_header_has_defaults(query: SavedQuery) -> None:
    """View, order and least number of rows need not be given."""
    header = query.header
    assert (header.view, header.order, header.min_rows) == ("table", "set", 1)


def test_the_query_is_what_stands_below_the_header(query: SavedQuery) -> None:
    """The SPARQL is the file without its header."""
    assert query.sparql.startswith("PREFIX kg:")
    assert "#+" not in query.sparql


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("#+ tags:", "#+ tag:", "tag", "did you mean tags"),
        ("#+ version: 1.0.0", '#+ version: "1"', "version", "malformed"),
        ("#+ tags: [test]", "#+ tags: [Test]", "tags", "malformed"),
        ("#+ tags: [test]", "#+ min_rows: -1", "min_rows", "too small"),
        ("#+ tags: [test]", "#+ view: pie", "view", "is not one of the values"),
        ("#+ tags: [test]", "#+ order: sorted", "order", "is not one of the values"),
        ("#+ tags: [test]", "#+ endpoint: x", "endpoint", "no field"),
        ("many: true", "several: true", "several", "no field"),
        ('title: {zh: "实现某一概念的平台", en', "title: {en", "title.zh", "missing"),
        ("role: key}", "role: id}", "role", "is not one of the values"),
        ("#+ key: [platform]", "#+ key: [nothing]", "key", "no column 'nothing'"),
        ('datatype: "xsd:date"', 'datatype: "xsd:dateTime"', "by", "the datatype is one of"),
        ('type: literal, datatype: "xsd:date"', "type: iri", "by", "an iri has a class"),
        ('iri, class: "kg:Region"', 'literal, class: "kg:Region"', "region", "an iri has a class"),
        ('class: "kg:Region"', 'class: "kg:Province"', "region", "the class is one of"),
        ('class: "kg:Region"', 'class: "kg:Value"', "region", "has the scheme that lists it"),
        ("#+ id: platforms-of-concept", "#+ id: platforms", "id", "should be called platforms.rq"),
        ('example: "上海", ', "", "region.example", "missing"),
        ("#+ tags: [test]", '#+ tags: "a" b', "", "YAML"),
        ("#+ tags: [test]", "#+ tags: *anchor", "", ""),
        ("#+ tags: [test]", "#+ version: 1.0.0", "", ""),
    ],
)  # fmt: skip
def test_a_wrong_header_is_told_by_line(
    tmp_path: Path, old: str, new: str, field: str, said: str
) -> None:
    """What is wrong in a header is one problem, with the file, its line and its field."""
    (problem,) = problems(tmp_path, old, new)
    assert (problem.file, problem.line) == ("queries/platforms-of-concept.rq", line_of(old))
    assert field in problem.field
    assert said in str(problem)


@pytest.mark.parametrize(
    "name", ["id", "version", "summary", "title", "question", "description", "columns", "key"]
)
def test_a_missing_field_is_told(tmp_path: Path, name: str) -> None:
    """Each field that must be there is named when it is not."""
    lines = PLATFORMS_OF_CONCEPT.split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith(f"#+ {name}:"))
    last = next(i for i in range(first + 1, len(lines)) if not lines[i].startswith("#+   "))
    with pytest.raises(QuestionsError) as caught:
        write(tmp_path, "\n".join([*lines[:first], *lines[last:]]))
    assert [(p.field, p.file) for p in caught.value.problems] == [
        (f"header.{name}", "queries/platforms-of-concept.rq")
    ]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    """Two wrong fields are two problems."""
    text = PLATFORMS_OF_CONCEPT.replace("#+ tags:", "#+ tag:").replace("1.0.0", "one")
    with pytest.raises(QuestionsError) as caught:
        write(tmp_path, text)
    assert [problem.line for problem in caught.value.problems] == [
        line_of("#+ version"),
        line_of("#+ tags"),
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("#+ tags:", "#+ tag:"), ("#+ tags: [test]", '#+ tags: "a" b')]
)
def test_lines_above_the_header_are_counted(tmp_path: Path, old: str, new: str) -> None:
    """A comment above the header moves the line of a problem, be it a field or the YAML."""
    with pytest.raises(QuestionsError) as caught:
        write(tmp_path, "# a comment\n# another\n" + PLATFORMS_OF_CONCEPT.replace(old, new))
    assert caught.value.problems[0].line == line_of("#+ tags:") + 2


def test_a_query_without_a_header_is_refused(tmp_path: Path) -> None:
    """Plain SPARQL is no saved query."""
    with pytest.raises(QuestionsError) as caught:
        write(tmp_path, "ASK { ?s ?p ?o }\n")
    assert "no header" in str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PLATFORMS_OF_CONCEPT.encode("gb18030"), "GB18030"),
        (b"\xef\xbb\xbf" + PLATFORMS_OF_CONCEPT.encode(), "byte-order mark"),
        (PLATFORMS_OF_CONCEPT.replace("\n", "\r\n").encode(), "CR"),
        (b"", "empty"),
    ],
)
def test_a_file_in_another_coding_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """A file that is empty or not plain UTF-8 is refused, and why is told."""
    path = tmp_path / "a.rq"
    path.write_bytes(data)
    with pytest.raises(QuestionsError) as caught:
        read_query(path, "queries/a.rq")
    assert said in str(caught.value.problems[0])


def test_a_foreign_prefix_is_refused(tmp_path: Path) -> None:
    """A prefix of the graph stands for its own namespace, and the line is told."""
    old = "PREFIX kg: <https://w3id.org/dgkg/ontology#>"
    (problem,) = problems(tmp_path, old, "PREFIX kg: <http://example.org/>")
    assert (problem.line, problem.field) == (line_of(old), "kg")


def test_an_unknown_prefix_is_refused(tmp_path: Path) -> None:
    """A prefix that the graph does not know is refused."""
    (problem,) = problems(tmp_path, "PREFIX kg:", "PREFIX ex: <http://example.org/>\nPREFIX kg:")
    assert "a foreign prefix <http://example.org/>" in problem.en


def test_a_label_in_one_language_only_is_told(tmp_path: Path) -> None:
    """A thing's label comes in both languages."""
    (problem,) = problems(tmp_path, "#+   platformLabelEn: {label", "#+   english: {label")
    assert (problem.line, problem.en) == (
        line_of("#+   platform:"),
        "the column platformLabelEn is missing",
    )


def test_a_chinese_colon_in_a_header_is_told(tmp_path: Path) -> None:
    """Signs of full width where YAML wants half width are named, with the way out."""
    (problem,) = problems(tmp_path, "#+ version: 1.0.0", "#+ version：1.0.0")
    assert problem.file == "queries/platforms-of-concept.rq"
    assert "半角" in problem.hint_zh
    assert "half width" in problem.hint_en


@pytest.mark.parametrize(
    "block", ["VALUES ?regions { UNDEF }", "VALUES ?region {\n UNDEF }", "VALUES (?region) { (1) }"]
)
def test_a_parameter_without_a_block_of_one_line_is_refused(tmp_path: Path, block: str) -> None:
    """A parameter needs a block of its own name on one line."""
    (problem,) = problems(tmp_path, "VALUES ?region { UNDEF }", block)
    assert (problem.line, problem.field) == (line_of("#+   region"), "params.region")


# --- binding ------------------------------------------------------------------------------------


def values(sparql: str, name: str) -> list[str]:
    """Give what stands in the blocks of a parameter."""
    return re.findall(rf"VALUES \?{name} \{{ (.*?) \}}", sparql)


def test_nothing_bound_is_the_query_as_it_stands(query: SavedQuery) -> None:
    """Without values the query is the file's."""
    assert query.bind({}) == query.sparql


def test_a_value_takes_the_place_of_the_default(query: SavedQuery) -> None:
    """The block of a bound parameter holds its terms, the others stay as they are."""
    bound = query.bind({"concept": ["<http://e/c>"]})
    assert (values(bound, "concept"), values(bound, "region")) == (["<http://e/c>"], ["UNDEF"])


def test_several_values_stand_in_one_block(query: SavedQuery) -> None:
    """A parameter of many values has them side by side."""
    bound = query.bind({"region": ["<http://e/a>", "<http://e/b>"]})
    assert values(bound, "region") == ["<http://e/a> <http://e/b>"]


def test_no_value_is_undef(query: SavedQuery) -> None:
    """An optional parameter bound to nothing is UNDEF."""
    assert values(query.bind({"region": []}), "region") == ["UNDEF"]


def test_every_block_of_a_parameter_is_bound(tmp_path: Path) -> None:
    """A block that is repeated in an inner scope is rewritten too."""
    repeated = PLATFORMS_OF_CONCEPT.replace(
        "  VALUES ?region { UNDEF }\n",
        "  VALUES ?region { UNDEF }\n  MINUS { VALUES ?region { UNDEF } ?x kg:ofRegion ?region }\n",
    )
    bound = write(tmp_path, repeated).bind({"region": ["<http://e/a>"]})
    assert values(bound, "region") == ["<http://e/a>"] * 2


def test_a_longer_name_is_another_parameter(tmp_path: Path) -> None:
    """Binding ?region leaves a block of ?regionLabel alone."""
    longer = PLATFORMS_OF_CONCEPT.replace(
        "  VALUES ?by", "  VALUES ?regionLabel { UNDEF }\n  VALUES ?by"
    )
    bound = write(tmp_path, longer).bind({"region": ["<http://e/a>"]})
    assert values(bound, "regionLabel") == ["UNDEF"]


@pytest.mark.parametrize(
    ("given_date", "day"),
    [
        ("2022", "2022-12-31"),
        ("2022-08", "2022-08-31"),
        ("2024-02", "2024-02-29"),
        ("2022-08-15", "2022-08-15"),
    ],
)
def test_a_date_is_its_last_day(query: SavedQuery, given_date: str, day: str) -> None:
    """A year or month is bound as the last day of it."""
    assert query.term("by", given_date) == f'"{day}"^^<{expand("xsd:date")}>'


@pytest.mark.parametrize(
    "value",
    ["", "22", "2022-13", "2022-02-30", "2022年", "２０２２", "2022-8", "0000", "9999", "2022 "],
)
def test_no_date_is_refused(query: SavedQuery, value: str) -> None:
    """What is no date of a sensible year is a usage error that says so."""
    with pytest.raises(UsageError, match="is no xsd:date"):
        query.term("by", value)


@pytest.fixture
def typed(tmp_path: Path) -> SavedQuery:
    """Give a query with a parameter of each datatype."""
    kinds = ("string", "boolean", "integer")
    params = "".join(
        f'#+   {kind}: {{type: literal, datatype: "xsd:{kind}", default: "1", example: "2", '
        'label: {zh: "值", en: "Value"}}\n'
        for kind in kinds
    )
    plain = (
        '#+   plain: {type: literal, default: "1", example: "2", label: {zh: "值", en: "Value"}}\n'
    )
    blocks = "".join(f"  VALUES ?{kind} {{ 1 }}\n" for kind in (*kinds, "plain"))
    text = PLATFORMS_OF_CONCEPT.replace("#+ columns:", f"{params}{plain}#+ columns:")
    return write(tmp_path, text.replace("  VALUES ?by", f"{blocks}  VALUES ?by"))


@pytest.mark.parametrize("value", ["true", "false"])
def test_a_boolean_is_bound(typed: SavedQuery, value: str) -> None:
    """True and false are booleans."""
    assert typed.term("boolean", value) == f'"{value}"^^<{expand("xsd:boolean")}>'


@pytest.mark.parametrize("value", ["True", "1", "yes", "是", "", "true "])
def test_no_boolean_is_refused(typed: SavedQuery, value: str) -> None:
    """Any other word is refused."""
    with pytest.raises(UsageError, match="is no xsd:boolean"):
        typed.term("boolean", value)


@pytest.mark.parametrize(("value", "lexical"), [("5", "5"), ("+05", "5"), ("-3", "-3")])
def test_an_integer_is_bound_in_canonical_form(typed: SavedQuery, value: str, lexical: str) -> None:
    """Signs and zeros that say nothing are left out."""
    assert typed.term("integer", value) == f'"{lexical}"^^<{expand("xsd:integer")}>'


@pytest.mark.parametrize("value", ["", "1.5", "1e3", "五", "1 }", "9" * 5000])
def test_no_integer_is_refused(typed: SavedQuery, value: str) -> None:
    """What is no whole number is refused."""
    with pytest.raises(UsageError, match="is no xsd:integer"):
        typed.term("integer", value)


@pytest.mark.parametrize("name", ["string", "plain"])
def test_a_string_is_bound_as_it_is(typed: SavedQuery, name: str) -> None:
    """Text needs no quotation marks, and a literal without datatype is text."""
    assert typed.term(name, "一网通办") == '"一网通办"'


def test_bytes_that_are_no_text_are_refused(typed: SavedQuery) -> None:
    """A value that came in bytes other than UTF-8 is a usage error."""
    with pytest.raises(UsageError):
        typed.term("string", "\udcff")


ATTACKS: Final = (
    '" } INSERT DATA { <a:a> <b:b> <c:c> } #',
    "} SELECT * WHERE { ?s ?p ?o",
    '"^^<http://e/> } #',
    "\\",
    '\\"',
    "\n} #",
    "' OR 1=1 --",
    "?region",
    "VALUES ?by { UNDEF }",
    "\\g<0>",
    "<http://e/a>",
    "{}",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_injection_stays_a_literal(typed: SavedQuery, attack: str) -> None:
    """Whatever a text holds, the bound query parses and the parameter is that text."""
    bound = typed.bind({"string": [typed.term("string", attack)]})
    (block,) = re.findall(r"VALUES \?string \{ .* \}", bound)
    answer = ox.Store().query(f"SELECT ?string WHERE {{ {block} }}")
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["string"] for row in answer] == [ox.Literal(attack)]


@generated(st.text(), st.text())
def test_two_texts_cannot_break_out_together(first: str, second: str) -> None:
    """One text that looks like the block of another parameter does not open it to the other."""
    text = (
        "SELECT ?a ?b WHERE {\n"
        "  VALUES ?a { 1 }\n  VALUES ?b { 1 }\n"
        "}\n"
    )  # fmt: skip
    query = SavedQuery(ROOT, None, text, "")  # type: ignore[arg-type]
    tricky = f"{first} VALUES ?b {{ }} {second}"
    terms = {"a": [str(ox.Literal(tricky))], "b": [str(ox.Literal(f" }} {second} #"))]}
    answer = ox.Store().query(query.bind(terms))
    assert isinstance(answer, ox.QuerySolutions)
    assert [(row["a"], row["b"]) for row in answer] == [
        (ox.Literal(tricky), ox.Literal(f" }} {second} #"))
    ]


# --- asking -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the small graph with its one question."""
    with open_engine(small_project(tmp_path_factory.mktemp("small") / "project")) as graph:
        yield graph


def claims(graph: KnowledgeGraph, **given: str | list[str]) -> list[str]:
    """Ask the sample question and give the counts of claims."""
    reply = graph.ask("platforms-of-concept", **given)
    return [row["claims"] for row in reply.table.records()]


def test_two_sources_on_one_platform_are_not_doubled(small: KnowledgeGraph) -> None:
    """A platform and a concept that two sources share give one row with two claims."""
    assert claims(small) == ["2"]


def test_a_date_changes_the_answer(small: KnowledgeGraph) -> None:
    """A year leaves out the claim whose deadline lies beyond it."""
    assert claims(small, by="2022") == ["1"]


def test_a_thing_is_bound_by_its_name(small: KnowledgeGraph) -> None:
    """A region may be named in Chinese, and several at once."""
    assert (claims(small, region="上海"), claims(small, region=["山西", "CN-SN"])) == (["2"], [])


def test_the_reply_says_what_was_meant(small: KnowledgeGraph) -> None:
    """The things that names were found to mean come with the answer."""
    reply = small.ask("platforms-of-concept", concept="一网通办理")
    found = reply.meant["一网通办理"]
    assert (found.zh, found.is_variant) == ("一网通办", True)


def test_an_unknown_parameter_is_told_with_the_nearest(small: KnowledgeGraph) -> None:
    """A misspelt parameter names the one that was probably meant."""
    with pytest.raises(UsageError, match="did you mean concept"):
        small.ask("platforms-of-concept", concpet="一网通办")


@pytest.mark.parametrize("name", ["question", "self", "values"])
def test_any_word_may_be_tried_as_a_parameter(small: KnowledgeGraph, name: str) -> None:
    """A parameter called like an argument of Python is an unknown parameter like others."""
    with pytest.raises(UsageError, match="has no parameter"):
        small.ask("platforms-of-concept", **{name: "x"})


def test_two_values_for_one_are_refused(small: KnowledgeGraph) -> None:
    """A parameter of one value does not take two."""
    with pytest.raises(UsageError, match="concept takes one value"):
        small.ask("platforms-of-concept", concept=["一网通办", "一网统管"])


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_injection_in_place_of_a_thing_is_an_unknown_name(
    small: KnowledgeGraph, attack: str
) -> None:
    """A parameter that takes things takes nothing else: the attempt is a name that nobody bears."""
    with pytest.raises(NamingError, match="nothing is called"):
        small.ask("platforms-of-concept", concept=attack)


def test_a_thing_of_another_class_is_unknown(small: KnowledgeGraph) -> None:
    """A region is no concept, though it exists."""
    with pytest.raises(NamingError):
        small.ask("platforms-of-concept", concept="上海")
