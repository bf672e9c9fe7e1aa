"""The repository itself: locks, tests, paths, texts, modules, and names that agree everywhere."""

from __future__ import annotations

import ast
import hashlib
import importlib
import re
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Final, get_args

import pytest
import rdflib
import yaml
from graph_fixtures import ROOT, open_engine, real_project
from rdflib.namespace import RDF, SKOS

from kg import lists
from kg.names import PREFIXES, expand
from kg.records import UNITS

if TYPE_CHECKING:
    from pathlib import Path

SOURCE: Final = ROOT / "src"
MODULES: Final = sorted((SOURCE / "kg").rglob("*.py"))
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))
TEXTS: Final = sorted(
    path.parent
    for data in (ROOT / "data", ROOT / "tests" / "toy" / "data")
    for path in data.glob("sources/*/source.yaml")
)
LOCKS: Final = sorted((ROOT / "requirements").glob("*.txt"))

MODULE_LINES: Final = 400
FUNCTION_LINES: Final = 50

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    """Name a path from the repository's root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Parse a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> list[Function]:
    """Give every function of a Python file, inner ones and methods included."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


@cache
def tracked() -> tuple[Path, ...]:
    """Give every file that is in git or would be added to it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    paths = (ROOT / name for name in run.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file() and not path.is_symlink())


# --- locks --------------------------------------------------------------------------------------


def test_there_are_lock_files_for_running_and_for_testing() -> None:
    """Both environments that the Makefile makes are locked."""
    assert [path.stem for path in LOCKS] == ["run", "test"]


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_file_pins_every_package_by_hash(lock: Path) -> None:
    """Each requirement has one version and at least one hash, and nothing else is a line."""
    text = re.sub(r" \\\n", " ", lock.read_text(encoding="utf-8"))
    lines = [
        line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")
    ]
    pinned = r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[^ ;]+( ; [^\\]*?)?( +--hash=sha256:[0-9a-f]{64})+"
    assert [line[:60] for line in lines if not re.fullmatch(pinned, line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_file_names_no_index(lock: Path) -> None:
    """Where packages come from is the user's choice: no address and no option for one."""
    text = lock.read_text(encoding="utf-8")
    options = re.findall(
        r"^\s*(?:-i|-f|--[a-z-]*(?:index|links|host)[a-z-]*)\b", text, re.MULTILINE
    )
    assert (options, "http" in re.sub(r"^[\w.-]+==", "", text, flags=re.MULTILINE)) == ([], False)


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_file_holds_what_the_project_asks_for(lock: Path) -> None:
    """Every dependency that `pyproject.toml` names is locked."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = re.search(r"^dependencies = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert asked is not None
    names = re.findall(r'^    "([\w.-]+)', asked[1], re.MULTILINE)
    locked = set(re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    assert names
    assert [name for name in names if name not in locked] == []


# --- tests --------------------------------------------------------------------------------------


def _called(function: Function) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {getattr(call, "id", "") or getattr(call, "attr", "") for call in calls}


def _asserts(function: Function) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(function)) or bool(
        {"raises", "fail"} & _called(function)
    )


def test_every_test_asserts_something() -> None:
    """A test has an assertion, or calls a helper of the tests that has one."""
    every = [function for path in TESTS for function in functions(path)]
    helpers = {f.name for f in every if _asserts(f) and not f.name.startswith("test_")}
    idle = [
        f"{name_of(path)}::{function.name}"
        for path in TESTS
        for function in functions(path)
        if function.name.startswith("test_")
        and not _asserts(function)
        and not helpers & _called(function)
    ]
    assert idle == []


def test_every_test_says_its_behaviour() -> None:
    """A test has a docstring of one sentence."""
    unsaid = [
        f"{name_of(path)}::{function.name}"
        for path in TESTS
        for function in functions(path)
        if function.name.startswith("test_")
        and not re.fullmatch(r"[^\n]+[.…]\s*", ast.get_docstring(function) or "", re.DOTALL)
    ]
    assert unsaid == []


def test_no_test_has_the_name_of_another_in_its_file() -> None:
    """No test hides another one by its name."""
    for path in TESTS:
        names = [f.name for f in tree(path).body if isinstance(f, Function)]
        assert len(names) == len(set(names)), name_of(path)


def test_no_test_is_skipped_for_good() -> None:
    """A test is not marked to be skipped; what cannot run says so when it runs."""
    skipped = [
        name_of(path)
        for path in TESTS
        if re.search(r"@pytest\.mark\.skip\b", path.read_text(encoding="utf-8"))
    ]
    assert skipped == []


# --- files --------------------------------------------------------------------------------------


def test_no_file_names_a_place_on_some_machine() -> None:
    """No tracked file holds a path of the machine that it was written on."""
    places = re.compile(rb"(?<![\w.~-])/(?:work|root|farm|home/[a-z]+)/")
    found = [
        f"{name_of(path)}:{data.count(bytes([10]), 0, match.start()) + 1}"
        for path in tracked()
        for data in [path.read_bytes()]
        for match in places.finditer(data)
    ]
    assert found == []


def test_tracked_text_ends_its_lines_with_lf() -> None:
    """Files other than the sources' texts have plain line ends and one at the end."""
    wrong = [
        name_of(path)
        for path in tracked()
        for data in [path.read_bytes()]
        if path.name != "text.txt"
        and b"\0" not in data
        and data
        and (b"\r" in data or not data.endswith(b"\n"))
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", TEXTS, ids=name_of)
def test_a_text_is_the_one_that_was_pinned(folder: Path) -> None:
    """The bytes of text.txt have the SHA-256 that source.yaml says."""
    pinned = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))["sha256"]
    found = hashlib.sha256((folder / "text.txt").read_bytes()).hexdigest()
    assert found == pinned, f"restore the text, or: kg source pin {folder.name}"


