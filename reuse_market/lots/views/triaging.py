"""The pages of a triage: started from the destination page, sorted line by line, confirmed, then followed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.fleets.decisions import must_decide
from reuse_market.fleets.discard_forms import DecisionForm
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.lots import advice, destinations, services, triage_words, words
from reuse_market.lots import triages as found
from reuse_market.lots.lifecycle import TRIAGE
from reuse_market.lots.papers import has_annex
from reuse_market.lots.triage_forms import DepartureForm, DescribeForm, SortForm, SplitForm
from reuse_market.lots.views.destining import selection
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling
from reuse_market.web.problems import words as told

Page = str | Response | tuple[str, int]


@access("holder")
def triages() -> Page:
    """The holder's triages, the newest first."""
    holder_id = current_actor().organisation_id or 0
    pager = Pager.asked(found.count(holder_id))
    rows = found.mine(holder_id, offset=pager.offset, limit=pager.limit)[: pager.limit]
    return render_template("lots/triages.html", rows=rows, pager=pager, triage_words=triage_words)


@access("holder")
def start_triage() -> Page:
    """From the destination page: the same devices, sorted."""
    actor = current_actor()
    asked: Any = request.args.to_dict(flat=False)
    try:
        chosen = selection(actor)
        made = services.start_triage(chosen.unit_ids, actor=actor)
    except (Invalid, Conflict) as error:
        flash(told(error), "error")
        return redirect(url_for("lots.destination", **asked))
    return redirect(url_for("lots.triage", reference=made.reference))


@access("holder")
def triage(reference: str) -> Page:
    """One triage: by outlet, each line with its advice; what was made from it once it is confirmed."""
    return _page(reference)


@access("holder")
def sort(reference: str) -> Page:
    """The ticked lines go to an outlet."""
    form = _sorting()
    status = 422
    if form.validate():
        with telling(form) as outcome:
            services.sort_lines(
                reference, form.numbers(), outlet=form.outlet.data, reason=form.reason.data or "",
                note=form.note.data or "", actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            return redirect(url_for("lots.triage", reference=reference))
        status = outcome.status
    return _page(reference, sorting=form), status


@access("holder")
def describe(reference: str) -> Page:
    """What is known of the ticked lines; the advice follows."""
    form: Any = DescribeForm.from_request()
    form.offer()
    status = 422
    if form.validate():
        with telling(form) as outcome:
            services.describe_lines(reference, form.numbers(), form.values(), actor=current_actor())
        if outcome.ok:
            return redirect(url_for("lots.triage", reference=reference))
        status = outcome.status
    return _page(reference, describing=form), status


@access("holder")
def split(reference: str, number: int) -> Page:
    """The devices of a line; some of them go another way."""
    actor = current_actor()
    of_it = found.seen(reference, actor)
    line = found.line(of_it, number)
    form: Any = SplitForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.split_line(reference, number, actor=actor, unit_ids=form.ids(), units=form.units.data)
        if outcome.ok:
            return redirect(url_for("lots.triage", reference=reference))
        status = outcome.status
    pager = Pager.asked(line.units, size=100)
    devices = found.devices(line.id, offset=pager.offset, limit=pager.limit)
    context = {"line": line, "devices": devices, "pager": pager, "triage_words": triage_words, "form": form}
    may = TRIAGE.allows("sort", of_it, actor)
    return render_template("lots/triage_line.html", triage=of_it, may=may, **context), status


@access("holder")
def confirm(reference: str) -> Page:
    """Make the draft lots."""
    try:
        services.confirm_triage(reference, actor=current_actor())
        flash(_("The triage is confirmed: its lots are ready to be completed."), "success")
    except (Invalid, Conflict) as error:
        flash(told(error), "error")
    return redirect(url_for("lots.triage", reference=reference))


@access("holder")
def cancel(reference: str) -> Page:
    """Give it up."""
    services.cancel_triage(reference, actor=current_actor())
    flash(_("The triage is given up. Nothing has changed in your fleet."), "success")
    return redirect(url_for("lots.triages"))


@access("holder")
def decide(reference: str) -> Page:
    """Record the decision to discard."""
    form = DecisionForm.asked(required=must_decide(current_actor().organisation_id or 0))
    status = 422
    if form.validate():
        with telling(form) as outcome:
            services.decide_triage(reference, actor=current_actor(), **form.values())
        if outcome.ok:
            flash(_("The decision is recorded: the devices are discarded."), "success")
            return redirect(url_for("lots.triage", reference=reference))
        status = outcome.status
    return _page(reference, deciding=form), status


@access("holder")
def depart(reference: str) -> Page:
    """What left outside the tool."""
    form: Any = DepartureForm.asked()
    status = 422
    if form.validate():
        with telling(form) as outcome:
            services.depart_triage(
                reference, form.outlet.data, left_on=form.left_on.data, note=form.note.data or "",
                erased=form.erased.data, actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            flash(_("The departure is recorded."), "success")
            return redirect(url_for("lots.triage", reference=reference))
        status = outcome.status
    return _page(reference, leaving=form), status


def _sorting() -> SortForm:
    form: Any = SortForm.from_request()
    return form.offer(public=must_decide(current_actor().organisation_id or 0))


def _page(reference: str, **forms: Form) -> str:
    actor = current_actor()
    of_it = found.seen(reference, actor)
    public = must_decide(of_it.holder_id)
    blank = {
        "sorting": SortForm().offer(public=public), "describing": DescribeForm().offer(),
        "deciding": DecisionForm(), "leaving": DepartureForm(),
    } | forms  # fmt: skip
    sections = found.sections(of_it)
    lots = [lot for section in sections for lot in section.lots]
    return render_template(
        "lots/triage.html", triage=of_it, sections=sections, public=public, offered=TRIAGE.offered(of_it, actor),
        standing=found.standing(of_it), annexed={lot.reference: has_annex(lot) for lot in lots},
        waiting=found.waiting(sections), left=found.left(sections), words=words, triage_words=triage_words,
        outside=advice.OUTSIDE,
        recycling=panels.drawn("triage.recycle", of_it, actor), ages=destinations.AGES, **blank,
    )  # fmt: skip


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    at, post = "/tri/<string:reference>", ["POST"]
    blueprint.add_url_rule("/tri", view_func=triages)
    blueprint.add_url_rule("/tri", view_func=start_triage, methods=post)
    blueprint.add_url_rule(at, view_func=triage)
    blueprint.add_url_rule(f"{at}/sortie", view_func=sort, methods=post, endpoint="triage_sort")
    blueprint.add_url_rule(f"{at}/etat", view_func=describe, methods=post, endpoint="triage_describe")
    blueprint.add_url_rule(
        f"{at}/lignes/<int:number>", view_func=split, methods=["GET", "POST"], endpoint="triage_line"
    )
    blueprint.add_url_rule(f"{at}/confirmer", view_func=confirm, methods=post, endpoint="triage_confirm")
    blueprint.add_url_rule(f"{at}/abandonner", view_func=cancel, methods=post, endpoint="triage_cancel")
    blueprint.add_url_rule(f"{at}/decision", view_func=decide, methods=post, endpoint="triage_decide")
    blueprint.add_url_rule(f"{at}/depart", view_func=depart, methods=post, endpoint="triage_depart")
