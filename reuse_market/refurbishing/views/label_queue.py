"""Labels that wait for the next sheet."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.documents.label_formats import FORMATS, named
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import label_queue as queue
from reuse_market.refurbishing import lists
from reuse_market.refurbishing.forms import language
from reuse_market.refurbishing.label_forms import SheetForm, with_papers
from reuse_market.refurbishing.labelling import Selection
from reuse_market.refurbishing.views.page import Page, blueprint, case_here, namer
from reuse_market.refurbishing.views.sheets import drawn
from reuse_market.refurbishing.views.unit import UNIT
from reuse_market.web.access import access, current_actor

QUEUE = "/atelier/etiquettes-en-attente"


@blueprint.route(QUEUE, methods=["GET", "POST"])
@access("reuse-actor")
def label_queue() -> Page:
    """What waits; POST takes it all as one sheet, marked printed."""
    actor, lang = current_actor(), "en" if language() == "en" else "fr"
    here = actor.organisation_id or 0
    form: Any = with_papers(SheetForm.from_request(), lang)
    if form.accepted() and form.start.data <= FORMATS[form.form.data].per_sheet:
        sheet = queue.print_queue(actor=actor)
        flash(_("The sheet is marked printed. If the paper jams, put its labels back."), "success")
        where = {"papier": form.form.data, "place": form.start.data}
        return redirect(url_for("refurbishing.label_queue", feuille=sheet, **where))
    posted = request.method == "POST"
    if posted and not form.errors:
        form.refuse("start", _("Choose a paper, and a place that its sheet has."))
    page = render_template(
        "refurbishing/label_queue.html", form=form, waiting=queue.waiting(here), sheets=queue.sheets(here),
        name_of=namer(), fresh=request.args.get("feuille"), paper=request.args.get("papier"),
        place=request.args.get("place"), named={code: named(code, lang) for code in FORMATS},
    )  # fmt: skip
    return page, 422 if posted else 200


@blueprint.get(f"{QUEUE}/<string:sheet>/feuille.pdf")
@access("reuse-actor")
def queued_sheet(sheet: str) -> Response:
    """The labels of a printed sheet, as often as needed."""
    cases = queue.of_sheet(sheet, current_actor().organisation_id or 0)
    paper, place = request.args.get("papier") or "a4-24", request.args.get("place") or "1"
    if paper not in FORMATS or not place.isdigit() or not 1 <= int(place) <= FORMATS[paper].per_sheet:
        raise Invalid(N_("Choose a paper, and a place that its sheet has."), code="labels.start")
    found = Selection("list", "attente", cases=[case for case in cases if case.code])
    data = drawn(found, paper, int(place))
    return send_file(io.BytesIO(data), mimetype="application/pdf", download_name="etiquettes-attente.pdf")


@blueprint.post(f"{QUEUE}/<string:sheet>/remettre")
@access("reuse-actor")
def undo_sheet(sheet: str) -> Response:
    """The paper jammed: the labels wait again."""
    number = queue.undo(sheet, actor=current_actor())
    text = ngettext("%(num)s label waits again.", "%(num)s labels wait again.", number)
    flash(text, "success")
    return redirect(url_for("refurbishing.label_queue"))


@blueprint.post(f"{UNIT}/etiquette/attente")
@access("reuse-actor")
def queue_label(unit_id: int) -> Response:
    """Put a label in the queue, or take it out."""
    case_here(unit_id)
    if request.form.get("how") == "drop":
        queue.drop(unit_id, actor=current_actor())
        return redirect(url_for("refurbishing.label_queue"))
    queue.add([unit_id], actor=current_actor())
    flash(_("The label waits for the next sheet."), "success")
    return redirect(url_for("refurbishing.unit", unit_id=unit_id, _anchor="state"))


@blueprint.post(f"{QUEUE}/liste")
@access("reuse-actor")
def queue_list() -> Response:
    """Put the labels of a list of the bench in the queue."""
    shown = request.form.get("liste", "")
    if shown not in lists.LISTS:
        raise Invalid(N_("Choose an answer in the list."), code="labels.list")
    here = current_actor().organisation_id or 0
    ids = [case.unit.id for case in lists.rows(here, shown, queue.MOST, 0)]
    number = queue.add(ids, actor=current_actor())
    flash(ngettext("%(num)s label more waits.", "%(num)s labels more wait.", number), "success")
    return redirect(url_for("refurbishing.label_queue"))
