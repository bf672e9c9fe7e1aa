"""Tables recomputed from the curated files alone, by the rules of `data/README.md`.

Nothing of the package takes part in the recomputing: PyYAML reads the files, the rest is text.
"""

from __future__ import annotations

import calendar
import csv
import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from graph_fixtures import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.graph import KnowledgeGraph

pytest_plugins = ["open_graphs"]

DATA: Final = ROOT / "data"
Span = tuple[int, int]

FORMS: Final = [
    "platform-existing", "platform-to-be-upgraded", "achievement", "platform-planned",
    "platform-unknown", "initiative", "target", "framework-part", "mention",
]  # fmt: skip
"""From strong to weak."""

TOLD: Final = {
    "slogan", "region", "framework", "concept", "definition", "definitionEn", "position",
}  # fmt: skip
"""Columns that are recomputed of the slogans of several regions."""


def load(path: Path) -> Any:  # noqa: ANN401 -- what YAML holds
    """Read a YAML file."""
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)


# --- the curated files --------------------------------------------------------------------------


@cache
def concepts() -> dict[str, Any]:
    """Give the concepts by key."""
    return {item["key"]: item for item in load(DATA / "concepts.yaml")["concepts"]}


@cache
def realised() -> dict[tuple[str, str], list[str]]:
    """Give the concepts that each platform and initiative realises."""
    return {
        (kind, item["key"]): item["concepts"]
        for kind in ("platform", "initiative")
        for item in load(DATA / f"{kind}s.yaml")[f"{kind}s"]
    }


@cache
def provinces() -> dict[str, dict[str, str]]:
    """Give the 34 province-level regions by key."""
    with (DATA / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file) if row["level"] == "province"}


@dataclass(frozen=True)
class Section:
    """A section of a source: its lines and sentences by offset, and what is claimed of it."""

    source: str
    region: str
    reading: str
    text: str
    span: Span
    headings: list[Span]
    sentences: list[Span]
    claims: list[dict[str, Any]]
    elsewhere: list[tuple[Span, str]]

    def locate(self, quote: str | dict[str, Any]) -> Span:
        """Find a quote, or its nth place."""
        words, nth = (quote, 1) if isinstance(quote, str) else (quote["exact"], quote.get("nth", 1))
        at = self.span[0] - 1
        for _ in range(nth):
            at = self.text.index(words, at + 1, self.span[1])
        return at, at + len(words)

    def about(self, span: Span) -> str:
        """Tell of which region a span speaks."""
        return next((r for where, r in self.elsewhere if inside(span, where)), self.region)


def inside(span: Span, other: Span) -> bool:
    """Tell whether a span lies in another."""
    return other[0] <= span[0] and span[1] <= other[1]


@cache
def sections() -> list[Section]:
    """Read every section of every source."""
    found = []
    for folder in sorted((DATA / "sources").iterdir()):
        text = (folder / "text.txt").read_bytes().decode()
        starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]
        for record in load(folder / "source.yaml")["sections"]:
            first, last = record["lines"]
            headings = [(starts[a - 1], starts[b] - 1) for a, b in record["headings"]]
            lines = [(starts[n - 1], starts[n] - 1) for n in range(first, last + 1)]
            body = [line for line in lines if not any(inside(line, h) for h in headings)]
            cut = [part for line in body for part in sentences(text, line)]
            claimed = load(folder / "claims" / f"{record['region']}.yaml")
            section = Section(
                source=folder.name,
                region=record["region"],
                reading=record["reading"],
                text=text,
                span=(starts[first - 1], starts[last] - 1),
                headings=headings,
                sentences=sorted(trimmed(text, headings + cut)),
                claims=claimed.get("claims", []),
                elsewhere=[],
            )
            section.elsewhere.extend(
                (section.locate(item["quote"]), item["region"]) for item in claimed.get("about", [])
            )
            found.append(section)
    return found


def sentences(text: str, line: Span) -> Iterator[Span]:
    """Cut a line behind its full stops, marks of exclamation and question, and closing marks."""
    for match in re.finditer(r"[^。！!？?]*(?:[。！!？?][”’」』）)]*|$)", text[slice(*line)]):
        yield line[0] + match.start(), line[0] + match.end()


