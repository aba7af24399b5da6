"""Pages of repairs and parts: the work on one device, the stock of parts, the exit register of waste."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.erasure import queries as erasure
from reuse_market.kernel import clock
from reuse_market.refurbishing.forms import language
from reuse_market.refurbishing.parts import register, stock, words
from reuse_market.refurbishing.parts.forms import (
    MOST_SHOWN,
    dismantle_form,
    kind_form,
    part_said,
    repair_form,
    shorten,
    take_form,
    taken_rows,
)
from reuse_market.refurbishing.queries import Case
from reuse_market.refurbishing.services import dismantling, repairing
from reuse_market.refurbishing.services.repairing import Taken
from reuse_market.refurbishing.views.page import Page, blueprint, case_here, device_name, kind_names
from reuse_market.traceability import log
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling

WORK = "/atelier/appareils/<int:unit_id>/reparations"


@blueprint.get(WORK)
@access("reuse-actor")
def unit_work(unit_id: int) -> Page:
    """Repairs of a device, parts taken out and put in, and taking it apart."""
    return _page(case_here(unit_id))


@blueprint.post(WORK)
@access("reuse-actor")
def record_repair(unit_id: int) -> Page:
    """Write down what was done."""
    form = repair_form(_stock())
    return _tried(unit_id, "repair", form, _("The repair is recorded. Test the device again."), lambda: (
        repairing.record_repair(
            unit_id, form.work.data or [], actor=current_actor(), note=form.note.data or "",
            cost_cents=form.cost_cents.data, part_ids=form.parts.data or [],
        )
    ))  # fmt: skip


@blueprint.post(f"{WORK}/prelever")
@access("reuse-actor")
def take_part(unit_id: int) -> Page:
    """A part leaves the device for the stock."""
    form = take_form(_media(unit_id))
    return _tried(unit_id, "take", form, _("The part is in stock."), lambda: (
        repairing.take_part(
            unit_id,
            Taken(form.kind.data, form.label.data or "", form.serial.data or "", form.weight_g.data,
                  form.note.data or "", form.medium_id.data or None),
            actor=current_actor(),
        )
    ))  # fmt: skip


@blueprint.post(f"{WORK}/deposer/<int:part_id>")
@access("reuse-actor")
def remove_part(unit_id: int, part_id: int) -> Page:
    """An installed part comes out again."""
    case_here(unit_id)
    done = _("The part is back in stock.")
    return _tried(
        unit_id, "fitted", Form(), done, lambda: repairing.remove_part(part_id, actor=current_actor())
    )


@blueprint.post(f"{WORK}/demonter")
@access("reuse-actor")
def dismantle(unit_id: int) -> Page:
    """Take the device apart: parts, residue and loss."""
    form = dismantle_form()
    return _tried(unit_id, "dismantle", form, _("The device is taken apart; its parts are in stock."), lambda: (
        dismantling.dismantle_unit(
            unit_id, taken_rows(form), actor=current_actor(), unit_g=form.unit_g.data,
            residue_g=form.residue_g.data, reason=form.reason.data or None, note=form.note.data or "",
        )
    ))  # fmt: skip


@blueprint.get("/atelier/pieces")
@access("reuse-actor")
def part_stock() -> Page:
    """The workshop's parts: those in stock, or those in devices."""
    here, filters = current_actor().organisation_id or 0, kind_form()
    shown = "installed" if request.args.get("liste") == "installed" else "in_stock"
    counts = stock.counts(here, filters.piece.data)
    pager = Pager.asked(counts.get(shown, 0))
    rows = stock.parts(
        here, state=shown, kind=filters.piece.data, limit=pager.limit, offset=pager.offset
    )  # fmt: skip
    return render_template(
        "refurbishing/parts.html", rows=rows, shown=shown, counts=counts, pager=pager, filters=filters,
        any=bool(stock.counts(here)), words=words, kinds=kind_names(),
    )  # fmt: skip


@blueprint.get("/atelier/registre")
@access("waste-keeper")
def exit_register() -> Page:
    """The exit register of waste, year by year."""
    here = current_actor().organisation_id or 0
    year = _year()
    lines = register.exits(here, year)
    return render_template(
        "refurbishing/register.html", lines=lines, year=year, years=register.years(here), kinds=kind_names(),
        register=register, units=sum(line["units"] for line in lines), benched=current_actor().has("reuse_actor"),
        entry=log.entries(),
    )  # fmt: skip


@blueprint.get("/atelier/registre.csv")
@access("waste-keeper")
def exit_register_csv() -> Response:
    """The same as a file."""
    here, year = current_actor().organisation_id or 0, _year()
    text = register.register_csv(here, year, language(), lambda words: str(_(words)))
    name = f"registre-dechets-sortants-{year}.csv"
    return Response(
        text, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _year() -> int:
    asked = request.args.get("annee", "")
    return (
        int(asked)
        if asked.isascii() and asked.isdigit() and 2020 <= int(asked) <= 2100
        else clock.today().year
    )


def _stock(kind: str | None = None) -> list[stock.PartRow]:
    return stock.parts(current_actor().organisation_id or 0, state="in_stock", kind=kind)


def _media(unit_id: int) -> list[Any]:
    return [medium for medium, _proofs in erasure.media_of([unit_id])[unit_id].media if not medium.removed_at]


def _tried(unit_id: int, name: str, form: Any, done: str, verb: Callable[[], Any]) -> Page:
    case, status = case_here(unit_id), 422
    if form.accepted():
        with telling(form) as outcome:
            verb()
        if outcome.ok:
            flash(done, "success")
            return redirect(url_for("refurbishing.unit_work", unit_id=unit_id, _anchor=name))
        status = outcome.status
    return _page(case, {name: form}), status


def _page(case: Case, posted: dict[str, Form] | None = None) -> str:
    unit_id, filters = case.unit.id, kind_form()
    free = _stock(filters.piece.data or None)
    forms: dict[str, Any] = {
        "repair": repair_form(free),
        "take": take_form(_media(unit_id)),
        "dismantle": dismantle_form(),
    } | (posted or {})
    shorten(forms["repair"])
    return render_template(
        "refurbishing/work.html", case=case, name=device_name(case), forms=forms,
        failed=next(iter((posted or {}).values()), None), repairs=stock.repairs(unit_id),
        taken=stock.taken_from(unit_id), fitted=stock.fitted_in(unit_id), apart=stock.dismantling(unit_id),
        words=words, said=part_said, usual=dismantling.mass_of(case.unit), free=len(free), filters=filters,
        most=MOST_SHOWN,
    )  # fmt: skip
