"""Forms: count media, add one, record a certificate. Prefixed, since several stand on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.erasure import words
from reuse_market.erasure.bulk import MOST_UNITS, Report
from reuse_market.erasure.matching import matched
from reuse_market.erasure.models import ErasureCertificate, StorageMedium
from reuse_market.erasure.services import MOST_MEDIA, Found, Proof
from reuse_market.erasure.techniques import REACHES, reached
from reuse_market.kernel import clock
from reuse_market.units.models import Unit
from reuse_market.web.forms import CheckboxesField, DateField, Form, IntField


def choices(table: dict[str, str]) -> list[tuple[str, Any]]:
    """A code table as the choices of a list."""
    return [(code, _l(text)) for code, text in table.items()]


def _optional(table: dict[str, str]) -> list[tuple[str, Any]]:
    return [("", _l("not said")), *choices(table)]


DETAILS = (
    "serial", "maker", "model", "property_number", "media_source", "confidentiality", "passes", "verification",
    "operator_title", "operator_place", "validator_title", "validator_place", "validated_on", "destination",
    "report_number",
)  # fmt: skip


class CountForm(Form):
    """How many storage media, of which kind, seen how."""

    media = IntField(_l("Number of storage media"), [InputRequired()], maximum=MOST_MEDIA)
    kind = SelectField(_l("Kind of medium"), choices=choices(words.MEDIA))
    seen_how = SelectField(_l("Seen how"), choices=choices(words.SEEN_HOW))
    serials = TextAreaField(
        _l("Serial numbers of the media"),
        [Length(max=4000)],
        description=_l("One a line."),
        render_kw={"rows": 2},
    )

    def found(self) -> list[Found]:
        """The media described, serials in the order typed."""
        serials = [line.strip() for line in (self.serials.data or "").splitlines() if line.strip()]
        number = self.media.data or 0
        return [
            Found(self.kind.data, serial=serials[index] if index < len(serials) else None)
            for index in range(number)
        ]


def count_form(kind: str, prefix: str = "count") -> CountForm:
    """The form with what is usual for a kind of device."""
    number, medium, how = words.USUAL.get(kind, (None, "ssd", "opened"))
    form: CountForm = CountForm.from_request(prefix=prefix, media=number, kind=medium, seen_how=how)
    return form


class MediumForm(Form):
    """One more medium."""

    kind = SelectField(_l("Kind of medium"), choices=choices(words.MEDIA))
    serial = StringField(_l("Serial number of the medium"), [Length(max=80)])

    def found(self) -> Found:
        """The medium described."""
        return Found(self.kind.data, serial=self.serial.data or None)


class CertificateForm(Form):
    """What the report of an erasure states; the level reached follows from the technique and the medium."""

    technique = SelectField(_l("Technique"))
    result = SelectField(_l("Result"), choices=choices(words.RESULTS))
    error_count = IntField(
        _l("Errors on the report"), [Optional()], description=_l("Empty if the report is silent.")
    )
    hidden_areas = SelectField(_l("Hidden areas (HPA, DCO)"), choices=choices(words.HIDDEN_AREAS))
    tool = StringField(_l("Tool"), [InputRequired(), Length(max=60)])
    tool_version = StringField(_l("Version of the tool"), [Length(max=30)])
    erased_on = DateField(_l("Erased on"), [InputRequired()])
    operator_name = StringField(_l("Erased by"), [InputRequired(), Length(max=120)])
    validator_name = StringField(
        _l("Checked by"), [Length(max=120)], description=_l("Another person, where there is one.")
    )
    verified = BooleanField(_l("The erasure was verified"), default=True)
    file = FileField(_l("Report of the tool"), description=_l("PDF, XML or text, at most 5 MB."))
    serial = StringField(_l("Serial number of the medium on the report"), [Length(max=80)])
    maker = StringField(_l("Manufacturer of the medium"), [Length(max=60)])
    model = StringField(_l("Model of the medium"), [Length(max=120)])
    property_number = StringField(_l("Property number"), [Length(max=60)])
    media_source = StringField(_l("Device it was in"), [Length(max=120)])
    confidentiality = StringField(_l("Category of confidentiality"), [Length(max=40)])
    passes = IntField(_l("Passes"), maximum=100)
    verification = SelectField(_l("Way of verifying"), choices=_optional(words.VERIFICATIONS), default="")
    operator_title = StringField(_l("Function of who erased"), [Length(max=80)])
    operator_place = StringField(_l("Place of the erasure"), [Length(max=120)])
    validator_title = StringField(_l("Function of who checked"), [Length(max=80)])
    validator_place = StringField(_l("Place of the check"), [Length(max=120)])
    validated_on = DateField(_l("Checked on"))
    destination = SelectField(
        _l("What becomes of the medium"), choices=_optional(words.DESTINATIONS), default=""
    )
    report_number = StringField(_l("Number of the report"), [Length(max=80)])

    def details(self) -> list[Any]:
        """The fields few people fill in, in order."""
        return [self[name] for name in DETAILS]

    def detail_errors(self) -> bool:
        """Whether one of them is wrong: they are then shown open."""
        return any(field.errors for field in self.details())

    def proof(self, medium: StorageMedium) -> Proof:
        """What is typed, as the verb takes it."""
        return proof_of(self, medium.kind)

    def report(self) -> bytes | None:
        """The bytes of the file, or None when none was chosen."""
        if not getattr(self.file.data, "filename", ""):
            return None
        data: bytes = self.file.data.read()
        return data


def proof_of(form: CertificateForm, kind: str) -> Proof:
    """What a form says of the erasure of a medium of this kind."""
    return Proof(
        method=reached(form.technique.data, kind) or "clear", technique=form.technique.data,
        tool=form.tool.data, tool_version=form.tool_version.data or "", result=form.result.data,
        verified=form.verified.data, errors=form.error_count.data, hidden_areas=form.hidden_areas.data,
        erased_at=instant_of(form.erased_on.data or clock.today()), operator_name=form.operator_name.data,
        validator_name=form.validator_name.data or "",
        **{name: form[name].data or None if name != "passes" else form[name].data for name in DETAILS},
    )  # fmt: skip


def certificate_form(medium: StorageMedium, last: ErasureCertificate | None, person: str) -> CertificateForm:
    """The form for one medium: tool and technique as in this workshop's last certificate of that kind."""
    fitting = [code for code in words.TECHNIQUES if medium.kind in REACHES[code]]
    form: CertificateForm = CertificateForm.from_request(
        prefix=f"medium{medium.id}",
        technique=last.technique if last else fitting[0],
        tool=last.tool if last else "",
        tool_version=last.tool_version if last else "",
        error_count=0, erased_on=clock.today(), operator_name=person,
    )  # fmt: skip
    form.technique.choices = [(code, _l(words.TECHNIQUES[code])) for code in fitting]
    return form


