"""A path names one thing or none; the document of a thing tells the dataset, in every format."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

import pyoxigraph as ox
import pytest
import rdflib
from graph_fixtures import open_engine, real_project, run_python
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, VOID
from rdflib.plugins.parsers.jsonld import to_rdf

from kg.engines.base import ClosedEngine
from kg.engines.oxigraph import OxigraphEngine
from kg.errors import NamingError, NotOfferedError, UsageError
from kg.graph import KnowledgeGraph
from kg.names import GRAPH, ID, KINDS, ONTOLOGY_GRAPH, REFERENCE_GRAPH, ROOT, expand, shorten
from kg.web.linked.documents import FORMATS, choices, document, iri_of, path_of
from kg.web.linked.known import MOST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.project import Project

URL: Final = "https://example.org/kg"
SOURCE: Final = "2021-provincial-roundup"
ONTOLOGY: Final = f"{ROOT}ontology"

RDF_FORMATS: Final = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld"}
"""Suffix of a document in RDF -> how rdflib calls its format."""
OX_FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}

LINE: Final = re.compile(r"<([^>]*)> <([^>]*)> (.*) <([^>]*)> \.")
"""A line of the dataset, which has no blank nodes."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the real project, built."""
    return real_project(tmp_path_factory)


@pytest.fixture(scope="module")
def graph(project: Project) -> Iterator[KnowledgeGraph]:
    """Give the real graph."""
    with open_engine(project) as opened:
        yield opened


class Data:
    """The dataset as its file tells it, read line by line without any library."""

    def __init__(self, path: Path) -> None:
        """Read a file of N-Quads."""
        self.triples: set[str] = set()
        self.graphs: dict[str, set[str]] = defaultdict(set)
        self.facts: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            match = LINE.fullmatch(line)
            assert match is not None, line
            subject, link, term, graph = match.groups()
            triple = f"<{subject}> <{link}> {term} ."
            self.triples.add(triple)
            self.graphs[graph].add(triple)
            self.facts[subject].append((link, term))

    def values(self, subject: str, link: str) -> list[str]:
        """Give the values of a property, IRIs bare and texts without quotation marks."""
        found = (term for name, term in self.facts[subject] if name == expand(link))
        return [re.sub(r'^[<"]|[>"]$|"@\w+$|"\^\^<[^>]*>$', "", term) for term in found]

    def own(self) -> list[str]:
        """Give the subjects in the project's own space."""
        return sorted(subject for subject in self.facts if subject.startswith(ROOT))


@pytest.fixture(scope="module")
def data(project: Project) -> Data:
    """Give the dataset as it stands in its file."""
    return Data(project.build / "current" / "dataset.nq")


def topics(data: Data) -> list[str]:
    """Give things of every class: the first one, and the one with most facts."""
    of_class: dict[str, list[str]] = defaultdict(list)
    for subject in data.own():
        if subject.startswith(ID):
            for class_ in data.values(subject, "rdf:type"):
                of_class[class_].append(subject)
    most = (max(found, key=lambda it: len(data.facts[it])) for found in of_class.values())
    first = (found[0] for found in of_class.values())
    graphs = (graph for graph in data.graphs)
    return sorted({*first, *most, *graphs, ONTOLOGY})


def lines_of(body: bytes) -> set[str]:
    """Give the triples of a document in N-Triples as its lines."""
    return set(body.decode().splitlines())


def of_dataset(graph: KnowledgeGraph, iri: str) -> set[str]:
    """Give the lines of a document that tell of the topic, not of the document."""
    lines = lines_of(document(graph, iri, "nt", URL))
    return {line for line in lines if not line.startswith(f"<{URL}/")}


@cache
def read(body: bytes, form: str) -> rdflib.Graph:
    """Read a document with rdflib."""
    if form == "json-ld":  # rdflib warns of itself where it parses JSON-LD in any other way
        found = rdflib.Graph()
        to_rdf(json.loads(body), found)
        return found
    return rdflib.Graph().parse(data=body.decode(), format=form)


# --- paths --------------------------------------------------------------------------------------


def test_every_subject_has_a_path_that_leads_back_to_it(graph: KnowledgeGraph, data: Data) -> None:
    """A path is plain ASCII, is no document's, and names the IRI that it was made from."""
    for iri in data.own():
        path = path_of(iri)
        assert path.isascii()
        assert path.rpartition(".")[2] not in {*FORMATS, "html"}
        assert iri_of(graph, unquote(path)) == iri


