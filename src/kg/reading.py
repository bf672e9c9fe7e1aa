"""What was found in one section of a text, before it becomes triples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.coverage import Coverage
from kg.names import mint

if TYPE_CHECKING:
    from kg.curation import SourceFolder
    from kg.evidence import Cited, Evidence, Section
    from kg.mentions import Mention
    from kg.text import Passage, Span

__all__ = ["Reading"]


@dataclass
class Reading:
    """What was found in one section: claims with evidence, mentions, coverage."""

    folder: SourceFolder
    section: Section
    cited: list[Cited] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    elsewhere: dict[Span, str] = field(default_factory=dict)
    aside: list[tuple[Span, str]] = field(default_factory=list)
    gaps: dict[str, list[Evidence]] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def iri(self) -> str:
        """The node of the section."""
        return mint("source", self.folder.name, self.section.region)

    @property
    def source(self) -> str:
        """The node of the source."""
        return mint("source", self.folder.name)

    def passage_iri(self, passage: Passage) -> str:
        """Give the node of a passage."""
        number = f"{passage.position:02d}"
        return mint("passage", self.folder.name, self.section.region, number)

    def mention_iri(self, mention: Mention) -> str:
        """Give the node of a mention."""
        passage = self.passage_iri(mention.passage).rpartition("/")[2]
        return mint("mention", passage, mention.concept, mention.number)

    def about(self, span: Span) -> str:
        """Give the region that a span speaks of."""
        return next((r for s, r in self.elsewhere.items() if span.within(s)), self.section.region)
