"""The second look a holder asks for on the erasures of its lot."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.erasure import seconding
from reuse_market.erasure.check_forms import DemandForm
from reuse_market.lots import second_look
from reuse_market.lots.services.publishing import stream
from reuse_market.lots.views.shared import own
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@access("holder")
def erasure_check(reference: str) -> str | Response | tuple[str, int]:
    """Choose who else looks at the certificates of this lot."""
    lot, known, status = own(reference, current_actor()), seconding.demand_of(stream(reference)), 200
    form = DemandForm.from_request(
        how=known.how if known else "none", percent=known.percent if known and known.percent else 20
    )
    if request.method == "POST" and form.accepted():
        with telling(form) as outcome:
            second_look.ask_second_look(reference, form.asked(), form.percent.data, actor=current_actor())
        if outcome.ok:
            flash(_("The check of the erasures is saved."), "success")
            return redirect(url_for("lots.lot", reference=reference))
        status = outcome.status
    elif request.method == "POST":
        status = 422
    return render_template("erasure/demand.html", lot=lot, form=form), status


def register(blueprint: Blueprint) -> None:
    """Give the page its address."""
    path = "/lots/<string:reference>/effacement/controle"
    blueprint.add_url_rule(path, view_func=erasure_check, methods=["GET", "POST"])
