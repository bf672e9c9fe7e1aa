"""Reads the curated files into records, each with the place where it stands.

Every problem of every file is collected. A file that cannot be parsed gives one problem, and
references into it are not called dangling.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from pydantic import ValidationError

from kg.errors import Problem, RecordsError
from kg.marks import read_csv, read_text, read_yaml
from kg.messages import nearest, problems_of
from kg.records import CLAIMS, About, Claim, SetAside, Source
from kg.things import Concept, Initiative, Platform, Region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.fields import Record
    from kg.marks import Location, Marked, Value
    from kg.project import Project

__all__ = ["Corpus", "Placed", "SourceFolder", "read"]

R_co = TypeVar("R_co", bound="Record", covariant=True)
T = TypeVar("T", bound="Record")

REGION_COLUMNS: Final = tuple(Region.model_fields)

THINGS: Final[dict[str, tuple[str, type[Record]]]] = {
    "concept": ("concepts", Concept),
    "platform": ("platforms", Platform),
    "initiative": ("initiatives", Initiative),
}
"""Kind of thing -> the top key of its file, which is also the file's name, and its record."""


@dataclass(frozen=True)
class Placed(Generic[R_co]):
    """A record and where it stands."""

    record: R_co
    marked: Marked
    at: Location

    @property
    def file(self) -> str:
        """The file's name."""
        return self.marked.file

    def line(self, *steps: str | int) -> int:
        """Give the line of the record, or of one of its fields."""
        return self.marked.line(*self.at, *steps)

    def problem(
        self,
        steps: Location,
        zh: str,
        en: str,
        hint: tuple[str, str] = ("", ""),
        code: str = "record",
    ) -> Problem:
        """Make a problem of one of its fields."""
        name = getattr(self.record, "key", None) or ".".join(map(str, self.at))
        dotted = ".".join([name, *map(str, steps)])
        return Problem(self.file, self.line(*steps), dotted, zh, en, *hint, code=code)


