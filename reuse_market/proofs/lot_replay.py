"""A lot's journal alone, replayed from zero, against the lot as it is: what an auditor given one stream can check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.lots.lifecycle import LIFE
from reuse_market.proofs.reconcile import as_told
from reuse_market.proofs.replay import FIELDS, Replayed, fold
from reuse_market.traceability import queries as journal
from reuse_market.traceability.verify import Fault
from reuse_market.units.models import Engagement, Unit

Outcomes = Counter[tuple[int | None, str | None, bool]]  # line, outcome (None: open), extra → units
STATES = {row.event: row.target for row in LIFE.transitions.values()}
HOME = {"withdrawn", "expired", "refused", "missing"}  # the rest of such a unit's life may be told elsewhere


def lot_faults(reference: str) -> list[Fault]:
    """Where the lot, its lines, its engagements or its units differ from what its own stream tells. NotFound."""
    lot = lots.get(reference)
    if lot is None:
        raise NotFound(N_("This lot does not exist."))
    stream = f"lot/{reference}"
    bodies = [journal.body(event) for event in journal.events_of_stream(stream)]
    units, broken = fold(bodies, entering=True)
    faults = [Fault("replay.fold", f"unit/{one.unit_id}", f"{one.where}: {one.reason}") for one in broken]
    told = _outcomes(reference, units)
    kept = _kept(reference)
    if told != kept:
        faults.append(Fault("replay.lot", stream, f"it says {dict(kept)}, its journal {dict(told)}"))
    for line in lots.lines(lot.id) if lot.published_at else ():
        said = sum(count for (at, _, extra), count in told.items() if at == line.number and not extra)
        if said != line.declared:
            faults.append(
                Fault("replay.lot", stream, f"line {line.number}: {line.declared}, its journal {said}")
            )
    state = _state(bodies)
    if state != lot.state and lot.published_at:
        faults.append(Fault("replay.lot", stream, f"it is {lot.state}, its journal says {state}"))
    return faults + _units(stream, reference, units)


def _units(stream: str, reference: str, told: Mapping[int, Replayed]) -> list[Fault]:
    """The units whose life this stream still tells."""
    gone = {
        unit_id for unit_id, unit in told.items()
        if any(key[0] == "lot" and key[1] == reference and key[-1] in HOME for key in +unit.closed)
    }  # fmt: skip
    faults = []
    for unit in session().scalars(sa.select(Unit).where(Unit.stream == stream).order_by(Unit.id)):
        if unit.id in gone:
            continue
        if unit.id not in told:
            faults.append(Fault("replay.unit", f"unit/{unit.id}", f"{stream} does not know it"))
            continue
        kept, mine = as_told(unit), told[unit.id]
        faults += [
            Fault("replay.unit", f"unit/{unit.id}", f"{name} is {kept[name]}, {stream} says {getattr(mine, name)}")
            for name in FIELDS
            if kept[name] != getattr(mine, name)
        ]  # fmt: skip
    return faults


def _outcomes(reference: str, units: Mapping[int, Replayed]) -> Outcomes:
    found: Outcomes = Counter()
    for unit in units.values():
        held = unit.open.get("lot")
        if held and held[0] == reference:
            found[held[1], None, held[3]] += 1
        for key, count in (+unit.closed).items():
            if key[0] == "lot" and key[1] == reference:
                found[key[2], key[-1], key[4]] += count
    return found


def _kept(reference: str) -> Outcomes:
    columns = (Engagement.line, Engagement.outcome, Engagement.extra)
    statement = (
        sa.select(*columns, sa.func.count())
        .where(Engagement.kind == "lot", Engagement.reference == reference)
        .group_by(*columns)
    )
    return Counter({(line, outcome, extra): n for line, outcome, extra, n in session().execute(statement)})


def _state(bodies: Iterable[Mapping[str, Any]]) -> str | None:
    """The state the last act on the lot itself leads to (units may expire while others are still awarded)."""
    said = None
    for body in bodies:
        if body["type"] != "lot.expired" or not body["units"]:
            said = STATES.get(body["type"], said)
    return said
