"""Queries that bring services down: each is refused or ended with a reason, nobody else notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from attack_client import Service, afterwards, answers_meanwhile, sent, together
from attack_queries import DEEP, HEAVY, LARGE, LONG, MEMORY
from attack_requests import FOE, Sent, Write, asked, form, posted, request

from kg.web.sparql.bounds import DEPTH, LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exchange import Answer

pytest_plugins = ["attack_services"]

REFUSED: Final = frozenset({400, 413})
"""How what is too deep or too large is answered."""
ENDED: Final = frozenset({413, 503, 504})
"""How what runs too long, or with too much memory, is answered: by how busy the machine is."""
AT_ONCE: Final = 4
"""Hostile queries that run at a time; more may end one another, see `test_attacks_floods`."""


SIGNLESS: Final = {"orders 9000", "groups 9000"}
"""What has neither signs nor words that are counted, and is only bounded in length and time."""


@pytest.fixture(autouse=True)
def service(labelled: Service) -> Iterator[Service]:
    """Give a service that has to be after each attack what it was before."""
    with afterwards(labelled):
        yield labelled


def attack(service: Service, queries: Iterable[str], at_once: int = AT_ONCE) -> list[Answer]:
    """Ask hostile queries, some at a time, while others go on asking good ones."""
    every = [Sent(posted(query, "Accept: */*"), FOE) for query in queries]
    found: list[Answer] = []
    with answers_meanwhile(service):
        for start in range(0, len(every), at_once):
            found += together(service, every[start : start + at_once])
    for answer in found:
        assert answer.status == 200 or answer.text.count("\n") == 2  # in Chinese and in English
        assert "retry-after" in answer.headers or answer.status not in {503, 504}
    return found


def nested(kind: str, levels: int) -> str:
    """Nest something so many times."""
    before, opening, within, closing, behind = DEEP[kind]
    return f"{before}{opening * levels}{within}{closing * levels}{behind}"


# --- depth and length ---------------------------------------------------------------------------


def test_what_is_not_too_deep_is_answered(service: Service) -> None:
    """Twelve levels of anything are none too many."""
    kinds = [kind for kind in DEEP if kind not in {"<<", "list"}]
    found = attack(service, [nested(kind, 12) for kind in kinds])
    assert {kind: a.status for kind, a in zip(kinds, found, strict=True)} == dict.fromkeys(
        kinds, 200
    )


@pytest.mark.parametrize("levels", [DEPTH - 5, DEPTH + 1])
def test_nesting_about_the_bound_ends_no_process(service: Service, levels: int) -> None:
    """Just below it the query may take too long; above it, it is refused."""
    before = service.ended("memory")
    found = attack(service, [nested(kind, levels) for kind in DEEP])
    allowed = {200, *REFUSED, *ENDED} if levels < DEPTH else {200, *REFUSED, 504}
    assert {answer.status for answer in found} <= allowed
    assert service.ended("memory") == before  # nor did a worker die of it


@pytest.mark.parametrize("levels", [1_000, 5_000])
def test_nesting_far_beyond_the_bound_is_refused(service: Service, levels: int) -> None:
    """As text that ends `oxigraph serve`."""
    found = attack(service, [nested(kind, levels) for kind in DEEP])
    told = {kind: answer.status for kind, answer in zip(DEEP, found, strict=True)}
    assert told.pop("!") in {200, *REFUSED, *ENDED}  # has no brackets
    assert set(told.values()) <= REFUSED


def test_what_is_long_and_flat_is_answered_or_ended(service: Service) -> None:
    """Planners that are super-quadratic get no more than their time."""
    found = attack(service, LONG.values(), 2 * AT_ONCE)
    assert {answer.status for answer in found} <= {200, 403, *REFUSED, *ENDED}
    told = dict(zip(LONG, found, strict=True))
    far = {name: answer.status for name, answer in told.items() if name.endswith("9000")}
    assert {name for name, status in far.items() if status not in REFUSED} <= SIGNLESS


@pytest.mark.parametrize("send", [asked, posted, form])
def test_a_query_that_is_too_long_is_refused(service: Service, send: Write) -> None:
    """By whatever way it comes; a URL of that length is none."""
    query = f"ASK {{}} #{'x' * LENGTH}"
    assert sent(service, send(query)).status in ({400, 414, 431} if send is asked else {413})


@pytest.mark.parametrize(
    "text",
    [
        *('\\"' * 50_000, '"\\"' * 33_000, "a." * 50_000, "a-" * 50_000, "'''a''" * 16_000),
        *(f"from {'<a ' * 33_000}", f"from {'1.' * 49_000}", f"from {':.' * 49_000}"),
        *(f"ASK {'FROM <a:b> ' * 9_000}", f"ASK {{ ?s a:b{'.' * 90_000}c ?o }}"),
        *("#from\n" * 16_000, f'ASK {{ VALUES ?x {{ {chr(34)}from" }} }}' * 4_000),
        *(f"from {'_' * 45_000}{'-' * 45_000}", "<#'" * 33_000 + ">", "{" * 99_999, "上" * 99_999),
        f"PREFIX service: <a:> ASK {{ {'service:x ' * 9_000} }}",
    ],
    ids=range(17),
)
def test_texts_that_are_hard_to_cut_hold_nobody_up(service: Service, text: str) -> None:
    """They are read in linear time, in a worker; the service does nothing but glance."""
    found = attack(service, [text] * AT_ONCE)
    assert {answer.status for answer in found} <= {200, 403, *REFUSED, *ENDED}


# --- time, memory, size -------------------------------------------------------------------------


def test_what_takes_too_long_is_ended(service: Service) -> None:
    """Products, paths and patterns end with a reason, and never with a part of an answer."""
    found = attack(service, HEAVY.values())
    told = {name: answer.status for name, answer in zip(HEAVY, found, strict=True)}
    assert {name: status for name, status in told.items() if status not in ENDED} == {}
    assert 504 in told.values()


def test_what_takes_too_much_memory_is_ended(service: Service) -> None:
    """Only its worker ends; others keep theirs, and there is a new one."""
    found = attack(service, MEMORY.values())
    told = {name: answer.status for name, answer in zip(MEMORY, found, strict=True)}
    assert {name: status for name, status in told.items() if status not in ENDED} == {}
    assert sent(service, posted(MEMORY["concat"])).status == 413


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("kind", LARGE)
def test_an_answer_that_is_too_large_is_no_answer(service: Service, kind: str, coding: str) -> None:
    """Nobody takes the first rows for all of them."""
    answer = sent(service, posted(LARGE[kind], f"Accept-Encoding: {coding}", "Accept: */*"))
    assert answer.status in ENDED


def test_an_answer_just_within_the_bound_is_whole(service: Service) -> None:
    """A hundred thousand rows, every one of them."""
    query = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 100000"
    answer = sent(service, posted(query, "Accept: text/csv"))
    assert (answer.status, answer.body.count(b"\r\n")) == (200, 100_001)


@pytest.mark.parametrize(
    "pattern",
    [
        "((a{0,100}){0,100}){0,100}",
        "(a{0,999}){0,999}",
        "(?:x+x+)+y",
        "(" * 90 + ")" * 90,
        "[" * 999,
    ],
)
def test_patterns_with_bounded_repeats_are_bounded(service: Service, pattern: str) -> None:
    """They are compiled for each of many rows, or refused; the time is the same."""
    query = f'SELECT * {{ ?s ?p ?o FILTER(REGEX(STR(?o), CONCAT(STR(?p), "{pattern}"))) }}'
    found = attack(service, [query, query.replace("REGEX", "CONTAINS")])
    assert {answer.status for answer in found} <= {200, 400, *ENDED}


def test_a_saved_question_cannot_be_made_a_bomb(service: Service) -> None:
    """Values of parameters are bounded as queries are."""
    path = "/queries/platforms-of-concept.json?concept="
    for value in ("%E4%B8%80" * 20_000, "a" * 60_000, "%22" * 20_000, "a&region=" * 900):
        found = together(service, [Sent(request(path + value))] * AT_ONCE)
        assert {answer.status for answer in found} <= {0, 400, 404, 414, 431, *ENDED}
