"""What one device of a line is worth: how much, how estimated, when, by whom. Fixed by the publication."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots import conditions, queries
from reuse_market.lots.models import LotLine
from reuse_market.lots.services.drafting import draft


@command
def value_lines(
    lot_id: int,
    lines: Collection[int],
    *,
    value_cents: int | None,
    value_how: str | None = None,
    valued_on: date | None = None,
    actor: Actor,
) -> list[LotLine]:
    """Record the estimated value of one device of each of these lines of a draft: cents TTC, one of
    conditions.VALUATIONS, a civil date (today by default); the actor's person answers for it.

    `value_cents` None makes it not known again. The holder alone estimates: no value is supposed. It decides
    whether a public body may give (CG3P D3212-3 to D3212-5) and how low it may sell (CG3P L3211-18).
    Refused: no line, a wrong amount, no way of estimating, a day to come, a lot published already.
    """
    lot = draft(lot_id, actor)
    conditions.check_value(value_cents, value_how, valued_on, clock.today())
    chosen = [line for line in queries.lines(lot.id) if line.number in set(lines)]
    if not chosen or len(chosen) != len(set(lines)):
        raise Invalid(N_("Tick at least one line."), field="lines")
    known = value_cents is not None
    for line in chosen:
        line.value_cents = value_cents
        line.value_how = value_how if known else None
        line.valued_on = (valued_on or clock.today()) if known else None
        line.valued_by = actor.person_id if known else None
    session().flush()
    return chosen
