"""The demonstration: loads whole on both databases, keeps every invariant, never twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts.models import ActorCapacity, SavedSearch, Site
from reuse_market.claims.models import Standby
from reuse_market.collection.models import LoadingProtocol, Pickup, PickupPhoto, SignatureLink
from reuse_market.demo import loading
from reuse_market.demo.parties import PROFILES, address, siret
from reuse_market.fleets.models import Departure, InventoryImport
from reuse_market.kernel import jobs
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict
from reuse_market.lots.models import Lot
from reuse_market.observatory import publishing
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing.models import OfferPhoto
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Unit
from reuse_market.web.forms import siret_fault
from tests.support.demonstration import PASSWORD, bring, kept_folder

ROLES = (
    "holder", "public-holder", "reuse-actor", "buyer", "obliged-buyer", "recipient", "recipient-2",
    "operator", "admin", "auditor",
)  # fmt: skip


@pytest.fixture(scope="session")
def kept() -> Path:
    """What the run's one command has loaded, on SQLite: before a test connects a database of its own."""
    return kept_folder()


@pytest.fixture
def loaded(
    kept: Path, app: Any, backend: str, tmp_path: Path, tell_once: Callable[[str, Callable[[], Any]], Any]
) -> Any:
    """The application with the demonstration in it: brought on SQLite, loaded once a worker on PostgreSQL."""
    here = backend == "sqlite"
    tell_once("loaded", lambda: bring(kept, tmp_path / "files") if here else loading.load(PASSWORD))
    return app


def test_the_story_leaves_every_invariant_whole(loaded: Any) -> None:
    """Chains, replay and balances hold; units stand at every stage a visitor wants to see."""
    assert verify_chains() == []
    assert reconcile() == []
    counts = dict(session().execute(sa.select(Unit.state, sa.func.count()).group_by(Unit.state)).all())
    assert counts["provided"] == 10 + 3 + 18 + 4 + 1 + 1 - 2, (
        "bought, as is, solidarity, counter, a need; 2 back"
    )
    assert counts["held"] == 5 + 1 + 5 + 3, (
        "reserved by an association; taken to try on a quote; proposed for a need; in a basket"
    )
    assert counts["recycled"] == 2
    assert counts["missing"] == 2, "kept by its holder, lost between two workshops"
    assert counts["listed"] > 0
    assert counts["awarded"] > 0
    states = set(session().scalars(sa.select(Lot.state)))
    assert {"draft", "published"} <= states


@pytest.mark.parametrize("backend", ["sqlite"])
def test_collecting_has_something_on_every_screen(loaded: Any, client: Any) -> None:
    """A week of collecting: what waits, what is agreed, who is asked, what may be published."""

    def count(model: Any, *criteria: Any) -> int:
        return session().scalar(sa.select(sa.func.count()).select_from(model).where(*criteria)) or 0

    found = {
        "searches": count(SavedSearch), "capacity": count(ActorCapacity), "hours": count(Site, Site.week.is_not(None)),
        "in force": count(LoadingProtocol, LoadingProtocol.state == "in_force"),
        "on a day": count(Pickup, Pickup.slot_id.is_not(None), Pickup.state == "agreed"),
        "by carrier": count(Pickup, Pickup.arrival == "carrier"), "asked": count(Standby, Standby.state == "called"),
        "to sign": count(Pickup, Pickup.state == "done", Pickup.holder_signed_at.is_(None)),
        "links": count(SignatureLink, SignatureLink.used_at.is_(None)), "pictures": count(PickupPhoto),
        "photos": count(OfferPhoto),
        "to check": count(InventoryImport, InventoryImport.state == "judged"), "discards": count(Departure) // 34,
    }  # fmt: skip
    told = {name: number for name, number in found.items() if name != "links"}
    assert told == {
        "searches": 3, "capacity": 1, "hours": 2, "in force": 1, "on a day": 2, "by carrier": 1, "asked": 1,
        "to sign": 1, "pictures": 2, "photos": 1, "to check": 1, "discards": 2,
    }  # fmt: skip
    assert found["links"] >= 1
    assert {row.state for row in publishing.published().rows} >= {"forecast"}, (
        "by kind or of all, as the date has it"
    )
    page = client.get("/previsions").get_data(as_text=True)
    assert "en stock" in page


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_jobs_find_nothing_overdue_in_it(loaded: Any) -> None:
    """What a visitor is shown is still there after the worker's first round."""
    housekeeping = {"deliver-messages", "inventories.forget", "audits.run"}
    for job in jobs.all_jobs():
        if job.name not in housekeeping:
            assert job.run() == 0, job.name


def test_it_never_enters_a_database_that_holds_something(loaded: Any) -> None:
    """A second load is refused and changes nothing."""
    before = session().scalar(sa.select(sa.func.count()).select_from(Unit))
    with pytest.raises(Conflict):
        loading.load(PASSWORD)
    assert session().scalar(sa.select(sa.func.count()).select_from(Unit)) == before


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_printed_sign_in_opens(loaded: Any, client: Any) -> None:
    """One account a role, with the password that is printed."""
    printed = "\n".join(loading.sign_ins(PASSWORD))
    for login in ROLES:
        assert address(login) in printed
        answer = client.post(
            "/connexion",
            data={"email": address(login), "password": PASSWORD},
            headers={"Origin": "http://localhost"},
        )
        assert answer.status_code == 302, login
        assert client.get("/mon-espace", follow_redirects=True).status_code == 200, login
        client.delete_cookie("parc")


def test_sirets_are_well_formed() -> None:
    """Forms would accept them, and no two are alike."""
    found = [profile.siret for profile in PROFILES if profile.siret]
    assert len(set(found)) == len(found)
    assert [siret_fault(number) for number in found] == [None] * len(found)
    assert siret(1) == siret(1) != siret(2)
