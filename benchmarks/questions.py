"""Times every saved question: the command line's process, the engines, and our layer.

Run `python benchmarks/questions.py [runs]` after `kg build`; it prints medians in milliseconds
and ratios, all taken in one run:

- process: `kg ask ID -f csv`, start-up included
- bare: `pyoxigraph.Store.query` serialised as JSON
- ours: the same answer by `Engine.answer` (guard and checks included), and its ratio to bare
- table: decoding the answer into a `Table`
- server: `oxigraph serve-read-only` on loopback, through the remote engine
- rdflib: our rdflib engine; plain: `rdflib.Dataset.query`, both as JSON, each asked once
"""

from __future__ import annotations

import contextlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib

from kg.engines import ENGINES, open_remote
from kg.engines.guard import escape_dots
from kg.graph import open_graph
from kg.project import find
from kg.release import current
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def median(run: Callable[[], object], runs: int) -> float:
    """Give the median time of some runs in milliseconds, after one that is not counted."""
    if runs > 1:
        run()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


@contextlib.contextmanager
def server(dataset: Path) -> Iterator[str]:
    """Serve a dataset on loopback; give the URL to ask."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("oxigraph"))
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/store"
        load = [program, "load", "--location", store, "--file", str(dataset)]
        subprocess.run(load, check=True, capture_output=True)
        serve = [program, "serve-read-only", "--location", store, "--union-default-graph"]
        serve += ["--bind", f"127.0.0.1:{port}"]
        with subprocess.Popen(serve, stderr=subprocess.DEVNULL) as run:
            while not listens(port) and run.poll() is None:
                time.sleep(0.05)
            try:
                yield f"http://127.0.0.1:{port}/query"
            finally:
                run.terminate()


def listens(port: int) -> bool:
    """Tell whether someone listens on a port of loopback."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def main() -> None:
    """Print a line a question, then the medians over all."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    release = current(find().build).path
    with open_graph() as graph, server(release / "dataset.nq") as url:
        store = ox.Store.read_only(str(release / "store"))
        ours, reference = ENGINES["oxigraph"](release), ENGINES["rdflib"](release)
        remote = open_remote(url)
        plain = rdflib.Dataset(default_union=True)
        plain.parse(release / "dataset.nq", format="nquads")
        heads = (
            "question process bare ours ours/bare table server server/bare rdflib plain plain/bare"
        )
        print("  ".join(f"{head:>11}" for head in heads.split(" ")))
        lines = []
        for query in graph.catalogue().queries():
            text = query.sparql
            answer = ours.answer(text, JSON_RESULTS)
            line = {
                "process": median(partial(process, query.id), runs),
                "bare": median(partial(bare, store, text), runs),
                "ours": median(partial(ours.answer, text, JSON_RESULTS), runs),
                "table": median(partial(Table.from_answer, answer), runs),
                "server": median(partial(remote.answer, text, JSON_RESULTS), runs),
                "rdflib": median(partial(reference.answer, text, JSON_RESULTS), 1),
                "plain": median(partial(unwrapped, plain, text), 1),
            }
            lines.append(line)
            print(f"{query.id:<32}", shown(line), flush=True)
        middle = {key: statistics.median(line[key] for line in lines) for key in lines[0]}
        print(f"{'median':<32}", shown(middle))


def process(question: str) -> None:
    """Ask a question on the command line."""
    command = [sys.executable, "-m", "kg", "ask", question, "-f", "csv"]
    subprocess.run(command, check=True, capture_output=True)


def bare(store: ox.Store, text: str) -> bytes | None:
    """Ask pyoxigraph as it is."""
    answer = store.query(escape_dots(text), use_default_graph_as_union=True)
    return answer.serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[arg-type]


def unwrapped(dataset: rdflib.Dataset, text: str) -> bytes | None:
    """Ask rdflib as it is."""
    return dataset.query(text).serialize(format="json")


def shown(line: dict[str, float]) -> str:
    """Give a line of times and ratios."""
    bare = line["bare"]
    cells = [
        line["process"],
        bare,
        line["ours"],
        line["ours"] / bare,
        line["table"],
        line["server"],
    ]
    cells += [line["server"] / bare, line["rdflib"], line["plain"], line["plain"] / bare]
    return "  ".join(f"{cell:>9.2f}" for cell in cells)


if __name__ == "__main__":
    main()
