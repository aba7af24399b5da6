"""Saved searches: kept from a list, renamed, told more or less often, stopped from a mail, deleted."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import searches
from reuse_market.accounts.search_forms import CADENCES, SearchForm
from reuse_market.accounts.views.base import Page, blueprint
from reuse_market.accounts.views.passwords import unkept
from reuse_market.web.access import access, current_actor
from reuse_market.web.problems import telling


@blueprint.get("/recherches")
@access("organisation-member")
def saved_searches() -> Page:
    """One's searches."""
    rows = searches.mine(current_actor())
    return render_template(
        "accounts/searches.html", rows=rows, address=searches.address, cadences=dict(CADENCES)
    )


@blueprint.route("/recherches/nouvelle", methods=["GET", "POST"])
@access("organisation-member")
def new_search() -> Page:
    """Keep the filters of the list one comes from."""
    given = request.args.to_dict()
    room = given.pop("room", "lots")
    form = SearchForm.from_request()
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            searches.save_search(
                room, form.name.data, urlencode(given), form.cadence.data, actor=current_actor()
            )
        if outcome.ok:
            flash(_("The search is kept."), "success")
            return redirect(url_for("accounts.saved_searches"))
        status = outcome.status
    return render_template(
        "accounts/search.html", form=form, search=None, back=searches.room(room).path, room=room
    ), status


@blueprint.route("/recherches/<int:search_id>", methods=["GET", "POST"])
@access("organisation-member")
def edit_search(search_id: int) -> Page:
    """Rename it, or be told more or less often."""
    found = searches.get(search_id, current_actor())
    form = SearchForm.from_request(obj=found)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        with telling(form) as outcome:
            searches.change_search(
                search_id, name=form.name.data, cadence=form.cadence.data, actor=current_actor()
            )
        if outcome.ok:
            flash(_("The search is saved."), "success")
            return redirect(url_for("accounts.saved_searches"))
        status = outcome.status
    return render_template(
        "accounts/search.html", form=form, search=found, back=searches.address(found)
    ), status


@blueprint.post("/recherches/<int:search_id>/suppression")
@access("organisation-member")
def delete_search(search_id: int) -> Response:
    """Forget it."""
    searches.delete_search(search_id, actor=current_actor())
    flash(_("The search is deleted."), "success")
    return redirect(url_for("accounts.saved_searches"))


@blueprint.route("/recherches/arret/<string:token>", methods=["GET", "POST"])
@access("public")
def stop_search(token: str) -> Response:
    """The link of a mail. Opening it changes nothing (mail filters open links); its button does."""
    found = searches.stop_digest(token) if request.method == "POST" else searches.by_token(token)
    page = render_template("accounts/search_stop.html", search=found, stopped=found.cadence == "never")
    return unkept(make_response(page))
