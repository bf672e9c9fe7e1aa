"""Checks that records fit together: keys, references, labels, hierarchy, wordings, counts."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from kg.curation import Placed
from kg.messages import nearest
from kg.records import Achievement, Framework, Milestone, Target
from kg.scheme import check_hierarchy, check_labels
from kg.sources import check_source
from kg.things import Initiative, Platform

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.curation import Corpus, SourceFolder
    from kg.errors import Problem
    from kg.fields import Record
    from kg.marks import Location
    from kg.records import About, Claim, Gap, Source
    from kg.things import Concept, Region

__all__ = ["check_references"]

Reference = tuple["Location", str, str]
"""Field, kind of the thing meant, its key."""


def check_references(corpus: Corpus) -> list[Problem]:
    """Give every problem that shows only when records are looked at together."""
    return [
        *_duplicates(corpus),
        *_dangling(corpus),
        *check_labels(corpus),
        *_quoted_labels(corpus),
        *check_hierarchy(corpus),
        *(p for folder in corpus.sources for p in check_source(folder)),
        *(p for folder in corpus.sources for p in _claim_keys(folder)),
        *(p for placed in corpus.claims() for p in _wordings(placed)),
    ]


# --- keys ---------------------------------------------------------------------------------


def _gaps(corpus: Corpus) -> Iterator[Placed[Gap]]:
    for source in (folder.source for folder in corpus.sources if folder.source):
        for number, gap in enumerate(source.record.gaps):
            yield Placed(gap, source.marked, ("gaps", number))


def _duplicates(corpus: Corpus) -> Iterator[Problem]:
    kinds: dict[str, Sequence[Placed[Record]]] = {
        "region": corpus.regions,
        "concept": corpus.concepts,
        "platform": corpus.platforms,
        "initiative": corpus.initiatives,
        "claim": list(corpus.claims()),
        "gap": list(_gaps(corpus)),
    }
    for records in kinds.values():
        first: dict[str, Placed[Record]] = {}
        for placed in records:
            key = str(placed.record.key)  # type: ignore[attr-defined]
            if earlier := first.get(key):
                where = f"{earlier.file}:{earlier.line('key')}"
                zh, en = (
                    f"键“{key}”已在 {where} 用过",
                    f"the key {key!r} is used at {where} already",
                )
                yield placed.problem(("key",), zh, en, ("换一个键", "choose another key"))
            first.setdefault(key, placed)


def _claim_keys(folder: SourceFolder) -> Iterator[Problem]:
    for region, claims in folder.claims.items():
        for placed in claims:
            if not placed.record.key.startswith(f"{region}-"):
                zh, en = f"断言的键应以“{region}-”开头", f"a claim's key begins with {region}-"
                yield placed.problem(("key",), zh, en)


# --- references ---------------------------------------------------------------------------


def _each(name: str, kind: str, keys: Sequence[str]) -> Iterator[Reference]:
    for number, key in enumerate(keys):
        yield (name, number), kind, key


def _of_concept(record: Concept) -> Iterator[Reference]:
    yield from _each("broader", "concept", record.broader)
    yield from _each("related", "concept", record.related)
    yield from _each("not_to_be_confused_with", "concept", record.not_to_be_confused_with)
    yield from _each("only_in", "region or source", record.only_in)


def _of_claim(record: Claim) -> Iterator[Reference]:
    yield from _each("where", "region", record.where)
    yield from _each("concepts", "concept", record.concepts)
    for name in ("platform", "initiative"):
        if key := getattr(record, name, None):
            yield (name,), name, key
    if isinstance(record, Framework):
        for number, part in enumerate(record.parts):
            for name in ("concept", "platform", "initiative"):
                if key := getattr(part, name):
                    yield ("parts", number, name), name, key


def _of_region(record: Region) -> Iterator[Reference]:
    yield from _each("members", "region", record.members)
    if record.parent:
        yield ("parent",), "region", record.parent


def _of_made(kind: str, record: Platform | Initiative) -> Iterator[Reference]:
    yield from _each("regions", "region", record.regions)
    yield from _each("concepts", "concept", record.concepts)
    if record.part_of:
        yield ("part_of",), kind, record.part_of


def _of_source(record: Source) -> Iterator[Reference]:
    for number, section in enumerate(record.sections):
        yield ("sections", number, "region"), "region", section.region
    for number, gap in enumerate(record.gaps):
        for key in gap.regions:
            yield ("gaps", number, "regions"), "region", key


def _of_about(record: About) -> Iterator[Reference]:
    yield ("region",), "region", record.region


def _references(corpus: Corpus) -> Iterator[tuple[Placed[Record], Reference]]:
    groups: list[Iterator[tuple[Placed[Record], Iterator[Reference]]]] = [
        ((p, _of_region(p.record)) for p in corpus.regions),
        ((p, _of_concept(p.record)) for p in corpus.concepts),
        ((p, _of_made("platform", p.record)) for p in corpus.platforms),
        ((p, _of_made("initiative", p.record)) for p in corpus.initiatives),
        ((p, _of_claim(p.record)) for p in corpus.claims()),
        ((f.source, _of_source(f.source.record)) for f in corpus.sources if f.source),
        ((p, _of_about(p.record)) for f in corpus.sources for p in chain(*f.about.values())),
    ]
    for placed, references in chain.from_iterable(groups):
        for reference in references:
            yield placed, reference


ZH: Final = {
    "region": "地区",
    "concept": "概念",
    "platform": "平台",
    "initiative": "举措",
    "milestone": "里程碑",
    "claim": "断言",
    "region or source": "地区或来源",
}


def _known(corpus: Corpus, kind: str) -> set[str] | None:
    kinds = kind.split(" or ")
    if corpus.unread.intersection(kinds):
        return None
    return {key for name in kinds for key in corpus.declared.get(name, ())}


FILES: Final = {
    "region": "regions.csv",
    "concept": "concepts.yaml",
    "platform": "platforms.yaml",
    "initiative": "initiatives.yaml",
}
"""Kind of thing -> the file that declares it."""


def _unknown(
    placed: Placed[Record], steps: Location, kind: str, key: str, known: set[str]
) -> Problem:
    """Say that a key is unknown; never guess the thing of another region."""
    first = key.partition("-")[0]
    kin = {k for k in known if k.startswith(f"{first}-")}
    meant = nearest(key, sorted(kin or known), cutoff=0.75)
    hint = (f"是否想写 {meant}？", f"did you mean {meant}?") if meant else ("", "")
    if file := FILES.get(kind):
        also = (f"或在 {file} 中登记", f"or declare it in {file}")
        hint = (f"{hint[0]}{also[0]}", f"{hint[1]} {also[1]}".strip())
    return placed.problem(steps, f"没有{ZH[kind]}“{key}”", f"unknown {kind} {key!r}", hint)


def _dangling(corpus: Corpus) -> Iterator[Problem]:
    for placed, (steps, kind, key) in _references(corpus):
        known = _known(corpus, kind)
        if known is not None and key not in known:
            yield _unknown(placed, steps, kind, key, known)
    for folder in corpus.sources:
        for claims in folder.claims.values():
            yield from _within_section(corpus, claims)


def _within_section(corpus: Corpus, claims: Sequence[Placed[Claim]]) -> Iterator[Problem]:
    """Check what names other blocks of the section: milestones before, frameworks anywhere."""
    frameworks = {c.record.key for c in claims if isinstance(c.record, Framework)}
    readable = {placed.record.key for placed in corpus.claims()}
    seen: set[str] = set()
    for placed in claims:
        record = placed.record
        name = {"Achievement": "as_of", "Milestone": "time"}.get(type(record).__name__, "deadline")
        if record.when and (key := record.when.from_) and key not in seen:
            yield from _no_milestone(corpus, placed, (name, "from"), key, seen)
        if isinstance(record, Milestone):
            seen.add(record.key)
        if isinstance(record, Framework):
            for number, part in enumerate(record.parts):
                key = part.framework
                if key and key not in frameworks and key not in corpus.declared.get("claim", ()):
                    steps: Location = ("parts", number, "framework")
                    yield _unknown(placed, steps, "claim", key, frameworks)
                elif key and key not in frameworks and key in readable:
                    zh, en = f"“{key}”不是本节的框架", f"{key!r} is no framework of this section"
                    yield placed.problem(("parts", number, "framework"), zh, en)


def _no_milestone(
    corpus: Corpus, placed: Placed[Claim], steps: Location, key: str, seen: set[str]
) -> Iterator[Problem]:
    if key not in corpus.declared.get("milestone", ()):
        yield _unknown(placed, steps, "milestone", key, seen)
        return
    unreadable = key not in {c.record.key for c in corpus.claims()}
    if not unreadable:
        zh = f"里程碑“{key}”不在本节之前的断言中"
        yield placed.problem(
            steps, zh, f"the milestone {key!r} is no earlier block of this section"
        )


# --- labels -------------------------------------------------------------------------------

QUOTED: Final = re.compile("“[^“”]*”|‘[^‘’]*’|「[^「」]*」|『[^『』]*』|\"[^\"]*\"|'[^']*'")
"""One pair of quotation marks with all of a label between."""


def _names(record: Concept | Platform | Initiative) -> Iterator[tuple[Location, str]]:
    """Give the labels by which a thing is called; a concept's Chinese ones are searched for."""
    languages = ("zh", "en") if isinstance(record, Platform | Initiative) else ("en",)
    for language in languages:
        yield ("label", language), getattr(record.label, language)
        for number, label in enumerate(getattr(record.alt, language)):
            yield ("alt", language, number), label


