"""The sheet as a paper: its facts, language-neutral (documents/reen_deed.py words them)."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.models import Organisation
from reuse_market.obligations.reen.counting import Item, Sheet, why_not

KIND = "reen_sheet"
PREFIX = "REEN"


def owner(holder_id: int, year: int) -> str:
    """What the paper belongs to."""
    return f"organisation/{holder_id}/reen/{year}"


def facts(sheet: Sheet, holder: Organisation | None) -> dict[str, Any]:
    """Everything the paper says, in codes and integers."""
    return {
        "giver": {
            "name": holder.name if holder else "", "siret": (holder.siret or "") if holder else "",
        },
        "year": sheet.year, "stock": sheet.base, "oriented": sheet.oriented, "per_mille": sheet.per_mille,
        "target_per_mille": sheet.target_per_mille, "reached": sheet.reached, "unproven": sheet.unproven,
        "kpi": {"gift": sheet.kpi("gift"), "sale": sheet.kpi("sale")},
        "outlets": [
            {"code": one.code, "left": one.left, "counted": one.counted, "missing": dict(one.missing)}
            for one in sheet.outlets() if one.left
        ],
        "excluded": why_not(sheet.stock),
        "typed": _typed(sheet.stock) + _typed(sheet.left),
    }  # fmt: skip


def _typed(items: tuple[Item, ...]) -> list[dict[str, Any]]:
    """What the body typed, beside what the platform saw."""
    return [
        {
            "outlet": item.outlet, "kind": item.kind, "units": item.units, "why": item.why,
            "reference": item.proof, "on": item.left_on.isoformat() if item.left_on else None,
        }
        for item in items if item.line_id is not None
    ]  # fmt: skip
