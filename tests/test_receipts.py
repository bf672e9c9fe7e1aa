"""Receipts: the same bytes for the same answer, quotes that stand in the text, asking again."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
from contextlib import closing
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

import pytest
from conftest import QUESTION, ROOT
from graph_fixtures import HEAD, open_engine, real_project, run_kg, toy_project

from kg.errors import QueryError, UsageError
from kg.graph import open_graph
from kg.project import Project
from kg.receipts import FORMATS, Receipt, quotes_of, read_receipt
from kg.release import current, write_release

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.graph import KnowledgeGraph
    from kg.receipts import Rerun

SHARING: Final = QUESTION.stem
CLOUD: Final = {"concept": "政务云"}
"""A parameter for which two regions of the toy answer."""
HEBEI: Final = "kgr:hebei"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the toy's build folder, which is only read."""
    return toy_project(tmp_path_factory).build.resolve()


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    """Give a project with one question and a copy of the toy's releases."""
    root = tmp_path / "project"
    for name in ("ontology", "data"):
        (root / name).mkdir(parents=True)
    (root / "queries" / QUESTION).parent.mkdir(parents=True)
    shutil.copyfile(ROOT / "queries" / QUESTION, root / "queries" / QUESTION)
    shutil.copytree(built, root / "build", symlinks=True)
    return Project(root, root / "build")


@pytest.fixture
def graph(project: Project) -> Iterator[KnowledgeGraph]:
    """Give the project's graph."""
    with open_engine(project) as graph:
        yield graph


def receipt_of(project: Project, form: str = "csv", **values: str) -> Receipt:
    """Ask the question and give the receipt, read from what would be written."""
    with open_engine(project) as graph:
        return read_receipt(str(graph.receipt(graph.ask(SHARING, **(values or CLOUD)), form)))


def rerun(project: Project, receipt: Receipt) -> Rerun:
    """Run a receipt again on the current release."""
    with open_engine(project) as graph:
        return graph.rerun(receipt)


def release(project: Project, old: str = "", new: str = "") -> str:
    """Write another release in which some words are others, and give its id."""
    nquads = current(project.build).dataset.read_text(encoding="utf-8")
    assert old in nquads
    extra = (
        "" if old else f'<a:s> <a:p> "{new}" <https://w3id.org/dgkg/graph/source/toy-review> .\n'
    )
    lines = (nquads.replace(old, new) if old else nquads + extra).encode().splitlines(keepends=True)
    return write_release(project.build, b"".join(sorted(lines)), {}).id


def told(again: Rerun) -> list[str]:
    """Give the English of what has changed."""
    return [change.en for change in again.changes]


# --- what it holds ------------------------------------------------------------------------------


def test_the_same_answer_has_the_same_bytes(project: Project) -> None:
    """Two askings give one receipt."""
    assert str(receipt_of(project)) == str(receipt_of(project))


def test_the_order_of_the_parameters_does_not_matter(project: Project) -> None:
    """They are sorted by name."""
    one = receipt_of(project, concept="政务云", narrower="true")
    other = receipt_of(project, narrower="true", concept="政务云")
    assert str(one) == str(other)


def test_a_process_of_its_own_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    """Neither the order of hashes nor the place of the file is in a receipt."""
    paths = [tmp_path / "一.json", tmp_path / "two.json"]
    for seed, path in enumerate(paths):
        environment = {"PYTHONHASHSEED": str(seed), "TZ": f"UTC{seed}"}
        arguments = ("--root", project.root, "ask", SHARING, "-p", "concept=政务云", "-f", "csv")
        run = run_kg(*arguments, "--receipt", path, environment=environment)
        assert run.returncode == 0, run.stderr.decode()
    assert paths[0].read_bytes() == paths[1].read_bytes() == str(receipt_of(project)).encode()


@pytest.mark.parametrize("values", [{"concept": "一网通办"}, {**CLOUD, "narrower": "true"}])
def test_another_answer_has_other_bytes(project: Project, values: dict[str, str]) -> None:
    """Other parameters give another receipt, also where the rows are the same."""
    assert str(receipt_of(project, **values)) != str(receipt_of(project))


