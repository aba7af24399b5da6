"""Showing a lot and ending it. Every change of its units goes through units.services, once per line."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.fleets.services import discarding
from reuse_market.fleets.services import plans as renewals
from reuse_market.fleets.services.discarding import Decision
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, hold, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import conditions, law, mails, policy, queries, sharing_terms
from reuse_market.lots.lifecycle import LIFE
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.lots.services.drafting import NO_LOT
from reuse_market.lots.services.filling import follow_models
from reuse_market.lots.services.planning import free_units
from reuse_market.traceability import journal
from reuse_market.units import queries as units
from reuse_market.units.lines import Line, act_by_line
from reuse_market.units.services import Closing, Move, Opening, act, create

UNDECIDED = Decision()


def stream(reference: str) -> str:
    """The journal stream of a lot."""
    return f"lot/{reference}"


@command
def publish_lot(lot_id: int, *, actor: Actor, decision: Decision = UNDECIDED) -> Lot:
    """Show a draft, or what was announced, to everybody: one act. Its units still in use are discarded (by
    `decision`), counted lines get theirs, all become `listed` under the lot's engagement, one lot.published
    event per line (and 1,000 units).

    Refused: not the holder or may not commit it, no draft any more, terms missing (Invalid names the first),
    units in use of a public holder without its decision (CG3P L3211-18: Invalid names what is not said),
    a regime the law refuses, a device worth too much for it or worth we know not what (Invalid names the
    line, its value, the article), a price under the value for a public body, a unit that has changed
    meanwhile. From here on the estimated values are fixed, and `public_first_until` is the last day kept for
    public bodies.
    """
    lot = _locked(lot_id, actor)
    LIFE.require("publish", lot, actor)
    follow_models(lot.id)
    lines = queries.lines(lot.id)
    _check_complete(lot, lines)
    doing, terms = journal.Act(actor), _terms_told(lot)
    reference, holder_id, site_id = lot.reference, lot.holder_id, lot.site_id
    numbers = {line.number: _value_told(line) for line in lines}
    members = _members(lot.id)
    counted = [line for line in lines if line.number not in members]
    _discard(lot, decision, doing)
    born = {line.number: _count_in(lot, line, doing) for line in counted}
    move = Move("publish", stream=stream(reference), values={"site_id": site_id})
    opening = Opening("lot", reference, holder_id)
    told = [
        Line(number, found, terms | {"line": number, "units": len(found)} | numbers[number])
        for number, found in members.items()
    ]
    if told:
        act_by_line(move, told, opening, _placed(lot_id), doing=doing, stream=stream(reference))
    for line in counted:
        _list(lot, line, born[line.number], terms, doing)
    free_units(lot.id)
    kept = None if lot.public_first_days is None else clock.in_days(lot.public_first_days)
    LIFE.fire("publish", lot, actor, published_at=clock.now(), public_first_until=kept)
    renewals.lot_published(reference, actor=actor)
    return lot


@command
def withdraw_lot(lot_id: int, *, actor: Actor, reason: str) -> Lot:
    """Take a published lot back: what is still listed returns to `discarded`, free for another lot. Or give an
    announced one up: what was set aside for it is free.

    The reason is kept beside the journal, forgettable. Refused: no reason, Conflict while an award is open
    (claims has the verb for that), not the holder or may not commit it.
    """
    lot = _locked(lot_id, actor)
    LIFE.require("withdraw", lot, actor)
    told = " ".join(reason.split())
    if not 3 <= len(told) <= 500:
        raise Invalid(N_("Say why in a few words: those who follow the lot will read it."), field="reason")
    if units.engaged_ids("lot", lot.reference, state="awarded", limit=1):
        raise Conflict(
            N_("Part of this lot is awarded. Take the awards back first, then withdraw the lot."),
            code="lot.awarded",
        )
    if lot.state == "planned":
        free_units(lot.id)
        renewals.lot_given_up(lot.reference, actor=actor)
    _return_listed(lot, "withdraw", "withdrawn", journal.Act(actor), commitments={"reason": told})
    LIFE.fire("withdraw", lot, actor, ended_at=clock.now())
    return lot


@command
def settle(lot_id: int, *, actor: Actor, doing: journal.Act | None = None) -> Lot:
    """Close a published lot once nothing of it is open; called by upper rooms after outcomes, safe to repeat.

    It becomes `expired` when all of it expired, else `closed`; the event joins the act `doing` if given.
    """
    lot = hold(Lot, lot_id)
    if lot is None:
        raise NotFound(NO_LOT)
    if lot.state != "published" or units.any_engaged("lot", lot.reference):
        return lot
    outcomes = {row["outcome"] for row in units.outcomes("lot", lot.reference)}
    row = LIFE.fire("expire" if outcomes <= {"expired"} else "close", lot, SYSTEM, ended_at=clock.now())
    caused_by = doing or journal.Act(actor if actor.via == "system" else SYSTEM)
    journal.append(caused_by, stream(lot.reference), row.event, facts={"lot": lot.reference})
    return lot


def expire_due() -> int:
    """Job: lots whose last day for requests is over give back what nobody took. How many were handled."""
    return jobs.each(queries.due_ids(clock.today()), give_back, "lot expiry")


@command
def give_back(lot_id: int) -> None:
    """Past the last day for requests, what nobody took goes back to the holder; else nothing happens."""
    lot = lock(Lot, Lot.id == lot_id)
    if (
        lot is None
        or lot.state != "published"
        or lot.claims_until is None
        or lot.claims_until >= clock.today()
    ):
        return
    doing = journal.Act(SYSTEM)
    returned = _return_listed(lot, "expire", "expired", doing)
    settle(lot.id, actor=SYSTEM, doing=doing)
    if returned:
        mails.lot_expired(lot, returned)


def _locked(lot_id: int, actor: Actor) -> Lot:
    lot: Lot | None = lock(Lot, Lot.id == lot_id)
    if lot is None or not policy.sees(actor, lot):
        raise NotFound(NO_LOT)
    return lot


def _check_complete(lot: Lot, lines: list[LotLine]) -> None:
    missing = conditions.first_missing(lot, sum(line.declared for line in lines))
    if missing is not None:
        raise Invalid(missing[1], field=missing[0], code="lot.incomplete")
    law.require_publishable(lot, lines)
    conditions.check_price(str(lot.regime), lot.price_kind, lot.price_cents)
    conditions.check_award(lot.award_mode, lot.price_kind)
    conditions.check_dates(lot.available_from, lot.available_until, lot.claims_until, clock.today())
    sharing_terms.check(lot)
    conditions.check_public_first(lot.public_first_days, lot.claims_until, clock.today())
    if lot.public_first_days is not None:
        law.require_public_taker(lot, lines)


def _members(lot_id: int) -> dict[int, list[int]]:
    """Line number → ids of its fleet units."""
    rows = session().execute(
        sa.select(LotLine.number, LotItem.unit_id)
        .join(LotItem, LotItem.line_id == LotLine.id)
        .where(LotLine.lot_id == lot_id)
        .order_by(LotLine.number, LotItem.unit_id)
    )
    members: dict[int, list[int]] = {}
    for number, unit_id in rows:
        members.setdefault(number, []).append(unit_id)
    return members


def _discard(lot: Lot, decision: Decision, doing: journal.Act) -> None:
    """Discard those still in use, on the fleet's stream; those discarded before stay so."""
    in_use = law.still_in_use(lot.id)
    if in_use:
        decided = discarding.checked(lot.holder_id, decision)
        discarding.discard(in_use, decided, doing=doing, holder_id=lot.holder_id, lot=lot.reference)


