"""What the service says of itself in RDF: true, whole, in known terms, the same bytes each time."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from graph_fixtures import ROOT as ROOT_FOLDER
from graph_fixtures import open_engine, real_project, run_python
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SDO, SH, VOID

from kg.catalogue import Catalogue
from kg.names import ID, PREFIXES, ROOT, expand
from kg.vocabularies import VOCABULARIES, node
from kg.web.described.counts import PlainEngine, count
from kg.web.described.descriptions import (
    dataset_description,
    examples,
    service_description,
    written,
)
from kg.web.sparql.answers import ROWS, TRIPLES
from kg.web.sparql.rdf import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.engines import Engine
    from kg.graph import KnowledgeGraph
    from kg.project import Project
    from kg.release import Release
    from kg.results import Answer

URL: Final = "https://example.org/kg"
ENDPOINT: Final = f"{URL}/sparql"
DATASET: Final = f"{ROOT}.well-known/void#dataset"
SD: Final = rdflib.Namespace(VOCABULARIES["sd"])
SPDX: Final = rdflib.Namespace(VOCABULARIES["spdx"])

Ours = ox.NamedNode | ox.Literal

DOCUMENTS: Final = ("service", "dataset", "examples")

READERS: Final = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/n-quads": "nquads",
    "application/trig": "trig",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
"""Media type -> how rdflib calls it."""


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
def release(graph: KnowledgeGraph) -> Release:
    """Give the release of the real graph."""
    assert graph.release is not None
    return graph.release


@pytest.fixture(scope="module")
def documents(graph: KnowledgeGraph, release: Release) -> dict[str, list[ox.Triple]]:
    """Give the three documents of the real graph."""
    return {
        "service": service_description(graph.engine, URL, union=True),
        "dataset": dataset_description(graph.engine, URL, release),
        "examples": examples(graph.catalogue(), URL),
    }


def read(triples: list[ox.Triple], media_type: str = "text/turtle") -> rdflib.Graph:
    """Write triples, and read them with rdflib."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=written(triples, media_type), format=READERS[media_type])
    found = rdflib.Graph()
    for triple in dataset.triples((None, None, None)):
        found.add(triple)
    return found


def plain(triples: Iterable[Iterable[Any]]) -> set[tuple[str, ...]]:
    """Give the triples of either library as texts and their language, datatypes apart."""
    found = set()
    for triple in triples:
        terms = tuple(triple)
        texts_ = (term.value if isinstance(term, Ours) else str(term) for term in terms)
        found.add((*texts_, getattr(terms[-1], "language", None) or ""))
    return found


def values(found: rdflib.Graph, subject: str, name: str) -> list[rdflib.term.Node]:
    """Give the values of a property, a CURIE, of a thing."""
    return list(found.objects(rdflib.URIRef(subject), rdflib.URIRef(node(name).value)))


def texts(found: rdflib.Graph, subject: str, name: str) -> set[str]:
    """Give the values of a property as texts."""
    return {str(value) for value in values(found, subject, name)}


def languages(found: rdflib.Graph, subject: str, name: str) -> list[str]:
    """Give the languages of the texts of a property."""
    literals = (it for it in values(found, subject, name) if isinstance(it, rdflib.Literal))
    return sorted(literal.language or "" for literal in literals)


class Asked:
    """An engine that counts what it is asked."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine that answers."""
        self.engine, self.count = engine, 0

    def answer(self, sparql: str, media_type: str) -> Answer:
        """Answer and count."""
        self.count += 1
        return self.engine.answer(sparql, media_type)

    def close(self) -> None:
        """Do nothing."""


# --- all of them --------------------------------------------------------------------------------


# rdflib 7.6 warns of its own use of an old name whenever TriG is read
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("media_type", TRIPLES)
def test_every_format_holds_the_same(
    documents: dict[str, list[ox.Triple]], name: str, media_type: str
) -> None:
    """Oxigraph and rdflib read from each format the triples that were meant."""
    triples = documents[name]
    body = written(triples, media_type)
    parsed = {quad.triple for quad in ox.parse(body, format=TRIPLES[media_type])}
    assert parsed == set(triples)
    assert plain(read(triples, media_type)) == plain(triples)
    assert len(triples) == len(set(triples))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_turtle_is_readable(documents: dict[str, list[ox.Triple]], name: str) -> None:
    """Prefixes are declared, those in use only, in order, and a thing is told of in one block."""
    lines = written(documents[name], "text/turtle").decode().splitlines()
    declared = [line.split()[1] for line in lines if line.startswith("@prefix ")]
    body = "\n".join(line for line in lines if not line.startswith("@prefix "))
    assert declared == sorted(declared)
    assert [p for p in declared if p not in body and p not in {"rdf:", "xsd:"}] == []
    subjects = [line.split()[0] for line in lines if not line.startswith(("@prefix ", "\t"))]
    assert len(subjects) == len(set(subjects)) == len({t.subject for t in documents[name]})