def test_another_dataset_has_other_bytes(project: Project) -> None:
    """A receipt names the release and the whole checksum of the dataset."""
    before = receipt_of(project)
    release(project, "", "news")
    after = receipt_of(project)
    assert (before.answer, before.keys, before.quotes) == (after.answer, after.keys, after.quotes)
    assert (before.release, before.dataset) != (after.release, after.dataset)


def test_a_receipt_says_what_was_asked(project: Project) -> None:
    """The question, its version and file, the parameters, the release and its checksum."""
    receipt = receipt_of(project, concept="zheng wu yun")
    file = (project.queries / QUESTION).read_bytes()
    dataset = current(project.build).dataset.read_bytes()
    assert (receipt.question, receipt.engine, receipt.receipt) == (SHARING, "oxigraph", 1)
    assert re.search(rf"^#\+ version: {re.escape(receipt.version)}$", file.decode(), re.MULTILINE)
    assert receipt.query_file == hashlib.sha256(file).hexdigest()
    assert receipt.dataset == hashlib.sha256(dataset).hexdigest()
    assert receipt.release == receipt.dataset[:12]
    assert receipt.given == {"concept": ["zheng wu yun"]}
    assert receipt.bound == {"concept": ["<https://w3id.org/dgkg/id/concept/zheng-wu-yun>"]}
    assert receipt.bound["concept"][0] in receipt.sparql


def test_a_receipt_says_what_was_answered(graph: KnowledgeGraph) -> None:
    """How many rows, and the key of each."""
    reply = graph.ask(SHARING, **CLOUD)
    receipt = graph.receipt(reply)
    assert (receipt.rows, receipt.key) == (2, ["region"])
    assert receipt.keys == [[row["region"]] for row in reply]


@pytest.mark.parametrize("form", FORMATS)
def test_the_checksum_is_that_of_what_is_written(
    project: Project, tmp_path: Path, form: str
) -> None:
    """In each format: of the bytes on stdout, but for a line end that the format has not."""
    path = tmp_path / "receipt.json"
    arguments = ("ask", SHARING, "-p", "concept=政务云", "-f", form, "--receipt", path)
    run = run_kg("--root", project.root, *arguments)
    receipt = read_receipt(path.read_text(encoding="utf-8"))
    written = run.stdout[:-1] if form in {"srj", "srx"} else run.stdout
    assert (receipt.form, receipt.answer) == (form, hashlib.sha256(written).hexdigest())
    assert "政务云".encode() in written


def test_a_table_for_people_has_the_receipt_of_its_csv(project: Project, tmp_path: Path) -> None:
    """How wide a terminal is does not matter to a receipt."""
    path = tmp_path / "receipt.json"
    arguments = ("ask", SHARING, "-p", "concept=政务云", "-f", "table", "--receipt", path)
    assert run_kg("--root", project.root, *arguments).returncode == 0
    assert path.read_text(encoding="utf-8") == str(receipt_of(project))


def test_a_format_of_a_terminal_has_no_receipt(graph: KnowledgeGraph) -> None:
    """What cannot be written again in the same bytes is refused, with the formats that can."""
    with pytest.raises(UsageError, match="csv tsv json"):
        graph.receipt(graph.ask(SHARING), "table")


def test_an_answer_without_rows_has_a_receipt(project: Project) -> None:
    """Nothing found is an answer too."""
    receipt = receipt_of(project, concept="跨省通办", source="toy-review")
    assert (receipt.rows, receipt.keys, receipt.quotes) == (0, [], [])
    assert rerun(project, receipt).same


