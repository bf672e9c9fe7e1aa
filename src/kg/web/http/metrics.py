"""What `/metrics` tells, in Prometheus' text format."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from kg.web.workers.service import Service

__all__ = ["METRICS_TYPE", "Metrics"]

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

KINDS: Final = frozenset(
    {"", "sparql", "queries", "id", "graph", "ontology", "data", "static", "health", "metrics"}
)
"""First parts of paths that are counted apart; all others are one."""


class Metrics(Collector):
    """Counts answers by kind of path and status, and reads the state of a service."""

    def __init__(self, service: Service) -> None:
        """Begin at zero."""
        self.service = service
        self.registry = CollectorRegistry()
        self.registry.register(self)
        self.answers: Counter[tuple[str, int]] = Counter()
        self.kept = 0

    def answered(self, path: str, status: int, *, was_kept: bool = False) -> None:
        """Count an answer."""
        self.kept += was_kept
        kind = path[1:].partition("/")[0]
        self.answers[kind if kind in KINDS else "other", status] += 1

    def text(self) -> bytes:
        """Give all counts."""
        return generate_latest(self.registry)

    def collect(self) -> Iterator[Metric]:
        """Give workers by state, jobs that wait and that were ended, answers, the release."""
        pool = self.service.pool
        workers = GaugeMetricFamily("kg_workers", "Workers by state", labels=["state"])
        workers.add_metric(["idle"], len(pool.idle))
        workers.add_metric(["busy"], len(pool.running) - pool.slow)
        workers.add_metric(["slow"], pool.slow)
        yield workers
        yield GaugeMetricFamily("kg_waiting", "Requests that wait for a worker", len(pool.turns))
        yield GaugeMetricFamily("kg_up", "Whether a dataset is served", float(self.service.is_up))
        ended = CounterMetricFamily("kg_ended", "Jobs ended before an answer", labels=["reason"])
        for reason, count in sorted(pool.ended.items()):
            ended.add_metric([reason], count)
        yield ended
        labels = ["path", "status"]
        answers = CounterMetricFamily("kg_answers", "Answers by path and status", labels=labels)
        for (kind, status), count in sorted(self.answers.items()):
            answers.add_metric([kind, str(status)], count)
        yield answers
        yield CounterMetricFamily("kg_kept_answers", "Those of them that were kept", self.kept)
        release = GaugeMetricFamily("kg_release", "What is served", labels=["id"])
        release.add_metric([self.service.id], 1)
        yield release
