"""The command line: help, exit codes, formats, pipes and locales, as users meet them."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import pytest
from click.testing import CliRunner
from graph_fixtures import ROOT, real_project, run_kg, run_python, small_project, toy_project
from rich.cells import cell_len

from kg import __version__
from kg.__main__ import main
from kg.cli import cli
from kg.cli.output import TABLE_FORMATS, write_bytes
from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.project import Project

QUESTION: Final = "platforms-of-concept"
LABELS: Final = 'SELECT ?t ?l WHERE { ?t skos:prefLabel ?l FILTER(LANG(?l) = "zh") } ORDER BY ?t'
MANY: Final = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT "
"""A query of so many rows, its limit apart, that a pipe does not hold them."""
CLAIMS: Final = "data/sources/toy-bulletin/claims/guangxi.yaml"


def commands() -> list[tuple[str, ...]]:
    """Name every command, and the commands of its own that it has."""
    found: list[tuple[str, ...]] = [()]
    for name, command in cli.commands.items():
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, inner) for inner in command.commands]
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the small project with its release."""
    return small_project(tmp_path_factory.mktemp("cli") / "a project")


@pytest.fixture(scope="module")
def kg(small: Project) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Give a function that runs the command line on the small project."""

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        return run_kg("--root", small.root, *arguments, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="module")
def toy_built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the toy with its release."""
    return toy_project(tmp_path_factory)


@pytest.fixture(scope="module")
def real_built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the real project with its release."""
    return real_project(tmp_path_factory)


def invoke(project: Project, *arguments: str) -> tuple[str, BaseException | None]:
    """Run a command in this process; give its output and the error that it raised."""
    where = ["--root", str(project.root), "--build-dir", str(project.build)]
    result = CliRunner().invoke(cli, [*where, *arguments])
    return result.stdout, result.exception


@pytest.fixture
def status(
    small: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Give a function that runs the whole program in this process: exit code, stdout, stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", "--root", str(small.root), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return run


def error_of(project: Project, *arguments: str) -> KgError:
    """Run a command in this process that fails with an error of ours."""
    _, error = invoke(project, *arguments)
    assert isinstance(error, KgError), error
    return error


# --- help ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_help_in_both_languages(command: tuple[str, ...], option: str) -> None:
    """Help ends well, and says in Chinese and English what the command does."""
    result = CliRunner().invoke(cli, [*command, option])
    first = result.stdout.split("\n\n")[1]
    assert result.exit_code == 0
    assert re.search("[\u4e00-\u9fff].* · .*[A-Za-z]", first.replace("\n", " "))


def test_help_names_every_command() -> None:
    """The program's help lists the commands."""
    text = CliRunner().invoke(cli, ["--help"]).stdout
    assert [name for name in cli.commands if f"\n  {name} " not in text] == []


def test_help_documents_the_exit_codes() -> None:
    """The program's help tells each exit code from 0 to 6."""
    text = " ".join(CliRunner().invoke(cli, ["--help"]).stdout.split())
    assert re.findall(r"(?<![0-9.])([0-9]) [^ ]", text.split("exit codes:")[1]) == list("0123456")


def test_the_version_is_told() -> None:
    """`kg --version` is the package's version."""
    run = run_kg("--version")
    assert (run.returncode, run.stdout.decode()) == (0, f"kg, version {__version__}\n")


# --- exit codes ---------------------------------------------------------------------------------


