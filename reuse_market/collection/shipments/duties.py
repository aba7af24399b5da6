"""What follows the units of a shipment: regime, reuse commitment, and the erasure still to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.claims.models import Claim
from reuse_market.erasure.gate import gates
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.services import criterion


@dataclass(frozen=True, slots=True)
class Duties:
    """Of some units: regimes, versions of the reuse commitment, units whose media are not proven erased."""

    regimes: tuple[str, ...]
    commitments: tuple[str, ...]
    policies: tuple[str, ...]
    to_erase: int


def of_units(unit_ids: Sequence[int]) -> Duties:
    """What the receiver takes on with these units, in a constant number of statements."""
    rows = session().execute(
        sa.select(Unit.id, Unit.regime, Lot.erasure_policy)
        .outerjoin(Lot, Unit.stream == "lot/" + Lot.reference)
        .where(criterion(unit_ids))
    ).all()  # fmt: skip
    policies = {row.id: row.erasure_policy for row in rows}
    verdicts = gates(policies)
    claims = (
        sa.select(Claim.commitment_version)
        .join(Engagement, Engagement.reference == Claim.reference)
        .where(Engagement.kind == "award", criterion(unit_ids, Engagement.unit_id))
        .where(Claim.commitment_version != "")
        .distinct()
    )
    return Duties(
        tuple(sorted({row.regime for row in rows if row.regime})),
        tuple(sorted(session().scalars(claims))),
        tuple(sorted({policy for policy in policies.values() if policy})),
        sum(not verdicts[key].passed for key in policies),
    )
