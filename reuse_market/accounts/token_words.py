"""What the scopes of tokens allow, in words; the edge translates."""

from __future__ import annotations

from collections.abc import Callable

from reuse_market.kernel.words import N_

CHOICES = (
    ("read", N_("Read everything I see")),
    ("write", N_("Read, and do everything I may do")),
    ("fleet-units:write", N_("Our fleet: import, discard")),
    ("lots:write", N_("Lots: compose, publish")),
    ("claims:write", N_("Requests: ask, answer")),
    ("pickups:write", N_("Pick-ups: agree, check off")),
    ("rounds:write", N_("Rounds: prepare, plan, start")),
    ("shipments:write", N_("Shipments: send, answer")),
    ("units:write", N_("Workshop: devices, tests, erasure")),
    ("erasure-reports:write", N_("Erasure reports: drop, match")),
    ("erasure-checks:write", N_("Checks of erasures: draw, sign, accept exceptions")),
    ("allotments:write", N_("Sharing: grant exceptions to ceilings")),
    ("quotes:write", N_("Quotes: take, try one, decline")),
    ("reservations:write", N_("Reservations: reserve, confirm, hand over")),
    ("baskets:write", N_("Reservations placed together: place, read")),
    ("waits:write", N_("Waiting list: join, leave")),
    ("needs:write", N_("Needs: post, propose, answer")),
    ("requests:write", N_("Requests of associations: call, complete, close")),
    ("lots:read", N_("Lots: read only")),
    ("units:read", N_("Devices: read only")),
    ("events:read", N_("Journal: read only")),
)


def scope_words(scopes: str, say: Callable[[str], str]) -> str:
    """The scopes of a token in words of `say`'s language; those without words as they are written."""
    known = dict(CHOICES)
    return ", ".join(say(known[one]) if one in known else one for one in scopes.split())
