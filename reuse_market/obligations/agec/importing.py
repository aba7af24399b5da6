"""Verbs of a file of purchases: read it, answer for its columns once, see what each row is worth, take it in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.kernel import clock, files, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.obligations.agec import columns, policy, reading
from reuse_market.obligations.agec.agec_models import AgecEntry, AgecImport, AgecMapping
from reuse_market.obligations.agec.categories import CODES, EARLIEST
from reuse_market.obligations.agec.judging import Choice, Verdict, judge
from reuse_market.obligations.agec.reading import Purchases
from reuse_market.obligations.agec.services import fingerprint
from reuse_market.traceability import journal

ROOM = "agec"
KEPT = timedelta(days=30)  # a file that nobody takes in is forgotten after
UNKNOWN = N_("This file does not exist, or is taken in already.")


@command
def upload(data: bytes, filename: str, *, actor: Actor) -> AgecImport:
    """Keep a file to be checked; its columns are those answered for the same header before, if any.

    Nothing comes in yet. Refused: not bound; not a table (Unreadable says what to do).
    """
    own = policy.require_keeper(actor)
    table = reading.read(data, filename)
    signature = columns.signature(table.header)
    known = session().get(AgecMapping, (own, signature))
    made = AgecImport(
        organisation_id=own, filename=filename[-200:], sha256=files.put(data, media_type="text/csv"),
        signature=signature, made_at=clock.now(),
        columns=known.columns if known else {"columns": columns.proposed(table.header)},
    )  # fmt: skip
    session().add(made)
    session().flush()
    files.use(made.sha256, ROOM, f"import/{made.id}")
    facts = {"import": made.id, "sha256": made.sha256, "rows": len(table.rows)}
    journal.append(journal.Act(actor), organisation_stream(own), "agec.file-read", facts=facts)
    return made


@command
def choose_columns(
    import_id: int, chosen: Mapping[str, int], *, actor: Actor, category: str = "", year: int | None = None
) -> AgecImport:
    """Say which column says what; remembered for the next file with this header.

    Refused: no column for the amount; a column that does not exist or says two things; an unknown category.
    """
    found = _locked(import_id, actor)
    require_choice(chosen, len(table_of(found).header), category, year)
    told = {"columns": dict(chosen), "category": category, "year": year}
    found.columns = told
    kept = {"columns": dict(chosen), "category": category}  # a year is of one file
    session().merge(
        AgecMapping(organisation_id=found.organisation_id, signature=found.signature, columns=kept)
    )
    return found


def require_choice(chosen: Mapping[str, int], width: int, category: str, year: int | None) -> None:
    """Invalid when this cannot be what the columns of a file of `width` columns mean (see `choose_columns`)."""
    if "amount_cents" not in chosen and "gift_cents" not in chosen:
        raise Invalid(N_("Say which column holds the amounts."), field="amount_cents")
    if set(chosen) - set(columns.TARGETS) or any(not 0 <= place < width for place in chosen.values()):
        raise Invalid(N_("Choose an answer."), field="columns")
    doubled = [name for name, times in Counter(chosen.values()).items() if times > 1]
    if doubled:
        raise Invalid(N_("A column says one thing only."), field="columns")
    if category and category not in CODES:
        raise Invalid(N_("Choose an answer."), field="category")
    if year is not None and not EARLIEST <= year <= clock.today().year:
        raise Invalid(N_("Enter a year between %(first)s and %(last)s."), field="year", first=EARLIEST,
                      last=clock.today().year)  # fmt: skip


@command
def take_in(import_id: int, *, actor: Actor) -> AgecImport:
    """The good rows become lines; those known already and those to correct stay out, and are counted.

    Refused: no good row (Conflict); a file taken in already (NotFound).
    """
    _alone(policy.require_keeper(actor))
    found = _locked(import_id, actor)
    verdict = verdict_of(found)
    if not verdict.good:
        raise Conflict(N_("No row of this file can come in."), code="agec.nothing-good")
    now = clock.now()
    rows = [
        values | {"organisation_id": found.organisation_id, "source": "imported", "import_id": found.id,
                  "fingerprint": fingerprint(values), "made_at": now}
        for _row, values in verdict.good
    ]  # fmt: skip
    session().execute(sa.insert(AgecEntry), rows)
    found.added, found.known = len(verdict.good), len(verdict.known)
    found.refused, found.applied_at = len(verdict.faults), now
    files.unuse(found.sha256, ROOM, f"import/{found.id}")
    facts = {"import": found.id, "sha256": found.sha256, "added": found.added, "known": found.known,
             "refused": found.refused}  # fmt: skip
    journal.append(
        journal.Act(actor), organisation_stream(found.organisation_id), "agec.imported", facts=facts
    )
    return found


def _alone(organisation_id: int) -> None:
    """Until commit, no other file of this organisation comes in: the same one in two tabs would come in twice."""
    every = sa.select(AgecImport.id).where(
        AgecImport.organisation_id == organisation_id, AgecImport.applied_at.is_(None)
    )
    session().execute(every.order_by(AgecImport.id).with_for_update())


def table_of(found: AgecImport) -> Purchases:
    """The file's rows, read anew."""
    return reading.read(files.get(found.sha256), found.filename)


def choice_of(found: AgecImport) -> Choice:
    """What was answered (or proposed) for its columns."""
    told: dict[str, Any] = found.columns or {}
    return Choice(told.get("columns", {}), told.get("category", ""), told.get("year"))


def verdict_of(found: AgecImport) -> Verdict:
    """What each row is worth today, against the ledger: the trial run and the real one are the same."""
    return verdict_on(table_of(found), choice_of(found), found.organisation_id)


def verdict_on(table: Purchases, choice: Choice, organisation_id: int) -> Verdict:
    """The same of a file that nobody kept."""
    held = sa.select(AgecEntry.fingerprint, sa.func.count()).where(
        AgecEntry.organisation_id == organisation_id, AgecEntry.removed_at.is_(None)
    )
    marks = Counter({mark: int(times) for mark, times in
                     session().execute(held.group_by(AgecEntry.fingerprint))})  # fmt: skip
    return judge(table, choice, marks, clock.today())


def waiting(import_id: int, actor: Actor) -> AgecImport:
    """A file of this organisation that is not taken in yet. NotFound otherwise."""
    own = policy.require_keeper(actor)
    found = session().get(AgecImport, import_id)
    if found is None or found.organisation_id != own or found.applied_at is not None:
        raise NotFound(UNKNOWN)
    return found


def forget_old() -> int:
    """Job: files that nobody took in for a month go, with their bytes; how many."""
    old = sa.select(AgecImport.id).where(
        AgecImport.applied_at.is_(None), AgecImport.made_at < clock.now() - KEPT
    )
    return jobs.each(list(session().scalars(old.order_by(AgecImport.id))), _forget, "agec.import")


@command
def _forget(import_id: int) -> None:
    found = lock(AgecImport, AgecImport.id == import_id)
    if found is None or found.applied_at is not None:
        return
    files.unuse(found.sha256, ROOM, f"import/{found.id}")
    facts = {"import": found.id, "sha256": found.sha256}
    stream = organisation_stream(found.organisation_id)
    session().delete(found)
    session().flush()
    journal.append(journal.Act(SYSTEM), stream, "agec.file-forgotten", facts=facts)


def _locked(import_id: int, actor: Actor) -> AgecImport:
    waiting(import_id, actor)
    found = lock(AgecImport, AgecImport.id == import_id)
    if found is None or found.applied_at is not None:
        raise NotFound(UNKNOWN)
    return found
