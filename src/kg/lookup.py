"""Finds the thing that a name means: key, IRI, CURIE, code, Chinese, English or pinyin."""

from __future__ import annotations

import codecs
import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.errors import NamingError, UsageError, clipped
from kg.names import KEY, KIND_OF_CLASS, KINDS, NAMING, PREFIXES, SPARQL_HEAD, expand, shorten
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from kg.engines import Engine

__all__ = ["CLASSES", "EVERYWHERE", "Found", "Scope", "resolve"]


QUOTES: Final = "“”‘’「」《》\"'"
"""Quotation marks that a name may be given with, or without."""

ALL_CLASSES: Final = tuple(KIND_OF_CLASS)

CLAIMS: Final = (
    "kg:Target",
    "kg:Milestone",
    "kg:Achievement",
    "kg:Framework",
    "kg:PlatformClaim",
    "kg:InitiativeClaim",
)
"""Kinds of claim, which names may be looked up in too."""

CLASSES: Final = (*ALL_CLASSES, *CLAIMS, "kg:Value", "rdfs:Resource")
"""What the class of a parameter may be; the last is any thing."""

BY_NAME: Final = """
SELECT DISTINCT ?thing ?class ?zh ?en ?label ?how WHERE {{
  {{ {alternatives} }}
  OPTIONAL {{ ?thing skos:prefLabel ?zh . FILTER(LANG(?zh) = "zh") }}
  OPTIONAL {{ ?thing skos:prefLabel ?en . FILTER(LANG(?en) = "en") }}
  OPTIONAL {{ ?thing a ?class . FILTER(?class IN ({classes})) }}
  FILTER(BOUND(?class)) {scheme}
}}"""
"""One branch for each property and spelling: every engine finds these by its index."""

BY_IRI: Final = """
SELECT ?class ?zh ?en WHERE {{
  VALUES ?class {{ {classes} }}
  <{iri}> a ?class ; skos:prefLabel ?zh , ?en . {scheme}
  FILTER(LANG(?zh) = "zh" && LANG(?en) = "en")
}}"""

ANY_IRI: Final = """
SELECT ?class ?zh ?en WHERE {{
  <{iri}> a ?class .
  OPTIONAL {{ <{iri}> skos:prefLabel|rdfs:label ?zh . FILTER(LANG(?zh) = "zh") }}
  OPTIONAL {{ <{iri}> skos:prefLabel|rdfs:label ?en . FILTER(LANG(?en) = "en") }}
}} ORDER BY ?class"""

ALL_LABELS: Final = """
SELECT DISTINCT ?label WHERE {{
  VALUES ?class {{ {classes} }}
  ?thing a ?class ; skos:prefLabel|skos:altLabel ?label . {scheme}
}}"""


CLASS_LABELS: Final = """
SELECT ?class (LANG(?label) AS ?lang) ?label WHERE {{
  VALUES ?class {{ {classes} }}
  ?class rdfs:label ?label .
}}"""


@dataclass(frozen=True)
class Scope:
    """Where a name is looked up: in some classes, as CURIEs, or in a closed list of values."""

    classes: tuple[str, ...] = ALL_CLASSES
    scheme: str = ""

    def pattern(self, subject: str) -> str:
        """Give what holds a subject to the closed list."""
        return f"{subject} skos:inScheme {self.scheme} ." if self.scheme else ""

    def iris(self, key: str) -> list[str]:
        """Give the IRIs that a key has in these classes."""
        if self.scheme:
            return [expand(f"kg:{self.scheme.removeprefix('kg:list-')}-{key}")]
        kinds = ["claim" if c in CLAIMS else KIND_OF_CLASS[c] for c in self.classes]
        return [PREFIXES[KINDS[kind]] + key for kind in kinds]


EVERYWHERE: Final = Scope()

LONGEST: Final = 1000
"""Characters of the longest name that is looked up."""

GB2312: Final = codecs.lookup("gb2312")
"""Read now: a worker of the service can open no file."""
FIRST_ROW, CELLS = 0xB0, 94
PINYIN_ROWS: Final = range(FIRST_ROW, 0xD8)
"""Rows of GB 2312 whose ideographs stand in the order of their pinyin, and how many are in each."""
FAR: Final = 1 << 16
"""Farther than any two of them are."""


