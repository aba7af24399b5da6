"""Long imports: asked for by a person or a program, done by a job, told while they last, given up at will.

A row holds all: who asked and for what. A worker that dies leaves it as it was, and another one takes it up
again from the start of its step: nothing is ever half written.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.fleets import queries
from reuse_market.fleets.lifecycle import IMPORTING
from reuse_market.fleets.models import InventoryImport
from reuse_market.fleets.reading import Mapping as Columns
from reuse_market.fleets.reading import Table
from reuse_market.fleets.reading.report import Verdict
from reuse_market.fleets.reading.swift import Goods, Sames
from reuse_market.fleets.services.applying import gather, locked, settle
from reuse_market.fleets.services.harvest import Harvest
from reuse_market.fleets.services.importing import confirm_and_report, table_of
from reuse_market.fleets.services.judging import shaper
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import DomainError

LONG = {"csv": 5_000_000}  # bytes beyond which a file takes more than a few seconds
LONG_SHEET = 1_000_000
LEASE = timedelta(seconds=60)
TRIES = 3
_EVERY = 0.5  # seconds between two words on progress
log = logging.getLogger(__name__)


class Stopped(Exception):
    """The import was given up meanwhile: nothing of it is written."""


def is_long(row: InventoryImport) -> bool:
    """Whether an import takes more than a few seconds: then it is done by a job."""
    container = row.format if row.format in ("xlsx", "xls", "ods") else "csv"
    return _size(row) > LONG.get(container, LONG_SHEET)


def _size(row: InventoryImport) -> int:
    return files.path_of(row.sha256).stat().st_size


def ask_judging(
    import_id: int, targets: Sequence[str] | None = None, *, actor: Actor, then_apply: bool = False
) -> InventoryImport:
    """Have a job judge an import with these columns, and apply it if asked. Refused as judging it is.

    One that is judged or applied at this moment stays as it is: who asks again follows the same work.
    """
    row = queries.get_import(import_id, actor)
    if row.state in ("judging", "applying"):
        return row
    table = table_of(row)
    chosen = list(targets) if targets is not None else list((row.mapping or {})["targets"])
    Columns.settled(table.header, chosen).validate()
    work = {"targets": chosen, "then_apply": then_apply, "of": _about(table, _size(row))}
    return _ask(import_id, "ask-judging", work, actor=actor)


def ask_applying(import_id: int, *, actor: Actor) -> InventoryImport:
    """Have a job apply a judged import. Refused as applying it is."""
    row = queries.get_import(import_id, actor)
    of = row.good + row.to_correct + row.set_aside + row.known
    return _ask(import_id, "ask-applying", {"of": of}, actor=actor)


@command
def _ask(import_id: int, action: str, work: Mapping[str, Any], *, actor: Actor) -> InventoryImport:
    row = locked(import_id, actor)
    who = {f.name: getattr(actor, f.name) for f in fields(actor)}
    who |= {"roles": sorted(actor.roles), "scope": sorted(actor.scope)}
    who |= {"person_name": "", "organisation_name": ""}
    IMPORTING.fire(action, row, actor, work={"rows": 0, "tries": 0, "actor": who, **work}, busy_until=None)
    return row


def run_due() -> int:
    """Job: do the long imports asked for, one after the other; how many."""
    done = 0
    while (found := _take()) is not None:
        _run(*found)
        done += 1
    return done


@command
def _take() -> tuple[int, str, dict[str, Any]] | None:
    """The next import nobody works on, for one minute; those whose worker died are taken up again."""
    mine = InventoryImport.state.in_(("judging", "applying"))
    begun = sa.and_(InventoryImport.state == "judged", InventoryImport.busy_until.is_not(None))
    free = sa.or_(InventoryImport.busy_until.is_(None), InventoryImport.busy_until < clock.now())
    chosen = sa.select(InventoryImport).where(sa.or_(mine, begun), free).order_by(InventoryImport.id).limit(1)
    row = session().scalars(chosen.with_for_update(skip_locked=True)).first()
    if row is None or row.work is None:
        return None
    row.busy_until = clock.now() + LEASE
    row.work = row.work | {"tries": row.work["tries"] + 1}
    session().flush()
    return row.id, row.state, dict(row.work)


def _run(import_id: int, state: str, work: dict[str, Any]) -> None:
    told = work["actor"]
    kept = {name: frozenset(told.get(name, ())) for name in ("roles", "scope")}
    actor = Actor(**told | kept)
    try:
        harvest = None
        if state == "judging":
            harvest = _judge(import_id, work, actor)
        if state == "applying" or work.get("then_apply"):
            if state != "applying":
                _continue(import_id, actor)
            _apply(import_id, harvest, actor)
        else:
            _leave(import_id)
    except Stopped:
        log.info("import %s: given up", import_id)
    except DomainError as error:
        _give_back(import_id, {"message": error.message, "params": error.params, "code": error.code})
    except Exception:
        log.exception("import %s failed", import_id)
        if work["tries"] >= TRIES:
            _give_back(import_id, {"message": "", "params": {}, "code": "failed"})


def _judge(import_id: int, work: dict[str, Any], actor: Actor) -> Harvest:
    row = queries.get_import(import_id, actor)
    harvest = Harvest(shaper(row.organisation_id))
    takers = (Progress(import_id, "judging"), *((harvest,) if work["then_apply"] else ()))
    confirm_and_report(import_id, work["targets"], actor=actor, takers=takers, action="end-judging")
    return harvest


def _apply(import_id: int, harvest: Harvest | None, actor: Actor) -> None:
    progress = Progress(import_id, "applying")
    if harvest is None:
        harvest = gather(queries.get_import(import_id, actor), (progress,))
    progress.tell(writing=True)
    settle(import_id, harvest, actor=actor, action="end-applying", between=progress.between)


class Progress:
    """A taker of verdicts that tells twice a second how far the reading is, and stops it when it is given up."""

    def __init__(self, import_id: int, phase: str) -> None:
        self.import_id, self.phase, self.rows = import_id, phase, 0
        self._next = time.monotonic()

    def add(self, verdict: Verdict) -> None:
        """Count one row."""
        self.rows += 1
        if self.rows % 500 == 0 and time.monotonic() >= self._next:
            self.tell()

    def add_goods(self, goods: Goods | Sames) -> None:
        """Count many."""
        self.rows += goods.size
        if time.monotonic() >= self._next:
            self.tell()

    add_sames = add_goods

    def add_gone(self, device: Mapping[str, Any]) -> None:
        """Nothing to count."""

    def tell(self, *, writing: bool = False) -> None:
        """Write it down for the page; Stopped when the import is no longer what it was."""
        self._next = time.monotonic() + _EVERY
        _note(self.import_id, self.phase, self.rows, writing=writing)

    def between(self, _written: int) -> None:
        """The same while it is written: PostgreSQL lets a person give it up; SQLite makes them wait."""
        asked = sa.select(InventoryImport.state).where(InventoryImport.id == self.import_id)
        if session().scalar(asked) != self.phase:
            raise Stopped


@command
def _note(import_id: int, state: str, rows: int, *, writing: bool) -> None:
    row = lock(InventoryImport, InventoryImport.id == import_id)
    if row is None or row.state != state:
        raise Stopped
    row.work = (row.work or {}) | {"rows": rows, "writing": writing}
    row.busy_until = clock.now() + LEASE
    session().flush()


@command
def _continue(import_id: int, actor: Actor) -> None:
    row = locked(import_id, actor)
    IMPORTING.fire("ask-applying", row, actor, busy_until=clock.now() + LEASE)


@command
def _leave(import_id: int) -> None:
    row = lock(InventoryImport, InventoryImport.id == import_id)
    row.work, row.busy_until = None, None
    session().flush()


@command
def _give_back(import_id: int, reason: dict[str, Any]) -> None:
    """What a job could not do goes back to its person, with the reason."""
    row = lock(InventoryImport, InventoryImport.id == import_id)
    told = {"error": {**reason, "params": {name: str(value) for name, value in reason["params"].items()}}}
    if row.state in ("judging", "applying"):
        actor = Actor(roles=frozenset({"system"}), via="system")
        IMPORTING.fire(f"stop-{row.state}", row, actor, work=told, busy_until=None)


def _about(table: Table, size: int) -> int | None:
    """About how many rows a file has, by its size and its first rows; None for a sheet."""
    sample = table.sample(200)
    if table.dialect.container != "csv" or not sample:
        return None
    length = sum(sum(len(cell) + 1 for cell in row.cells) for row in sample) / len(sample)
    return max(len(sample), round(size / max(length, 1)))
