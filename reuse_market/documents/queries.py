"""Reads of issued papers."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.documents.deeds import DEEDS
from reuse_market.documents.models import Document
from reuse_market.documents.policy import may_read
from reuse_market.documents.rendering import render
from reuse_market.kernel import files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0 O 1 I
CODE_LENGTH = 10  # 50 bits


def of(owner: str, *, kind: str | None = None) -> list[Document]:
    """The papers of an owner ("pickup/ENL-2026-0003"), current first, then superseded, newest first."""
    statement = sa.select(Document).where(Document.owner == owner)
    if kind is not None:
        statement = statement.where(Document.kind == kind)
    order = (Document.superseded_by.is_not(None), Document.made_at.desc(), Document.id.desc())
    return list(session().scalars(statement.order_by(*order)))


def get(number: str) -> Document | None:
    """The paper of that number, or None."""
    return session().scalars(sa.select(Document).where(Document.number == number)).one_or_none()


def readable(number: str, actor: Actor) -> Document:
    """The paper of that number; NotFound when there is none or `actor` may not read it."""
    document = get(number)
    if document is None or not may_read(document, actor):
        raise NotFound(N_("This document does not exist."))
    return document


def content(document: Document) -> bytes:
    """The PDF as issued, checked against its SHA-256."""
    return files.get(document.sha256)


def current(owner: str, kind: str) -> Document | None:
    """The paper of that kind in force for an owner, or None."""
    return session().scalars(
        sa.select(Document).where(
            Document.owner == owner, Document.kind == kind, Document.superseded_by.is_(None)
        )
    ).one_or_none()  # fmt: skip


def content_in(document: Document, lang: str) -> bytes:
    """The PDF as issued, or a deed's translation for reading: same number, code and facts, and says so."""
    if lang == document.lang or lang not in ("fr", "en") or document.kind not in DEEDS:
        return content(document)
    return render(
        document.kind, document.facts, lang=lang, number=document.number,  # type: ignore[arg-type]
        code=document.verification_code, copy=True,
    )  # fmt: skip


def verify(code: str) -> Document | None:
    """The paper bearing this verification code, or None. Spaces, hyphens and case do not matter.

    The code opens nothing: show number, kind, date, SHA-256 and whether it was superseded, never the facts.
    """
    wanted = "".join(letter for letter in code.upper() if letter not in " -\u00a0\u202f")
    if set(wanted) - set(CODE_ALPHABET):  # PostgreSQL would choke on some signs
        return None
    return session().scalars(sa.select(Document).where(Document.verification_code == wanted)).one_or_none()