def trimmed(text: str, spans: list[Span]) -> Iterator[Span]:
    """Take the blanks off the ends of spans; drop those that are blank."""
    for start, end in spans:
        words = text[start:end].strip()
        if words:
            at = text.index(words, start)
            yield at, at + len(words)


# --- mentions and claims ------------------------------------------------------------------------


@cache
def labels() -> list[tuple[str, list[str]]]:
    """Give each Chinese label with the concepts that have it, the longest first."""
    owners: dict[str, list[str]] = {}
    for key, item in concepts().items():
        for label in (item["label"]["zh"], *item.get("alt", {}).get("zh", ())):
            owners.setdefault(label, []).append(key)
    return sorted(owners.items(), key=lambda item: -len(item[0]))


def looks_alike(key: str, text: str, start: int, end: int) -> bool:
    """Tell whether a label stands in a longer wording that does not mean its concept."""
    return any(
        text.startswith(alike["wording"], at) and at + len(alike["wording"]) >= end
        for alike in concepts()[key].get("looks_alike", ())
        for at in range(max(0, end - len(alike["wording"])), start + 1)
    )


def meant(owners: list[str], section: Section) -> str:
    """Tell which concept of a label is meant in a section; a homonym says where by `only_in`."""
    if len(owners) == 1:
        return owners[0]
    here = {section.region, section.source}
    (key,) = (key for key in owners if here & set(concepts()[key]["only_in"]))
    return key


def mentions(section: Section) -> Iterator[tuple[Span, str]]:
    """Find the labels in a section, the longest first; a line break in one does not part it."""
    for start, end in section.sentences:
        places = [at for at in range(start, end) if section.text[at] != "\n"]
        flat = "".join(section.text[at] for at in places)
        at = 0
        while at < len(flat):
            for label, owners in labels():
                if flat.startswith(label, at):
                    key = meant(owners, section)
                    if not looks_alike(key, flat, at, at + len(label)):
                        yield (places[at], places[at + len(label) - 1] + 1), key
                        at += len(label)
                        break
            else:
                at += 1


def form(claim: dict[str, Any]) -> str:
    """Tell in which form a claim states a concept."""
    if claim["kind"] == "platform-claim":
        return f"platform-{claim['status']}"
    kind: str = claim["kind"]
    return {"initiative-claim": "initiative", "framework": "framework-part"}.get(kind, kind)


def made(item: dict[str, Any]) -> list[str]:
    """Give the concepts of the platform or initiative that a claim or part names."""
    pairs = ((kind, item.get(kind)) for kind in ("platform", "initiative"))
    return [concept for kind, key in pairs if key for concept in realised()[kind, key]]


def quoted(section: Section, claim: dict[str, Any]) -> list[Span]:
    """Find the quotes of a claim, its context apart."""
    return [section.locate(quote) for quote in (claim["quote"], *claim.get("also", ()))]


def within(section: Section, found: list[tuple[Span, str]], spans: list[Span]) -> Iterator[str]:
    """Give the concepts whose labels stand in some spans and speak of the same region."""
    about = section.about(spans[0])
    for span, key in found:
        if section.about(span) == about and any(inside(span, other) for other in spans):
            yield key


def claimed(section: Section, found: list[tuple[Span, str]]) -> Iterator[tuple[str, str, str]]:
    """Give region, concept and form of what the claims of a section name; milestones name none."""

    def named(spans: list[Span], more: list[str], kind: str) -> Iterator[tuple[str, str, str]]:
        about = section.about(spans[0])
        for key in [*more, *within(section, found, spans)]:
            yield about, key, kind

    for claim in section.claims:
        if claim["kind"] == "milestone":
            continue
        spans = quoted(section, claim)
        yield from named(spans, [*claim.get("concepts", ()), *made(claim)], form(claim))
        around = [*spans, *(section.locate(quote) for quote in claim.get("context", ()))]
        for part in claim.get("parts", ()):
            starts = (section.text.find(part["wording"], *span) for span in around)
            at = next(start for start in starts if start >= 0)
            more = [part["concept"]] if "concept" in part else []
            yield from named([(at, at + len(part["wording"]))], more + made(part), "framework-part")


