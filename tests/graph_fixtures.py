"""A small graph of the project's own shape, and the releases that tests read.

Two sources speak of one platform and one concept; two regions have a framework of one name;
literals hold what is hard to write: quotes, line breaks, tabs, signs beyond the BMP.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from conftest import copy_project

from kg.build import build
from kg.dataset import Dataset
from kg.engines import ENGINES
from kg.graph import KnowledgeGraph
from kg.names import PREFIXES
from kg.project import Project
from kg.release import current, write_release
from kg.triples import Triple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pytest

    from kg.release import Release

__all__ = [
    "HEAD",
    "PLATFORMS_OF_CONCEPT",
    "ROOT",
    "TRICKY",
    "open_engine",
    "real_project",
    "run_kg",
    "run_python",
    "small_dataset",
    "small_nquads",
    "small_project",
    "small_release",
    "toy_project",
]

ROOT: Final = Path(__file__).parents[1]
"""The repository."""

HEAD: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

TRICKY: Final = '他说："一网通办"\n\t反斜杠\\与𠮷🙂'
"""A literal with quotation marks, a line break, a tab, a backslash and signs beyond the BMP."""

SMALL: Final = """
GRAPH <https://w3id.org/dgkg/graph/ontology> {
  kg:Claim rdfs:label "断言"@zh , "Claim"@en .
  kg:Target rdfs:subClassOf kg:Claim ; rdfs:label "目标"@zh , "Target"@en .
  kg:platform rdfs:label "平台"@zh , "platform"@en .
  kg:form-platform-planned kg:rank 2 .
  kg:level-province skos:prefLabel "省级"@zh , "province level"@en .
}
GRAPH <https://w3id.org/dgkg/graph/reference> {
  kgr:china a kg:Region ; skos:prefLabel "中国"@zh , "China"@en ; skos:notation "CN"^^kg:ISO3166-1 ;
    skos:hiddenLabel "zhong guo" , "zhongguo" .
  kgr:shanghai a kg:Region ; skos:prefLabel "上海"@zh , "Shanghai"@en ;
    skos:altLabel "上海市"@zh , "Shanghai Municipality"@en ; kg:abbreviation "沪"@zh ;
    kg:officialName "上海市"@zh , "Shanghai Municipality"@en ;
    skos:hiddenLabel "shang hai" , "shanghai" ;
    skos:notation "310000"^^kg:GB2260 , "CN-SH"^^kg:ISO3166-2 ; kg:level kg:level-province ;
    schema:containedInPlace kgr:china .
  kgr:shanxi a kg:Region ; skos:prefLabel "山西"@zh , "Shanxi"@en ; kg:abbreviation "晋"@zh ;
    skos:altLabel "山西省"@zh , "Shanxi Province"@en ;
    kg:officialName "山西省"@zh , "Shanxi Province"@en ;
    skos:hiddenLabel "shan xi" , "shanxi" ; skos:notation "140000"^^kg:GB2260 ,
    "CN-SX"^^kg:ISO3166-2 ; kg:level kg:level-province ; schema:containedInPlace kgr:china .
  kgr:shaanxi a kg:Region ; skos:prefLabel "陕西"@zh , "Shaanxi"@en ; kg:abbreviation "陕"@zh ;
    skos:hiddenLabel "shan xi" , "shanxi" ; skos:notation "CN-SN"^^kg:ISO3166-2 ;
    kg:level kg:level-province ; schema:containedInPlace kgr:china .
  kgc:zheng-wu-fu-wu a kg:PlatformConcept , skos:Concept ;
    skos:prefLabel "政务服务"@zh , "Government services"@en ; skos:hiddenLabel "zheng wu fu wu" .
  kgc:yi-wang-tong-ban a kg:PlatformConcept , skos:Concept ; skos:broader kgc:zheng-wu-fu-wu ;
    skos:prefLabel "一网通办"@zh , "All services through one network (Yiwang Tongban)"@en ;
    skos:altLabel "一网通办理"@zh , "Yiwang Tongban"@en ;
    skos:hiddenLabel "yi wang tong ban" , "yiwangtongban" .
  kgc:yi-wang-tong-guan a kg:PlatformConcept , skos:Concept ;
    skos:prefLabel "一网统管"@zh , "Unified management through one network"@en ;
    skos:altLabel "政务服务"@zh ; skos:hiddenLabel "yi wang tong guan" , "yiwangtongguan" .
  kgc:wu-ge-yi-guangxi a kg:PlatformConcept , skos:Concept ; skos:prefLabel "五个一"@zh ,
    "Five ones"@en ; skos:hiddenLabel "wu ge yi" , "wugeyi" .
  kgc:wu-ge-yi-shanxi a kg:PlatformConcept , skos:Concept ; skos:prefLabel "五个一"@zh ,
    "Five ones"@en ; skos:hiddenLabel "wu ge yi" , "wugeyi" .
  kgp:sui-shen-ban a kg:Platform ; skos:prefLabel "“随申办”"@zh , "Suishenban"@en ;
    skos:altLabel "随申办"@zh , "一网统管"@zh ; kg:brand "随申办"@zh ;
    skos:hiddenLabel "sui shen ban" , "suishenban" ;
    kg:ofRegion kgr:shanghai ; kg:realises kgc:yi-wang-tong-ban .
}
GRAPH <https://w3id.org/dgkg/graph/source/one> {
  kgs:one a kg:SourceDocument ; skos:prefLabel "第一份"@zh , "The first"@en ;
    dcterms:issued "2021-03-31"^^xsd:date .
  kgcl:shanghai-one a kg:Claim , kg:Target ; kg:inSource kgs:one ; kg:aboutRegion kgr:shanghai ;
    kg:platform kgp:sui-shen-ban ; kg:names kgc:yi-wang-tong-ban ; kg:start 10 ;
    kg:latest "2022-12-31"^^xsd:date ;
    skos:prefLabel "上线“随申办”"@zh , "Launch Suishenban"@en ; kg:evidence kge:shanghai-one.1 ;
    kg:quantity kgcl:shanghai-one.quantity.1 .
  kgcl:shanghai-one.quantity.1 qudt:numericValue 99.5 .
  kge:shanghai-one.1 a kg:Evidence ; kg:firstLine 3 ; oa:hasSelector kge:shanghai-one.1.quote ;
    kg:fromHeading false .
  kge:shanghai-one.1.quote oa:exact "上线\\n“随申办”" .
}
GRAPH <https://w3id.org/dgkg/graph/source/two> {
  kgs:two a kg:SourceDocument ; skos:prefLabel "第二份"@zh , "The second"@en ;
    dcterms:issued "2022-05-01"^^xsd:date .
  kgcl:shanghai-two a kg:Claim , kg:Target ; kg:inSource kgs:two ; kg:aboutRegion kgr:shanghai ;
    kg:platform kgp:sui-shen-ban ; kg:names kgc:yi-wang-tong-ban ; kg:start 20 ;
    kg:latest "2025-06-30"^^xsd:date ;
    skos:prefLabel "升级“随申办”"@zh , "Upgrade Suishenban"@en ; kg:evidence kge:shanghai-two.1 ;
    kg:quantity kgcl:shanghai-two.quantity.1 .
  kgcl:shanghai-two.quantity.1 qudt:numericValue 100 .
  kge:shanghai-two.1 a kg:Evidence ; kg:firstLine 9 ; oa:hasSelector kge:shanghai-two.1.quote ;
    kg:fromHeading true .
  kge:shanghai-two.1.quote oa:exact "升级“随申办”" .
}
"""


def small_dataset() -> Dataset:
    """Give the small graph; the label of its gap is the tricky literal."""
    dataset = Dataset()
    turtle = HEAD.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + SMALL
    for quad in ox.parse(turtle.encode(), format=ox.RdfFormat.TRIG):
        subject, term, graph = quad.subject, quad.object, quad.graph_name
        assert isinstance(subject, ox.NamedNode)
        assert isinstance(term, ox.NamedNode | ox.Literal)
        assert isinstance(graph, ox.NamedNode)
        dataset.add(graph.value, [Triple(subject, quad.predicate, term)])
    gap = ox.NamedNode(f"{PREFIXES['kgg']}tricky")
    text = ox.NamedNode(f"{PREFIXES['kg']}text")
    one = "https://w3id.org/dgkg/graph/source/one"
    dataset.add(one, [Triple(gap, text, ox.Literal(TRICKY))])
    return dataset


def small_nquads(extra: str = "") -> bytes:
    """Give the small graph as sorted N-Quads; with a word, another graph that holds it."""
    dataset = small_dataset()
    if extra:
        node = ox.NamedNode(f"{PREFIXES['kgg']}extra")
        text = ox.NamedNode(f"{PREFIXES['kg']}text")
        one = "https://w3id.org/dgkg/graph/source/one"
        dataset.add(one, [Triple(node, text, ox.Literal(extra))])
    return dataset.nquads()


def small_release(folder: Path) -> Release:
    """Write the small graph as a release into a build folder."""
    return write_release(folder, small_nquads(), {"quads": len(small_dataset().graphs)})


PLATFORMS_OF_CONCEPT: Final = """
#+ id: platforms-of-concept
#+ version: 1.0.0
#+ summary: "Platforms that realise a concept"
#+ title: {zh: "实现某一概念的平台", en: "Platforms that realise a concept"}
#+ question: {zh: "哪些平台实现某一概念？", en: "Which platforms realise a concept?"}
#+ description: "One row a platform."
#+ tags: [test]
#+ params:
#+   concept: {type: iri, class: "kg:PlatformConcept", default: "kgc:yi-wang-tong-ban", example: "一网统管", label: {zh: "概念", en: "Concept"}}
#+   region: {type: iri, class: "kg:Region", many: true, optional: true, example: "上海", label: {zh: "地区", en: "Region"}}
#+   by: {type: literal, datatype: "xsd:date", default: "2100-12-31", example: "2022", label: {zh: "期限", en: "Deadline"}}
#+ columns:
#+   platform: {label: {zh: "平台", en: "Platform"}, role: key}
#+   platformLabel: {label: {zh: "平台", en: "Platform (zh)"}, role: label}
#+   platformLabelEn: {label: {zh: "平台（英）", en: "Platform"}, role: label}
#+   claims: {label: {zh: "断言数", en: "Claims"}, role: value}
#+ key: [platform]
PREFIX kg: <https://w3id.org/dgkg/ontology#>
PREFIX kgc: <https://w3id.org/dgkg/id/concept/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

