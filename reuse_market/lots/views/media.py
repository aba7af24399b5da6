"""One device of a published lot: the holder counts its media and records a certificate for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.erasure import queries as erasure
from reuse_market.erasure import services
from reuse_market.erasure import words as erasure_words
from reuse_market.erasure.forms import MediumForm, certificate_form, count_form
from reuse_market.erasure.gate import DEFAULT_POLICY, gate, judge_medium
from reuse_market.erasure.models import StorageMedium
from reuse_market.erasure.policy import may_record
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import certificates, erasing, words
from reuse_market.lots.erasing import Standing
from reuse_market.lots.models import Lot
from reuse_market.lots.views.erasing import with_holder
from reuse_market.units import queries as units
from reuse_market.units.models import Unit
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]
UNIT = "/lots/<string:reference>/effacement/<int:unit_id>"
MEDIUM = f"{UNIT}/supports/<int:medium_id>"


def unit_here(reference: str, unit_id: int) -> tuple[Lot, Unit]:
    """The unit, while it is in this lot and still with its holder. NotFound otherwise."""
    lot, unit = with_holder(reference), units.get(unit_id)
    engaged = any(e.kind == "lot" and e.reference == reference for e in units.open_engagements(unit_id))
    if unit is None or not engaged or unit.custodian_id != lot.holder_id:
        raise NotFound(N_("This device does not exist."))
    return lot, unit


@access("holder")
def unit_media(reference: str, unit_id: int) -> Page:
    """The media of one device and the proofs of each."""
    return _page(*unit_here(reference, unit_id), {})


@access("holder")
def count_unit_media(reference: str, unit_id: int) -> Page:
    """Count the media, none included."""
    _lot, unit = unit_here(reference, unit_id)
    form = count_form(unit.kind)
    actor = current_actor()
    return _tried(reference, unit_id, "media", form, _("The storage media are counted."),
                  lambda: services.count_media(unit_id, form.found(), form.seen_how.data, actor=actor))  # fmt: skip


@access("holder")
def add_unit_medium(reference: str, unit_id: int) -> Page:
    """One more medium."""
    unit_here(reference, unit_id)
    form: Any = MediumForm.from_request(prefix="medium")
    actor = current_actor()
    return _tried(reference, unit_id, "medium", form, _("The medium is added."),
                  lambda: services.add_medium(unit_id, form.found(), actor=actor))  # fmt: skip


@access("holder")
def certify_medium(reference: str, unit_id: int, medium_id: int) -> Page:
    """Record a certificate for a medium."""
    medium, actor = _medium(reference, unit_id, medium_id), current_actor()
    form = certificate_form(medium, None, actor.person_name)
    return _tried(
        reference, unit_id, f"medium{medium_id}", form, _("The certificate is recorded."),
        lambda: services.record_certificate(medium_id, form.proof(medium), actor=actor, file=form.report()),
    )  # fmt: skip


@access("holder")
def remove_unit_medium(reference: str, unit_id: int, medium_id: int) -> Page:
    """Take a medium out, or correct a miscount."""
    _medium(reference, unit_id, medium_id)
    miscounted = request.form.get("how") == "miscounted"
    done = (
        _("The count is corrected.")
        if miscounted
        else _("The medium is noted as taken out: have it destroyed.")
    )
    actor = current_actor()
    return _tried(reference, unit_id, "media", Form(), done,
                  lambda: services.remove_medium(medium_id, actor=actor, miscounted=miscounted))  # fmt: skip


def _medium(reference: str, unit_id: int, medium_id: int) -> StorageMedium:
    unit_here(reference, unit_id)
    medium = erasure.medium(medium_id)
    if medium is None or medium.void_at is not None or medium.unit_id != unit_id:
        raise NotFound(N_("This storage medium does not exist."))
    return medium


def _tried(
    reference: str, unit_id: int, name: str, form: Form, done: str, verb: Callable[[], Any]
) -> Page:  # fmt: skip
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            verb()
        if outcome.ok:
            flash(done, "success")
            return redirect(url_for("lots.unit_media", reference=reference, unit_id=unit_id, _anchor=name))
        status = outcome.status
    return _page(*unit_here(reference, unit_id), {name: form}), status


def _page(lot: Lot, unit: Unit, posted: dict[str, Form]) -> str:
    found, asked = erasure.media_of([unit.id])[unit.id], lot.erasure_policy or DEFAULT_POLICY
    person = current_actor().person_name
    rows = []
    for number, (medium, proofs) in enumerate(found.media, 1):
        name = f"medium{medium.id}"
        last = erasure.last_certificate(current_actor().organisation_id or 0, medium.kind)
        form = posted.get(name) or certificate_form(medium, last, person)
        missing = judge_medium(asked, medium, proofs, found)
        row = {"medium": medium, "proofs": proofs, "missing": missing}
        rows.append({**row, "form": form, "name": name, "number": number})
    standing = Standing(unit.id, unit.kind, 0, False, gate(unit.id, asked))
    label, _several = words.kind_labels()[unit.kind]
    model = erasing.page_of([standing], offset=0, limit=1)[0].model
    return render_template(
        "erasure/unit.html", lot=lot, unit=unit, media=rows, count=found.count, asked=asked,
        name=model or label[:1].upper() + label[1:], gate=standing.gate,
        may=may_record(current_actor(), unit), failed=next(iter(posted.values()), None),
        forms={"media": posted.get("media") or count_form(unit.kind),
               "medium": posted.get("medium") or MediumForm(prefix="medium")},
        erasure_words=erasure_words, papers=certificates.of_unit(unit, current_actor()),
    )  # fmt: skip


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    blueprint.add_url_rule(UNIT, view_func=unit_media)
    blueprint.add_url_rule(f"{UNIT}/supports", view_func=count_unit_media, methods=["POST"])
    blueprint.add_url_rule(f"{UNIT}/supports/ajout", view_func=add_unit_medium, methods=["POST"])
    blueprint.add_url_rule(f"{MEDIUM}/attestation", view_func=certify_medium, methods=["POST"])
    blueprint.add_url_rule(f"{MEDIUM}/retrait", view_func=remove_unit_medium, methods=["POST"])
