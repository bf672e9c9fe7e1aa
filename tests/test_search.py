"""Search finds whatever a plain search for a substring finds, ranks it, and takes any text."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import sqlite3
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from graph_fixtures import (
    ROOT,
    open_engine,
    real_project,
    run_kg,
    run_python,
    small_nquads,
    small_project,
)
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import cli
from kg.cli.output import TABLE_FORMATS
from kg.dataset import sha256
from kg.errors import ReleaseError, UsageError
from kg.folding import find_spans, letters, tokens
from kg.graph import KnowledgeGraph
from kg.index import INDEX, SEAL, Index, current_index, is_whole, open_index
from kg.indexing import write_index
from kg.names import SEARCHED, expand
from kg.release import UNFINISHED, Release, current, open_release, write_release
from kg.search import FOUND, LONGEST, near, search, words_of
from kg.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.project import Project

ALL: Final = 1_000_000
"""More rows than there are things."""

TEXT: Final = ROOT / "data" / "sources" / "2021-provincial-roundup" / "text.txt"

THING_TEXTS: Final = (
    "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "skos:notation", "skos:definition",
    "kg:officialName", "kg:abbreviation", "kg:brand", "kg:text", "schema:slogan", "kg:phase",
)  # fmt: skip
"""Properties whose values are searched."""

HOSTILE: Final = (
    "一网通办*", "一网 NEAR 通办", "NEAR(一网 通办, 2)", "-一网通办", "^一网通办", "body:一网通办",
    "{body context} : 一网", "一网 AND", "OR 一网", "NOT 一网", "(一网", "一网)", '"一网',
    '一网"通办', "'一网'", "一网; DROP TABLE text", "一网\x00通办", "一网\t\n\x07\x1b通办",
    "一网 + 通办", "%一网_", "u4e00", "\u202e一网\ufeff", "🙂一网🙂", "𠮷", "İSTANBUL", "ß", "ﬁ",
    "㎡", "e\u0301",
)  # fmt: skip
"""Texts that mean something to FTS5, to SQL or to terminals."""

EMPTY: Final = (
    "", " ", "\u3000", "，。！？", '"', '""', "“”", "*", "-", "()", "\x00", "\n", "🙂", "\u0301",
    "%+",
)  # fmt: skip
"""Texts without a letter."""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the real project with its release."""
    return real_project(tmp_path_factory)


@pytest.fixture(scope="module")
def index(real: Project) -> Iterator[Index]:
    """Give the search index of the real release."""
    with current_index(real.build) as opened:
        yield opened


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the small project with its release."""
    return small_project(tmp_path_factory.mktemp("search") / "a project")


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Give a release of its own, which a test may damage."""
    return write_release(tmp_path / "build", small_nquads(), {"kg": "test"})


def rows(index: Index, text: str, **options: Any) -> list[dict[str, str]]:  # noqa: ANN401
    """Give all rows of a search."""
    return list(search(index, text, **{"limit": ALL, **options}).table.records())


def things(index: Index, text: str, **options: Any) -> set[str]:  # noqa: ANN401 -- search's
    """Give the things that a search finds, as CURIEs."""
    return {row["thing"] for row in rows(index, text, **options)}


