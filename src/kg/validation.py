"""Validates a dataset: SHACL shapes by pySHACL, cross-node checks by queries on the engine.

Each finding leads back to the file, line and sentence that its node comes from.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.dataset import sha256
from kg.errors import KgError, Problem, QueryError
from kg.marks import read_text
from kg.names import PREFIXES, shorten
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import rdflib

    from kg.dataset import Dataset
    from kg.engines import Engine

__all__ = ["Finding", "Report", "check_queries", "shacl", "to_problem"]

SH: Final = PREFIXES["sh"]
KEPT: Final = 20
"""How many reports the cache keeps."""


@dataclass(frozen=True, order=True)
class Finding:
    """One result of a shape or a check: which, about what, how bad, in both languages."""

    severity: str
    rule: str
    focus: str
    path: str
    value: str
    zh: str
    en: str


@dataclass(frozen=True)
class Report:
    """All findings of a validation."""

    findings: tuple[Finding, ...]

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that a release must not have."""
        return tuple(f for f in self.findings if f.severity == "Violation")

    def counts(self) -> Counter[tuple[str, str]]:
        """Give how many findings each rule has, by severity and rule."""
        return Counter((f.severity, f.rule) for f in self.findings)


def _plain_graph(lines: Iterable[str]) -> rdflib.Graph:
    """Give a plain rdflib graph of N-Quads lines: pySHACL is slow and wrong over others."""
    import pyoxigraph as ox  # noqa: PLC0415 -- heavy and needed only here
    import rdflib  # noqa: PLC0415

    graph = rdflib.Graph()
    cache: dict[Any, Any] = {}

    def term(node: Any) -> Any:  # noqa: ANN401 -- from one library's terms to another's
        made = cache.get(node)
        if made is None:
            if isinstance(node, ox.NamedNode):
                made = rdflib.URIRef(node.value)
            elif node.language:
                made = rdflib.Literal(node.value, lang=node.language)
            else:
                plain = node.datatype.value == PREFIXES["xsd"] + "string"
                datatype = None if plain else rdflib.URIRef(node.datatype.value)
                made = rdflib.Literal(node.value, datatype=datatype)
            cache[node] = made
        return made

    for quad in ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS):
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def _read_shapes(folder: Path) -> rdflib.Graph:
    import rdflib  # noqa: PLC0415 -- heavy and needed only here

    shapes = rdflib.Graph()
    for path in _files(folder, "*.ttl"):
        try:
            shapes.parse(path, format="turtle")
        except (SyntaxError, ValueError) as error:
            said = " ".join(str(error).split())
            raise KgError(
                f"形状文件无法解析：{path}：{said}", f"shapes that do not parse: {path}: {said}"
            ) from error
    return shapes


def _files(folder: Path, pattern: str) -> list[Path]:
    """Give the files of a folder that have a pattern, sorted.

    Raises:
        KgError: there is none: nothing checked is not the same as nothing found.
    """
    if found := sorted(folder.glob(pattern)):
        return found
    raise KgError(f"{folder} 中没有 {pattern}", f"there is no {pattern} in {folder}")


def _messages(results: rdflib.Graph, node: Any) -> tuple[str, str]:  # noqa: ANN401 -- a graph node
    import rdflib  # noqa: PLC0415 -- heavy and needed only here

    said = {
        getattr(message, "language", None) or "": str(message)
        for message in results.objects(node, rdflib.URIRef(f"{SH}resultMessage"))
    }
    fallback = next(iter(sorted(said.values())), "")
    return said.get("zh", fallback), said.get("en", fallback)


def _findings(results: rdflib.Graph) -> list[Finding]:
    import rdflib  # noqa: PLC0415 -- heavy and needed only here

    def text(node: Any, name: str) -> str:  # noqa: ANN401 -- a graph node
        value = results.value(node, rdflib.URIRef(SH + name))
        return "" if value is None else shorten(str(value))

    return [
        Finding(
            text(node, "resultSeverity").removeprefix("sh:"),
            text(node, "sourceShape"),
            str(results.value(node, rdflib.URIRef(f"{SH}focusNode"))),
            text(node, "resultPath"),
            text(node, "value"),
            *_messages(results, node),
        )
        for node in results.subjects(rdflib.RDF.type, rdflib.URIRef(f"{SH}ValidationResult"))
    ]


