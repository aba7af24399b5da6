"""Taking words out of every text of every table but those kept (kept.py). Called inside a command.

It walks the tables themselves rather than the rooms that own them: what no room remembers to forget is what a
person would find again. Only texts change, never a state, a number or a reference.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import migrating
from reuse_market.kernel.db import database, session
from reuse_market.kernel.idempotency import IdempotencyKey
from reuse_market.proofs.forgetting.kept import KEPT
from reuse_market.traceability.models import EventCommitment

SHORTEST = 4  # a shorter word stands in too many others


class Words:
    """Words to take out, each with what stands in its place; found whatever their case, as whole words, and with
    or without their accents. A space stands for any run of spaces."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        known = {word: mark for word, mark in marks.items() if len(word) >= SHORTEST}
        self.marks = {_key(form): mark for word, mark in known.items() for form in (bare(word), word)}
        forms = {
            form for word in known for form in (_key(word), bare(word), unicodedata.normalize("NFD", word))
        }
        longest = sorted(forms, key=len, reverse=True)
        spelled = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest)
        self.pattern = re.compile(rf"(?<!\w)({spelled})(?!\w)", re.IGNORECASE)
        # What the database is asked for: of each word its longest part, for spaces may be written in several ways.
        parts = {_longest(form) for form in forms}
        cased = {form for part in parts for form in (part, part.casefold(), part.title(), part.upper())}
        self.spelled = sorted({form for one in cased for form in (one, json.dumps(one)[1:-1])})

    def __bool__(self) -> bool:
        return bool(self.marks)

    def out_of(self, value: Any) -> Any:
        """The value without the words: a text, or a list or mapping of texts."""
        if isinstance(value, str):
            return self.pattern.sub(lambda found: self.marks.get(_key(found[0]), "–"), value)
        if isinstance(value, list):
            return [self.out_of(one) for one in value]
        if isinstance(value, dict):
            return {self.out_of(name): self.out_of(one) for name, one in value.items()}
        return value


def dialled(phone: str) -> set[str]:
    """A phone number as people write it: together, in pairs, from abroad."""
    figures = re.sub(r"^(\+33|0033)0?", "0", re.sub(r"[^\d+]", "", phone))
    if not re.fullmatch(r"0\d{9}", figures):
        return {phone, figures}
    pairs = [figures[at : at + 2] for at in range(0, 10, 2)]
    abroad = [figures[1], *pairs[1:]]
    spelled = {code + gap.join(abroad) for gap in ("", " ", ".", "-") for code in ("+33", "+33 ", "0033")}
    return {phone, *(gap.join(pairs) for gap in ("", " ", ".", "-")), *spelled}


def bare(word: str) -> str:
    """The word without its accents, as tools and hurried hands write it."""
    apart = unicodedata.normalize("NFKD", word)
    return "".join(one for one in apart if not unicodedata.combining(one))


def _longest(word: str) -> str:
    """The longest part of a word, or the whole of it where its parts are short (a phone number)."""
    part = max(word.split(), key=len)
    return part if len(part) >= SHORTEST else word


def _key(word: str) -> str:
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())


def scrub(words: Words) -> int:
    """Take the words out of every table; how many rows changed. Commitments that hold one go, value and key."""
    if not words:
        return 0
    changed = _commitments(words) + _answers(words)
    for table in migrating.metadata().sorted_tables:
        if table.name not in KEPT and table.name not in ("event_commitment", "idempotency_key"):
            changed += _table(table, words)
    session().expire_all()
    return changed


def forget_commitments(named: Mapping[str, str], event_ids: Iterable[int] | None = None) -> int:
    """Delete commitments by name and value (`%` for any value), of some events or of all; how many."""
    changed = 0
    for name, value in named.items():
        statement = sa.delete(EventCommitment).where(EventCommitment.name == name)
        if value != "%":
            statement = statement.where(EventCommitment.value == value)
        if event_ids is not None:
            statement = statement.where(EventCommitment.event_id.in_(list(event_ids)))
        changed += session().execute(statement).rowcount  # type: ignore[attr-defined]  # of a DELETE
    return int(changed)


def _has(column: Any, form: str) -> sa.ColumnElement[bool]:
    text = sa.func.lower(sa.cast(column, sa.Text))
    find = sa.func.instr if database().is_sqlite else sa.func.strpos
    return find(text, sa.func.lower(form)) > 0


def _commitments(words: Words) -> int:
    where = sa.or_(*(_has(EventCommitment.value, form) for form in words.spelled))
    keys = [
        (row.event_id, row.name)
        for row in session().execute(
            sa.select(EventCommitment.event_id, EventCommitment.name, EventCommitment.value).where(where)
        )
        if words.out_of(row.value) != row.value
    ]
    for event_id, name in keys:
        session().execute(
            sa.delete(EventCommitment).where(
                EventCommitment.event_id == event_id, EventCommitment.name == name
            )
        )
    return len(keys)


def _answers(words: Words) -> int:
    """Answers kept for a request sent twice (a week): those that tell a word go."""
    gone = []
    rows = session().execute(sa.select(IdempotencyKey.id, IdempotencyKey.key, IdempotencyKey.body))
    for row in rows:
        told = zlib.decompress(row.body).decode("utf-8", "replace") if row.body else ""
        if _read(told) != words.out_of(_read(told)):
            gone.append(row.id)
    if gone:
        session().execute(sa.delete(IdempotencyKey).where(IdempotencyKey.id.in_(gone)))
    return len(gone)


def _read(told: str) -> Any:
    try:
        return json.loads(told)
    except ValueError:
        return told


def _table(table: sa.Table, words: Words) -> int:
    texts = [
        column for column in table.columns
        if isinstance(column.type, sa.String | sa.Text | sa.JSON) and not column.primary_key
        and not column.foreign_keys
    ]  # fmt: skip
    if not texts:
        return 0
    where = sa.or_(*(_has(column, form) for column in texts for form in words.spelled))
    keys = list(table.primary_key.columns)
    changed = 0
    for row in session().execute(sa.select(*keys, *texts).where(where)).all():
        found = dict(zip([column.name for column in (*keys, *texts)], row, strict=True))
        new = {column.name: words.out_of(found[column.name]) for column in texts}
        new = {name: value for name, value in new.items() if value != found[name]}
        if new:
            here = [key == found[key.name] for key in keys]
            session().execute(sa.update(table).where(*here).values(**new))
            changed += 1
    return changed
