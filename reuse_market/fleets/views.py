"""Pages of the fleet: its list, the import in steps, the discard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.fleets import queries, services, staging, words
from reuse_market.fleets.forms import FleetForm, SelectionForm, UploadForm, columns_form
from reuse_market.fleets.models import InventoryImport
from reuse_market.fleets.reading import Unreadable
from reuse_market.kernel.errors import DomainError
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.web import bodies, problems
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

blueprint = Blueprint("fleets", __name__)

Page = str | BaseResponse | tuple[str, int]


@blueprint.get("/parc")
@access("holder")
def fleet() -> Page:
    """The fleet, narrowed, 25 at a time, with what can be done to the ticked ones."""
    holder_id = current_actor().organisation_id or 0
    form, sites, kinds = FleetForm.from_query(), accounts.sites_of(holder_id), _kinds()
    form.offer(kinds.items(), [(site.id, site.name) for site in sites])
    filters = form.filters()
    pager = Pager.asked(queries.count_fleet(holder_id, filters))
    rows = queries.fleet(holder_id, filters, offset=pager.offset, limit=pager.limit)
    return render_template(
        "fleets/fleet.html", form=form, filters=filters, pager=pager, rows=rows, kinds=kinds, words=words,
        sites={site.id: site.name for site in sites}, counts=queries.counts_by_state(holder_id),
        imports=queries.open_imports(holder_id), lot=request.args.get("lot", "")[:20],
    )  # fmt: skip


@blueprint.post("/parc/reformer")
@access("holder")
def discard() -> Page:
    """Discard the ticked devices that are in use."""
    count = _ticked(services.discard_units, "in_use")
    if count:
        told = ngettext(
            "%(count)s device is discarded.", "%(count)s devices are discarded.", count, count=number(count)
        )
        flash(told, "success")
    return _back_to_list()


@blueprint.post("/parc/annuler-reforme")
@access("holder")
def annul_discard() -> Page:
    """Put the ticked discarded devices back in use."""
    count = _ticked(services.annul_discard, "discarded")
    if count:
        told = ngettext(
            "%(count)s device is in use again.",
            "%(count)s devices are in use again.",
            count,
            count=number(count),
        )
        flash(told, "success")
    return _back_to_list()


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
    return _download(data, _("inventory-template") + ".csv", "text/csv; charset=utf-8")


@blueprint.route("/parc/importer/<int:import_id>/colonnes", methods=["GET", "POST"])
@access("holder")
def columns(import_id: int) -> Page:
    """Step 2: what each column means."""
    actor = current_actor()
    row = queries.get_import(import_id, actor)
    if row.state == "done":
        return redirect(url_for("fleets.done", import_id=import_id))
    table, samples = services.columns_of(row)
    mapping: dict[str, Any] = row.mapping or {}
    form = columns_form(table.header, mapping["targets"])
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        targets = [form.data[f"column_{place}"] for place in range(len(table.header))]
        with telling(form) as outcome:
            services.confirm_mapping(import_id, targets, actor=actor)
        if outcome.ok:
            return redirect(url_for("fleets.verify", import_id=import_id))
        status = outcome.status
    context = {"row": row, "header": table.header, "samples": samples, "form": form, "mapping": mapping}
    return render_template("fleets/columns.html", words=words, steps=steps(import_id), **context), status


@blueprint.route("/parc/importer/<int:import_id>/verifier", methods=["GET", "POST"])
@access("holder")
def verify(import_id: int) -> Page:
    """Step 3: four counts, the rows to correct; then the good ones come in."""
    actor = current_actor()
    row = queries.get_import(import_id, actor)
    if request.method == "POST" or row.state == "done":
        if row.state != "done":
            services.apply_import(import_id, actor=actor)
        return redirect(url_for("fleets.done", import_id=import_id))
    if row.state == "read":
        return redirect(url_for("fleets.columns", import_id=import_id))
    pager = Pager.asked(row.to_correct + row.set_aside)
    records = queries.problems(import_id, offset=pager.offset, limit=pager.limit)
    return render_template(
        "fleets/verify.html", row=row, mapping=row.mapping or {}, pager=pager, lines=_problem_lines(records),
        notes=[words.said(staging.reason_of(note)) for note in (row.mapping or {}).get("notes", [])],
        warned=_warned(row), steps=steps(import_id), words=words,
    )  # fmt: skip


@blueprint.get("/parc/importer/<int:import_id>/a-corriger")
@access("holder")
def bad_rows(import_id: int) -> Page:
    """The rows to correct and set aside, in the holder's own format."""
    row = queries.get_import(import_id, current_actor())
    data, name = services.bad_rows(row, words.said, (_("Row"), _("What to do")))
    return _download(data, name, services.media_type(name))


@blueprint.get("/parc/importer/<int:import_id>/confirmation")
@access("holder")
def done(import_id: int) -> Page:
    """What came in, and what to do with it."""
    row = queries.get_import(import_id, current_actor())
    if row.state != "done":
        return redirect(url_for("fleets.columns", import_id=import_id))
    return render_template("fleets/done.html", row=row, count=len(queries.imported_ids(import_id)))


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


def _kinds() -> dict[str, str]:
    english = str(get_locale()) == "en"
    return {kind.code: (kind.label_en if english else kind.label_fr) for kind in equipment.kinds()}


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
        services.confirm_mapping(row.id, actor=actor)
        return url_for("fleets.verify", import_id=row.id)
    return url_for("fleets.columns", import_id=row.id)


def _ticked(verb: Callable[..., int], state: str) -> int:
    """Run a verb on the ticked units (of all the list: those in `state`); 0 when refused, which is told."""
    actor = current_actor()
    try:
        return verb(SelectionForm.from_request().ids(actor.organisation_id or 0, (state,)), actor=actor)
    except DomainError as error:
        flash(problems.words(error), "error")
        return 0


def _back_to_list() -> BaseResponse:
    """The list with the filters it had."""
    form = SelectionForm.from_request()
    kept = {name: form.data[name] for name in ("kind", "state", "site", "text", "lot") if form.data[name]}
    return redirect(url_for("fleets.fleet", **kept))


def _problem_lines(records: list[Any]) -> list[dict[str, Any]]:
    """Row, field, value, reason of each problem, one line per fault."""
    lines = []
    for record in records:
        if record.verdict == "set_aside":
            reason = words.said(staging.reason_of(record.facts["reason"]))
            lines.append({"row": record.row, "aside": True, "field": "", "value": "", "reason": reason})
        for fault in record.facts.get("faults", ()):
            told = words.said(staging.reason_of(fault["reason"]))
            field = _(words.FAULTY[fault["field"]])
            lines.append(
                {"row": record.row, "aside": False, "field": field, "value": fault["value"], "reason": told}
            )
    return lines


def _warned(row: InventoryImport) -> list[dict[str, Any]]:
    """What good rows are warned of, by code: the first rows of each, and how many more."""
    return [
        {
            "more": group["count"] - len(group["rows"]),
            "rows": [
                {"row": told["row"], "reason": words.said(staging.reason_of(told))} for told in group["rows"]
            ],
        }
        for group in (row.mapping or {}).get("warned", [])
    ]


def _download(data: bytes, name: str, media_type: str) -> Response:
    response = Response(data, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
