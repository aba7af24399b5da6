"""The operator or a reuse actor proposes; the structure accepts or declines; a proposal is taken back, or lapses."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.regimes.words import INSTEAD
from reuse_market.reservations import acting
from reuse_market.reservations import mails as booking_mails
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import ending, mails, matching, offering, policy, supply, telling
from reuse_market.reservations.needs.lifecycle import LIVE, MATCH
from reuse_market.reservations.needs.matching import Match
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.needs.posting import UNKNOWN
from reuse_market.reservations.needs.reading import left, wanted
from reuse_market.reservations.needs.words import DECLINES, WITHDRAWALS
from reuse_market.reservations.waiting import serving

GONE = N_("This proposal does not exist.")
MOST_UNITS = 500


@command
def propose_match(reference: str, source: str, key: str, count: int, *, actor: Actor) -> NeedMatch:
    """Propose `count` devices of a supply (`matching.Supply.source`, `key`) for a need, until the dated delay.

    Ready devices are held for the structure meanwhile, once those who wait for them already have their turn.
    Refused: NotFound to who may not see the need; NotAllowed to others than the operator and the reuse actor
    whose devices they are; Conflict when the need is over, of nobody yet, or already proposed this; Invalid for
    more than is there or still asked, and, with its article, for what the law refuses to this structure.
    """
    if source == "ready":
        _those_before(reference, key)
    need = _live(reference, actor)
    found = _supply(need, source, key)
    if not policy.proposes(actor, found.supply.seller_id):
        raise NotAllowed(N_("Only the operator proposes devices that are not yours."), code="need.propose")
    if need.organisation_id is None:
        raise Conflict(N_("Say first whose need it is."), code="need.nobody")
    _possible(need, found, count)
    lot_id = _lot_id(key) if source == "planned" else None
    return offering.offer(need, found.supply, count, actor=actor, lot_id=lot_id)


@command
def accept_match(reference: str, *, actor: Actor) -> NeedMatch:
    """The structure accepts: what is held becomes its reservation, devices to come are promised to it in order.

    Refused: NotAllowed to others; Conflict when it was answered, or its last day is over.
    """
    match, need = _locked(reference, actor)
    if match.source != "ready":
        MATCH.require("accept_promise", match, actor)
        _require_in_time(match)
        MATCH.fire("accept_promise", match, actor, answered_at=clock.now())
        telling.match(actor, "need.match-accepted", match, need)
        ending.settle(need)
        mails.accepted(match, need)
        return match
    MATCH.require("accept", match, actor)
    held = acting.locked(_reference(match))
    acting.require_running(held)
    doing = acting.fire(
        "accept", held, actor, offered_until=None, until=clock.in_days(delay_days("reservation.hold"))
    )
    acting.tell(doing, held, "reservation.accepted")
    MATCH.fire("accept", match, actor, answered_at=clock.now())
    telling.match(actor, "need.match-accepted", match, need, {"reservation": held.reference})
    _count_promise(match, need)
    ending.settle(need)
    booking_mails.placed(held)
    return match


@command
def decline_match(reference: str, reason: str, *, actor: Actor) -> NeedMatch:
    """The structure says no (words.DECLINES); the reuse actor reads why. A promise may be given up alike."""
    match, need = _locked(reference, actor)
    if reason not in DECLINES:
        raise Invalid(N_("Choose an answer."), field="reason")
    MATCH.fire("decline", match, actor, reason=reason, ended_at=clock.now())
    telling.match(actor, "need.match-declined", match, need, {"reason": reason})
    ending.gone(match, need)
    ending.settle(need)
    mails.declined(match, need)
    return match


@command
def withdraw_match(reference: str, reason: str, *, actor: Actor) -> NeedMatch:
    """Who proposed takes it back (words.WITHDRAWALS): before an answer, or a promise that cannot be kept."""
    match, need = _locked(reference, actor)
    if reason not in WITHDRAWALS:
        raise Invalid(N_("Choose an answer."), field="reason")
    MATCH.fire("withdraw", match, actor, reason=reason, ended_at=clock.now())
    telling.match(actor, "need.match-withdrawn", match, need, {"reason": reason})
    ending.gone(match, need)
    ending.settle(need)
    mails.withdrawn(match, need)
    return match


def lapse_due() -> int:
    """Job: proposals whose last day to answer is over; how many."""
    due = sa.select(NeedMatch.id).where(NeedMatch.state == "proposed", NeedMatch.until < clock.today())
    return jobs.each(list(session().scalars(due.order_by(NeedMatch.id))), _lapse, "need.lapse")


@command
def _lapse(match_id: int) -> None:
    match = session().get_one(NeedMatch, match_id)
    acting.lock_all([match.reservation_id])
    need = lock(Need, Need.id == match.need_id)
    match = lock(NeedMatch, NeedMatch.id == match_id)
    if match.state != "proposed" or match.until >= clock.today():
        return
    MATCH.fire("lapse", match, SYSTEM, ended_at=clock.now())
    telling.match(SYSTEM, "need.match-lapsed", match, need)
    ending.gone(match, need)
    ending.settle(need)
    mails.lapsed(match, need)


def _locked(reference: str, actor: Actor) -> tuple[NeedMatch, Need]:
    """The match and its need: what it holds locked first, then the need."""
    seen = sa.select(NeedMatch.need_id, NeedMatch.reservation_id).where(NeedMatch.reference == reference)
    need_id, held_id = session().execute(seen).one_or_none() or (None, None)
    acting.lock_all([held_id])
    need = lock(Need, Need.id == need_id) if need_id is not None else None
    match = lock(NeedMatch, NeedMatch.reference == reference)
    if need is None or match is None or not policy.sees_match(actor, match):
        raise NotFound(GONE)
    return match, need


def _require_in_time(match: NeedMatch) -> None:
    """Conflict once its last day is over, though the clock (a job every hour) has not said so yet."""
    if match.until < clock.today():
        raise Conflict(
            N_("The last day to answer this proposal was %(day)s."), code="need.late", day=match.until
        )


def _live(reference: str, actor: Actor) -> Need:
    found = lock(Need, Need.reference == reference)
    if found is None or not (policy.may_see(actor, found) or policy.sees_anonymous(actor, found)):
        raise NotFound(UNKNOWN)
    if found.state not in LIVE:
        raise Conflict(N_("This need is over."), code="need.over")
    return found


def _supply(need: Need, source: str, key: str) -> Match:
    for one in supply.of(need):
        if (one.source, one.key) == (source, key):
            return Match(one, one.units, matching.fits(wanted(need), one))
    raise NotFound(N_("These devices are no longer available."), code="supply-gone")


def _those_before(reference: str, key: str) -> None:
    """Lock the seller's head, and give their turn to those who waited for these devices before this need."""
    need = session().scalars(sa.select(Need).where(Need.reference == reference)).one_or_none()
    group = catalogue.group(key, supply.asker(need)) if need is not None else None
    if need is not None and group is not None:
        acting.queue_up(group.seller_id)
        serving.before([group], supply.asker(need))


