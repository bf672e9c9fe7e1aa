"""Shells complete questions, parameters, values and things: bash itself is asked."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from graph_fixtures import (
    HEAD,
    PLATFORMS_OF_CONCEPT,
    ROOT,
    run_kg,
    run_python,
    small_nquads,
    small_project,
)

from kg.index import INDEX
from kg.names import ONTOLOGY_GRAPH, REFERENCE_GRAPH
from kg.release import current, write_release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kg.project import Project

QUESTION: Final = "platforms-of-concept"
ASK: Final = ("kg", "ask", QUESTION, "-p")
NORMAL, LISTED = ord("\t"), ord("?")
"""Values of COMP_TYPE: one tab, and a second one, which lists."""

ANY_THING: Final = PLATFORMS_OF_CONCEPT.replace(QUESTION, "any-thing").replace(
    "kg:PlatformConcept", "rdfs:Resource"
)
"""A question about any thing."""
LEVEL: Final = PLATFORMS_OF_CONCEPT.replace(QUESTION, "level").replace(
    'class: "kg:PlatformConcept"', 'class: "kg:Value", scheme: "kg:list-level"'
)
"""A question about a value of a closed list."""
FLAG: Final = PLATFORMS_OF_CONCEPT.replace(QUESTION, "flag").replace("xsd:date", "xsd:boolean")
"""A question with a parameter that is true or false."""

MORE: Final = f"""
GRAPH <{ONTOLOGY_GRAPH}> {{
  kg:level-province a kg:Value ; skos:inScheme kg:list-level ;
    skos:prefLabel "省级"@zh , "province level"@en .
  kg:level-city a kg:Value ; skos:inScheme kg:list-level ; skos:prefLabel "市级"@zh , "city"@en .
  kg:status-planned a kg:Value ; skos:inScheme kg:list-status ; skos:prefLabel "拟建"@zh .
}}
GRAPH <{REFERENCE_GRAPH}> {{
  kgp:yi-wang-tong-guan a kg:Platform ; skos:prefLabel "“城运”平台"@zh , "City platform"@en .
}}
"""
"""Values of two closed lists, and a platform that has the key of a concept."""

BASH: Final = """
eval "$(_KG_COMPLETE=bash_source kg)"
COMP_CWORD=$1 COMP_TYPE=$2
shift 2
COMP_WORDS=("$@")
_kg_completion kg
printf '%s\\n' "${COMPREPLY[@]}"
"""
"""Sets what bash sets when a tab is typed, calls the function, and gives what it offers."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the small project with its release and some questions more."""
    project = small_project(tmp_path_factory.mktemp("completion") / "a project")
    for name, text in (("any-thing", ANY_THING), ("flag", FLAG), ("level", LEVEL)):
        (project.queries / f"{name}.rq").write_text(text, encoding="utf-8")
    (project.queries / "broken.rq").write_text("#+ params: {a: [", encoding="utf-8")
    turtle = HEAD.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + MORE
    more = ox.serialize(ox.parse(turtle, format=ox.RdfFormat.TRIG), format=ox.RdfFormat.N_QUADS)
    assert more
    lines = {*small_nquads().splitlines(keepends=True), *more.splitlines(keepends=True)}
    write_release(project.build, b"".join(sorted(lines)), {})
    return project


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the program `kg`, as an installation puts it on the path."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
    (folder / "kg").chmod(0o755)
    return folder


def environment(project: Project, **more: str) -> dict[str, str]:
    """Give the environment in which a project's releases are found."""
    return {**os.environ, "KG_BUILD": str(project.build), **more}


def bash_run(
    project: Project, program: Path, words: tuple[str, ...], at: int, how: int
) -> subprocess.CompletedProcess[bytes]:
    """Let bash complete a line, given as it parts it into words."""
    bash = shutil.which("bash")
    assert bash, "bash is needed for this test"
    path = f"{program}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [bash, "--norc", "--noprofile", "-c", BASH, "bash", str(at), str(how), *words],
        check=False,
        capture_output=True,
        cwd=project.root,
        env=environment(project, PATH=path),
    )


