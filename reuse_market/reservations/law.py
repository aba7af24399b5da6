"""What the law says of a provision: questions put to `regimes`, without a rule of its own."""

from __future__ import annotations

from collections.abc import Sequence

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Allowed, Question
from reuse_market.regimes.parties import UNKNOWN
from reuse_market.reservations import queries
from reuse_market.reservations.models import Reservation


def require_provision(
    found: Reservation, unit_ids: Sequence[int], *, field: str | None = None
) -> list[Allowed]:
    """The permission for the seller to resell (or give, at no price) these units to the beneficiary.

    A device keeps what its first holder let it go under: the regime and that holder's kind decide, device by
    device. Refused: Invalid with the article and what is possible instead. Eight statements, however many.
    """
    origins = queries.origins(unit_ids)
    holders = {origin.holder_id for origin in origins if origin.holder_id is not None}
    kinds = regimes.party_kinds(holders | {found.seller_id, found.beneficiary_id})
    price = catalogue.price_of(found.price_cents, found.vat_scheme)
    act, today = "give" if price.free else "resell", clock.today()
    return regimes.require_each(
        (
            Question(
                origin.regime or "",
                kinds.get(origin.holder_id or 0, UNKNOWN),
                kinds.get(found.seller_id, UNKNOWN),
                kinds.get(found.beneficiary_id, UNKNOWN),
                act,
                today,
                kind=origin.kind,
                price_cents=price.gross_cents,
            )
            for origin in origins
        ),
        field=field,
    )
