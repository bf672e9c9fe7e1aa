"""Citations: entries that BibTeX reads, the pattern of GB/T 7714, and what each must tell."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest
import yaml
from graph_fixtures import ROOT, run_kg, toy_project

from kg import __version__, citation
from kg.citation import Citation, cite_answer, cite_dataset, cite_thing
from kg.errors import NamingError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from kg.graph import KnowledgeGraph
    from kg.project import Project

pytest_plugins = ["open_graphs"]

TODAY: Final = date(2031, 2, 3)
SHARING: Final = "regions-sharing-concept"

GBT: Final = re.compile(
    r"(?P<author>[^.\[\]]+)\. "
    r"(?P<title>.+?)\[(?P<medium>DS|EB)/OL\]"
    r"(?:\. |//(?P<within>.+?)\. )"
    r"(?:\((?P<issued>\d{4}-\d{2}-\d{2})\))?"
    r"\[(?P<seen>\d{4}-\d{2}-\d{2})\]"
    r"(?:\. (?P<address>https?://[^\s.]+(?:\.[^\s.]+)+))?\."
)
"""责任者. 题名[类型/载体]. (日期)[引用日期]. 网址."""


def bibtex(text: str) -> tuple[str, str, dict[str, str]]:
    """Read one entry strictly, as BibTeX does: type, key, fields; braces count, escaped or not."""
    entry = re.fullmatch(r"@(\w+)\{([A-Za-z0-9.-]+),\n(.*)\n\}", text, re.DOTALL)
    assert entry is not None, text
    fields: dict[str, str] = {}
    rest = entry[3]
    while rest:
        head = re.match(r"  ([a-z]+) = \{", rest)
        assert head is not None, rest
        depth, at = 1, head.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[at], 0)
            at += 1
        assert head[1] not in fields
        fields[head[1]] = rest[head.end() : at - 1]
        assert re.match(r",(?:\n|$)", rest[at:])
        rest = rest[at + 2 :]
    return entry[1], entry[2], fields


COMMANDS: Final = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{char}": char for char in "#$%&_"},
}


def typeset(text: str) -> str:
    """Give what TeX would set; a character that it takes for a command is wrong."""
    known = "|".join(map(re.escape, COMMANDS))
    pieces = re.split(f"({known})", text)
    assert not any(re.search(r"[#$%&_{}~^\\]", piece) for piece in pieces[::2]), text
    return "".join(COMMANDS.get(piece, piece) for piece in pieces)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the toy with its release, and the questions of the repository."""
    return toy_project(tmp_path_factory)


@pytest.fixture(scope="module")
def kg(toy: Project) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Give a function that runs the command line on the toy."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        return run_kg("--root", toy.root, "--build-dir", toy.build, *arguments)

    return run


# --- the dataset --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cff() -> dict[str, object]:
    """Give CITATION.cff."""
    document: dict[str, object] = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    return document


def test_the_citation_file_says_what_the_code_says(cff: dict[str, object]) -> None:
    """Title, authors, version, day and kind of CITATION.cff are those that `kg cite` gives."""
    assert cff["title"] == citation.TITLE
    assert cff["authors"] == [{"name": citation.AUTHORS}]
    assert str(cff["version"]) == __version__
    assert str(cff["date-released"]) == citation.ISSUED
    assert cff["type"] == "dataset"


def test_the_licence_that_is_cited_is_that_of_the_data(cff: dict[str, object]) -> None:
    """CC BY 4.0 in the entry, in CITATION.cff and in the licence itself."""
    _, _, fields = bibtex(cite_dataset("", TODAY).bibtex)
    assert fields["note"].endswith("CC BY 4.0")
    assert cff["license"] == "CC-BY-4.0"
    licence = (ROOT / "LICENSE-DATA").read_text("utf-8")
    assert "Attribution 4.0" in licence


def test_the_dataset_by_gbt() -> None:
    """Who, what in which version and release, when published, when seen, where."""
    found = GBT.fullmatch(cite_dataset("0123456789ab", TODAY).gbt)
    assert found is not None
    assert found["author"] == citation.AUTHORS_ZH
    assert found["title"] == f"{citation.TITLE_ZH}: {__version__} 版, 发布版 0123456789ab"
    assert (found["medium"], found["within"]) == ("DS", None)
    assert (found["issued"], found["seen"]) == (citation.ISSUED, "2031-02-03")
    assert found["address"] == citation.ADDRESS


