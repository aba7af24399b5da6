"""One chain played twice, by pages and by programs, under the same clock: both leave the same journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts import tokens
from reuse_market.accounts.signatures import current_code
from reuse_market.factory import connect_services
from reuse_market.fleets.sample_inventory import sample_inventory
from reuse_market.kernel import clock, db
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability.models import Event, EventCommitment, EventUnit
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Unit
from tests.api.conftest import Caller
from tests.journeys.by_page import ByPage
from tests.journeys.by_program import ByProgram
from tests.journeys.reader import Reader
from tests.support import direct
from tests.support import world as worlds
from tests.support.database import forget_durability
from tests.support.world import PASSWORD, Party, World

START = clock.at_paris(datetime(2026, 6, 1).date(), 9)  # noqa: DTZ001 – at_paris gives the zone
PER_RUN = {"id", "act_id", "prev", "commitments"}  # random or hashed: of one run only
SLOT = {"day": "2026-06-02", "from_time": "09:00", "to_time": "11:00"}
TERMS = {
    "title": "Parc de bureau", "regime": "sale", "price_kind": "proposals", "award_mode": "holder_choice",
    "erased_by": "reuse_actor", "erasure_policy": "purge", "available_from": "2026-06-01",
    "available_until": "2026-07-01", "claims_until": "2026-06-20",
}  # fmt: skip
PROOF = {
    "technique": "sanitize_block_erase", "hidden_areas": "none", "tool": "Outil Exemple",
    "erased_on": "2026-06-01", "operator_name": "Alix Modèle",
}  # fmt: skip
FREE_TERMS = {name: value for name, value in TERMS.items() if name != "price_kind"} | {
    "regime": "free_transfer", "erased_by": "holder", "title": "Pour une association",
}  # fmt: skip
DECISION = {"decided_on": "2026-05-20", "decision_number": "2026-17", "decided_by": "Conseil"}
TWO_LAPTOPS = "Type;Fabricant;Modèle;Numéro de série\n" + "".join(
    f"Portable;Exemple;P840;{serial}\n" for serial in ("AAA1111", "AAA2222")
)
REPORT = b"Rapport d'effacement: 0 erreur\n"


class Chain:
    """The parties of a chain, each behind one kind of door, and a clock that goes an hour on at each act."""

    def __init__(self, app: Any, kind: str) -> None:
        self.app, self.kind, self.hours = app, kind, 0
        with clock.frozen(START):
            town = World.begin()
            self.parties = {
                "holder": town.holder(), "workshop": town.reuse_actor(),
                "collector": town.reuse_actor("Ressourcerie Exemple"), "buyer": town.buyer(),
                "association": town.recipient(), "commune": town.public_holder(),
            }  # fmt: skip
            direct.qualified(town, self.parties["association"], "association_rig")
            self.doors = {who: self._door(party) for who, party in self.parties.items()}

    def _door(self, party: Party) -> Any:
        if self.kind == "page":
            at = Reader(self.app.test_client(), party.email)
            at.sign_in(party.email, PASSWORD)
            return ByPage(at)
        _row, secret = tokens.make_token(party.person_id, party.organisation_id, ("write",))
        return ByProgram(Caller(self.app, party, secret))

    def do(self, who: str, verb: str, *given: Any, **named: Any) -> Any:
        """One act of one party."""
        with self.later():
            return getattr(self.doors[who], verb)(*given, **named)

    @contextmanager
    def later(self) -> Iterator[None]:
        """Ten minutes on."""
        self.hours += 1
        with clock.frozen(START + timedelta(minutes=10 * self.hours)):
            yield


def play(chain: Chain) -> None:
    """From an inventory to the last signature, with most of what can go another way on the road."""
    lot = a_lot(chain)
    pickup = a_shared_pickup(chain, lot)
    signed(chain, pickup)
    ready = worked(chain)
    sold(chain, ready)
    as_they_are(chain)


def a_lot(chain: Chain) -> str:
    """An inventory becomes a lot."""
    do = chain.do
    lot: str = do(
        "holder", "import_and_gather", "parc.csv", sample_inventory(), chain.parties["holder"].site_id
    )
    do("holder", "add_counted_line", lot, "monitor", 20, "Écrans 24 pouces")
    do("holder", "add_counted_line", lot, "dock", 2, "Stations")
    do("holder", "remove_line", lot, "Stations")
    do("holder", "change_line", lot, 1, works="works", charger="yes", note="Housses comprises")
    do("holder", "set_terms", lot, **TERMS)
    do("holder", "publish", lot)
    return lot


def a_shared_pickup(chain: Chain, lot: str) -> str:
    """Three requests: one declined, one given up, one that leads to a pick-up."""
    do, loose = chain.do, loose_line(lot)
    first = do("collector", "claim", lot, {loose: 20}, 100_00, "Tous les écrans.")
    do("holder", "decline", first, "Trop peu.")
    second = do("collector", "claim", lot, {loose: 8}, 100_00, "Huit écrans.")
    third = do("workshop", "claim", lot, {1: units_of(lot, 1), loose: 12}, 500_00, "Avec un camion.")
    do("holder", "award", second)
    do("holder", "award", third)
    do("collector", "release", second, "Le camion est en panne.")
    pickup: str = do("workshop", "propose", third, SLOT)
    do("holder", "counter", pickup, SLOT | {"from_time": "10:00"})
    do("workshop", "agree", pickup)
    serials = [unit.serial for unit in units("awarded") if unit.serial]
    do("workshop", "check_off", pickup, serials[0])
    do("workshop", "missing", pickup, serials[1])
    do("workshop", "extra", pickup, "dock", "Station d’accueil", "EXTRA-1")
    do("workshop", "check_line", pickup, loose, 3)
    do("workshop", "undo_last", pickup)
    do("workshop", "refused", pickup, loose, 1)
    do("workshop", "check_rest", pickup)
    return pickup


def signed(chain: Chain, pickup: str) -> None:
    """Both signatures, the second with the code the holder was shown."""
    chain.do("workshop", "sign_as_driver", pickup, "Camille Modèle", "AA-000-AA")
    with chain.later():
        code = current_code(f"pickup/{pickup}")
    assert code is not None
    chain.do("workshop", "sign_as_holder", pickup, "Dominique Modèle", code.code)


def worked(chain: Chain) -> list[int]:
    """Three laptops ready, one waste that leaves, one taken apart."""
    do = chain.do
    laptops = [unit.id for unit in units("collected") if unit.kind == "laptop"][:5]
    for unit in laptops:
        do("workshop", "receive", unit)
    for unit in laptops[:3]:
        do("workshop", "identify", unit, "Portable 840")
        do("workshop", "test", unit, 80)
        do("workshop", "count_media", unit, f"SSD-{unit}")
        do("workshop", "erase", unit, PROOF, REPORT)
        do("workshop", "make_ready", unit, "B", 150_00)
    do("workshop", "declare_waste", laptops[3], 2100)
    do("workshop", "remove_waste", laptops[3], "Éco-organisme Exemple", 2)
    do("workshop", "to_parts", laptops[4])
    return laptops[:3]


def sold(chain: Chain, ready: list[int]) -> None:
    """One bought, one given by code, one given back."""
    do = chain.do
    bought = do("buyer", "reserve", "Portable 840", 1, "BC-1")
    given = do("association", "reserve", "Portable 840", 1, "")
    dropped = do("buyer", "reserve", "Portable 840", 1, "BC-2")
    for reservation in (bought, given):
        do("workshop", "confirm", reservation)
    do("workshop", "prepare", bought)
    do("buyer", "sign", bought, "Sacha Modèle")
    with chain.later():
        code = current_code(f"reservation/{given}")
    assert code is not None
    do("workshop", "sign_with_code", given, "Lou Modèle", code.code)
    do("buyer", "give_back", dropped, "Budget refusé.")
    assert sorted(unit.id for unit in units("provided") + units("ready")) == sorted(ready)


def as_they_are(chain: Chain) -> None:
    """A commune erases what it transfers free of charge to an association, for its own use."""
    do = chain.do
    lot = do(
        "commune", "import_and_gather", "mairie.csv", TWO_LAPTOPS.encode(), chain.parties["commune"].site_id
    )
    do("commune", "add_counted_line", lot, "monitor", 2, "Écrans 22 pouces")
    loose = 2
    for line in (1, loose):
        do("commune", "value_line", lot, line, 120_00)
    do("commune", "set_free_terms", lot, **FREE_TERMS)
    do("commune", "publish", lot, **DECISION)
    claim = do("association", "claim_as_is", lot, {1: 2, loose: 2})
    do("commune", "award", claim)
    do("commune", "certify_line", lot, 1, PROOF, REPORT)
    do("commune", "attest_no_media", lot, loose)
    do("commune", "issue_papers", claim)
    pickup = do("association", "propose", claim, SLOT)
    do("commune", "agree", pickup)
    do("association", "check_rest", pickup)
    do("association", "sign_as_driver", pickup, "Lou Modèle", "AA-000-AA")
    with chain.later():
        code = current_code(f"pickup/{pickup}")
    assert code is not None
    do("association", "sign_as_holder", pickup, "Alix Modèle", code.code)


def units(state: str) -> list[Unit]:
    """Those in a state."""
    return list(db.session().scalars(sa.select(Unit).where(Unit.state == state).order_by(Unit.id)))


def loose_line(lot: str) -> int:
    """The line of devices without serials."""
    return max(_lines(lot))


def units_of(lot: str, line: int) -> int:
    """How many are left in a line."""
    return _lines(lot)[line]


def _lines(lot: str) -> dict[int, int]:
    return worlds.left_by_line(lot)


def journal() -> list[dict[str, Any]]:
    """Every event in its order: what it says, its act by its place in the order, its commitments by name."""
    acts: dict[str, int] = {}
    told = []
    for event in db.session().scalars(sa.select(Event).order_by(Event.id)):
        body = json.loads(event.payload)
        body["act"] = acts.setdefault(event.act_id, len(acts))
        if event.stream.startswith("document/"):
            body["facts"].pop("sha256")  # a paper prints a code drawn at random
        body["kept apart"] = {
            row.name: row.value
            for row in db.session().scalars(
                sa.select(EventCommitment).where(EventCommitment.event_id == event.id)
            )
        }
        rows = sa.select(EventUnit.unit_id).where(EventUnit.event_id == event.id).order_by(EventUnit.unit_id)
        body["index"] = list(db.session().scalars(rows))
        told.append({name: value for name, value in body.items() if name not in PER_RUN})
    return told


def mails() -> list[tuple[str, str, str]]:
    """Every message in its order, but for whom: addresses are of one run only."""
    rows = db.session().scalars(sa.select(Message).order_by(Message.id))
    return [(row.template, row.about, row.subject) for row in rows]


def left_by(kind: str, app: Any) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
    """The journal and the mails that the chain leaves behind one kind of door."""
    with db.scope():
        chain = Chain(app, kind)
        founding = len(journal())
        play(chain)
        assert verify_chains() == []
        assert reconcile() == []
        return journal()[founding:], mails()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_pages_and_programs_leave_the_same_journal(app, request, tmp_path):
    by_pages, mails_of_pages = left_by("page", app)
    again = tmp_path / "again"
    again.mkdir()
    settings = replace(
        app.config["SETTINGS"],
        database_url=request.getfixturevalue("_sqlite_source").migrated(again),
        files_url=f"file://{again / 'files'}",
    )
    connect_services(settings)
    app.config["SETTINGS"] = settings
    forget_durability(db.database())
    by_programs, mails_of_programs = left_by("program", app)
    for told, via in ((by_pages, "self"), (by_programs, "token")):
        acting = {(event["actor"].pop("via"), event["stream"].startswith("document/")) for event in told}
        assert acting == {(via, False), ("system", True)}  # nobody issues a paper by hand
    assert len(by_pages) > 50
    differences = [pair for pair in zip_longest(by_pages, by_programs) if pair[0] != pair[1]]
    assert differences == []
    assert mails_of_pages == mails_of_programs
    assert len(mails_of_pages) > 20