def test_the_documents_of_terms_are_that_of_the_ontology(data: Data) -> None:
    """What a client asks for when it wants a term is the ontology: it sends no fragment."""
    terms = [iri for iri in data.own() if "#" in iri]
    assert len(terms) > 200
    assert {urlsplit(path_of(term, "ttl")).path for term in terms} == {"/ontology.ttl"}
    assert {urlsplit(path_of(term)).fragment for term in terms} == {
        term.partition("#")[2] for term in terms
    }


@pytest.mark.parametrize(
    ("path", "curie"),
    [
        ("/id/region/shanghai", "kgr:shanghai"),
        ("/id/region/上海", "kgr:shanghai"),
        ("/id/region/上海市", "kgr:shanghai"),
        ("/id/region/Shanghai Municipality", "kgr:shanghai"),
        ("/id/region/SHANGHAI", "kgr:shanghai"),
        ("/id/region/shang hai", "kgr:shanghai"),
        ("/id/region/沪", "kgr:shanghai"),
        ("/id/region/CN-SH", "kgr:shanghai"),
        ("/id/region/310000", "kgr:shanghai"),
        ("/id/region/kgr:shanghai", "kgr:shanghai"),
        ("/id/concept/一网通办", "kgc:yi-wang-tong-ban"),
        ("/id/concept/Yiwang Tongban", "kgc:yi-wang-tong-ban"),
        ("/id/concept/yiwangtongban", "kgc:yi-wang-tong-ban"),
        ("/id/platform/“赣服通”", "kgp:gan-fu-tong"),
        ("/id/platform/赣服通", "kgp:gan-fu-tong"),
        (f"/id/source/{SOURCE}.shanghai", f"kgs:{SOURCE}.shanghai"),
        ("/id/source/2021年各地“数字政府”建设政策及措施", f"kgs:{SOURCE}"),
        ("/id/claim/shanxi-five-ones.part.2", "kgcl:shanxi-five-ones.part.2"),
        ("/id/claim/“五个一”总体架构", "kgcl:shanxi-five-ones"),
        (f"/id/passage/{SOURCE}.guangxi.02", f"kgt:{SOURCE}.guangxi.02"),
        ("/id/evidence/shanxi-five-ones.1.quote", "kge:shanxi-five-ones.1.quote"),
        ("/id/gap/roundup-figure-2", "kgg:roundup-figure-2"),
        (f"/graph/source/{SOURCE}", f"{GRAPH}source/{SOURCE}"),
        ("/graph/source/2021年各地“数字政府”建设政策及措施", f"{GRAPH}source/{SOURCE}"),
        ("/graph/reference", REFERENCE_GRAPH),
        ("/ontology", ONTOLOGY),
        ("/ontology/1.0.0", ONTOLOGY),
        ("/ontology#Target", "kg:Target"),
    ],
)
def test_any_name_of_a_thing_leads_to_it(graph: KnowledgeGraph, path: str, curie: str) -> None:
    """Keys, labels in both languages, variants, pinyin and codes name one thing."""
    assert shorten(iri_of(graph, path)) == curie


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_is_taken_within_its_kind(graph: KnowledgeGraph, data: Data, kind: str) -> None:
    """The key of a thing names nothing of another kind that has no such key."""
    name = next(it for it in data.own() if it.startswith(f"{ID}{kind}/")).rpartition("/")[2]
    for other in set(KINDS) - {kind}:
        if f"{ID}{other}/{name}" not in data.facts:
            with pytest.raises(NamingError):
                iri_of(graph, f"/id/{other}/{name}")


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "//", "/id", "/id/", "/id/region", "/id/region/", "/id//shanghai",
        "id/region/上海", "/region/shanghai", "/ID/region/shanghai", "/id/Region/shanghai",
        "//id/region/shanghai", "/id/region/..", "/id/region/../region/shanghai",
        "/../id/region/shanghai", "/id/./region/x", "/id/region/%2e%2e",
        "/id/region/..\\..\\etc", "/id/region/shanghai/", "/id/region/shanghai\0",
        "/id/region/\0", "/id/region/上海\n", "/id/region/shanghai\u202e", "/id/region/\ud800",
        "/id/region/a>b", "/id/region/> ?p ?o } #", '/id/region/"', "/id/region/{0}",
        "/id/region/{iri}", "//evil.example/x", "/https://evil.example/",
        "/id/region/https://evil.example/", "/id/region/file:///etc/passwd", "/etc/passwd",
        "/id/region/kgc:yi-wang-tong-ban", "/id/region/kg:level-province", "/graph", "/graph/",
        "/graph/source", "/graph/source/", "/graph/source/nothing", "/graph/sources",
        "/graph/source/上海", "/ontology/", "/ontology/2", "/ontology/Target", "/ontology#",
        "/ontology#Nothing", "/ontology/../id/region/shanghai", "/id/region/" + "上" * 100_000,
        "/" + "a/" * 100_000,
    ],
    ids=lambda path: ascii(path)[:40],
)  # fmt: skip
def test_a_path_that_names_nothing_is_unknown(graph: KnowledgeGraph, path: str) -> None:
    """However a path is twisted, it is looked up, not there, and nothing else happens."""
    with pytest.raises(NamingError) as caught:
        iri_of(graph, path)
    assert choices(caught.value) == []
    assert len(str(caught.value)) < 1000
    assert str(caught.value).isprintable()


