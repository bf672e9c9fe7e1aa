"""Runs `kg` with a service that is less patient, so that tests need not be patient either."""

from __future__ import annotations

import importlib
from typing import Final

HURRY: Final = (
    ("kg.web.http.app", "BODY_SECONDS", 1.0),  # first: the connection takes it over
    ("kg.web.http.delivery", "GRACE", 0.5),
    ("kg.web.http.delivery", "SLOWEST", 20_000_000),
    ("kg.web.http.connection", "HEAD_SECONDS", 1.0),
    ("kg.web.http.connection", "UNREAD_SECONDS", 1.0),
)
"""Module, constant, and its value here."""

if __name__ == "__main__":
    for module, constant, value in HURRY:
        found = importlib.import_module(module)
        assert hasattr(found, constant), f"{module} has no {constant}"
        setattr(found, constant, value)
    importlib.import_module("kg.__main__").main()
