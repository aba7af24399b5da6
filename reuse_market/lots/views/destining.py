"""The destination page: every outlet of a selection, allowed or refused, and its next step."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.fleets import queries as fleets
from reuse_market.fleets.forms import SelectionForm
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import destinations, services, words
from reuse_market.lots.destinations import Selection
from reuse_market.lots.forms import OutletForm
from reuse_market.lots.views.shared import draft
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]
NARROWED = ("kind", "state", "site", "text", "configuration")


@access("holder")
def destination() -> Page:
    """Where a draft's devices, chosen devices of the fleet, or all the discarded ones may go."""
    return _page("lots/destination.html", OutletForm())


@access("holder")
def sheet() -> Page:
    """The same on paper."""
    return _page("lots/destination_sheet.html", OutletForm())


@access("holder")
def chosen() -> Page:
    """From the fleet's list: its ticks in an address that can be kept."""
    form = SelectionForm.from_request()
    kept = {name: form.data[name] for name in NARROWED if form.data[name]}
    if form.everything.data:
        return redirect(url_for("lots.destination", everything=1, **kept))
    if form.group.data:
        return redirect(url_for("lots.destination", group=form.group.data))
    if not form.unit.data:
        flash(_("Tick at least one device."), "error")
        return redirect(url_for("fleets.fleet", **kept))
    return redirect(url_for("lots.destination", unit=form.unit.data))


@access("holder")
def choose() -> Page:
    """Take an outlet: its regime on the draft, or a draft of these devices."""
    form = OutletForm.from_request()
    status = 422
    if form.validate():
        actor = current_actor()
        picked = selection(actor)
        with telling(form) as outcome:
            lot = services.choose_outlet(
                form.regime.data, lot_id=picked.lot.id if picked.lot else None, unit_ids=picked.unit_ids,
                actor=actor,
            )  # fmt: skip
        if outcome.ok:
            return redirect(url_for("lots.terms" if picked.lot else "lots.compose", reference=lot.reference))
        status = outcome.status
    return _page("lots/destination.html", form), status


def _page(template: str, form: OutletForm) -> str:
    picked = selection(current_actor())
    found = destinations.destinations(picked)
    asked: Any = request.args.to_dict(flat=False)
    return render_template(
        template, found=found, selection=picked, form=form, asked=asked, words=words,
        labels=words.kind_labels(), today=clock.today(),
    )  # fmt: skip


def selection(actor: Actor) -> Selection:
    """What the address names: a draft, ticked units, a filtered list; else all the discarded devices."""
    if reference := request.args.get("lot", ""):
        return destinations.of_draft(draft(reference))
    holder_id = actor.organisation_id or 0
    imported = request.args.get("import", "")
    if imported.isascii() and imported.isdecimal() and len(imported) < 10:
        row = fleets.get_import(int(imported), actor)
        return destinations.of_fleet(holder_id, fleets.imported_ids(row.id))
    form = SelectionForm.from_query()
    if {"everything", "unit", "group"} & set(request.args):
        return destinations.of_fleet(holder_id, form.ids(holder_id, fleets.HERE))
    return destinations.of_fleet(holder_id, None)


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    blueprint.add_url_rule("/destination", view_func=destination)
    blueprint.add_url_rule("/destination/fiche", view_func=sheet, endpoint="destination_sheet")
    blueprint.add_url_rule("/destination/parc", view_func=chosen, methods=["POST"], endpoint="chosen_units")
    blueprint.add_url_rule("/destination", view_func=choose, methods=["POST"], endpoint="choose_outlet")
