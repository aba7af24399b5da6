"""`/events`: the journal of a lot, for those who may read its timeline."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.documents.api import shown as paper
from reuse_market.documents.listing import Row
from reuse_market.documents.rendering import title_of
from reuse_market.documents.schemas import DocumentSchema
from reuse_market.documents.views import reading_language
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import queries as lots
from reuse_market.proofs import fates, lot_file, proving, schemas, subjects
from reuse_market.traceability import checkpoints
from reuse_market.traceability import queries as journal
from reuse_market.traceability.log_models import Checkpoint
from reuse_market.traceability.models import Event
from reuse_market.web import rest
from reuse_market.web.access import current_actor

events = rest.Collection(
    "events", "What happened to a lot, act by act, in a chain that shows any alteration."
)
fates_of_units = rest.Collection("fates", "What became of the devices a holder let go.")
collections = (events, fates_of_units)


@events.read("/events", rule="party", shape=schemas.EventSchema, listed=True, query=schemas.EventQuery)
def list_events(query: dict[str, Any]) -> dict[str, Any]:
    """The events of a lot in order, for its holder, its actors and those who oversee."""
    actor, limit = current_actor(), query["limit"]
    lot = lots.seen(query["lot"], actor)
    if lot.published_at is None or not lots.may_see_place(lot, actor):
        raise NotFound(N_("This lot does not exist."))
    found = journal.events_of_stream(
        f"lot/{lot.reference}", after=rest.after(query["cursor"]) or 0, limit=limit + 1
    )
    names = accounts.names({event.organisation_id for event in found})
    all_told = oversees(actor) or actor.is_org(lot.holder_id)
    known = {lot.holder_id, actor.organisation_id}
    told = {event.id for event in found if all_told or event.organisation_id in known}
    return rest.page(
        found, limit, lambda event: event.seq, lambda event: _shown(event, names, event.id in told)
    )


@events.read("/events/<string:uid>/proof", rule="party", shape=schemas.ProofSchema, name="proof")
def get_event_proof(uid: str) -> proving.Document:
    """The proof file of an event of a lot: write the answer to a file, `verify.py` checks it."""
    return subjects.event(uid[:32], current_actor())


@events.read("/lots/<ref:reference>/proof", rule="party", shape=schemas.ProofSchema, name="proof")
def get_lot_proof(reference: str) -> proving.Document:
    """The whole journal of a lot with its proofs: write the answer to a file, `verify.py` checks it."""
    return subjects.lot(reference, current_actor())


def _checkpoint(reference: str) -> Checkpoint:
    """A checkpoint covers committed events only: made before the transaction."""
    lots.seen(reference, current_actor())
    return checkpoints.make("proof")


@events.verb(
    "/lots/<ref:reference>:issue-file",
    rule="taker",
    shape=DocumentSchema,
    before=_checkpoint,
    name="issue-file",
)
def issue_lot_file(prepared: Checkpoint, reference: str) -> dict[str, Any]:
    """Issue one's edition of the lot file: balance, acts, papers, at a signed checkpoint."""
    made = lot_file.issue(reference, actor=current_actor(), at=prepared)
    return paper(Row(made, title_of(made.kind, made.facts, reading_language()), both=True))


@fates_of_units.read(
    "/fleet-units/fates", rule="holder", shape=schemas.FateSchema, listed=True, query=schemas.FateQuery,
    name="list-fates",
)  # fmt: skip
def list_fates(query: dict[str, Any]) -> dict[str, Any]:
    """The fate of each device let go, in the holder's own keys, for its inventory tool."""
    limit, after = query["limit"], rest.after(query["cursor"]) or 0
    holder_id = current_actor().organisation_id or 0
    rows = fates.fates(holder_id, since=query["since"], lot=query["lot"], after=after, limit=limit + 1)
    return rest.page(rows, limit, lambda row: row.unit.id, _fate)


def _fate(row: fates.Fate) -> dict[str, Any]:
    unit = row.unit
    return {
        "unit_id": unit.id, "holder_key": unit.holder_key, "asset_tag": unit.asset_tag, "serial": unit.serial,
        "kind": unit.kind, "maker": row.maker, "model": row.model, "fate": row.code, "on": row.on,
        "outlet": row.outlet, "recipient_kind": row.recipient, "lot": row.lot,
        "erasure_certificates": list(row.certificates),
    }  # fmt: skip


def _shown(event: Event, names: dict[int, str], told: bool) -> dict[str, Any]:
    """An event; an actor reads what became of the whole lot, not who its rivals are nor to whom they sell."""
    body = journal.body(event)
    columns = ("seq", "type", "stream", "act_id", "via", "occurred_at", "recorded_at", "hash")
    return {name: getattr(event, name) for name in columns} | {
        "id": event.uid,
        "organisation_id": event.organisation_id if told else None,
        "organisation": names.get(event.organisation_id or 0) if told else None,
        "units": sum(last - first + 1 for first, last in body["units"]),
        "facts": body["facts"] if told else {},
        "prev": body["prev"],
    }
