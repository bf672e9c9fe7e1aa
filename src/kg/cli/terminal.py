"""Tables on a terminal: words and numbers stay whole, and what is too wide becomes a list."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.containers import Lines
from rich.table import Table as RichTable
from rich.text import Text

from kg.rendering import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.results import Table

__all__ = ["pretty"]

NARROW: Final = 100
"""Width where no terminal tells it, in columns."""
LONG: Final = 40
"""Columns from which a text is long, and then wants more room than its longest word."""
ROOM: Final = 20
"""Columns that a long text wants at the least."""
GAP: Final = 3
"""Columns between two columns of the table; the margins have two."""

PIECE: Final = re.compile(
    r"(?:[A-Za-z0-9_]+(?:['’.,:/%+-]+[A-Za-z0-9_]+)*%?|.)[，。、；：！？”’）》】」,.;:!?)\]%]*\s*",
    re.DOTALL,
)
"""What stays on one line: a word or number or a Chinese letter, and the signs that close it."""


class Flowing(Text):
    """A text that breaks between Chinese letters, and never inside of a word that fits a line."""

    def wrap(self, console: Console, width: int, **_: Any) -> Lines:  # noqa: ANN401, ARG002
        """Give the lines; rich's own would break a number and begin a line with a comma."""
        lines = Lines()
        for line in self.split(allow_blank=True):
            lines.extend(line.divide(_breaks(line.plain, width)))
        for line in lines:
            line.rstrip()
        return lines


def _breaks(text: str, width: int) -> list[int]:
    """Give the offsets at which a text breaks into lines of a width."""
    found: list[int] = []
    used = 0
    for match in PIECE.finditer(text):
        bare = cell_len(match.group().rstrip())
        if used and used + bare > width:
            found.append(match.start())
            used = 0
        if bare <= width:
            used += cell_len(match.group())
            continue
        for at, letter in enumerate(match.group(), start=match.start()):  # longer than a line
            if used + cell_len(letter) > width:
                found.append(at)
                used = 0
            used += cell_len(letter)
    return found


def _longest_piece(text: str) -> int:
    return max((cell_len(match.group().rstrip()) for match in PIECE.finditer(text)), default=0)


def _longest_line(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Share the room among columns, or nothing if a word would have to break.

    Every column has what its longest word needs; above that all rise to one level, as far as
    their texts reach.
    """
    want = [max(map(_longest_line, cells)) for cells in columns]
    need = [max(map(_longest_piece, cells)) for cells in columns]
    need = [max(n, ROOM) if w > LONG else n for n, w in zip(need, want, strict=True)]
    room -= GAP * (len(columns) - 1) + 2
    if sum(need) > room:
        return None
    both = list(zip(need, want, strict=True))
    fitting = [[max(n, min(w, level)) for n, w in both] for level in range(max(want) + 1)]
    return next(widths for widths in reversed(fitting) if sum(widths) <= room)


def _cell(text: str, mark: str) -> Flowing:
    cell = Flowing(UNSEEN.sub("", text))
    at = cell.plain.find(mark) if mark else -1
    if at >= 0 and mark != cell.plain:
        cell.stylize("bold", at, at + len(mark))
    return cell


def _grid(heads: Sequence[str], rows: Sequence[Sequence[Flowing]], widths: list[int]) -> RichTable:
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    for head, width in zip(heads, widths, strict=True):
        shown.add_column(Flowing(head), width=width)
    for row in rows:
        shown.add_row(*row)
    return shown


def _list(heads: Sequence[str], rows: Sequence[Sequence[Flowing]]) -> RichTable:
    """Give each row as lines of head and value, empty cells left out."""
    shown = RichTable.grid(padding=(0, 2, 0, 0))
    shown.add_column(style="dim", no_wrap=True)
    shown.add_column()
    for row in rows:
        for head, cell in zip(heads, row, strict=True):
            if cell.plain:
                shown.add_row(head, cell)
        shown.add_row("", "")
    return shown


def pretty(table: Table, heads: Mapping[str, str], marks: Sequence[str], language: str = "") -> str:
    """Give a table for a terminal; one that does not fit is a list of its rows.

    Args:
        table: the columns to show.
        heads: column -> its head.
        marks: of each row, the words to stand out in a longer text.
        language: `zh` or `en`, of truths; without it they are true and false.
    """
    # Rich reads COLUMNS itself where it is not told both, and fails on digits such as ².
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _columns()
    names = [heads.get(column, column) for column in table.columns]
    rows = [
        [_cell(text, mark) for text in row]
        for row, mark in zip(table.said(language), marks, strict=True)
    ]
    texts = [[name, *(row[at].plain for row in rows)] for at, name in enumerate(names)]
    widths = _widths(texts, width) if texts else []
    shown = _list(names, rows) if widths is None else _grid(names, rows, widths)
    console = Console(file=sys.stdout, width=width, height=len(table.rows), highlight=False)
    with console.capture() as capture:
        console.print(shown)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _columns() -> int:
    given = os.environ.get("COLUMNS", "")
    return int(given) if re.fullmatch("0*[1-9][0-9]{0,5}", given) else NARROW
