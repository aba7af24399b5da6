"""What the pages of requests share: the signed state that carries answers from page to page, without a cookie."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody is: the answers, the question shown, whether it came from the check page, whose request."""

    answers: Answers = field(default_factory=Answers)
    at: int = 1
    checking: bool = False
    once: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = ""  # of a personal link: the request is changed, not sent anew

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
    """The step of the page before; a new one when there is none, or it is not ours."""
    try:
        answers, at, checking, once, token = signer("answers").loads(request.form.get("state", ""))
        return Step(Answers.read(answers), int(at), bool(checking), str(once), str(token))
    except (BadSignature, TypeError, ValueError):
        return Step()


def signer(salt: str) -> URLSafeSerializer:
    """Signs what a page carries to the next."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"request.{salt}")


def lang() -> str:
    """The reader's language."""
    return "en" if str(get_locale())[:2] == "en" else "fr"
