"""The workshop in figures."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.kernel import clock
from reuse_market.refurbishing import words, yields
from reuse_market.refurbishing.views.page import Page, blueprint, kind_names
from reuse_market.web.access import access, current_actor
from reuse_market.web.sheets import sheet


@blueprint.get("/atelier/chiffres")
@access("reuse-actor")
def figures() -> Page:
    """What waits for what, units an hour, what succeeds."""
    here = current_actor().organisation_id or 0
    return render_template(
        "refurbishing/figures.html", waits=yields.waits(here), days=yields.days(here), number=yields.DAYS,
        success=yields.success(here), words=words, kinds=kind_names(),
        ages=[{"label": text, "number": True} for text in age_words()],
    )  # fmt: skip


@blueprint.get("/atelier/chiffres.csv")
@access("reuse-actor")
def figures_csv() -> Response:
    """The same as one table: part, line, figures."""
    here, kinds = current_actor().organisation_id or 0, kind_names()
    rows: list[list[object]] = [
        ["waits", wait.code, wait.units, *wait.ages, wait.oldest] for wait in yields.waits(here)
    ]
    rows += [
        ["days", day.day.isoformat(), day.tested, day.ready, day.hours, f"{day.per_hour_tenths / 10:.1f}"]
        for day in yields.days(here)
    ]
    rows += [
        ["models", row.name or kinds.get(row.kind, row.kind), row.tested, row.passed, row.percent]
        for row in yields.success(here)
    ]
    header = ["part", "line", "figure_1", "figure_2", "figure_3", "figure_4", "figure_5", "figure_6"]
    return sheet("csv", f"atelier-{clock.today().isoformat()}", header, rows)


def age_words() -> list[str]:
    """The headings of the age buckets."""
    return [
        _("%(low)s to %(high)s days", low=low, high=high)
        if high is not None
        else _("More than %(low)s days", low=low - 1)
        for low, high in yields.AGES
    ]  # fmt: skip
