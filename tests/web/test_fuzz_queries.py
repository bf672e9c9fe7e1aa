"""Whatever is asked in SPARQL, the service never fails, and answers the next good request."""

from __future__ import annotations

import contextlib
import json
from typing import Final

from exchange import ask
from fuzzing import Clock, is_well, lasting
from hypothesis import example, given
from hypothesis import strategies as st
from queries_at_random import QUERIES, STRAY

from kg.engines.guard import tokens
from kg.errors import KgError
from kg.web.negotiation import FORMATS
from kg.web.sparql.bounds import admit, glance

pytest_plugins = ["toy_service"]

EXPECTED: Final = frozenset({200, 400, 403, 406, 413, 504})
"""What may become of any query."""


@lasting(200)
@given(QUERIES, st.sampled_from(STRAY))
@example("ASK {}", "SERVICE")
def test_what_is_glanced_at_needs_no_closer_look(query: str, word: str) -> None:
    """It would be let through as it is, unless it has a text without an end, which none parses."""
    is_plain, lines = False, query.splitlines()
    query = "\n".join([*(line for line in lines if not line.startswith("PREFIX")), word])
    with contextlib.suppress(KgError):
        is_plain = glance(query).plain
    is_plain = is_plain and all(token.kind != "unfinished" for token in tokens(query))
    assert not is_plain or admit(query, lambda _: False) == (query, False)


def test_no_query_brings_it_down(fuzzed: str) -> None:
    """Each is answered, or refused with the reason in both languages; and so is the next one."""
    clock, seen = Clock(), set()
    forms = st.sampled_from([*FORMATS, "", "nonsense"])

    @lasting(80)
    @given(QUERIES, forms, st.booleans())
    @example("ASK {}", "csv", False)
    @example("SELEC", "", True)
    @example("ASK { SERVICE <http://127.0.0.1:9/> {} }", "", False)
    @example("CONSTRUCT {} {}", "csv", True)
    @example("SELECT * {} LIMIT 99999999999999999999", "json", False)
    @example('SELECT ("\\uD800" AS ?x) {}', "xml", True)
    def send(query: str, form: str, posted: bool) -> None:
        if clock.is_up():
            return
        body = query.encode("utf-8", "surrogatepass")
        suffix = f"?format={form}" if form else ""
        if posted:
            headers = {"Content-Type": "application/sparql-query"}
            answer = ask(fuzzed, f"/sparql{suffix}", headers, method="POST", body=body)
        else:
            data = "".join(f"%{byte:02X}" for byte in body)
            answer = ask(fuzzed, f"/sparql?query={data}{suffix.replace('?', '&')}")
        seen.add(answer.status)
        assert answer.status in EXPECTED, f"{answer}\n{query}"
        if answer.status == 200:
            _check_whole(answer.media_type, answer.body)
        else:
            zh, en = answer.text.removesuffix("\n").split("\n")
            assert zh
            assert en
        assert is_well(fuzzed)

    send()
    assert seen >= {200, 400, 403, 406}


def _check_whole(media_type: str, body: bytes) -> None:
    """Hold an answer to be whole in its format, as far as that is quickly told."""
    text = body.decode()
    if media_type.endswith("json"):
        json.loads(text)
    if media_type.endswith("xml"):
        assert text.rstrip().endswith(("</sparql>", "</rdf:RDF>"))
    if media_type == "text/csv":
        assert text.endswith("\r\n") or text in {"true", "false"}
