"""One function turns any record into triples, by the properties that its fields name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.fields import Label, Node, Property, Record
from kg.names import expand
from kg.things import Alternatives
from kg.triples import iri, record_triples, terms, triple

SUBJECT = "https://w3id.org/dgkg/id/claim/x"
LABEL = Label(zh="政务云", en="Government cloud")


class Inner(Record):
    """A record inside of another."""

    types: ClassVar = ("kg:Quantity",)
    wording: Annotated[str, Property("kg:wording", "zh")]


class Outer(Record):
    """A record with a property, without one, and with records inside."""

    types: ClassVar = ("kg:Claim", "prov:Entity")
    label: Annotated[Label, Property("skos:prefLabel", "text")] = LABEL
    silent: str = "nothing"
    verb: Annotated[str | None, Property("kg:verb", "zh")] = None
    where: Annotated[tuple[str, ...], Property("kg:where", "key:region")] = ()
    inner: Annotated[tuple[Inner, ...], Node("kg:quantity", "quantity")] = ()


def said(record: Record) -> set[str]:
    """Give a record's triples as they are written in N-Triples."""
    return {" ".join(map(str, triple)) for triple in record_triples(record, SUBJECT)}


def line(subject: str, predicate: str, term: str) -> str:
    """Write a triple."""
    return f"<{subject}> <{expand(predicate)}> {term}"


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ("text", LABEL, ['"政务云"@zh', '"Government cloud"@en']),
        ("texts", Alternatives(zh=("甲", "乙"), en=("A",)), ['"甲"@zh', '"乙"@zh', '"A"@en']),
        ("zh", "政务", ['"政务"@zh']),
        ("en", "cloud", ['"cloud"@en']),
        ("plain", 'a"b\n', ['"a\\"b\\n"']),
        ("pinyin", "gan fu tong", ['"gan fu tong"', '"ganfutong"']),
        ("pinyin", "yun", ['"yun"']),
        ("integer", 3, [f'"3"^^<{expand("xsd:integer")}>']),
        ("boolean", True, [f'"true"^^<{expand("xsd:boolean")}>']),
        ("boolean", False, [f'"false"^^<{expand("xsd:boolean")}>']),
        ("date", date(2021, 3, 1), [f'"2021-03-01"^^<{expand("xsd:date")}>']),
        ("iri", "kgr:hebei", ["<https://w3id.org/dgkg/id/region/hebei>"]),
        ("iri", ("https://a.example/", "kg:x"), ["<https://a.example/>", f"<{expand('kg:x')}>"]),
        ("key:region", "hebei", ["<https://w3id.org/dgkg/id/region/hebei>"]),
        ("list:strength", "commit", [f"<{expand('kg:strength-commit')}>"]),
        ("typed:xsd:gYear", "2021", [f'"2021"^^<{expand("xsd:gYear")}>']),
        ("zh", None, []),
        ("key:region", (), []),
    ],
)
def test_a_value_becomes_terms_by_the_form_of_its_property(
    form: str,
    value: Any,  # noqa: ANN401 -- of any form
    expected: list[str],
) -> None:
    """Languages, datatypes and nodes as the form says; nothing for nothing, several for a list."""
    assert [str(term) for term in terms(form, value)] == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("95", "95"),
        ("95.0", "95"),
        ("95.50", "95.5"),
        ("1E+3", "1000"),
        ("2600000000000", "2600000000000"),
        ("100", "100"),
        ("0", "0"),
        ("-0", "0"),
        ("0.00", "0"),
        ("1234567890123456789012345678901234.5", "1234567890123456789012345678901234.5"),
    ],
)
def test_a_decimal_is_written_plainly(value: str, text: str) -> None:
    """No exponent, no idle noughts, no digit lost: one number has one spelling."""
    (term,) = terms("decimal", Decimal(value))
    assert str(term) == f'"{text}"^^<{expand("xsd:decimal")}>'


@given(st.decimals(0, 10**15, allow_nan=False, places=4))
def test_a_decimal_keeps_its_value(value: Decimal) -> None:
    """What is written reads as the same number."""
    (term,) = terms("decimal", value)
    assert Decimal(term.value) == value


def test_an_unknown_form_is_a_mistake_of_the_program() -> None:
    """A property cannot be declared with a form that the table does not have."""
    with pytest.raises(KeyError):
        terms("colour", "red")


def test_a_record_has_the_classes_that_it_declares() -> None:
    """Each becomes a type."""
    kinds = {line(SUBJECT, "rdf:type", f"<{expand(k)}>") for k in ("kg:Claim", "prov:Entity")}
    assert kinds <= said(Outer())


def test_a_field_without_a_property_says_nothing() -> None:
    """Only what names its property comes into the graph."""
    assert not any("nothing" in text for text in said(Outer()))


def test_a_field_that_is_empty_says_nothing() -> None:
    """Types and the label in two languages remain."""
    assert len(said(Outer())) == 4


def test_each_item_of_a_list_is_a_triple() -> None:
    """Keys become the nodes of their kind."""
    regions = {line(SUBJECT, "kg:where", f"<{expand('kgr:' + key)}>") for key in ("a", "b")}
    assert regions <= said(Outer(where=("a", "b")))


def test_records_inside_become_nodes_numbered_from_one() -> None:
    """Their IRIs hang on that of the record, so that no blank node is needed."""
    triples = said(Outer(inner=(Inner(wording="甲"), Inner(wording="乙"))))
    for number, wording in ((1, "甲"), (2, "乙")):
        node = f"{SUBJECT}.quantity.{number}"
        assert line(SUBJECT, "kg:quantity", f"<{node}>") in triples
        assert line(node, "rdf:type", f"<{expand('kg:Quantity')}>") in triples
        assert line(node, "kg:wording", f'"{wording}"@zh') in triples


def test_equal_records_give_equal_triples() -> None:
    """In the same order, too: nothing depends on chance."""
    record = Outer(where=("b", "a"), inner=(Inner(wording="甲"),))
    assert list(record_triples(record, SUBJECT)) == list(record_triples(record, SUBJECT))


def test_one_value_may_be_several_triples() -> None:
    """A label gives one in each language."""
    assert len(list(triple(SUBJECT, "skos:prefLabel", "text", LABEL))) == 2


def test_curies_and_iris_name_the_same_node() -> None:
    """A node is known by its IRI."""
    assert iri("kgcl:x") == iri(SUBJECT)
