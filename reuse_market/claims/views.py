"""Pages of claims: ask, follow, answer, give up."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.claims import (
    commitment,
    interest,
    interest_views,
    pages,
    queries,
    reach,
    services,
    standby_views,
    wording,
)
from reuse_market.claims.forms import LinesForm, ReasonForm, award_form, claim_form
from reuse_market.claims.models import Claim
from reuse_market.claims.sharing import views as sharing_views
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.regimes.words import DOCUMENTS as PAPERS
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

blueprint = Blueprint("claims", __name__)
interest_views.register(blueprint)
sharing_views.register(blueprint)
standby_views.register(blueprint)

Page = str | Response | tuple[str, int]
CAPACITIES = {"reemploi": "reuse_actor", "usage": "recipient"}  # ?pour=


@blueprint.route("/lots/<string:reference>/prendre", methods=["GET", "POST"])
@access("taker")
def new(reference: str) -> Page:
    """Ask for a lot, or for part of it."""
    actor = current_actor()
    lot = lots.seen(reference, actor)
    asking = pages.asking(lot, actor, CAPACITIES.get(request.args.get("pour", ""), ""))
    form = claim_form(
        asking.lines, asking.choices, asking.capacity, asking.undertaking is not None, asking.at_closing
    )  # fmt: skip
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            claim = _submit(asking, form, actor)
        if outcome.ok:
            return redirect(url_for("claims.sent", reference=claim.reference))
        status = outcome.status
    context = {"lot": lot, "asking": asking, "form": form, "commitment": commitment, "papers": PAPERS,
               "wording": wording}  # fmt: skip
    return render_template("claims/new.html", **context), status


@blueprint.get("/demandes/<string:reference>/envoyee")
@access("taker")
def sent(reference: str) -> Page:
    """What was asked, and what happens next."""
    claim = queries.seen(reference, current_actor())
    view = queries.view(claim)
    return render_template(
        "claims/sent.html", view=view, lines=queries.lines(claim), wording=wording,
        reach=reach.of_claim(view, current_actor()),
    )  # fmt: skip


@blueprint.get("/mes-demandes")
@access("taker")
def mine() -> Page:
    """What the organisation asked for, by state; what a holder was asked."""
    actor = current_actor()
    made = queries.mine(actor.organisation_id or 0)
    takes = actor.has("reuse_actor", "recipient", "obliged_buyer") or not actor.has("holder")
    tabs = queries.TABS.items() if made or takes else ()
    groups: dict[str, list[Any]] = {tab: [v for v in made if v.stage in stages] for tab, stages in tabs}
    if actor.has("holder"):
        received = queries.received(actor.organisation_id or 0)
        groups["received"] = sorted(received, key=lambda view: view.stage != "submitted")
    followed = interest.of_organisation(actor.organisation_id or 0)
    if followed:
        groups["interests"] = followed
    asked = request.args.get("onglet", "")
    tab = asked if asked in groups else next((t for t, rows in groups.items() if rows), next(iter(groups)))
    return render_template("claims/mine.html", groups=groups, tab=tab, wording=wording)


@blueprint.get("/demandes/<string:reference>")
@access("party")
def claim(reference: str) -> Page:
    """One claim, for both sides."""
    return _claim_page(queries.seen(reference, current_actor()))


@blueprint.post("/demandes/<string:reference>/retenir")
@access("holder")
def award(reference: str) -> Page:
    """The holder awards all of it, or a part by line."""
    found = queries.seen(reference, current_actor())
    form = award_form(queries.lines(found))
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            services.award_claim(reference, form.asked(), actor=current_actor())
        if outcome.ok:
            flash(_("The request is chosen. The actor is told, and proposes a day."), "success")
            return redirect(url_for("claims.claim", reference=reference))
        status = outcome.status
    return _claim_page(found, award=form), status


@blueprint.post("/demandes/<string:reference>/ecarter")
@access("holder")
def decline(reference: str) -> Page:
    """The holder says no, and why."""
    return _with_reason(reference, "decline", _("The request is not chosen. The actor is told why."))


@blueprint.post("/demandes/<string:reference>/liberer")
@access("taker")
def release(reference: str) -> Page:
    """Either side gives the claim up, and says why."""
    return _with_reason(reference, "release", _("The request is given up. Both organisations are told."))


@blueprint.route("/lots/<string:reference>/retirer-avec-demandes", methods=["GET", "POST"])
@access("holder")
def withdraw_lot(reference: str) -> Page:
    """The holder withdraws a lot together with its claims."""
    actor = current_actor()
    lot = lots.seen(reference, actor)
    if not actor.is_org(lot.holder_id):
        raise NotFound(N_("This lot does not exist."))
    form = ReasonForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.withdraw_claimed_lot(reference, form.reason.data, actor=actor)
        if outcome.ok:
            flash(_("The lot is withdrawn. Those who had asked for it are told why."), "success")
            return redirect(url_for("lots.lot", reference=reference))
        status = outcome.status
    open_claims = [v for v in queries.of_lot(lot.id) if v.stage in ("submitted", "to_collect")]
    return render_template(
        "claims/withdraw.html", lot=lot, form=form, claims=open_claims, wording=wording
    ), status


def _submit(asking: pages.Asking, form: LinesForm, actor: Actor) -> Claim:
    return services.submit_claim(
        asking.lot.reference,
        form.asked(),
        actor=actor,
        capacity=asking.capacity,
        proposal=form.data.get("proposal") or asking.choices[0],
        amount_cents=form.data.get("amount"),
        minimum=form.data.get("minimum"),
        message=form.data["message"],
        committed=form.data.get("committed", False),
        undertaken=form.data.get("undertaken", False),
    )


def _with_reason(reference: str, verb: str, done: str) -> Page:
    found = queries.seen(reference, current_actor())
    form = ReasonForm.from_request()
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            getattr(services, f"{verb}_claim")(reference, form.reason.data, actor=current_actor())
        if outcome.ok:
            flash(done, "success")
            return redirect(url_for("claims.claim", reference=reference))
        status = outcome.status
    return _claim_page(found, reason=form), status


def _claim_page(found: Claim, **forms: object) -> str:
    actor = current_actor()
    view, lines = queries.view(found), queries.lines(found)
    return render_template(
        "claims/claim.html",
        view=view,
        lines=lines,
        offered=queries.offered(found, actor),
        is_holder=actor.is_org(found.holder_id),
        is_claimant=actor.is_org(found.organisation_id),
        undertaking=commitment.BY_VERSION.get(view.undertaking_version),
        panels=panels.drawn("claim.main", found, actor),
        wording=wording,
        said=wording.sentence(view, actor),
        award=forms.get("award") or award_form(lines),
        reason=forms.get("reason") or ReasonForm(),
        refused=next(iter(forms.values()), None),
        reach=reach.of_claim(view, actor),
    )
