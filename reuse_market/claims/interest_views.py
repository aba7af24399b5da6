"""Pages of interest in planned lots: say it, change it, take it back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.claims import interest, services
from reuse_market.claims.forms import InterestForm
from reuse_market.lots import queries as lots
from reuse_market.lots import words
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

Page = str | Response | tuple[str, int]


@access("taker")
def say(reference: str) -> Page:
    """How many devices of a lot to come the organisation would like."""
    actor = current_actor()
    lot = lots.seen(reference, actor)
    mine = interest.open_of(lot.id, actor.organisation_id)
    form = InterestForm.from_request(obj=mine)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            services.register_interest(reference, form.units.data, form.note.data or "", actor=actor)
        if outcome.ok:
            flash(
                _("Your interest is noted. You are told when the lot changes, is published or given up."),
                "success",
            )
            return redirect(url_for("lots.lot", reference=reference))
        status = outcome.status
    lines, balance = lots.contents(lot)
    return render_template(
        "claims/interest.html", lot=lot, form=form, mine=mine, lines=lines, total=balance.total, words=words,
        may=interest.may_register(lot, actor),
    ), status  # fmt: skip


@access("taker")
def withdraw(reference: str) -> Page:
    """Take the interest back."""
    services.withdraw_interest(reference, actor=current_actor())
    flash(_("Your interest is taken back. The holder no longer counts on it."), "success")
    return redirect(url_for("lots.lot", reference=reference))


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    at = "/lots/<string:reference>/interet"
    blueprint.add_url_rule(at, "interest", say, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{at}/retirer", "withdraw_interest", withdraw, methods=["POST"])
