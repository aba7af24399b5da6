"""A lot's life as its holder, its actors and the operator read it: one step an act, a constant number of reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.proofs.wording import title
from reuse_market.traceability import queries as journal


@dataclass(slots=True)
class Step:
    """One act: its msgid, when, by which organisation, on how many units."""

    event_type: str
    title: str
    at: datetime
    organisation_id: int | None
    organisation: str
    via: str
    units: int
    act_id: str


def of_lot(reference: str) -> list[Step]:
    """The steps of a lot, oldest first. Two statements, whatever the length."""
    events = journal.events_of_stream(f"lot/{reference}")
    names = accounts.names({e.organisation_id for e in events})
    steps: list[Step] = []
    by_key: dict[tuple[str, str], Step] = {}
    for event in events:
        body = journal.body(event)
        units = sum(last - first + 1 for first, last in body["units"])
        key = (event.act_id, event.type)
        if key in by_key:
            by_key[key].units += units
            continue
        step = Step(
            event.type, title(event.type), event.occurred_at, event.organisation_id,
            names.get(event.organisation_id or 0, ""), event.via, units, event.act_id,
        )  # fmt: skip
        by_key[key] = step
        steps.append(step)
    return steps


def as_frise(steps: list[Step], say: Any) -> list[dict[str, Any]]:
    """Steps for the kit's timeline macro; `say(msgid, **params)` translates. The last one is the present."""
    frise = [
        {
            "title": say(step.title),
            "state": "done",
            "when": step.at,
            "by": step.organisation,
            "text": say("%(n)s devices", n=step.units) if step.units > 1 else "",
        }
        for step in steps
    ]
    if frise:
        frise[-1]["state"] = "current"
    return frise
