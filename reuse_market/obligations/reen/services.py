"""Verbs of the REEN sheet: type, change, delete, restore a line; mark devices; issue the sheet as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.services import stream
from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.documents.rendering import Lang
from reuse_market.equipment.models import Kind
from reuse_market.fleets.models import Departure
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.obligations.reen import paper, policy, reading
from reuse_market.obligations.reen.reen_models import EXCLUSIONS, MARKS, OUTLETS, ROLES, ReenLine, ReenMark
from reuse_market.traceability import journal
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.services import criterion

ROOM = "reen"
TYPES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
MOST_UNITS = 100_000
MOST_MARKED = 1_000
NOT_CONCERNED = N_(
    "The REEN rate binds State services, local authorities and their groupings: not your organisation."
)
NOT_HOLDER = N_(
    "This sheet is kept by an organisation registered here as a holder of devices: call us to add that role."
)
UNKNOWN = N_("This line does not exist.")


@command
def add_line(year: int, *, actor: Actor, proof: bytes | None = None, **values: Any) -> ReenLine:
    """A typed line of the actor's year: `values` are those of `_checked`; `proof` a PDF or picture, 5 MB at most.

    Refused: NotAllowed to whom the law does not bind; Invalid for a year outside 2023–today, a number that is
    none, an outlet without a day of that year, a correction without a reason.
    """
    holder_id = _require_body(actor)
    _check_year(year)
    row = ReenLine(
        organisation_id=holder_id, year=year, made_at=clock.now(), **_checked(year, **values)
    )  # fmt: skip
    session().add(row)
    session().flush()
    _keep_proof(row, proof)
    _tell(row, "reen.line-added", actor)
    return row


@command
def change_line(line_id: int, *, actor: Actor, proof: bytes | None = None, **values: Any) -> ReenLine:
    """Say a line otherwise; a new `proof` takes the place of the former. Refused as `add_line`, Conflict if deleted."""
    row = _mine(line_id, actor)
    if row.deleted_at is not None:
        raise Conflict(N_("This line was deleted: restore it first."), code="reen.deleted")
    for name, value in _checked(row.year, **values).items():
        setattr(row, name, value)
    _keep_proof(row, proof)
    session().flush()
    _tell(row, "reen.line-changed", actor)
    return row


@command
def delete_line(line_id: int, *, actor: Actor) -> ReenLine:
    """A line counts no more; it can be restored. Safe to repeat."""
    row = _mine(line_id, actor)
    if row.deleted_at is None:
        row.deleted_at = clock.now()
        _tell(row, "reen.line-deleted", actor)
    return row


@command
def restore_line(line_id: int, *, actor: Actor) -> ReenLine:
    """A deleted line counts again. Safe to repeat."""
    row = _mine(line_id, actor)
    if row.deleted_at is not None:
        row.deleted_at = None
        _tell(row, "reen.line-restored", actor)
    return row


@command
def mark_units(unit_ids: Sequence[int], code: str, *, actor: Actor, reason: str) -> int:
    """Say of one's devices why the calculation leaves them out, or how their reuse is justified; how many.

    A former mark is replaced. Refused: NotFound for a device that is or was not the body's; Invalid without a
    reason (the decision, the contract, the taker's statement…).
    """
    holder_id, ids = _require_body(actor), sorted(set(unit_ids))
    if code not in MARKS:
        raise Invalid(N_("Choose an answer."), field="code")
    told = " ".join(reason.split())
    if not told:
        raise Invalid(N_("Say why, or which paper shows it."), field="reason")
    if len(told) > 300:
        raise Invalid(N_("Use at most 300 characters."), field="reason")
    _require_own(ids, holder_id)
    session().execute(sa.delete(ReenMark).where(criterion(ids, ReenMark.unit_id)))
    shared = {"organisation_id": holder_id, "code": code, "reason": told, "made_at": clock.now()}
    session().execute(sa.insert(ReenMark), [shared | {"unit_id": unit_id} for unit_id in ids])
    _tell_units("reen.units-marked", ids, actor, {"code": code}, told)
    return len(ids)


@command
def unmark_units(unit_ids: Sequence[int], *, actor: Actor) -> int:
    """Take marks back; how many there were."""
    holder_id, ids = _require_body(actor), sorted(set(unit_ids))
    _require_own(ids, holder_id)
    gone = sa.delete(ReenMark).where(
        criterion(ids, ReenMark.unit_id), ReenMark.organisation_id == holder_id
    ).returning(ReenMark.unit_id)  # fmt: skip
    freed = sorted(session().scalars(gone))
    if freed:
        _tell_units("reen.units-unmarked", freed, actor, {}, "")
    return len(freed)


@command
def issue_sheet(year: int, *, actor: Actor, lang: Lang) -> tuple[Document, bool]:
    """The sheet of the actor's year as a numbered paper, and whether it is new: the same figures give the same one."""
    holder_id = _require_body(actor)
    if not policy.may_issue(actor, holder_id):
        raise NotAllowed(N_("Only somebody who may commit your organisation does this."), code="reen.sheet")
    _check_year(year)
    holder = accounts.organisation(holder_id)
    facts = paper.facts(reading.sheet(holder_id, year), holder)
    return documents.issue_anew(
        paper.KIND, facts, lang=lang, owner=paper.owner(holder_id, year), readers=[holder_id],
        number_prefix=paper.PREFIX,
    )  # fmt: skip


def proof_of(line_id: int, *, actor: Actor) -> tuple[str, bytes]:
    """A line's proof: its name and bytes, for the body and those who oversee. NotFound to others, or without one."""
    row = session().get(ReenLine, line_id)
    if row is None or row.sha256 is None or not policy.may_read(actor, row.organisation_id):
        raise NotFound(N_("This file does not exist."))
    data = files.get(row.sha256)
    ending = TYPES[files.accept(data, set(TYPES))]
    return f"reen-{row.year}-{row.id}.{ending}", data


def _require_body(actor: Actor) -> int:
    holder_id = actor.organisation_id or 0
    if not policy.may_write(actor, holder_id) or not reading.concerned(holder_id):
        raise not_allowed(holder_id)
    return holder_id


def not_allowed(organisation_id: int) -> NotAllowed:
    """Why an organisation keeps no sheet: the law does not bind it, or it is bound and no holder here."""
    if reading.concerned(organisation_id):
        return NotAllowed(NOT_HOLDER, code="reen.not-holder")
    return NotAllowed(NOT_CONCERNED, code="reen.not-concerned")


def _check_year(year: int) -> None:
    if not reading.FIRST_YEAR <= year <= clock.today().year:
        raise Invalid(
            N_("Choose a year from %(first)s to %(last)s."), field="year", first=reading.FIRST_YEAR,
            last=clock.today().year,
        )  # fmt: skip


def _checked(
    year: int, *, role: str, kind: str, units: int, outlet: str = "", left_on: date | None = None,
    exclusion: str = "", committed: bool = False, justified: bool = False, reference: str = "",
    reason: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The values of a line as they are kept; Invalid on the field that is wrong."""
    if role not in ROLES:
        raise Invalid(N_("Choose an answer."), field="role")
    if session().get(Kind, kind) is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")
    if exclusion not in ("", *EXCLUSIONS):
        raise Invalid(N_("Choose an answer."), field="exclusion")
    if not 1 <= abs(units) <= MOST_UNITS or (units < 0 and role == "outlet"):
        raise Invalid(N_("Enter how many devices."), field="units")
    out = role == "outlet"
    if out and outlet not in OUTLETS:
        raise Invalid(N_("Choose an answer."), field="outlet")
    if out and (left_on is None or left_on.year != year or left_on > clock.today()):
        raise Invalid(N_("Enter the day they left, in %(year)s."), field="left_on", year=year)
    if not out and not reason.strip():
        raise Invalid(N_("Say why the stock is not what the platform counts."), field="reason")
    return {
        "role": role, "kind": kind, "units": units, "exclusion": exclusion,
        "outlet": outlet if out else "", "left_on": left_on if out else None,
        "committed": out and committed, "justified": out and justified,
        "reference": " ".join(reference.split())[:120], "reason": " ".join(reason.split())[:300],
    }  # fmt: skip


def _mine(line_id: int, actor: Actor) -> ReenLine:
    row: ReenLine | None = lock(ReenLine, ReenLine.id == line_id)
    if row is None or not policy.may_read(actor, row.organisation_id):
        raise NotFound(UNKNOWN)
    if not policy.may_write(actor, row.organisation_id):
        raise NotAllowed(N_("Your organisation may not do this."), code="reen.line")
    _require_body(actor)
    return row


def _require_own(ids: Sequence[int], holder_id: int) -> None:
    """NotFound unless each device is in the body's stock, or left it: by a lot or outside the platform."""
    if not 1 <= len(ids) <= MOST_MARKED:
        raise Invalid(N_("Choose between 1 and %(most)s devices."), field="units", most=MOST_MARKED)
    given = sa.exists().where(
        Engagement.unit_id == Unit.id, Engagement.kind == "lot", Engagement.party_id == holder_id
    )
    gone = sa.exists().where(Departure.unit_id == Unit.id, Departure.organisation_id == holder_id)
    mine = sa.select(sa.func.count()).select_from(Unit).where(
        criterion(ids), sa.or_(Unit.owner_id == holder_id, given, gone)
    )  # fmt: skip
    if session().scalar(mine) != len(ids):
        raise NotFound(N_("This device does not exist."))


def _keep_proof(row: ReenLine, data: bytes | None) -> None:
    if not data:
        return
    media_type = files.accept(data, set(TYPES), field="proof")
    if row.sha256 is not None:
        files.unuse(row.sha256, ROOM, str(row.id))
    row.sha256 = files.put(data, media_type=media_type)
    files.use(row.sha256, ROOM, str(row.id))
    session().flush()


def _tell(row: ReenLine, event: str, actor: Actor) -> None:
    """Counts and codes; the typed words are bound by a commitment only."""
    facts = {
        "line": row.id, "year": row.year, "role": row.role, "kind": row.kind, "units": row.units,
        "outlet": row.outlet or "none", "exclusion": row.exclusion or "none",
    }  # fmt: skip
    said = {"reference": row.reference, "reason": row.reason}
    journal.append(
        journal.Act(actor), stream(row.organisation_id), event, facts=facts,
        commitments={name: text for name, text in said.items() if text} or None,
    )  # fmt: skip


def _tell_units(event: str, ids: Sequence[int], actor: Actor, facts: dict[str, Any], reason: str) -> None:
    journal.append_all(
        journal.Act(actor), stream(actor.organisation_id or 0), event, ids,
        facts=facts | {"units": len(ids)}, commitments={"reason": reason} if reason else None,
    )  # fmt: skip
