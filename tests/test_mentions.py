"""Concept labels are found longest first; look-alikes block, homonyms are told or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sections import make_section

from kg.fields import Label
from kg.mentions import Finder, Mention, find_mentions, within
from kg.text import Span
from kg.things import Alternatives, Concept, LookAlike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.errors import Problem


def concept(
    key: str, *labels: str, only_in: Sequence[str] = (), alike: Sequence[str] = ()
) -> Concept:
    """Make a concept from its Chinese labels."""
    return Concept(
        key=key,
        label=Label(zh=labels[0], en=key),
        alt=Alternatives(zh=labels[1:]),
        definition=Label(zh="义", en="Meaning"),
        top=True,
        only_in=tuple(only_in),
        looks_alike=tuple(LookAlike(wording=word, reason="不是") for word in alike),
        rendering="own",
    )


CLOUD = concept("cloud", "政务云", "电子政务云")
SERVICE = concept("service", "政务服务")
PLATFORM = concept("platform", "一体化政务服务平台")
APPLICATION = concept("application", "应用", alike=["应用底座"])
OURS = concept("ours", "五个一", only_in=["guangxi"])
THEIRS = concept("theirs", "五个一", only_in=["shanxi"])


def read(
    text: str,
    *concepts: Concept,
    headings: tuple[tuple[int, int], ...] = (),
    elsewhere: dict[Span, str] | None = None,
) -> tuple[list[Mention], list[Problem]]:
    """Find concepts in a section on Guangxi."""
    return find_mentions(Finder(concepts), make_section(text, headings), elsewhere or {})


def hits(text: str, *concepts: Concept) -> list[tuple[str, str]]:
    """Give each hit's concept and wording; there is no problem."""
    mentions, problems = read(text, *concepts)
    assert not problems
    return [(mention.concept, mention.wording) for mention in mentions]


def test_the_longest_label_wins() -> None:
    """A label inside of a longer one is not meant."""
    assert hits("依托一体化政务服务平台", SERVICE, PLATFORM) == [("platform", "一体化政务服务平台")]


def test_a_shorter_label_is_found_where_the_longer_does_not_stand() -> None:
    """Each place is looked at by itself."""
    assert hits("一体化政务服务平台和政务服务", SERVICE, PLATFORM)[1] == ("service", "政务服务")


def test_alternative_labels_are_found_with_their_wording() -> None:
    """The mention keeps the words of the text."""
    assert hits("建电子政务云", CLOUD) == [("cloud", "电子政务云")]


def test_a_look_alike_blocks_the_label_inside_of_it() -> None:
    """No mention where the label stands and is not meant."""
    assert hits("应用底座", APPLICATION) == []


def test_a_look_alike_blocks_nothing_elsewhere() -> None:
    """The label counts again behind it."""
    assert hits("应用底座和应用", APPLICATION) == [("application", "应用")]


def test_a_look_alike_that_is_a_concept_is_a_mention_of_it() -> None:
    """What one concept calls a look-alike, another may have as its label."""
    base = concept("base", "应用底座")
    assert hits("应用底座", APPLICATION, base) == [("base", "应用底座")]
    assert hits("应用底座", base, APPLICATION) == [("base", "应用底座")]


def test_a_look_alike_blocks_its_own_concept_alone() -> None:
    """A shorter label of another concept inside of it is still found."""
    base = concept("base", "底座")
    assert hits("应用底座", APPLICATION, base) == [("base", "底座")]


def test_behind_a_blocked_label_the_longest_of_the_others_wins() -> None:
    """The place is looked at again as if the blocked concept had no label there."""
    others = [concept("short", "应"), concept("long", "应用底"), concept("late", "用底座")]
    blocked = concept("blocked", "应用底座", alike=["应用底座群"])
    assert hits("应用底座群", blocked, *others) == [("long", "应用底")]


def test_a_label_that_only_begins_in_a_look_alike_is_found() -> None:
    """A look-alike swallows no words of what reaches beyond it."""
    building = concept("building", "底座建设")
    assert hits("应用底座建设", APPLICATION, building) == [("building", "底座建设")]


def test_a_look_alike_blocks_the_homonym_that_is_meant_here() -> None:
    """The homonym of another region does not take its place."""
    ours = concept("ours", "五个一", only_in=["guangxi"], alike=["五个一百"])
    assert hits("五个一百", ours, THEIRS) == []


def test_a_homonym_means_the_concept_of_its_region() -> None:
    """`only_in` names the region of the section."""
    assert hits("“五个一”", OURS, THEIRS) == [("ours", "五个一")]


def test_a_homonym_may_be_told_by_its_source() -> None:
    """`only_in` may name the source instead."""
    here = concept("here", "五个一", only_in=["bulletin"])
    assert hits("“五个一”", here, THEIRS) == [("here", "五个一")]


