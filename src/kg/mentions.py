"""Finds the concepts' labels in the passages: longest label first, each hit with its wording."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.errors import Problem
from kg.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.evidence import Section
    from kg.text import Passage
    from kg.things import Concept

__all__ = ["Finder", "Mention", "find_mentions"]

Match: TypeAlias = tuple[int, int, int]
"""Which pattern of an automaton stands in a text, its start, its end."""


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
        """Take each concept's labels, and its look-alikes as words that block its own labels."""
        self.owners: dict[str, list[Concept]] = defaultdict(list)
        self.blocked: dict[str, list[Concept]] = defaultdict(list)
        for concept in concepts:
            for label in concept.labels:
                self.owners[label].append(concept)
            for alike in concept.looks_alike:
                self.blocked[alike.wording].append(concept)
        self.labels, self.alikes = list(self.owners), list(self.blocked)
        self.automaton = AhoCorasick(self.labels, matchkind=MatchKind.LeftmostLongest)
        self.every_label = AhoCorasick(self.labels)
        self.every_alike = AhoCorasick(self.alikes)

    def hits(self, text: str, span: Span, section: Section) -> list[tuple[str, Span]]:
        """Give each label that stands in a span; a line break inside does not part it."""
        places = [at for at in range(span.start, span.end) if text[at] != "\n"]
        flat = "".join(text[at] for at in places)
        alikes = self.every_alike.find_matches_as_indexes(flat, overlapping=True)
        if alikes:
            found = self._unblocked(flat, section, alikes)
        else:
            found = self.automaton.find_matches_as_indexes(flat)
        return [
            (self.labels[index], Span(places[start], places[end - 1] + 1))
            for index, start, end in found
        ]

    def _unblocked(self, flat: str, section: Section, alikes: list[Match]) -> list[Match]:
        """Choose as the automaton does, leftmost and longest, among labels that nothing blocks."""
        chosen: list[Match] = []
        matches = self.every_label.find_matches_as_indexes(flat, overlapping=True)
        for match in sorted(matches, key=lambda found: (found[1], -found[2])):
            index, start, end = match
            blocking = [
                concept
                for alike, first, last in alikes
                if first <= start and end <= last
                for concept in self.blocked[self.alikes[alike]]
            ]
            meant = self.claiming(self.labels[index], section) or self.owners[self.labels[index]]
            free = any(concept not in blocking for concept in meant)
            if free and (not chosen or chosen[-1][2] <= start):
                chosen.append(match)
        return chosen

    def claiming(self, label: str, section: Section) -> list[Concept]:
        """Give the concepts with a label whose `only_in` has the section's region or source."""
        here = {section.region, section.source}
        return [concept for concept in self.owners[label] if here & {*concept.only_in}]

    def concept(self, label: str, section: Section) -> Concept | None:
        """Give the one concept that a label means here.

        None, if concepts share it without `only_in`: that is told where they are declared.

        Raises:
            LookupError: the label is a homonym, and no concept or several claim this place.
        """
        owners = self.owners[label]
        if len(owners) == 1:
            return owners[0]
        if not all(concept.only_in for concept in owners):
            return None
        fits = self.claiming(label, section)
        if len(fits) != 1:
            raise LookupError(label)
        return fits[0]


def _ambiguous(section: Section, passage: Passage, label: str, finder: Finder) -> Problem:
    names = " ".join(concept.key for concept in finder.owners[label])
    zh = f"“{label}”在{section.record.label.zh}一节意义不明，可能是：{names}"
    en = f"{label!r} is ambiguous in the section of {section.region}: {names}"
    if fits := " ".join(concept.key for concept in finder.claiming(label, section)):
        hint = (
            f"{fits} 的 only_in 都有本地区或本来源：只留所指的一个，其余删去",
            f"only_in of each of {fits} has this region or source: remove it from all but one",
        )
    else:
        hint = ("在所指概念的 only_in 中写上本地区", "add the region to only_in of the one meant")
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
        for label, span in finder.hits(section.text, passage.span, section):
            try:
                concept = finder.concept(label, section)
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
