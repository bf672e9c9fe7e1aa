"""The notebooks run from first cell to last, say the same of a service, and look right."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import jupytext
import nbformat
import pytest
from graph_fixtures import ROOT, real_project
from PIL import Image
from service import running

from notebooks import OPEN, built, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nbformat import NotebookNode

Made: TypeAlias = "tuple[NotebookNode, Path]"
"""A notebook with its outputs, and the folder of what is made."""

NAMES: Final = sorted(path.stem for path in (ROOT / "notebooks").glob("*.py"))

PAGES: Final = {f"{name}.html" for name in NAMES}

CHINESE = re.compile("[\u4e00-\u9fff]")
LOADED = {"src", "href", "srcset", "poster", "data", "action"}
PARTS = {
    "in English": r"\*\*In English\.\*\*",
    "question": r"\*\*问题。\*\*",
    "data": "^## 数据",
    "figure": "^## 图",
    "evidence": "^## 依据",
    "limits": "^## 局限",
    "try": "^## 自己试试",
}


class Page(HTMLParser):
    """Collects what a page loads or leads to, its images, its scripts, and its text."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.addresses: list[tuple[str, str]] = []
        self.images: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an element."""
        self.tags.add(tag)
        self.addresses += [(tag, value or "") for name, value in attrs if name in LOADED]
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        """Take note of a text."""
        self.text += data


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a `name` for each notebook."""
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", NAMES)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give a function that makes a project folder whose notebooks can be run, by its name."""
    build = real_project(tmp_path_factory).build

    def make(name: str) -> Path:
        folder = shared(tmp_path_factory) / f"notebooks-{name}"
        if not folder.exists():
            (folder / "build").mkdir(parents=True)
            for part in ("ontology", "data", "queries", "docs"):
                (folder / part).symlink_to(ROOT / part)
            (folder / "build" / "current").symlink_to((build / "current").resolve())
            shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        return folder

    return make


def shared(factory: pytest.TempPathFactory) -> Path:
    """Give the folder of this session that all workers of pytest-xdist share."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@contextlib.contextmanager
def locked(factory: pytest.TempPathFactory, name: str) -> Iterator[None]:
    """Hold the lock of a notebook: workers of pytest-xdist build it once between them."""
    with (shared(factory) / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def plain(
    tmp_path_factory: pytest.TempPathFactory, place: Callable[[str], Path]
) -> Callable[[str], Made]:
    """Give a function that runs a notebook as it stands, once a session."""

    def make(name: str) -> Made:
        with locked(tmp_path_factory, name):
            return _made(place(name), name, "")

    return make


@pytest.fixture(scope="session")
def served(
    tmp_path_factory: pytest.TempPathFactory, place: Callable[[str], Path]
) -> Iterator[Callable[[str], Made]]:
    """Give a function that runs a notebook whose one line names a running service."""
    build = real_project(tmp_path_factory).build
    with running("--build-dir", build, "serve", "--workers", "1") as address:

        def make(name: str) -> Made:
            with locked(tmp_path_factory, f"{name}-served"):
                return _made(place(f"{name}-served"), name, f"{address}/sparql")

        yield make


def _made(folder: Path, name: str, engine: str) -> Made:
    target = folder / "build" / "notebooks"
    file = target / f"{name}.ipynb"
    if not file.exists():
        built(folder / "notebooks" / f"{name}.py", target, engine)
    found: NotebookNode = nbformat.reads(file.read_text(encoding="utf-8"), as_version=4)
    return found, target


def script(name: str) -> Path:
    """Give the file of a notebook."""
    return ROOT / "notebooks" / f"{name}.py"


def outputs(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    """Give all outputs of a notebook."""
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def page_of(made: Made, name: str) -> Page:
    """Read the page of a notebook."""
    return Page((made[1] / f"{name}.html").read_text(encoding="utf-8"))


def figures_of(made: Made, name: str) -> Path:
    """Give the files of a notebook's figure, without suffix."""
    return made[1] / "figures" / name


def test_there_are_five() -> None:
    """The five notebooks are there, in order."""
    assert [path.name[:2] for path in sorted(ROOT.glob("notebooks/*.py"))] == [
        "01", "02", "03", "04", "05",
    ]  # fmt: skip


def test_every_cell_runs(plain: Callable[[str], Made], name: str) -> None:
    """Every cell was run in order, its assertions with it."""
    counts = [it.execution_count for it in plain(name)[0].cells if it.cell_type == "code"]
    assert counts == [*range(1, len(counts) + 1)]


def test_headline_numbers_are_asserted(name: str) -> None:
    """A notebook asserts what it says in prose."""
    assert script(name).read_text(encoding="utf-8").count("\nassert ") >= 5


def test_no_warning(plain: Callable[[str], Made], name: str) -> None:
    """Nothing was written to stderr."""
    assert [it["text"] for it in outputs(plain(name)[0]) if it.get("name") == "stderr"] == []


@pytest.mark.parametrize("part", PARTS)
def test_parts(name: str, part: str) -> None:
    """Every notebook has the parts that readers look for."""
    cells = read(script(name)).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert re.search(PARTS[part], prose, re.MULTILINE)


