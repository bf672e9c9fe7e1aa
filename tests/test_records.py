"""Claims, sources and things are refused where they do not make sense in themselves."""

from __future__ import annotations

import json
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import ValidationError

from kg.fields import Node, Property, Record
from kg.names import PREFIXES
from kg.records import (
    CLAIMS,
    UNITS,
    Achievement,
    Claim,
    Deadline,
    Framework,
    Milestone,
    Part,
    Quantity,
    SectionRecord,
    Source,
    Target,
)
from kg.things import Concept, Platform, Region

Fields = dict[str, Any]

LABEL: Fields = {"zh": "政务云", "en": "Government cloud"}
OWN: Fields = {"wording": "2021年", "date": "2021", "precision": "year"}
QUANTITY: Fields = {
    "wording": "95%",
    "indicator": LABEL,
    "value": 95,
    "unit": "percent",
    "comparator": "gte",
    "of": LABEL,
}
PART: Fields = {"wording": "甲", "label": LABEL}
CLAIM: Fields = {"key": "hebei-x", "quote": "政务云", "themes": ("data",)}
BLOCKS: dict[str, Fields] = {
    "target": {**CLAIM, "label": LABEL, "strength": "commit"},
    "milestone": {"key": "hebei-x", "quote": "2021年", "label": LABEL, "time": OWN},
    "achievement": {**CLAIM, "label": LABEL},
    "framework": {**CLAIM, "label": LABEL, "slogan": "一云"},
    "platform-claim": {**CLAIM, "platform": "x", "status": "planned"},
    "initiative-claim": {**CLAIM, "initiative": "x", "stage": "launched"},
}
CONCEPT: Fields = {
    "key": "zheng-wu-yun",
    "label": LABEL,
    "definition": LABEL,
    "top": True,
    "rendering": "own",
}
SECTION: Fields = {"region": "hebei", "label": LABEL, "lines": (2, 5), "reading": "text"}
REGION: Fields = {
    "key": "hebei",
    "level": "province",
    "type": "province",
    "zh": "河北",
    "en": "Hebei",
    "official_zh": "河北省",
    "official_en": "Hebei Province",
    "pinyin": "he bei",
}


def make(kind: str, **fields: Any) -> Claim:  # noqa: ANN401 -- any field
    """Make the smallest claim of a kind, with some fields changed."""
    return CLAIMS[kind].model_validate({"kind": kind, **BLOCKS[kind], **fields})


def without(fields: Fields, *names: str) -> Fields:
    """Leave out some fields."""
    return {name: value for name, value in fields.items() if name not in names}


@pytest.mark.parametrize("kind", sorted(CLAIMS))
def test_the_smallest_claim_of_each_kind_is_read(kind: str) -> None:
    """Required fields are enough."""
    assert make(kind).key == "hebei-x"


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, block in BLOCKS.items() for name in block]
)
def test_required_fields_are_required(kind: str, name: str) -> None:
    """Without any of them there is no claim; a listed set needs parts for a slogan."""
    with pytest.raises(ValidationError):
        CLAIMS[kind].model_validate({"kind": kind, **without(BLOCKS[kind], name)})


@pytest.mark.parametrize("kind", sorted(set(CLAIMS) - {"milestone"}))
@pytest.mark.parametrize(
    "themes", [(), ("data", "reform", "services", "overall"), ("data", "data"), ("date",)]
)
def test_themes_are_one_to_three_of_the_list(kind: str, themes: tuple[str, ...]) -> None:
    """None, four, the same twice and unknown ones are refused."""
    with pytest.raises(ValidationError):
        make(kind, themes=themes)


def test_a_milestone_has_no_themes() -> None:
    """It states a date and nothing else."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        make("milestone", themes=("data",))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("achievement", "strength"),
        ("achievement", "deadline"),
        ("milestone", "deadline"),
        ("platform-claim", "label"),
        ("initiative-claim", "label"),
        ("target", "as_of"),
        ("framework", "deadline"),
    ],
)
def test_fields_of_other_kinds_are_refused(kind: str, name: str) -> None:
    """Each kind has its own fields only."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        make(kind, **{name: None})


def test_an_inherited_deadline_has_no_date_yet() -> None:
    """Its days are those of the milestone that it names."""
    deadline = Deadline.model_validate({"from": "hebei-2022"})
    assert (deadline.from_, deadline.span) == ("hebei-2022", None)


