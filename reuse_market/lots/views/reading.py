"""The board, the holder's list, the lot's page and its paper twin."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from reuse_market.accounts import searches
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.lots import exports, pages, planned, queries, words
from reuse_market.lots.board_filters import NAMES, OF_LINES
from reuse_market.lots.forms import BoardForm
from reuse_market.lots.services.drafting import NO_LOT
from reuse_market.web import panels, seen
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager, asked_page

Page = str | Response | tuple[str, int]
TABS = {
    "published": ("published",),
    "planned": ("planned",),
    "draft": ("draft",),
    "over": ("closed", "withdrawn", "expired"),
}


@access("public")
def board() -> Page:
    """Lots to collect, soonest deadline first; or lots to come, by month."""
    actor = current_actor()
    if request.args.get("vue") == "annonces":
        return _announced(actor)
    since, to_keep = searches.since("lots", actor)
    base, form = pages.base_of(actor), _board_form(actor)
    filters = form.filters()
    found = queries.board(actor, filters, base, page=asked_page(), since=since)
    if to_keep:
        searches.look("lots", actor)
    return render_template(
        "lots/board.html", **_shown(actor, form, filters, found, base), since=since,
        announced=planned.count_announced(),
        kept={name: value for name, value in request.args.items() if name in NAMES},
    )  # fmt: skip


def _announced(actor: Actor) -> Page:
    base, form = pages.base_of(actor), _board_form(actor, to_come=True)
    filters = form.filters()
    found = planned.announced(actor, filters, base, page=asked_page())
    told = panels.of("board.announced", [card.lot_id for card in found.cards], actor)
    return render_template(
        "lots/announced.html", **_shown(actor, form, filters, found, base),
        interest=told[0].context["counts"] if told else {},
        announced=planned.count_announced() if filters.active else found.total,
    )  # fmt: skip


def _shown(actor: Actor, form: BoardForm, filters: Any, found: Any, base: Any) -> dict[str, Any]:
    return {
        "form": form, "filters": filters, "board": found, "base": base, "words": words,
        "labels": words.kind_labels(), "pager": Pager(found.total, found.page, queries.BOARD_SIZE),
        "member": actor.organisation_id is not None,
    }  # fmt: skip


def _board_form(actor: Actor, to_come: bool = False) -> BoardForm:
    """The filters of the board; who may take it, and how one gets in, is not asked of a lot to come."""
    form: Any = BoardForm.from_query()
    communes = planned.communes_announced() if to_come else queries.communes_on_board()
    form.offer([(code, several) for code, (_one, several) in words.kind_labels().items()], communes)
    unknown = {"entitled"} if actor.organisation_id is None else set()
    unknown |= set() if actor.has("reuse_actor") else {"tail_lift", "dock"}
    unknown |= set() if actor.person_id is not None else {"new"}
    unknown |= {"entitled", "tail_lift", "dock", "new", *OF_LINES} if to_come else set()
    for name in unknown:
        del form[name]
    form.validate()
    return form


@access("holder")
def mine() -> Page:
    """The holder's lots, by tab."""
    holder_id = current_actor().organisation_id or 0
    counts = queries.count_by_state(holder_id)
    totals = {tab: sum(counts.get(state, 0) for state in states) for tab, states in TABS.items()}
    asked = request.args.get("onglet", "")
    tab = asked if asked in TABS else next((name for name in TABS if totals[name]), "published")
    pager = Pager.asked(totals[tab])
    rows = queries.mine(holder_id, TABS[tab], offset=pager.offset, limit=pager.limit)
    return render_template(
        "lots/mine.html", rows=rows, tab=tab, totals=totals, pager=pager, words=words, today=clock.today(),
        parts=panels.drawn("lots.mine", None, current_actor()),
    )  # fmt: skip


@access("holder")
def export() -> FlaskResponse:
    """The holder's lots as a CSV file, a row for each line."""
    heads = (
        _("Lot"), _("Title of the lot"), _("State"), _("Regime"), _("Price of the whole lot, before tax"),
        _("Requests until"), _("Public bodies first"), _("Line"), _("Devices"), _("Kind"), _("Number"),
        _("Estimated value of one device"), _("How was it estimated?"), _("Estimated on"), _("Expected in"),
        *(_(label) for label in words.CONDITION.values()), *(_(label) for label in words.LOCKS.values()), _("Note"),
    )  # fmt: skip
    known = words.REGIMES | words.VALUATIONS | words.WORKS | words.TRISTATE
    said = {code: _(word) for code, word in known.items()}
    return FlaskResponse(
        exports.lines_csv(current_actor().organisation_id or 0, heads, said),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="lots.csv"'},
    )


@access("public")
def lot(reference: str) -> Page:
    """One lot: what this reader may see of it, and the one thing to do."""
    actor = current_actor()
    found = queries.seen(reference, actor)
    shown = pages.lot_page(found, actor)
    if shown["sees_place"] and not actor.is_org(found.holder_id):
        seen.shown(f"lot/{found.reference}", "place", "contacts")
    action = panels.drawn("lot.action", found, actor)
    main = panels.drawn("lot.main", found, actor)
    withdraw = panels.drawn("lot.withdraw", found, actor)  # a room above knows who must be told
    return render_template(
        "lots/lot.html", action=action, main=main, withdraw=withdraw,
        signed_in=actor.person_id is not None, **shown,
    )  # fmt: skip


@access("public")
def sheet(reference: str) -> Page:
    """The lot on one sheet of paper."""
    actor = current_actor()
    return render_template("lots/sheet.html", **pages.lot_page(queries.seen(reference, actor), actor))


@access("party")
def units(reference: str) -> Page:
    """Serial numbers of a lot, for those who may see its place."""
    actor = current_actor()
    found = queries.seen(reference, actor)
    if not queries.may_see_place(found, actor):
        raise NotFound(NO_LOT)
    pager = Pager.asked(queries.count_units(found))
    rows = queries.units_of(found, offset=pager.offset, limit=pager.limit)
    lines = {line.number: line for line in queries.lines(found.id)}
    return render_template("lots/units.html", lot=found, rows=rows, lines=lines, pager=pager)


def register(blueprint: Blueprint) -> None:
    """Give the pages their addresses."""
    blueprint.add_url_rule("/lots", view_func=board)
    blueprint.add_url_rule("/mes-lots", view_func=mine)
    blueprint.add_url_rule("/mes-lots.csv", view_func=export)
    blueprint.add_url_rule("/lots/<string:reference>", view_func=lot)
    blueprint.add_url_rule("/lots/<string:reference>/fiche", view_func=sheet)
    blueprint.add_url_rule("/lots/<string:reference>/appareils", view_func=units)
