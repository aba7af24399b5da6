"""Corrections, checked on the whole database: what `flask reconcile` says of them (H6), and repairs as told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.proofs.correction_models import Correction
from reuse_market.proofs.corrections.table import CORRECTABLE
from reuse_market.refurbishing.models import Repair
from reuse_market.traceability import queries
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import Fault

SAID = ("event.corrected", "event.voided")


def corrected() -> list[Fault]:
    """A correction names an event told before it, of a type that may be corrected, at most once; the row that was
    approved is the event that says so; repairs are what the journal and its corrections say."""
    faults: list[Fault] = []
    targets: dict[str, Event] = {}
    done: dict[int, tuple[str, Any]] = {}
    repairs: dict[int, tuple[list[str], bool]] = {}
    statement = sa.select(Event).where(Event.type.in_((*CORRECTABLE, *SAID))).order_by(Event.id)
    for event in session().scalars(statement.execution_options(yield_per=1000)):
        body = queries.body(event)
        if event.type not in SAID:
            targets[event.uid] = event
            if event.type == "unit.repaired" and "repair" in body["facts"]:
                repairs[body["facts"]["repair"]] = (body["facts"]["work"], False)
            continue
        of = targets.get(body["corrects"] or "")
        if of is None or of.id in done:
            faults.append(
                Fault("correction.once", f"event/{event.uid}", "names no event, or one corrected already")
            )
            continue
        values = body["facts"]["values"]
        done[of.id] = (event.type, values)
        if of.type == "unit.repaired":
            key = queries.body(of)["facts"]["repair"]
            repairs[key] = (values.get("work", repairs[key][0]), event.type == "event.voided")
    return [*faults, *_rows(done), *_repairs(repairs)]


def _rows(done: dict[int, tuple[str, Any]]) -> list[Fault]:
    columns = (Correction.event_id, Correction.kind, Correction.values)
    kept = {
        event_id: ("event.corrected" if kind == "correct" else "event.voided", values)
        for event_id, kind, values in session().execute(
            sa.select(*columns).where(Correction.state == "approved")
        )
    }
    return [
        Fault("correction.told", f"event/{one}", f"it says {kept.get(one)}, the journal {done.get(one)}")
        for one in sorted(kept.keys() | done.keys())
        if kept.get(one) != done.get(one)
    ]


def _repairs(said: dict[int, tuple[list[str], bool]]) -> list[Fault]:
    kept = {row.id: (list(row.work), row.void_at is not None) for row in session().scalars(sa.select(Repair))}
    return [
        Fault("repair.told", f"repair/{one}", f"it says {kept.get(one)}, the journal {said.get(one)}")
        for one in sorted(kept.keys() | said.keys())
        if kept.get(one) != said.get(one)
    ]
