"""Turns records into triples: one generic function reads the RDF property of each field."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_type_hints

from pyoxigraph import Literal, NamedNode

from kg.fields import Node, Property, Record
from kg.names import expand, mint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

__all__ = ["Triple", "iri", "record_triples", "terms", "triple"]

XSD: Final = expand("xsd:")
RDF_TYPE: Final = NamedNode(expand("rdf:type"))


class Triple(NamedTuple):
    """A subject, a predicate and an object; never a blank node."""

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode | Literal


@cache
def iri(name: str) -> NamedNode:
    """Give the node of a CURIE or IRI."""
    return NamedNode(expand(name))


def _plain_decimal(value: Decimal) -> str:
    text = format(value.copy_abs(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _typed(name: str) -> Callable[[Any], list[Literal]]:
    datatype = NamedNode(XSD + name)
    return lambda value: [Literal(str(value), datatype=datatype)]


def _pinyin(value: str) -> list[Literal]:
    return [Literal(form) for form in sorted({value, value.replace(" ", "")})]


FORMS: Final[dict[str, Callable[[Any], Sequence[NamedNode | Literal]]]] = {
    "text": lambda v: [Literal(v.zh, language="zh"), Literal(v.en, language="en")],
    "texts": lambda v: [
        *(Literal(item, language="zh") for item in v.zh),
        *(Literal(item, language="en") for item in v.en),
    ],
    "zh": lambda v: [Literal(v, language="zh")],
    "en": lambda v: [Literal(v, language="en")],
    "plain": lambda v: [Literal(v)],
    "pinyin": _pinyin,
    "integer": _typed("integer"),
    "decimal": lambda v: _typed("decimal")(_plain_decimal(v)),
    "boolean": lambda v: _typed("boolean")(str(v).lower()),
    "date": _typed("date"),
    "iri": lambda v: [iri(v)],
}
"""Form of a property -> the terms of a value."""


def terms(form: str, value: Any) -> Sequence[NamedNode | Literal]:  # noqa: ANN401 -- any field
    """Give the terms of a value of some form (see `fields.Property`)."""
    if value is None:
        return []
    if isinstance(value, tuple):
        return [term for item in value for term in terms(form, item)]
    name, _, rest = form.partition(":")
    if name == "key":
        return [NamedNode(mint(rest, value))]
    if name == "list":
        return [iri(f"kg:{rest}-{value}")]
    if name == "typed":
        return [Literal(str(value), datatype=iri(rest))]
    return FORMS[form](value)


def triple(subject: str, predicate: str, form: str, value: Any) -> Iterator[Triple]:  # noqa: ANN401
    """Give the triples of one value of one property."""
    for term in terms(form, value):
        yield Triple(iri(subject), iri(predicate), term)


@cache
def _mapped(kind: type[Record]) -> tuple[tuple[str, Property | Node], ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        (name, mark)
        for name in kind.model_fields
        for mark in getattr(hints[name], "__metadata__", ())
        if isinstance(mark, Property | Node)
    )


def record_triples(record: Record, subject: str) -> Iterator[Triple]:
    """Give the triples of a record and of the records inside it.

    Args:
        record: any record; fields without a property give nothing.
        subject: the IRI of its node.
    """
    for kind in record.types:
        yield Triple(iri(subject), RDF_TYPE, iri(kind))
    for name, mark in _mapped(type(record)):
        value = getattr(record, name)
        if isinstance(mark, Property):
            yield from triple(subject, mark.curie, mark.form, value)
            continue
        for number, part in enumerate(value, start=1):
            node = f"{subject}.{mark.step}.{number}"
            yield Triple(iri(subject), iri(mark.curie), iri(node))
            yield from record_triples(part, node)
