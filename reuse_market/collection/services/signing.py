"""The two signatures: the driver's passes custody, the holder's passes ownership."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import signatures
from reuse_market.claims import law as claim_law
from reuse_market.claims.models import Claim
from reuse_market.collection import direct, links, mails, papers, papers_gift, policy, queries
from reuse_market.collection.lifecycle import FLOW
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.collection.rounds import following
from reuse_market.collection.services.identities import identify_read
from reuse_market.collection.services.slots import locked, make_code, subject
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.lots import services as lots
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal
from reuse_market.units import queries as units
from reuse_market.units import services as moves
from reuse_market.units.labels import ensure_labels
from reuse_market.units.models import Unit
from reuse_market.units.services import Closing, Move, Opening

# outcome → (unit action, outcome of the award, outcome of the lot)
MOVES = {
    "taken": ("collect", "collected", "collected"),
    "missing": ("miss", "missing", "missing"),
    "refused": ("refuse", "refused", "refused"),
}


@command
def sign_as_driver(
    reference: str, *, actor: Actor, plate: str = "", driver_name: str = "", at: datetime | None = None
) -> Pickup:
    """The driver signs for what was checked off: one act. Custody of what is taken passes to who collects.

    Taken units and extras are collected, missing ones missing, refused ones back to the holder; the pick-up
    is done. Who claimed for its own use is provided with them at once, as they are. Refused: not the driver's
    organisation, or not committing; a planned unit without an outcome; units taken as they are where the law no
    longer allows it (Invalid with the article), or without the holder's erasure proof under the lot's policy
    (Conflict that names them). `at`: when it was signed, on a
    phone without network; never after its recording.
    """
    require_own_hand(actor)
    pickup, claim, lot = locked(reference, actor)
    FLOW.require("sign_as_driver", pickup, actor)
    noted = _noted(pickup)
    planned = set(units.engaged_ids("pickup", reference))
    left = len(planned) - sum(len(ids) for ids in noted.values())
    if left or planned != {i for ids in noted.values() for i in ids}:
        raise Conflict(
            N_("Not everything is checked off: %(left)s left."), code="pickup.unchecked", left=left
        )
    as_is = claim.capacity == "recipient"
    if as_is:
        claim_law.require_still_allowed(claim, lot)
        _require_erased(pickup)
    signed_at = max(pickup.made_at, min(at or clock.now(), clock.now()))
    doing = journal.Act(actor, occurred_at=signed_at if at else None)
    facts = {"lot": lot.reference, "claim": claim.reference, "pickup": pickup.reference}
    FLOW.fire(
        "sign_as_driver", pickup, actor, driver_signed_at=signed_at, driver_id=actor.person_id,
        driver_link_id=actor.link_id,
        driver_name=(driver_name.strip() or actor.person_name)[:120], plate=plate.strip().upper()[:20] or pickup.plate,
    )  # fmt: skip
    for (outcome, reason), ids in sorted(noted.items()):
        if as_is and outcome == "taken":
            _provide_as_is(ids, pickup, claim, lot, doing, facts)
        else:
            _leave(outcome, reason, ids, pickup, claim, lot, doing, facts)
    identify_read(pickup, doing, f"lot/{lot.reference}")
    counts = _counts(noted) | {"extra": _bear_extras(pickup, lot, doing, facts)}
    counts["taken"] += counts["extra"]
    journal.append(doing, f"lot/{lot.reference}", "pickup.done", facts=facts | counts)
    lots.settle(lot.id, actor=actor, doing=doing)
    following.done(pickup)
    mails.collected(pickup, counts)
    return pickup


def sign_as_holder(reference: str, name: str, code: str, *, actor: Actor) -> Pickup:
    """The holder's contact signs on the driver's screen, by name and the pick-up's 4-digit code.

    Ownership of what was taken passes to who collects; both get the handover note. A wrong code is counted
    even though nothing else is written (Invalid with the tries left; Conflict once a new one is needed).
    """
    require_own_hand(actor)
    pickup = queries.seen(reference, actor)
    _require_holder_signature(pickup, actor)
    if not name.strip():
        raise Invalid(N_("Enter the name of the person who hands over."), field="name", code="signature.name")
    if not code.strip():
        raise Invalid(N_("Enter the four digits."), field="code", code="signature.empty")
    signatures.check_code(subject(reference), code)
    return _countersign(reference, name.strip()[:120], code, actor=actor)


@command
def new_code(reference: str, *, actor: Actor) -> str:
    """A new signature code for the holder; the former one dies. The holder's organisation alone may ask."""
    require_own_hand(actor)
    pickup, _claim, _lot = locked(reference, actor)
    if not policy.holder(actor, pickup):
        raise NotAllowed(N_("Only the organisation that hands over has a code."), code="pickup.new-code")
    if not queries.can_have_code(pickup):
        raise Conflict(N_("No signature is expected for this pick-up."), code="pickup.no-signature")
    code = make_code(pickup)
    mails.code_to_contact(pickup, code)
    return code


@command
def countersign_by_link(reference: str, name: str, link_id: int, *, actor: Actor) -> Pickup:
    """The same from afar, by the link of the holder's contact (countersigning.py): no code is asked."""
    require_own_hand(actor)
    return _countersign(reference, name, "", actor=actor, link_id=link_id)


