"""Verbs of the sender: send, void; and what verbs share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.collection.shipment_models import TRANSFERS, Shipment, ShipmentUnit
from reuse_market.collection.shipments import choosing, duties, law, mails, papers, policy, reading
from reuse_market.collection.shipments.lifecycle import FLOW
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import REFUSED, refusal
from reuse_market.traceability import journal
from reuse_market.units import services as moves
from reuse_market.units.labels import ensure_labels
from reuse_market.units.models import Unit
from reuse_market.units.services import Closing, Move, Opening
from reuse_market.units.shipping import require_here

HEAVIEST = 20_000_000  # grams


@command
def send_shipment(
    unit_ids: Sequence[int], receiver_id: int, *, actor: Actor, transfer: str = "none",
    price_cents: int | None = None, weight_g: int | None = None, note: str = "",
) -> Shipment:  # fmt: skip
    """Send these units to another reuse actor: each is engaged until that one answers; returns the shipment.

    `transfer`: sale (at `price_cents` a device, VAT included) or gift; "none" moves custody only. Refused: not
    a reuse actor; no unit, or one that is not in its hands, is on its way, or that the holder has not
    counter-signed; a receiver that is no admitted reuse actor; a sale or gift of what it does not own, or that
    `regimes` refuses.
    """
    ids, sender = sorted(set(unit_ids)), actor.organisation_id or 0
    made = Shipment(
        state="sent", sender_id=sender, receiver_id=receiver_id, transfer=transfer, note=note.strip()
    )
    _require_terms(made, price_cents, weight_g, actor)
    if not 1 <= len(ids) <= choosing.MOST:
        raise Invalid(N_("Choose between 1 and %(most)s devices."), field="units", code="shipment.units",
                      most=choosing.MOST)  # fmt: skip
    _require_units(ids, made)
    if transfer != "none":
        require_own_hand(actor)
        law.require_transfer(transfer, ids, sender, receiver_id, made.price_cents)
    made.reference, made.units, made.sent_at = next_reference("EXP"), len(ids), clock.now()
    made.sent_by = actor.person_id
    session().add(made)
    session().flush()
    session().add_all(ShipmentUnit(shipment_id=made.id, unit_id=unit_id) for unit_id in ids)
    ensure_labels(ids, actor=actor)
    opening = Opening("shipment", made.reference, receiver_id)
    facts = {"receiver": receiver_id, "transfer": transfer, "price_cents": made.price_cents,
             "weight_g": made.weight_g, "commitments": list(duties.of_units(ids).commitments)}  # fmt: skip
    move_units(made, Move(opens=(opening,)), ids, journal.Act(actor), "shipment.sent", facts)
    papers.issue_note(made)
    mails.sent(made)
    return made


@command
def void_shipment(reference: str, *, actor: Actor) -> Shipment:
    """The sender takes it back before anything is answered: its units are free again. Conflict afterwards."""
    found = locked(reference, actor)
    FLOW.require("void", found, actor)
    ids = reading.waiting_ids(found.id)
    if len(ids) != found.units:
        raise Conflict(
            N_("Part of this shipment is answered: the rest is answered too."), code="shipment.begun"
        )
    FLOW.fire("void", found, actor, voided_at=clock.now())
    closing = Closing("shipment", reference, "voided")
    move_units(found, Move(closes=(closing,)), ids, journal.Act(actor), "shipment.voided", {})
    mails.voided(found)
    return found


def locked(reference: str, actor: Actor) -> Shipment:
    """The shipment, locked; NotFound for whom it does not exist."""
    reading.seen(reference, actor)
    found: Shipment = lock(Shipment, Shipment.reference == reference)
    return found


def move_units(
    shipment: Shipment, move: Move, unit_ids: Sequence[int], doing: journal.Act, event: str,
    facts: dict[str, Any],
) -> None:  # fmt: skip
    """One act on units of several lots and owners: an event on each stream."""
    rows = session().execute(
        sa.select(Unit.id, Unit.stream, Unit.owner_id).where(moves.criterion(unit_ids)).order_by(Unit.id)
    )
    parts: dict[tuple[str, int], list[int]] = {}
    for unit_id, stream, owner_id in rows.all():
        parts.setdefault((stream, owner_id), []).append(unit_id)
    told = {"shipment": shipment.reference} | facts
    for (stream, _owner), ids in sorted(parts.items()):
        moves.act(move, ids, doing=doing, stream=stream, event_type=event, facts=told)


def _require_terms(made: Shipment, price_cents: int | None, weight_g: int | None, actor: Actor) -> None:
    if not policy.sends(actor, made):
        raise refusal(lambda one: policy.sends(one, made), actor, "shipment.send.not-allowed")
    if made.transfer not in TRANSFERS:
        raise Invalid(N_("Choose an answer in the list."), field="transfer")
    if made.transfer == "sale" and not (price_cents and 0 < price_cents <= 100_000_00):
        raise Invalid(N_("Enter the price of one device, VAT included."), field="price_cents")
    if weight_g is not None and not 0 < weight_g <= HEAVIEST:
        raise Invalid(
            N_("Enter a weight between 1 and %(most)s kg."), field="weight_kg", most=HEAVIEST // 1000
        )
    if len(made.note) > 300:
        raise Invalid(N_("Shorten this to %(most)s characters."), field="note", most=300)
    praise.require_plain(made.note, field="note")
    known = made.receiver_id in {key for key, _name in choosing.receivers(made.sender_id)}
    if not known or "reuse_actor" not in accounts.roles_of(made.receiver_id):
        raise Invalid(N_("Choose an admitted reuse actor."), field="receiver_id", code="shipment.receiver")
    made.price_cents = price_cents if made.transfer == "sale" else None
    made.weight_g = weight_g


def _require_units(ids: Sequence[int], made: Shipment) -> None:
    statement = sa.select(Unit).where(moves.criterion(ids)).order_by(Unit.id).with_for_update()
    found = list(session().scalars(statement.execution_options(populate_existing=True)))
    if len(found) != len(ids) or any(unit.custodian_id != made.sender_id for unit in found):
        raise NotAllowed(REFUSED, code="shipment.not-here")
    require_here(ids)
    if choosing.possible(ids, made.sender_id) != set(ids):
        raise Conflict(
            N_(
                "Only devices to take in, in the workshop or ready are sent, once the holder has countersigned."
            ),
            code="shipment.state",
        )
    if made.transfer != "none" and any(unit.owner_id != made.sender_id for unit in found):
        raise Invalid(N_("Some of these devices are not yours: send them without a sale or a gift."),
                      field="transfer", code="shipment.owner")  # fmt: skip
