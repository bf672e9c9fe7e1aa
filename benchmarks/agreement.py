"""Compares two readings of one source: how often two readers made the same claims.

Run it as `python benchmarks/agreement.py [FIRST SECOND]`, with two folders of claims files; without
them it compares the settled claims with the second reading. The table goes to stdout;
`--differences` lists every claim that only one of them made, and every attribute on which they
differ.

Two claims are the same if they stand in one section, are of one class, and their quotes share at
least half of the characters that either covers (Jaccard >= 0.5). Pairs are taken greatest overlap
first, each claim at most once. The method is told in docs/agreement.md.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "data" / "sources" / "2021-provincial-roundup"
CONCEPTS: Final = ROOT / "data" / "concepts.yaml"

CLASSES: Final = (
    "target",
    "milestone",
    "achievement",
    "framework",
    "platform-claim",
    "initiative-claim",
)
SAME: Final = 0.5
"""The least Jaccard overlap of two quotes of the same claim."""

Record: TypeAlias = dict[str, Any]
Pair: TypeAlias = "tuple[Claim, Claim]"


@dataclass(frozen=True)
class Claim:
    """A claim as one reader wrote it, with the characters of the text that its quotes cover."""

    region: str
    number: int
    record: Record
    spans: tuple[tuple[int, int], ...]
    """Of the quote and of each further quote, in code points from the section's start."""
    times: dict[str, Record]
    """Milestone of the section -> its time."""

    @property
    def kind(self) -> str:
        """The class of the claim."""
        return str(self.record["kind"])

    @property
    def words(self) -> str:
        """The quote."""
        quote = self.record["quote"]
        return str(quote["exact"] if isinstance(quote, dict) else quote).replace("\n", "⏎")

    @property
    def when(self) -> tuple[str, str] | None:
        """Precision and date of the deadline, time or as-of date, inherited ones resolved."""
        found: Record = next(
            (self.record[n] for n in ("deadline", "time", "as_of") if n in self.record), {}
        )
        found = self.times.get(found.get("from", ""), found)
        precision = found.get("precision")
        return (str(precision), str(found.get("date", ""))) if precision else None

    @property
    def numbers(self) -> tuple[tuple[float, str, str], ...]:
        """Value, unit and comparator of each quantity, in order of size."""
        listed = self.record.get("quantities", [])
        return tuple(sorted((float(q["value"]), q["unit"], q["comparator"]) for q in listed))


@dataclass
class Comparison:
    """What came of one class: pairs of the same claim, and the claims of one reader only."""

    pairs: list[Pair] = field(default_factory=list)
    first: list[Claim] = field(default_factory=list)
    second: list[Claim] = field(default_factory=list)


# --- reading ------------------------------------------------------------------------------


def sections(source: Path) -> dict[str, str]:
    """Give the text of each section by its region."""
    lines = (source / "text.txt").read_bytes().decode().split("\n")
    listed = yaml.safe_load((source / "source.yaml").read_text(encoding="utf-8"))["sections"]
    return {s["region"]: "\n".join(lines[s["lines"][0] - 1 : s["lines"][1]]) for s in listed}


def span_of(quote: str | Record, section: str) -> tuple[int, int]:
    """Find where a quote stands; ValueError if it does not."""
    exact, nth = (quote["exact"], quote.get("nth", 1)) if isinstance(quote, dict) else (quote, 1)
    at = -1
    for _ in range(nth):
        at = section.index(exact, at + 1)
    return at, at + len(exact)


