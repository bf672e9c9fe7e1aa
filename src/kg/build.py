"""Check and build: the stages from curated files to a release."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import __version__
from kg.assembly import assemble
from kg.changes import moved_quotes
from kg.coverage import (
    COARSE_BOUND,
    SET_ASIDE_BOUND,
    Coverage,
    coverage_of,
    is_coarse,
    total,
)
from kg.curation import read
from kg.dataset import Dataset, add_ontology, sha256
from kg.engines.oxigraph import OxigraphEngine
from kg.errors import FindingsError, Problem, RecordsError
from kg.evidence import Evidence, cite, find_quote, sections_of
from kg.mentions import Finder, find_mentions
from kg.questions import check_questions
from kg.reading import Reading
from kg.references import check_references
from kg.release import no_step, write_release
from kg.sources import check_counts
from kg.text import Span, is_word, unique_affixes
from kg.validation import Report, check_queries, shacl, to_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.curation import Corpus, Placed, SourceFolder
    from kg.evidence import Cited, Section
    from kg.project import Project
    from kg.records import About, SetAside
    from kg.release import Release

__all__ = ["STAGES", "Checked", "build", "check", "read_sections"]

STAGES: Final = ("read", "split", "cite", "mention", "triple", "assemble", "validate", "write")
"""The stages, in their order; `write` has steps of its own."""


@dataclass
class Checked:
    """What a check leaves: the records, what was found in the texts, dataset and report."""

    corpus: Corpus
    readings: list[Reading] = field(default_factory=list)
    dataset: Dataset = field(default_factory=Dataset)
    lines: list[str] = field(default_factory=list)
    report: Report = field(default_factory=lambda: Report(()))

    def coverage(self, source: str) -> Coverage:
        """Give the coverage of a whole source."""
        return total(r.coverage for r in self.readings if r.folder.name == source)


def _cite_section(reading: Reading) -> list[Problem]:
    """Find the quotes of one section; give what is wrong with them."""
    folder, section = reading.folder, reading.section
    problems: list[Problem] = []
    region = section.region
    for about in folder.about.get(region, ()):
        span = find_quote(about, ("quote",), about.record.quote, section)
        if isinstance(span, Span):
            problems += _two_regions(about, span, reading)
            reading.elsewhere.setdefault(span, about.record.region)
        else:
            problems.append(span)
    for placed in folder.claims.get(region, ()):
        cited, wrong = cite(placed, section)
        problems += wrong
        if cited.evidence:
            problems += _out_of_order(cited, reading.cited)
            reading.cited.append(cited)
    for aside in folder.set_aside.get(region, ()):
        span = find_quote(aside, ("quote",), aside.record.quote, section)
        if isinstance(span, Span):
            problems += _claimed_too(aside, span, reading)
            reading.aside.append((span, aside.record.reason))
        else:
            problems.append(span)
    problems += _find_gaps(folder, section, reading)
    reading.coverage = coverage_of(section, reading.cited, reading.aside)
    return problems


def _two_regions(about: Placed[About], span: Span, reading: Reading) -> list[Problem]:
    own = about.record.region
    for other, region in reading.elsewhere.items():
        if region != own and span.overlaps(other):
            line = reading.section.line(other.start)
            zh = f"这段话（或其一部分）上文已写明是说 {region}，不能又说 {own}"
            en = f"these words, or some of them, are about {region} already, not about {own}"
            hint = (
                f"缩短其中一段引文，使两段不重叠（另一段在原文第 {line} 行）",
                f"shorten one of the two quotes; the other stands on line {line} of the text",
            )
            return [about.problem(("quote",), zh, en, hint)]
    return []


def _claimed_too(aside: Placed[SetAside], span: Span, reading: Reading) -> list[Problem]:
    text = reading.section.text
    words = {at for at in range(span.start, span.end) if is_word(text[at])}
    by: list[str] = []
    left = set(words)
    for cited in reading.cited:
        for item in cited.evidence:
            if item.span.overlaps(span):
                by.append(item.claim)
                left -= {*range(item.span.start, item.span.end)}
    if left or not words:
        return []
    claims = " ".join(dict.fromkeys(by))
    zh, en = "既搁置又断言", "set aside and claimed"
    hint = (f"删去此项，或缩短引文：{claims}", f"delete this entry, or quote less in {claims}")
    return [aside.problem(("quote",), zh, en, hint)]


def _out_of_order(cited: Cited, before: list[Cited]) -> list[Problem]:
    own = [other for other in (cited, *before) if other.evidence[0].number == 1]
    latest = max(own, key=lambda other: other.evidence[0].span.start, default=cited)
    if cited not in own or cited.evidence[0].span.start >= latest.evidence[0].span.start:
        return []
    key = latest.placed.record.key
    zh, en = "断言未按原文顺序排列", "the block is not in the order of the text"
    hint = (f"移到 {key} 之前", f"move it before {key}")
    return [cited.placed.problem(("quote",), zh, en, hint)]


def _find_gaps(folder: SourceFolder, section: Section, reading: Reading) -> list[Problem]:
    problems: list[Problem] = []
    source = folder.source
    for at, gap in enumerate(source.record.gaps if source else ()):
        if source is None or gap.section != section.region:
            continue
        for number, quote in enumerate(gap.quotes, start=1):
            span = find_quote(source, ("gaps", at, "quotes", number - 1), quote, section)
            if not isinstance(span, Span):
                problems.append(span)
                continue
            around = unique_affixes(section.text, span)
            item = Evidence(f"gap.{gap.key}", number, span, quote.exact, *around, section)
            reading.gaps.setdefault(gap.key, []).append(item)
    return problems


def _check_pin(folder: SourceFolder) -> list[Problem]:
    if folder.source is None or folder.text is None:
        return []
    digest = sha256(folder.text.encode())
    if digest == folder.source.record.sha256:
        return []
    zh = "text.txt 与登记的 SHA-256 不符：原文变了"
    en = "text.txt is not the text that was pinned: its SHA-256 differs"
    last = f"kg source pin {folder.name}"
    hint_zh = (
        "误改则恢复原文；有意更换则先改 source.yaml 中的行号，再改丢失或有歧义的引文，最后运行"
    )
    hint_en = (
        "restore the text; or mend the lines in source.yaml, then the lost or ambiguous quotes"
    )
    hint = (f"{hint_zh} {last}", f"{hint_en}, and last run {last}")
    return [folder.source.problem(("sha256",), zh, en, hint, code="changed-text")]


def read_sections(
    corpus: Corpus, stage: Callable[[str], None] = no_step
) -> tuple[list[Reading], list[Problem]]:
    """Split every text and find in it the claims' quotes and the concepts' labels."""
    stage("split")
    readings: list[Reading] = []
    problems: list[Problem] = []
    for folder in corpus.sources:
        problems += _check_pin(folder)
        sections, wrong = sections_of(folder)
        problems += wrong
        readings += [Reading(folder, section) for section in sections]
    stage("cite")
    for reading in readings:
        problems += _cite_section(reading)
    stage("mention")
    finder = Finder(placed.record for placed in corpus.concepts)
    for reading in readings:
        reading.mentions, wrong = find_mentions(finder, reading.section, reading.elsewhere)
        problems += wrong
    return readings, problems


def _moved(project: Project, corpus: Corpus, readings: list[Reading]) -> list[Problem]:
    return [
        problem
        for folder in corpus.sources
        if folder.source
        for problem in moved_quotes(
            project.build, folder.name, folder.source.record.sha256, readings
        )
    ]


def _uncovered(readings: list[Reading]) -> list[Problem]:
    problems: list[Problem] = []
    for reading in readings:
        text, folder = reading.section.text, reading.folder
        claims = folder.files.get(reading.section.region, "")
        for span in reading.coverage.left:
            words = text[span.start : span.end]
            zh = f"“{words}”既未断言也未搁置"
            en = f"{words!r} is neither claimed nor set aside"
            hint = (f"写入 {claims}", f"claim it or set it aside in {claims}")
            line = reading.section.line(span.start)
            problems.append(
                Problem(folder.text_file, line, "coverage", zh, en, *hint, code="coverage")
            )
    return problems


def _beyond_bounds(checked: Checked) -> list[Problem]:
    problems: list[Problem] = []
    for folder in checked.corpus.sources:
        whole = checked.coverage(folder.name)
        readings = [r for r in checked.readings if r.folder is folder]
        for words, count, bound, where in (
            (("搁置", "set aside"), whole.set_aside, SET_ASIDE_BOUND, _longest_aside(readings)),
            (("粗粒度", "coarse"), whole.coarse, COARSE_BOUND, _coarse(readings)),
        ):
            if folder.source and whole.characters and whole.share(count) > bound:
                share = f"{whole.share(count):.1%}"
                zh = f"{words[0]}部分占 {share}，超过 {bound:.0%}"
                en = f"{share} of the text is {words[1]}, over the bound of {bound:.0%}"
                problems.append(folder.source.problem((), zh, en, (where, where)))
    return problems


def _longest_aside(readings: list[Reading]) -> str:
    spans = [(span, reading) for reading in readings for span, _ in reading.aside]
    spans.sort(key=lambda pair: pair[0].start - pair[0].end)
    return "; ".join(
        f"{reading.section.line(span.start)}: {reading.section.text[span.start : span.end]}"
        for span, reading in spans[:5]
    )


def _coarse(readings: list[Reading]) -> str:
    return " ".join(
        f"{item.claim}.{item.number}"
        for reading in readings
        for cited in reading.cited
        for item in cited.evidence
        if is_coarse(reading.section, item.span)
    )


def _validate(
    checked: Checked, project: Project, cache: Path | None
) -> tuple[Report, list[Problem]]:
    shapes = shacl(checked.lines, project.ontology / "shapes", cache)
    known = {triple.subject.value for triple in checked.dataset.graphs}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dataset.nq"
        path.write_text("".join(checked.lines), encoding="utf-8", newline="")
        engine = OxigraphEngine()
        engine.load(path)
        checks = check_queries(engine, project.queries / "checks")
        questions = check_questions(engine, project.queries, known)
        engine.close()
    return Report((*shapes, *checks)), questions


def check(
    project: Project,
    *,
    cache: Path | None = None,
    stage: Callable[[str], None] = no_step,
) -> Checked:
    """Read and check everything; write nothing but, where given, the cached SHACL report.

    Args:
        project: where everything lies.
        cache: where SHACL reports are kept; None runs pySHACL in any case.
        stage: told the name of each stage before it runs.

    Raises:
        RecordsError: records cannot be read or do not fit together; holds every problem.
        FindingsError: a shape, a check or a bound of coverage is broken.
        KgError: the ontology is wrong, or a triple would stand in two graphs.
    """
    stage("read")
    corpus = read(project)
    problems = [*corpus.problems, *check_references(corpus)]
    readings, wrong = read_sections(corpus, stage)
    problems += wrong
    if any(problem.code == "changed-text" for problem in problems):
        problems += _moved(project, corpus, readings)
    counts = [p for folder in corpus.sources for p in check_counts(corpus, folder)]
    if problems:
        raise RecordsError([*problems, *counts])
    stage("triple")
    checked = Checked(corpus, readings, assemble(corpus, readings))
    stage("assemble")
    add_ontology(checked.dataset, project.ontology)
    checked.lines = checked.dataset.lines()
    stage("validate")
    checked.report, found = _validate(checked, project, cache)
    found += [to_problem(item, checked.dataset) for item in checked.report.violations]
    found += [*_uncovered(readings), *_beyond_bounds(checked), *counts]
    if found:
        raise FindingsError(found)
    return checked


def manifest(checked: Checked) -> dict[str, Any]:
    """Give what a release says of itself: versions, counts, sources; no clock, no machine."""
    graphs: dict[str, int] = {}
    for graph in checked.dataset.graphs.values():
        graphs[graph] = graphs.get(graph, 0) + 1
    sources = {
        folder.name: folder.source.record.sha256
        for folder in checked.corpus.sources
        if folder.source
    }
    return {
        "format": 1,
        "graphs": graphs,
        "kg": __version__,
        "sources": sources,
    }


def build(
    project: Project,
    *,
    cache: Path | None = None,
    stage: Callable[[str], None] = no_step,
) -> tuple[Checked, Release]:
    """Check everything, then write a release and make it the current one.

    Raises:
        KgError: see `check`; nothing is written then.
    """
    checked = check(project, cache=cache, stage=stage)
    stage("write")
    nquads = "".join(checked.lines).encode()
    return checked, write_release(project.build, nquads, manifest(checked), stage)
