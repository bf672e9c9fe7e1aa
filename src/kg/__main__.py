"""The command line's entry: `kg` and `python -m kg`."""

from __future__ import annotations

import os
import sys

from kg.cli import cli
from kg.errors import FindingsError, KgError, ProblemsError
from kg.files import FULL

__all__ = ["main"]


def _list(error: ProblemsError) -> None:
    for problem in error.problems:
        print(problem, file=sys.stderr)  # noqa: T201 -- the command line speaks
    if isinstance(error, FindingsError):
        for rule, count in error.counts().most_common():
            print(f"{count:>6} {rule}", file=sys.stderr)  # noqa: T201
    print(error, file=sys.stderr)  # noqa: T201


def main() -> None:
    """Run a command; one line a problem on stderr, and the documented exit code."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # none is used; 20 ms to look
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        _run()
    except OSError as error:
        if error.errno not in FULL:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush
        reason = os.strerror(error.errno)
        print(f"kg: 无法写出：{reason} | cannot write: {reason}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def _run() -> None:
    try:
        try:
            cli.main(prog_name="kg", standalone_mode=True)
        finally:
            sys.stdout.flush()
    except ProblemsError as error:
        _list(error)
        sys.exit(error.exit_code)
    except KgError as error:
        print(f"kg: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
