"""Pages of the REEN rate: the sheet of a year, the devices behind its figures, typed lines, the paper."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.documents import listing
from reuse_market.documents.rendering import Lang
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.obligations.reen import paper, policy, reading, services, showing, wording
from reuse_market.obligations.reen.counting import Item, why_not
from reuse_market.obligations.reen.forms import line_form, mark_form
from reuse_market.obligations.reen.reen_models import ReenLine
from reuse_market.web.access import access, current_actor
from reuse_market.web.charts import proportion_bar
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling
from reuse_market.web.twice import once

blueprint = Blueprint("reen", __name__)
Page = str | Response | tuple[str, int]
YEAR = "<int(min=1, max=9999):year>"
FIGURES = ("left", "stock")
LINES = 10  # typed lines on a page of the sheet


@blueprint.get("/reen")
@access("party")
def index() -> Page:
    """A body's own sheet of this year; for those who oversee, the bodies that have one."""
    actor = current_actor()
    if actor.has("holder"):
        return redirect(url_for("reen.sheet", year=clock.today().year))
    if not actor.has(*policy.OVERSEERS):
        abort(403)
    pager = Pager.asked(reading.count_bodies())
    rows = reading.bodies(offset=pager.offset, limit=pager.limit)
    return render_template("obligations/reen/bodies.html", rows=rows, pager=pager, year=clock.today().year)


@blueprint.get(f"/reen/{YEAR}")
@access("party")
def sheet(year: int) -> Page:
    """The year: sentence, bar, destinations, typed lines; or why the law does not bind this body."""
    return _page(_holder(), year)


@blueprint.get(f"/reen/{YEAR}/appareils")
@access("party")
def devices(year: int) -> Page:
    """The devices behind a figure, 25 a page; the body says here what it knows of them."""
    return _list(year)


@blueprint.get(f"/reen/{YEAR}/appareils.csv")
@access("party")
def devices_csv(year: int) -> FlaskResponse:
    """Every device behind a figure."""
    kinds = _kinds()
    rows = [showing.row(item, kinds) for item in _items(year)]
    return _download(csv_bytes([showing.heads(), *rows]), f"reen-{year}-{_figure()}.csv")


@blueprint.get(f"/reen/{YEAR}/fiche.csv")
@access("party")
def sheet_csv(year: int) -> FlaskResponse:
    """The figures of the year."""
    return _download(csv_bytes(showing.figures(reading.sheet(_concerned(), year))), f"reen-{year}.csv")


@blueprint.post(f"/reen/{YEAR}/fiche")
@access("holder")
def issue(year: int) -> Page:
    """Issue the sheet as a numbered paper, or say that the one in force says the same."""
    form = Form()
    with telling(form) as outcome:
        made, new = services.issue_sheet(year, actor=current_actor(), lang=_lang())
    if not outcome.ok:
        return _page(_holder(), year, form), outcome.status
    flash(
        _("The sheet %(number)s is issued.", number=made.number)
        if new
        else _("The sheet %(number)s says the same already.", number=made.number),
        "success",
    )
    return redirect(url_for("reen.sheet", year=year, _anchor="documents"))


@blueprint.route(f"/reen/{YEAR}/lignes/<any(stock, outlet):role>", methods=["GET", "POST"])
@access("holder")
def add_line(year: int, role: str) -> Page:
    """Type a line: a correction of the stock, or what left outside the platform."""
    _concerned()
    form, status = line_form(role, _lang()), 200 if request.method == "GET" else 422
    if form.accepted():
        with telling(form) as outcome:
            proof, told = form.content(), form.values(role)
            address = once(lambda: _added(year, proof, told))
        if outcome.ok:
            flash(_("The line is added: the rate is worked out again."), "success")
            return redirect(address)
        status = outcome.status
    return render_template("obligations/reen/line.html", form=form, year=year, role=role, row=None), status


def _added(year: int, proof: bytes, told: dict[str, Any]) -> str:
    services.add_line(year, actor=current_actor(), proof=proof, **told)
    return url_for("reen.sheet", year=year)


@blueprint.route("/reen/lignes/<int:line_id>", methods=["GET", "POST"])
@access("holder")
def change_line(line_id: int) -> Page:
    """Say a line otherwise."""
    row = _line(line_id)
    form, status = line_form(row.role, _lang(), row), 200 if request.method == "GET" else 422
    if form.accepted():
        with telling(form) as outcome:
            services.change_line(
                line_id, actor=current_actor(), proof=form.content(), **form.values(row.role)
            )
        if outcome.ok:
            flash(_("The line is changed: the rate is worked out again."), "success")
            return redirect(url_for("reen.sheet", year=row.year))
        status = outcome.status
    return render_template(
        "obligations/reen/line.html", form=form, year=row.year, role=row.role, row=row
    ), status


@blueprint.post("/reen/lignes/<int:line_id>/supprimer")
@access("holder")
def delete_line(line_id: int) -> Page:
    """Delete a line; the sheet offers to restore it."""
    row = services.delete_line(line_id, actor=current_actor())
    flash(_("The line is deleted. You can restore it at the foot of the lines."), "success")
    return redirect(url_for("reen.sheet", year=row.year, _anchor="lines"))