def instant_of(day: date) -> datetime:
    """Now for today, noon for a day gone by, the next noon for a day to come (the verb refuses it)."""
    return clock.now() if day == clock.today() else clock.at_paris(day, 12)


class WhichForm(Form):
    """Which devices of a lot an act is about: those ticked, or so many of a line."""

    units = CheckboxesField(_l("Devices"), coerce=int, validate_choice=False)
    line = SelectField(_l("For"), coerce=int, default=0)
    count = IntField(
        _l("How many"), minimum=1, maximum=MOST_UNITS, description=_l("Empty: all those without proof.")
    )

    def offer(self, lines: dict[int, str]) -> None:
        """Give the lines to choose from: number → words."""
        self.line.choices = [(0, _l("The devices ticked above")), *lines.items()]


class AttestForm(Form):
    """No storage medium, and how that was seen."""

    seen_how = SelectField(_l("Seen how"), choices=choices(words.SEEN_HOW))


class ReportForm(CertificateForm):
    """One report for several media, and which device each is in."""

    kind = SelectField(_l("Kind of medium"), choices=choices(words.MEDIA))
    seen_how = SelectField(_l("Seen how"), choices=choices(words.SEEN_HOW), default="report")
    technique = SelectField(_l("Technique"), choices=choices(words.TECHNIQUES))
    serials = TextAreaField(
        _l("Serial numbers of the media"),
        [Length(max=100_000)],
        description=_l("One a line: serial number or asset tag of the device; serial number of the medium."),
        render_kw={"rows": 4},
    )

    def told(self, units: Sequence[Unit]) -> Report:
        """What is typed, as the verb takes it. Invalid when a serial matches none of `units`."""
        kind = self.kind.data
        proof = proof_of(self, kind)
        return Report(proof, kind, self.seen_how.data, matched(self.serials.data or "", units))


def report_form(last: ErasureCertificate | None, person: str) -> ReportForm:
    """The form with the tool and technique of this organisation's last certificate."""
    form: ReportForm = ReportForm.from_request(
        prefix="report", kind="ssd", technique=last.technique if last else "sanitize_block_erase",
        tool=last.tool if last else "", tool_version=last.tool_version if last else "", error_count=0,
        erased_on=clock.today(), operator_name=person,
    )  # fmt: skip
    return form
