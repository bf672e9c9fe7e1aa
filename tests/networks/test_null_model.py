"""The null model: sums are kept, tables are equally likely, p-values mean what they say."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations, islice
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.networks.null_model import Chance, adjusted, chances, samples, trade

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

Rows = tuple[frozenset[int], ...]

TABLE: Final[Rows] = tuple(
    frozenset(row) for row in [{0, 1, 2}, {0, 1}, {2, 3, 4, 5}, {1, 5}, {3}, {0, 2, 5}]
)


def sums(rows: Sequence[Collection[int]]) -> tuple[list[int], Counter[int]]:
    """Give the sums of rows and of columns."""
    return [len(row) for row in rows], Counter(column for row in rows for column in row)


def test_a_trade_keeps_what_both_have() -> None:
    """And deals out the rest, as much to each as before."""
    draw = random.Random(1)  # noqa: S311 -- no secret
    seen = set()
    for _ in range(200):
        one, other = trade({1, 2, 3}, {3, 4}, draw)
        assert (3 in one, 3 in other, len(one), len(other)) == (True, True, 3, 2)
        assert one | other == {1, 2, 3, 4}
        seen.add(frozenset(one))
    assert seen == {frozenset({3, a, b}) for a, b in combinations([1, 2, 4], 2)}


@given(rows=st.lists(st.frozensets(st.integers(0, 8)), max_size=7), seed=st.integers(0, 2**32))
def test_every_table_has_the_sums_of_the_first(rows: list[frozenset[int]], seed: int) -> None:
    """Of rows and of columns."""
    for drawn in samples(rows, 3, seed):
        assert sums(drawn) == sums(rows)


def test_every_table_is_as_likely_as_the_next() -> None:
    """All tables of four rows and columns whose sums are two are met equally often."""
    rows = tuple(frozenset(row) for row in [{0, 1}, {1, 2}, {2, 3}, {0, 3}])
    met = Counter(tuple(map(frozenset, drawn)) for drawn in samples(rows, 9000, 3))
    # 90 tables of four rows and columns have all sums two: https://oeis.org/A001499
    assert len(met) == 90
    chi_square = sum((times - 100) ** 2 / 100 for times in met.values())
    assert chi_square < 123  # the 99th percentile with 89 degrees of freedom


def test_the_first_table_is_left_behind() -> None:
    """Tables are drawn, not the real one again."""
    assert sum(tuple(map(frozenset, it)) == TABLE for it in samples(TABLE, 200, 1)) < 20


def test_rows_of_one_column_each_share_none() -> None:
    """In no table, so that each reaches the real one; no column stands in two rows."""
    rows = tuple(frozenset({at}) for at in range(3))
    upright, across = chances(rows, 400, 1)
    assert upright == {pair: Chance(0.0, 1.0) for pair in combinations(range(3), 2)}
    assert across == {}


def test_shared_by_chance_is_what_listing_gives() -> None:
    """As listed: every table with these sums, each as likely as the next."""
    rows = tuple(frozenset(row) for row in [{0, 1}, {0, 1, 2}, {2, 3, 4, 5}, {3, 4, 5}])
    upright, _ = chances(rows, 4000, 5)
    tables = _all_tables(rows)
    both = [len(table[0] & table[1]) for table in tables]
    assert upright[0, 1].expected == pytest.approx(sum(both) / len(both), abs=0.03)
    reached = sum(it >= 2 for it in both) / len(both)
    assert upright[0, 1].p_value == pytest.approx(reached, abs=0.02)


def _all_tables(rows: Rows) -> list[Rows]:
    """List every table with the sums of a small one."""
    wanted = sums(rows)[1]
    width = max(wanted) + 1

    def fill(done: Rows) -> list[Rows]:
        if len(done) == len(rows):
            return [done] if sums(done)[1] == wanted else []
        size = len(rows[len(done)])
        options = (frozenset(it) for it in combinations(range(width), size))
        return [table for option in options for table in fill((*done, option))]

    return fill(())


def test_columns_are_compared_too() -> None:
    """Those that stand in two rows at least, by their own numbers."""
    _, across = chances(TABLE, 300, 2)
    common = [column for column, times in sums(TABLE)[1].items() if times > 1]
    assert set(across) == set(combinations(sorted(common), 2))
    turned = tuple(
        frozenset(at for at, row in enumerate(TABLE) if column in row) for column in range(6)
    )
    by_rows, _ = chances(turned, 4000, 2)
    _, again = chances(TABLE, 4000, 2)
    for pair, chance in again.items():
        assert chance.expected == pytest.approx(by_rows[pair].expected, abs=0.06)


def test_p_values_of_a_random_table_are_uniform() -> None:
    """Of tables that are themselves drawn by chance, at most a tenth has a p-value up to 0.1."""
    found = []
    for at, drawn in enumerate(samples(TABLE, 200, 11)):
        upright, _ = chances(tuple(map(frozenset, drawn)), 39, at)
        found.append(upright[0, 5].p_value)
    for level in (0.1, 0.3, 0.5):
        assert sum(it <= level for it in found) / len(found) <= level + 0.04
    assert min(found) < 0.5 < max(found)


def test_a_pair_that_goes_together_stands_out() -> None:
    """Two rows that share ten rare columns, among twenty that share none."""
    others = (frozenset(range(10 * at, 10 * at + 10)) for at in range(1, 21))
    rows: Rows = (frozenset(range(10)), frozenset(range(10)), *others)
    upright, _ = chances(rows, 500, 1)
    assert upright[0, 1].p_value == 1 / 501
    assert adjusted([it.p_value for it in upright.values()])[0] < 0.5
    assert upright[2, 3].p_value == 1.0


def test_equal_seeds_give_equal_tables() -> None:
    """And other seeds others."""
    one, same, other = (list(islice(samples(TABLE, 5, seed), 5)) for seed in (1, 1, 2))
    assert (one == same, one == other) == (True, False)


def test_the_numbers_are_the_same_on_every_machine() -> None:
    """They come from whole numbers and `Random.random` alone, so they can be written down."""
    (drawn,) = samples(TABLE, 1, 2021)
    assert [sorted(row) for row in drawn] == RECORDED


RECORDED: Final = [[0, 1, 5], [2, 5], [0, 1, 4, 5], [0, 3], [2], [1, 2, 3]]


@pytest.mark.parametrize("rows", [(), (frozenset(),), (frozenset(), frozenset({0}))])
def test_a_table_of_nothing_has_no_pairs_to_speak_of(rows: Rows) -> None:
    """No failure, and nothing is found."""
    upright, across = chances(rows, 3, 1)
    assert ({it.p_value for it in upright.values()} <= {1.0}, across) == (True, {})


def test_adjusted_p_values_are_those_of_benjamini_and_hochberg() -> None:
    """The example of their paper: fifteen p-values, of which four are found at 0.05."""
    # Benjamini and Hochberg 1995, section 4.2
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    found = adjusted(p_values)
    assert [it <= 0.05 for it in found] == [True] * 4 + [False] * 11
    assert found[0] == pytest.approx(0.0015)
    assert found == sorted(found)


def test_adjusted_p_values_keep_their_places() -> None:
    """Whatever order they come in."""
    assert adjusted([0.5, 0.01, 0.02]) == [0.5, 0.03, 0.03]
    assert adjusted([]) == []
