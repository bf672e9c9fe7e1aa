"""The same question for programs: the command line, curl, Python, R."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from keyword import iskeyword
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.queries import SavedQuery
    from kg.web.html.layout import Place

__all__ = ["Call", "calls_of"]


@dataclass(frozen=True)
class Call:
    """How a tool asks a question."""

    tool: str
    text: str


def calls_of(query: SavedQuery, pairs: Sequence[tuple[str, str]], place: Place) -> list[Call]:
    """Give how each tool asks a question with some parameters, which may repeat."""
    table = place.absolute(f"/queries/{query.id}.csv")
    words = [f"kg ask {query.id}", *(f"-p {shlex.quote(f'{n}={v}')}" for n, v in pairs)]
    data = [f"  --data-urlencode {shlex.quote(f'{n}={v}')}" for n, v in pairs]
    address = place.absolute(f"/queries/{query.id}.csv", pairs)
    return [
        Call("kg", " ".join(words)),
        Call("curl", " \\\n".join([f"curl -G {shlex.quote(table)}", *data])),
        Call("Python", _python(query, pairs, place)),
        Call("R", f'answer <- read.csv("{address}", encoding = "UTF-8")'),
    ]


def _python(query: SavedQuery, pairs: Iterable[tuple[str, str]], place: Place) -> str:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    values = {name: told if len(told) > 1 else told[0] for name, told in given.items()}
    if any(map(iskeyword, values)):
        told = f", **{_literal(values)}" if values else ""
    else:
        told = "".join(f", {name}={_literal(value)}" for name, value in values.items())
    endpoint = _literal(place.absolute("/sparql"))
    return (
        f"import kg\n\ngraph = kg.open(engine={endpoint})\n"
        f"answer = graph.ask({_literal(query.id)}{told}).to_pandas()"
    )


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
