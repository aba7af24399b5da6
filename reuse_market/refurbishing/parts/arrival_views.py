"""The page where a workshop answers for what a pick-up brought: what is not ticked is received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from reuse_market.collection.revising.choosing import REASONS
from reuse_market.collection.shipments.choosing import bearers, by_numbers, plain
from reuse_market.collection.words import REASONS as WORDS
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import lists, queries
from reuse_market.refurbishing.forms import language
from reuse_market.refurbishing.queries import Case
from reuse_market.refurbishing.services.arriving import answer_arrival
from reuse_market.refurbishing.views.page import Page, blueprint, namer
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import code as printed
from reuse_market.web.forms import CheckboxesField, Form, answers
from reuse_market.web.problems import telling

UNKNOWN = N_("No device of this arrival has the number %(number)s.")
MOST_BOXES = 12  # devices to tick one by one; beyond, their numbers are typed or scanned


def numbers_field(label: Any) -> TextAreaField:
    """Numbers of devices, one a line."""
    return TextAreaField(
        label, [Length(max=40_000)], render_kw={"rows": 3},
        description=_l("Label codes, serial numbers or asset tags, one a line: scan them one after the other."),
    )  # fmt: skip


class ArrivalForm(Form):
    """What did not arrive as signed; the rest is received."""

    refused = CheckboxesField(_l("Refused"), coerce=int)
    refused_numbers = numbers_field(_l("Numbers of those refused"))
    reason_refused = SelectField(_l("Why they are refused"), default="not_as_declared")
    missing = CheckboxesField(_l("Missing"), coerce=int)
    missing_numbers = numbers_field(_l("Numbers of those missing"))
    reason_missing = SelectField(_l("Why they are missing"), default="miscounted")


def arrival_form(cases: Sequence[Case]) -> ArrivalForm:
    """The form with the devices that wait."""
    form: Any = ArrivalForm.from_request()
    name = namer()
    said = []
    for case in cases:
        numbers = [printed(case.code) if case.code else None, case.unit.serial]
        said.append((case.unit.id, " – ".join([name(case), *(one for one in numbers if one)])))
    few = len(cases) <= MOST_BOXES
    alone = bearers(_numbers(cases)).values()
    boxes = [row for row in said if few or row[0] not in alone]
    for outcome in ("refused", "missing"):
        form[outcome].choices = answers(boxes)
        if few and f"{outcome}_numbers" not in request.form:  # typed when there were more: it still counts
            del form[f"{outcome}_numbers"]
        named = [(code, WORDS[code][language()]) for code in REASONS[outcome]]
        form[f"reason_{outcome}"].choices = answers(named)
    return form


@blueprint.route("/atelier/arrivees/<string:pickup>", methods=["GET", "POST"])
@access("reuse-actor")
def arrival(pickup: str) -> Page:
    """Received, refused or missing; a difference is proposed to the holder as a revision of the note."""
    here = current_actor().organisation_id or 0
    cases = queries.cases(lists.arrival_ids(here, pickup=pickup, lot=None))
    if not cases:
        raise NotFound(N_("Nothing of this pick-up is to take in."))
    form: Any = arrival_form(cases)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = answer_arrival(
                pickup, outcomes(form, cases), actor=current_actor(), reason_refused=form.reason_refused.data,
                reason_missing=form.reason_missing.data,
            )  # fmt: skip
        if outcome.ok:
            flash(ngettext("%(num)s device taken in.", "%(num)s devices taken in.", made.received), "success")
            if made.revision:
                flash(_("The difference is proposed to the holder."), "success")
                return redirect(url_for("collection.revision", reference=made.revision))
            return redirect(url_for("refurbishing.bench", liste="workshop"))
        status = outcome.status
    return render_template("refurbishing/arrival.html", form=form, cases=cases, pickup=pickup), status


def outcomes(form: Any, cases: Sequence[Case]) -> dict[int, str]:
    """Unit id → received | refused | missing. Invalid: a number that not one alone bears, a device said both."""
    said: dict[str, set[int]] = {}
    for outcome in ("refused", "missing"):
        name, typed = f"{outcome}_numbers", ""
        if name in form:
            typed = form[name].data or ""
        numbered = by_numbers(
            typed.splitlines(), _numbers(cases), field=name, unknown=UNKNOWN, code="arrival.unknown"
        )
        said[outcome] = {*(form[outcome].data or []), *numbered}
    if said["refused"] & said["missing"]:
        raise Invalid(N_("A device is either refused or missing: say one of them only."), field="missing")
    found = {case.unit.id: "received" for case in cases}
    return found | {unit_id: outcome for outcome, ids in said.items() for unit_id in ids}


def _numbers(cases: Sequence[Case]) -> list[tuple[int, list[str]]]:
    """What a scanner may read on each."""
    borne = ((case.unit.id, (case.code, case.unit.serial, case.unit.asset_tag)) for case in cases)
    return [(unit_id, [plain(one) for one in told if one]) for unit_id, told in borne]
