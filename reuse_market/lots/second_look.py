"""Verb: the second look a holder asks for on the erasures of its lot, whoever erases."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.erasure import checking, seconding
from reuse_market.erasure.validation_models import CHECKS, ErasureDemand, ErasureException
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import erasing, policy
from reuse_market.lots.models import Lot
from reuse_market.lots.services.drafting import NO_LOT
from reuse_market.lots.services.publishing import stream
from reuse_market.traceability import journal
from reuse_market.units.models import Unit

NOT_TAKEN = ("in_use", "discarded", "listed")  # nobody has counted on the terms yet
OVER = ("withdrawn", "expired", "closed")


@command
def ask_second_look(
    reference: str, how: str | None, percent: int | None = None, *, actor: Actor
) -> ErasureDemand | None:
    """Ask that another person checks the erasures: each one, their list, or a sample of `percent`; None: nobody.

    Refused: NotFound for another's lot; NotAllowed without the right to commit; Conflict for a lot that is over, and
    for asking more once devices are awarded: who took them counted on the terms.
    """
    lot: Lot | None = lock(Lot, Lot.reference == reference)
    if lot is None or not policy.holder(actor, lot):
        raise NotFound(NO_LOT)
    if not actor.commits:
        raise NotAllowed(N_("Your organisation may not do this."), code="not-committing")
    if lot.state in OVER:
        raise Conflict(N_("This lot is over."), code="lot.over")
    if _stronger(seconding.demand_of(stream(reference)), how, percent) and _taken(reference):
        text = N_("Devices of this lot are awarded: the check asked for can only become lighter.")
        raise Conflict(text, code="check.too-late")
    checking.write_demand(stream(reference), how, percent, actor=actor)
    facts = {"lot": reference, "how": how, "percent": percent if how == "sample" else None}
    journal.append(journal.Act(actor), stream(reference), "lot.erasure-check-set", facts=facts)
    return seconding.demand_of(stream(reference))


def level_of(unit: Unit) -> str | None:
    """The level that the unit's lot asks for, as the workshop judges it; None outside lots: purge."""
    lot = erasing.of_streams([unit.stream]).get(unit.stream)
    return lot.erasure_policy if lot is not None else None


@command
def accept_exception(certificate_id: int, ground: str, *, actor: Actor) -> ErasureException:
    """Accept an erasure that did not end well, judged against the level of the unit's own lot.

    Refused: as `checking.accept_exception`.
    """
    unit = seconding.unit_of(certificate_id)
    level = level_of(unit) if unit is not None else None
    return checking.accept_exception(certificate_id, ground, level, actor=actor)


def _stronger(known: ErasureDemand | None, how: str | None, percent: int | None) -> bool:
    def rank(code: str | None, share: int | None) -> tuple[int, int]:
        return (CHECKS.index(code) + 1 if code in CHECKS else 0, share or 0 if code == "sample" else 0)

    return rank(how, percent) > (rank(known.how, known.percent) if known else (0, 0))


def _taken(reference: str) -> bool:
    taken = sa.select(Unit.id).where(Unit.stream == stream(reference), Unit.state.not_in(NOT_TAKEN))
    return session().scalar(taken.limit(1)) is not None
