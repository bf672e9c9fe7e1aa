"""`kg source pin` writes a text's checksum into its source, and nothing else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from kg.errors import NamingError, RecordsError, UsageError
from kg.pinning import pin

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.project import Project

SOURCE = "data/sources/toy-bulletin/source.yaml"
TEXT = "data/sources/toy-bulletin/text.txt"


def test_a_text_that_is_pinned_is_left_alone(toy: Project) -> None:
    """Nothing is written, and that is said."""
    before = (toy.root / SOURCE).stat()
    (said,) = pin(toy, "toy-bulletin")
    assert "nothing to do" in said
    assert (toy.root / SOURCE).stat().st_mtime_ns == before.st_mtime_ns


def test_only_the_line_of_the_checksum_changes(
    toy: Project, change: Callable[[str, str, str], int]
) -> None:
    """The new text's SHA-256 stands in it; comments and order stay."""
    change(TEXT, "见图1。", "见图2。")
    path = toy.root / SOURCE
    before = path.read_text(encoding="utf-8").splitlines()
    pinned, further = pin(toy, "toy-bulletin")
    assert "pinned" in pinned
    assert further == "请再运行 kg check | now run kg check"
    digest = hashlib.sha256((toy.root / TEXT).read_bytes()).hexdigest()
    after = path.read_text(encoding="utf-8").splitlines()
    assert [new for old, new in zip(before, after, strict=True) if new != old] == [
        f'sha256: "{digest}"'
    ]


def test_no_other_file_is_left_behind(toy: Project, change: Callable[[str, str, str], int]) -> None:
    """The file is replaced as a whole, and the temporary one is gone."""
    change(TEXT, "见图1。", "见图2。")
    before = sorted(toy.data.rglob("*"))
    pin(toy, "toy-bulletin")
    assert sorted(toy.data.rglob("*")) == before


def test_a_misspelt_source_asks_for_the_right_one(toy: Project) -> None:
    """The names that there are stand in the error."""
    with pytest.raises(NamingError, match="did you mean toy-bulletin") as caught:
        pin(toy, "toy-buletin")
    assert caught.value.near == ("toy-bulletin", "toy-review")


def test_a_source_without_a_checksum_line_is_refused(
    toy: Project, change: Callable[[str, str, str], int]
) -> None:
    """Nothing is guessed about where it belongs."""
    change(SOURCE, "sha256: ", "sha-256: ")
    with pytest.raises(UsageError, match="needs one line sha256"):
        pin(toy, "toy-bulletin")


def test_a_text_that_cannot_be_read_is_not_pinned(toy: Project) -> None:
    """It has to be UTF-8 with plain line ends first."""
    (toy.root / TEXT).write_bytes("简报".encode("gb18030"))
    with pytest.raises(RecordsError) as caught:
        pin(toy, "toy-bulletin")
    assert caught.value.problems[0].file == TEXT
