"""The page of the handover's plan."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.kernel.errors import Conflict
from reuse_market.reservations import queries
from reuse_market.reservations.handover import agreed, planning
from reuse_market.reservations.handover.forms import PlanForm
from reuse_market.reservations.views.base import Page, blueprint
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/reservations/<string:reference>/transport", methods=["GET", "POST"])
@access("party")
def plan_handover(reference: str) -> Page:
    """Who carries, when and where."""
    found = queries.get(reference, current_actor())
    if not planning.offered(found, current_actor()) and request.method == "GET":
        planning.require_open(found)
        raise Conflict(_("Nothing is to be planned on this reservation now."))
    plan, status = agreed.plan_of(found), 422 if request.method == "POST" else 200
    shown = {name: getattr(plan, name) for name in ("day", "place", "carrier")} if plan else {}
    form = PlanForm.from_request(delivery=found.delivery, **shown)
    if form.accepted():
        values: dict[str, Any] = {name: form[name].data for name in ("delivery", "day")}
        values |= {name: form[name].data or "" for name in ("place", "carrier")}
        with telling(form) as outcome:
            planning.plan_handover(reference, actor=current_actor(), **values)
        if outcome.ok:
            flash(_("Noted. The other side gets an e-mail."), "success")
            return redirect(url_for("reservations.reservation", reference=reference))
        status = outcome.status
    return render_template("reservations/handover/plan.html", found=found, form=form), status
