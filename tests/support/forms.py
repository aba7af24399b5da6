"""The forms of a page, as a browser would send them: what a crawl fills with junk."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = dict[str, list[str]]


@dataclass
class PageForm:
    """A POST form: where it goes and what it would send as it stands."""

    action: str
    fields: Fields = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PageForm] = []
        self.open: PageForm | None = None
        self.select: str | None = None
        self.aside: list[tuple[str, str]] = []  # buttons beside the form's own: "Change", pressed if alone
        self.pressed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, or note one of its controls."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = given.get("method", "").lower() == "post"
            self.open = PageForm(given.get("action") or self.address) if posts else None
            if self.open:
                self.forms.append(self.open)
            self.aside, self.pressed = [], False
        elif self.open is not None:
            self._control(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "form":
            if self.open and not self.pressed:
                self.open.fields.update({name: [value] for name, value in self.aside[:1] if name})
            self.open = None
        elif tag == "select":
            self.select = None

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self.open is not None
        fields, name = self.open.fields, given.get("name", "")
        beside = "linkish" in given.get("class", "").split()
        self.pressed |= tag == "button" and not beside
        if given.get("formaction"):  # the same answers, sent elsewhere
            self.forms.append(PageForm(given["formaction"], fields))
            return
        if tag == "option" and self.select:
            if given.get("value") and ("selected" in given or not fields[self.select]):
                fields[self.select] = [given["value"]]
        elif tag == "select" and name:
            self.select, fields[name] = name, []
        elif tag == "textarea" and name:
            fields.setdefault(name, ["texte"])
        elif tag == "button" and beside:
            self.aside.append((name, given.get("value", "")))
        elif tag in ("input", "button") and name:
            several = given.get("type") in ("checkbox", "radio")
            if several and fields.get(name):
                return
            fields.setdefault(name, []).append(given.get("value") or ("on" if several else ""))


def forms_of(page: str, address: str) -> list[PageForm]:
    """The POST forms of a page at `address`; selects keep theirs, else take the first one, as boxes do."""
    reader = _Reader(address.partition("?")[0])
    reader.feed(page)
    return reader.forms