def _possible(need: Need, found: Match, count: int) -> None:
    for reason in found.reasons:
        if reason.code == "law":
            instead = tuple(INSTEAD[code] for code in reason.values["instead"])
            raise Invalid(
                reason.values["words"], field="units", code="need.law", instead=instead,
                **reason.values["params"],
            )  # fmt: skip
    most = min(left(need), found.supply.units, MOST_UNITS)
    if most < 1:
        raise Conflict(N_("All that is asked is already proposed."), code="need.covered")
    if not 1 <= count <= most:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=most)


def _count_promise(match: NeedMatch, need: Need) -> None:
    """A promise is kept once ready devices were accepted for all of it."""
    promise = lock(NeedMatch, NeedMatch.id == match.promise_id) if match.promise_id else None
    if promise is None or promise.state != "promised":
        return
    taken = sa.select(sa.func.sum(NeedMatch.units)).where(
        NeedMatch.promise_id == promise.id, NeedMatch.state.in_(("reserved", "served"))
    )
    if int(session().scalar(taken) or 0) >= promise.units:
        MATCH.fire("keep", promise, SYSTEM, ended_at=clock.now())
        telling.match(SYSTEM, "need.match-kept", promise, need)


def _reference(match: NeedMatch) -> str:
    held = session().get(Reservation, match.reservation_id) if match.reservation_id else None
    if held is None:
        raise Conflict(N_("These devices are no longer available."), code="supply-gone")
    return held.reference


def _lot_id(reference: str) -> int | None:
    return session().scalar(sa.select(Lot.id).where(Lot.reference == reference))