def _run_pyshacl(lines: Iterable[str], folder: Path) -> tuple[Finding, ...]:
    import pyshacl  # noqa: PLC0415 -- heavy and needed only here

    _, results, _ = pyshacl.validate(
        _plain_graph(lines), shacl_graph=_read_shapes(folder), inference="none", advanced=False
    )
    return tuple(sorted(_findings(results)))


def _key(lines: Iterable[str], folder: Path) -> str:
    digest = hashlib.sha256(version("pyshacl").encode())
    for path in _files(folder, "*.ttl"):
        digest.update(sha256(path.read_bytes()).encode())
    digest.update(sha256("".join(lines).encode()).encode())
    return digest.hexdigest()[:16]


def shacl(lines: list[str], folder: Path, cache: Path | None = None) -> tuple[Finding, ...]:
    """Validate N-Quads lines against the shapes of a folder with pySHACL.

    Args:
        lines: the dataset.
        folder: the shapes, Turtle files.
        cache: where reports are kept under the hash of dataset, shapes and validator; one that
            cannot be read or written is none.

    Raises:
        KgError: there are no shapes, or they do not parse.
    """
    key = _key(lines, folder)
    stored = cache / f"shacl-{key}.json" if cache else None
    if stored and (known := _recall(stored)) is not None:
        return known
    findings = _run_pyshacl(lines, folder)
    if stored:
        with contextlib.suppress(OSError):
            _keep(stored, findings)
    return findings


def _recall(stored: Path) -> tuple[Finding, ...] | None:
    """Give a cached report, or None where there is none that can be read."""
    try:
        findings = tuple(Finding(**item) for item in json.loads(stored.read_bytes()))
    except (OSError, TypeError, ValueError):
        return None
    whole = all(isinstance(v, str) for finding in findings for v in finding.__dict__.values())
    return findings if whole else None


def _keep(stored: Path, findings: Iterable[Finding]) -> None:
    """Write a report into the cache, whole or not at all, and drop the oldest ones."""
    stored.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=stored.parent, prefix=stored.stem, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([finding.__dict__ for finding in findings], file, ensure_ascii=False)
        os.replace(name, stored)  # noqa: PTH105 -- a name, as mkstemp gives it
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    reports = sorted(stored.parent.glob("shacl-*.json"), key=_age)
    for old in reports[:-KEPT]:
        old.unlink(missing_ok=True)


def _age(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name


def check_queries(engine: Engine, folder: Path) -> tuple[Finding, ...]:
    """Run every `*-violation.rq` of a folder; each row is a finding.

    A check selects `?focus`, `?zh` and `?en`, and may select `?value`.

    Raises:
        QueryError: a check does not parse or lacks a column.
        RecordsError: its file is not in UTF-8.
        KgError: there is no check.
    """
    findings: list[Finding] = []
    for path in _files(folder, "*-violation.rq"):
        text = read_text(path, f"queries/checks/{path.name}")
        table = Table.from_answer(engine.answer(text, JSON_RESULTS))
        if not {"focus", "zh", "en"} <= set(table.columns):
            raise QueryError(
                f"{path.name} 缺少 focus、zh、en 列", f"{path.name} lacks focus, zh or en"
            )
        rule = path.stem.removesuffix("-violation")
        for row in table.rows:
            cells = dict(zip(table.columns, row, strict=True))
            value, focus = cells.get("value"), cells["focus"]
            findings.append(
                Finding(
                    "Violation",
                    f"check:{rule}",
                    focus.value if focus else "",
                    "",
                    str(value) if value else "",
                    str(cells["zh"] or ""),
                    str(cells["en"] or ""),
                )
            )
    return tuple(findings)


def to_problem(finding: Finding, dataset: Dataset) -> Problem:
    """Lead a finding back to the file and line that its node comes from."""
    origin = dataset.origin(finding.focus)
    about = " ".join(x for x in (shorten(finding.focus), finding.path, finding.value) if x)
    words = "".join(origin.sentence.split("\n")).strip() if origin else ""
    sentence = f"原文：{words}" if words else ""
    return Problem(
        origin.file if origin else "dataset.nq",
        origin.line if origin else 1,
        about,
        finding.zh,
        finding.en,
        sentence,
        finding.rule,
        code=finding.rule,
    )
