"""Reads: the rows as a snapshot for the decision, what an organisation is, and one-call answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation, OrganisationRole
from reuse_market.kernel import clock
from reuse_market.kernel.dated import rate_per_mille
from reuse_market.kernel.db import session
from reuse_market.kernel.statements import plain
from reuse_market.regimes import decision, parties
from reuse_market.regimes.cases import Allowed, Cap, Category, Cell, OnDemand, Question, Refused, Rule, Rules
from reuse_market.regimes.models import REGIMES, AgecCategory, PriceCap, Qualification, RegimeRule

RULE = RegimeRule.__table__.c
CELL = [RULE[name] for name in Cell._fields]
NAMES = [named.name for named in fields(Rule)]
TERMS = [RULE[name] for name in NAMES]


def rules(on: date | None = None, **only: Sequence[str]) -> Rules:
    """The rows valid by `on` (today by default): one statement, one more for caps and for categories once asked.

    `only` narrows the cells by their columns: `rules(day, act=["publish"], regime=["sale", "gift"])`.
    """
    day = on or clock.today()
    narrow = {column: list(codes) for column, codes in only.items()}
    cells: dict[Cell, list[Rule]] = defaultdict(list)
    for row in plain(_cells(tuple(sorted(narrow))), {"day": day, **narrow}):
        cell, rule = _read(tuple(row))
        cells[cell].append(rule)
    return Rules(_frozen(cells), OnDemand(lambda: _caps(day)), OnDemand(lambda: _categories(day)))


@lru_cache(maxsize=32)
def _cells(columns: tuple[str, ...]) -> sa.Select[Any]:
    """The rows by a day, narrowed by these columns: built once for each set of columns."""
    narrow = [RULE[name].in_(sa.bindparam(name, expanding=True)) for name in columns]
    day = sa.bindparam("day", type_=sa.Date)
    return sa.select(*CELL, *TERMS).where(RULE.valid_from <= day, *narrow)


def _caps(day: date) -> dict[tuple[str, str], tuple[Cap, ...]]:
    caps: dict[tuple[str, str], list[Cap]] = defaultdict(list)
    for cap in session().scalars(sa.select(PriceCap).where(PriceCap.valid_from <= day)):
        found = Cap(cap.valid_from, cap.cents, cap.limits, tuple(cap.conditions.split()))
        caps[cap.code, cap.kind].append(found)
    return _frozen(caps)


def _categories(day: date) -> dict[str, tuple[Category, ...]]:
    categories: dict[str, list[Category]] = defaultdict(list)
    for told in session().scalars(sa.select(AgecCategory).where(AgecCategory.valid_from <= day)):
        categories[told.kind].append(Category(told.valid_from, told.category))
    return _frozen(categories)


def ask(question: Question) -> Allowed | Refused:
    """The decision on one question, over the rows that may answer it."""
    known = rules(
        question.on,
        regime=[question.regime],
        act=[question.act],
        giver_kind=[question.giver_kind],
        recipient_kind=[question.recipient_kind],
    )
    return decision.decide(question, known)


def require(question: Question, *, field: str | None = None) -> Allowed:
    """The permission, or Invalid (422) with the article, pointing at `field`. For verbs."""
    answer = ask(question)
    if isinstance(answer, Refused):
        raise answer.error(field)
    return answer


def ask_each(questions: Iterable[Question]) -> list[Allowed | Refused]:
    """`ask` for several questions, over one snapshot: at most three statements however many."""
    asked = list(questions)
    if not asked:
        return []
    known = rules(
        max(question.on for question in asked),
        regime=sorted({question.regime for question in asked}),
        act=sorted({question.act for question in asked}),
        giver_kind=sorted({question.giver_kind for question in asked}),
        recipient_kind=sorted({question.recipient_kind for question in asked}),
    )
    return [decision.decide(question, known) for question in asked]


def require_each(questions: Iterable[Question], *, field: str | None = None) -> list[Allowed]:
    """`require` for several questions, over one snapshot: at most three statements however many."""
    allowed = []
    for answer in ask_each(questions):
        if isinstance(answer, Refused):
            raise answer.error(field)
        allowed.append(answer)
    return allowed


def party_kind(organisation_id: int, on: date | None = None) -> str:
    """What an organisation is before the law: by evidence in force, else what its account tells."""
    return party_kinds([organisation_id], on).get(organisation_id, parties.UNKNOWN)


def party_kinds(organisation_ids: Iterable[int], on: date | None = None) -> dict[int, str]:
    """`party_kind` of several organisations, in a constant number of statements."""
    day, wanted = on or clock.today(), sorted(set(organisation_ids))
    return _party_kinds(_PARTIES, {"day": day, "of": wanted}, day)


def party_kinds_among(organisations: sa.Select[Any]) -> dict[int, str]:
    """`party_kinds` of the organisations whose ids a subquery gives, today, in one statement."""
    day = clock.today()
    statement = _ANY_PARTIES.where(_organisation.id.in_(organisations))
    return _party_kinds(statement, {"day": day}, day)


def _party_kinds(statement: Any, values: dict[str, Any], day: date) -> dict[int, str]:
    legal: dict[int, str] = {}
    roles: dict[int, set[str]] = defaultdict(set)
    proven: dict[int, str] = {}
    for key, kind, role, party, until in plain(statement, values):
        legal[key] = kind
        roles[key] |= {role} - {None}
        proven.pop(key, None)  # the newest evidence counts, and no older one where it is over
        if party is not None and (until is None or until >= day):
            proven[key] = party
    return {key: parties.from_account(kind, roles[key]) for key, kind in legal.items()} | proven


def evidence_wanted(organisation_id: int) -> dict[str, str]:
    """What would prove each standing this organisation may claim: party kind → msgid. Or nothing."""
    kind = session().scalar(sa.select(Organisation.legal_kind).where(Organisation.id == organisation_id))
    return {name: parties.EVIDENCE[name] for name in parties.QUALIFIABLE.get(kind or "", ())}


def evidence_for(legal_kind: str) -> dict[str, str]:
    """The same for a legal kind: what an organisation of that kind may send."""
    return {name: parties.EVIDENCE[name] for name in parties.QUALIFIABLE.get(legal_kind, ())}


def qualifications(organisation_id: int) -> list[Qualification]:
    """The evidence recorded on an organisation, newest first."""
    statement = sa.select(Qualification).where(Qualification.organisation_id == organisation_id)
    return list(session().scalars(statement.order_by(Qualification.valid_from.desc())))


def publishable(organisation_id: int, on: date | None = None) -> dict[str, Allowed | Refused]:
    """For each regime, whether this holder may publish under it: the form's choices and why not.

    The value of one device is not asked: a ceiling on it is no refusal of the regime itself.
    """
    day = on or clock.today()
    kind = party_kind(organisation_id, day)
    known = rules(day, act=["publish"], giver_kind=[kind])
    return {
        regime: decision.decide(
            Question(regime, kind, kind, parties.ANYONE, "publish", day, value_cents=0), known
        )
        for regime in REGIMES
    }


def agec_rate(category: str, on: date | None = None) -> int | None:
    """The least share of reused goods in thousandths of the year's spend HT, or None: not provided."""
    return rate_per_mille(f"agec.reuse.{category}", on)


