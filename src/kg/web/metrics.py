"""What `/metrics` tells, in Prometheus' text format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from kg.web.service import Service

__all__ = ["METRICS_TYPE", "Metrics"]

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

KINDS: Final = frozenset(
    {"", "sparql", "queries", "id", "graph", "ontology", "data", "static", "health", "metrics"}
)
"""First parts of paths that are counted apart; all others are one."""


class _OfService(Collector):
    """Reads the state of a service when it is asked for."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def collect(self) -> Iterator[Metric]:
        """Give workers by state, jobs that wait, and jobs that were ended by reason."""
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
        release = GaugeMetricFamily("kg_release", "What is served", labels=["id"])
        release.add_metric([self.service.id], 1)
        yield release


class Metrics:
    """Counts answers by kind of path and status."""

    def __init__(self, service: Service) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self.registry.register(_OfService(service))
        self.answers = Counter(
            "kg_answers", "Answers by path and status", ["path", "status"], registry=self.registry
        )
        self.counters: dict[tuple[str, int], Counter] = {}
        self.kept = Counter("kg_kept_answers", "Answers that were kept", registry=self.registry)

    def answered(self, path: str, status: int) -> None:
        """Count an answer."""
        kind = path[1:].partition("/")[0]
        key = kind if kind in KINDS else "other", status
        counter = self.counters.get(key)
        if counter is None:
            counter = self.counters[key] = self.answers.labels(key[0], str(status))
        counter.inc()

    def cached(self) -> None:
        """Count an answer that was kept."""
        self.kept.inc()

    def text(self) -> bytes:
        """Give all counts."""
        return generate_latest(self.registry)
