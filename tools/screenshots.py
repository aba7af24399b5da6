"""Remakes the pictures of the README and of docs/journeys.md from the demonstration.

python -m tools.screenshots     writes docs/screenshots/*.png, each at most 150 kB
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from reuse_market.command_line import prepare_database
from reuse_market.demo import commune, loading
from reuse_market.demo.parties import address
from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.settings import Settings
from tests.support.browser import find_program, launched
from tests.support.edges import served

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
PASSWORD = "parc-commun-demo"
DESK, PHONE = (1280, 1500), (390, 980)
TALL = (1280, 2400)
MOST_BYTES = 150_000


def lot(page: Page, base: str) -> None:
    """The lot that was walked from its inventory to its beneficiaries, as its holder follows it."""
    page.goto(f"{base}/mes-lots")
    page.get_by_role("link", name=re.compile("^Renouvellement")).click()


def stop(page: Page, base: str) -> None:
    """What a driver has in hand at the holder's door."""
    page.goto(f"{base}/enlevements")
    page.locator("article.bon").first.get_by_role("link").click()
    page.goto(f"{page.url}/pointage")


def unit(page: Page, base: str) -> None:
    """A device on the bench that is not ready yet, and why."""
    page.goto(f"{base}/atelier?liste=workshop")
    page.locator("tbody tr th a").first.click()


def passport(page: Page, base: str) -> None:
    """What anybody reads who scans the label of a device that has found its new owner."""
    page.goto(f"{base}/reservations?onglet=terminees")
    page.locator("main a[href*='/reservations/RES-']").first.click()
    code = page.locator("main .code").first.inner_text()
    page.context.clear_cookies()
    page.goto(f"{base}/u/{re.sub(r'[^0-9A-Z]', '', code)}")


def destination(page: Page, base: str) -> None:
    """Where a draft's devices may go by the law of the day, and why not elsewhere."""
    page.goto(f"{base}/mes-lots?onglet=draft")
    draft = page.get_by_role("link", name=re.compile(commune.TOO_CHEAP)).first.get_attribute("href") or ""
    page.goto(f"{base}/destination?lot={draft.split('/')[2]}")


def erasure(page: Page, base: str) -> None:
    """What the erasure of each device of a lot lacks, for a holder that erases by itself."""
    page.goto(f"{base}/mes-lots")
    page.get_by_role("link", name=re.compile(commune.FREE)).click()
    page.goto(f"{page.url}/effacement")


def group(page: Page, base: str) -> None:
    """Computers all alike, as a public buyer reads them: price, condition, whether they count."""
    page.goto(f"{base}/catalogue?kind=desktop&agec=yes&sort=units")
    page.locator("main tbody th a").first.click()


def ledger(page: Page, base: str) -> None:
    """The AGEC year of a bound buyer."""
    page.goto(f"{base}/suivi-agec")


PICTURES: dict[str, tuple[str, tuple[int, int], Callable[[Page, str], None]]] = {
    "lot": ("holder", TALL, lot),
    "destination": ("public-holder", DESK, destination),
    "erasure": ("public-holder", DESK, erasure),
    "stop": ("reuse-actor-2", PHONE, stop),
    "unit": ("reuse-actor", DESK, unit),
    "passport": ("reuse-actor", DESK, passport),
    "group": ("obliged-buyer", DESK, group),
    "ledger": ("obliged-buyer", DESK, ledger),
}


@contextmanager
def demonstration() -> Iterator[str]:
    """The demonstration served from a folder of its own; its address."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings(
                database_url=f"sqlite:///{folder}/demo.sqlite",
                secret_key="pictures",
                files_url=f"file://{folder}/files",
                demo=True,
            )
        )
        with app.app_context():
            prepare_database()
            loading.load(PASSWORD)
        with served(app) as base:
            yield base
        db.disconnect()


def picture(
    browser: Browser, base: str, login: str, size: tuple[int, int], lead: Callable[..., None]
) -> bytes:
    """One page, cut at the given size, in few colours."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="fr-FR", timezone_id="Europe/Paris"
    )
    page = context.new_page()
    page.goto(f"{base}/connexion")
    page.locator("[name=email]").fill(address(login))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    lead(page, base)
    page.evaluate("document.querySelector('.demo')?.remove(); scrollTo(0, 0)")
    shot = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    out = io.BytesIO()
    shot.convert("RGB").quantize(48).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Write every picture."""
    program = find_program()
    if program is None:
        sys.exit("No Chromium or Chrome on this machine: the pictures stay as they are.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demonstration() as base, launched(program) as browser:
        for name, (login, size, lead) in PICTURES.items():
            data = picture(browser, base, login, size, lead)
            if len(data) > MOST_BYTES:
                sys.exit(f"{name}: {len(data)} bytes, more than {MOST_BYTES}")
            (FOLDER / f"{name}.png").write_bytes(data)
            print(f"docs/screenshots/{name}.png  {len(data) // 1000} kB")


if __name__ == "__main__":
    main()
