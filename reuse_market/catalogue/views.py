"""The shop window, public."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale, gettext

from reuse_market.catalogue import queries
from reuse_market.catalogue.asking import understand
from reuse_market.catalogue.describing import configuration, size, title
from reuse_market.catalogue.forms import filter_form
from reuse_market.equipment import queries as equipment
from reuse_market.refurbishing.grading import fault_words
from reuse_market.regimes import parties
from reuse_market.regimes import words as law_words
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager

blueprint = Blueprint("catalogue", __name__)

Page = str | tuple[str, int]


@blueprint.get("/catalogue")
@access("public")
def groups() -> Page:
    """Identical groups of ready devices, filtered, sorted, in pages of 25."""
    actor = current_actor()
    form = filter_form()
    filters = form.filters()
    found = queries.groups(filters, actor, queries.base_of(actor))
    pager = Pager.asked(len(found))
    shown = found[pager.offset : pager.offset + pager.limit]
    context = {
        "form": form, "filters": filters, "pager": pager, "total": sum(group.units for group in found),
        "rows": [(group, name_of(group), configuration(group, _lang())) for group in shown],
        "asked": understand(filters.text), "size": size, "scale": _scale(),
        "wanted": filters.units or understand(filters.text).units,
    }  # fmt: skip
    return render_template("catalogue/groups.html", **context)


@blueprint.get("/catalogue/<string:key>")
@access("public")
def group(key: str) -> Page:
    """One identical group: what it is, its condition, its price for how many, how to reserve it."""
    actor = current_actor()
    found = queries.group(key, actor, queries.base_of(actor))
    if found is None:
        return render_template("catalogue/gone.html"), 404
    context: dict[str, Any] = {
        "group": found, "name": name_of(found), "configuration": configuration(found, _lang()),
        "scale": _scale(), "wanted": wanted(found.units), "size": size, "lang": _lang(),
        "actions": panels.drawn("catalogue.action", found, actor),
        "panels": panels.drawn("catalogue.main", found, actor),
        "list_url": url_for("catalogue.groups"), "limit": queries.limit_of(found), "law_words": law_words,
        "party_names": parties.NAMES, "faults": [gettext(text) for text in fault_words(found.faults)],
    }  # fmt: skip
    return render_template("catalogue/group.html", **context)


def name_of(found: queries.Group) -> str:
    """« Ordinateur portable HP EliteBook 840 G5 », in the reader's language."""
    return title(equipment.kind_label(found.kind, _lang()), found.maker, found.model)


def wanted(most: int) -> int | None:
    """How many the address asks for (`?units=`), between 1 and what there is; None when it does not say."""
    asked = request.args.get("units", "")
    return min(int(asked), most) if asked.isascii() and asked.isdigit() and int(asked[:6]) > 0 else None


def _lang() -> str:
    return str(get_locale())[:2]


def _scale() -> dict[str, equipment.Step]:
    return {step.code: step for step in equipment.grade_scale(_lang())}
