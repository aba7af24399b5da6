"""What became of a holder's devices: read here, or taken back to its own inventory tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from reuse_market.accounts.words import LEGAL_KINDS
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.words import N_
from reuse_market.lots.words import REGIMES
from reuse_market.proofs import fates
from reuse_market.proofs.forms import FatesForm
from reuse_market.traceability import log
from reuse_market.web.access import access, current_actor
from reuse_market.web.paging import Pager
from reuse_market.web.sheets import sheet

blueprint = Blueprint("fates", __name__)
OUTLETS = REGIMES | {
    "staff": N_("Given or sold to staff"),
    "take_back": N_("Taken back by its supplier"),
    "lease_return": N_("Returned to its lessor"),
    "recycling": N_("Recycling"),
}
LABELS = {
    "holder_key": N_("Key in the inventory tool"),
    "asset_tag": N_("Inventory number"),
    "serial": N_("Serial number"),
    "maker": N_("Maker"),
    "model": N_("Model"),
    "kind": N_("Device type"),
}
HEADER = (
    N_("What became of it"), N_("Since when"), N_("Outlet"), N_("Recipient"), N_("Erasure certificates"),
    N_("Published lot"),
)  # fmt: skip


@blueprint.get("/parc/sort")
@access("holder")
def listing() -> str:
    """The fate of each device let go, narrowed by day and lot."""
    holder_id = current_actor().organisation_id or 0
    form = FatesForm.from_query()
    form.offer(fates.lots(holder_id))
    asked = form.asked()
    pager = Pager.asked(fates.count(holder_id, **asked))
    rows = fates.fates(holder_id, offset=pager.offset, limit=pager.limit, **asked)
    return render_template(
        "proofs/fates.html", form=form, pager=pager, rows=rows, kinds=_kinds(), words=fates.FATES, entry=log.entries(),
        outlets=OUTLETS, recipients=LEGAL_KINDS, active=sum(1 for value in asked.values() if value),
    )  # fmt: skip


@blueprint.get("/parc/sort.csv", defaults={"ending": "csv"})
@blueprint.get("/parc/sort.xlsx", defaults={"ending": "xlsx"})
@access("holder")
def export(ending: str) -> Response:
    """The same in the holder's own key columns and delimiter, for its tool to take back."""
    holder_id = current_actor().organisation_id or 0
    form = FatesForm.from_query()
    form.offer(fates.lots(holder_id))
    columns, delimiter = fates.own_columns(holder_id)
    header = [*(label or _(LABELS[code]) for code, label in columns), *(_(word) for word in HEADER)]
    rows = _rows(holder_id, [code for code, _label in columns], form.asked())
    return sheet(ending, _("fate-of-devices"), header, rows, delimiter=delimiter)


def _rows(holder_id: int, columns: list[str], asked: dict[str, Any]) -> Iterator[list[Any]]:
    kinds = _kinds()
    for fate in fates.every(holder_id, **asked):
        own = {"maker": fate.maker, "model": fate.model, "kind": kinds.get(fate.unit.kind, fate.unit.kind)}
        keys = [own[code] if code in own else getattr(fate.unit, code) for code in columns]
        yield [
            *keys, _(fates.FATES[fate.code]), fate.on,
            _(OUTLETS[fate.outlet]) if fate.outlet else "", _(LEGAL_KINDS[fate.recipient]) if fate.recipient else "",
            ", ".join(map(str, fate.certificates)), fate.lot,
        ]  # fmt: skip


def _kinds() -> dict[str, str]:
    english = str(get_locale()) == "en"
    return {kind.code: (kind.label_en if english else kind.label_fr) for kind in equipment.kinds()}
