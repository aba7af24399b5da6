"""Labels: a page to print, and the PDF in the labels' own size or a sheet."""

from __future__ import annotations

import io
from typing import Any

from flask import current_app, render_template, request, send_file
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from reuse_market.documents.rendering import render
from reuse_market.kernel import clock
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import lists
from reuse_market.refurbishing.forms import ScanForm, language
from reuse_market.refurbishing.queries import Case
from reuse_market.refurbishing.views.page import Page, blueprint, case_here, device_name, namer
from reuse_market.refurbishing.views.unit import UNIT
from reuse_market.web.access import access, current_actor

MOST = 480


@blueprint.get(f"{UNIT}/etiquette")
@access("reuse-actor")
def label(unit_id: int) -> Page:
    """One label, to print from the browser."""
    case = case_here(unit_id)
    facts = _label(case, device_name(case))
    picture = Markup(drawn_qr(facts["url"]))  # noqa: S704 – SVG made here
    scan = ScanForm() if request.args.get("suivant") else None
    return render_template("refurbishing/label.html", case=case, label=facts, picture=picture, scan=scan)


@blueprint.get(f"{UNIT}/etiquette.pdf")
@access("reuse-actor")
def label_pdf(unit_id: int) -> Response:
    """One label in the size of a label printer."""
    case = case_here(unit_id)
    return _pdf([case], "roll-62", f"etiquette-{case.code}.pdf")


@blueprint.get("/atelier/etiquettes.pdf")
@access("reuse-actor")
def labels_pdf() -> Response:
    """A sheet of labels for a list of the bench, filtered as on the page."""
    here, shown = current_actor().organisation_id or 0, request.args.get("liste", "ready")
    if shown not in lists.LISTS:
        raise NotFound(N_("This page does not exist."))
    filters = {name: request.args.get(name) or None for name in ("kind", "lot")}
    cases = [case for case in lists.rows(here, shown, MOST, 0, **filters) if case.code]
    if not cases:
        raise NotFound(N_("No device of this list has a label yet: take the devices in first."))
    return _pdf(cases, "a4-24", "etiquettes.pdf")


def drawn_qr(text: str) -> str:
    """A QR code that fills its frame (no size of its own)."""
    import segno  # loaded by who draws

    drawn: str = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=2, light="#fff")
    return drawn


def _pdf(cases: list[Case], size: str, name: str) -> Response:
    name_of = namer()
    labels = [_label(case, name_of(case)) for case in cases]
    facts = {"made_at": clock.now().isoformat(), "format": size, "labels": labels}
    data = render("label_sheet", facts, lang="en" if language() == "en" else "fr")
    return send_file(io.BytesIO(data), mimetype="application/pdf", download_name=name)


def _label(case: Case, name: str) -> dict[str, Any]:
    if case.code is None:
        raise NotFound(N_("This device has no label yet: take it in first."))
    base = current_app.config["SETTINGS"].base_url
    words = [name]
    if case.unit.ram_mb and case.unit.storage_mb:
        words.append(
            _(
                "%(ram)s GB, %(storage)s GB",
                ram=case.unit.ram_mb // 1024,
                storage=case.unit.storage_mb // 1000,
            )
        )
    return {"code": case.code, "label": " – ".join(words), "url": f"{base}/u/{case.code}"}
