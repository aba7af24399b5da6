"""Walks the demonstration's links as each role, and reads what its pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

HERE = "http://localhost"
OF_EACH = 2  # pages looked at for one endpoint and one role
NOT_PAGES = ("static", "demo.")  # files; mails are written in their reader's language
SILENT = {"script", "style", "template", "code"}
SPOKEN = ("aria-label", "alt", "title", "placeholder")


@dataclass
class Read(HTMLParser):
    """One page: its texts, its links, its elements and its forms' tokens."""

    html: str
    texts: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    elements: int = 0
    titles: int = 0
    assets: set[str] = field(default_factory=set)
    language: str = ""
    token: str = ""
    _inside: list[tuple[str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Count it, keep its links and what it says aloud."""
        given = {name: value or "" for name, value in attrs}
        self.elements += 1
        self.titles += tag == "h1"
        if tag == "html":
            self.language = given.get("lang", "")
        if given.get("name") == "csrf_token":
            self.token = given.get("value", "")
        if tag == "a" and not {"download", "hreflang"} & set(given):
            self.links.append(given.get("href", ""))
        if tag in ("link", "script", "img"):
            self.assets.add(given.get("href") or given.get("src") or "")
        # Words marked as of another language are what they say they are.
        if "lang" not in given or tag == "html":
            self.texts.update(_plain(given[name]) for name in SPOKEN if given.get(name))
        if tag not in ("meta", "link", "input", "br", "img", "hr", "path", "use"):
            self._inside.append((tag, tag in SILENT or ("lang" in given and tag != "html")))

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        if any(open_tag == tag for open_tag, _ in self._inside):
            while self._inside.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if data.strip() and not any(silent for _, silent in self._inside):
            self.texts.add(_plain(data))


@dataclass(frozen=True)
class Page:
    """A page found: who saw it, where, and what it held."""

    role: str
    path: str
    endpoint: str
    read: Read


def sign_in(app: Flask, email: str, password: str) -> FlaskClient:
    """A signed-in client."""
    client = app.test_client()
    answer = client.post("/connexion", data={"email": email, "password": password}, headers={"Origin": HERE})
    assert answer.status_code == 302, email
    return client


def walk(app: Flask, client: FlaskClient, role: str, start: str, suffix: str = "") -> Iterator[Page]:
    """Every page reachable by links from `start`, at most OF_EACH of one endpoint; each answers 200.

    `suffix` is added to each address ("lang=en").
    """
    routes = app.url_map.bind("localhost")
    seen: set[str] = set()
    counts: Counter[str] = Counter()
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        endpoint = _endpoint(routes, path)
        key = path.split("#")[0]
        if key in seen or endpoint is None or endpoint.startswith(NOT_PAGES) or counts[endpoint] >= OF_EACH:
            continue
        seen.add(key)
        answer = client.get(_with(key, suffix))
        if answer.status_code in (301, 302, 303):
            waiting.append(urljoin(key, answer.headers["Location"].removeprefix(HERE)))
            continue
        assert answer.status_code == 200, f"{role}: {key} answers {answer.status_code}"
        if answer.mimetype != "text/html":
            continue
        counts[endpoint] += 1
        read = Read(answer.get_data(as_text=True))
        yield Page(role, key, endpoint, read)
        waiting += [urljoin(key, link) for link in read.links if not urlsplit(link).netloc]


def _endpoint(routes: Any, path: str) -> str | None:
    try:
        endpoint: str = routes.match(urlsplit(path).path, "GET")[0]
    except HTTPException:
        return None
    return endpoint


def _with(path: str, suffix: str) -> str:
    if not suffix or suffix in path:
        return path
    return f"{path}{'&' if '?' in path else '?'}{suffix}"


def _plain(text: str) -> str:
    return " ".join(text.split())
