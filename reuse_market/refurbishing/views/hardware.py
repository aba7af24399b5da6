"""What an agent read of a device: the file, each difference, the media."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, send_file
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.kernel import files
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import queries
from reuse_market.refurbishing.hardware import comparing, page, services
from reuse_market.refurbishing.views.page import Page, blueprint, case_here, tried
from reuse_market.refurbishing.views.unit import UNIT
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form


@blueprint.post(f"{UNIT}/materiel")
@access("reuse-actor")
def import_hardware(unit_id: int) -> Page:
    """Keep a report; nothing of the device changes yet."""
    case_here(unit_id)
    form: Any = page.ReportForm.from_request(prefix="report")

    def verb() -> None:
        sent = form.file.data
        if sent is None or not getattr(sent, "filename", ""):
            raise Invalid(N_("Choose a file."), field="file")
        services.import_report(unit_id, sent.read(services.LIMIT + 1), sent.filename, actor=current_actor())

    return tried(unit_id, "report", form, verb, _("The report is read: see what differs."))


@blueprint.post(f"{UNIT}/materiel/ecarts")
@access("reuse-actor")
def decide_hardware(unit_id: int) -> Page:
    """Accept or leave each difference."""
    case, report = case_here(unit_id), services.latest(unit_id)
    if report is None:
        raise NotFound(N_("This report does not exist."))
    found = comparing.lines(comparing.declared(case), report.told)
    form: Any = page.form_of([line for line in found if not line.same])

    def verb() -> None:
        decisions = {name: field.data or "" for name, field in form._fields.items()}
        made = services.decide(report.id, decisions, actor=current_actor())
        if made.same_serial:
            codes = ", ".join(
                other.code or f"n° {other.unit.id}" for other in queries.cases(made.same_serial)
            )
            flash(ngettext("Another device of yours has this serial number: %(codes)s. Check both.",
                           "Other devices of yours have this serial number: %(codes)s. Check them.",
                           len(made.same_serial), codes=codes), "warning")  # fmt: skip

    return tried(unit_id, "hardware", form, verb, _("The differences are decided."))


@blueprint.post(f"{UNIT}/materiel/supports")
@access("reuse-actor")
def count_hardware_media(unit_id: int) -> Page:
    """Count the media the report names."""
    case_here(unit_id)
    report = services.latest(unit_id)
    if report is None:
        raise NotFound(N_("This report does not exist."))
    done = _("The storage media are counted.")
    return tried(
        unit_id, "media", Form(), lambda: services.count_told_media(report.id, actor=current_actor()), done
    )


@blueprint.get(f"{UNIT}/materiel/rapport")
@access("reuse-actor")
def hardware_file(unit_id: int) -> Response:
    """The report's own bytes."""
    case_here(unit_id)
    report = services.latest(unit_id)
    if report is None or report.organisation_id != current_actor().organisation_id:
        raise NotFound(N_("This file does not exist."))
    ending = "xml" if report.format.endswith("xml") else "json"
    return send_file(
        io.BytesIO(files.get(report.sha256)), mimetype=f"application/{ending}", as_attachment=True,
        download_name=f"materiel-{unit_id}.{ending}",
    )  # fmt: skip
