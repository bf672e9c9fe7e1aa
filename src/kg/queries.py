"""Saved queries: one `.rq` file is the question, the query, its test, its form and its API.

The header is `#+` YAML, a strict superset of grlc's convention
(https://github.com/CLARIAH/grlc). Parameters are one-line `VALUES` blocks with their default
inside; a value is written as an RDF term, never pasted as text.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError
from pyoxigraph import Literal as Lit
from pyoxigraph import NamedNode

from kg.errors import Problem, QuestionsError, RecordsError, UsageError, clipped
from kg.fields import Key, Label, Record, Text, timespan
from kg.lookup import CLASSES
from kg.marks import header_of, parse_yaml, read_text
from kg.messages import nearest, problems_of
from kg.names import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.marks import Marked

__all__ = ["Column", "Header", "Parameter", "SavedQuery", "read_query"]

View = Literal["table", "bar", "timeline", "map", "matrix", "network"]
Role = Literal["key", "label", "value", "evidence"]

VALUES: Final = r"VALUES\s+\?{name}\s*\{{[^{{}}\n]*\}}"
"""The one-line block of a parameter."""


class Parameter(Record):
    """A parameter: an IRI of a class (or a value of a closed list), or a literal of a datatype.

    `example` is another value than the default, as a reader would give it: forms show it, and
    the tests hold it to change the answer.
    """

    type: Literal["iri", "literal"]
    class_: Annotated[Text | None, Field(alias="class")] = None
    scheme: Text | None = None
    datatype: Text | None = None
    default: Text | None = None
    example: Text
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
    text: str

    @property
    def sha256(self) -> str:
        """The checksum of its file."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def id(self) -> str:
        """Its name on the command line and in URLs."""
        return self.header.id

    @property
    def title(self) -> dict[str, str]:
        """Its title by language."""
        return {"zh": self.header.title.zh, "en": self.header.title.en}

    @property
    def subject(self) -> str:
        """The folder that it stands in."""
        return self.path.parent.name

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

    def blocks(self, name: str) -> list[str]:
        """Give what stands between the braces of each of a parameter's `VALUES` blocks."""
        found = re.findall(VALUES.format(name=re.escape(name)), self.sparql)
        return [block.partition("{")[2].removesuffix("}").strip() for block in found]

    def no_parameter(self, name: str) -> UsageError:
        """Say that there is no such parameter, and which there are."""
        name, names = clipped(name), list(self.header.params)
        meant = nearest(name, names)
        listed = " ".join(names)
        zh, en = f"问题 {self.id} 没有参数 {name}", f"{self.id} has no parameter {name}"
        if meant:
            return UsageError(f"{zh}，是否想写 {meant}？", f"{en}, did you mean {meant}?")
        return UsageError(
            f"{zh}，有：{listed or '无'}",
            f"{en}; it has: {listed}" if names else f"{en}: it has none",
        )

    def term(self, name: str, value: str) -> str:
        """Give a literal parameter's value as a term, checked against its datatype.

        Raises:
            UsageError: it is not a value of the datatype.
        """
        datatype = self.header.params[name].datatype or "xsd:string"
        try:
            return str(Lit(LEXICAL[datatype](value), datatype=NamedNode(expand(datatype))))
        except (KeyError, ValueError) as error:
            hint_zh, hint_en = WRITTEN.get(datatype, ("", ""))
            raise UsageError(
                f"参数 {name} 的值“{clipped(value)}”不是 {datatype}{hint_zh}",
                f"the value “{clipped(value)}” of parameter {name} is no {datatype}{hint_en}",
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


WRITTEN: Final = {
    "xsd:boolean": ("：写 true 或 false", ": write true or false"),
    "xsd:integer": ("：写整数，如 3", ": write a whole number such as 3"),
    "xsd:date": ("：写 2022、2022-08 或 2022-08-31", ": write 2022, 2022-08 or 2022-08-31"),
}
"""Datatype -> how a value is written, in Chinese and English."""


def _split(text: str) -> tuple[str, str, int]:
    """Give the header's YAML, the query, and the number of lines before the header."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.startswith("#+")), 0)
    body = [line for line in lines if not line.startswith("#+")]
    return header_of(text), "\n".join(body).strip() + "\n", first


def read_query(path: Path, file: str) -> SavedQuery:
    """Read a saved query.

    Raises:
        QuestionsError: the header does not parse or is incomplete, a prefix is not declared,
            a parameter has no block; holds every problem.
    """
    try:
        text = read_text(path, file)
    except RecordsError as error:
        raise QuestionsError(error.problems) from error
    header_text, sparql, before = _split(text)
    if not header_text:
        zh, en = "没有 #+ 开头的标头", "there is no header of #+ lines"
        raise QuestionsError([Problem(file, 1, "", zh, en)])
    try:
        marked = parse_yaml(header_text, file)
        header = Header.model_validate(marked.value)
    except RecordsError as error:
        raise QuestionsError(_below(before, _full_width(error.problems, text))) from error
    except ValidationError as error:
        problems = _full_width(problems_of(error, marked, (), "header", Header), text)
        raise QuestionsError(_below(before, problems)) from error
    query = SavedQuery(path, header, sparql, text)
    wrong = _below(before, _check_header(query, marked))
    if wrong := [*wrong, *_check_prefixes(query, text, file)]:
        raise QuestionsError(wrong)
    return query


def _full_width(problems: Iterable[Problem], text: str) -> list[Problem]:
    """Say so where a header that does not parse holds a Chinese colon outside of quotes."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.split("\n") if line.startswith("#+")]
    if not any(re.search("[：，｛｝［］]", line) for line in lines):
        return list(problems)
    zh = '冒号、逗号、括号请用半角：key: {zh: "…", en: "…"}'
    en = 'write colons, commas and brackets in half width: key: {zh: "…", en: "…"}'
    return [replace(problem, hint_zh=zh, hint_en=en) for problem in problems]


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

    header = query.header
    if query.path.stem != query.id:
        zh, en = f"文件名应为 {query.id}.rq", f"the file should be called {query.id}.rq"
        problem(zh, en, "id")
    for name, parameter in header.params.items():
        for zh, en in _faults(query, name, parameter):
            problem(zh, en, "params", name)
    for column in header.key:
        if column not in header.columns:
            problem(f"没有 {column} 这一列", f"no column {column!r}", "key")
    for column, label in _single_labels(header.columns):
        problem(f"缺少 {label} 列", f"the column {label} is missing", "columns", column)
    return problems


def _single_labels(columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each column that has a label in one language only, and the label that is missing."""
    have = set(columns)
    for column in columns:
        missing = {f"{column}Label", f"{column}LabelEn"} - have
        if len(missing) == 1:
            yield column, missing.pop()


def _faults(query: SavedQuery, name: str, parameter: Parameter) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a parameter, in both languages."""
    if not re.search(VALUES.format(name=re.escape(name)), query.sparql):
        yield (
            f"参数 {name} 没有单行的 VALUES ?{name} {{ … }}",
            f"the parameter {name} has no one-line VALUES ?{name} {{ … }}",
        )
    if (parameter.type == "iri") != (parameter.class_ is not None):
        yield "iri 参数写 class，literal 参数写 datatype", "an iri has a class"
    if (parameter.class_ == "kg:Value") != (parameter.scheme is not None):
        yield "class 为 kg:Value 时写 scheme", "a kg:Value has the scheme that lists it"
    if parameter.class_ is not None and parameter.class_ not in CLASSES:
        listed = " ".join(CLASSES)
        yield f"class 只能是：{listed}", f"the class is one of: {listed}"
    if parameter.datatype is not None and parameter.datatype not in LEXICAL:
        listed = " ".join(LEXICAL)
        yield f"datatype 只能是：{listed}", f"the datatype is one of: {listed}"
