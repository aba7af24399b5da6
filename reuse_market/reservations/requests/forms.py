"""Forms of requests: the four questions, one a page; the operator's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.kernel.errors import Invalid
from reuse_market.reservations.needs.words import PUBLICS
from reuse_market.reservations.requests import asking, words
from reuse_market.reservations.requests.answers import KINDS, MOST, UNKNOWN, Answers
from reuse_market.reservations.requests.operating import LONGEST_NOTE, LONGEST_PLACE
from reuse_market.web.forms import CheckboxesField, DateField, Form, IntField
from reuse_market.web.problems import words as said

TICK = _l("Tick one answer.")


def _box(kind: str) -> Any:
    return IntField(_l(words.HOW_MANY[kind]), minimum=1, maximum=MOST)


class Question(Form):
    """One of the four: what it asks, and what it makes of the answers."""

    def answered(self, answers: Answers) -> Answers:
        """The answers with this one."""
        raise NotImplementedError


class DevicesForm(Question):
    """Question 1: which devices."""

    kinds = CheckboxesField(
        _l("Which devices do you need?"), [InputRequired(message=TICK)],
        choices=[(code, _l(label)) for code, label in words.KINDS.items()],
    )  # fmt: skip

    def answered(self, answers: Answers) -> Answers:
        """With these kinds."""
        return answers.with_kinds(self.kinds.data or ())


class CountForm(Question):
    """Question 2: how many, a box a kind; an empty box is "I do not know"."""

    laptop = _box("laptop")
    desktop = _box("desktop")
    smartphone = _box("smartphone")
    tablet = _box("tablet")
    unknown = _box(UNKNOWN)
    not_known = BooleanField(_l("I do not know how many"))

    def of(self, kinds: tuple[str, ...]) -> CountForm:
        """Only the boxes of these kinds."""
        for kind in (*KINDS, UNKNOWN):
            if kind not in kinds:
                del self[kind]
        return self

    def boxes(self) -> list[Any]:
        """The number boxes of this page."""
        return [field for field in self if isinstance(field, IntField)]

    def accepted(self) -> bool:
        """A number somewhere, or "I do not know how many"."""
        if not super().accepted():
            return False
        if self.not_known.data or any(box.data for box in self.boxes()):
            return True
        self.refuse(self.boxes()[0].name, str(_l("Write a number.")))
        return False

    def answered(self, answers: Answers) -> Answers:
        """With these numbers."""
        return replace(answers, units=tuple((box.name, box.data) for box in self.boxes()))


class PublicsForm(Question):
    """Question 3: for whom, in broad classes: never a person."""

    publics = CheckboxesField(
        _l("Who are these devices for?"), [InputRequired(message=TICK)],
        choices=[(code, _l(label)) for code, label in words.PUBLICS.items()],
    )  # fmt: skip

    def answered(self, answers: Answers) -> Answers:
        """With these classes."""
        return replace(answers, publics=tuple(self.publics.data or ()))


class ContactForm(Question):
    """Question 4: how to reach the association. A phone or an address; a phone to be called back."""

    call_back = False
    name = StringField(
        _l("The name of your association"), [InputRequired(message=_l(asking.NO_NAME)), Length(max=160)],
        render_kw={"autocomplete": "organization"},
    )  # fmt: skip
    phone = StringField(
        _l("Your phone number"), [Length(max=30)], render_kw={"type": "tel", "autocomplete": "tel"}
    )
    email = StringField(
        _l("Your mail address"), [Length(max=200)],
        render_kw={"type": "email", "autocomplete": "email"},
    )  # fmt: skip

    def accepted(self) -> bool:
        """As the verb would have it; said at the field to correct."""
        if not super().accepted():
            return False
        try:
            asking.checked(self.answered(Answers(call_back=self.call_back)))
        except Invalid as error:
            self.refuse(error.field, said(error))
            return False
        return True

    def answered(self, answers: Answers) -> Answers:
        """With these facts."""
        return replace(
            answers, name=self.name.data or "", phone=self.phone.data or "", email=self.email.data or ""
        )


class OfficeForm(ContactForm):
    """The four questions on one page, for the operator with the association on the phone."""

    name = StringField(_l("Name of the association"), [InputRequired(), Length(max=160)])
    phone = StringField(_l("Phone"), [Length(max=30)], render_kw={"type": "tel", "autocomplete": "off"})
    email = StringField(_l("E-mail address"), [Length(max=200)], render_kw={"type": "email"})
    laptop = IntField(_l("Laptops"), minimum=0, maximum=MOST)
    desktop = IntField(_l("Desktop computers, each with a screen"), minimum=0, maximum=MOST)
    smartphone = IntField(_l("Telephones"), minimum=0, maximum=MOST)
    tablet = IntField(_l("Tablets"), minimum=0, maximum=MOST)
    publics = CheckboxesField(_l("For whom"), choices=[(code, _l(label)) for code, label in PUBLICS.items()])
    note = TextAreaField(_l("Note"), [Length(max=LONGEST_NOTE)], render_kw={"rows": "3"},
                         description=_l("For the operators only; it goes with the contact facts."))  # fmt: skip

    @classmethod
    def showing(cls, answers: Answers, note: str) -> OfficeForm:
        """The form with what is known."""
        counted = {kind: count for kind, count in answers.units if kind in KINDS}
        made = cls.from_request(
            name=answers.name, phone=answers.phone, email=answers.email, note=note,
            publics=list(answers.known_publics()), **counted,
        )  # fmt: skip
        assert isinstance(made, OfficeForm)
        return made

    def answered(self, answers: Answers) -> Answers:
        """All the answers. An empty box is no device of the kind."""
        told = super().answered(answers)
        counted = tuple((kind, self[kind].data) for kind in KINDS if self[kind].data)
        return replace(
            told, kinds=tuple(kind for kind, _count in counted), units=counted,
            publics=tuple(self.publics.data or ()), call_back=False,
        )  # fmt: skip


class CallForm(Form):
    """A call: reached or not, what was said."""

    outcome = RadioField(
        _l("What became of the call"), [InputRequired()],
        choices=[(code, _l(label)) for code, label in words.CALLS.items()],
    )  # fmt: skip
    note = TextAreaField(_l("Note"), [Length(max=LONGEST_NOTE)], render_kw={"rows": "2"})


class FoundForm(Form):
    """What was found, and when and where to come once it is known."""

    units = IntField(_l("How many devices there are"), [InputRequired()], minimum=1, maximum=MOST)
    come_on = DateField(_l("Day to come"))
    come_at = TextAreaField(
        _l("Where to come"), [Length(max=LONGEST_PLACE)], render_kw={"rows": "3"},
        description=_l("Name, street, commune: a line each."),
    )  # fmt: skip


class EndForm(Form):
    """How a request ended."""

    outcome = RadioField(
        _l("How it ended"), [InputRequired()],
        choices=[(code, _l(label)) for code, label in words.OUTCOMES.items()],
        id="ended",  # the same page asks how a call went
    )  # fmt: skip


class AttachForm(Form):
    """Which organisation a request is."""

    organisation_id = RadioField(_l("Organisation"), [InputRequired()], coerce=int)


class StateFilter(Form):
    """Which requests the list shows."""

    state = SelectField(
        _l("State"),
        choices=[("", _l("All")), *((code, _l(label)) for code, (label, _tone) in words.STATES.items())],
    )
