"""Times the stages of check and build on the real data: where do the seconds go?

Run `python benchmarks/stages.py [runs]`; it prints the median of each stage in milliseconds.
The SHACL report is not reused, so that every run validates.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from kg.build import build
from kg.project import find


def measure() -> dict[str, float]:
    """Build once into a temporary folder; give seconds by stage."""
    marks: list[tuple[str, float]] = []

    def stage(name: str) -> None:
        marks.append((name, time.perf_counter()))

    with tempfile.TemporaryDirectory() as folder:
        project = replace(find(), build=Path(folder))
        start = time.perf_counter()
        build(project, stage=stage)
        marks.append(("", time.perf_counter()))
    taken = {"total": marks[-1][1] - start}
    for (name, begin), (_, end) in pairwise(marks):
        taken[name] = taken.get(name, 0.0) + end - begin
    return taken


def main() -> None:
    """Print a table of medians."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds: dict[str, list[float]] = defaultdict(list)
    for _ in range(runs):
        for name, value in measure().items():
            seconds[name].append(value)
    print(f"{'stage':<10} {'ms':>7}   median of {runs}")
    for name, values in seconds.items():
        print(f"{name:<10} {statistics.median(values) * 1000:>7.0f}")


if __name__ == "__main__":
    main()