@cache
def stated() -> dict[str, dict[str, str]]:
    """Give region -> concept -> the strongest form in which it states the concept."""
    best: dict[str, dict[str, str]] = {key: {} for key in provinces()}
    for section in sections():
        found = list(mentions(section))
        mere = [(section.about(span), key, "mention") for span, key in found]
        for region, key, kind in [*mere, *claimed(section, found)]:
            if region in best:
                forms = {kind, best[region].get(key, "mention")}
                best[region][key] = min(forms, key=FORMS.index)
    return best


@cache
def read() -> set[str]:
    """Give the regions of which a text was read in full."""
    return {section.region for section in sections() if section.reading == "text"}


# --- the tables ---------------------------------------------------------------------------------


def matrix(least: int) -> list[dict[str, str]]:
    """Recompute region by concept: stated and how, not in the text, or not read."""
    regions = Counter(key for held in stated().values() for key in held)
    shared = sorted((-count, key) for key, count in regions.items() if count >= least)
    rows = []
    for region in sorted(provinces()):
        for _, key in shared:
            kind = stated()[region].get(key)
            absent = "not-in-text" if region in read() else "not-read"
            row = {"region": f"kgr:{region}", "concept": f"kgc:{key}"}
            row |= named_by("region", provinces()[region]) | named_by(
                "concept", concepts()[key]["label"]
            )
            row["presence"] = "stated" if kind else absent
            rows.append(row | ({"form": f"kg:form-{kind}"} if kind else {}))
    return rows


def named_by(column: str, label: dict[str, str]) -> dict[str, str]:
    """Give the two columns of a label."""
    return {f"{column}Label": label["zh"], f"{column}LabelEn": label["en"]}


def days(time: dict[str, str]) -> tuple[str, str]:
    """Give the first and the last day that a date allows."""
    first, _, last = time["date"].partition("/")
    year, *rest = (last or first).split("-")
    month = int(rest[0]) if rest else 12
    day = int(rest[1]) if len(rest) > 1 else calendar.monthrange(int(year), month)[1]
    return f"{first[:4]}-01-01", f"{year}-{month:02}-{day:02}"


def timeline() -> list[dict[str, str]]:
    """Recompute the milestones: when, in which words, and what takes its deadline from them."""
    rows = []
    for section in sections():
        heirs = Counter(
            (time["from"], claim["kind"] == "target")
            for claim in section.claims
            if "from" in (time := claim.get("deadline") or claim.get("as_of") or {})
        )
        for claim in section.claims:
            if claim["kind"] == "milestone":
                span = section.locate(claim["quote"])
                row = milestone(section, claim, span)
                row["targets"] = str(heirs[claim["key"], True])
                row["otherClaims"] = str(heirs[claim["key"], False])
                rows.append((row["latest"], row["region"], span[0], row))
    return [row for *_, row in sorted(rows, key=lambda item: item[:3])]


def milestone(section: Section, claim: dict[str, Any], span: Span) -> dict[str, str]:
    """Give what the table tells of one milestone, counts apart."""
    region, time, node = section.about(span), claim["time"], f"kgcl:{claim['key']}"
    earliest, latest = days(time)
    sentence = next(s for s in section.sentences if s[0] <= span[0] < s[1])
    phase = claim.get("phase")
    return {
        "milestone": node,
        **named_by("milestone", claim["label"]),
        "region": f"kgr:{region}",
        **named_by("region", provinces()[region]),
        **({"earliest": earliest} if time["precision"] == "period" else {}),
        "latest": latest,
        "precision": f"kg:precision-{time['precision']}",
        "dateWording": time["wording"],
        **({"phase": phase["zh"], "phaseEn": phase["en"]} if phase else {}),
        "fromHeading": str(any(inside(span, heading) for heading in section.headings)).lower(),
        "quote": section.text[slice(*span)],
        "sentence": section.text[slice(*sentence)],
        "line": str(section.text.count("\n", 0, sentence[0]) + 1),
        "statement": node,
    }  # fmt: skip