def test_the_dataset_in_bibtex() -> None:
    """The corporate author and the title are kept as they are written, by a pair of braces."""
    kind, key, fields = bibtex(cite_dataset("0123456789ab", TODAY).bibtex)
    assert (kind, key) == ("misc", "dgkg-0123456789ab")
    assert fields == {
        "author": f"{{{citation.AUTHORS}}}",
        "title": f"{{{citation.TITLE}}}",
        "year": citation.ISSUED[:4],
        "version": f"{__version__}, release 0123456789ab",
        "note": "Data set, CC BY 4.0",
        "url": citation.ADDRESS,
        "urldate": "2031-02-03",
    }


def test_without_a_release_the_version_stands_alone() -> None:
    """An endpoint does not tell its release."""
    cited = cite_dataset("", TODAY)
    assert "发布版" not in cited.gbt
    assert bibtex(cited.bibtex)[2]["version"] == __version__
    assert GBT.fullmatch(cited.gbt)


# --- an answer ----------------------------------------------------------------------------------


def test_an_answer_leads_to_its_receipt(real_graph: KnowledgeGraph) -> None:
    """The citation tells question, parameters, release, and both checksums."""
    reply = real_graph.ask(SHARING, concept="政务云")
    receipt = real_graph.receipt(reply)
    cited = cite_answer(receipt, TODAY)
    found = GBT.fullmatch(cited.gbt)
    assert found is not None
    assert found["title"] == f"{reply.query.title['zh']} (concept=政务云)"
    assert f"发布版 {receipt.release}, 问题 {SHARING} {receipt.version}" in found["within"]
    _, key, fields = bibtex(cited.bibtex)
    assert key == f"dgkg-{SHARING}-{receipt.answer[:8]}"
    assert fields["title"] == f"{{{reply.query.title['en']} (concept=政务云)}}"
    assert (receipt.answer in fields["note"], receipt.dataset in fields["note"]) == (True, True)
    assert receipt.release in fields["howpublished"]


def test_a_receipt_is_cited_by_what_it_holds(real_graph: KnowledgeGraph) -> None:
    """Of an older version with another title and default, the citation tells those."""
    receipt = real_graph.receipt(real_graph.ask(SHARING))
    old = replace(
        receipt, program="0.0.7", title={"zh": "旧题", "en": "Old"}, settings={"concept": "旧词"}
    )
    cited = cite_answer(old, TODAY)
    assert "旧题 (concept=旧词)" in cited.gbt
    assert ": 0.0.7 版," in cited.gbt
    assert "version 0.0.7," in bibtex(cited.bibtex)[2]["howpublished"]
    assert __version__ not in cited.gbt + cited.bibtex


def test_an_answer_of_an_endpoint_names_it(real_graph: KnowledgeGraph) -> None:
    """In place of a release there is its address, without what is secret."""
    receipt = real_graph.receipt(real_graph.ask("sources"))
    cited = cite_answer(
        replace(receipt, release="", dataset="", engine="https://example.org/a_b"), TODAY
    )
    assert "https://example.org/a_b, 问题 sources" in cited.gbt
    fields = bibtex(cited.bibtex)[2]
    assert typeset(fields["howpublished"]).endswith("https://example.org/a_b")
    assert "dataset SHA-256 not known" in fields["note"]


SPECIAL: Final = "100% & $5 #1 a_b {c} \\input{x} ~ ^2 } @misc{evil, “一网通办” 𠮷\n\ttab"
"""Signs of TeX and BibTeX, braces that do not pair, a line break."""


def test_signs_of_tex_are_escaped(real_graph: KnowledgeGraph) -> None:
    """A parameter or title may hold any sign: the entry stays one, and TeX sets what was given."""
    receipt = real_graph.receipt(real_graph.ask("sources"))
    given = replace(receipt, settings={"x": SPECIAL}, title={"zh": "题", "en": "{T_1"})
    cited = cite_answer(given, TODAY)
    _, _, fields = bibtex(cited.bibtex)
    flat = re.sub(r"\s+", " ", SPECIAL)
    whole = re.fullmatch(r"\{(.*)\}", fields["title"])
    assert whole is not None
    assert typeset(whole[1]) == f"{{T_1 (x={flat})"
    assert "\n" not in cited.gbt


def test_an_address_is_not_escaped() -> None:
    """A URL is read as it is, whatever signs it has."""
    cited = Citation(
        "k", "", "T", "EB/OL", "", "2031-02-03", "https://a.org/x_y?z=1%20", {"title": "T"}
    )
    assert bibtex(cited.bibtex)[2] == {
        "title": "{T}", "url": "https://a.org/x_y?z=1%20", "urldate": "2031-02-03"
    }  # fmt: skip


