"""Before the vehicle leaves: the site sheet, who comes, the safety protocol of the place."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from reuse_market.accounts import queries as accounts
from reuse_market.collection import papers, queries
from reuse_market.collection.arrivals import coming, protocols, sheet, wording
from reuse_market.collection.arrivals.forms import ComingForm, RulesForm
from reuse_market.collection.models import LoadingProtocol
from reuse_market.collection.views.base import Page, blueprint, language
from reuse_market.documents import queries as documents
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling

AT = "/enlevements/<string:reference>"


@blueprint.get(f"{AT}/fiche-site")
@access("party")
def site_sheet(reference: str) -> Page:
    """One page to print: the place, what is missing, who comes with what."""
    found = queries.seen(reference, current_actor())
    site = sheet.of(found, language())
    return render_template(
        "collection/site_sheet.html", pickup=found, view=queries.view(found), sheet=site, wording=wording,
        address=papers.address(site.site), offered=coming.offered(found, current_actor()),
        names=accounts.names([site.comes_id, site.host_id]), protocol=protocols.of_pickup(found),
        needed=protocols.needed(found), own_place=current_actor().is_org(site.host_id),
    )  # fmt: skip


@blueprint.post(f"{AT}/demander-fiche")
@access("taker")
def ask_site(reference: str) -> Page:
    """Ask the place's organisation for what its site does not say."""
    coming.ask_site(reference, actor=current_actor())
    flash(_("Asked for. You are told on this page once it is filled in."), "success")
    return redirect(url_for("collection.site_sheet", reference=reference))


@blueprint.route(f"{AT}/vehicule", methods=["GET", "POST"])
@access("taker")
def announce(reference: str) -> Page:
    """Say who comes, with which vehicle."""
    found = queries.seen(reference, current_actor())
    form = ComingForm.from_request(obj=found)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            coming.announce(
                reference, actor=current_actor(), **{name: value or "" for name, value in form.data.items()}
            )
        if outcome.ok:
            flash(_("The other side is told who comes."), "success")
            return redirect(url_for("collection.pickup", reference=reference))
        status = outcome.status
    return render_template(
        "collection/coming.html", form=form, view=queries.view(found), pickup=found
    ), status


@blueprint.route(f"{AT}/protocole", methods=["GET", "POST"])
@access("party")
def protocol(reference: str) -> Page:
    """The safety protocol of the place: each side writes its part and signs."""
    actor = current_actor()
    found = queries.seen(reference, actor)
    if not protocols.needed(found):
        raise NotFound(N_("No protocol is needed between these two here."))
    form = RulesForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            protocols.sign(found, form["rules"].data, actor=actor)
        if outcome.ok:
            flash(_("Signed. The other side is told."), "success")
            return redirect(url_for("collection.protocol", reference=reference))
        status = outcome.status
    return _protocol_page(found, form), status


@blueprint.get("/protocoles")
@access("party")
def protocol_register() -> Page:
    """Every protocol of the organisation, with its paper."""
    actor = current_actor()
    rows = protocols.register(actor)
    names = accounts.names(i for one in rows for i in (one.host_id, one.carrier_id))
    return render_template(
        "collection/protocols.html", rows=rows, names=names, wording=wording,
        sites={one.site_id: accounts.site(one.site_id) for one in rows}, papers={one.id: _paper(one) for one in rows},
    )  # fmt: skip


def _protocol_page(found: Any, form: Any) -> str:
    actor, place = current_actor(), accounts.site(found.site_id)
    current = protocols.of_pickup(found)
    comes = sheet.comes(found)
    side = (
        {place.organisation_id: "host", comes: "carrier"}.get(actor.organisation_id or 0) if place else None
    )
    hours = sheet.of(found, language()).hours
    names = accounts.names([comes, place.organisation_id if place else 0])
    return render_template(
        "collection/protocol.html", form=form, view=queries.view(found), site=place, protocol=current, side=side,
        may_sign=protocols.may_sign(found, actor), hours=hours, names=names,
        comes=comes, wording=wording, paper=_paper(current) if current else None, address=papers.address(place),
    )  # fmt: skip


def _paper(one: LoadingProtocol) -> str | None:
    """The number of the paper in force."""
    issued = documents.of(f"protocol/{one.reference}", kind="loading_protocol")
    return issued[0].number if issued else None
