"""Turns claims, their evidence, parts, quantities and times into triples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.dataset import Origin
from kg.mentions import within
from kg.names import mint
from kg.records import (
    UNITS,
    Achievement,
    Framework,
    InitiativeClaim,
    Milestone,
    PlatformClaim,
    Quantity,
    Target,
)
from kg.text import locate
from kg.triples import record_triples, triple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.curation import Corpus
    from kg.dataset import Dataset
    from kg.evidence import Cited, Evidence
    from kg.reading import Reading
    from kg.records import Claim, Deadline, Part
    from kg.text import Span
    from kg.things import Initiative, Platform
    from kg.triples import Triple

__all__ = ["Made", "add_claim", "evidence_triples", "span_triples", "stated_triples"]


class Made:
    """The platforms and initiatives that claims name: what they realise, what they are called."""

    def __init__(self, corpus: Corpus) -> None:
        """Remember every platform and initiative by its key."""
        self.platforms = {p.record.key: p.record for p in corpus.platforms}
        self.initiatives = {p.record.key: p.record for p in corpus.initiatives}

    def of(self, record: Claim | Part) -> list[Platform | Initiative]:
        """Give the platform and the initiative that a claim or part names."""
        platform = self.platforms.get(getattr(record, "platform", None) or "")
        initiative = self.initiatives.get(getattr(record, "initiative", None) or "")
        return [thing for thing in (platform, initiative) if thing is not None]

    def realised(self, record: Claim | Part) -> tuple[str, ...]:
        """Give the concepts that they realise."""
        return tuple(concept for thing in self.of(record) for concept in thing.concepts)


def span_triples(subject: str, span: Span) -> Iterator[Triple]:
    """Give the offsets of a node in its text."""
    yield from triple(subject, "kg:start", "integer", span.start)
    yield from triple(subject, "kg:end", "integer", span.end)


def stated_triples(
    reading: Reading, subject: str, about: str, form: str | None
) -> Iterator[Triple]:
    """Give what every statement has: source, region, and how strongly it states."""
    yield from triple(subject, "kg:inSource", "iri", reading.source)
    yield from triple(subject, "kg:aboutRegion", "key:region", about)
    yield from triple(subject, "kg:form", "list:form", form)


def _quoted(reading: Reading, subject: str, item: Evidence) -> Iterator[Triple]:
    """Give the words that a statement rests on and their sentence, for queries and exports."""
    yield from triple(subject, "kg:quote", "zh", item.exact)
    first = reading.section.passages_of(item.span)[0]
    yield from triple(subject, "kg:inPassage", "iri", reading.passage_iri(first))


def evidence_triples(reading: Reading, item: Evidence, owner: str, curie: str) -> Iterator[Triple]:
    """Give one quote of a claim or gap, with both of its selectors."""
    subject = mint("evidence", item.claim, item.number)
    yield from triple(owner, curie, "iri", subject)
    for kind in ("kg:Evidence", "oa:SpecificResource"):
        yield from triple(subject, "rdf:type", "iri", kind)
    yield from triple(subject, "oa:hasSource", "iri", reading.source)
    yield from triple(subject, "prov:wasQuotedFrom", "iri", reading.source)
    for passage in reading.section.passages_of(item.span):
        yield from triple(subject, "kg:inPassage", "iri", reading.passage_iri(passage))
    yield from triple(subject, "kg:firstLine", "integer", reading.section.line(item.span.start))
    yield from triple(subject, "kg:fromHeading", "boolean", item.heading)
    quote, position = f"{subject}.quote", f"{subject}.position"
    yield from triple(subject, "oa:hasSelector", "iri", (quote, position))
    yield from triple(quote, "rdf:type", "iri", "oa:TextQuoteSelector")
    yield from triple(quote, "oa:exact", "plain", item.exact)
    yield from triple(quote, "oa:prefix", "plain", item.prefix)
    yield from triple(quote, "oa:suffix", "plain", item.suffix)
    yield from triple(position, "rdf:type", "iri", "oa:TextPositionSelector")
    yield from triple(position, "oa:start", "integer", item.span.start)
    yield from triple(position, "oa:end", "integer", item.span.end)


def _form(record: Claim) -> str | None:
    if isinstance(record, PlatformClaim):
        return f"platform-{record.status}"
    forms: dict[type[Claim], str] = {
        Target: "target",
        Achievement: "achievement",
        Framework: "framework-part",
        InitiativeClaim: "initiative",
    }
    return forms.get(type(record))


def add_claim(dataset: Dataset, graph: str, reading: Reading, cited: Cited, made: Made) -> None:
    """Add a claim with its evidence, quantities, parts and time."""
    placed, record = cited.placed, cited.placed.record
    subject = mint("claim", record.key)
    sentence = "".join(
        reading.section.text[p.span.start : p.span.end]
        for p in reading.section.passages_of(cited.evidence[0].span)
    )
    dataset.origins[subject] = Origin(placed.file, placed.line(), sentence)
    evidence_root = mint("evidence", record.key)
    dataset.origins[evidence_root] = dataset.origins[subject]
    dataset.add(graph, _claim(reading, cited, subject, made))
    dataset.add(graph, _time(reading, record, subject))
    for curie, items in (("kg:evidence", cited.evidence), ("kg:context", cited.context)):
        for item in items:
            dataset.add(graph, evidence_triples(reading, item, subject, curie))
    for number, quantity in enumerate(getattr(record, "quantities", ()), start=1):
        dataset.add(graph, _quantity(quantity, f"{subject}.quantity.{number}"))
    if isinstance(record, Framework):
        for number, part in enumerate(record.parts, start=1):
            node = f"{subject}.part.{number}"
            dataset.add(graph, _part(reading, cited, part, node, made))
            dataset.add(graph, triple(node, "kg:position", "integer", number))
            if part.framework:
                nested = mint("claim", part.framework)
                dataset.add(graph, triple(nested, "dcterms:isPartOf", "iri", subject))


def _names(
    reading: Reading, subject: str, about: str, spans: Sequence[Span], more: Sequence[str]
) -> Iterator[Triple]:
    for concept in more:
        yield from triple(subject, "kg:names", "key:concept", concept)
    for mention in within(reading.mentions, spans):
        if mention.about == about:
            yield from triple(subject, "kg:names", "key:concept", mention.concept)
            yield from triple(subject, "kg:hasMention", "iri", reading.mention_iri(mention))


def _claim(reading: Reading, cited: Cited, subject: str, made: Made) -> Iterator[Triple]:
    record = cited.placed.record
    spans = [item.span for item in cited.evidence]
    about = reading.about(spans[0])
    yield from record_triples(record, subject)
    yield from stated_triples(reading, subject, about, _form(record))
    yield from triple(subject, "kg:inSection", "iri", reading.iri)
    yield from triple(subject, "kg:fromHeading", "boolean", cited.evidence[0].heading)
    yield from span_triples(subject, spans[0])
    yield from _quoted(reading, subject, cited.evidence[0])
    if isinstance(record, PlatformClaim | InitiativeClaim):
        for thing in made.of(record):
            yield from triple(subject, "skos:prefLabel", "text", thing.label)
    if not isinstance(record, Milestone):
        more = (*record.concepts, *made.realised(record))
        yield from _names(reading, subject, about, spans, more)


def _part(reading: Reading, cited: Cited, part: Part, subject: str, made: Made) -> Iterator[Triple]:
    text = reading.section.text
    around = [
        (item, found)
        for item in (*cited.evidence, *cited.context)
        for found in locate(part.wording, text, item.span)
    ]
    item, span = around[0] if around else (cited.evidence[0], cited.evidence[0].span)
    about = reading.about(span)
    yield from stated_triples(reading, subject, about, "framework-part")
    yield from span_triples(subject, span)
    yield from _quoted(reading, subject, item)
    more = ((part.concept,) if part.concept else ()) + made.realised(part)
    yield from _names(reading, subject, about, [span], more)


def _quantity(record: Quantity, subject: str) -> Iterator[Triple]:
    yield from triple(subject, "qudt:hasUnit", "iri", UNITS[record.unit])
    if record.of is None:
        return
    stated = record.of != "not-stated"
    yield from triple(subject, "kg:denominatorStated", "boolean", stated)
    if stated:
        yield from triple(subject, "kg:denominator", "text", record.of)


def _time(reading: Reading, record: Claim, subject: str) -> Iterator[Triple]:
    when = record.when
    if when is None:
        if not isinstance(record, Milestone | Framework):
            yield from triple(subject, "kg:precision", "list:precision", "none")
        return
    if when.from_ is not None:
        yield from triple(subject, "kg:inheritedFrom", "key:claim", when.from_)
        milestones = {c.placed.record.key: c.placed.record.when for c in reading.cited}
        when = milestones[when.from_]
        assert when is not None  # noqa: S101 -- a milestone has a time
    yield from _dated(record, when, subject)


def _dated(record: Claim, when: Deadline, subject: str) -> Iterator[Triple]:
    yield from triple(subject, "kg:precision", "list:precision", when.precision)
    yield from triple(subject, "kg:dateWording", "zh", when.wording)
    if when.span is None:
        return
    if isinstance(record, Achievement):
        yield from triple(subject, "kg:asOf", "date", when.span.latest)
        return
    yield from triple(subject, "kg:latest", "date", when.span.latest)
    if when.precision == "period":
        yield from triple(subject, "kg:earliest", "date", when.span.earliest)
    if isinstance(record, Milestone):
        yield from triple(subject, "time:hasTime", "iri", f"{subject}.time")
        yield from _temporal(when, f"{subject}.time")


TIME: Final = {
    "day": ("time:inXSDDate", "date"),
    "month": ("time:inXSDgYearMonth", "gYearMonth"),
    "year": ("time:inXSDgYear", "gYear"),
}
"""Unit of a precision -> OWL-Time property and datatype (https://www.w3.org/TR/owl-time/)."""


def _temporal(when: Deadline, subject: str) -> Iterator[Triple]:
    assert when.precision is not None  # noqa: S101 -- it has a span
    assert when.date is not None  # noqa: S101
    if when.precision == "period":
        yield from triple(subject, "rdf:type", "iri", "time:ProperInterval")
        for curie, step, year in zip(
            ("time:hasBeginning", "time:hasEnd"),
            ("begin", "end"),
            when.date.split("/"),
            strict=True,
        ):
            node = f"{subject}.{step}"
            yield from triple(subject, curie, "iri", node)
            yield from triple(node, "rdf:type", "iri", "time:Instant")
            yield from triple(node, "time:inXSDgYear", "typed:xsd:gYear", year)
        return
    curie, datatype = TIME[when.precision.removesuffix("-end")]
    yield from triple(subject, "rdf:type", "iri", "time:Instant")
    yield from triple(subject, curie, f"typed:xsd:{datatype}", when.date)
