"""Shares at closing, on `/lots`: read the proposal, accept or change it."""

from __future__ import annotations

from typing import Any

from reuse_market.claims.api import claims
from reuse_market.claims.sharing import accepting, reading, schemas
from reuse_market.lots import queries as lots
from reuse_market.web import rest
from reuse_market.web.access import current_actor

LOT = "/lots/<ref:reference>"
SHOWN = (
    "reference", "state", "status", "solver", "seed", "made_at", "answer_until", "answered_at", "answered_by", "edited",
    "reason",
)  # fmt: skip


@claims.read(f"{LOT}/share", rule="party", shape=schemas.ShareSchema, name="share")
def get_share(reference: str) -> dict[str, Any]:
    """The last proposal made for a lot: for its holder and those who oversee."""
    return _shown(reference)


@claims.verb(f"{LOT}:accept-share", rule="party", body=schemas.AcceptShareInput, shape=schemas.ShareSchema)
def accept_share(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The holder or the operator accepts the proposal, or other numbers with a reason."""
    actor = current_actor()
    lots.seen(reference, actor)
    cells = (
        {(one["claim"], one["line"]): one["units"] for one in values["cells"]} if "cells" in values else None
    )
    accepting.accept_share(reference, cells, values["reason"], actor=actor)
    return _shown(reference)


def _shown(reference: str) -> dict[str, Any]:
    actor = current_actor()
    table = reading.seen(lots.seen(reference, actor), actor)
    why = [column.why | {"claim": column.claim} for column in table.columns]
    mine = rest.address("lots", reference)
    links = {"self": f"{mine}/share", "lot": mine, "page": f"/lots/{reference}/partage"}
    cells = [
        {"claim": one.claim, "line": one.line, "asked": one.asked, "units": one.units, "final": one.final,
         "eligible": one.may}
        for one in table.cells
    ]  # fmt: skip
    return {name: getattr(table.share, name) for name in SHOWN} | {
        "lot": reference, "claims": why, "cells": cells, "links": links,
        "actions": [],  # the lot names them
    }  # fmt: skip