TWICE: Final = """
import sys, hashlib
from pathlib import Path
from kg.catalogue import Catalogue
from kg.engines import ENGINES
from kg.release import open_release
from kg.web.described.descriptions import dataset_description, examples, service_description
from kg.web.sparql.answers import TRIPLES
from kg.web.sparql.rdf import written
release = open_release(Path(sys.argv[1]))
engine = ENGINES["oxigraph"](release.path)
for triples in (
    service_description(engine, sys.argv[3], union=True),
    dataset_description(engine, sys.argv[3], release),
    examples(Catalogue(Path(sys.argv[2])), sys.argv[3]),
):
    for media_type in TRIPLES:
        print(hashlib.sha256(written(triples, media_type)).hexdigest())
"""


def test_they_are_the_same_bytes_each_time(project: Project, release: Release) -> None:
    """Processes of another hash seed and locale write every format byte by byte alike."""
    runs = [
        run_python(
            TWICE,
            *map(str, (release.path, project.queries, URL)),
            environment={"PYTHONHASHSEED": seed, "LC_ALL": locale},
        )
        for seed, locale in (("1", "C"), ("2", "C.UTF-8"))
    ]
    assert [run.stderr.decode() for run in runs] == ["", ""]
    assert runs[0].stdout == runs[1].stdout
    assert len(set(runs[0].stdout.split())) >= len(TRIPLES) * 2


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_blank_or_empty(documents: dict[str, list[ox.Triple]], name: str) -> None:
    """Every node has an IRI and every literal has text."""
    for triple in documents[name]:
        assert isinstance(triple.subject, ox.NamedNode)
        assert isinstance(triple.object, ox.NamedNode | ox.Literal)
        assert triple.object.value.strip()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_terms_are_those_of_the_vocabularies(
    documents: dict[str, list[ox.Triple]], name: str
) -> None:
    """Each class and property is one that its vocabulary declares."""
    known = (DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SDO, SH, VOID)
    others = {*map(str, (*SCHEMA, *CLASSES, *NEWER)), str(SD.namedGraph)}
    used = {triple.predicate.value for triple in documents[name]}
    used |= {
        triple.object.value
        for triple in documents[name]
        if triple.predicate.value == str(RDF.type) and isinstance(triple.object, ox.NamedNode)
    }
    assert used
    assert [
        term
        for term in sorted(used - others)
        if not any(rdflib.URIRef(term) in vocabulary for vocabulary in known)
    ] == []


NEWER: Final = (
    SPDX.Checksum,
    SPDX.checksum,
    SPDX.algorithm,
    SPDX.checksumValue,
    rdflib.URIRef(str(DCAT) + "version"),
)
"""Terms of SPDX and of DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), which rdflib does not list."""

ADDRESSES: Final = (
    r"/",
    r"/sparql(#[^ ]*)?",
    r"/openapi\.json",
    r"/data/dataset\.nq(#(distribution|checksum))?",
    r"/\.well-known/void",
    r"/queries/[a-z0-9-]+",
)
"""Where the service answers."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_addresses_are_those_of_the_service(
    documents: dict[str, list[ox.Triple]], name: str
) -> None:
    """What a document says of the service's own address is something that it serves."""
    terms = {term for triple in documents[name] for term in (triple.subject, triple.object)}
    ours = {t.value for t in terms if isinstance(t, ox.NamedNode) and t.value.startswith(URL)}
    assert ours
    assert [
        iri
        for iri in ours
        if not any(re.fullmatch(path, iri.removeprefix(URL)) for path in ADDRESSES)
    ] == []


def test_they_ask_little(graph: KnowledgeGraph, release: Release) -> None:
    """A dozen queries are enough, however many classes and properties there are."""
    asked = Asked(graph.engine)
    service_description(asked, URL, union=True)
    dataset_description(asked, URL, release)
    assert asked.count <= 12


# --- the endpoint -------------------------------------------------------------------------------

CLASSES: Final = (SD.Service, SD.Dataset, SD.Graph, SD.GraphCollection, SD.NamedGraph)

