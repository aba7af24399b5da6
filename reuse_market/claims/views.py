"""Pages of claims: ask, follow, answer, give up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.claims import commitment, offers, policy, queries, services, wording
from reuse_market.claims.forms import LinesForm, ReasonForm, award_form, claim_form
from reuse_market.claims.models import Claim
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.regimes import queries as regimes
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

blueprint = Blueprint("claims", __name__)

Page = str | Response | tuple[str, int]


@blueprint.route("/lots/<string:reference>/prendre", methods=["GET", "POST"])
@access("reuse-actor")
def new(reference: str) -> Page:
    """Ask for a lot, or for part of it."""
    actor = current_actor()
    lot, choices = _lot_to_claim(reference, actor)
    lines = queries.lot_lines(lot)
    form = claim_form(lines, choices)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            claim = _submit(lot, form, choices, actor)
        if outcome.ok:
            return redirect(url_for("claims.sent", reference=claim.reference))
        status = outcome.status
    context = {"lot": lot, "lines": lines, "form": form, "choices": choices, "commitment": commitment}
    return render_template("claims/new.html", **context), status


@blueprint.get("/demandes/<string:reference>/envoyee")
@access("reuse-actor")
def sent(reference: str) -> Page:
    """What was asked, and what happens next."""
    claim = queries.seen(reference, current_actor())
    view = queries.view(claim)
    return render_template("claims/sent.html", view=view, lines=queries.lines(claim), wording=wording)


@blueprint.get("/mes-demandes")
@access("holder-or-reuse-actor")
def mine() -> Page:
    """What the organisation asked for, by state; what a holder was asked."""
    actor = current_actor()
    made = queries.mine(actor.organisation_id or 0) if actor.has("reuse_actor") else []
    received = queries.received(actor.organisation_id or 0) if actor.has("holder") else []
    groups = {tab: [v for v in made if v.stage in stages] for tab, stages in queries.TABS.items()}
    if not actor.has("reuse_actor"):
        groups = {}
    if actor.has("holder"):
        groups["received"] = sorted(received, key=lambda view: view.stage != "submitted")
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
@access("holder-or-reuse-actor")
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


def _lot_to_claim(reference: str, actor: Actor) -> tuple[Lot, tuple[str, ...]]:
    lot = lots.seen(reference, actor)
    return lot, offers.choices(lot, regimes.party_kind(lot.holder_id))


def _submit(lot: Lot, form: LinesForm, choices: tuple[str, ...], actor: Actor) -> Claim:
    return services.submit_claim(
        lot.reference,
        form.asked(),
        actor=actor,
        proposal=form.data.get("proposal") or choices[0],
        amount_cents=form.data.get("amount"),
        message=form.data["message"],
        committed=form.data["committed"],
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
        may_claim=policy.may_claim(actor, found),
        panels=panels.drawn("claim.main", found, actor),
        wording=wording,
        award=forms.get("award") or award_form(lines),
        reason=forms.get("reason") or ReasonForm(),
        refused=next(iter(forms.values()), None),
    )
