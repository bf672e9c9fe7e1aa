"""Measures the endpoint beside others, under attack, and stage by stage.

Run `python benchmarks/endpoint.py [rounds]` after `kg build`; it takes some two minutes and prints

- requests a second and times of small SELECTs that differ, so that none is kept: `kg serve`,
  `oxigraph serve-read-only`, `rdflib-endpoint` (installed by pip into `build/benchmark/`), in
  rounds that take turns
- the same of one small SELECT that is kept, and of a saved question, beside its query at
  `oxigraph serve-read-only`
- times of good queries alone and beside hostile clients, from another address and from theirs
- where the time of one request goes

The load generator (`load.py`) runs on the same cores.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from hop import stages

from kg.graph import open_graph
from kg.project import find
from kg.release import current

if TYPE_CHECKING:
    from collections.abc import Iterator

LOAD: Final = Path(__file__).with_name("load.py")
RDFLIB_ENDPOINT: Final = "rdflib-endpoint[cli]==0.6.3"
QUESTION: Final = "regions-sharing-concept"
SMALL: Final = (
    "SELECT ?s ?l { ?s a <https://w3id.org/dgkg/ontology#Region> ; "
    "<http://www.w3.org/2004/02/skos/core#prefLabel> ?l } LIMIT 12"
)
ROWS: Final = 12
SECONDS: Final = 3
"""Seconds of one measurement."""
STARTING: Final = 90
"""Seconds that a server may take to start."""
HOSTILE: Final = {"heavy": 8, "leave": 4, "deep": 2, "large": 4, "silent": 40, "flood": 1, "row": 1}
"""Kind of hostile client -> its connections."""
FOE: Final = "127.0.0.2"
FRIEND: Final = "127.0.0.3"


# --- servers ------------------------------------------------------------------------------------


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


@contextlib.contextmanager
def server(port: int, *command: str | Path) -> Iterator[str]:
    """Give the address of a server that is started."""
    # rdflib-endpoint says everything that it is asked, which nobody is to pay for
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        try:
            end = time.monotonic() + STARTING
            while time.monotonic() < end and run.poll() is None:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    yield f"http://127.0.0.1:{port}"
                    return
                time.sleep(0.05)
            raise SystemExit(f"{command[0]} does not start")
        finally:
            run.terminate()


@contextlib.contextmanager
def ours() -> Iterator[str]:
    """Serve the release with `kg serve`, with its usual bounds."""
    port = free_port()
    with server(port, sys.executable, "-m", "kg", "serve", "--port", str(port)) as url:
        time.sleep(1)  # all workers
        yield url


@contextlib.contextmanager
def oxigraph(dataset: Path) -> Iterator[str]:
    """Serve a dataset with `oxigraph serve-read-only`."""
    program, port = Path(sys.executable).with_name("oxigraph"), free_port()
    with tempfile.TemporaryDirectory() as folder:
        load = (program, "load", "--location", folder, "--file", dataset)
        subprocess.run(load, check=True, capture_output=True)
        serve = (program, "serve-read-only", "--location", folder, "--union-default-graph")
        with server(port, *serve, "--bind", f"127.0.0.1:{port}") as url:
            yield url


@contextlib.contextmanager
def rdflib_endpoint(dataset: Path, folder: Path) -> Iterator[str]:
    """Serve a dataset with rdflib-endpoint, which is installed if it is not."""
    program, port = folder / "bin" / "rdflib-endpoint", free_port()
    if not program.exists():
        venv.create(folder, with_pip=True)
        pip = (folder / "bin" / "python", "-m", "pip", "install", "-q", RDFLIB_ENDPOINT)
        subprocess.run(pip, check=True, capture_output=True)
    place = ("--host", "127.0.0.1", "--port", str(port))
    with server(port, program, "serve", *place, dataset) as url:
        yield url


# --- load ---------------------------------------------------------------------------------------


def load(
    kind: str,
    url: str,
    target: str,
    several: int,
    source: str = "127.0.0.1",
    seconds: int = SECONDS,
) -> subprocess.Popen[bytes]:
    """Start a client."""
    words = (kind, url, target, str(seconds), str(several), source)
    return subprocess.Popen([sys.executable, LOAD, *words], stdout=subprocess.PIPE)


def seen(client: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Wait for a client and give what it saw."""
    out, _ = client.communicate()
    found: dict[str, Any] = json.loads(out)
    return found


