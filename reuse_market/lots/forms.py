"""Forms of lots: counted lines, the condition of lines, the terms, the withdrawal, the board's filter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length

from reuse_market.lots import conditions, words
from reuse_market.lots.board_filters import NEAR_KM, BoardFilters, filters_of
from reuse_market.lots.models import Lot, LotLine
from reuse_market.web.forms import DateField, EuroField, Form, IntField, answers

UNCHANGED = ""
TERMS = {  # one question for regime and price
    "fixed": ("sale", "fixed"),
    "proposals": ("sale", "proposals"),
    "gift": ("gift", "free"),
    "free_transfer": ("free_transfer", "free"),
    "public_transfer": ("public_transfer", "free"),
}


class ConditionForm(Form):
    """The condition of a line. "" leaves a value as it is, where several lines are changed at once."""

    works = SelectField(_l("Do they work?"))
    charger = SelectField(_l("With charger?"))
    os_installed = SelectField(_l("Operating system installed?"))
    windows_11 = SelectField(_l("Able to run Windows 11?"))
    locks_released = SelectField(
        _l("Locks released?"),
        description=_l(
            "Autopilot, device management, Apple or Google account, BIOS password. A locked device cannot be"
            " used again."
        ),
    )
    lock_mdm = SelectField(
        _l("Autopilot or device management removed?"), description=words.LOCK_MEANINGS["lock_mdm"]
    )
    lock_activation = SelectField(
        _l("Apple Activation Lock off?"), description=words.LOCK_MEANINGS["lock_activation"]
    )
    lock_frp = SelectField(_l("Google account removed (FRP)?"), description=words.LOCK_MEANINGS["lock_frp"])
    lock_bios = SelectField(_l("BIOS password removed?"), description=words.LOCK_MEANINGS["lock_bios"])

    def offer(self, unchanged: str = "") -> None:
        """Fill the choices; `unchanged` words a first choice that changes nothing."""
        first = [(UNCHANGED, unchanged)] if unchanged else []
        for name in words.CONDITION:
            known = words.WORKS if name == "works" else words.TRISTATE
            self[name].choices = answers([*first, *((code, _(word)) for code, word in known.items())])
        for name in words.LOCKS:
            none = unchanged or _("Not concerned, or not said")
            said = ((code, _(word)) for code, word in words.TRISTATE.items())
            self[name].choices = answers([(UNCHANGED, none), *said])
            if self[name].data in (None, "None"):
                self[name].data = UNCHANGED

    def chosen(self) -> dict[str, str]:
        """The values that were chosen."""
        return {name: self[name].data for name in (*words.CONDITION, *words.LOCKS) if self[name].data}


class CountedLineForm(ConditionForm):
    """Devices without serial numbers: how many of what."""

    kind = SelectField(_l("Kind of device"), [InputRequired()])
    units = IntField(_l("How many"), [InputRequired()], minimum=1, maximum=conditions.MOST_UNITS)
    label = StringField(
        _l("What they are"),
        [Length(max=200)],
        description=_l("For example: 24-inch monitors, HDMI. Empty: the kind."),
    )

    def offer_kinds(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Fill the kinds and the conditions."""
        self.kind.choices = answers(kinds)
        self.offer()
        for name in words.CONDITION:
            self[name].default = "untested" if name == "works" else "unknown"
            if self[name].data is None or self[name].data == "None":
                self[name].data = self[name].default


class LinesForm(ConditionForm):
    """The same condition for the ticked lines."""

    line = SelectMultipleField(validate_choice=False)

    def numbers(self) -> list[int]:
        """Numbers of the ticked lines."""
        return [int(n) for n in self.line.data or [] if n.isascii() and n.isdecimal() and len(n) < 6]


