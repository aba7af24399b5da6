"""What a holder says of its renewals: plans announced, changed, cancelled, done; the age rule of a kind.

Each verb makes the forecast anew, so that its effect shows. A planned lot made of a plan is its room's to make:
it tells so by `link_lot`, then `lot_published` or `lot_given_up`, inside its own command.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.fleets.forecast_models import AgeRule, RenewalPlan
from reuse_market.fleets.forecasting import HORIZON, reading
from reuse_market.fleets.forecasting.quarters import period_of, quarter_of
from reuse_market.fleets.lifecycle import RENEWING
from reuse_market.fleets.services import resource
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal

MOST = 100_000
YOUNGEST, OLDEST = 6, 240  # months
LONGEST_MODEL, LONGEST_NOTE = 120, 300


@dataclass(frozen=True, slots=True)
class Renewal:
    """What is announced. `period`: a quarter ("2027-Q2") or a month ("2027-05")."""

    kind: str
    quantity: int
    period: str
    model: str = ""
    site_id: int | None = None
    note: str = ""


def announce_renewal(renewal: Renewal, *, actor: Actor) -> int:
    """Announce that devices will be released; the plan's id.

    Refused: NotAllowed to who is no holder; Invalid for an unknown kind or site, a quantity outside 1 to
    100,000, a quarter that is over or more than 12 quarters ahead.
    """
    plan_id = _announce(renewal, actor=actor)
    resource.refresh(actor.organisation_id or 0)
    return plan_id


def change_renewal(plan_id: int, renewal: Renewal, *, actor: Actor) -> int:
    """Say it otherwise; the plan's id. Refused as `announce_renewal`, and a plan done, cancelled or of others."""
    _change(plan_id, renewal, actor=actor)
    resource.refresh(actor.organisation_id or 0)
    return plan_id


def cancel_renewal(plan_id: int, *, actor: Actor) -> int:
    """Take the announcement back; the plan's id. Refused: done already, a planned lot shows it, of others."""
    _end("cancel", plan_id, actor=actor)
    resource.refresh(actor.organisation_id or 0)
    return plan_id


def finish_renewal(plan_id: int, *, actor: Actor) -> int:
    """Say that it has happened: it is no longer counted as to come; the plan's id. Refused as a cancellation."""
    _end("finish", plan_id, actor=actor)
    resource.refresh(actor.organisation_id or 0)
    return plan_id


def set_age_rule(kind: str, months: int | None, *, actor: Actor) -> None:
    """The age at which this holder renews a kind, in months; None goes back to the usual age.

    Refused: NotAllowed to who is no holder; Invalid for an unknown kind or an age outside 6 to 240 months.
    """
    _set_age_rule(kind, months, actor=actor)
    resource.refresh(actor.organisation_id or 0)


@command
def link_lot(plan_id: int, lot_reference: str, *, actor: Actor) -> RenewalPlan:
    """Tie a plan to the planned lot made of it. Refused: a plan not announced, or tied to another lot."""
    row = _locked(plan_id, actor)
    RENEWING.require("change", row, actor)
    if row.lot_reference not in (None, lot_reference):
        raise Conflict(N_("A planned lot has been made of this plan already."), code="renewal_plan.linked")
    RENEWING.fire("change", row, actor, lot_reference=lot_reference)
    _tell("fleet.renewal-changed", row, actor)
    return row


@command
def lot_published(lot_reference: str, *, actor: Actor) -> None:
    """The planned lot of a plan has been published with its devices: the plan is done. Nothing without a plan."""
    row = reading.plan_of_lot(lot_reference)
    if row is not None and row.state == "announced":
        RENEWING.fire("finish", row, actor)
        _tell("fleet.renewal-done", row, actor)


@command
def lot_given_up(lot_reference: str, *, actor: Actor) -> None:
    """The planned lot of a plan is no more: the plan stands by itself again. Nothing without a plan."""
    row = reading.plan_of_lot(lot_reference)
    if row is not None and row.state == "announced":
        RENEWING.fire("change", row, actor, lot_reference=None)
        _tell("fleet.renewal-changed", row, actor)


@command
def _announce(renewal: Renewal, *, actor: Actor) -> int:
    holder_id = _holder(actor)
    row = RenewalPlan(
        organisation_id=holder_id, state="announced", version=1, made_at=clock.now(),
        **_checked(renewal, holder_id),
    )  # fmt: skip
    session().add(row)
    session().flush()
    _tell("fleet.renewal-announced", row, actor)
    return row.id


