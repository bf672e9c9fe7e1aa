"""The real data: clean, wholly read, and each quote where it is said to stand."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import pytest
from graph_fixtures import HEAD, ROOT, open_engine, real_project

from kg.build import check
from kg.coverage import COARSE_BOUND, SET_ASIDE_BOUND
from kg.coverage_report import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.build import Checked
    from kg.graph import KnowledgeGraph
    from kg.project import Project
    from kg.results import Table

SOURCES: Final = sorted(path.parent.name for path in ROOT.glob("data/sources/*/source.yaml"))
FIRST: Final = "2021-provincial-roundup"
NINE: Final = {
    f"kgr:{name}"
    for name in (
        "guangdong", "jiangsu", "zhejiang", "ningxia", "heilongjiang", "shanghai", "hebei",
        "henan", "jiangxi",
    )
}  # fmt: skip
"""The regions of the first source that share 一网通办, as counted by hand."""
RECORDED: Final = (
    "put the claims back; if it is meant so, write the rows that `kg coverage -f csv` gives now"
    " into tests/expected/coverage.csv"
)
"""What to do where claims were lost."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the real project, built."""
    return real_project(tmp_path_factory)


@pytest.fixture(scope="module")
def checked(project: Project) -> Checked:
    """Check the real project; it raises where anything is wrong."""
    return check(project, cache=ROOT / "build" / "reports")


@pytest.fixture(scope="module")
def graph(project: Project) -> Iterator[KnowledgeGraph]:
    """Give the real graph."""
    with open_engine(project) as opened:
        yield opened


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Give the text of each source by its CURIE."""
    return {
        f"kgs:{name}": (ROOT / "data" / "sources" / name / "text.txt").read_text(encoding="utf-8")
        for name in SOURCES
    }


def ask(graph: KnowledgeGraph, pattern: str) -> Table:
    """Answer what a pattern matches, the graph's prefixes declared."""
    return graph.table(f"{HEAD}SELECT * WHERE {{ {pattern} }}")


def test_the_real_project_is_clean(checked: Checked) -> None:
    """Nothing is unreadable, and no shape, check or bound is broken."""
    assert (checked.corpus.problems, checked.report.violations) == ([], ())


def test_there_is_a_section_of_every_region_that_the_text_names(checked: Checked) -> None:
    """The first source has its introduction and 23 provinces, each read."""
    readings = [r for r in checked.readings if r.folder.name == FIRST]
    assert len(readings) == 24
    assert [r.section.region for r in readings if not r.cited] == []


def test_the_release_is_what_is_curated_now(checked: Checked, project: Project) -> None:
    """The release that the other tests read holds the lines that the check made."""
    lines = (project.build / "current" / "dataset.nq").read_bytes()
    assert lines == "".join(checked.lines).encode()


# --- what is stated -----------------------------------------------------------------------------


def test_nine_regions_share_yi_wang_tong_ban(graph: KnowledgeGraph) -> None:
    """The nine regions that state 一网通办 are found, and no other."""
    reply = graph.ask("regions-sharing-concept", concept="一网通办", source=FIRST)
    assert {row["region"] for row in reply.table.records()} == NINE


@pytest.mark.parametrize(
    ("region", "concept"), [("湖南", "一件事一次办"), ("上海", "一网统管"), ("宁夏", "一网通管")]
)
def test_a_region_states_a_concept(graph: KnowledgeGraph, region: str, concept: str) -> None:
    """Concepts that a reader knows to be there are stated by their region."""
    reply = graph.ask("regions-sharing-concept", concept=concept)
    assert region in {row["regionLabel"] for row in reply.table.records()}


def test_every_shared_statement_has_its_quote(graph: KnowledgeGraph) -> None:
    """Each region that shares a concept comes with the words and the line that say so."""
    rows = list(graph.ask("regions-sharing-concept").table.records())
    assert rows
    assert [row["region"] for row in rows if not (row.get("quote") and row.get("line"))] == []


# --- coverage -----------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES)
def test_every_character_is_claimed_or_set_aside(checked: Checked, source: str) -> None:
    """All of a text is accounted for, at most 6 % of it set aside and 5 % coarse."""
    whole = checked.coverage(source)
    assert whole.characters > 0
    assert whole.covered == 1.0
    assert whole.share(whole.set_aside) <= SET_ASIDE_BOUND == 0.06
    assert whole.share(whole.coarse) <= COARSE_BOUND == 0.05