@pytest.fixture(scope="module")
def bash(small: Project, program: Path) -> Callable[..., list[str]]:
    """Give a function that lets bash complete the last of some words."""

    def run(*words: str, how: int = NORMAL) -> list[str]:
        ended = bash_run(small, program, words, len(words) - 1, how)
        assert (ended.returncode, ended.stderr) == (0, b"")
        return [line for line in ended.stdout.decode().split("\n") if line]

    return run


def asked(project: Project, variables: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Ask the program for completions, as a shell's script does."""
    return run_kg(cwd=project.root, environment=environment(project, **variables))


def zsh(project: Project, *words: str) -> list[tuple[str, str, str]]:
    """Complete the last word as zsh asks: kind, value and help of each."""
    variables = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    lines = asked(project, {**variables, "_KG_COMPLETE": "zsh_complete"}).stdout.decode()
    given = lines.removesuffix("\n").split("\n")
    return list(zip(given[::3], given[1::3], given[2::3], strict=True)) if given != [""] else []


def fish(project: Project, *words: str) -> list[str]:
    """Complete the last word as fish asks: value, tab, help."""
    variables = {"COMP_WORDS": " ".join(words), "COMP_CWORD": words[-1]}
    lines = asked(project, {**variables, "_KG_COMPLETE": "fish_complete"}).stdout.decode()
    return [line.removeprefix("plain,") for line in lines.split("\n") if line]


# --- bash ---------------------------------------------------------------------------------------


def test_bash_completes_questions(bash: Callable[..., list[str]]) -> None:
    """Ids that begin so; else those that have it in them or in their Chinese title."""
    assert bash("kg", "ask", "pl") == [QUESTION]
    assert bash("kg", "ask", "concept") == [QUESTION]
    assert bash("kg", "ask", "平台") == ["any-thing", "flag", "level", QUESTION]
    assert bash("kg", "ask", "") == ["any-thing", "broken", "flag", "level", QUESTION]
    assert bash("kg", "ask", "zzz") == []


def test_bash_lists_questions_with_their_titles(bash: Callable[..., list[str]]) -> None:
    """Where bash only lists, each id has its title behind it."""
    assert f"{QUESTION}  实现某一概念的平台" in bash("kg", "ask", "", how=LISTED)
    assert bash("kg", "ask", "pl", how=LISTED) == [QUESTION]


def test_bash_completes_the_names_of_parameters(bash: Callable[..., list[str]]) -> None:
    """Behind -p the question's parameters, ready for a value."""
    assert bash(*ASK, "") == ["concept=", "region=", "by="]
    assert bash(*ASK, "con") == ["concept="]
    assert bash("kg", "ask", "no-such-question", "-p", "") == []
    assert bash("kg", "ask", "-p", "") == []


def test_bash_offers_a_parameter_that_takes_one_value_once(
    bash: Callable[..., list[str]],
) -> None:
    """A parameter that was given is not offered again, unless it takes several values."""
    given = ("concept", "=", "x", "-p", "region", "=", "y", "-p")
    assert bash(*ASK, *given, "") == ["region=", "by="]


def test_bash_completes_values_behind_the_equals_sign(bash: Callable[..., list[str]]) -> None:
    """Bash parts `concept=yiw` into three words, and replaces the third only."""
    both = ["yi-wang-tong-ban", "yi-wang-tong-guan"]
    assert bash(*ASK, "concept", "=", "yiw") == both
    assert bash(*ASK, "concept", "=", "yi-wang-tong-b") == both[:1]
    assert bash(*ASK, "concept", "=", "yiwangtongg") == both[1:]
    assert bash(*ASK, "concept", "=") == ["wu-ge-yi-guangxi", "wu-ge-yi-shanxi", *both,
                                          "zheng-wu-fu-wu"]  # fmt: skip
    assert bash(*ASK, "concept", "=", "zzz") == []
    assert bash(*ASK, "nothing", "=", "yiw") == []
    assert bash(*ASK, "concept", "=", "") == []  # a new word


def test_bash_completes_values_in_a_word_that_is_not_parted(
    bash: Callable[..., list[str]],
) -> None:
    """In quotation marks, or where `=` does not part words, the whole word is replaced."""
    assert bash(*ASK, "concept=yi-wang-tong-b") == ["concept=yi-wang-tong-ban"]
    assert bash(*ASK, '"concept=yi-wang-tong-b') == ["concept=yi-wang-tong-ban"]
    assert bash(*ASK, "'concept=一网统") == ["concept=一网统管"]
    assert bash(*ASK, "concept", "=", '"一网统') == ["一网统管"]


def test_bash_completes_chinese_labels_and_variants(bash: Callable[..., list[str]]) -> None:
    """Who types Chinese gets Chinese: labels and variants that begin so, else that have it."""
    assert bash(*ASK, "concept", "=", "一网通") == ["一网通办", "一网通办理"]
    assert bash(*ASK, "concept", "=", "网统") == ["一网统管"]


def test_bash_lists_values_with_their_labels(bash: Callable[..., list[str]]) -> None:
    """Where bash only lists, each key has its Chinese label behind it, each label its key."""
    assert bash(*ASK, "concept", "=", "yiw", how=LISTED) == [
        "yi-wang-tong-ban  一网通办",
        "yi-wang-tong-guan  一网统管",
    ]
    listed = bash(*ASK, "concept", "=", "一网通", how=LISTED)
    assert listed == ["一网通办  yi-wang-tong-ban", "一网通办理  yi-wang-tong-ban"]


@pytest.mark.parametrize("typed", ["shangh", "CN-SH", "cn-sh", "3100", "Shanghai M"])
def test_bash_completes_regions_by_key_code_and_english(
    bash: Callable[..., list[str]], typed: str
) -> None:
    """A region is completed to its key from whatever it is called in Latin letters."""
    word = typed if " " not in typed else f'"{typed}'
    assert bash(*ASK, "region", "=", word) == ["shanghai"]


def test_a_homophone_is_completed_by_its_key(bash: Callable[..., list[str]]) -> None:
    """Shaanxi is spelled as Shanxi in pinyin: a key that begins so comes before."""
    assert bash(*ASK, "region", "=", "shanx") == ["shanxi"]
    assert bash(*ASK, "region", "=", "shaa") == ["shaanxi"]
    assert bash(*ASK, "region", "=", "陕") == ["陕西", "陕"]


def test_bash_completes_literal_values(bash: Callable[..., list[str]]) -> None:
    """Of a date the default and the example; of a truth value both."""
    assert bash(*ASK, "by", "=") == ["2100-12-31", "2022"]
    assert bash("kg", "ask", "flag", "-p", "by", "=") == ["true", "false"]
    assert bash("kg", "ask", "flag", "-p", "by", "=", "t") == ["true"]


def test_bash_completes_values_of_a_closed_list(bash: Callable[..., list[str]]) -> None:
    """A value by its key in the list, or its Chinese label; values of other lists are none."""
    level = ("kg", "ask", "level", "-p", "concept", "=")
    assert bash(*level) == ["city", "province"]
    assert bash(*level, "prov") == ["province"]
    assert bash(*level, "省") == ["省级"]
    assert bash("kg", "show", "level-prov") == []


def test_a_key_that_two_kinds_share_is_completed_by_code(bash: Callable[..., list[str]]) -> None:
    """Where a key alone would be ambiguous the codes are offered, else the key."""
    assert bash("kg", "show", "yi-wang-tong-g") == [
        "kgc:yi-wang-tong-guan",
        "kgp:yi-wang-tong-guan",
    ]
    assert bash(*ASK, "concept", "=", "yi-wang-tong-g") == ["yi-wang-tong-guan"]


def test_a_label_in_quotation_marks_is_offered(bash: Callable[..., list[str]]) -> None:
    """What begins so is offered before what has it behind a Chinese quotation mark."""
    assert bash("kg", "show", "随") == ["随申办"]
    assert bash("kg", "show", "城") == ["“城运”平台"]


@pytest.mark.parametrize(
    "words", [("kg", "show"), ("kg", "ask", "any-thing", "-p", "concept", "=")]
)
def test_bash_completes_things_of_any_kind(
    bash: Callable[..., list[str]], words: tuple[str, ...]
) -> None:
    """Things by key, pinyin and label; claims only once something is typed."""
    assert bash(*words, "suis") == ["sui-shen-ban"]
    assert bash(*words, "随") == ["随申办"]
    assert bash(*words, "shanghai-o") == ["shanghai-one"]
    offered = bash(*words, "") if words[-1] != "=" else bash(*words)
    assert {"shanghai", "yi-wang-tong-ban", "sui-shen-ban", "one"} <= set(offered)
    assert "shanghai-one" not in offered


def test_bash_completes_codes_behind_the_colon(bash: Callable[..., list[str]]) -> None:
    """Bash parts `kgc:yi` at the colon too; codes lead to claims, passages and all else."""
    assert bash("kg", "show", "kgc", ":", "yi-wang-tong-b") == ["yi-wang-tong-ban"]
    assert bash("kg", "show", "kgcl", ":") == ["shanghai-one", "shanghai-two"]
    assert bash("kg", "show", "kgc:yi-wang-tong-b") == ["kgc:yi-wang-tong-ban"]


def test_bash_completes_what_is_cited(bash: Callable[..., list[str]], small: Project) -> None:
    """Questions, sources, claims, and receipts that lie there."""
    (small.root / "platforms.json").write_text("{}", encoding="utf-8")
    assert bash("kg", "cite", "pl") == [QUESTION, "platforms.json"]
    assert bash("kg", "cite", "tw") == ["two"]
    assert bash("kg", "cite", "shanghai") == ["shanghai-one", "shanghai-two"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("kg", "ask", QUESTION, "--engine", "o"), ["oxigraph"]),
        (("kg", "ask", QUESTION, "--engine", "=", "r"), ["rdflib"]),
        (("kg", "ask", QUESTION, "-f", "c"), ["csv"]),
        (("kg", "show", "x", "--lang", ""), ["zh", "en"]),
        (("kg", "find", "x", "--kind", "conc"), ["concept"]),
        (("kg", "fi"), ["find"]),
        (("kg", "ask", "--eng"), ["--engine"]),
    ],
)
def test_bash_completes_engines_formats_and_commands(
    bash: Callable[..., list[str]], words: tuple[str, ...], offered: list[str]
) -> None:
    """Options, their values and commands are completed as well."""
    assert bash(*words) == offered


