"""The phone page at the door: everything works without script, and a refusal keeps what was typed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.collection import direct, listing, papers, policy, queries, services, wording
from reuse_market.collection.forms import (
    CodeForm,
    CountForm,
    ExtraForm,
    by_line,
    difference_form,
    named_codes,
)
from reuse_market.collection.models import Pickup
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.collection.words import BY_OUTCOME, CONTAINERS, REASONS
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.charts import proportion_bar
from reuse_market.web.problems import telling

PROBLEMS = {"absent": "missing", "refuse": "refused"}


@blueprint.route("/enlevements/<string:reference>/pointage", methods=["GET", "POST"])
@access("door")
def stop(reference: str) -> Page:
    """Check devices off one by one, by what is written on them. Once signed, the page only says so."""
    found = queries.seen(reference, current_actor())
    if request.method == "POST" or found.state != "done":
        found = checkable(reference)
    elif not policy.taker(current_actor(), found):
        raise NotAllowed(N_("Only the organisation that collects checks the devices off."))
    form: Any = CodeForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.check_off(reference, form.code.data, actor=current_actor())
        if outcome.ok:
            flash(_("Checked off: %(code)s", code=form.code.data), "success")
            return _back(reference)
        status = outcome.status
    return _stop_page(found, code_form=form), status


@blueprint.post("/enlevements/<string:reference>/pointage/ligne/<int:line>")
@access("door")
def check_line(reference: str, line: int) -> Page:
    """Count devices of a line that are all alike."""
    found = checkable(reference)
    form: Any = CountForm.from_request()
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            done = services.check_off_line(reference, line, form.units.data, actor=current_actor())
        if outcome.ok:
            flash(ngettext("%(num)s device checked off", "%(num)s devices checked off", done), "success")
            return _back(reference)
        status = outcome.status
    return _stop_page(found, line_form=form, line=line), status


@blueprint.route("/enlevements/<string:reference>/pointage/tout", methods=["GET", "POST"])
@access("door")
def check_rest(reference: str) -> Page:
    """Everything that is left is here: asked once, then done."""
    found = checkable(reference)
    if request.method == "POST":
        done = services.check_off_rest(reference, actor=current_actor())
        flash(ngettext("%(num)s device checked off", "%(num)s devices checked off", done), "success")
        return _back(reference)
    rows = queries.tally(found)
    return render_template("collection/rest.html", view=queries.view(found), rows=[r for r in rows if r.left])


@blueprint.get("/enlevements/<string:reference>/pointage/probleme")
@access("door")
def problem(reference: str) -> Page:
    """What is the problem: missing, refused, extra."""
    return render_template("collection/problem.html", view=queries.view(checkable(reference)))


@blueprint.route(
    "/enlevements/<string:reference>/pointage/probleme/<any(absent, refuse):what>", methods=["GET", "POST"]
)
@access("door")
def difference(reference: str, what: str) -> Page:
    """Say which devices are missing or refused, and why."""
    found, outcome_code = checkable(reference), PROBLEMS[what]
    left = [unit for unit in queries.sheet(found) if unit.outcome is None]
    form: Any = difference_form(outcome_code, left, queries.tally(found), language())
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            done = services.note_differences(
                reference, outcome_code, reason=form.reason.data, note=form.note.data or "",
                codes=named_codes(form), by_line=by_line(form), actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            flash(ngettext("%(num)s device noted", "%(num)s devices noted", done), "success")
            return _back(reference)
        status = outcome.status
    return render_template(
        "collection/difference.html", view=queries.view(found), form=form, what=what
    ), status


@blueprint.route("/enlevements/<string:reference>/pointage/probleme/en-trop", methods=["GET", "POST"])
@access("door")
def extra(reference: str) -> Page:
    """Note a device that is there but not on the list."""
    found = checkable(reference)
    form: Any = ExtraForm.from_request()
    form.kind.choices = [
        ("", "–"),
        *((k.code, equipment.kind_label(k.code, language())) for k in equipment.kinds()),
    ]
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.add_extra(
                reference, form.kind.data, form.label.data or "", serial=form.serial.data,
                note=form.note.data or "", actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            flash(_("The extra device is noted."), "success")
            return _back(reference)
        status = outcome.status
    return render_template("collection/extra.html", view=queries.view(found), form=form), status


@blueprint.post("/enlevements/<string:reference>/pointage/annuler/<int:check_id>")
@access("door")
def undo(reference: str, check_id: int) -> Page:
    """Forget the last thing noted."""
    found = queries.seen(reference, current_actor())
    if not listing.has_check(found, check_id):
        raise NotFound(N_("This is already undone."))
    done = services.undo_check(check_id, actor=current_actor())
    flash(
        ngettext("%(num)s device is to check off again", "%(num)s devices are to check off again", done),
        "success",
    )
    return _back(reference)


def checkable(reference: str) -> Pickup:
    """The pick-up, when who asks may check it off now."""
    actor = current_actor()
    found = queries.seen(reference, actor)
    if not policy.taker(actor, found):
        raise NotAllowed(N_("Only the organisation that collects checks the devices off."))
    if "check_off" not in queries.offered(found, actor):
        raise Conflict(
            N_("Nothing is to be checked off on this pick-up now. Look at its page."), code="pickup.state"
        )
    return found


def _back(reference: str) -> Response:
    return redirect(url_for("collection.stop", reference=reference))


def _stop_page(
    found: Pickup, *, code_form: Any = None, line_form: Any = None, line: int | None = None
) -> str:
    rows, extras = queries.tally(found), queries.extras(found)
    planned, noted = sum(r.planned for r in rows), sum(r.noted for r in rows)
    site = accounts.site(found.site_id)
    sentence = _("%(noted)s checked off of %(planned)s", noted=noted, planned=planned)
    return render_template(
        "collection/stop.html",
        view=queries.view(found),
        site=site,
        site_access=papers.access(site, language()),
        rows=rows,
        lacking=direct.unproven(found) if direct.is_direct(found) else [],
        planned=planned,
        noted=noted,
        bar=proportion_bar(noted, planned, sentence),
        extras=len(extras),
        last=queries.last_noted(found),
        code_form=code_form if code_form is not None else CodeForm(),
        line_form=line_form,
        line=line,
        refused=line_form if line_form is not None else code_form,
        reasons={code: said[language()] for code, said in REASONS.items()},
        wording=wording,
        kinds=[(k.code, equipment.kind_label(k.code, language())) for k in equipment.kinds()],
        containers=[(code, said[language()]) for code, said in CONTAINERS.items()],
        choices={
            name: [(code, REASONS[code][language()]) for code in BY_OUTCOME[name]]
            for name in ("missing", "refused")
        },
    )
