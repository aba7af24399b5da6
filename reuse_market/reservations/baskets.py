"""Many alike from several sellers in one go: a split to choose from, then one reservation a seller, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.equipment.configurations import COLUMNS, Configuration, likeness
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.refurbishing.law import origins
from reuse_market.regimes.cases import Refused
from reuse_market.reservations import law, mails, placing, policy, queries
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.placing import Part
from reuse_market.reservations.waiting import serving
from reuse_market.traceability import journal

MOST_PARTS = 20
FAR = 10**9


@dataclass(frozen=True, slots=True)
class Split:
    """A proposal: parts, the group asked about first; `missing`: how many nobody has ready."""

    parts: tuple[Part, ...]
    missing: int

    @property
    def units(self) -> int:
        """Units of all parts."""
        return sum(part.count for part in self.parts)

    @property
    def net_cents(self) -> int:
        """Before tax, all parts."""
        return sum(part.count * part.group.price_cents for part in self.parts)


def propose(group_key: str, units: int, actor: Actor) -> Split | None:
    """Where `units` devices like this group could come from; None when nothing of the group is left.

    The same kind, model and configuration, the grade at least; first the group itself, then as few sellers as can
    be, the cheapest and nearest of them. Groups that the law does not let this actor take are left out.
    """
    base = catalogue.base_of(actor)
    asked = catalogue.group(group_key, actor, base)
    if asked is None:
        return None
    others = [
        one
        for one in catalogue.groups(catalogue.Filters(kind=asked.kind), actor, base)
        if one.key != asked.key and _alike(one, asked) and _may_take(one, actor)
    ]
    parts = [Part(asked, min(units, asked.units))] if _may_take(asked, actor) else []
    missing = units - sum(part.count for part in parts)
    while missing > 0 and others and len(parts) < MOST_PARTS:
        best = min(others, key=lambda one: _merit(one, missing))
        others.remove(best)
        parts.append(Part(best, min(missing, best.units)))
        missing -= parts[-1].count
    return Split(tuple(parts), missing)


@command
def place_many(
    parts: Sequence[tuple[str, int]],
    *,
    actor: Actor,
    order_number: str = "",
    delivery: str = "collect",
    note: str = "",
    once: str | None = None,
) -> list[Reservation]:
    """Reserve several groups in one go: one reservation each, under one basket, or nothing at all.

    `parts`: (group key, units), 1 to 20, each group once. `once` as `place_reservation`. Refused as it refuses,
    for the first part that cannot be had.
    """
    if not policy.may_reserve(actor):
        raise refusal(
            policy.may_reserve, actor, "reservation.place",
            N_("Only buyers and associations reserve, through somebody who may commit them."),
        )  # fmt: skip
    if (again := _already(once, actor)) is not None:
        return again
    keys = [key for key, _count in parts]
    if not 1 <= len(parts) <= MOST_PARTS or len(set(keys)) != len(keys):
        raise Invalid(N_("Name 1 to %(most)s different groups."), field="parts", most=MOST_PARTS)
    for _key, count in parts:
        placing.check(count, delivery)
    wanted = [Part(placing.reservable(key, actor), count) for key, count in parts]
    wanted.sort(key=lambda part: (part.group.seller_id, part.group.key))
    placing.queue_up(wanted)
    serving.before([part.group for part in wanted], actor)
    basket = next_reference("PAN")
    common = {
        "order_number": order_number.strip()[:60], "delivery": delivery, "note": note.strip()[:500],
        "basket": basket,
    }  # fmt: skip
    made = placing.hold(wanted, doing=journal.Act(actor), common=common)
    made[0].once = once
    for part, found in zip(wanted, made, strict=True):
        mails.placed(found, part.group)
    return made


def of_basket(reference: str, actor: Actor) -> list[queries.Row]:
    """The reservations of a basket, for its beneficiary and those who oversee. NotFound for others."""
    statement = sa.select(Reservation).where(Reservation.basket == reference).order_by(Reservation.id)
    found = session().scalars(statement).all()
    if not found or not policy.may_see_basket(actor, found[0]):
        raise NotFound(N_("This reservation does not exist."))
    return queries.with_names(found)


def _already(once: str | None, actor: Actor) -> list[Reservation] | None:
    if not once:
        return None
    statement = sa.select(Reservation.basket).where(
        Reservation.once == once, Reservation.beneficiary_id == actor.organisation_id
    )
    basket = session().scalar(statement)
    if basket is None:
        return None
    return list(
        session().scalars(sa.select(Reservation).where(Reservation.basket == basket).order_by(Reservation.id))
    )


def _alike(one: catalogue.Group, asked: catalogue.Group) -> bool:
    """The same machine, as a reader sees it, in a grade at least as good and with nothing more that fails."""
    same = (one.kind, one.model_id) == (asked.kind, asked.model_id) and _likeness(one) == _likeness(asked)
    faults = set((one.faults or "").split(",")) - {""}
    return same and one.grade <= asked.grade and faults <= set((asked.faults or "").split(","))


def _likeness(group: catalogue.Group) -> object:
    return likeness(Configuration(*(getattr(group, name) for name in COLUMNS)))


def _may_take(group: catalogue.Group, actor: Actor) -> bool:
    if actor.is_org(group.seller_id):
        return False
    answer = law.ask(origins(group.samples), group.seller_id, actor.organisation_id, group.price)
    return not isinstance(answer, Refused)


def _merit(group: catalogue.Group, missing: int) -> tuple[bool, int, int, int, str]:
    """First those that have all that is missing, the cheapest and nearest of them; else the largest."""
    enough = group.units >= missing
    far = FAR if group.distance_m is None else group.distance_m
    return not enough, 0 if enough else -group.units, group.price_cents, far, group.key
