"""Saved queries: one `.rq` file is the question, the query, its test, its form and its API.

The header is `#+` YAML, a strict superset of grlc's convention
(https://github.com/CLARIAH/grlc). Parameters are one-line `VALUES` blocks with their default
inside; a value is written as an RDF term, never pasted as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError
from pyoxigraph import Literal as Lit
from pyoxigraph import NamedNode

from kg.errors import Problem, QueryError, RecordsError, UsageError
from kg.fields import Key, Label, Record, Text, timespan
from kg.marks import parse_yaml, read_text
from kg.messages import nearest, problems_of
from kg.names import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.marks import Marked

__all__ = ["Catalogue", "Column", "Parameter", "SavedQuery", "read_query"]

View = Literal["table", "bar", "timeline", "map", "matrix", "network"]
Role = Literal["key", "label", "value", "evidence"]

VALUES: Final = r"VALUES\s+\?{name}\s*\{{[^{{}}\n]*\}}"
"""The one-line block of a parameter."""


class Parameter(Record):
    """A parameter: an IRI of a class, or a literal of a datatype."""

    type: Literal["iri", "literal"]
    class_: Annotated[Text | None, Field(alias="class")] = None
    datatype: Text | None = None
    default: Text | None = None
    label: Label
    many: bool = False
    optional: bool = False


class Column(Record):
    """A column of the answer."""

    label: Label
    role: Role


class Header(Record):
    """The header of a saved query; every other key is refused."""

    id: Key
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    summary: Text
    title: Label
    question: Label
    description: Text
    tags: tuple[Key, ...] = ()
    params: Annotated[dict[str, Parameter], Field(default_factory=dict)]
    columns: dict[str, Column]
    view: View = "table"
    expect: Text | None = None
    key: tuple[str, ...]
    order: Literal["set", "list"] = "set"
    min_rows: Annotated[int, Field(ge=0)] = 1


@dataclass(frozen=True)
class SavedQuery:
    """A saved query as read from its file."""

    path: Path
    header: Header
    sparql: str

    @property
    def id(self) -> str:
        """Its name on the command line and in URLs."""
        return self.header.id

    def bind(self, values: Mapping[str, Sequence[str]]) -> str:
        """Give the query with the `VALUES` blocks of some parameters rewritten.

        Args:
            values: parameter -> its terms in N-Triples syntax, as `term` makes them; no term
                at all binds an optional parameter to `UNDEF`.
        """

        def block(match: re.Match[str]) -> str:
            given = values.get(match["name"])
            if given is None:
                return match[0]
            return f"VALUES ?{match['name']} {{ {' '.join(given) or 'UNDEF'} }}"

        # One pass, so that no block is looked for inside a value that was just written.
        return re.sub(VALUES.format(name=r"(?P<name>\w+)"), block, self.sparql)

    def block(self, name: str) -> str:
        """Give what stands between the braces of a parameter's `VALUES` block."""
        match = re.search(VALUES.format(name=re.escape(name)), self.sparql)
        return match.group().partition("{")[2].removesuffix("}").strip() if match else ""

    def term(self, name: str, value: str) -> str:
        """Give a literal parameter's value as a term, checked against its datatype.

        Raises:
            UsageError: it is not a value of the datatype.
        """
        datatype = self.header.params[name].datatype or "xsd:string"
        try:
            return str(Lit(LEXICAL[datatype](value), datatype=NamedNode(expand(datatype))))
        except (KeyError, ValueError) as error:
            raise UsageError(
                f"参数 {name} 的值“{value}”不是 {datatype}",
                f"the value {value!r} of parameter {name} is no {datatype}",
            ) from error


def _boolean(value: str) -> str:
    if value not in {"true", "false"}:
        raise ValueError(value)
    return value


def _last_day(value: str) -> str:
    precision = {4: "year", 7: "month", 10: "day"}.get(len(value))
    if precision is None:
        raise ValueError(value)
    return timespan(value, precision).latest.isoformat()


LEXICAL: Final[dict[str, Callable[[str], str]]] = {
    "xsd:string": str,
    "xsd:boolean": _boolean,
    "xsd:integer": lambda value: str(int(value)),
    "xsd:date": _last_day,
}
"""Datatype -> how a given value becomes its lexical form; a date may be a year or month."""