def test_bash_completes_in_the_middle_of_a_line(small: Project, program: Path) -> None:
    """What stands behind the cursor's word does not matter."""
    words = (*ASK, "concept", "=", "yi-wang-tong-b", "-f", "csv")
    ended = bash_run(small, program, words, 6, NORMAL)
    assert ended.stdout.decode().split() == ["yi-wang-tong-ban"]


def test_bash_takes_nothing_for_a_pattern(bash: Callable[..., list[str]], small: Project) -> None:
    """A name with signs that mean something to shells is offered as it is."""
    (small.root / "a*.json").write_text("{}", encoding="utf-8")
    (small.root / "ab.json").write_text("{}", encoding="utf-8")
    assert bash("kg", "cite", "'a*") == ["a*.json"]


# --- zsh and fish -------------------------------------------------------------------------------


def test_zsh_gets_titles_and_labels_as_help(small: Project) -> None:
    """Each value comes with what it is called, and the whole word is replaced."""
    assert ("plain", QUESTION, "实现某一概念的平台") in zsh(small, "kg", "ask", "")
    assert zsh(small, *ASK, "concept=yi-wang-tong-b") == [
        ("plain", "concept=yi-wang-tong-ban", "一网通办")
    ]
    assert zsh(small, *ASK, "by")[0] == ("plain", "by=", "期限，如 2022")
    assert zsh(small, "kg", "show", "kgr:shangh") == [("plain", r"kgr\:shanghai", "上海")]


