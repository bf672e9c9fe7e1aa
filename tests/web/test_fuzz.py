"""The service is as it is described, and no parameter of a question brings it down."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from exchange import ask, asking
from fuzzing import GIVEN, SECONDS, Clock, is_well, lasting
from graph_fixtures import ROOT
from hypothesis import example, given
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator

from kg.catalogue import Catalogue

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["toy_service"]

# --- requests by the description ----------------------------------------------------------------

CONFIG: Final = """
[[operations]]
include-path = "/sparql"
checks.positive_data_acceptance.enabled = false
"""
"""To the description any text is a query; most are none."""

LENIENT: Final = "negative_data_rejection"
"""A language that there is not, or an empty field of a form, is passed over."""

HOOKS: Final = """
import schemathesis

@schemathesis.serializer("application/sparql-query")
def serialize(context, value):
    return str(value).encode("utf-8", "replace")
"""


def test_the_service_is_as_it_is_described(fuzzed: str, tmp_path: Path) -> None:
    """Statuses, media types, headers, schemas of all that schemathesis can think of."""
    (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "hooks.py").write_text(HOOKS, encoding="utf-8")
    words = (
        *("--config-file", "schemathesis.toml", "run", f"{fuzzed}/openapi.json"),
        *("--phases", "examples,coverage,fuzzing", "--max-time", str(3 * SECONDS), "--no-color"),
        *("--exclude-checks", LENIENT, "--continue-on-failure"),
        *(() if GIVEN else ("--seed", "1")),
    )
    run = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *words],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks"},
        timeout=3 * SECONDS + 60,
    )
    said = run.stdout.decode()
    assert run.returncode == 0, said[-6000:] + run.stderr.decode()[-2000:]
    assert "Errors" not in said
    assert ask(fuzzed, "/health").json["status"] == "ok"


def test_kinds_of_json_are_described_as_json(fuzzed: str) -> None:
    """Found by schemathesis: the results of a query were said to be a text."""
    answers = ask(fuzzed, "/openapi.json").json["paths"]["/sparql"]["get"]["responses"]
    kinds = {it: told for it, told in answers["200"]["content"].items() if it.endswith("json")}
    assert {*kinds} == {"application/sparql-results+json", "application/ld+json"}
    for told in kinds.values():
        assert OAS31Validator(told["schema"]).is_valid({"head": {}})


# --- parameters ---------------------------------------------------------------------------------


def test_no_parameter_brings_it_down(fuzzed: str) -> None:
    """Of any question: a value, a name, or many of them."""
    clock, seen = Clock(), set()
    names: dict[str, list[str]] = {
        query.id: [*query.header.params] for query in Catalogue(ROOT / "queries").queries()
    }
    value = st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["上海", "hebei", "2022", "2022-02-30", "true", "5", "-1", "1e9", "∞", "kgr:x"]
        ),
        st.sampled_from(
            ["<>", "<a", '"@zh', "UNDEF", "} #", "\\", "٣", "９", "0" * 5000, "9" * 5000]
        ),
    )

    @lasting(60)
    @given(
        st.sampled_from(sorted(names)),
        st.lists(st.tuples(st.integers(0, 5), value), max_size=4),
        st.sampled_from(["json", "csv", "tsv", "html", "rq"]),
    )
    @example("targets-due", [], "csv")
    @example("targets-due", [(-1, "no parameter")], "json")
    @example("regions-sharing-concept", [(0, "no concept")], "tsv")
    @example("targets-due", [(0, "9" * 5000)], "json")
    def send(question: str, given_: list[tuple[int, str]], form: str) -> None:
        if clock.is_up():
            return
        known = [*names[question], "lang", "x"]
        pairs = [(known[at % len(known)], text.encode("utf-8", "replace")) for at, text in given_]
        target = asking(f"/queries/{question}.{form}", pairs)  # type: ignore[arg-type]
        answer = ask(fuzzed, target)
        seen.add(answer.status)
        assert answer.status in {200, 400, 404, 413, 504}, f"{answer}\n{target}"
        assert answer.media_type != "text/html" or form == "html"
        if form == "json":
            assert "error" in answer.json or "rows" in answer.json

    send()
    assert seen >= {200, 400, 404}
    assert is_well(fuzzed)
