"""Checks the concept scheme: labels that clash, cycles, related concepts that are broader."""

from __future__ import annotations

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.curation import Corpus, Placed
    from kg.errors import Problem
    from kg.things import Concept

__all__ = ["check_hierarchy", "check_labels"]


def check_labels(corpus: Corpus) -> Iterator[Problem]:
    """Give every label that stands twice, or belongs to several concepts against the rule."""
    owners: dict[tuple[str, str], list[Placed[Concept]]] = defaultdict(list)
    for placed in corpus.concepts:
        labels = placed.record.labels
        for label in sorted({x for x in labels if labels.count(x) > 1}):
            yield placed.problem(
                ("alt",), f"标签“{label}”重复", f"the label {label!r} stands twice"
            )
        for label in set(labels):
            owners["zh", label].append(placed)
        for label in {placed.record.label.en, *placed.record.alt.en}:
            owners["en", label.casefold()].append(placed)
    for (_, label), several in sorted(owners.items()):
        if len(several) > 1:
            yield from _clash(label, several)


def _clash(label: str, several: Sequence[Placed[Concept]]) -> Iterator[Problem]:
    keys = {placed.record.key for placed in several}
    confused = {
        frozenset((placed.record.key, other))
        for placed in several
        for other in placed.record.not_to_be_confused_with
    }
    for placed in several:
        record = placed.record
        apart = all(frozenset((record.key, other)) in confused for other in keys - {record.key})
        if record.only_in and apart:
            continue
        others = " ".join(sorted(keys - {record.key}))
        zh, en = f"标签“{label}”也属于 {others}", f"the label {label!r} belongs to {others} too"
        hint = (
            "同形异义须各写 only_in，并互写 not_to_be_confused_with",
            "homonyms each need only_in, and not_to_be_confused_with one another",
        )
        yield placed.problem(("label",), zh, en, hint)


def _ancestors(key: str, broader: dict[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    todo = [key]
    while todo:
        for parent in broader.get(todo.pop(), ()):
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found


def _cycles(broader: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    left = dict(broader)
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            cycle: list[str] = error.args[1]
            yield cycle
            left = {key: above for key, above in left.items() if key not in cycle}
        else:
            return


def check_hierarchy(corpus: Corpus) -> Iterator[Problem]:
    """Give every cycle of broader concepts, and related ones that are broader or narrower."""
    placed_by = {placed.record.key: placed for placed in corpus.concepts}
    broader = {key: placed.record.broader for key, placed in placed_by.items()}
    for cycle in _cycles(broader):
        way = " → ".join(reversed(cycle))
        zh, en = f"上位关系成环：{way}", f"a cycle of broader concepts: {way}"
        yield placed_by[cycle[0]].problem(("broader",), zh, en)
    for key, placed in placed_by.items():
        above = _ancestors(key, broader)
        for number, other in enumerate(placed.record.related):
            if other == key or other in above or key in _ancestors(other, broader):
                zh = f"“{other}”是上位或下位概念，不能又是相关概念"
                en = f"{other!r} is broader or narrower, so it cannot be related"
                yield placed.problem(("related", number), zh, en)