SCHEMA: Final = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, None),
    SD.defaultEntailmentRegime: (SD.Service, None),
    SD.resultFormat: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.availableGraphs: (SD.Service, SD.GraphCollection),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
    VOID.triples: (SD.Graph, None),
}
"""Property -> the classes of its subject and object, by https://www.w3.org/ns/sparql-service-description."""


def test_the_endpoint_is_described_by_its_schema(documents: dict[str, list[ox.Triple]]) -> None:
    """Subjects and objects of every property are of the classes that it takes."""
    found = read(documents["service"])
    for property_, classes in SCHEMA.items():
        for subject, value in found.subject_objects(property_):
            for it, class_ in zip((subject, value), classes, strict=True):
                assert class_ is None or (it, RDF.type, class_) in found
    for subject, value in found.subject_objects(SD.namedGraph):
        assert {SD.Dataset, SD.GraphCollection} & set(found.objects(subject, RDF.type))
        assert (value, RDF.type, SD.NamedGraph) in found
    assert {p for p in found.predicates() if str(p).startswith(str(SD))} == set(SCHEMA) - {
        VOID.triples
    } | {SD.namedGraph}


def test_the_endpoint_says_what_it_can(documents: dict[str, list[ox.Triple]]) -> None:
    """Its address, SPARQL 1.1, every format that it answers in; and no feature that it lacks."""
    found = read(documents["service"])
    service = f"{ENDPOINT}#service"
    assert texts(found, service, "sd:endpoint") == {ENDPOINT}
    assert texts(found, service, "sd:supportedLanguage") == {str(SD.SPARQL11Query)}
    assert texts(found, service, "sd:feature") == {str(SD.UnionDefaultGraph)}
    formats = {FORMATS[media_type] for media_type in (*ROWS, *TRIPLES)}
    assert set(FORMATS) == {*ROWS, *TRIPLES}
    assert texts(found, service, "sd:resultFormat") == {
        f"http://www.w3.org/ns/formats/{name}" for name in formats
    }
    assert languages(found, service, "dcterms:title") == ["en", "zh"]


def sizes(found: rdflib.Graph, subject: rdflib.term.Node) -> dict[str, int]:
    """Give the triples of each named graph of a dataset or collection."""
    return {
        str(found.value(named, SD.name)): int(
            str(found.value(found.value(named, SD.graph), VOID.triples))
        )
        for named in found.objects(subject, SD.namedGraph)
    }


def test_the_endpoint_counts_its_graphs(
    documents: dict[str, list[ox.Triple]], release: Release
) -> None:
    """Named graphs have as many triples as the manifest says, and the default one has all."""
    found = read(documents["service"])
    service = rdflib.URIRef(f"{ENDPOINT}#service")
    dataset = found.value(service, SD.defaultDataset)
    assert str(dataset) == DATASET
    for subject in (dataset, found.value(service, SD.availableGraphs)):
        assert subject is not None
        assert sizes(found, subject) == release.manifest["graphs"]
    default = found.value(dataset, SD.defaultGraph)
    assert found.value(default, VOID.triples) == rdflib.Literal(release.manifest["quads"])


TRIG: Final = """
PREFIX ex: <https://example.net/>
ex:a a ex:A ; ex:p 1 , 2 .
ex:one { ex:a ex:p 3 }
<https://example.net/b#二/三%2F?x=y&z> { ex:b a ex:A , [ ex:p 4 ] . ex:b ex:p "五"@zh }
GRAPH _:blank { ex:c ex:p 6 }
"""


@pytest.fixture
def other() -> PlainEngine:
    """Give a dataset of someone else, with a default graph of its own."""
    store = ox.Store()
    store.load(TRIG.encode(), format=ox.RdfFormat.TRIG)
    return PlainEngine(store)


def test_another_dataset_is_no_union(other: PlainEngine) -> None:
    """Of a data file the default graph is counted by itself, and no union is claimed."""
    found = read(service_description(other, URL, union=False))
    assert not list(found.objects(None, SD.feature))
    dataset = rdflib.URIRef(f"{URL}/.well-known/void#dataset")
    assert sizes(found, dataset) == {
        "https://example.net/one": 1,
        "https://example.net/b#二/三%2F?x=y&z": 4,
    }
    default = found.value(dataset, SD.defaultGraph)
    assert found.value(default, VOID.triples) == rdflib.Literal(3)


# --- the dataset --------------------------------------------------------------------------------