def test_an_own_deadline_has_days() -> None:
    """Wording, date and precision give the days."""
    span = Deadline.model_validate(OWN).span
    assert span is not None
    assert span.latest.isoformat() == "2021-12-31"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"from": "hebei-2022", **OWN},
        {"from": "hebei-2022", "wording": "2021年"},
        without(OWN, "wording"),
        without(OWN, "precision"),
        without(OWN, "date"),
        {**OWN, "precision": "none"},
        {**OWN, "precision": "month"},
        {**OWN, "date": "2021-02-30", "precision": "day"},
        {"from_": "hebei-2022"},
        {"from": "Hebei"},
    ],
)
def test_a_deadline_is_own_and_whole_or_inherited(fields: Fields) -> None:
    """Nothing in between, and no date that does not exist."""
    with pytest.raises(ValidationError):
        Deadline.model_validate(fields)


def test_a_wording_may_give_no_date() -> None:
    """目前 dates nothing, and says so."""
    when = Deadline.model_validate({"wording": "目前", "precision": "none"})
    assert when.span is None


@pytest.mark.parametrize("time", [{"from": "hebei-2022"}, {"wording": "目前", "precision": "none"}])
def test_a_milestone_has_a_date_of_its_own(time: Fields) -> None:
    """It neither inherits nor goes without."""
    with pytest.raises(ValidationError, match="a date of its own"):
        make("milestone", time=time)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("target", "deadline"), ("milestone", "time"), ("achievement", "as_of")],
)
def test_the_time_of_a_claim_is_found_by_one_name(kind: str, name: str) -> None:
    """`when` is deadline, time or as-of date."""
    assert make(kind, **{name: OWN}).when == Deadline.model_validate(OWN)


def test_a_framework_has_no_time() -> None:
    """Neither slogans nor sets are dated."""
    assert make("framework").when is None


def test_a_share_is_at_most_the_whole() -> None:
    """400 percent of something is a growth rate or a slip."""
    with pytest.raises(ValidationError, match="a share of 400 percent"):
        Quantity.model_validate({**QUANTITY, "value": 400})


def test_a_growth_rate_may_be_more_than_the_whole() -> None:
    """It has no denominator."""
    growth = {**without(QUANTITY, "of"), "value": 400, "basis": "growth"}
    assert Quantity.model_validate(growth).of is None


def test_the_whole_of_a_share_may_be_left_open_by_the_text() -> None:
    """The curator then says so."""
    assert Quantity.model_validate({**QUANTITY, "of": "not-stated"}).of == "not-stated"


@pytest.mark.parametrize(
    "fields",
    [
        without(QUANTITY, "of"),
        {**QUANTITY, "unit": "count"},
        {**QUANTITY, "basis": "growth"},
    ],
)
def test_shares_and_only_shares_have_a_whole(fields: Fields) -> None:
    """A denominator goes with a percentage that is no growth rate."""
    with pytest.raises(ValidationError, match="a share has `of`"):
        Quantity.model_validate(fields)


@pytest.mark.parametrize("number", [0, 1])
def test_a_set_has_two_parts_or_a_slogan(number: int) -> None:
    """One thing alone is no framework."""
    fields = without(BLOCKS["framework"], "slogan")
    with pytest.raises(ValidationError, match="at least two parts"):
        Framework.model_validate({"kind": "framework", **fields, "parts": (PART,) * number})


def test_the_count_of_a_framework_is_the_number_of_its_parts() -> None:
    """A slogan that names four and unfolds to three was not read to the end."""
    with pytest.raises(ValidationError, match="count is 2, and there are 1 parts"):
        make("framework", count=2, parts=(PART,))


def test_a_platform_that_exists_has_no_deadline() -> None:
    """What is there already is not promised."""
    with pytest.raises(ValidationError, match="exists already has no deadline"):
        make("platform-claim", status="existing", deadline=OWN)


