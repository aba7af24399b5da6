"""Labels: drawing codes, binding one to a unit."""

from __future__ import annotations

import random
from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.units import codes
from reuse_market.units.models import Label, Unit


@command
def ensure_labels(
    unit_ids: Sequence[int], *, actor: Actor, rng: random.Random | None = None
) -> dict[int, str]:
    """Give each unit a code if it has none yet; unit id → code. Safe to repeat."""
    known = codes_of(unit_ids)
    missing = [i for i in unit_ids if i not in known]
    instant = clock.now()
    made = dict(zip(missing, _free_codes(len(missing), rng), strict=True))
    shared = {"issuer_id": actor.organisation_id, "made_at": instant, "bound_at": instant}
    rows = [{"code": code, "unit_id": unit_id, **shared} for unit_id, code in made.items()]
    if rows:
        session().execute(sa.insert(Label), rows)
    return known | made


@command
def print_blank_labels(count: int, *, actor: Actor, rng: random.Random | None = None) -> list[str]:
    """`count` unbound labels issued by the actor's organisation, to stick later."""
    if not 1 <= count <= 500:
        raise Invalid(N_("Enter a number between 1 and 500."), field="count")
    made = _free_codes(count, rng)
    session().add_all(Label(code=c, issuer_id=actor.organisation_id, made_at=clock.now()) for c in made)
    return made


@command
def bind_label(code: str, unit_id: int, *, actor: Actor) -> str:
    """Stick a label: the code is bound for ever. Refused: unknown, already bound, unit already labelled."""
    code = codes.normalise(code)
    if not codes.is_code(code):
        raise Invalid(N_("This code has a typing mistake: check it against the label."), field="code")
    label = lock(Label, Label.code == code)
    if label is None or label.issuer_id != actor.organisation_id:
        raise NotFound(N_("No label of yours has this code."))
    if label.unit_id is not None:
        raise Conflict(N_("This label is already on another device."), code="label.bound")
    if codes_of([unit_id]):
        raise Conflict(N_("This device already has a label."))
    label.unit_id, label.bound_at = unit_id, clock.now()
    session().flush()
    return code


@command
def replace_label(code: str, unit_id: int, *, actor: Actor) -> str:
    """As `bind_label`, on a unit without any number whose code was only given to it, never stuck: that one goes.

    Refused (Conflict): a unit with a serial or an asset tag.
    """
    unit = lock(Unit, Unit.id == unit_id)
    if unit is None or unit.serial or unit.asset_tag:
        raise Conflict(N_("This device already has a label."))
    session().execute(sa.delete(Label).where(Label.unit_id == unit_id))
    return bind_label(code, unit_id, actor=actor)


def codes_of(unit_ids: Sequence[int]) -> dict[int, str]:
    """Unit id → label code, for the units that have one."""
    rows = session().execute(sa.select(Label.unit_id, Label.code).where(Label.unit_id.in_(unit_ids)))
    return {unit_id: code for unit_id, code in rows if unit_id is not None}


def unit_of_code(code: str) -> Unit | None:
    """The unit a label is stuck on, or None."""
    code = codes.normalise(code)
    return session().scalars(
        sa.select(Unit).join(Label, Label.unit_id == Unit.id).where(Label.code == code)
    ).one_or_none()  # fmt: skip


def _free_codes(count: int, rng: random.Random | None) -> list[str]:
    """`count` different codes nobody has, drawn in order; a thousand are looked up at a time."""
    free: dict[str, None] = {}
    while len(free) < count:
        drawn = dict.fromkeys(codes.draw(rng) for _ in range(min(1000, count - len(free))))
        taken = set(session().scalars(sa.select(Label.code).where(Label.code.in_(list(drawn)))))
        free |= {code: None for code in drawn if code not in taken}
    return list(free)
