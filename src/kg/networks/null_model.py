"""What two texts would share by chance: every text as long as it is, every concept as common.

The null model is the fixed degree sequence model: all tables of regions and concepts with the row
and column sums of the real one, each as likely as the next. Zweig and Kaufmann (2011,
https://doi.org/10.1007/s13278-011-0021-0) project two-mode networks by it, Neal (2014,
https://doi.org/10.1016/j.socnet.2014.06.001) calls the pairs that stand out a backbone. Tables are
drawn by curveball trades (Strona et al. 2014, https://doi.org/10.1038/ncomms5114), all rows at once
(Carstens, Berger and Strona 2018, https://doi.org/10.1016/j.mex.2018.06.018).

Only `Random.random`, whose sequence Python promises to keep, and counts are used, so that every
machine gives equal numbers.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["SAMPLES", "SEED", "Chance", "Pair", "adjusted", "chances", "samples", "trade"]

SAMPLES: Final = 5000
"""Tables drawn: the least p-value is one part of this and the real one, 1 / 5001."""

SEED: Final = 2021
BURN_IN: Final = 50
"""Sweeps before the first table is taken."""
SWEEPS: Final = 2
"""Sweeps between two tables that are taken; in each, every row trades once."""
LEAST: Final = 2
"""Columns of fewer rows are not tested: they stand beside any other at most once."""

Pair: TypeAlias = tuple[int, int]
"""Two rows or two columns, the smaller number first."""


@dataclass(frozen=True)
class Chance:
    """What the null model says of two rows or columns.

    Args:
        expected: how much they share on average.
        p_value: how often they share as much as in the real table or more, which is counted as
            one of those drawn: (1 + times) / (1 + tables), as Phipson and Smyth say (2010,
            https://doi.org/10.2202/1544-6115.1585).
    """

    expected: float
    p_value: float


def trade(one: set[int], other: set[int], draw: random.Random) -> tuple[set[int], set[int]]:
    """Let two rows trade: what only one of them has is dealt out anew, as much to each as before.

    >>> trade({1, 2}, {2}, random.Random(0))
    ({1, 2}, {2})
    """
    both = one & other
    pool = sorted(one ^ other)
    taken = len(one) - len(both)
    for at in range(taken):
        pick = at + int(draw.random() * (len(pool) - at))
        pool[at], pool[pick] = pool[pick], pool[at]
    return both.union(pool[:taken]), both.union(pool[taken:])


def samples(rows: Sequence[frozenset[int]], number: int, seed: int) -> Iterator[list[set[int]]]:
    """Draw tables that have the row and column sums of a table.

    Args:
        rows: the columns of each row.
        number: how many tables.
        seed: another one gives other tables.
    """
    draw = random.Random(seed)  # noqa: S311 -- no secret
    drawn = [set(row) for row in rows]
    for at in range(number):
        for _ in range(BURN_IN if at == 0 else SWEEPS):
            _sweep(drawn, draw)
        yield [set(row) for row in drawn]


def _sweep(rows: list[set[int]], draw: random.Random) -> None:
    """Let every row trade once, with a partner drawn by lot."""
    order = list(range(len(rows)))
    for at in range(len(order) - 1, 0, -1):
        pick = int(draw.random() * (at + 1))
        order[at], order[pick] = order[pick], order[at]
    for one, other in zip(order[::2], order[1::2], strict=False):
        rows[one], rows[other] = trade(rows[one], rows[other], draw)


@lru_cache(maxsize=8)
def chances(
    rows: tuple[frozenset[int], ...], number: int = SAMPLES, seed: int = SEED
) -> tuple[Mapping[Pair, Chance], Mapping[Pair, Chance]]:
    """Compare what pairs share with what they would share by chance.

    Args:
        rows: the columns of each row, from 0.
        number: how many tables are drawn.
        seed: another one gives other tables.

    Returns:
        Every pair of rows, and every pair of columns that stand in two rows at least.
    """
    counts = Counter(column for row in rows for column in row)
    common = sorted(column for column, times in counts.items() if times >= LEAST)
    width = max(counts, default=-1) + 1
    upright, across = _Tally(len(rows)), _Tally(len(common))
    for drawn in (rows, *samples(rows, number, seed)):
        table = _table(drawn, width)
        upright.add(table)
        across.add(table[:, common].T)
    places = dict(enumerate(common))
    return upright.chances(), {
        (places[one], places[other]): found for (one, other), found in across.chances().items()
    }


def _table(rows: Sequence[Collection[int]], width: int) -> NDArray[Any]:
    table = np.zeros((len(rows), width), dtype=np.float32)
    for at, row in enumerate(rows):
        table[at, list(row)] = 1
    return table


class _Tally:
    """Counts what pairs of rows share, the first table being the real one.

    Products of zeros and ones are whole numbers, exact in any order of summing.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.number = 0
        self.real: NDArray[Any] = np.zeros((size, size), dtype=np.float32)
        self.total: NDArray[Any] = np.zeros((size, size), dtype=np.int64)
        self.reached: NDArray[Any] = np.zeros((size, size), dtype=np.int64)

    def add(self, table: NDArray[Any]) -> None:
        """Count one more table."""
        shared = table @ table.T
        if self.number == 0:
            self.real = shared
        else:
            self.total += shared.astype(np.int64)
        self.reached += shared >= self.real
        self.number += 1

    def chances(self) -> dict[Pair, Chance]:
        """Give what was found, for each pair."""
        drawn = max(self.number - 1, 1)
        total, reached = self.total.tolist(), self.reached.tolist()
        return {
            (one, other): Chance(total[one][other] / drawn, reached[one][other] / self.number)
            for one, other in combinations(range(self.size), 2)
        }


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for the number of tests.

    The least share of false discoveries at which each would be reported: Benjamini and Hochberg
    (1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x).

    >>> adjusted([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    found = [1.0] * len(p_values)
    least = 1.0
    order = sorted(range(len(p_values)), key=lambda at: -p_values[at])
    for behind, at in enumerate(order):
        rank = len(p_values) - behind
        least = min(least, p_values[at] * len(p_values) / rank)
        found[at] = least
    return found
