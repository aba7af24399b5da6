"""Verbs: seed the first rows; add a rule, a cap, a legal opinion; record what an organisation is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from reuse_market.accounts.evidence import evidence_of
from reuse_market.accounts.models import Organisation
from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.equipment.models import Kind
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import Rate
from reuse_market.kernel.db import Base, command, database, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.regimes import models, parties, policy, queries, seeding, words
from reuse_market.regimes.cases import ANY_KIND, Cell
from reuse_market.regimes.models import AgecCategory, PriceCap, PurchaseThreshold, Qualification, RegimeRule
from reuse_market.traceability import journal

STREAM = "reference/regimes"
SHORTEST_SOURCE = 10
CHOICES: dict[str, Collection[str]] = {
    "regime": models.REGIMES,
    "origin_kind": parties.ORIGINS,
    "giver_kind": [kind for kind in parties.KINDS if kind != parties.UNKNOWN],
    "recipient_kind": [parties.ANYONE, *(kind for kind in parties.KINDS if kind != parties.UNKNOWN)],
    "act": models.ACTS,
    "outcome": models.OUTCOMES,
    "reading": models.READINGS,
    "price": models.PRICES,
    "transfer": models.TRANSFERS,
    "confidence": ("P", "S", "D", "R"),
    "reason": ("", *words.REASONS),
}


@command
def seed_reference() -> int:
    """Insert the rows of data/*.csv that are missing; return how many. After equipment's (kinds of devices).

    A row is missing when nothing has its cell and date: what an administrator wrote there is never touched.
    """
    tables: tuple[tuple[type[Base], Iterable[dict[str, Any]]], ...] = (
        (RegimeRule, seeding.rules()),
        (PriceCap, seeding.rows("caps")),
        (AgecCategory, seeding.rows("agec_categories")),
        (PurchaseThreshold, seeding.rows("purchase_thresholds")),
        (Rate, seeding.rows("rates")),
    )
    return sum(_insert_missing(table, rows) for table, rows in tables)


@command
def add_rule(
    cell: Cell,
    *,
    outcome: str,
    article: str,
    source: str,
    confidence: str,
    valid_from: date,
    reading: str = "text",
    price: str = "",
    cap: str = "",
    transfer: str = "",
    documents: Sequence[str] = (),
    instead: Sequence[str] = (),
    reason: str = "",
    actor: Actor,
) -> RegimeRule:
    """The administrator records what the law says of a cell from a day on; it replaces what was in force.

    Refused: NotAllowed to others; Invalid without a source or an article, or with a code outside its list;
    Conflict when the cell has a row of that day. A legal opinion has its own verb.
    """
    if not policy.may_write_rules(actor):
        raise NotAllowed(N_("Only an administrator records what the law allows."), code="regime.rule")
    if reading == "opinion":
        raise Invalid(N_("Record a legal opinion on a prudent reading instead."), field="reading")
    values = {
        "outcome": outcome, "article": article, "source": source, "confidence": confidence,
        "reading": reading, "price": price, "cap": cap, "transfer": transfer, "reason": reason,
        "documents": " ".join(documents), "instead": " ".join(instead), "valid_from": valid_from,
    }  # fmt: skip
    return _record_rule(cell, values, actor, "regimes.rule-added")


@command
def record_opinion(
    cell: Cell,
    *,
    source: str,
    valid_from: date,
    transfer: str = "purchase",
    documents: Sequence[str] = (),
    actor: Actor,
) -> RegimeRule:
    """The operator sets a prudent reading aside on a legal opinion (`source` says whose and of when).

    Refused: NotAllowed to others; Conflict where the reading is not a prudent one: the text itself stays.
    """
    if not policy.may_record(actor):
        raise NotAllowed(N_("Only the operator records a legal opinion."), code="regime.opinion")
    known = queries.rules(valid_from, regime=[cell.regime], act=[cell.act]).cells.get(cell, ())
    now = max(known, key=lambda row: row.valid_from, default=None)
    if now is None or now.reading != "prudent":
        raise Conflict(
            N_("Only a prudent reading may be set aside by a legal opinion."), code="regime.not-prudent"
        )
    values = {
        "outcome": "allowed", "article": now.article, "source": source, "confidence": "D",
        "reading": "opinion", "price": "", "cap": "", "transfer": transfer,
        "documents": " ".join(documents), "instead": "", "reason": "", "valid_from": valid_from,
    }  # fmt: skip
    return _record_rule(cell, values, actor, "regimes.opinion-recorded")


@command
def add_cap(
    code: str,
    kind: str,
    *,
    limits: str,
    cents: int,
    source: str,
    confidence: str,
    valid_from: date,
    conditions: Sequence[str] = (),
    actor: Actor,
) -> PriceCap:
    """The administrator records a ceiling in cents, from a day on. Refused as `add_rule` refuses."""
    if not policy.may_write_rules(actor):
        raise NotAllowed(N_("Only an administrator records what the law allows."), code="regime.cap")
    _check_source(source)
    _check_kind(kind)
    _check_choice("confidence", confidence)
    _check_codes("conditions", conditions, words.CONDITIONS)
    if limits not in models.LIMITS or cents <= 0:
        raise Invalid(N_("Enter the amount in euros."), field="cents")
    _check_new(PriceCap, code=code, kind=kind, valid_from=valid_from)
    row = PriceCap(code=code, kind=kind, limits=limits, cents=cents, source=source.strip(),
                   confidence=confidence, conditions=" ".join(conditions), valid_from=valid_from)  # fmt: skip
    facts = {"code": code, "kind": _any(kind), "cents": cents, "valid_from": valid_from.isoformat()}
    _keep(row, actor, STREAM, "regimes.cap-added", facts)
    return row


@command
def qualify(
    organisation_id: int,
    party_kind: str,
    *,
    evidence: str,
    valid_from: date | None = None,
    until: date | None = None,
    evidence_id: int | None = None,
    actor: Actor,
) -> Qualification:
    """The operator records what an organisation is before the law, on evidence, until a day if it ends.

    `evidence_id`: the file that shows it. Refused: NotAllowed to others; NotFound, for another's file too;
    Invalid without evidence, for a kind its legal kind excludes, or an end before the beginning; Conflict
    when one was recorded for that day.
    """
    if not policy.may_record(actor):
        raise NotAllowed(N_("Only the operator records evidence."), code="regime.qualify")
    found = lock(Organisation, Organisation.id == organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    if party_kind not in parties.QUALIFIABLE.get(found.legal_kind, ()):
        raise Invalid(N_("The legal kind of this organisation excludes it."), field="party_kind")
    _check_source(evidence, "evidence")
    day = valid_from or clock.today()
    if until is not None and until < day:
        raise Invalid(N_("The last day comes before the first one."), field="until")
    _check_new(Qualification, organisation_id=organisation_id, valid_from=day)
    if evidence_id is not None and evidence_id not in {row.id for row in evidence_of(organisation_id)}:
        raise NotFound(N_("This file does not exist."))
    row = Qualification(organisation_id=organisation_id, party_kind=party_kind, source=evidence.strip(),
                        confidence="S", valid_from=day, until=until, evidence_id=evidence_id)  # fmt: skip
    facts = {"party_kind": party_kind, "valid_from": day.isoformat(), "until": until and until.isoformat()}
    _keep(row, actor, organisation_stream(organisation_id), "organisation.qualified", facts)
    return row


def _record_rule(cell: Cell, values: dict[str, Any], actor: Actor, event: str) -> RegimeRule:
    for name, code in (cell._asdict() | values).items():
        _check_choice(name, code)
    _check_kind(cell.kind)
    _check_source(values["source"])
    _check_codes("documents", values["documents"].split(), words.DOCUMENTS)
    _check_codes("instead", values["instead"].split(), words.INSTEAD)
    if not values["article"].strip():
        raise Invalid(N_("Name the article this rule comes from."), field="article")
    _check_new(RegimeRule, **cell._asdict(), valid_from=values["valid_from"])
    row = RegimeRule(**cell._asdict(), **values | {"source": values["source"].strip()})
    facts = cell._asdict() | {
        "kind": _any(cell.kind), "outcome": values["outcome"], "reading": values["reading"],
        "valid_from": values["valid_from"].isoformat(),
    }  # fmt: skip
    _keep(row, actor, STREAM, event, facts)
    return row


def _keep(
    row: RegimeRule | PriceCap | Qualification, actor: Actor, stream: str, event: str, facts: dict[str, Any]
) -> None:
    """Write the row and its event; the source, free text, is bound by a commitment only."""
    session().add(row)
    session().flush()
    journal.append(
        journal.Act(actor), stream, event, facts={"row": row.id} | facts, commitments={"source": row.source}
    )


def _check_choice(name: str, code: str) -> None:
    if name in CHOICES and code not in CHOICES[name]:
        raise Invalid(N_("Choose an answer."), field=name)


def _check_codes(name: str, codes: Iterable[str], known: Collection[str]) -> None:
    if not set(codes) <= set(known):
        raise Invalid(N_("Choose an answer."), field=name)


def _check_kind(kind: str) -> None:
    if kind != ANY_KIND and session().get(Kind, kind) is None:
        raise Invalid(N_("Choose a kind of device in the list."), field="kind")


def _check_source(source: str, field: str = "source") -> None:
    if len(source.strip()) < SHORTEST_SOURCE:
        raise Invalid(N_("Say where this comes from: the text, its number and its date."), field=field)
    if len(source.strip()) > 300:
        raise Invalid(N_("Use at most 300 characters."), field=field)


def _check_new(table: type[Any], **cell: Any) -> None:
    if session().scalar(sa.select(table.id).filter_by(**cell)) is not None:
        raise Conflict(N_("A row of that day exists already. Choose another day."), code="regime.same-day")


def _any(kind: str) -> str:
    return "any" if kind == ANY_KIND else kind


def _insert_missing(table: type[Base], rows: Iterable[dict[str, Any]]) -> int:
    """Insert the rows that break no unique key, waiting for rivals; return how many went in."""
    insert = sqlite.insert if database().is_sqlite else postgresql.insert
    before = session().scalar(sa.select(sa.func.count()).select_from(table)) or 0
    session().connection().execute(insert(table).on_conflict_do_nothing(), list(rows))
    return (session().scalar(sa.select(sa.func.count()).select_from(table)) or 0) - before