class LineForm(ConditionForm):
    """One line: its name, its count when it is a mere count, its condition, a note."""

    label = StringField(_l("What they are"), [InputRequired(), Length(max=200)])
    units = IntField(_l("How many"), minimum=1, maximum=conditions.MOST_UNITS)
    note = TextAreaField(_l("Note"), [Length(max=300)], render_kw={"rows": 3})

    @classmethod
    def of(cls, line: LotLine, *, counted: bool) -> LineForm:
        """The form of a line, posted values first."""
        form = cls.from_request(obj=line, units=line.declared)
        form.offer()
        if not counted:
            del form.units
        return form

    def values(self) -> dict[str, Any]:
        """What to change."""
        return self.data


class ValueForm(Form):
    """The estimated value of one device, for the ticked lines."""

    line = SelectMultipleField(validate_choice=False)
    value_cents = EuroField(
        _l("Estimated value of one device, tax included"),
        description=_l("Empty: the value is not known any more."),
    )
    value_how = SelectField(_l("How was it estimated?"))
    valued_on = DateField(_l("Estimated on"), description=_l("Empty: today."))

    def offer(self) -> None:
        """Fill the ways of estimating."""
        self.value_how.choices = answers(
            [("", _("Choose")), *((c, _(w)) for c, w in words.VALUATIONS.items())]
        )

    def numbers(self) -> list[int]:
        """Numbers of the ticked lines."""
        return [int(n) for n in self.line.data or [] if n.isascii() and n.isdecimal() and len(n) < 6]


class TermsForm(Form):
    """Where, when, at what price, for whom, and how data are erased."""

    title = StringField(
        _l("Title of the lot"), [InputRequired(), Length(min=3, max=160)], render_kw={"class": "wide"},
        description=_l("What a reader should know first. For example: 40 laptops and docks, Eybens"),
    )  # fmt: skip
    site_id = SelectField(_l("Site of the pick-up"), [InputRequired()])
    available_from = DateField(_l("First day of pick-up"), [InputRequired()])
    available_until = DateField(_l("Last day of pick-up"), [InputRequired()])
    claims_until = DateField(
        _l("Last day for requests"),
        description=_l("Empty: 30 days, or the last day of pick-up if it comes first."),
    )
    terms = RadioField(_l("Price"), [InputRequired()])
    price_cents = EuroField(
        _l("Price of the whole lot, before tax"),
        description=_l("Only for a sale at a price. A part pays its share."),
    )
    award_mode = RadioField(_l("Who gets the devices"), [InputRequired()])
    cap_per_actor = IntField(
        _l("At most how many devices for one organisation"), minimum=1, maximum=conditions.MOST_UNITS,
        description=_l("For the first who asks, or a share at closing. Empty: no limit."),
    )  # fmt: skip
    reserved_percent = IntField(
        _l("Share of the devices kept for some, in percent"), minimum=1, maximum=100,
        description=_l("Only for a share at closing. The others never get these devices. Empty: none."),
    )  # fmt: skip
    reserved_for = SelectField(_l("For whom it is kept"))
    public_first_days = IntField(
        _l("Kept for public bodies first, for how many days"), minimum=1,
        maximum=conditions.MOST_PUBLIC_FIRST,
        description=_l("Empty: open to everybody at once."),
    )  # fmt: skip
    erased_by = RadioField(_l("Who erases the data"), [InputRequired()])
    erasure_policy = RadioField(_l("How data are erased"), [InputRequired()])
    note = TextAreaField(
        _l("Anything else to say"), [Length(max=1000)],
        description=_l("Seen by everybody: no name, no address, no phone number."), render_kw={"rows": 4},
    )  # fmt: skip

    @classmethod
    def of(cls, lot: Lot, regimes: Collection[str], sites: Sequence[tuple[int, str]]) -> TermsForm:
        """The form of a draft, posted values first; `regimes` are those the holder may choose."""
        now = next((key for key, pair in TERMS.items() if pair == (lot.regime, lot.price_kind)), None)
        data = {name: getattr(lot, name) for name in conditions.FIELDS} | {"terms": now}
        form: Any = cls.from_request(data=data)
        form.site_id.choices = answers([(str(i), name) for i, name in sites] or [("", _("No site yet"))])
        offered = [
            ("fixed", _("Sale at a price")),
            ("proposals", _("Sale, proposals asked: each says what it pays, or what it asks for")),
            ("gift", _("Gift")),
            ("free_transfer", _("Free transfer to an association the law lists")),
            ("public_transfer", _("Transfer to another public body, free of charge")),
        ]
        form.terms.choices = answers([pair for pair in offered if TERMS[pair[0]][0] in regimes])
        form.award_mode.choices = answers([
            ("holder_choice", _("I choose among the requests")),
            ("first_come", _("The first who asks: at once, without my answering")),
            ("at_closing", _("On the last day for requests, a rule shares them out; I accept or change it")),
        ])  # fmt: skip
        kept = [(code, _(word)) for code, word in words.RESERVED_FOR.items()]
        form.reserved_for.choices = answers([("", _("Nobody in particular")), *kept])
        if form.reserved_for.data in (None, "None"):
            form.reserved_for.data = ""
        form.erased_by.choices = answers([(code, _(word)) for code, word in words.ERASERS.items()])
        form.erasure_policy.choices = answers([(code, words.erasure(code)) for code in words.ERASURE])
        return form

    def values(self) -> dict[str, Any]:
        """The terms as services.set_conditions takes them."""
        regime, price_kind = TERMS[self.terms.data]
        given = {name: self.data[name] for name in conditions.FIELDS if name in self.data}
        return given | {
            "site_id": int(self.site_id.data) if self.site_id.data else None,
            "regime": regime,
            "price_kind": price_kind,
            "price_cents": self.price_cents.data if price_kind == "fixed" else None,
            "reserved_for": self.reserved_for.data or None,
        }


