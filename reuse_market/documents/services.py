"""Issuing papers."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reuse_market.documents.models import Document, DocumentReader
from reuse_market.documents.queries import CODE_ALPHABET, CODE_LENGTH, current
from reuse_market.documents.rendering import Lang, render, title_of
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.references import next_reference
from reuse_market.traceability import journal


@command
def issue(
    kind: str,
    facts: dict[str, Any],
    *,
    lang: Lang,
    owner: str,
    readers: Sequence[int],
    number_prefix: str,
    title: str | None = None,
) -> Document:
    """Render, store and number a paper of `kind` (a template's name) for `owner`; return its row.

    `facts`: see papers.py; `made_at` is set to now when absent. A current paper of the same kind and owner
    is kept and marked as superseded. Facts that lack a part or do not add up are refused (FactsMissing).
    """
    made_at = datetime.fromisoformat(facts["made_at"]) if "made_at" in facts else clock.now()
    facts = facts | {"made_at": made_at.isoformat()}
    older = lock(Document, Document.owner == owner, Document.kind == kind, Document.superseded_by.is_(None))
    number = next_reference(number_prefix)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    title = title or title_of(kind, facts, lang)
    data = render(kind, facts, lang=lang, title=title, number=number, code=code)
    if older is not None:
        older.superseded_by = number
        session().flush()  # before the newcomer: at most one is current
    sha256 = files.put(data, media_type="application/pdf")
    files.use(sha256, "documents", number)
    document = Document(
        number=number,
        kind=kind,
        owner=owner,
        lang=lang,
        title=title,
        facts=facts,
        verification_code=code,
        sha256=sha256,
        size=len(data),
        made_at=made_at,
        readers=[DocumentReader(organisation_id=each) for each in sorted(set(readers))],
    )
    session().add(document)
    session().flush()
    _write_down(document, older)
    return document


def _write_down(document: Document, older: Document | None) -> None:
    """The fingerprint of the file goes into the journal, in a stream of its own that names no organisation: so
    that whoever holds the paper can prove it (docs/adr/0020)."""
    facts = {
        "number": document.number,
        "kind": document.kind,
        "sha256": document.sha256,
        "owner": document.owner,
    }
    if older is not None:
        facts["replaces"] = older.number
    journal.append(journal.Act(SYSTEM), stream(document.number), "document.issued", facts=facts)


def stream(number: str) -> str:
    """The journal's stream of a paper: one event, its issue."""
    return f"document/{number}"


@command
def issue_anew(
    kind: str, facts: dict[str, Any], *, lang: Lang, owner: str, readers: Sequence[int], number_prefix: str
) -> tuple[Document, bool]:
    """`issue`, unless the paper in force already says the same to the same readers: it, and whether it is new."""
    found = current(owner, kind)
    told = json.loads(json.dumps({name: value for name, value in facts.items() if name != "made_at"}))
    if found is not None:
        said = {name: value for name, value in found.facts.items() if name != "made_at"}
        if said == told and {each.organisation_id for each in found.readers} == set(readers):
            return found, False
    made = issue(kind, facts, lang=lang, owner=owner, readers=readers, number_prefix=number_prefix)
    return made, True
