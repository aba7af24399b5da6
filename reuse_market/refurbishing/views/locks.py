"""What waits for a holder's release: the workshop's list, the holder's answers, with an account or by a link."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.kernel import clock
from reuse_market.refurbishing import words
from reuse_market.refurbishing.locks import queries, services
from reuse_market.refurbishing.locks.forms import answer_form, answers_of
from reuse_market.refurbishing.views.page import Page, blueprint, kind_names
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.get("/atelier/verrous")
@access("waste-keeper")
def lock_waits() -> Page:
    """What waits for whom since when; what we are asked to release."""
    return _list_page(None), 200


@blueprint.post("/atelier/verrous/demander")
@access("reuse-actor")
def ask_release() -> Response:
    """Write to the holder of a lot now."""
    number = services.ask_holder(request.form.get("lot", ""), actor=current_actor())
    flash(ngettext("The holder is asked to release %(num)s device.",
                   "The holder is asked to release %(num)s devices.", number), "success")  # fmt: skip
    return redirect(url_for("refurbishing.lock_waits"))


@blueprint.post("/atelier/verrous/repondre")
@access("waste-keeper")
def answer_locks() -> Page:
    """A member of the holder answers."""
    rows = [row for group in queries.groups(current_actor(), asked_of_me=True) for row in group.rows]
    form: Any = answer_form(rows, signed=False)
    status = 422
    if form.accepted():
        with telling(form) as outcome:
            services.answer(answers_of(form, rows), actor=current_actor())
        if outcome.ok:
            flash(_("Thank you: the workshop has your answer."), "success")
            return redirect(url_for("refurbishing.lock_waits"))
        status = outcome.status
    return _list_page(form), status


@blueprint.route("/verrous/<string:token>", methods=["GET", "POST"])
@access("public")
def answer_by_link(token: str) -> Page:
    """The holder's contact answers without an account."""
    link = queries.peek(token)
    asked = queries.request(link.request_id) if link is not None else None
    if link is None or asked is None:
        return _unkept(render_template("refurbishing/dead_lock_link.html", message=_(services.DEAD)), 404)
    rows = queries.of_request(asked.id)
    form: Any = answer_form(rows, signed=True)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.answer_link(token, answers_of(form, rows), form.name.data or "")
        if outcome.ok:
            return redirect(url_for("refurbishing.answer_by_link", token=token, merci=1))
        status = outcome.status
    names = accounts.names([asked.organisation_id, asked.holder_id])
    page = render_template(
        "refurbishing/lock_answer.html", rows=rows, form=form, asked=asked, names=names, words=words,
        kinds=kind_names(), thanked=bool(request.args.get("merci")),
    )  # fmt: skip
    return _unkept(page, status)


def _list_page(form: Any) -> str:
    actor = current_actor()
    mine = queries.groups(actor, asked_of_me=False) if actor.has("reuse_actor") else []
    asked = queries.groups(actor, asked_of_me=True)
    rows = [row for group in asked for row in group.rows]
    names = accounts.names({i for group in (*mine, *asked) for i in (group.organisation_id, group.holder_id)})
    return render_template(
        "refurbishing/locks.html", mine=mine, asked=asked, names=names, words=words, kinds=kind_names(),
        form=form or answer_form(rows, signed=False), now=clock.now(),
    )  # fmt: skip


def _unkept(page: str, status: int) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