SELECT ?platform ?platformLabel ?platformLabelEn (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  VALUES ?concept { kgc:yi-wang-tong-ban }
  VALUES ?region { UNDEF }
  VALUES ?by { "2100-12-31"^^xsd:date }
  ?platform kg:realises ?concept ; kg:ofRegion ?region ; skos:prefLabel ?platformLabel , ?platformLabelEn .
  FILTER(LANG(?platformLabel) = "zh" && LANG(?platformLabelEn) = "en")
  ?claim kg:platform ?platform ;
    kg:latest ?latest .
  FILTER(?latest <= ?by)
}
GROUP BY ?platform ?platformLabel ?platformLabelEn
ORDER BY ?platform
""".lstrip()  # noqa: E501 -- each parameter is one line, as in the files of queries/


def small_project(folder: Path) -> Project:
    """Make a project folder with one saved query, and the small graph as its release."""
    for name in ("ontology", "data", "queries"):
        (folder / name).mkdir(parents=True)
    path = folder / "queries" / "platforms-of-concept.rq"
    path.write_text(PLATFORMS_OF_CONCEPT, encoding="utf-8")
    small_release(folder / "build")
    return Project(folder, folder / "build")


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Fill a folder once a session; workers of pytest-xdist share it and wait for its lock."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "build" / "current").exists():
            make(folder)
    return folder


def real_project(factory: pytest.TempPathFactory) -> Project:
    """Give the real project with a release in a temporary folder, built once a session."""

    def make(folder: Path) -> None:
        build(Project(ROOT, folder / "build"), cache=ROOT / "build" / "reports")

    return Project(ROOT, _once(factory, "real-project", make) / "build")


def toy_project(factory: pytest.TempPathFactory) -> Project:
    """Give the toy's release, built once a session, with all questions of the repository."""

    def make(folder: Path) -> None:
        build(copy_project(ROOT / "tests" / "toy" / "data", folder / "files"))
        (folder / "build").symlink_to(folder / "files" / "build")

    return Project(ROOT, _once(factory, "toy-project", make) / "build")


def open_engine(project: Project, engine: str = "oxigraph") -> KnowledgeGraph:
    """Open the current release of a project with an engine."""
    release = current(project.build)
    return KnowledgeGraph(project, release, ENGINES[engine](release.path), name=engine)


def run_python(
    code: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run some Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=False,
        capture_output=True,
        env={**os.environ, **(environment or {})},
    )


def run_kg(
    *arguments: str | Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own, as a user does."""
    command: Sequence[str] = [sys.executable, "-m", "kg", *map(str, arguments)]
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        cwd=cwd,
        input=stdin if stdin is not None else b"",
        env={**os.environ, **(environment or {})},
    )
