"""Verb: take a unit apart; its mass is that of its parts, of what is left over, and of what was lost."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.erasure import queries as erasure
from reuse_market.erasure.gate import DEFAULT_POLICY, judge_medium
from reuse_market.kernel import clock, dated, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import queries
from reuse_market.refurbishing.parts_models import LOSS_REASONS, Dismantling, PartFit
from reuse_market.refurbishing.services import work
from reuse_market.refurbishing.services.repairing import CHOOSE, HEAVIEST, Taken, new_part
from reuse_market.traceability import journal
from reuse_market.units import services as units
from reuse_market.units.models import Unit

TOLERANCE = "dismantling.loss"  # rate: grams that may be lost without a reason, in thousandths of the unit's
MOST_PARTS = 40


@command
def dismantle_unit(
    unit_id: int, parts: Sequence[Taken] = (), *, actor: Actor, unit_g: int | None = None,
    residue_g: int | None = None, reason: str | None = None, note: str = "",
) -> Dismantling:  # fmt: skip
    """The unit ends here: parts for the stock, a residue for the waste, and a loss, in grams.

    `unit_g`: as weighed; else what is known of the unit, else the usual mass of its kind. Beyond the tolerance
    (rate `dismantling.loss`), or where something was not weighed, a `reason` is asked (LOSS_REASONS). Refused:
    outside the workshop, or not owned; a storage medium neither proven erased nor taken out for destruction; a
    part of another unit still in it.
    """
    [unit] = work.locked([unit_id], actor)
    work.require("dismantle", unit, actor)
    work.require_owned(unit)
    if len(parts) > MOST_PARTS or len(note) > 300:
        raise Invalid(N_("Shorten this to %(most)s characters."), field="note", most=300)
    praise.require_plain(note, field="note")
    if reason is not None and reason not in LOSS_REASONS:
        raise Invalid(CHOOSE, field="reason")
    _require_empty(unit)
    made = _weighed(unit, parts, unit_g, residue_g)
    if not reason and not within(made):
        raise Invalid(N_("The weights do not add up within the tolerance: say why."), field="reason",
                      code="dismantling.balance")  # fmt: skip
    made.reason, made.note = reason or None, note.strip()
    made.organisation_id, made.person_id = actor.organisation_id or 0, actor.person_id
    taken = [new_part(unit, one, actor, dismantled=True) for one in parts]
    session().add(made)
    session().flush()
    facts = {"parts": [part.id for part in taken], "unit_g": made.unit_g, "parts_g": made.parts_g,
             "residue_g": made.residue_g, "loss_g": made.loss_g, "reason": made.reason}  # fmt: skip
    work.move(units.Move(action="dismantle"), [unit], journal.Act(actor), facts)
    return made


@command
def to_parts(unit_id: int, *, actor: Actor) -> Dismantling:
    """Take a unit apart without weighing anything: it ends there, and its register says so."""
    return dismantle_unit(unit_id, actor=actor, reason="not_weighed")


def within(made: Dismantling) -> bool:
    """Whether all is weighed and what is lost stays within the tolerance of the day."""
    share = dated.rate_per_mille(TOLERANCE)
    if made.loss_g is None or made.unit_g is None or share is None:
        return False
    return abs(made.loss_g) * 1000 <= made.unit_g * share


def mass_of(unit: Unit) -> int | None:
    """What is known of a unit's mass: its own, else the usual one of its kind; None: nobody knows."""
    return unit.weight_g or equipment.mass_g(unit.kind)


def _weighed(unit: Unit, parts: Sequence[Taken], unit_g: int | None, residue_g: int | None) -> Dismantling:
    for name, grams in (("unit_g", unit_g), ("residue_g", residue_g)):
        if grams is not None and not 0 <= grams <= HEAVIEST:
            raise Invalid(N_("Enter a weight between 0 and %(most)s g."), field=name, most=HEAVIEST)
    whole = unit_g or mass_of(unit)
    each = [part.weight_g for part in parts]
    parts_g = sum(grams or 0 for grams in each) if None not in each else None
    known = whole is not None and parts_g is not None and residue_g is not None
    return Dismantling(
        unit_id=unit.id, unit_g=whole, parts_g=parts_g, residue_g=residue_g, dismantled_at=clock.now(),
        loss_g=(whole or 0) - (parts_g or 0) - (residue_g or 0) if known else None,
    )  # fmt: skip


def _require_empty(unit: Unit) -> None:
    """No medium with data, and no part of another unit, ends in the residue."""
    case = queries.case(unit.id)
    policy = (case.policy if case else None) or DEFAULT_POLICY
    found = erasure.media_of([unit.id])[unit.id]
    for medium, proofs in found.media:
        if medium.removed_at is None and judge_medium(policy, medium, proofs, found):
            raise Conflict(
                N_("A storage medium is not proven erased: erase it, or take it out for destruction, first."),
                code="dismantling.media",
            )  # fmt: skip
    fitted = sa.select(PartFit.id).where(PartFit.unit_id == unit.id, PartFit.until_at.is_(None)).limit(1)
    if session().scalar(fitted) is not None:
        raise Conflict(N_("A part of another device is in it: take it out first."), code="dismantling.parts")