@dataclass(frozen=True)
class Found:
    """A thing, and how the name that was given leads to it.

    `also` names, in both languages, the things whose pinyin is the key that was given.
    """

    iri: str
    class_: str
    zh: str
    en: str
    label: str = ""
    how: str = "iri"
    also: tuple[tuple[str, str], ...] = ()

    @property
    def is_variant(self) -> bool:
        """Whether the name given is another label than the preferred one."""
        return self.how == "variant" and self.label.strip(QUOTES) not in {
            self.zh.strip(QUOTES),
            self.en,
        }


def _table(engine: Engine, sparql: str) -> list[dict[str, str]]:
    answer = Table.from_answer(engine.answer(SPARQL_HEAD + sparql, JSON_RESULTS))
    return [
        {c: t.value for c, t in zip(answer.columns, row, strict=True) if t is not None}
        for row in answer.rows
    ]


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return "://" in text


def _by_iri(engine: Engine, name: str, scope: Scope) -> list[Found]:
    """Give what an IRI or CURIE names, or the things of several kinds that have one key.

    Where every class will do, a node without a label of its own is found too: a framework's
    part, a mention, a passage, a term of the ontology.
    """
    if _is_iri(expand(name)):
        queries = [(expand(name), BY_IRI)]
        queries += [(expand(name), ANY_IRI)] if scope == EVERYWHERE else []
    elif KEY.fullmatch(name):
        queries = [(iri, BY_IRI) for iri in scope.iris(name)]
    else:
        return []
    found: dict[str, Found] = {}
    for iri, query in queries:
        scheme = scope.pattern(f"<{iri}>")
        sparql = query.format(classes=" ".join(scope.classes), iri=iri, scheme=scheme)
        for row in _table(engine, sparql)[:1]:
            label = shorten(iri)
            found.setdefault(
                iri,
                Found(iri, shorten(row["class"]), row.get("zh", label), row.get("en", label)),
            )
    return list(found.values())


def _labels(name: str) -> list[str]:
    spellings = {name, name.casefold(), name.title(), name.upper(), name.strip(QUOTES)}
    literals = [
        term
        for text in sorted(spellings)
        for term in (Literal(text), Literal(text, language="zh"), Literal(text, language="en"))
    ]
    codes = [f"{Literal(name)!s}^^kg:{code}" for code in ("GB2260", "ISO3166-1", "ISO3166-2")]
    return [*map(str, literals), *codes]


def _by_name(engine: Engine, name: str, scope: Scope) -> list[Found]:
    alternatives = " UNION ".join(
        f'{{ ?thing {curie} {label} . BIND({label} AS ?label) BIND("{how}" AS ?how) }}'
        for curie, how in NAMING.items()
        for label in _labels(name)
    )
    sparql = BY_NAME.format(
        classes=", ".join(scope.classes),
        alternatives=alternatives,
        scheme=scope.pattern("?thing"),
    )
    found: dict[str, Found] = {}
    order = {"label": 0, "code": 1, "variant": 2, "pinyin": 3}
    for row in sorted(_table(engine, sparql), key=lambda r: (order[r["how"]], r["thing"])):
        item = Found(
            row["thing"], shorten(row["class"]), row["zh"], row["en"], row["label"], row["how"]
        )
        found.setdefault(item.iri, item)
    return list(found.values())


TIERS: Final = ({"label", "variant"}, {"code"}, {"pinyin"})
"""Labels before codes before pinyin; a homonym is one, whichever of its labels is preferred."""


def _best(found: list[Found], classes: tuple[str, ...]) -> list[Found]:
    """Keep the things of the class looked up first, by the best kind of name that fits."""
    for class_ in classes:
        of_class = [item for item in found if item.class_ == class_]
        for tier in TIERS:
            if fits := [item for item in of_class if item.how in tier]:
                return fits
    return found


def _near(engine: Engine, name: str, scope: Scope) -> list[str]:
    """Give labels that hold the name or are written like it; of equals first what sounds so."""
    rows = _table(
        engine,
        ALL_LABELS.format(classes=" ".join(scope.classes), scheme=scope.pattern("?thing")),
    )
    labels = sorted({row["label"] for row in rows})
    inside = [label for label in labels if name in label][:5]
    close = difflib.get_close_matches(name, labels, len(labels) or 1, 0.5)
    ratios = {it: difflib.SequenceMatcher(None, it, name).ratio() for it in close}
    close.sort(key=lambda it: (-ratios[it], _unlike(it, name)))
    return list(dict.fromkeys([*inside, *close]))[:5]


