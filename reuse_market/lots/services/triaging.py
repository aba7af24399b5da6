"""Sorting devices by where they go: a proposal, changed line by line, then given up or confirmed (triaged.py).

Nothing here is public nor in the journal: it prepares a decision.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.equipment.configurations import COLUMNS, Likeness, likeness
from reuse_market.equipment.names import full_name
from reuse_market.fleets.decisions import must_decide, not_departed
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.lots import advice, conditions, destinations, grouping, policy, triages
from reuse_market.lots.lifecycle import TRIAGE
from reuse_market.lots.models import Lot, LotItem, LotLine, Triage, TriageLine, TriageUnit
from reuse_market.units.models import Unit
from reuse_market.units.services import criterion

DEVICE = (Unit.id, Unit.bought_on, *(getattr(Unit, name) for name in COLUMNS))
Alike = tuple[Likeness, str]  # what makes them identical, and their age


@command
def start_triage(unit_ids: Sequence[int], *, actor: Actor) -> Triage:
    """Sort devices of the fleet, in use or discarded: alike ones of one age on a line, with an outlet proposed.

    Refused: none or more than 10,000; devices that are not in the fleet (NotFound), in another triage still
    open, in a draft (Conflict naming it).
    """
    if not actor.has("holder") or actor.organisation_id is None:
        raise NotAllowed(N_("Only a holder makes lots."))
    ids = sorted(set(unit_ids))
    if not 1 <= len(ids) <= destinations.MOST:
        raise Invalid(N_("Choose between 1 and %(most)s devices."), field="units", most=destinations.MOST)
    mine = sa.select(*DEVICE).where(criterion(ids), Unit.owner_id == actor.organisation_id, not_departed())
    rows = session().execute(mine.where(Unit.state.in_(destinations.HERE)).order_by(Unit.id)).all()
    if len(rows) != len(ids):
        raise NotFound(N_("Some of these devices are not in your fleet."))
    _require_free(ids)
    made = Triage(
        reference=next_reference("TRI"), state="open", holder_id=actor.organisation_id, made_at=clock.now()
    )
    session().add(made)
    session().flush()
    _fill(made, _grouped(rows))
    propose(made, triages.lines(made.id))
    return made


@command
def sort_lines(
    reference: str, lines: Collection[int], *, outlet: str, reason: str = "", note: str = "", actor: Actor
) -> int:
    """Send these lines of a triage to an outlet (advice.OUTLETS) and keep why; how many.

    The reason may be left out where the outlet is the one advised. Refused: no line, an unknown code, no
    reason against the advice, "other" without a note.
    """
    triage = opened(reference, actor)
    conditions.check_choice("outlet", outlet, advice.OUTLETS)
    note = " ".join(note.split())
    if len(note) > 300:
        raise Invalid(N_("Use at most 300 characters."), field="note")
    praise.require_plain(note, field="note")
    for line in _chosen(triage, lines):
        kept = reason or ("as_advised" if outlet == line.advice else "")
        if not kept or (kept == "as_advised" and outlet != line.advice):
            raise Invalid(N_("Say why these devices go another way than advised."), field="reason")
        conditions.check_choice("reason", kept, advice.REASONS)
        if kept == "other" and len(note) < 3:
            raise Invalid(N_("Say why in a few words."), field="note")
        line.outlet, line.reason, line.note = outlet, kept, note
    session().flush()
    return len(set(lines))


@command
def describe_lines(reference: str, lines: Collection[int], values: Mapping[str, Any], *, actor: Actor) -> int:
    """Write what is known of these lines: `works`, and `value_cents` with `value_how` and `valued_on`.

    The advice is given anew; a line that followed it follows it still. Refused: no line, an unknown code, a
    value without the way it was estimated.
    """
    triage = opened(reference, actor)
    chosen = _chosen(triage, lines)
    if (works := values.get("works")) is not None:
        conditions.check_choice("works", works, conditions.WORKS)
    cents, how, on = (values.get(name) for name in ("value_cents", "value_how", "valued_on"))
    conditions.check_value(cents, how, on, clock.today())
    for line in chosen:
        line.works = works or line.works
        if "value_cents" in values:
            line.value_cents = cents
            line.value_how = how if cents is not None else None
            line.valued_on = (on or clock.today()) if cents is not None else None
    session().flush()
    propose(triage, chosen)
    return len(chosen)


@command
def split_line(
    reference: str, number: int, *, actor: Actor, unit_ids: Sequence[int] = (), units: int | None = None
) -> TriageLine:
    """Take devices out of a line into a line of their own: those named, or so many of them; the new line.

    Refused: none, all of them, devices of another line.
    """
    triage = opened(reference, actor)
    line = triages.line(triage, number)
    here = triages.unit_ids([line.id])
    moved = sorted(set(unit_ids)) or here[len(here) - (units or 0) :]
    if not set(moved) <= set(here):
        raise NotFound(N_("Some of these devices are not on this line."))
    if not 0 < len(moved) < len(here):
        raise Invalid(N_("Take out at least one device, and leave at least one."), field="units")
    named = ("kind", "label", "age", "works", "value_cents", "value_how", "valued_on", "advice", "why")
    last = max(one.number for one in triages.lines(triage.id))
    same = {name: getattr(line, name) for name in (*named, "outlet", "reason", "note")}
    made = TriageLine(triage_id=triage.id, number=last + 1, units=len(moved), **same)
    session().add(made)
    session().flush()
    of_line = sa.update(TriageUnit).where(TriageUnit.line_id == line.id, criterion(moved, TriageUnit.unit_id))
    session().execute(of_line.values(line_id=made.id))
    line.units -= len(moved)
    session().flush()
    return made


@command
def cancel_triage(reference: str, *, actor: Actor) -> Triage:
    """Give a triage up: nothing changes in the fleet, its devices may be sorted again."""
    triage = opened(reference, actor)
    TRIAGE.fire("cancel", triage, actor)
    return triage


def opened(reference: str, actor: Actor, action: str = "sort") -> Triage:
    """The triage of the actor's organisation, locked, that `action` may be done on."""
    triage: Triage | None = lock(Triage, Triage.reference == reference)
    if triage is None or not policy.holder(actor, triage):
        raise NotFound(triages.NO_TRIAGE)
    TRIAGE.require(action, triage, actor)
    return triage


