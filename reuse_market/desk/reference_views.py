"""Pages of the reference tables: read by the operator's people, written by the administrator."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.desk import reference_forms as forms
from reuse_market.desk import reference_queries as queries
from reuse_market.desk import reference_services as services
from reuse_market.desk import reference_words as words
from reuse_market.desk.reference_tables import Field, Table
from reuse_market.web import filters
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

blueprint = Blueprint("references", __name__)
Page = str | Response | tuple[str, int]


@blueprint.get("/administration/references")
@access("overseer")
def index() -> Page:
    """Every dated table: how many values are in force, what is to come."""
    return render_template("desk/references.html", tables=queries.overview())


@blueprint.get("/administration/references/<string:table_code>")
@access("overseer")
def table(table_code: str) -> Page:
    """A table: in force today, to come and past, each row with its source and who recorded it."""
    found = queries.table_of(table_code)
    form = forms.filter_form(found)
    only = forms.chosen(form, found)
    pager = Pager.asked(queries.count(found, only))
    rows = queries.lines(found, only, offset=pager.offset, limit=pager.limit)
    return render_template(
        "desk/reference.html", table=found, form=form, active=sum(map(bool, only.values())), pager=pager,
        rows=rows, words=words, shown=shown, may_write=services.may_write(current_actor()),
    )  # fmt: skip


@blueprint.route("/administration/references/<string:table_code>/ajouter", methods=["GET", "POST"])
@access("administrator")
def add(table_code: str) -> Page:
    """A new row; what it changes is said before it is recorded."""
    found = queries.table_of(table_code)
    form = forms.row_form(found, **{name: request.args.get(name) for name in found.key_names})
    before, status = None, 422 if request.method == "POST" else 200
    if form.accepted():
        if request.form.get("step") == "record":
            with telling(form) as outcome:
                services.add_row(table_code, form.data, actor=current_actor())
            if outcome.ok:
                flash(_("The row is recorded. What was in force before stays in the history."), "success")
                return redirect(url_for("references.table", table_code=table_code))
            status = outcome.status
        else:
            before, status = _preview(found, form), 200
    context = {"table": found, "form": form, "before": before}
    return render_template("desk/reference_add.html", words=words, **context), status


@blueprint.post("/administration/references/<string:table_code>/<int:row_id>/retirer")
@access("administrator")
def withdraw(table_code: str, row_id: int) -> Response:
    """Take back a row that is not in force yet."""
    services.withdraw_row(table_code, row_id, actor=current_actor())
    flash(_("The row is withdrawn: it will not come into force."), "success")
    return redirect(url_for("references.table", table_code=table_code))


@blueprint.route("/administration/references/rules/<int:row_id>/avis", methods=["GET", "POST"])
@access("operator")
def opinion(row_id: int) -> Page:
    """A legal opinion that sets a prudent reading aside."""
    found = queries.line(queries.table_of("rules"), row_id)
    form = forms.OpinionForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.record_opinion(row_id, form.data, actor=current_actor())
        if outcome.ok:
            flash(_("The legal opinion is recorded."), "success")
            return redirect(url_for("references.table", table_code="rules"))
        status = outcome.status
    table = queries.table_of("rules")
    context = {"line": found, "form": form, "table": table, "shown": shown}
    return render_template("desk/reference_opinion.html", words=words, **context), status


def shown(field: Field, value: Any) -> str:
    """A value of a column as the page shows it."""
    if value in (None, ""):
        return "–"
    if field.kind == "cents":
        return filters.euros(value)
    if field.kind == "per_mille":
        return filters.percent(value)
    if field.kind == "whole":
        return f"{filters.number(value)}\u00a0{field.unit}" if field.unit else filters.number(value)
    if field.kind == "codes":
        return ", ".join(forms.word(code, field) for code in value.split())
    return str(value) if field.kind == "text" else forms.word(str(value))


def _preview(found: Table, form: Any) -> list[tuple[str, str, str]]:
    """(column, now, then) of each value that the new row would change."""
    data = form.data
    row = queries.before(found, data)
    told = []
    for one in found.values:
        new = " ".join(data[one.name] or ()) if one.kind == "codes" else data[one.name]
        old = getattr(row, one.name) if row is not None else None
        if (old or "") != (new or ""):
            told.append((_(one.label), shown(one, old), shown(one, new)))
    return told
