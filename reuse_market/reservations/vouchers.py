"""Verbs of orientation vouchers: issue, cancel, expire, and present one at a counter.

A voucher stands for a person in a precarious situation who is never identified (CG3P L3212-2 3°).
"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound, TooMany
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.reservations import policy, tickets
from reuse_market.reservations.lifecycle import VOUCHER
from reuse_market.reservations.models import OrientationVoucher, VoucherTry
from reuse_market.traceability import journal
from reuse_market.units import codes

PREFIX = "ORI"
MOST_CENTS = 1_000_00
WINDOW = timedelta(minutes=15)
TRIES = 10  # codes that are none, by one organisation in that time
UNKNOWN = N_("This voucher does not exist.")
NO_CODE = N_("No orientation voucher has this code. Read it again on the card.")
TYPO = N_("This code has a typing mistake: check it against the card.")
ENDED = {
    "used": N_("This orientation voucher has been used already."),
    "cancelled": N_("This orientation voucher was cancelled by its prescriber."),
    "expired": N_("This orientation voucher has expired: ask its prescriber for a new one."),
}


@command
def issue_voucher(
    ends_on: date, *, actor: Actor, kind: str | None = None, cap_cents: int | None = None
) -> OrientationVoucher:
    """A new voucher for one device, of one kind or any, at most at `cap_cents` TTC, until a day included.

    Refused: NotAllowed to who does not orient people; Invalid for a day past or beyond the longest delay, an
    unknown kind, a cap outside 0–1,000 €.
    """
    if not policy.may_prescribe(actor):
        message = N_("Only associations and the operator issue orientation vouchers.")
        raise refusal(policy.may_prescribe, actor, "voucher.issue", message)
    last = clock.in_days(delay_days("voucher.longest"))
    if not clock.today() <= ends_on <= last:
        raise Invalid(
            N_("Choose a day between today and %(last)s."), field="ends_on", last=f"{last:%d/%m/%Y}"
        )
    if kind is not None and kind not in {known.code for known in equipment.kinds()}:
        raise Invalid(N_("Choose an answer."), field="kind")
    if cap_cents is not None and not 0 <= cap_cents <= MOST_CENTS:
        raise Invalid(N_("Enter an amount in euros, for example 180.50."), field="cap_cents")
    made = OrientationVoucher(
        reference=next_reference(PREFIX), code=_free_code(), state="issued", kind=kind, cap_cents=cap_cents,
        prescriber_id=actor.organisation_id, ends_on=ends_on, issued_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    _tell(made, "voucher.issued", journal.Act(actor))
    return made


@command
def cancel_voucher(reference: str, *, actor: Actor) -> OrientationVoucher:
    """Its prescriber takes a voucher back: it opens nothing any more. Conflict once used or over."""
    found: OrientationVoucher | None = lock(OrientationVoucher, OrientationVoucher.reference == reference)
    if found is None:
        raise NotFound(UNKNOWN)
    VOUCHER.fire("cancel", found, actor, ended_at=clock.now())
    _tell(found, "voucher.cancelled", journal.Act(actor))
    return found


@command
def expire_voucher(voucher_id: int) -> OrientationVoucher:
    """The voucher's last day is over (job)."""
    found: OrientationVoucher | None = lock(OrientationVoucher, OrientationVoucher.id == voucher_id)
    if found is None:
        raise NotFound(UNKNOWN)
    if found.ends_on >= clock.today():
        raise Conflict(N_("This voucher has not ended yet."))
    VOUCHER.fire("expire", found, SYSTEM, ended_at=clock.now())
    _tell(found, "voucher.expired", journal.Act(SYSTEM))
    return found


def presented(code: str, *, actor: Actor) -> str:
    """The code as kept, once it is that of a voucher still good. Nothing is used up.

    Refused, and counted even though an act around is not done (call it before, never inside): Invalid for a
    code that is none, Conflict for a voucher used, cancelled or over. TooMany after ten in a quarter of an
    hour by the organisation. A typing mistake (the check character) is told and not counted.
    """
    if not policy.redeemer(actor):
        raise refusal(policy.redeemer, actor, "voucher.redeem")
    typed = codes.normalise(code)
    if not codes.is_code(typed):
        raise Invalid(TYPO, field="voucher", code="voucher.typo")
    _refuse_beyond(actor)
    found = tickets.by_code(typed)
    if found is None or found.state != "issued":
        _count(actor.organisation_id or 0)
    require_good(found)
    return typed


def require_good(found: OrientationVoucher | None) -> OrientationVoucher:
    """The voucher, when it exists and may still be used today; else the refusal, worded."""
    if found is None:
        raise Invalid(NO_CODE, field="voucher", code="voucher.unknown")
    ended = "expired" if found.state == "issued" and found.ends_on < clock.today() else found.state
    if ended in ENDED:
        raise Conflict(ENDED[ended], code=f"voucher.{ended}")
    return found


def use(found: OrientationVoucher, reservation: str, doing: journal.Act) -> None:
    """Inside the sale: the (locked) voucher is used, once. Conflict for whoever comes second."""
    values = {"ended_at": clock.now(), "seller_id": doing.actor.organisation_id}
    VOUCHER.fire("redeem", found, doing.actor, **values)
    _tell(found, "voucher.used", doing, reservation=reservation)


def _tell(found: OrientationVoucher, event_type: str, doing: journal.Act, **facts: str) -> None:
    """On its prescriber's stream. Never its code: the journal is handed to many."""
    told = {"voucher": found.reference} | facts
    journal.append(doing, organisation_stream(found.prescriber_id), event_type, facts=told)


def _free_code() -> str:
    while True:
        drawn = codes.draw()
        if tickets.by_code(drawn) is None:
            return drawn


def _refuse_beyond(actor: Actor) -> None:
    tries = (
        sa.select(sa.func.count())
        .select_from(VoucherTry)
        .where(
            VoucherTry.organisation_id == (actor.organisation_id or 0),
            VoucherTry.at > clock.now() - WINDOW,
        )
    )
    if (session().scalar(tries) or 0) >= TRIES:
        raise TooMany(N_("Too many wrong voucher codes. Wait a quarter of an hour, then try again."))


@command
def _count(organisation_id: int) -> None:
    session().execute(sa.delete(VoucherTry).where(VoucherTry.at < clock.now() - WINDOW))
    session().add(VoucherTry(organisation_id=organisation_id, at=clock.now()))
