"""The lot file as a paper: the life of a lot at one entry of the log, for each party its own edition.

The holder's names its takers; a taker's names the holder and itself, never a rival (as the timeline does). Balance
and dates are those of the events up to the checkpoint it names: made again from the log, they are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.claims import queries as claims
from reuse_market.collection import queries as pickups
from reuse_market.documents import services as documents
from reuse_market.documents.models import Document, DocumentReader
from reuse_market.documents.texts import both
from reuse_market.equipment import queries as equipment
from reuse_market.erasure import queries as erasure
from reuse_market.erasure.gate import DEFAULT_POLICY, judge_certificate
from reuse_market.erasure.techniques import LEVELS, effective
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import papers as lot_papers
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.proofs.auditor import figures
from reuse_market.proofs.wording import title
from reuse_market.traceability import checkpoints, keys, log
from reuse_market.traceability.log_models import Checkpoint, LogEntry
from reuse_market.traceability.models import Event
from reuse_market.units.models import Unit

KIND = "lot_file"
PREFIX = "DL"
MOST_DATES, MOST_PAPERS = 120, 80
CHUNK = 1000
Facts = dict[str, Any]


def owner(reference: str, reader_id: int) -> str:
    """Under what a reader's edition is kept."""
    return f"lot-file/{reference}/{reader_id}"


def owners_of(reference: str) -> list[str]:
    """Under what the papers that tell of the whole lot are kept: everybody's lot file and erasure certificates."""
    like = sa.or_(
        Document.owner.like(f"lot-file/{reference}/%"), Document.owner.like(f"erasure/{reference}/%")
    )
    return list(session().scalars(sa.select(Document.owner).where(like).distinct()))


def issue(reference: str, *, actor: Actor, at: Checkpoint | None = None) -> Document:
    """Sign a checkpoint if one is missing, then issue this actor's edition of the lot file, made at that checkpoint.

    `at`: the checkpoint, for a caller that is in a command already. The one in force is given again when the log
    has not grown since. Refused: who is no party of a published lot (NotFound); who oversees (they read the papers
    of others, and sign none).
    """
    return _issue(reference, (at or checkpoints.make("proof")).size, actor)


@command
def _issue(reference: str, size: int, actor: Actor) -> Document:
    require_own_hand(actor)
    lot = lock(Lot, Lot.reference == reference)
    if lot is None or lot.published_at is None or not lots.may_see_place(lot, actor):
        raise NotFound(N_("This lot does not exist."))
    if not may_issue(lot, actor):
        raise NotAllowed(N_("Your organisation may not do this."))
    reader = actor.organisation_id or 0
    document, _new = documents.issue_anew(
        KIND, facts(lot, size, reader), lang="fr", owner=owner(lot.reference, reader), readers=[reader],
        number_prefix=PREFIX,
    )  # fmt: skip
    return document


def may_issue(lot: Lot, actor: Actor) -> bool:
    """Its holder and its takers."""
    return (
        lot.published_at is not None
        and actor.own_hand
        and actor.via != "link"
        and not oversees(actor)
        and lots.may_see_place(lot, actor)
    )


def facts(lot: Lot, size: int, reader_id: int) -> Facts:
    """What the file says to this reader at that entry (documents/lot_file_deed.py)."""
    checkpoint = checkpoints.at(size)
    assert checkpoint is not None  # the caller made it
    placed = figures.places(lot.reference, size)
    dates, more = _dates(lot, size, reader_id)
    kept, left = _papers(lot, reader_id, checkpoint.made_at)
    extra = sum(one[2] for one in placed)
    return {
        "made_at": clock.now().isoformat(), "giver": lot_papers.party(lot.holder_id), "lot_ref": lot.reference,
        "lot_title": lot.title, "takers": _takers(lot, reader_id), "size": size, "root": log.root(size).hex(),
        "log_name": keys.origin(), "taken_at": checkpoint.made_at.isoformat(), "declared": len(placed) - extra,
        "extra": extra, "balance": _balance(placed), "dates": dates, "papers": kept,
        "erasure": _erasure(lot, [one[0] for one in placed]), "left_out": {"dates": more, "papers": left},
    }  # fmt: skip


