"""Builds the notebooks: each is run from its first cell to its last, and written with its outputs.

`python scripts/notebooks.py [NAME …] [-o DIR] [--engine URL]` reads `notebooks/NAME.py` and writes
`DIR/NAME.ipynb` and `DIR/NAME.html`, by default into `build/notebooks/`; the notebooks themselves
write their figures into `build/notebooks/figures/`. A cell that fails ends it with exit code 1.
Nothing in the files depends on the clock or on chance, and a page asks no other host for anything.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import jupytext
import nbformat
from jinja2 import FileSystemLoader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from kg.errors import KgError, UsageError
from kg.files import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OPEN", "FailedCellError", "built", "main", "page", "read", "run", "with_engine"]

ROOT: Final = Path(__file__).resolve().parents[1]
OPEN: Final = "graph = open_graph()"
"""The one line of a notebook that an endpoint changes."""

PATIENCE: Final = 120
"""Seconds that a cell may take."""

KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}
ALT: Final = re.compile("# 替代文字：(.+)")
"""The first line of a cell that draws says what there is to see, for those who cannot."""

LINK: Final = re.compile(r"\]\((?!\w+:|#)([^)\s]+)\)")
"""A link of the prose to a file."""

COLOR: Final = re.compile(r"\x1b\[[0-9;]*m")
"""What colours an error on a terminal."""

TEMPLATE: Final = "notebook.html.j2"
STYLE: Final = (Path(__file__).with_name("notebook.css")).read_text(encoding="utf-8")


class FailedCellError(KgError):
    """A cell of a notebook that fails, or runs for too long."""


def read(path: Path) -> NotebookNode:
    """Read a percent script as a notebook whose cells have the same ids each time."""
    notebook: NotebookNode = jupytext.read(path)
    for at, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{at:02}"
        if told := ALT.match(cell.source):
            cell.metadata["alt"] = told[1]
    notebook.metadata = NotebookNode(kernelspec=KERNEL)
    return notebook


def with_engine(notebook: NotebookNode, url: str) -> NotebookNode:
    """Change the one line that opens the graph, so that an endpoint is asked.

    Raises:
        UsageError: the line does not stand there exactly once.
    """
    cells = [cell for cell in notebook.cells if OPEN in cell.source.splitlines()]
    if len(cells) != 1:
        raise UsageError(f"应有且只有一行 {OPEN}", f"the line {OPEN} is to stand there once")
    opened = f"graph = open_graph(engine={url!r})"
    cells[0].source = cells[0].source.replace(OPEN, opened)
    return notebook


def run(notebook: NotebookNode, name: str, folder: Path) -> NotebookNode:
    """Run all cells in a new kernel.

    Args:
        notebook: what is run; outputs are added to it.
        name: what an error calls it.
        folder: where it runs.

    Raises:
        FailedCellError: a cell fails; names the notebook, the cell and the error.
    """
    at: list[int] = []
    try:
        with TemporaryDirectory() as sockets:
            _client(notebook, folder, Path(sockets), at).execute()
    except CellExecutionError as error:
        told = COLOR.sub("", f"{error.ename}: {error.evalue}")
        raise _failed(name, at, told, str(error)) from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise _failed(name, at, str(error), "") from error
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    return notebook


def _client(notebook: NotebookNode, folder: Path, sockets: Path, at: list[int]) -> NotebookClient:
    """Give what runs a notebook and notes which cell it is at.

    It talks to the kernel through sockets in a folder that nobody else may open, not by ports.
    """
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name=KERNEL["name"],
        record_timing=False,
        config=Config({"KernelManager": {"transport": "ipc", "ip": str(sockets / "kernel")}}),
        resources={"metadata": {"path": str(folder)}},
    )
    client.on_cell_execute = lambda cell, cell_index: at.append(cell_index + 1)  # noqa: ARG005 -- called by these names
    return client


def _failed(name: str, at: list[int], told: str, trace: str) -> FailedCellError:
    cell = at[-1] if at else 0
    behind = f"\n{COLOR.sub('', trace)}" if trace else ""
    return FailedCellError(
        f"笔记本 {name} 第 {cell} 格出错：{told}", f"{name}, cell {cell}: {told}{behind}"
    )


def page(notebook: NotebookNode) -> str:
    """Give a notebook as one HTML page that holds all it needs, and no script."""
    exporter: Any = HTMLExporter(
        extra_loaders=[FileSystemLoader(Path(__file__).parent)], template_file=TEMPLATE
    )
    exporter.anchor_link_text = " "
    heading = re.search(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE)
    style = STYLE + HtmlFormatter(style="friendly").get_style_defs(".highlight")
    resources = {"title": heading[1] if heading else "", "style": style}
    text: str = exporter.from_notebook_node(notebook, resources)[0]
    return f"{text.strip()}\n"


def led(notebook: NotebookNode, folder: Path, target: Path) -> NotebookNode:
    """Lead the links of the prose to where they led from its folder, or to a notebook's page."""

    def lead(found: re.Match[str]) -> str:
        if (folder / found[1]).suffix == ".py":
            return f"]({Path(found[1]).with_suffix('.html')})"
        return f"]({Path(os.path.relpath(folder / found[1], target)).as_posix()})"

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(lead, cell.source)
    return notebook


def built(path: Path, target: Path, engine: str = "") -> NotebookNode:
    """Run one notebook and write it as `.ipynb` and HTML; nothing is written if a cell fails.

    Args:
        path: the percent script; it is run in its folder.
        target: the folder of what is made.
        engine: the address of an endpoint to ask instead of the release.
    """
    notebook = read(path)
    if engine:
        with_engine(notebook, engine)
    led(run(notebook, path.stem, path.parent), path.parent, target)
    target.mkdir(parents=True, exist_ok=True)
    write_file(target / f"{path.stem}.html", [page(notebook).encode()])
    text: str = nbformat.writes(notebook)
    write_file(target / f"{path.stem}.ipynb", [f"{text}\n".encode()])
    return notebook


def main(arguments: Sequence[str]) -> int:
    """Build the notebooks that are named, or all; gives the exit code."""
    parser = argparse.ArgumentParser(description="运行并生成笔记本 | runs and builds the notebooks")
    parser.add_argument("names", nargs="*", help="如 01-sentence-to-fact | all if left out")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "build" / "notebooks")
    parser.add_argument("--folder", type=Path, default=ROOT / "notebooks", help="of the scripts")
    parser.add_argument("--engine", default="", help="端点的网址 | the address of an endpoint")
    given = parser.parse_args(arguments)
    paths = [given.folder / f"{name}.py" for name in given.names]
    if missing := [path.stem for path in paths if not path.is_file()]:
        parser.error(f"没有笔记本 | no such notebook: {' '.join(missing)}")
    # A kernel has no use for the debugger, whose warnings would stand on the terminal.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        for path in paths or sorted(given.folder.glob("*.py")):
            built(path, given.output, given.engine)
            sys.stderr.write(f"{given.output / path.stem}.html\n")
    except KgError as error:
        sys.stderr.write(f"{error.zh}\n{error.en}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
