"""What pydantic finds is told in both languages, at its line, with the word that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from kg.marks import parse_yaml
from kg.messages import TYPES, nearest, problems_of
from kg.records import Target

if TYPE_CHECKING:
    from kg.errors import Problem

TARGET = """\
key: hebei-x
kind: target
quote: "政务云"
label: {zh: "政务云", en: "Government cloud"}
strength: commit
quantities:
  - wording: "95%"
    indicator: {zh: "比例", en: "Share"}
    value: 95
    unit: percent
    comparator: gte
    of: {zh: "政务云", en: "Government cloud"}
themes: [data]
"""


def told(old: str, new: str) -> list[Problem]:
    """Give the problems of a target after one change."""
    assert TARGET.count(old) == 1
    marked = parse_yaml(TARGET.replace(old, new), "f.yaml")
    with pytest.raises(ValidationError) as caught:
        Target.model_validate(marked.value)
    return problems_of(caught.value, marked, (), "hebei-x", Target)


def test_the_nearest_word_is_meant() -> None:
    """A slip of the finger finds its word."""
    assert nearest("advanse", ["explore", "advance", "binding"]) == "advance"


@pytest.mark.parametrize("words", [[], ["commit", "explore"]])
def test_nothing_is_meant_by_a_word_far_from_all(words: list[str]) -> None:
    """No suggestion is better than a wild one."""
    assert nearest("数据", words) == ""


def test_a_misspelt_field_asks_for_the_right_one() -> None:
    """The line is that of the misspelt field; the missing one is told at the record's."""
    missing, unknown = sorted(told("strength:", "strenght:"))
    assert (unknown.line, unknown.field) == (5, "hebei-x.strenght")
    assert unknown.hint_en == "did you mean strength?"
    assert (missing.line, missing.field) == (1, "hebei-x.strength")
    assert missing.en == "a required field is missing"


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("comparator: gte", "comparater: gte", "comparator"),
        ('of: {zh: "政务云", en', 'of: {zh: "政务云", eng', "en"),
    ],
)
def test_a_misspelt_field_of_a_nested_record_asks_for_one_of_its_own(
    old: str, new: str, meant: str
) -> None:
    """The fields offered are those of the record in which the misspelt one stands."""
    (unknown,) = (problem for problem in told(old, new) if problem.code == "extra_forbidden")
    assert unknown.hint_en == f"did you mean {meant}?"


def test_a_misspelt_value_asks_for_the_right_one_and_lists_all() -> None:
    """Both hints stand in both languages."""
    (problem,) = told("strength: commit", "strength: comit")
    assert problem.line == 5
    assert problem.hint_en == "did you mean commit? values: binding commit advance explore"
    assert problem.hint_zh == "是否想写 commit？可选：binding commit advance explore"


def test_a_value_far_from_all_lists_them() -> None:
    """Without a suggestion the list stands alone."""
    (problem,) = told("strength: commit", "strength: 强")
    assert problem.hint_en == "values: binding commit advance explore"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "word"),
    [
        ('quote: "政务云"', "quote: 3", 3, "quote", "mapping"),
        ('quote: "政务云"', 'quote: ""', 3, "quote.exact", "must not be empty"),
        ('quote: "政务云"', 'quote: {exact: "x", nth: 0}', 3, "quote.nth", "too small"),
        ('quote: "政务云"', 'quote: {exact: "x", nth: "1"}', 3, "quote.nth", "whole number"),
        ('zh: "政务云", en: "Government cloud"}\ns', 'zh: "云"}\ns', 4, "label.en", "missing"),
        ('label: {zh: "政务云", en: "Government cloud"}', "label: 云", 4, "label", "mapping"),
        ("value: 95", 'value: "95"', 9, "quantities.0.value", "plain number"),
        ("value: 95", "value: 1e999999", 9, "quantities.0.value", "too large"),
        ("value: 95", "value: -95", 9, "quantities.0.value", "too small"),
        ("value: 95", "value: 400", 7, "quantities.0", "a share of 400 percent"),
        ("themes: [data]", "themes: data", 13, "themes", "a list"),
        ("themes: [data]", "themes: []", 13, "themes", "too few"),
        ("themes: [data]", "themes: [data, reform, data, reform]", 13, "themes", "too many"),
        ("themes: [data]", "themes: [data, data]", 13, "themes", "twice"),
        ("themes: [data]", "themes: [data, 4]", 13, "themes.1", "'4' is not one of"),
        ("key: hebei-x", "key: Hebei", 1, "key", "malformed"),
        ("key: hebei-x", "key: 2021", 1, "key", "in quotation marks"),
        ("strength: commit", "strength:", 5, "strength", "not one of the values"),
    ],
)
def test_a_mistake_is_one_problem_at_its_line(
    old: str, new: str, line: int, field: str, word: str
) -> None:
    """One thing wrong gives one message, with the path of the field."""
    (problem,) = told(old, new)
    assert (problem.line, problem.field) == (line, f"hebei-x.{field}")
    assert word in problem.en


def test_half_a_label_in_the_place_of_a_word_is_a_half_label() -> None:
    """`of` may be a word or a label; a label that lacks its English is told just that."""
    (problem,) = told('of: {zh: "政务云", en: "Government cloud"}', 'of: {zh: "政务云"}')
    assert (problem.line, problem.field) == (12, "hebei-x.quantities.0.of.en")


def test_a_misspelt_word_in_the_place_of_a_label_is_a_misspelt_word() -> None:
    """`of` may be a word or a label; a word is compared with the word."""
    (problem,) = told('of: {zh: "政务云", en: "Government cloud"}', "of: not-statd")
    assert "did you mean not-stated?" in problem.hint_en


def test_several_mistakes_are_several_problems() -> None:
    """None hides another."""
    found = told('indicator: {zh: "比例", en: "Share"}\n    value: 95', "value: x")
    assert [problem.field for problem in sorted(found)] == [
        "hebei-x.quantities.0.indicator",
        "hebei-x.quantities.0.value",
    ]


def test_two_mistakes_on_a_line_are_two_problems() -> None:
    """Each has its field."""
    found = told('label: {zh: "政务云", en: "Government cloud"}\ns', 'label: {zh: "", en: 3}\ns')
    assert [(p.line, p.field) for p in sorted(found)] == [
        (4, "hebei-x.label.en"),
        (4, "hebei-x.label.zh"),
    ]


def test_a_record_without_a_name_has_no_dot_before_its_fields() -> None:
    """Where the key itself is missing, the path begins with the field."""
    marked = parse_yaml("x: 1\n", "f.yaml")
    with pytest.raises(ValidationError) as caught:
        Target.model_validate(marked.value)
    assert all(not p.field.startswith(".") for p in problems_of(caught.value, marked, (), "", []))


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_message_is_in_both_languages(kind: str) -> None:
    """Chinese characters on one side, none on the other."""
    zh, en = TYPES[kind]
    assert any("一" <= char <= "鿿" for char in zh)
    assert en.isascii()
