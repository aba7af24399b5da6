"""What the pages of requests share: the signed state that carries answers from page to page, without a cookie."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from typing import Any, cast

from flask import Blueprint, current_app, request
from flask_babel import get_locale
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from reuse_market.reservations.requests.answers import Answers
from reuse_market.reservations.requests.forms import (
    ContactForm,
    CountForm,
    DevicesForm,
    PublicsForm,
    Question,
)

blueprint = Blueprint("requests", __name__)

Page = str | Response | tuple[str, int]
QUESTIONS = 4
ONCE = re.compile("[0-9a-f]{32}")
LONGEST = 4_000  # of a field that nobody vouches for: it may unfold a thousand times


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody is: the answers, the question shown, whether it came from the check page, whose request."""

    answers: Answers = field(default_factory=Answers)
    at: int = 1
    checking: bool = False
    once: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = ""  # of a personal link: the request is changed, not sent anew
    is_saved: bool = False  # out of a page that could not be trusted: the page says so

    def seal(self) -> str:
        """The signed field of a page. It has no age: a page left open for a day loses nothing."""
        kept = [self.answers.kept(), self.at, self.checking, self.once, self.token]
        return signer("answers").dumps(kept)

    def to(self, at: int, **changes: Any) -> Step:
        """The same, at another question."""
        return replace(self, at=at, **changes)

    def form(self, *, posted: bool) -> Question:
        """The question's form: as it was `posted`, or showing what is known."""
        told = self.answers
        kind = (DevicesForm, CountForm, PublicsForm, ContactForm)[self.at - 1]
        counted = {code: count for code, count in told.units if count}
        known: dict[str, Any] = {
            "kinds": list(told.kinds), "publics": list(told.publics), "name": told.name, "phone": told.phone,
            "email": told.email, "not_known": bool(told.units) and not counted,
        }  # fmt: skip
        made = kind.from_request() if posted else kind(None, **known, **counted)
        if isinstance(made, ContactForm):
            made.call_back = told.call_back
        return made.of(told.asked()) if isinstance(made, CountForm) else cast(Question, made)


def opened() -> Step:
    """The step of the page before, or a new one; where its seal is broken, what can be saved of it."""
    sent = request.form.get("state", "")
    try:
        answers, at, checking, once, token = signer("answers").loads(sent)
        return Step(Answers.read(answers), int(at), bool(checking), str(once), str(token))
    except (BadSignature, TypeError, ValueError):
        return _saved(sent) if sent else Step()


def _saved(sent: str) -> Step:
    """A seal breaks when the service changes its key, or the page was cut: what was typed is still there.

    Whoever sends it could have typed it: answers are kept if the questions could give them, `once` if it looks like
    ours; a personal link proves itself when it is used.
    """
    _valid, found = signer("answers").loads_unsafe(sent) if len(sent) <= LONGEST else (False, None)
    parts = found if isinstance(found, list) and len(found) == 5 else [None] * 5
    once, token = (one if isinstance(one, str) else "" for one in parts[3:])
    step = Step(Answers.saved(parts[0]), token=token, is_saved=True)
    return replace(step, once=once) if ONCE.fullmatch(once) else step


def signer(salt: str) -> URLSafeSerializer:
    """Signs what a page carries to the next."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"request.{salt}")


def lang() -> str:
    """The reader's language."""
    return "en" if str(get_locale())[:2] == "en" else "fr"
