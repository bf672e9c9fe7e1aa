"""The dataset by graph, class and thing: the one order in which formats of RDF are written."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from kg.context import curie
from kg.errors import UsageError, clipped
from kg.nodes import LABELS, TYPE
from kg.vocabularies import node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kg.nodes import Facts, Node, Nodes, Term

__all__ = ["Graph", "Group", "graphs_of", "merged"]

Graph: TypeAlias = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

CLASSES: Final[Mapping[Term, list[str]]] = {
    node(name): names
    for name, *names in (
        line.split(" | ")
        for line in """
kg:SourceDocument | 来源文献 | Source document
kg:Section | 章节 | Section
kg:Passage | 语句 | Passage
kg:Region | 地区 | Region
kg:PlatformConcept | 平台概念 | Platform concept
kg:Platform | 平台 | Platform
kg:Initiative | 举措 | Initiative
kg:Target | 目标 | Target
kg:Milestone | 里程碑 | Milestone
kg:Achievement | 成果 | Achievement
kg:Framework | 框架 | Framework
kg:FrameworkPart | 框架组成部分 | Framework part
kg:PlatformClaim | 平台断言 | Platform claim
kg:InitiativeClaim | 举措断言 | Initiative claim
kg:Quantity | 数量 | Quantity
kg:Evidence | 证据 | Evidence
oa:TextQuoteSelector | 引文定位 | Text quote selector
oa:TextPositionSelector | 位置定位 | Text position selector
time:Instant | 时刻 | Instant
time:ProperInterval | 时段 | Interval
kg:Mention | 提及 | Mention
kg:Gap | 缺口 | Gap
kg:Value | 表值 | List value
skos:ConceptScheme | 表 | Concept scheme
owl:Ontology | 本体 | Ontology
owl:Class | 类 | Class
owl:ObjectProperty | 对象属性 | Object property
owl:DatatypeProperty | 数据属性 | Datatype property
owl:AnnotationProperty | 注释属性 | Annotation property
rdfs:Datatype | 数据类型 | Datatype
owl:NamedIndividual | 个体 | Individual
""".strip().splitlines()
    )
}
"""Class -> its headings in both languages, in the order in which a reader wants them.

A thing stands with the first of them that it is of; with another class only if it is of none.
"""

PLACES: Final = {class_: at for at, class_ in enumerate(CLASSES)}
FIRST: Final = {link: at for at, link in enumerate((TYPE, *LABELS))}
"""Properties that are told first -> their places."""
VALUE: Final = attrgetter("value")
NO_CLASS: Final = ("其他", "Other")
UNTIDY: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
"""What would end a comment."""


@dataclass(frozen=True)
class Group:
    """Things of one class, sorted by IRI, their class and labels first.

    Args:
        name: the class as a CURIE; empty for what has none.
        zh: its heading in Chinese.
        en: its heading in English.
        nodes: what is said of each thing.
    """

    name: str
    zh: str
    en: str
    nodes: Nodes

    @property
    def heading(self) -> str:
        """Its labels, CURIE and size, on one line."""
        told = f"{self.zh} · {self.en} ({self.name or '-'}): {len(self.nodes)}"
        return UNTIDY.sub(" ", told)


def graphs_of(path: Path) -> dict[Graph, list[Group]]:
    """Read a dataset of N-Quads: its graphs by IRI, the default one first, each by class.

    Args:
        path: an N-Quads file.

    Raises:
        UsageError: there is a triple about a triple.
    """
    graphs: dict[Graph, Nodes] = {}
    for quad in ox.parse(path=path, format=ox.RdfFormat.N_QUADS):
        _add(graphs.setdefault(quad.graph_name, {}), quad.triple)
    return {
        graph: _groups(graphs[graph])
        for graph in sorted(graphs, key=lambda it: (not isinstance(it, ox.DefaultGraph), str(it)))
    }


def merged(graphs: Mapping[Graph, Iterable[Group]]) -> list[Group]:
    """Give the union of all graphs as one, by class."""
    nodes: Nodes = {}
    for groups in graphs.values():
        for group in groups:
            for it, facts in group.nodes.items():
                known = nodes.setdefault(it, {})
                for link, terms in facts.items():
                    known[link] = sorted({*known.get(link, ()), *terms}, key=str)
    return _groups(nodes)


def _add(nodes: Nodes, triple: ox.Triple) -> None:
    subject, link, term = triple
    if isinstance(subject, ox.Triple) or isinstance(term, ox.Triple):
        told = clipped(str(triple))
        raise UsageError(
            f"只有 N-Quads 能导出三元组之上的三元组：{told}",
            f"only N-Quads can hold a triple about a triple: {told}",
        )
    nodes.setdefault(subject, {}).setdefault(link, []).append(term)


def _groups(nodes: Nodes) -> list[Group]:
    of_class: dict[Term | None, list[Node]] = defaultdict(list)
    for it, facts in nodes.items():
        of_class[_class(facts)].append(it)
    return [
        _group(class_, _ordered(of_class[class_], nodes)) for class_ in sorted(of_class, key=_place)
    ]


def _class(facts: Facts) -> Term | None:
    """Give the class that a thing stands with."""
    return min(facts.get(TYPE, ()), key=_place, default=None)


def _place(class_: Term | None) -> tuple[int, str]:
    if isinstance(class_, ox.NamedNode) and class_ in PLACES:
        return PLACES[class_], ""
    return len(PLACES) + (class_ is None), str(class_)


def _ordered(things: Iterable[Node], nodes: Nodes) -> Nodes:
    """Put things into the order of their IRIs, and what is said of each into its own order."""
    return {
        it: {
            link: sorted(facts[link], key=str) if len(facts[link]) > 1 else facts[link]
            for link in sorted(facts, key=_rank)
        }
        for it in sorted(things, key=VALUE)
        for facts in (nodes[it],)
    }


def _rank(link: ox.NamedNode) -> tuple[int, str]:
    """Put class and label before the other properties, and those by the alphabet."""
    return FIRST.get(link, len(FIRST)), link.value


def _group(class_: Term | None, nodes: Nodes) -> Group:
    if class_ is None:
        return Group("", *NO_CLASS, nodes)
    name = curie(class_.value) if isinstance(class_, ox.NamedNode) else str(class_)
    zh, en = CLASSES[class_] if class_ in PLACES else (name, name)
    return Group(name, zh, en, nodes)
