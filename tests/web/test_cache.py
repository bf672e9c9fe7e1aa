"""What is kept stays within its bounds, and the least used goes first."""

from __future__ import annotations

from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.http.cache import Cache


def test_a_value_is_found_by_its_key() -> None:
    """Until another one takes its place, or all are given up."""
    cache: Cache[str, str] = Cache(100)
    cache.put("a", "one", 10)
    cache.put("b", "two", 10)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("one", "two", None)
    cache.put("a", "three", 30)
    assert (cache.get("a"), cache.size) == ("three", 40)
    cache.clear()
    assert (cache.get("a"), cache.size) == (None, 0)


def test_what_was_asked_for_last_stays() -> None:
    """The others make room."""
    cache: Cache[str, int] = Cache(30)
    for at, key in enumerate("abc"):
        cache.put(key, at, 10)
    assert cache.get("a") == 0
    cache.put("d", 3, 10)
    assert [cache.get(key) for key in "abcd"] == [0, None, 2, 3]


@pytest.mark.parametrize(("size", "kept"), [(50, True), (51, False), (1000, False)])
def test_one_value_may_have_half_of_the_room(size: int, kept: bool) -> None:
    """A longer one is not kept, nor is what stood under its key before."""
    cache: Cache[str, str] = Cache(100)
    cache.put("a", "old", 10)
    cache.put("b", "other", 10)
    cache.put("a", "new", size)
    assert cache.get("a") == ("new" if kept else None)
    assert cache.get("b") == "other"
    assert cache.size == (size if kept else 0) + 10


KEYS = st.sampled_from("abcdef")


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("put"), KEYS, st.integers(0, 60)),
            st.tuples(st.just("get"), KEYS, st.just(0)),
            st.tuples(st.just("clear"), st.just(""), st.just(0)),
        ),
        max_size=60,
    )
)
def test_it_does_what_a_simple_one_would(steps: list[tuple[str, str, int]]) -> None:
    """Whatever comes in whatever order: the same values, in bounds, counted rightly."""
    most = 100
    cache: Cache[str, int] = Cache(most)
    model: OrderedDict[str, tuple[int, int]] = OrderedDict()
    for at, (step, key, size) in enumerate(steps):
        if step == "clear":
            cache.clear()
            model.clear()
        elif step == "get":
            expected = model.get(key, (None, 0))[0]
            assert cache.get(key) == expected
            if key in model:
                model.move_to_end(key)
        else:
            cache.put(key, at, size)
            model.pop(key, None)
            if size <= most // 2:
                model[key] = at, size
            while sum(size for _, size in model.values()) > most:
                model.popitem(last=False)
        assert {*cache.held} == {*model}
        assert cache.size == sum(size for _, size in model.values()) <= most
