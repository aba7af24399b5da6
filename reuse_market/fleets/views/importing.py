"""The import of an inventory, in three steps that can be left and taken up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.accounts import queries as accounts
from reuse_market.fleets import queries, services, words
from reuse_market.fleets.forms import UploadForm, columns_form
from reuse_market.fleets.models import InventoryImport
from reuse_market.fleets.reading import Unreadable
from reuse_market.fleets.reading.fields import IGNORE
from reuse_market.fleets.reading.labels import fold_label
from reuse_market.fleets.reading.record import COUNTS
from reuse_market.fleets.views.base import Page, blueprint, download
from reuse_market.fleets.views.progress import at_work, judged
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.web import bodies, problems
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/parc/importer", methods=["GET", "POST"])
@access("holder")
def upload() -> Page:
    """Step 1: a file and its site."""
    actor = current_actor()
    form = UploadForm.from_request()
    form.offer([(site.id, site.name) for site in accounts.sites_of(actor.organisation_id or 0)])
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            target = _staged(form)
        if outcome.ok and target is not None:
            return redirect(target)
        status = status if outcome.ok else outcome.status
    imports = queries.open_imports(actor.organisation_id or 0)
    return render_template("fleets/upload.html", form=form, imports=imports, words=words), status


@blueprint.get("/parc/modele.csv")
@access("holder")
def template() -> Response:
    """An empty inventory in the reader's language, as a spreadsheet opens it in France."""
    data = csv_bytes([[_(word) for word in words.TEMPLATE]])
    return download(data, _("inventory-template") + ".csv", "text/csv; charset=utf-8")


UNBOUND = ("ignore", "personal")  # meanings that any number of columns may have


@blueprint.route("/parc/importer/<int:import_id>/colonnes", methods=["GET", "POST"])
@access("holder")
def columns(import_id: int) -> Page:
    """Step 2: what each column means."""
    actor = current_actor()
    row = queries.get_import(import_id, actor)
    if row.state == "done":
        return redirect(url_for("fleets.done", import_id=import_id))
    if (working := at_work(row)) is not None:
        return working
    table, samples = services.columns_of(row)
    mapping: dict[str, Any] = row.mapping or {}
    form = columns_form(table.header, mapping["targets"])
    asked = _asked_column()
    status = 422 if request.method == "POST" and asked is None else 200
    if asked is None and form.accepted():
        targets = [form.data[f"column_{place}"] for place in range(len(table.header))]
        with telling(form) as outcome:
            following = judged(row, targets)
        if outcome.ok:
            return redirect(url_for(following, import_id=import_id))
        status = outcome.status
    told = [form[f"column_{place}"] for place in range(len(table.header))]
    opened = {place for place, one in enumerate(told) if place == asked or one.errors}
    if status != 200:  # a meaning given twice: both are to be looked at
        twice = Counter(one.data for one in told if one.data not in UNBOUND)
        opened |= {place for place, one in enumerate(told) if twice[one.data] > 1}
    opened |= set(mapping.get("to_ask") or ())
    context = {
        "row": row, "header": table.header, "samples": samples, "form": form, "mapping": mapping,
        "opened": opened, "count_place": _count_place(table.header, mapping["targets"]),
    }  # fmt: skip
    return render_template("fleets/columns.html", words=words, steps=steps(import_id), **context), status


def _count_place(header: Sequence[str], targets: Sequence[str]) -> int | None:
    """The column that says how many devices a row stands for: no field of one, yet each row is checked by it."""
    told = zip(header, targets, strict=False)
    places = (n for n, (label, one) in enumerate(told) if one == IGNORE and fold_label(label) in COUNTS)
    return next(places, None)


def _asked_column() -> int | None:
    """The column whose meaning the reader wants to choose, of those that were sure; None for any other act."""
    told = request.form.get("open", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 5 else None


@blueprint.get("/parc/importer/<int:import_id>/a-corriger")
@access("holder")
def bad_rows(import_id: int) -> Page:
    """The rows to correct and set aside, in the holder's own format."""
    row = queries.get_import(import_id, current_actor())
    data, name = services.bad_rows(row, words.said, (_("Row"), _("What to do")))
    return download(data, name, services.media_type(name))


@blueprint.get("/parc/importer/<int:import_id>/confirmation")
@access("holder")
def done(import_id: int) -> Page:
    """What came in, and what to do with it."""
    row = queries.get_import(import_id, current_actor())
    if row.state != "done":
        return redirect(url_for("fleets.columns", import_id=import_id))
    return render_template("fleets/done.html", row=row, count=queries.imported_count(row))


@blueprint.post("/parc/importer/<int:import_id>/abandonner")
@access("holder")
def cancel(import_id: int) -> Page:
    """Give an import up."""
    services.cancel_import(import_id, actor=current_actor())
    flash(_("The import is given up. Nothing came into your fleet."), "success")
    return redirect(url_for("fleets.fleet"))


def steps(import_id: int | None = None) -> list[dict[str, str]]:
    """The steps from a file to the fleet; a lot has its own."""
    first = url_for("fleets.upload")
    second = url_for("fleets.columns", import_id=import_id) if import_id else ""
    return [
        {"label": _("Import"), "url": first},
        {"label": _("Columns"), "url": second},
        {"label": _("Check")},
    ]


def _staged(form: UploadForm) -> str | None:
    """Stage the upload; the address of the next step, or None when the file cannot be read."""
    actor, site = current_actor(), form.site.data
    try:
        row: InventoryImport = services.upload_inventory(
            bodies.on_disk(form.file.data.stream), form.file.data.filename, actor=actor,
            site_id=int(site) if site else None,
        )  # fmt: skip
    except Unreadable as error:
        form.refuse("file", f"{problems.words(error)} {_(error.advice, **error.params)}")
        return None
    if (row.mapping or {}).get("remembered"):
        return url_for(judged(row), import_id=row.id)
    return url_for("fleets.columns", import_id=row.id)
