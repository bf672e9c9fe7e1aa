"""Assembles what is curated and what is found in the texts into triples, each in its graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.dataset import Dataset, Origin
from kg.names import REFERENCE_GRAPH, graph_of_source, mint
from kg.statements import (
    Made,
    add_claim,
    evidence_triples,
    span_triples,
    stated_triples,
)
from kg.triples import record_triples, triple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.curation import Corpus
    from kg.mentions import Mention
    from kg.reading import Reading
    from kg.text import Passage
    from kg.things import Concept, Region
    from kg.triples import Triple

__all__ = ["assemble"]

SOFTWARE: Final = frozenset(
    {
        "service-platform", "portal", "app", "data-platform", "support-platform",
        "business-system", "city-operation", "sector-platform", "security-system",
    }
)  # fmt: skip
"""Kinds of platform that are a https://schema.org/SoftwareApplication."""

WIKIDATA: Final = "http://www.wikidata.org/entity/"
GEONAMES: Final = "https://sws.geonames.org/"


def assemble(corpus: Corpus, readings: Sequence[Reading]) -> Dataset:
    """Make the dataset of all that is curated; the ontology is added apart.

    Raises:
        KgError: a triple would stand in two graphs.
    """
    dataset = Dataset()
    _add_reference(dataset, corpus)
    made = Made(corpus)
    for folder in corpus.sources:
        if folder.source is not None and folder.text is not None:
            subject = mint("source", folder.name)
            graph = graph_of_source(folder.name)
            dataset.add(graph, record_triples(folder.source.record, subject))
            size = len(folder.text)
            dataset.add(graph, triple(subject, "kg:characters", "integer", size))
            dataset.origins[subject] = Origin(folder.source.file, folder.source.line())
    for reading in readings:
        _add_reading(dataset, reading, made)
    return dataset


# --- reference ----------------------------------------------------------------------------


def _add_reference(dataset: Dataset, corpus: Corpus) -> None:
    for region in corpus.regions:
        subject = mint("region", region.record.key)
        dataset.add(REFERENCE_GRAPH, _region(region.record, subject))
        dataset.origins[subject] = Origin(region.file, region.line())
    sources = corpus.declared.get("source", set())
    for concept in corpus.concepts:
        subject = mint("concept", concept.record.key)
        dataset.add(REFERENCE_GRAPH, _concept(concept.record, subject, sources))
        dataset.origins[subject] = Origin(concept.file, concept.line())
    for kind, things in (("platform", corpus.platforms), ("initiative", corpus.initiatives)):
        for thing in things:
            subject = mint(kind, thing.record.key)
            dataset.add(REFERENCE_GRAPH, record_triples(thing.record, subject))
            if getattr(thing.record, "kind", "") in SOFTWARE:
                software = triple(subject, "rdf:type", "iri", "schema:SoftwareApplication")
                dataset.add(REFERENCE_GRAPH, software)
            dataset.origins[subject] = Origin(thing.file, thing.line())


def _region(record: Region, subject: str) -> Iterator[Triple]:
    yield from record_triples(record, subject)
    for curie, zh, en in (
        ("skos:prefLabel", record.zh, record.en),
        ("kg:officialName", record.official_zh, record.official_en),
    ):
        yield from triple(subject, curie, "zh", zh)
        yield from triple(subject, curie, "en", en)
    others_zh = {record.official_zh, *record.alt_zh} - {record.zh}
    others_en = {record.official_en, *record.alt_en} - {record.en}
    yield from triple(subject, "skos:altLabel", "zh", tuple(sorted(others_zh)))
    yield from triple(subject, "skos:altLabel", "en", tuple(sorted(others_en)))
    yield from triple(subject, "skos:notation", "typed:kg:GB2260", record.gb2260)
    standard = "ISO3166-2" if record.iso3166 and "-" in record.iso3166 else "ISO3166-1"
    yield from triple(subject, "skos:notation", f"typed:kg:{standard}", record.iso3166)
    if record.wikidata:
        yield from triple(subject, "skos:exactMatch", "iri", WIKIDATA + record.wikidata)
    if record.geonames:
        yield from triple(subject, "skos:exactMatch", "iri", f"{GEONAMES}{record.geonames}/")


