"""The acts of a chain as programs do them: the JSON API."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from tests.api.conftest import Caller


@dataclass
class ByProgram:
    """One organisation's program. `by_page.ByPage` has the same verbs."""

    call: Caller

    def import_and_gather(self, name: str, data: bytes, site: int) -> str:
        """The good rows come in and become a lot; its reference."""
        report = self.call.send(f"/fleet-units:import?site_id={site}&filename={name}", data, "text/csv")
        made = self.call.post("/lots", 201, units=report["unit_ids"], site_id=site)
        return str(made["reference"])

    def add_counted_line(self, lot: str, kind: str, units: int, label: str) -> None:
        """Devices without serial numbers."""
        self.call.post(f"/lots/{lot}:add-counted-line", kind=kind, units=units, label=label)

    def remove_line(self, lot: str, label: str) -> None:
        """The line is not of the lot after all."""
        lines = self.call.get(f"/lots/{lot}")["lines"]
        number = next(line["number"] for line in lines if line["label"] == label)
        self.call.post(f"/lots/{lot}:remove-line", line=number)

    def change_line(self, lot: str, line: int, **values: str) -> None:
        """Its condition."""
        self.call.post(f"/lots/{lot}:change-line", line=line, **values)

    def set_terms(self, lot: str, **terms: Any) -> None:
        """Who, what, when, how."""
        self.call.post(f"/lots/{lot}:change", **terms)

    def publish(self, lot: str, **decision: str) -> None:
        """Seen from now on; a public body says by which decision its devices are discarded."""
        self.call.post(f"/lots/{lot}:publish", **decision)

    def claim(self, lot: str, wanted: dict[int, int], cents: int, message: str) -> str:
        """Ask for so many of each line."""
        lines = [{"line": line, "units": units} for line, units in wanted.items()]
        made = self.call.post(f"/lots/{lot}:claim", 201, lines=lines, proposal="pay", amount_cents=cents,
                              message=message, committed=True)  # fmt: skip
        return str(made["reference"])

    def value_line(self, lot: str, line: int, cents: int) -> None:
        """What one device of it is worth."""
        values = {"value_cents": cents, "value_how": "market_price"}
        self.call.post(f"/lots/{lot}:value-lines", line=[line], **values)

    def set_free_terms(self, lot: str, **terms: Any) -> None:
        """Who, when, how; nothing is paid."""
        self.call.post(f"/lots/{lot}:change", price_kind="free", **terms)

    def claim_as_is(self, lot: str, wanted: dict[int, int]) -> str:
        """For one's own use, with the written undertaking."""
        lines = [{"line": line, "units": units} for line, units in wanted.items()]
        made = self.call.post(f"/lots/{lot}:claim", 201, lines=lines, capacity="recipient", undertaken=True)
        return str(made["reference"])

    def issue_papers(self, claim: str) -> None:
        """Agreement, undertaking, annex."""
        self.call.post(f"/claims/{claim}:issue-documents")

    def attest_no_media(self, lot: str, line: int) -> None:
        """The devices of a line hold no data."""
        self.call.post(f"/lots/{lot}:count-media", line=line, seen_how="opened")

    def certify_line(self, lot: str, line: int, proof: dict[str, Any], report: bytes) -> None:
        """One report for the devices of a line."""
        sent = {"line": line, "kind": "ssd", "result": "ok", "errors": 0} | proof
        self.call.post(f"/lots/{lot}:record-certificates", **sent, report=base64.b64encode(report).decode())

    def decline(self, claim: str, reason: str) -> None:
        """No."""
        self.call.post(f"/claims/{claim}:decline", reason=reason)

    def award(self, claim: str) -> None:
        """Yes, as asked."""
        self.call.post(f"/claims/{claim}:award")

    def release(self, claim: str, reason: str) -> None:
        """Give it up."""
        self.call.post(f"/claims/{claim}:release", reason=reason)

    def propose(self, claim: str, slot: dict[str, str]) -> str:
        """A slot; the pick-up's reference."""
        return str(self.call.post(f"/claims/{claim}:propose-pickup", 201, **slot)["reference"])

    def counter(self, pickup: str, slot: dict[str, str]) -> None:
        """Another one."""
        self.call.post(f"/pickups/{pickup}:counter", **slot)

    def agree(self, pickup: str) -> None:
        """That one."""
        self.call.post(f"/pickups/{pickup}:agree")

    def check_off(self, pickup: str, code: str) -> None:
        """It is here."""
        self.call.post(f"/pickups/{pickup}:check-off", code=code)

    def missing(self, pickup: str, serial: str) -> None:
        """It is not."""
        self.call.post(f"/pickups/{pickup}:check-off", code=serial, outcome="missing", reason="not_found")

    def refused(self, pickup: str, line: int, units: int) -> None:
        """Broken, some of a line without serials."""
        lines = [{"line": line, "units": units}]
        self.call.post(f"/pickups/{pickup}:note-differences", outcome="refused", reason="broken", lines=lines)

    def extra(self, pickup: str, kind: str, label: str, serial: str) -> None:
        """Nobody declared it."""
        self.call.post(f"/pickups/{pickup}:add-extra", kind=kind, label=label, serial=serial)

    def check_line(self, pickup: str, line: int, units: int) -> None:
        """So many of a line without serials."""
        self.call.post(f"/pickups/{pickup}:check-off-line", line=line, units=units)

    def undo_last(self, pickup: str) -> None:
        """What was noted last is not noted."""
        last = max(check["id"] for check in self.call.all(f"/pickups/{pickup}/checks"))
        self.call.post(f"/pickups/{pickup}:undo-check", check=last)

    def check_rest(self, pickup: str) -> None:
        """All that is left is here."""
        self.call.post(f"/pickups/{pickup}:check-off-rest")

    def sign_as_driver(self, pickup: str, name: str, plate: str) -> None:
        """In one's care."""
        self.call.post(f"/pickups/{pickup}:sign-as-driver", driver_name=name, plate=plate)

    def sign_as_holder(self, pickup: str, name: str, code: str) -> None:
        """On the driver's phone."""
        self.call.post(f"/pickups/{pickup}:sign-as-holder", name=name, code=code)

    def receive(self, unit: int) -> None:
        """One device."""
        self.call.post(f"/units/{unit}:receive")

    def identify(self, unit: int, model: str) -> None:
        """What it is, once in hand."""
        self.call.post(f"/units/{unit}:identify", model=model)

    def test(self, unit: int, battery: int) -> None:
        """All works."""
        self.call.post(f"/units/{unit}:record-test", battery_percent=battery)

    def count_media(self, unit: int, serial: str) -> None:
        """One SSD, seen in the firmware."""
        media = [{"kind": "ssd", "serial": serial}]
        self.call.post(f"/units/{unit}:count-media", media=media, seen_how="firmware")

    def erase(self, unit: int, proof: dict[str, Any], report: bytes) -> None:
        """The proof for its one medium."""
        medium = self.call.get(f"/units/{unit}")["media"][0]
        at = f"{medium['links']['self']}:record-certificate"
        self.call.post(at, **proof, result="ok", errors=0, report=base64.b64encode(report).decode())

    def make_ready(self, unit: int, grade: str, cents: int) -> None:
        """Offered."""
        self.call.post(f"/units/{unit}:make-ready", cosmetic_grade=grade, price_cents=cents)

    def declare_waste(self, unit: int, grams: int) -> None:
        """Not repairable."""
        self.call.post(f"/units/{unit}:declare-waste", diagnosis="not_repairable", weight_g=grams)

    def to_parts(self, unit: int) -> None:
        """Taken apart."""
        self.call.post(f"/units/{unit}:to-parts")

    def remove_waste(self, unit: int, scheme: str, kilos: int) -> None:
        """All that waits (this one) leaves."""
        removal = self.call.post("/removals", 201)["reference"]
        self.call.post(f"/removals/{removal}:add", units=[unit])
        self.call.post(f"/removals/{removal}:remove", producer_scheme=scheme, weight_g=kilos * 1000)

    def reserve(self, model: str, units: int, order: str) -> str:
        """So many alike; the reservation."""
        key = next(offer["key"] for offer in self.call.all("/offers") if model in str(offer))
        made = self.call.post(f"/offers/{key}:reserve", 201, units=units, order_number=order)
        return str(made["reference"])

    def confirm(self, reservation: str) -> None:
        """Kept for you."""
        self.call.post(f"/reservations/{reservation}:confirm")

    def prepare(self, reservation: str) -> None:
        """Packed."""
        self.call.post(f"/reservations/{reservation}:prepare")

    def sign(self, reservation: str, name: str) -> None:
        """On one's own account."""
        self.call.post(f"/reservations/{reservation}:sign", name=name)

    def sign_with_code(self, reservation: str, name: str, code: str) -> None:
        """On the seller's screen."""
        self.call.post(f"/reservations/{reservation}:sign-with-code", name=name, code=code)

    def give_back(self, reservation: str, reason: str) -> None:
        """Not needed any more."""
        self.call.post(f"/reservations/{reservation}:release", reason=reason)