def invoke(project: Project, *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process: exit code (0 where an error of ours is raised), output."""
    result = CliRunner().invoke(cli, ["--root", str(project.root), *arguments])
    return result.exit_code, result.stdout, result.stderr


# --- everything is found ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def texts(real: Project) -> list[tuple[str, str]]:
    """Give each searched thing of the real dataset with each of its texts, read from the file."""
    dataset = current(real.build, verify=False).dataset
    quads = list(ox.parse(path=str(dataset), format=ox.RdfFormat.N_QUADS))
    values: dict[tuple[str, str], list[str]] = {}
    classes: dict[str, set[str]] = {}
    for quad in quads:
        subject, value = str(quad.subject)[1:-1], quad.object
        assert isinstance(value, ox.NamedNode | ox.Literal)
        values.setdefault((subject, quad.predicate.value), []).append(value.value)
        if quad.predicate.value == expand("rdf:type"):
            classes.setdefault(subject, set()).add(value.value)
    named = ("Region", "PlatformConcept", "Platform", "Initiative", "Claim", "FrameworkPart")
    searched = {expand(f"kg:{n}") for n in (*named, "Section", "SourceDocument", "Passage", "Gap")}
    found: list[tuple[str, str]] = []
    for thing, own in classes.items():
        if own & searched:
            quoted = [
                selector
                for evidence in values.get((thing, expand("kg:evidence")), ())
                for selector in values.get((evidence, expand("oa:hasSelector")), ())
            ]
            found += [(thing, t) for p in THING_TEXTS for t in values.get((thing, expand(p)), ())]
            found += [(thing, t) for s in quoted for t in values.get((s, expand("oa:exact")), ())]
    return found


def missed(index: Index, texts: list[tuple[str, str]], text: str) -> set[str]:
    """Give what a plain search for a substring finds and ours does not; it finds something."""
    plain = {thing for thing, whole in texts if text in whole}
    return plain - set(map(expand, things(index, text)))


def test_every_label_of_a_concept_is_found_wherever_it_stands(
    index: Index, texts: list[tuple[str, str]]
) -> None:
    """For each label of a concept, every text that a plain search finds is found."""
    labels = {name.text for name in index.names("kg:PlatformConcept") if name.field == "label"}
    assert len(labels) > 500
    assert {label: lost for label in labels if (lost := missed(index, texts, label))} == {}


def parts_of_the_source(number: int) -> list[str]:
    """Give some parts of the source's text of 1 to 12 signs with a letter, the same each time."""
    text = TEXT.read_text(encoding="utf-8")
    chance = random.Random(20210331)  # noqa: S311 -- no secret
    found: list[str] = []
    while len(found) < number:
        length = len(found) % 4 + 1 if len(found) < number * 3 // 4 else chance.randrange(5, 13)
        start = chance.randrange(len(text) - length)
        part = text[start : start + length]
        if any(unicodedata.category(char)[0] in "LN" for char in part):
            found.append(part)
    return found


def test_every_part_of_the_source_is_found_wherever_it_stands(
    index: Index, texts: list[tuple[str, str]]
) -> None:
    """For 200 parts of the text, half words and punctuation included, nothing is missed."""
    parts = parts_of_the_source(200)
    standing = [part for part in parts if any(part in text for _, text in texts)]
    assert len(standing) > 170
    assert {part: lost for part in parts if (lost := missed(index, texts, part))} == {}


def test_nothing_is_found_that_is_not_there(index: Index, texts: list[tuple[str, str]]) -> None:
    """What is found for one word has the letters of the word in a text of its own."""
    of_thing: dict[str, str] = {}
    for thing, text in texts:
        of_thing[thing] = f"{of_thing.get(thing, '')}|{letters(text)}"
    for part in parts_of_the_source(60):
        if len(words_of(part)) == 1:
            found = set(map(expand, things(index, part)))
            place = re.compile(r"第\d+行|line\d+")
            sentences = {thing for thing in found if "/passage/" in thing}
            assert {t for t in found if letters(part) not in of_thing[t]} == set(), part
            assert not any(place.search(of_thing[t]) for t in sentences)


@given(st.text(), st.text())
def test_a_text_is_folded_sign_by_sign(one: str, other: str) -> None:
    """The letters of a text are those of its parts: nothing that stands in it can be missed."""
    assert letters(one + other) == letters(one) + letters(other)


@given(st.text())
def test_a_token_is_ascii_and_no_syntax(text: str) -> None:
    """Whatever is searched for, FTS5 gets letters and digits, one token for each letter."""
    found = tokens(letters(text))
    assert re.fullmatch(r"[a-z0-9 ]*", found)
    assert len(found.split()) == len(letters(text))


@given(st.text(alphabet="网通 aB，é", max_size=30), st.integers(0, 29), st.integers(1, 9))
def test_a_hit_is_marked_where_it_stands(text: str, start: int, length: int) -> None:
    """What is marked in a text has the letters that were looked for."""
    word = letters(text[start : start + length])
    if word:
        spans = find_spans([word], text)
        assert spans
        assert all(word in letters(text[span.start : span.end]) for span in spans)


@pytest.mark.parametrize(
    ("text", "thing", "found"),
    [
        ("一网统管", "kgc:yi-wang-tong-guan", "label"),
        ("一网通管", "kgc:yi-wang-tong-guan", "variant"),
        ("五个一", "kgcl:guangxi-five-ones", "variant"),
        ("皖事通办", "kgp:wan-shi-tong-ban", "variant"),
        ("CN-LN", "kgr:liaoning", "variant"),
        ("黔", "kgr:guizhou", "variant"),
        ("内蒙古自治区", "kgr:neimenggu", "variant"),
        ("zheng wu yun", "kgc:zheng-wu-yun", "pinyin"),
        ("以12345为号码", "kgc:12345-zheng-wu-fu-wu-re-xian", "definition"),
        ("位居全国前列", "kgt:2021-provincial-roundup.jiangsu.02", "sentence"),
    ],
)
def test_every_kind_of_text_is_found(index: Index, text: str, thing: str, found: str) -> None:
    """Labels, variants, slogans, brands, codes, pinyin, definitions, quotes and sentences."""
    assert {row["thing"]: row["found"] for row in rows(index, text)}.get(thing) == found


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["yiwangtongban", "yi wang tong ban", "YI-WANG-TONG-BAN"])
def test_pinyin_is_found_with_and_without_blanks(index: Index, text: str) -> None:
    """Pinyin leads to the concept that it names, first of all."""
    first = rows(index, text)[0]
    assert (first["thing"], first["found"] in {"pinyin", "variant"}) == (
        "kgc:yi-wang-tong-ban",
        True,
    )


