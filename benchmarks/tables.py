"""Times the formats of RDF and of tables on 500,000 triples, beside rdflib's and pandas' own.

Run `python benchmarks/tables.py [triples]` after `kg build`; it takes some three minutes. The data
are those of the current release, multiplied under other IRIs. Each measurement has a process of
its own; what is printed is the processor time to write, what the writer reads included, and the
most memory that the process had. rdflib reads the file once and pandas has its frames before: what
that took is printed too.
"""

from __future__ import annotations

import pickle
import re
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.engines.oxigraph import OxigraphEngine
from kg.exports import exporter
from kg.exports.base import FolderExporter, unwatched
from kg.exports.workbook import workbook
from kg.graph import KnowledgeGraph
from kg.names import ID, ONTOLOGY_GRAPH
from kg.project import find
from kg.release import current

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from kg.exports.sheets import Workbook

TRIPLES: Final = 500_000
NODE: Final = re.compile(rf"<{re.escape(ID)}(\w+)/")
RDF: Final = ("ttl", "trig", "nq", "jsonld")
TABLES: Final = ("csv", "parquet", "xlsx")
RDFLIB: Final = {"turtle": "ttl", "nquads": "nq", "json-ld": "jsonld"}


def multiplied(path: Path, triples: int) -> Iterator[str]:
    """Give the lines of a dataset, things and claims again under other IRIs."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    again = [line for line in lines if f"<{ONTOLOGY_GRAPH}>" not in line]
    yield from lines
    for copy in range(1, -(-(triples - len(lines)) // len(again)) + 1):
        for line in again:
            yield NODE.sub(rf"<{ID}\1/x{copy}-", line)


def peak() -> float:
    """Give the most megabytes that this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def told(name: str, seconds: float, size: int) -> None:
    """Print a measurement."""
    print(f"{name}\t{seconds:.1f}\t{peak():.0f}\t{size / 1e6:.1f}", flush=True)


# --- what is measured, each in a process of its own ---------------------------------------------


def prepare(folder: Path, triples: int) -> None:
    """Write the dataset and its tables into a folder."""
    project = find()
    path = folder / "dataset.nq"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(multiplied(current(project.build).dataset, triples))
    begin = time.process_time()
    engine = OxigraphEngine()
    engine.load(path)
    told("store filled", time.process_time() - begin, path.stat().st_size)
    begin = time.process_time()
    with KnowledgeGraph(project, None, engine) as graph:
        tables = workbook(graph.ask)
    told("21 questions answered and folded", time.process_time() - begin, 0)
    with (folder / "tables.pickle").open("wb") as file:
        pickle.dump(tables, file)


def ours(folder: Path, form: str) -> None:
    """Write a format by our exporter."""
    found = exporter(form)
    value: Any = read_tables(folder) if form in TABLES else folder / "dataset.nq"
    size = 0
    begin = time.process_time()
    with (folder / f"ours.{form}").open("wb") as file:
        if isinstance(found, FolderExporter):
            pieces = (piece for _, part in found.write(value, unwatched) for piece in part)
        else:
            pieces = (piece for piece in found.write(value, unwatched))
        for piece in pieces:
            size += file.write(piece)
    told(f"kg {form}", time.process_time() - begin, size)


def by_rdflib(folder: Path) -> None:
    """Read the dataset by rdflib, and write it in each format."""
    import rdflib  # noqa: PLC0415 -- only this process needs it

    warnings.simplefilter("ignore", DeprecationWarning)
    begin = time.process_time()
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(folder / "dataset.nq", format="nquads")
    told("rdflib reads", time.process_time() - begin, 0)
    for form, suffix in RDFLIB.items():
        path = folder / f"rdflib.{suffix}"
        begin = time.process_time()
        dataset.serialize(path, format=form)
        told(f"rdflib {suffix}", time.process_time() - begin, path.stat().st_size)


def by_pandas(folder: Path, form: str) -> None:
    """Write the tables by pandas."""
    begin = time.process_time()
    frames = dict(frames_of(read_tables(folder), form))
    told("pandas makes frames", time.process_time() - begin, 0)
    begin = time.process_time()
    paths = [folder / f"pandas-{name}.{form}" for name in frames]
    if form == "xlsx":
        paths = [folder / "pandas.xlsx"]
        write_sheets(frames, paths[0])
    else:
        for path, frame in zip(paths, frames.values(), strict=True):
            if form == "csv":
                frame.to_csv(path, index=False, encoding="utf-8-sig")
            else:
                frame.to_parquet(path, compression="zstd")
    size = sum(path.stat().st_size for path in paths)
    told(f"pandas {form}", time.process_time() - begin, size)


def write_sheets(frames: dict[str, pd.DataFrame], path: Path) -> None:
    """Write frames as a workbook, by the same library as ours."""
    import pandas as pd  # noqa: PLC0415 -- only these processes need it

    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        for name, frame in frames.items():
            frame.to_excel(writer, sheet_name=name, index=False)


def frames_of(tables: Workbook, form: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give each table as a frame; what has no lists joins them."""
    import pandas as pd  # noqa: PLC0415 -- only these processes need it

    for sheet in tables.sheets:
        frame = pd.DataFrame(sheet.rows, columns=[column.name for column in sheet.columns])
        for column in sheet.columns:
            if column.many and form != "parquet":
                frame[column.name] = frame[column.name].str.join("|")
        yield sheet.name, frame


def read_tables(folder: Path) -> Workbook:
    """Read the tables that were prepared."""
    with (folder / "tables.pickle").open("rb") as file:
        tables: Workbook = pickle.load(file)  # noqa: S301 -- written by `prepare`
    return tables


# --- all of them --------------------------------------------------------------------------------


def run(*arguments: str) -> list[list[str]]:
    """Measure in a process of its own; give name, seconds, megabytes and size of each line."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def main(arguments: Sequence[str]) -> None:
    """Measure everything, or one thing for `run`."""
    if len(arguments) > 1:
        job, folder, *rest = arguments
        JOBS[job](Path(folder), *rest)
        return
    triples = arguments[0] if arguments else str(TRIPLES)
    print(f"{'':<34} {'CPU s':>7} {'peak MB':>8} {'file MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        rows = run("prepare", folder, triples)
        for form in (*RDF, *TABLES):
            rows += run("ours", folder, form)
        rows += run("rdflib", folder)
        for form in TABLES:
            rows += run("pandas", folder, form)
    for name, seconds, memory, size in rows:
        print(f"{name:<34} {seconds:>7} {memory:>8} {size:>8}")


JOBS: Final[dict[str, Any]] = {
    "prepare": lambda folder, triples: prepare(folder, int(triples)),
    "ours": ours,
    "rdflib": by_rdflib,
    "pandas": by_pandas,
}

if __name__ == "__main__":
    main(sys.argv[1:])