def test_names_its_release(plain: Callable[[str], Made], name: str) -> None:
    """The release and its whole hash stand at the top."""
    first = next(outputs(plain(name)[0]))
    assert re.fullmatch(r"发布版 ([0-9a-f]{12}) · SHA-256 \1[0-9a-f]{52}\n", first["text"])


def test_one_figure(plain: Callable[[str], Made], name: str) -> None:
    """There is one figure, as a picture in the page and as three files."""
    made = plain(name)
    shown = [it for it in outputs(made[0]) if "image/png" in it.get("data", {})]
    files = sorted(path.suffix for path in (made[1] / "figures").iterdir())
    assert (len(shown), files) == (1, [".pdf", ".png", ".svg"])


def test_page_says_what_a_figure_shows(plain: Callable[[str], Made], name: str) -> None:
    """An image has a text in Chinese for those who cannot see it."""
    found = page_of(plain(name), name)
    assert [bool(CHINESE.search(image["alt"] or "")) for image in found.images] == [True]


def test_page_is_in_chinese_with_english(plain: Callable[[str], Made], name: str) -> None:
    """The page is in Chinese, and begins with a summary in English."""
    found = page_of(plain(name), name)
    assert len(CHINESE.findall(found.text)) > 1000
    assert "In English." in found.text


def test_page_asks_no_other_host(plain: Callable[[str], Made], name: str) -> None:
    """A page loads nothing and has no script; only links lead out of it."""
    found = page_of(plain(name), name)
    loaded = [address for tag, address in found.addresses if tag != "a"]
    assert all(address.startswith("data:image/png;base64,") for address in loaded)
    assert not {"script", "link", "iframe", "object"} & found.tags


def test_page_links_into_the_project(plain: Callable[[str], Made], name: str) -> None:
    """A link of a page to a file leads to it, from where the page lies."""
    made = plain(name)
    links = {
        address.partition("#")[0] for tag, address in page_of(made, name).addresses if tag == "a"
    }
    files = {link for link in links if link and "://" not in link}
    assert [it for it in files if it not in PAGES and not (made[1] / it).is_file()] == []


def test_no_machine_in_outputs(plain: Callable[[str], Made], name: str) -> None:
    """What is made says nothing of where it was made."""
    made = plain(name)
    text = (made[1] / f"{name}.ipynb").read_text(encoding="utf-8")
    assert str(made[1].parents[1]) not in text
    assert str(ROOT) not in text


def test_fonts_are_embedded(plain: Callable[[str], Made], name: str) -> None:
    """The PDF brings its fonts along, a Chinese one among them, none of Type 3."""
    path = figures_of(plain(name), name).with_suffix(".pdf")
    told = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True)  # noqa: S607 -- from poppler-utils
    lines = told.stdout.splitlines()[2:]
    assert any("CJK" in line or "Han" in line for line in lines)
    assert [line for line in lines if "Type 3" in line or line.split()[-5] != "yes"] == []


def test_figure_is_fit_for_print(plain: Callable[[str], Made], name: str) -> None:
    """The PNG has 300 dots an inch, the SVG holds its texts as text and a title."""
    figure = figures_of(plain(name), name)
    with Image.open(figure.with_suffix(".png")) as picture:
        assert [round(it) for it in picture.info["dpi"]] == [300, 300]
    svg = figure.with_suffix(".svg").read_text(encoding="utf-8")
    assert re.search(r"<text [^>]*'PingFang SC'[^>]*>[^<]*[\u4e00-\u9fff]", svg)
    assert re.search(r"<title>[^<]*[\u4e00-\u9fff]", svg)


def test_a_service_says_the_same(
    plain: Callable[[str], Made], served: Callable[[str], Made], name: str
) -> None:
    """With one line changed a notebook gives the same, but for a citation of the address."""
    before, after = plain(name)[0].cells, served(name)[0].cells
    changed = [
        (one, other) for one, other in zip(before, after, strict=True) if one.source != other.source
    ]
    assert [one.source.splitlines()[-1] for one, _ in changed] == [OPEN]
    assert "/sparql" in changed[0][1].source
    for one, other in zip(before, after, strict=True):
        if "cite_answer(" not in one.source:
            assert one.get("outputs") == other.get("outputs")


def test_round_trip(name: str) -> None:
    """Jupytext writes a notebook back as it stands, but for versions that its head then names."""
    text = script(name).read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    written = jupytext.writes(notebook, fmt="py:percent")
    assert written.partition("# ---\n\n")[2] == text.partition("# ---\n\n")[2] != ""


def test_agreement_is_that_of_the_document() -> None:
    """The figures of the two readings are those of docs/agreement.md."""
    document = (ROOT / "docs" / "agreement.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| \d+ \| \d+ \| (\d+) \| (\d+) \| (\d+) \| [\d.]+ \|", document)[:6]
    both, first, second = ([int(row[at]) for row in rows] for at in range(3))
    text = script("05-evidence-and-gaps").read_text(encoding="utf-8")
    for numbers in (both, first, second):
        assert str(numbers) in text