def _unlike(label: str, name: str) -> int:
    """Tell how far two words of one length are from sounding alike, sign by sign.

    GB 2312 has its commoner ideographs in the order of their pinyin: those of one sound stand
    together.

    >>> _unlike("一网通办", "一网通版") < _unlike("一网通管", "一网通版")
    True
    """
    if len(label) != len(name):
        return FAR
    pairs = zip(label, name, strict=True)
    return sum(abs(_place(one) - _place(other)) for one, other in pairs if one != other)


def _place(char: str) -> int:
    """Give the place of an ideograph among those that stand in the order of their pinyin."""
    code, _ = GB2312.encode(char, "ignore")
    known = len(code) > 1 and code[0] in PINYIN_ROWS
    return (code[0] - FIRST_ROW) * CELLS + code[1] if known else FAR


def _where(scope: Scope) -> tuple[str, str]:
    """Say in both languages where the names are listed."""
    kinds = {"claim" if it in CLAIMS else KIND_OF_CLASS.get(it, "") for it in scope.classes}
    path = f"/id/{kinds.pop()}" if len(kinds) == 1 else "/id"
    path = "/ontology" if scope.scheme else path.removesuffix("/")
    return (
        f"；名称都列在网页 {path}，命令行用 kg find 检索",
        f"; names are listed on the page {path}, and kg find searches them on the command line",
    )


def _of_another_class(engine: Engine, name: str, scope: Scope) -> tuple[str, str]:
    """Say in both languages what bears the name, but is nothing of what is asked for."""
    others = _by_name(engine, name, EVERYWHERE) if scope != EVERYWHERE else []
    if not others:
        return "", ""
    classes = " ".join({*scope.classes, *(item.class_ for item in others)})
    labels = {
        (shorten(row["class"]), row["lang"]): row["label"]
        for row in _table(engine, CLASS_LABELS.format(classes=classes))
    }

    def told(language: str) -> str:
        return "; ".join(
            f"{labels.get((item.class_, language), item.class_)} {shorten(item.iri)}"
            for item in others[:5]
        )

    wanted = [
        " / ".join(labels.get((class_, language), class_) for class_ in scope.classes)
        for language in ("zh", "en")
    ]
    return (
        f"：这里要的是{wanted[0]}，叫这个名称的是{told('zh')}",
        f": what is asked for here is a {wanted[1]}; of that name there is: {told('en')}",
    )


def _with_namesakes(engine: Engine, name: str, scope: Scope, found: Found) -> Found:
    """Add the things that a key names by their pinyin: `shanxi` is 山西, and 陕西 sounds alike."""
    if found.how != "iri" or not KEY.fullmatch(name):
        return found
    others = [item for item in _by_name(engine, name, scope) if item.iri != found.iri]
    alike = [(i.zh, i.en) for i in others if i.how == "pinyin" and i.class_ == found.class_]
    return replace(found, also=tuple(alike))


def resolve(engine: Engine, name: str, scope: Scope = EVERYWHERE) -> Found:
    """Find the thing of some class that a name means.

    Args:
        engine: where to look.
        name: a key, IRI, CURIE, code, or a label in Chinese, English or pinyin.
        scope: the classes that will do, the likeliest first, or a closed list.

    Raises:
        NamingError: no thing or several things bear the name; `near` holds what may be meant.
        UsageError: the name is not text: it came in bytes that are not UTF-8.
    """
    name = name.strip()
    told = clipped(name)
    if not name.isascii() and any("\ud800" <= char <= "\udfff" for char in name):
        raise UsageError(f"“{told}”不是 UTF-8 文字", f"“{told}” is not text in UTF-8")
    found = _by_iri(engine, name, scope) if len(name) <= LONGEST else []
    found = found or _best(_by_name(engine, name, scope), scope.classes)
    if len(found) == 1:
        return _with_namesakes(engine, name, scope, found[0])
    if not found:
        near = _near(engine, name, scope) if told == name else []
        more = (f"，相近的有：{' '.join(near)}", f"; near: {' '.join(near)}")
        other = _of_another_class(engine, name, scope)
        if not near:
            more = ("", "") if other[0] else _where(scope)
        raise NamingError(
            f"没有找到“{told}”{other[0]}{more[0]}",
            f"nothing is called “{told}”{other[1]}{more[1]}",
            near,
        )
    several = [f"{shorten(item.iri)} {item.zh} / {item.en}" for item in found]
    listed = "; ".join(several)
    raise NamingError(
        f"“{told}”可指 {len(found)} 个：{listed}。请改用前面的代号",
        f"“{told}” means {len(found)} things: {listed}. Use one of the codes",
        several,
    )
