"""Devices that are taken with a word about them: broken, or without number and given a label."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.collection import queries, services
from reuse_market.collection.forms import BrokenForm, StickForm
from reuse_market.collection.views.base import Page, blueprint
from reuse_market.collection.views.stop import checkable
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/enlevements/<string:reference>/pointage/probleme/casse", methods=["GET", "POST"])
@access("door")
def broken(reference: str) -> Page:
    """Take a device that is broken, and say what is."""
    found = checkable(reference)
    form: Any = BrokenForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.check_off(
                reference, form.code.data, reason="broken", note=form.note.data or "", actor=current_actor()
            )
        if outcome.ok:
            flash(_("Checked off: %(code)s", code=form.code.data), "success")
            return redirect(url_for("collection.stop", reference=reference))
        status = outcome.status
    return render_template(
        "collection/found.html", view=queries.view(found), form=form, heading=_("A broken device"),
        lead=_("It is taken with the others, and the workshop will know."), verb=_("Check this device off"),
    ), status  # fmt: skip


@blueprint.route("/enlevements/<string:reference>/pointage/probleme/etiquette", methods=["GET", "POST"])
@access("door")
def stick(reference: str) -> Page:
    """Stick a label of a sheet on a device without number, and read its serial."""
    found = checkable(reference)
    form: Any = StickForm.from_request()
    form.line.choices = [
        (row.line, f"{row.label} ({row.loose})") for row in queries.tally(found) if row.loose
    ]
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.stick_label(
                reference, form.line.data, form.code.data, serial=form.serial.data, actor=current_actor()
            )
        if outcome.ok:
            flash(_("Checked off: %(code)s", code=form.code.data), "success")
            return redirect(url_for("collection.stick", reference=reference))
        status = outcome.status
    return render_template(
        "collection/found.html", view=queries.view(found), form=form, heading=_("A device without number"),
        lead=_("Stick a label of your sheet on it, then type its code here."), verb=_("Check this device off"),
    ), status  # fmt: skip
