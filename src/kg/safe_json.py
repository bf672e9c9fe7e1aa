"""JSON that is the same wherever it is put: in a page, in a log, before a reader's eyes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from kg.names import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DIGITS", "bare", "dumped", "line"]

UNSAFE: Final = re.compile(
    "[<\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""What begins a tag of HTML, and what cannot be seen or turns text around, if JSON lets it be."""

INTEGER: Final = f"{PREFIXES['xsd']}integer"
BOOLEAN: Final = f"{PREFIXES['xsd']}boolean"

DIGITS: Final = 15
"""Signs of numbers that every reader of JSON tells apart."""


def dumped(document: Mapping[str, Any]) -> bytes:
    r"""Write an object as JSON: a line for each member, and for each item of a member's list.

    >>> dumped({"a": ["</script>", "b\u202e"]}).decode()
    '{\n"a": [\n"\\u003c/script>",\n"b\\u202e"\n]\n}\n'
    """
    members = (f"{json.dumps(name)}: {_value(value)}" for name, value in document.items())
    text = "{\n" + ",\n".join(members) + "\n}\n"
    return UNSAFE.sub(_escaped, text).encode()


def line(value: object) -> bytes:
    r"""Write a value as JSON on one line, without its end.

    >>> line({"a": ["<b>", 1]}).decode()
    '{"a": ["\\u003cb>", 1]}'
    """
    return UNSAFE.sub(_escaped, _line(value)).encode()


def bare(value: str, datatype: str) -> str | int | bool | None:
    """Give a literal as JSON has it; nothing if it would not be the same when it is read back.

    >>> bare("12", INTEGER), bare("012", INTEGER), bare("true", BOOLEAN), bare("12", "")
    (12, None, True, '12')
    """
    if datatype == INTEGER:
        plain = value.removeprefix("-").isdecimal() and len(value) <= DIGITS
        return int(value) if plain and str(int(value)) == value else None
    if datatype == BOOLEAN:
        return {"true": True, "false": False}.get(value)
    return value


def _value(value: object) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(_line, value)) + "\n]"
    return _line(value)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _escaped(found: re.Match[str]) -> str:
    return "\\u003c" if found[0] == "<" else json.dumps(found[0])[1:-1]