def _count_in(lot: Lot, line: LotLine, doing: journal.Act) -> list[int]:
    """Give birth to the anonymous units of a counted line."""
    row: dict[str, Any] = {"kind": line.kind, "model_id": line.model_id, "site_id": lot.site_id}
    return create(
        [row] * line.declared,
        doing=doing,
        stream=stream(lot.reference),
        event_type="unit.declared",
        state="discarded",
        owner_id=lot.holder_id,
        custodian_id=lot.holder_id,
        origin="counted",
        facts={"lot": lot.reference, "line": line.number, "units": line.declared},
    )


def _list(lot: Lot, line: LotLine, unit_ids: list[int], terms: dict[str, Any], doing: journal.Act) -> None:
    """List the units just born of a counted line."""
    move = Move(
        "publish",
        stream=stream(lot.reference),
        opens=(Opening("lot", lot.reference, lot.holder_id, line.number),),
        values={"site_id": lot.site_id},
    )
    facts = terms | {"line": line.number, "units": len(unit_ids)} | _value_told(line)
    act(move, unit_ids, doing=doing, stream=stream(lot.reference), facts=facts)


def _terms_told(lot: Lot) -> dict[str, Any]:
    """What the event of each line says of the lot."""
    facts = {"lot": lot.reference, "regime": lot.regime, "erased_by": lot.erased_by}
    facts["erasure_policy"] = lot.erasure_policy
    return facts | ({} if lot.public_first_days is None else {"public_first_days": lot.public_first_days})


def _value_told(line: LotLine) -> dict[str, Any]:
    if line.value_cents is None or line.valued_on is None:
        return {}
    return {
        "value_cents": line.value_cents, "value_how": line.value_how, "valued_on": line.valued_on.isoformat(),
    }  # fmt: skip


def _placed(lot_id: int) -> sa.Subquery:
    """unit_id, line: which line of a draft each of its fleet units stands on."""
    return (
        sa.select(LotItem.unit_id, LotLine.number.label("line"))
        .join(LotLine, LotLine.id == LotItem.line_id)
        .where(LotLine.lot_id == lot_id)
        .subquery()
    )


def _return_listed(
    lot: Lot, action: str, outcome: str, doing: journal.Act, commitments: dict[str, str] | None = None
) -> int:
    ids = units.engaged_ids("lot", lot.reference, state="listed")
    if not ids and action == "withdraw":
        facts = {"lot": lot.reference, "units": 0}
        journal.append(doing, stream(lot.reference), "lot.withdrawn", facts=facts, commitments=commitments)
    act(
        Move(action, closes=(Closing("lot", lot.reference, outcome),)),
        ids,
        doing=doing,
        stream=stream(lot.reference),
        facts={"lot": lot.reference, "units": len(ids)},
        commitments=commitments,
    )
    return len(ids)
