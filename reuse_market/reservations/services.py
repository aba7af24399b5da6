"""Verbs of reservations: place, confirm, prepare, hand over, release, expire.

Whatever the concurrency a unit is held once: the guarded UPDATE of units.act and the partial unique index on
its open `hold` engagement decide; losers get a Conflict that says how many are left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import signatures
from reuse_market.accounts.models import Organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.documents import services as documents
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.reservations import law, mails, policy, queries, slip
from reuse_market.reservations.lifecycle import BOOKING, SIGNABLE
from reuse_market.reservations.models import Reservation
from reuse_market.traceability import journal
from reuse_market.units import labels
from reuse_market.units import queries as units
from reuse_market.units import services as unit_services
from reuse_market.units.models import Unit
from reuse_market.units.services import Closing, Move, Opening

MOST = 500
LONGEST_NAME = 120
DELIVERIES = ("collect", "deliver")
UNKNOWN = N_("This reservation does not exist.")
NO_SLIP = N_("This reservation has ended without a handover: it has no slip.")


@command
def place_reservation(
    group_key: str,
    count: int,
    *,
    actor: Actor,
    order_number: str = "",
    delivery: str = "collect",
    note: str = "",
    once: str | None = None,
) -> Reservation:
    """Hold `count` ready units of an identical group for the actor's organisation, for the dated delay.

    `once` names the form it came from: sent again, it answers the reservation already made.
    Refused: NotAllowed to who may not reserve; NotFound when nothing of the group is left; Conflict when
    fewer are left than asked (says how many); Invalid for a count outside 1–500, one's own stock, or with the
    article where the law says no.
    """
    if not policy.may_reserve(actor):
        raise NotAllowed(N_("Only buyers and associations reserve, through somebody who may commit them."))
    if (again := _already(once, actor)) is not None:
        return again
    group = _reservable(group_key, count, delivery, actor)
    _queue_up(group.seller_id)
    ids = _pick(group, count)
    made = Reservation(
        reference=next_reference("RES"), state="placed", beneficiary_id=actor.organisation_id,
        seller_id=group.seller_id, group_key=group_key, units=count, price_cents=group.price_cents,
        vat_scheme=group.vat_scheme, order_number=order_number.strip()[:60], delivery=delivery,
        note=note.strip()[:500], once=once, until=clock.in_days(delay_days("reservation.hold")),
        placed_at=clock.now(),
    )  # fmt: skip
    law.require_provision(made, ids, field="units")
    session().add(made)
    session().flush()
    party = actor.organisation_id or 0
    move = Move("hold", party_id=party, opens=(Opening("hold", made.reference, party),))
    doing = journal.Act(actor)
    for stream, members in _by_stream(ids):
        unit_services.act(move, members, doing=doing, stream=stream, facts={"reservation": made.reference})
    mails.placed(made)
    return made


@command
def confirm_reservation(reference: str, *, actor: Actor) -> Reservation:
    """The seller confirms: each unit has its label, and a signature code is made for the beneficiary."""
    found = _locked(reference)
    doing = _fire("confirm", found, actor, confirmed_at=clock.now())
    labels.ensure_labels(units.engaged_ids("hold", reference), actor=actor)
    code = signatures.make_code(slip.owner(reference), found.beneficiary_id, valid_days=_days_left(found))
    _tell(doing, found, "reservation.confirmed")
    mails.confirmed(found, code)
    return found


@command
def prepare_reservation(reference: str, *, actor: Actor) -> Reservation:
    """The seller says the units are packed: the beneficiary may come, or wait for the delivery."""
    found = _locked(reference)
    doing = _fire("prepare", found, actor, prepared_at=clock.now())
    _tell(doing, found, "reservation.prepared")
    mails.prepared(found)
    return found


@command
def renew_code(reference: str, *, actor: Actor) -> None:
    """A new signature code (five wrong tries, or too old). By the beneficiary, who alone sees it."""
    found = _locked(reference)
    if not policy.beneficiary(actor, found):
        raise NotAllowed(N_("Only the beneficiary may ask for a new code."))
    if found.state not in SIGNABLE:
        raise Conflict(N_("There is nothing to sign on this reservation."))
    signatures.make_code(slip.owner(reference), found.beneficiary_id, valid_days=_days_left(found))


@command
def sign_as_beneficiary(reference: str, *, actor: Actor, name: str) -> Reservation:
    """The beneficiary, signed in, signs for the devices received: owner and custodian change."""
    return _hand_over(_locked(reference), "sign", actor, _checked_name(name))


def sign_with_code(reference: str, name: str, code: str, *, actor: Actor) -> Reservation:
    """The beneficiary signs on the seller's screen: typed name and the code sent to their organisation.

    Refused: Invalid with the tries left; Conflict when a new code is needed. A wrong code counts even so.
    """
    found = queries.find(reference)
    if found is None:
        raise NotFound(UNKNOWN)
    BOOKING.require("sign_with_code", found, actor)
    typed = _checked_name(name)
    signatures.check_code(slip.owner(reference), code)
    return _sign_checked(reference, typed, code, actor=actor)


@command
def _sign_checked(reference: str, name: str, code: str, *, actor: Actor) -> Reservation:
    found = _locked(reference)
    signatures.spend_code(slip.owner(reference), code)
    return _hand_over(found, "sign_with_code", actor, name)


@command
def release_reservation(reference: str, *, actor: Actor, reason: str = "") -> Reservation:
    """Either party lets go: the units are ready again for others. The seller says why (Invalid without)."""
    found = _locked(reference)
    BOOKING.require("release", found, actor)
    if not reason.strip() and not policy.beneficiary(actor, found):
        raise Invalid(N_("Say why, in a few words: the beneficiary reads it."), field="reason")
    doing = _fire("release", found, actor, reason=reason.strip()[:500])
    _give_back(doing, found, "released")
    mails.released(found, by_id=actor.organisation_id)
    return found


@command
def expire_reservation(reservation_id: int) -> Reservation:
    """The hold has ended without handover: the units are ready again (job)."""
    found = lock(Reservation, Reservation.id == reservation_id)
    if found is None:
        raise NotFound(UNKNOWN)
    if found.until >= clock.today():
        raise Conflict(N_("This reservation has not ended yet."))
    doing = _fire("expire", found, SYSTEM)
    _give_back(doing, found, "expired")
    mails.expired(found)
    return found


def _already(once: str | None, actor: Actor) -> Reservation | None:
    if not once:
        return None
    statement = sa.select(Reservation).where(
        Reservation.once == once, Reservation.beneficiary_id == actor.organisation_id
    )
    return session().scalars(statement).one_or_none()


def _reservable(group_key: str, count: int, delivery: str, actor: Actor) -> catalogue.Group:
    if not 1 <= count <= MOST:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=MOST)
    if delivery not in DELIVERIES:
        raise Invalid(N_("Choose an answer."), field="delivery")
    group = catalogue.group(group_key, actor)
    if group is None:
        raise NotFound(N_("These devices are no longer available."), code="group-gone")
    if actor.is_org(group.seller_id):
        raise Invalid(N_("These devices are yours already."), field="units")
    return group


def _queue_up(seller_id: int) -> None:
    """One reservation at a time at a seller: its row is the head of its shop window.

    Without it PostgreSQL's rivals lock units they will not get, and block those who let units go. NO KEY
    UPDATE: rows that point at the organisation may still be written meanwhile.
    """
    head = sa.select(Organisation.id).where(Organisation.id == seller_id)
    session().execute(head.with_for_update(key_share=True))


def _pick(group: catalogue.Group, count: int) -> list[int]:
    """`count` ready ids of the group, locked."""
    ids = catalogue.ready_ids(group, count)
    if len(ids) < count:
        raise Conflict(
            N_("Only %(left)s are left. Change the number, then reserve again."),
            code="too-few",
            left=len(ids),
        )
    return ids


def _locked(reference: str) -> Reservation:
    found = lock(Reservation, Reservation.reference == reference)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _fire(action: str, found: Reservation, actor: Actor, **values: Any) -> journal.Act:
    BOOKING.fire(action, found, actor, **values)
    return journal.Act(actor)


def _tell(doing: journal.Act, found: Reservation, event_type: str) -> None:
    """An act that moves no unit still speaks of them, on each of their lots' streams."""
    for stream, members in _by_stream(units.engaged_ids("hold", found.reference)):
        journal.append_all(doing, stream, event_type, members, facts={"reservation": found.reference})


