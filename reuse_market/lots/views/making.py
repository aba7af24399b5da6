"""Making a lot: begin, terms, read again, publish; then withdraw. composing.py has its lines."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.fleets import queries as fleets
from reuse_market.fleets.discard_forms import DecisionForm
from reuse_market.fleets.forms import SelectionForm
from reuse_market.fleets.services.discarding import Decision
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.lots import conditions, law, pages, queries, services, words
from reuse_market.lots.forms import EmptyForm, ReasonForm, TermsForm
from reuse_market.lots.views.shared import ADD, counted_form, counted_values, draft, own, steps
from reuse_market.regimes.cases import Allowed, Refused
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number
from reuse_market.web.problems import telling
from reuse_market.web.problems import words as told

Page = str | Response | tuple[str, int]


@access("holder")
def new() -> Page:
    """Begin: from ticked fleet devices (or an import), or by a count."""
    actor = current_actor()
    if request.method == "POST" and f"{ADD}units" not in request.form:
        return _from_fleet(actor)
    form = counted_form()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            lot = services.draft_counted(actor=actor, site_id=_only_site(actor), **counted_values(form))
        if outcome.ok:
            return redirect(url_for("lots.compose", reference=lot.reference))
        status = outcome.status
    counts = fleets.counts_by_state(actor.organisation_id or 0)
    drafts = queries.drafts_of(actor.organisation_id or 0)
    return render_template("lots/new.html", form=form, counts=counts, drafts=drafts), status


@access("holder")
def terms(reference: str) -> Page:
    """Site, dates, price, award, erasure."""
    actor = current_actor()
    lot = draft(reference)
    regimes = law.open_regimes(lot.holder_id)
    allowed = [regime for regime, answer in regimes.items() if isinstance(answer, Allowed)]
    form = TermsForm.of(lot, allowed, [(s.id, s.name) for s in accounts.sites_of(lot.holder_id)])
    _suggest_dates(form)
    form.public_first_days.description = _(
        "Empty: open to everybody at once. An option, never a duty: the State’s own platform keeps %(days)s days.",
        days=delay_days("lot.public-first"),
    )
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.set_conditions(lot.id, form.values(), actor=actor)
        if outcome.ok:
            return redirect(url_for("lots.review", reference=reference))
        status = outcome.status
    refused = [(r, told(answer.error())) for r, answer in regimes.items() if isinstance(answer, Refused)]
    return render_template(
        "lots/terms.html", lot=lot, form=form, refused=refused, words=words, steps=steps(lot, 2)
    ), status


@access("holder")
def review(reference: str) -> Page:
    """Read again; publish."""
    actor = current_actor()
    lot = draft(reference)
    undecided = law.awaiting_decision(lot)
    form: Any = DecisionForm.asked(required=True) if undecided else EmptyForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        decision = Decision(**form.values()) if undecided else Decision()
        with telling(form) as outcome:
            services.publish_lot(lot.id, actor=actor, decision=decision)
        if outcome.ok:
            return redirect(url_for("lots.published", reference=reference))
        status = outcome.status
    shown = pages.lot_page(lot, actor)
    missing = conditions.first_missing(lot, shown["balance"].total)
    refusals = [] if missing else [told(error) for error in law.refusals(lot, queries.lines(lot.id))]
    return render_template(
        "lots/review.html", form=form, missing=missing, refusals=refusals, undecided=undecided,
        steps=steps(lot, 3), **shown,
    ), status  # fmt: skip


@access("holder")
def published(reference: str) -> Page:
    """What was published, and what happens next."""
    actor = current_actor()
    lot = own(reference, actor)
    if lot.published_at is None and lot.state != "planned":
        return redirect(url_for("lots.review", reference=reference))
    return render_template("lots/published.html", lot=lot, balance=queries.balance(lot))


@access("holder")
def withdraw(reference: str) -> Page:
    """Take a lot back, with a reason."""
    actor = current_actor()
    lot = own(reference, actor)
    form = ReasonForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.withdraw_lot(lot.id, actor=actor, reason=form.reason.data)
        if outcome.ok:
            planned, done = (
                _("The announcement is withdrawn. Those who were interested are told."),
                _("The lot is withdrawn. Its devices are in your fleet, as discarded."),
            )
            flash(planned if lot.published_at is None else done, "success")
            return redirect(url_for("lots.lot", reference=reference))
        status = outcome.status
    return render_template("lots/withdraw.html", lot=lot, form=form, balance=queries.balance(lot)), status


@access("holder")
def delete(reference: str) -> Page:
    """Delete a draft, after asking."""
    lot = draft(reference)
    if request.method == "POST":
        services.delete_draft(lot.id, actor=current_actor())
        flash(_("The draft is deleted. Its devices are still in your fleet."), "success")
        return redirect(url_for("lots.mine", onglet="draft"))
    return render_template("lots/delete.html", lot=lot)


def _from_fleet(actor: Actor) -> Response:
    """Put the chosen devices in a new draft, or in the draft named; back to the fleet when refused."""
    form = SelectionForm.from_request()
    try:
        ids = _chosen_ids(form, actor)
        if form.lot.data:
            lot = draft(form.lot.data)
            services.add_units(lot.id, ids, actor=actor)
        else:
            lot = services.draft_from_units(ids, actor=actor, site_id=_only_site(actor))
    except (Invalid, Conflict) as error:
        flash(told(error), "error")
        narrowed = ("kind", "state", "site", "text", "configuration", "lot")
        kept = {name: form.data[name] for name in narrowed if form.data[name]}
        return redirect(url_for("fleets.fleet", **kept))
    flash(ngettext("%(count)s device is in the lot.", "%(count)s devices are in the lot.", len(ids),
                   count=number(len(ids))), "success")  # fmt: skip
    return redirect(url_for("lots.compose", reference=lot.reference))


def _chosen_ids(form: SelectionForm, actor: Actor) -> list[int]:
    import_id = request.form.get("import", "")
    if import_id.isascii() and import_id.isdecimal() and len(import_id) < 10:
        return fleets.imported_ids(fleets.get_import(int(import_id), actor).id)
    return form.ids(actor.organisation_id or 0, fleets.HERE)


def _only_site(actor: Actor) -> int | None:
    """The holder's site when there is only one: one question less."""
    sites = accounts.sites_of(actor.organisation_id or 0)
    return sites[0].id if len(sites) == 1 else None


def _suggest_dates(form: TermsForm) -> None:
    """A window to start from: next week, for four weeks."""
    if request.method == "GET" and form.available_from.data is None and form.available_until.data is None:
        form.available_from.process_data(clock.in_days(7))
        form.available_until.process_data(clock.in_days(35))


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    at, both = "/lots/<string:reference>", ["GET", "POST"]
    blueprint.add_url_rule("/lots/nouveau", view_func=new, methods=both)
    blueprint.add_url_rule(f"{at}/conditions", view_func=terms, methods=both)
    blueprint.add_url_rule(f"{at}/relire", view_func=review, methods=both)
    blueprint.add_url_rule(f"{at}/publie", view_func=published)
    blueprint.add_url_rule(f"{at}/retirer", view_func=withdraw, methods=both)
    blueprint.add_url_rule(f"{at}/supprimer", view_func=delete, methods=both)
