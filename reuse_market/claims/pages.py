"""What the page that asks for a lot shows: in which capacity, with which papers, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reuse_market.claims import law, offers, queries, reach
from reuse_market.claims.commitment import Undertaking, undertaking
from reuse_market.claims.queries import LineView
from reuse_market.claims.reach import Reach
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict
from reuse_market.lots.models import Lot
from reuse_market.regimes import queries as regimes


@dataclass(frozen=True, slots=True)
class Asking:
    """A lot as somebody may ask for it. `kept_until`: the day to wait for, when public bodies go first."""

    lot: Lot
    lines: list[LineView]
    capacities: tuple[str, ...]
    capacity: str
    choices: tuple[str, ...]
    standing: law.Standing
    undertaking: Undertaking | None
    kept_until: date | None
    reach: Reach | None = None  # beside the declared capacity of who reconditions

    @property
    def at_closing(self) -> bool:
        """Shared among all who ask, on the last day for requests."""
        return self.lot.award_mode == "at_closing"

    @property
    def as_is(self) -> bool:
        """For one's own use, as the devices are."""
        return self.capacity == "recipient"


def asking(lot: Lot, actor: Actor, wanted: str) -> Asking:
    """The page's facts: the capacity wanted if possible, else the first one the law lets them have.

    NotAllowed for who may ask for this lot in no capacity.
    """
    if lot.published_at is None:
        raise Conflict(queries.NOT_PUBLISHED, code="claim.not-published")
    possible = queries.capacities(lot, actor)
    if not possible:
        raise queries.no_capacity(lot, actor)
    told = {each: law.standing(lot, actor.organisation_id, each) for each in possible}
    best = next((each for each in possible if told[each].allowed), possible[0])
    capacity = wanted if wanted in possible else best
    standing = told[capacity]
    return Asking(
        lot=lot,
        lines=queries.lot_lines(lot),
        capacities=possible,
        capacity=capacity,
        choices=offers.choices(lot, regimes.party_kind(lot.holder_id), capacity),
        standing=standing,
        undertaking=undertaking(standing.documents),
        kept_until=queries.kept_until(lot, actor),
        reach=reach.before_asking(actor.organisation_id) if capacity == "reuse_actor" else None,
    )
