"""What a holder does: an inventory in, a lot out, an answer to who asks, an agreed day."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.journeys.screen import Screen
from tests.journeys.words import say, says


@dataclass(frozen=True)
class Counts:
    """The four counts of the check page."""

    good: int
    to_correct: int
    set_aside: int
    known: int

    @property
    def records(self) -> int:
        """All rows of the file that are devices."""
        return self.good + self.to_correct + self.set_aside + self.known


@dataclass
class Holder:
    """A holder at its screen."""

    screen: Screen

    def upload(self, name: str, data: bytes) -> Counts:
        """Give the file as it comes, look at the columns if asked, and read the four counts."""
        at = self.screen
        at.go("/parc")
        at.follow(say("Import an inventory"))
        at.field("file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
        at.press(say("Read the file"))
        if at.path.endswith("/colonnes"):
            self.columns()
            at.press(say("Check the devices"))
        assert at.path.endswith("/verifier")
        return Counts(*at.figures(".chiffres b"))

    def columns(self) -> dict[str, str]:
        """Their column → our meaning, as the page proposes it."""
        rows = self.screen.page.locator("main table tbody tr").all()
        return {
            row.locator("th")
            .evaluate("e => (e.querySelector('label') || e.firstChild).textContent")
            .strip(): row.locator("[name^='column_']").evaluate("e => e.value")
            for row in rows
        }

    def bad_rows(self, counts: Counts) -> list[dict[str, str]]:
        """The rows that do not come in, given back as a file of the same shape, each with its reason."""
        several = counts.to_correct + counts.set_aside
        label = says("Download the row to correct", "Download the %(count)s rows to correct", several)
        name, data = self.screen.download(label)
        assert name.endswith(".csv")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))

    def bring_in(self, counts: Counts) -> None:
        """Let the good rows in."""
        self.screen.press(
            says("Continue with the good one", "Continue with the %(count)s good ones", counts.good)
        )

    def lot_from_import(self) -> None:
        """From the confirmation of an import to its lot's lines, said to work with their chargers."""
        at = self.screen
        at.press(say("Make a lot with these"))
        at.unfold(say("Say the condition of the ticked lines at once"))
        for name, value in (("works", "works"), ("charger", "yes"), ("locks_released", "yes")):
            at.choose(name, value)
        at.press(say("Apply to the ticked lines"))

    def lot_by_count(self, kind: str, units: int, label: str) -> None:
        """A lot of devices without serial numbers."""
        at = self.screen
        at.go("/mes-lots")
        at.follow(say("Make a lot"))
        field = at.page.locator("main [name$='units']").first.get_attribute("name") or ""
        prefix = field.removesuffix("units")
        at.choose(f"{prefix}kind", kind)
        at.fill(f"{prefix}units", str(units))
        at.fill(f"{prefix}label", label)
        at.press(say("Make this lot"))

    def publish(
        self,
        title: str,
        *,
        terms: str,
        days: tuple[date, date],
        award: str = "holder_choice",
        euros: str = "",
    ) -> str:
        """Say the terms, read again, publish; the lot's reference."""
        at = self.screen
        at.follow(say("Continue: the terms"))
        at.fill("title", title)
        at.fill("available_from", days[0].isoformat())
        at.fill("available_until", days[1].isoformat())
        at.choose("terms", terms)
        if euros:
            at.fill("price_cents", euros)
        at.choose("award_mode", award)
        at.choose("erased_by", "reuse_actor")
        at.choose("erasure_policy", "clear")
        at.press(say("Read the lot again"))
        assert say("Nothing is published until you press the button below.") in at.text
        at.press(say("Publish the lot"))
        assert at.path.endswith("/publie")
        return at.reference("LOT")

    def choose_request(self, lot: str, claimant: str) -> None:
        """Give what is asked to who asks."""
        at = self.screen
        at.go(f"/lots/{lot}")
        at.follow(claimant)
        at.press(say("Choose this request"))

    def accept_pickup(self, pickup: str) -> str:
        """Accept the slot; the four digits to type when the devices are counted."""
        at = self.screen
        at.go(f"/enlevements/{pickup}")
        at.press(say("Accept this slot"))
        return at.page.locator(".big-code").inner_text().strip()


def sample(name: str) -> bytes:
    """An inventory of the repository's own samples."""
    return (Path(__file__).parents[1] / "fleets" / "samples" / name).read_bytes()
