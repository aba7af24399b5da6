"""A person without JavaScript: opens pages, fills in the forms as they are drawn, presses buttons."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.support.world import PASSWORD, Party

ORIGIN = {"Origin": "http://localhost"}


class Visitor:
    """`page` is the last answer; a redirect is followed once, as a browser does."""

    def __init__(self, client: FlaskClient, party: Party | None = None) -> None:
        self.client = client
        self.url = "/"
        if party is not None:
            data = {"email": party.email, "password": PASSWORD}
            assert client.post("/connexion", data=data, headers=ORIGIN).status_code == 302

    def open(self, url: str, status: int = 200) -> Visitor:
        """Open an address; the final answer must have `status`."""
        return self._keep(self.client.get(url, headers=ORIGIN), url, status)

    def press(self, label: str, status: int = 200, /, **values: Any) -> Visitor:
        """Press the button with this label (hidden words included), its form filled with `values`."""
        buttons = self.tree.xpath("//button[ancestor::form]")
        button = next(b for b in buttons if " ".join(b.text_content().split()) == label)
        form = next(button.iterancestors("form"))
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        if button.get("name"):
            data[button.get("name")] = button.get("value")
        names = {field.get("name") for field in form.xpath(".//input|.//select|.//textarea")}
        assert set(values) <= names, f"the form has no {set(values) - names}"
        data |= values
        target = urljoin(self.url, button.get("formaction") or form.get("action") or self.url)
        if form.get("method") == "get":
            return self._keep(self.client.get(target, query_string=data), target, status)
        data = {name: value for name, value in data.items() if value is not None}
        return self._keep(self.client.post(target, data=data, headers=ORIGIN), target, status)

    def follow(self, label: str) -> Visitor:
        """Follow the link with this label."""
        link = next(a for a in self.tree.xpath("//main//a") if " ".join(a.text_content().split()) == label)
        return self.open(urljoin(self.url, link.get("href")))

    def _keep(self, answer: TestResponse, url: str, status: int) -> Visitor:
        self.url = url
        if answer.status_code in (301, 302, 303):
            self.url = urljoin(url, answer.headers["Location"])
            answer = self.client.get(self.url, headers=ORIGIN)
        assert answer.status_code == status, f"{self.url}: {answer.status_code}\n{answer.text[:3000]}"
        self.page = answer
        return self

    @property
    def tree(self) -> Any:
        """The page parsed."""
        return html.fromstring(self.page.data)

    @property
    def text(self) -> str:
        """The words of the page's main part, spaces folded."""
        return " ".join(self.tree.xpath("//main")[0].text_content().split())
