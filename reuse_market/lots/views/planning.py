"""Announcing a lot to come, and changing its announcement."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.fleets.forecasting import reading as forecasting
from reuse_market.kernel.actor import Actor
from reuse_market.lots import conditions, law, queries, services
from reuse_market.lots.lifecycle import LIFE
from reuse_market.lots.models import Lot
from reuse_market.lots.plan_forms import plan_form
from reuse_market.lots.services import Expected
from reuse_market.lots.views.shared import draft
from reuse_market.regimes.cases import Allowed
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]


@access("holder")
def announce() -> Page:
    """Announce a lot to come: counted lines, a month, a site."""
    return _page(None, current_actor())


@access("holder")
def plan(reference: str) -> Page:
    """Change an announcement, or what is ready to be announced."""
    return _page(draft(reference), current_actor())


@access("holder")
def announce_draft(reference: str) -> Page:
    """Announce a draft that a colleague prepared."""
    services.announce_lot(draft(reference).id, actor=current_actor())
    return redirect(url_for("lots.published", reference=reference))


def _page(lot: Lot | None, actor: Actor) -> Page:
    form = _form(lot, actor)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            lot = _save(lot, form, actor)
        if outcome.ok and lot is not None:
            return redirect(_next(lot, announced="announce" in request.form))
        status = outcome.status
    aside = [] if lot is None else _aside(lot)
    return render_template("lots/plan.html", lot=lot, form=form, aside=aside, commits=actor.commits), status


def _form(lot: Lot | None, actor: Actor) -> Any:
    holder_id = actor.organisation_id or 0
    answers = law.open_regimes(holder_id)
    regimes = [regime for regime, answer in answers.items() if isinstance(answer, Allowed)]
    sites = [(site.id, site.name) for site in accounts.sites_of(holder_id)]
    counted = set() if lot is None else queries.counted_lines(lot.id)
    lines = [] if lot is None else [line for line in queries.lines(lot.id) if line.number in counted]
    renewal = _renewal(actor) if lot is None else None
    if renewal is None:
        return plan_form(lot, lines, sites, regimes)
    said = Expected(renewal.kind, min(renewal.quantity, conditions.MOST_UNITS), renewal.model)
    month = renewal.month or renewal.quarter
    return plan_form(
        None, [said], sites, regimes, expected_month=month, site_id=renewal.site_id, note=renewal.note
    )


def _renewal(actor: Actor) -> Any:
    """The holder's renewal plan that the address names, or None."""
    asked = request.args.get("renouvellement", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        return None
    plans = forecasting.open_plans(actor.organisation_id or 0)
    return next((plan for plan in plans if plan.id == int(asked) and plan.lot_reference is None), None)


def _save(lot: Lot | None, form: Any, actor: Actor) -> Lot:
    """Keep the announcement; show it to everybody when that button was pressed."""
    if lot is None:
        renewal = _renewal(actor)
        lot = services.draft_plan(
            form.expected(), form.values(), actor=actor, renewal_id=renewal.id if renewal else None
        )
    else:
        services.change_plan(lot.id, form.expected(), form.values(), actor=actor)
    if "announce" in request.form and LIFE.allows("announce", lot, actor):
        services.announce_lot(lot.id, actor=actor)
    return lot


def _next(lot: Lot, *, announced: bool) -> str:
    if announced and lot.state == "planned":
        return url_for("lots.published", reference=lot.reference)
    flash(_("The announcement is saved."), "success")
    return url_for("lots.lot", reference=lot.reference)


def _aside(lot: Lot) -> list[Any]:
    """Lines of fleet devices set aside for the lot: not counted by hand."""
    counted = queries.counted_lines(lot.id)
    return [line for line in queries.lines(lot.id) if line.number not in counted]


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    at, both = "/lots/<string:reference>", ["GET", "POST"]
    blueprint.add_url_rule("/lots/annoncer", view_func=announce, methods=both)
    blueprint.add_url_rule(f"{at}/annonce", view_func=plan, methods=both)
    blueprint.add_url_rule(f"{at}/annoncer", view_func=announce_draft, methods=["POST"])
