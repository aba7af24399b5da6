"""Associations ask without account: one to call back, one that waits, one with a day to come, one that has all.

Two of them left the same telephone number: the operator's list says so.
"""

from __future__ import annotations

from typing import Any

from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.kernel import clock
from reuse_market.reservations.requests import services as requests
from reuse_market.reservations.requests.answers import Answers

PLACE = "Atelier du réemploi (démo)\n1 rue de l’Exemple\nGrenoble"


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    operator = actors["operator"]
    return [
        Act(-30, lambda: told.update(served=_ask("Lecture (démo)", ("laptop", 3), "families", 1, email="lecture"))),
        Act(-29, lambda: _call(told["served"], operator)),
        Act(-24, lambda: requests.announce(told["served"], 3, actor=operator, come_on=clock.in_days(4), come_at=PLACE)),
        Act(-18, lambda: requests.close_request(told["served"], "met", actor=operator)),
        Act(-9, lambda: told.update(coming=_ask("Quartier (démo)", ("desktop", 2), "jobseekers", 2, email="quartier"))),
        Act(-8, lambda: _call(told["coming"], operator, "Préfère un matin.")),
        Act(-1, lambda: requests.announce(told["coming"], 2, actor=operator, come_on=clock.in_days(6), come_at=PLACE)),
        Act(-5, lambda: told.update(looking=_ask("Jardin (démo)", ("tablet", 4), "elders", 3))),
        Act(-3, lambda: _call(told["looking"], operator)),
        Act(-1, lambda: _ask("Accueil (démo)", None, "unknown", 3, email="accueil")),
    ]  # fmt: skip


def _ask(name: str, what: tuple[str, int] | None, publics: str, line: int, *, email: str = "") -> str:
    """A request by itself; without `what` it would rather be called, at its `line`."""
    kind, count = what or ("unknown", None)
    answers = Answers(
        kinds=(kind,), units=((kind, count),), publics=(publics,), name=f"Association {name}",
        phone=f"04 00 00 00 0{line}", email=f"{email}@demo.example" if email else "", call_back=what is None,
    )  # fmt: skip
    return requests.send_request(answers, once=name.encode().hex()[:32].ljust(32, "0")).reference


def _call(reference: str, operator: Any, note: str = "") -> None:
    requests.record_call(reference, "reached", actor=operator, note=note)
