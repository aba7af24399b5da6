"""Sheets of labels: of a selection on the paper one has, and series printed in advance."""

from __future__ import annotations

import io
from typing import Any

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from reuse_market.documents.label_formats import FORMATS, named, sheets
from reuse_market.documents.rendering import render
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import labelling
from reuse_market.refurbishing.forms import language
from reuse_market.refurbishing.label_forms import KeeperForm, SeriesForm, SheetForm, with_papers
from reuse_market.refurbishing.labelling import Selection
from reuse_market.refurbishing.views.labels import drawn_qr
from reuse_market.refurbishing.views.page import Page, blueprint, namer
from reuse_market.units import series
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

# The address names what is chosen in French; the verb in English.
CHOICES = {"lot": "lot", "enlevement": "pickup", "liste": "list", "serie": "series"}
CHOICE = "/etiquettes/<any(lot, enlevement, liste, serie):what>/<string:reference>"
SHOWN = 60  # labels a page draws for the browser's own printing


@blueprint.route("/etiquettes", methods=["GET", "POST"])
@access("waste-keeper")
def label_series() -> Page:
    """The series printed in advance, who keeps each, and a form for one more."""
    actor, form = current_actor(), with_papers(SeriesForm.from_request(), _lang())
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            made = series.make_series(
                form.units.data, form=form.form.data, kept_by=form.kept_by.data or "", actor=actor
            )
        if outcome.ok:
            flash(_("The labels are ready to print."), "success")
            return redirect(url_for("refurbishing.choose_sheet", what="serie", reference=made.reference))
        status = outcome.status
    rows = series.of_organisation(actor.organisation_id or 0)
    return render_template(
        "refurbishing/label_series.html",
        rows=rows,
        form=form,
        named={code: named(code, _lang()) for code in FORMATS},
    ), status


@blueprint.post("/etiquettes/serie/<string:reference>/gardien")
@access("waste-keeper")
def hand_series(reference: str) -> Page:
    """Say who keeps a series now."""
    form: Any = KeeperForm.from_request()
    series.hand_series(reference, form.kept_by.data or "", actor=current_actor())
    flash(_("Noted."), "success")
    return redirect(url_for("refurbishing.label_series"))


@blueprint.get(CHOICE)
@access("waste-keeper")
def choose_sheet(what: str, reference: str) -> Page:
    """How many labels, on which paper, from which place of the sheet."""
    found = _chosen(what, reference)
    form = with_papers(SheetForm(), _lang())
    counts = [(named(code, _lang()), sheets(code, found.units)) for code in FORMATS]
    return render_template(
        "refurbishing/label_sheet.html", what=what, found=found, form=form, counts=counts, filters=_filters()
    )


@blueprint.post(f"{CHOICE}/feuille.pdf")
@access("waste-keeper")
def draw_sheet(what: str, reference: str) -> Response:
    """The sheet as a PDF; of a series, the printing is noted."""
    form = with_papers(SheetForm.from_request(), _lang())
    found = _chosen(what, reference)
    if not form.accepted() or form.start.data > FORMATS[form.form.data].per_sheet:
        raise Invalid(
            N_("Choose a paper, and a place that its sheet has."), field="start", code="labels.start"
        )
    data = drawn(found, form.form.data, form.start.data)
    if what == "serie":
        series.note_printed(reference, form=form.form.data, actor=current_actor())
    return send_file(
        io.BytesIO(data), mimetype="application/pdf", download_name=f"etiquettes-{reference}.pdf"
    )


@blueprint.get(f"{CHOICE}/apercu")
@access("waste-keeper")
def preview_sheet(what: str, reference: str) -> Page:
    """The labels on a page, for the browser's own printing."""
    found = _chosen(what, reference)
    labels = [
        label | {"picture": Markup(drawn_qr(label["url"]))}  # noqa: S704 – SVG made here
        for label in _labels(found)[:SHOWN]
    ]
    return render_template(
        "refurbishing/label_preview.html", what=what, found=found, labels=labels, most=SHOWN
    )


@blueprint.post("/etiquettes/<any(lot, enlevement):what>/<string:reference>/codes")
@access("waste-keeper")
def give_codes(what: str, reference: str) -> Page:
    """Give a code to each device that has none."""
    done = labelling.label_devices(CHOICES[what], reference, actor=current_actor())
    flash(ngettext("%(num)s device has its code.", "%(num)s devices have their code.", done), "success")
    return redirect(url_for("refurbishing.choose_sheet", what=what, reference=reference))


def drawn(found: Selection, form: str, start: int, lang: str | None = None) -> bytes:
    """The PDF of a selection. NotFound when nothing of it has a code."""
    if not found.units:
        raise NotFound(N_("No device of this list has a label yet: take the devices in first."))
    facts = {"made_at": clock.now().isoformat(), "format": form, "start": start, "labels": _labels(found)}
    return render("label_sheet", facts, lang="en" if (lang or _lang()) == "en" else "fr")


def _labels(found: Selection) -> list[dict[str, Any]]:
    base = current_app.config["SETTINGS"].base_url
    return found.labels(base, namer(), f"{found.reference} {found.kept_by}".strip())


def _chosen(what: str, reference: str) -> Selection:
    return labelling.chosen(CHOICES[what], reference, _filters(), actor=current_actor())


def _filters() -> dict[str, str | None]:
    return {name: request.args.get(name) or None for name in ("kind", "lot")}


def _lang() -> str:
    return "en" if language() == "en" else "fr"
