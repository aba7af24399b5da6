"""Whose events a proof file holds: a lot, a pick-up, a device, a paper, one event. Each for who may take it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.accounts.policy import oversees
from reuse_market.collection import queries as pickups
from reuse_market.documents.services import stream as paper_stream
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.proofs import proving, reading
from reuse_market.proofs.passport import PUBLIC
from reuse_market.proofs.proving import Document, Reads
from reuse_market.traceability import queries as journal
from reuse_market.traceability.models import Event
from reuse_market.units import labels
from reuse_market.units.models import Unit

NO_DEVICE = N_("No device has this code. Check the seven characters on the label.")


def lot(reference: str, actor: Actor) -> Document:
    """The whole journal of a lot, for its holder, its actors and those who oversee."""
    found = reading.lot_of(reference, actor)
    stream = f"lot/{found.reference}"
    return proving.export(stream, journal.events_of_stream(stream), reading.of_lot(found, actor))


def pickup(reference: str, actor: Actor) -> Document:
    """The events of a pick-up, its handover note's among them, for its two sides and those who oversee."""
    found = pickups.seen(reference, actor)
    of = lots.by_id(found.lot_id)
    assert of is not None
    events = [e for e in journal.events_of_stream(f"lot/{of.reference}") if _speaks_of(e, found.reference)]
    if not events:
        raise NotFound(N_("This pick-up does not exist."))
    return proving.proof(f"pickup/{found.reference}", events, reading.of_lot(of, actor))


def passport(code: str) -> Document:
    """What anybody may prove of a device: its public steps, the workshop's acts in full."""
    unit = labels.unit_of_code(code)
    if unit is None:
        raise NotFound(NO_DEVICE)
    events = [event for event in journal.events_of_unit(unit.id) if event.type in PUBLIC]
    return proving.proof(f"unit/{unit.id}", events, reading.public, fresh=False)


def unit(found: Unit, actor: Actor) -> Document:
    """The whole life of a device, for who had or has it and those who oversee; each text for who may read it."""
    events = list(journal.events_of_unit(found.id))
    return proving.proof(f"unit/{found.id}", events, by_stream(events, actor))


def paper(number: str) -> Document | None:
    """That a paper's SHA-256 was written down when it was issued; None for one issued before that was done."""
    events = journal.events_of_stream(paper_stream(number))
    return proving.proof(paper_stream(number), events, fresh=False) if events else None


def event(uid: str, actor: Actor) -> Document:
    """One event of a lot, for who may read the lot's journal; any event, for those who oversee."""
    found = session().scalars(sa.select(Event).where(Event.uid == uid)).one_or_none()
    if found is not None and oversees(actor):
        return proving.proof(f"event/{uid}", [found])
    if found is None or not found.stream.startswith("lot/"):
        raise NotFound(N_("This event does not exist."))
    of = reading.lot_of(found.stream.removeprefix("lot/"), actor)
    return proving.proof(f"event/{uid}", [found], reading.of_lot(of, actor))


def by_stream(events: Sequence[Event], actor: Actor) -> Reads:
    """The reader's rule for events of several streams: a lot's as its journal says, others when they are its own."""
    if oversees(actor):
        return proving.everything
    rules: dict[str, Reads] = {}
    for stream in {event.stream for event in events if event.stream.startswith("lot/")}:
        of = lots.get(stream.removeprefix("lot/"))
        if of is not None and of.published_at is not None and lots.may_see_place(of, actor):
            rules[stream] = reading.of_lot(of, actor)

    def reads(event: Event) -> bool:
        own = event.organisation_id is not None and actor.is_org(event.organisation_id)
        return own or (event.stream in rules and rules[event.stream](event)) or reading.public(event)

    return reads


def entitled(unit: Unit, actor: Actor) -> bool:
    """Its owner, its custodian, the holder and the takers of its latest lot, and those who oversee."""
    if oversees(actor) or actor.is_org(unit.owner_id) or actor.is_org(unit.custodian_id):
        return True
    of = lots.get(unit.stream.removeprefix("lot/"))
    return of is not None and of.published_at is not None and lots.may_see_place(of, actor)


def _speaks_of(event: Event, pickup: str) -> bool:
    return journal.body(event)["facts"].get("pickup") == pickup