@pytest.mark.parametrize(
    "text", ["Shanghai", "SHANGHAI", "shānghǎi", "Ｓｈａｎｇｈａｉ", "上海", "沪", "310000"]
)
def test_case_accents_and_width_do_not_matter(index: Index, text: str) -> None:
    """A region is found by any spelling of its names and by its codes."""
    assert rows(index, text)[0]["thing"] == "kgr:shanghai"


def test_the_singular_is_found_by_the_plural(index: Index) -> None:
    """English is not stemmed, but part of a word will do, and a plural is cut."""
    assert things(index, "platform") == things(index, "platforms") >= {"kgc:zhi-cheng-ping-tai"}


def test_all_words_must_occur_in_any_order(index: Index) -> None:
    """Two words find the same in either order: what both find, by text or by what it is of."""
    both = things(index, "数据 共享")
    assert both == things(index, "共享 数据")
    assert both >= things(index, "数据共享")
    assert len(both) > len(things(index, "数据共享")) > 0


def test_a_word_may_stand_in_what_the_thing_or_its_region_is_called(index: Index) -> None:
    """A claim of Shanghai is found by 上海 too, which its text does not repeat; not by it alone."""
    found = rows(index, "上海 一网通办", kinds=["claim"])
    assert "kgcl:shanghai-deepen-unified-services" in {row["thing"] for row in found}
    assert {row["regionLabel"] for row in found} == {"上海"}
    assert "kgcl:shanghai-deepen-unified-services" not in things(index, "上海")


@pytest.mark.parametrize("phrase", ["“{}”", '"{}"', "”{}“"])
def test_words_in_quotation_marks_are_one_phrase(index: Index, phrase: str) -> None:
    """A phrase is found where its words follow one another, blanks and marks apart."""
    assert things(index, phrase.format("数据 共享")) == things(index, "数据共享")
    assert things(index, phrase.format("共享 数据")) < things(index, "共享 数据")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_syntax(index: Index, text: str) -> None:
    """Operators, quotes, control signs and odd letters are looked for, or are no letters."""
    words = words_of(text)
    assert all(word == letters(word) for word in words)
    assert search(index, text, limit=3).total >= 0


@pytest.mark.parametrize("text", ["AND", "OR", "NOT", "NEAR"])
def test_operators_are_words(index: Index, text: str) -> None:
    """The words of FTS5's language are found as words."""
    assert things(index, text) == things(index, text.lower())


@pytest.mark.parametrize("text", EMPTY)
def test_a_text_without_letters_is_wrong_usage(index: Index, text: str) -> None:
    """Nothing to search for is told, in Chinese and English."""
    with pytest.raises(UsageError, match=r"没有可找的字词.* \| .*nothing to search for"):
        search(index, text)


@pytest.mark.parametrize("text", ["一" * 10_000, "一 " * 5_000, "a" * (LONGEST + 1)])
def test_a_text_that_is_too_long_is_wrong_usage(index: Index, text: str) -> None:
    """A text of 10,000 signs is told to be too long."""
    with pytest.raises(UsageError, match=f"最多 {LONGEST} 字.* at most {LONGEST}"):
        search(index, text)