# --- quotes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", [toy_project, real_project])
def test_every_quote_stands_in_the_text(
    tmp_path_factory: pytest.TempPathFactory,
    factory: Callable[[pytest.TempPathFactory], Project],
) -> None:
    """The words of each claim, part and mention are the text from start to end, in its order."""
    data = ROOT / ("data" if factory is real_project else "tests/toy/data")
    texts = {
        path.parent.name: path.read_bytes().decode() for path in data.glob("sources/*/text.txt")
    }
    with open_engine(factory(tmp_path_factory)) as graph:
        kinds = "VALUES ?kind { kg:Claim kg:FrameworkPart kg:Mention }"
        table = graph.table(f"{HEAD}SELECT ?statement {{ {kinds} ?statement a ?kind }}")
        found = list(quotes_of(graph.engine, table))
    assert len(found) == len(table.rows) > 0
    places = []
    for quote in found:
        text = texts[quote["source"].removeprefix("kgs:")]
        start, end = int(quote["start"]), int(quote["end"])
        places.append((quote["source"], start, end))
        assert text[start:end] == quote["quote"]
        assert int(quote["line"]) <= text.count("\n", 0, start) + 1
    assert places == sorted(places)


def test_a_receipt_has_the_quote_of_every_row(graph: KnowledgeGraph) -> None:
    """What a row shows as its quote is what the receipt says of its statement."""
    reply = graph.ask(SHARING, **CLOUD)
    quotes = {quote["statement"]: quote for quote in graph.receipt(reply).quotes}
    for row in reply:
        quote = quotes[row["statement"]]
        assert (quote["quote"], quote["line"]) == (row["quote"], row["line"])


def test_no_statement_is_quoted_twice(graph: KnowledgeGraph) -> None:
    """One that stands in several cells is quoted once."""
    table = graph.table(HEAD + "SELECT ?s (?s AS ?t) { ?s a kg:Claim }")
    found = [quote["statement"] for quote in quotes_of(graph.engine, table)]
    assert len(found) == len(set(found)) == len(table.rows)


# --- running again ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_running_again_gives_the_same(project: Project, form: str) -> None:
    """The same bytes, in every format, and nothing that has changed."""
    receipt = receipt_of(project, form)
    again = rerun(project, receipt)
    assert (again.same, again.changes) == (True, ())
    assert hashlib.sha256(again.body.encode()).hexdigest() == receipt.answer


def test_another_dataset_with_the_same_answer_is_the_same(project: Project) -> None:
    """That the release is another is told all the same."""
    receipt = receipt_of(project)
    new = release(project, "", "news")
    again = rerun(project, receipt)
    assert again.same
    assert told(again) == [f"another dataset: release {receipt.release} -> {new}"]


def test_rows_that_came_and_went_are_named(project: Project) -> None:
    """By their key, in both languages."""
    receipt = receipt_of(project)
    release(project, "/claim/hebei-cloud-claim> <https://w3id.org/dgkg/ontology#aboutRegion> "
            "<https://w3id.org/dgkg/id/region/hebei>",
            "/claim/hebei-cloud-claim> <https://w3id.org/dgkg/ontology#aboutRegion> "
            "<https://w3id.org/dgkg/id/region/beijing>")  # fmt: skip
    again = rerun(project, receipt)
    assert not again.same
    assert "new row: kgr:beijing" in told(again)
    assert [change.zh for change in again.changes if "beijing" in change.zh] == [
        "多了行：kgr:beijing"
    ]


def test_a_quote_that_changed_is_named(project: Project) -> None:
    """The row is the same, its words are not."""
    receipt = receipt_of(project)
    release(project, '"逐步完善政务云"@zh', '"完善政务云"@zh')
    assert "the quote of kgcl:shanxi-cloud-claim has changed" in told(rerun(project, receipt))


def test_what_else_changed_is_told(project: Project) -> None:
    """A label is neither a row nor a quote, and is in the answer."""
    receipt = receipt_of(project)
    release(project, '"山西"@zh', '"晋"@zh')
    again = rerun(project, receipt)
    assert not again.same
    assert [line for line in told(again) if "other columns" in line] == told(again)[1:]


def test_another_version_of_the_question_is_told(project: Project) -> None:
    """What is run is the query of the receipt; that the file is another one is said."""
    receipt = receipt_of(project)
    path = project.queries / QUESTION
    text = path.read_text(encoding="utf-8")
    text = text.replace(f"version: {receipt.version}", "version: 99.0.0")
    path.write_text(text.replace("ORDER BY", "LIMIT 0 #"), encoding="utf-8")
    again = rerun(project, receipt)
    assert (again.same, len(again.changes)) == (True, 1)
    assert f"{receipt.version} -> 99.0.0" in told(again)[0]


