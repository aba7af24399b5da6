"""Pages of the waiting list: mine with my rank, what others wait for, a new place, leave, accept."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.accounts.policy import oversees
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.views import name_of
from reuse_market.equipment import queries as equipment
from reuse_market.reservations import queries as bookings
from reuse_market.reservations.pages import page
from reuse_market.reservations.views.base import Page, blueprint, lang
from reuse_market.reservations.waiting import policy, queries, services
from reuse_market.reservations.waiting.forms import WaitForm, wait_form
from reuse_market.reservations.waiting.lifecycle import WAITING
from reuse_market.reservations.waiting.waiting_models import WaitingEntry
from reuse_market.reservations.waiting.wording import described, rank_words, state_badge
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling
from reuse_market.web.twice import once


@blueprint.get("/attente")
@access("party")
def waits() -> Page:
    """The list: one's own places with their rank, or all for the operator; what is waited for, for sellers."""
    return _list()


@blueprint.route("/attente/nouvelle", methods=["GET", "POST"])
@access("beneficiary")
def new_wait() -> Page:
    """Wait for one group, or for a kind with minimums."""
    actor = current_actor()
    form = wait_form(lang(), **_prefilled())
    group = catalogue.group(form.offer.data or "", actor) if form.offer.data else None
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            address = once(lambda: _next(_join(form, group is not None)))
        if outcome.ok:
            flash(_served(address), "success")
            return redirect(address)
        status = outcome.status
    context = {"form": form, "group": group, "name": name_of(group) if group else ""}
    return render_template("reservations/waiting/new.html", **context), status


@blueprint.post("/attente/<string:reference>/quitter")
@access("beneficiary")
def leave_list(reference: str) -> Page:
    """Give up the place."""
    queries.get(reference, current_actor())
    form = Form()
    with telling(form) as outcome:
        services.leave(reference, actor=current_actor())
    if not outcome.ok:
        return _list(form), outcome.status
    flash(_("You have left the waiting list for these devices."), "success")
    return redirect(url_for("reservations.waits"))


@blueprint.post("/reservations/<string:reference>/accepter")
@access("beneficiary")
def accept_offer(reference: str) -> Page:
    """Take what the waiting list offers."""
    actor = current_actor()
    found = bookings.get(reference, actor)
    form = Form()
    with telling(form) as outcome:
        services.accept(reference, actor=actor)
    if not outcome.ok:
        return page(found, actor, form), outcome.status
    flash(_("Accepted: the seller is told and confirms."), "success")
    return redirect(url_for("reservations.reservation", reference=reference))


def _list(refused: Form | None = None) -> str:
    actor, all_of_them = current_actor(), oversees(current_actor())
    pager = Pager.asked(queries.count(actor, all_of_them=all_of_them))
    places = queries.listed(actor, all_of_them=all_of_them, limit=pager.limit, offset=pager.offset)
    rows: list[dict[str, Any]] = [
        {
            "place": one, "what": described(one.entry, lang()), "rank": rank_words(one),
            "badge": state_badge(one.entry.state), "offered": WAITING.offered(one.entry, actor),
        }
        for one in places
    ]  # fmt: skip
    demand = queries.demand() if policy.sees_demand(actor) else []
    context = {
        "rows": rows, "pager": pager, "all_of_them": all_of_them, "may_wait": policy.may_wait(actor),
        "demand": demand, "kind_label": lambda code: equipment.kind_label(code, lang(), 2), "refused": refused,
        "sees_demand": policy.sees_demand(actor),
    }  # fmt: skip
    return render_template("reservations/waiting/list.html", **context)


def _prefilled() -> dict[str, Any]:
    """What the address of the link says: `?groupe=`, `?kind=`, `?units=`."""
    asked: dict[str, Any] = {"offer": request.args.get("groupe", ""), "kind": request.args.get("kind", "")}
    units = request.args.get("units", "")
    return asked | ({"units": int(units)} if units.isascii() and units.isdigit() and len(units) < 4 else {})


def _join(form: WaitForm, of_group: bool) -> WaitingEntry:
    actor, fewer, units = current_actor(), bool(form.fewer.data), form.units.data or 0
    if of_group:
        return services.join_group(form.offer.data or "", units, actor=actor, fewer=fewer)
    wanted = services.Wanted(
        ram_gb=form.ram_gb, worst_grade=form.grade.data or None, most_cents=form.most.data
    )  # fmt: skip
    return services.join(form.kind.data, units, actor=actor, wanted=wanted, fewer=fewer)


def _next(made: WaitingEntry) -> str:
    if made.state == "offered":
        return url_for("reservations.reservation", reference=made.reservation)
    return url_for("reservations.waits")


def _served(address: str) -> str:
    if address != url_for("reservations.waits"):
        return _("It is your turn at once: accept or let pass.")
    return _("You are in the waiting list. An e-mail tells you when it is your turn.")