def test_fish_gets_titles_and_labels_as_help(small: Project) -> None:
    """Each value comes with what it is called, behind a tab."""
    assert f"{QUESTION}\t实现某一概念的平台" in fish(small, "kg", "ask", "pl")
    assert fish(small, *ASK, "concept=yiw") == [
        "concept=yi-wang-tong-ban\t一网通办",
        "concept=yi-wang-tong-guan\t一网统管",
    ]
    assert fish(small, "kg", "show", "随") == ["随申办\tsui-shen-ban"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(small: Project, shell: str) -> None:
    """The script that the front pages tell readers to source is printed."""
    run = asked(small, {"_KG_COMPLETE": f"{shell}_source"})
    assert (run.returncode, run.stderr) == (0, b"")
    assert f"_KG_COMPLETE={shell}_complete" in run.stdout.decode()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_front_pages_tell_how_to_switch_it_on(name: str, shell: str) -> None:
    """Each shell's line is in both front pages."""
    assert f"_KG_COMPLETE={shell}_source kg" in (ROOT / name).read_text(encoding="utf-8")


# --- nothing to offer ---------------------------------------------------------------------------

LINES: Final = (
    ("kg", "ask", ""),
    (*ASK, ""),
    (*ASK, "concept", "=", "yi"),
    ("kg", "show", "sh"),
)


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_without_a_release_nothing_is_offered(
    tmp_path: Path, program: Path, words: tuple[str, ...]
) -> None:
    """Before the first build there are no candidates and no error text."""
    project = small_project(tmp_path / "unbuilt")
    shutil.rmtree(project.build)
    ended = bash_run(project, program, words, len(words) - 1, NORMAL)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, b"", b"")
    said = asked(project, {"_KG_COMPLETE": "zsh_complete", "COMP_WORDS": " ".join(words),
                           "COMP_CWORD": str(len(words) - 1)})  # fmt: skip
    assert (said.stdout.strip(), said.stderr) == (b"", b"")


