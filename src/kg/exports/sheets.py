"""Tables as every format of tables writes them: one a class, typed, their columns labelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.exports.columns import Cell, Column

__all__ = ["DATE", "Sheet", "Workbook", "single_links"]

DATE: Final = "date"
"""Kind of a column whose texts are full days, as 2022-12-31; only tables have such columns."""


@dataclass(frozen=True)
class Sheet:
    """A table: the first column is the key of its rows, which are sorted by it.

    Args:
        name: in ASCII, as `targets`.
        zh: its title in Chinese.
        en: its title in English.
        note: what a row is, in both languages.
        columns: in the order in which readers want them.
        rows: one value for each column, None where there is none.
        links: column -> sheet whose key its values are.
        required: columns that have a value in every row.
    """

    name: str
    zh: str
    en: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    links: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The column that tells rows apart."""
        return self.columns[0].name


@dataclass(frozen=True)
class Workbook:
    """All tables, and what a reader must know of them.

    Args:
        name: in ASCII, as `dgkg`.
        zh: its title in Chinese.
        en: its title in English.
        sheets: in the order in which readers want them.
        facts: as release, licence, source: name -> text.
    """

    name: str
    zh: str
    en: str
    sheets: tuple[Sheet, ...]
    facts: Mapping[str, str] = field(default_factory=dict)


def single_links(sheet: Sheet, sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, Sheet]]:
    """Give each column that holds one key of a sheet that is there, and that sheet."""
    many = {column.name for column in sheet.columns if column.many}
    for column, name in sheet.links.items():
        if column not in many and name in sheets:
            yield column, sheets[name]
