"""The things that outlive their source: concepts, platforms, initiatives, regions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from kg.fields import EnglishText, Key, Label, Property, Record, Text, refuse
from kg.lists import InitiativeKind, Level, PlatformKind, RegionType

__all__ = ["Concept", "Initiative", "Platform", "Region"]


class Alternatives(Record):
    """Further labels that mean the same."""

    zh: tuple[Text, ...] = ()
    en: tuple[EnglishText, ...] = ()


class LookAlike(Record):
    """A longer wording in which a label stands without being meant."""

    wording: Text
    reason: Text


Pinyin = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?: [a-z0-9]+)*$")]


class Concept(Record):
    """An idea that several regions can share."""

    types: ClassVar = ("kg:PlatformConcept", "skos:Concept")
    key: Key
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    alt: Annotated[Alternatives, Property("skos:altLabel", "texts")] = Alternatives()
    definition: Annotated[Label, Property("skos:definition", "text")]
    top: bool = False
    broader: Annotated[tuple[Key, ...], Property("skos:broader", "key:concept")] = ()
    related: tuple[Key, ...] = ()
    not_to_be_confused_with: tuple[Key, ...] = ()
    only_in: tuple[Key, ...] = ()
    looks_alike: tuple[LookAlike, ...] = ()
    rendering: Annotated[Text, Property("kg:rendering", "plain")]

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if self.top == bool(self.broader):
            raise refuse(
                "placed",
                "概念要么有 broader，要么 top: true",
                "a concept has either `broader` or `top: true`",
            )
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """Every Chinese label that is searched in the text."""
        return (self.label.zh, *self.alt.zh)


class _Made(Record):
    """What platforms and initiatives have in common."""

    key: Key
    label: Annotated[Label, Property("skos:prefLabel", "text")]
    alt: Annotated[Alternatives, Property("skos:altLabel", "texts")] = Alternatives()
    pinyin: Annotated[Pinyin, Property("skos:hiddenLabel", "pinyin")]
    regions: Annotated[tuple[Key, ...], Field(min_length=1), Property("kg:ofRegion", "key:region")]
    concepts: Annotated[tuple[Key, ...], Property("kg:realises", "key:concept")] = ()
    brand: Annotated[Text | None, Property("kg:brand", "zh")] = None
    note: Annotated[Text | None, Property("skos:editorialNote", "plain")] = None


class Platform(_Made):
    """A system, portal, app, cloud, network, data centre or hotline."""

    types: ClassVar = ("kg:Platform",)
    kind: Annotated[PlatformKind, Property("kg:platformKind", "list:platform-kind")]
    slogan_part: Annotated[Literal[True] | None, Property("kg:sloganPart", "boolean")] = None
    part_of: Annotated[Key | None, Property("dcterms:isPartOf", "key:platform")] = None


class Initiative(_Made):
    """A plan, programme, campaign, reform, mechanism or model with a name."""

    types: ClassVar = ("kg:Initiative", "prov:Plan")
    kind: Annotated[InitiativeKind, Property("kg:initiativeKind", "list:initiative-kind")]
    part_of: Annotated[Key | None, Property("dcterms:isPartOf", "key:initiative")] = None


def _split(value: object) -> object:
    return tuple(value.split("|")) if isinstance(value, str) else value


Cells = Annotated[tuple[Text, ...], BeforeValidator(_split)]
Keys = Annotated[tuple[Key, ...], BeforeValidator(_split)]


class Region(Record):
    """A row of `regions.csv`: country, province-level division, city, or group of them."""

    types: ClassVar = ("kg:Region", "schema:AdministrativeArea")
    key: Key
    level: Annotated[Level, Property("kg:level", "list:level")]
    type: Annotated[RegionType, Property("kg:regionType", "list:region-type")]
    zh: Text
    en: EnglishText
    official_zh: Text
    official_en: EnglishText
    abbreviation: Annotated[Text | None, Property("kg:abbreviation", "zh")] = None
    alt_zh: Cells = ()
    alt_en: Cells = ()
    pinyin: Annotated[Pinyin, Property("skos:hiddenLabel", "pinyin")]
    gb2260: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None
    iso3166: Annotated[str, StringConstraints(pattern=r"^CN(-[A-Z]{2})?$")] | None = None
    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]*$")] | None = None
    geonames: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*$")] | None = None
    geographic_division: Annotated[Text | None, Property("kg:geographicDivision", "zh")] = None
    parent: Annotated[Key | None, Property("schema:containedInPlace", "key:region")] = None
    members: Annotated[Keys, Property("kg:member", "key:region")] = ()
    note: Annotated[Text | None, Property("skos:editorialNote", "plain")] = None
