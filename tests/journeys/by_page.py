"""The acts of a chain as people do them: pages, forms, buttons."""

from __future__ import annotations

import re
from typing import Any

from tests.journeys.by_page_later import LaterByPage
from tests.journeys.words import say


class ByPage(LaterByPage):
    """One organisation's person at its pages. `by_program.ByProgram` has the same verbs."""

    def import_and_gather(self, name: str, data: bytes, site: int) -> str:
        """The good rows come in and become a lot; its reference."""
        at = self.at
        at.go("/parc/importer")
        at.give("file", name, data)
        at.put(site=site)
        at.press(say("Read the file"))
        if at.path.endswith("/colonnes"):
            at.press(say("Check the devices"))
        at.press(re.compile("^" + say("Continue with the good one").split()[0]))
        at.press(say("Make a lot with these"))
        return at.reference("LOT")

    def add_counted_line(self, lot: str, kind: str, units: int, label: str) -> None:
        """Devices without serial numbers."""
        self.at.go(f"/lots/{lot}/composer")
        prefix = self.at.page.xpath("//input[contains(@name, 'units')]/@name")[0].removesuffix("units")
        self.at.put(**{f"{prefix}kind": kind, f"{prefix}units": units, f"{prefix}label": label})
        self.at.press(say("Add this line"))

    def remove_line(self, lot: str, label: str) -> None:
        """The line is not of the lot after all."""
        self.at.go(f"/lots/{lot}/composer")
        self.at.press(say("Take out"), near=label)

    def change_line(self, lot: str, line: int, **values: str) -> None:
        """Its condition."""
        self.at.go(f"/lots/{lot}/lignes/{line}")
        self.at.put(**values)
        self.at.send(self.at.main.xpath(".//form//button")[0])

    def set_terms(self, lot: str, **terms: Any) -> None:
        """On the page of the terms, a sale on proposals is one answer."""
        self.at.go(f"/lots/{lot}/conditions")
        assert (terms.pop("regime"), terms.pop("price_kind")) == ("sale", "proposals")
        self.at.put(terms="proposals", **terms)
        self.at.press(say("Read the lot again"))

    def publish(self, lot: str, **decision: str) -> None:
        """From the page that shows all of it; a public body says there by which decision it discards."""
        self.at.go(f"/lots/{lot}/relire")
        self.at.put(**decision)
        self.at.press(say("Publish the lot"))

    def claim(self, lot: str, wanted: dict[int, int], cents: int, message: str) -> str:
        """Ask for so many of each line."""
        at = self.at
        at.go(f"/lots/{lot}/prendre")
        for box in at.page.xpath("//input[starts-with(@name, 'line_')]"):
            box.value = str(wanted.get(int(box.get("name").removeprefix("line_")), 0))
        at.put(proposal="pay", amount=f"{cents // 100}", message=message, committed=True)
        at.press(say("Send the request"))
        return at.reference("DEM")

    def value_line(self, lot: str, line: int, cents: int) -> None:
        """What one device of it is worth."""
        at = self.at
        at.go(f"/lots/{lot}/composer")
        for box in at.all_named("line"):
            box.checked = box.get("value") == str(line)
        at.put(value_cents=cents // 100, value_how="market_price")
        at.press(say("Keep this value"))

    def set_free_terms(self, lot: str, **terms: Any) -> None:
        """On the page of the terms, a regime and its price are one answer."""
        self.at.go(f"/lots/{lot}/conditions")
        self.at.put(terms=terms.pop("regime"), **terms)
        self.at.press(say("Read the lot again"))

    def claim_as_is(self, lot: str, wanted: dict[int, int]) -> str:
        """For one's own use, with the written undertaking."""
        at = self.at
        at.go(f"/lots/{lot}/prendre?pour=usage")
        for box in at.page.xpath("//input[starts-with(@name, 'line_')]"):
            box.value = str(wanted.get(int(box.get("name").removeprefix("line_")), 0))
        at.put(undertaken=True)
        at.press(say("Send the request"))
        return at.reference("DEM")

    def issue_papers(self, claim: str) -> None:
        """Agreement, undertaking, annex."""
        at = self.at
        at.go(f"/demandes/{claim}")
        at.send(at.page.xpath(f"//form[@action='/demandes/{claim}/documents']//button")[0])

    def attest_no_media(self, lot: str, line: int) -> None:
        """The devices of a line hold no data."""
        self.at.go(f"/lots/{lot}/effacement")
        self.at.put(line=line, **{"none-seen_how": "opened"})
        self.at.press(say("Attest: no storage medium"))

    def certify_line(self, lot: str, line: int, proof: dict[str, Any], report: bytes) -> None:
        """One report for the devices of a line."""
        at = self.at
        at.go(f"/lots/{lot}/effacement")
        at.put(line=line, **{f"report-{name}": value for name, value in proof.items()})
        name = at.page.xpath("//input[@type='file']/@name")[0]
        at.give(name, "rapport.txt", report)
        at.press(say("Record the certificates"))

    def decline(self, claim: str, reason: str) -> None:
        """No."""
        self.at.go(f"/demandes/{claim}")
        self.at.put(reason=reason)
        self.at.press(say("Do not choose this request"))

    def award(self, claim: str) -> None:
        """Yes, as asked."""
        self.at.go(f"/demandes/{claim}")
        self.at.press(say("Choose this request"))

    def release(self, claim: str, reason: str) -> None:
        """Give it up."""
        self.at.go(f"/demandes/{claim}")
        self.at.put(reason=reason)
        self.at.press(say("Give this request up"))

    def propose(self, claim: str, slot: dict[str, str]) -> str:
        """A slot; the pick-up's reference."""
        self.at.go(f"/demandes/{claim}/enlevement")
        self.at.put(**slot)
        self.at.press(say("Propose this slot"))
        return self.at.reference("ENL")

    def counter(self, pickup: str, slot: dict[str, str]) -> None:
        """Another one."""
        self.at.go(f"/enlevements/{pickup}/autre-creneau")
        self.at.put(**slot)
        self.at.send(self.at.main.xpath(".//form//button")[0])

    def agree(self, pickup: str) -> None:
        """That one."""
        self.at.go(f"/enlevements/{pickup}")
        self.at.press(say("Accept this slot"))

    def check_off(self, pickup: str, code: str) -> None:
        """It is here."""
        self.at.go(f"/enlevements/{pickup}/pointage")
        self.at.put(code=code)
        self.at.press(say("Check this device off"))

    def missing(self, pickup: str, serial: str) -> None:
        """It is not."""
        self.at.go(f"/enlevements/{pickup}/pointage/probleme/absent")
        self.at.set(self.at.labelled(re.compile(re.escape(serial))), None)
        self.at.put(reason="not_found")
        self.at.press(say("Note as missing"))

    def refused(self, pickup: str, line: int, units: int) -> None:
        """Broken, some of a line without serials."""
        self.at.go(f"/enlevements/{pickup}/pointage/probleme/refuse")
        self.at.put(**{f"line_{line}": units, "reason": "broken"})
        self.at.press(say("Note as refused"))

    def extra(self, pickup: str, kind: str, label: str, serial: str) -> None:
        """Nobody declared it."""
        self.at.go(f"/enlevements/{pickup}/pointage/probleme/en-trop")
        self.at.put(kind=kind, label=label, serial=serial)
        self.at.press(say("Note this device"))

    def check_line(self, pickup: str, line: int, units: int) -> None:
        """So many of a line without serials."""
        at = self.at
        at.go(f"/enlevements/{pickup}/pointage")
        form = at.page.xpath(f"//form[contains(@action, '/pointage/ligne/{line}')]")[0]
        at.set(form.xpath(".//input[@name='units']")[0], str(units))
        at.send(form.xpath(".//button")[0])

    def undo_last(self, pickup: str) -> None:
        """What was noted last is not noted."""
        self.at.go(f"/enlevements/{pickup}/pointage")
        self.at.press(say("Undo"))

    def check_rest(self, pickup: str) -> None:
        """All that is left is here."""
        self.at.go(f"/enlevements/{pickup}/pointage/tout")
        self.at.press(say("Yes, everything is here"))

    def sign_as_driver(self, pickup: str, name: str, plate: str) -> None:
        """In one's care."""
        self.at.go(f"/enlevements/{pickup}/remise")
        self.at.put(driver_name=name, plate=plate)
        self.at.press(say("Sign for these devices"))

    def sign_as_holder(self, pickup: str, name: str, code: str) -> None:
        """On the driver's phone."""
        self.at.go(f"/enlevements/{pickup}/remise")
        self.at.put(name=name, code=code)
        self.at.press(say("Sign the handover"))
