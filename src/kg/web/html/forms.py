"""The form of a saved question: a field for each parameter, what can be chosen, what is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import KgError, NamingError, UsageError
from kg.lookup import QUOTES
from kg.names import KEY, NAMING, SPARQL_HEAD, expand, shorten
from kg.rendering import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.graph import KnowledgeGraph
    from kg.queries import Parameter, SavedQuery
    from kg.web.html.layout import Place

__all__ = ["Field", "Names", "Option", "faults_of", "fields_of", "given_by", "names_of"]

RESERVED: Final = ("lang", "format")
"""Parameters of an address that are none of a question."""

MOST: Final = 400
"""Names that a field offers at the most."""

SPARE: Final = 2
"""Empty fields behind those that are filled, where a parameter takes several values."""

OF_CLASS: Final = (
    SPARQL_HEAD
    + """
SELECT ?thing ?name ?property (LANG(?name) AS ?lang) ?rank ?code WHERE {{
  {{ ?thing {of} . }}
  ?thing ?property ?name . FILTER(?property IN ({naming}))
  OPTIONAL {{ ?thing kg:rank ?rank }}
  OPTIONAL {{ ?thing skos:notation ?code . FILTER(DATATYPE(?code) = kg:GB2260) }}
}}
ORDER BY ?rank ?code ?thing ?property ?lang ?name"""
)
"""What bears a name in a class or closed list, in the order in which it is offered."""


@dataclass(frozen=True)
class Option:
    """Something to choose: what a form sends, and what a reader sees."""

    value: str
    label: str


@dataclass(frozen=True)
class Names:
    """The things of a class or closed list: IRI -> what each is called, by language."""

    labels: Mapping[str, Mapping[str, str]]
    shared: frozenset[str]
    scheme: str = ""

    def best(self, iri: str, language: str) -> str:
        """Give the name that means this thing and no other, as a form sends it."""
        if self.scheme:
            return (
                shorten(iri)
                .partition(":")[2]
                .removeprefix(f"{self.scheme.removeprefix('kg:list-')}-")
            )
        label = self.labels[iri].get(language, "")
        if (
            not label
            or _folded(label) in self.shared
            or KEY.fullmatch(label)
            or UNSEEN.search(label)
        ):
            return shorten(iri)
        return label

    def options(self, language: str) -> tuple[Option, ...]:
        """Give what a form offers."""
        return tuple(
            Option(self.best(iri, language), labels.get(language, shorten(iri)))
            for iri, labels in self.labels.items()
        )

    def shown(self, value: str, language: str) -> str:
        """Give a value as the form tells it: an IRI, CURIE or label by its best name."""
        iri = expand(value.strip())
        if iri not in self.labels:
            called = [iri for iri, labels in self.labels.items() if value in labels.values()]
            iri = called[0] if len(called) == 1 and _folded(value) not in self.shared else ""
        return self.best(iri, language) if iri in self.labels else value


@dataclass(frozen=True)
class Field:
    """A field of a form.

    `kind` is `choice` (one of a closed list), `thing` (a name, some are offered) or `text`;
    `fault` says what is wrong with its value, `near` offers what may have been meant.
    """

    name: str
    label: str
    kind: str
    values: tuple[str, ...]
    options: tuple[Option, ...] = ()
    hint: str = ""
    many: bool = False
    numeric: bool = False
    fault: tuple[str, str] | None = None
    near: tuple[Option, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """What stands in each input of the field."""
        return (*self.values, *[""] * SPARE) if self.many else self.values or ("",)

    @property
    def told(self) -> tuple[str, ...]:
        """The values as a title tells them; a switch that is off is not told."""
        labels = {option.value: option.label for option in self.options}
        return tuple(labels.get(value, value) for value in self.values if value != "false")


def _names(graph: KnowledgeGraph, of: str, scheme: str) -> Names:
    naming = ", ".join(curie for curie, how in NAMING.items() if how in {"label", "variant"})
    labels: dict[str, dict[str, str]] = {}
    bearers: set[tuple[str, str]] = set()
    for row in graph.table(OF_CLASS.format(of=of, naming=naming)).records():
        iri = expand(row["thing"])
        called = labels.setdefault(iri, {})
        if row["property"] == "skos:prefLabel":
            called[row["lang"]] = row["name"]
        bearers.add((_folded(row["name"]), iri))
    counts = Counter(name for name, _ in bearers)
    shared = frozenset(name for name, count in counts.items() if count > 1)
    return Names(labels, shared, scheme)


def _folded(label: str) -> str:
    return label.strip(QUOTES).casefold()


def names_of(graph: KnowledgeGraph, queries: Iterable[SavedQuery]) -> dict[str, Names]:
    """Give what can be chosen, by the class or closed list of every parameter of the questions."""
    found: dict[str, Names] = {}
    for query in queries:
        for parameter in query.header.params.values():
            key = parameter.scheme or parameter.class_ or ""
            if key in {"", "rdfs:Resource", *found}:
                continue
            of = f"skos:inScheme {key}" if parameter.scheme else f"a {key}"
            found[key] = _names(graph, of, parameter.scheme or "")
    return found


def given_by(params: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Give the parameters that a query string gives; an empty value gives nothing."""
    given: dict[str, list[str]] = {}
    for name, value in params:
        if name not in RESERVED and value.strip():
            given.setdefault(name, []).append(value)
    return given


