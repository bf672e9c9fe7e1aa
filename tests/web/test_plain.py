"""Plain JSON tells what the dataset says, and what was not read, in keys that are always there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import pytest
from graph_fixtures import open_engine, real_project

from kg.names import ID, ROOT, expand
from kg.web.linked.documents import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph import KnowledgeGraph
    from kg.project import Project

URL: Final = "https://example.org"
SOURCE: Final = "2021-provincial-roundup"

KEYS: Final = {
    "document", "id", "kind", "kindLabel", "label", "notes", "facts", "evidence", "claims", "links",
}  # fmt: skip
THING: Final = {"id", "kind", "kindLabel", "label", "by"}

TOPICS: Final = {
    "kgr:shanghai": "Region",
    "kgr:china": "Region",
    "kgc:yi-wang-tong-ban": "PlatformConcept",
    "kgp:gan-fu-tong": "Platform",
    "kgi:hunan-one-thing-once": "Initiative",
    "kgcl:shanxi-five-ones": "Framework",
    "kgcl:shanxi-five-ones.part.2": "FrameworkPart",
    "kgcl:anhui-2022": "Milestone",
    "kgcl:anhui-2022.time": "Instant",
    "kgcl:beijing-nine-tenths-city-wide": "Target",
    "kgcl:beijing-nine-tenths-city-wide.quantity.1": "Quantity",
    f"kgs:{SOURCE}": "SourceDocument",
    f"kgs:{SOURCE}.shanghai": "Section",
    f"kgt:{SOURCE}.guangxi.02": "Passage",
    "kge:shanxi-five-ones.1": "Evidence",
    "kge:shanxi-five-ones.1.quote": "TextQuoteSelector",
    "kgg:roundup-figure-2": "Gap",
    f"{ROOT}ontology": "Ontology",
    f"{ROOT}graph/reference": "Dataset",
}
"""Topic -> what kind of thing it is."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the real project, built."""
    return real_project(tmp_path_factory)


@pytest.fixture(scope="module")
def graph(project: Project) -> Iterator[KnowledgeGraph]:
    """Give the real graph."""
    with open_engine(project) as opened:
        yield opened


@pytest.fixture(scope="module")
def triples(project: Project) -> list[tuple[str, str, ox.Literal | str]]:
    """Give the triples of the dataset's file: IRIs as text, literals as such."""
    body = (project.build / "current" / "dataset.nq").read_bytes()
    found = []
    for quad in ox.parse(body, format=ox.RdfFormat.N_QUADS):
        assert isinstance(quad.subject, ox.NamedNode)
        term = quad.object.value if isinstance(quad.object, ox.NamedNode) else quad.object
        assert isinstance(term, ox.Literal | str)
        found.append((quad.subject.value, quad.predicate.value, term))
    return found


def told(graph: KnowledgeGraph, topic: str) -> dict[str, Any]:
    """Give the document of a topic."""
    read: dict[str, Any] = json.loads(document(graph, expand(topic), "json", URL))
    return read


def values(facts: list[dict[str, Any]], name: str) -> list[Any]:
    """Give the values of a property among facts."""
    return [fact["value"] for fact in facts if fact["property"] == name]


@pytest.mark.parametrize(("topic", "kind"), TOPICS.items())
def test_every_document_has_the_keys_that_are_promised(
    graph: KnowledgeGraph, topic: str, kind: str
) -> None:
    """All keys are there, whatever is known; lists of one sort have items of one form."""
    found = told(graph, topic)
    extra = {"Region": {"reading"}, "Ontology": {"terms"}}.get(kind, set())
    assert found.keys() == KEYS | extra
    assert (found["id"], found["kind"]) == (expand(topic), kind)
    assert found["document"].startswith(f"{URL}/")
    assert found["document"].endswith(".json")
    always = {"property", "label", "value", "valueLabel"}
    for fact in found["facts"]:
        assert always <= fact.keys() <= always | {"language", "datatype", "facts"}
    place = {"sentence", "line", "source"}
    for claim in found["claims"]:
        assert claim.keys() == THING | place | {"quote", "region"}
    for link in found["links"]:
        assert link.keys() == THING
    for quote in found["evidence"]:
        assert quote.keys() == place | {"id", "role", "quote", "prefix", "suffix", "start", "end"}


