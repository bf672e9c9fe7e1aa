"""Writes exports to their place: a file, a folder, a ZIP of it, or stdout; whole or not at all."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import NotInstalledError, UsageError
from kg.exports import DATASETS, EXPORTERS, NETWORKS, TABLES, exporter
from kg.exports.base import Exporter, unwatched
from kg.exports.material import USUAL
from kg.exports.mermaid import DRAWN
from kg.files import write_file, write_folder, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from kg.exports.base import Watch
    from kg.exports.material import Material

__all__ = ["write", "write_all"]


def write(
    material: Material,
    form: str,
    place: Path | None,
    *,
    network: str = "",
    about: str = "",
    watch: Watch = unwatched,
) -> Path | None:
    """Write an export.

    Args:
        material: what it is made from.
        form: one of `EXPORTERS`.
        place: a file or folder; without a name (`Path()`), a usual one here; None for stdout. A
            folder goes to stdout, and into a file that ends with `.zip`, as a ZIP.
        network: which one, of the formats of networks; without it, `material.USUAL`.
        about: a thing, by any of its names: only it and its neighbours.
        watch: looks on.

    Returns:
        Where it was written; None for stdout.

    Raises:
        UsageError: there is no such format or network, it cannot hold a value, or the place
            cannot be written.
        NamingError: the thing is not in the network.
    """
    found = exporter(form)
    if isinstance(found, Exporter) and place is not None and not found.fits(place.suffix):
        raise UsageError(
            f"{place.name}：{form} 的文件以 {found.suffix} 结尾",
            f"{place.name}: files of {form} end with {found.suffix}",
        )
    given = _given(material, form, network, about)
    if place == Path():
        place = Path(_usual(form, network or USUAL))
    if isinstance(found, Exporter):
        out = found.write(given, watch)
        return _stream(out) if place is None else _file(place, out)
    files = found.write(given, watch)
    if place is None:
        return _stream(zipped(files))
    if place.suffix == ".zip":
        return _file(place, zipped(files))
    write_folder(place, files, {"release": material.release, "format": form})
    return place


def _given(material: Material, form: str, network: str, about: str) -> Any:  # noqa: ANN401 -- what the format takes
    """Give what a format is fed.

    Raises:
        UsageError: a network or a thing is named for a format that has no networks.
    """
    if form in NETWORKS:
        return material.network(network or USUAL, about)
    if about or network:
        raise UsageError(
            f"--network 与 --about 只用于网络格式：{' '.join(NETWORKS)}",
            f"only formats of networks take --network and --about: {' '.join(NETWORKS)}",
        )
    return material.quads() if form in DATASETS else material.workbook()


def _usual(form: str, network: str) -> str:
    """Give the name of a file or folder that nobody named."""
    found = EXPORTERS[form]
    stem = network if form in NETWORKS else "dataset" if form in DATASETS else "tables"
    return f"{stem}{found.suffix}" if isinstance(found, Exporter) else f"{stem}-{form}"


def _file(place: Path, out: Iterator[bytes]) -> Path:
    write_file(place, out)
    return place


def _stream(out: Iterator[bytes]) -> Path | None:
    sys.stdout.flush()
    for piece in out:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    return None


def write_all(
    material: Material, place: Path, watch: Watch = unwatched
) -> tuple[int, dict[str, NotInstalledError]]:
    """Write every format of everything into a folder, with a manifest.

    Args:
        material: what it is made from.
        place: a folder that is not there, is empty, or was written so before.
        watch: looks on, file by file.

    Returns:
        The number of files, the manifest apart; and the formats that were left out, because a
        library of theirs is not installed. The manifest names them too.
    """
    lacking = dict(_lacking())

    def files() -> Iterator[tuple[str, Iterator[bytes]]]:
        for name, form, given in watch(_plan(material, lacking)):
            found = EXPORTERS[form]
            made = given()
            if isinstance(found, Exporter):
                yield f"{name}{found.suffix}", found.write(made, unwatched)
            else:
                for path, out in found.write(made, unwatched):
                    yield f"{name}-{form}/{path}", out

    facts = {"release": material.release, "left_out": sorted(lacking)}
    return write_folder(place, files(), facts), lacking


def _lacking() -> Iterator[tuple[str, NotInstalledError]]:
    """Give the formats that cannot be written here, and why."""
    for form, found in EXPORTERS.items():
        try:
            found.check()
        except NotInstalledError as error:
            yield form, error


def _plan(material: Material, lacking: Container[str]) -> list[tuple[str, str, Callable[[], Any]]]:
    """Give all that is written: name without suffix, format, and what gives it its matter."""
    plan: list[tuple[str, str, Callable[[], Any]]] = []
    if material.dataset is not None:
        plan += [("dataset", form, material.quads) for form in DATASETS]
    plan += [("tables", form, material.workbook) for form in TABLES]
    for name in material.networks():
        forms = [form for form in NETWORKS if form != "mermaid"]
        plan += [(f"networks/{name}", form, partial(material.network, name)) for form in forms]
    for region in material.drawable(DRAWN):
        key = region.partition(":")[2]
        given = partial(material.network, USUAL, region)
        plan.append((f"networks/regions/{key}", "mermaid", given))
    return [step for step in plan if step[1] not in lacking]
