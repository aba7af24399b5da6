"""Needs, what is proposed for them, places in the waiting list and returns, held against what the journal tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.reservations.models import Need, NeedMatch, Reservation, UnitReturn, WaitingEntry
from reuse_market.traceability import queries
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import Fault

Told = dict[str, Any]
WAITS = {  # event → state of the place
    "waiting.joined": "waiting", "waiting.offered": "offered", "waiting.served": "served",
    "waiting.served-in-part": "waiting", "waiting.passed": "passed", "waiting.lapsed": "lapsed",
    "waiting.left": "left",
}  # fmt: skip
MATCHES = {  # event → state of the proposal; accepted: by its source
    "need.match-proposed": "proposed", "need.match-declined": "declined", "need.match-withdrawn": "withdrawn",
    "need.match-lapsed": "lapsed", "need.match-served": "served", "need.match-kept": "kept",
    "need.match-over": "over", "need.match-accepted": "",
}  # fmt: skip
NEEDS = (
    "need.posted", "need.changed", "need.attached", "need.closed", "need.matched", "need.reopened", "need.met",
)  # fmt: skip
RETURNS = {
    "return.asked": "asked", "return.accepted": "accepted", "return.refused": "refused",
    "return.received": "received", "return.settled": "settled", "return.cancelled": "cancelled",
}  # fmt: skip
TYPES = (*WAITS, *MATCHES, *NEEDS, *RETURNS, "return.replaced")


def asked() -> list[Fault]:
    """Each row says what its last event says: state, units, kind, reservation; none without an event, or lost."""
    told = _told()
    return [
        Fault("asked.told", subject, reason)
        for rule, rows in (
            ("need", _needs()), ("match", _matches()), ("waiting", _waits()), ("return", _returns()),
        )
        for subject, reason in _compared(rule, told[rule], dict(rows))
    ]  # fmt: skip


def _compared(rule: str, told: dict[str, Told], rows: dict[str, Told]) -> Iterator[tuple[str, str]]:
    for reference in sorted(told.keys() | rows.keys()):
        subject, said, row = f"{rule}/{reference}", told.get(reference), rows.get(reference)
        if said is None:
            yield subject, "no event tells it"
        elif row is None:
            yield subject, "told, and not there"
        else:
            for name, value in said.items():
                if row[name] != value:
                    yield subject, f"{name} {row[name]}, told {value}"


def _told() -> dict[str, dict[str, Told]]:
    """Rule → reference → what the journal last told of it."""
    found: dict[str, dict[str, Told]] = {"need": {}, "match": {}, "waiting": {}, "return": {}}
    statement = sa.select(Event).where(Event.type.in_(TYPES)).order_by(Event.id)
    with streamed(statement) as rows:
        for event in rows.scalars():
            rule, reference, said = _said(event.type, queries.body(event)["facts"])
            found[rule].setdefault(reference, {}).update(said)
    return found


def _said(event: str, facts: Told) -> tuple[str, str, Told]:
    if event in NEEDS:
        return "need", facts["need"], {name: facts[name] for name in ("kind", "units", "state")}
    if event in MATCHES:
        state = MATCHES[event] or ("reserved" if facts["source"] == "ready" else "promised")
        first = event == "need.match-proposed"
        held = {"reservation": facts.get("reservation")} if first or "reservation" in facts else {}
        return (
            "match",
            facts["match"],
            {"units": facts["units"], "need": facts["need"], "state": state, **held},
        )
    if event in WAITS:
        said = {"units": facts["units"], "kind": facts["kind"], "state": WAITS[event]}
        return "waiting", facts["waiting"], said
    said = {"reservation": facts["reservation"]}
    if event == "return.replaced":
        return "return", facts["return"], said | {"replacement": facts["replacement"]}
    first_said: Told = {"replacement": None} if event == "return.asked" else {}
    return "return", facts["return"], said | first_said | {"state": RETURNS[event]}


def _needs() -> Iterator[tuple[str, Told]]:
    for row in session().execute(sa.select(Need.reference, Need.kind, Need.units, Need.state)):
        yield row.reference, row._asdict()


def _matches() -> Iterator[tuple[str, Told]]:
    columns = (NeedMatch.reference, NeedMatch.units, NeedMatch.state, Need.reference.label("need"))
    held = Reservation.reference.label("reservation")
    statement = sa.select(*columns, held).join(Need, Need.id == NeedMatch.need_id)
    for row in session().execute(
        statement.outerjoin(Reservation, Reservation.id == NeedMatch.reservation_id)
    ):
        yield row.reference, row._asdict()


def _waits() -> Iterator[tuple[str, Told]]:
    columns = (WaitingEntry.reference, WaitingEntry.kind, WaitingEntry.units, WaitingEntry.state)
    for row in session().execute(sa.select(*columns)):
        yield row.reference, row._asdict()


def _returns() -> Iterator[tuple[str, Told]]:
    columns = (UnitReturn.reference, UnitReturn.state, UnitReturn.replacement)
    held = Reservation.reference.label("reservation")
    statement = sa.select(*columns, held).join(Reservation, Reservation.id == UnitReturn.reservation_id)
    for row in session().execute(statement):
        yield row.reference, row._asdict()
