"""What is known of a thing is gathered whole, in the order of the text, within bounds."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
import pytest
from graph_fixtures import HEAD

from kg.names import expand
from kg.nodes import grouped, label_of, ordered
from kg.web.linked.known import facts_of, known_of

TOPIC: Final = ox.NamedNode(expand("kgr:here"))

DATA: Final = """
kgr:here a kg:Region ; skos:prefLabel "此"@zh , "Here"@en ; kg:level kg:level-province .
kg:level-province skos:prefLabel "省级"@zh , "province level"@en ; kg:rank 1 .
kgs:b skos:prefLabel "乙"@zh ; dcterms:issued "2021-01-01"^^xsd:date .
kgcl:late a kg:Claim ; kg:inSource kgs:b ; kg:start 100 ; kg:quote "晚"@zh ;
  kg:aboutRegion kgr:here ; kg:inPassage kgt:b.1 ; kg:strength kg:strength-commit .
kgcl:early a kg:Claim ; kg:inSource kgs:b ; kg:start 9 ; kg:quote "早"@zh ;
  kg:aboutRegion kgr:here ; kg:where kgr:here , kgr:there ; kg:inPassage kgt:b.1 .
kgcl:other a kg:Claim ; kg:inSource kgs:a ; kg:start 500 ; kg:quote "他"@zh ;
  kg:aboutRegion kgr:here .
kgcl:part a kg:FrameworkPart ; kg:quote "分"@zh ; kg:aboutRegion kgr:here .
kgm:mention a kg:Mention ; kg:aboutRegion kgr:here .
kgp:platform a kg:Platform ; kg:ofRegion kgr:here .
kgr:there skos:prefLabel "彼"@zh .
kgt:b.1 kg:text "早晚"@zh ; kg:firstLine 3 ; kg:start 9 .
kge:late.1 a kg:Evidence ; oa:hasSource kgr:here .
"""


def store_of(turtle: str) -> ox.Store:
    """Give a store with some data."""
    store = ox.Store()
    head = HEAD.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
    store.load((head + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return store


def named(*curies: str) -> list[ox.NamedNode]:
    """Give the nodes of CURIEs."""
    return [ox.NamedNode(expand(curie)) for curie in curies]


def test_what_leads_to_a_topic_is_in_the_order_of_the_text() -> None:
    """Things come first, then statements by source and place; parts and mentions are left."""
    known = known_of(store_of(DATA), TOPIC)
    expected = named("kgp:platform", "kgcl:other", "kgcl:early", "kgcl:late")
    assert list(known.leading) == expected
    assert known.leading[expected[2]] == named("kg:aboutRegion", "kg:where")
    assert known.left == 0


def test_what_leads_to_a_topic_is_told_in_brief() -> None:
    """A claim is told by quote and sentence, and by all that the linking property says."""
    nodes = known_of(store_of(DATA), TOPIC).nodes
    (early, late, passage, there, level) = named(
        "kgcl:early", "kgcl:late", "kgt:b.1", "kgr:there", "kg:level-province"
    )
    assert named("kg:strength")[0] not in nodes[late]
    assert set(nodes[early][named("kg:where")[0]]) == {TOPIC, there}
    assert set(nodes[passage]) == set(named("kg:text", "kg:firstLine"))
    assert label_of(nodes[there]) == {"zh": "彼"}
    assert set(nodes[level]) == set(named("skos:prefLabel"))


def test_what_a_thing_holds_is_told_in_full_even_in_a_circle() -> None:
    """Parts of parts are told, and a thing that holds itself is told once."""
    turtle = """
    kgr:here kg:part kgcl:a . kgcl:a kg:part kgcl:b ; kg:rank 1 .
    kgcl:b kg:quantity kgr:here , kgcl:b ; kg:rank 2 .
    """
    known = known_of(store_of(turtle), TOPIC)
    rank = ox.NamedNode(expand("kg:rank"))
    assert [str(known.nodes[it][rank][0]) for it in named("kgcl:a", "kgcl:b")] == [
        str(ox.Literal(1)),
        str(ox.Literal(2)),
    ]
    assert sum(len(terms) for facts in known.nodes.values() for terms in facts.values()) == 6


@pytest.mark.parametrize("most", range(1, 60))
def test_the_bound_holds_and_nothing_is_told_by_half(most: int) -> None:
    """Beyond its own facts a topic has whole neighbours or none, and the rest is counted."""
    store = store_of(DATA)
    whole, known = known_of(store, TOPIC), known_of(store, TOPIC, most)
    count = sum(len(terms) for facts in known.nodes.values() for terms in facts.values())
    own = sum(map(len, facts_of(store, TOPIC).values()))
    assert known.nodes[TOPIC] == facts_of(store, TOPIC)
    assert count <= max(most, own + 3)
    assert list(known.leading) == list(whole.leading)[: len(known.leading)]
    assert known.left == len(whole.leading) - len(known.leading)
    for it in known.leading:
        assert known.nodes[it].keys() == whole.nodes[it].keys()


def test_facts_are_told_once_whatever_graphs_they_stand_in() -> None:
    """A triple of two graphs is one."""
    store = store_of(DATA)
    (link,) = named("kg:level")
    for graph in named("kg:one", "kg:two"):
        store.add(ox.Quad(TOPIC, link, named("kg:level-province")[0], graph))
    assert facts_of(store, TOPIC)[link] == named("kg:level-province")


def test_facts_are_written_in_one_order() -> None:
    """The first come first, then the others by IRI; class and label before the rest."""
    store = store_of(DATA)
    nodes = grouped(quad.triple for quad in store)
    shuffled = {it: dict(reversed(facts.items())) for it, facts in reversed(nodes.items())}
    one, other = ordered(nodes, [TOPIC]), ordered(shuffled, [TOPIC])
    assert str(one) == str(other)
    assert next(iter(one)) == TOPIC
    assert [*one][1:] == sorted([*one][1:], key=str)
    assert list(one[TOPIC]) == named("rdf:type", "skos:prefLabel", "kg:level")


def test_a_label_is_the_preferred_one() -> None:
    """`skos:prefLabel` goes before `rdfs:label`, each language by itself, Chinese first."""
    turtle = 'kgr:here rdfs:label "b"@en , "乙"@zh ; skos:prefLabel "a"@en , "plain" .'
    assert label_of(facts_of(store_of(turtle), TOPIC)) == {"zh": "乙", "en": "a"}
    assert list(label_of(facts_of(store_of(turtle), TOPIC))) == ["zh", "en"]


def test_what_is_unknown_has_no_facts() -> None:
    """Of a node without triples nothing is told."""
    assert known_of(ox.Store(), TOPIC).nodes == {}