def test_an_answer_ends_with_0(kg: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """A question that is answered ends with 0."""
    assert kg("ask", QUESTION).returncode == 0


def test_no_rows_end_with_0(kg: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """A question without rows is answered too."""
    assert kg("ask", QUESTION, "-p", "concept=一网统管").returncode == 0


def test_a_clean_project_ends_with_0(toy: Project) -> None:
    """Checking a clean project says so and ends with 0."""
    run = run_kg("--root", toy.root, "check")
    assert (run.returncode, run.stdout) == (0, b"")
    assert "clean:" in run.stderr.decode()


def test_a_finding_ends_with_1(toy: Project, change: Callable[[str, str, str], int]) -> None:
    """A text that is not wholly claimed is a finding: one line with file and line, and 1."""
    change(CLAIMS, '  - quote: "广西"\n    reason: section-name\n', "")
    change(CLAIMS, "set_aside:\n", "")
    run = run_kg("--root", toy.root, "check")
    assert run.returncode == 1
    assert re.search(r"text\.txt:\d+: .*广西.* \| ", run.stderr.decode())


@pytest.mark.parametrize("name", ["guangxi", "广西", "桂", "CN-GX"])
def test_coverage_takes_any_name_of_a_region(toy: Project, name: str) -> None:
    """As `kg show` does."""
    run = run_kg("--root", toy.root, "coverage", name, "-f", "csv")
    regions = [line.split(",")[1] for line in run.stdout.decode().splitlines()[1:]]
    assert (run.returncode, set(regions)) == (0, {"guangxi"})


def test_incomplete_coverage_ends_with_1(
    toy: Project, change: Callable[[str, str, str], int]
) -> None:
    """`kg coverage` ends with 1 where something is left, and says what."""
    change(CLAIMS, '  - quote: "广西"\n    reason: section-name\n', "")
    change(CLAIMS, "set_aside:\n", "")
    run = run_kg("--root", toy.root, "coverage", "guangxi")
    assert run.returncode == 1
    assert "广西" in run.stderr.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("--frobnicate",),
        ("ask", QUESTION, "--frobnicate"),
        ("ask", QUESTION, "-f", "pdf"),
        ("ask", QUESTION, "-p", "concept"),
        ("ask", QUESTION, "-p", "concept="),
        ("ask", QUESTION, "-p", "=x"),
        ("ask", QUESTION, "-p", "concpet=一网通办"),
        ("ask", QUESTION, "-p", "question=x"),
        ("ask", QUESTION, "-p", "by=someday"),
        ("ask", QUESTION, "-p", "concept=一网通办", "-p", "concept=一网统管"),
        ("ask", QUESTION, "--engine", "steam"),
        ("ask", QUESTION, "--lang", "fr"),
        ("sparql", "ASK { ?s ?p ?o }", "-f", "ttl"),
        ("sparql", "DESCRIBE kgr:china", "-f", "csv"),
        ("sparql", "DESCRIBE kgr:china", "-f", "srj"),
        ("show",),
        ("show", "上海", "-f", "srj"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(
    status: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...]
) -> None:
    """An unknown option or parameter, or a malformed value, ends with 2 and no output."""
    code, out, err = status(*arguments)
    assert (code, out) == (2, ""), err


def test_no_project_ends_with_2(tmp_path: Path) -> None:
    """A folder that is no project is wrong usage."""
    run = run_kg("--root", tmp_path, "check")
    assert (run.returncode, b"Traceback" in run.stderr) == (2, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "上海滩"),
        ("show", "五个一"),
        ("show", ""),
        ("ask", QUESTION, "-p", "concept=上海"),
        ("ask", QUESTION, "-p", "concept=五个一"),
        ("ask", QUESTION, "-p", 'concept=" } #'),
    ],
    ids=" ".join,
)
def test_a_name_not_found_ends_with_3(
    status: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...]
) -> None:
    """An unknown or ambiguous name ends with 3, one line on stderr in both languages."""
    code, out, err = status(*arguments)
    assert (code, out) == (3, "")
    assert re.fullmatch(r"kg: [^\n]* \| [^\n]*\n", err)


def test_no_release_ends_with_3(toy: Project) -> None:
    """Before the first build a question ends with 3, and the way out is named."""
    run = run_kg("--root", toy.root, "ask")
    assert run.returncode == 3
    assert "run kg build first" in run.stderr.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ("sparql", "SELECT"),
        ("sparql", "SELECT * WHERE { ?s nothing:here ?o }"),
        ("sparql", "INSERT DATA { <a:a> <b:b> <c:c> }"),
        ("sparql", ""),
        ("ask", "platform-of-concepts"),
    ],
    ids=" ".join,
)
def test_a_bad_query_ends_with_4(
    status: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...]
) -> None:
    """A query that does not parse, or a question that does not exist, ends with 4."""
    code, out, err = status(*arguments)
    assert (code, out) == (4, "")
    assert re.fullmatch(r"kg: [^\n]* \| [^\n]*\n", err)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("ask", "-f", "pdf"), 2), (("show", "上海滩"), 3), (("sparql", "SELECT"), 4)],
)
def test_a_process_ends_with_the_same_code(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], arguments: tuple[str, ...], code: int
) -> None:
    """In a process of its own the program ends with these codes too, and without a traceback."""
    run = kg(*arguments)
    assert (run.returncode, b"Traceback" in run.stderr) == (code, False)


@pytest.mark.parametrize("command", ["check", "build"])
def test_unreadable_records_end_with_5(
    toy: Project, change: Callable[[str, str, str], int], command: str
) -> None:
    """Records that cannot be read end with 5, each problem a line with file and line."""
    line = change(CLAIMS, "strength: binding", "strenght: binding")
    run = run_kg("--root", toy.root, command)
    assert run.returncode == 5
    assert re.search(rf"^{re.escape(CLAIMS)}:{line}: ", run.stderr.decode(), re.MULTILINE)


def test_a_failed_build_writes_nothing(
    toy: Project, change: Callable[[str, str, str], int]
) -> None:
    """What is not clean is not released."""
    change(CLAIMS, 'zh: "全面推行一网通办"', "zh: 7")
    assert run_kg("--root", toy.root, "build").returncode == 5
    assert not (toy.build / "releases").exists()


def test_a_name_in_bytes_that_are_no_text_ends_with_2(small: Project) -> None:
    """An argument in another coding than UTF-8 is told as such."""
    name = b"\xc9\xcf\xba\xa3".decode(errors="surrogateescape")
    command = [sys.executable, "-m", "kg", "--root", str(small.root), "show", name]
    run = subprocess.run(command, check=False, capture_output=True)
    assert (run.returncode, b"Traceback" in run.stderr) == (2, False)


def in_one_line(run: subprocess.CompletedProcess[bytes]) -> bool:
    """Tell whether a command said one thing in both languages on stderr, and no more."""
    said = run.stderr.decode()
    return bool(re.fullmatch(r"[^\n]*[\u4e00-\u9fff][^\n]* \| [^\n]*[A-Za-z][^\n]*\n", said))