def rounds_of(
    kind: str, places: dict[str, tuple[str, str]], rounds: int, several: int
) -> dict[str, float]:
    """Measure servers by turns; print the medians, and give requests a second."""
    every: dict[str, list[dict[str, Any]]] = {name: [] for name in places}
    for _ in range(rounds):
        for name, (url, target) in places.items():
            every[name].append(seen(load(kind, url, target, several)))
    print(f"{'':26}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}  errors")
    rates = {}
    for name, found in every.items():
        rate, p50, p99 = (
            statistics.median(f[key] for f in found) for key in ("rate", "p50", "p99")
        )
        print(f"{name:26}{rate:12,.0f}{p50:10.2f}{p99:10.2f}  {sum(map(errors, found))}")
        rates[name] = rate
    return rates


def rows(url: str) -> int:
    """Ask once, and count the rows of the answer."""
    asked = urllib.request.Request(url, headers={"Accept": "application/sparql-results+json"})  # noqa: S310
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked) as response:
        return len(json.load(response)["results"]["bindings"])


def errors(found: dict[str, Any]) -> int:
    """Count the answers that were none."""
    wrong = sum(n for status, n in found["statuses"].items() if status != "200")
    return int(wrong + found["broken"])


def under_attack(url: str, target: str) -> None:
    """Measure good queries alone, then beside hostile clients of each kind and of all."""
    print(f"\n{'good queries beside':26}{'from':>8}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}"
          f"{'max ms':>10}  errors")  # fmt: skip
    attacks: dict[str, list[str]] = {"nobody": [], **{kind: [kind] for kind in HOSTILE}}
    attacks["all of them"] = list(HOSTILE)
    for name, kinds in attacks.items():
        for source in (FRIEND, FOE) if name in {"nobody", "heavy", "all of them"} else (FRIEND,):
            seconds = SECONDS + 1 if name != "all of them" else 3 * SECONDS
            foes = [load(kind, url, "/", HOSTILE[kind], FOE, seconds + 2) for kind in kinds]
            time.sleep(1)
            found = seen(load("good", url, target, 4, source, seconds))
            for foe in foes:
                seen(foe)
            place = "another" if source == FRIEND else "the same"
            print(f"{name:26}{place:>8}{found['rate']:12,.0f}{found['p50']:10.2f}"
                  f"{found['p99']:10.2f}{found['max']:10.2f}  {errors(found)}",
                  flush=True)  # fmt: skip


def main() -> None:
    """Print all tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    project = find()
    dataset = current(project.build).dataset
    folder = project.build / "benchmark" / "rdflib-endpoint"
    with open_graph() as graph:
        question = graph.catalogue().get(QUESTION).sparql
    small, saved = (f"query={quote(text)}" for text in (SMALL, question))
    began = os.getloadavg()[0]
    print(f"{len(os.sched_getaffinity(0))} cores, load {began:.1f} before, {rounds} rounds\n")
    with ours() as url, oxigraph(dataset) as other:
        with rdflib_endpoint(dataset, folder) as third:
            places = {
                "kg serve": (url, f"/sparql?{small}"),
                "oxigraph serve-read-only": (other, f"/query?{small}"),
                "rdflib-endpoint": (third, f"/?{small}"),
            }
            for place, target in places.values():
                if rows(place + target) != ROWS:
                    raise SystemExit(f"{place} answers something else")
            print(f"small SELECTs of {ROWS} rows that differ, 8 connections")
            rates = rounds_of("good", places, rounds, 8)
            for name, aim in (("rdflib-endpoint", 7), ("oxigraph serve-read-only", 0.4)):
                print(f"  {rates['kg serve'] / rates[name]:.2f} times {name} (aim: {aim})")
            print("\nthe same small SELECT each time, which we keep")
            rounds_of("same", places, rounds, 8)
        print(f"\n{QUESTION}, kept, 8 connections")
        kept = {
            "kg serve": (url, f"/queries/{QUESTION}.json"),
            "oxigraph serve-read-only": (other, f"/query?{saved}"),
        }
        rates = rounds_of("same", kept, rounds, 8)
        print(f"  {rates['kg serve'] / rates['oxigraph serve-read-only']:.2f} times (aim: 1)")
    with ours() as url:
        alone = seen(load("good", url, f"/sparql?{small}", 1))
        under_attack(url, f"/sparql?{small}")
    print()
    asyncio.run(stages(dataset, SMALL))
    print(f"{'a request over HTTP, one at a time':46}{alone['p50'] * 1000:8.1f}")


if __name__ == "__main__":
    main()