# --- a source, a claim, a mention ---------------------------------------------------------------


def test_a_source_is_cited_by_what_is_known_of_it(real_graph: KnowledgeGraph) -> None:
    """Its title, the day of publication and the day on which the text was saved."""
    sources = list(real_graph.ask("sources"))
    for row in sources:
        iri = real_graph.resolve(row["source"]).iri
        cited = cite_thing(real_graph.engine, iri, TODAY)
        found = GBT.fullmatch(cited.gbt)
        assert found is not None
        assert (found["author"], found["medium"]) == ("佚名", "EB")
        assert (found["title"], found["issued"]) == (row["sourceLabel"], row["issued"])
        assert found["seen"] == row["retrieved"]
        assert bibtex(cited.bibtex)[2]["year"] == row["issued"][:4]
    assert sources


def test_every_claim_and_mention_can_be_cited(real_graph: KnowledgeGraph) -> None:
    """With its line and its words, on one line, in an entry that BibTeX reads."""
    query = (
        "SELECT ?s ?c { VALUES ?c { kg:Claim kg:FrameworkPart kg:Mention } ?s a ?c } ORDER BY ?s"
    )
    statements = [row[0] for row in real_graph.table(real_graph.with_prefixes(query)).rows]
    for statement in statements[::97]:
        assert statement is not None
        cited = cite_thing(real_graph.engine, statement.value, TODAY)
        assert re.search(r": 第 \d+ 行“.+”\[EB/OL\]", cited.gbt), cited.gbt
        assert GBT.fullmatch(cited.gbt)
        _, key, fields = bibtex(cited.bibtex)
        assert statement.value.endswith(key.replace("-part-", ".part."))
        assert re.search(r"第 \d+ 行", typeset(fields["note"]))
    assert len(statements[::97]) > 10


@pytest.mark.parametrize("name", ["上海", "一网通办", "kgp:gan-fu-tong", "kg:Target"])
def test_what_stands_in_no_source_cannot_be_cited(real_graph: KnowledgeGraph, name: str) -> None:
    """A thing outlives its sources; the error says what can be cited."""
    with pytest.raises(NamingError, match="cite a claim, a mention, a source"):
        cite_thing(real_graph.engine, real_graph.resolve(name).iri, TODAY)


# --- the command line ---------------------------------------------------------------------------


def test_cite_gives_both_styles(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], toy: Project
) -> None:
    """Without a name it is the dataset, of the current release, first by GB/T, then in BibTeX."""
    gbt, entry = kg("cite").stdout.decode().removesuffix("\n").split("\n\n")
    release = (toy.build / "current").resolve().name
    assert GBT.fullmatch(gbt)
    assert bibtex(entry)[1] == f"dgkg-{release}"
    assert kg("cite", "--style", "gbt").stdout.decode() == f"{gbt}\n"
    assert kg("cite", "--style", "bibtex").stdout.decode() == f"{entry}\n"


def test_cite_takes_a_question_and_its_receipt(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """The receipt of the default run is cited as the question is."""
    path = tmp_path / "r.json"
    assert kg("ask", SHARING, "-f", "csv", "--receipt", path).returncode == 0
    question, receipt = kg("cite", SHARING), kg("cite", path)
    assert (question.returncode, question.stdout) == (0, receipt.stdout)
    assert SHARING.encode() in question.stdout


@pytest.mark.parametrize("name", ["toy-review", "kgcl:hebei-cloud-claim", "hebei-cloud-claim"])
def test_cite_takes_what_stands_in_a_source(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], name: str
) -> None:
    """A source or a claim, by code or key."""
    run = kg("cite", name, "--style", "gbt")
    assert run.returncode == 0
    assert GBT.fullmatch(run.stdout.decode().strip())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("上海",), 3),
        (("上海滩",), 3),
        (("五个一",), 3),
        (("",), 3),
        (("x" * 10_000,), 3),
        (("--style", "apa"), 2),
        (("none.json",), 2),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_cited_has_an_exit_code(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], arguments: tuple[str, ...], code: int
) -> None:
    """Nothing on stdout, no traceback, a short message."""
    run = kg("cite", *arguments)
    assert (run.returncode, run.stdout) == (code, b"")
    assert (b"Traceback" in run.stderr, len(run.stderr) < 1000) == (False, True)