def test_git_leaves_the_texts_alone() -> None:
    """Git is told not to change line ends of the sources' texts."""
    lines = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert any(re.match(r"data/sources/\*/text\.txt\s+-text\b", line) for line in lines)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize("words", ["make run", "make test"])
def test_a_readme_names_the_commands(readme: str, words: str) -> None:
    """Both front pages tell how to run the project and how to test it."""
    assert words in (ROOT / readme).read_text(encoding="utf-8")


def test_the_commands_of_the_readme_exist() -> None:
    """Every `make` word of the front pages is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    text = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("README*.md"))
    used = set(re.findall(r"(?:`|^|\s)make ([a-z]+)(?=`|\s|$)", text, re.MULTILINE))
    assert {"run", "test"} <= used <= targets


# --- modules ------------------------------------------------------------------------------------


def _rank(name: str) -> tuple[int, str]:
    """Sort as ruff does: constants, then classes, then the rest (rule RUF022)."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_exports_deliberately(path: Path) -> None:
    """A module has a sorted `__all__` of names that it has."""
    dotted = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(dotted)
    if dotted == "kg":
        assert isinstance(module.__version__, str)
        return
    names = module.__all__
    assert names == sorted(names, key=_rank)
    assert [name for name in names if not hasattr(module, name)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_of_moderate_size(path: Path) -> None:
    """A module has at most 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    """A function has at most 50 lines, docstring included."""
    sizes = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions(path)}
    assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES} == {}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_catches_everything(path: Path) -> None:
    """No `except` without an error, nor of Exception or BaseException."""
    caught = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert caught == []


# --- names that agree ---------------------------------------------------------------------------


@cache
def ontology() -> rdflib.Graph:
    """Give the ontology, shapes apart."""
    graph = rdflib.Graph()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


@cache
def shapes() -> rdflib.Graph:
    """Give the shapes."""
    graph = rdflib.Graph()
    for path in sorted((ROOT / "ontology" / "shapes").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


def kebab(name: str) -> str:
    """Turn the name of a class into that of its list or file."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


ELSEWHERE: Final = {"Reason", "Unit"}
"""Lists that are no list of the ontology: reasons stay with curators, units are QUDT's."""


@pytest.mark.parametrize("name", sorted(set(lists.__all__) - ELSEWHERE))
def test_a_closed_list_is_that_of_the_ontology(name: str) -> None:
    """What curators may write is what the ontology labels and defines, value by value."""
    scheme = rdflib.URIRef(expand(f"kg:list-{kebab(name)}"))
    prefix = expand(f"kg:{kebab(name)}-")
    values = {
        str(value).removeprefix(prefix) for value in ontology().subjects(SKOS.inScheme, scheme)
    }
    assert values == set(get_args(getattr(lists, name)))


def test_every_unit_is_one_of_qudt() -> None:
    """Each unit that curators may write stands for a unit that the ontology knows."""
    known = {str(subject) for subject in ontology().subjects()}
    assert set(UNITS) == set(get_args(lists.Unit))
    assert [unit for unit in UNITS.values() if expand(unit) not in known] == []


def test_every_closed_list_of_curators_is_in_the_curators_page() -> None:
    """Each value of each list that curators choose from stands in the page that they read."""
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    chosen = ["Strength", "Status", "Stage", "Comparator", "Unit", "Theme", "Scope", "PlatformKind",
              "InitiativeKind", "Reading", "Reason", "Precision"]  # fmt: skip
    values = [value for name in chosen for value in get_args(getattr(lists, name))]
    assert [value for value in values if f"`{value}`" not in page] == []


NAMING: Final = ("fields", "records", "things", "statements", "assembly")
BUILT_IN: Final = {"owl", "rdf", "rdfs", "xsd"}
"""Prefixes of what RDF, RDFS, OWL and XML Schema declare themselves."""


@pytest.mark.parametrize("name", NAMING)
def test_terms_that_the_code_names_are_declared(name: str) -> None:
    """Every class and property that a module names as a CURIE is in the ontology's files."""
    strings = {
        node.value
        for node in ast.walk(tree(SOURCE / "kg" / f"{name}.py"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    curies = [text for text in strings if re.fullmatch(r"[a-z]+:[A-Za-z][\w-]*", text)]
    named = [text.removeprefix("typed:") for text in curies]
    ours = [text for text in named if text.split(":")[0] in PREFIXES.keys() - BUILT_IN]
    known = set(ontology().subjects())
    assert [text for text in sorted(ours) if rdflib.URIRef(expand(text)) not in known] == []


@pytest.fixture(scope="module")
def classes_in_use(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Name the classes of our namespace that the real data has."""
    query = f"SELECT DISTINCT ?class WHERE {{ ?thing <{RDF.type}> ?class }}"
    with open_engine(real_project(tmp_path_factory)) as graph:
        curies = [row["class"] for row in graph.table(query).records()]
    return sorted(name.removeprefix("kg:") for name in curies if name.startswith("kg:"))


def test_the_data_has_every_kind_of_claim(classes_in_use: list[str]) -> None:
    """The list of classes in use is that of real data, not an empty one."""
    assert {"Claim", "Evidence", "Mention", "Region", "Target"} <= set(classes_in_use)


def test_every_class_in_use_has_a_shape(classes_in_use: list[str]) -> None:
    """A node shape targets each class that data uses."""
    target = rdflib.URIRef(expand("sh:targetClass"))
    targets = set(shapes().objects(None, target))
    assert [n for n in classes_in_use if rdflib.URIRef(expand(f"kg:{n}")) not in targets] == []


@pytest.mark.parametrize("kind", ["good", "bad"])
def test_every_class_in_use_has_examples(classes_in_use: list[str], kind: str) -> None:
    """Each class that data uses has a good and a bad example."""
    folder = ROOT / "tests" / "shapes" / kind
    borrowed = {"Value"}
    """List values stand in the ontology: their example is called `list`."""
    wanted = [n for n in classes_in_use if n not in borrowed]
    assert [n for n in wanted if not (folder / f"{kebab(n)}.ttl").is_file()] == []


def test_every_saved_query_has_its_expected_rows() -> None:
    """The file of expected rows that a header names exists, and no other file lies beside it."""
    named = {
        match[1]
        for path in (ROOT / "queries").rglob("*.rq")
        for match in re.finditer(
            r"^#\+ expect: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    files = {name_of(path) for path in (ROOT / "tests" / "expected").glob("*.csv")}
    assert files - {"tests/expected/coverage.csv"} == named
