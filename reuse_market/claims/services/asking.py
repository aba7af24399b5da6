"""Asking for units of a published lot: to recondition them, or for one's own use, as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from reuse_market.accounts.queries import Correspondent
from reuse_market.claims import law, mails, offers, queries
from reuse_market.claims.commitment import VERSION, undertaking
from reuse_market.claims.models import CAPACITIES, Claim, ClaimLine
from reuse_market.claims.services import answering
from reuse_market.claims.sharing import terms
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.lots import policy as lot_policy
from reuse_market.lots import queries as lot_reads
from reuse_market.lots.models import Lot, LotLine
from reuse_market.regimes.cases import Allowed
from reuse_market.traceability import journal


@dataclass(frozen=True, slots=True)
class Pledge:
    """What the person ticked, and the versions of the texts that this binds to ("" where none is due)."""

    committed: bool
    undertaken: bool
    commitment_version: str = ""
    undertaking_version: str = ""


@command
def submit_claim(
    lot_reference: str,
    lines: Mapping[int, int],
    *,
    actor: Actor,
    proposal: str = "",
    capacity: str = "",
    amount_cents: int | None = None,
    minimum: int | None = None,
    message: str = "",
    committed: bool = False,
    undertaken: bool = False,
) -> Claim:
    """Ask for units of a published lot: line number → how many. On a first-come lot it is awarded at once.

    `minimum`: at least so many in all, or none, where a lot is shared at closing.
    `capacity`: reuse_actor | recipient, `proposal`: pay | fee | free ("": the only one, the usual one). A
    published lot's terms and lines do not change, so that the law is asked before its lock is taken.
    Refused: no such capacity, or one's own lot; no reuse commitment from a reuse actor (REEN art. 16); no
    written undertaking where the law asks for one (CG3P L3212-2); a lot over, or still kept for public
    bodies; a second claim while one waits; more than is declared; what the law refuses this claimant (with
    its article); on a first-come lot, more than is left.
    """
    asking = _prepared(lot_reference, lines, actor, capacity, proposal, amount_cents, (committed, undertaken))
    lot = _locked(asking.lot.id, actor)
    terms.check(lot, asking.wanted, minimum, actor.organisation_id or 0)
    made = _recorded(lot, asking, actor, message, minimum)
    doing, count = journal.Act(actor), sum(asking.wanted.values())
    facts = {
        "lot": lot.reference, "claim": made.reference, "units": count, "capacity": asking.capacity,
        "commitment": made.commitment_version or None, "undertaking": made.undertaking_version or None,
    }  # fmt: skip
    submitted = journal.Part((), None, facts, "claim.submitted")
    if lot.award_mode == "first_come":
        answering.engage_units(made, lot, asking.wanted, doing, before=(submitted,))
        mails.taken(made, lot, count, asking.told)
    else:
        journal.append_many(doing, f"lot/{lot.reference}", "claim.submitted", [submitted])
        mails.received(made, lot, count, asking.told)
    return made


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody may ask for, as checked before the lot is locked."""

    lot: Lot
    wanted: dict[int, int]
    capacity: str
    offer: offers.Offer
    pledge: Pledge
    answer_until: date
    told: dict[int, Correspondent]


def _prepared(
    reference: str, lines: Mapping[int, int], actor: Actor, capacity: str, proposal: str, amount_cents: int | None,
    ticked: tuple[bool, bool],
) -> Asking:  # fmt: skip
    """All that needs no lock: the lot open to them, the capacity, the lines, the law, what they pledge."""
    found = session().execute(_ASKED_FOR, {"of": reference, "taker": actor.organisation_id}).one_or_none()
    lot, acts, waits = found or (None, False, False)
    lot = _checked_open(lot, acts)
    capacity = _capacity(lot, actor, capacity)
    _check_kept(lot, actor)
    read = law.read_for(lot, actor.organisation_id)
    wanted = _wanted(read.lines, lines)
    if capacity == "reuse_actor" and not ticked[0]:
        raise Invalid(N_("Tick the reuse commitment: without it the lot cannot be awarded to you."),
                      field="committed", code="claim.commitment")  # fmt: skip
    _check_first(waits)
    offer, allowed = _allowed_offer(lot, wanted, actor, capacity, proposal, amount_cents, read)
    pledge = _pledged(Pledge(*ticked), capacity, allowed, actor)
    return Asking(lot, wanted, capacity, offer, pledge, terms.answer_until(lot), mails.whom(lot, actor))


def _locked(lot_id: int, actor: Actor) -> Lot:
    """The lot, its row locked, still open to them."""
    lot = lock(Lot, Lot.id == lot_id)
    acts, waits = session().execute(_STILL, {"of": lot_id, "taker": actor.organisation_id}).one()
    lot = _checked_open(lot, acts)
    _check_first(waits)
    return lot