@command
def _countersign(reference: str, name: str, code: str, *, actor: Actor, link_id: int | None = None) -> Pickup:
    pickup, claim, lot = locked(reference, actor)
    _require_holder_signature(pickup, actor)
    row = FLOW.fire("sign_as_holder", pickup, actor, holder_signed_at=clock.now(), holder_signer=name)
    if link_id is None:
        signatures.spend_code(subject(reference), code)
    links.spend(pickup, link_id)
    ids: list[Any] = list(session().scalars(
        sa.select(PickupCheck.unit_id)
        .where(PickupCheck.pickup_id == pickup.id, PickupCheck.outcome.in_(["taken", "extra"]))
    ))  # fmt: skip
    facts = {"lot": lot.reference, "claim": claim.reference, "pickup": pickup.reference}
    said: dict[str, Any] = {"facts": facts, "commitments": {"signer": name}}
    doing, stream = journal.Act(actor), f"lot/{lot.reference}"
    if ids:
        moves.act(
            Move(owner_id=pickup.actor_id), ids, doing=doing, stream=stream, event_type=row.event, **said
        )
    else:
        journal.append(doing, stream, row.event, **said)
    papers.issue_note(pickup)
    papers_gift.issue_statement(pickup)
    mails.handed_over(pickup, papers.totals(pickup))
    return pickup


def _require_holder_signature(pickup: Pickup, actor: Actor) -> None:
    require_own_hand(actor)
    FLOW.require("sign_as_holder", pickup, actor)
    if pickup.holder_signed_at is not None:
        raise Conflict(N_("This pick-up is already signed."), code="pickup.signed")


def _noted(pickup: Pickup) -> dict[tuple[str, str], list[int]]:
    """(outcome, reason) → ids of the planned units noted so."""
    rows: Any = session().execute(
        sa.select(PickupCheck.outcome, PickupCheck.reason, PickupCheck.unit_id)
        .where(PickupCheck.pickup_id == pickup.id, PickupCheck.unit_id.is_not(None))
        .order_by(PickupCheck.unit_id)
    )
    noted: dict[tuple[str, str], list[int]] = {}
    for outcome, reason, unit_id in rows:
        noted.setdefault((outcome, reason or ""), []).append(unit_id)
    return noted


def _counts(noted: dict[tuple[str, str], list[int]]) -> dict[str, int]:
    return {
        wanted: sum(len(ids) for (outcome, _), ids in noted.items() if outcome == wanted) for wanted in MOVES
    }


def _leave(
    outcome: str, reason: str, ids: list[int], pickup: Pickup, claim: Claim, lot: Lot, doing: journal.Act,
    facts: dict[str, Any],
) -> None:  # fmt: skip
    """One unit act per outcome and reason: the reason of each difference stands in its event."""
    action, award, at_lot = MOVES[outcome]
    move = Move(
        action=action,
        party_id=pickup.actor_id,
        custodian_id=pickup.actor_id if outcome == "taken" else None,
        clears=("regime",) if outcome == "refused" else (),
        closes=(
            Closing("pickup", pickup.reference, outcome),
            Closing("award", claim.reference, award),
            Closing("lot", lot.reference, at_lot),
        ),
        values={"site_id": None} if outcome == "taken" else {},
    )
    told = facts | ({"reason": reason} if reason else {})
    moves.act(move, ids, doing=doing, stream=f"lot/{lot.reference}", facts=told)


def _require_erased(pickup: Pickup) -> None:
    """Design §4, invariant 5: no device goes from `awarded` to `provided` without the erasure gate."""
    planned = units.engaged_ids("pickup", pickup.reference)
    session().execute(sa.select(Unit.id).where(Unit.id.in_(planned)).order_by(Unit.id).with_for_update())
    lacking = direct.unproven(pickup)
    if lacking:
        raise Conflict(
            N_(
                "These devices have no sufficient proof of erasure: %(devices)s. The holder records it, or note"
                " them as refused or missing."
            ),
            code="pickup.not-erased",
            devices=direct.named(lacking),
            units=len(lacking),
        )


def _provide_as_is(
    ids: list[int], pickup: Pickup, claim: Claim, lot: Lot, doing: journal.Act, facts: dict[str, Any]
) -> None:
    """Straight to who will use them: nobody tested them, and each keeps the instant its erasure was proven."""
    for met_at, units_then in sorted(direct.by_instant(direct.verdicts(pickup, ids)).items()):
        move = Move(
            action="provide_as_is",
            party_id=pickup.actor_id,
            custodian_id=pickup.actor_id,
            erased_at=met_at,
            clears=("tested_at",),
            closes=(
                Closing("pickup", pickup.reference, "taken"),
                Closing("award", claim.reference, "provided"),
                Closing("lot", lot.reference, "provided"),
            ),
            values={"site_id": None},
        )
        moves.act(move, units_then, doing=doing, stream=f"lot/{lot.reference}", facts=facts)


def _bear_extras(pickup: Pickup, lot: Lot, doing: journal.Act, facts: dict[str, Any]) -> int:
    """Extras become units of the lot: the holder still owns them, the reuse actor has them."""
    found = queries.extras(pickup)
    ids = moves.create(
        [{"kind": each.kind, "serial": each.serial} for each in found],
        doing=doing,
        stream=f"lot/{lot.reference}",
        event_type="pickup.extra",
        state="collected",
        owner_id=pickup.holder_id,
        custodian_id=pickup.actor_id,
        origin="extra",
        regime=lot.regime,
        opens=(Opening("lot", lot.reference, pickup.holder_id),),
        closes=(Closing("lot", lot.reference, "collected"),),
        extra=True,
        facts=facts | {"reason": "not_declared"},
    )
    for check, unit_id in zip(found, ids, strict=True):
        check.unit_id = unit_id
    session().flush()
    ensure_labels(ids, actor=doing.actor)
    return len(ids)
