"""Orientation vouchers: their prescriber's list, a new one, its page, its card to print."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.reservations import policy, tickets, vouchers
from reuse_market.reservations.forms import voucher_filter, voucher_form
from reuse_market.reservations.lifecycle import VOUCHER
from reuse_market.reservations.models import OrientationVoucher
from reuse_market.reservations.tickets import Ticket
from reuse_market.reservations.views.base import Page, blueprint, lang
from reuse_market.reservations.wording import voucher_badge
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling
from reuse_market.web.twice import once


@blueprint.get("/bons")
@access("prescriber")
def voucher_list() -> Page:
    """The vouchers this organisation has issued, filtered, in pages of 25."""
    actor, form = current_actor(), voucher_filter(lang())
    chosen = {"state": form.state.data or None, "kind": form.kind.data or None}
    pager = Pager.asked(tickets.count(actor, **chosen))
    rows = tickets.listed(actor, limit=pager.limit, offset=pager.offset, **chosen)
    context = {
        "rows": rows, "pager": pager, "filters": form, "badge": voucher_badge, "kinds": _kinds(),
        "active": sum(bool(value) for value in chosen.values()), "may_issue": policy.may_prescribe(actor),
    }  # fmt: skip
    return render_template("reservations/vouchers.html", **context)


@blueprint.route("/bons/nouveau", methods=["GET", "POST"])
@access("prescriber")
def new_voucher() -> Page:
    """For what, up to how much, until when; nothing about the person."""
    actor = current_actor()
    if not policy.may_prescribe(actor):
        abort(403)
    form = voucher_form(lang(), clock.in_days(delay_days("voucher.validity")))
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        asked: dict[str, Any] = {"kind": form.kind.data or None, "cap_cents": form.cap_cents.data}
        asked["ends_on"] = form.ends_on.data
        with telling(form) as outcome:
            address = once(lambda: _of(vouchers.issue_voucher(actor=actor, **asked)))
        if outcome.ok:
            flash(_("The voucher is issued. Print its card and hand it over."), "success")
            return redirect(address)
        status = outcome.status
    return render_template("reservations/new_voucher.html", form=form), status


def _of(made: OrientationVoucher) -> str:
    return url_for("reservations.voucher", reference=made.reference)


@blueprint.get("/bons/<string:reference>")
@access("party")
def voucher(reference: str) -> Page:
    """One voucher: what it is good for, what became of it."""
    return _page(tickets.get(reference, current_actor()))


@blueprint.get("/bons/<string:reference>/carte")
@access("prescriber")
def voucher_card(reference: str) -> Page:
    """The card to hand to the person: the code, what it opens, until when."""
    found = tickets.get(reference, current_actor())
    if not policy.may_read_code(current_actor(), found.voucher):
        abort(404)
    return render_template("reservations/voucher_card.html", ticket=found, kinds=_kinds())


@blueprint.post("/bons/<string:reference>/annuler")
@access("prescriber")
def cancel_voucher(reference: str) -> Page:
    """The prescriber takes it back."""
    found = tickets.get(reference, current_actor())
    form = Form()
    with telling(form) as outcome:
        vouchers.cancel_voucher(reference, actor=current_actor())
    if not outcome.ok:
        return _page(found, form), outcome.status
    flash(_("The voucher is cancelled: it opens nothing any more."), "success")
    return redirect(url_for("reservations.voucher", reference=reference))


def _page(found: Ticket, refused: Form | None = None) -> str:
    actor = current_actor()
    context = {
        "ticket": found, "badge": voucher_badge(found.voucher.state), "kinds": _kinds(), "refused": refused,
        "offered": VOUCHER.offered(found.voucher, actor), "reads_code": policy.may_read_code(actor, found.voucher),
        "sees_sale": actor.is_org(found.voucher.seller_id) or actor.has("operator", "administrator", "auditor"),
    }  # fmt: skip
    return render_template("reservations/voucher.html", **context)


def _kinds() -> dict[str, str]:
    return {kind.code: kind.label_en if lang() == "en" else kind.label_fr for kind in equipment.kinds()}
