"""Second looks: what waits, the list drawn, its signature."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.erasure import checking, extracts, seconding, words
from reuse_market.erasure.check_forms import DrawForm, SignForm
from reuse_market.erasure.models import ErasureCheck
from reuse_market.kernel.errors import NotFound
from reuse_market.units.labels import codes_of
from reuse_market.web.access import access, current_actor
from reuse_market.web.forms import Form
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]
CHECK = "/effacements/controles/<int:check_id>"


@access("waste-keeper")
def checks() -> Page:
    """The lots whose certificates wait for a second look, and the lists made."""
    here, form, status = current_actor().organisation_id or 0, DrawForm.from_request(), 200
    if request.method == "POST":
        status = 422
        if form.accepted():
            with telling(form) as outcome:
                made = checking.draw_check(
                    f"lot/{form.lot.data}", form.how.data, form.percent.data, actor=current_actor()
                )
            if outcome.ok:
                return redirect(url_for("erasure.check", check_id=made.id))
            status = outcome.status
    return render_template(
        "erasure/checks.html", form=form, waiting=seconding.waiting(here), checks=seconding.checks(here),
        words=words, percent=checking.PERCENT,
    ), status  # fmt: skip


@access("waste-keeper")
def check(check_id: int) -> Page:
    """A list: what was drawn, and its signature."""
    found, form, status = _mine(check_id), SignForm.from_request(), 200
    if request.method == "POST":
        status = 422
        if form.accepted():
            with telling(form) as outcome:
                checking.sign_check(
                    check_id, form.list_sha256.data, form.refused.data or (), actor=current_actor(),
                    title=form.title.data or "", place=form.place.data or "",
                )  # fmt: skip
            if outcome.ok:
                flash(_("The check is signed."), "success")
                return redirect(url_for("erasure.check", check_id=check_id))
            status = outcome.status
    return _page(found, form), status


@access("waste-keeper")
def check_list(check_id: int) -> Response:
    """The list as a file: the bytes its signature is about."""
    data = extracts.sheet(_mine(check_id).id)
    name = f"controle-effacements-{check_id}.csv"
    return send_file(io.BytesIO(data), mimetype="text/csv", as_attachment=True, download_name=name)


def _mine(check_id: int) -> ErasureCheck:
    found = seconding.check(check_id)
    if found is None or not seconding.may_see(current_actor(), found):
        raise NotFound(checking.NO_CHECK)
    return found


def _page(found: ErasureCheck, form: Form) -> str:
    """All that was drawn on one page: nobody signs what they were not shown."""
    lines, actor = seconding.lines(found.id), current_actor()
    return render_template(
        "erasure/check.html", check=found, form=form, lines=[one for one in lines if one.drawn], total=len(lines),
        words=words, signed=found.signed_at is not None, list_sha256=extracts.digest(extracts.sheet(found.id)),
        codes=codes_of([one.unit.id for one in lines if one.drawn]),
        own=seconding.own_work(actor, [one.certificate for one in lines]), may=actor.commits and actor.own_hand,
    )  # fmt: skip


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    add = blueprint.add_url_rule
    add("/effacements/controles", view_func=checks, methods=["GET", "POST"])
    add(CHECK, view_func=check, methods=["GET", "POST"])
    add(f"{CHECK}/liste.csv", view_func=check_list)
