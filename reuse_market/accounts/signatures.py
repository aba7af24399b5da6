"""Signature codes: 4 digits by which a party signs on the other party's screen. 5 tries, then a new one."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts.models import SignatureCode
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_

TRIES = 5


@command
def make_code(subject: str, organisation_id: int, *, valid_days: int | None = None) -> str:
    """A new code for `subject` (e.g. pickup/ENL-2026-0003) held by an organisation; the older ones die."""
    session().execute(
        sa.update(SignatureCode)
        .where(SignatureCode.subject == subject, SignatureCode.used_at.is_(None))
        .values(tries_left=0)
    )
    days = valid_days if valid_days is not None else delay_days("signature.code")
    code = f"{secrets.randbelow(10_000):04d}"
    now = clock.now()
    session().add(
        SignatureCode(
            subject=subject, organisation_id=organisation_id, code=code, tries_left=TRIES,
            made_at=now, expires_at=now + timedelta(days=days),
        )
    )  # fmt: skip
    session().flush()
    return code


def current_code(subject: str) -> SignatureCode | None:
    """The live code of `subject`, for its holder's own page: unused, not expired, tries left."""
    return session().scalars(_live(subject)).first()


def check_code(subject: str, typed: str) -> None:
    """Use up the code of `subject`, or raise: Invalid with the tries left, Conflict when a new one is needed.

    A wrong try is written down even though the act it guards is refused: this commits by itself first, so
    call it before, never inside, the act's command.
    """
    left = _try(subject, typed)
    if left is None:
        return
    if left < 0:
        raise Conflict(N_("There is no valid code any more. Ask for a new one."), code="signature.no-code")
    if left == 0:
        raise Conflict(N_("Five wrong codes. Ask for a new one."), code="signature.spent")
    raise Invalid(N_("Wrong code. %(left)s tries left."), field="code", left=left)


@command
def _try(subject: str, typed: str) -> int | None:
    found = session().scalars(_live(subject).with_for_update()).first()
    if found is None:
        return -1
    if hmac.compare_digest(found.code.encode(), typed.strip().encode()):
        return None
    kept = lock(SignatureCode, SignatureCode.id == found.id)
    kept.tries_left -= 1
    return int(kept.tries_left)


@command
def spend_code(subject: str, typed: str) -> None:
    """Inside the act: mark the checked code used, so that it signs once. Conflict when it is gone."""
    found = session().scalars(_live(subject).with_for_update()).first()
    if found is None or not hmac.compare_digest(found.code.encode(), typed.strip().encode()):
        raise Conflict(N_("There is no valid code any more. Ask for a new one."), code="signature.no-code")
    found.used_at = clock.now()


def _live(subject: str) -> sa.Select[SignatureCode]:
    return (
        sa.select(SignatureCode)
        .where(
            SignatureCode.subject == subject,
            SignatureCode.used_at.is_(None),
            SignatureCode.tries_left > 0,
            SignatureCode.expires_at > clock.now(),
        )
        .order_by(SignatureCode.id.desc())
        .limit(1)
    )
