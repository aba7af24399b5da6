"""The base of every HTML form and the fields a person types into: euros, whole numbers, codes, dates, SIRET.

Errors say what to do. Nothing here saves, looks up or decides rights; CSRF is web.csrf's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import wtforms
from flask import request
from flask_babel import get_locale, gettext
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import fields, widgets
from wtforms.validators import StopValidation

from reuse_market.kernel.praise import NEW, says_new
from reuse_market.kernel.words import N_
from reuse_market.web import selecting
from reuse_market.web.fields import BIGGEST, UNSEEN
from reuse_market.web.filters import date_long, number
from reuse_market.web.wording import Messages

_SPACES = re.compile(r"\s+")


def _strip(value: Any) -> Any:
    """Drop what nobody sees (control characters), and spaces (no-break ones too) at both ends."""
    return UNSEEN.sub("", value).strip() if isinstance(value, str) else value


def _files_only(value: Any) -> Any:
    """What was sent as a file; text put in its place by hand is no file."""
    if isinstance(value, (list, tuple)):
        return [one for one in value if isinstance(one, FileStorage)]
    return value if isinstance(value, FileStorage) else None


class Form(wtforms.Form):
    """Base form: strings come stripped, messages in the reader's language, checks are not the browser's."""

    class Meta:
        """How WTForms binds and draws our fields."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind with our messages; strip text except passwords, whose spaces count."""
            kind = unbound_field.field_class
            options["translations"] = Messages(choice=issubclass(kind, fields.SelectFieldBase))
            if isinstance(unbound_field.kwargs.get("choices"), (list, tuple)):
                options["choices"] = answers(unbound_field.kwargs["choices"])
            if issubclass(kind, fields.StringField) and not issubclass(kind, fields.PasswordField):
                options["filters"] = [_strip, *unbound_field.kwargs.get("filters", ())]
            if issubclass(kind, fields.FileField):
                options["filters"] = [_files_only, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, **options)

        def get_translations(self, form: Any) -> Messages:
            """Messages for fields added after the form was made."""
            return Messages()

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """Draw without `required`: the label says what is optional, the server says what is missing."""
            attributes = {**(field.render_kw or {}), **render_kw}
            attributes.setdefault("required", False)
            if selecting.plain(field):
                return selecting.drawn(field, attributes)
            return field.widget(field, **attributes)

    @classmethod
    def from_request(cls, **data: Any) -> Form:
        """The form filled from a POST (files included), else from `data` (or `obj=`)."""
        posted: CombinedMultiDict[str, Any] | None = None
        if request.method == "POST":
            posted = CombinedMultiDict([request.files, request.form])
        return cls(posted, **data)

    @classmethod
    def from_query(cls, **data: Any) -> Form:
        """The form filled from the address: filters and searches. Without a query, `data` holds."""
        return cls(request.args or None, **data)

    def accepted(self) -> bool:
        """True when the form was posted, everything in it is right, and no text praises a device as new."""
        return request.method == "POST" and all((self.validate(), self._no_praise()))

    def _no_praise(self) -> bool:
        """The law's rule on "à neuf" and "comme neuf" (kernel.praise), on whatever a person types."""
        typed = [
            field
            for field in self
            if isinstance(field, fields.StringField) and not isinstance(field, fields.PasswordField)
        ]
        praising = [field.name for field in typed if says_new(str(field.data or ""))]
        for name in praising:
            self[name.removeprefix(self._prefix)].errors = [gettext(NEW)]
        return not praising

    def refuse(self, field: str | None, message: str) -> None:
        """Attach a refusal met further down to its field (already translated), or to the whole form."""
        if field and field in self._fields:
            self._fields[field].errors = [*self._fields[field].errors, message]
        else:
            self.form_errors.append(message)


def answers(choices: Iterable[Any]) -> list[fields.SelectChoice]:
    """Choices written (value, label), as the library wants them; also `form.site.choices = answers(…)`."""
    return [one if isinstance(one, fields.SelectChoice) else fields.SelectChoice(*one) for one in choices]


