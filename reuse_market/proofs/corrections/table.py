"""Which events may be corrected, in what, and what is to be done instead for all the others: written once, here.

An event that moved devices is never undone by a correction, for what followed would hang in the air: the verb
that goes the other way is named instead. What remains are facts beside: a test, a repair, the weight
of a part or of waste, the day of a removal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reuse_market.kernel.words import N_
from reuse_market.refurbishing.parts_models import WORK
from reuse_market.refurbishing.services import waste
from reuse_market.refurbishing.services.repairing import HEAVIEST


@dataclass(frozen=True, slots=True)
class Row:
    """`numbers`: fact → (least, most); `codes`: fact → the list its codes come from; `days`: facts that are civil
    days; `void`: it may be voided."""

    void: bool
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The facts that may be said anew."""
        return (*self.numbers, *self.codes, *self.days)


CORRECTABLE: dict[str, Row] = {
    "unit.tested": Row(void=True, numbers={"battery": (0, 100)}),
    "unit.repaired": Row(void=True, codes={"work": tuple(WORK)}),
    "part.removed": Row(void=False, numbers={"grams": (1, HEAVIEST)}),
    "unit.waste-declared": Row(void=False, numbers={"weight_g": (1, waste.HEAVIEST)}),
    "batch.removed": Row(void=False, numbers={"weight_g": (1, waste.HEAVIEST_REMOVAL)}, days=("removed_on",)),
}

# Event type → the next lawful step. A type of neither table falls to its family, then to ELSE.
NEXT: dict[str, str] = {
    "unit.ready": N_("Take the device back to the workshop: that undoes it."),
    "unit.back-to-workshop": N_("Offer the device again: that undoes it."),
    "unit.discarded": N_("Annul the discard: that undoes it."),
    "unit.departed": N_("Annul the departure: that undoes it."),
    "unit.lost": N_("Say that the device is found: that undoes it."),
    "unit.provided": N_("Record the return of the device: that undoes it."),
    "unit.identified": N_("Identify the device again: the newest identity counts."),
    "media.counted": N_("Count the storage media again: the newest count holds."),
    "media.recounted": N_("Count the storage media again: the newest count holds."),
    "media.erased": N_("Withdraw the proof of erasure, with its reason, and record the right one."),
    "part.installed": N_("Take the part out: that undoes it."),
    "workshop.received": N_("Say what is wrong on the shipment or the handover note the device came by."),
    "lot.published": N_("Withdraw what is left of the lot, and publish it anew."),
    "claim.submitted": N_("Take the claim back: that undoes it."),
    "claim.awarded": N_("Release the devices: that undoes it."),
    "waste.removed": N_(
        "What has left for recycling does not come back. Weight and day are corrected on the page of the removal."
    ),
    "unit.dismantled": N_("What is taken apart stays so: this stays as written."),
}
BY_FAMILY: dict[str, str] = {
    "pickup": N_("Propose a revision of the handover note: the other side answers it."),
    "container": N_("Propose a revision of the handover note: the other side answers it."),
    "shipment": N_("Call the shipment off while nobody has answered it; then send the devices back."),
    "reservation": N_("Release the reservation, or record the return of the device."),
    "revision": N_("Propose another revision of the handover note."),
    "event": N_("A correction is not corrected: do the act itself again."),
    "correction": N_("A correction is not corrected: do the act itself again."),
}
ELSE = N_("Nothing undoes this act: do the act again as it should be, the newest one counts.")


def next_step(event_type: str) -> str:
    """The msgid of what to do instead of correcting an event of this type."""
    return NEXT.get(event_type) or BY_FAMILY.get(event_type.partition(".")[0]) or ELSE
