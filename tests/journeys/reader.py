"""A person without JavaScript, and without a browser: reads pages, fills in what they draw, presses their buttons.

Quicker than a browser by far, and no less strict: a label, an option or a button that the page does not show
cannot be used. `pages` counts what was shown, `fields` what was typed, chosen, ticked or given.
"""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.journeys.screen import plain

ORIGIN = {"Origin": "http://localhost"}
BOXES = ("checkbox", "radio")
PLACES = ("li", "tr", "article", "form", "fieldset", "details", "section", "main", "body")
Words = str | re.Pattern[str]


class Reader:
    """One person. `page` is the page in front of it, parsed; `path` where it is."""

    def __init__(self, client: FlaskClient, who: str = "visitor") -> None:
        self.client, self.who = client, who
        self.pages = self.fields = 0
        self.url, self.status = "/", 0
        self.page: Any = None
        self.files: dict[str, tuple[str, bytes]] = {}

    def sign_in(self, email: str, password: str) -> None:
        """Through the sign-in page; counted from here on."""
        self.go("/connexion")
        self.named("email").value, self.named("password").value = email, password
        self.send(self.named("email").getparent().xpath("ancestor-or-self::form//button")[0])
        self.pages = 0

    # Going about.

    def go(self, path: str, status: int = 200) -> None:
        """To an address: a bookmark, a link in an e-mail."""
        self._arrive(self.client.get(path, headers=ORIGIN), path, status)

    def follow(self, words: Words, near: Words = "", within: str = "") -> None:
        """A link of the page; `within` a part of it ("//header")."""
        path = "|".join(f"{part}//a[@href]" for part in within.split("|"))
        self.go(urljoin(self.url, self._one(path, words, near, "link").get("href")))

    def fetch(self, words: Words, near: Words = "") -> bytes:
        """The file behind a link."""
        link = self._one("//a[@href]", words, near, "link")
        answer = self.client.get(urljoin(self.url, link.get("href")))
        assert answer.status_code == 200, (link.get("href"), answer.status_code)
        return answer.data

    def press(self, words: Words, near: Words = "", status: int = 200) -> None:
        """A button of the page: its form goes as it stands."""
        self.send(self._one("//button", words, near, "button"), status)

    def send(self, button: Any, status: int = 200) -> None:
        """The form of a button, as a browser would send it."""
        answer, target = self._answer(button)
        self._arrive(answer, target, status)

    def print(self, words: Words) -> bytes:
        """The file that a button makes; the page stays."""
        answer, target = self._answer(self._one("//button", words, "", "button"))
        if answer.status_code in (302, 303):
            answer = self.client.get(urljoin(target, answer.headers["Location"]))
        assert answer.status_code == 200, (target, answer.status_code)
        return answer.data

    def _answer(self, button: Any) -> tuple[TestResponse, str]:
        form = button.get("form")
        form = self.page.xpath(f"//form[@id='{form}']")[0] if form else next(button.iterancestors("form"))
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        if button.get("name"):
            data[button.get("name")] = button.get("value") or ""
        for name, (filename, content) in self.files.items():
            data[name] = (io.BytesIO(content), filename)
        target = urljoin(self.url, button.get("formaction") or form.get("action") or self.url)
        if (form.get("method") or "get").lower() == "get":
            return self.client.get(target.split("?")[0], query_string=data, headers=ORIGIN), target
        return self.client.post(target, data=data, headers=ORIGIN), target

    # Filling in.

    def fill(self, label: Words, value: str, near: Words = "") -> None:
        """Type into the field with this label, or give it as a date."""
        self.set(self.labelled(label, near, not_boxes=True), value)

    def choose(self, option: Words, label: Words, near: Words = "") -> None:
        """An option of the list with this label."""
        field = self.labelled(label, near, not_boxes=True)
        found = [o for o in field.xpath(".//option") if matches(option, o.text_content())]
        assert found, f"{self.who} finds no option {told(option)} in {told(label)} on {self.path}"
        self.set(field, found[0].get("value"))

    def tick(self, label: Words, near: Words = "") -> None:
        """A box, or one of several answers."""
        self.set(self.labelled(label, near, only_boxes=True), None)

    def attach(self, label: Words, filename: str, content: bytes) -> None:
        """A file."""
        self.give(self.labelled(label, "", not_boxes=True).get("name"), filename, content)

    def give(self, name: str, filename: str, content: bytes) -> None:
        """A file, by the name of its field."""
        assert self.named(name).get("type") == "file"
        self.fields += 1
        self.files[name] = (filename, content)

    def put(self, **values: Any) -> None:
        """Fields by their names: a text, a list's or a radio button's value, True to tick, False to clear."""
        for name, value in values.items():
            options = [f for f in self.all_named(name) if f.get("type") in BOXES]
            if options and not isinstance(value, bool):
                chosen = [f for f in options if f.get("value") == str(value)]
                assert chosen, f"{name} has no {value!r} on {self.path}"
                self.set(chosen[0], None)
            elif value is False:
                options[0].checked = False
            else:
                self.set(self.named(name), None if value is True else str(value))

    def set(self, field: Any, value: str | None) -> None:
        """Put a value into a field of the page; None ticks it."""
        self.fields += 1
        if value is None:
            field.checked = True
        elif field.tag == "select":
            assert value in field.value_options, f"no {value!r} in {field.get('name')} on {self.path}"
            field.value = value
        else:
            field.value = value

    def named(self, name: str) -> Any:
        """The field called `name`."""
        found = self.all_named(name)
        assert found, f"{self.who} finds no field {name} on {self.path}:\n{self.text[:1500]}"
        return found[0]

    def all_named(self, name: str) -> list[Any]:
        """Every field called `name` (radio buttons)."""
        return list(self.page.xpath("//*[@name=$name]", name=name))

    def labelled(
        self, words: Words, near: Words = "", *, only_boxes: bool = False, not_boxes: bool = False
    ) -> Any:
        """The field whose label says so."""
        found = []
        for label in self.page.xpath("//label"):
            fields = [self._of(label)] if matches(words, label.text_content()) else []
            found += [f for f in fields if f is not None]
        found += [f for f in self.page.xpath("//*[@aria-label]") if matches(words, f.get("aria-label"))]
        boxed = (
            [f for f in found if (f.get("type") in BOXES) == only_boxes] if only_boxes or not_boxes else found
        )
        return self._nearest(boxed, near, "field", words)

    # Reading.

    @property
    def path(self) -> str:
        """Where one is."""
        return urlsplit(self.url).path

    @property
    def main(self) -> Any:
        """The main part of the page."""
        return self.page.xpath("//main")[0]

    @property
    def text(self) -> str:
        """What the main part of the page says, blanks made plain."""
        return plain(self.main.text_content())

    def reference(self, prefix: str) -> str:
        """The first reference with this prefix in the page (LOT-…)."""
        found = re.search(rf"{prefix}-\d{{4}}-\d+", self.path + self.text)
        assert found, f"no {prefix} on {self.path}"
        return found[0]

    def _of(self, label: Any) -> Any:
        if label.get("for"):
            found = self.page.xpath("//*[@id=$id]", id=label.get("for"))
        else:
            found = label.xpath(".//input|.//select|.//textarea")
        return found[0] if found else None

    def _one(self, path: str, words: Words, near: str, what: str) -> Any:
        found = [e for e in self.page.xpath(path) if matches(words, e.get("aria-label") or e.text_content())]
        inside = [e for e in found if e.xpath("ancestor::main")]
        return self._nearest(inside or found, near, what, words)

    def _nearest(self, found: list[Any], near: str, what: str, words: Words) -> Any:
        assert found, f"{self.who} finds no {what} {told(words)} on {self.path}:\n{self.text[:3000]}"
        if not near:
            return found[0]
        sized = []
        for number, each in enumerate(found):
            around = (a for a in each.iterancestors(*PLACES) if holds(near, a.text_content()))
            place = next(around, None)
            if place is not None:
                sized.append((len(place.text_content()), number))
        assert sized, f"{self.who} finds no {what} {told(words)} beside {told(near)} on {self.path}"
        return found[min(sized)[1]]

    def _arrive(self, answer: TestResponse, path: str, status: int) -> None:
        while answer.status_code in (301, 302, 303):
            path = urljoin(path, answer.headers["Location"])
            answer = self.client.get(path, headers=ORIGIN)
        assert answer.status_code == status, (
            f"{self.who} at {path}: {answer.status_code}\n{answer.text[:3000]}"
        )
        assert answer.mimetype == "text/html", (path, answer.mimetype)
        self.url, self.status, self.files = path, answer.status_code, {}
        self.page = html.fromstring(answer.data)
        self.pages += 1


def matches(words: Words, text: str) -> bool:
    """The text begins with the words, blanks aside; or it holds what the pattern says."""
    said = plain(text).strip()
    return said.startswith(plain(words)) if isinstance(words, str) else bool(words.search(said))


def holds(words: Words, text: str) -> bool:
    """The text holds the words somewhere."""
    said = plain(text)
    pattern = re.escape(plain(words)) if isinstance(words, str) else words.pattern.removeprefix("^")
    return re.search(pattern, said) is not None


def told(words: Words) -> str:
    """The words, for a message."""
    return repr(words if isinstance(words, str) else words.pattern)
