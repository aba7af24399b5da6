"""Many alike from several sellers: the split proposed, its check, what was reserved in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.describing import configuration
from reuse_market.catalogue.pricing import Price
from reuse_market.catalogue.views import name_of
from reuse_market.reservations import baskets, queries
from reuse_market.reservations.basket_forms import BasketForm, HowManyForm, written
from reuse_market.reservations.pages import rows_of
from reuse_market.reservations.placing import Part
from reuse_market.reservations.views.base import Page, blueprint, lang
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.route("/catalogue/<string:key>/semblables", methods=["GET", "POST"])
@access("beneficiary")
def alike(key: str) -> Page:
    """How many like this group, and where they could come from; then check, then reserve all at once."""
    form, step = BasketForm.from_request(), request.form.get("step", "")
    if step not in ("check", "reserve") or not form.accepted():
        return _proposal(key, form, 422 if step in ("check", "reserve") else 200)
    if step == "check":
        parts = _parts(form.chosen())
        if parts is None:
            form.refuse(None, _("Some of these devices are no longer available: here is what is left."))
            return _proposal(key, form, 409)
        return render_template("reservations/basket_check.html", form=form, key=key, **_shown(parts))
    with telling(form) as outcome:
        made = baskets.place_many(
            form.chosen(), actor=current_actor(), order_number=form.order_number.data or "",
            delivery=form.delivery.data, note=form.note.data or "", once=form.once.data,
        )  # fmt: skip
    if outcome.ok:
        return redirect(url_for("reservations.basket", reference=made[0].basket))
    return _proposal(key, form, outcome.status)


@blueprint.get("/paniers/<string:reference>")
@access("party")
def basket(reference: str) -> Page:
    """What was reserved in one go: each part, where it stands, and the whole."""
    actor = current_actor()
    rows = baskets.of_basket(reference, actor)
    context: dict[str, Any] = {
        "reference": reference, "rows": rows_of(rows, actor), "units": sum(r.reservation.units for r in rows),
        "total": _sum([queries.price(r.reservation).times(r.reservation.units) for r in rows]),
    }  # fmt: skip
    return render_template("reservations/basket.html", **context)


def _proposal(key: str, form: BasketForm, status: int) -> Page:
    asked = HowManyForm.from_query()
    units = asked.units.data if request.args.get("units") and asked.validate() else None
    if units is None and form.chosen():
        units = sum(count for _key, count in form.chosen())
    group = catalogue.group(key, current_actor())
    if group is None:
        return redirect(url_for("catalogue.group", key=key))
    asked.units.data = asked.units.data or units
    split = baskets.propose(key, units, current_actor()) if units else None
    shown = _shown(split.parts) if split and split.parts else {"parts": [], "total": None, "units": 0}
    form.parts.data = written([(part.group.key, part.count) for part in split.parts]) if split else ""
    context = {
        "group": group, "name": name_of(group), "asked": asked, "form": form, "split": split, "wanted": units,
    }  # fmt: skip
    return render_template("reservations/alike.html", **context, **shown), status


def _parts(chosen: Sequence[tuple[str, int]]) -> list[Part] | None:
    """The parts as they stand now; None when one of them can no longer be had whole."""
    actor = current_actor()
    base = catalogue.base_of(actor)
    found = [(catalogue.group(key, actor, base), count) for key, count in chosen]
    parts = [Part(group, count) for group, count in found if group is not None and group.units >= count]
    return parts if len(parts) == len(chosen) else None


def _shown(parts: Sequence[Part]) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {
            "group": part.group, "count": part.count, "name": name_of(part.group),
            "configuration": configuration(part.group, lang()), "total": part.group.price.times(part.count),
        }
        for part in parts
    ]  # fmt: skip
    return {
        "parts": rows, "units": sum(part.count for part in parts), "total": _sum([row["total"] for row in rows]),
        "sellers": len({part.group.seller_id for part in parts}),
    }  # fmt: skip


def _sum(prices: Sequence[Price]) -> dict[str, int | None]:
    """Net and gross of several prices; gross None where one is not known."""
    gross = [price.gross_cents for price in prices]
    known = [cents for cents in gross if cents is not None]
    return {
        "net_cents": sum(price.net_cents for price in prices),
        "gross_cents": sum(known) if len(known) == len(gross) else None,
    }
