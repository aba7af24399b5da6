"""Composing a lot: its lines and their condition."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.kernel.errors import NotFound
from reuse_market.lots import queries, services, words
from reuse_market.lots.forms import CountedLineForm, LineForm, LinesForm, ValueForm
from reuse_market.lots.models import Lot
from reuse_market.lots.services.drafting import NO_LOT
from reuse_market.lots.views.shared import counted_form, counted_values, draft, steps
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]


@access("holder")
def compose(reference: str) -> Page:
    """The lines and their condition."""
    return _compose_page(draft(reference))


@access("holder")
def change_lines(reference: str) -> Page:
    """The same condition for the ticked lines."""
    lot = draft(reference)
    form = LinesForm.from_request()
    form.offer(_("No change"))
    status = 422
    if form.validate():
        with telling(form) as outcome:
            count = services.set_lines(lot.id, form.numbers(), form.chosen(), actor=current_actor())
        if outcome.ok:
            flash(ngettext("%(num)s line is changed.", "%(num)s lines are changed.", count), "success")
            return redirect(url_for("lots.compose", reference=reference))
        status = outcome.status
    return _compose_page(lot, lines_form=form), status


@access("holder")
def value_lines(reference: str) -> Page:
    """What one device of each ticked line is worth."""
    lot = draft(reference)
    form = ValueForm.from_request()
    form.offer()
    status = 422
    if form.validate():
        with telling(form) as outcome:
            changed = services.value_lines(
                lot.id, form.numbers(), value_cents=form.value_cents.data, value_how=form.value_how.data or None,
                valued_on=form.valued_on.data, actor=current_actor(),
            )  # fmt: skip
        if outcome.ok:
            flash(ngettext("%(num)s line is changed.", "%(num)s lines are changed.", len(changed)), "success")
            return redirect(url_for("lots.compose", reference=reference))
        status = outcome.status
    return _compose_page(lot, valuing=form), status


@access("holder")
def add_line(reference: str) -> Page:
    """Add devices without serial numbers."""
    lot = draft(reference)
    form = counted_form()
    status = 422
    if form.validate():
        with telling(form) as outcome:
            services.add_counted_line(lot.id, actor=current_actor(), **counted_values(form))
        if outcome.ok:
            flash(_("The line is added."), "success")
            return redirect(url_for("lots.compose", reference=reference))
        status = outcome.status
    return _compose_page(lot, adding=form), status


@access("holder")
def line(reference: str, line_number: int) -> Page:
    """Change one line."""
    lot = draft(reference)
    found = next((one for one in queries.lines(lot.id) if one.number == line_number), None)
    if found is None:
        raise NotFound(NO_LOT)
    form = LineForm.of(found, counted=line_number in queries.counted_lines(lot.id))
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.set_line(lot.id, line_number, form.values(), actor=current_actor())
        if outcome.ok:
            return redirect(url_for("lots.compose", reference=reference))
        status = outcome.status
    return render_template("lots/line.html", lot=lot, line=found, form=form, steps=steps(lot, 1)), status


@access("holder")
def remove_line(reference: str, line_number: int) -> Page:
    """Take a line out."""
    services.remove_line(draft(reference).id, line_number, actor=current_actor())
    flash(_("The line is taken out of the lot. Its devices are still in your fleet."), "success")
    return redirect(url_for("lots.compose", reference=reference))


def _compose_page(
    lot: Lot,
    *,
    lines_form: LinesForm | None = None,
    adding: CountedLineForm | None = None,
    valuing: ValueForm | None = None,
) -> str:
    if lines_form is None:
        lines_form = LinesForm()
        lines_form.offer(_("No change"))
    if valuing is None:
        valuing = ValueForm()
        valuing.offer()
    lines = queries.lines(lot.id)
    return render_template(
        "lots/compose.html",
        lot=lot,
        lines=lines,
        lines_form=lines_form,
        valuing=valuing,
        adding=adding or counted_form(),
        total=sum(one.declared for one in lines),
        counted=queries.counted_lines(lot.id),
        words=words,
        steps=steps(lot, 1),
    )


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    at, both = "/lots/<string:reference>", ["GET", "POST"]
    blueprint.add_url_rule(f"{at}/composer", view_func=compose)
    blueprint.add_url_rule(f"{at}/composer/conditions", view_func=change_lines, methods=["POST"])
    blueprint.add_url_rule(f"{at}/composer/valeur", view_func=value_lines, methods=["POST"])
    blueprint.add_url_rule(f"{at}/composer/ligne", view_func=add_line, methods=["POST"])
    blueprint.add_url_rule(f"{at}/lignes/<int:line_number>", view_func=line, methods=both)
    blueprint.add_url_rule(f"{at}/lignes/<int:line_number>/retirer", view_func=remove_line, methods=["POST"])
