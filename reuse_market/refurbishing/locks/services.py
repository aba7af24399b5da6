"""Verbs: ask the holder for the release of locks, remind it, answer."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.refurbishing import policy
from reuse_market.refurbishing.bench_models import ANSWERS
from reuse_market.refurbishing.locks import mails, queries
from reuse_market.refurbishing.locks.queries import Waiting
from reuse_market.refurbishing.models import LockLink, LockRequest, LockWait
from reuse_market.traceability import journal
from reuse_market.units.models import Unit

DEAD = N_("This link no longer works: it is too old. Call whoever collected your devices.")
PATIENCE = timedelta(
    hours=1
)  # a batch is tested together: what follows within the hour goes in the same mail
CONTACT = frozenset({"contact"})


@command
def ask_holder(lot: str, *, actor: Actor) -> int:
    """Mail the holder the serials of the devices of a lot that wait for it and were not told yet; how many.

    Refused: nothing to tell (Conflict); the holder is ourselves, or has no address (Conflict).
    """
    if not actor.has("reuse_actor"):
        raise NotAllowed(policy.NO_WORKSHOP, code="locks.not-allowed")
    return _ask(actor.organisation_id or 0, lot, actor)


@command
def answer_link(token: str, answers: Mapping[int, str], name: str) -> int:
    """The holder's contact answers by its link and its name. Conflict: a dead link. Invalid: no name."""
    link = queries.peek(token)
    if link is None:
        raise Conflict(DEAD, code="link.dead")
    if not name.strip():
        raise Invalid(N_("Enter your name."), field="name", code="signature.name")
    request = session().get_one(LockRequest, link.request_id)
    names = accounts.names([request.holder_id])
    actor = Actor(
        organisation_id=request.holder_id, roles=CONTACT, via="link", commits=False,
        person_name=" ".join(name.split())[:120], organisation_name=names.get(request.holder_id, ""),
    )  # fmt: skip
    return _answer(queries.of_request(request.id), answers, actor)


@command
def answer(answers: Mapping[int, str], *, actor: Actor) -> int:
    """A member of the holder answers for these waits (id → released | refused); how many devices."""
    asked = queries.rows_of(
        LockWait.id.in_(list(answers)), LockWait.holder_id == (actor.organisation_id or 0),
        LockWait.request_id.is_not(None),
    )  # fmt: skip
    if len(asked) != len(answers):
        raise NotFound(N_("This request does not exist."))
    return _answer(asked, answers, actor)


def ask_due() -> int:
    """Job: write to holders about locks found more than an hour ago. Returns how many requests."""
    waiting = (
        sa.select(LockWait.organisation_id, LockWait.lot)
        .join(Unit, Unit.id == LockWait.unit_id)
        .where(queries.alive(), LockWait.request_id.is_(None), LockWait.lot != "")
        .where(LockWait.holder_id != LockWait.organisation_id)
        .group_by(LockWait.organisation_id, LockWait.lot)
        .having(sa.func.min(LockWait.opened_at) < clock.now() - PATIENCE)
        .order_by(LockWait.organisation_id, LockWait.lot)
    )
    done = 0
    for organisation_id, lot in session().execute(waiting).all():
        done += 1 if _ask_quietly(organisation_id, lot) else 0
    return done


def remind_due() -> int:
    """Job: one reminder, with a fresh link, for requests a holder has not wholly answered."""
    late = clock.now() - timedelta(days=delay_days("lock.reminder"))
    unanswered = (
        sa.select(LockWait.request_id)
        .join(Unit, Unit.id == LockWait.unit_id)
        .where(queries.alive(), LockWait.answer.is_(None), LockWait.request_id.is_not(None))
    )
    due = (
        sa.select(LockRequest.id)
        .where(LockRequest.asked_at < late, LockRequest.reminded_at.is_(None), LockRequest.id.in_(unanswered))
        .order_by(LockRequest.id)
    )
    return jobs.each(list(session().scalars(due)), _remind, "locks.remind")