def test_a_long_path_is_not_even_looked_up(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has so long a name, and the queries for it would be long as well."""
    asked: list[str] = []
    monkeypatch.setattr("kg.web.linked.documents.resolve", lambda _, name, __: asked.append(name))
    with pytest.raises(NamingError):
        iri_of(graph, "/id/region/" + "上" * 400)
    assert asked == []


BEGINNINGS: Final = ["", "/id/region/", "/id/claim/", "/graph/", "/ontology"]


@settings(max_examples=150)
@given(st.tuples(st.sampled_from(BEGINNINGS), st.text()).map("".join))
def test_any_text_names_a_known_thing_or_nothing(
    graph: KnowledgeGraph, data: Data, path: str
) -> None:
    """A path leads to a subject or graph of the dataset, or it is unknown."""
    try:
        iri = iri_of(graph, path)
    except NamingError:
        return
    assert iri in data.facts or iri in data.graphs


def test_a_name_of_several_things_is_asked_back(graph: KnowledgeGraph) -> None:
    """The things that an ambiguous name may mean can be offered."""
    with pytest.raises(NamingError) as caught:
        iri_of(graph, "/id/concept/五个一")
    assert choices(caught.value) == [
        expand("kgc:wu-ge-yi-guangxi"),
        expand("kgc:wu-ge-yi-shanxi"),
    ]


def test_near_names_are_kept(graph: KnowledgeGraph) -> None:
    """What is near to an unknown name or kind is told."""
    with pytest.raises(NamingError) as caught:
        iri_of(graph, "/id/concept/一网通办x")
    assert "一网通办" in caught.value.near
    assert choices(caught.value) == []
    with pytest.raises(NamingError) as caught:
        iri_of(graph, "/id/regoin/shanghai")
    assert caught.value.near == ("region",)


def test_other_iris_have_paths_that_lead_back_too() -> None:
    """Signs of an IRI that a path cannot have are percent-encoded, percent signs as well."""
    iri = f"{ROOT}id/region/a%20b 上海?x"
    assert path_of(iri) == "/id/region/a%2520b%20%E4%B8%8A%E6%B5%B7%3Fx"
    assert ROOT + unquote(path_of(iri)).removeprefix("/") == iri


# --- documents ----------------------------------------------------------------------------------


def test_every_format_tells_the_same_triples(graph: KnowledgeGraph, data: Data) -> None:
    """Two readers find in Turtle, N-Triples and JSON-LD one and the same, for every class."""
    for iri in topics(data):
        bodies = {
            suffix: document(graph, iri, suffix, URL).replace(
                f"{path_of(iri)}.{suffix}".encode(), f"{path_of(iri)}.x".encode()
            )
            for suffix in RDF_FORMATS
        }
        lines = lines_of(bodies["nt"])
        by_rdflib = [set(read(body, RDF_FORMATS[suffix])) for suffix, body in bodies.items()]
        by_oxigraph = [
            {f"{quad.triple} ." for quad in ox.parse(body, format=OX_FORMATS[suffix])}
            for suffix, body in bodies.items()
        ]
        assert [len(found ^ by_rdflib[0]) for found in by_rdflib] == [0, 0, 0], iri
        assert [found ^ lines for found in by_oxigraph] == [set(), set(), set()], iri
        assert len(by_rdflib[0]) == len(lines)


def test_a_document_tells_what_the_dataset_says(graph: KnowledgeGraph, data: Data) -> None:
    """It has all triples of its thing, and none that the dataset does not have."""
    for iri in data.own()[::25]:
        if "#" in iri:
            continue
        lines = of_dataset(graph, iri)
        own = {f"<{iri}> <{link}> {term} ." for link, term in data.facts[iri]}
        assert own <= lines, iri
        assert lines - data.triples == set(), iri


def test_a_document_tells_the_labels_of_what_it_points_to(
    graph: KnowledgeGraph, data: Data
) -> None:
    """A reader of the file alone sees what things are called."""
    for iri in set(topics(data)) - data.graphs.keys():
        lines = of_dataset(graph, iri)
        pointed = {match[1] for line in lines if (match := re.search(r" <([^>]*)> \.$", line))}
        labels = {
            f"<{it}> <{link}> {term} ."
            for it in pointed
            for link, term in data.facts.get(it, ())
            if shorten(link) in {"skos:prefLabel", "rdfs:label"}
        }
        assert labels <= lines, iri


@pytest.mark.parametrize(
    ("topic", "links"),
    [
        ("kgr:shanghai", ("kg:aboutRegion", "kg:where")),
        ("kgr:yrd", ("kg:aboutRegion", "kg:where")),
        ("kgc:yi-wang-tong-ban", ("kg:names",)),
        ("kgp:gan-fu-tong", ("kg:platform",)),
        ("kgi:hunan-one-thing-once", ("kg:initiative",)),
        ("kgcl:anhui-2022", ("kg:inheritedFrom",)),
        (f"kgs:{SOURCE}.shanghai", ("kg:inSection",)),
    ],
)
def test_the_document_of_a_thing_tells_its_claims(
    graph: KnowledgeGraph, data: Data, topic: str, links: tuple[str, ...]
) -> None:
    """Each claim that speaks of it is there with its quote, its sentence and the line."""
    iri = expand(topic)
    claims = [
        it
        for it in data.own()
        if expand("kg:Claim") in data.values(it, "rdf:type")
        and any(iri in data.values(it, link) for link in links)
    ]
    lines = of_dataset(graph, iri)
    assert claims
    for claim in claims:
        (passage,) = data.values(claim, "kg:inPassage")
        for it, link in (
            (claim, "kg:quote"),
            (claim, "skos:prefLabel"),
            (passage, "kg:text"),
            (passage, "kg:firstLine"),
        ):
            told = {
                f"<{it}> <{link_}> {t} ." for link_, t in data.facts[it] if link_ == expand(link)
            }
            assert told
            assert told <= lines, (claim, link)


def test_the_document_of_a_claim_tells_what_belongs_to_it(
    graph: KnowledgeGraph, data: Data
) -> None:
    """Evidence with its selectors, parts, mentions, quantities and times are told in full."""
    for topic, kinds in {
        "kgcl:shanxi-five-ones": ("kg:evidence", "kg:part", "kg:hasMention"),
        "kgcl:anhui-2022": ("kg:evidence", "time:hasTime"),
        "kgcl:beijing-nine-tenths-city-wide": ("kg:evidence", "kg:quantity"),
    }.items():
        iri = expand(topic)
        lines = of_dataset(graph, iri)
        held = [it for kind in kinds for it in data.values(iri, kind)]
        held += [it for evidence in held for it in data.values(evidence, "oa:hasSelector")]
        assert len(held) >= len(kinds) + 2
        for it in held:
            assert {f"<{it}> <{link}> {term} ." for link, term in data.facts[it]} <= lines, it


def test_a_document_tells_what_it_is(graph: KnowledgeGraph) -> None:
    """It names its topic, dataset, licence and rights, at its own address."""
    for suffix, form in RDF_FORMATS.items():
        iri = expand("kgr:shanghai")
        found = read(document(graph, iri, suffix, f"{URL}/"), form)
        url = rdflib.URIRef(f"{URL}/id/region/shanghai.{suffix}")
        assert found.value(url, FOAF.primaryTopic) == rdflib.URIRef(iri)
        assert found.value(url, RDF.type) == FOAF.Document
        assert found.value(url, VOID.inDataset) == rdflib.URIRef(f"{ROOT}.well-known/void#dataset")
        assert found.value(url, DCTERMS.license) is not None
        assert len(list(found.objects(url, DCTERMS.rights))) == 2
        assert not list(found.objects(url, RDFS.comment))


def test_turtle_begins_with_the_topic_and_tells_each_thing_once(
    graph: KnowledgeGraph, data: Data
) -> None:
    """Prefixes are those that are used, in order; then one block a thing, the topic's first."""
    for iri in topics(data):
        text = document(graph, iri, "ttl", URL).decode()
        blocks = text.removesuffix("\n").split(" .\n\n")
        head = [line for line in blocks[0].splitlines() if line.startswith("@prefix ")]
        assert head == sorted(head)
        for line in head[2:]:
            assert text.count(line.split()[1]) > 1 or line.split()[1] in {"rdf:", "xsd:"}
        subjects = [block.splitlines()[-1 if "@prefix" in block else 0] for block in blocks[1:]]
        names = {subject.split()[0] for subject in subjects}
        told = {line.split()[0] for line in lines_of(document(graph, iri, "nt", URL))}
        assert len(names) == len(subjects) == len(told)
        turtle = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
        assert next(iter(turtle)).subject == ox.NamedNode(iri)


def test_documents_are_the_same_bytes_again(
    project: Project, graph: KnowledgeGraph, data: Data
) -> None:
    """Neither the kind of store nor the seed of hashes changes a byte."""
    release = project.build / "current" / "dataset.nq"
    code = (
        "import sys, hashlib, pyoxigraph as ox\n"
        "from pathlib import Path\n"
        "from kg.engines.oxigraph import OxigraphEngine\n"
        "from kg.graph import KnowledgeGraph\n"
        "from kg.project import Project\n"
        "from kg.release import open_release\n"
        "from kg.web.linked.documents import FORMATS, document\n"
        "engine = OxigraphEngine()\n"
        "engine.load(Path(sys.argv[1]))\n"
        "release = open_release(Path(sys.argv[1]).parent, verify=False)\n"
        "graph = KnowledgeGraph(Project(Path('.'), Path('.')), release, engine)\n"
        "for iri in sys.argv[3:]:\n"
        "    for suffix in FORMATS:\n"
        "        print(hashlib.sha256(document(graph, iri, suffix, sys.argv[2])).hexdigest())\n"
    )
    some = topics(data)
    seed = {"PYTHONHASHSEED": "1"}
    run = run_python(code, str(release.resolve()), URL, *some, environment=seed)
    assert run.stderr == b""
    here = "".join(
        f"{hashlib.sha256(document(graph, iri, suffix, URL)).hexdigest()}\n"
        for iri in some
        for suffix in FORMATS
    )
    assert run.stdout.decode() == here


def test_no_document_opens_a_file(project: Project, data: Data) -> None:
    """A process that cannot open any file gives every format of every kind, and finds names."""
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from kg.web.linked import documents\n"
        "from kg.engines.oxigraph import OxigraphEngine\n"
        "from kg.errors import NamingError\n"
        "from kg.graph import KnowledgeGraph\n"
        "from kg.project import Project\n"
        "from kg.context import context_document\n"
        "engine = OxigraphEngine()\n"
        "engine.load(Path(sys.argv[1]))\n"
        "graph = KnowledgeGraph(Project(Path('.'), Path('.')), None, engine)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))\n"
        "for iri in sys.argv[2:]:\n"
        "    for suffix in documents.FORMATS:\n"
        "        documents.document(graph, iri, suffix, 'https://example.org')\n"
        "context_document()\n"
        "for path in ('/id/region/上海', '/id/region/nothing', '/ontology/1.0.0', '/graph/x'):\n"
        "    try:\n"
        "        documents.iri_of(graph, path)\n"
        "    except NamingError:\n"
        "        pass\n"
        "print('done')\n"
    )
    run = run_python(code, str(project.build / "current" / "dataset.nq"), *topics(data))
    assert (run.stdout, run.stderr) == (b"done\n", b"")