def _concept(record: Concept, subject: str, sources: set[str]) -> Iterator[Triple]:
    yield from record_triples(record, subject)
    yield from triple(subject, "skos:inScheme", "iri", "kg:platform-concepts")
    if record.top:
        yield from triple(subject, "skos:topConceptOf", "iri", "kg:platform-concepts")
    suffix = next((f"-{k}" for k in record.only_in if record.key.endswith(f"-{k}")), "")
    pinyin = record.key.removesuffix(suffix).replace("-", " ").replace(".", " ")
    yield from triple(subject, "skos:hiddenLabel", "pinyin", pinyin)
    for curie, keys in (
        ("skos:related", record.related),
        ("kg:notToBeConfusedWith", record.not_to_be_confused_with),
    ):
        for key in keys:
            yield from triple(subject, curie, "key:concept", key)
            yield from triple(mint("concept", key), curie, "key:concept", record.key)
    for key in record.only_in:
        kind = "source" if key in sources else "region"
        yield from triple(subject, "kg:onlyIn", f"key:{kind}", key)
    for alike in record.looks_alike:
        yield from triple(subject, "kg:looksAlike", "zh", alike.wording)


# --- one section --------------------------------------------------------------------------


def _add_reading(dataset: Dataset, reading: Reading, made: Made) -> None:
    graph = graph_of_source(reading.folder.name)
    source = reading.folder.source
    assert source is not None  # noqa: S101 -- a section was read from it
    number = source.record.sections.index(reading.section.record)
    dataset.origins[reading.iri] = Origin(source.file, source.line("sections", number))
    dataset.add(graph, _section(reading))
    for passage in reading.section.passages:
        subject = reading.passage_iri(passage)
        dataset.add(graph, _passage(reading, passage, subject))
        dataset.origins[subject] = _origin_in_text(reading, passage)
    for mention in reading.mentions:
        subject = reading.mention_iri(mention)
        dataset.add(graph, _mention(reading, mention, subject))
        dataset.origins[subject] = _origin_in_text(reading, mention.passage)
    for cited in reading.cited:
        add_claim(dataset, graph, reading, cited, made)
    for gap in source.record.gaps:
        if gap.section == reading.section.region:
            subject = mint("gap", gap.key)
            dataset.add(graph, record_triples(gap, subject))
            dataset.add(graph, triple(subject, "kg:inSource", "key:source", reading.folder.name))
            dataset.add(graph, triple(subject, "kg:inSection", "iri", reading.iri))
            for item in reading.gaps.get(gap.key, ()):
                dataset.add(graph, evidence_triples(reading, item, subject, "kg:evidence"))
            at = source.record.gaps.index(gap)
            dataset.origins[subject] = Origin(source.file, source.line("gaps", at))
            dataset.origins[mint("evidence", f"gap.{gap.key}")] = dataset.origins[subject]


def _origin_in_text(reading: Reading, passage: Passage) -> Origin:
    sentence = reading.section.text[passage.span.start : passage.span.end]
    return Origin(reading.folder.text_file, passage.line, sentence)


def _section(reading: Reading) -> Iterator[Triple]:
    subject, section, coverage = reading.iri, reading.section, reading.coverage
    yield from record_triples(section.record, subject)
    yield from triple(subject, "rdf:type", "iri", "kg:Section")
    yield from triple(subject, "kg:inSource", "iri", reading.source)
    yield from triple(subject, "kg:aboutRegion", "key:region", section.region)
    for curie, value in (
        ("kg:firstLine", section.area.first),
        ("kg:lastLine", section.area.last),
        ("kg:start", section.span.start),
        ("kg:end", section.span.end),
        ("kg:characters", coverage.characters),
        ("kg:claimedCharacters", coverage.claimed),
        ("kg:setAsideCharacters", coverage.set_aside),
    ):
        yield from triple(subject, curie, "integer", value)


def _passage(reading: Reading, passage: Passage, subject: str) -> Iterator[Triple]:
    text = reading.section.text[passage.span.start : passage.span.end]
    yield from triple(subject, "rdf:type", "iri", "kg:Passage")
    yield from triple(subject, "kg:inSource", "iri", reading.source)
    yield from triple(subject, "kg:inSection", "iri", reading.iri)
    yield from triple(subject, "kg:text", "zh", text)
    yield from triple(subject, "kg:firstLine", "integer", passage.line)
    yield from triple(subject, "kg:position", "integer", passage.position)
    yield from triple(subject, "kg:isHeading", "boolean", passage.heading)
    yield from span_triples(subject, passage.span)


def _mention(reading: Reading, mention: Mention, subject: str) -> Iterator[Triple]:
    yield from triple(subject, "rdf:type", "iri", "kg:Mention")
    yield from stated_triples(reading, subject, mention.about, "mention")
    yield from triple(subject, "kg:inSection", "iri", reading.iri)
    yield from triple(subject, "kg:inPassage", "iri", reading.passage_iri(mention.passage))
    yield from triple(subject, "kg:names", "key:concept", mention.concept)
    yield from triple(subject, "kg:wording", "zh", mention.wording)
    yield from span_triples(subject, mention.span)
