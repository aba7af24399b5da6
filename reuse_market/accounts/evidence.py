"""Evidence: files that show what an organisation is, sent by it or by the operator, read by both.

Which kinds of evidence the law knows is an upper room's (regimes): it tells them by `know_kinds`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.accounts import admission_mails as mails
from reuse_market.accounts import policy, services
from reuse_market.accounts.models import Evidence, Organisation
from reuse_market.kernel import clock, files, jobs
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_

OTHER = "other"
TYPES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
ROOM = "accounts"
MOST = 20  # files of one organisation at a time
_known: dict[str, Callable[[str], Mapping[str, str]]] = {}


def know_kinds(of_legal_kind: Callable[[str], Mapping[str, str]]) -> None:
    """An upper room says which evidence a legal kind may show: code → msgid (wired in one place)."""
    _known["law"] = of_legal_kind


def kinds(legal_kind: str) -> dict[str, str]:
    """Code → msgid of the evidence an organisation of this legal kind may send."""
    told = _known["law"](legal_kind) if _known else {}
    return {**told, OTHER: N_("Other evidence")}


@command
def add_evidence(
    organisation_id: int,
    kind: str,
    data: bytes,
    *,
    actor: Actor,
    note: str = "",
    issued_on: date | None = None,
    until: date | None = None,
) -> Evidence:
    """Keep a file (PDF, JPEG or PNG, 5 MB at most) of the actor's organisation, or of any for the operator.

    Refused: NotAllowed to others, and to one suspended; Invalid for another type, an end before the beginning;
    Conflict beyond 20 files.
    """
    found = services.locked_organisation(organisation_id)
    if not policy.may_send_evidence(actor, found):
        raise NotAllowed(N_("Your organisation may not do this."), code="evidence.add")
    if kind not in kinds(found.legal_kind):
        raise Invalid(N_("Choose an answer."), field="kind")
    if issued_on and issued_on > clock.today():
        raise Invalid(N_("This date is still to come."), field="issued_on")
    if until and until < (issued_on or clock.today()):
        raise Invalid(N_("The last day comes before the first one."), field="until")
    if len(evidence_of(organisation_id)) >= MOST:
        raise Conflict(N_("%(most)s files at most: withdraw one first."), code="evidence.most", most=MOST)
    media_type = files.accept(data, set(TYPES), field="file")
    made = Evidence(
        organisation_id=organisation_id, kind=kind, note=note[:200], size=len(data), media_type=media_type,
        sha256=files.put(data, media_type=media_type), issued_on=issued_on, until=until,
        person_id=actor.person_id, sent_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    files.use(made.sha256, ROOM, _use(made))
    services.tell(found, "organisation.evidence-added", actor, {"evidence": made.id, "kind": kind})
    return made


@command
def withdraw_evidence(evidence_id: int, *, actor: Actor) -> Evidence:
    """Take a file back; the bytes go with the next clean-up, the line stays. NotFound for another's."""
    row: Evidence | None = lock(Evidence, Evidence.id == evidence_id)
    found = session().get(Organisation, row.organisation_id) if row else None
    if row is None or found is None or not policy.may_read_evidence(actor, found):
        raise NotFound(N_("This file does not exist."))
    if not policy.may_send_evidence(actor, found):
        raise NotAllowed(N_("Your organisation may not do this."), code="evidence.withdraw")
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        files.unuse(row.sha256, ROOM, _use(row))
        services.tell(found, "organisation.evidence-withdrawn", actor, {"evidence": row.id})
    return row


@command
def read_evidence(evidence_id: int, *, actor: Actor) -> tuple[Evidence, bytes]:
    """The file, for the organisation and the operator; each reading by the operator is written down."""
    row = session().get(Evidence, evidence_id)
    found = session().get(Organisation, row.organisation_id) if row else None
    if row is None or found is None or row.withdrawn_at or not policy.may_read_evidence(actor, found):
        raise NotFound(N_("This file does not exist."))
    if not actor.is_org(found.id):
        services.tell(found, "organisation.evidence-read", actor, {"evidence": row.id})
    return row, files.get(row.sha256)


def evidence_of(organisation_id: int) -> list[Evidence]:
    """The files an organisation shows today, the newest first."""
    statement = sa.select(Evidence).where(
        Evidence.organisation_id == organisation_id, Evidence.withdrawn_at.is_(None)
    )
    return list(session().scalars(statement.order_by(Evidence.id.desc())))


def ending(row: Evidence) -> str:
    """The ending of the file's name."""
    return TYPES.get(row.media_type, "bin")


def warn_of_expiry() -> int:
    """Job: tell organisations, once a file, that it ends within the dated delay. Returns how many files."""
    today = clock.today()
    last = today + timedelta(days=delay_days("evidence.warning"))
    statement = sa.select(Evidence.id).join(Organisation, Organisation.id == Evidence.organisation_id).where(
        Evidence.withdrawn_at.is_(None), Evidence.warned_at.is_(None), Evidence.until.between(today, last),
        Organisation.state.in_(("to_verify", "verified")),
    )  # fmt: skip
    return jobs.each(list(session().scalars(statement.order_by(Evidence.id))), _warn, "evidence")


@command
def _warn(evidence_id: int) -> None:
    row = lock(Evidence, Evidence.id == evidence_id)
    if row is None or row.warned_at is not None or row.withdrawn_at is not None:
        return
    row.warned_at = clock.now()
    found = session().get_one(Organisation, row.organisation_id)
    mails.evidence_expiring(found, row.until, kinds(found.legal_kind).get(row.kind, N_("Other evidence")))


def _use(row: Evidence) -> str:
    return f"evidence/{row.id}"