def test_the_facts_of_a_thing_are_those_of_the_dataset(
    graph: KnowledgeGraph, triples: list[tuple[str, str, ox.Literal | str]]
) -> None:
    """Each triple of a thing is a fact, or its kind, label or evidence; and nothing else is."""
    elsewhere = {
        expand(name)
        for name in ("rdf:type", "skos:prefLabel", "rdfs:label", "kg:evidence", "kg:context")
    }
    for topic in TOPICS:
        iri, found = expand(topic), told(graph, topic)
        if found["kind"] in {"Ontology", "Dataset"}:
            continue
        own = [(link, term) for it, link, term in triples if it == iri and link not in elsewhere]
        assert len(found["facts"]) == len(own)
        texts = sorted(t.value if isinstance(t, ox.Literal) else t for _, t in own)
        numbers = {True: "true", False: "false"}
        facts = sorted(
            numbers[v] if isinstance(v, bool) else f"{v:g}" if isinstance(v, float) else str(v)
            for v in (fact["value"] for fact in found["facts"])
        )
        assert facts == texts, topic


def test_labels_are_told_in_both_languages(graph: KnowledgeGraph) -> None:
    """Of the thing, of its kind, of properties and of what they lead to; Chinese first."""
    found = told(graph, "kgr:shanghai")
    assert found["label"] == {"zh": "上海", "en": "Shanghai"}
    assert found["kindLabel"] == {"zh": "地区", "en": "Region"}
    (level,) = (fact for fact in found["facts"] if fact["property"] == "kg:level")
    assert level["label"] == {"zh": "层级", "en": "level"}
    assert level["valueLabel"] == {"zh": "省级", "en": "province-level division"}
    assert list(found["label"]) == list(level["label"]) == ["zh", "en"]


def test_values_are_those_of_json(graph: KnowledgeGraph) -> None:
    """Numbers and truths are JSON's; texts tell their language, codes and days their type."""
    found = told(graph, "kgcl:beijing-nine-tenths-city-wide")
    (quantity,) = (fact for fact in found["facts"] if fact["property"] == "kg:quantity")
    assert values(quantity["facts"], "qudt:numericValue") == [90]
    assert [type(v) for v in values(found["facts"], "kg:start")] == [int]
    assert [type(v) for v in values(found["facts"], "kg:fromHeading")] == [bool]
    region = told(graph, "kgr:shanghai")["facts"]
    assert {f.get("datatype") for f in region if f["property"] == "skos:notation"} == {
        "kg:GB2260",
        "kg:ISO3166-2",
    }
    assert {f.get("language") for f in region if f["property"] == "kg:officialName"} == {"zh", "en"}


@pytest.mark.parametrize("topic", ["kgr:shanghai", "kgc:yi-wang-tong-ban", "kgcl:anhui-2022"])
def test_a_claim_is_told_with_its_quote_in_its_sentence(graph: KnowledgeGraph, topic: str) -> None:
    """Quote, sentence, line, source and region are there, in the order of the text."""
    claims = told(graph, topic)["claims"]
    assert len(claims) > 5
    for claim in claims:
        assert claim["quote"] in claim["sentence"] or len(claim["quote"]) > len(claim["sentence"])
        assert claim["line"] > 0
        assert claim["source"]["id"] == expand(f"kgs:{SOURCE}")
        assert claim["region"]["label"].keys() == {"zh", "en"}
        assert claim["by"]
    told_lines = [claim["line"] for claim in claims]
    assert told_lines == sorted(told_lines)


def test_the_claims_are_those_of_the_dataset(
    graph: KnowledgeGraph, triples: list[tuple[str, str, ox.Literal | str]]
) -> None:
    """Of each region every claim is told, and of each concept every part that names it too."""
    claims = {it for it, _, term in triples if term == expand("kg:Claim")}
    parts = {it for it, _, term in triples if term == expand("kg:FrameworkPart")}
    for topic, links, statements in (
        ("kgr:shanghai", ("kg:aboutRegion", "kg:where"), claims),
        ("kgr:yrd", ("kg:aboutRegion", "kg:where"), claims),
        ("kgc:yi-duo-yun", ("kg:names",), claims | parts),
        ("kgp:shanxi-one-network", ("kg:platform",), claims | parts),
    ):
        expected = {
            it
            for it, link, term in triples
            if term == expand(topic) and link in map(expand, links) and it in statements
        }
        assert expected
        assert {claim["id"] for claim in told(graph, topic)["claims"]} == expected


