"""Events in words: what a timeline and a passport call each act. Reader-neutral, no names."""

from __future__ import annotations

from reuse_market.kernel.words import N_

TITLES: dict[str, str] = {
    "fleet.imported": N_("Declared from an inventory"),
    "unit.discarded": N_("Discarded by its holder"),
    "unit.discard-annulled": N_("Discard annulled"),
    "unit.declared": N_("Declared by count"),
    "lot.published": N_("Published in a lot"),
    "lot.withdrawn": N_("Withdrawn by the holder"),
    "lot.expired": N_("Publication ended"),
    "lot.closed": N_("Lot closed"),
    "claim.submitted": N_("Claimed"),
    "claim.awarded": N_("Awarded"),
    "claim.declined": N_("Claim declined"),
    "claim.released": N_("Released by the actor"),
    "claim.retracted": N_("Claim taken back"),
    "claim.expired": N_("Claim expired"),
    "pickup.proposed": N_("Pick-up proposed"),
    "pickup.reproposed": N_("Pick-up proposed again"),
    "pickup.countered": N_("Another slot proposed"),
    "pickup.agreed": N_("Pick-up agreed"),
    "pickup.cancelled": N_("Pick-up cancelled"),
    "pickup.failed": N_("Pick-up failed"),
    "pickup.expired": N_("Pick-up expired"),
    "pickup.collected": N_("Collected"),
    "pickup.missing": N_("Missing at the pick-up"),
    "pickup.refused": N_("Refused at the pick-up"),
    "pickup.extra": N_("Found in addition at the pick-up"),
    "pickup.signed": N_("Pick-up signed by the driver"),
    "pickup.done": N_("Pick-up done"),
    "pickup.countersigned": N_("Handover signed by the holder"),
    "workshop.received": N_("Received in the workshop"),
    "unit.identified": N_("Identified"),
    "unit.tested": N_("Tested"),
    "media.counted": N_("Storage media counted"),
    "media.recounted": N_("Storage media counted again"),
    "media.added": N_("Storage medium added"),
    "media.erased": N_("Data erased"),
    "media.removed": N_("Storage medium removed"),
    "unit.ready": N_("Ready for a new life"),
    "unit.back-to-workshop": N_("Back to the workshop"),
    "unit.dismantled": N_("Dismantled for parts"),
    "unit.waste-declared": N_("Declared waste"),
    "waste.removed": N_("Handed to the recycler"),
    "unit.lost": N_("Missing"),
    "unit.found": N_("Found again"),
    "reservation.placed": N_("Reserved"),
    "reservation.confirmed": N_("Reservation confirmed"),
    "reservation.prepared": N_("Prepared for handover"),
    "reservation.released": N_("Reservation released"),
    "reservation.expired": N_("Reservation expired"),
    "reservation.provided": N_("Reservation handed over"),
    "unit.provided": N_("Handed over to its beneficiary"),
    "unit.returned": N_("Returned"),
    "unit.merged": N_("Merged with another record"),
}


def title(event_type: str) -> str:
    """The msgid for an event type (the type itself when it has no words yet)."""
    return TITLES.get(event_type, event_type)
