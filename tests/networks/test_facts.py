"""What nodes and edges are told of: exact quotes, dates, strength, quantities, reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from made_networks import networks_of

from kg.networks.facts import claims, things

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from kg.graph import KnowledgeGraph
    from kg.networks.facts import Facts

pytest_plugins = ["open_graphs"]

NINE: Final = {"广东", "江苏", "浙江", "宁夏", "黑龙江", "上海", "河北", "河南", "江西"}
"""The regions that state 一网通办."""


@pytest.fixture(scope="module")
def full(real_networks: Mapping[str, nx.Graph[str]]) -> nx.Graph[str]:
    """Give the whole network."""
    return real_networks["full"]


def test_a_target_has_its_date_as_the_text_says_it(full: nx.Graph[str]) -> None:
    """A period has its first and last day, its precision and the words of the text."""
    data = full.nodes["kgcl:beijing-nine-tenths-city-wide"]
    assert (data["earliest"], data["latest"]) == ("2021-01-01", "2025-12-31")
    assert (data["precision"], data["precision_zh"]) == ("precision-period", "时段")
    assert data["date_wording"] == "“十四五”期间"


def test_a_target_has_strength_region_themes_and_place(full: nx.Graph[str]) -> None:
    """Values of lists come with their labels, a region as CURIE and label."""
    data = full.nodes["kgcl:beijing-nine-tenths-city-wide"]
    assert (data["strength"], data["strength_en"]) == ("strength-binding", "binding")
    assert (data["region"], data["region_zh"], data["region_en"]) == (
        "kgr:beijing",
        "北京",
        "Beijing",
    )
    assert (data["themes"], data["themes_en"]) == (("政务服务",), ("services",))
    assert (data["line"], data["sentence"][:4]) == (89, "“十四五")


def test_a_quantity_is_a_number_with_its_unit_and_its_whole(full: nx.Graph[str]) -> None:
    """九成 is 90 percent of the items, and the wording stays."""
    data = full.nodes["kgcl:beijing-nine-tenths-city-wide"]
    assert (data["value"], data["unit"], data["comparator_zh"]) == (90.0, "unit:PERCENT", "等于")
    assert data["quantities"] == (
        "实现“全城通办”的政务服务事项比例 = 90 % [水平；政务服务事项；九成]",
    )


def test_every_claim_has_the_exact_words_that_it_rests_on(
    real_graph: KnowledgeGraph, full: nx.Graph[str]
) -> None:
    """All evidence of all claims and parts, none else, each beside the CURIE of its statement."""
    query = """SELECT ?claim ?quote { ?claim kg:evidence ?e . ?e oa:hasSelector/oa:exact ?quote }"""
    rows = real_graph.table(real_graph.with_prefixes(query)).rows
    expected = {(str(claim), str(quote)) for claim, quote in rows}
    found = set()
    for node, data in full.nodes(data=True):
        if data["kind"] != "FrameworkPart":
            assert set(data.get("statements", ())) <= {node}
            found |= set(zip(data.get("statements", ()), data.get("quotes", ()), strict=True))
    assert found == expected
    assert len(found) > 650


def test_quotes_stand_in_the_source(full: nx.Graph[str], real_graph: KnowledgeGraph) -> None:
    """Every quote and context of the network is in the text, sign by sign."""
    folder = real_graph.project.data / "sources" / "2021-provincial-roundup"
    text = (folder / "text.txt").read_bytes().decode("utf-8")
    quotes = [
        quote
        for _, data in full.nodes(data=True)
        if data["kind"] != "FrameworkPart"
        for quote in (*data.get("quotes", ()), *data.get("contexts", ()))
    ]
    assert [quote for quote in quotes if quote not in text] == []
    assert len(quotes) > 900


def test_a_claim_with_words_in_two_places_has_both(full: nx.Graph[str]) -> None:
    """In the order of the text, and what only helps to understand it apart."""
    several = [data for _, data in full.nodes(data=True) if len(data.get("quotes", ())) > 1]
    assert len(several) >= 29
    assert sum("contexts" in data for _, data in full.nodes(data=True)) > 150


def test_regions_say_what_was_read(full: nx.Graph[str]) -> None:
    """Text, a picture or nothing; of a city no section is expected."""
    reading = {node: data.get("reading") for node, data in full.nodes(data=True)}
    assert reading["kgr:shanghai"] == "text"
    assert (reading["kgr:hunan"], full.nodes["kgr:hunan"]["reading_zh"]) == ("picture", "图片")
    assert (reading["kgr:chongqing"], reading["kgr:anshan"]) == ("not-read", None)


def test_the_best_reading_of_several_sources_counts(toy_graph: KnowledgeGraph) -> None:
    """A region that two sources tell of has one reading."""
    facts = things(lambda question: toy_graph.ask(question).table)
    assert facts["kgr:guangxi"]["reading"] == "text"


def test_concepts_and_platforms_have_what_they_are(full: nx.Graph[str]) -> None:
    """Definition and variants, kind and brand."""
    concept, platform = full.nodes["kgc:yi-wang-tong-guan"], full.nodes["kgp:gan-fu-tong"]
    assert concept["variants"] == ("一网通管",)
    assert concept["definition"]
    assert concept["definition_en"]
    assert (platform["sort_en"], platform["brands"]) == ("service platform", ("赣服通",))


def test_a_part_of_a_slogan_has_its_position_and_words(full: nx.Graph[str]) -> None:
    """It is its own evidence, and its own words stand in its quote."""
    parts = [(n, d) for n, d in full.nodes(data=True) if d["kind"] == "FrameworkPart"]
    assert all(data["statements"] == (node,) and data["position"] >= 1 for node, data in parts)
    assert all(data["wording"] in data["quotes"][0].replace("\n", "") for _, data in parts)
    assert len(parts) == 218


def test_several_quantities_are_told_as_text_only(toy_graph: KnowledgeGraph) -> None:
    """One number and unit of two would be half of what the claim says."""

    def tables(question: str) -> object:
        return toy_graph.ask(question).table

    facts: Facts = things(tables)  # type: ignore[arg-type]
    claims(tables, facts)  # type: ignore[arg-type]
    told = [data for data in facts.values() if "quantities" in data]
    assert told
    assert all(("value" in data) == (len(data["quantities"]) == 1) for data in told)


# --- regions and concepts -----------------------------------------------------------------------


def test_nine_regions_state_yi_wang_tong_ban(real_networks: Mapping[str, nx.Graph[str]]) -> None:
    """Each with the words in which it does."""
    pairs = real_networks["region-concept"]
    regions = {pairs.nodes[it]["label"] for it in pairs["kgc:yi-wang-tong-ban"]}
    assert regions == NINE
    for told in pairs["kgc:yi-wang-tong-ban"].values():
        assert any("一网通办" in quote for quote in told["quotes"])


@pytest.mark.parametrize("of", ["toy", "real"])
def test_an_edge_has_as_many_quotes_as_it_weighs(
    tmp_path_factory: pytest.TempPathFactory, of: str
) -> None:
    """One for each statement, with its form and line; the strongest form is the edge's."""
    pairs = networks_of(tmp_path_factory, of)["region-concept"]
    for *_, told in pairs.edges(data=True):
        assert len(set(told["statements"])) == told["weight"]
        assert all(told["quotes"])
        lengths = {len(told[name]) for name in ("quotes", "statements", "forms", "lines")}
        assert lengths == {told["weight"]}
        assert told["form"] in told["forms"]


def test_quotes_of_an_edge_come_in_the_order_of_the_text(
    real_networks: Mapping[str, nx.Graph[str]],
) -> None:
    """Line by line."""
    for *_, told in real_networks["region-concept"].edges(data=True):
        lines = [int(line) for line in told["lines"]]
        assert lines == sorted(lines)


def test_a_heading_alone_states_something_too(real_networks: Mapping[str, nx.Graph[str]]) -> None:
    """湖南 is linked with what its heading says, and marked as not read."""
    pairs = real_networks["region-concept"]
    assert pairs.nodes["kgr:hunan"]["reading"] == "picture"
    assert "一件事一次办" in {pairs.nodes[it]["label"] for it in pairs["kgr:hunan"]}
