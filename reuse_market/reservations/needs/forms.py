"""Forms of needs: what is asked, and the answers to what is proposed. No field names a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.places import queries as places
from reuse_market.reservations import tickets
from reuse_market.reservations.needs import posting, reading
from reuse_market.reservations.needs.lifecycle import LIVE
from reuse_market.reservations.needs.need_models import NEED_STATES, Need
from reuse_market.reservations.needs.posting import LONGEST_NOTE, MOST_PRICE, MOST_UNITS
from reuse_market.reservations.needs.proposing import MOST_UNITS as MOST_PROPOSED
from reuse_market.reservations.needs.wording import badge
from reuse_market.reservations.needs.words import CLOSINGS, DECLINES, PUBLICS, WITHDRAWALS
from reuse_market.web.forms import CheckboxesField, DateField, EuroField, Form, IntField, answers

SIZES = {
    "ram_mb": ((4096, "4"), (8192, "8"), (16_384, "16"), (32_768, "32")),
    "storage_mb": ((128_000, "128"), (256_000, "256"), (512_000, "512"), (1_000_000, "1000")),
    "screen_tenths": ((130, "13"), (140, "14"), (150, "15"), (220, "22"), (240, "24"), (270, "27")),
}


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class NeedForm(Form):
    """What is looked for. `organisation_id` is the operator's alone."""

    kind = SelectField(_l("Kind of device"))
    units = IntField(_l("How many"), [InputRequired()], minimum=1, maximum=MOST_UNITS)
    ram_mb = SelectField(_l("Memory, at least"), coerce=_number)
    storage_mb = SelectField(_l("Disk, at least"), coerce=_number)
    screen_tenths = SelectField(_l("Screen, at least"), coerce=_number)
    max_price_cents = EuroField(
        _l("Most you would pay for one, VAT included"),
        description=_l("0: free only. Leave it empty when you do not know."), maximum=MOST_PRICE,
    )  # fmt: skip
    wanted_by = DateField(_l("Needed by"))
    publics = CheckboxesField(_l("For whom, broadly"))
    commune_insee = SelectField(_l("Commune"))
    note = TextAreaField(
        _l("What the list does not say"), [Length(max=LONGEST_NOTE)], render_kw={"rows": 2},
        description=_l("Name nobody here. Reuse actors do not read it."),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Arguments of the verbs."""
        names = ("kind", "units", "ram_mb", "storage_mb", "screen_tenths", "max_price_cents", "wanted_by",
                 "publics", "note")  # fmt: skip
        return {name: self[name].data for name in names} | {
            "commune_insee": self["commune_insee"].data or None
        }


class OfficeNeedForm(NeedForm):
    """The same, by the operator for a structure it names, or for one it does not know yet."""

    organisation_id = SelectField(_l("For which organisation"), coerce=_number)

    def values(self) -> dict[str, Any]:
        """Arguments of the verb."""
        return super().values() | {"organisation_id": self["organisation_id"].data}


class ProposeForm(Form):
    """One supply and how many of it."""

    source = HiddenField("", [InputRequired()])
    supply = HiddenField("", [InputRequired()])
    units = IntField(_l("How many"), [InputRequired()], minimum=1, maximum=MOST_PROPOSED)


def _why(words: Mapping[str, str]) -> Any:
    """A list of reasons that begins with none: a reason told to others is chosen, never met first."""
    chosen = [("", _l("Choose")), *((code, _l(word)) for code, word in words.items())]
    return SelectField(_l("Reason"), [InputRequired(_l("Choose an answer."))], choices=chosen)


class CloseForm(Form):
    """Why a need is closed."""

    reason = _why(CLOSINGS)


class DeclineForm(Form):
    """Why a proposal is declined."""

    reason = _why(DECLINES)


class WithdrawForm(Form):
    """Why a proposal is taken back."""

    reason = _why(WITHDRAWALS)


class AttachForm(Form):
    """Whose need it is."""

    organisation_id = SelectField(_l("Organisation"), [InputRequired()], coerce=_number)


class NeedFilter(Form):
    """What the list of needs is narrowed by."""

    state = SelectField(_l("State"))
    kind = SelectField(_l("Kind of device"))


def need_form(lang: str, actor: Actor, need: Need | None = None) -> NeedForm:
    """The form with its choices, filled with a need when it changes one."""
    kept: dict[str, Any] = {} if need is None else {name: getattr(need, name) for name in posting.FIELDS}
    if need is not None:
        kept["publics"] = [code for code in need.publics.split(",") if code]
    office = need is None and not actor.has(*reading.policy.ASKING)
    kind: type[Any] = OfficeNeedForm if office else NeedForm
    form: Any = kind.from_request(**kept)
    form.kind.choices = answers(_kinds(lang))
    units = {
        "ram_mb": _("%(size)s GB"),
        "storage_mb": _("%(size)s GB"),
        "screen_tenths": _("%(size)s inches"),
    }
    for name, sizes in SIZES.items():
        known = [(value, units[name] % {"size": text}) for value, text in sizes]
        form[name].choices = answers([("", _("Any")), *_with(known, kept.get(name))])
    form.publics.choices = answers([(code, _(word)) for code, word in PUBLICS.items()])
    form.commune_insee.choices = answers(
        [("", _("That of the organisation")), *((one.insee, one.name) for one in places.communes())]
    )
    form.commune_insee.data = form.commune_insee.data or ""
    form.wanted_by.earliest = (
        clock.today() if need is None else min(clock.today(), need.wanted_by or clock.today())
    )
    if office:
        known = [
            one for one in reading.askers() if one[0] != tickets.party_id()
        ]  # a voucher asks for nothing
        form.organisation_id.choices = answers([("", _("Not known yet")), *known])
    return form


def need_filter(lang: str, actor: Actor) -> NeedFilter:
    """The filters of the address; what is unknown narrows nothing."""
    form: NeedFilter = NeedFilter.from_query()
    shown = NEED_STATES if reading.sees_over(actor) else LIVE
    states = [(state, badge(state)[0]) for state in shown]
    for one, choices in ((form.state, states), (form.kind, _kinds(lang))):
        one.choices = answers([("", _l("Any")), *choices])
        if one.data not in {code for code, _label in choices}:
            one.data = ""
    return form


REASON_FORMS: dict[str, type[Any]] = {"fermer": CloseForm, "decliner": DeclineForm, "retirer": WithdrawForm}


def reason_form(step: str, match: str = "") -> Any:
    """The form that asks why, as posted. Its box has a name of its own: a page asks once for each proposal."""
    return _placed(REASON_FORMS[step].from_request(), step, match)


def reason_shown(refused: Any, step: str, match: str = "") -> Any:
    """The same on the page: as it was answered where it is the one refused, else empty."""
    empty = _placed(REASON_FORMS[step](), step, match)
    return refused if "reason" in (refused or ()) and refused.reason.id == empty.reason.id else empty


def _placed(form: Any, step: str, match: str) -> Any:
    form.reason.id = "-".join(("reason", step, match)).rstrip("-")
    return form


def attach_form() -> AttachForm:
    """The form, with those who may ask."""
    form: AttachForm = AttachForm.from_request()
    form.organisation_id.choices = answers([("", _("Choose")), *reading.askers()])
    return form


def _with(known: list[tuple[int, str]], kept: int | None) -> list[tuple[int, str]]:
    """The sizes of the list, and the one a need has from elsewhere."""
    missing = kept is not None and kept not in {value for value, _text in known}
    return [*known, (kept, _("as now"))] if missing and kept is not None else known


def _kinds(lang: str) -> list[tuple[str, str]]:
    return [(k.code, k.plural_en if lang == "en" else k.plural_fr) for k in equipment.kinds()]
