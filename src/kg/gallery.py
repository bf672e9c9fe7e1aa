"""The list of saved questions as text: on a terminal, and as the page `docs/questions.md`."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.catalogue import Catalogue
    from kg.queries import SavedQuery

__all__ = ["command", "to_help", "to_page", "to_text"]


def command(query: SavedQuery) -> str:
    """Give the command that asks a question with the example of each parameter."""
    params = (
        f" -p {shlex.quote(f'{name}={parameter.example}')}"
        for name, parameter in query.header.params.items()
    )
    return f"kg ask {query.id}{''.join(params)}"


def to_text(catalogue: Catalogue, language: str) -> str:
    """Give all questions by subject, and those that no query answers yet.

    Args:
        catalogue: the questions.
        language: `zh` or `en`.
    """
    contents = catalogue.contents()
    lines: list[str] = []
    for subject, queries in _by_subject(catalogue):
        known = contents.subjects.get(subject)
        lines += ["", getattr(known.label, language) if known else subject]
        if known and known.for_programs:
            lines += [_counted(known.for_programs, len(queries), language)]
            continue
        for query in queries:
            lines += [f"  {getattr(query.header.question, language)}", f"    {command(query)}"]
    gaps = [item for item in contents.competency if not item.answered_by]
    if gaps:
        lines += ["", "尚无查询" if language == "zh" else "No query yet"]
        lines += [f"  {getattr(gap.question, language)}" for gap in gaps]
    return "\n".join(lines).strip() + "\n"


def _counted(program: str, number: int, language: str) -> str:
    """Tell on one line of questions that feed another command."""
    told = {
        "zh": f"  另有 {number} 个问题供 kg {program} 之用，见 kg ask --list -f md",
        "en": f"  {number} more questions feed kg {program}; see kg ask --list -f md",
    }
    return told[language]


def to_help(query: SavedQuery) -> str:
    """Tell of one question on a terminal: what it asks, its parameters, and an example."""
    header = query.header
    lines = [f"{query.id} {header.version}", f"  {header.question.zh}", f"  {header.question.en}"]
    for name, parameter in header.params.items():
        traits = [
            parameter.class_ or parameter.datatype or "",
            "可写多个 several" if parameter.many else "",
            f"默认 default {parameter.default}" if parameter.default else "可不写 optional",
        ]
        told = " · ".join(filter(None, traits))
        lines.append(f"  -p {name}=…  {parameter.label.zh} {parameter.label.en} · {told}")
    return "\n".join([*lines, "", f"  {command(query)}"]) + "\n"


def to_page(catalogue: Catalogue) -> str:
    """Give the page of all questions in Markdown, in both languages."""
    contents = catalogue.contents()
    lines = [
        "# Questions · 问题",
        "",
        "Written by `kg ask --list -f md`. 由 `kg ask --list -f md` 写出。",
        "",
        "## What researchers ask · 研究者要问的",
        "",
        "| | |",
        "|---|---|",
    ]
    for item in contents.competency:
        answers = ", ".join(f"[{name}](#{name})" for name in item.answered_by)
        asked = f"{item.question.zh}<br>{item.question.en}"
        lines.append(f"| {asked} | {answers or '尚无查询 · no query yet'} |")
    for subject, queries in _by_subject(catalogue):
        known = contents.subjects.get(subject)
        lines += ["", f"## {f'{known.label.en} · {known.label.zh}' if known else subject}"]
        for query in queries:
            lines += ["", *_entry(query)]
    return "\n".join(lines) + "\n"


def _by_subject(catalogue: Catalogue) -> Iterator[tuple[str, list[SavedQuery]]]:
    for subject, queries in groupby(catalogue.queries(), lambda query: query.subject):
        yield subject, list(queries)


def _entry(query: SavedQuery) -> Iterator[str]:
    header = query.header
    yield f"### {query.id}"
    yield ""
    yield f"{header.question.zh}  "
    yield f"{header.question.en}"
    yield ""
    yield header.description
    yield ""
    yield "```sh"
    yield command(query)
    yield "```"
    if header.params:
        yield ""
        yield "| parameter 参数 | | default 默认 | example 例 |"
        yield "|---|---|---|---|"
        for name, parameter in header.params.items():
            label = f"{parameter.label.zh} {parameter.label.en}"
            yield f"| `{name}` | {label} | `{parameter.default or '—'}` | `{parameter.example}` |"
    yield ""
    columns = (
        f"`{name}` {column.label.zh}"
        for name, column in header.columns.items()
        if column.role != "label"
    )
    yield f"Columns 列: {' · '.join(columns)}"
