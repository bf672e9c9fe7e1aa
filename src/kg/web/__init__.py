"""The service: an HTTP parent without a store, a loader that holds it, workers with limits."""

__all__: list[str] = []