_STANDING = (
    lot_reads.whose_holder_acts().label("acts"),
    sa.exists().where(
        Claim.lot_id == Lot.id, Claim.organisation_id == sa.bindparam("taker"), Claim.state == "submitted"
    ).label("waits"),
)  # fmt: skip
_ASKED_FOR = sa.select(Lot, *_STANDING).where(Lot.reference == sa.bindparam("of"))
_STILL = sa.select(*_STANDING).where(Lot.id == sa.bindparam("of"))


def _checked_open(lot: Lot | None, holder_acts: bool) -> Lot:
    """The lot, if it takes claims: asked before the law is, and again once its row is locked."""
    if lot is None or not lot_policy.is_public(lot):
        raise NotFound(N_("This lot does not exist."))
    if lot.published_at is None:
        raise Conflict(queries.NOT_PUBLISHED, code="claim.not-published")
    if not lot_reads.takes_claims(lot):
        raise Conflict(N_("This lot is no longer open to claims."), code="claim.lot-over")
    if not holder_acts:
        raise Conflict(
            N_("The holder of this lot is suspended: it takes no claims for now."),
            code="claim.holder-suspended",
        )
    return lot


def _capacity(lot: Lot, actor: Actor, asked: str) -> str:
    """The capacity asked for, or the only one there is."""
    possible = queries.capacities(lot, actor)
    if asked in possible:
        return asked
    if possible and not asked and len(possible) == 1:
        return possible[0]
    if possible and asked not in CAPACITIES:
        raise Invalid(N_("Say whether you take them to recondition them, or for your own use."),
                      field="capacity", code="claim.capacity")  # fmt: skip
    raise queries.no_capacity(lot, actor)


def _check_kept(lot: Lot, actor: Actor) -> None:
    until = queries.kept_until(lot, actor)
    if until is not None:
        raise Conflict(
            N_("Until %(date)s this lot is kept for public bodies. You can ask for it from the next day on."),
            code="claim.kept-for-public-bodies",
            date=until,
        )


def _wanted(known: Sequence[LotLine], lines: Mapping[int, int]) -> dict[int, int]:
    declared = {line.number: line.declared for line in known}
    wanted = {line: count for line, count in lines.items() if count}
    if not wanted:
        raise Invalid(N_("Ask for at least one device."), field="lines", code="claim.nothing")
    for line, count in wanted.items():
        if line not in declared:
            raise Invalid(N_("This lot has no line %(line)s."), field="lines", code="claim.line", line=line)
        if not 1 <= count <= declared[line]:
            raise Invalid(N_("Enter a number between 0 and %(most)s."), field=f"line_{line}",
                          code="claim.number", most=declared[line])  # fmt: skip
    return wanted


def _check_first(waits: bool) -> None:
    if waits:
        raise Conflict(N_("You already have a claim waiting on this lot."), code="claim.twice")


def _allowed_offer(
    lot: Lot, wanted: Mapping[int, int], actor: Actor, capacity: str, proposal: str, amount_cents: int | None,
    read: law.Read,
) -> tuple[offers.Offer, list[Allowed]]:  # fmt: skip
    asked, whole = offers.parts(read.lines, wanted)
    proposal = proposal or offers.choices(lot, read.giver, capacity)[0]
    offer = offers.checked(lot, read.giver, proposal, amount_cents, asked, whole, capacity)
    return offer, law.require_award(lot, wanted, actor.organisation_id, capacity, offer, read=read)


def _pledged(ticked: Pledge, capacity: str, allowed: list[Allowed], actor: Actor) -> Pledge:
    """What the claimant is bound to: nobody gives a written undertaking for another organisation."""
    due = undertaking(law.documents(allowed))
    if due is not None and not ticked.undertaken:
        raise Invalid(
            N_("Tick the written undertaking: without it the law forbids to give you these devices."),
            field="undertaken", code="claim.undertaking",
        )  # fmt: skip
    if due is not None:
        require_own_hand(actor)
    return Pledge(
        ticked.committed, ticked.undertaken,
        VERSION if capacity == "reuse_actor" else "", due.version if due is not None else "",
    )  # fmt: skip


def _recorded(lot: Lot, asking: Asking, actor: Actor, message: str, minimum: int | None) -> Claim:
    now, at_once, pledge = clock.now(), lot.award_mode == "first_come", asking.pledge
    made = Claim(
        reference=next_reference("DEM"), state="awarded" if at_once else "submitted", version=1, lot_id=lot.id,
        holder_id=lot.holder_id, organisation_id=actor.organisation_id, capacity=asking.capacity,
        proposal=asking.offer.proposal, amount_cents=asking.offer.amount_cents,
        minimum=minimum if lot.award_mode == "at_closing" else None, message=message, reason="",
        commitment_version=pledge.commitment_version, undertaking_version=pledge.undertaking_version,
        committed_at=now, committed_by=actor.person_id, submitted_at=now, answered_at=now if at_once else None,
        answer_until=asking.answer_until,
    )  # fmt: skip
    session().add(made)
    session().flush()
    session().add_all(
        ClaimLine(claim_id=made.id, line=line, asked=count, awarded=count if at_once else 0)
        for line, count in sorted(asking.wanted.items())
    )
    session().flush()
    return made
