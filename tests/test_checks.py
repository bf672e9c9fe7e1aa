"""Every check across nodes finds the fault that it is for, and nothing in the toy."""

from __future__ import annotations

from typing import Final

import pytest
from checked_toy import engine
from conftest import ROOT

from kg.names import shorten
from kg.validation import check_queries

FOLDER: Final = ROOT / "queries" / "checks"

REFERENCE: Final = "<https://w3id.org/dgkg/graph/reference>"
SOURCE: Final = "<https://w3id.org/dgkg/graph/source/toy-bulletin>"


def things(triples: str) -> str:
    """Give an update that adds triples to the reference graph."""
    return f"INSERT DATA {{ GRAPH {REFERENCE} {{ {triples} }} }}"


def change(old: str, new: str, where: str = "") -> str:
    """Give an update that replaces triples, wherever they stand."""
    return (
        f"DELETE {{ GRAPH ?g {{ {old} }} }} INSERT {{ GRAPH ?g {{ {new} }} }} "
        f"WHERE {{ GRAPH ?g {{ {old} {where} }} }}"
    )


FAULTS: Final[dict[str, tuple[str, str]]] = {
    "unclaimed-thing": (things("kgp:idle a kg:Platform ."), "kgp:idle"),
    "unnamed-concept": (
        things("kgc:idle a kg:PlatformConcept ; skos:broader kgc:zheng-wu-fu-wu ."),
        "kgc:idle",
    ),
    "orphan-concept": (
        change("kgc:zheng-wu-yun skos:broader ?above .", "kgc:zheng-wu-yun skos:related ?above ."),
        "kgc:zheng-wu-yun",
    ),
    "lonely-head": (
        things("kgc:idle a kg:PlatformConcept ; skos:topConceptOf kg:platform-concepts ."),
        "kgc:idle",
    ),
    "evidence-out-of-section": (
        change(
            "kge:guangxi-one-network.1 kg:inPassage ?p .",
            "kge:guangxi-one-network.1 kg:inPassage kgt:toy-bulletin.shanxi.02 .",
        ),
        "kgcl:guangxi-one-network",
    ),
    "quote-length": (
        change(
            "kge:guangxi-one-network.1.position oa:end ?end .",
            "kge:guangxi-one-network.1.position oa:end 9999 .",
        ),
        "kge:guangxi-one-network.1",
    ),
    "mention-not-a-label": (
        change(
            "?mention kg:wording ?said .",
            '?mention kg:wording "别的"@zh .',
            "?mention kg:names kgc:zheng-wu-yun ; kg:inPassage kgt:toy-bulletin.shanxi.02 .",
        ),
        "kgm:toy-bulletin.shanxi.02.zheng-wu-yun.1",
    ),
    "milestone-governs-nothing": (
        change(
            "?claim kg:inheritedFrom kgcl:guangxi-by-2022 .",
            "?claim kg:precision kg:precision-none .",
        ),
        "kgcl:guangxi-by-2022",
    ),
    "claim-of-a-foreign-thing": (
        change(
            "kgp:gui-min-tong kg:ofRegion kgr:guangxi .",
            "kgp:gui-min-tong kg:ofRegion kgr:shanxi .",
        ),
        "kgcl:guangxi-gui-min-tong-claim",
    ),
    "uncoded-province": (
        change("kgr:guangxi kg:abbreviation ?short .", "kgr:guangxi skos:altLabel ?short ."),
        "kgr:guangxi",
    ),
    "city-outside-its-province": (
        things(
            "kgr:elsewhere kg:level kg:level-city ; schema:containedInPlace kgr:guangxi ; "
            'skos:notation "110100"^^kg:GB2260 .'
        ),
        "kgr:elsewhere",
    ),
    "framework-in-itself": (
        (
            f"INSERT DATA {{ GRAPH {SOURCE} {{ "
            "kgcl:guangxi-architecture dcterms:isPartOf kgcl:guangxi-two-horizontals . } }"
        ),
        "kgcl:guangxi-architecture",
    ),
    "shared-thing-label": (
        things('kgp:gui-min-tong skos:altLabel "政务云"@zh .'),
        "kgp:gui-min-tong",
    ),
    "shared-label": (things('kgc:zheng-wu-yun skos:altLabel "一网通办"@zh .'), "kgc:zheng-wu-yun"),
}


def test_every_check_has_a_fault() -> None:
    """A check that was never seen to find anything may find nothing."""
    assert sorted(FAULTS) == sorted(
        path.stem.removesuffix("-violation") for path in FOLDER.glob("*.rq")
    )


def test_the_toy_has_no_finding() -> None:
    """What is well curated passes."""
    assert check_queries(engine(), FOLDER) == ()


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_planted_fault_is_found(name: str) -> None:
    """The check that a fault is for finds it, in both languages."""
    update, focus = FAULTS[name]
    found = [f for f in check_queries(engine(update), FOLDER) if f.rule == f"check:{name}"]
    assert focus in [shorten(finding.focus) for finding in found]
    assert all(finding.zh and finding.en and finding.severity == "Violation" for finding in found)
