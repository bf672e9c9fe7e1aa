"""Pins a source's text: writes its SHA-256 into `source.yaml`, and says what moved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.dataset import sha256
from kg.errors import NamingError, UsageError
from kg.marks import read_text
from kg.messages import nearest

if TYPE_CHECKING:
    from kg.project import Project

__all__ = ["pin"]


def pin(project: Project, name: str) -> list[str]:
    """Write the text's SHA-256 into `source.yaml`.

    Returns:
        What was done, a line each, in both languages.

    Raises:
        NamingError: there is no such source.
        RecordsError: the text or `source.yaml` cannot be read.
        UsageError: `source.yaml` has no `sha256:` line to fill.
    """
    names = [path.name for path in project.sources()]
    if name not in names:
        meant = nearest(name, names)
        hint = (f"，是否想写 {meant}？", f", did you mean {meant}?") if meant else ("", "")
        raise NamingError(f"没有来源 {name}{hint[0]}", f"no source {name}{hint[1]}", names)
    folder = project.data / "sources" / name
    text = read_text(folder / "text.txt", project.name(folder / "text.txt"))
    path = folder / "source.yaml"
    old = read_text(path, project.name(path))
    digest = sha256(text.encode())
    new, count = re.subn(r"(?m)^sha256:.*$", f'sha256: "{digest}"', old)
    if count != 1:
        file = project.name(path)
        raise UsageError(f"{file} 须有一行 sha256:", f"{file} needs one line sha256:")
    if new == old:
        return [f"已是 {digest}，未改动 | it is {digest} already: nothing to do"]
    temporary = path.with_suffix(".tmp")
    temporary.write_text(new, encoding="utf-8")
    temporary.replace(path)
    return [
        f"已登记 {digest} | pinned {digest}",
        "请再运行 kg check | now run kg check",
    ]
