"""A holder says what a spelling stands for: kind, maker, model. Remembered, applied to its fleet, undone."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.equipment.models import Kind, Model
from reuse_market.equipment.names import model_key
from reuse_market.equipment.services import get_or_create_model
from reuse_market.fleets.models import ModelCorrection
from reuse_market.fleets.reading.naming import spelling
from reuse_market.fleets.reading.values import serial_key
from reuse_market.fleets.spellings import HERE
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.traceability.models import Event, EventUnit
from reuse_market.traceability.queries import body
from reuse_market.units.models import Unit
from reuse_market.units.services import Move, act

CORRECTED, RESTORED = "fleet.model-corrected", "fleet.model-restored"
NO_MODEL = N_("This model is not in your fleet.")
MOST = 50


@command
def correct_model(model_id: int, *, kind: str, maker: str, name: str, actor: Actor) -> int:
    """Say what a model of the fleet is; how many units follow. Later imports of its spelling follow too.

    Units in use or discarded become the model said, whichever kind they were filed under; those in a published
    lot stay as they were published. Said again, the last word counts. Refused: a model that is not in the fleet
    (NotFound), an unknown kind, no name (Invalid).
    """
    return _correct([model_id], kind, maker, name, actor)


@command
def merge_models(model_ids: Sequence[int], *, into: int, actor: Actor) -> int:
    """Say that several models are one, spelt as `into`; how many units follow. Refused as `correct_model`."""
    others = sorted(set(model_ids) - {into})
    if not others or len(others) > MOST:
        raise Invalid(N_("Choose between 2 and %(most)s models to merge."), field="models", most=MOST)
    kept = _own([into], actor)[0]
    return _correct(others, kept.kind, kept.maker, kept.name, actor)


@command
def forget_correction(correction_id: int, *, actor: Actor) -> int:
    """Take a correction back: the units it changed and that are still here are as before; how many.

    Those imported since under the corrected name keep it. Refused: somebody else's (NotFound).
    """
    row = lock(ModelCorrection, ModelCorrection.id == correction_id)
    if row is None or not (actor.has("holder") and actor.is_org(row.organisation_id)):
        raise NotFound(N_("This correction does not exist any more."))
    doing, count = journal.Act(actor), 0
    statement = sa.select(Event).where(Event.act_id == row.act_id, Event.type == CORRECTED).order_by(Event.id)
    for event in session().scalars(statement).all():
        facts = body(event)["facts"]
        before, since = session().get(Model, facts["from"]), session().get(Model, facts["to"])
        if before is None or since is None or spelling(before.maker, before.name) != row.spelling:
            continue
        told = sa.select(EventUnit.unit_id).where(EventUnit.event_id == event.id)
        chosen = (*_here(row.organisation_id), Unit.model_id == since.id, Unit.id.in_(told))
        count += _move(chosen, before, since, doing, RESTORED)
        _rekey(row.organisation_id, before, since.maker)
    session().delete(row)
    if not count:
        journal.append(doing, f"fleet/{row.organisation_id}", RESTORED, facts={"units": 0})
    session().flush()
    return count


def _correct(model_ids: Sequence[int], kind: str, maker: str, name: str, actor: Actor) -> int:
    sources = _own(model_ids, actor)
    if session().get(Kind, kind) is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")
    for field, text in (("maker", maker), ("name", name)):
        praise.require_plain(text, field=field)
    target = get_or_create_model(kind, maker, name)
    holder_id, doing, count = actor.organisation_id or 0, journal.Act(actor), 0
    for written in {spelling(one.maker, one.name): one for one in sources}.values():
        for source in _kinds_of(written):
            _rekey(holder_id, source, source.maker, target.maker)
            chosen = (*_here(holder_id), Unit.model_id == source.id)
            count += _move(chosen, target, source, doing, CORRECTED)
        _remember(holder_id, written, target, doing)
    if not count:
        facts = {"from": sources[0].id, "to": target.id, "units": 0}
        journal.append(doing, f"fleet/{holder_id}", CORRECTED, facts=facts)
    session().flush()
    return count


def _own(model_ids: Sequence[int], actor: Actor) -> list[Model]:
    """The models, each of them with a unit of the actor's fleet."""
    if not actor.has("holder") or actor.organisation_id is None:
        raise NotAllowed(N_("Your organisation may not do this."))
    mine = sa.exists().where(Unit.owner_id == actor.organisation_id, Unit.model_id == Model.id)
    found = list(session().scalars(sa.select(Model).where(Model.id.in_(model_ids), mine).order_by(Model.id)))
    if len(found) != len(set(model_ids)):
        raise NotFound(NO_MODEL)
    return found


def _kinds_of(written: Model) -> list[Model]:
    """The rows of one spelling, whatever kinds it was filed under."""
    keys = [model_key(kind, written.maker, written.name) for kind in session().scalars(sa.select(Kind.code))]
    return list(session().scalars(sa.select(Model).where(Model.key.in_(keys)).order_by(Model.id)))


def _here(holder_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Unit.owner_id == holder_id, Unit.state.in_(HERE)


def _move(
    chosen: tuple[sa.ColumnElement[bool], ...], target: Model, source: Model, doing: journal.Act, event: str
) -> int:
    """The chosen units become the target's: one event per 1,000."""
    if target.id == source.id:
        return 0
    holder_id = doing.actor.organisation_id or 0
    ids = list(session().scalars(sa.select(Unit.id).where(*chosen).order_by(Unit.id)))
    facts = {"from": source.id, "to": target.id, "units": len(ids)}
    move = Move(values={"model_id": target.id, "kind": target.kind})
    act(move, ids, doing=doing, stream=f"fleet/{holder_id}", event_type=event, facts=facts)
    return len(ids)


def _rekey(holder_id: int, model: Model, old: str, new: str | None = None) -> None:
    """The serial keys of a holder's units of a model name another maker, so that its files find them again."""
    before, after = serial_key("", old), serial_key("", model.maker if new is None else new)
    if before != after:
        session().execute(
            sa.update(Unit)
            .where(Unit.owner_id == holder_id, Unit.model_id == model.id, Unit.serial_key.endswith(before))
            .values(serial_key=sa.func.replace(Unit.serial_key, before, after))
            .execution_options(synchronize_session=False)
        )


def _remember(holder_id: int, written: Model, target: Model, doing: journal.Act) -> None:
    """One row per spelling; what stands for something now is corrected by nothing any more (no circles)."""
    mine = ModelCorrection.organisation_id == holder_id
    own, kept = spelling(written.maker, written.name), spelling(target.maker, target.name)
    session().execute(sa.delete(ModelCorrection).where(mine, ModelCorrection.spelling.in_({own, kept})))
    session().add(
        ModelCorrection(
            organisation_id=holder_id, spelling=own, maker=written.maker, name=written.name,
            model_id=target.id, act_id=doing.act_id, made_at=clock.now(),
        )
    )  # fmt: skip
