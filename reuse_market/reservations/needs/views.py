"""Pages of needs: the list, a new one, its page with what is proposed; the operator's board of matches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.accounts.policy import oversees
from reuse_market.reservations.needs import forms, policy, reading, services, wording
from reuse_market.reservations.needs.need_models import Need
from reuse_market.reservations.needs.reading import View
from reuse_market.reservations.views.base import Page, lang
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.paging import Pager
from reuse_market.web.problems import telling
from reuse_market.web.twice import once

blueprint = Blueprint("needs", __name__)
NEED = "/besoins/<string:reference>"
ON_BOARD = 6  # needs on a page of the board: each asks the law about each supply
MOST = 3  # groups and workshops looked at for each


@blueprint.get("/besoins")
@access("party")
def needs() -> Page:
    """One's own needs; those that run, without who asks, for a reuse actor; all for the operator."""
    actor = current_actor()
    form = forms.need_filter(lang(), actor)
    chosen = {"state": form.state.data or None, "kind": form.kind.data or None}
    pager = Pager.asked(reading.count(actor, **chosen))
    rows = reading.listed(actor, offset=pager.offset, limit=pager.limit, newest=True, **chosen)
    context = {
        "rows": rows, "pager": pager, "filters": form, "active": sum(bool(value) for value in chosen.values()),
        "may_post": policy.may_post(actor), "oversees": oversees(actor), "wording": wording, "lang": lang(),
    }  # fmt: skip
    return render_template("reservations/needs/list.html", **context)


@blueprint.route("/besoins/nouveau", methods=["GET", "POST"])
@access("party")
def new_need() -> Page:
    """What is looked for, in one form; the operator says for whom, or that it does not know yet."""
    actor = current_actor()
    if not policy.may_post(actor):
        abort(403)
    form = forms.need_form(lang(), actor)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            address = once(lambda: _address(services.post_need(actor=actor, **form.values())))
        if outcome.ok:
            flash(_("The need is posted. A mail says when something is proposed."), "success")
            return redirect(address)
        status = outcome.status
    return render_template("reservations/needs/new.html", form=form, seen=None), status


def _address(made: Need) -> str:
    return url_for("needs.need", reference=made.reference)


@blueprint.get(NEED)
@access("party")
def need(reference: str) -> Page:
    """One need: what is asked, what is proposed and why, what was answered."""
    return _page(reading.view(reference, current_actor()))


@blueprint.route(f"{NEED}/modifier", methods=["GET", "POST"])
@access("party")
def change_need(reference: str) -> Page:
    """Another number, another minimum, another day."""
    actor = current_actor()
    seen = reading.view(reference, actor)
    if "change" not in reading.actions(seen, actor):
        return redirect(url_for("needs.need", reference=reference))
    form = forms.need_form(lang(), actor, seen.need)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.change_need(reference, actor=actor, **form.values())
        if outcome.ok:
            flash(_("The need is changed."), "success")
            return redirect(url_for("needs.need", reference=reference))
        status = outcome.status
    return render_template("reservations/needs/new.html", form=form, seen=seen), status


@blueprint.post(f"{NEED}/fermer")
@access("party")
def close_need(reference: str) -> Page:
    """Close it, and say why."""
    form = forms.reason_form("fermer")
    return _act(
        reference, form, lambda: services.close_need(reference, form.reason.data, actor=current_actor()),
        _("The need is closed."),
    )  # fmt: skip


@blueprint.post(f"{NEED}/rattacher")
@access("operator")
def attach_need(reference: str) -> Page:
    """The operator says whose need it is."""
    reading.view(reference, current_actor())
    form: Any = forms.attach_form()
    return _act(
        reference, form,
        lambda: services.attach_need(reference, form.organisation_id.data, actor=current_actor()),
        _("The need is now that of the organisation, which sees it and answers."),
    )  # fmt: skip


@blueprint.post(f"{NEED}/proposer")
@access("party")
def propose_match(reference: str) -> Page:
    """One button beside a supply: propose it."""
    form: Any = forms.ProposeForm.from_request()
    asked = (form.source.data, form.supply.data, form.units.data)
    return _act(
        reference, form, lambda: services.propose_match(reference, *asked, actor=current_actor()),
        _("The structure is told and answers. You get a mail."),
    )  # fmt: skip


@blueprint.post(f"{NEED}/propositions/<string:match>/<any(accepter, decliner, retirer):step>")
@access("party")
def answer_match(reference: str, match: str, step: str) -> Page:
    """The structure accepts or declines; who proposed takes back."""
    actor = current_actor()
    if reading.match_view(match, actor).need.reference != reference:
        raise reading.NotFound(reading.NO_MATCH)
    form: Any = Form.from_request() if step == "accepter" else forms.reason_form(step, match)
    verbs: dict[str, tuple[Callable[[], Any], str]] = {
        "accepter": (lambda: services.accept_match(match, actor=actor),
                     _("It is accepted. What is ready is reserved for you; the rest is offered when ready.")),
        "decliner": (lambda: services.decline_match(match, form.reason.data, actor=actor),
                     _("It is declined. Your need stays posted.")),
        "retirer": (lambda: services.withdraw_match(match, form.reason.data, actor=actor),
                    _("The proposal is taken back. The structure is told why.")),
    }  # fmt: skip
    return _act(reference, form, *verbs[step])


@blueprint.get("/console/rapprochements")
@access("overseer")
def match_board() -> Page:
    """Needs that nothing covers yet beside what would serve them, with reasons, one button each."""
    actor = current_actor()
    pager = Pager.asked(reading.count_uncovered(), size=ON_BOARD)
    rows = reading.uncovered(actor, limit=pager.limit, offset=pager.offset)
    found = [(row, reading.proposals_for(row, actor, MOST)) for row in rows]
    return render_template(
        "reservations/needs/board.html", found=found, pager=pager, wording=wording, lang=lang(),
        may=policy.operator(actor),
    )  # fmt: skip


@blueprint.post("/console/rapprochements/partager")
@access("operator")
def share_ready() -> Page:
    """One button: propose what is ready to all the needs that wait, shared."""
    made = services.propose_shares(actor=current_actor())
    flash(ngettext("%(num)s proposal is made.", "%(num)s proposals are made.", len(made)), "success")
    return redirect(url_for("needs.match_board"))


def _act(reference: str, form: Any, verb: Callable[[], object], said: str) -> Page:
    """Run one verb of the page; its refusal is told on the page."""
    seen = reading.view(reference, current_actor())
    if not form.accepted():
        return _page(seen, form), 422
    with telling(form) as outcome:
        verb()
    if not outcome.ok:
        return _page(reading.view(reference, current_actor()), form), outcome.status
    flash(said, "success")
    return redirect(url_for("needs.need", reference=reference))


def _page(seen: View, refused: Form | None = None) -> str:
    actor = current_actor()
    offered = reading.actions(seen, actor)
    context = {
        "seen": seen, "need": seen.need, "wording": wording, "lang": lang(), "offered": offered,
        "matches": reading.matches(seen.need, actor), "refused": refused,
        "asked_in": reading.request_of(seen.need, actor),
        "found": reading.proposals_for(seen, actor) if "propose" in offered else None,
        "asks_why": partial(forms.reason_shown, refused),
        "attaching": forms.attach_form() if "attach" in offered else None,
    }  # fmt: skip
    return render_template("reservations/needs/need.html", **context)