def test_a_question_that_is_gone_is_told(project: Project) -> None:
    """The receipt holds the query, so the answer can be had all the same."""
    receipt = receipt_of(project)
    (project.queries / QUESTION).unlink()
    again = rerun(project, receipt)
    assert (again.same, told(again)) == (
        True,
        [f"the question {SHARING} is gone or cannot be read"],
    )


def test_an_endpoint_gives_a_receipt(
    project: Project, endpoint: Callable[[Path], str], built: Path
) -> None:
    """It has the address in place of a release, and can be run again there."""
    url = endpoint((built / "current").resolve() / "dataset.nq")
    with open_graph(project.root, engine=url) as graph:
        receipt = read_receipt(str(graph.receipt(graph.ask(SHARING, **CLOUD))))
        again = graph.rerun(receipt)
    local = receipt_of(project)
    assert (receipt.engine, receipt.release, receipt.dataset) == (url, "", "")
    assert (again.same, again.changes) == (True, ())
    assert (receipt.answer, receipt.quotes) == (local.answer, local.quotes)


# --- what is no receipt -------------------------------------------------------------------------


def tampered(receipt: Receipt, /, **other: object) -> str:
    """Give a receipt as JSON in which some fields are others."""
    return json.dumps({**asdict(receipt), **other}, ensure_ascii=False)


WRONG: Final[list[object]] = [None, 7, True, "x", 1.5, {}, {"a": 1}, [], [1], [["a"]], [{"a": 1}]]


def fits(name: str, value: object) -> bool:
    """Tell whether a field may have a value."""
    text, lists = isinstance(value, str), value == []
    if name in {"receipt", "rows"}:
        return isinstance(value, int) and not isinstance(value, bool)
    if name in {"given", "bound", "settings"}:
        return value == {}
    return lists if name in {"shown", "key", "keys", "quotes"} else text


@pytest.mark.parametrize("name", [field.name for field in fields(Receipt)])
def test_a_field_of_a_wrong_type_is_refused(project: Project, name: str) -> None:
    """Each field has one type; anything else is no receipt."""
    receipt = receipt_of(project)
    for value in WRONG:
        if not fits(name, value) and not (name == "keys" and value == [["a"]]):
            with pytest.raises(UsageError):
                read_receipt(tampered(receipt, **{name: value}))


@pytest.mark.parametrize(
    "other",
    [
        {"receipt": 2},
        {"receipt": 0},
        {"form": "table"},
        {"form": "pdf"},
        {"language": "fr"},
        {"program": "1.0 or so"},
        {"title": {"zh": "题"}},
        {"form": ""},
        {"release": "../../elsewhere"},
        {"release": "/etc"},
        {"shown": [["regionLabel", "地区", "x"]]},
        {"shown": [["regionLabel"]]},
        {"quotes": [{"statement": "kgcl:x"}]},
        {"quotes": [{"quote": "x"}]},
    ],
    ids=str,
)
def test_a_field_of_a_wrong_value_is_refused(project: Project, other: dict[str, object]) -> None:
    """Another version or format, a path in place of a release, fields that are not whole."""
    with pytest.raises(UsageError):
        read_receipt(tampered(receipt_of(project), **other))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "7", "{}", '"x"', "不是 JSON", "\0", "[" * 9999]
)
def test_what_is_no_receipt_is_refused(text: str) -> None:
    """JSON of another kind, other texts, nothing at all."""
    with pytest.raises(UsageError, match="this is no receipt"):
        read_receipt(text)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_receipt_cut_short_is_refused(project: Project, share: float) -> None:
    """As a download that broke off."""
    text = str(receipt_of(project))
    with pytest.raises(UsageError, match="this is no receipt"):
        read_receipt(text[: int(len(text) * share)])