QUAD: Final = re.compile(r"(<[^>]*>) (<[^>]*>) (.*) (<[^>]*>) \.")
LINKING: Final = {
    expand(f"skos:{how}Match") for how in ("broad", "close", "exact", "narrow", "related")
}


def counted(nquads: str) -> dict[tuple[str, ...], int]:
    """Count what N-Quads hold, in plain Python: what is counted -> how many there are."""
    matches = (QUAD.fullmatch(line) for line in nquads.splitlines())
    triples = {match.groups()[:3] for match in matches if match is not None}
    plain = [(s[1:-1], p[1:-1], o) for s, p, o in triples]
    types = defaultdict(set)
    for s, p, o in plain:
        if p == str(RDF.type):
            types[s].add(o[1:-1])
    things = {s for s, _, _ in plain}
    found: Counter[tuple[str, ...]] = Counter()
    found["triples",] = len(plain)
    found["distinctSubjects",] = len(things)
    found["distinctObjects",] = len({o for _, _, o in plain})
    found["properties",] = len({p for _, p, _ in plain})
    found["classes",] = len(set().union(*types.values()))
    found["entities",] = len([thing for thing in things if thing.startswith(ID)])
    found.update(("class", class_, "entities") for classes in types.values() for class_ in classes)
    return dict(found + counted_of_properties(plain, types))


def counted_of_properties(
    plain: list[tuple[str, str, str]], types: dict[str, set[str]]
) -> Counter[tuple[str, ...]]:
    """Count how properties are used: at all, by the things of a class, as links to elsewhere."""
    found: Counter[tuple[str, ...]] = Counter()
    subjects, objects = defaultdict(set), defaultdict(set)
    for s, p, o in plain:
        subjects[p].add(s)
        objects[p].add(o)
        found["property", p, "triples"] += 1
        found.update(("class", class_, p) for class_ in types.get(s, ()))
        if p in LINKING and s.startswith(ID) and not o.startswith(f"<{ID}"):
            found["links", p, "/".join(o[1:].split("/")[:3]) + "/"] += 1
    for p in subjects:
        found["property", p, "distinctSubjects"] = len(subjects[p])
        found["property", p, "distinctObjects"] = len(objects[p])
    return found


def told(found: rdflib.Graph, dataset: str = DATASET) -> dict[tuple[str, ...], int]:
    """Give the counts that a description tells, in the same form."""
    counts: dict[tuple[str, ...], int] = {}

    def take(thing: rdflib.term.Node, *key: str) -> None:
        for property_, value in found.predicate_objects(thing):
            if isinstance(value, rdflib.Literal) and isinstance(value.value, int):
                counts[*key, str(property_).removeprefix(str(VOID))] = value.value

    it = rdflib.URIRef(dataset)
    take(it)
    for part in found.objects(it, VOID.propertyPartition):
        take(part, "property", str(found.value(part, VOID.property)))
    for part in found.objects(it, VOID.classPartition):
        class_ = str(found.value(part, VOID["class"]))
        take(part, "class", class_)
        for inner in found.objects(part, VOID.propertyPartition):
            size = found.value(inner, VOID.triples)
            counts["class", class_, str(found.value(inner, VOID.property))] = int(str(size))
    for part in found.objects(it, VOID.subset):
        target = found.value(part, VOID.objectsTarget)
        key = (str(found.value(part, VOID.linkPredicate)), str(found.value(target, VOID.uriSpace)))
        counts["links", *key] = int(str(found.value(part, VOID.triples)))
    return counts


@pytest.fixture(scope="module")
def nquads(release: Release) -> str:
    """Give the text of the real dataset."""
    return release.dataset.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def void(documents: dict[str, list[ox.Triple]]) -> rdflib.Graph:
    """Give the description of the real dataset."""
    return read(documents["dataset"])


def test_every_count_is_that_of_the_dataset(
    void: rdflib.Graph, nquads: str, release: Release
) -> None:
    """Totals, classes, properties, properties of classes and links are as the lines say."""
    counts = told(void)
    assert counts == counted(nquads)
    assert counts["triples",] == release.manifest["quads"]
    assert counts["class", expand("kg:Region"), "entities"] >= 34


@pytest.mark.parametrize(
    "words", ["#type> <{kg}Target>", "#exactMatch> ", "#broader> ", "#quote> "]
)
def test_a_wrong_count_is_seen(void: rdflib.Graph, nquads: str, words: str) -> None:
    """A dataset that lacks one line has other counts than those that are told."""
    wanted = words.format(kg=PREFIXES["kg"])
    lines = nquads.splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if wanted in line and line.startswith(f"<{ID}"))
    assert counted("".join(lines[:at] + lines[at + 1 :])) != told(void)


