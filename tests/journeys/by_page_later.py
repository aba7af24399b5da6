"""The acts after a pick-up as people do them: the workshop, the catalogue, the handover."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.journeys.reader import Reader
from tests.journeys.words import say


@dataclass
class LaterByPage:
    """What `by_page.ByPage` does once devices are collected."""

    at: Reader

    def receive(self, unit: int) -> None:
        """One device."""
        self._bench(unit, say("Take the device in"))

    def identify(self, unit: int, model: str) -> None:
        """What it is, once in hand."""
        at = self.at
        at.go(f"/atelier/appareils/{unit}")
        form = at.page.xpath("//form[contains(@action, '/identite')]")[0]
        prefix = form.xpath(".//input[contains(@name, 'model')]/@name")[0].removesuffix("model")
        at.put(**{f"{prefix}model": model})
        at.press(say("Save the identity"))

    def test(self, unit: int, battery: int) -> None:
        """All works."""
        self._bench(unit, say("Record the test"), **{"test-battery_percent": battery})

    def count_media(self, unit: int, serial: str) -> None:
        """One SSD, seen in the firmware."""
        values = {
            "count-media": 1,
            "count-kind": "ssd",
            "count-serials": serial,
            "count-seen_how": "firmware",
        }
        self._bench(unit, say("Record the count"), **values)

    def erase(self, unit: int, proof: dict[str, Any], report: bytes) -> None:
        """The proof for its one medium."""
        at = self.at
        at.go(f"/atelier/appareils/{unit}")
        form = at.page.xpath("//form[contains(@action, '/attestation')]")[0]
        prefix = form.xpath(".//input[contains(@name, '-tool')]/@name")[0].split("-")[0]
        at.put(**{f"{prefix}-{name}": value for name, value in proof.items()})
        at.give(f"{prefix}-file", "rapport.txt", report)
        at.send(form.xpath(".//button")[0])

    def make_ready(self, unit: int, grade: str, cents: int) -> None:
        """Offered."""
        self._bench(
            unit,
            say("Print the label and next"),
            **{"ready-cosmetic_grade": grade, "ready-price_cents": cents // 100},
        )

    def declare_waste(self, unit: int, grams: int) -> None:
        """Not repairable."""
        self._bench(unit, say("Declare the device waste"), **{
            "waste-diagnosis": "not_repairable", "waste-weight_g": grams, "waste-sure": True})  # fmt: skip

    def to_parts(self, unit: int) -> None:
        """Taken apart."""
        self._bench(unit, say("Take the device apart"), **{"parts-sure": True})

    def remove_waste(self, unit: int, scheme: str, kilos: int) -> None:
        """All that waits (this one) leaves."""
        at = self.at
        at.go("/atelier/reforme")
        at.press(say("Add to the removal"))
        if not re.search(r"/reforme/\w", at.path):
            at.follow(re.compile(r"[A-Z]{3}-\d{4}-\d+"))
        at.put(producer_scheme=scheme, weight_kg=kilos)
        at.press(say("Record the removal"))

    def reserve(self, model: str, units: int, order: str) -> str:
        """So many alike; the reservation."""
        at = self.at
        at.go("/catalogue")
        at.follow(re.compile(re.escape(model)))
        at.put(units=units, order_number=order)
        at.press(say("Check the reservation"))
        at.press(re.compile("^" + say("Reserve this device").split()[0]))
        return at.reference("RES")

    def confirm(self, reservation: str) -> None:
        """Kept for you."""
        self.at.go(f"/reservations/{reservation}")
        self.at.press(say("Confirm the reservation"))

    def prepare(self, reservation: str) -> None:
        """Packed."""
        self.at.go(f"/reservations/{reservation}")
        self.at.press(say("Say that all is ready"))

    def sign(self, reservation: str, name: str) -> None:
        """On one's own account."""
        self.at.go(f"/reservations/{reservation}/reception")
        self.at.put(name=name, received=True)
        self.at.press(say("Sign the handover"))

    def sign_with_code(self, reservation: str, name: str, code: str) -> None:
        """On the seller's screen."""
        self.at.go(f"/reservations/{reservation}/remise")
        self.at.put(name=name, code=code)
        self.at.press(say("Sign the handover"))

    def give_back(self, reservation: str, reason: str) -> None:
        """Not needed any more."""
        self.at.go(f"/reservations/{reservation}/liberer")
        self.at.put(reason=reason)
        self.at.send(self.at.main.xpath(".//form//button")[0])

    def _bench(self, unit: int, button: str, **values: Any) -> None:
        self.at.go(f"/atelier/appareils/{unit}")
        self.at.put(**values)
        self.at.press(button)
