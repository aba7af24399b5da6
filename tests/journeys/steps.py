"""What each clause of a written journey does, at pages read without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from reuse_market.demo.inventory import renewal_csv
from reuse_market.kernel import clock, db
from reuse_market.notices.models import Message
from tests.journeys.holder import sample
from tests.journeys.papers import words_of
from tests.journeys.reader import Reader
from tests.journeys.script import Step
from tests.journeys.words import on_page
from tests.support.world import PASSWORD, Party, World

FILES: dict[str, Callable[[], bytes]] = {
    "renouvellement.csv": renewal_csv,
    "parc.csv": lambda: sample("parc_exemple_60.csv"),
    "rapport.txt": lambda: b"Rapport d'effacement : 0 erreur\n",
    "statuts.pdf": lambda: b"%PDF-1.4\nStatuts, exemple\n%%EOF\n",
}
PLACES = {"lot": "/lots/{}", "request": "/demandes/{}", "pick-up": "/enlevements/{}",
          "reservation": "/reservations/{}", "voucher": "/bons/{}"}  # fmt: skip
PREFIXES = {"lot": "LOT", "request": "DEM", "pick-up": "ENL", "reservation": "RES", "voucher": "ORI"}
CODE = re.compile(r"^\s*\d{4}\s*$|\b[2-9A-Z]{3}\s?[2-9A-Z]{4}\b")
MOST_BYTES = 150_000
Act = Callable[..., None]
ACTS: dict[str, Act] = {}


@dataclass
class Stage:
    """Where a journey is played: its parties, their pages, and what was kept on the way."""

    app: Flask
    world: World
    parties: dict[str, Party] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def play(self, step: Step) -> None:
        """One clause; a failure says where it is written."""
        act = ACTS.get(step.form)
        assert act is not None, f"{step.where}: nothing is known of “{step.form}”"
        try:
            if step.form.startswith("Given"):
                act(self, *step.given)
            else:
                act(self, self.reader(step.who), *step.given)
        except AssertionError as failure:
            raise AssertionError(f"{step.where}: {step.form} {step.given}: {failure}") from failure
        finally:
            db.release()

    def reader(self, who: str) -> Reader:
        """Who reads pages: a party's person signs in the first time it is named; others are visitors."""
        if who not in self.readers:
            made = self.readers[who] = Reader(self.app.test_client(), who)
            if who in self.parties:
                made.sign_in(self.parties[who].email, PASSWORD)
            else:
                made.go("/")
                made.pages = 0
        return self.readers[who]


def step(form: str) -> Callable[[Act], Act]:
    """Mark what plays a clause of this form."""

    def mark(act: Act) -> Act:
        assert form not in ACTS, form
        ACTS[form] = act
        return act

    return mark


@step("opens Q")
def _opens(_stage: Stage, at: Reader, menu: str) -> None:
    at.follow(on_page(menu), within="//header|//footer")


@step("follows Q")
def _follows(_stage: Stage, at: Reader, link: str) -> None:
    at.follow(on_page(link))


@step("opens K")
def _opens_kept(stage: Stage, at: Reader, name: str) -> None:
    at.go(PLACES[name].format(stage.kept[name]))


@step("follows the link sent to C")
def _follows_mail(_stage: Stage, at: Reader, address: str) -> None:
    mail = db.session().scalar(
        sa.select(Message).where(Message.to_address == address).order_by(Message.id.desc()).limit(1)
    )
    assert mail is not None, f"no e-mail to {address}"
    [path] = set(re.findall(r"https?://[^/\s]+(/[^\s>)]+)", mail.text)) or [""]
    at.go(path)


@step("comes back")
def _comes_back(stage: Stage, at: Reader) -> None:
    """Its own session, begun anew: a visitor again."""
    at.client = stage.app.test_client()
    at.go("/")


@step("types C as Q")
def _types(_stage: Stage, at: Reader, value: str, label: str) -> None:
    at.fill(on_page(label), _value(value))


@step("types K as Q")
def _types_kept(stage: Stage, at: Reader, name: str, label: str) -> None:
    at.fill(on_page(label), stage.kept[name])


@step("chooses Q as Q")
def _chooses(_stage: Stage, at: Reader, option: str, label: str) -> None:
    at.choose(on_page(option), on_page(label))


@step("ticks Q")
def _ticks(_stage: Stage, at: Reader, label: str) -> None:
    at.tick(on_page(label))


@step("gives C as Q")
def _gives(_stage: Stage, at: Reader, name: str, label: str) -> None:
    at.attach(on_page(label), name, FILES[name]())


@step("presses Q")
def _presses(_stage: Stage, at: Reader, button: str) -> None:
    at.press(on_page(button))


@step("presses Q beside Q")
def _presses_beside(_stage: Stage, at: Reader, button: str, near: str) -> None:
    at.press(on_page(button), on_page(near))


@step("presses Q for a file that says C")
def _presses_for_file(_stage: Stage, at: Reader, button: str, words: str) -> None:
    data = at.print(on_page(button)).decode("utf-8")
    assert words in data, data[:1000]


@step("presses Q in vain")
def _presses_in_vain(_stage: Stage, at: Reader, button: str) -> None:
    at.press(on_page(button), status=422)


@step("presses Q too early")
def _presses_too_early(_stage: Stage, at: Reader, button: str) -> None:
    at.press(on_page(button), status=409)


@step("reads Q")
def _reads(_stage: Stage, at: Reader, words: str) -> None:
    assert _said(at, words), f"{at.path} does not say so:\n{at.text[:3000]}"


@step("does not read Q")
def _does_not_read(_stage: Stage, at: Reader, words: str) -> None:
    assert not _said(at, words), f"{at.path} says so:\n{at.text[:3000]}"


@step("receives the paper Q that says Q")
def _receives(_stage: Stage, at: Reader, link: str, words: str) -> None:
    _paper(at.fetch(on_page(link)), words)


@step("keeps K")
def _keeps(stage: Stage, at: Reader, name: str) -> None:
    if name in PREFIXES:
        stage.kept[name] = at.reference(PREFIXES[name])
    else:
        shown = at.main.xpath(".//*[contains(@class, 'big-code')]")
        said = shown[0].text_content() if name == "code" and shown else at.text
        found = CODE.search(said)
        assert found, f"no {name} on {at.path}"
        stage.kept[name] = "".join(found[0].split())


@step("takes N pages with N fields at most")
def _takes(_stage: Stage, at: Reader, pages: str, fields: str) -> None:
    assert at.pages <= int(pages), f"{at.pages} pages"
    assert at.fields <= int(fields), f"{at.fields} fields"
    at.pages = at.fields = 0


def _paper(data: bytes, words: str) -> None:
    assert len(data) <= MOST_BYTES, len(data)
    told = words_of(data)
    assert told is None or re.search(on_page(words).pattern.removeprefix("^"), told), told


def _said(at: Reader, words: str) -> bool:
    pattern = on_page(words).pattern.removeprefix("^")
    return re.search(pattern, at.text) is not None


def _value(text: str) -> str:
    """`today` and `today + 30` are dates; the rest is what it is."""
    found = re.fullmatch(r"today(?: \+ (\d+))?", text)
    return (clock.today() + timedelta(days=int(found[1] or 0))).isoformat() if found else text