def test_a_homonym_elsewhere_is_an_error_that_names_the_candidates() -> None:
    """It stands at the line of the text, and nothing is guessed."""
    mentions, (problem,) = read("一\n“五个一”", THEIRS, concept("third", "五个一", only_in=["a"]))
    assert not mentions
    assert (problem.file, problem.line) == ("data/sources/bulletin/text.txt", 2)
    assert "theirs third" in problem.en
    assert problem.code == "ambiguous"


def test_two_concepts_that_claim_one_place_are_an_error() -> None:
    """Region and source may not both be claimed."""
    _, (problem,) = read("五个一", OURS, concept("here", "五个一", only_in=["bulletin"]))
    assert "ours here" in problem.en


def test_who_claims_a_place_twice_is_told_to_take_one_claim_back() -> None:
    """To add the region would not help: both concepts have this place already."""
    _, (problem,) = read("五个一", OURS, concept("here", "五个一", only_in=["bulletin"]))
    assert problem.hint_en == (
        "only_in of each of ours here has this region or source: remove it from all but one"
    )


def test_a_homonym_that_is_unclear_hides_no_other_mention() -> None:
    """The rest of the sentence is read."""
    mentions, problems = read(
        "五个一和政务云", THEIRS, concept("third", "五个一", only_in=["a"]), CLOUD
    )
    assert [mention.concept for mention in mentions] == ["cloud"]
    assert len(problems) == 1


def test_a_label_of_one_concept_counts_everywhere() -> None:
    """`only_in` parts homonyms; alone it bars no region."""
    assert hits("五个一", THEIRS) == [("theirs", "五个一")]


def test_a_hit_may_reach_over_the_line_break_of_a_heading() -> None:
    """The span holds the break, the wording does not."""
    (mention,), _ = read("建设政务\n云", CLOUD, headings=((1, 2),))
    assert mention.wording == "政务云"
    assert mention.span == Span(2, 6)


def test_a_line_break_of_the_body_parts_words() -> None:
    """Two lines of the body are two sentences."""
    assert hits("建设政务\n云", CLOUD) == []


def test_the_end_of_a_sentence_parts_words() -> None:
    """No label reaches from one passage into the next."""
    joined = concept("joined", "一。二")
    assert hits("一。二", joined) == []


def test_spans_count_code_points() -> None:
    """A sign beyond the BMP before a hit counts as one."""
    (mention,), _ = read("𠮷🙂政务云", CLOUD)
    assert mention.span == Span(2, 5)


def test_a_mention_is_about_the_region_of_its_section() -> None:
    """So it is where nothing else is said."""
    (mention,), _ = read("政务云", CLOUD)
    assert mention.about == "guangxi"


def test_a_mention_inside_of_a_span_about_another_region_is_about_that() -> None:
    """Only wholly inside, and only there."""
    mentions, _ = read("国家政务云和政务云", CLOUD, elsewhere={Span(0, 5): "china"})
    assert [mention.about for mention in mentions] == ["china", "guangxi"]


def test_a_mention_half_inside_stays_with_its_section() -> None:
    """The subject of the span is not the subject of the mention."""
    (mention,), _ = read("国家政务云", CLOUD, elsewhere={Span(0, 4): "china"})
    assert mention.about == "guangxi"


def test_mentions_of_a_concept_are_counted_in_each_passage() -> None:
    """Whatever the label, the concept counts; a new sentence counts anew."""
    mentions, _ = read("政务云与电子政务云。政务云", CLOUD)
    assert [(m.passage.position, m.number) for m in mentions] == [(1, 1), (1, 2), (2, 1)]


def test_without_concepts_there_are_no_mentions() -> None:
    """Concepts that could not be read do not crash the search."""
    assert hits("政务云") == []


def test_mentions_within_spans_lie_there_wholly() -> None:
    """A claim has the mentions of its quotes."""
    mentions, _ = read("政务云和政务云", CLOUD)
    assert within(mentions, [Span(0, 3)]) == mentions[:1]
    assert within(mentions, [Span(0, 6)]) == mentions[:1]


@given(st.text("政务云服平台\n。一体化", min_size=1, max_size=40))
def test_the_text_has_the_wording_at_the_span_of_every_mention(text: str) -> None:
    """But for line breaks of a heading, `text[start:end]` is the wording; none overlap."""
    last = text.count("\n") + 1
    mentions, _ = read(text, CLOUD, SERVICE, PLATFORM, headings=((1, last),))
    end = 0
    for mention in mentions:
        assert text[mention.span.start : mention.span.end].replace("\n", "") == mention.wording
        assert end <= mention.span.start
        end = mention.span.end


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_order_of_concepts_does_not_matter(order: tuple[int, ...]) -> None:
    """What is found depends on the labels alone."""
    concepts = [CLOUD, SERVICE, PLATFORM]
    text = "一体化政务服务平台与电子政务云、政务服务"
    assert hits(text, *(concepts[n] for n in order)) == hits(text, *concepts)
