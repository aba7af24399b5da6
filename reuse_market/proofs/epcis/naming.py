"""URIs of what an EPCIS document speaks of: stable, under the base address, never a serial, never a person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from reuse_market.kernel.clock import PARIS
from reuse_market.proofs.epcis.table import OWN
from reuse_market.traceability import payload

GS1_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
PREFIX = "pc"
# A fact of an event → (what is in its URI, type of business transaction; one with a dash is our own).
TRANSACTIONS: dict[str, tuple[str, str]] = {
    "claim": ("claim", "po"), "pickup": ("pickup", "bol"), "reservation": ("reservation", "po"),
    "shipment": ("shipment", "desadv"), "certificate": ("certificate", "cert"), "number": ("document", "btt-document"),
    "batch": ("removal", "btt-removal"), "revision": ("revision", "btt-revision"), "share": ("share", "btt-share"),
}  # fmt: skip
PAPERS = {
    "btt-lot": "a lot", "btt-document": "a paper issued", "btt-removal": "a removal of waste",
    "btt-revision": "a correction of a handover note", "btt-share": "a share of a lot",
    "btt-journal": "a stream of the journal",
}  # fmt: skip
CONFIRMED = {"claim.awarded": "poc", "shipment.received": "recadv", "shipment.refused": "recadv"}


@dataclass(frozen=True, slots=True)
class Names:
    """The base address, and the label codes of the units that have one."""

    base: str
    labels: Mapping[int, str] = field(default_factory=dict)

    def context(self) -> list[object]:
        """The JSON-LD context: GS1's, and our prefix inline (a document must be read without asking us)."""
        return [GS1_CONTEXT, {PREFIX: self.term("")}]

    def term(self, name: str) -> str:
        """A word of our own vocabulary."""
        return f"{self.base}/epcis/voc/{name}"

    def step(self, name: str) -> str:
        """A business step: CBV's bare word, or the URI of ours."""
        return self.term(name) if name in OWN else name

    def unit(self, unit_id: int) -> str | None:
        """The public page of a unit, which its label leads to; None when it has no label."""
        code = self.labels.get(unit_id)
        return f"{self.base}/u/{code}" if code else None

    def line(self, lot: str | None, line: int | None) -> str:
        """The class of the units without a label of a line (`extra`: found in addition), or of no lot yet."""
        return f"{self.base}/class/{lot}/{line or 'extra'}" if lot else self.kind("device")

    def kind(self, name: str) -> str:
        """A class that is no lot line: `device`, `lot/REF`, `medium/nvme`, `dismantled`."""
        return f"{self.base}/class/{name}"

    def lot(self, reference: str) -> str:
        """A lot."""
        return f"{self.base}/lots/{reference}"

    def organisation(self, organisation_id: int) -> str:
        """An organisation (a number: its name is not in the document)."""
        return f"{self.base}/organisation/{organisation_id}"

    def thing(self, kind: str, key: object) -> str:
        """A pick-up, a claim, a certificate, a storage medium…"""
        return f"{self.base}/{kind}/{key}"


def event_id(uid: str, part: int = 0) -> str:
    """`urn:uuid:` of the journal's event id; a further part of one event gets a name-based one of its own.

    Not the CBV hash: two readers of one event see different documents, which could not share a hash.
    """
    whole = uuid.UUID(uid)
    return f"urn:uuid:{uuid.uuid5(whole, str(part)) if part else whole}"


def offset(stamp: str) -> str:
    """The offset of Paris at that instant, as `+01:00`."""
    shift = payload.read_stamp(stamp).astimezone(PARIS).strftime("%z")
    return f"{shift[:3]}:{shift[3:]}"