@pytest.mark.parametrize("words", LINES[1:], ids=" ".join)
def test_with_a_damaged_index_nothing_is_offered(
    tmp_path: Path, program: Path, words: tuple[str, ...]
) -> None:
    """A damaged index gives no candidates and no error text either."""
    project = small_project(tmp_path / "damaged")
    (current(project.build).path / INDEX).write_bytes(b"nothing")
    ended = bash_run(project, program, words, len(words) - 1, NORMAL)
    assert (ended.stdout.strip(), ended.stderr) == (b"", b"")


def test_a_question_whose_header_is_wrong_offers_nothing(bash: Callable[..., list[str]]) -> None:
    """What cannot be read is no reason for an error while a reader types."""
    assert bash("kg", "ask", "broken", "-p", "") == []


def test_no_project_offers_nothing(tmp_path: Path, program: Path, small: Project) -> None:
    """A root that is no project gives no candidates."""
    words = ("kg", "--root", str(tmp_path), "show", "")
    ended = bash_run(small, program, words, len(words) - 1, NORMAL)
    assert (ended.stdout.strip(), ended.stderr) == (b"", b"")


def test_the_options_of_the_program_are_honoured(small: Project, program: Path) -> None:
    """`kg --root` and `kg -o` before the command say whose values are offered."""
    places = (shlex.quote(str(path)) for path in (small.root, small.build))
    words = ("kg", "--root", next(places), "-o", next(places), "show", "suis")
    bash = shutil.which("bash")
    assert bash
    path = f"{program}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        [bash, "--norc", "-c", BASH, "bash", "6", "9", *words],
        check=True,
        capture_output=True,
        cwd=small.root.parent,
        env={**os.environ, "PATH": path, "KG_BUILD": ""},
    )
    assert ended.stdout.decode().split() == ["sui-shen-ban"]


def test_completion_imports_nothing_heavy(small: Project) -> None:
    """Values come without store, RDF, records and validator."""
    code = (
        "import sys; from kg.__main__ import main; sys.argv[0] = 'kg'\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    variables = {
        "_KG_COMPLETE": "bash_complete",
        "COMP_WORDS": "\n".join((*ASK, "concept", "=", "yiw")),
        "COMP_CWORD": "6",
        "KG_BUILD": str(small.build),
    }
    run = run_python(code, environment=variables)
    names = {name.split(".")[0] for name in run.stderr.decode().split()}
    heavy = {"ahocorasick_rs", "networkx", "pydantic", "pyoxigraph", "pyshacl", "rdflib", "rich"}
    assert ("click" in names, names & heavy) == (True, set())
