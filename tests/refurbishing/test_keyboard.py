"""A sound laptop from the scanner to its label, by keyboard and scanner only, in a real browser: actions counted."""

from __future__ import annotations

import pytest

from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.refurbishing import queries, services
from reuse_market.settings import Settings
from reuse_market.units import queries as units
from tests.support.workshop import Workshop
from tests.support.world import PASSWORD, World

MODEL = {"maker": "Marque Exemple", "model": "Portable Exemple 14"}


class Keyboard:
    """Hands on a keyboard and a scanner: Tab moves, `press` is an action, `scan` types a code and Enter."""

    def __init__(self, page):
        self.page, self.actions = page, 0

    def scan(self, code):
        """The gun types wherever the focus is."""
        self.page.keyboard.type(code)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def to(self, selector):
        """Tab until the control has the focus; how many times."""
        for tabs in range(1, 60):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return tabs
        raise AssertionError(f"{selector} is not reached by Tab")

    def press(self, key, leads=True):
        """One action."""
        self.actions += 1
        if not leads:
            return self.page.keyboard.press(key)
        with self.page.expect_navigation():
            return self.page.keyboard.press(key)

    def focused(self):
        """The name of the control that has the focus."""
        return self.page.evaluate("() => document.activeElement.name || ''")


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite"])
def test_five_actions_and_one_file(database_url, tmp_path, live_server, open_page):
    app = create_app(
        Settings(
            database_url=database_url, secret_key="k", testing=True, files_url=f"file://{tmp_path / 'f'}"
        )
    )
    with db.scope():
        shop = Workshop(World.begin())
        before, unit_id, following = shop.received(3)
        for each in (before, unit_id, following):
            services.identify_unit(each, MODEL | {"serial": f"CLAVIER{each}"}, actor=shop.actor.actor)
        shop.tested([before])
        shop.erased(before)
        services.make_ready(before, actor=shop.actor.actor, cosmetic_grade="B", price_cents=120_00)
        codes = {i: queries.case(i).code for i in (unit_id, following)}
    report = tmp_path / "rapport.pdf"
    report.write_bytes(b"%PDF-1.4 rapport")
    base = live_server(app)
    page = open_page(f"{base}/connexion")
    page.locator("#email").fill(shop.actor.email)
    page.locator("#password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Se connecter").click()
    page.goto(f"{base}/atelier")
    hands = Keyboard(page)
    assert hands.focused() == "code"
    hands.scan(codes[unit_id])
    assert page.url.endswith(f"/atelier/appareils/{unit_id}")
    assert hands.focused() == "code"
    hands.to("[name=test-battery_percent]")
    page.keyboard.type("88")
    hands.press("Enter")  # 1: tested
    assert hands.to("[name=count-media]") <= 3  # Tab goes on from the block to do
    hands.press("Enter")  # 2: its one disk counted
    page.locator("input[type=file][name^=medium]").set_input_files(report)  # the file
    hands.to("[name^=medium][name$=-tool]")
    hands.press("Enter")  # 3: its certificate
    assert hands.to("[name=ready-cosmetic_grade]") <= 3
    hands.press("Space", leads=False)  # 4: the grade
    hands.press("Enter")  # 5: ready, label printed, next
    assert "/etiquette" in page.url
    assert hands.focused() == "code"
    hands.scan(codes[following])
    assert page.url.endswith(f"/atelier/appareils/{following}")
    page.locator("h1").click()  # the focus is nowhere: a scan finds its field all the same
    hands.scan(codes[unit_id])
    assert page.url.endswith(f"/atelier/appareils/{unit_id}")
    assert hands.actions == 5
    with db.scope():
        assert units.get(unit_id).state == "ready"
