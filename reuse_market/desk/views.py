"""The operator's console: one list of what waits, every lot, every organisation."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.lifecycle import ADMISSION
from reuse_market.accounts.models import ORGANISATION_STATES, ROLES
from reuse_market.accounts.services import decide_on_organisation
from reuse_market.desk import queries
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import STATES
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager

blueprint = Blueprint("desk", __name__)


@blueprint.get("/console")
@access("operator")
def console() -> str:
    """What waits, soonest first; each line one action."""
    return render_template(
        "desk/console.html",
        tasks=queries.tasks(),
        waste=queries.waste_waiting(),
        undelivered=queries.undelivered(),
    )


@blueprint.get("/console/lots")
@access("overseer")
def lots() -> str:
    """Every lot, whoever holds it."""
    state = request.args.get("state") if request.args.get("state") in STATES else None
    text = request.args.get("text", "").strip()
    page = request.args.get("page", 1, type=int)
    rows, total = queries.lots(state, text, offset=max(page - 1, 0) * 25)
    return render_template(
        "desk/lots.html", rows=rows, total=total, state=state, text=text, states=STATES, page=page
    )


@blueprint.get("/console/organismes")
@access("overseer")
def organisations() -> str:
    """Every organisation, those to verify first."""
    role = request.args.get("role") if request.args.get("role") in ROLES else None
    state = request.args.get("state") if request.args.get("state") in ORGANISATION_STATES else None
    text = request.args.get("text", "").strip()
    return render_template(
        "desk/organisations.html",
        found=queries.organisations(role, state, text),
        roles_of=queries.roles_of_all(),
        role=role,
        state=state,
        text=text,
        roles=ROLES,
        states=ORGANISATION_STATES,
    )


@blueprint.get("/console/organismes/<int:organisation_id>")
@access("overseer")
def organisation(organisation_id: int) -> str:
    """One organisation: who, where, what it holds, what may be decided."""
    found = accounts.organisation(organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    return render_template(
        "desk/organisation.html",
        organisation=found,
        roles=sorted(accounts.roles_of(organisation_id)),
        people=queries.people_of(organisation_id),
        sites=queries.sites_of(organisation_id),
        stock=queries.stock_of(organisation_id),
        offered=ADMISSION.offered(found, current_actor()),
    )


@blueprint.post("/console/organismes/<int:organisation_id>/<any(admit, refuse, suspend, reinstate):action>")
@access("operator")
def decide(organisation_id: int, action: str) -> Response:
    """Admit, refuse, suspend or reinstate."""
    found = decide_on_organisation(organisation_id, action, actor=current_actor())
    flash(_("The decision on %(name)s is recorded.", name=found.name), "success")
    return redirect(url_for("desk.organisation", organisation_id=organisation_id))
