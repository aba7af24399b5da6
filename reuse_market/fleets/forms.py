"""Forms of the fleet: the filter of the list, what is ticked in it, the upload, the columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from reuse_market.fleets import configurations, queries, words
from reuse_market.fleets.comparing import ANSWERS
from reuse_market.fleets.queries import FleetFilters
from reuse_market.web.forms import DateField, Form, answers


class FleetForm(Form):
    """What the list of the fleet is narrowed by."""

    kind = SelectField(_l("Kind"), validate_choice=False)
    state = SelectField(_l("State"), validate_choice=False)
    site = SelectField(_l("Site"), validate_choice=False)
    text = StringField(
        _l("Model, serial or inventory number"),
        [Length(max=100)],
        render_kw={"type": "search", "maxlength": 100},
    )

    configuration = HiddenField()

    missed = BooleanField(_l("Missing from the latest inventory"))

    def offer(self, kinds: Iterable[tuple[str, str]], sites: Iterable[tuple[int, str]]) -> None:
        """Fill the choices."""
        states = [(code, _(word)) for code, (word, _tone) in words.STATES.items()]
        self.kind.choices = answers([("", _("All kinds")), *kinds])
        self.state.choices = answers([("", _("In use or discarded")), *states])
        self.site.choices = answers([("", _("All sites")), *((str(i), name) for i, name in sites)])

    def asked(self) -> dict[str, Any]:
        """The filters in use, as the address of the list names them."""
        names = ("kind", "state", "site", "text", "configuration", "missed")
        return {name: "1" if name == "missed" else self[name].data for name in names if self[name].data}

    def filters(self) -> FleetFilters:
        """The filters asked for; nonsense counts as none."""
        site = self.site.data or ""
        return FleetFilters(
            kind=self.kind.data or None,
            state=self.state.data if self.state.data in words.STATES else None,
            site_id=int(site) if site.isascii() and site.isdecimal() and len(site) < 10 else None,
            text=(self.text.data or "")[:100],
            missed=bool(self.missed.data),
            configuration=(self.configuration.data or "")[:16],
        )


class SelectionForm(FleetForm):
    """What was ticked in the list: units one by one, whole groups of identical ones, or all the filters leave."""

    unit = SelectMultipleField(validate_choice=False)
    group = SelectMultipleField(validate_choice=False)
    everything = BooleanField()
    lot = HiddenField()

    def ids(self, holder_id: int, states: Sequence[str]) -> list[int]:
        """Ids of the chosen units; with "everything", those of the filtered list in one of `states`."""
        if self.everything.data:
            return queries.fleet_ids(holder_id, self.filters(), states=states)
        if self.group.data:
            return configurations.unit_ids(holder_id, [key[:16] for key in self.group.data[:200]], states)
        return [int(i) for i in self.unit.data or [] if i.isascii() and i.isdecimal() and len(i) < 10]


class UploadForm(Form):
    """A file and where its devices are."""

    file = FileField(
        _l("Inventory file"),
        description=_l(
            "CSV, spreadsheet (XLSX, XLS, ODS), agent inventory (JSON, XML), ZIP or GZ, 200 MB at most."
            " As your tool makes it."
        ),
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.ods,.json,.jsonl,.xml,.ocs,.zip,.gz"},
    )
    site = SelectField(
        _l("Site of the devices"),
        description=_l("Devices whose location in the file is the name of another of your sites go there."),
    )

    def offer(self, sites: Sequence[tuple[int, str]]) -> None:
        """Fill the sites; "" when there is none yet."""
        self.site.choices = answers([(str(i), name) for i, name in sites] or [("", _("No site yet"))])

    def validate_file(self, field: Any) -> None:
        """A file is wanted."""
        if not field.data or not getattr(field.data, "filename", ""):
            field.errors = [*field.errors, _("Choose a file.")]


def columns_form(labels: Sequence[str], targets: Sequence[str]) -> Form:
    """One select per column of the file, `column_0`…, prefilled."""
    choices = [(code, _(word)) for code, word in words.TARGETS.items()]
    fields = {
        f"column_{place}": SelectField(
            _("Meaning of “%(column)s”", column=label or f"#{place + 1}"),
            [InputRequired()],
            choices=answers(choices),
            default=target,
        )
        for place, (label, target) in enumerate(zip(labels, targets, strict=True))
    }
    return type("ColumnsForm", (Form,), fields).from_request()  # type: ignore[attr-defined]


def answers_form(records: Iterable[tuple[int, str, str]], *, decides: bool, **data: Any) -> Form:
    """What is answered of devices already here: for whole lists, for each record shown, then the decision.

    `records` are (record id, verdict, its answer so far) of those on the page: fields `each_<id>`.
    """
    fields: dict[str, Any] = {
        "gone": SelectField(
            _l("All those that are missing"), choices=answers(_answers("gone")), validate_choice=False
        ),
        "unsure": SelectField(_l("All of them"), choices=answers(_answers("unsure")), validate_choice=False),
        "do": HiddenField(),
    }
    if decides:
        fields |= {
            "decided_on": DateField(_l("Date of the decision to discard"), [Optional()]),
            "decision_number": StringField(_l("Number of the decision"), [Length(max=60)]),
            "decided_by": StringField(_l("Who decided"), [Length(max=120)]),
        }
    for record_id, verdict, answer in records:
        choices = [("", _("As all the others")), *_answers(verdict)]
        fields[f"each_{record_id}"] = SelectField(
            _("Answer"), choices=answers(choices), validate_choice=False, default=answer
        )
    return type("AnswersForm", (Form,), fields).from_request(**data)  # type: ignore[attr-defined]


def _answers(verdict: str) -> list[tuple[str, str]]:
    return [(code, _(words.ANSWERS[code])) for code in ANSWERS[verdict]]


class MergeForm(Form):
    """Two records said to be one device: nothing to fill in, only to confirm."""
