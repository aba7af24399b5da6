"""Where a long import is: a page that looks again by itself, and the way there."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for

from reuse_market.fleets import queries, services
from reuse_market.fleets.models import InventoryImport
from reuse_market.fleets.views.base import Page, blueprint
from reuse_market.web import again
from reuse_market.web.access import access, current_actor

NEXT = {"read": "columns", "judged": "verify", "done": "done", "cancelled": "upload"}


@blueprint.get("/parc/importer/<int:import_id>/avancement")
@access("holder")
def progress(import_id: int) -> Page:
    """How far a long import is; then where it goes on."""
    row = queries.get_import(import_id, current_actor())
    if row.state in NEXT:
        known: dict[str, Any] = {} if row.state == "cancelled" else {"import_id": import_id}
        return redirect(url_for(f"fleets.{NEXT[row.state]}", **known))
    work = row.work or {}
    rows, of = int(work.get("rows") or 0), work.get("of")
    share = min(99, 100 * rows // of) if of else None
    shown = {"row": row, "work": work, "rows": rows, "of": of, "share": share, "still": again.stands_still()}
    return again.looking_again(render_template("fleets/progress.html", **shown))


def at_work(row: InventoryImport) -> Page | None:
    """The way to the progress of an import that is worked on; None for any other."""
    if row.state in ("judging", "applying"):
        return redirect(url_for("fleets.progress", import_id=row.id))
    return None


def judged(row: InventoryImport, targets: list[str] | None = None) -> str:
    """Judge an import now, or have it judged when it is long; the endpoint to go on with.

    Without `targets`, with the columns the import has: those its holder chose for the same header before.
    """
    if services.is_long(row):
        services.ask_judging(row.id, targets, actor=current_actor())
        return "fleets.progress"
    services.confirm_mapping(row.id, targets, actor=current_actor())
    return "fleets.verify"


def applied(row: InventoryImport) -> None:
    """Apply a judged import now, or have it applied when it is long."""
    apply = services.ask_applying if services.is_long(row) else services.apply_import
    apply(row.id, actor=current_actor())
