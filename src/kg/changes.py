"""What a changed text did to the quotes: compared with the last release of the pinned text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import Problem, ReleaseError
from kg.names import PREFIXES, mint
from kg.release import current

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.reading import Reading

__all__ = ["moved_quotes"]


def _old_starts(dataset: Path) -> dict[str, int]:
    start = ox.NamedNode(PREFIXES["oa"] + "start")
    return {
        quad.subject.value.removesuffix(".position"): int(quad.object.value)
        for quad in ox.parse(path=str(dataset), format=ox.RdfFormat.N_QUADS)
        if quad.predicate == start
    }


def moved_quotes(
    build: Path, source: str, pinned: str, readings: Sequence[Reading]
) -> list[Problem]:
    """List the quotes that stand elsewhere than in the last release of the pinned text.

    Args:
        build: where the releases are.
        source: the source whose text changed.
        pinned: the SHA-256 that its `source.yaml` names.
        readings: what was found in the text as it is now.

    Returns:
        A problem for each quote that moved; nothing where no release of the pinned text exists.
    """
    try:
        release = current(build)
    except ReleaseError:
        return []
    if release.manifest.get("sources", {}).get(source) != pinned:
        return []
    old = _old_starts(release.dataset)
    problems: list[Problem] = []
    for reading in readings:
        if reading.folder.name != source:
            continue
        for cited in reading.cited:
            for item in (*cited.evidence, *cited.context):
                was = old.get(mint("evidence", item.claim, item.number))
                now = item.span.start
                if was is None or was == now:
                    continue
                line = reading.section.line(now)
                zh = f"引文从第 {was} 字移到第 {now} 字（第 {line} 行）：“{item.exact}”"
                en = f"the quote moved from offset {was} to {now} (line {line})"
                problems.append(cited.placed.problem(("quote",), zh, en, code="moved"))
    return problems
