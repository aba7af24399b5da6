"""What a line of identical units is called. Pure; what makes them identical is `equipment.configurations`."""

from __future__ import annotations

from reuse_market.equipment.configurations import Configuration, Likeness, likeness, parts

__all__ = ["Configuration", "Likeness", "likeness", "line_label"]


def line_label(model_name: str, kind_name: str, alike: Likeness) -> str:
    """« HP EliteBook 840 G5, i5-8350U, 8 Go, 256 Go »; the kind's name when no model is known."""
    return ", ".join((model_name or kind_name, *parts(alike)))[:200]