LONG: Final = "一网" * 5000


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("no-such-question",), 4, "no question"),
        (("targets-du",), 4, "did you mean targets-due"),
        ((LONG,), 4, "no question"),
        (("targets-due", "-p", "untill=2022"), 2, "no parameter untill"),
        (("targets-due", "-p", "by=someday"), 2, "no xsd:date"),
        (("targets-due", "-p", "by=2022-02-30"), 2, "no xsd:date"),
        (("targets-due", "-p", "by=2022-13"), 2, "no xsd:date"),
        (("targets-due", "-p", "by=2022", "-p", "by=2023"), 2, "takes one value"),
        (("targets-due", "-p", f"by={LONG}"), 2, "no xsd:date"),
        (("concept-matrix", "-p", "min_regions=two"), 2, "no xsd:integer"),
        (("concept-matrix", "-p", "min_regions=2 } SERVICE <http://a/> { #"), 2, "no xsd:integer"),
        (("concepts-of-region", "-p", "region=未来省"), 3, "nothing is called"),
        (("concepts-of-region", "-p", "region=shan xi"), 3, "kgr:shaanxi 陕西"),
        (("concepts-of-region", "-p", "region=shan xi"), 3, "kgr:shanxi 山西"),
        (("concepts-of-region", "-p", f"region={LONG}"), 3, "…”"),
        (("regions-sharing-concept", "-p", "concept=两张网"), 3, "kgc:liang-zhang-wang-hebei"),
        (("regions-sharing-concept", "-p", "concept=五个一"), 3, "kgc:wu-ge-yi-guangxi"),
        (
            ("regions-sharing-concept", "-p", 'concept=一网通办" } SERVICE <http://a/> { #'),
            3,
            "SERVICE",
        ),
        (("regions-sharing-concept", "-p", "concept=kgc:yi-wang-tong-ban> } #"), 3, "yi-wang"),
        (("regions-sharing-concept", "-p", "concept=http://a/> ?p ?o } #"), 3, "http://a/"),
        (("regions-sharing-concept", "-p", "concept=一\n网"), 3, r"一\n网"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_wrong_question_is_told_in_one_line(
    real_built: Project, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """Each fault has its code, one line in both languages, nothing on stdout and no traceback."""
    run = run_kg("--root", ROOT, "--build-dir", real_built.build, "ask", *arguments)
    assert (run.returncode, run.stdout, in_one_line(run)) == (code, b"", True), run.stderr.decode()
    assert said in run.stderr.decode()


def test_a_key_is_answered_and_its_namesake_told(real_built: Project) -> None:
    """`shanxi` is the key of 山西; that 陕西 is written so in pinyin is said."""
    arguments = ("ask", "concepts-of-region", "-p", "region=shanxi", "-f", "csv")
    run = run_kg("--root", ROOT, "--build-dir", real_built.build, *arguments)
    assert (run.returncode, "kgc:wu-ge-yi-shanxi" in run.stdout.decode()) == (0, True)
    assert "陕西的拼音也是它" in run.stderr.decode()


@pytest.mark.parametrize(
    "value", ['华东" } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #', "\\", '"', "x" * 10_000]
)
def test_a_text_stays_a_text(real_built: Project, value: str) -> None:
    """A parameter that is a text may hold anything: it breaks out of nothing, and nothing fits."""
    arguments = ("ask", "division-shared-concepts", "-p", f"division={value}", "-f", "json")
    run = run_kg("--root", ROOT, "--build-dir", real_built.build, *arguments)
    assert (run.returncode, json.loads(run.stdout)) == (0, [])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('#+ summary: "', '#+ summary： "', "in half width"),
        ('#+ title: {zh: "', '#+ title: {zh： "', "header.title"),
        ("#+ version: 1.0.0", "#+ version: 1.0.0\n#+ versoin: 1.0.0", "did you mean version"),
        ("#+ key: [platform]", "#+ key: [platfrom]", "no column 'platfrom'"),
    ],
)
def test_a_wrong_header_ends_with_4(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A Chinese colon, an unknown field: each problem is a line with its place and the way out."""
    project = small_project(tmp_path)
    path = project.queries / f"{QUESTION}.rq"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    run = run_kg("--root", project.root, "ask", QUESTION)
    *problems, last = run.stderr.decode().splitlines()
    assert (run.returncode, run.stdout) == (4, b"")
    assert problems
    assert all(re.match(rf"queries/{QUESTION}\.rq:\d+: .* \| ", line) for line in problems)
    assert re.fullmatch(r"共 \d+ 个问题 \| \d+ problems?", last)
    assert any(said in line for line in problems)


# --- building -----------------------------------------------------------------------------------


def test_build_prints_the_path_of_the_release(toy: Project) -> None:
    """`kg build` prints where the release lies, and nothing else, on stdout."""
    run = run_kg("--root", toy.root, "build")
    assert run.returncode == 0, run.stderr.decode()
    assert run.stdout.decode().strip() == str((toy.build / "current").resolve())


def test_build_writes_where_it_is_told(toy: Project, tmp_path: Path) -> None:
    """`kg build -o` writes the releases into another folder."""
    run = run_kg("--root", toy.root, "build", "-o", tmp_path / "out")
    assert run.returncode == 0, run.stderr.decode()
    assert (tmp_path / "out" / "current").is_symlink()
    assert not (toy.build / "releases").exists()


def test_releases_are_found_by_option_and_by_environment(small: Project, tmp_path: Path) -> None:
    """`kg -o DIR` and KG_BUILD both say where releases lie."""
    moved = tmp_path / "moved"
    (small.root / "build").rename(moved)
    try:
        option = run_kg("--root", small.root, "-o", moved, "ask", QUESTION)
        environment = {"KG_BUILD": str(moved)}
        variable = run_kg("--root", small.root, "ask", QUESTION, environment=environment)
    finally:
        moved.rename(small.root / "build")
    assert (option.returncode, variable.returncode) == (0, 0)


def test_a_folder_may_have_a_chinese_name(tmp_path: Path) -> None:
    """A project in a folder with Chinese signs and blanks in its name is read like any other."""
    project = small_project(tmp_path / "数字政府 图谱")
    assert run_kg("--root", project.root, "ask", QUESTION).returncode == 0


def test_the_project_is_found_from_a_folder_below(small: Project) -> None:
    """Without --root the project is the one that the current folder lies in."""
    run = run_kg("ask", cwd=small.root / "queries")
    assert f"kg ask {QUESTION}" in run.stdout.decode()


def test_schemas_that_are_up_to_date_end_with_0(toy: Project) -> None:
    """`kg schema` writes the schemas, after which `--check` has nothing to say."""
    assert run_kg("--root", toy.root, "schema", "--check").returncode == 1
    assert run_kg("--root", toy.root, "schema").returncode == 0
    assert run_kg("--root", toy.root, "schema", "--check").returncode == 0


# --- formats ------------------------------------------------------------------------------------

ROWS: Final = [
    {
        "platform": "kgp:sui-shen-ban",
        "platformLabel": "“随申办”",
        "platformLabelEn": "Suishenban",
        "claims": "2",
    }
]


def test_csv(small: Project) -> None:
    """CSV has a head, all columns, and IRIs as CURIEs."""
    out, _ = invoke(small, "ask", QUESTION, "-f", "csv")
    assert list(csv.DictReader(io.StringIO(out))) == ROWS


def test_tsv(small: Project) -> None:
    """TSV has a head and all columns."""
    out, _ = invoke(small, "ask", QUESTION, "-f", "tsv")
    assert out == "\t".join(ROWS[0]) + "\n" + "\t".join(ROWS[0].values()) + "\n"


def test_json(small: Project) -> None:
    """JSON is a list of objects, Chinese as it is."""
    out, _ = invoke(small, "ask", QUESTION, "-f", "json")
    assert (json.loads(out), "随申办" in out) == (ROWS, True)


def test_ndjson(small: Project) -> None:
    """NDJSON is one object a line, Chinese as it is."""
    out, _ = invoke(small, "ask", QUESTION, "-f", "ndjson")
    assert ([json.loads(line) for line in out.splitlines()], "随申办" in out) == (ROWS, True)


def test_markdown(small: Project) -> None:
    """Markdown is a table for people: heads in Chinese, the label in place of the thing."""
    out, _ = invoke(small, "ask", QUESTION, "-f", "md")
    assert out == "| 平台 | 断言数 |\n| --- | --- |\n| “随申办” | 2 |\n"


def test_markdown_in_english(small: Project) -> None:
    """`--lang en` gives the heads in English."""
    out, _ = invoke(small, "ask", QUESTION, "-f", "md", "--lang", "en")
    assert out.startswith("| Platform | Claims |\n")


def test_table(small: Project) -> None:
    """A table has the label in place of the thing."""
    out, _ = invoke(small, "ask", QUESTION, "-f", "table")
    assert ("“随申办”" in out, "kgp:" in out) == (True, False)


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_no_rows_in_every_format(small: Project, form: str) -> None:
    """An answer without rows can be written in every format."""
    _, error = invoke(small, "ask", QUESTION, "-p", "concept=一网统管", "-f", form)
    assert error is None


@pytest.mark.parametrize(
    ("form", "start"),
    [("srj", b'{"head"'), ("srx", b"<?xml"), ("csv", b"t,l\n"), ("tsv", b"t\tl\n")],
)
def test_sparql_in_standard_formats(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], form: str, start: bytes
) -> None:
    """SELECT may be had as the W3C's JSON and XML, and as CSV and TSV with CURIEs."""
    assert kg("sparql", LABELS, "-f", form).stdout.startswith(start)


@pytest.mark.parametrize(("form", "sign"), [("ttl", "kgr:"), ("nt", "<https:"), ("rdf", "rdf:RDF")])
def test_construct_in_graph_formats(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], form: str, sign: str
) -> None:
    """CONSTRUCT may be had as Turtle, N-Triples and RDF/XML."""
    query = "CONSTRUCT { ?s a kg:Region } WHERE { ?s a kg:Region }"
    out = kg("sparql", query, "-f", form).stdout.decode()
    assert (sign.replace("kgr:", "region/shanghai") in out, "Region" in out) == (True, True)