@pytest.mark.parametrize("text", ["一" * LONGEST, " ".join(map(chr, range(0x4E00, 0x4E00 + 250)))])
def test_a_text_of_the_greatest_length_is_searched(index: Index, text: str) -> None:
    """The longest word and the greatest number of words are not too much for SQLite."""
    assert search(index, text).total == 0


def test_a_lone_surrogate_is_wrong_usage(index: Index) -> None:
    """Bytes that are no UTF-8 come as lone surrogates, and are told as such."""
    with pytest.raises(UsageError, match="UTF-8"):
        search(index, "一网\udcff")


@given(text=st.text(alphabet=st.characters(codec=None), max_size=40))
def test_any_text_is_searched_or_is_wrong_usage(index: Index, text: str) -> None:
    """No text gives another error than that of wrong usage."""
    try:
        found = search(index, text, limit=1)
    except UsageError:
        return
    assert len(found.table.rows) == min(found.total, 1)


# --- ranks --------------------------------------------------------------------------------------


ORDER: Final = tuple(FOUND)
"""Where hits are found, the best first; pinyin is as good as another variant."""


@pytest.mark.parametrize("text", ["一网通办", "数据", "政务云", "云", "营商环境", "上海", "五个一"])
def test_labels_come_before_variants_quotes_sentences_and_definitions(
    index: Index, text: str
) -> None:
    """Whole names come first; of the rest, labels, then variants, and so on."""
    found = rows(index, text)
    whole = [letters(row["snippet"]) == text and row["found"] in ORDER[:3] for row in found]
    assert whole == sorted(whole, reverse=True)
    rest = [
        row["found"] for row, is_whole_name in zip(found, whole, strict=True) if not is_whole_name
    ]
    places = [ORDER.index(place.replace("pinyin", "variant")) for place in rest]
    assert places == sorted(places)
    assert len(set(places)) > 1


def test_a_label_that_begins_so_comes_before_one_that_has_it(index: Index) -> None:
    """Of concepts that have 数据 in their label, those that begin with it come first."""
    labels = [
        r["thingLabel"] for r in rows(index, "数据", kinds=["concept"]) if r["found"] == "label"
    ]
    begins = [label.startswith("数据") for label in labels]
    assert begins == sorted(begins, reverse=True)
    assert {True, False} == set(begins)


def test_a_homonym_of_a_whole_name_comes_before_longer_names(index: Index) -> None:
    """云 is what 云南 is called for short, and the beginning of 云计算."""
    first, second, *_ = rows(index, "云")
    assert (first["thing"], first["found"], second["found"]) == ("kgr:yunnan", "variant", "label")


def test_a_word_comes_before_a_part_of_a_word(index: Index) -> None:
    """AI is found as a word before it is found in Shanghai."""
    first, *others = rows(index, "AI")
    assert "【AI】" in first["snippet"]
    assert any("h【ai】" in row["snippet"] for row in others)
    assert find_spans(["ai"], "AI in Shanghai") == [Span(0, 2)]


def test_a_thing_has_one_row(index: Index) -> None:
    """However many of its texts have the word, a thing is listed once."""
    found = [row["thing"] for row in rows(index, "一网通办")]
    assert len(found) == len(set(found))


def test_the_limit_cuts_what_comes_last(index: Index) -> None:
    """With a limit the first rows come, and the total tells how many there are."""
    everything, some = search(index, "数据", limit=ALL), search(index, "数据", limit=7)
    assert some.table.rows == everything.table.rows[:7]
    assert some.total == everything.total == len(everything.table.rows)


@pytest.mark.parametrize("kind", SEARCHED)
def test_kinds_may_be_chosen(index: Index, kind: str) -> None:
    """A search for one kind gives the rows of it that a search for all gives."""
    everything = rows(index, "数字政府")
    own = [row for row in everything if row["kind"] == kind]
    assert rows(index, "数字政府", kinds=[kind]) == own
    assert own or kind in {"region", "gap"}


def test_an_unknown_kind_is_wrong_usage(index: Index) -> None:
    """The message lists the kinds."""
    with pytest.raises(UsageError, match="no kind mention; there are: region concept"):
        search(index, "数据", kinds=["mention"])


