"""The page where a workshop answers for what a pick-up brought: what is not ticked is received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField

from reuse_market.collection.revising.choosing import REASONS
from reuse_market.collection.words import REASONS as WORDS
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import lists, queries
from reuse_market.refurbishing.forms import language
from reuse_market.refurbishing.queries import Case
from reuse_market.refurbishing.services.arriving import answer_arrival
from reuse_market.refurbishing.views.page import Page, blueprint, namer
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import CheckboxesField, Form, answers
from reuse_market.web.problems import telling


class ArrivalForm(Form):
    """What did not arrive as signed; the rest is received."""

    refused = CheckboxesField(_l("Refused"), coerce=int)
    reason_refused = SelectField(_l("Why they are refused"), default="not_as_declared")
    missing = CheckboxesField(_l("Missing"), coerce=int)
    reason_missing = SelectField(_l("Why they are missing"), default="miscounted")


def arrival_form(cases: Sequence[Case]) -> ArrivalForm:
    """The form with the devices that wait."""
    form: Any = ArrivalForm.from_request()
    name = namer()
    said = [
        (case.unit.id, " – ".join(part for part in (name(case), case.code, case.unit.serial) if part))
        for case in cases
    ]
    for outcome in ("refused", "missing"):
        form[outcome].choices = answers(said)
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
                pickup, _outcomes(form, cases), actor=current_actor(), reason_refused=form.reason_refused.data,
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


def _outcomes(form: Any, cases: Sequence[Case]) -> dict[int, str]:
    found = {case.unit.id: "received" for case in cases}
    return found | dict.fromkeys(form.refused.data or [], "refused") | dict.fromkeys(
        form.missing.data or [], "missing"
    )  # fmt: skip
