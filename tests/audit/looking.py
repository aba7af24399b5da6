"""A captured page, opened in a browser that reaches nothing else, and what is wrong with it."""

from __future__ import annotations

import functools
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from tests.audit.capture import Captured, Static
from tests.audit.ecoindex import score

HERE = "http://localhost"
SCRIPT = Path(__file__).with_name("looks.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
EXPERIMENTAL = (
    "css-orientation-lock", "focus-order-semantics", "label-content-name-mismatch", "p-as-heading",
    "table-fake-caption", "td-has-header",
)  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 568}


@dataclass(frozen=True)
class Budget:
    """The most a page may weigh (bytes compressed), ask and hold, and the least it scores."""

    transferred: int = 120_000
    requests: int = 8
    elements: int = 380
    ecoindex: int = 80


@dataclass
class Look:
    """A browser that shows captured pages; static files were kept beside them."""

    static: Static
    browser: Browser
    strangers: set[str] = field(default_factory=set)
    _page: Page | None = None
    _size: dict[str, int] = field(default_factory=lambda: dict(WIDE))
    _shown: Captured | None = None
    _asked: dict[str, int] = field(default_factory=dict)

    def at(self, captured: Captured) -> Page:
        """The page on screen, 1280 or 320 wide as the one before was left, with the checks loaded."""
        if self._page is None:
            context = self.browser.new_context(viewport=WIDE, locale="fr-FR")
            context.add_init_script(SCRIPT.read_text(encoding="utf-8"))
            context.add_init_script(axe())
            self._page = context.new_page()
            self._page.route("**/*", self._answer)
        self._shown, self._asked = captured, {}
        self._page.goto(HERE + captured.path, wait_until="load")
        return self._page

    def close(self) -> None:
        """Put the browser's page away."""
        if self._page is not None:
            self._page.context.close()

    def _answer(self, route: Route) -> None:
        address, shown = route.request.url, self._shown
        assert shown is not None
        if not address.startswith(HERE + "/"):
            self.strangers.add(address)
            route.abort()
        elif route.request.is_navigation_request():
            self._asked[address] = len(gzip.compress(shown.html.encode(), 6))
            route.fulfill(status=shown.status, headers=shown.headers, body=shown.html)
        elif (path := address.removeprefix(HERE).partition("?")[0]) not in self.static:
            route.abort("internetdisconnected")  # a page the phone keeps for where there is no network
        else:
            kind, body = self.static[path]
            self._asked[address] = len(gzip.compress(body, 6)) if kind.startswith("text") else len(body)
            route.fulfill(status=200, content_type=kind, body=body)

    def faults(self, captured: Captured, budget: Budget, *, rules: bool = True) -> Iterator[str]:
        """Everything wrong with a page, in words; `rules`: axe's too, which take longest.

        A page opens at the width the one before was left at, so that each is resized once.
        """
        page = self.at(captured)
        first, then = (self._wide, self._narrow) if self._size == WIDE else (self._narrow, self._wide)
        yield from first(page, budget, rules)
        self._size = NARROW if self._size == WIDE else WIDE
        page.set_viewport_size(self._size)
        yield from then(page, budget, rules)
        yield from (f"asks a third party: {address}" for address in sorted(self.strangers))
        self.strangers.clear()

    def _wide(self, page: Page, budget: Budget, rules: bool) -> Iterator[str]:
        yield from page.evaluate("audit.names()")
        yield from self._over(page, budget)
        if rules:
            yield from broken_rules(page)
        page.keyboard.press("Tab")
        yield from (f"focus: {fault}" for fault in page.evaluate("audit.focus()"))

    def _narrow(self, page: Page, _budget: Budget, _rules: bool) -> Iterator[str]:
        cut, spaced = page.evaluate("[audit.overflow(), audit.spacing()]")
        yield from (f"at 320 px: {fault}" for fault in cut)
        yield from (f"with spaced text: {fault}" for fault in spaced)

    def _over(self, page: Page, budget: Budget) -> Iterator[str]:
        elements = page.evaluate("audit.elements()")
        transferred, requests = sum(self._asked.values()), len(self._asked)
        found = score(elements, requests, transferred)
        for what, value, most in (
            ("elements", elements, budget.elements),
            ("requests", requests, budget.requests),
            ("bytes", transferred, budget.transferred),
        ):
            if value > most:
                yield f"{value} {what}, over {most}"
        if found < budget.ecoindex:
            yield f"EcoIndex {found:.1f}, under {budget.ecoindex}"


def broken_rules(page: Page) -> Iterator[str]:
    """axe's violations: WCAG, RGAA and best practice, its experimental rules by name.

    Contrast, two thirds of the time, is asked of each way of being drawn once a run (`audit.anew`, looks.js)
    of captured pages, and always of others, which bring no axe.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe())
    answer: dict[str, Any] = page.evaluate(
        "options => { if (window.audit) audit.anew(); return axe.run(document, options); }",
        {
            "runOnly": {"type": "tag", "values": TAGS},
            "rules": {name: {"enabled": True} for name in EXPERIMENTAL},
            "resultTypes": ["violations"],
        },
    )
    for violation in answer["violations"]:
        where = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:3])
        yield f"axe {violation['id']}: {violation['help']} ({where})"


@functools.cache
def axe() -> str:
    """The source of axe-core."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
