"""Papers in lists: those of an object that a reader may see, and those of a reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.documents.deeds import DEEDS
from reuse_market.documents.models import Document, DocumentReader
from reuse_market.documents.policy import OVERSEERS, may_read
from reuse_market.documents.rendering import Lang, title_of
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session


@dataclass(frozen=True, slots=True)
class Row:
    """A paper as a list shows it; `both` when it can be read in either language."""

    document: Document
    title: str
    both: bool


def of_owners(owners: Sequence[str], actor: Actor, lang: Lang) -> list[Row]:
    """The papers of these objects that the actor may read: current ones first, then older ones, newest first."""
    statement = (
        sa.select(Document)
        .where(Document.owner.in_(owners))
        .order_by(Document.superseded_by.is_not(None), Document.made_at.desc(), Document.id.desc())
    )
    return [_row(each, lang) for each in session().scalars(statement) if may_read(each, actor)]


def readable_page(
    actor: Actor, lang: Lang, *, owner: str = "", after: int | None = None, limit: int = 25
) -> list[Row]:
    """The papers an actor may read, the newest first, from below id `after`; one more than `limit`."""
    statement = sa.select(Document).order_by(Document.id.desc()).limit(limit + 1)
    if not actor.has(*OVERSEERS):
        mine = sa.exists().where(
            DocumentReader.document_id == Document.id, DocumentReader.organisation_id == actor.organisation_id
        )
        statement = statement.where(mine)
    if owner:
        statement = statement.where(Document.owner == owner)
    if after is not None:
        statement = statement.where(Document.id < after)
    return [_row(each, lang) for each in session().scalars(statement)]


def _row(document: Document, lang: Lang) -> Row:
    both = document.kind in DEEDS
    return Row(document, title_of(document.kind, document.facts, lang) if both else document.title, both)
