"""Every error of the package, and the problem that a curator is shown.

KgError                      anything that the package raises on purpose
├── UsageError               exit 2: a malformed value or an option that does not fit
│   └── NotInstalledError    exit 2: a format whose library is not installed
├── NamingError              exit 3: a name that is unknown or means several things
├── QueryError               exit 4: a query that does not parse, or no saved query of that name
│   ├── RefusedError         exit 4: a query that would reach out, change data or leave the dataset
│   ├── TooMuchError         exit 4: a query or answer beyond the bounds of a service
│   └── NotOfferedError      exit 4: an answer that no format which is asked for can hold
├── EndpointError            exit 6: an endpoint that cannot be reached or answers wrongly
├── ReleaseError             exit 3: no release, or one that is not whole
└── ProblemsError            several problems, each with its place
    ├── FindingsError        exit 1: readable records that break a shape, a check or a bound
    ├── QuestionsError       exit 4: saved queries whose files are wrong
    └── RecordsError         exit 5: curated records that cannot be read
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "LONGEST",
    "EndpointError",
    "FindingsError",
    "KgError",
    "NamingError",
    "NotInstalledError",
    "NotOfferedError",
    "Problem",
    "ProblemsError",
    "QueryError",
    "QuestionsError",
    "RecordsError",
    "RefusedError",
    "ReleaseError",
    "TooMuchError",
    "UsageError",
    "clipped",
]

LONGEST: Final = 80
"""Characters of a given value, as far as a message tells it."""


def clipped(value: str) -> str:
    r"""Give a value as a message tells it: on one line, and not too long.

    >>> clipped("一网\n通办")
    '一网\\n通办'
    """
    shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place, told in Chinese and English with the way out."""

    file: str
    line: int
    field: str
    zh: str
    en: str
    hint_zh: str = dataclasses.field(default="", compare=False)
    hint_en: str = dataclasses.field(default="", compare=False)
    code: str = dataclasses.field(default="record", compare=False)

    def __str__(self) -> str:
        """Give `file:line: field: message` on one line, Chinese first, suggestions in brackets."""
        zh = f"{self.zh}（{self.hint_zh}）" if self.hint_zh else self.zh
        en = f"{self.en} ({self.hint_en})" if self.hint_en else self.en
        where = f"{self.file}:{self.line}: "
        line = f"{where}{self.field}: {zh} | {en}" if self.field else f"{where}{zh} | {en}"
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


class KgError(Exception):
    """Base of all: carries a message in both languages and an exit code."""

    exit_code: ClassVar[int] = 1

    def __init__(self, zh: str, en: str) -> None:
        """Keep both messages."""
        super().__init__(f"{zh} | {en}")
        self.zh = zh
        self.en = en


class UsageError(KgError):
    """A malformed value or an option that does not fit."""

    exit_code = 2


class NotInstalledError(UsageError):
    """A format whose library is not installed; the message says how to install it."""


class NamingError(KgError):
    """A name that is unknown or means several things; `near` holds what may be meant."""

    exit_code = 3

    def __init__(self, zh: str, en: str, near: Sequence[str] = ()) -> None:
        """Keep the near names."""
        super().__init__(zh, en)
        self.near = tuple(near)


class QueryError(KgError):
    """A query that does not parse, or a saved query that is not there."""

    exit_code = 4


class RefusedError(QueryError):
    """A query that would reach out, change data or leave the dataset."""


class TooMuchError(QueryError):
    """A query or an answer beyond the bounds that a service has."""


class NotOfferedError(QueryError):
    """An answer that no format which is asked for can hold."""


class ReleaseError(KgError):
    """There is no release to read, or it is not whole."""

    exit_code = 3


class EndpointError(KgError):
    """A SPARQL endpoint that cannot be reached or answers wrongly; `status` is that of HTTP."""

    exit_code = 6

    def __init__(self, zh: str, en: str, status: int | None = None) -> None:
        """Keep the status, where the endpoint gave one."""
        super().__init__(zh, en)
        self.status = status


class ProblemsError(KgError):
    """Several problems, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep every problem, sorted by place."""
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        zh, en = f"共 {count} 个问题", f"{count} problem{'s' * (count != 1)}"
        counts = self.counts()
        if counts["changed-text"]:
            lost, moved, twice = (counts[code] for code in ("lost", "moved", "ambiguous"))
            zh += f"；原文变了：引文丢失 {lost}、移位 {moved}、有歧义 {twice}"
            en += f"; the text changed: quotes lost {lost}, moved {moved}, ambiguous {twice}"
        super().__init__(zh, en)

    def counts(self) -> Counter[str]:
        """Give how many problems each rule has."""
        return Counter(problem.code for problem in self.problems)


class QuestionsError(ProblemsError):
    """Saved queries whose files are wrong."""

    exit_code = 4


class RecordsError(ProblemsError):
    """Curated records that cannot be read or do not fit together."""

    exit_code = 5


class FindingsError(ProblemsError):
    """Records that can be read, and break a shape, a check or a bound."""

    exit_code = 1
