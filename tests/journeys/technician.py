"""What a technician does in the workshop."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.journeys.screen import Screen
from tests.journeys.words import say

REPORT = b"%PDF-1.4\nRapport d'effacement, exemple\n%%EOF\n"


@dataclass
class Technician:
    """A technician at the bench."""

    screen: Screen

    def take_in(self, pickup: str) -> None:
        """A whole pick-up, then what was found there in addition."""
        at = self.screen
        at.go("/atelier?liste=arrivals")
        at.press(re.compile(f"{re.escape(say('Take them all in'))}.*{pickup}"))
        at.go("/atelier?liste=arrivals")
        at.press(say("Take them all in"))

    def open(self, code: str) -> None:
        """Scan: the device's page opens."""
        at = self.screen
        at.go("/atelier")
        at.fill("code", code)
        at.press(say("Open the device"))
        assert re.fullmatch(r"/atelier/appareils/\d+", at.path), at.path

    def missing(self) -> list[str]:
        """Why the device is not ready yet, as its page says."""
        return self.screen.page.locator("#state li").all_inner_texts()

    def may_make_ready(self) -> bool:
        """Whether the page offers it."""
        return self.screen.page.locator("main form[action$='/pret']").count() > 0

    def force_ready(self) -> tuple[int, str]:
        """What the service answers who sends the form that the page does not offer."""
        at = self.screen
        token = at.page.locator("input[name='csrf_token']").first.get_attribute("value") or ""
        form = {
            "csrf_token": token, "ready-cosmetic_grade": "B", "ready-price_cents": "150",
            "ready-vat_scheme": "standard", "ready-warranty_months": "12", "ready-open_to": "all",
        }  # fmt: skip
        answer = at.page.context.request.post(
            f"{at.page.url}/pret", form=form, headers={"Origin": at.base}, max_redirects=0
        )
        return answer.status, answer.text()

    def test(self, battery: int) -> None:
        """All functions work."""
        self.screen.fill("test-battery_percent", str(battery))
        self.screen.press(say("Record the test"))

    def count_one_medium(self, serial: str) -> None:
        """One NVMe, seen."""
        at = self.screen
        at.fill("count-media", "1")
        at.choose("count-kind", "nvme")
        at.fill("count-serials", serial)
        at.press(say("Record the count"))

    def erase(self, report: bytes = REPORT) -> None:
        """The proof of the erasure of the one medium, with the tool's report."""
        at = self.screen
        form = at.page.locator("main form[action$='/attestation']").first
        form.locator("[name$='-technique']").select_option("nvme_format")
        form.locator("[name$='-tool']").fill("nvme-cli")
        form.locator("[name$='-tool_version']").fill("2.4")
        form.locator("[name$='-operator_name']").fill("Technicien Exemple")
        form.locator("[name$='-file']").set_input_files(
            {"name": "rapport.pdf", "mimeType": "application/pdf", "buffer": report}
        )
        at.press(say("Record the certificate"), within=form)

    def make_ready(self, grade: str, euros: str) -> None:
        """Its looks and its price."""
        at = self.screen
        at.choose("ready-cosmetic_grade", grade)
        at.fill("ready-price_cents", euros)
        at.press(say("Print the label and next"))

    def series(self, lot: str, kind: str) -> None:
        """The identical devices of a lot, together."""
        at = self.screen
        at.go(f"/atelier?liste=workshop&lot={lot}")
        at.unfold(say("Work on identical devices together"))
        at.follow(re.compile(kind), within=at.page.locator("main details li"))

    def test_series(self, battery: int) -> None:
        """All the ticked ones work."""
        for box in self.screen.page.locator("main input[name^='battery-unit']").all():
            box.fill(str(battery))
        self.screen.press(say("Record the test for the devices ticked"))

    def no_media(self) -> None:
        """None of the ticked ones has a disk: their model says so."""
        self.screen.press(say("Note the devices ticked as without medium"))

    def make_series_ready(self, grade: str, euros: str) -> None:
        """The looks and the price of the ticked ones."""
        at = self.screen
        at.choose("ready-cosmetic_grade", grade)
        at.fill("ready-price_cents", euros)
        at.press(say("Make the devices ticked ready"))

    def tick_only(self, unit_ids: list[int]) -> None:
        """Untick the others of the series."""
        for box in self.screen.page.locator("main input[name='units']").all():
            box.set_checked(int(box.get_attribute("value") or 0) in unit_ids, force=True)

    def declare_waste(self, grams: int) -> None:
        """Not repairable."""
        at = self.screen
        at.unfold(say("Declare it waste"))
        at.choose("waste-diagnosis", "not_repairable")
        at.fill("waste-weight_g", str(grams))
        at.tick("waste-sure")
        at.press(say("Declare the device waste"))

    def remove_waste(self, scheme: str, kilos: int) -> str:
        """All that waits leaves in one removal; its reference."""
        at = self.screen
        at.go("/atelier")
        at.follow(say("Removals"))
        at.press(say("Add to the removal"))
        if "/atelier/reforme/" not in at.path:
            at.follow(re.compile(r"[A-Z]{3}-\d{4}-\d+"))
        at.fill("producer_scheme", scheme)
        at.fill("weight_kg", str(kilos))
        at.press(say("Record the removal"))
        return at.path.rsplit("/", 1)[1]
