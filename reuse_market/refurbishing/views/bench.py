"""The bench: a field for the scanner, what came in, what is being done."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.collection.revising.queries import not_arrived
from reuse_market.refurbishing import label_queue, lists, queries, services, words
from reuse_market.refurbishing.forms import FilterForm, ScanForm
from reuse_market.refurbishing.locks import queries as locks
from reuse_market.refurbishing.views.page import Page, blueprint, kind_names, namer
from reuse_market.units.shipping import open_shipments
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager


@blueprint.get("/atelier")
@access("reuse-actor")
def bench() -> Page:
    """Scan a device, or choose one in a list."""
    here = current_actor().organisation_id or 0
    scan = ScanForm.from_query()
    found = lists.find(here, scan.code.data) if scan.code.data else []
    if len(found) == 1:
        return redirect(url_for("refurbishing.unit", unit_id=found[0]))
    if scan.code.data and not found:
        scan.refuse(
            "code", _("No device of your workshop has this code. Check it, or type the serial number.")
        )
    return _bench_page(here, scan, found), 404 if scan.errors else 200


@blueprint.post("/atelier/arrivees")
@access("reuse-actor")
def receive_all() -> Page:
    """Take in all that came by one pick-up, or by one shipment."""
    actor = current_actor()
    pickup, lot = request.form.get("pickup") or None, request.form.get("lot") or None
    shipment = request.form.get("expedition") or None
    ids = lists.arrival_ids(actor.organisation_id or 0, pickup=pickup, lot=lot, shipment=shipment)
    number = services.receive_units(ids, actor=actor)
    text = ngettext(
        "%(num)s device is in the workshop.", "%(num)s devices are in the workshop.", number
    )  # fmt: skip
    flash(text, "success" if number else "warning")
    return redirect(url_for("refurbishing.bench", liste="workshop", lot=lot))


def _bench_page(here: int, scan: ScanForm, found: list[int]) -> str:
    counts = lists.counts(here)
    shown = request.args.get("liste", "")
    if shown not in lists.LISTS:
        shown = "arrivals" if counts["arrivals"] and not counts["workshop"] else "workshop"
    filters = _filters(here, shown)
    chosen = {name: filters[name].data or None for name in ("kind", "lot")}
    pager = Pager.asked(lists.count(here, shown, **chosen))
    rows = lists.rows(here, shown, pager.limit, pager.offset, **chosen)
    return render_template(
        "refurbishing/bench.html",
        scan=scan,
        found=queries.cases(found),
        counts=counts,
        shown=shown,
        tabs=_tabs(counts, shown),
        filters=filters,
        active=sum(1 for value in chosen.values() if value),
        pager=pager,
        rows=rows,
        locked=locks.of_units([case.unit.id for case in rows]) if shown == "workshop" else {},
        sent=open_shipments([case.unit.id for case in rows]),
        queued=label_queue.count(here),
        arrivals=lists.arrivals(here) if shown == "arrivals" else [],
        disputed=not_arrived(here) if shown == "arrivals" else {},
        series=lists.series(here)[:10] if shown == "workshop" else [],
        name_of=namer(),
        words=words,
    )


def _tabs(counts: dict[str, int], shown: str) -> list[dict[str, object]]:
    """A tab for each list; the lost ones only where there are some."""
    return [
        {
            "label": f"{_(text)} ({counts[name]})",
            "url": url_for("refurbishing.bench", liste=name),
            "current": name == shown,
        }
        for name, text in words.LISTS.items()
        if counts[name] or name not in ("lost", "waste") or name == shown
    ]


def _filters(here: int, shown: str) -> FilterForm:
    kinds, lots = lists.facets(here, shown)
    names = kind_names()
    form: FilterForm = FilterForm.from_query()
    form.kind.choices = [("", _("All kinds")), *((code, names.get(code, code)) for code in kinds)]
    form.lot.choices = [("", _("All lots")), *((lot, lot) for lot in lots)]
    for field in (form.kind, form.lot):
        if field.data not in {value for value, _text in field.choices}:
            field.data = ""
    return form
