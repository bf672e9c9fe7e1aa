"""The builder: cells that fail are named, equal notebooks are equal bytes, the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.errors import UsageError
from notebooks import OPEN, FailedCellError, built, main, page, read, with_engine

if TYPE_CHECKING:
    from pathlib import Path

HELLO = """# %% [markdown]
# # 你好
#
# <script src="https://example.org/x.js"></script>

# %%
graph = open_graph()
"""

SUMS = """# %% [markdown]
# # 一加一

# %%
# 替代文字：一条线。
import random

print("一加一等于", 1 + 1)
"""


def write(folder: Path, text: str, name: str = "sample") -> Path:
    """Write a notebook."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_one_line_is_changed(tmp_path: Path) -> None:
    """The line that opens the graph names the endpoint, and nothing else changes."""
    notebook = with_engine(read(write(tmp_path, HELLO)), "http://127.0.0.1:1/sparql")
    assert notebook.cells[1].source == "graph = open_graph(engine='http://127.0.0.1:1/sparql')"


@pytest.mark.parametrize("text", ["# %%\n1\n", f"# %%\n{OPEN}\n\n# %%\n{OPEN}\n"])
def test_line_must_stand_there_once(tmp_path: Path, text: str) -> None:
    """A notebook without the line, or with two of them, is refused."""
    with pytest.raises(UsageError, match="once"):
        with_engine(read(write(tmp_path, text)), "http://127.0.0.1:1/sparql")


def test_equal_bytes(tmp_path: Path) -> None:
    """Two builds of a notebook are equal bytes: no clock, no chance."""
    path = write(tmp_path, SUMS)
    for target in ("one", "two"):
        built(path, tmp_path / target)
    for suffix in (".ipynb", ".html"):
        one, two = ((tmp_path / it / f"sample{suffix}").read_bytes() for it in ("one", "two"))
        assert one == two


def test_cells_have_names(tmp_path: Path) -> None:
    """Cells have ids by place, and the text that tells what a figure shows."""
    cells = read(write(tmp_path, SUMS)).cells
    assert [cell.id for cell in cells] == ["cell-01", "cell-02"]
    assert [cell.metadata.get("alt") for cell in cells] == [None, "一条线。"]


def test_failing_cell_is_named(tmp_path: Path) -> None:
    """A cell that fails is told with its notebook, number and error."""
    path = write(tmp_path, "# %%\n1\n\n# %%\nraise ValueError('九个地区')\n")
    with pytest.raises(FailedCellError) as caught:
        built(path, tmp_path / "made")
    assert caught.value.zh == "笔记本 sample 第 2 格出错：ValueError: 九个地区"
    assert caught.value.en.startswith("sample, cell 2: ValueError: 九个地区")


def test_nothing_is_written_of_what_fails(tmp_path: Path) -> None:
    """A notebook that fails leaves the files of an earlier build as they were."""
    path = write(tmp_path, SUMS)
    built(path, tmp_path / "made")
    before = (tmp_path / "made" / "sample.html").read_bytes()
    write(tmp_path, f"{SUMS}\n# %%\nassert 1 == 2\n")
    with pytest.raises(FailedCellError):
        built(path, tmp_path / "made")
    assert (tmp_path / "made" / "sample.html").read_bytes() == before


def test_page_of_a_long_cell_is_folded(tmp_path: Path) -> None:
    """Code over thirty lines is folded away, its output is not."""
    notebook = read(write(tmp_path, "# %%\n" + "x = 1\n" * 31))
    assert "<summary>代码，31 行</summary>" in page(notebook)
    assert "<details>" not in page(read(write(tmp_path, "# %%\n" + "x = 1\n" * 30)))


def test_links_lead_from_where_the_page_lies(tmp_path: Path) -> None:
    """Links to files of the project are led there; those to a notebook, to its page."""
    text = (
        "# %% [markdown]\n# [甲](../docs/a.md#x) [乙](other.py) [丙](https://w3id.org/) [丁](#y)\n"
    )
    (tmp_path / "other.py").touch()
    cell = built(write(tmp_path, text), tmp_path / "build" / "made").cells[0]
    assert cell.source == (
        "[甲](../../../docs/a.md#x) [乙](other.html) [丙](https://w3id.org/) [丁](#y)"
    )


def test_page_runs_no_script(tmp_path: Path) -> None:
    """A script in the prose is not run: the page's own policy forbids it."""
    text = page(read(write(tmp_path, HELLO)))
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in text
    assert "<title>你好</title>" in text


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command builds what is named, and tells where."""
    write(tmp_path, SUMS)
    made = tmp_path / "made"
    assert main(["sample", "--folder", str(tmp_path), "-o", str(made)]) == 0
    assert capsys.readouterr().err.endswith(f"{made / 'sample.html'}\n")
    assert "一加一等于 2" in (made / "sample.html").read_text(encoding="utf-8")


def test_command_ends_at_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cell that fails ends the command with code 1, told in both languages."""
    write(tmp_path, "# %%\n1 / 0\n")
    assert main(["--folder", str(tmp_path), "-o", str(tmp_path / "made")]) == 1
    told = capsys.readouterr().err
    assert "笔记本 sample 第 1 格出错" in told
    assert "sample, cell 1: ZeroDivisionError" in told


def test_unknown_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A notebook that is not there is told by its name."""
    with pytest.raises(SystemExit) as caught:
        main(["no-such", "--folder", str(tmp_path)])
    assert caught.value.code == 2
    assert "no such notebook: no-such" in capsys.readouterr().err
