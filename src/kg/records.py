"""What sources say, as curators write it: claims and sources. Each field names its property."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from kg.fields import (
    DateText,
    Day,
    Key,
    Label,
    Node,
    Number,
    Property,
    Quote,
    Record,
    Text,
    Timespan,
    Wording,
    refuse,
    timespan,
)
from kg.lists import (
    Basis,
    Comparator,
    GapKind,
    Precision,
    Reading,
    Reason,
    Scope,
    SourceKind,
    Stage,
    Status,
    Strength,
    Theme,
    Unit,
)

__all__ = [
    "CLAIMS",
    "Achievement",
    "Claim",
    "Deadline",
    "Framework",
    "Gap",
    "InitiativeClaim",
    "Milestone",
    "Part",
    "PlatformClaim",
    "Quantity",
    "SetAside",
    "Source",
    "Target",
]

UNITS: dict[str, str] = {
    "percent": "unit:PERCENT",
    "count": "unit:NUM",
    "cny": "unit:CCY_CNY",
}
"""Unit as curators write it -> QUDT unit (https://qudt.org/vocab/unit/)."""


# --- time ---------------------------------------------------------------------------------


class Deadline(Record):
    """When: an own wording with its date and precision, or the key of a milestone."""

    wording: Wording | None = None
    date: DateText | None = None
    precision: Precision | None = None
    from_: Annotated[Key | None, Field(alias="from")] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        own = (self.wording, self.date, self.precision)
        if self.from_ is not None:
            if own != (None, None, None):
                raise refuse(
                    "inherited",
                    "继承的时间只写 from",
                    "an inherited time has `from` and nothing else",
                )
            return self
        if self.wording is None or self.precision is None:
            raise refuse(
                "deadline",
                "时间需有 wording、date 与 precision，或者只有 from",
                "a time has wording, date and precision, or only `from`",
            )
        self._dated(self.precision)
        return self

    def _dated(self, precision: str) -> None:
        if (precision == "none") != (self.date is None):
            raise refuse(
                "date", "precision 为 none 时不写 date，否则必须写", "a date goes with a precision"
            )
        if self.date is not None:
            timespan(self.date, precision)

    @property
    def span(self) -> Timespan | None:
        """The days that it spans; None if inherited or without a date."""
        if self.date is None or self.precision is None:
            return None
        return timespan(self.date, self.precision)


# --- claims -------------------------------------------------------------------------------


class Quantity(Record):
    """A number of a target or achievement, with what it counts and of what it is a share."""

    types: ClassVar = ("kg:Quantity", "qudt:QuantityValue")
    wording: Annotated[Wording, Property("kg:wording", "zh")]
    indicator: Annotated[Label, Property("kg:indicator", "text")]
    value: Annotated[Number, Property("qudt:numericValue", "decimal")]
    unit: Unit
    comparator: Annotated[Comparator, Property("kg:comparator", "list:comparator")]
    basis: Annotated[Basis, Property("kg:basis", "list:basis")] = "level"
    of: Label | Literal["not-stated"] | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        share = self.unit == "percent" and self.basis == "level"
        if share and self.value > 100:  # noqa: PLR2004 -- a whole is 100 percent
            raise refuse(
                "percent",
                f"比例 {self.value}% 超过 100%",
                f"a share of {self.value} percent",
                "若是增速，写 basis: growth",
                "a growth rate has `basis: growth`",
            )
        if share != (self.of is not None):
            raise refuse(
                "of",
                "占比须写 of（分母，或 not-stated），其他数量不写",
                "a share has `of` (the whole, or not-stated), other quantities have none",
            )
        return self


class Part(Record):
    """One part of a framework, in the order of the text."""

    types: ClassVar = ("kg:FrameworkPart",)
    wording: Annotated[Wording, Property("kg:wording", "zh")]
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    concept: Key | None = None
    platform: Annotated[Key | None, Property("kg:platform", "key:platform")] = None
    initiative: Annotated[Key | None, Property("kg:initiative", "key:initiative")] = None
    framework: Annotated[Key | None, Property("kg:framework", "key:claim")] = None


class Claim(Record):
    """What every claim has."""

    key: Key
    quote: Quote
    also: tuple[Quote, ...] = ()
    context: tuple[Quote, ...] = ()
    scope: Annotated[Scope | None, Property("kg:scope", "list:scope")] = None
    where: Annotated[tuple[Key, ...], Property("kg:where", "key:region")] = ()
    concepts: tuple[Key, ...] = ()
    note: Annotated[Text | None, Property("skos:editorialNote", "plain")] = None

    @property
    def when(self) -> Deadline | None:
        """Its deadline, time or as-of date."""
        return None


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        raise refuse("repeated", "有重复的值", "a value stands twice")
    return values


class _Themed(Claim):
    themes: Annotated[
        tuple[Theme, ...],
        Field(min_length=1, max_length=3),
        AfterValidator(_distinct),
        Property("kg:theme", "list:theme"),
    ]


class _WithDeadline(_Themed):
    deadline: Deadline | None = None

    @property
    def when(self) -> Deadline | None:
        return self.deadline


class Target(_WithDeadline):
    """What is to be reached."""

    types: ClassVar = ("kg:Claim", "kg:Target", "prov:Entity")
    kind: Literal["target"]
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    strength: Annotated[Strength, Property("kg:strength", "list:strength")]
    quantities: Annotated[tuple[Quantity, ...], Node("kg:quantity", "quantity")] = ()


class Milestone(Claim):
    """One occurrence of a governing date expression or phase name."""

    types: ClassVar = ("kg:Claim", "kg:Milestone", "prov:Entity")
    kind: Literal["milestone"]
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    time: Deadline
    phase: Annotated[Label | None, Property("kg:phase", "text")] = None

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if self.time.date is None:
            raise refuse("time", "里程碑要有自己的日期", "a milestone has a date of its own")
        return self

    @property
    def when(self) -> Deadline | None:
        """Its time."""
        return self.time


class Achievement(_Themed):
    """What the text reports as already so."""

    types: ClassVar = ("kg:Achievement", "kg:Claim", "prov:Entity")
    kind: Literal["achievement"]
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    quantities: Annotated[tuple[Quantity, ...], Node("kg:quantity", "quantity")] = ()
    as_of: Deadline | None = None

    @property
    def when(self) -> Deadline | None:
        """Its as-of date."""
        return self.as_of


class Framework(_Themed):
    """A numbered slogan or a listed set, with its parts."""

    types: ClassVar = ("kg:Claim", "kg:Framework", "prov:Entity")
    kind: Literal["framework"]
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    slogan: Annotated[Text | None, Property("schema:slogan", "zh")] = None
    count: Annotated[int | None, Field(ge=1), Property("kg:count", "integer")] = None
    parts: Annotated[tuple[Part, ...], Node("kg:part", "part")] = ()

    @model_validator(mode="after")
    def _unfolds(self) -> Self:
        if self.slogan is None and len(self.parts) < 2:  # noqa: PLR2004 -- a set has two
            raise refuse(
                "framework",
                "没有口号的框架至少有两个部分",
                "a framework without a slogan has at least two parts",
            )
        if self.count is not None and self.parts and self.count != len(self.parts):
            raise refuse(
                "count",
                f"count 为 {self.count}，却有 {len(self.parts)} 个部分",
                f"count is {self.count}, and there are {len(self.parts)} parts",
            )
        return self


class PlatformClaim(_WithDeadline):
    """What one source says of one platform."""

    types: ClassVar = ("kg:Claim", "kg:PlatformClaim", "prov:Entity")
    kind: Literal["platform-claim"]
    platform: Annotated[Key, Property("kg:platform", "key:platform")]
    status: Annotated[Status, Property("kg:status", "list:status")]
    verb: Annotated[Text | None, Property("kg:verb", "zh")] = None
    version: Annotated[Text | None, Property("kg:version", "plain")] = None

    @model_validator(mode="after")
    def _to_come(self) -> Self:
        if self.status == "existing" and self.deadline is not None:
            raise refuse(
                "existing", "已有的平台没有时限", "a platform that exists already has no deadline"
            )
        return self


class InitiativeClaim(_WithDeadline):
    """What one source says of one initiative."""

    types: ClassVar = ("kg:Claim", "kg:InitiativeClaim", "prov:Entity")
    kind: Literal["initiative-claim"]
    initiative: Annotated[Key, Property("kg:initiative", "key:initiative")]
    stage: Annotated[Stage, Property("kg:stage", "list:stage")]
    verb: Annotated[Text | None, Property("kg:verb", "zh")] = None
    version: Annotated[Text | None, Property("kg:version", "plain")] = None


CLAIMS: dict[str, type[Claim]] = {
    "target": Target,
    "milestone": Milestone,
    "achievement": Achievement,
    "framework": Framework,
    "platform-claim": PlatformClaim,
    "initiative-claim": InitiativeClaim,
}
"""Kind as curators write it -> record."""


class SetAside(Record):
    """Words of the text that state nothing, with the reason."""

    quote: Quote
    reason: Reason


class About(Record):
    """A span of the section that speaks of another place."""

    quote: Quote
    region: Key


# --- sources ------------------------------------------------------------------------------


class SectionRecord(Record):
    """One section of a source: its region, lines and headings."""

    region: Key
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    lines: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
    headings: tuple[tuple[int, int], ...] = ()
    reading: Annotated[Reading, Property("kg:reading", "list:reading")]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        first, last = self.lines
        inside = all(first <= a <= b <= last for a, b in self.headings)
        apart = all(one[1] < next_[0] for one, next_ in pairwise(self.headings))
        if first > last or not inside or not apart:
            raise refuse(
                "lines",
                "行号颠倒，或标题不在本节内，或标题重叠",
                "lines reversed, a heading outside of them, or headings that overlap",
            )
        return self


class Gap(Record):
    """What the source refers to but does not hold."""

    types: ClassVar = ("kg:Gap",)
    key: Key
    kind: Annotated[GapKind, Property("kg:gapKind", "list:gap-kind")]
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    definition: Annotated[Label, Property("skos:definition", "text")]
    section: Key
    regions: Annotated[tuple[Key, ...], Property("kg:aboutRegion", "key:region")] = ()
    quotes: tuple[Quote, ...] = ()


class Source(Record):
    """A source document: what it is, its text's checksum, its sections."""

    types: ClassVar = ("dcterms:BibliographicResource", "kg:SourceDocument", "prov:Entity")
    key: Key
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    kind: Annotated[SourceKind, Property("kg:sourceKind", "list:source-kind")]
    citation: Annotated[Label, Property("dcterms:bibliographicCitation", "text")]
    issued: Annotated[Day, Property("dcterms:issued", "date")]
    retrieved: Annotated[Day | None, Property("kg:retrieved", "date")] = None
    rights: Annotated[Label, Property("dcterms:rights", "text")]
    sha256: Annotated[
        str, StringConstraints(pattern="^[0-9a-f]{64}$"), Property("schema:sha256", "plain")
    ]
    layout: Literal["lines"] = "lines"
    expect: dict[str, int]
    sections: Annotated[tuple[SectionRecord, ...], Field(min_length=1)]
    outside: tuple[tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]], ...] = ()
    gaps: tuple[Gap, ...] = ()
