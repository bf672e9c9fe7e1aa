"""Finds the concepts' labels in the passages: longest label first, each hit with its wording."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.errors import Problem
from kg.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.evidence import Section
    from kg.text import Passage
    from kg.things import Concept

__all__ = ["Finder", "Mention", "find_mentions"]


@dataclass(frozen=True)
class Mention:
    """A concept's label standing in a passage of a section."""

    concept: str
    wording: str
    span: Span
    section: Section
    passage: Passage
    about: str
    number: int


class Finder:
    """All labels of all concepts in one automaton; built once, used for every passage."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        """Take each concept's labels, and its look-alikes as words that block a hit."""
        owners: dict[str, list[Concept]] = defaultdict(list)
        for concept in concepts:
            for label in concept.labels:
                owners[label].append(concept)
            for alike in concept.looks_alike:
                owners.setdefault(alike.wording, [])
        self.labels = list(owners)
        self.owners = owners
        self.automaton = AhoCorasick(self.labels, matchkind=MatchKind.LeftmostLongest)

    def hits(self, text: str, span: Span) -> list[tuple[str, Span]]:
        """Give each label that stands in a span; a line break inside does not part it."""
        places = [at for at in range(span.start, span.end) if text[at] != "\n"]
        flat = "".join(text[at] for at in places)
        return [
            (self.labels[index], Span(places[start], places[end - 1] + 1))
            for index, start, end in self.automaton.find_matches_as_indexes(flat)
        ]

    def concept(self, label: str, region: str, source: str) -> Concept | None:
        """Give the one concept that a label means here; None if it is a look-alike.

        None, too, if concepts share it without `only_in`: that is told where they are declared.

        Raises:
            LookupError: the label is a homonym, and no concept or several claim this place.
        """
        owners = self.owners[label]
        if len(owners) <= 1:
            return owners[0] if owners else None
        if not all(concept.only_in for concept in owners):
            return None
        fits = [c for c in owners if region in c.only_in or source in c.only_in]
        if len(fits) != 1:
            raise LookupError(label)
        return fits[0]


def _ambiguous(section: Section, passage: Passage, label: str, finder: Finder) -> Problem:
    names = " ".join(concept.key for concept in finder.owners[label])
    zh = f"“{label}”在{section.record.label.zh}一节意义不明，可能是：{names}"
    en = f"{label!r} is ambiguous in the section of {section.region}: {names}"
    hint = ("在其中一个概念的 only_in 中写上本地区", "add the region to only_in of the one meant")
    file = f"data/sources/{section.source}/text.txt"
    return Problem(file, passage.line, "mention", zh, en, *hint, code="ambiguous")


def find_mentions(
    finder: Finder, section: Section, elsewhere: Mapping[Span, str]
) -> tuple[list[Mention], list[Problem]]:
    """Find the mentions of one section.

    Args:
        finder: the labels.
        section: where to look.
        elsewhere: spans that speak of another region -> its key.
    """
    mentions: list[Mention] = []
    problems: list[Problem] = []
    for passage in section.passages:
        counts: dict[str, int] = defaultdict(int)
        for label, span in finder.hits(section.text, passage.span):
            try:
                concept = finder.concept(label, section.region, section.source)
            except LookupError:
                problems.append(_ambiguous(section, passage, label, finder))
                continue
            if concept is None:
                continue
            counts[concept.key] += 1
            about = next((r for s, r in elsewhere.items() if span.within(s)), section.region)
            mentions.append(
                Mention(concept.key, label, span, section, passage, about, counts[concept.key])
            )
    return mentions, problems


def within(mentions: Sequence[Mention], spans: Iterable[Span]) -> list[Mention]:
    """Give the mentions that lie wholly in one of the spans."""
    wanted = list(spans)
    return [mention for mention in mentions if any(mention.span.within(s) for s in wanted)]
