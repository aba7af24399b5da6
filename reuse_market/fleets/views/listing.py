"""The list of the fleet and the discard of what is ticked in it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from reuse_market.accounts import queries as accounts
from reuse_market.fleets import decisions, queries, services, words
from reuse_market.fleets.forms import FleetForm, SelectionForm
from reuse_market.fleets.views.base import Page, blueprint, kind_names, ways
from reuse_market.kernel.errors import DomainError
from reuse_market.web import problems
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number
from reuse_market.web.paging import Pager


@blueprint.get("/parc")
@access("holder")
def fleet() -> Page:
    """The fleet, narrowed, 25 at a time, with what can be done to the ticked ones."""
    holder_id = current_actor().organisation_id or 0
    form, sites, kinds = FleetForm.from_query(), accounts.sites_of(holder_id), kind_names()
    form.offer(kinds.items(), [(site.id, site.name) for site in sites])
    filters = form.filters()
    pager = Pager.asked(queries.count_fleet(holder_id, filters))
    rows = queries.fleet(holder_id, filters, offset=pager.offset, limit=pager.limit)
    return render_template(
        "fleets/fleet.html", form=form, filters=filters, pager=pager, rows=rows, kinds=kinds, words=words,
        sites={site.id: site.name for site in sites}, counts=queries.counts_by_state(holder_id),
        imports=queries.open_imports(holder_id), lot=request.args.get("lot", "")[:20],
        decided=decisions.decisions_of([row.unit.id for row in rows]),
        departed=decisions.departures_of([row.unit.id for row in rows]), ways=ways("fleets.fleet"),
    )  # fmt: skip


@blueprint.post("/parc/annuler-reforme")
@access("holder")
def annul_discard() -> Page:
    """Put the ticked discarded devices back in use."""
    count = ticked(services.annul_discard, "discarded")
    if count:
        told = ngettext(
            "%(count)s device is in use again.",
            "%(count)s devices are in use again.",
            count,
            count=number(count),
        )
        flash(told, "success")
    return back_to_list()


def ticked(verb: Callable[..., int], state: str) -> int:
    """Run a verb on the ticked units (of all the list: those in `state`); 0 when refused, which is told."""
    actor = current_actor()
    try:
        return verb(SelectionForm.from_request().ids(actor.organisation_id or 0, (state,)), actor=actor)
    except DomainError as error:
        flash(problems.words(error), "error")
        return 0


def back_to_list() -> BaseResponse:
    """The list with the filters it had."""
    form = SelectionForm.from_request()
    lot = {"lot": form.lot.data} if form.lot.data else {}
    return redirect(url_for("fleets.fleet", **form.asked(), **lot))
