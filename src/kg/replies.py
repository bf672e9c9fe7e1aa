"""The reply to a saved question: its table, what was meant, what was not read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from kg.names import SPARQL_HEAD, expand
from kg.rendering import columns_for_people, safe, to_html, written
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    import polars as pl

    from kg.engines import Engine
    from kg.lookup import Found
    from kg.queries import SavedQuery
    from kg.results import Answer

__all__ = ["Note", "Reply", "notes_of_thing", "notes_on", "settings_of"]

UNREAD: Final = (
    SPARQL_HEAD
    + """
SELECT ?region ?zh ?en WHERE {{
  ?region kg:level kg:level-province ; skos:prefLabel ?zh , ?en .
  FILTER(LANG(?zh) = "zh" && LANG(?en) = "en")
  MINUS {{
    VALUES ?source {{ {sources} }}
    ?section kg:inSource ?source ; kg:aboutRegion ?region ; kg:reading kg:reading-text ;
             a kg:Section .
  }}
}}
ORDER BY ?region"""
)
"""The province-level regions of which no text was read, in some sources or in any."""


@dataclass(frozen=True)
class Note:
    """A remark on a reply, in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Give both on one line."""
        return f"{self.zh} | {self.en}"


@dataclass(frozen=True, repr=False)
class Reply:
    """The answer to a saved question.

    `given` and `bound` hold the parameters as they came and as terms; `meant` the things that
    names were found to mean; `notes` what a reader must know, such as what was not read.
    """

    query: SavedQuery
    given: Mapping[str, list[str]]
    bound: Mapping[str, list[str]]
    meant: Mapping[str, Found]
    sparql: str
    answer: Answer
    notes: tuple[Note, ...]
    language: str = "zh"

    @cached_property
    def table(self) -> Table:
        """The answer as a table."""
        return Table.from_answer(self.answer)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.table.columns

    def __repr__(self) -> str:
        """Name the question, its parameters, and how many rows there are."""
        given = "".join(f", {name}={value}" for name, value in self.settings.items())
        return f"<Reply {self.query.id}{given}: {len(self)} rows>"

    def __getitem__(self, at: int) -> dict[str, str]:
        """Give a row as texts by column; unbound cells are left out."""
        return next(self.table.only_row(at).records())

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.table.rows)

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Give each row as texts by column; unbound cells are left out."""
        return self.table.records()

    def heads(self, language: str = "") -> dict[str, str]:
        """Give column -> its head for people, in `zh` or `en`."""
        columns = self.query.header.columns.items()
        return {name: getattr(column.label, language or self.language) for name, column in columns}

    @property
    def settings(self) -> dict[str, str]:
        """Each parameter that holds the answer to something: as given, else its default."""
        return settings_of(self.query, self.given)

    def title(self, language: str = "") -> str:
        """Give the question's title, and the parameters that were given."""
        title: str = getattr(self.query.header.title, language or self.language)
        given = "; ".join(f"{name}={value}" for name, value in self.settings.items())
        return f"{title} ({given})" if given else title

    def shown(self, language: str = "") -> list[str]:
        """Give the columns for people: labels in place of things, one language."""
        return columns_for_people(self.table, language or self.language)

    def written(self, form: str, language: str = "") -> str:
        """Give the table as text; `form` is one of `rendering.TEXT_FORMATS`."""
        language = language or self.language
        return written(self.table, form, self.heads(language), self.shown(language), language)

    def to_csv(self) -> str:
        """Give all columns as CSV, IRIs as CURIEs."""
        return self.written("csv")

    def to_pandas(self) -> pd.DataFrame:
        """Give all columns as a pandas DataFrame; see `Table.to_pandas`."""
        return self.table.to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Give all columns as a polars DataFrame; see `Table.to_polars`."""
        return self.table.to_polars()

    def to_html(self, language: str = "") -> str:
        """Give a table of HTML for people, quotes marked in their sentences, notes below."""
        language = language or self.language
        table = to_html(
            self.table,
            self.heads(language),
            self.shown(language),
            self.title(language),
            language,
        )
        remarks = [Note(f"{len(self)} 行", f"{len(self)} rows"), *self.notes]
        below = "".join(f"<p>{safe(getattr(remark, language))}</p>" for remark in remarks)
        return f'<div lang="{language}">{table}{below}</div>'

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:  # noqa: ANN401 -- Jupyter's
        return {"text/html": self.to_html(), "text/plain": self.written("md")}


def settings_of(query: SavedQuery, given: Mapping[str, list[str]]) -> dict[str, str]:
    """Give parameter -> value as given, else its default; a switch that is off is left out."""
    params = query.header.params.items()
    told = {name: " ".join(given.get(name, ())) or parameter.default for name, parameter in params}
    return {name: value for name, value in told.items() if value and value != "false"}


def notes_on(
    engine: Engine,
    query: SavedQuery,
    meant: Mapping[str, Found],
    bound: Mapping[str, list[str]],
    rows: int,
) -> tuple[Note, ...]:
    """Give what a reader must know of a reply.

    A name may be a variant of what was answered for; a region may not have been read, so that
    no row says nothing of it.
    """
    notes = [note for name, found in meant.items() for note in _naming(name, found)]
    header = query.header
    left = {name: value for name, value in settings_of(query, {}).items() if name not in bound}
    if left:
        told = ", ".join(f"{name}={value}" for name, value in left.items())
        notes.append(Note(f"默认：{told}", f"default: {told}"))
    if rows and "reading" in header.columns:  # its rows tell what was read
        return tuple(notes)
    asked = {found.iri for found in meant.values() if found.class_ == "kg:Region"}
    about = any(p.class_ == "rdfs:Resource" for n, p in header.params.items() if bound.get(n))
    has_presence = any(name.lower().endswith("presence") for name in header.columns)
    if has_presence or not (asked or ("region" in header.columns and not about)):
        return tuple(notes)
    sources = [
        term
        for name, parameter in header.params.items()
        if parameter.class_ == "kg:SourceDocument"
        for term in bound.get(name, ())
    ]
    unread = _unread(engine, " ".join(sources) or "UNDEF")
    notes += _not_read(row for row in unread if row["region"] in asked or not asked)
    return tuple(notes)


def notes_of_thing(engine: Engine, name: str, found: Found) -> tuple[Note, ...]:
    """Give what a reader must know of all facts of the thing that a name means."""
    notes = list(_naming(name, found))
    if found.class_ == "kg:Region":
        notes += _not_read(row for row in _unread(engine, "UNDEF") if row["region"] == found.iri)
    return tuple(notes)


def _naming(name: str, found: Found) -> Iterator[Note]:
    """Say that a name is a variant of another, or the pinyin of something else as well."""
    if found.is_variant:
        yield Note(
            f"“{name}”是“{found.zh}”的变体，按后者回答",
            f"“{name}” is a variant of “{found.en}”, and answered as that",
        )
    for zh, en in found.also:
        yield Note(
            f"“{name}”按代号是{found.zh}；{zh}的拼音也是它",
            f"“{name}” is the key of {found.en}; it is the pinyin of {en} as well",
        )


def _not_read(regions: Iterable[dict[str, str]]) -> Iterator[Note]:
    of = list(regions)
    if of:
        zh, en = (" ".join(row["zh"] for row in of), ", ".join(row["en"] for row in of))
        plural = "s" if len(of) > 1 else ""
        yield Note(
            f"没有读到文本的省级地区 {len(of)} 个（{zh}）：没有行不等于文本未提",
            f"no text was read of {len(of)} province-level region{plural} ({en}): "
            "no row does not mean that they do not state it",
        )


def _unread(engine: Engine, sources: str) -> Iterator[dict[str, str]]:
    table = Table.from_answer(engine.answer(UNREAD.format(sources=sources), JSON_RESULTS))
    for record in table.records():
        yield record | {"region": expand(record["region"])}
