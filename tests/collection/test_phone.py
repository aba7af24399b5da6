"""The driver's phone in a basement: a real browser whose network is cut, and what the journal holds afterwards."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from reuse_market.accounts.signatures import current_code
from reuse_market.collection import services
from reuse_market.collection.models import Container, Pickup, PickupCheck
from reuse_market.collection.rounds import services as rounds
from reuse_market.kernel import clock, db
from reuse_market.traceability.queries import events_of_stream
from tests.audit.looking import broken_rules
from tests.support import world as chain
from tests.support.world import PASSWORD

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])
WAITING = re.compile(r"gestes? attend")


class Basement:
    """A pick-up of numbered devices, its driver's phone, and a network that can be cut or die half-way."""

    def __init__(self, world: Any, app: Any, serve: Any, open_page: Any, units: int) -> None:
        self.holder, self.actor = world.holder(), world.reuse_actor()
        self.lot = chain.published_lot(self.holder, numbered=units, counted=0)
        self.pickup = chain.agreed_pickup(
            chain.awarded_claim(self.lot, self.holder, self.actor), self.holder, self.actor
        )
        self.reference, self.stream = self.pickup.reference, f"lot/{self.lot.reference}"
        self.codes = [str(unit.code) for unit in chain.pickups.sheet(self.pickup)]
        self.deaf, self.posts = -1, 0
        self.lock, self.lost, self.held = threading.Lock(), threading.Event(), threading.Event()
        self.held.set()
        self.base = serve(self._dying(app))
        self.page: Page = open_page(f"{self.base}/connexion", width=390, height=844)
        self.page.locator("#email").fill(self.actor.email)
        self.page.locator("#password").fill(PASSWORD)
        self.page.get_by_role("button", name="Se connecter").click()
        expect(self.page.locator("form[action='/deconnexion']")).to_have_count(1)
        self.enter()
        expect(self.page.locator("[data-count]")).to_have_text(f"Pointés\u00a0: 0 sur {units}")
        expect(self.page.locator("[data-ready]")).to_be_visible()  # kept: the basement may come

    def _dying(self, app: Any) -> Callable[..., Any]:
        """The application, whose answer to the n-th sending never arrives though the acts are done."""

        def answer(environ: dict[str, Any], start: Any) -> Any:
            sending = environ["PATH_INFO"].endswith("/gestes")
            with self.lock:
                self.posts += sending
                lost = sending and self.posts == self.deaf
            if not lost:
                return app(environ, start)
            b"".join(app(environ, lambda *_a, **_k: None))
            self.lost.set()
            self.held.wait(10)
            start("502 Bad Gateway", [("Content-Type", "text/plain")])
            return [b"lost"]

        return answer

    def enter(self) -> None:
        self.page.goto(f"{self.base}/enlevements/{self.reference}/pointage")

    def network(self, on: bool) -> None:
        self.page.context.set_offline(not on)

    def reopen(self) -> None:
        """The page is closed and opened again, as after a phone that died."""
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.enter()

    def tap_all(self, units: int) -> None:
        first = self.page.locator("[data-units] button").first
        for done in range(1, units + 1):
            first.click()
            expect(self.page.locator("[data-count]")).to_contain_text(f"Pointés\u00a0: {done} sur")

    def sign(self) -> None:
        form = self.page.locator("[data-sign]")
        form.get_by_label("Nom de la personne qui remet").fill("Dominique Modèle")
        form.get_by_role("button").click()
        expect(self.page.locator("[data-signed]")).to_be_visible()

    def checks(self) -> list[PickupCheck]:
        db.release()
        return list(db.session().scalars(sa.select(PickupCheck).order_by(PickupCheck.id)))

    def state(self) -> str:
        db.release()
        return db.session().scalars(sa.select(Pickup.state)).one()


@pytest.fixture
def basement(world: Any, app: Any, live_server: Any, open_page: Any) -> Callable[[int], Basement]:
    return lambda units: Basement(world, app, live_server, open_page, units)


def walk(phone: Basement, units: int) -> None:
    """Cut, check off, sign, close, reopen, and the network is back: each act once, in order."""
    phone.network(False)
    phone.tap_all(units)
    expect(phone.page.locator("[data-waiting]")).to_contain_text(WAITING)
    phone.sign()
    assert phone.checks() == []
    phone.reopen()
    expect(phone.page.locator("[data-waiting]")).to_contain_text(f"{units + 1} gestes attendent")
    expect(phone.page.locator("[data-signed]")).to_contain_text("Dominique Modèle")
    phone.network(True)
    expect(phone.page.locator("[data-signed-here]")).to_contain_text("enregistrée", timeout=60_000)
    made = phone.checks()
    assert len(made) == units
    assert [c.unit_id for c in made] == sorted(c.unit_id for c in made)
    assert [c.at for c in made] == sorted(c.at for c in made)
    assert all(c.at <= clock.now() for c in made)
    assert phone.state() == "done"
    covered = [e for e in events_of_stream(phone.stream) if e.type == "pickup.collected"]
    assert len(covered) == 1


