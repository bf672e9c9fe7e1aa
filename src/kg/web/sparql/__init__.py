"""Queries in a worker: bounds, answers, hints where they do not parse, and RDF as it is written."""

__all__: list[str] = []
