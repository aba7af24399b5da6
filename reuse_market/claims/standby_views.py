"""Answering when devices are free again: one still wants them, or lets the next one have them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.claims import queries, standby
from reuse_market.claims.models import Claim
from reuse_market.kernel.actor import Actor
from reuse_market.web.access import access, current_actor
from reuse_market.web.panels import Panel


@access("taker")
def confirm(reference: str) -> Response:
    """Still wanted."""
    standby.confirm(reference, actor=current_actor())
    flash(_("Confirmed. The holder is told and answers your request."), "success")
    return redirect(url_for("claims.claim", reference=reference))


@access("taker")
def let_pass(reference: str) -> Response:
    """Not this time."""
    standby.let_pass(reference, actor=current_actor())
    flash(_("Noted. The next one is asked; your request stays."), "success")
    return redirect(url_for("claims.claim", reference=reference))


def panel(claim: Claim, actor: Actor) -> Panel | None:
    """On the page of a waiting claim: so many devices are free again, and what one may answer."""
    call = standby.of_claim(claim)
    if call is None or call.state not in ("called", "confirmed"):
        return None
    own = actor.is_org(claim.organisation_id)
    context = {"call": call, "own": own, "offered": standby.offered(claim, actor),
               "claimant": queries.view(claim).claimant}  # fmt: skip
    return Panel("claims/_standby.html", context)


def register(blueprint: Blueprint) -> None:
    """Give the acts their addresses."""
    at = "/demandes/<string:reference>/disponibles"
    blueprint.add_url_rule(f"{at}/confirmer", "confirm_standby", confirm, methods=["POST"])
    blueprint.add_url_rule(f"{at}/passer", "pass_standby", let_pass, methods=["POST"])