def read(folder: Path) -> list[Record]:
    """Read the claims files of a folder, by name."""
    return [yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.yaml"))]


def claims_of(file: Record, section: str) -> list[Claim]:
    """Give the claims of one file with the places of their quotes."""
    records = file.get("claims") or []
    times = {r["key"]: r["time"] for r in records if r["kind"] == "milestone"}
    return [
        Claim(
            file["region"],
            number,
            record,
            tuple(span_of(q, section) for q in [record["quote"], *record.get("also", [])]),
            times,
        )
        for number, record in enumerate(records)
    ]


# --- matching -----------------------------------------------------------------------------


def jaccard(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Give the share of the characters of two spans that lie in both."""
    both = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return both / (one[1] - one[0] + other[1] - other[0] - both)


def overlap(one: Claim, other: Claim) -> float:
    """Give the greatest overlap of a quote of one claim with a quote of the other."""
    return max(jaccard(a, b) for a in one.spans for b in other.spans)


def match(first: Sequence[Claim], second: Sequence[Claim]) -> Comparison:
    """Match one to one the claims of one class, greatest overlap first."""
    near = [
        (-share, a.number, b.number, a, b)
        for a in first
        for b in second
        if a.region == b.region and (share := overlap(a, b)) >= SAME
    ]
    found = Comparison()
    used_a: set[int] = set()
    used_b: set[int] = set()
    for *_, a, b in sorted(near, key=lambda row: row[:3]):
        if id(a) not in used_a and id(b) not in used_b:
            used_a.add(id(a))
            used_b.add(id(b))
            found.pairs.append((a, b))
    found.first = [a for a in first if id(a) not in used_a]
    found.second = [b for b in second if id(b) not in used_b]
    return found


def compare(source: Path, first: Path, second: Path) -> dict[str, Comparison]:
    """Compare two folders class by class."""
    texts = sections(source)
    ones, others = (
        [c for file in read(folder) for c in claims_of(file, texts[file["region"]])]
        for folder in (first, second)
    )
    return {
        kind: match([c for c in ones if c.kind == kind], [c for c in others if c.kind == kind])
        for kind in CLASSES
    }


# --- attributes ---------------------------------------------------------------------------


def kappa(values: Sequence[tuple[object, object]]) -> float:
    """Give Cohen's kappa of two readers (https://doi.org/10.1177/001316446002000104).

    >>> kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "a")])
    0.0
    """
    total = len(values)
    same = sum(a == b for a, b in values) / total
    left, right = Counter(a for a, _ in values), Counter(b for _, b in values)
    chance = sum(left[value] * right[value] for value in left) / total**2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def _field(name: str) -> Callable[[Claim], object]:
    return lambda claim: claim.record.get(name)


ATTRIBUTES: Final[tuple[tuple[str, str, Callable[[Claim], object], bool], ...]] = (
    ("strength", "target", _field("strength"), True),
    ("status", "platform-claim", _field("status"), True),
    ("stage", "initiative-claim", _field("stage"), True),
    ("deadline", "target", lambda c: c.when, False),
    ("time", "milestone", lambda c: c.when, False),
    ("as of", "achievement", lambda c: c.when, False),
    ("deadline", "platform-claim", lambda c: c.when, False),
    ("deadline", "initiative-claim", lambda c: c.when, False),
    ("numbers", "target", lambda c: c.numbers, False),
    ("numbers", "achievement", lambda c: c.numbers, False),
    ("slogan", "framework", _field("slogan"), False),
)
"""Name, class, value of a claim, and whether each claim has one (else only pairs that do count)."""


def judged(
    pairs: Iterable[Pair], value: Callable[[Claim], object], *, always: bool
) -> list[tuple[Claim, Claim, object, object]]:
    """Give each pair with both values; where not always there, pairs in which one has it."""
    rows = [(a, b, value(a), value(b)) for a, b in pairs]
    return [row for row in rows if always or row[2] or row[3]]


# --- concepts -----------------------------------------------------------------------------


def bare(words: str) -> str:
    """Take away quotation marks.

    >>> bare("“定制化”服务")
    '定制化服务'
    """
    return words.replace("“", "").replace("”", "")


def labels(file: Path) -> set[str]:
    """Give every Chinese label of the concepts, without quotation marks."""
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))["concepts"]
    return {
        bare(label)
        for concept in listed
        for label in (concept["label"]["zh"], *concept.get("alt", {}).get("zh", []))
    }


def concepts_of(folder: Path) -> dict[str, list[str]]:
    """Give the concept wordings that a reader noted, by region."""
    return {file["region"]: list(map(bare, file.get("concepts") or [])) for file in read(folder)}


def print_concepts(folder: Path, known: set[str], *, listed: bool) -> None:
    """Print how many of the noted wordings are labels, or hold one."""
    noted = concepts_of(folder)
    words = {word for found in noted.values() for word in found}
    equal = words & known
    holding = {w for w in words - equal if any(label in w for label in known)}
    print(f"\nconcept wordings of the second reader: {len(words)} different ones")
    print(f"  a label of a concept         {len(equal):4}")
    print(f"  hold such a label            {len(holding):4}")
    print(f"  neither                      {len(words) - len(equal) - len(holding):4}")
    if listed:
        for region, found in noted.items():
            for word in (w for w in found if w not in equal):
                print(f"  {region}: {word}{' (holds a label)' if word in holding else ''}")


# --- printing -----------------------------------------------------------------------------


def print_classes(found: dict[str, Comparison]) -> None:
    """Print how many claims of each class both readers, or one of them, made."""
    print(f"{'class':18}{'first':>7}{'second':>8}{'both':>6}{'only 1':>8}{'only 2':>8}{'F1':>7}")
    rows = {kind: (len(c.pairs), len(c.first), len(c.second)) for kind, c in found.items()}
    summed = [sum(row[n] for row in rows.values()) for n in range(3)]
    for kind, (both, one, two) in {**rows, "all": summed}.items():
        score = 2 * both / (2 * both + one + two) if both + one + two else 1.0
        print(f"{kind:18}{both + one:7}{both + two:8}{both:6}{one:8}{two:8}{score:7.3f}")


def print_attributes(found: dict[str, Comparison]) -> None:
    """Print on how many of the matched pairs the readers gave one value."""
    print(f"\n{'attribute':12}{'of':18}{'pairs':>6}{'same':>6}{'share':>7}{'kappa':>7}")
    for name, kind, value, always in ATTRIBUTES:
        rows = [(a, b) for *_, a, b in judged(found[kind].pairs, value, always=always)]
        if rows:
            same = sum(a == b for a, b in rows)
            extra = f"{kappa(rows):7.3f}" if always else ""
            share = same / len(rows)
            print(f"{name:12}{kind:18}{len(rows):6}{same:6}{share:7.3f}{extra}")


def print_differences(found: dict[str, Comparison]) -> None:
    """Print every claim of one reader only, then every attribute that differs."""
    for kind, comparison in found.items():
        for mark, claims in (("1", comparison.first), ("2", comparison.second)):
            for claim in claims:
                print(f"{claim.region} {kind} only {mark} {claim.record['key']}: {claim.words}")
    for name, kind, value, always in ATTRIBUTES:
        for a, _, one, two in judged(found[kind].pairs, value, always=always):
            if one != two:
                print(f"{a.region} {kind} {name} {a.record['key']}: {one} / {two}: {a.words}")


def main() -> None:
    """Compare, and print the tables."""
    parser = argparse.ArgumentParser(description="Compare two readings of one source.")
    parser.add_argument("first", nargs="?", type=Path, default=SOURCE / "claims")
    parser.add_argument("second", nargs="?", type=Path, default=SOURCE / "second-reading")
    parser.add_argument("--source", type=Path, default=SOURCE, help="text.txt and source.yaml")
    parser.add_argument("--differences", action="store_true", help="list them")
    given = parser.parse_args()
    found = compare(given.source, given.first, given.second)
    print_classes(found)
    print_attributes(found)
    if CONCEPTS.exists():
        print_concepts(given.second, labels(CONCEPTS), listed=given.differences)
    if given.differences:
        print()
        print_differences(found)


if __name__ == "__main__":
    main()
