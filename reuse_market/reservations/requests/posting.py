"""The needs of a request: posted line by line as soon as kind and number are known, followed when they change."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.reservations.needs.need_models import Need
from reuse_market.reservations.needs.services import change_need, close_need, post_need
from reuse_market.reservations.requests.answers import Answers
from reuse_market.reservations.requests.request_models import AssociationRequest, RequestLine


def post(found: AssociationRequest, answers: Answers, actor: Actor) -> None:
    """Write the lines of a new request and post what is known of them."""
    for kind, units in answers.lines():
        _add(found, kind, units, answers, actor)
    session().flush()


def follow(found: AssociationRequest, answers: Answers, actor: Actor) -> None:
    """Bring lines and needs in line with new answers: same kind changed, kind gone closed, kind come posted.

    Conflict, from `needs`, where devices are already proposed for a need that would change.
    """
    wanted = dict(answers.lines())
    for line in _lines(found):
        need = session().get(Need, line.need_id) if line.need_id else None
        if line.kind not in wanted or (need is not None and wanted[line.kind] is None):
            if need is not None and need.state in ("open", "matched"):
                close_need(need.reference, "over", actor=actor)
            session().delete(line)
            if line.kind in wanted:
                continue
        else:
            _change(line, need, wanted.pop(line.kind), found, answers, actor)
    session().flush()
    for kind, units in answers.lines():
        if kind in wanted:
            _add(found, kind, units, answers, actor)
    session().flush()


def open_needs(found: AssociationRequest) -> Sequence[Need]:
    """The needs of a request that are not over."""
    chosen = (
        sa.select(Need)
        .join(RequestLine, RequestLine.need_id == Need.id)
        .where(RequestLine.request_id == found.id, Need.state.in_(("open", "matched")))
        .order_by(Need.id)
    )
    return session().scalars(chosen).all()


def _lines(found: AssociationRequest) -> Sequence[RequestLine]:
    mine = sa.select(RequestLine).where(RequestLine.request_id == found.id)
    return session().scalars(mine.order_by(RequestLine.id)).all()


def _change(
    line: RequestLine, need: Need | None, units: int | None, found: AssociationRequest, answers: Answers,
    actor: Actor,
) -> None:  # fmt: skip
    publics = answers.known_publics()
    if need is None:
        line.units = units
        line.need_id = _posted(line.kind, units, found, answers, actor)
        return
    is_other = need.units != units or set(need.publics.split(",")) - {""} != set(publics)
    if is_other and need.state in ("open", "matched"):
        change_need(need.reference, actor=actor, units=units, publics=publics)
    line.units = units


def _add(
    found: AssociationRequest, kind: str | None, units: int | None, answers: Answers, actor: Actor
) -> None:
    session().add(
        RequestLine(
            request_id=found.id, kind=kind, units=units,
            need_id=_posted(kind, units, found, answers, actor),
        )
    )  # fmt: skip


def _posted(
    kind: str | None, units: int | None, found: AssociationRequest, answers: Answers, actor: Actor
) -> int | None:
    """The id of the need of a line; None while its kind or its number is not known."""
    if kind is None or not units:
        return None
    owner = found.organisation_id if actor.via != "link" else None
    made = post_need(
        actor=actor, kind=kind, units=units, publics=answers.known_publics(), organisation_id=owner,
        source=found.source,
    )  # fmt: skip
    return made.id
