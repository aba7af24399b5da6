"""One device on the bench: take in, identify, test, make ready, and its other ways out."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.kernel.errors import Conflict
from reuse_market.refurbishing import label_queue, queries, services
from reuse_market.refurbishing.forms import (
    PartsForm,
    ReturnForm,
    WasteForm,
    form_of_test,
    identity_form,
    ready_form,
)
from reuse_market.refurbishing.protocols import protocol_for
from reuse_market.refurbishing.views.page import Page, blueprint, case_here, refusal_words, tried, unit_page
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form

UNIT = "/atelier/appareils/<int:unit_id>"


@blueprint.get(UNIT)
@access("reuse-actor")
def unit(unit_id: int) -> Page:
    """A device and what is left to do on it; `bloc`: its tests, or one medium, with all that can be typed of it."""
    return unit_page(case_here(unit_id), block=request.args.get("bloc", ""))


@blueprint.post(f"{UNIT}/reception")
@access("reuse-actor")
def receive(unit_id: int) -> Page:
    """Take one device in."""
    case_here(unit_id)
    done = _("The device is in the workshop.")
    return tried(
        unit_id, "state", Form(), lambda: services.receive_units([unit_id], actor=current_actor()), done
    )


@blueprint.post(f"{UNIT}/identite")
@access("reuse-actor")
def identify(unit_id: int) -> Page:
    """Say what the device is; another one with this serial is told."""
    case = case_here(unit_id)
    form = identity_form(case)

    def verb() -> None:
        made = services.identify_unit(unit_id, form.values(case.unit), actor=current_actor())
        if made.same_serial:
            codes = ", ".join(
                other.code or f"n° {other.unit.id}" for other in queries.cases(made.same_serial)
            )
            text = ngettext(
                "Another device of yours has this serial number: %(codes)s. Check both.",
                "Other devices of yours have this serial number: %(codes)s. Check them.",
                len(made.same_serial), codes=codes,
            )  # fmt: skip
            flash(text, "warning")

    return tried(unit_id, "identity", form, verb, _("The identity is saved."))


@blueprint.post(f"{UNIT}/tests")
@access("reuse-actor")
def record_test(unit_id: int) -> Page:
    """Record a test."""
    form = form_of_test(protocol_for(case_here(unit_id).unit.kind), with_battery=True)

    def verb() -> None:
        battery = form.battery_percent.data if "battery_percent" in form else None
        services.record_test(
            unit_id, form.results(), actor=current_actor(), battery_percent=battery, note=form.note.data or "",
            readings=form.figures(), check_notes=form.check_notes(),
        )  # fmt: skip

    return tried(unit_id, "tests", form, verb, _("The test is recorded."))


@blueprint.post(f"{UNIT}/pret")
@access("reuse-actor")
def make_ready(unit_id: int) -> Page:
    """Grade, price, shop window; every missing gate is said when refused."""
    case = case_here(unit_id)
    form = ready_form(None, case.unit.kind)

    def verb() -> None:
        try:
            services.make_ready(unit_id, actor=current_actor(), **form.terms())
            if request.form.get("do") == "queue":
                label_queue.add([unit_id], actor=current_actor())
        except Conflict:
            form.form_errors.extend(refusal_words(case)[1:])  # the first comes with the refusal itself
            raise

    done = _("The device is ready: buyers and associations can see it.")
    answer = tried(unit_id, "ready", form, verb, done)
    if isinstance(answer, Response) and request.form.get("do") == "label":
        return redirect(url_for("refurbishing.label", unit_id=unit_id, suivant=1))
    if isinstance(answer, Response) and request.form.get("do") == "queue":
        return redirect(url_for("refurbishing.bench"))
    return answer


@blueprint.post(f"{UNIT}/retour-atelier")
@access("reuse-actor")
def back_to_workshop(unit_id: int) -> Page:
    """Take a ready device out of the shop window."""
    case_here(unit_id)
    done = _("The device is back in the workshop.")
    return tried(
        unit_id, "state", Form(), lambda: services.back_to_workshop(unit_id, actor=current_actor()), done
    )


@blueprint.post(f"{UNIT}/pieces")
@access("reuse-actor")
def to_parts(unit_id: int) -> Page:
    """Take a device apart."""
    case_here(unit_id)
    form = PartsForm.from_request(prefix="parts")
    done = _("The device is kept for spare parts.")
    return tried(unit_id, "parts", form, lambda: services.to_parts(unit_id, actor=current_actor()), done)


@blueprint.post(f"{UNIT}/dechet")
@access("reuse-actor")
def declare_waste(unit_id: int) -> Page:
    """The diagnosis: waste, awaiting removal."""
    case_here(unit_id)
    form = WasteForm.from_request(prefix="waste")

    def verb() -> None:
        note, weight = form.note.data or "", form.weight_g.data
        services.declare_waste(
            unit_id, form.diagnosis.data, actor=current_actor(), note=note, weight_g=weight
        )

    return tried(unit_id, "waste", form, verb, _("The device is declared waste: it awaits its removal."))


@blueprint.post(f"{UNIT}/perdu")
@access("reuse-actor")
def report_lost(unit_id: int) -> Page:
    """The device cannot be found."""
    case_here(unit_id)
    done = _("The device is noted as missing. Say so here when it is found.")
    return tried(unit_id, "state", Form(), lambda: services.report_lost(unit_id, actor=current_actor()), done)


@blueprint.post(f"{UNIT}/retrouve")
@access("reuse-actor")
def find_again(unit_id: int) -> Page:
    """The device is back."""
    case_here(unit_id)
    done = _("The device is back in the workshop. Count its media and test it again.")
    return tried(unit_id, "state", Form(), lambda: services.find_again(unit_id, actor=current_actor()), done)


@blueprint.post(f"{UNIT}/reprise")
@access("reuse-actor")
def take_back(unit_id: int) -> Page:
    """A provided device comes back."""
    case_here(unit_id)
    form = ReturnForm.from_request(prefix="return")
    done = _("The device is back in the workshop. Count its media and test it again.")

    def verb() -> None:
        services.take_back_unit(unit_id, actor=current_actor(), ground=form.ground.data)

    return tried(unit_id, "return", form, verb, done)
