"""Announcing a lot to come: counted lines, a site, a month. It has no units before its publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.fleets.services import plans as renewals
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import mails, policy, queries
from reuse_market.lots.lifecycle import LIFE
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.lots.services import lines as composing
from reuse_market.lots.services.drafting import (
    NO_LOT,
    draft,
    draft_lot,
    note_change,
    plan_facts,
    require_plan,
    set_conditions,
)
from reuse_market.traceability import journal


@dataclass(frozen=True, slots=True)
class Expected:
    """So many devices of a kind; `label` says the model when it is known."""

    kind: str
    units: int
    label: str = ""


@command
def draft_plan(
    expected: Sequence[Expected], values: Mapping[str, Any], *, actor: Actor, renewal_id: int | None = None
) -> Lot:
    """A new draft of counted lines, to announce: `values` as set_conditions takes them, title made if empty.
    `renewal_id`: the holder's renewal plan that it shows, tied to it from now on.

    Refused: no line, an unknown kind, a wrong number, a plan of others or tied to another lot; and as
    `set_conditions` refuses.
    """
    lot = draft_lot(actor=actor, title=composing.UNTITLED, site_id=values.get("site_id"))
    if renewal_id is not None:
        renewals.link_lot(renewal_id, lot.reference, actor=actor)
    return change_plan(lot.id, expected, values, actor=actor)


@command
def change_plan(lot_id: int, expected: Sequence[Expected], values: Mapping[str, Any], *, actor: Actor) -> Lot:
    """Replace the counted lines of a draft or of an announced lot, and set its terms. Lines of devices set
    aside for it stay, and so does the condition of a line that is the same thing as before."""
    lot = draft(lot_id, actor)
    _replace_lines(lot, expected)
    if not (kept := queries.lines(lot.id)):
        raise Invalid(N_("Say how many devices of what kind you expect."), field="lines")
    title = " ".join((values.get("title") or "").split())
    rest = {name: value for name, value in values.items() if name != "title"}
    rest["title"] = title or composing.title_of(kept)
    set_conditions(lot.id, rest, actor=actor)
    note_change(lot, actor)
    return lot


@command
def announce_lot(lot_id: int, *, actor: Actor) -> Lot:
    """Show everybody a draft of counted lines as a lot to come: its month, its commune, its counts; no address.

    It commits to nothing but says so in the holder's name. Refused: not the holder or may not commit it, no
    draft any more, no line, no site, no month or one gone by, devices of the fleet in it.
    """
    lot: Lot | None = lock(Lot, Lot.id == lot_id)
    if lot is None or not policy.sees(actor, lot):
        raise NotFound(NO_LOT)
    LIFE.require("announce", lot, actor)
    if len(queries.counted_lines(lot.id)) != len(queries.lines(lot.id)):
        raise Conflict(
            N_(
                "An announcement only counts devices: publish this lot, or take the devices of your fleet out."
            ),
            code="lot.plan-units",
        )
    facts = plan_facts(lot)
    require_plan(lot, facts["units"])
    if lot.expected_month is not None and lot.expected_month < clock.today().replace(day=1):
        raise Invalid(N_("This month is over. Choose a later one."), field="expected_month")
    LIFE.fire("announce", lot, actor, planned_at=clock.now())
    journal.append(journal.Act(actor), f"lot/{lot.reference}", "lot.announced", facts=facts)
    return lot


def remind_due() -> int:
    """Job: the month of an announcement is over and its lot is not published: its holder is asked, once."""
    return jobs.each(_overdue(0, Lot.plan_reminded_at.is_(None)), _remind, "lot plans to remind of")


def expire_due_plans() -> int:
    """Job: announcements whose month is long over end (delay `lot.plan-late`)."""
    return jobs.each(_overdue(delay_days("lot.plan-late")), _expire, "lot plans to end")


def last_day(month: date) -> date:
    """The last day of a month, told by its first."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return following.fromordinal(following.toordinal() - 1)


def _overdue(days: int, *criteria: sa.ColumnElement[bool]) -> list[int]:
    """Announced lots whose month ended more than `days` days ago."""
    found = session().execute(
        sa.select(Lot.id, Lot.expected_month).where(Lot.state == "planned", *criteria).order_by(Lot.id)
    )
    limit = clock.in_days(-days)
    return [lot_id for lot_id, month in found if month is not None and last_day(month) < limit]


@command
def _remind(lot_id: int) -> None:
    lot = lock(Lot, Lot.id == lot_id)
    if lot is None or lot.state != "planned" or lot.plan_reminded_at is not None:
        return
    lot.plan_reminded_at = clock.now()
    mails.plan_overdue(lot, last_day(lot.expected_month))


@command
def _expire(lot_id: int) -> None:
    lot = lock(Lot, Lot.id == lot_id)
    if lot is None or lot.state != "planned":
        return
    row = LIFE.fire("expire", lot, SYSTEM, ended_at=clock.now())
    free_units(lot.id)
    # A renewal whose month is long over is no more to come.
    renewals.lot_published(lot.reference, actor=SYSTEM)
    journal.append(
        journal.Act(SYSTEM), f"lot/{lot.reference}", row.event, facts={"lot": lot.reference, "units": 0}
    )
    mails.plan_expired(lot)


def free_units(lot_id: int) -> None:
    """Devices set aside for a lot that will not be are free again; its counted lines stay as they were told."""
    own = sa.select(LotLine.id).where(LotLine.lot_id == lot_id)
    session().execute(sa.delete(LotItem).where(LotItem.line_id.in_(own)))


def _replace_lines(lot: Lot, expected: Sequence[Expected]) -> None:
    """Counted lines as `expected` tells them, in its order, keeping what is known of a line of the same name."""
    counted = queries.counted_lines(lot.id)
    kept = {(line.kind, line.label): line for line in queries.lines(lot.id) if line.number in counted}
    for one in expected:
        known = equipment.kind(one.kind)
        label = " ".join(one.label.split())[:200] or (known.plural_fr.capitalize() if known else "")
        line = kept.pop((one.kind, label), None)
        if line is None:
            composing.count_line(lot, kind=one.kind, units=one.units, label=one.label)
        elif line.declared != one.units:
            composing.recount(line, one.units)
    for line in kept.values():
        session().delete(line)
    session().flush()
    composing.check_size(queries.lines(lot.id))
