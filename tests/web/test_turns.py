"""Clients take turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.workers.turns import Turns


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=30))
def test_nothing_is_lost_and_nobody_waits_for_two_turns_of_another(
    jobs: list[tuple[str, int]],
) -> None:
    """Of a client the oldest first; between two of one client every other that waits has one."""
    turns: Turns[tuple[str, int]] = Turns()
    for client, job in jobs:
        turns.put(client, (client, job))
    taken = [turns.take() for _ in range(len(turns))]
    for client in "abc":
        of_client = [job for job in jobs if job[0] == client]
        assert [job for job in taken if job[0] == client] == of_client
    for at, (client, _) in enumerate(taken):
        later = {job[0] for job in taken[at + 1 :]}
        until = next((i for i, job in enumerate(taken[at + 1 :]) if job[0] == client), None)
        if until is not None:
            between = {job[0] for job in taken[at + 1 : at + 1 + until]}
            assert later - {client} <= between | (later - {j[0] for j in taken[at + 1 + until :]})
    with pytest.raises(KeyError):
        turns.take()


def test_a_job_that_was_taken_can_be_put_back_first() -> None:
    """It is the next to be taken."""
    turns: Turns[int] = Turns()
    for job in (1, 2):
        turns.put("a", job)
    turns.put("b", 3)
    turns.put_back("a", turns.take())
    assert [turns.take() for _ in range(3)] == [1, 3, 2]


def test_jobs_of_a_client_are_counted() -> None:
    """Those of others apart."""
    turns: Turns[int] = Turns()
    turns.put("a", 1)
    turns.put("a", 2)
    assert (turns.of("a"), turns.of("b"), len(turns)) == (2, 0, 2)


def test_a_job_that_is_given_up_waits_no_more() -> None:
    """It is not counted, and a job that does not wait is not missed."""
    turns: Turns[int] = Turns()
    turns.put("a", 1)
    turns.put("a", 2)
    turns.remove("a", 1)
    turns.remove("a", 7)
    turns.remove("b", 1)
    assert (len(turns), turns.of("a"), turns.take(), len(turns)) == (1, 1, 2, 0)


def test_jobs_that_have_waited_too_long_are_dropped_and_no_others() -> None:
    """Of each client the oldest, whoever's turn it is."""
    turns: Turns[int] = Turns()
    for client, job in (("a", 1), ("a", 9), ("b", 8), ("c", 2), ("c", 3)):
        turns.put(client, job)
    assert sorted(turns.drop(lambda job: job < 5)) == [1, 2, 3]
    assert (len(turns), turns.take(), turns.take()) == (2, 9, 8)