@dataclass
class SourceFolder:
    """What one source's folder holds, as far as it could be read."""

    name: str
    source: Placed[Source] | None = None
    text: str | None = None
    text_file: str = ""
    claims: dict[str, list[Placed[Claim]]] = field(default_factory=dict)
    set_aside: dict[str, list[Placed[SetAside]]] = field(default_factory=dict)
    about: dict[str, list[Placed[About]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """Region -> the name of its claims file."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Kind of claim -> how many blocks have it, readable or not."""


@dataclass
class Corpus:
    """All that is curated, and all that is wrong with it so far."""

    regions: list[Placed[Region]] = field(default_factory=list)
    concepts: list[Placed[Concept]] = field(default_factory=list)
    platforms: list[Placed[Platform]] = field(default_factory=list)
    initiatives: list[Placed[Initiative]] = field(default_factory=list)
    sources: list[SourceFolder] = field(default_factory=list)
    declared: dict[str, set[str]] = field(default_factory=dict)
    """Kind -> every key that some file declares, readable record or not."""
    unread: set[str] = field(default_factory=set)
    """Kinds of which a file could not be parsed: no reference to them is called dangling."""
    problems: list[Problem] = field(default_factory=list)

    def declare(self, kind: str, value: Value) -> None:
        """Remember the key that a raw record declares."""
        if isinstance(value, dict) and isinstance(key := value.get("key"), str):
            self.declared.setdefault(kind, set()).add(key)

    def claims(self) -> Iterator[Placed[Claim]]:
        """Give every claim of every source."""
        for folder in self.sources:
            for placed in folder.claims.values():
                yield from placed


def _validate(
    corpus: Corpus, record: type[T], marked: Marked, at: Location, value: Value
) -> Placed[T] | None:
    key = value.get("key") if isinstance(value, dict) else None
    name = key if isinstance(key, str) else ".".join(map(str, at))
    try:
        return Placed(record.model_validate(value), marked, at)
    except ValidationError as error:
        corpus.problems += problems_of(error, marked, at, name, record)
        return None


def _wrong_shape(corpus: Corpus, marked: Marked, at: Location, zh: str, en: str) -> None:
    corpus.problems.append(
        Problem(
            marked.file, marked.line(*at), ".".join(map(str, at)), f"应为{zh}", f"should be {en}"
        )
    )


def _top(corpus: Corpus, marked: Marked, allowed: tuple[str, ...]) -> dict[str, Value]:
    value = marked.value
    if not isinstance(value, dict):
        _wrong_shape(corpus, marked, (), "“键: 值”", "a mapping")
        return {}
    for key in value:
        if key not in allowed:
            meant = nearest(key, allowed)
            hint = (f"是否想写 {meant}？", f"did you mean {meant}?") if meant else ("", "")
            corpus.problems.append(
                Problem(marked.file, marked.line(key), key, "没有这个键", "no such key", *hint)
            )
    return value


def _items(corpus: Corpus, marked: Marked, name: str, top: dict[str, Value]) -> list[Value]:
    items = top.get(name)
    if items is None:
        return []
    if not isinstance(items, tuple):
        _wrong_shape(corpus, marked, (name,), "列表", "a list")
        return []
    return list(items)


def _unread(corpus: Corpus, error: RecordsError, *kinds: str) -> None:
    corpus.problems += error.problems
    corpus.unread.update(kinds)


def _read_regions(corpus: Corpus, project: Project) -> None:
    path = project.data / "regions.csv"
    try:
        marked = read_csv(path, project.name(path), REGION_COLUMNS)
    except RecordsError as error:
        _unread(corpus, error, "region")
        return
    for number, value in enumerate(_rows(marked)):
        corpus.declare("region", value)
        if placed := _validate(corpus, Region, marked, (number,), value):
            corpus.regions.append(placed)


def _rows(marked: Marked) -> tuple[Value, ...]:
    return marked.value if isinstance(marked.value, tuple) else ()


def _read_things(corpus: Corpus, project: Project, kind: str) -> list[Placed[Record]]:
    top_key, record = THINGS[kind]
    path = project.data / f"{top_key}.yaml"
    try:
        marked = read_yaml(path, project.name(path))
    except RecordsError as error:
        _unread(corpus, error, kind)
        return []
    found: list[Placed[Record]] = []
    for number, value in enumerate(
        _items(corpus, marked, top_key, _top(corpus, marked, (top_key,)))
    ):
        corpus.declare(kind, value)
        if placed := _validate(corpus, record, marked, (top_key, number), value):
            found.append(placed)
    return found


def _read_claim(
    corpus: Corpus, folder: SourceFolder, region: str, marked: Marked, number: int, value: Value
) -> None:
    at: Location = ("claims", number)
    corpus.declare("claim", value)
    if not isinstance(value, dict):
        _wrong_shape(corpus, marked, at, "“键: 值”", "a mapping")
        return
    kind = value.get("kind")
    if kind == "milestone":
        corpus.declare("milestone", value)
    if not isinstance(kind, str) or kind not in CLAIMS:
        meant = nearest(str(kind), CLAIMS)
        did = (f"是否想写 {meant}？", f"did you mean {meant}?") if meant else ("", "")
        listed = " ".join(CLAIMS)
        hint = (f"{did[0]}可选：{listed}", f"{did[1]} values: {listed}".strip())
        name = f"{value.get('key', number)}.kind"
        corpus.problems.append(
            Problem(
                marked.file,
                marked.line(*at, "kind"),
                name,
                f"“{kind}”不是断言的种类",
                f"{kind!r} is no kind of claim",
                *hint,
            )
        )
        return
    folder.kinds[kind] += 1
    if placed := _validate(corpus, CLAIMS[kind], marked, at, value):
        folder.claims[region].append(placed)


def _read_claims_file(corpus: Corpus, project: Project, folder: SourceFolder, path: Path) -> None:
    region = path.stem
    name = project.name(path)
    folder.files[region] = name
    folder.claims[region], folder.set_aside[region], folder.about[region] = [], [], []
    try:
        marked = read_yaml(path, name)
    except RecordsError as error:
        _unread(corpus, error, "claim", "milestone", f"file:{name}")
        return
    top = _top(corpus, marked, ("region", "claims", "set_aside", "about"))
    if top and top.get("region") != region:
        corpus.problems.append(
            Problem(
                name,
                marked.line("region"),
                "region",
                f"region 应与文件名相同：{region}",
                f"region should be the file's name: {region}",
            )
        )
    for number, value in enumerate(_items(corpus, marked, "claims", top)):
        _read_claim(corpus, folder, region, marked, number, value)
    for number, value in enumerate(_items(corpus, marked, "set_aside", top)):
        if aside := _validate(corpus, SetAside, marked, ("set_aside", number), value):
            folder.set_aside[region].append(aside)
    for number, value in enumerate(_items(corpus, marked, "about", top)):
        if about := _validate(corpus, About, marked, ("about", number), value):
            folder.about[region].append(about)


def _read_source(corpus: Corpus, project: Project, path: Path) -> SourceFolder:
    folder = SourceFolder(path.name, text_file=project.name(path / "text.txt"))
    corpus.declared.setdefault("source", set()).add(path.name)
    source_file = path / "source.yaml"
    try:
        marked = read_yaml(source_file, project.name(source_file))
        folder.source = _validate(corpus, Source, marked, (), marked.value)
    except RecordsError as error:
        corpus.problems += error.problems
    try:
        folder.text = read_text(path / "text.txt", folder.text_file)
    except RecordsError as error:
        corpus.problems += error.problems
    for claims in sorted((path / "claims").glob("*.yaml")):
        _read_claims_file(corpus, project, folder, claims)
    return folder


def read(project: Project) -> Corpus:
    """Read everything that is curated; what is wrong stands in `problems`."""
    corpus = Corpus()
    _read_regions(corpus, project)
    corpus.concepts = _read_things(corpus, project, "concept")  # type: ignore[assignment]
    corpus.platforms = _read_things(corpus, project, "platform")  # type: ignore[assignment]
    corpus.initiatives = _read_things(corpus, project, "initiative")  # type: ignore[assignment]
    corpus.sources = [_read_source(corpus, project, path) for path in project.sources()]
    return corpus
