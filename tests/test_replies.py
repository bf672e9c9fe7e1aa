"""Replies to saved questions: rows, titles, formats, data frames, HTML, and what must be known."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest
from graph_fixtures import (
    ROOT,
    open_engine,
    small_nquads,
    small_project,
)

from kg.catalogue import Catalogue
from kg.errors import UsageError
from kg.release import write_release
from kg.replies import Note
from kg.results import PANDAS, POLARS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph import KnowledgeGraph

pytest_plugins = ["open_graphs"]

QUESTION: Final = "platforms-of-concept"
SHARING: Final = "regions-sharing-concept"
EVERY: Final = list(Catalogue(ROOT / "queries"))
HOSTILE: Final = '</td><script>alert("随")</script>\n\u202ex'
"""A label that a page must not run, reorder or break at."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the small graph."""
    with open_engine(small_project(tmp_path_factory.mktemp("replies"))) as graph:
        yield graph


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the small graph with a platform, a concept and a region whose labels are hostile."""
    project = small_project(tmp_path_factory.mktemp("hostile"))
    label = json.dumps(HOSTILE)[1:-1]
    nquads = small_nquads().decode()
    for name in ("“随申办”", "一网通办", "一网通办理", "陕西"):
        nquads = nquads.replace(f'"{name}"@zh', f'"{name}{label}"@zh')
    lines = sorted(nquads.encode().splitlines(keepends=True))
    write_release(project.build, b"".join(lines), {})
    with open_engine(project) as graph:
        yield graph


# --- rows ---------------------------------------------------------------------------------------


def test_a_reply_is_a_list_of_rows(real_graph: KnowledgeGraph) -> None:
    """It counts and gives them, each as texts by column, in the order of the question."""
    reply = real_graph.ask(SHARING)
    rows = list(reply)
    assert len(reply) == len(rows) > 0
    assert {"广东", "江苏", "上海"} <= {row["regionLabel"] for row in rows}
    assert reply.columns == tuple(reply.query.header.columns)


def test_an_unbound_cell_is_not_in_its_row(real_graph: KnowledgeGraph) -> None:
    """What the text does not say has no text."""
    rows = list(real_graph.ask("milestone-timeline"))
    phased = [row for row in rows if "phase" in row]
    assert 0 < len(phased) < len(rows)
    assert all(row.values() for row in rows)


def test_what_was_given_and_meant_is_kept(small: KnowledgeGraph) -> None:
    """Parameters as they came, as terms, and the things that their names were found to mean."""
    reply = small.ask(QUESTION, concept="Yiwang Tongban", by="2022")
    assert reply.given == {"concept": ["Yiwang Tongban"], "by": ["2022"]}
    assert reply.bound["by"] == ['"2022-12-31"^^<http://www.w3.org/2001/XMLSchema#date>']
    assert reply.meant["Yiwang Tongban"].zh == "一网通办"
    assert [row["claims"] for row in reply] == ["1"]


def test_a_title_tells_the_parameters(small: KnowledgeGraph) -> None:
    """In the language asked for, with what was given."""
    reply = small.ask(QUESTION, region=["上海", "山西"], by="2022")
    assert (
        reply.title()
        == "实现某一概念的平台 (concept=kgc:yi-wang-tong-ban; region=上海 山西; by=2022)"
    )
    assert reply.title("en").startswith("Platforms that realise a concept (concept=")
    assert small.ask(QUESTION).title().endswith("(concept=kgc:yi-wang-tong-ban; by=2100-12-31)")


def test_people_read_one_language(small: KnowledgeGraph) -> None:
    """Heads and columns are of the language of the graph, or of the one asked for."""
    reply = small.ask(QUESTION)
    assert [reply.heads()[column] for column in reply.shown()] == ["平台", "断言数"]
    assert [reply.heads("en")[column] for column in reply.shown("en")] == ["Platform", "Claims"]


# --- formats ------------------------------------------------------------------------------------


def test_csv_json_and_ndjson_say_the_same(real_graph: KnowledgeGraph) -> None:
    """Three formats hold the rows that the reply has, Chinese and line breaks included."""
    reply = real_graph.ask("frameworks-by-region")
    rows = list(reply)
    lines = reply.written("ndjson").split("\n")[:-1]
    cells = csv.DictReader(io.StringIO(reply.to_csv(), newline=""))
    assert json.loads(reply.written("json")) == rows
    assert [json.loads(line) for line in lines] == rows
    assert [{name: text for name, text in row.items() if text} for row in cells] == rows


def test_tsv_has_a_line_for_each_row(real_graph: KnowledgeGraph) -> None:
    """Also where a heading goes over two lines of the text."""
    reply = real_graph.ask("initiatives-by-kind")
    assert any("\n" in cell for row in reply for cell in row.values())
    assert reply.written("tsv").count("\n") == len(reply) + 1


def test_markdown_is_for_people(small: KnowledgeGraph) -> None:
    """Labels in place of things, heads of the language."""
    assert small.ask(QUESTION).written("md", "en") == (
        "| Platform | Claims |\n| --- | --- |\n| Suishenban | 2 |\n"
    )


# --- data frames --------------------------------------------------------------------------------


def test_pandas_has_the_types_of_the_answer(real_graph: KnowledgeGraph) -> None:
    """Counts, days, truth and texts are what they are, with places left empty."""
    reply = real_graph.ask("milestone-timeline")
    frame = reply.to_pandas()
    types = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert types["latest"] == types["earliest"] == "datetime64[s]"
    assert (types["targets"], types["fromHeading"], types["quote"]) == (
        "Int64",
        "boolean",
        "string",
    )
    assert frame["earliest"].isna().sum() > 0
    assert [str(day.date()) for day in frame["latest"]] == [row["latest"] for row in reply]


def test_polars_has_the_types_of_the_answer(real_graph: KnowledgeGraph) -> None:
    """As pandas does."""
    reply = real_graph.ask("milestone-timeline")
    frame = reply.to_polars()
    assert [frame.schema[c] for c in ("latest", "targets", "fromHeading", "quote")] == [
        pl.Date, pl.Int64, pl.Boolean, pl.String
    ]  # fmt: skip
    assert [str(day) for day in frame["latest"]] == [row["latest"] for row in reply]


def test_quantities_are_decimals_even_where_they_are_whole(real_graph: KnowledgeGraph) -> None:
    """`Float64` is the type of a quantity, whether its values have a fraction or not."""
    values = real_graph.ask("achievements-quantified").to_pandas()["value"]
    assert str(values.dtype) == "Float64"
    assert all(value == int(value) for value in values)


@pytest.mark.parametrize("question", EVERY)
def test_every_question_has_data_frames(toy_graph: KnowledgeGraph, question: str) -> None:
    """Pandas and polars agree with each other in types, and with the rows in cells."""
    reply = toy_graph.ask(question)
    pandas, polars = reply.to_pandas(), reply.to_polars()
    kinds = [reply.table.values(column)[0] for column in reply.columns]
    assert [str(kind) for kind in pandas.dtypes] == [PANDAS[kind] for kind in kinds]
    assert [str(kind) for kind in polars.dtypes] == [POLARS[kind] for kind in kinds]
    bound = [sum(column in row for row in reply) for column in reply.columns]
    assert list(pandas.count()) == bound
    assert [polars[column].count() for column in reply.columns] == bound


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_library_is_told(
    small: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    """The error names the extra to install."""
    reply = small.ask(QUESTION)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=re.escape(f'pip install -e ".[{library}]"')):
        getattr(reply, f"to_{library}")()


# --- HTML ---------------------------------------------------------------------------------------


def test_html_has_the_quotes_marked(real_graph: KnowledgeGraph) -> None:
    """Each row that rests on a part of a sentence has that part marked in it."""
    reply = real_graph.ask("targets-due")
    page = reply.to_html()
    marks = re.findall(r"<mark>(.*?)</mark>", page, re.DOTALL)
    parts = [row["quote"] for row in reply if row["quote"] in row["sentence"] != row["quote"]]
    assert marks == [quote.replace("\n", "<br>") for quote in parts]
    assert len(marks) > 10


def test_html_says_what_must_be_known(real_graph: KnowledgeGraph) -> None:
    """Below the table stand the number of rows and the notes, in the language asked for."""
    reply = real_graph.ask(SHARING, concept="一网通管")
    for language, words in (
        ("zh", ["行</p>", "变体", "重庆"]),
        ("en", ["rows</p>", "variant", "Chongqing"]),
    ):
        page = reply.to_html(language)
        assert page.startswith(f'<div lang="{language}"><table><caption>')
        assert [word for word in words if word not in page] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_in_the_data_is_markup(hostile: KnowledgeGraph, language: str) -> None:
    """Labels in cells, notes and the title are texts, whatever they hold."""
    reply = hostile.ask(QUESTION, concept=f"一网通办理{HOSTILE}")
    page = reply.to_html(language)
    names = set(re.findall(r"<([a-z]+)", page))
    assert names <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "br", "p"}
    assert "\u202e" not in page
    assert len(reply) == 1
    assert "&lt;script&gt;" in page


def test_a_notebook_shows_the_table(small: KnowledgeGraph) -> None:
    """Jupyter gets HTML, and Markdown where it shows plain text."""
    reply: Any = small.ask(QUESTION)
    bundle = reply._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {"text/html": reply._repr_html_(), "text/plain": reply.written("md")}


@pytest.mark.parametrize("question", EVERY)
def test_every_question_has_a_page(toy_graph: KnowledgeGraph, question: str) -> None:
    """As many rows as the answer, as many cells as columns are shown, in both languages."""
    reply = toy_graph.ask(question)
    for language in ("zh", "en"):
        page = reply.to_html(language)
        shown = len(reply.shown(language))
        assert (page.count("<tr>"), page.count("<td>")) == (len(reply) + 1, len(reply) * shown)


# --- notes --------------------------------------------------------------------------------------


def test_a_variant_is_told(real_graph: KnowledgeGraph) -> None:
    """Who asks by a variant learns for what the answer is."""
    notes = real_graph.ask(SHARING, concept="一网通管").notes
    assert notes[0] == Note(
        "“一网通管”是“一网统管”的变体，按后者回答",
        "“一网通管” is a variant of “Unified management through one network (Yiwang Tongguan)”, "
        "and answered as that",
    )
    assert str(notes[0]) == f"{notes[0].zh} | {notes[0].en}"


@pytest.mark.parametrize(
    "name", ["一网统管", "yi-wang-tong-guan", "yi wang tong guan", "kgc:yi-wang-tong-guan"]
)
def test_a_preferred_name_needs_no_note(real_graph: KnowledgeGraph, name: str) -> None:
    """Label, key, pinyin and code are no variants."""
    assert not any("变体" in note.zh for note in real_graph.ask(SHARING, concept=name).notes)


def test_regions_that_were_not_read_are_named(real_graph: KnowledgeGraph) -> None:
    """A question over regions names those of which no text was read, Hunan with its heading too."""
    default, note = real_graph.ask(SHARING).notes
    assert default.en == "default: concept=kgc:yi-wang-tong-ban"
    (told,) = re.findall("（(.*)）", note.zh)
    readings = real_graph.ask("coverage-by-region")
    unread = {row["regionLabel"] for row in readings if row["reading"] != "text"}
    assert set(told.split()) == unread
    assert f"no text was read of {len(unread)} province-level regions (" in note.en


def test_a_region_that_was_not_read_is_named_alone(real_graph: KnowledgeGraph) -> None:
    """Asked of one region, the note names it, and there is none where its text was read."""
    (note,) = real_graph.ask("targets-due", region="重庆", by="2025").notes
    assert "1 个（重庆）" in note.zh
    assert "(Chongqing)" in note.en
    assert real_graph.ask("targets-due", region="上海", by="2025").notes == ()


@pytest.mark.parametrize("question", ["concept-matrix", "regions-lacking-concept", "sources"])
def test_no_note_where_each_row_says_it_or_none_is_of_a_region(
    real_graph: KnowledgeGraph, question: str
) -> None:
    """A question that tells presence row by row, or is not of regions, needs no such note."""
    notes = real_graph.ask(question).notes
    assert [note for note in notes if "没有读到" in note.zh] == []


def test_a_claim_is_no_region_that_was_not_read(real_graph: KnowledgeGraph) -> None:
    """The evidence of one claim says nothing of regions; that of an unread region does."""
    (claim,) = {
        row["statement"] for row in real_graph.ask(SHARING) if row["region"] == "kgr:guangdong"
    }
    assert real_graph.evidence(claim).notes == ()
    assert [note.zh[:17] for note in real_graph.evidence("湖南").notes] == [
        "没有读到文本的省级地区 1 个（湖"
    ]


def test_a_source_has_its_own_unread_regions(toy_graph: KnowledgeGraph) -> None:
    """What one source did not read is told, though another did."""

    def told(**given: str) -> set[str]:
        notes = toy_graph.ask(SHARING, **given).notes
        return {
            name
            for note in notes
            for names in re.findall("（(.*)）：没", note.zh)
            for name in names.split()
        }

    assert told() < told(source="toy-bulletin") | told(source="toy-review")


def test_a_row_is_given_by_its_place(real_graph: KnowledgeGraph) -> None:
    """A reply is read like a list, and prints as one line."""
    reply = real_graph.ask("targets-due", by="2022")
    rows = list(reply)
    assert [reply[0], reply[-1]] == [rows[0], rows[-1]]
    assert repr(reply) == f"<Reply targets-due, by=2022: {len(reply)} rows>"


def test_values_of_python_are_what_the_command_line_takes(real_graph: KnowledgeGraph) -> None:
    """Numbers, days and truths, one or several; none at all is refused."""
    day = real_graph.ask("targets-due", by=date(2022, 12, 31))
    assert list(real_graph.ask("targets-due", by=2022)) == list(day)
    assert (
        real_graph.ask(SHARING, concept="政务服务", narrower=True)
        .title()
        .endswith("narrower=true)")
    )
    with pytest.raises(UsageError, match="by has no value"):
        real_graph.ask("targets-due", by=[])