def _quoted_labels(corpus: Corpus) -> Iterator[Problem]:
    hint = ("去掉引号；带不带引号都查得到", "take them off: it is found with or without")
    things: list[Placed[Concept] | Placed[Platform] | Placed[Initiative]]
    things = [*corpus.concepts, *corpus.platforms, *corpus.initiatives]
    for placed in things:
        for steps, label in _names(placed.record):
            if QUOTED.fullmatch(label):
                zh = f"标签整个在引号里：{label}"
                en = f"the whole label is in quotation marks: {label}"
                yield placed.problem(steps, zh, en, hint)


# --- wordings -----------------------------------------------------------------------------


def _wordings(placed: Placed[Claim]) -> Iterator[Problem]:
    record = placed.record
    quotes = [quote.exact for quote in (record.quote, *record.also)]
    around = [*quotes, *(quote.exact for quote in record.context)]
    when = record.when
    if when and when.wording and not any(when.wording in quote for quote in quotes):
        name = next(n for n in ("deadline", "time", "as_of") if getattr(record, n, None))
        dated_by_context = isinstance(record, Achievement) and any(
            when.wording in quote for quote in around
        )
        if not dated_by_context:
            zh = f"时间措辞“{when.wording}”不在引文中"
            en = f"the date wording {when.wording!r} is not in the quote"
            hint = ("在别处者写 from: 里程碑", "if it stands elsewhere: `from` a milestone")
            yield placed.problem((name, "wording"), zh, en, hint)
    yield from _parts_stand(placed, around)


def _parts_stand(placed: Placed[Claim], around: Sequence[str]) -> Iterator[Problem]:
    record = placed.record
    wordings: list[tuple[Location, str]] = []
    if isinstance(record, Framework):
        wordings += [(("parts", n, "wording"), p.wording) for n, p in enumerate(record.parts)]
        if record.slogan:
            wordings.append((("slogan",), record.slogan))
    if isinstance(record, Target | Achievement):
        wordings += [
            (("quantities", n, "wording"), q.wording) for n, q in enumerate(record.quantities)
        ]
    for name in ("verb", "version"):
        said = str(getattr(record, name, None) or "")
        wordings += [((name,), piece) for piece in said.split("…") if piece]
    for steps, wording in wordings:
        if not any(wording in quote for quote in around):
            zh = f"“{wording}”不在引文或上下文中"
            en = f"{wording!r} stands neither in the quote nor in a context span"
            yield placed.problem(steps, zh, en)