def test_a_document_is_bounded_and_says_what_it_leaves_out(
    graph: KnowledgeGraph, data: Data
) -> None:
    """The source, to which every claim leads, has no room for all and tells how to ask for them."""
    iri = expand(f"kgs:{SOURCE}")
    lines = of_dataset(graph, iri)
    assert MOST - 100 < len(lines) <= MOST
    found = read(document(graph, iri, "nt", URL), "nt")
    url = rdflib.URIRef(f"{URL}/id/source/{SOURCE}.nt")
    english = [str(c) for c in found.objects(url, RDFS.comment) if c.language == "en"]  # type: ignore[attr-defined]
    (left,) = re.findall(r"leaves out (\d+) things", english[0])
    told = {
        line.split()[0] for line in lines if line.endswith(f"<{expand('kg:inSource')}> <{iri}> .")
    }
    claims = {
        it
        for it in data.own()
        if iri in data.values(it, "kg:inSource") and data.values(it, "kg:quote")
    }
    parts = {it for it in claims if expand("kg:FrameworkPart") in data.values(it, "rdf:type")}
    assert 0 < int(left) == len(claims - parts) - len({f"<{it}>" for it in claims} & told)
    query = parse_qs(urlsplit(str(found.value(url, RDFS.seeAlso))).query)["query"][0]
    assert {f"<{expand(row['thing'])}>" for row in graph.table(query).records()} >= told


