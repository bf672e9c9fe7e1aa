"""Slow readers fill neither the memory nor the share of others."""

from __future__ import annotations

from kg.web.http.outgoing import IN_ALL, LONG, OF_CLIENT, UNREAD, Outgoing, busy


def test_a_client_has_a_share() -> None:
    """Another one is still served, and the first again when its answers have arrived."""
    outgoing = Outgoing()
    assert outgoing.reserve("slow", OF_CLIENT)
    assert not outgoing.reserve("slow", LONG + 1)
    assert outgoing.reserve("other", LONG + 1)
    outgoing.release("slow", OF_CLIENT)
    assert outgoing.reserve("slow", LONG + 1)


def test_all_have_no_more_than_there_is() -> None:
    """However many clients there are."""
    outgoing = Outgoing()
    taken = [outgoing.reserve(str(client), OF_CLIENT) for client in range(9)]
    assert sum(taken) * OF_CLIENT == IN_ALL


def test_short_answers_are_not_counted() -> None:
    """They are always sent."""
    outgoing = Outgoing()
    assert all(outgoing.reserve("many", LONG) for _ in range(10_000))
    outgoing.release("many", LONG)
    assert not outgoing.bytes


def test_a_body_is_counted_as_it_comes() -> None:
    """Only what has come; one that may not go on is counted no more."""
    incoming = Outgoing()
    assert incoming.grow("slow", 0, LONG)
    assert not incoming.bytes
    assert incoming.grow("slow", LONG, LONG + 1)
    assert incoming.grow("slow", LONG + 1, OF_CLIENT)
    assert incoming.bytes["slow"] == OF_CLIENT
    assert not incoming.grow("slow", OF_CLIENT, OF_CLIENT + 1)
    assert not incoming.bytes


def test_a_client_that_has_read_all_is_forgotten() -> None:
    """What is counted does not grow with the clients that there ever were."""
    outgoing = Outgoing()
    outgoing.reserve("once", LONG + 1)
    outgoing.release("once", LONG + 1)
    assert not outgoing.bytes


def test_it_is_told_when_to_come_again() -> None:
    """With the time to wait, in both languages."""
    assert (busy(*UNREAD).status, busy(*UNREAD).headers["retry-after"]) == (503, "10")
    assert "长答案" in busy(*UNREAD).body.decode()