def similarity() -> list[dict[str, str]]:
    """Recompute how alike two regions are by what they state: shared, in all, and their ratio."""
    compared = [region for region in provinces() if stated()[region] or region in read()]
    rows = []
    for one, other in permutations(compared, 2):
        mine, theirs = set(stated()[one]), set(stated()[other])
        ratio = Fraction(len(mine & theirs), len(mine | theirs) or 1)
        thousandths = int(ratio * 1000 + Fraction(1, 2))
        both = [concepts()[key]["label"] for key in sorted(mine & theirs)]
        row = {
            "region": f"kgr:{one}",
            **named_by("region", provinces()[one]),
            "other": f"kgr:{other}",
            **named_by("other", provinces()[other]),
            "shared": str(len(mine & theirs)),
            "jaccard": f"{thousandths / 1000:.3f}".rstrip("0").rstrip("."),
            "concepts": str(len(mine)),
            "otherConcepts": str(len(theirs)),
            "union": str(len(mine | theirs)),
            "bothRead": str({one, other} <= read()).lower(),
        }
        if both:
            row["sharedList"] = "；".join(label["zh"] for label in both)
            row["sharedListEn"] = "; ".join(label["en"] for label in both)
        rows.append(((-thousandths, -len(mine & theirs), one, other), row))
    return [row for _, row in sorted(rows, key=lambda item: item[0])]


@dataclass(frozen=True)
class Promise:
    """A target: of which region, about which concepts, and the last day allowed, if any."""

    target: str
    region: str
    concepts: frozenset[str]
    latest: str | None


@cache
def promises() -> list[Promise]:
    """Give every target; a deadline is its own or that of a milestone."""
    given = []
    for section in sections():
        found = list(mentions(section))
        times = {claim["key"]: claim["time"] for claim in section.claims if "time" in claim}
        for claim in section.claims:
            if claim["kind"] == "target":
                spans = quoted(section, claim)
                named = {*claim.get("concepts", ()), *made(claim), *within(section, found, spans)}
                due = claim.get("deadline")
                last = days(times[due["from"]] if "from" in due else due)[1] if due else None
                region = section.about(spans[0])
                given.append(Promise(f"kgcl:{claim['key']}", region, frozenset(named), last))
    return given


def due_by(asked: list[Promise], by: str) -> tuple[set[str], str, str]:
    """Give the targets due by a day, and how many are due later and have no deadline."""
    last = [promise.latest for promise in asked]
    later = sum(day is not None and day > by for day in last)
    due = {one.target for one in asked if one.latest is not None and one.latest <= by}
    return due, str(later), str(last.count(None))


def slogans() -> list[dict[str, str]]:
    """Recompute the slogans of two regions: what each stands for, told once, and its parts."""
    used: dict[str, list[tuple[int, Section, dict[str, Any]]]] = {}
    for section in sections():
        for claim in section.claims:
            if "slogan" in claim:
                start, _ = section.locate(claim["quote"])
                used.setdefault(claim["slogan"], []).append((start, section, claim))
    owners = dict(labels())
    rows = []
    for words, uses in sorted(used.items()):
        if len({section.about((start, start)) for start, section, _ in uses}) < 2:
            continue
        for start, section, claim in sorted(uses, key=lambda use: (use[0], use[2]["key"])):
            about = section.about((start, start))
            row = {"slogan": words, "region": f"kgr:{about}", "framework": f"kgcl:{claim['key']}"}
            told = {}
            if words in owners:
                key = meant(owners[words], section)
                row["concept"] = f"kgc:{key}"
                meaning = concepts()[key]["definition"]
                told = {"definition": meaning["zh"], "definitionEn": meaning["en"]}
            many = len(claim.get("parts", ()))
            rows.append(row | told | ({"position": "1"} if many else {}))
            rows.extend(row | {"position": str(n)} for n in range(2, many + 1))
    return rows


# --- the comparison -----------------------------------------------------------------------------


def answered(graph: KnowledgeGraph, question: str, **values: str) -> list[dict[str, str]]:
    """Give the rows of a question; what a closed list is called is the ontology's to say."""
    lists = {f"{name}Label{en}" for name in ("presence", "form", "precision") for en in ("", "En")}
    rows = graph.ask(question, **values)
    return [{name: cell for name, cell in row.items() if name not in lists} for row in rows]


@pytest.mark.parametrize("least", [1, 2, 5])
def test_the_matrix_of_regions_and_concepts_is_recomputed(
    real_graph: KnowledgeGraph, least: int
) -> None:
    """Every presence and every strongest form is what the labels, claims and things say."""
    expected = matrix(least)
    assert answered(real_graph, "concept-matrix", min_regions=str(least)) == expected
    assert {row["presence"] for row in expected} == {"stated", "not-in-text", "not-read"}