def test_only_the_largest_documents_are_cut(graph: KnowledgeGraph, data: Data) -> None:
    """Every region, concept, platform and initiative has all of its claims in its document."""
    leading: Counter[str] = Counter()
    for subject in data.own():
        leading.update({term[1:-1] for _, term in data.facts[subject] if term[0] == "<"})
    cut = [
        it
        for it, count in leading.items()
        if count > 50 and it.startswith(ID) and b"leaves out" in document(graph, it, "nt", URL)
    ]
    assert leading[expand("kgr:shanghai")] > 50
    assert cut == [expand(f"kgs:{SOURCE}")]


# --- the ontology and the graphs ----------------------------------------------------------------


def test_the_ontology_is_told_whole(graph: KnowledgeGraph, data: Data) -> None:
    """Its document has every triple of its graph, whichever term is asked for."""
    body = document(graph, expand("kg:Target"), "nt", URL)
    assert body == document(graph, ONTOLOGY, "nt", URL)
    assert of_dataset(graph, ONTOLOGY) == data.graphs[ONTOLOGY_GRAPH]


def test_a_graph_tells_its_size_and_source(graph: KnowledgeGraph, data: Data) -> None:
    """The number of its triples is that of the file's lines; the download has them."""
    for iri, triples in data.graphs.items():
        found = read(document(graph, iri, "ttl", URL), "turtle")
        topic = rdflib.URIRef(iri)
        assert found.value(topic, VOID.triples) == rdflib.Literal(len(triples))
        assert len(list(found.objects(topic, RDFS.label))) == 2
        source = found.value(topic, DCTERMS.source)
        expected = rdflib.URIRef(expand(f"kgs:{SOURCE}")) if "/source/" in iri else None
        assert source == expected