# --- what a row says ----------------------------------------------------------------------------


def test_the_hit_stands_in_its_text(index: Index, texts: list[tuple[str, str]]) -> None:
    """A snippet marks the hit, and is a part of a text of the thing."""
    whole: dict[str, list[str]] = {}
    for thing, text in texts:
        whole.setdefault(thing, []).append(re.sub(r"\s", " ", text))
    for row in rows(index, "一网通办"):
        assert "【" in row["snippet"]
        plain = re.sub("[【】]|^…|…$", "", row["snippet"])
        assert any(plain in text for text in whole[expand(row["thing"])])


def test_quotes_and_sentences_have_line_and_source(index: Index) -> None:
    """The line of a quote or sentence is that of the source on which it begins."""
    lines = TEXT.read_text(encoding="utf-8").split("\n")
    found = [
        row for text in ("的", "数据", "服务") for row in rows(index, text)
        if row["found"] in {"quote", "sentence"} and not row["snippet"].startswith("…")
    ]  # fmt: skip
    assert {row["found"] for row in found} == {"quote", "sentence"}
    for row in found:
        start = re.sub("[【】…]", "", row["snippet"])[:5].strip()
        assert start in lines[int(row["line"]) - 1], row
        assert row["inSource"] == "kgs:2021-provincial-roundup"


def test_a_sentence_is_called_by_its_place(index: Index) -> None:
    """A sentence has no label: its region and line stand for one."""
    found = [row for row in rows(index, "一网通办") if row["kind"] == "passage"]
    assert {f"{row['regionLabel']}第 {row['line']} 行" for row in found} == {
        row["thingLabel"] for row in found
    }


def test_things_have_labels_and_kinds_in_both_languages(index: Index) -> None:
    """Every row says what was found and where, in Chinese and English."""
    heads = ("thingLabel", "kindLabel", "foundLabel")
    for row in rows(index, "数"):
        assert {head for head in heads for end in ("", "En") if not row.get(head + end)} == set()


def test_near_names_are_offered_where_nothing_is_found(index: Index) -> None:
    """A name that is written a little otherwise leads to the right one."""
    assert near(index, "一网通办平台们")[0] == "一网通办"
    assert near(index, "yiwangtongbang")[0] == "一网通办"
    assert near(index, "qqqqqqqq") == []


# --- the graph ----------------------------------------------------------------------------------


def test_the_graph_searches(real: Project) -> None:
    """`KnowledgeGraph.search` gives the table that the index gives."""
    with open_engine(real) as graph, current_index(real.build) as index:
        table = graph.find("政务云", kinds=("concept", "platform"), limit=3)
        assert table == search(index, "政务云", kinds=("concept", "platform"), limit=3).table
    assert len(table.rows) == 3
    assert table.columns[:2] == ("thing", "thingLabel")


def test_an_endpoint_is_not_searched(small: Project) -> None:
    """Without a release the error says what search needs."""
    with open_engine(small) as opened:
        graph = KnowledgeGraph(small, None, opened.engine)
        with pytest.raises(ReleaseError, match=r"端点不能检索.*kg build"):
            graph.find("一网通办")


# --- the file -----------------------------------------------------------------------------------


def test_a_release_has_a_sealed_index(release: Release) -> None:
    """The index says which dataset it is of, and its seal is its SHA-256."""
    with open_index(release.path) as index:
        assert things(index, "随申办") >= {"kgp:sui-shen-ban", "kgcl:shanghai-one"}
    seal = (release.path / SEAL).read_text(encoding="utf-8")
    assert seal == f"{sha256((release.path / INDEX).read_bytes())}  {INDEX}\n"


