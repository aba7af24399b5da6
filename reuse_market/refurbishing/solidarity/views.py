"""The page where a lot's holder, or the reuse actor that takes it, chooses its solidarity share."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.refurbishing.solidarity import choosing, shares
from reuse_market.refurbishing.solidarity.forms import ShareForm
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

blueprint = Blueprint("solidarity", __name__)


@blueprint.route("/lots/<string:reference>/part-solidaire", methods=["GET", "POST"])
@access("taker")
def lot_share(reference: str) -> str | AnyResponse | tuple[str, int]:
    """How much of what the lot yields is kept for associations, for how long."""
    actor = current_actor()
    lot = lots.seen(reference, actor)
    if lot.state == "draft" or not choosing.may_choose(actor, lot):
        raise NotFound(N_("This lot does not exist."))
    mine = [one for one in shares.choices(reference) if one.organisation_id == actor.organisation_id]
    form = ShareForm.from_request(percent=mine[0].percent if mine else 20, days=mine[0].days if mine else 15)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            choosing.choose_share(reference, form.percent.data, form.days.data, actor=actor)
        if outcome.ok:
            flash(_("Your choice is kept. It counts for what becomes ready from now on."), "success")
            return redirect(url_for("lots.lot", reference=reference))
        status = outcome.status
    return render_template("refurbishing/solidarity/choose.html", form=form, lot=lot), status
