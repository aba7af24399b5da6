"""The fleet taken away as a file, and the records of it that may be one device."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.fleets import comparing, exporting, services, words
from reuse_market.fleets.forms import FleetForm, MergeForm
from reuse_market.fleets.views.base import Page, blueprint, kind_names
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling
from reuse_market.web.sheets import sheet


@blueprint.get("/parc/export.csv", defaults={"ending": "csv"})
@blueprint.get("/parc/export.xlsx", defaults={"ending": "xlsx"})
@access("holder")
def export(ending: str) -> Response:
    """The whole filtered list, in columns that an import reads back without any change."""
    form = FleetForm.from_query()
    states = {code: _(word) for code, (word, _tone) in words.STATES.items()}
    comma = "." if str(get_locale()) == "en" else ","
    rows = exporting.rows(
        current_actor().organisation_id or 0, form.filters(), kind_names(), states, comma=comma
    )
    return sheet(ending, _("my-fleet"), [_(word) for word in exporting.HEADER], rows)


@blueprint.get("/parc/doublons")
@access("holder")
def doubles() -> Page:
    """Serial numbers that several devices of the fleet bear."""
    holder_id = current_actor().organisation_id or 0
    total, _first = comparing.doubles(holder_id, limit=0)
    pager = Pager.asked(total)
    _total, found = comparing.doubles(holder_id, offset=pager.offset, limit=pager.limit)
    return render_template("fleets/doubles.html", pager=pager, doubles=found, kinds=kind_names(), words=words)


@blueprint.route("/parc/doublons/<int:keep_id>/<int:unit_id>", methods=["GET", "POST"])
@access("holder")
def merge(keep_id: int, unit_id: int) -> Page:
    """Two records beside one another; then one of them ends as merged."""
    found = comparing.pair(current_actor().organisation_id or 0, keep_id, unit_id)
    form, status = MergeForm.from_request(), 200
    if form.accepted():
        with telling(form) as outcome:
            services.merge_units(keep_id, unit_id, actor=current_actor())
        if outcome.ok:
            flash(_("The two records are one device now."), "success")
            return redirect(url_for("fleets.doubles"))
        status = outcome.status
    return render_template(
        "fleets/merge.html", form=form, pair=found, keep_id=keep_id, unit_id=unit_id, words=words,
        kinds=kind_names(),
    ), status  # fmt: skip