def test_a_search_writes_nothing(release: Release) -> None:
    """Opening and searching leaves the release's folder as it is."""

    def state() -> list[tuple[str, int, int]]:
        paths = sorted(release.path.rglob("*"))
        return [(p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in paths]

    before = state()
    with open_index(release.path) as index:
        assert rows(index, "一网通办")
        with pytest.raises(ReleaseError):
            index.rows("DELETE FROM text")
        assert state() == before


@pytest.mark.parametrize("name", [INDEX, SEAL])
def test_an_older_release_says_how_to_get_the_index(release: Release, name: str) -> None:
    """A release without an index opens, and is told so when it is searched."""
    (release.path / name).unlink()
    assert open_release(release.path) == release
    with pytest.raises(ReleaseError, match=r"没有检索索引.*no search index.*run kg build"):
        open_index(release.path)


def test_every_flipped_byte_of_the_index_is_noticed(release: Release) -> None:
    """An index with any one byte changed, tried at 200 places, is damaged."""
    data = (release.path / INDEX).read_bytes()
    for at in range(0, len(data), len(data) // 200):
        (release.path / INDEX).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(ReleaseError, match=r"索引已损坏.*run kg build again"):
            open_index(release.path)


@pytest.mark.parametrize("seal", [b"", b"\xff", b"0" * 64])
def test_a_wrong_seal_is_noticed(release: Release, seal: bytes) -> None:
    """A seal that is empty, no text or of another file makes the index damaged."""
    (release.path / SEAL).write_bytes(seal)
    with pytest.raises(ReleaseError, match="damaged"):
        open_index(release.path)


def reseal(path: Path) -> None:
    """Write the seal of an index that was changed on purpose."""
    (path / SEAL).write_text(f"{sha256((path / INDEX).read_bytes())}  {INDEX}\n", encoding="utf-8")


def test_the_index_of_another_dataset_is_refused(release: Release, tmp_path: Path) -> None:
    """An index that was copied from another release is not searched."""
    other = write_release(tmp_path / "other", small_nquads("别的"), {})
    for name in (INDEX, SEAL):
        (release.path / name).write_bytes((other.path / name).read_bytes())
    with pytest.raises(ReleaseError, match=r"of another release or version.*run kg build"):
        open_index(release.path)


@pytest.mark.parametrize(
    "change",
    ["UPDATE meta SET value = '0' WHERE key = 'version'", "DROP TABLE meta"],
)
def test_the_index_of_another_version_is_refused(release: Release, change: str) -> None:
    """An index of another layout is not searched, and a build makes it anew."""
    connection = sqlite3.connect(release.path / INDEX)
    connection.execute(change)
    connection.commit()
    connection.close()
    reseal(release.path)
    with pytest.raises(ReleaseError, match="run kg build"):
        open_index(release.path)
    write_release(release.path.parents[1], small_nquads(), {"kg": "test"})
    assert is_whole(release.path)


@pytest.mark.parametrize("text", ["[]", "{", "{}"])
def test_a_release_whose_manifest_is_damaged_is_not_searched(release: Release, text: str) -> None:
    """A manifest that does not name the dataset is told as damage."""
    (release.path / "MANIFEST.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match="damaged"):
        open_index(release.path)


def test_building_again_adds_the_index_to_an_older_release(release: Release) -> None:
    """Only the index is written: dataset and store stay as they are."""
    build = release.path.parents[1]
    before = release.dataset.stat().st_ino
    (release.path / INDEX).unlink()
    steps: list[str] = []
    write_release(build, small_nquads(), {"kg": "test"}, steps.append)
    assert steps == ["search", "switch", "prune"]
    assert (is_whole(release.path), release.dataset.stat().st_ino) == (True, before)


INTERRUPTED: Final = """
import os, sys
from pathlib import Path
from kg.release import write_release
done = Path.replace
def die(path, target):
    os._exit(9) if sys.argv[3] == "before" else done(path, target)
    os._exit(9)
Path.replace = die
write_release(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), {"kg": "test"})
"""
"""A program that dies before or after it has put an index in its place, unsealed."""


@pytest.mark.parametrize("extra", ["", "别的"], ids=["same", "other"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_build_that_dies_while_it_adds_the_index_is_mended(
    release: Release, tmp_path: Path, when: str, extra: str
) -> None:
    """The release stays whole, its index does not count; the next build leaves no rest of it."""
    build, nquads = release.path.parents[1], tmp_path / "small.nq"
    nquads.write_bytes(small_nquads())
    (release.path / SEAL).unlink()
    assert run_python(INTERRUPTED, str(build), str(nquads), when).returncode == 9
    assert (open_release(release.path), is_whole(release.path)) == (release, False)
    assert is_whole(write_release(build, small_nquads(extra), {"kg": "test"}).path)
    assert list(build.rglob(f"{UNFINISHED}*")) == []


@pytest.mark.parametrize("name", ["数字 政府", "a?b", "a#b", "a%41", "a'b"])
def test_a_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    """Signs that mean something in a URI are no matter in the folder's name."""
    release = write_release(tmp_path / name, small_nquads(), {})
    with open_index(release.path) as index:
        assert rows(index, "一网通办")[0]["thing"] == "kgc:yi-wang-tong-ban"


FULL: Final = """
import resource, sys
from pathlib import Path
from kg.errors import ReleaseError
from kg.indexing import write_index
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write_index(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), "0")
except ReleaseError as error:
    print(error)
    sys.exit(7)
"""
"""A program that may write small files only, as on a full disk."""


def test_an_index_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """On a full disk the error is that of a release that cannot be written."""
    nquads = tmp_path / "small.nq"
    nquads.write_bytes(small_nquads())
    full = run_python(FULL, str(tmp_path / INDEX), str(nquads))
    assert (full.returncode, "cannot write" in full.stdout.decode()) == (7, True), full.stderr


class _WithoutFts5:
    """A connection of an SQLite that was built without FTS5."""

    def __getattr__(self, _: str) -> Callable[..., None]:
        def fail(*_: object) -> None:
            raise sqlite3.OperationalError("no such module: fts5")

        return fail

    def close(self) -> None:
        """Close nothing."""


def test_a_python_without_fts5_is_told(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither building nor searching ends in an error of SQLite's where FTS5 is missing."""
    monkeypatch.setattr("sqlite3.connect", lambda *_, **__: _WithoutFts5())
    with pytest.raises(ReleaseError, match=r"没有 FTS5.*has no FTS5"):
        write_index(tmp_path / INDEX, small_nquads(), "0")
    with pytest.raises(ReleaseError, match="has no FTS5"):
        open_index(release.path)


def test_two_builds_answer_alike(tmp_path: Path) -> None:
    """The index is built from the dataset only: equal datasets give equal rows, in equal order."""
    made = [write_release(tmp_path / name, small_nquads(), {}) for name in ("one", "two")]
    answers = []
    for release in made:
        with open_index(release.path) as index:
            answers.append([search(index, text, limit=ALL) for text in ("一", "s", "上海 一")])
    assert answers[0] == answers[1]


# --- the command --------------------------------------------------------------------------------


def test_find_writes_rows_and_ends_with_0(small: Project) -> None:
    """`kg find` writes a row a thing on stdout and the count on stderr."""
    code, out, err = invoke(small, "find", "随申办", "-f", "csv")
    first = next(csv.DictReader(io.StringIO(out)))
    assert (code, first["thing"], first["snippet"]) == (0, "kgp:sui-shen-ban", "“【随申办】”")
    assert "3 行 | 3 rows" in err


def test_words_may_be_given_as_arguments(small: Project) -> None:
    """Several arguments are the words of one search."""
    apart = invoke(small, "find", "上海", "随申办", "-f", "csv")
    assert apart == invoke(small, "find", "上海 随申办", "-f", "csv")
    assert apart[0] == 0


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_find_writes_every_format(
    small: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Each format has the hit, on stdout and in a file."""
    monkeypatch.setenv("COLUMNS", "160")  # a narrow table may break a line inside of the hit
    _, out, _ = invoke(small, "find", "随申办", "-f", form)
    path = tmp_path / f"found.{form}"
    code, nothing, _ = invoke(small, "find", "随申办", "-o", str(path))
    assert (code, nothing, "【随申办】" in out) == (0, "", True)
    assert "【随申办】" in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(("language", "head"), [("zh", "| 名称 |"), ("en", "| Name |")])
def test_find_speaks_both_languages(small: Project, language: str, head: str) -> None:
    """The heads of the table for people are in the language asked for."""
    _, out, _ = invoke(small, "find", "随申办", "-f", "md", "--lang", language)
    assert out.startswith(head)
    assert "| 代号 |" in out or "| Code |" in out


def test_find_tells_how_many_more_there_are(small: Project) -> None:
    """A list that is cut says so, and how to get the rest."""
    _, out, err = invoke(small, "find", "一", "--limit", "1", "-f", "ndjson")
    assert out.count("\n") == 1
    total = re.search(r"1 of (\d+) rows; --limit \1 lists them all", err)
    assert total
    assert int(total[1]) > 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("一网通般",), "near: 一网通办"),
        (("xqzzy",), "kg ask"),
        (("一网通办", "xqzzy"), "no “xqzzy”"),
        (("陕西", "随申办"), "each by itself: 陕西 1 随申办 3"),
        (("随申办", "--kind", "region"), "3 without --kind"),
    ],
)
def test_nothing_found_ends_with_0_and_a_way_on(
    small: Project, arguments: tuple[str, ...], told: str
) -> None:
    """Without a row the exit code is 0, and stderr says what may help."""
    code, out, err = invoke(small, "find", *arguments, "-f", "ndjson")
    assert (code, out) == (0, "")
    assert told in err
    assert " | " in err


@pytest.mark.parametrize(
    "arguments",
    [(), ("",), ("，。",), ("数据", "--kind", "mention"), ("数据", "--limit", "0"),
     ("数据", "-f", "pdf"), ("一" * 10_000,), ("数据", "-o", "found.pdf")],
    ids=lambda arguments: " ".join(arguments)[:20],
)  # fmt: skip
def test_wrong_usage_ends_with_2(small: Project, arguments: tuple[str, ...]) -> None:
    """Nothing to search for, or a wrong option, ends with 2 and without a traceback."""
    run = run_kg("--root", small.root, "find", *arguments)
    assert (run.returncode, run.stdout, b"Traceback" in run.stderr) == (2, b"", False)


def test_bytes_that_are_no_text_end_with_2(small: Project) -> None:
    """An argument in another coding than UTF-8 is told as such."""
    name = os.fsdecode(b"\xc9\xcf\xba\xa3")
    run = run_kg("--root", small.root, "find", name)
    assert (run.returncode, b"UTF-8" in run.stderr) == (2, True)


def test_no_release_ends_with_3(toy: Project) -> None:
    """Before the first build the way out is named."""
    run = run_kg("--root", toy.root, "find", "数据")
    assert (run.returncode, b"run kg build first" in run.stderr) == (3, True)


def test_a_missing_index_ends_with_3(tmp_path: Path) -> None:
    """A release of an older version is told how to get its index."""
    project = small_project(tmp_path / "older")
    (current(project.build).path / INDEX).unlink()
    run = run_kg("--root", project.root, "find", "数据")
    assert (run.returncode, b"run kg build" in run.stderr) == (3, True)


def test_a_release_that_is_replaced_meanwhile_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader whose release is pruned between link and file gets the one that is current then."""
    build = tmp_path / "build"
    write_release(build, small_nquads("甲"), {})
    texts = [small_nquads(word) for word in "乙丙"]

    def overtaken(path: Path) -> Index:
        monkeypatch.undo()
        for text in texts:
            write_release(build, text, {})
        return open_index(path)

    monkeypatch.setattr("kg.index.open_index", overtaken)
    with current_index(build) as index:
        assert index.rows("SELECT value FROM meta WHERE key = 'dataset'") == [(sha256(texts[-1]),)]


def test_wrong_usage_is_told_before_a_release_is_looked_for(toy: Project) -> None:
    """Nothing to search for is wrong usage, whether there is a release or not."""
    assert run_kg("--root", toy.root, "find", "，").returncode == 2


def test_find_imports_nothing_heavy(small: Project) -> None:
    """A search opens one SQLite file: no store, no RDF, no YAML, no records, no validator."""
    code = (
        "import sys; from kg.__main__ import main; sys.argv[0] = 'kg'\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    arguments = ("--root", str(small.root), "find", "随申办", "-f", "csv")
    loaded = run_python(code, *arguments).stderr.decode().split()
    names = {name.split(".")[0] for name in loaded}
    heavy = {"ahocorasick_rs", "networkx", "pydantic", "pyoxigraph", "pyshacl", "rdflib", "rich",
             "yaml"}  # fmt: skip
    assert ("sqlite3" in names, names & heavy) == (True, set())


def test_the_manifest_does_not_depend_on_the_index(release: Release) -> None:
    """Nothing of the index is in the manifest: another SQLite gives the same release."""
    text = (release.path / "MANIFEST.json").read_text(encoding="utf-8")
    assert "search" not in text
    assert set(json.loads(text)) == {"bytes", "kg", "quads", "sha256"}
