"""The page of a share: the holder and the operator read the proposal, accept it or change it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.claims.sharing import accepting, reading
from reuse_market.claims.sharing.forms import share_form
from reuse_market.lots import queries as lots
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]


@access("party")
def share(reference: str) -> Page:
    """The proposal as a table of numbers that may be changed."""
    actor = current_actor()
    lot = lots.seen(reference, actor)
    table = reading.seen(lot, actor)
    form = share_form(table)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            accepting.accept_share(reference, form.cells(), form.reason.data or "", actor=actor)
        if outcome.ok:
            flash(_("The share is accepted. Each organisation is told what it gets and why."), "success")
            return redirect(url_for("claims.share", reference=reference))
        status = outcome.status
    return render_template(
        "claims/share.html",
        lot=lot,
        table=table,
        share=table.share,
        form=form,
        is_holder=actor.is_org(lot.holder_id),
    ), status


def register(blueprint: Blueprint) -> None:
    """Give the page its address."""
    blueprint.add_url_rule("/lots/<string:reference>/partage", "share", share, methods=["GET", "POST"])