@command
def _change(plan_id: int, renewal: Renewal, *, actor: Actor) -> None:
    row = _locked(plan_id, actor)
    RENEWING.require("change", row, actor)
    RENEWING.fire("change", row, actor, **_checked(renewal, row.organisation_id))
    _tell("fleet.renewal-changed", row, actor)


@command
def _end(action: str, plan_id: int, *, actor: Actor) -> None:
    row = _locked(plan_id, actor)
    RENEWING.require(action, row, actor)
    if row.lot_reference:
        raise Conflict(
            N_("A planned lot shows this renewal: publish or withdraw the lot instead."),
            code="renewal_plan.linked",
        )
    RENEWING.fire(action, row, actor)
    _tell(RENEWING.transition(action).event, row, actor)


@command
def _set_age_rule(kind: str, months: int | None, *, actor: Actor) -> None:
    holder_id = _holder(actor)
    if equipment.kind(kind) is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")
    if months is not None and not YOUNGEST <= months <= OLDEST:
        raise Invalid(
            N_("Enter an age between %(least)s and %(most)s months."),
            field="months",
            least=YOUNGEST,
            most=OLDEST,
        )
    if months is None:
        own = (AgeRule.organisation_id == holder_id, AgeRule.kind == kind)
        session().execute(sa.delete(AgeRule).where(*own))
    else:
        rule = AgeRule(organisation_id=holder_id, kind=kind, months=months, set_at=clock.now())
        session().merge(rule)
    session().flush()
    facts = {"kind": kind, "months": months}
    journal.append(journal.Act(actor), f"fleet/{holder_id}", "fleet.age-rule-set", facts=facts)


def _holder(actor: Actor) -> int:
    if not actor.has("holder") or actor.organisation_id is None:
        raise NotAllowed(N_("Your organisation may not do this."))
    return actor.organisation_id


def _locked(plan_id: int, actor: Actor) -> RenewalPlan:
    row: RenewalPlan | None = lock(RenewalPlan, RenewalPlan.id == plan_id)
    if row is None or not (actor.has("holder") and actor.is_org(row.organisation_id)):
        raise NotFound(N_("This renewal plan does not exist."))
    return row


def _checked(renewal: Renewal, holder_id: int) -> dict[str, Any]:
    if equipment.kind(renewal.kind) is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")
    if not 1 <= renewal.quantity <= MOST:
        raise Invalid(N_("Enter a number between %(min)s and %(max)s."), field="quantity", min=1, max=MOST)
    site = accounts.site(renewal.site_id)
    if renewal.site_id is not None and (site is None or site.organisation_id != holder_id):
        raise Invalid(N_("Choose one of your sites."), field="site_id")
    for name, most in (("model", LONGEST_MODEL), ("note", LONGEST_NOTE)):
        if len(getattr(renewal, name)) > most:
            raise Invalid(N_("Use at most %(most)s characters."), field=name, most=most)
        praise.require_plain(getattr(renewal, name), field=name)
    quarter, month = _when(renewal.period)
    return {
        "kind": renewal.kind, "quantity": renewal.quantity, "quarter": quarter, "month": month,
        "model": renewal.model.strip(), "site_id": renewal.site_id, "note": renewal.note.strip(),
    }  # fmt: skip


def _when(text: str) -> tuple[date, date | None]:
    found = period_of(text)
    if found is None:
        raise Invalid(N_("Choose a quarter or a month."), field="period")
    now = quarter_of(clock.today())
    if not now <= quarter_of(found[0]) < now + HORIZON:
        raise Invalid(
            N_("Choose a quarter of the coming three years, the present one included."), field="period"
        )
    if found[1] is not None and found[1] < clock.today().replace(day=1):
        raise Invalid(N_("This month is over."), field="period")
    return found


def _tell(event: str, row: RenewalPlan, actor: Actor) -> None:
    facts: dict[str, Any] = {
        "plan": row.id, "kind": row.kind, "units": row.quantity, "quarter": row.quarter.isoformat(),
    }  # fmt: skip
    if row.lot_reference:
        facts["lot"] = row.lot_reference
    journal.append(journal.Act(actor), f"fleet/{row.organisation_id}", event, facts=facts)