class ReasonForm(Form):
    """Why a lot is withdrawn."""

    reason = StringField(
        _l("Why do you withdraw it?"), [InputRequired(), Length(min=3, max=500)],
        description=_l("Those who follow the lot will read it."),
    )  # fmt: skip


class EmptyForm(Form):
    """A confirmation: nothing to fill in."""

    lines = HiddenField()


class OutletForm(Form):
    """The outlet chosen on the destination page."""

    regime = HiddenField(validators=[AnyOf(conditions.OPEN_REGIMES)])


class BoardForm(Form):
    """What the board is narrowed by; its names are those of board_filters.NAMES."""

    kind = SelectField(_l("Kind of device"), validate_choice=False)
    commune = SelectField(_l("Commune"), validate_choice=False)
    within = SelectField(_l("Distance"), validate_choice=False)
    units = IntField(_l("At least how many"), minimum=1, maximum=conditions.MOST_UNITS)
    regime = SelectField(_l("Regime"), validate_choice=False)
    tail_lift = SelectField(_l("Tail-lift"), validate_choice=False)
    dock = BooleanField(_l("With a loading dock"))
    works = BooleanField(_l("Said to work"))
    charger = BooleanField(_l("With charger"))
    windows_11 = BooleanField(_l("Can run Windows 11"))
    locks_released = BooleanField(_l("Locks released"))
    entitled = BooleanField(_l("Only what my organisation may take"))
    new = BooleanField(_l("Only what is new since my last visit"))

    def offer(self, kinds: Iterable[tuple[str, str]], communes: Iterable[tuple[str, str]]) -> None:
        """Fill the choices."""
        self.kind.choices = answers([("", _("All kinds")), *kinds])
        self.commune.choices = answers([("", _("All communes")), *communes])
        near = [(str(km), _("Within %(km)s km", km=km)) for km in NEAR_KM]
        self.within.choices = answers([("", _("Any distance")), *near])
        self.regime.choices = answers(
            [("", _("All regimes")), *((code, _(words.REGIMES[code])) for code in conditions.OPEN_REGIMES)]
        )
        lifts = [("", _("All sites")), ("no", _("No tail-lift needed")), ("yes", _("Tail-lift needed"))]
        self.tail_lift.choices = answers(lifts)

    def filters(self) -> BoardFilters:
        """The filters asked for; nonsense counts as none."""
        return filters_of({name: str(value) for name, value in self.data.items() if value})