def test_construct_without_a_format_is_turtle(small: Project) -> None:
    """CONSTRUCT without a format answers in Turtle."""
    out, _ = invoke(small, "sparql", "# SELECT\nCONSTRUCT { ?s a kg:X } WHERE { ?s a kg:Region }")
    assert "region/shanghai> a <https://w3id.org/dgkg/ontology#X>" in out


def test_prefixes_need_not_be_declared(small: Project) -> None:
    """`kg sparql` knows the graph's prefixes."""
    out, _ = invoke(small, "sparql", "ASK { kgr:shanghai a kg:Region }", "-f", "csv")
    assert out == "answer\ntrue\n"


def test_sparql_from_stdin_and_from_a_file(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], small: Project
) -> None:
    """A query is read from stdin, or from an .rq file with its header."""
    stdin = kg("sparql", "-", "-f", "csv", stdin='SELECT ("一网通办" AS ?a) {}'.encode())
    file = kg("sparql", str(small.queries / f"{QUESTION}.rq"), "-f", "csv")
    assert stdin.stdout.decode() == "a\n一网通办\n"
    assert file.stdout.startswith(b"platform,platformLabel,platformLabelEn,claims\n")


def test_stdin_is_utf8_in_any_locale(
    kg: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """A query in Chinese from stdin is read as UTF-8, whatever the locale's coding."""
    environment = {"PYTHONIOENCODING": "gb18030"}
    query = 'SELECT ("一网通办" AS ?a) {}'.encode()
    run = kg("sparql", "-f", "csv", stdin=query, environment=environment)
    assert run.stdout.decode() == "a\n一网通办\n"


@pytest.mark.parametrize("form", ["ttl", "nt"])
def test_show_in_graph_formats(small: Project, form: str) -> None:
    """`kg show` may be had as triples of the thing."""
    out, _ = invoke(small, "show", "上海", "-f", form)
    assert ("310000" in out, "Shanxi" in out) == (True, False)


def test_show_has_facts_and_quotes(toy_built: Project) -> None:
    """`kg show` lists the facts of a thing and the claims that name it, with their quotes."""
    out, _ = invoke(toy_built, "show", "桂民通", "-f", "tsv")
    rows = [line.split("\t") for line in out.splitlines()]
    assert [value for _, value, *_ in rows if value == "广西"] == ["广西"]
    assert [(quote, line) for _, _, quote, line in rows[1:] if quote] == [
        ("广西升级“桂民通”", "2"),
        ("建成“桂民通”3.0版", "4"),
    ]


@pytest.mark.parametrize(("name", "head"), [("list.md", "# Questions"), ("list.txt", "")])
def test_the_list_goes_into_a_file(small: Project, tmp_path: Path, name: str, head: str) -> None:
    """The suffix chooses Markdown or text."""
    path = tmp_path / name
    out, _ = invoke(small, "ask", "--list", "-o", str(path))
    text = path.read_text(encoding="utf-8")
    assert (out, text.startswith(head or "#"), QUESTION in text) == ("", bool(head), True)


def test_the_list_has_no_rows(small: Project, tmp_path: Path) -> None:
    """As CSV it is refused, and no file is made."""
    path = tmp_path / "list.csv"
    _, error = invoke(small, "ask", "-o", str(path))
    assert isinstance(error, UsageError)
    assert not path.exists()


def test_help_on_a_question_tells_its_parameters(
    kg: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """The question in both languages, what each parameter takes, and a command that runs."""
    told = kg("ask", QUESTION, "--help").stdout.decode()
    assert re.search(r"-p concept=…  概念 Concept · kg:PlatformConcept · 默认 default kgc:", told)
    assert "哪些" in told
    assert "Which" in told
    plain = kg("ask", "--help").stdout.decode()
    assert "-p concept=…" not in plain


@pytest.mark.parametrize("word", ["政务云", "concept=政务云"])
def test_a_word_behind_the_question_is_told_its_place(
    status: Callable[..., tuple[int, str, str]], word: str
) -> None:
    """Who leaves out -p is told how the parameter is written."""
    code, out, err = status("ask", QUESTION, word)
    assert (code, out) == (2, "")
    assert err.count("-p 'concept=政务云'") == 2


@pytest.mark.parametrize(
    ("arguments", "zh"),
    [
        (["ask", "--lang", "fr"], "值不对"),
        (["ask", "-f", "docx"], "值不对"),
        (["ask", "--no-such"], "没有这个选项"),
        (["show"], "缺少参数"),
        (["no-such"], "用法有误"),
        (["coverage", "--terms", "shanghai"], "--terms 说的是整个图谱"),
    ],
)
def test_wrong_usage_is_told_in_both_languages(
    status: Callable[..., tuple[int, str, str]], arguments: list[str], zh: str
) -> None:
    """Chinese first, then what is wrong in English, and exit code 2."""
    code, _, err = status(*arguments)
    assert code == 2
    assert re.search(rf"{zh}.* \| \S", err)


def test_what_is_not_read_is_told_of_a_region(small: Project) -> None:
    """`kg show` of a region of which nothing was read says so, of a platform it does not."""
    for thing, told in (("陕西", True), ("随申办", False)):
        result = CliRunner().invoke(cli, ["--root", str(small.root), "show", thing])
        assert ("没有读到文本的省级地区 1 个（陕西）" in result.stderr) is told


def test_ask_without_a_question_lists_them(small: Project) -> None:
    """`kg ask` alone lists each question by subject, as it can be typed with other values."""
    out, _ = invoke(small, "ask")
    *told, command = [line.strip() for line in out.splitlines() if line.strip()]
    assert told == ["queries", "哪些平台实现某一概念？"]
    values = ["-p", "concept=一网统管", "-p", "region=上海", "-p", "by=2022"]
    assert shlex.split(command) == ["kg", "ask", QUESTION, *values]


def test_a_variant_is_told(kg: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """Who asks for a variant is told, on stderr, for what the answer is."""
    run = kg("ask", QUESTION, "-p", "concept=一网通办理")
    assert "“一网通办理”是“一网通办”的变体" in run.stderr.decode()


def test_counts_go_to_stderr(kg: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """Stdout has the data only; how many rows there are is told on stderr."""
    run = kg("ask", QUESTION, "-f", "csv")
    assert (run.stdout.count(b"\n"), "1 rows" in run.stderr.decode()) == (2, True)


def test_near_names_are_offered(small: Project) -> None:
    """An unknown name gives those that may be meant."""
    assert "上海" in error_of(small, "show", "上海滩").en


# --- terminals, pipes, locales ------------------------------------------------------------------


def on_terminal(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run the command line on a terminal of 100 columns, and give what it shows."""
    primary, secondary = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments],
        stdout=secondary,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **(environment or {})},
    )
    os.close(secondary)
    shown = b""
    while True:
        try:
            data = os.read(primary, 4096)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        shown += data
    os.close(primary)
    assert run.wait() == 0
    return shown.decode().replace("\r\n", "\n")


def test_a_pipe_gets_tsv(kg: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """Without a format, what goes into a pipe is TSV."""
    assert kg("ask", QUESTION).stdout == kg("ask", QUESTION, "-f", "tsv").stdout


def test_a_terminal_gets_a_table(small: Project) -> None:
    """Without a format, what goes to a terminal is a table."""
    shown = on_terminal("--root", str(small.root), "ask", QUESTION)
    assert ("──" in shown, "\t" in shown) == (True, False)


@pytest.mark.parametrize("variable", ["NO_COLOR", None])
def test_no_color_is_honoured(small: Project, variable: str | None) -> None:
    """With NO_COLOR a terminal gets no code of a colour."""
    environment = {variable: "1"} if variable else {}
    shown = on_terminal("--root", str(small.root), "ask", QUESTION, environment=environment)
    colours = re.findall(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7])[;m]", shown)
    assert colours == []


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_a_pipe_gets_no_escape_codes(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], form: str
) -> None:
    """Whatever the format, a pipe gets plain text, even where colour is forced on terminals."""
    run = kg("ask", QUESTION, "-f", form, environment={"TERM": "xterm-256color"})
    assert b"\x1b" not in run.stdout


@pytest.mark.parametrize("query", [LABELS, LABELS.replace("?t ?l WHERE", "?l ?t WHERE")])
def test_chinese_columns_are_as_wide_as_they_look(small: Project, query: str) -> None:
    """The widest line of a table ends with its rule, a Chinese sign counted as two columns."""
    out, _ = invoke(small, "sparql", query, "-f", "table")
    lines = [line for line in out.splitlines() if line.strip()]
    rule = next(line for line in lines if "─" in line)
    assert max(cell_len(line) for line in lines) == cell_len(rule)


def test_the_second_column_starts_in_one_place(small: Project) -> None:
    """Behind Chinese labels of unlike length the next column stands in line."""
    out, _ = invoke(small, "sparql", LABELS.replace("?t ?l WHERE", "?l ?t WHERE"), "-f", "table")
    starts = {cell_len(line.split("kg")[0]) for line in out.splitlines() if "kg" in line}
    assert len(starts) == 1


@pytest.mark.parametrize("form", [*TABLE_FORMATS, "srj", "srx"])
def test_a_closed_pipe_ends_quietly(small: Project, form: str) -> None:
    """When the reader has seen enough, as with `| head -1`, the command ends with 0 in silence."""
    query = MANY + ("300" if form == "table" else "3000")  # a row of a table is many lines
    command = [sys.executable, "-m", "kg", "--root", str(small.root), "sparql", query, "-f", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.read(1)
        run.stdout.close()
        said = run.stderr.read()
    assert (run.returncode, said) == (0, b"")


@pytest.mark.parametrize("arguments", [("--help",), ("ask",), ("ask", "--help"), ("ask", QUESTION)])
def test_a_pipe_closed_before_the_first_word_ends_quietly(
    small: Project, arguments: tuple[str, ...]
) -> None:
    """A reader that is gone before anything is written is no error either, also for help."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "kg", "--root", str(small.root), *arguments]
    run = subprocess.run(command, check=False, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (run.returncode, b"Error" in run.stderr, b"Traceback" in run.stderr) == (0, False, False)


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "gb18030"},
        {"LC_ALL": "", "LANG": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["table", "csv"])
def test_stdout_is_utf8_in_any_locale(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], form: str, environment: dict[str, str]
) -> None:
    """Whatever the locale says, Chinese goes out as UTF-8."""
    run = kg("ask", QUESTION, "-f", form, environment=environment)
    assert (run.returncode, "随申办" in run.stdout.decode("utf-8")) == (0, True)


def test_errors_are_utf8_in_any_locale(
    kg: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """What is told on stderr is UTF-8 too."""
    run = kg("show", "上海滩", environment={"PYTHONIOENCODING": "ascii"})
    assert "没有找到“上海滩”" in run.stderr.decode("utf-8")


@pytest.mark.parametrize(("form", "start"), [("srj", '{"head"'), ("srx", "<?xml")])
def test_ask_in_standard_formats(small: Project, form: str, start: str) -> None:
    """A saved question may be had as the W3C's JSON and XML."""
    out, _ = invoke(small, "ask", QUESTION, "-f", form)
    assert (out.startswith(start), "sui-shen-ban" in out) == (True, True)


@pytest.mark.parametrize("data", [None, "SELECT ('一网通办' AS ?a) {}".encode("gb18030")])
def test_a_query_file_that_cannot_be_read_ends_with_2(
    small: Project, tmp_path: Path, data: bytes | None
) -> None:
    """A query file that is missing or not in UTF-8 is wrong usage, told in both languages."""
    path = tmp_path / "query.rq"
    if data is not None:
        path.write_bytes(data)
    error = error_of(small, "sparql", str(path))
    assert (error.exit_code, "query.rq" in error.zh, "query.rq" in error.en) == (2, True, True)


@pytest.mark.parametrize("columns", ["", "many", "0", "-7", "²"])
def test_malformed_columns_are_the_default(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], columns: str
) -> None:
    """A COLUMNS that is no width is as good as none."""
    run = kg("ask", QUESTION, "-f", "table", environment={"COLUMNS": columns})
    plain = kg("ask", QUESTION, "-f", "table", environment={"COLUMNS": "100"})
    assert (run.returncode, run.stdout) == (0, plain.stdout)


@pytest.mark.parametrize("form", ["csv", "srj"])
def test_a_full_device_ends_with_1(small: Project, form: str) -> None:
    """Where nothing more can be written, one line says so and the command ends with 1."""
    command = [sys.executable, "-m", "kg", "--root", str(small.root), "sparql", LABELS, "-f", form]
    with open("/dev/full", "wb") as full:  # noqa: PTH123 -- a device
        run = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE)
    assert (run.returncode, run.stderr.count(b"\n")) == (1, 1)
    assert "无法写出" in run.stderr.decode()


# --- into a file --------------------------------------------------------------------------------

IN_FORMAT: Final = {
    "csv": b"\xef\xbb\xbfplatform,", "tsv": b"platform\t", "json": b"[\n", "ndjson": b'{"platform',
    "md": "| 平台 |".encode(), "srj": b'{"head"', "srx": b"<?xml",
}  # fmt: skip
"""Suffix of a file -> how what is written into it begins."""


@pytest.mark.parametrize("suffix", IN_FORMAT)
def test_the_suffix_of_a_file_decides_the_format(
    small: Project, tmp_path: Path, suffix: str
) -> None:
    """In either case of letters; nothing goes to stdout."""
    for name in (f"答案.{suffix}", f"答案.{suffix.upper()}"):
        out, error = invoke(small, "ask", QUESTION, "-o", str(tmp_path / name))
        assert (out, error) == ("", None)
        assert (tmp_path / name).read_bytes().startswith(IN_FORMAT[suffix])


@pytest.mark.parametrize(("name", "form"), [("a.txt", "csv"), ("a", "json"), ("a.json", "csv")])
def test_a_format_that_is_named_goes_before_a_suffix(
    small: Project, tmp_path: Path, name: str, form: str
) -> None:
    """`-f` says what is written, whatever the file is called."""
    _, error = invoke(small, "ask", QUESTION, "-f", form, "-o", str(tmp_path / name))
    assert error is None
    assert (tmp_path / name).read_bytes().startswith(IN_FORMAT[form])


def test_a_file_without_a_suffix_is_tsv(small: Project, tmp_path: Path) -> None:
    """As into a pipe."""
    invoke(small, "ask", QUESTION, "-o", str(tmp_path / "answer"))
    assert (tmp_path / "answer").read_bytes().startswith(b"platform\t")


def test_a_file_holds_what_a_pipe_gets(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """But for the mark in front of CSV, by which Excel knows that it is UTF-8."""
    for suffix in ("csv", "tsv", "json", "ndjson", "md", "srj", "srx"):
        path = tmp_path / f"answer.{suffix}"
        assert kg("ask", QUESTION, "-o", path).returncode == 0
        mark = b"\xef\xbb\xbf" if suffix == "csv" else b""
        assert path.read_bytes() == mark + kg("ask", QUESTION, "-f", suffix).stdout


@pytest.mark.parametrize("name", ["answer.pdf", "answer.xlsx", "answer.ttl", "答案.表"])
def test_an_unknown_suffix_ends_with_2(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path, name: str
) -> None:
    """The formats that there are are told, and nothing is written."""
    run = kg("ask", QUESTION, "-o", tmp_path / name)
    assert (run.returncode, run.stdout, list(tmp_path.iterdir())) == (2, b"", [])
    assert "csv tsv json" in run.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "suffix", "start"),
    [
        (("sparql", LABELS), "csv", b"\xef\xbb\xbft,l"),
        (("sparql", LABELS), "srx", b"<?xml"),
        (("sparql", "CONSTRUCT { ?s a kg:X } WHERE { ?s a kg:Region }"), "nt", b"<https://"),
        (("show", "上海"), "ttl", b"<https://"),
        (("show", "上海"), "json", b"[\n"),
    ],
    ids=str,
)
def test_other_commands_write_files_too(
    small: Project, tmp_path: Path, arguments: tuple[str, ...], suffix: str, start: bytes
) -> None:
    """`kg sparql` and `kg show`, triples included."""
    path = tmp_path / f"out.{suffix}"
    out, error = invoke(small, *arguments, "-o", str(path))
    assert (out, error) == ("", None)
    assert path.read_bytes().startswith(start)


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "no-such-question"),
        ("ask", QUESTION, "-p", "by=someday"),
        ("ask", QUESTION, "-p", "concept=五个一"),
        ("sparql", "SELECT"),
        ("show", "上海滩"),
    ],
    ids=" ".join,
)
def test_a_command_that_fails_leaves_the_file_alone(
    small: Project, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """What stood there stands there still, and nothing lies beside it."""
    path = tmp_path / "answer.csv"
    path.write_bytes(b"before")
    error_of(small, *arguments, "-o", str(path))
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk is full, the old file stays, and no half one is left."""
    path = tmp_path / "answer.csv"
    path.write_bytes(b"before")
    replace = type(path).replace

    def full(self: Path, target: Path) -> Path:
        if target == path:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replace(self, target)

    monkeypatch.setattr(type(path), "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_bytes(b"after", path)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"before", [path])


def test_a_folder_that_is_not_there_is_told(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """The file's name and the reason, and no traceback."""
    run = kg("ask", QUESTION, "-o", tmp_path / "none" / "answer.csv")
    assert (run.returncode, run.stdout, b"Traceback" in run.stderr) == (2, b"", False)
    assert "cannot be written: No such file" in run.stderr.decode()


def test_a_link_and_a_pipe_stay_what_they_are(small: Project, tmp_path: Path) -> None:
    """A file behind a symbolic link is written, and a device is written to, not replaced."""
    answer, link = tmp_path / "answer.csv", tmp_path / "link.csv"
    answer.write_text("old", encoding="utf-8")
    link.symlink_to(answer)
    assert invoke(small, "ask", QUESTION, "-o", str(link))[1] is None
    assert (link.is_symlink(), answer.read_bytes()[:3]) == (True, b"\xef\xbb\xbf")
    assert invoke(small, "ask", QUESTION, "-f", "csv", "-o", "/dev/null")[1] is None
    assert Path("/dev/null").is_char_device()


def test_an_answer_and_its_receipt_are_written_together(small: Project, tmp_path: Path) -> None:
    """Both files, and stdout has nothing."""
    answer, receipt = tmp_path / "answer.json", tmp_path / "receipt.json"
    out, error = invoke(small, "ask", QUESTION, "-o", str(answer), "--receipt", str(receipt))
    assert (out, error) == ("", None)
    assert json.loads(answer.read_bytes()) == ROWS
    assert json.loads(receipt.read_bytes())["form"] == "json"


# --- what is imported ---------------------------------------------------------------------------


def imported(*arguments: str) -> set[str]:
    """Run a command and name the packages that it imported."""
    code = "import sys; from kg.__main__ import main; sys.argv[0] = 'kg'; main()"
    command = [sys.executable, "-X", "importtime", "-c", code, *arguments]
    run = subprocess.run(command, check=True, capture_output=True)
    names = re.findall(r"^import time:.*\| +([\w.]+)$", run.stderr.decode(), re.MULTILINE)
    return {name.split(".")[0] for name in names}


HEAVY: Final = {
    "SPARQLWrapper", "ahocorasick_rs", "networkx", "numpy", "pandas", "polars", "pydantic",
    "pyoxigraph", "pyshacl", "rdflib", "rich", "yaml",
}  # fmt: skip


@pytest.mark.parametrize("arguments", [("--help",), ("ask", "--help"), ("check", "--help")])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Help is quick because it loads no library but that of the command line."""
    assert (imported(*arguments) & HEAVY, "click" in imported(*arguments)) == (set(), True)


def test_an_answer_imports_no_rdflib_and_no_validator(small: Project) -> None:
    """A saved question is answered with Oxigraph, and without what others need, receipt too."""
    receipt = ("--receipt", str(small.root / "receipt.json"))
    names = imported("--root", str(small.root), "ask", QUESTION, "-f", "csv", *receipt)
    assert names & (HEAVY - {"pydantic", "pyoxigraph", "yaml"}) == set()


def test_the_package_imports_nothing_by_itself() -> None:
    """`import kg` loads none of the libraries."""
    code = "import sys, kg, kg.cli; print(*sys.modules)"
    loaded = run_python(code).stdout.decode().split()
    assert {name.split(".")[0] for name in loaded} & HEAVY == set()