def test_every_told_count_is_compared(void: rdflib.Graph) -> None:
    """No number of the document, file sizes apart, escapes the comparison."""
    numbers = [
        (subject, property_)
        for subject, property_, value in void
        if isinstance(value, rdflib.Literal)
        and isinstance(value.value, int)
        and property_ != DCAT.byteSize
    ]
    assert len(numbers) == len(told(void))


def test_the_dataset_is_cited_as_the_repository_says(void: rdflib.Graph, release: Release) -> None:
    """Title, makers, version, day and licence are those of CITATION.cff and LICENSE-DATA."""
    cited = yaml.safe_load((ROOT_FOLDER / "CITATION.cff").read_text(encoding="utf-8"))
    licence = (ROOT_FOLDER / "LICENSE-DATA").read_text(encoding="utf-8")
    (address,) = texts(void, DATASET, "dcterms:license")
    assert cited["license"] == "CC-BY-4.0"
    assert f"{address}legalcode" in licence
    assert cited["title"] in texts(void, DATASET, "dcterms:title")
    assert texts(void, DATASET, "dcat:version") == {cited["version"]}
    assert texts(void, DATASET, "dcterms:issued") == {cited["date-released"]}
    assert texts(void, DATASET, "dcterms:identifier") == {release.id}
    for name in ("dcterms:creator", "dcterms:publisher"):
        (makers,) = texts(void, DATASET, name)
        assert cited["authors"][0]["name"] in texts(void, makers, "foaf:name")
    for text in texts(void, f"{DATASET.partition('#')[0]}#rights", "rdfs:label"):
        assert "CC BY 4.0" in text


def test_the_dataset_speaks_both_languages(void: rdflib.Graph) -> None:
    """Title, description, keywords, makers and rights are told in Chinese and English."""
    document = DATASET.partition("#")[0]
    for subject, name in (
        (DATASET, "dcterms:title"),
        (DATASET, "dcterms:description"),
        (f"{document}#contributors", "foaf:name"),
        (f"{document}#rights", "rdfs:label"),
        (f"{URL}/.well-known/void", "dcterms:title"),
        (f"{URL}/data/dataset.nq#distribution", "dcterms:title"),
        (f"{ENDPOINT}#service", "dcterms:title"),
    ):
        assert languages(void, subject, name) == ["en", "zh"], (subject, name)
    words = languages(void, DATASET, "dcat:keyword")
    assert words.count("en") == words.count("zh") == len(words) / 2 > 0
    assert texts(void, DATASET, "dcterms:language") == {
        f"http://id.loc.gov/vocabulary/iso639-1/{language}" for language in ("zh", "en")
    }


def test_the_dump_is_the_file_that_is_served(void: rdflib.Graph, release: Release) -> None:
    """Size and SHA-256 of the distribution are those of dataset.nq."""
    (distribution,) = texts(void, DATASET, "dcat:distribution")
    data = release.dataset.read_bytes()
    assert texts(void, distribution, "dcat:byteSize") == {str(len(data))}
    (checksum,) = texts(void, distribution, "spdx:checksum")
    (digest,) = texts(void, checksum, "spdx:checksumValue")
    assert digest.lower() == hashlib.sha256(data).hexdigest()
    assert texts(void, distribution, "dcat:downloadURL") == texts(void, DATASET, "void:dataDump")
    assert texts(void, DATASET, "void:dataDump") == {f"{URL}/data/dataset.nq"}
    assert texts(void, DATASET, "void:sparqlEndpoint") == {ENDPOINT}


def test_sources_are_named_with_their_rights(void: rdflib.Graph, project: Project) -> None:
    """Every source of the project is one of the dataset, with title, citation and rights."""
    sources = texts(void, DATASET, "dcterms:source")
    assert sources == {f"{ID}source/{folder.name}" for folder in project.sources()}
    for source in sources:
        for name in ("dcterms:title", "dcterms:bibliographicCitation", "dcterms:rights"):
            assert languages(void, source, name) == ["en", "zh"]