def test_the_timeline_of_milestones_is_recomputed(real_graph: KnowledgeGraph) -> None:
    """Every date, wording, sentence and count is what the blocks and the text say."""
    expected = timeline()
    assert answered(real_graph, "milestone-timeline") == expected
    assert sum(int(row["targets"]) for row in expected) > len(expected) > 0


def test_the_likeness_of_regions_is_recomputed(real_graph: KnowledgeGraph) -> None:
    """Every count and index, for every pair both ways, in the order of likeness."""
    expected = similarity()
    assert answered(real_graph, "region-similarity") == expected
    assert len({row["jaccard"] for row in expected}) > 10


@pytest.mark.parametrize(
    ("concept", "by"),
    [("yi-wang-tong-ban", "2022"), ("zheng-wu-fu-wu", "2022"), ("zheng-wu-yun", "2022")],
)
def test_what_a_day_leaves_out_of_a_concept_is_recomputed(
    real_graph: KnowledgeGraph, concept: str, by: str
) -> None:
    """Beside what is due by a day stands how much is due later and how much has no deadline."""
    asked = [promise for promise in promises() if concept in promise.concepts]
    due, later, undated = due_by(asked, f"{by}-12-31")
    rows = list(real_graph.ask("targets-by-concept", concept=concept, by=by))
    assert {row["target"] for row in rows} == due != set()
    assert {(row["later"], row["undated"]) for row in rows} == {(later, undated)}


def test_without_a_day_nothing_of_a_concept_is_left_out(real_graph: KnowledgeGraph) -> None:
    """Every target has its row, and no column tells of others."""
    rows = list(real_graph.ask("targets-by-concept", concept="yi-wang-tong-ban"))
    asked = {one.target for one in promises() if "yi-wang-tong-ban" in one.concepts}
    assert {row["target"] for row in rows} == asked
    assert not any({"later", "undated"} & row.keys() for row in rows)


@pytest.mark.parametrize(("by", "region"), [("2022", ""), ("2021", ""), ("2022", "zhejiang")])
def test_what_a_day_leaves_out_is_recomputed(
    real_graph: KnowledgeGraph, by: str, region: str
) -> None:
    """Of all regions or of one: what is due, and how much is due later or has no deadline."""
    asked = [promise for promise in promises() if region in {"", promise.region}]
    due, later, undated = due_by(asked, f"{by}-12-31")
    rows = list(real_graph.ask("targets-due", by=by, **({"region": region} if region else {})))
    assert {row["target"] for row in rows} == due != set()
    assert {(row["later"], row["undated"]) for row in rows} == {(later, undated)}


def test_a_slogan_of_several_regions_is_defined_once_in_each(real_graph: KnowledgeGraph) -> None:
    """What it stands for is told on the first row of its framework, not beside every part."""
    expected = slogans()
    rows = real_graph.ask("slogans-with-one-name")
    assert [{name: row[name] for name in row if name in TOLD} for row in rows] == expected
    assert 1 < len([row for row in expected if "definition" in row]) < len(expected)


@pytest.mark.parametrize("marks", ["{}", "“{}”", '"{}"', "「{}」"])
def test_a_slogan_is_found_with_and_without_quotation_marks(
    real_graph: KnowledgeGraph, marks: str
) -> None:
    """It is asked for by its words; one of a single region has no row."""
    rows = list(real_graph.ask("slogans-with-one-name"))
    for words in {row["slogan"] for row in rows}:
        asked = list(real_graph.ask("slogans-with-one-name", slogan=marks.format(words)))
        assert asked == [row for row in rows if row["slogan"] == words] != rows
    assert list(real_graph.ask("slogans-with-one-name", slogan=marks.format("三清单"))) == []


@pytest.mark.parametrize("region", ["guangdong", "hunan", "chongqing"])
def test_what_was_read_on_one_region_is_its_part_of_the_whole(
    real_graph: KnowledgeGraph, region: str
) -> None:
    """A region read, one whose body is a picture and one not read each have their own rows."""
    own = [row for row in real_graph.ask("reading-by-region") if row["region"] == f"kgr:{region}"]
    assert list(real_graph.ask("reading-by-region", region=region)) == own != []
