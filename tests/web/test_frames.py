"""Frames come whole, however the bytes are cut."""

from __future__ import annotations

import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.workers.frames import Frame, FrameError, Reader, packed, receive, told

HEAD = {"op": "上海", "n": [1, None]}


@given(st.lists(st.binary(max_size=40), max_size=4), st.integers(1, 7))
def test_frames_are_put_together_from_any_pieces(bodies: list[bytes], size: int) -> None:
    """One, several or parts of them at once."""
    data = b"".join(packed(told(HEAD), body) for body in bodies)
    reader = Reader(1000)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    found = [frame for piece in pieces for frame in reader.feed(piece)]
    assert found == [Frame(HEAD, body) for body in bodies]


def test_a_frame_that_is_too_large_is_refused_before_it_has_come() -> None:
    """Its size is enough to tell."""
    reader = Reader(100)
    with pytest.raises(FrameError):
        list(reader.feed(packed(told(HEAD), b"x" * 200)[:8]))


def test_a_worker_waits_for_a_whole_frame_and_for_the_end() -> None:
    """A frame that comes in pieces is received; when the other side goes, nothing is."""
    ours, theirs = socket.socketpair()
    data = packed(told(HEAD), b"y" * 1_000_000)

    def send() -> None:
        for at in range(0, len(data), 300_000):
            ours.sendall(data[at : at + 300_000])
        ours.close()

    sender = threading.Thread(target=send)
    sender.start()
    with theirs:
        assert receive(theirs) == Frame(HEAD, b"y" * 1_000_000)
        assert receive(theirs) is None
    sender.join()


def test_half_a_frame_is_none() -> None:
    """What is cut off is not taken for whole."""
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(packed(told(HEAD), b"body")[:-1])
        ours.close()
        assert receive(theirs) is None
