"""Pages as the application answered them, kept whole: the browser looks at them later without a session."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, template_rendered
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.journeys.crawl import HERE, Read, sign_in, walk
from tests.support.forms import forms_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NOT_PAGES = {"kit", "layout", "mail", "print"}
KEPT = ("content-type", "content-security-policy", "content-language", "referrer-policy")


Static = dict[str, tuple[str, bytes]]  # address → its type and its bytes


@dataclass(frozen=True)
class Captured:
    """One answer: who asked, where, the page template it was made from, and what came back."""

    role: str
    path: str
    template: str
    language: str
    status: int
    html: str
    headers: dict[str, str] = field(repr=False)
    cookies: tuple[str, ...] = ()

    @property
    def skeleton(self) -> frozenset[str]:
        """Its kinds of elements, without words, numbers or how many: what rules of markup judge."""
        tags = re.findall(r"<[a-z][^>]*>", self.html)
        return frozenset(
            re.sub(
                r'="[^"]*\d[^"]*"|(?<=href=)"[^"]*"|(?<=lang=)"[^"]*"|(?<=value=)"[^"]*"|'
                r'(?<=aria-label=)"[^"]*"|(?<=data-label=)"[^"]*"',
                '""',
                tag,
            )
            for tag in tags
        )

    def __str__(self) -> str:
        return f"{self.template} [{self.language}] as {self.role}: {self.path}"


def page_templates() -> set[str]:
    """Every template that is a whole page; parts start with an underscore."""
    found = (path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))
    return {
        path.as_posix() for path in found if path.parts[0] not in NOT_PAGES and not path.name.startswith("_")
    }


class Camera:
    """Keeps each page a client is answered with, with the template it came from."""

    def __init__(self, app: Flask, language: str) -> None:
        self.app, self.language = app, language
        self.pages: list[Captured] = []
        self._rendered: list[str] = []
        self._known = page_templates()

    def __enter__(self) -> Camera:
        template_rendered.connect(self._note, self.app)
        return self

    def __exit__(self, *_: object) -> None:
        template_rendered.disconnect(self._note, self.app)

    def _note(self, _sender: Any, template: Any, **_: Any) -> None:
        self._rendered.append(template.name)

    def keep(self, role: str, path: str, answer: TestResponse) -> TestResponse:
        """Keep this answer when it is a page; gives it back."""
        whole = [name for name in self._rendered if name in self._known]
        self._rendered.clear()
        if answer.mimetype == "text/html" and whole:
            headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
            cookies = tuple(answer.headers.getlist("Set-Cookie"))
            text = answer.get_data(as_text=True)
            self.pages.append(
                Captured(role, path, whole[-1], self.language, answer.status_code, text, headers, cookies)
            )
        elif answer.mimetype != "text/html":
            answer.close()  # a file
        return answer

    def forget(self) -> None:
        """What was just rendered is not kept."""
        self._rendered.clear()

    @property
    def static(self) -> Static:
        """Every static file as the application serves it."""
        client, folder = self.app.test_client(), Path(self.app.static_folder or "")
        found: Static = {}
        for file in folder.rglob("*"):
            if file.is_file():
                path = f"{self.app.static_url_path}/{file.relative_to(folder).as_posix()}"
                with client.get(path) as answer:
                    found[path] = (answer.mimetype, answer.get_data())
        return found

    def person(self, role: str, email: str, password: str) -> Visitor:
        """Somebody signed in, speaking the camera's language."""
        visitor = Visitor(self, role, sign_in(self.app, email, password))
        if self.language == "en":
            visitor.send("/compte", {"language": "en"}, action="/compte/langue")
        return visitor

    def stranger(self) -> Visitor:
        """Somebody who is not signed in."""
        return Visitor(self, "visitor", self.app.test_client())

    def crawl(self, visitor: Visitor, start: str) -> None:
        """Every page that links reach."""
        for _page in walk(self.app, visitor.watched(), visitor.role, start, visitor.suffix):
            pass


class Visitor:
    """A client whose pages are kept."""

    def __init__(self, camera: Camera, role: str, client: FlaskClient) -> None:
        self.camera, self.role, self.client = camera, role, client

    @property
    def suffix(self) -> str:
        """What an address needs to be answered in the camera's language before sign-in."""
        return "lang=en" if self.camera.language == "en" and self.role == "visitor" else ""

    def watched(self) -> Any:
        """A client for the crawler: only `get`."""
        return _Watched(self)

    def get(self, path: str) -> Shown:
        """The page at `path`, kept; redirections are followed."""
        answer = self.client.get(self.spoken(path), headers={"Accept": "text/html"}, follow_redirects=True)
        return Shown(self.camera.keep(self.role, path, answer))

    def follow(self, page: Shown, *patterns: str) -> Shown:
        """From a page, through the first link that matches, one pattern after the other; each page kept."""
        for pattern in patterns:
            page = self.get(page.link(pattern))
        return page

    def fill(self, page: Shown, action: str, changes: dict[str, Any] | None = None) -> Shown:
        """Send the form of `page` whose address matches `action` as a browser would; its answer, kept."""
        forms = forms_of(page, page.path)
        form = next((one for one in forms if re.fullmatch(action, one.action.split("?")[0])), None)
        assert form, f"{page.path} has no form to {action}, only to {[one.action for one in forms]}"
        answer = self.client.post(
            self.spoken(form.action), data=form.fields | (changes or {}), headers={"Origin": HERE},
            follow_redirects=True,
        )  # fmt: skip
        return Shown(self.camera.keep(self.role, form.action, answer))

    def send(self, path: str, changes: dict[str, Any] | None = None, action: str = "") -> Shown:
        """Open the page at `path` and send its form (the one that comes back to it, unless said)."""
        return self.fill(self.get(path), action or re.escape(path.split("?")[0]), changes)

    def spoken(self, path: str) -> str:
        """The address that is answered in the camera's language."""
        if not self.suffix or self.suffix in path:
            return path
        return f"{path}{'&' if '?' in path else '?'}{self.suffix}"


class Shown(str):
    """The text of a page, that knows where it is."""

    path: str

    def __new__(cls, answer: TestResponse) -> Shown:
        """The page as answered, after redirections."""
        made = super().__new__(cls, answer.get_data(as_text=True))
        made.path = answer.request.path
        return made

    def links(self, pattern: str) -> list[str]:
        """Addresses of the links that match, without the host and the language."""
        found = [re.sub(r"^https?://[^/]+|[?&]lang=en\b", "", address) for address in Read(self).links]
        return [address for address in found if re.search(pattern, address)]

    def link(self, pattern: str) -> str:
        """The first of them."""
        found = self.links(pattern)
        assert found, f"{self.path} has no link to {pattern}, only {self.links('.')}"
        return found[0]


class _Watched:
    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def get(self, path: str) -> TestResponse:
        return self.visitor.camera.keep(self.visitor.role, path, self.visitor.client.get(path))