def propose(triage: Triage, lines: Sequence[TriageLine]) -> None:
    """Give each line its advice; those without a choice, or that followed the advice, follow it."""
    groups = [destinations.Group(line.kind, line.value_cents, line.units) for line in lines]
    open_to, public = destinations.open_outlets(triage.holder_id, groups), must_decide(triage.holder_id)
    for line in lines:
        law = open_to[line.kind, line.value_cents]
        line.advice, line.why = advice.advise(line.age, line.works, law, public=public)
        if line.outlet is None or line.reason == "as_advised":
            line.outlet = line.advice or None
            line.reason = "as_advised" if line.advice else ""
    session().flush()


def _grouped(rows: Sequence[Any]) -> dict[Alike, list[int]]:
    band = destinations.bands()
    groups: dict[Alike, list[int]] = {}
    for row in rows:
        groups.setdefault((likeness(row), band(row.bought_on)), []).append(row.id)
    return groups


def _fill(made: Triage, groups: Mapping[Alike, list[int]]) -> None:
    """The lines, in the order of kinds, the biggest first."""
    kinds = {kind.code: (kind.order, kind.label_fr.capitalize()) for kind in equipment.kinds()}
    models = equipment.models(sorted({alike[1] for alike, _age in groups if alike[1] is not None}))
    ranked = sorted(groups.items(), key=lambda pair: (kinds[pair[0][0][0]][0], -len(pair[1])))
    for number, ((alike, age), ids) in enumerate(ranked, 1):
        model = models.get(alike[1] or 0)
        name = full_name(model.maker, model.name) if model else ""
        label = grouping.line_label(name, kinds[alike[0]][1], alike)
        line = TriageLine(
            triage_id=made.id, number=number, kind=alike[0], label=label, age=age, units=len(ids),
            works="untested",
        )  # fmt: skip
        session().add(line)
        session().flush()
        session().execute(sa.insert(TriageUnit), [{"line_id": line.id, "unit_id": one} for one in ids])


def _chosen(triage: Triage, numbers: Collection[int]) -> list[TriageLine]:
    wanted = set(numbers)
    found = [line for line in triages.lines(triage.id) if line.number in wanted]
    if not found or len(found) != len(wanted):
        raise Invalid(N_("Tick at least one line."), field="lines")
    return found


def _require_free(ids: Sequence[int]) -> None:
    """None of these units stands in a draft or in another triage still open."""
    in_triage = (
        sa.select(Triage.reference)
        .join(TriageLine, TriageLine.triage_id == Triage.id)
        .join(TriageUnit, TriageUnit.line_id == TriageLine.id)
        .where(Triage.state == "open", criterion(ids, TriageUnit.unit_id))
    )
    if (other := session().scalar(in_triage.limit(1))) is not None:
        raise Conflict(
            N_("Some of these devices are already in the triage %(triage)s."),
            code="triage.taken",
            triage=other,
        )
    in_draft = (
        sa.select(Lot.reference)
        .join(LotLine, LotLine.lot_id == Lot.id)
        .join(LotItem, LotItem.line_id == LotLine.id)
        .where(criterion(ids, LotItem.unit_id))
    )
    if (draft := session().scalar(in_draft.limit(1))) is not None:
        raise Conflict(
            N_("Some of these devices are already in the draft %(lot)s."), code="lot.unit-drafted", lot=draft
        )
