"""A real browser: the machine's Chromium, driven by Playwright, that can reach this machine only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SETTING = "REUSE_MARKET_TEST_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_program() -> str | None:
    """The path of a Chromium-like browser: by setting, else on the PATH; None when the machine has none."""
    given = os.environ.get(SETTING)
    if given:
        return given if shutil.which(given) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched(program: str) -> Iterator[Browser]:
    """The browser running without a window, closed at the end."""
    words = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        words.append("--no-sandbox")  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=words)
        try:
            yield browser
        finally:
            browser.close()


class Pages:
    """Opens pages, each with cookies of its own; what a page's console complains about is kept."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(
        self, address: str, *, javascript: bool = True, width: int = 1280, height: int = 800, **options: Any
    ) -> Page:
        """A page at `address`. `options` are Playwright's for a context (locale, permissions, …)."""
        usual: dict[str, Any] = {
            "java_script_enabled": javascript,
            "viewport": {"width": width, "height": height},
            "locale": "fr-FR",
            "timezone_id": "Europe/Paris",
        }
        context = self.browser.new_context(**(usual | options))
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.goto(address)
        return page

    def close(self) -> None:
        """Close every page opened here."""
        for context in self.contexts:
            context.close()