# --- what cannot be had -------------------------------------------------------------------------


@pytest.mark.parametrize("iri", ["https://example.org/", f"{ID}region/nowhere", f"{ROOT}x y", ""])
def test_what_is_not_known_has_no_document(graph: KnowledgeGraph, iri: str) -> None:
    """Neither other IRIs nor unknown ones do."""
    with pytest.raises(NamingError):
        document(graph, iri, "ttl", URL)


@pytest.mark.parametrize("suffix", ["rdf", "html", "", "../ttl"])
def test_other_formats_are_not_offered(graph: KnowledgeGraph, suffix: str) -> None:
    """Only the formats of the table are."""
    with pytest.raises(NotOfferedError):
        document(graph, expand("kgr:shanghai"), suffix, URL)


def test_another_engine_is_refused(project: Project) -> None:
    """The store is asked itself, so it has to be there."""
    graph = KnowledgeGraph(project, None, ClosedEngine())
    with pytest.raises(UsageError):
        iri_of(graph, "/id/region/shanghai")


def test_hidden_characters_are_told_as_their_code_points(project: Project) -> None:
    """What turns text around does so in no format, and is there when it is read again."""
    engine, label = OxigraphEngine(), "a\u202eb\u2066c\x7f</script>\\"
    quad = ox.Quad(
        ox.NamedNode(f"{ID}region/x"),
        ox.NamedNode(expand("skos:prefLabel")),
        ox.Literal(label, language="en"),
        ox.NamedNode(REFERENCE_GRAPH),
    )
    engine.store.add(quad)
    graph = KnowledgeGraph(project, None, engine)
    for suffix in FORMATS:
        body = document(graph, f"{ID}region/x", suffix, URL)
        assert not {"\u202e", "\u2066", "\x7f"} & set(body.decode())
        assert suffix not in {"json", "jsonld"} or b"<" not in body
        if suffix in RDF_FORMATS:
            found = {q.object for q in ox.parse(body, format=OX_FORMATS[suffix])}
            assert quad.object in found
