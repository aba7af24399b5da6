"""Pages of a file of purchases: send it, say what its columns mean, see each row's worth, take it in."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.obligations.agec import importing, pages, policy
from reuse_market.obligations.agec.agec_models import AgecImport
from reuse_market.obligations.agec.asking import Page, asked_organisation, blueprint
from reuse_market.obligations.agec.forms import ColumnsForm, FileForm
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling
from reuse_market.web.sheets import sheet

SHOWN = 20
MOST_CHOICES = 130  # answers of the lists of one page, together


@blueprint.route("/suivi-agec/fichier", methods=["GET", "POST"])
@access("organisation-member")
def upload() -> Page:
    """Send the file; nothing comes in before it is checked."""
    own = asked_organisation()
    if not policy.bound(own):
        return pages.not_bound(own)
    form, status = FileForm.from_request(), 422 if request.method == "POST" else 200
    if form.accepted():
        sent = form.file.data
        if not sent:
            form.refuse("file", _("Choose a file."))
        else:
            with telling(form) as outcome:
                made = importing.upload(sent.read(), sent.filename or "", actor=current_actor())
            if outcome.ok:
                return redirect(url_for("agec.check_file", import_id=made.id))
            status = outcome.status
    return render_template("obligations/agec/upload.html", form=form), status


@blueprint.route("/suivi-agec/fichier/<int:import_id>", methods=["GET", "POST"])
@access("organisation-member")
def check_file(import_id: int) -> Page:
    """What the columns mean and what each row is worth: a trial run, until one takes it in."""
    found = importing.waiting(import_id, current_actor())
    form, status = ColumnsForm.from_request(), 200
    choice = importing.choice_of(found)
    form.offer(importing.table_of(found).header, choice.columns)
    if request.method == "GET":
        form.category_all.data, form.year_all.data = choice.category, choice.year
    elif _asked_target():
        pass  # somebody wants to choose another column for it: the same page, with its list
    elif form.accepted():
        with telling(form) as outcome:
            importing.choose_columns(
                import_id, form.chosen(), actor=current_actor(), category=form.category_all.data or "",
                year=form.year_all.data,
            )  # fmt: skip
        if outcome.ok:
            return redirect(url_for("agec.check_file", import_id=import_id))
        status = outcome.status
    else:
        status = 422
    return _checked(found, form), status


@blueprint.post("/suivi-agec/fichier/<int:import_id>/prendre")
@access("organisation-member")
def take_in(import_id: int) -> Page:
    """The good rows become lines of the ledger."""
    made = importing.take_in(import_id, actor=current_actor())
    flash(ngettext("%(num)s line is added.", "%(num)s lines are added.", made.added), "success")
    if made.refused:
        out = ngettext("%(num)s row to correct stays out.", "%(num)s rows to correct stay out.", made.refused)
        flash(
            " ".join(
                (out, _("Correct the file and send it again: what is in the ledger already stays once."))
            )
        )
    return redirect(url_for("agec.ledger"))


@blueprint.get("/suivi-agec/fichier/<int:import_id>/a-corriger.csv")
@access("organisation-member")
def to_correct(import_id: int) -> Response:
    """The rows that stay out: number, column, what it says, why."""
    found = importing.waiting(import_id, current_actor())
    rows = [
        (fault.row, fault.column, fault.value, _(fault.reason, **fault.params))
        for fault in importing.verdict_of(found).faults
    ]
    header = [_("Row"), _("Column"), _("Value"), _("Reason")]
    return sheet("csv", f"a-corriger-{import_id}", header, rows)


def _checked(found: AgecImport, form: ColumnsForm) -> str:
    table = importing.table_of(found)
    verdict = importing.verdict_of(found)
    samples = [[cells[i] if i < len(cells) else "" for _n, cells, _b in table.rows[:2]]
               for i in range(len(table.header))]  # fmt: skip
    faults = [(one, _(one.reason, **one.params)) for one in verdict.faults[:SHOWN]]
    named = {str(place): label or _("Column %(number)s", number=place + 1)
             for place, label in enumerate(table.header)}  # fmt: skip
    return render_template(
        "obligations/agec/check.html", row=found, form=form, table=table, verdict=verdict, faults=faults,
        samples=samples, opened=_opened(form, len(table.header)),
        answers={one: named.get(form[one].data or "", "") for one in importing.columns.TARGETS},
    )  # fmt: skip


def _asked_target() -> str:
    """The meaning whose column the reader wants to choose; empty for any other act."""
    told = request.form.get("open", "")
    return told if told in importing.columns.TARGETS else ""


def _opened(form: ColumnsForm, columns: int) -> set[str]:
    """The meanings shown with their list: each lists all columns, so a wide file opens those not found first."""
    targets = list(importing.columns.TARGETS)
    chosen = {one for one in targets if one == _asked_target() or form[one].errors}
    rest = sorted((one for one in targets if one not in chosen), key=lambda one: bool(form[one].data))
    return chosen | set(rest[: max(0, MOST_CHOICES // (columns + 1) - len(chosen))])