@pytest.mark.parametrize("name", [f.name for f in fields(Receipt) if f.name != "receipt"])
def test_a_receipt_without_a_field_is_refused(project: Project, name: str) -> None:
    """Every field is needed."""
    document = asdict(receipt_of(project))
    del document[name]
    with pytest.raises(UsageError, match="this is no receipt"):
        read_receipt(json.dumps(document))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"answer": "0" * 64}, "other columns"),
        ({"dataset": "0" * 64}, "another dataset"),
        ({"query_file": "0" * 64}, "the question's file has changed"),
        ({"question": "no-such"}, "the question no-such is gone"),
        ({"keys": [["kgr:nowhere"]], "answer": "0" * 64}, "gone row: kgr:nowhere"),
        ({"keys": [[]], "answer": "0" * 64}, "new row: kgr:hebei"),
        ({"key": ["no-such"], "answer": "0" * 64}, "no longer a column no-such"),
    ],
    ids=str,
)
def test_what_was_tampered_with_is_told(
    project: Project, other: dict[str, object], said: str
) -> None:
    """What a receipt claims and the graph does not bear out is named."""
    again = rerun(project, read_receipt(tampered(receipt_of(project), **other)))
    assert any(said in line for line in told(again))


@pytest.mark.parametrize(
    "other",
    [
        {"question": "../../../etc/passwd"},
        {"answer": "a},\n}@x{"},
        {"version": "1.0.0\x1b[2J"},
        {"engine": "a b"},
        {"dataset": "0"},
        {"query_file": ""},
    ],
    ids=str,
)
def test_what_no_receipt_holds_is_refused(project: Project, other: dict[str, object]) -> None:
    """Its fields are written out in citations and on terminals, so they look as they should."""
    with pytest.raises(UsageError, match="what a receipt holds"):
        read_receipt(tampered(receipt_of(project), **other))


@pytest.mark.parametrize("form", ["csv", "md"])
def test_columns_that_are_not_there_are_refused(project: Project, form: str) -> None:
    """Columns for people that the answer has not are no reason for a traceback."""
    receipt = read_receipt(tampered(receipt_of(project), shown=[["no-such", "没有"]], form=form))
    with pytest.raises(UsageError, match="columns that the answer has not: no-such"):
        rerun(project, receipt)


HOSTILE: Final = [
    "SELECT * { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { FILTER(trueSERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } ) }",
    "LOAD <http://127.0.0.1:PORT/>",
    "INSERT DATA { <a:s> <a:p> <a:o> }",
    "DELETE WHERE { ?s ?p ?o }",
    "SELECT * FROM <http://127.0.0.1:PORT/> { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
    "",
    "没有",
]


@pytest.mark.parametrize("sparql", HOSTILE)
def test_a_hostile_query_is_refused(project: Project, sparql: str) -> None:
    """A receipt's query is guarded as any other: it reaches out nowhere and changes nothing."""
    before = current(project.build).manifest
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(0)
        query = sparql.replace("PORT", str(listener.getsockname()[1]))
        receipt = read_receipt(tampered(receipt_of(project), sparql=query))
        with pytest.raises((QueryError, UsageError)):
            rerun(project, receipt)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert current(project.build).manifest == before


# --- the command line ---------------------------------------------------------------------------


@pytest.fixture
def kg(project: Project) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Give a function that runs the command line on the project."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:  # noqa: ANN401
        return run_kg("--root", project.root, *arguments, **options)

    return run


@pytest.fixture
def saved(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> tuple[Path, Path]:
    """Give the files of an answer and of its receipt."""
    answer, receipt = tmp_path / "云.csv", tmp_path / "云.receipt.json"
    run = kg("ask", SHARING, "-p", "concept=政务云", "-o", answer, "--receipt", receipt)
    assert (run.returncode, run.stdout) == (0, b""), run.stderr.decode()
    return answer, receipt


def test_rerun_gives_the_same_file(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], saved: tuple[Path, Path], tmp_path: Path
) -> None:
    """`kg rerun -o` writes what `kg ask -o` wrote, and ends with 0."""
    again = tmp_path / "again.csv"
    run = kg("rerun", saved[1], "-o", again)
    assert (run.returncode, run.stdout) == (0, b"")
    assert "the same bytes as the receipt's" in run.stderr.decode()
    assert again.read_bytes() == saved[0].read_bytes()
    assert kg("rerun", saved[1]).stdout == saved[0].read_bytes().decode("utf-8-sig").encode()


