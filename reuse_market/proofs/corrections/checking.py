"""Corrections, checked on the whole database: what `flask reconcile` says of them (H6), and repairs as told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.proofs.correction_models import Correction
from reuse_market.proofs.corrections.table import CORRECTABLE
from reuse_market.refurbishing.models import RemovalBatch, Repair, WasteRecord
from reuse_market.traceability import queries
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import Fault

WASTE = ("weight_g", "removed_on")
SAID = ("event.corrected", "event.voided")


def corrected() -> list[Fault]:
    """A correction names an event told before it, of a type that may be corrected, at most once; the row that was
    approved is the event that says so; repairs are what the journal and its corrections say."""
    faults: list[Fault] = []
    targets: dict[str, Event] = {}
    done: dict[int, tuple[str, Any]] = {}
    repairs: dict[int, tuple[list[str], bool]] = {}
    wastes: dict[str, dict[str, Any]] = {}
    statement = sa.select(Event).where(Event.type.in_((*CORRECTABLE, *SAID))).order_by(Event.id)
    with streamed(statement) as rows:
        for event in rows.scalars():
            body = queries.body(event)
            if event.type not in SAID:
                targets[event.uid] = event
                _hear_waste(wastes, event, body["facts"])
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
            _hear_waste(wastes, of, queries.body(of)["facts"], values)
            if of.type == "unit.repaired":
                key = queries.body(of)["facts"]["repair"]
                repairs[key] = (values.get("work", repairs[key][0]), event.type == "event.voided")
    return [*faults, *_rows(done), *_repairs(repairs), *_wastes(wastes)]


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


def _hear_waste(
    said: dict[str, dict[str, Any]], of: Event, facts: dict[str, Any], values: Mapping[str, Any] | None = None
) -> None:
    """What an act, or its correction, says of the weight of waste and the day of its removal; of one device each."""
    units = queries.body(of)["units"]
    if of.type == "batch.removed":
        subject = f"removal/{facts['batch']}"
    elif of.type == "unit.waste-declared" and len(units) == 1 and units[0][0] == units[0][1]:
        subject = f"unit/{units[0][0]}"
    else:
        return
    told = facts if values is None else values
    said.setdefault(subject, {}).update({name: told[name] for name in WASTE if name in told})


def _wastes(said: dict[str, dict[str, Any]]) -> list[Fault]:
    """Rows of waste and of removals, value by value; what a journal of before does not say cannot differ."""
    kept: dict[str, dict[str, Any]] = {
        f"unit/{unit_id}": {"weight_g": weight}
        for unit_id, weight in session().execute(sa.select(WasteRecord.unit_id, WasteRecord.weight_g))
    }
    columns = (RemovalBatch.reference, RemovalBatch.weight_g, RemovalBatch.removed_on)
    for reference, weight, day in session().execute(
        sa.select(*columns).where(RemovalBatch.state == "removed")
    ):
        kept[f"removal/{reference}"] = {"weight_g": weight, "removed_on": day and day.isoformat()}
    return [
        Fault("waste.told", subject, f"{name} is {kept.get(subject, {}).get(name)}, the journal says {value}")
        for subject, told in sorted(said.items())
        for name, value in told.items()
        if kept.get(subject, {}).get(name) != value
    ]
