"""What is written about locks: to the holder the serials, to the workshop the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.notices.services import queue
from reuse_market.refurbishing.locks.queries import Waiting
from reuse_market.refurbishing.models import LockRequest

SHOWN = 200  # serials in one mail; the page of the link has them all


def asked(
    request: LockRequest, rows: Sequence[Waiting], address: str, language: str, token: str, until: datetime,
    *, again: bool,
) -> None:  # fmt: skip
    """Ask the holder to release, device by device."""
    names = accounts.names([request.organisation_id])
    english = "?lang=en" if language == "en" else ""
    told = devices(rows)
    facts: dict[str, Any] = {
        "lot_ref": request.lot, "workshop_name": names.get(request.organisation_id, ""),
        "units": len(told), "devices": told[:SHOWN], "more": max(0, len(told) - SHOWN),
        "until": until.isoformat(), "again": again, "url": f"/verrous/{token}{english}",
    }  # fmt: skip
    queue("locks_asked", address, language, facts, f"locks/{request.id}")


def answered(rows: Sequence[Waiting]) -> None:
    """Tell each workshop which of its devices are released, and which cannot be."""
    by_place: dict[tuple[int, str], list[Waiting]] = {}
    for row in rows:
        by_place.setdefault((row.wait.organisation_id, row.wait.lot), []).append(row)
    for (organisation_id, lot), group in by_place.items():
        refused = {row.unit.id for row in group if row.wait.answer == "refused"}
        facts = {
            "lot_ref": lot, "holder_name": accounts.names([group[0].wait.holder_id])[group[0].wait.holder_id],
            "by": group[0].wait.answered_by or "", "url": "/atelier/verrous",
            "released": len({row.unit.id for row in group} - refused), "refused": len(refused),
        }  # fmt: skip
        for address, language in accounts.addresses_of(organisation_id):
            queue("locks_answered", address, language, facts, f"lot/{lot}")


def devices(rows: Sequence[Waiting]) -> list[dict[str, Any]]:
    """Each device once, with its locks (codes)."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        model = f"{row.model.maker} {row.model.name}".strip() if row.model else ""
        device = found.setdefault(
            row.unit.id,
            {"name": model, "serial": row.unit.serial or "", "tag": row.unit.asset_tag or "", "locks": []},
        )
        device["locks"].append(row.wait.kind)
    return list(found.values())
