"""Two holders who have been here for three years: their discards teach the forecast, and figures may be published."""

from __future__ import annotations

import random
from datetime import date
from functools import partial

from reuse_market.accounts import queries as accounts
from reuse_market.demo.acting import Act, Actors, instant
from reuse_market.demo.inventory import HEADER, row, serial
from reuse_market.demo.parties import Profile, siret
from reuse_market.fleets import services as fleets
from reuse_market.fleets.services.departing import record_departure
from reuse_market.fleets.services.discarding import discard_units
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.spreadsheets import csv_text
from reuse_market.units import queries as units

SINCE = -1100  # days
ELDERS = (
    Profile("holder-2", "Informatique (démo)", "Laboratoire Exemple", "company", ("holder",), siret(11),
            street="5 rue des Essais", postcode="38000", commune="Grenoble"),
    Profile("holder-3", "Moyens généraux (démo)", "Bureau d’études Exemple", "company", ("holder",), siret(12),
            street="2 allée du Plan", postcode="38400", commune="Saint-Martin-d’Hères"),
)  # fmt: skip
# (how many, kind, maker, model, age in days when the inventory came in)
FLEET = (
    (12, "Portable", "Dell Inc.", "Latitude 5490", 1_500), (12, "Portable", "Dell Inc.", "Latitude 5410", 1_050),
    (12, "Portable", "LENOVO", "ThinkPad L14 Gen 2", 500), (8, "Moniteur", "Dell Inc.", "P2417H", 2_300),
    (10, "Moniteur", "Dell Inc.", "P2419H", 1_400), (6, "Ordinateur de bureau", "HP", "ProDesk 600 G4 DM", 1_500),
)  # fmt: skip
DISCARDS = (
    (-900, "laptop", 8),
    (-640, "monitor", 6),
    (-520, "laptop", 9),
    (-250, "desktop", 4),
    (-160, "laptop", 7),
)
NUMBER = {"holder-2": 400, "holder-3": 600}


def acts(actors: Actors) -> list[Act]:
    """Their inventories, then a discard now and then, taken back by the supplier a month later."""
    made = [Act(SINCE + 5, partial(_import, actors[login], login), 9) for login in NUMBER]
    for place, login in enumerate(NUMBER):
        for day, kind, count in DISCARDS:
            made.append(Act(day + 30 * place, partial(_discard, actors[login], kind, count)))
    return made


def tell(actors: Actors) -> None:
    """Run it, oldest act first."""
    for act in sorted(acts(actors), key=lambda one: one.day):
        with clock.frozen(instant(act.day, act.hour)):
            act.run()


def _import(holder: Actor, login: str) -> None:
    site = accounts.base_site(holder.organisation_id or 0)
    staged = fleets.upload_inventory(_csv(login), "parc.csv", actor=holder, site_id=site.id if site else None)
    import_id = staged.id
    fleets.confirm_mapping(import_id, actor=holder)
    fleets.apply_import(import_id, actor=holder)


def _csv(login: str) -> bytes:
    rng, number, rows = random.Random(login), NUMBER[login], [list(HEADER)]
    for count, kind, maker, model, age in FLEET:
        bought = _month(clock.in_days(-age))
        for _ in range(count):
            number += 1
            rows.append(row(number, maker, serial(rng, 10), kind, model, "", "", "", bought, owner="Siège"))
    return csv_text(rows, quote_all=True).encode("utf-8")


def _month(day: date) -> str:
    return day.replace(day=1).isoformat()


def _discard(holder: Actor, kind: str, count: int) -> None:
    """The oldest of a kind go, and are taken back at once."""
    ids = units.owned_ids(holder.organisation_id or 0, state="in_use", kinds=(kind,))[:count]
    discard_units(ids, actor=holder, decided_on=clock.today())
    record_departure(ids, "take_back", actor=holder, left_on=clock.today(), erased=True)
