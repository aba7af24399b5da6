"""The forecast of a fleet: figures with their reasons, renewals announced, age rules."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.accounts import queries as accounts
from reuse_market.fleets import forecast_words as words
from reuse_market.fleets.forecast_forms import AgeRuleForm, RenewalForm
from reuse_market.fleets.forecasting import reading
from reuse_market.fleets.forecasting.overview import overview
from reuse_market.fleets.services import plans, resource
from reuse_market.fleets.views.base import Page, blueprint, download, kind_names
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number
from reuse_market.web.problems import telling


@blueprint.get("/parc/prevision")
@access("holder")
def forecast() -> Page:
    """What the fleet will release by kind and quarter, and what can be corrected."""
    return _page(_offered(RenewalForm()), AgeRuleForm(), 200)


@blueprint.get("/parc/prevision.csv")
@access("holder")
def forecast_csv() -> Page:
    """The same as a file."""
    found, names = overview(current_actor().organisation_id or 0), kind_names()
    head = [
        _("Kind"),
        _("Quarter"),
        _("Announced devices"),
        _("Expected"),
        _("Low estimate"),
        _("High estimate"),
    ]
    rows = [
        [names[line.ground.kind], quarter.isoformat(), told.announced, told.expected, told.low, told.high]
        for line in found.lines
        for quarter, told in zip(found.quarters, line.told, strict=True)
    ]
    return download(csv_bytes([head, *rows]), _("forecast") + ".csv", "text/csv; charset=utf-8")


@blueprint.post("/parc/prevision/annoncer")
@access("holder")
def announce_renewal() -> Page:
    """Announce a renewal."""
    form, status = _offered(RenewalForm.from_request()), 422
    if form.accepted():
        with telling(form) as outcome:
            plans.announce_renewal(form.renewal(), actor=current_actor())
        if outcome.ok:
            told = ngettext(
                "%(count)s device is announced.", "%(count)s devices are announced.", form.quantity.data,
                count=number(form.quantity.data),
            )  # fmt: skip
            flash(told, "success")
            return redirect(url_for("fleets.forecast"))
        status = outcome.status
    return _page(form, AgeRuleForm(), status)


@blueprint.post("/parc/prevision/age")
@access("holder")
def set_age_rule() -> Page:
    """Say at what age a kind is renewed."""
    form, status = AgeRuleForm.from_request(), 422
    if form.accepted():
        with telling(form) as outcome:
            plans.set_age_rule(form.kind.data, form.months.data, actor=current_actor())
        if outcome.ok:
            flash(_("The age rule is recorded."), "success")
            return redirect(url_for("fleets.forecast"))
        status = outcome.status
    return _page(_offered(RenewalForm(None)), form, status)


@blueprint.route("/parc/prevision/<int:plan_id>", methods=["GET", "POST"])
@access("holder")
def renewal_plan(plan_id: int) -> Page:
    """A renewal announced, said otherwise."""
    plan = reading.plan(plan_id, current_actor())
    form, status = _offered(RenewalForm.of(plan)), 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            plans.change_renewal(plan_id, form.renewal(), actor=current_actor())
        if outcome.ok:
            flash(_("The announcement is changed."), "success")
            return redirect(url_for("fleets.forecast"))
        status = outcome.status
    return render_template("fleets/plan.html", form=form, plan=plan, words=words), status


@blueprint.post("/parc/prevision/<int:plan_id>/annuler")
@access("holder")
def cancel_renewal(plan_id: int) -> Page:
    """Take an announcement back."""
    plans.cancel_renewal(plan_id, actor=current_actor())
    flash(_("The announcement is taken back."), "success")
    return redirect(url_for("fleets.forecast"))


@blueprint.post("/parc/prevision/<int:plan_id>/fait")
@access("holder")
def finish_renewal(plan_id: int) -> Page:
    """Say that a renewal has happened."""
    plans.finish_renewal(plan_id, actor=current_actor())
    flash(_("The renewal is done: it is no longer counted as to come."), "success")
    return redirect(url_for("fleets.forecast"))


def _offered(form: RenewalForm) -> RenewalForm:
    sites = accounts.sites_of(current_actor().organisation_id or 0)
    form.offer(kind_names().items(), [(site.id, site.name) for site in sites])
    return form


def _page(form: RenewalForm, age_form: AgeRuleForm, status: int) -> Page:
    holder_id, kinds = current_actor().organisation_id or 0, kind_names()
    resource.ensure(holder_id)
    kind = request.args.get("kind", "")
    found = overview(holder_id, kind if kind in kinds else None)
    sites = {site.id: site.name for site in accounts.sites_of(holder_id)}
    return render_template(
        "fleets/forecast.html", form=form, age_form=age_form, found=found, kind=kind, kinds=kinds, words=words,
        ages=reading.ages(holder_id), plans=reading.open_plans(holder_id), sites=sites,
    ), status  # fmt: skip
