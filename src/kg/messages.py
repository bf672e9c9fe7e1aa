"""Turns pydantic's errors into problems in Chinese and English, with the nearest right word."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final, get_args, get_origin

from pydantic import BaseModel

from kg.errors import Problem
from kg.names import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from kg.marks import Location, Marked

__all__ = ["nearest", "problems_of"]

TYPES: Final[dict[str, tuple[str, str]]] = {
    "missing": ("缺少必填字段", "a required field is missing"),
    "string_type": ("应为文字（加引号）", "should be text (in quotation marks)"),
    "int_type": ("应为整数", "should be a whole number"),
    "bool_type": ("应为 true 或 false", "should be true or false"),
    "tuple_type": ("应为列表", "should be a list"),
    "dict_type": ("应为“键: 值”", "should be a mapping"),
    "model_type": ("应为“键: 值”", "should be a mapping"),
    "model_attributes_type": ("应为“键: 值”", "should be a mapping"),
    "finite_number": ("数值太大", "the number is too large"),
    "is_instance_of": ("应为数字，不加引号和 %", "should be a plain number, no quotes, no %"),
    "decimal_type": ("应为数字，不加引号和 %", "should be a plain number, no quotes, no %"),
    "string_too_short": ("不能为空", "must not be empty"),
    "too_short": ("项目太少", "too few items"),
    "too_long": ("项目太多", "too many items"),
    "greater_than_equal": ("数值太小", "the number is too small"),
    "date_type": ("应为日期，如 2021-03-31", "should be a day like 2021-03-31"),
}


SHAPES: Final[dict[str, tuple[str, str]]] = {
    f"^{KEY.pattern}$": (
        "写代号：小写字母、数字、连字符；已有的可用 kg show 名称 查到",
        "write a key: lower-case letters, digits, hyphens; `kg show NAME` finds those that exist",
    ),
    r"^[a-z0-9]+(?: [a-z0-9]+)*$": (
        "小写，不标声调，音节之间空一格：gan fu tong",
        "lower case, no tone marks, a blank between syllables: gan fu tong",
    ),
    "^[0-9a-f]{64}$": ("运行 kg source pin 来填写", "run kg source pin to fill it in"),
}
"""Pattern -> what a well-formed value looks like."""


def nearest(word: str, words: Iterable[str], cutoff: float = 0.6) -> str:
    """Give the word that was probably meant, or nothing.

    >>> nearest("strenght", ["strength", "stage"])
    'strength'
    """
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=cutoff)), "")


def _meant(word: str) -> tuple[str, str]:
    return (f"是否想写 {word}？", f"did you mean {word}?") if word else ("", "")


def _literal(error: ErrorDetails) -> tuple[str, str, str, str]:
    expected = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    options = [option.strip() for option in expected.split(",")]
    given = str(error["input"])
    zh, en = _meant(nearest(given, options))
    listed = " ".join(options)
    return (
        f"“{given}”不在可选值中",
        f"{given!r} is not one of the values",
        f"{zh}可选：{listed}",
        f"{en} values: {listed}".strip(),
    )


def _said(error: ErrorDetails, fields: Iterable[str]) -> tuple[str, str, str, str]:
    kind = error["type"]
    ctx: Mapping[str, str] = error.get("ctx") or {}
    if "zh" in ctx:
        return ctx["zh"], ctx["en"], ctx["hint_zh"], ctx["hint_en"]
    if kind == "extra_forbidden":
        name = str(error["loc"][-1])
        return f"没有“{name}”这个字段", f"no field {name!r}", *_meant(nearest(name, fields))
    if kind == "literal_error":
        return _literal(error)
    if kind == "string_pattern_mismatch":
        hint = SHAPES.get(ctx["pattern"], (ctx["pattern"], ctx["pattern"]))
        return f"“{error['input']}”的写法不对", f"{error['input']!r} is malformed", *hint
    zh, en = TYPES.get(kind, (error["msg"], error["msg"]))
    return zh, en, "", ""


def _models(annotation: object) -> list[type[BaseModel]]:
    """Give the records that a field may hold, however they are wrapped."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for inner in get_args(annotation) for model in _models(inner)]


def _named(model: type[BaseModel]) -> dict[str, object]:
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def _fields_at(record: type[BaseModel], steps: Location) -> list[str]:
    """Give the fields of the records that may stand at a place inside of a record."""
    models = [record]
    for step in steps:
        if branch := [model for model in models if model.__name__ == step]:
            models = branch
        elif inside := [fields for model in models if step in (fields := _named(model))]:
            models = [inner for fields in inside for inner in _models(fields[str(step)])]
    return [field for model in models for field in _named(model)]


def _location(error: ErrorDetails) -> Location:
    steps = error["loc"]
    return tuple(
        step
        for step in steps
        if not (isinstance(step, str) and (step[:1].isupper() or step.startswith("literal[")))
    )


def _of_other_branch(error: ErrorDetails) -> bool:
    """Tell whether it misses a word where a mapping was meant, or a mapping where a word was."""
    step, given = str(error["loc"][-1]) if error["loc"] else "", error["input"]
    if step.startswith("literal["):
        return isinstance(given, dict)
    return step[:1].isupper() and error["type"] == "model_type" and isinstance(given, str)


def problems_of(
    error: ValidationError,
    marked: Marked,
    at: Location,
    name: str,
    fields: type[BaseModel] | Iterable[str],
) -> list[Problem]:
    """Give a problem for each thing that is wrong with one record, at its line.

    Args:
        error: what pydantic found.
        marked: the file.
        at: where the record stands in the file.
        name: the record's key or place, to put before the field's name.
        fields: the record's class, for words that were meant in nested records too; or only
            the names of the fields that the record itself may have.
    """
    found: dict[tuple[int, str], Problem] = {}
    for detail in error.errors(include_url=False):
        if _of_other_branch(detail):
            continue
        location = _location(detail)
        field = ".".join(map(str, (name, *location) if name else location))
        line = marked.line(*at, *location)
        known = _fields_at(fields, detail["loc"][:-1]) if isinstance(fields, type) else fields
        zh, en, hint_zh, hint_en = _said(detail, known)
        problem = Problem(marked.file, line, field, zh, en, hint_zh, hint_en, detail["type"])
        found.setdefault((line, field), problem)
    return list(found.values())