def reen_rate(on: date | None = None) -> int | None:
    """The least share of discarded units oriented to reuse, in thousandths, or None: not provided."""
    return rate_per_mille("reen.reuse", on)


def agec_category(kind: str, on: date | None = None) -> str | None:
    """The AGEC category of a kind of device (words.AGEC_CATEGORIES), or None: not provided."""
    statement = (
        sa.select(AgecCategory.category)
        .where(AgecCategory.kind == kind, AgecCategory.valid_from <= (on or clock.today()))
        .order_by(AgecCategory.valid_from.desc())
        .limit(1)
    )
    return session().scalar(statement)


def kinds_of_category(category: str, on: date | None = None) -> frozenset[str]:
    """The kinds of devices that fall under an AGEC category on a day; one statement."""
    statement = sa.select(AgecCategory.kind, AgecCategory.category).where(
        AgecCategory.valid_from <= (on or clock.today())
    )
    rows = session().execute(statement.order_by(AgecCategory.valid_from)).all()
    newest = {row.kind: row.category for row in rows}
    return frozenset(kind for kind, code in newest.items() if code == category)


@lru_cache(maxsize=4096)
def _read(row: tuple[Any, ...]) -> tuple[Cell, Rule]:
    """A row as the cell it speaks of and its terms; rows that say the same are made once."""
    values = dict(zip(NAMES, row[len(CELL) :], strict=True))
    told = {name: tuple(values[name].split()) for name in ("documents", "instead")}
    return Cell(*row[: len(CELL)]), Rule(**values | told)


def _frozen(rows: dict[Any, list[Any]]) -> dict[Any, tuple[Any, ...]]:
    return {key: tuple(found) for key, found in rows.items()}


_organisation, _role, _evidence = (
    model.__table__.c for model in (Organisation, OrganisationRole, Qualification)
)
_ANY_PARTIES = (
    sa.select(
        _organisation.id, _organisation.legal_kind, _role.role, _evidence.party_kind, _evidence.until,
    )
    .select_from(Organisation.__table__)
    .outerjoin(OrganisationRole.__table__, _role.organisation_id == _organisation.id)
    .outerjoin(
        Qualification.__table__,
        sa.and_(_evidence.organisation_id == _organisation.id, _evidence.valid_from <= sa.bindparam("day")),
    )
    .order_by(_evidence.valid_from)
)  # fmt: skip
_PARTIES = _ANY_PARTIES.where(_organisation.id.in_(sa.bindparam("of", expanding=True)))
