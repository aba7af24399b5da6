"""Preparing a lot: its draft and its terms. Of a draft nothing is public; changes of an announcement are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.fleets.services import plans as renewals
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.lots import conditions, law, policy, queries, sharing_terms
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.traceability import journal

PLAN = ("title", "site_id", "expected_month", "regime", "note")  # what an announcement tells
NO_LOT = N_("This lot does not exist.")
NOT_DRAFT = N_("This lot is published: it can no longer be changed.")


@command
def draft_lot(*, actor: Actor, title: str, site_id: int | None = None) -> Lot:
    """A new draft of the actor's organisation, LOT-2026-0042. Refused: no holder, no title, foreign site."""
    if not actor.has("holder") or actor.organisation_id is None:
        raise NotAllowed(N_("Only a holder makes lots."))
    made = Lot(
        reference=next_reference("LOT"),
        state="draft",
        holder_id=actor.organisation_id,
        title=_title(title),
        site_id=_own_site(site_id, actor.organisation_id),
        made_at=clock.now(),
    )
    session().add(made)
    session().flush()
    return made


@command
def set_conditions(lot_id: int, values: Mapping[str, Any], *, actor: Actor) -> Lot:
    """Set the terms of a draft (conditions.FIELDS; those not given stay). It may stay incomplete.

    `claims_until` left empty is the usual delay, at most the last day of pick-up; `public_first_days` None
    keeps the lot for nobody; `expected_month` is any day of the month of an announcement.
    Refused, with the field: a foreign site, dates out of order, a month gone by or too far, a regime the law
    refuses this holder (with its article), a price a regime does not take, proposals on a first-come lot,
    days kept for public bodies past the last day for requests or for nobody. What devices are worth is
    judged at the publication.
    """
    lot = draft(lot_id, actor)
    before = [getattr(lot, name) for name in PLAN]
    for name in conditions.FIELDS:
        if name in values:
            setattr(lot, name, values[name])
    with session().no_autoflush:
        lot.title = _title(lot.title)
        lot.note = (lot.note or "").strip()[:1000]
        praise.require_plain(lot.note, field="note")
        _own_site(lot.site_id, lot.holder_id)
        if lot.expected_month is not None and "expected_month" in values:
            lot.expected_month = lot.expected_month.replace(day=1)
            conditions.check_month(lot.expected_month, clock.today())
        _check_terms(lot)
    session().flush()
    if before != [getattr(lot, name) for name in PLAN]:
        note_change(lot, actor)
    return lot


@command
def delete_draft(lot_id: int, *, actor: Actor) -> None:
    """Forget a draft: its units are free again. Refused once announced (it is withdrawn) or published."""
    lot = draft(lot_id, actor)
    if lot.state == "planned":
        raise Conflict(N_("This lot is announced: withdraw it, and say why."), code="lot.planned")
    renewals.lot_given_up(lot.reference, actor=actor)
    own = sa.select(LotLine.id).where(LotLine.lot_id == lot.id)
    session().execute(sa.delete(LotItem).where(LotItem.line_id.in_(own)))
    session().execute(sa.delete(LotLine).where(LotLine.lot_id == lot.id))
    session().execute(sa.delete(Lot).where(Lot.id == lot.id))
    session().expunge(lot)


def draft(lot_id: int, actor: Actor) -> Lot:
    """The locked draft of the actor's organisation, or its announced lot, which takes who may commit it."""
    lot: Lot | None = lock(Lot, Lot.id == lot_id)
    if lot is None or not policy.sees(actor, lot):
        raise NotFound(NO_LOT)
    if not policy.holder(actor, lot):
        raise NotAllowed(N_("Your organisation may not do this."))
    if lot.state not in ("draft", "planned"):
        raise Conflict(NOT_DRAFT, code="lot.not-draft")
    if lot.state == "planned" and not actor.commits:
        raise refusal(lambda one: policy.holder_commits(one, lot), actor, "lot.plan.not-allowed")
    return lot


def note_change(lot: Lot, actor: Actor) -> None:
    """Write down that an announcement has changed, inside the verb that changes it; nothing for a draft."""
    if lot.state != "planned":
        return
    session().flush()
    lot.plan_changed_at = clock.now()
    facts = plan_facts(lot)
    require_plan(lot, facts["units"])
    journal.append(journal.Act(actor), f"lot/{lot.reference}", "lot.plan-changed", facts=facts)


def require_plan(lot: Lot, units: int) -> None:
    """Refuse an announcement without devices, site or month: Invalid names the first that is missing."""
    if (missing := conditions.first_missing_plan(lot, units)) is not None:
        raise Invalid(missing[1], field=missing[0], code="lot.plan-incomplete")


def plan_facts(lot: Lot) -> dict[str, Any]:
    """What the journal says of an announcement: how many, of what, when, how."""
    lines = queries.lines(lot.id)
    return {
        "lot": lot.reference, "units": sum(line.declared for line in lines), "regime": lot.regime,
        "month": f"{lot.expected_month:%Y-%m}" if lot.expected_month else None,
        "lines": [{"line": line.number, "kind": line.kind, "units": line.declared} for line in lines],
    }  # fmt: skip


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not 3 <= len(title) <= 160:
        raise Invalid(
            N_("Enter a title of 3 to 160 characters, for example “40 laptops, Eybens”."), field="title"
        )
    praise.require_plain(title, field="title")
    return title


def _own_site(site_id: int | None, holder_id: int) -> int | None:
    site = accounts.site(site_id)
    if site_id is not None and (site is None or site.organisation_id != holder_id):
        raise Invalid(N_("Choose one of your sites."), field="site_id")
    return site_id


def _check_terms(lot: Lot) -> None:
    if lot.claims_until is None and lot.available_until is not None:
        lot.claims_until = min(clock.in_days(delay_days("lot.open")), lot.available_until)
    conditions.check_dates(lot.available_from, lot.available_until, lot.claims_until, clock.today())
    if lot.regime is not None:
        _check_regime(lot)
    conditions.check_award(lot.award_mode, lot.price_kind)
    if lot.erased_by is not None:
        conditions.check_choice("erased_by", lot.erased_by, conditions.ERASERS)
    if lot.erasure_policy is not None:
        conditions.check_choice("erasure_policy", lot.erasure_policy, conditions.ERASURE_POLICIES)
    sharing_terms.check(lot)
    conditions.check_public_first(lot.public_first_days, lot.claims_until, clock.today())
    if lot.public_first_days is not None:
        law.require_public_taker(lot, queries.lines(lot.id))


def _check_regime(lot: Lot) -> None:
    conditions.check_choice("regime", lot.regime, conditions.OPEN_REGIMES)
    if lot.regime in conditions.FREE_REGIMES:
        lot.price_kind = "free"
    if lot.price_kind != "fixed":
        lot.price_cents = None
    law.require_choosable(lot, queries.lines(lot.id))
    conditions.check_price(str(lot.regime), lot.price_kind, lot.price_cents)
