"""Parts and dismantled units, checked on the whole database: what `flask reconcile` says of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.refurbishing.models import Dismantling, Part, PartFit
from reuse_market.traceability import payload, queries
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import Fault
from reuse_market.units.models import Unit

WEIGHTS = ("unit_g", "parts_g", "residue_g", "loss_g", "reason")


def parted() -> list[Fault]:
    """A part has one parent at a time, its state says which; masses of a dismantled unit add up (Q7, U10); the
    rows say what was told."""
    parts = {part.id: part for part in session().scalars(sa.select(Part))}
    fits: dict[int, list[PartFit]] = defaultdict(list)
    for fit in session().scalars(sa.select(PartFit).order_by(PartFit.from_at, PartFit.id)):
        fits[fit.part_id].append(fit)
    where, apart = _told()
    return [*_parents(parts, fits), *_masses(parts), *_as_told(parts, fits, where), *_apart_as_told(apart)]


def _parents(parts: dict[int, Part], fits: dict[int, list[PartFit]]) -> list[Fault]:
    faults = []
    for part_id, part in sorted(parts.items()):
        subject, mine = f"part/{part_id}", fits.get(part_id, [])
        open_fits = [fit for fit in mine if fit.until_at is None]
        if len(open_fits) != (1 if part.state == "installed" else 0):
            faults.append(Fault("part.parent", subject, f"{part.state}, in {len(open_fits)} units"))
        pairs = zip(mine, mine[1:], strict=False)
        if any(before.until_at is None or before.until_at > after.from_at for before, after in pairs):
            faults.append(Fault("part.parent", subject, "in two units at a time"))
    return faults


def _masses(parts: dict[int, Part]) -> list[Fault]:
    states = dict(session().execute(sa.select(Unit.id, Unit.state).where(Unit.state == "parts")).all())
    faults = []
    for row in session().scalars(sa.select(Dismantling)):
        subject = f"unit/{row.unit_id}"
        if states.get(row.unit_id) != "parts":
            faults.append(Fault("dismantling.balance", subject, "taken apart, and it is not"))
        grams = [
            one.weight_g for one in parts.values() if one.source_unit_id == row.unit_id and one.dismantled
        ]
        known = sum(one or 0 for one in grams) if None not in grams else None
        if row.parts_g != known:
            faults.append(
                Fault("dismantling.balance", subject, f"parts of {known} g, {row.parts_g} g written")
            )
    return faults


def _told() -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]]]:
    """Part → source, kind, grams, unit it is in; unit → weights of its dismantling: what the journal alone says."""
    where: dict[int, dict[str, Any]] = {}
    apart: dict[int, dict[str, Any]] = {}
    types = ("part.removed", "part.installed", "unit.dismantled", "event.corrected")
    removed: dict[str, int] = {}  # event → part
    statement = sa.select(Event).where(Event.type.in_(types)).order_by(Event.id)
    with streamed(statement) as rows:
        for event in rows.scalars():
            body = queries.body(event)
            facts, units = body["facts"], list(payload.members(body["units"]))
            if event.type == "event.corrected":
                if body["corrects"] in removed:
                    where[removed[body["corrects"]]]["grams"] = facts["values"]["grams"]
                continue
            if event.type == "part.removed":
                removed[event.uid] = facts["part"]
            if event.type == "unit.dismantled":
                if "unit_g" in facts:  # a journal of before weighed nothing
                    apart[units[0]] = {name: facts[name] for name in WEIGHTS}
                continue
            one = where.setdefault(facts["part"], {"source": units[0], "kind": facts["kind"], "grams": None})
            one["in"] = units[0] if event.type == "part.installed" else None
            if facts.get("grams") is not None:
                one["grams"] = facts["grams"]
    return where, apart


def _as_told(
    parts: dict[int, Part], fits: dict[int, list[PartFit]], where: dict[int, dict[str, Any]]
) -> list[Fault]:
    faults = []
    for part_id in sorted(parts.keys() | where.keys()):
        part, said = parts.get(part_id), where.get(part_id)
        kept = None
        if part is not None:
            inside = next((fit.unit_id for fit in fits.get(part_id, []) if fit.until_at is None), None)
            kept = {"source": part.source_unit_id, "kind": part.kind, "grams": part.weight_g, "in": inside}
        if kept != said:
            faults.append(Fault("part.told", f"part/{part_id}", f"it says {kept}, the journal {said}"))
    return faults


def _apart_as_told(apart: dict[int, dict[str, Any]]) -> list[Fault]:
    rows = {
        row.unit_id: {name: getattr(row, name) for name in WEIGHTS}
        for row in session().scalars(sa.select(Dismantling))
    }
    return [
        Fault("dismantling.told", f"unit/{one}", f"it says {rows.get(one)}, the journal {apart.get(one)}")
        for one in sorted(rows.keys() | apart.keys())
        if rows.get(one) != apart.get(one)
    ]
