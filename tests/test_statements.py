"""What the claims of the toy become: forms, regions, dates, parts, quotes."""

from __future__ import annotations

import pytest
from checked_toy import checked, rows

from kg.names import expand, mint


def one(query: str) -> str:
    """Give the only cell of the only row."""
    ((cell,),) = rows(query)
    return cell


def test_a_platform_claim_states_as_strongly_as_its_status() -> None:
    """The form of a platform claim is read off its status."""
    found = one("SELECT ?f { kgcl:guangxi-gui-min-tong-claim kg:form ?f }")
    assert found == "kg:form-platform-to-be-upgraded"


@pytest.mark.parametrize(
    ("claim", "form"),
    [
        ("guangxi-one-network", "kg:form-target"),
        ("shanxi-cloud-departments", "kg:form-achievement"),
        ("guangxi-architecture", "kg:form-framework-part"),
        ("guangxi-architecture.part.1", "kg:form-framework-part"),
    ],
)
def test_each_kind_of_statement_has_its_form(claim: str, form: str) -> None:
    """Targets, achievements and frameworks are ranked; a framework counts as its parts do."""
    assert one(f"SELECT ?f {{ kgcl:{claim} kg:form ?f }}") == form


def test_a_milestone_states_no_concept() -> None:
    """A date is not a way to state an idea."""
    assert (
        rows("SELECT ?c ?f { ?m a kg:Milestone . { ?m kg:names ?c } UNION { ?m kg:form ?f } }")
        == []
    )


def test_what_is_said_of_another_place_is_about_that_place() -> None:
    """The national platform in a province's section is China's."""
    about = one("SELECT ?r { kgcl:hebei-national-platform-claim kg:aboutRegion ?r }")
    mentions = rows(
        "SELECT DISTINCT ?r { ?m a kg:Mention ; kg:aboutRegion ?r ;"
        " kg:names kgc:yi-ti-hua-zheng-wu-fu-wu-ping-tai }"
    )
    assert (about, mentions) == ("kgr:china", [("kgr:china",)])


def test_a_claim_names_the_concepts_that_stand_in_its_quote() -> None:
    """Mentions inside the evidence are the claim's own."""
    found = rows(
        "SELECT ?c ?w { kgcl:guangxi-one-network kg:names ?c ; kg:hasMention/kg:wording ?w }"
    )
    assert found == [("kgc:yi-wang-tong-ban", "一网通办")]


def test_a_platform_claim_names_what_the_platform_realises() -> None:
    """The concept of a brand is stated although no label of it stands there."""
    found = rows("SELECT ?c { kgcl:guangxi-gui-min-tong-claim kg:names ?c }")
    assert found == [("kgc:zheng-wu-fu-wu",)]


def test_an_explicit_concept_is_named_too() -> None:
    """Curators may say what a clause is about without naming it."""
    assert ("kgc:shu-zi-zheng-fu",) in rows("SELECT ?c { kgcl:hebei-data-rules kg:names ?c }")


def test_an_inherited_deadline_is_written_out() -> None:
    """The last day stands on the target, and where it comes from."""
    found = rows(
        "SELECT ?d ?p ?w ?m { kgcl:guangxi-online-rate kg:latest ?d ; kg:precision ?p ;"
        " kg:dateWording ?w ; kg:inheritedFrom ?m }"
    )
    wanted = ("2022-12-31", "kg:precision-year-end", "到2022年底", "kgcl:guangxi-by-2022")
    assert found == [wanted]


def test_a_period_has_a_first_day() -> None:
    """A plan period spans from the first to the last day."""
    found = rows("SELECT ?a ?b { kgcl:hebei-cloud-together kg:earliest ?a ; kg:latest ?b }")
    assert found == [("2021-01-01", "2025-12-31")]


def test_a_target_without_a_deadline_says_so() -> None:
    """Its precision is none, and it has no day."""
    found = rows(
        "SELECT ?p ?d { kgcl:guangxi-one-network kg:precision ?p OPTIONAL { ?s kg:latest ?d ."
        " FILTER(?s = kgcl:guangxi-one-network) } }"
    )
    assert found == [("kg:precision-none", "")]


def test_the_time_of_a_milestone_keeps_the_precision_of_the_text() -> None:
    """A year stays a year in OWL-Time, and a period an interval."""
    years = rows("SELECT ?y { kgcl:guangxi-by-2022 time:hasTime/time:inXSDgYear ?y }")
    spans = rows(
        "SELECT ?a ?b { kgcl:hebei-five-years time:hasTime ?t . ?t time:hasBeginning/"
        "time:inXSDgYear ?a ; time:hasEnd/time:inXSDgYear ?b }"
    )
    assert (years, spans) == ([("2022",)], [("2021", "2025")])


