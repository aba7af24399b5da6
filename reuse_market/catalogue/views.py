"""The shop window, public."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale, gettext

from reuse_market.catalogue import agec, boxes, forms, queries
from reuse_market.catalogue.describing import configuration, size, title
from reuse_market.catalogue.expected import expected
from reuse_market.catalogue.listing import lines
from reuse_market.equipment import queries as equipment
from reuse_market.equipment import systems
from reuse_market.refurbishing.grading import fault_words
from reuse_market.refurbishing.photos.queries import sells
from reuse_market.regimes import parties
from reuse_market.regimes import words as law_words
from reuse_market.web import panels
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Slice

blueprint = Blueprint("catalogue", __name__)

Page = str | tuple[str, int]


@blueprint.get("/catalogue")
@access("public")
def groups() -> Page:
    """Identical groups of ready devices, filtered, sorted, 25 at a time."""
    actor, told = current_actor(), forms.offered()
    form = boxes.read(told)
    filters, kept = forms.filters(form.values), forms.kept(form.values)
    cursor = request.args.get("cursor", "")[:100]
    found = queries.search(filters, actor, queries.base_of(actor), cursor=cursor)
    wanted = filters.units or found.asked.units
    context: dict[str, Any] = {
        "form": form.form, "boxes": form.boxes, "filters": filters, "found": found, "kept": kept, "cursor": cursor,
        "slice": Slice(found.groups, found.cursor), "counted": queries.COUNTED, "lang": told.lang,
        "rows": lines(found.groups, told.labels, told.steps, wanted, told.lang),
        "asked": found.asked, "size": size,
        "finer": {name: kept[name] for name in forms.FINER if name in kept},
        "located": any(one.distance_m is not None for one in found.groups),
        "kinds": dict(told.answers["kind"]),
    }  # fmt: skip
    if not found.groups:
        kind = filters.kind or (found.asked.kinds[0] if len(found.asked.kinds) == 1 else None)
        context["expected"] = expected(kind, actor)
    return render_template("catalogue/groups.html", **context)


@blueprint.get("/recherche")
@access("public")
def filters() -> Page:
    """Every filter on one page; its answer is the list."""
    return render_template(
        "catalogue/filters.html", form=forms.filter_form(forms.FilterForm, forms.offered())
    )


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
        "bare": systems.without(found.kind, found.os),
        "scale": _scale(), "wanted": wanted(found.units), "size": size, "lang": _lang(),
        "actions": panels.drawn("catalogue.action", found, actor),
        "panels": panels.drawn("catalogue.main", found, actor),
        "list_url": url_for("catalogue.groups"), "limit": queries.limit_of(found), "law_words": law_words,
        "party_names": parties.NAMES, "faults": [gettext(text) for text in fault_words(found.faults)],
        "expected": expected(found.kind, actor),
        "photos": queries.photos_of(found), "shows_photos": sells(actor, found.seller_id),
        "agec": agec.of_units(list(found.samples), found.seller_id, found.price.gross_cents, actor),
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
