"""What a triage leads to: one draft per outlet, the decision to discard, what left outside the tool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Site
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots import advice, triages
from reuse_market.lots.lifecycle import TRIAGE
from reuse_market.lots.models import Lot, LotItem, LotLine, Triage, TriageLine, TriageUnit
from reuse_market.lots.services.destining import choose_outlet
from reuse_market.lots.services.drafting import set_conditions
from reuse_market.lots.services.triaging import opened
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Question
from reuse_market.traceability import journal
from reuse_market.units.models import Unit

VALUE = ("value_cents", "value_how", "valued_on")


@command
def confirm_triage(reference: str, *, actor: Actor) -> Triage:
    """Make one draft lot of each outlet of the marketplace, under its regime; the triage is kept as it is.

    What goes elsewhere waits for its own act: the removal request, the departure. Nothing is discarded here.
    Refused: a line without an outlet; a regime the law refuses this holder; devices that have changed since.
    """
    triage = opened(reference, actor, "confirm")
    found = triages.lines(triage.id)
    unsorted = [line for line in found if line.outlet is None]
    if unsorted:
        raise Invalid(N_("Choose where line %(line)s goes."), field="lines", line=unsorted[0].number)
    lots = {}
    for outlet in advice.MARKET:
        of_it = [line for line in found if line.outlet == outlet]
        if of_it:
            lots[outlet] = _drafted(triage, outlet, of_it, actor)
    session().flush()
    facts = {
        "triage": triage.reference, "lots": [lot.reference for lot in lots.values()],
        "units": {code: sum(one.units for one in found if one.outlet == code) for code in advice.OUTLETS},
    }  # fmt: skip
    row = TRIAGE.fire("confirm", triage, actor, confirmed_at=clock.now())
    journal.append(journal.Act(actor), f"fleet/{triage.holder_id}", row.event, facts=facts)
    return triage


@command
def decide_triage(
    reference: str,
    *,
    actor: Actor,
    decided_on: date | None = None,
    decision_number: str = "",
    decided_by: str = "",
) -> int:
    """Discard what is still in use of a confirmed triage, by this decision, and keep it for what was discarded
    without one; how many devices it is recorded for. Refused as `fleets.discard_units` refuses; nothing left.
    """
    triage = opened(reference, actor, "decide")
    line_ids = [line.id for line in triages.lines(triage.id)]
    said: dict[str, Any] = {
        "decided_on": decided_on,
        "decision_number": decision_number,
        "decided_by": decided_by,
    }
    in_use = triages.still_here(line_ids, ("in_use",))
    undecided = triages.undecided(line_ids)
    if not in_use and not undecided:
        raise Conflict(N_("All of these devices are discarded already."), code="triage.decided")
    done = 0
    if undecided:
        done += fleets.record_decision(undecided, actor=actor, **said)
    if in_use:
        done += fleets.discard_units(in_use, actor=actor, **said)
    return done


@command
def depart_triage(
    reference: str, outlet: str, *, actor: Actor, left_on: date, note: str = "", erased: bool = False
) -> int:
    """The devices of an outlet outside the tool have left; how many. Each line's reason goes with them.

    Refused: an outlet without such devices; what the law refuses (a gift to staff, CG3P L3212-2 5°); as
    `fleets.record_departure` refuses, thus before they are discarded.
    """
    triage = opened(reference, actor, "depart")
    of_it = [line for line in triages.lines(triage.id) if line.outlet == outlet and outlet in advice.OUTSIDE]
    waiting = {line.id: triages.still_here([line.id]) for line in of_it}
    if not any(waiting.values()):
        raise Conflict(
            N_("No device waits to leave this way: record the decision to discard them first."),
            code="triage.nobody-leaves",
        )
    if outlet == "staff":
        _require_staff(triage, [line for line in of_it if waiting[line.id]])
    done = 0
    for line in of_it:
        if ids := waiting[line.id]:
            done += fleets.record_departure(
                ids, outlet, actor=actor, left_on=left_on, reason=line.reason, note=note, erased=erased
            )
    return done


def _drafted(triage: Triage, outlet: str, of_it: Sequence[TriageLine], actor: Actor) -> Lot:
    """A draft of these lines, with their condition, value and site."""
    public = regimes.party_kind(triage.holder_id) in parties.PUBLIC
    regime = {"transfer": "public_transfer", "gift": "free_transfer" if public else "gift"}.get(
        outlet, "sale"
    )
    ids = triages.unit_ids([line.id for line in of_it])
    lot = choose_outlet(regime, unit_ids=ids, actor=actor)
    sites = session().scalars(sa.select(Unit.site_id).where(Unit.id.in_(ids[:1000])).distinct()).all()
    own = session().get(Site, sites[0]) if len(sites) == 1 and sites[0] is not None else None
    if own is not None and own.organisation_id == triage.holder_id:
        set_conditions(lot.id, {"site_id": own.id}, actor=actor)
    for line in of_it:
        line.lot = lot.reference
    _describe(lot, actor)
    return lot


def _describe(lot: Lot, actor: Actor) -> None:
    """Each line of the draft is told what the triage knows; of several values of like devices, the highest."""
    session().flush()
    rows = session().execute(
        sa.select(LotLine, TriageLine)
        .join(LotItem, LotItem.line_id == LotLine.id)
        .join(TriageUnit, TriageUnit.unit_id == LotItem.unit_id)
        .join(TriageLine, sa.and_(TriageLine.id == TriageUnit.line_id, TriageLine.lot == lot.reference))
        .where(LotLine.lot_id == lot.id)
        .distinct()
    )
    found: dict[LotLine, list[TriageLine]] = {}
    for lot_line, line in rows:
        found.setdefault(lot_line, []).append(line)
    for lot_line, told in found.items():
        conditions = {line.works for line in told}
        if len(conditions) == 1:
            lot_line.works = conditions.pop()
        if all(line.value_cents is not None for line in told):
            dearest = max(told, key=lambda line: line.value_cents or 0)
            for name in VALUE:
                setattr(lot_line, name, getattr(dearest, name))
            lot_line.valued_by = actor.person_id
    session().flush()


def _require_staff(triage: Triage, of_it: Sequence[TriageLine]) -> None:
    """What the law says of passing these on to members of staff: given, or else sold."""
    giver, today = regimes.party_kind(triage.holder_id), clock.today()
    free = "free_transfer" if giver in parties.PUBLIC else "gift"
    for line in of_it:
        given = Question(free, giver, giver, "staff", "award", today, line.kind, 0, line.value_cents)
        sold = Question("sale", giver, giver, "staff", "award", today, line.kind, None, line.value_cents)
        gift, sale = regimes.ask_each([given, sold])
        if not gift.allowed and not sale.allowed:
            regimes.require(given, field="outlet")