def _balance(placed: Sequence[tuple[int, str, bool]]) -> list[Facts]:
    """Units and usual weight of each destination; None where the weight of a kind is not known."""
    kinds = _kinds([one[0] for one in placed])
    masses = {kind: row.mass_g for kind, row in equipment.masses(clock.today()).items()}
    units: Counter[str] = Counter(name for _unit, name, _extra in placed)
    grams: dict[str, int | None] = dict.fromkeys(units, 0)
    for unit_id, name, _extra in placed:
        mass, so_far = masses.get(kinds.get(unit_id, "")), grams[name]
        grams[name] = None if mass is None or so_far is None else so_far + mass
    return [
        {"name": name, "units": count, "weight_grams": grams[name]} for name, count in sorted(units.items())
    ]


def _kinds(ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), CHUNK):
        rows = sa.select(Unit.id, Unit.kind).where(Unit.id.in_(ids[start : start + CHUNK]))
        found |= dict(session().execute(rows).all())
    return found


def _takers(lot: Lot, reader_id: int) -> list[str]:
    """The names of those it was awarded to, as this reader may know them."""
    ids = [
        view.organisation_id for view in claims.of_lot(lot.id) if view.stage in ("to_collect", "collected")
    ]
    known = [one for one in ids if reader_id in (lot.holder_id, one)]
    names = accounts.names(known)
    return sorted({names[one] for one in known if one in names})


def _dates(lot: Lot, size: int, reader_id: int) -> tuple[list[Facts], int]:
    """One line for what an organisation did of one kind in one act, up to the entry; how many are left out."""
    statement = (
        sa.select(Event)
        .join(LogEntry, LogEntry.event_id == Event.id)
        .where(
            Event.stream == f"lot/{lot.reference}", LogEntry.position < size, Event.type != "document.issued"
        )
        .order_by(Event.seq)
    )
    found = list(session().scalars(statement))
    known = {lot.holder_id, reader_id} if reader_id != lot.holder_id else {e.organisation_id for e in found}
    names = accounts.names(known)
    lines: dict[tuple[str, int | None, str], Facts] = {}
    for event in found:
        day = event.occurred_at.astimezone(clock.PARIS).date().isoformat()
        key = (event.type, event.organisation_id, day)
        line = lines.setdefault(key, {
            "at": day, "what": both(title(event.type)), "units": 0,
            "by": names.get(event.organisation_id or 0, "") if event.organisation_id in known else "",
        })  # fmt: skip
        line["units"] += figures.devices_of(event)
    told = list(lines.values())
    return told[:MOST_DATES], max(len(told) - MOST_DATES, 0)


def _papers(lot: Lot, reader_id: int, until: datetime) -> tuple[list[Facts], int]:
    """The papers of the lot this reader may read, issued by then; how many are left out."""
    owners = [f"lot/{lot.reference}", f"erasure/{lot.reference}/{reader_id}"]
    owners += [f"claim/{view.reference}" for view in claims.of_lot(lot.id)]
    owners += [f"pickup/{view.reference}" for view in pickups.of_lot(lot.id)]
    mine = sa.exists().where(
        DocumentReader.document_id == Document.id, DocumentReader.organisation_id == reader_id
    )
    of_lot = sa.or_(Document.owner.in_(owners), Document.owner.like(f"erasure/{lot.reference}/%"))
    statement = sa.select(Document).where(of_lot, mine, Document.made_at <= until).order_by(Document.id)
    found = list(session().scalars(statement))
    told = [
        {"title": document.title, "number": document.number, "on": document.made_at.isoformat(),
         "sha256": document.sha256}
        for document in found
    ]  # fmt: skip
    return told[:MOST_PAPERS], max(len(told) - MOST_PAPERS, 0)


def _erasure(lot: Lot, ids: Sequence[int]) -> Facts:
    """Media counted in the devices of the lot, by the level their accepted certificate reaches."""
    policy = lot.erasure_policy or DEFAULT_POLICY
    counts: Counter[str] = Counter()
    for start in range(0, len(ids), CHUNK):
        for found in erasure.media_of(ids[start : start + CHUNK]).values():
            counts["counted"] += found.count is not None and found.count.void_at is None
            for medium, proofs in found.media:
                good = [one for one in proofs if not judge_certificate(policy, medium, one, found)]
                level = effective(good[-1].method, good[-1].technique, medium.kind) if good else None
                counts[level or "none"] += 1
    by_level = {name: counts[name] for name in (*LEVELS, "none")}
    return by_level | {"counted": counts["counted"], "media": sum(by_level.values())}
