"""What a buyer, an association and their seller do with a reservation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.journeys.screen import Screen
from tests.journeys.words import say, says


@dataclass
class Beneficiary:
    """A buyer or an association at its screen."""

    screen: Screen

    def find(self, model: str) -> None:
        """The group of identical devices of a model."""
        self.screen.go("/catalogue")
        self.screen.follow(re.compile(model))

    def reserve(self, units: int, order: str = "") -> str:
        """So many of the group; the reservation's reference."""
        at = self.screen
        at.fill("units", str(units))
        at.fill("order_number", order)
        at.press(say("Check the reservation"))
        at.press(says("Reserve this device", "Reserve these %(num)s devices", units))
        return at.reference("RES")

    def code(self, reservation: str) -> str:
        """The four digits that sign on the seller's screen."""
        self.screen.go(f"/reservations/{reservation}")
        return self.screen.page.locator(".big-code").inner_text().strip()

    def sign(self, reservation: str, name: str) -> None:
        """For what is received, on one's own account."""
        at = self.screen
        at.go(f"/reservations/{reservation}")
        at.follow(say("Sign for what I receive"))
        at.fill("name", name)
        at.tick("received")
        at.press(say("Sign the handover"))


@dataclass
class Seller:
    """The reuse actor that offers."""

    screen: Screen

    def confirm(self, reservation: str) -> None:
        """Yes, they are kept for you."""
        self.screen.go(f"/reservations/{reservation}")
        self.screen.press(say("Confirm the reservation"))

    def prepare(self) -> None:
        """They are packed."""
        self.screen.press(say("Say that all is ready"))

    def hand_over(self, reservation: str, name: str, code: str) -> None:
        """The one who receives signs on the seller's screen."""
        at = self.screen
        at.go(f"/reservations/{reservation}")
        at.follow(say("Hand the devices over"))
        at.fill("name", name)
        at.fill("code", code)
        at.press(say("Sign the handover"))