def test_a_slogan_may_stay_without_parts() -> None:
    """Where the text does not unfold it, there are none."""
    record = make("framework")
    assert isinstance(record, Framework)
    assert record.parts == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"lines": (5, 2)},
        {"lines": (0, 2)},
        {"lines": (2,)},
        {"headings": ((1, 2),)},
        {"headings": ((4, 6),)},
        {"headings": ((3, 2),)},
        {"headings": ((2, 3), (3, 4))},
        {"headings": ((4, 4), (2, 2))},
    ],
)
def test_the_lines_of_a_section_are_in_order(fields: Fields) -> None:
    """First before last, headings inside, one behind the other."""
    with pytest.raises(ValidationError):
        SectionRecord.model_validate({**SECTION, **fields})


def test_a_section_may_have_several_headings() -> None:
    """They follow one another."""
    section = SectionRecord.model_validate({**SECTION, "headings": ((2, 3), (4, 4))})
    assert section.headings == ((2, 3), (4, 4))


def test_a_source_has_sections() -> None:
    """A text without any is not read."""
    with pytest.raises(ValidationError) as caught:
        Source.model_validate({"sections": ()})
    assert ("sections",) in [error["loc"] for error in caught.value.errors()]


@pytest.mark.parametrize("sha256", ["", "0" * 63, "A" * 64, "0" * 64 + "\n"])
def test_a_checksum_has_64_hexadecimal_digits(sha256: str) -> None:
    """Anything else was not written by `kg source pin`."""
    with pytest.raises(ValidationError) as caught:
        Source.model_validate({"sha256": sha256})
    assert ("sha256",) in [error["loc"] for error in caught.value.errors()]


@pytest.mark.parametrize("fields", [{"top": False}, {"broader": ("x",)}])
def test_a_concept_is_below_another_or_at_the_top(fields: Fields) -> None:
    """Not both, and not neither."""
    with pytest.raises(ValidationError, match="either `broader` or `top: true`"):
        Concept.model_validate({**CONCEPT, **fields})


def test_every_chinese_label_of_a_concept_is_searched() -> None:
    """The label comes first, alternatives behind."""
    concept = Concept.model_validate({**CONCEPT, "alt": {"zh": ("电子政务云", "政务上云")}})
    assert concept.labels == ("政务云", "电子政务云", "政务上云")


def test_a_platform_is_a_part_of_a_slogan_or_says_nothing() -> None:
    """`slogan_part: false` has no meaning."""
    with pytest.raises(ValidationError) as caught:
        Platform.model_validate({"slogan_part": False})
    assert ("slogan_part",) in [error["loc"] for error in caught.value.errors()]


@pytest.mark.parametrize("pinyin", ["Gan Fu", "gan  fu", "gàn fú", "gan-fu", " gan"])
def test_pinyin_is_plain_syllables_with_single_blanks(pinyin: str) -> None:
    """No tones, capitals or hyphens."""
    with pytest.raises(ValidationError):
        Region.model_validate({**REGION, "pinyin": pinyin})


def test_cells_of_a_region_split_at_bars() -> None:
    """Several values stand in one cell."""
    region = Region.model_validate({**REGION, "alt_zh": "冀|燕赵", "members": "a|b"})
    assert (region.alt_zh, region.members) == (("冀", "燕赵"), ("a", "b"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("gb2260", "13000"),
        ("gb2260", "13000０"),
        ("iso3166", "CN-hb"),
        ("wikidata", "21208"),
        ("geonames", "0"),
    ],
)
def test_codes_of_regions_have_their_form(name: str, code: str) -> None:
    """A slip in a code is seen at once."""
    with pytest.raises(ValidationError, match="match pattern"):
        Region.model_validate({**REGION, name: code})


@pytest.mark.parametrize("record", [Part, Target, Milestone, Achievement, Source, Concept, Region])
def test_properties_use_declared_prefixes(record: type[Record]) -> None:
    """Each field names its property by a CURIE that expands."""
    hints = get_type_hints(record, include_extras=True)
    marks = [mark for hint in hints.values() for mark in get_args(hint)[1:]]
    curies = [mark.curie for mark in marks if isinstance(mark, Property | Node)]
    assert curies
    assert all(curie.partition(":")[0] in PREFIXES for curie in [*curies, *record.types])


def test_every_unit_has_its_qudt_unit() -> None:
    """The list of units and the table of their IRIs agree."""
    schema = json.dumps(Quantity.model_json_schema()["properties"]["unit"]["enum"])
    assert sorted(json.loads(schema)) == sorted(UNITS)