def test_examples_of_things_are_things(void: rdflib.Graph, nquads: str) -> None:
    """There is an example of every kind of thing, and the dataset tells of it."""
    examples_ = texts(void, DATASET, "void:exampleResource")
    subjects = {line[1 : line.index(">")] for line in nquads.splitlines()}
    assert examples_ <= subjects
    kinds = [iri.removeprefix(ID).split("/")[0] for iri in examples_]
    assert sorted(kinds) == sorted(
        {s.removeprefix(ID).split("/")[0] for s in subjects if s.startswith(ID)}
    )
    assert texts(void, DATASET, "void:uriSpace") == {ID}


def test_vocabularies_are_those_in_use(void: rdflib.Graph) -> None:
    """The namespaces that are listed hold every class and property, and none is idle."""
    spaces = texts(void, DATASET, "void:vocabulary")
    names = {str(name) for p in (VOID["class"], VOID.property) for name in void.objects(None, p)}
    assert [name for name in names if not any(name.startswith(space) for space in spaces)] == []
    assert [space for space in spaces if not any(name.startswith(space) for name in names)] == []


def test_of_another_dataset_only_counts_are_told(other: PlainEngine) -> None:
    """A data file gets no title, maker or licence of ours, nor a blank class, and is counted."""
    found = read(dataset_description(other, URL, None))
    counts = told(found, f"{URL}/.well-known/void#dataset")
    assert counts["triples",] == 3
    assert counts["class", "https://example.net/A", "entities"] == 1
    assert counts["class", "https://example.net/A", "https://example.net/p"] == 2
    assert not [p for p in found.predicates() if str(p).startswith((str(DCAT), str(SPDX)))]
    assert ROOT not in found.serialize(format="nt")


LINKED: Final = """
PREFIX kgc: <https://w3id.org/dgkg/id/concept/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX ex: <https://example.net/a/>
kgc:a skos:exactMatch kgc:b , ex:a ; skos:closeMatch ex:b ; skos:related ex:c .
ex:a skos:exactMatch kgc:a , ex:b .
"""


def test_links_lead_from_our_things_to_those_of_others() -> None:
    """Neither a link among our own things is counted, nor one of others, nor other properties."""
    store = ox.Store()
    store.load(LINKED.encode(), format=ox.RdfFormat.TURTLE)
    assert count(PlainEngine(store)).links == {
        (expand("skos:closeMatch"), "https://example.net/"): 1,
        (expand("skos:exactMatch"), "https://example.net/"): 1,
    }


# --- examples -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(documents: dict[str, list[ox.Triple]]) -> rdflib.Graph:
    """Give the examples."""
    return read(documents["examples"])


def test_every_question_is_an_example(saved: rdflib.Graph, graph: KnowledgeGraph) -> None:
    """Each saved question is there once, and its query is the text of its file."""
    told_ = {str(subject): str(text) for subject, text in saved.subject_objects(SH.select)}
    files = {
        f"{ROOT}queries/{name}": "".join(
            line
            for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
            if not line.startswith("#+")
        )
        for name, path in graph.catalogue().paths.items()
    }
    assert told_ == files


def test_an_example_has_what_its_readers_look_for(saved: rdflib.Graph) -> None:
    """One query, a question in each language once, the endpoint, words, and declared prefixes."""
    for subject in saved.subjects(SH.select):
        classes = set(saved.objects(subject, RDF.type))
        assert classes == {SH.SPARQLExecutable, SH.SPARQLSelectExecutable}
        assert languages(saved, str(subject), "rdfs:comment") == ["en", "zh"]
        assert languages(saved, str(subject), "rdfs:label") == ["en", "zh"]
        assert texts(saved, str(subject), "schema:target") == {ENDPOINT}
        assert texts(saved, str(subject), "schema:keywords")
        (prefixes,) = saved.objects(subject, SH.prefixes)
        declared = {
            str(saved.value(it, SH.prefix)): str(saved.value(it, SH.namespace))
            for it in saved.objects(prefixes, SH.declare)
        }
        assert declared == PREFIXES


def test_examples_run_and_answer_as_the_questions_do(
    saved: rdflib.Graph, graph: KnowledgeGraph
) -> None:
    """Each query, as a client would take it from the document, gives the question's own rows."""
    for subject, text in saved.subject_objects(SH.select):
        name = str(subject).rpartition("/")[2]
        assert graph.table(str(text)).rows == graph.ask(name).table.rows, name


def test_without_questions_there_are_no_examples(tmp_path: Path) -> None:
    """A service without saved questions has an empty document, which every format can be."""
    triples = examples(Catalogue(tmp_path), URL)
    assert triples == []
    for media_type in TRIPLES:
        assert list(ox.parse(written(triples, media_type), format=TRIPLES[media_type])) == []
