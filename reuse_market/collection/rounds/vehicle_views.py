"""Pages of an actor's vehicles."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.collection.forms import ReasonForm
from reuse_market.collection.rounds import services, vehicles
from reuse_market.collection.rounds.forms import VehicleForm
from reuse_market.collection.views.base import Page, blueprint
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.get("/vehicules")
@access("reuse-actor")
def vehicle_list() -> Page:
    """The actor's vehicles, those out of use last."""
    return _listed(None)


@blueprint.route("/vehicules/ajouter", methods=["GET", "POST"])
@access("reuse-actor")
def add_vehicle() -> Page:
    """Add a vehicle."""
    return _edited(None, VehicleForm.from_request())


@blueprint.route("/vehicules/<int:vehicle_id>", methods=["GET", "POST"])
@access("reuse-actor")
def change_vehicle(vehicle_id: int) -> Page:
    """Change a vehicle."""
    found = vehicles.own(vehicle_id, current_actor())
    kilos = found.payload_g // 1000 if found.payload_g else None
    return _edited(vehicle_id, VehicleForm.from_request(obj=found, payload_kg=kilos))


@blueprint.post("/vehicules/<int:vehicle_id>/retirer")
@access("reuse-actor")
def retire_vehicle(vehicle_id: int) -> Page:
    """Take a vehicle out of use."""
    vehicles.own(vehicle_id, current_actor())
    form = ReasonForm()
    with telling(form) as outcome:
        services.retire_vehicle(vehicle_id, actor=current_actor())
    if outcome.ok:
        flash(_("The vehicle is out of use. Past rounds keep it."), "success")
        return redirect(url_for("collection.vehicle_list"))
    return _listed(form), outcome.status


def _listed(refused: Any) -> str:
    found = vehicles.of(current_actor().organisation_id or 0, retired=True)
    return render_template("collection/vehicles.html", vehicles=found, refused=refused)


def _edited(vehicle_id: int | None, form: Any) -> Page:
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            if vehicle_id is None:
                services.add_vehicle(actor=current_actor(), **form.values())
            else:
                services.change_vehicle(vehicle_id, actor=current_actor(), **form.values())
        if outcome.ok:
            flash(_("The vehicle is saved."), "success")
            return redirect(url_for("collection.vehicle_list"))
        status = outcome.status
    return render_template("collection/vehicle.html", form=form, vehicle_id=vehicle_id), status