def test_twelve_devices_without_network(basement: Any) -> None:
    """`walk` asserts each step."""
    walk(basement(12), 12)


@pytest.mark.long
def test_a_hundred_and_twenty_devices_without_network(basement: Any) -> None:
    """`walk` asserts each step."""
    walk(basement(120), 120)


@pytest.mark.parametrize("dies", [1, 2])
def test_killed_while_it_sends(basement: Any, dies: int) -> None:
    """The acts arrive, their answer does not, the page is closed: sent again, they are not done again."""
    phone = basement(24)
    phone.network(False)
    phone.tap_all(24)
    phone.sign()
    phone.deaf = phone.posts + dies
    phone.network(True)
    phone.lost.wait(20)
    assert len(phone.checks()) >= min(20 * dies, 24)
    phone.reopen()
    expect(phone.page.locator("[data-signed-here]")).to_contain_text("enregistrée")
    assert [len(phone.checks()), phone.state()] == [24, "done"]
    expect(phone.page.locator("[data-told] .notice")).to_have_count(0)
    assert len([e for e in events_of_stream(phone.stream) if e.type == "pickup.done"]) == 1


def test_a_conflict_is_told_until_it_is_seen(basement: Any) -> None:
    """A colleague checked one off meanwhile: told, and kept until it is seen; the sums are those signed for."""
    phone = basement(3)
    phone.network(False)
    phone.tap_all(3)
    phone.sign()
    assert list(broken_rules(phone.page)) == []
    services.check_off(phone.reference, phone.codes[1], actor=phone.actor.actor)
    phone.network(True)
    expect(phone.page.locator("[data-told] .notice")).to_contain_text("déjà")
    phone.reopen()
    told = phone.page.locator("[data-told] .notice")
    expect(told).to_have_count(1)
    told.get_by_role("button").click()
    expect(told).to_have_count(0)
    assert phone.state() == "done"


def test_a_network_that_comes_back_during_a_try_is_used_at_once(basement: Any) -> None:
    """The try that was under way fails still: the next one does not wait twenty seconds."""
    phone = basement(1)
    phone.deaf = phone.posts + 1
    phone.held.clear()
    phone.tap_all(1)
    assert phone.lost.wait(10)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.held.set()
    expect(phone.page.locator("[data-waiting]")).to_be_hidden()
    assert (phone.posts, len(phone.checks())) == (2, 1)


def test_the_session_ends_meanwhile(basement: Any) -> None:
    """What waits stays, the page says to sign in, and it leaves once that is done."""
    phone = basement(2)
    phone.network(False)
    phone.tap_all(2)
    phone.page.context.clear_cookies()
    phone.network(True)
    waiting = phone.page.locator("[data-waiting]")
    expect(waiting).to_contain_text("session")
    waiting.get_by_role("link", name="Se connecter").click()
    phone.page.locator("#email").fill(phone.actor.email)
    phone.page.locator("#password").fill(PASSWORD)
    phone.page.get_by_role("button", name="Se connecter").click()
    expect(phone.page.locator("[data-go-sign]")).to_be_visible()
    assert len(phone.checks()) == 2


def test_three_sealed_containers_signed_in_ten_actions(basement: Any) -> None:
    """Without network: three numbers, their seals, note, sign; what was said is what is noted here afterwards."""
    phone, done = basement(12), 0
    phone.network(False)
    phone.page.locator("[data-open] details > summary", has_text="Contenants").click()
    for row, (units, seal) in enumerate([("5", "S-1"), ("4", "S-2"), ("3", "S-3")], start=1):
        phone.page.locator(f"#box-units-{row}").fill(units)
        phone.page.locator(f"#box-seal-{row}").fill(seal)
        done += 2
    phone.page.get_by_role("button", name="Noter ces contenants").click()
    phone.page.locator("[data-sign] button").click()
    assert done + 3 <= 10
    assert list(broken_rules(phone.page)) == []
    phone.network(True)
    expect(phone.page.locator("[data-signed-here]")).to_contain_text("enregistrée")
    db.release()
    boxes = db.session().execute(sa.select(Container.kind, Container.declared, Container.seal)).all()
    assert [tuple(box) for box in boxes] == [("roll", 5, "S-1"), ("roll", 4, "S-2"), ("roll", 3, "S-3")]


def test_nobody_signs_out_of_what_waits(basement: Any) -> None:
    """Signing out leads to what waits; once it is sent the phone forgets the stop, and another page is never kept."""
    phone = basement(2)
    phone.network(False)
    phone.tap_all(2)
    phone.page.evaluate("document.querySelector(\"form[action='/deconnexion']\").requestSubmit()")
    expect(phone.page.locator("[data-road] [data-waiting]")).to_contain_text("2 gestes attendent")
    assert list(broken_rules(phone.page)) == []
    phone.network(True)
    expect(phone.page.locator("[data-road] [data-waiting]")).to_be_hidden()
    assert len(phone.checks()) == 2
    kept = phone.page.evaluate(
        "caches.open('parc-phone').then(c => c.keys()).then(k => k.map(r => new URL(r.url).pathname))"
    )
    assert [path for path in kept if not path.startswith(("/static/", "/enlevements/"))] == []
    phone.page.evaluate("document.querySelector(\"form[action='/deconnexion']\").requestSubmit()")
    expect(phone.page.locator("form[action='/deconnexion']")).to_have_count(0)
    assert phone.page.evaluate("caches.keys()") == []


