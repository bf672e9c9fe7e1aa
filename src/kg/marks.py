r"""YAML and CSV read with line marks: plain values, and the line on which each stands.

Scalars follow the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema), with
dates left as strings. Anchors, aliases, tags, duplicate keys, tabs, byte-order marks and line
ends other than `\n` are refused. A file that cannot be read gives one problem.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

import yaml

from kg.errors import Problem, RecordsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "Location",
    "Marked",
    "Value",
    "header_of",
    "parse_yaml",
    "read_csv",
    "read_text",
    "read_yaml",
]

Scalar: TypeAlias = str | int | bool | Decimal | None
Value: TypeAlias = "Scalar | dict[str, Value] | tuple[Value, ...]"
Location: TypeAlias = tuple[str | int, ...]

MAX_BYTES: Final = 8_000_000
MAX_DEPTH: Final = 12

NULL: Final = re.compile(r"~|null|Null|NULL|")
BOOLEAN: Final = re.compile(r"true|True|TRUE|false|False|FALSE")
INTEGER: Final = re.compile(r"[-+]?[0-9]+")
DECIMAL: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
NEITHER_BLANK_NOR_LINE_END: Final = re.compile("[\t\x85\u2028\u2029]")
"""What YAML takes for a blank or a line end, and editors do not: lines would be miscounted."""


@dataclass(frozen=True)
class Marked:
    """The value of a whole file, and the line (from 1) of each path into it."""

    file: str
    value: Value
    lines: dict[Location, int]

    def line(self, *path: str | int) -> int:
        """Give the line of a path, or of its nearest ancestor that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def _refuse(file: str, line: int, zh: str, en: str, hint: tuple[str, str] = ("", "")) -> NoReturn:
    raise RecordsError([Problem(file, line, "", zh, en, *hint, code="unreadable")])


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _line_of(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _undecodable(file: str, data: bytes, at: int) -> NoReturn:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        hint = ("请用 UTF-8 重新保存", "save it again as UTF-8")
    else:
        hint = (
            "看来是 GB18030/GBK 编码，请转为 UTF-8: iconv -f GB18030 -t UTF-8",
            "it looks like GB18030/GBK; convert it: iconv -f GB18030 -t UTF-8",
        )
    _refuse(file, _line_of(data, at), "不是 UTF-8 编码", "not UTF-8", hint)


def read_text(path: Path, file: str) -> str:
    """Read a curated file as UTF-8 with plain line ends.

    Raises:
        RecordsError: missing, empty, too large, not UTF-8, with a BOM or with CR line ends.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        zh, en = f"无法读取：{reason}", f"cannot be read: {reason}"
        raise RecordsError([Problem(file, 1, "", zh, en, code="unreadable")]) from error
    if not data.strip():
        hint = ("写入内容或删除它", "fill it or delete it")
        _refuse(file, 1, "文件是空的", "the file is empty", hint)
    if len(data) > MAX_BYTES:
        _refuse(file, 1, f"文件超过 {MAX_BYTES} 字节", f"the file is over {MAX_BYTES} bytes")
    if data.startswith(b"\xef\xbb\xbf"):
        hint = ("存为无 BOM 的 UTF-8", "save it as UTF-8 without one")
        _refuse(file, 1, "文件开头有 BOM", "the file starts with a byte-order mark", hint)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _undecodable(file, data, error.start)
    if "\r" in text:
        line = _line_of(data, data.index(b"\r"))
        hint = ("在编辑器中改为 LF（\\n）", "set the editor to LF (\\n)")
        _refuse(file, line, "换行不是 LF（发现 CR）", "a line end that is not LF (found CR)", hint)
    return text


def _scalar(text: str, *, plain: bool) -> Scalar:
    if not plain:
        return text
    if NULL.fullmatch(text):
        return None
    if BOOLEAN.fullmatch(text):
        return text.lower() == "true"
    try:
        if INTEGER.fullmatch(text):
            return int(text)
        return Decimal(text) if DECIMAL.fullmatch(text) else text
    except (ValueError, InvalidOperation):  # too many digits for a number: the field refuses it
        return text


class _Builder:
    """Builds values from YAML events, one pass, nothing shared and nothing expanded."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.file = file
        self.events = events
        self.lines: dict[Location, int] = {}

    def next(self) -> yaml.Event:
        event = next(self.events)
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            hint = ("把内容直接写出来", "write the content out")
            zh, en = "不允许锚点与别名（& *）", "anchors and aliases (& *) are not allowed"
            _refuse(self.file, line, zh, en, hint)
        if getattr(event, "tag", None):
            _refuse(self.file, line, "不允许标签（!）", "tags (!) are not allowed")
        return event

    def value(self, event: yaml.Event, path: Location) -> Value:
        self.lines.setdefault(path, _line(event))
        if len(path) > MAX_DEPTH:
            line = _line(event)
            _refuse(self.file, line, f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH}")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        return _scalar(event.value, plain=event.implicit[0])  # type: ignore[attr-defined]

    def sequence(self, path: Location) -> tuple[Value, ...]:
        items: list[Value] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return tuple(items)

    def mapping(self, path: Location) -> dict[str, Value]:
        items: dict[str, Value] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                _refuse(self.file, line, "键必须是文字", "a key must be a word")
            key: str = event.value
            if key != key.strip():  # a full-width blank is a character like any other to YAML
                hint = ("缩进用半角空格，不用全角", "indent with ASCII blanks")
                _refuse(self.file, line, "键前后有全角空格", "full-width blanks around a key", hint)
            if key in items:
                first = self.lines[(*path, key)]
                hint = (f"第 {first} 行已有", f"line {first} has it already")
                _refuse(self.file, line, f"键重复：{key}", f"duplicate key {key}", hint)
            self.lines[(*path, key)] = line
            items[key] = self.value(self.next(), (*path, key))
        return items


def _events(text: str) -> Iterator[yaml.Event]:
    skip = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if not isinstance(event, skip):
            yield event


def _way_out(rows: list[str]) -> tuple[str, str]:
    """Guess from the line and the one before what a curator should mend."""
    if any(re.match(r"[\s-]*\w+：", row) for row in rows):
        return "键后面用半角冒号加空格", "a key ends with an ASCII colon and a blank"
    return (
        "查看这一行和上一行的缩进、引号与冒号",
        "look at indent, quotes and colons of this line and the one before",
    )


def _unparsable(file: str, text: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark and mark.line > text.rstrip().count("\n"):  # the file ends inside something: where?
        mark = getattr(error, "context_mark", None) or mark
    at = getattr(error, "position", 0)  # in bytes, while marks count lines
    line = mark.line + 1 if mark else _line_of(text.encode(), at)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    hint = _way_out(text.split("\n")[max(0, line - 2) : line])
    return Problem(
        file, line, "", f"YAML 无法解析：{said}", f"not YAML: {said}", *hint, code="unreadable"
    )


def read_yaml(path: Path, file: str) -> Marked:
    """Read a YAML file into plain values with their lines.

    Args:
        path: where it lies.
        file: the name that problems give it.

    Raises:
        RecordsError: with one problem, if the file cannot be read as a whole.
    """
    return parse_yaml(read_text(path, file), file)


def parse_yaml(text: str, file: str) -> Marked:
    """Parse YAML text into plain values with their lines; see `read_yaml`."""
    if found := NEITHER_BLANK_NOR_LINE_END.search(text):
        line, code = text.count("\n", 0, found.start()) + 1, f"U+{ord(found.group()):04X}"
        zh, en = f"不允许制表符与特殊换行符（{code}）", f"a tab or an odd line end ({code})"
        _refuse(file, line, zh, en, ("改用空格", "use blanks"))
    try:
        builder = _Builder(file, _events(text))
        event = builder.next()
        if isinstance(event, yaml.StreamEndEvent):
            _refuse(file, 1, "文件只有注释", "the file holds only comments")
        value = builder.value(event, ())
        if not isinstance(after := builder.next(), yaml.StreamEndEvent):
            _refuse(
                file, _line(after), "一个文件只能有一个 YAML 文档", "only one YAML document a file"
            )
    except yaml.YAMLError as error:
        raise RecordsError([_unparsable(file, text, error)]) from error
    return Marked(file, value, builder.lines)


def read_csv(path: Path, file: str, columns: tuple[str, ...]) -> Marked:
    """Read a CSV file with exactly the given columns; empty cells are left out of their row.

    Raises:
        RecordsError: with one problem, if the file cannot be read or its head is another one.
    """
    reader = csv.DictReader(io.StringIO(read_text(path, file), newline=""), strict=True)
    rows: list[Value] = []
    lines: dict[Location, int] = {(): 1}
    try:
        head = tuple(reader.fieldnames or ())
        if head != columns:
            wrong = sorted(set(head) ^ set(columns)) or list(head)
            hint = (f"应为 {','.join(columns)}", f"expected {','.join(columns)}")
            _refuse(file, 1, f"表头不对：{wrong}", f"wrong columns: {wrong}", hint)
        for row in reader:
            line = reader.line_num
            lines[(len(rows),)] = line
            if None in row or None in row.values():
                hint = (f"应有 {len(columns)} 格", f"{len(columns)} cells expected")
                _refuse(file, line, "这一行的格数不对", "the wrong number of cells", hint)
            rows.append({key: cell for key, cell in row.items() if cell})
    except csv.Error as error:
        _refuse(file, reader.line_num + 1, f"CSV 无法解析：{error}", f"not CSV: {error}")
    return Marked(file, tuple(rows), lines)


def header_of(text: str) -> str:
    r"""Give the YAML in the lines of a text that begin with `#+`.

    >>> header_of("#+ id: a\nASK {}")
    'id: a'
    """
    lines = (line for line in text.split("\n") if line.startswith("#+"))
    return "\n".join(line.removeprefix("#+").removeprefix(" ") for line in lines)
