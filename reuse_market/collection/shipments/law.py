"""Whether the owner may change with a shipment: questions put to `regimes`, no rule of its own."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Question
from reuse_market.units.models import Unit
from reuse_market.units.services import criterion

ACTS = {"sale": "resell", "gift": "give"}


def require_transfer(
    transfer: str, unit_ids: Sequence[int], sender_id: int, receiver_id: int, price_cents: int | None
) -> list[str]:
    """Invalid, with the article, where the sender may not sell or give one of these units to the receiver.

    Each unit is judged by what its first holder let it go under. Returns the papers the law asks for.
    """
    alike = sa.select(Unit.regime, Unit.stream, Unit.kind).where(criterion(unit_ids)).distinct()
    rows = session().execute(alike).all()
    lots = sorted({row.stream.removeprefix("lot/") for row in rows})
    held = sa.select(Lot.reference, Lot.holder_id).where(Lot.reference.in_(lots))
    holders = dict(session().execute(held).all())
    kinds, today = regimes.party_kinds([*holders.values(), sender_id, receiver_id]), clock.today()
    questions = [
        Question(
            row.regime or "", kinds.get(holders.get(row.stream.removeprefix("lot/"), 0), parties.UNKNOWN),
            kinds.get(sender_id, parties.UNKNOWN), kinds.get(receiver_id, parties.UNKNOWN), ACTS[transfer], today,
            kind=row.kind, price_cents=price_cents if transfer == "sale" else 0, for_reuse=True,
        )
        for row in rows
    ]  # fmt: skip
    allowed = regimes.require_each(questions, field="transfer")
    return list(dict.fromkeys(code for answer in allowed for code in answer.documents))
