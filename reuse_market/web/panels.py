"""Panels: a page of a lower room shows facts of upper rooms, registered by name in factory.py.

A panel function takes (subject, actor) and returns a Panel or None (nothing to show to this actor).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from markupsafe import Markup

from reuse_market.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: a template of the room that gives it, and its context (put under its names)."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


PanelMaker = Callable[[Any, Actor], Panel | None]
_makers: dict[str, list[tuple[int, str, PanelMaker]]] = {}


def register(place: str, name: str, maker: PanelMaker, order: int = 50) -> None:
    """Show `maker`'s panel at `place` (e.g. "lot.main"); `order` from top to bottom. Safe to repeat."""
    kept = [entry for entry in _makers.get(place, []) if entry[1] != name]
    _makers[place] = sorted([*kept, (order, name, maker)], key=lambda entry: entry[:2])


def of(place: str, subject: Any, actor: Actor) -> list[Panel]:
    """The panels to show at `place`, in order."""
    made = (maker(subject, actor) for _, _, maker in _makers.get(place, []))
    return [panel for panel in made if panel is not None]


def drawn(place: str, subject: Any, actor: Actor) -> list[Markup]:
    """The panels at `place` as HTML, each drawn with its own context; `{{ part }}` shows one."""
    found = of(place, subject, actor)
    return [Markup(render_template(panel.template, **panel.context)) for panel in found]  # noqa: S704
