"""What a page has shown that is not for everybody; the application writes down who saw it (accounts.sightings)."""

from __future__ import annotations

from flask import g


def shown(subject: str, *what: str) -> None:
    """Say that this answer shows the place, contacts, serials or paper of `subject` ("lot/LOT-2026-0001")."""
    g.setdefault("shown", []).append((subject, what))


def all_shown() -> list[tuple[str, tuple[str, ...]]]:
    """What was said so far in this request."""
    return list(g.get("shown", ()))
