"""The discard by decision, and the stock on 1 January."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.fleets import decisions, january, services
from reuse_market.fleets.discard_forms import DecisionForm
from reuse_market.fleets.forms import SelectionForm
from reuse_market.fleets.views.base import Page, blueprint, download, kind_names
from reuse_market.fleets.views.listing import back_to_list, ticked
from reuse_market.kernel import clock
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number
from reuse_market.web.problems import telling


@blueprint.post("/parc/reformer")
@access("holder")
def discard() -> Page:
    """The ticked devices that are in use: first the decision, then the discard."""
    holder_id = current_actor().organisation_id or 0
    chosen, public = SelectionForm.from_request(), decisions.must_decide(holder_id)
    ids = chosen.ids(holder_id, ("in_use",))
    if not ids:
        flash(_("Tick at least one device in use."), "error")
        return back_to_list()
    form, status = DecisionForm.asked(required=public), 200
    if "decision" in request.form:
        status = 422
        if form.validate():
            with telling(form) as outcome:
                count = services.discard_units(ids, actor=current_actor(), **form.values())
            if outcome.ok:
                told = ngettext(
                    "%(count)s device is discarded.", "%(count)s devices are discarded.", count,
                    count=number(count),
                )  # fmt: skip
                flash(told, "success")
                return back_to_list()
            status = outcome.status
    kept = ("kind", "state", "site", "text", "configuration", "missed", "lot")
    context = {"form": form, "chosen": chosen, "kept": kept, "count": len(ids), "public": public}
    return render_template("fleets/discard.html", **context), status


@blueprint.post("/parc/departs/annuler")
@access("holder")
def annul_departure() -> Page:
    """The ticked devices are still there after all."""
    count = ticked(services.annul_departure, "discarded")
    if count:
        told = ngettext(
            "%(count)s device is in your fleet again, as discarded.",
            "%(count)s devices are in your fleet again, as discarded.",
            count,
            count=number(count),
        )
        flash(told, "success")
    return back_to_list()


@blueprint.get("/parc/stock")
@access("holder")
def stock() -> Page:
    """What was discarded and still there on 1 January, year by year."""
    holder_id = current_actor().organisation_id or 0
    years = january.years(holder_id)
    now = {one.stock.id: january.at(holder_id, clock.at_paris(one.stock.day)) for one in years[:1]}
    context = {"years": years, "now": now, "kinds": kind_names(), "public": decisions.must_decide(holder_id)}
    this_year = clock.today().year
    missing = not any(one.stock.day.year == this_year for one in years)
    return render_template("fleets/stock.html", this_year=this_year, missing=missing, **context)


@blueprint.post("/parc/stock/<int:year>")
@access("holder")
def keep_stock(year: int) -> Page:
    """Count a 1 January again from the journal, and keep it."""
    holder_id = current_actor().organisation_id or 0
    if not 2000 <= year <= clock.today().year:
        flash(_("This year has not begun."), "error")
        return redirect(url_for("fleets.stock"))
    services.keep_stock(holder_id, year, actor=current_actor())
    flash(_("The stock on 1 January %(year)s is kept.", year=year), "success")
    return redirect(url_for("fleets.stock"))


@blueprint.get("/parc/stock.csv")
@access("holder")
def stock_csv() -> Response:
    """Every year kept, a row a kind."""
    heads = (_("Day"), _("Kind"), _("Devices discarded and kept"), _("Of them, over 10 years old"))
    rows = [
        (one.stock.day.isoformat(), kind, str(units), str(old))
        for one in january.years(current_actor().organisation_id or 0)
        for kind, (units, old) in one.kinds.items()
    ]
    return download(csv_bytes([heads, *rows]), "stock-1er-janvier.csv", "text/csv; charset=utf-8")
