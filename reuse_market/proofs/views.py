"""Public pages of proof."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from reuse_market.collection import door
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs import passport
from reuse_market.reservations.handover import breaking
from reuse_market.units import codes
from reuse_market.web.access import access, current_actor

blueprint = Blueprint("proofs", __name__)


@blueprint.get("/u/<string:code>")
@access("public")
def unit_passport(code: str) -> str | Response:
    """The passport of a unit. A code typed in another shape leads to its plain address."""
    plain = codes.normalise(code)
    if plain != code:
        return redirect(url_for("proofs.unit_passport", code=plain))
    found = passport.find(plain)
    if found is None:
        raise NotFound(N_("No device has this code. Check the seven characters on the label."))
    actor = current_actor()
    return render_template(
        "proofs/passport.html",
        passport=found,
        at_the_door=door.open_with(plain, actor.organisation_id) if actor.organisation_id else [],
        help=breaking.help_of_unit(found.unit.id),
        kind_label=equipment.kind_label(found.kind, str(get_locale())[:2]),
        scale={step.code: step for step in equipment.grade_scale(str(get_locale())[:2])},
    )


@blueprint.get("/u")
@access("public")
def find_passport() -> Response | str:
    """Type a code; the page of the device follows."""
    typed = request.args.get("code", "")
    if typed:
        return redirect(url_for("proofs.unit_passport", code=codes.normalise(typed) or "-"))
    return render_template("proofs/find.html")
