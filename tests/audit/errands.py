"""Pages that no link of the demonstration reaches: the answers of forms, and addresses one is given."""

from __future__ import annotations

from collections.abc import Callable

from tests.audit.capture import Visitor

Visitors = dict[str, Visitor]
Errand = Callable[[Visitors], None]


def lost(visitors: Visitors) -> None:
    """Somebody mistypes an address, before and after signing in."""
    for role in ("visitor", "holder"):
        visitors[role].get("/nulle-part")


def mistaken(visitors: Visitors) -> None:
    """Somebody forgets the password, or sends a form empty."""
    visitors["visitor"].send("/connexion", "/connexion", {"email": ["nul@exemple.example"], "password": ["faux"]})


ERRANDS: tuple[Errand, ...] = (lost, mistaken)
