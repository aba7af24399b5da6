"""Which groups of the catalogue would close the gap of a category: those the law counts, at their price HT."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Group
from reuse_market.kernel.actor import Actor
from reuse_market.obligations.agec import closing
from reuse_market.obligations.agec.closing import Supply
from reuse_market.regimes import queries as regimes

MOST_SHOWN = 5
MOST_READ = 100  # groups looked at, those with the most units first


@dataclass(frozen=True, slots=True)
class Offered:
    """A group that counts: `alone` units of it close the gap (None: not enough), `taken` in the cheapest mix."""

    group: Group
    alone: int | None
    taken: int


@dataclass(frozen=True, slots=True)
class Closing:
    """What would close a gap. `cents`: what the cheapest mix costs before tax; None: all of it is not enough."""

    offered: tuple[Offered, ...]
    cents: int | None
    stock_cents: int  # of all that counts and is available


def closing_of(buyer_id: int, category: str, missing_cents: int, actor: Actor) -> Closing:
    """Available groups of that category that count for this buyer, those of the mix first, then the cheapest."""
    buyer = replace(actor, organisation_id=buyer_id, roles=frozenset({"obliged_buyer"}))
    found = catalogue.search(catalogue.Filters(agec="yes"), buyer, size=MOST_READ, count=False).groups
    kinds = regimes.kinds_of_category(category)
    counting_ones = [g for g in found if g.kind in kinds and g.price_cents > 0 and g.seller_id != buyer_id]
    supplies = [Supply(g.key, g.units, g.price_cents) for g in counting_ones]
    mix = closing.cheapest(supplies, missing_cents)
    taken = {one.key: one.units for one in mix or ()}
    by_key = {supply.key: supply for supply in supplies}
    offered = sorted(
        (Offered(g, closing.alone(by_key[g.key], missing_cents), taken.get(g.key, 0)) for g in counting_ones),
        key=lambda one: (one.taken == 0, one.alone is None, one.group.price_cents, one.group.key),
    )
    shown = [one for one in offered if one.taken] + [one for one in offered if not one.taken]
    cents = sum(one.cents for one in mix) if mix is not None else None
    stock = sum(supply.units * supply.price_cents for supply in supplies)
    most = max(MOST_SHOWN, min(len(taken), 2 * MOST_SHOWN))
    return Closing(tuple(shown[:most]), cents, stock)
