"""Reads the journal for a document: of a lot, of a unit, of any stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.policy import oversees
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.proofs.epcis.document import document
from reuse_market.proofs.epcis.naming import Names
from reuse_market.proofs.epcis.reading import Reader
from reuse_market.proofs.epcis.saying import Made
from reuse_market.proofs.passport import PUBLIC
from reuse_market.traceability import payload
from reuse_market.traceability import queries as journal
from reuse_market.traceability.models import Event
from reuse_market.units.models import Label, Unit

Told = Sequence[tuple[Mapping[str, Any], str]]


def of_lot(reference: str, actor: Actor, base: str) -> Made:
    """The life of a lot, for those who may read its timeline: its holder, its actors, those who oversee."""
    lot = lots.seen(reference, actor)
    if lot.published_at is None or not lots.may_see_place(lot, actor):
        raise NotFound(N_("This lot does not exist."))
    stream = f"lot/{lot.reference}"
    reader = Reader(actor.organisation_id, oversees(actor), {stream: lot.holder_id})
    told = [(journal.body(event), event.hash) for event in journal.events_of_stream(stream)]
    return document(told, _names(base, told), reader, subject=stream, at=clock.now())


def of_unit(unit_id: int, actor: Actor, base: str) -> Made:
    """The life of a unit over its lots, for who holds or held it in a lot, and those who oversee.

    What another organisation wrote in its own fleet is told as far as the public passport tells it.
    """
    events = journal.events_of_unit(unit_id) if session().get(Unit, unit_id) else []
    reader = Reader(actor.organisation_id, oversees(actor), _holders({event.stream for event in events}))
    told: Told = [
        (journal.body(event) | {"units": [[unit_id, unit_id]]}, event.hash)
        for event in events
        if event.type in PUBLIC or event.stream.startswith("lot/") or reader.tells_all(event.stream)
    ]
    if not told or not _may_read(unit_id, told, reader, actor):
        raise NotFound(N_("This device does not exist."))
    return document(told, _names(base, told), reader, subject=f"unit/{unit_id}", at=clock.now())


def of_stream(stream: str, base: str) -> Made:
    """Everything of a stream (lot/…, fleet/…, organisation/…), for whoever runs the platform."""
    events = journal.events_of_stream(stream)
    if not events:
        raise NotFound(N_("The journal has no such stream."))
    return _document(events, base, stream)


def _document(events: Sequence[Event], base: str, subject: str) -> Made:
    told: Told = [(journal.body(event), event.hash) for event in events]
    return document(told, _names(base, told), Reader(all_told=True), subject=subject, at=clock.now())


def _may_read(unit_id: int, told: Told, reader: Reader, actor: Actor) -> bool:
    """Who has it now; the holder of a lot it was in; an actor of such a lot (as its timeline)."""
    unit = session().get_one(Unit, unit_id)
    if reader.all_told or actor.organisation_id in (unit.owner_id, unit.custodian_id):
        return actor.organisation_id is not None or reader.all_told
    streams = {str(body["stream"]) for body, _ in told}
    found = [lots.get(one.removeprefix("lot/")) for one in sorted(streams) if one.startswith("lot/")]
    return any(lot is not None and lots.may_see_place(lot, actor) for lot in found)


def _holders(streams: Iterable[str]) -> dict[str, int]:
    """Stream → whose lot or fleet it is."""
    named = [one.removeprefix("lot/") for one in streams if one.startswith("lot/")]
    rows = session().execute(sa.select(Lot.reference, Lot.holder_id).where(Lot.reference.in_(named)))
    found = {f"lot/{reference}": holder_id for reference, holder_id in rows}
    return found | {one: int(one.removeprefix("fleet/")) for one in streams if one.startswith("fleet/")}


def _names(base: str, told: Told) -> Names:
    """The label codes of every unit these events speak of, a thousand at a time."""
    ids = sorted({number for body, _ in told for number in payload.members(body["units"])})
    codes: dict[int, str] = {}
    for start in range(0, len(ids), 1000):
        part = ids[start : start + 1000]
        rows = session().execute(sa.select(Label.unit_id, Label.code).where(Label.unit_id.in_(part)))
        codes |= {unit_id: code for unit_id, code in rows if unit_id is not None}
    return Names(base, codes)
