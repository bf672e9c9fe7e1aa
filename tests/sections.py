"""Small sections and claims, for tests of what is found in a text."""

from __future__ import annotations

from datetime import date

from kg.curation import Placed, SourceFolder
from kg.evidence import Cited, Section, cite, sections_of
from kg.fields import Label, Quote
from kg.marks import Marked
from kg.records import CLAIMS, Claim, SectionRecord, Source

__all__ = ["make_cited", "make_claim", "make_folder", "make_section"]

LABEL = Label(zh="标签", en="Label")


def make_folder(text: str, *sections: SectionRecord) -> SourceFolder:
    """Make a source of a text and its sections; lines are not known and count as 1."""
    source = Source(
        key="bulletin",
        label=LABEL,
        kind="news",
        citation=LABEL,
        issued=date(2021, 3, 31),
        rights=LABEL,
        sha256="0" * 64,
        expect={},
        sections=sections,
    )
    placed = Placed(source, Marked("data/sources/bulletin/source.yaml", None, {}), ())
    return SourceFolder("bulletin", placed, text, "data/sources/bulletin/text.txt")


def make_section(
    text: str, headings: tuple[tuple[int, int], ...] = (), lines: tuple[int, int] | None = None
) -> Section:
    """Make a section on Guangxi: of the whole text, or of some of its lines."""
    record = SectionRecord(
        region="guangxi",
        label=LABEL,
        lines=lines or (1, text.count("\n") + 1),
        headings=headings,
        reading="text",
    )
    (section,), _ = sections_of(make_folder(text, record))
    return section


def make_claim(
    quote: str | Quote, *, also: tuple[Quote, ...] = (), context: tuple[Quote, ...] = ()
) -> Placed[Claim]:
    """Make a target that rests on quotes."""
    target = {"key": "guangxi-x", "kind": "target", "label": LABEL, "strength": "commit"}
    claim = CLAIMS["target"].model_validate(
        {**target, "quote": quote, "also": also, "context": context, "themes": ("data",)}
    )
    lines = {("claims", 0): 3, ("claims", 0, "quote"): 5, ("claims", 0, "also", 0): 7}
    return Placed(claim, Marked("guangxi.yaml", None, lines), ("claims", 0))


def make_cited(section: Section, quote: str | Quote) -> Cited:
    """Make a target and find its quote, which has to be there."""
    cited, problems = cite(make_claim(quote), section)
    assert not problems
    return cited
