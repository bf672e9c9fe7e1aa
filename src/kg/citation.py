"""Citations by GB/T 7714-2015 and in BibTeX: of the dataset, an answer, a source, a claim."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kg import __version__
from kg.errors import NamingError, clipped
from kg.names import SPARQL_HEAD, shorten
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from datetime import date

    from kg.engines import Engine
    from kg.receipts import Receipt

__all__ = ["ADDRESS", "Citation", "cite_answer", "cite_dataset", "cite_thing"]

TITLE: Final = "Digital Government Knowledge Graph: how China's provinces build digital government"
TITLE_ZH: Final = "中国省级数字政府知识图谱"
AUTHORS: Final = "Digital Government Knowledge Graph contributors"
AUTHORS_ZH: Final = "数字政府知识图谱编写者"
ISSUED: Final = "2026-11-23"
ADDRESS: Final = "https://w3id.org/dgkg"

TEX: Final = {
    **{char: f"\\{char}" for char in "#$%&_"},
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""What TeX takes for a command, or BibTeX for the end of a field -> how it is written."""

KEYED: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
"""An IRI that may stand in a query."""

STATED: Final = (
    SPARQL_HEAD
    + """
SELECT ?source ?zh ?en ?citation ?issued ?retrieved ?quote ?line WHERE {{
  {{
    <{iri}> kg:inSource ?source ; kg:inPassage ?passage .
    ?passage kg:firstLine ?line ; kg:text ?sentence .
    OPTIONAL {{ <{iri}> kg:quote ?words }}
    BIND(COALESCE(?words, ?sentence) AS ?quote)
  }} UNION {{
    <{iri}> a kg:SourceDocument .
    BIND(<{iri}> AS ?source)
  }}
  ?source skos:prefLabel ?zh , ?en ; dcterms:bibliographicCitation ?citation .
  FILTER(LANG(?zh) = "zh" && LANG(?en) = "en" && LANG(?citation) = "zh")
  OPTIONAL {{ ?source dcterms:issued ?issued }}
  OPTIONAL {{ ?source kg:retrieved ?retrieved }}
}}
ORDER BY ?line"""
)
"""The source of a claim or mention and its words; or a source itself."""


@dataclass(frozen=True)
class Citation:
    """Something cited, and the day on which it was looked at; without one where no clock is.

    `medium` is GB/T 7714's mark of type and carrier; `facts` are BibTeX fields by name.
    """

    key: str
    authors: str
    title: str
    medium: str
    issued: str
    seen: str
    address: str
    facts: dict[str, str]
    within: str = ""

    @property
    def gbt(self) -> str:
        """By GB/T 7714-2015, section 8 (electronic resources)."""
        parts = [f"{self.authors}. " if self.authors else "", f"{self.title}[{self.medium}]"]
        parts += [f"//{self.within}. " if self.within else ". "]
        parts += [f"({self.issued})" if self.issued else "", f"[{self.seen}]" if self.seen else ""]
        parts += [f". {self.address}" if self.address else "", "."]
        return "".join(parts)

    @property
    def bibtex(self) -> str:
        """As a BibTeX entry, for biber or BibTeX in UTF-8."""
        facts = {name: _tex(text) for name, text in self.facts.items()}
        whole: dict[str, str] = {
            name: f"{{{facts.pop(name)}}}" for name in ("author", "title") if name in facts
        }
        seen = {"url": self.address, "urldate": self.seen}
        fields = {**whole, "year": self.issued[:4], **facts, **seen}
        lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
        return "\n".join([f"@misc{{{self.key},", *lines, "}"])


def cite_dataset(release: str, today: date | None) -> Citation:
    """Cite the dataset.

    Args:
        release: the id of a release; empty where none is known.
        today: the day on which it was looked at; None in a file that is to be the same each day.
    """
    told = f", 发布版 {release}" if release else ""
    facts = {
        "author": AUTHORS,
        "title": TITLE,
        "version": f"{__version__}, release {release}" if release else __version__,
        "note": "Data set, CC BY 4.0",
    }
    key = f"dgkg-{release or __version__}"
    return _ours(key, f"{TITLE_ZH}: {__version__} 版{told}", facts, today)


def cite_answer(receipt: Receipt, today: date) -> Citation:
    """Cite the answer to a saved question, from its receipt alone.

    Args:
        receipt: the answer's receipt.
        today: the day on which it was looked at.
    """
    title = receipt.title
    given = "; ".join(f"{name}={value}" for name, value in receipt.settings.items())
    behind = f" ({_flat(given)})" if given else ""
    release = f"发布版 {receipt.release}" if receipt.release else receipt.engine
    held = f"release {receipt.release}" if receipt.release else receipt.engine
    question = f"问题 {receipt.question} {receipt.version}"
    facts = {
        "author": AUTHORS,
        "title": f"{title['en']}{behind}",
        "howpublished": f"{TITLE}, version {receipt.program}, {held}",
        "note": f"Question {receipt.question} {receipt.version}; "
        f"answer SHA-256 {receipt.answer}; dataset SHA-256 {receipt.dataset or 'not known'}",
    }
    cited = _ours(
        f"dgkg-{receipt.question}-{receipt.answer[:8]}", f"{title['zh']}{behind}", facts, today
    )
    return replace(cited, within=f"{TITLE_ZH}: {receipt.program} 版, {release}, {question}")


def _ours(key: str, title: str, facts: dict[str, str], today: date | None) -> Citation:
    """Cite what this project has made."""
    return Citation(
        key=key,
        authors=AUTHORS_ZH,
        title=title,
        medium="DS/OL",
        issued=ISSUED,
        seen=today.isoformat() if today else "",
        address=ADDRESS,
        facts=facts,
    )


def cite_thing(engine: Engine, iri: str, today: date) -> Citation:
    """Cite a source, or the words of a source that a claim or mention rests on.

    Args:
        engine: where the source is looked up.
        iri: a source document, claim or mention.
        today: the day of looking, where the source does not say when it was retrieved.

    Raises:
        NamingError: it is nothing that stands in one source.
    """
    if not KEYED.fullmatch(iri):
        raise NamingError(f"不是 IRI：{clipped(iri)}", f"no IRI: {clipped(iri)}")
    table = Table.from_answer(engine.answer(STATED.format(iri=iri), JSON_RESULTS))
    row = next(table.records(), None)
    if row is None:
        told = shorten(iri)
        raise NamingError(
            f"{told} 不出自某一来源；可引断言、提及与来源，或不写名称引整个数据集",
            f"{told} does not stand in one source; cite a claim, a mention, a source, or nothing "
            "for the whole dataset",
        )
    line, quote = row.get("line", ""), row.get("quote", "")
    said = f": 第 {line} 行“{_flat(quote)}”" if line else ""
    facts = {"title": row["zh"], "titleaddon": row["en"], "note": row["citation"]}
    if line:
        facts["note"] += f" 第 {line} 行：“{_flat(quote)}”"
    return Citation(
        key=re.sub(r"[^A-Za-z0-9.-]", "-", shorten(iri).partition(":")[2]),
        authors="佚名",
        title=f"{row['zh']}{said}",
        medium="EB/OL",
        issued=row.get("issued", ""),
        seen=row.get("retrieved", today.isoformat()),
        address="",
        facts=facts,
    )


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _tex(text: str) -> str:
    return "".join(TEX.get(char, char) for char in text)