def test_no_section_has_anything_left(checked: Checked) -> None:
    """Each section by itself is wholly claimed or set aside."""
    left = [(r.folder.name, r.section.region) for r in checked.readings if r.coverage.left]
    assert left == [], "`kg coverage <region>` shows what is neither claimed nor set aside"


def percent(text: str) -> float:
    """Read a share as the table writes it."""
    return float(text.removesuffix("%"))


def test_shares_do_not_fall_below_those_recorded(project: Project) -> None:
    """No section loses claims unnoticed: `kg coverage -f csv` was recorded, and is compared."""
    with (ROOT / "tests" / "expected" / "coverage.csv").open(encoding="utf-8", newline="") as file:
        recorded = {(row["source"], row["region"]): row for row in csv.DictReader(file)}
    found = {(r["source"], r["region"]): r for r in measure(project, None).table.records()}
    assert recorded.keys() <= found.keys(), RECORDED
    fallen = [
        key
        for key, row in recorded.items()
        if percent(found[key]["claimed"]) < percent(row["claimed"])
        or percent(found[key]["coarse"]) > percent(row["coarse"])
        or int(found[key]["clauses_claimed"]) < int(row["clauses_claimed"])
    ]
    assert fallen == [], RECORDED


# --- evidence -----------------------------------------------------------------------------------


def test_every_quote_stands_where_its_offsets_say(
    graph: KnowledgeGraph, texts: dict[str, str]
) -> None:
    """For every evidence, `text[start:end]` is its quote, character for character."""
    table = ask(
        graph,
        """?evidence a kg:Evidence ; oa:hasSource ?source ; oa:hasSelector ?quote , ?position .
        ?quote oa:exact ?exact . ?position oa:start ?start ; oa:end ?end""",
    )
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    wrong = [
        str(row["evidence"])
        for row in rows
        if texts[str(row["source"])][int(str(row["start"])) : int(str(row["end"]))]
        != str(row["exact"])
    ]
    evidence = ask(graph, "?evidence a kg:Evidence")
    assert (wrong, len(rows)) == ([], len(evidence.rows))
    assert rows


def test_every_quote_stands_between_its_prefix_and_suffix(
    graph: KnowledgeGraph, texts: dict[str, str]
) -> None:
    """What is said to stand before and behind a quote does, and finds it again without offsets."""
    table = ask(
        graph,
        """?e oa:hasSource ?source ; oa:hasSelector [ oa:exact ?exact ; oa:prefix ?prefix ;
        oa:suffix ?suffix ] , [ oa:start ?start ]""",
    )
    wrong = [
        row["e"]
        for row in table.records()
        if texts[row["source"]].find(row["prefix"] + row["exact"] + row["suffix"])
        != int(row["start"]) - len(row["prefix"])
    ]
    assert (wrong, bool(table.rows)) == ([], True)


def test_every_mention_stands_where_its_offsets_say(
    graph: KnowledgeGraph, texts: dict[str, str]
) -> None:
    """For every mention, the text at its offsets is its wording, line breaks apart."""
    pattern = (
        "?m a kg:Mention ; kg:inSource ?source ; kg:start ?start ; kg:end ?end ; kg:wording ?w"
    )
    table = ask(graph, pattern)
    wrong = [
        row["m"]
        for row in table.records()
        if texts[row["source"]][int(row["start"]) : int(row["end"])].replace("\n", "") != row["w"]
    ]
    assert (wrong, bool(table.rows)) == ([], True)


def test_every_claim_rests_on_evidence(graph: KnowledgeGraph) -> None:
    """No claim is without a quote."""
    bare = ask(graph, "?claim a kg:Claim FILTER NOT EXISTS { ?claim kg:evidence ?evidence }")
    assert bare.rows == ()


def test_the_claims_in_the_graph_are_those_curated(graph: KnowledgeGraph, checked: Checked) -> None:
    """As many claims come out as curators wrote."""
    written = sum(1 for _ in checked.corpus.claims())
    assert len(ask(graph, "?claim a kg:Claim").rows) == written > 0