@command
def _remind(request_id: int) -> None:
    found = session().get_one(LockRequest, request_id)
    rows = [row for row in queries.of_request(request_id) if row.wait.answer is None]
    if found.reminded_at is None and rows:
        found.reminded_at = clock.now()
        _send(found, rows, again=True)


@command
def _ask_quietly(organisation_id: int, lot: str) -> bool:
    """The job's asking; a holder without an address is left to the workshop's page."""
    try:
        _ask(organisation_id, lot, SYSTEM)
    except Conflict:
        return False
    return True


def _ask(organisation_id: int, lot: str, actor: Actor) -> int:
    found = session().scalars(sa.select(Lot).where(Lot.reference == lot).with_for_update()).one_or_none()
    rows = queries.rows_of(
        LockWait.organisation_id == organisation_id, LockWait.lot == lot, LockWait.request_id.is_(None)
    )
    if found is None or not rows:
        raise Conflict(
            N_("The holder knows of every locked device of this lot: wait for its answer, or call it."),
            code="locks.none",
        )
    if found.holder_id == organisation_id or not readers(found):
        raise Conflict(N_("The holder has given no address to write to: call it."), code="locks.no-address")
    made = LockRequest(
        organisation_id=organisation_id, holder_id=found.holder_id, lot=lot, asked_at=clock.now()
    )
    session().add(made)
    session().flush()
    for row in rows:
        row.wait.request_id = made.id
    session().flush()
    units = sorted({row.unit.id for row in rows})
    _send(made, rows, again=False)
    facts = {"request": made.id, "units": len(units)}
    journal.append(journal.Act(actor), f"lot/{lot}", "locks.asked", unit_ids=units, facts=facts)
    return len(units)


def _send(request: LockRequest, rows: Iterable[Waiting], *, again: bool) -> None:
    lot = session().scalars(sa.select(Lot).where(Lot.reference == request.lot)).one()
    until = clock.now() + timedelta(days=delay_days("lock.link"))
    for address, language in readers(lot).items():
        token = secrets.token_urlsafe(32)
        session().add(
            LockLink(
                request_id=request.id, digest=queries.digest(token), email=address, made_at=clock.now(),
                expires_at=until,
            )
        )  # fmt: skip
        mails.asked(request, list(rows), address, language, token, until, again=again)
    session().flush()


def _answer(rows: Iterable[Waiting], answers: Mapping[int, str], actor: Actor) -> int:
    chosen = [row for row in rows if row.wait.id in answers]
    if not chosen:
        raise Invalid(N_("Choose an answer for at least one device."), code="locks.nothing")
    if any(answers[row.wait.id] not in ANSWERS for row in chosen):
        raise Invalid(N_("Choose an answer in the list."), field="answer")
    doing = journal.Act(actor)
    by_lot: dict[tuple[str, int, str], list[Waiting]] = {}
    for row in chosen:
        wait = row.wait
        wait.answer, wait.answered_at = answers[wait.id], clock.now()
        wait.answered_by = actor.person_name[:120]
        by_lot.setdefault((row.unit.stream, wait.organisation_id, wait.answer), []).append(row)
    session().flush()
    for (stream, _workshop, given), group in sorted(by_lot.items()):
        units = sorted({row.unit.id for row in group})
        facts = {"answer": given, "locks": sorted({row.wait.kind for row in group})}
        journal.append(doing, stream, "locks.answered", unit_ids=units, facts=facts)
    mails.answered(chosen)
    return len({row.unit.id for row in chosen})


def readers(lot: Lot) -> dict[str, str]:
    """Whom a holder is written to at: the contact of the lot's site first, then its members; address → language."""
    members = dict(accounts.addresses_of(lot.holder_id))
    site = accounts.site(lot.site_id)
    found: dict[str, str] = {}
    if site is not None and site.contact_email:
        language = next(iter(members.values()), "fr")
        found[site.contact_email] = members.get(site.contact_email, language)
    return found | members