def test_rerun_uses_the_release_of_the_receipt(
    kg: Callable[..., subprocess.CompletedProcess[bytes]],
    saved: tuple[Path, Path],
    project: Project,
) -> None:
    """As long as it is on disk; with `--current` the current one, which differs: 1."""
    old = current(project.build).id
    new = release(project, '"山西"@zh', '"晋"@zh')
    same, other = kg("rerun", saved[1]), kg("rerun", saved[1], "--current")
    assert (same.returncode, other.returncode) == (0, 1)
    assert "晋".encode() not in same.stdout
    assert "晋".encode() in other.stdout
    lines = other.stderr.decode().splitlines()
    assert lines[0] == (
        f"数据集已变：发布版 {old} → {new} | another dataset: release {old} -> {new}"
    )
    assert lines[-1] == "与凭据不同 | not the same as the receipt's"


def test_rerun_without_the_old_release_uses_the_current_one(
    kg: Callable[..., subprocess.CompletedProcess[bytes]],
    saved: tuple[Path, Path],
    project: Project,
) -> None:
    """What was pruned cannot be asked; what has changed is told."""
    release(project, '"山西"@zh', '"晋"@zh')
    release(project, "", "news")
    run = kg("rerun", saved[1])
    assert (run.returncode, "another dataset" in run.stderr.decode()) == (1, True)


def test_rerun_of_a_changed_question(
    kg: Callable[..., subprocess.CompletedProcess[bytes]],
    saved: tuple[Path, Path],
    project: Project,
) -> None:
    """A file that changed or is gone is told; the answer is the same all the same: 0."""
    path = project.queries / QUESTION
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    changed = kg("rerun", saved[1])
    path.unlink()
    gone = kg("rerun", saved[1])
    assert (changed.returncode, gone.returncode) == (0, 0)
    assert "the question's file has changed" in changed.stderr.decode()
    assert f"the question {SHARING} is gone" in gone.stderr.decode()


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"rows": "two"}, 2),
        ({"receipt": 2}, 2),
        ({"release": "../.."}, 2),
        ({"engine": "steam"}, 2),
        ({"shown": [["no-such", "x"]]}, 2),
        ({"sparql": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"}, 2),
        ({"sparql": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, 4),
        ({"sparql": "SELECT"}, 4),
        ({"engine": "http://127.0.0.1:9/sparql"}, 2),
        ({"answer": "0" * 64}, 1),
        ({"release": "0123456789ab"}, 0),
    ],
    ids=str,
)
def test_exit_codes_of_a_tampered_receipt(
    kg: Callable[..., subprocess.CompletedProcess[bytes]],
    saved: tuple[Path, Path],
    other: dict[str, object],
    code: int,
) -> None:
    """Each fault has its exit code, lines in both languages, and no traceback."""
    receipt = read_receipt(saved[1].read_text(encoding="utf-8"))
    saved[1].write_text(tampered(receipt, **other), encoding="utf-8")
    run = kg("rerun", saved[1])
    lines = run.stderr.decode().splitlines()
    assert run.returncode == code, lines
    assert all(re.search(r"[\u4e00-\u9fff].* \| .*[a-z]", line) for line in lines)
    assert len(lines) == 1 or code in {0, 1}


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", "一网通办".encode("gb18030")], ids=str)
def test_a_file_that_is_no_receipt_ends_with_2(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path, data: bytes
) -> None:
    """One line says so in both languages; so does `kg cite`."""
    path = tmp_path / "x.json"
    path.write_bytes(data)
    for command in ("rerun", "cite"):
        run = kg(command, path)
        assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (2, b"", 1)
        assert re.search(r"[\u4e00-\u9fff].* \| .*[a-z]", run.stderr.decode())


def test_a_receipt_that_is_not_there_ends_with_2(
    kg: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """A missing file is wrong usage."""
    assert [kg(c, tmp_path / "none.json").returncode for c in ("rerun", "cite")] == [2, 2]
