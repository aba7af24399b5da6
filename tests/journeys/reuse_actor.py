"""What a reuse actor does at its desk and at the holder's door."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from tests.journeys.screen import Screen, plain
from tests.journeys.words import say, says


@dataclass
class ReuseActor:
    """A reuse actor at its screen."""

    screen: Screen

    def card(self, lot: str) -> str:
        """What the board says of a lot."""
        self.screen.go("/lots")
        return plain(self.screen.page.locator("article.bon", has_text=lot).inner_text())

    def claim(self, lot: str, wanted: dict[str, int], *, proposal: str = "", euros: str = "") -> str:
        """Ask for part of a lot: words of a line's label → how many (other lines: none); the request's reference."""
        at = self.screen
        at.go("/lots")
        at.enter("article.bon", lot)
        at.follow(say("Take part of this lot"))
        for box in at.page.locator("main input[name^='line_']").all():
            label = at.page.locator(f"label[for='{box.get_attribute('id')}']").inner_text()
            box.fill(str(next((n for words, n in wanted.items() if words in label), 0)))
        if proposal:
            at.choose("proposal", proposal)
        if euros:
            at.fill("amount", euros)
        at.tick("committed")
        at.press(re.compile(f"{re.escape(say('Send the request'))}|{re.escape(say('Take these devices'))}"))
        assert at.path.endswith("/envoyee")
        return at.reference("DEM")

    def propose_pickup(self, claim: str, day: date) -> str:
        """Propose a morning; the pick-up's reference."""
        at = self.screen
        at.go(f"/demandes/{claim}")
        at.follow(say("Propose a slot for the pick-up"))
        at.fill("day", day.isoformat())
        at.fill("from_time", "09:00")
        at.fill("to_time", "11:00")
        at.press(say("Propose this slot"))
        return at.reference("ENL")


@dataclass
class Driver:
    """A driver with a phone at the holder's door."""

    screen: Screen
    pickup: str

    def arrive(self) -> None:
        """From the list of pick-ups to the check-off."""
        at = self.screen
        at.go("/enlevements")
        at.enter("article.bon", self.pickup)
        at.follow(say("Check the devices off"))

    def check_off(self, code: str, status: int = 200) -> None:
        """One device by what is written on it."""
        self.screen.fill("code", code)
        self.screen.press(say("Check this device off"), status=status)

    def count(self) -> tuple[int, int]:
        """Checked off, planned."""
        noted, planned, *_ = self.screen.figures(".count")
        return noted, planned

    def missing(self, serial: str) -> None:
        """One device is not there."""
        at = self.screen
        at.follow(say("A problem? Missing, refused, extra"))
        at.follow(say("A device is missing"))
        at.labelled(serial).check(force=True)
        at.page.locator("main input[name='reason']").first.check(force=True)
        at.press(say("Note as missing"))

    def extra(self, kind: str, label: str, serial: str) -> None:
        """One device is there that nobody declared."""
        at = self.screen
        at.follow(say("A problem? Missing, refused, extra"))
        at.follow(say("There is a device too many"))
        at.choose("kind", kind)
        at.fill("label", label)
        at.fill("serial", serial)
        at.press(say("Note this device"))

    def the_rest(self) -> None:
        """Everything left is here."""
        noted, planned = self.count()
        left = planned - noted
        self.screen.follow(says("The last one is here", "The %(num)s left are all here", left))
        self.screen.press(say("Yes, everything is here"))

    def sign(self, name: str, plate: str) -> None:
        """The driver's signature."""
        at = self.screen
        at.follow(say("Go on to the signatures"))
        at.fill("driver_name", name)
        at.fill("plate", plate)
        at.press(say("Sign for these devices"))

    def hand_phone_over(self, name: str, code: str, status: int = 200) -> None:
        """The holder's contact signs on the driver's phone."""
        at = self.screen
        at.fill("name", name)
        at.fill("code", code)
        at.press(say("Sign the handover"), status=status)
