"""The shapes accept every good example, refuse every bad one for the reason given, and no more.

`tests/shapes/README.md` says how the examples are laid out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import pyshacl
import pytest
from rdflib import OWL, RDF, SH, SKOS, BNode, Graph, Literal, URIRef
from shape_fixtures import (
    EXAMPLES,
    KG,
    KGSH,
    alone,
    curie,
    everything,
    examples,
    expected,
    ontology,
    results_of,
    shapes,
    top_shapes,
    validate,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node

PARAMETERS: Final = {
    *(SH["class"], SH.closed, SH.datatype, SH.disjoint, SH.equals, SH.hasValue, SH["in"]),
    *(SH.languageIn, SH.lessThan, SH.lessThanOrEquals, SH.maxCount, SH.maxInclusive),
    *(SH.minCount, SH.minInclusive, SH.minLength, SH.nodeKind, SH["or"], SH.pattern),
    *(SH.property, SH.uniqueLang),
}
"""Parameters of constraints (https://www.w3.org/TR/shacl/#core-components) that the shapes use."""
TARGETS: Final = {SH.targetClass, SH.targetSubjectsOf}
PROSE: Final = {RDF.type, SH.ignoredProperties, SH.message, SH.path, SH.severity}
STRUCTURE: Final = {RDF.first, RDF.rest, SH.alternativePath, SH.inversePath}
LOOSER: Final[dict[Node, int]] = {
    SH.maxCount: 1,
    SH.maxInclusive: 1,
    SH.minCount: -1,
    SH.minInclusive: -1,
    SH.minLength: -1,
}
"""Parameter with a number -> the step that loosens it."""
CLOSED: Final = [shape for shape in top_shapes() if shapes().value(shape, SH.closed)]
NAMES: Final = sorted(path.stem for path in (EXAMPLES / "good").glob("*.ttl"))


class Mutant(NamedTuple):
    """A shape with one of its triples dropped or loosened."""

    change: str
    shape: Graph


def mutants(shape: URIRef) -> Iterator[Mutant]:
    """Drop each target and constraint of a shape, and loosen each number by one."""
    whole = alone(shape)
    for subject, parameter, value in sorted(whole):
        said = f"{curie(parameter)} {'[]' if isinstance(value, BNode) else value.n3()}"
        less = whole - Graph().add((subject, parameter, value))
        if parameter == SH.closed:
            less.remove((subject, SH.ignoredProperties, None))
        if parameter in PARAMETERS | TARGETS:
            yield Mutant(f"without {said}", less)
        if parameter in LOOSER:
            assert isinstance(value, Literal)
            step = Literal(int(value) + LOOSER[parameter])
            yield Mutant(f"looser {said}", Graph().add((subject, parameter, step)) + less)


@pytest.mark.parametrize("name", NAMES)
def test_good_examples_conform(name: str) -> None:
    """A file of good examples, with the ontology, gives no result at all."""
    assert results_of(examples(EXAMPLES / "good" / f"{name}.ttl"), shapes()) == set()


@pytest.mark.parametrize("name", NAMES)
def test_bad_examples_give_the_results_listed(name: str) -> None:
    """A file of bad examples, beside the good ones, gives the results of its CSV and no other."""
    data = examples(EXAMPLES / "good" / f"{name}.ttl", EXAMPLES / "bad" / f"{name}.ttl")
    assert results_of(data, shapes()) == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_bad_example_is_noticed(name: str) -> None:
    """Each node under a comment gives a result."""
    text = (EXAMPLES / "bad" / f"{name}.ttl").read_text(encoding="utf-8")
    commented = set(re.findall(r"^# .*\n([^#\s]\S*)", text, flags=re.MULTILINE))
    assert commented
    assert commented <= {result.focus for result in expected(name)}


@pytest.mark.parametrize("shape", top_shapes(), ids=curie)
def test_no_constraint_can_be_dropped_or_loosened(shape: URIRef) -> None:
    """Each target and constraint is needed: without it, or one looser, a bad example passes."""
    full = results_of(everything(), alone(shape))
    idle = [m.change for m in mutants(shape) if full <= results_of(everything(), m.shape)]
    assert idle == []


def test_no_parameter_escapes_the_mutation() -> None:
    """What the shapes use is mutated, prose, or structure: SHACL Core, and no more of it."""
    used = {predicate for shape in top_shapes() for predicate in alone(shape).predicates()}
    assert used == PARAMETERS | TARGETS | PROSE | STRUCTURE
    assert set(shapes().predicates()) == used


@pytest.mark.parametrize("shape", CLOSED, ids=curie)
def test_every_allowed_property_is_used(shape: URIRef) -> None:
    """A property that a closed shape allows is used by a good example of its class."""
    good = examples(*(EXAMPLES / "good").glob("*.ttl"))
    nodes = {n for c in shapes().objects(shape, SH.targetClass) for n in good.subjects(RDF.type, c)}
    lists = shapes().objects(shape, SH.ignoredProperties)
    allowed = {name for head in lists for name in shapes().items(head)}
    assert allowed == {name for node in nodes for name in good.predicates(node)}


@pytest.mark.parametrize("shape", top_shapes(), ids=curie)
def test_every_shape_speaks_both_languages(shape: URIRef) -> None:
    """A shape has one message in Chinese and one in English."""
    messages = shapes().objects(shape, SH.message)
    assert sorted(getattr(message, "language", "") for message in messages) == ["en", "zh"]


def files_of(name: str) -> list[Path]:
    """Give the files of a class's examples."""
    kebab = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    return [EXAMPLES / "good" / f"{kebab}.ttl", EXAMPLES / "bad" / f"{kebab}.ttl"]


def test_every_class_has_a_shape_and_examples() -> None:
    """A class of ours is the target of a node shape of its name, and has a good and a bad file."""
    classes = [c for c in ontology().subjects(RDF.type, OWL.Class) if str(c).startswith(KG)]
    names = [str(c).removeprefix(KG) for c in classes]
    assert [n for n in names if (KGSH[n], SH.targetClass, KG[n]) not in shapes()] == []
    assert [file.name for name in names for file in files_of(name) if not file.exists()] == []


def test_shapes_and_lists_hold_the_same_values() -> None:
    """The values of one `sh:in` are of one list, and all of them together are the whole list."""
    together: dict[Node | None, set[Node]] = {}
    for head in shapes().objects(None, SH["in"]):
        values = set(shapes().items(head))
        schemes = {ontology().value(value, SKOS.inScheme) for value in values}
        assert len(schemes) == 1, values
        together.setdefault(schemes.pop(), set()).update(values)
    del together[None]
    assert together == {s: set(ontology().subjects(SKOS.inScheme, s)) for s in together}


def test_the_shapes_are_well_formed() -> None:
    """The shapes conform to the shapes of shapes (https://www.w3.org/TR/shacl/#shacl-shacl)."""
    copy = Graph() + shapes()
    assert pyshacl.validate(Graph(), shacl_graph=copy, meta_shacl=True)[0]


def test_only_an_idle_verb_is_a_warning() -> None:
    """A verb that tells no status or stage is a warning; everything else is a violation."""
    results = validate(everything(), shapes())
    assert {r.focus for r, severity in results if severity != "sh:Violation"} == {
        "kgcl:initiative-claim-verb-without-stage",
        "kgcl:platform-claim-verb-without-status",
    }
