"""Inside `make_ready`: who each unit is open to, and from which day to all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.refurbishing.models import ShareStamp
from reuse_market.refurbishing.solidarity import shares
from reuse_market.refurbishing.solidarity.shares import Share
from reuse_market.units.models import Unit

PUBLIC = "public"  # an Offer's open_to nobody types: the holder kept its lot for public bodies first


@dataclass(frozen=True, slots=True)
class Openness:
    """To whom a unit is open (`open_to` of its offer) and from which day to all; `facts` for the journal."""

    open_to: str
    opens_on: date | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def stamp(found: Sequence[Unit], seller_id: int, open_to: str) -> dict[int, Openness]:
    """Unit id → its openness. Counts the units in the shares that hold, in id order: the 5th of 20 %, the 10th…

    One made ready again keeps what was decided of it the first time. What the seller keeps for associations by
    hand is kept, and counts. A lot its holder keeps for public bodies stays so until its day.
    """
    held = {(u.stream, u.kind): shares.share_of(u.stream, u.kind, seller_id) for u in found}
    if any(held.values()):  # one count at a time
        head = sa.select(Organisation.id).where(Organisation.id == seller_id)
        session().execute(head.with_for_update(key_share=True))
    known = shares.stamped([unit.id for unit in found], seller_id) if any(held.values()) else {}
    public, made = shares.public_until({unit.stream for unit in found}), {}
    for unit in sorted(found, key=lambda one: one.id):
        share = held[unit.stream, unit.kind]
        row = None
        if share is not None:
            row = known.get((unit.id, share.basis)) or _count(unit, share, seller_id, open_to)
        made[unit.id] = _openness(open_to, row, public.get(unit.stream))
    return made


def _count(unit: Unit, share: Share, seller_id: int, open_to: str) -> ShareStamp:
    total, kept = shares.counted(seller_id, share.basis, unit.kind)
    by_hand = open_to != "all"
    due = 100 * (kept + 1) <= total + share.percent
    row = ShareStamp(
        unit_id=unit.id, seller_id=seller_id, basis=share.basis, kind=unit.kind, percent=share.percent,
        kept=by_hand or due, made_at=clock.now(),
        opens_on=clock.in_days(share.days) if due and not by_hand else None,
    )  # fmt: skip
    session().add(row)
    session().flush()
    return row


def _openness(open_to: str, row: ShareStamp | None, public: date | None) -> Openness:
    told = {} if row is None else {"share": row.basis, "share_percent": row.percent, "kept": int(row.kept)}
    if open_to == "all" and row is not None and row.opens_on is not None and row.opens_on > clock.today():
        return Openness("recipients", row.opens_on, told | {"opens_on": row.opens_on.isoformat()})
    if open_to == "all" and public is not None:
        first = public + timedelta(days=1)
        return Openness(PUBLIC, first, told | {"opens_on": first.isoformat()})
    return Openness(open_to, None, told)