def _give_back(doing: journal.Act, found: Reservation, outcome: str) -> None:
    closing = Closing("hold", found.reference, outcome)
    for stream, members in _by_stream(units.engaged_ids("hold", found.reference)):
        unit_services.act(
            Move("release_hold", party_id=found.beneficiary_id, closes=(closing,)), members, doing=doing,
            stream=stream, event_type=f"reservation.{outcome}", facts={"reservation": found.reference},
        )  # fmt: skip


def _hand_over(found: Reservation, action: str, actor: Actor, name: str) -> Reservation:
    """Sign: the slip is issued with what was held, then the units pass to the beneficiary, if the law still
    allows it that day."""
    ids = units.engaged_ids("hold", found.reference)
    BOOKING.require(action, found, actor)
    law.require_provision(found, ids)
    doing = _fire(action, found, actor, provided_at=clock.now(), signer_name=name)
    new_site = accounts.base_site(found.beneficiary_id)
    move = Move(
        "provide", party_id=found.beneficiary_id, owner_id=found.beneficiary_id,
        custodian_id=found.beneficiary_id,
        closes=(Closing("hold", found.reference, "provided"),),
        values={"site_id": new_site.id if new_site else None},
    )  # fmt: skip
    for stream, members in _by_stream(ids):
        unit_services.act(
            move, members, doing=doing, stream=stream,
            facts={"reservation": found.reference, "price_cents": found.price_cents},
            commitments={"signer": name},
        )  # fmt: skip
    session().refresh(found)
    by_code = action == "sign_with_code"
    handed_by = ", ".join(n for n in (actor.person_name, actor.organisation_name) if n) if by_code else ""
    documents.issue(
        slip.KIND, slip.facts(found, "fr", handed_by=handed_by), lang="fr", owner=slip.owner(found.reference),
        readers=[found.beneficiary_id, found.seller_id], number_prefix=slip.PREFIX,
    )  # fmt: skip
    mails.provided(found)
    return found


def _checked_name(name: str) -> str:
    typed = " ".join(name.split())
    if not typed:
        raise Invalid(N_("Type the name of the person who signs."), field="name")
    if len(typed) > LONGEST_NAME:
        raise Invalid(N_("Shorten this name to %(most)s characters."), field="name", most=LONGEST_NAME)
    return typed


def _by_stream(ids: Iterable[int]) -> list[tuple[str, list[int]]]:
    """Unit ids by their lot's stream, streams in order (an act over several lots: one event a stream)."""
    wanted = sorted(ids)
    found: dict[str, list[int]] = {}
    rows = session().execute(
        sa.select(Unit.id, Unit.stream).where(unit_services.criterion(wanted)).order_by(Unit.stream, Unit.id)
    )
    for unit_id, stream in rows:
        found.setdefault(stream, []).append(unit_id)
    return sorted(found.items())


def _days_left(found: Reservation) -> int:
    return max(1, (found.until - clock.today()).days + 1)