@blueprint.post("/reen/lignes/<int:line_id>/retablir")
@access("holder")
def restore_line(line_id: int) -> Page:
    """Bring a deleted line back."""
    row = services.restore_line(line_id, actor=current_actor())
    flash(_("The line counts again."), "success")
    return redirect(url_for("reen.sheet", year=row.year, _anchor="lines"))


@blueprint.get("/reen/lignes/<int:line_id>/preuve")
@access("party")
def proof(line_id: int) -> FlaskResponse:
    """The proof kept with a line."""
    name, data = services.proof_of(line_id, actor=current_actor())
    return _download(data, name, "application/octet-stream")


@blueprint.post(f"/reen/{YEAR}/appareils/marquer")
@access("holder")
def mark(year: int) -> Page:
    """Leave the ticked devices out, or say how their reuse is justified."""
    _concerned()
    form = mark_form()
    if not form.accepted():
        return _list(year, form), 422
    with telling(form) as outcome:
        count = services.mark_units(
            form.ids(), form.code.data, actor=current_actor(), reason=form.reason.data
        )
    if not outcome.ok:
        return _list(year, form), outcome.status
    told = ngettext("%(num)s device is marked.", "%(num)s devices are marked.", count)
    flash(told, "success")
    return redirect(url_for("reen.devices", year=year, figure=_figure()))


@blueprint.post(f"/reen/{YEAR}/appareils/demarquer")
@access("holder")
def unmark(year: int) -> Page:
    """Take the marks of the ticked devices back."""
    _concerned()
    form = mark_form()
    with telling(form) as outcome:
        count = services.unmark_units(form.ids(), actor=current_actor())
    if not outcome.ok:
        return _list(year, form), outcome.status
    flash(ngettext("%(num)s mark is taken back.", "%(num)s marks are taken back.", count), "success")
    return redirect(url_for("reen.devices", year=year, figure=_figure()))


def _page(holder_id: int, year: int, refused: Form | None = None) -> str:
    actor, holder = current_actor(), accounts.organisation(holder_id)
    context: dict[str, Any] = {
        "holder": holder, "year": year, "own": policy.may_write(actor, holder_id), "refused": refused,
        "years": range(clock.today().year, reading.FIRST_YEAR - 1, -1),
    }  # fmt: skip
    if not reading.concerned(holder_id):
        return render_template("obligations/reen/not_concerned.html", **context)
    found = reading.sheet(holder_id, year)
    papers = listing.of_owners([paper.owner(holder_id, year)], actor, _lang())
    whose = {} if context["own"] else {"organisme": holder_id}
    told, lines = showing.sentence(found), reading.lines_of(holder_id, year)[::-1]
    pager = Pager.asked(len(lines), LINES)
    context |= {
        "sheet": found, "sentence": told, "papers": papers, "pager": pager,
        "lines": lines[pager.offset : pager.offset + pager.limit],
        "bar": proportion_bar(found.oriented, found.base, told, showing.threshold(found)) if found.base > 0 else "",
        "kinds": _kinds(), "words": wording, "whose": whose, "out": why_not(found.stock),
        "issues": policy.may_issue(actor, holder_id),
    }  # fmt: skip
    return render_template("obligations/reen/sheet.html", **context)


def _list(year: int, form: Form | None = None) -> str:
    items, actor = _items(year), current_actor()
    pager = Pager.asked(len(items))
    holder_id, rows = _holder(), items[pager.offset : pager.offset + pager.limit]
    return render_template(
        "obligations/reen/devices.html", year=year, rows=rows, pager=pager,
        models=reading.models([item.unit_id for item in rows if item.unit_id is not None]),
        figure=_figure(), form=form or mark_form(), own=policy.may_write(actor, holder_id), kinds=_kinds(),
        words=wording, whose={} if actor.is_org(holder_id) else {"organisme": holder_id},
    )  # fmt: skip


def _items(year: int) -> list[Item]:
    found = reading.sheet(_concerned(), year)
    items = found.stock if _figure() == "stock" else found.left
    return [item for item in items if item.unit_id is not None]


def _figure() -> str:
    asked = request.args.get("figure", "left")
    return asked if asked in FIGURES else "left"


def _holder() -> int:
    """Whose sheet is asked for: one's own; for those who oversee, the body the address names."""
    actor, asked = current_actor(), request.args.get("organisme", "")
    if actor.has("holder") and (not asked or asked == str(actor.organisation_id)):
        return actor.organisation_id or 0
    if not actor.has(*policy.OVERSEERS):
        abort(404 if asked and actor.has("holder") else 403)
    named = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    if accounts.organisation(named) is None:
        abort(404)
    return named


def _concerned() -> int:
    holder_id = _holder()
    if not reading.concerned(holder_id):
        abort(404)
    return holder_id


def _line(line_id: int) -> ReenLine:
    row = reading.line(line_id)
    if row is None or not policy.may_write(current_actor(), row.organisation_id):
        abort(404)
    return row


def _kinds() -> dict[str, str]:
    return {kind.code: kind.label_en if _lang() == "en" else kind.label_fr for kind in equipment.kinds()}


def _lang() -> Lang:
    return "en" if str(get_locale())[:2] == "en" else "fr"


def _download(data: bytes, name: str, media_type: str = "text/csv; charset=utf-8") -> FlaskResponse:
    response = FlaskResponse(data, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