EYES = """code => {
  self.BarcodeDetector = class { async detect() { return self.seen ? [{ rawValue: self.seen }] : []; } };
  const canvas = document.createElement("canvas");
  navigator.mediaDevices.getUserMedia = async () => {
    if (self.blind) throw new DOMException("no", "NotAllowedError");
    canvas.getContext("2d").fillRect(0, 0, 1, 1);
    return self.stream = canvas.captureStream(5);
  };
}"""


def test_the_camera_of_the_page_reads_where_the_browser_can(basement: Any) -> None:
    """No reader of codes, no button; with one, each code seen is an act, once, without network too."""
    phone = basement(2)
    expect(phone.page.locator("[data-camera]")).to_be_hidden()  # this browser reads no code itself
    phone.page.context.add_init_script(f"({EYES})()")
    phone.reopen()
    button, video = phone.page.locator("[data-camera]"), phone.page.locator("[data-code] video")
    phone.page.evaluate("self.blind = true")
    button.click()
    expect(phone.page.locator("[data-code] .field-error")).to_be_visible()
    expect(video).to_be_hidden()
    phone.page.evaluate("self.blind = false")
    phone.network(False)
    button.click()
    expect(video).to_be_visible()
    phone.page.evaluate("code => { self.seen = code; }", f"{phone.base}/u/{phone.codes[0]}")
    expect(phone.page.locator("[data-count]")).to_contain_text("Pointés\u00a0: 1 sur")
    stopped = "self.stream.getTracks().every(one => one.readyState === 'ended')"
    assert not phone.page.evaluate(stopped)
    button.click()
    expect(video).to_be_hidden()
    assert phone.page.evaluate(stopped)
    button.click()
    phone.page.evaluate("code => { self.seen = code; }", phone.codes[1])
    expect(phone.page.locator("[data-count]")).to_contain_text("Pointés\u00a0: 2 sur")
    expect(phone.page.locator("[data-waiting]")).to_contain_text("2 gestes attendent")
    phone.page.wait_for_function(stopped)  # by itself, once nothing is left to read
    phone.network(True)
    expect(phone.page.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
    assert [check.outcome for check in phone.checks()] == ["taken", "taken"]


def test_what_waits_leaves_with_the_page_closed(basement: Any) -> None:
    """Background Sync: the browser wakes the worker, which sends without any page."""
    phone = basement(3)
    phone.network(False)
    phone.tap_all(3)
    context, held = phone.page.context, phone.page.context.new_page()
    phone.page.close()
    assert phone.checks() == []
    held.goto("about:blank")
    session = context.new_cdp_session(held)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    held.wait_for_timeout(200)
    [worker] = {one["registrationId"] for one in found if one["scopeURL"].startswith(phone.base)}
    phone.network(True)
    session.send("ServiceWorker.dispatchSyncEvent",
                 {"origin": phone.base, "registrationId": worker, "tag": "gestes", "lastChance": False})  # fmt: skip
    for _ in range(100):
        if len(phone.checks()) == 3:
            break
        held.wait_for_timeout(100)
    assert [check.outcome for check in phone.checks()] == ["taken"] * 3


def test_a_stop_takes_one_action_a_device_and_three_pages(basement: Any) -> None:
    """The round, the stop with a tap a device, and one page on which both sign."""
    phone, pages = basement(4), []
    ref = rounds.draft_round(
        [phone.reference], actor=phone.actor.actor, day=clock.today(), from_time="00:00", to_time="23:59"
    ).reference
    rounds.plan_round(ref, actor=phone.actor.actor)
    rounds.start_round(ref, actor=phone.actor.actor)
    code = current_code(f"pickup/{phone.reference}")
    assert code is not None
    digits = code.code
    db.release()
    phone.page.on("framenavigated", lambda frame: pages.append(frame.url))
    phone.page.goto(f"{phone.base}/tournees/{ref}")
    phone.page.get_by_role("link", name="Pointer les appareils").click()
    phone.tap_all(4)  # four taps: the counter says so after each
    phone.page.locator("[data-go-sign] a, a[data-go-sign]").click()
    phone.page.get_by_role("button", name="Signer pour ces appareils").click()
    phone.page.locator("#name").fill("Dominique Modèle")
    phone.page.locator("#code").fill(digits)
    phone.page.get_by_role("button", name="Signer la remise").click()
    expect(phone.page.locator("h1")).to_contain_text("signée")
    assert len({page.rpartition("/remise")[1] or page.split("#")[0] for page in pages}) == 3, pages
    assert phone.state() == "done"