def faults_of(
    graph: KnowledgeGraph, query: SavedQuery, given: Mapping[str, list[str]]
) -> dict[str, KgError]:
    """Give what is wrong with each parameter by itself."""
    faults: dict[str, KgError] = {}
    for name, values in given.items():
        try:
            graph.bind(query, {name: values})
        except (NamingError, UsageError) as error:
            faults[name] = error
    return faults


def fields_of(
    query: SavedQuery,
    given: Mapping[str, list[str]],
    faults: Mapping[str, KgError],
    names: Mapping[str, Names],
    place: Place,
) -> list[Field]:
    """Give the fields of a question's form, filled with what was given, else the defaults."""
    return [
        _field(name, parameter, given.get(name, ()), faults.get(name), names, place)
        for name, parameter in query.header.params.items()
    ]


def _field(
    name: str,
    parameter: Parameter,
    given: Iterable[str],
    fault: KgError | None,
    names: Mapping[str, Names],
    place: Place,
) -> Field:
    known = names.get(parameter.scheme or parameter.class_ or "", Names({}, frozenset()))
    default = (parameter.default or "").split() if parameter.many else [parameter.default or ""]
    values = (*given,) or tuple(filter(None, default))
    kind, options = _choices(parameter, known, place)
    return Field(
        name=name,
        label=getattr(parameter.label, place.language),
        kind=kind,
        values=tuple(known.shown(value, place.language) for value in values),
        options=options if len(options) <= MOST else (),
        hint=_hint(parameter, known, place),
        many=parameter.many,
        numeric=parameter.datatype == "xsd:integer",
        fault=(fault.zh, fault.en) if fault else None,
        near=tuple(_near(near) for near in getattr(fault, "near", ())),
    )


def _choices(parameter: Parameter, known: Names, place: Place) -> tuple[str, tuple[Option, ...]]:
    """Give a field's kind and what it offers."""
    options = known.options(place.language)
    if parameter.datatype == "xsd:boolean":
        options = (Option("false", place.say("否", "no")), Option("true", place.say("是", "yes")))
    elif not parameter.scheme or parameter.many:
        return "thing" if parameter.class_ else "text", options
    if not parameter.default:
        options = (Option("", place.say("（不限）", "(any)")), *options)
    return "choice", options


def _near(near: str) -> Option:
    """Give a near thing to choose: of several with one name, the code comes first."""
    code, _, label = near.partition(" ")
    return Option(code, label) if label and expand(code) != code else Option(near, near)


def _hint(parameter: Parameter, known: Names, place: Place) -> str:
    """Say what may be written, where nothing is."""
    example = known.shown(parameter.example, place.language)
    if parameter.datatype == "xsd:date":
        return place.say("2022 或 2022-08-31", "2022 or 2022-08-31")
    if parameter.default:
        return place.say(f"如 {example}", f"such as {example}")
    return place.say(f"不限；如 {example}", f"any; such as {example}")
