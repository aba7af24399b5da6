"""Every form, sent with its boxes emptied: the pages that say what to correct."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.audit.capture import Captured, Visitor
from tests.journeys.crawl import HERE

TYPED = {"text", "email", "tel", "password", "number", "date", "time", "search", "url", ""}


class Typed(HTMLParser):
    """The POST forms of a page somebody types into: (address, what it sends when left empty)."""

    def __init__(self, page: Captured) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._here, self._open, self._is_typed = page.path, {}, False
        self._action = ""
        self.feed(page.html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Note a form and what it would send."""
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "form":
            self._open, self._is_typed = {}, False
            self._action = (given.get("action") or self._here) if given.get("method") == "post" else ""
        elif name and (tag == "textarea" or (tag == "input" and kind in TYPED)):
            self._open[name], self._is_typed = "", True
        elif name and (tag == "button" or kind in ("hidden", "submit")):
            self._open.setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form" and self._action and self._is_typed:
            self.forms.append((self._action, self._open))


def mistaken(app: Flask, visitors: dict[str, Visitor], pages: list[Captured]) -> None:
    """Send each kind of form once, empty, as the first role that met it; only answers that refuse are kept."""
    routes, done = app.url_map.bind("localhost"), set()
    for page in pages:
        if page.role not in visitors or page.status != 200:
            continue
        for action, data in Typed(page).forms:
            try:
                endpoint = routes.match(urlsplit(action).path, "POST")[0]
            except HTTPException:
                continue
            key = (page.template, endpoint, data.get("do", ""))
            if key not in done:
                done.add(key)
                _send(visitors[page.role], action, data)


def _send(visitor: Visitor, action: str, data: dict[str, str]) -> None:
    answer = visitor.client.post(visitor.spoken(action), data=data, headers={"Origin": HERE})
    if answer.status_code in (400, 409, 422):
        visitor.camera.keep(visitor.role, urlsplit(action).path, answer)
    else:
        visitor.camera.forget()
