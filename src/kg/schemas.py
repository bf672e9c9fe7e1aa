"""The JSON Schemas that curators' editors use, made from the records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from kg.fields import Key, Record
from kg.records import (
    About,
    Achievement,
    Framework,
    InitiativeClaim,
    Milestone,
    PlatformClaim,
    SetAside,
    Source,
    Target,
)
from kg.things import Concept, Initiative, Platform

if TYPE_CHECKING:
    from pathlib import Path

    from kg.project import Project

__all__ = ["schemas", "stale", "write"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

AnyClaim = Annotated[
    Target | Milestone | Achievement | Framework | PlatformClaim | InitiativeClaim,
    Field(discriminator="kind"),
]


class ClaimsFile(Record):
    """What one source says of one region."""

    region: Key
    claims: tuple[AnyClaim, ...]
    set_aside: tuple[SetAside, ...] = ()
    about: tuple[About, ...] = ()


class ConceptsFile(Record):
    """All concepts."""

    concepts: tuple[Concept, ...]


class InitiativesFile(Record):
    """All initiatives."""

    initiatives: tuple[Initiative, ...]


class PlatformsFile(Record):
    """All platforms."""

    platforms: tuple[Platform, ...]


FILES: Final[dict[str, type[Record]]] = {
    "claims": ClaimsFile,
    "concepts": ConceptsFile,
    "initiatives": InitiativesFile,
    "platforms": PlatformsFile,
    "source": Source,
}
"""Kind of file -> its record."""


def schemas() -> dict[str, str]:
    """Give each schema's file name and text, sorted and stable."""
    made: dict[str, str] = {}
    for name, model in FILES.items():
        document = {"$schema": DIALECT, **model.model_json_schema(by_alias=True)}
        text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
        made[f"{name}.schema.json"] = f"{text}\n"
    return made


def _folder(project: Project) -> Path:
    return project.data / "schema"


def stale(project: Project) -> list[str]:
    """Give the names of the schema files that are missing or not up to date."""
    folder = _folder(project)
    return [
        name
        for name, text in schemas().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def write(project: Project) -> None:
    """Write every schema file."""
    folder = _folder(project)
    folder.mkdir(exist_ok=True)
    for name, text in schemas().items():
        temporary = folder / f".{name}.tmp"
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(folder / name)
