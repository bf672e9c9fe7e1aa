"""Colours that readers of every colour vision can tell apart, for networks and for figures."""

from __future__ import annotations

from typing import Final

__all__ = ["COLORS"]

COLORS: Final = {
    "blue": "#0072b2",
    "orange": "#e69f00",
    "green": "#009e73",
    "vermillion": "#d55e00",
    "sky": "#56b4e9",
    "purple": "#cc79a7",
    "yellow": "#f0e442",
    "black": "#000000",
}
"""The colours of Okabe and Ito (https://jfly.uni-koeln.de/color/)."""
