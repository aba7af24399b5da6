"""Waste: what awaits removal, and the removals."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import lists, policy, queries, services, words
from reuse_market.refurbishing.forms import batch_form, chosen_form
from reuse_market.refurbishing.models import RemovalBatch
from reuse_market.refurbishing.views.page import Page, blueprint, namer
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

BATCH = "/atelier/reforme/<string:reference>"


@blueprint.get("/atelier/reforme")
@access("waste-keeper")
def waste() -> Page:
    """Devices awaiting removal; removals."""
    here = current_actor().organisation_id or 0
    pager = Pager.asked(lists.count_awaiting(here))
    waiting = lists.awaiting_removal(here, pager.limit, pager.offset)
    return render_template(
        "refurbishing/waste.html", waiting=waiting, pager=pager, batches=lists.batches(here), words=words,
        name_of=namer(), benched=current_actor().has("reuse_actor"),
    )  # fmt: skip


@blueprint.post("/atelier/reforme")
@access("waste-keeper")
def fill_batch() -> Page:
    """Put the devices ticked in a removal: the one chosen, or a new one."""
    actor = current_actor()
    here = actor.organisation_id or 0
    waiting = lists.awaiting_removal(here, lists.count_awaiting(here), 0)
    form = chosen_form([case.unit.id for case, _record in waiting], {})
    ids = form.units.data or [] if form.validate() else []
    if not ids:
        flash(_("Tick at least one device, then choose its removal."), "error")
        return redirect(url_for("refurbishing.waste"))
    wanted = request.form.get("batch") or services.open_batch(actor=actor).reference
    number = services.add_to_batch(wanted, ids, actor=actor)
    text = ngettext("%(num)s device added.", "%(num)s devices added.", number)
    flash(text, "success")
    return redirect(url_for("refurbishing.batch", reference=wanted))


@blueprint.get(BATCH)
@access("waste-keeper")
def batch(reference: str) -> Page:
    """One removal."""
    return _batch_page(own_batch(reference))


@blueprint.post(f"{BATCH}/depart")
@access("waste-keeper")
def remove(reference: str) -> Page:
    """The removal has taken place."""
    found = own_batch(reference)
    form = batch_form(found.producer_scheme)
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            services.remove_batch(
                reference, actor=current_actor(), producer_scheme=form.producer_scheme.data,
                weight_g=form.weight_kg.data * 1000 if form.weight_kg.data else None,
                slip_number=form.slip_number.data or "", removed_on=form.removed_on.data,
            )  # fmt: skip
        if outcome.ok:
            return redirect(url_for("refurbishing.batch", reference=reference))
        status = outcome.status
    return _batch_page(found, form), status


@blueprint.post(f"{BATCH}/retrait/<int:unit_id>")
@access("waste-keeper")
def take_out(reference: str, unit_id: int) -> Page:
    """Undo: a device leaves a removal being prepared."""
    own_batch(reference)
    services.take_out_of_batch(reference, [unit_id], actor=current_actor())
    flash(_("The device awaits another removal."), "success")
    return redirect(url_for("refurbishing.batch", reference=reference))


def own_batch(reference: str) -> RemovalBatch:
    """A removal of the actor’s organisation; NotFound for any other."""
    found = queries.batch(reference)
    if found is None or not policy.own_batch(current_actor(), found):
        raise NotFound(N_("This removal does not exist."))
    return found


def _batch_page(found: RemovalBatch, form: object = None) -> str:
    rows = lists.in_batch(found.id)
    return render_template(
        "refurbishing/batch.html", batch=found, rows=rows, form=form or batch_form(found.producer_scheme),
        words=words, name_of=namer(),
        unerased=[case for case, _record in rows if words.data_may_be_left(case)],
        known_weight=sum(record.weight_g or 0 for _case, record in rows),
        site=accounts.site(found.site_id), minimum=equipment.scheme_minima().get(found.scheme or ""),
        benched=current_actor().has("reuse_actor"),
    )  # fmt: skip
