"""What a reuse actor declares it can take."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.accounts import capacities
from reuse_market.accounts.search_forms import CapacityForm
from reuse_market.accounts.views.base import Page, blueprint
from reuse_market.equipment import queries as equipment
from reuse_market.places import queries as places
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/organisation/capacite", methods=["GET", "POST"])
@access("reuse-actor")
def capacity() -> Page:
    """Read it, change it."""
    mine = current_actor().organisation_id or 0
    form: CapacityForm = CapacityForm.from_request(obj=capacities.capacity_of(mine))
    language = str(get_locale())[:2]
    form.offer(
        [(kind.code, equipment.kind_label(kind.code, language, 2)) for kind in equipment.kinds()],
        [(commune.insee, commune.name) for commune in places.communes()],
    )
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            capacities.declare_capacity(mine, form.declared(), actor=current_actor())
        if outcome.ok:
            flash(_("Your capacity is declared."), "success")
            return redirect(url_for("accounts.capacity"))
        status = outcome.status
    return render_template("accounts/capacity.html", form=form, commits=current_actor().commits), status
