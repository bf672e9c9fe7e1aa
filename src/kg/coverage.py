"""How much of a text is claimed, set aside, coarse, or left, by characters and by clauses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.text import Span, clauses, is_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.evidence import Cited, Section

__all__ = ["COARSE_BOUND", "SET_ASIDE_BOUND", "Coverage", "coverage_of", "is_coarse", "total"]

SET_ASIDE_BOUND: Final = 0.06
"""The largest share of a source that may be set aside (curation rule 2)."""
COARSE_BOUND: Final = 0.05
"""The largest share that may be claimed only by quotes over more than two clauses."""
COARSE_CLAUSES: Final = 2


@dataclass(frozen=True)
class Coverage:
    """Counts of a section or of a whole source; characters are those of words.

    Attributes:
        characters: all of them.
        claimed: in the evidence of some claim.
        coarse: of these, only in quotes over more than two clauses.
        set_aside: set aside and not claimed.
        reasons: reason -> characters set aside for it.
        clauses: all clauses.
        clauses_claimed: clauses of which every character is claimed or set aside, some claimed.
        clauses_set_aside: clauses wholly set aside.
        left: spans neither claimed nor set aside.
    """

    characters: int = 0
    claimed: int = 0
    coarse: int = 0
    set_aside: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    clauses: int = 0
    clauses_claimed: int = 0
    clauses_set_aside: int = 0
    left: tuple[Span, ...] = ()

    def share(self, count: int) -> float:
        """Give a count of characters as a share of all, 1.0 for an empty text."""
        return count / self.characters if self.characters else 1.0

    @property
    def covered(self) -> float:
        """The share that is claimed or set aside."""
        return self.share(self.claimed + self.set_aside)


def is_coarse(section: Section, span: Span) -> bool:
    """Tell whether a quote goes over more than two clauses."""
    headings = [passage.span for passage in section.passages if passage.heading]
    return len(clauses(section.text, span, headings)) > COARSE_CLAUSES


def _states(
    section: Section, cited: Iterable[Cited], aside: Iterable[tuple[Span, str]]
) -> dict[int, str]:
    states: dict[int, str] = {}
    for span, reason in aside:
        states.update(dict.fromkeys(range(span.start, span.end), reason))
    evidence = [item.span for claim in cited for item in claim.evidence]
    coarse = {span for span in evidence if is_coarse(section, span)}
    for spans, state in ((coarse, "coarse"), (set(evidence) - coarse, "fine")):
        for span in spans:
            states.update(dict.fromkeys(range(span.start, span.end), state))
    return states


def _left(section: Section, states: dict[int, str]) -> tuple[Span, ...]:
    spans: list[Span] = []
    text = section.text
    for at in range(section.span.start, section.span.end):
        if at in states or not is_word(text[at]):
            continue
        if spans and not any(is_word(c) and i in states for i, c in _between(text, spans[-1], at)):
            spans[-1] = Span(spans[-1].start, at + 1)
        else:
            spans.append(Span(at, at + 1))
    return tuple(spans)


def _between(text: str, span: Span, at: int) -> list[tuple[int, str]]:
    return [(i, text[i]) for i in range(span.end, at)]


def coverage_of(
    section: Section, cited: Sequence[Cited], aside: Sequence[tuple[Span, str]]
) -> Coverage:
    """Measure one section.

    Args:
        section: the section.
        cited: its claims with their evidence; context does not count.
        aside: the spans set aside, each with its reason.
    """
    text = section.text
    states = _states(section, cited, aside)
    counts = Counter(
        states.get(at, "left")
        for at in range(section.span.start, section.span.end)
        if is_word(text[at])
    )
    claimed = counts["fine"] + counts["coarse"]
    reasons = Counter({k: n for k, n in counts.items() if k not in {"fine", "coarse", "left"}})
    headings = [passage.span for passage in section.passages if passage.heading]
    by_clause = [
        {states.get(at, "left") for at in range(c.start, c.end) if is_word(text[at])}
        for c in clauses(text, section.span, headings)
    ]
    whole = [kinds for kinds in by_clause if "left" not in kinds]
    with_claim = [kinds for kinds in whole if kinds & {"fine", "coarse"}]
    return Coverage(
        characters=counts.total(),
        claimed=claimed,
        coarse=counts["coarse"],
        set_aside=reasons.total(),
        reasons=reasons,
        clauses=len(by_clause),
        clauses_claimed=len(with_claim),
        clauses_set_aside=len(whole) - len(with_claim),
        left=_left(section, states),
    )


def total(parts: Iterable[Coverage]) -> Coverage:
    """Add up sections; the spans left are not carried over."""
    items = list(parts)
    reasons: Counter[str] = Counter()
    for item in items:
        reasons += item.reasons
    return Coverage(
        characters=sum(item.characters for item in items),
        claimed=sum(item.claimed for item in items),
        coarse=sum(item.coarse for item in items),
        set_aside=sum(item.set_aside for item in items),
        reasons=reasons,
        clauses=sum(item.clauses for item in items),
        clauses_claimed=sum(item.clauses_claimed for item in items),
        clauses_set_aside=sum(item.clauses_set_aside for item in items),
    )