def test_a_claim_tells_the_words_that_it_rests_on(graph: KnowledgeGraph, project: Project) -> None:
    """Its quotes stand in the text between their offsets, on their line."""
    path = project.data / "sources" / SOURCE / "text.txt"
    text = path.read_bytes().decode()
    quotes = told(graph, "kgcl:shanxi-five-ones")["evidence"]
    quotes += told(graph, "kgcl:anhui-best-investment-environment")["evidence"]
    assert {quote["role"] for quote in quotes} == {"evidence", "context"}
    for quote in quotes:
        start, end = quote["start"], quote["end"]
        assert text[start:end] == quote["quote"]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])
        assert text.count("\n", 0, start) + 1 == quote["line"]


def test_a_region_tells_whether_its_text_was_read(
    graph: KnowledgeGraph, triples: list[tuple[str, str, ox.Literal | str]]
) -> None:
    """Where no section of text speaks of a region, its document says so, with a note."""
    readable = {
        it
        for it, link, term in triples
        if link == expand("kg:reading") and term == expand("kg:reading-text")
    }
    read = {
        term for it, link, term in triples if link == expand("kg:aboutRegion") and it in readable
    }
    regions = sorted({it for it, _, _ in triples if it.startswith(f"{ID}region/")})
    assert len(regions) > 34
    for iri in regions:
        found = told(graph, iri)
        assert found["reading"] == ("text" if iri in read else "not-read"), iri
        assert bool(found["notes"]) == (iri not in read)
    assert told(graph, "kgr:hunan")["reading"] == "not-read"
    assert "只读到标题" in told(graph, "kgr:hunan")["notes"][0]["zh"]
    assert "only the heading" in told(graph, "kgr:hunan")["notes"][0]["en"]
    assert "没有读到" in told(graph, "kgr:chongqing")["notes"][0]["zh"]


def test_the_other_formats_tell_that_a_region_was_not_read(graph: KnowledgeGraph) -> None:
    """The note stands in RDF as a comment on the document."""
    (note,) = told(graph, "kgr:hunan")["notes"]
    for suffix in ("ttl", "jsonld"):
        text = document(graph, expand("kgr:hunan"), suffix, URL).decode()
        assert note["zh"] in text
        assert note["en"] in text
        assert note["zh"] not in document(graph, expand("kgr:shanghai"), suffix, URL).decode()


def test_what_belongs_to_a_thing_is_told_within_it(graph: KnowledgeGraph) -> None:
    """The parts of a framework have their facts where they are named."""
    parts = [f for f in told(graph, "kgcl:shanxi-five-ones")["facts"] if f["property"] == "kg:part"]
    assert [values(part["facts"], "kg:wording") for part in parts] == [
        ["一朵云"], ["一张网"], ["一平台"], ["一系统"], ["一城墙"],
    ]  # fmt: skip


def test_links_tell_what_else_leads_to_a_thing(graph: KnowledgeGraph) -> None:
    """Platforms of a region, narrower concepts, sections and gaps are named."""
    links = told(graph, "kgr:hunan")["links"]
    assert {link["kind"] for link in links} == {"Initiative", "Region", "Gap", "Section"}
    assert {"kg:ofRegion", "kg:member", "kg:aboutRegion"} == {by for li in links for by in li["by"]}


def test_the_ontology_tells_its_terms(
    graph: KnowledgeGraph, triples: list[tuple[str, str, ox.Literal | str]]
) -> None:
    """Every term of ours is there with its label and definition."""
    terms = {term["id"]: term for term in told(graph, f"{ROOT}ontology")["terms"]}
    expected = {it for it, _, _ in triples if it.startswith(f"{ROOT}ontology#")}
    assert terms.keys() == expected
    assert terms[expand("kg:Target")]["label"] == {"zh": "目标", "en": "Target"}
    for term in terms.values():
        assert {*values(term["facts"], "skos:definition")}
        assert term["label"].keys() == {"zh", "en"}