def test_the_parts_of_a_framework_keep_their_order_and_nest() -> None:
    """Parts are numbered, and a nested framework knows the one above it."""
    parts = rows(
        "SELECT ?n ?l ?f { kgcl:guangxi-architecture kg:part ?p . ?p kg:position ?n ;"
        " kg:framework ?f ; skos:prefLabel ?l . FILTER(LANG(?l) = 'zh') } ORDER BY ?n"
    )
    above = one("SELECT ?a { kgcl:guangxi-two-horizontals dcterms:isPartOf ?a }")
    assert parts == [
        ("1", "“两横”", "kgcl:guangxi-two-horizontals"),
        ("2", "“一纵”", "kgcl:guangxi-one-vertical"),
    ]
    assert above == "kgcl:guangxi-architecture"


def test_a_quantity_has_unit_comparator_and_whole() -> None:
    """At least 95 percent, of what the text says."""
    found = rows(
        "SELECT ?v ?u ?c ?d { kgcl:guangxi-online-rate kg:quantity ?q . ?q qudt:numericValue ?v ;"
        " qudt:hasUnit ?u ; kg:comparator ?c ; kg:denominator ?d . FILTER(LANG(?d) = 'zh') }"
    )
    assert found == [("95", "unit:PERCENT", "kg:comparator-gte", "自治区级事项")]


def test_every_quote_stands_where_its_offsets_say() -> None:
    """text[start:end] is the quote, and prefix, quote and suffix stand together once."""
    texts = {folder.name: folder.text or "" for folder in checked().corpus.sources}
    found = rows(
        "SELECT ?source ?exact ?prefix ?suffix ?start ?end { ?e a kg:Evidence ;"
        " oa:hasSource ?source ; oa:hasSelector ?q , ?p . ?q oa:exact ?exact ;"
        " oa:prefix ?prefix ; oa:suffix ?suffix ."
        " ?p oa:start ?start ; oa:end ?end }"
    )
    for source, exact, prefix, suffix, start, end in found:
        text = texts[source.removeprefix("kgs:")]
        assert text[int(start) : int(end)] == exact
        assert text.count(prefix + exact + suffix) == 1
    assert len(found) > 30


def test_a_statement_has_the_quote_of_its_first_evidence() -> None:
    """kg:quote and the evidence never disagree."""
    differ = rows(
        "SELECT ?c { ?c a kg:Claim ; kg:quote ?quote . FILTER NOT EXISTS {"
        " ?c kg:evidence/oa:hasSelector/oa:exact ?exact . FILTER(STR(?quote) = ?exact) } }"
    )
    assert differ == []


def test_two_sources_share_things_and_nothing_is_counted_twice() -> None:
    """A platform that two sources speak of is one thing with two claims."""
    found = rows(
        "SELECT (COUNT(DISTINCT ?p) AS ?things) (COUNT(DISTINCT ?c) AS ?claims) {"
        " VALUES ?p { kgp:gui-min-tong } ?p a kg:Platform . ?c kg:platform ?p }"
    )
    assert found == [("1", "2")]


def test_no_triple_stands_in_two_graphs() -> None:
    """Then the union counts as the parts do."""
    assert rows("SELECT ?s { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(?g != ?h) }") == []


def test_a_gap_stands_in_a_section() -> None:
    """What is missing is missing in a certain place of the text."""
    assert one("SELECT ?s { kgg:toy-figure-1 kg:inSection ?s }") == "kgs:toy-bulletin.shanxi"


def test_the_evidence_of_a_gap_leads_back_to_the_gap() -> None:
    """It has no file and line of its own."""
    dataset = checked().dataset
    origin = dataset.origin(mint("evidence", "gap.toy-figure-1.1.quote"))
    assert origin == dataset.origin(mint("gap", "toy-figure-1"))
    assert origin is not None


@pytest.mark.parametrize("kind", ["passage", "mention"])
def test_what_stands_in_the_text_leads_back_to_its_sentence(kind: str) -> None:
    """A finding about a passage or a mention shows the words of the text."""
    dataset = checked().dataset
    found = rows(f"SELECT ?s ?t {{ ?s a kg:{kind.title()} ; kg:inPassage?/kg:text ?t }}")
    assert found
    for name, text in found:
        origin = dataset.origin(expand(name))
        assert origin is not None
        assert origin.sentence == text
