"""Storage media and certificates, on the page of their device."""

from __future__ import annotations

import io

from flask import request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.erasure import queries, services
from reuse_market.erasure.extracts import report_of
from reuse_market.erasure.forms import MediumForm, certificate_form, count_form
from reuse_market.erasure.models import StorageMedium
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.views.page import Page, blueprint, case_here, tried
from reuse_market.refurbishing.views.unit import UNIT
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form


@blueprint.post(f"{UNIT}/supports")
@access("reuse-actor")
def count_media(unit_id: int) -> Page:
    """Count the media."""
    form = count_form(case_here(unit_id).unit.kind)

    def verb() -> None:
        services.count_media(unit_id, form.found(), form.seen_how.data, actor=current_actor())

    return tried(unit_id, "media", form, verb, _("The storage media are counted."))


@blueprint.post(f"{UNIT}/supports/ajout")
@access("reuse-actor")
def add_medium(unit_id: int) -> Page:
    """One more medium."""
    case_here(unit_id)
    form = MediumForm.from_request(prefix="medium")
    done = _("The medium is added.")
    actor = current_actor()
    return tried(
        unit_id, "medium", form, lambda: services.add_medium(unit_id, form.found(), actor=actor), done
    )


@blueprint.post("/atelier/supports/<int:medium_id>/attestation")
@access("reuse-actor")
def record_certificate(medium_id: int) -> Page:
    """Record a certificate for a medium."""
    medium, actor = _medium(medium_id), current_actor()
    form = certificate_form(medium, None, actor.person_name)

    def verb() -> None:
        services.record_certificate(medium_id, form.proof(medium), actor=actor, file=form.report())

    return tried(medium.unit_id, f"medium{medium_id}", form, verb, _("The certificate is recorded."))


@blueprint.post("/atelier/supports/<int:medium_id>/retrait")
@access("reuse-actor")
def remove_medium(medium_id: int) -> Page:
    """Take a medium out, or correct a miscount."""
    medium = _medium(medium_id)
    miscounted = request.form.get("how") == "miscounted"
    done = (
        _("The count is corrected.")
        if miscounted
        else _("The medium is noted as taken out: have it destroyed.")
    )

    def verb() -> None:
        services.remove_medium(medium_id, actor=current_actor(), miscounted=miscounted)

    return tried(medium.unit_id, "media", Form(), verb, done)


@blueprint.get("/atelier/attestations/<int:certificate_id>/rapport")
@access("signed-in")
def report(certificate_id: int) -> Response:
    """The report kept with a certificate, or its extract: for owner, custodian, who judges it, who oversees."""
    found = report_of(certificate_id, current_actor())
    if found is None:
        raise NotFound(N_("This file does not exist."))
    return send_file(
        io.BytesIO(found.data), mimetype=found.media_type, as_attachment=True, download_name=found.name
    )


def _medium(medium_id: int) -> StorageMedium:
    """The medium of a device of this workshop; another's answers as one that does not exist."""
    medium = queries.medium(medium_id)
    try:
        case_here(medium.unit_id if medium is not None and medium.void_at is None else 0)
    except NotFound:
        raise NotFound(N_("This storage medium does not exist.")) from None
    assert medium is not None
    return medium