def _split(text: str) -> tuple[str, str, int]:
    """Give the header's YAML, the query, and the number of lines before the header."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.startswith("#+")), 0)
    header = [line.removeprefix("#+").removeprefix(" ") for line in lines if line.startswith("#+")]
    body = [line for line in lines if not line.startswith("#+")]
    return "\n".join(header), "\n".join(body).strip() + "\n", first


def read_query(path: Path, file: str) -> SavedQuery:
    """Read a saved query.

    Raises:
        RecordsError: the header does not parse or is incomplete, a prefix is not declared,
            a parameter has no block; holds every problem.
    """
    text = read_text(path, file)
    header_text, sparql, before = _split(text)
    if not header_text:
        zh, en = "没有 #+ 开头的标头", "there is no header of #+ lines"
        raise RecordsError([Problem(file, 1, "", zh, en)])
    try:
        marked = parse_yaml(header_text, file)
        header = Header.model_validate(marked.value)
    except RecordsError as error:
        raise RecordsError(_below(before, error.problems)) from error
    except ValidationError as error:
        problems = problems_of(error, marked, (), "header", Header)
        raise RecordsError(_below(before, problems)) from error
    query = SavedQuery(path, header, sparql)
    wrong = _below(before, _check_header(query, marked))
    if wrong := [*wrong, *_check_prefixes(query, text, file)]:
        raise RecordsError(wrong)
    return query


def _below(lines: int, problems: Iterable[Problem]) -> list[Problem]:
    """Move problems of the header down by the lines that stand above it."""
    return [replace(problem, line=problem.line + lines) for problem in problems]


def _check_prefixes(query: SavedQuery, text: str, file: str) -> list[Problem]:
    problems: list[Problem] = []
    for match in re.finditer(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", query.sparql, re.IGNORECASE):
        prefix, iri = match.groups()
        if PREFIXES.get(prefix) != iri:
            line = text.count("\n", 0, text.find(match[0])) + 1
            zh = f"前缀应为 <{PREFIXES.get(prefix, '?')}>"
            problems.append(Problem(file, line, prefix, zh, f"a foreign prefix <{iri}>"))
    return problems


def _check_header(query: SavedQuery, marked: Marked) -> list[Problem]:
    problems: list[Problem] = []

    def problem(zh: str, en: str, *steps: str) -> None:
        problems.append(Problem(marked.file, marked.line(*steps), ".".join(steps), zh, en))

    for name, parameter in query.header.params.items():
        if not re.search(VALUES.format(name=re.escape(name)), query.sparql):
            zh = f"参数 {name} 没有单行的 VALUES ?{name} {{ … }}"
            en = f"the parameter {name} has no one-line VALUES ?{name} {{ … }}"
            problem(zh, en, "params", name)
        if (parameter.type == "iri") != (parameter.class_ is not None):
            problem(
                "iri 参数写 class，literal 参数写 datatype", "an iri has a class", "params", name
            )
        if parameter.datatype is not None and parameter.datatype not in LEXICAL:
            listed = " ".join(LEXICAL)
            zh, en = f"datatype 只能是：{listed}", f"the datatype is one of: {listed}"
            problem(zh, en, "params", name)
    for column in query.header.key:
        if column not in query.header.columns:
            problem(f"没有 {column} 这一列", f"no column {column!r}", "key")
    return problems


class Catalogue:
    """All saved queries of a folder, checks apart, by id."""

    def __init__(self, folder: Path) -> None:
        """Read every `.rq` file below the folder.

        Raises:
            RecordsError: a file is wrong, or two have one id; holds every problem.
        """
        self.queries: dict[str, SavedQuery] = {}
        problems: list[Problem] = []
        for path in sorted(folder.rglob("*.rq")):
            if path.name.endswith("-violation.rq"):
                continue
            file = f"queries/{path.relative_to(folder).as_posix()}"
            try:
                query = read_query(path, file)
            except RecordsError as error:
                problems += error.problems
                continue
            if query.id in self.queries:
                zh, en = f"id“{query.id}”已用过", f"the id {query.id!r} is used already"
                problems.append(Problem(file, 1, "id", zh, en))
            self.queries[query.id] = query
        if problems:
            raise RecordsError(problems)

    def get(self, name: str) -> SavedQuery:
        """Give a query by its id.

        Raises:
            QueryError: there is none of that id.
        """
        if name not in self.queries:
            meant = nearest(name, self.queries)
            zh = f"没有问题“{name}”" + (f"，是否想问 {meant}？" if meant else "")
            en = f"no question {name!r}" + (f", did you mean {meant}?" if meant else "")
            raise QueryError(zh, en)
        return self.queries[name]
