"""The JSON Schemas for editors are made from the records, and those in the repository are new."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from kg.records import CLAIMS
from kg.schemas import FILES, schemas, stale, write

if TYPE_CHECKING:
    from pathlib import Path

    from kg.project import Project

HEADER: Final = "# yaml-language-server: $schema="


def schema(name: str) -> dict[str, Any]:
    """Give a schema as JSON."""
    document: dict[str, Any] = json.loads(schemas()[f"{name}.schema.json"])
    return document


def resolve(document: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference into the document's definitions."""
    found: dict[str, Any] = document["$defs"][reference["$ref"].rpartition("/")[2]]
    return found


def test_the_schemas_of_the_repository_are_up_to_date(real: Project) -> None:
    """After a change of records run `kg schema`."""
    assert stale(real) == []


def test_what_is_written_is_up_to_date(toy: Project) -> None:
    """A project without schemas gets them all."""
    assert sorted(stale(toy)) == sorted(schemas())
    write(toy)
    assert stale(toy) == []


def test_a_schema_that_was_changed_by_hand_is_stale(toy: Project) -> None:
    """Only that one is named."""
    write(toy)
    (toy.data / "schema" / "claims.schema.json").write_text("{}\n", encoding="utf-8")
    assert stale(toy) == ["claims.schema.json"]


def test_schemas_are_made_alike_each_time() -> None:
    """Their text does not depend on chance."""
    assert schemas() == schemas()


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_schema_names_its_dialect_and_refuses_unknown_fields(name: str) -> None:
    """An editor marks a misspelt key at once."""
    document = schema(name)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["additionalProperties"] is False


def test_each_kind_of_claim_has_its_own_schema() -> None:
    """The editor offers the fields of the kind that is written."""
    document = schema("claims")
    kinds = document["properties"]["claims"]["items"]["discriminator"]["mapping"]
    assert sorted(kinds) == sorted(CLAIMS)


def test_a_quote_may_be_a_plain_string() -> None:
    """As curators write it."""
    quote = resolve(schema("claims"), {"$ref": "#/$defs/Quote"})
    assert {"type": "string", "minLength": 1} in quote["anyOf"]


def test_a_deadline_is_inherited_by_the_word_that_curators_write() -> None:
    """`from`, not the name that Python needs."""
    deadline = resolve(schema("claims"), {"$ref": "#/$defs/Deadline"})
    assert "from" in deadline["properties"]
    assert "from_" not in deadline["properties"]


def headed(data: Path) -> list[Path]:
    """Give the YAML files that editors complete."""
    claims = data.glob("sources/*/claims/*.yaml")
    return sorted([*data.glob("*.yaml"), *data.glob("sources/*/source.yaml"), *claims])


def test_the_first_line_of_each_file_leads_to_its_schema(real: Project) -> None:
    """The path is relative to the file, and the schema lies there."""
    paths = headed(real.data)
    assert paths
    for path in paths:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        way_out = f"copy the first line of {path} from a file of the same kind"
        assert first.startswith(HEADER), way_out
        assert (path.parent / first.removeprefix(HEADER)).is_file(), way_out
