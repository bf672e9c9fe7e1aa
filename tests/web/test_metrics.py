"""Counts are told in Prometheus' text, and no client can make them many."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kg.web.http.metrics import KINDS, METRICS_TYPE, Metrics
from kg.web.workers.turns import Turns

if TYPE_CHECKING:
    from kg.web.workers.service import Service


def service() -> Any:  # noqa: ANN401 -- stands for a service
    """Give what is counted of a service: five workers, two of them busy, one slow."""
    turns: Turns[int] = Turns()
    turns.put("a", 1)
    pool = SimpleNamespace(
        idle=[1, 2], running={1: 1, 2: 2, 3: 3}, slow=1, turns=turns, ended={"time": 2, "load": 1}
    )
    return SimpleNamespace(pool=pool, is_up=True, id="0123456789ab")


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Read what is told, as Prometheus does."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }


def metrics_of(told: Any) -> Metrics:  # noqa: ANN401 -- stands for a service
    """Count of a service."""
    return Metrics(cast("Service", told))


def test_the_state_of_a_service_is_told() -> None:
    """As it is when it is asked for."""
    told = service()
    metrics = metrics_of(told)
    found = samples(metrics)
    assert found["kg_workers", (("state", "idle"),)] == 2
    assert found["kg_workers", (("state", "busy"),)] == 2
    assert found["kg_workers", (("state", "slow"),)] == 1
    assert found["kg_waiting", ()] == 1
    assert found["kg_up", ()] == 1
    assert found["kg_ended_total", (("reason", "time"),)] == 2
    assert found["kg_ended_total", (("reason", "load"),)] == 1
    assert found["kg_release", (("id", "0123456789ab"),)] == 1
    told.is_up, told.id, told.pool.idle = False, "", []
    found = samples(metrics)
    assert found["kg_up", ()] == found["kg_workers", (("state", "idle"),)] == 0


def test_answers_are_counted_by_path_and_status() -> None:
    """By the first part of the path alone, and kept ones apart."""
    metrics = metrics_of(service())
    for path, status in (
        ("/sparql", 200),
        ("/sparql", 200),
        ("/sparql", 400),
        ("/id/region/shanghai", 303),
        ("/queries/x", 200),
        ("/", 200),
    ):
        metrics.answered(path, status)
    metrics.answered("/sparql", 304, was_kept=True)
    metrics.answered("/sparql", 304, was_kept=True)
    found = samples(metrics)
    assert found["kg_answers_total", (("path", "sparql"), ("status", "200"))] == 2
    assert found["kg_answers_total", (("path", "sparql"), ("status", "400"))] == 1
    assert found["kg_answers_total", (("path", "id"), ("status", "303"))] == 1
    assert found["kg_answers_total", (("path", ""), ("status", "200"))] == 1
    assert found["kg_answers_total", (("path", "sparql"), ("status", "304"))] == 2
    assert found["kg_kept_answers_total", ()] == 2


@pytest.mark.parametrize("path", ["/x", "/x/y", "x", "", "//", "/sparqlx", '/"\n', "/上海"])
def test_unknown_paths_are_one(path: str) -> None:
    """However many a client invents, and whatever they hold."""
    metrics = metrics_of(service())
    for at in range(50):
        metrics.answered(f"/{at}", 404)
    metrics.answered(path, 404)
    found = samples(metrics)
    counted = [key for key in found if key[0] == "kg_answers_total"]
    assert len(counted) <= 2
    assert sum(found[key] for key in counted) == 51


def test_services_count_apart() -> None:
    """Two in one process do not add up, and the process itself is not told."""
    first, second = metrics_of(service()), metrics_of(service())
    first.answered("/sparql", 200)
    assert ("kg_answers_total", (("path", "sparql"), ("status", "200"))) not in samples(second)
    assert {name.partition("_")[0] for name, _ in samples(first)} == {"kg"}


def test_the_text_is_of_its_version() -> None:
    """As the media type says, with a help line for each."""
    text = metrics_of(service()).text().decode()
    assert "version=0.0.4" in METRICS_TYPE
    for name in ("kg_workers", "kg_waiting", "kg_up", "kg_ended_total", "kg_release"):
        assert f"# HELP {name} " in text
    assert len(KINDS) < 20
