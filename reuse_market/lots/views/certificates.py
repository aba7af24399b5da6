"""The erasure certificate as a paper: issued for a device or for a lot, and its list as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from reuse_market.accounts.views.base import local_path
from reuse_market.documents import queries as documents
from reuse_market.documents.deeds import spoken
from reuse_market.documents.views import reading_language
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import certificates
from reuse_market.web.access import access, current_actor
from reuse_market.web.sheets import sheet

FIELDS = (
    "kind", "maker", "model", "serial", "size_mb", "property_number", "media_source", "confidentiality", "method",
    "technique", "tool", "tool_version", "passes", "verification", "result", "errors", "hidden_areas", "exception",
    "operator", "erased_at", "validator", "validated_on", "destination", "report_number", "report_sha256",
)  # fmt: skip


@access("waste-keeper")
def issue_unit_certificate(unit_id: int) -> Answer:
    """Who keeps the device issues its erasure certificate."""
    made = certificates.issue_for_unit(unit_id, actor=current_actor())
    flash(_("Document %(number)s is in force.", number=made.number), "success")
    return redirect(local_path(request.form.get("next")) or f"/documents/{made.number}.pdf")


@access("waste-keeper")
def issue_lot_certificate(reference: str) -> Answer:
    """Who keeps devices of a lot issues one certificate for all those proven."""
    made = certificates.issue_for_lot(reference, actor=current_actor())
    flash(_("Document %(number)s is in force.", number=made.number), "success")
    return redirect(url_for("lots.lot", reference=reference, _anchor="papers"))


@access("signed-in")
def certificate_list(number: str) -> Response:
    """Every field of every medium of a certificate, for its readers."""
    found = documents.readable(number, current_actor())
    if found.kind != certificates.KIND:
        raise NotFound(N_("This document does not exist."))
    header = ["device", "device_code", "device_serial", "asset_tag", "media_counted", "seen_how", *FIELDS]
    return sheet("csv", number, header, _rows(spoken(found.facts, reading_language())))


def _rows(facts: dict[str, Any]) -> Iterator[list[Any]]:
    for device in facts["devices"]:
        own = [device[name] for name in ("label", "code", "serial", "tag", "count", "seen_how")]
        for medium in device["media"] or [{}]:
            told = [medium.get(name) for name in FIELDS]
            yield [*own, *(", ".join(filter(None, one)) if isinstance(one, list) else one for one in told)]


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    post = ["POST"]
    at = "/attestations"
    blueprint.add_url_rule(f"{at}/appareils/<int:unit_id>", view_func=issue_unit_certificate, methods=post)
    blueprint.add_url_rule(f"{at}/lots/<string:reference>", view_func=issue_lot_certificate, methods=post)
    blueprint.add_url_rule(f"{at}/<string:number>.csv", view_func=certificate_list)