class IntField(fields.IntegerField):
    """A whole number; "1 200" is understood. Outside [minimum, maximum] the error gives both bounds.

    An empty box is None: add InputRequired to demand an answer (never DataRequired, which refuses 0).
    """

    widget = widgets.TextInput()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        minimum: int = 0,
        maximum: int = 1_000_000,
        unit: Any = "",
        **kwargs: Any,
    ) -> None:
        kwargs["render_kw"] = {"inputmode": "numeric", "class": "short", **(kwargs.get("render_kw") or {})}
        super().__init__(label, validators, **kwargs)
        self.minimum, self.maximum, self.unit = minimum, maximum, unit

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the typed number; ValueError says the bounds."""
        text = _SPACES.sub("", valuelist[0]) if valuelist else ""
        self.data = None
        if not text:
            return
        if re.fullmatch(r"[+-]?[0-9]{1,15}", text) and self.minimum <= int(text) <= self.maximum:
            self.data = int(text)
            return
        raise ValueError(
            gettext(
                "Enter a number between %(min)s and %(max)s.",
                min=number(self.minimum),
                max=number(self.maximum),
            )
        )

    def tighten(self, most: int, said: str) -> None:
        """A bound known only once the form is read: more than `most` is answered `said`, even beyond the maximum."""
        typed = (
            _SPACES.sub("", self.raw_data[0]) if self.raw_data and isinstance(self.raw_data[0], str) else ""
        )
        if re.fullmatch(r"\+?[0-9]{1,300}", typed) and int(typed) > most:
            self.data, self.process_errors = None, [said]


class EuroField(fields.Field):
    """An amount typed "180,50", "180.50" or "1 234,50 €", kept as integer cents. Empty is None.

    `signed`: a credit note may be typed, "-180,50".
    """

    widget = widgets.TextInput()
    unit = "€"

    def __init__(
        self, label: Any = None, validators: Any = None, *, maximum: int = 100_000_000_00, signed: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        keys = {} if signed else {"inputmode": "decimal"}  # a telephone's figures have no minus
        kwargs["render_kw"] = {**keys, "class": "short", **(kwargs.get("render_kw") or {})}
        super().__init__(label, validators, **kwargs)
        self.maximum = min(maximum, BIGGEST)  # what an integer column holds
        self.minimum = -self.maximum if signed else 0

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        locale = get_locale()
        point = "." if locale is not None and locale.language == "en" else ","
        whole, part = divmod(abs(self.data), 100)
        return f"{'-' if self.data < 0 else ''}{whole}{point}{part:02d}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the typed amount into cents."""
        self.data = None
        if valuelist and valuelist[0].strip():
            typed = _SPACES.sub("", valuelist[0]).replace("−", "-")
            minus = self.minimum < 0 and typed.startswith("-")
            cents = euro_cents(typed.removeprefix("-") if minus else typed)
            if cents is None or cents > self.maximum:
                raise ValueError(gettext("Enter an amount in euros, for example 180.50."))
            self.data = -cents if minus else cents


def euro_cents(text: str) -> int | None:
    """Cents of an amount as people type it, or None.

    One separator and three digits after ("1,234") is refused: a thousand to one reader, one euro to another.
    """
    digits = _SPACES.sub("", text).replace("€", "").removesuffix("EUR")
    match = re.fullmatch(r"([0-9]{1,3}(?:([.,])[0-9]{3})+|[0-9]{1,12})(?:([.,])([0-9]{1,2}))?", digits)
    if not match:
        return None
    whole, thousands, point, cents = match.groups()
    if thousands and (point is None or point == thousands or len(set(re.findall(r"[.,]", whole))) > 1):
        return None
    return int(re.sub(r"[.,]", "", whole)) * 100 + int((cents or "0").ljust(2, "0"))


class CodeField(fields.StringField):
    """A code read on a label or aloud: spaces and dashes do not count, letters become capitals."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs["render_kw"] = {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            **(kwargs.get("render_kw") or {}),
        }
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep letters and digits only."""
        if valuelist:
            self.data = re.sub(r"[\s\-–—._]+", "", valuelist[0]).upper()


class DateField(fields.DateField):
    """A civil date from the browser's own date box; dd/mm/yyyy is read too where the browser has none."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        earliest: date | None = None,
        latest: date | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["render_kw"] = {"class": "short", **(kwargs.get("render_kw") or {})}
        for bound, value in (("min", earliest), ("max", latest)):
            if value:
                kwargs["render_kw"][bound] = value.isoformat()
        super().__init__(label, validators, format=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)
        self.earliest, self.latest = earliest, latest

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; an empty box is None."""
        self.data = None
        if valuelist and valuelist[0].strip():
            super().process_formdata([valuelist[0].strip()])

    def pre_validate(self, form: Any) -> None:
        """Refuse a date outside the bounds, and name the bound."""
        if self.data is None:
            return
        if self.earliest and self.data < self.earliest:
            raise StopValidation(gettext("Enter a date from %(min)s on.", min=date_long(self.earliest)))
        if self.latest and self.data > self.latest:
            raise StopValidation(gettext("Enter a date up to %(max)s.", max=date_long(self.latest)))


class SiretField(fields.StringField):
    """The 14 digits of an establishment, spaces allowed; the key is checked. Empty is ""."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs["render_kw"] = {
            "inputmode": "numeric",
            "autocomplete": "off",
            **(kwargs.get("render_kw") or {}),
        }
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Drop spaces, dots and dashes."""
        if valuelist:
            self.data = re.sub(r"[\s.\-]+", "", valuelist[0])

    def pre_validate(self, form: Any) -> None:
        """Refuse a number that cannot be a SIRET, and say what to do."""
        fault = siret_fault(self.data) if self.data else None
        if fault:
            raise StopValidation(gettext(fault))


def siret_fault(siret: str) -> str | None:
    """None when `siret` (digits only) can be one, else the msgid saying what to correct.

    INSEE: Luhn key over the 14 digits; La Poste's establishments (SIREN 356000000), head office aside, have
    a digit sum that is a multiple of 5 instead.
    """
    if re.fullmatch(r"[0-9]{9}", siret):
        return N_("This is a SIREN (9 digits). Enter the SIRET of the site: 14 digits.")
    if not re.fullmatch(r"[0-9]{14}", siret):
        return N_("Enter the 14 digits of the SIRET.")
    if siret.startswith("356000000") and sum(map(int, siret)) % 5 == 0:
        return None
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in siret[-2::-2])
    if (sum(doubled) + sum(int(digit) for digit in siret[-1::-2])) % 10:
        return N_("A digit of this SIRET is wrong. Check it against a document of the organisation.")
    return None


class CheckboxesField(fields.SelectMultipleField):
    """Several answers among a few, drawn as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()
