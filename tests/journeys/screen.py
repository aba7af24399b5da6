"""One person at a screen: a browser without JavaScript whose every page is checked and photographed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Download, Locator, Page, Request, Response

from tests.journeys.words import say
from tests.support.browser import Pages

PICTURES = "REUSE_MARKET_TEST_PICTURES"  # set: each screen of the journeys is kept under test-artefacts/
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (4\d\d)")
FIGURE = re.compile(r"\d[\d\u00a0\u202f]*")


class Screen:
    """Pages of one person at one width. Each arrival is checked: see `look`."""

    def __init__(self, pages: Pages, base: str, who: str, *, width: int, album: Path) -> None:
        self.base, self.who, self.width, self.album = base, who, width, album
        self.pages = pages
        self.status = 0
        self.photographs = bool(os.environ.get(PICTURES))
        self.strangers: list[str] = []
        self.page: Page = pages(
            "about:blank", javascript=False, width=width, height=844 if width < 500 else 800
        )
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    # Going about.

    def sign_in(self, email: str, password: str) -> None:
        """Through the sign-in page."""
        self.go("/connexion")
        self.fill("email", email)
        self.fill("password", password)
        self.press(say("Sign in"))

    def go(self, path: str) -> None:
        """To an address: a link of the menu, a bookmark, a link in an e-mail."""
        self.page.goto(self.base + path)
        self.look()

    def follow(self, label: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Follow the first link that says so in the page."""
        self._act(self._named("link", label, within).click)

    def enter(self, card: str, words: str) -> None:
        """Follow the first link of the card (a selector) that holds these words."""
        self._act(self.page.locator(card, has_text=words).get_by_role("link").first.click)

    def press(self, label: str | re.Pattern[str], within: Locator | None = None, status: int = 200) -> None:
        """Press the first button that says so."""
        self._act(self._named("button", label, within).click, status)

    def download(self, label: str | re.Pattern[str]) -> tuple[str, bytes]:
        """The name and the bytes of the file a link gives."""
        with self.page.expect_download() as waiting:
            self._named("link", label, None).click()
        got: Download = waiting.value
        return got.suggested_filename, Path(got.path()).read_bytes()

    def fetch(self, label: str | re.Pattern[str], within: Locator | None = None) -> bytes:
        """The bytes behind a link that opens in the browser (a PDF)."""
        path = self._named("link", label, within).get_attribute("href")
        answer = self.page.context.request.get(f"{self.base}{path}")
        assert answer.status == 200, (path, answer.status)
        return answer.body()

    # Filling in.

    def fill(self, name: str, value: str) -> None:
        """Type into a field."""
        self.field(name).fill(value)

    def choose(self, name: str, value: str) -> None:
        """Choose in a list or among radio buttons; tick a box with "y"."""
        one = self.field(name)
        if one.evaluate("e => e.tagName") == "SELECT":
            one.select_option(value)
        else:
            self.page.locator(f"main input[name='{name}'][value='{value}']").check(force=True)

    def tick(self, name: str) -> None:
        """Tick a box. (Its label lies over it: a click anywhere on the line is enough.)"""
        self.field(name).check(force=True)

    def field(self, name: str) -> Locator:
        """The field called `name` in the main part of the page."""
        return self.page.locator(f"main [name='{name}']").first

    def labelled(self, words: str) -> Locator:
        """The field whose label holds these words."""
        return self.page.get_by_label(re.compile(re.escape(words))).first

    def unfold(self, summary: str) -> None:
        """Open what is folded, unless it is open."""
        head = self.page.locator("main summary", has_text=summary).first
        if not head.evaluate("e => e.parentElement.open"):
            head.click()

    # Reading.

    @property
    def path(self) -> str:
        """Where one is."""
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """What the main part of the page says, blanks made plain."""
        return plain(self.page.locator("main").inner_text())

    def figures(self, selector: str) -> list[int]:
        """The numbers a part of the page shows."""
        return [number for text in self.page.locator(selector).all_inner_texts() for number in numbers(text)]

    def reference(self, prefix: str) -> str:
        """The first reference with this prefix in the page (LOT-…)."""
        found = re.search(rf"{prefix}-\d{{4}}-\d+", self.page.locator("main").inner_text())
        assert found, f"no {prefix} on {self.path}"
        return found[0]

    # What holds on every page.

    def look(self, status: int = 200) -> None:
        """The page is right: status, one title, nothing foreign, nothing too wide, no complaint; photographed."""
        where = f"{self.who} at {self.path} ({self.width} px)"
        assert self.status == status, f"{where}: {self.status}"
        assert self.page.locator("h1").count() == 1, f"{where}: not one h1"
        excess = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert excess <= 0, f"{where}: {excess} px too wide"
        assert self.strangers == [], f"{where} asked {self.strangers}"
        complaints = [c for c in self.pages.complaints if not (status >= 400 and EXPECTED.match(c))]
        assert complaints == [], f"{where}: {complaints}"
        self.pages.complaints.clear()
        if not self.photographs:
            return
        name = re.sub(r"[^a-z0-9]+", "-", self.path.lower()).strip("-") or "accueil"
        self.album.mkdir(parents=True, exist_ok=True)
        number = len(list(self.album.iterdir())) + 1
        self.page.screenshot(path=self.album / f"{number:03d}-{self.who}-{name}.png", full_page=True)

    def _act(self, act: Callable[[], Any], status: int = 200) -> None:
        with self.page.expect_navigation():
            act()
        self.look(status)

    def _named(self, role: Any, label: str | re.Pattern[str], within: Locator | None) -> Locator:
        place = within if within is not None else self.page.locator("main")
        if isinstance(label, str):
            label = re.compile(r"^\s*" + r"\s+".join(map(re.escape, label.split())))
        found = place.get_by_role(role, name=label)
        assert found.count(), (
            f"{self.who} finds no {role} {label.pattern!r} on {self.path}:\n{self.text[:1500]}"
        )
        return found.first

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "about:", "data:")):
            self.strangers.append(request.url)

    def _answered(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and response.status not in (302, 303):
            self.status = response.status


def numbers(text: str) -> list[int]:
    """Whole numbers in a text, French thousands included."""
    return [int(re.sub(r"\D", "", found)) for found in FIGURE.findall(text)]


def plain(text: str) -> str:
    """The text with every kind of blank as one space."""
    return re.sub(r"\s+", " ", text)
