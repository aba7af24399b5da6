"""Who may move a message."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.actor import Actor


def delivers(actor: Actor, _message: Any) -> bool:
    """The delivery job alone."""
    return actor.via == "system"


def mends(actor: Actor, _message: Any) -> bool:
    """The administrator or the operator sends again what failed."""
    return actor.has("administrator", "operator")
