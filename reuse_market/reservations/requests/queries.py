"""Reads on requests: one, the list of those to call, what was found for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Organisation, OrganisationRole
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations import queries as reservations
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.reservations.needs.policy import ASKING
from reuse_market.reservations.requests import policy
from reuse_market.reservations.requests.answers import UNKNOWN, WITH, Answers
from reuse_market.reservations.requests.lifecycle import OPEN
from reuse_market.reservations.requests.request_models import AssociationRequest, RequestCall, RequestLine
from reuse_market.reservations.requests.way import FOUND, Way, kept_for, way_to

NOBODY = N_("This request does not exist.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a request: what, how many, and the need it was posted as."""

    kind: str | None
    units: int | None
    need: Need | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands, for plain words: `stage`, devices found, the day and the place to come to."""

    stage: str  # received | called | found | come | met | unmet | cancelled
    units: int | None
    come_on: date | None
    come_at: tuple[str, ...]
    way: Way = Way()


def get(reference: str, actor: Actor) -> AssociationRequest:
    """The request, for those who call back and those who oversee; NotFound to others."""
    found = one(reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(NOBODY)
    return found


def one(reference: str) -> AssociationRequest | None:
    """The request of a reference."""
    return session().scalars(
        sa.select(AssociationRequest).where(AssociationRequest.reference == reference)
    ).one_or_none()  # fmt: skip


def by_once(once: str) -> AssociationRequest | None:
    """The request a form has already made."""
    return session().scalars(
        sa.select(AssociationRequest).where(AssociationRequest.once == once)
    ).one_or_none()  # fmt: skip


def count(state: str | None = None) -> int:
    """How many requests the list holds."""
    return session().scalar(sa.select(sa.func.count()).select_from(_chosen(state).subquery())) or 0


def listed(
    state: str | None = None, *, limit: int = 25, offset: int = 0, after: int | None = None
) -> Sequence[AssociationRequest]:
    """A page of requests: those to call first, by day, then the newest. `after` (an id): by id alone, for programs."""
    statement = _chosen(state)
    if after is not None:
        chosen = statement.where(AssociationRequest.id > after).order_by(AssociationRequest.id)
        return session().scalars(chosen.limit(limit)).all()
    waiting = sa.case(
        (AssociationRequest.state == "received", 0), (AssociationRequest.state == "called", 1), else_=2
    )
    order = (waiting, sa.case((AssociationRequest.state == "received", AssociationRequest.call_by)),
             AssociationRequest.id.desc())  # fmt: skip
    return session().scalars(statement.order_by(*order).limit(limit).offset(offset)).all()


def to_call() -> Sequence[AssociationRequest]:
    """Requests nobody has called back yet, the most urgent first."""
    waiting = sa.select(AssociationRequest).where(AssociationRequest.state == "received")
    return session().scalars(waiting.order_by(AssociationRequest.call_by, AssociationRequest.id)).all()


def lines(found: AssociationRequest) -> list[Asked]:
    """What a request asks for, with the needs posted from it."""
    rows = session().execute(
        sa.select(RequestLine.kind, RequestLine.units, Need)
        .outerjoin(Need, Need.id == RequestLine.need_id)
        .where(RequestLine.request_id == found.id)
        .order_by(RequestLine.id)
    )
    return [Asked(kind, units, need) for kind, units, need in rows]


def asked(found_ids: Sequence[int]) -> dict[int, list[Asked]]:
    """The lines of several requests, in one statement."""
    rows = session().execute(
        sa.select(RequestLine.request_id, RequestLine.kind, RequestLine.units, Need)
        .outerjoin(Need, Need.id == RequestLine.need_id)
        .where(RequestLine.request_id.in_(list(found_ids)))
        .order_by(RequestLine.id)
    )
    told: dict[int, list[Asked]] = {}
    for request_id, kind, units, need in rows:
        told.setdefault(request_id, []).append(Asked(kind, units, need))
    return told


def same_contact(found_ids: Sequence[int]) -> dict[int, list[str]]:
    """References of the other requests with the same phone or e-mail address, the newest first; forgotten ones never.

    A number is the same with or without spaces and signs, written +33 or 0. Read when asked: nothing is kept of it.
    """
    row, phone = AssociationRequest, _dialled(AssociationRequest.phone)
    mine = session().execute(sa.select(row.id, phone, row.email).where(row.id.in_(list(found_ids)))).all()
    phones, mails = {one[1] for one in mine} - {""}, {one[2] for one in mine} - {""}
    if not phones | mails:
        return {}
    alike = sa.or_(phone.in_(phones), row.email.in_(mails))
    rows = session().execute(sa.select(row.id, row.reference, phone, row.email).where(alike)).all()
    told = {
        own[0]: [
            one.reference for one in sorted(rows, key=lambda one: -one.id)
            if one.id != own[0] and (one[2] == own[1] != "" or one.email == own[2] != "")
        ]
        for own in mine
    }  # fmt: skip
    return {found_id: others for found_id, others in told.items() if others}


def _dialled(phone: sa.ColumnElement[str] | InstrumentedAttribute[str]) -> sa.ColumnElement[str]:
    """The number as it is dialled here: no space nor sign, 0 for +33 and 0033."""
    plain: sa.ColumnElement[str] = sa.cast(phone, sa.String)
    for sign in (" ", "\u00a0", "\u202f", ".", "-", "/", "(0)", "(", ")"):
        plain = sa.func.replace(plain, sign, "")
    plain = sa.func.replace(plain, "+33", "0")
    return sa.case((plain.like("0033%"), sa.literal("0") + sa.func.substr(plain, 5)), else_=plain)


def answers(found: AssociationRequest) -> Answers:
    """The answers as they stand, to be changed; what comes with a kind is not asked again."""
    mine = [line for line in lines(found) if line.kind not in WITH.values()]
    named = [line.kind or UNKNOWN for line in mine]
    return Answers(
        kinds=tuple(named),
        units=tuple((line.kind or UNKNOWN, line.units) for line in mine),
        publics=tuple(code for code in found.publics.split(",") if code) or (UNKNOWN,),
        name=found.association_name, phone=found.phone, email=found.email, call_back=found.call_back,
    )  # fmt: skip


def calls(found: AssociationRequest) -> Sequence[RequestCall]:
    """The calls made for a request, the last first."""
    made = sa.select(RequestCall).where(RequestCall.request_id == found.id)
    return session().scalars(made.order_by(RequestCall.id.desc())).all()


def standing(found: AssociationRequest) -> Standing:
    """Where it stands: what the operator said of it first, else what was proposed for its needs."""
    matches = _matches(found)
    units = found.found_units if found.found_units is not None else sum(matches.values()) or None
    come_on, come_at = found.come_on, tuple(line for line in found.come_at.splitlines() if line.strip())
    if found.state == "cancelled":
        stage = "cancelled"
    elif found.state == "closed":
        stage = found.outcome or "unmet"
    elif come_on is not None:
        stage = "come"
    else:
        stage = "found" if units else found.state
    return Standing(stage, units, come_on, come_at, way_to(found) if stage == "come" else Way())


def place_of(found: AssociationRequest) -> str:
    """Where the devices kept for it are to be fetched: lines of an address, "" while nothing is."""
    kept = kept_for(found)
    site = reservations.place(kept) if kept is not None else None
    if kept is None or site is None:
        return ""
    seller = accounts.names([kept.seller_id]).get(kept.seller_id, "")
    return "\n".join(part for part in (seller, site.street, f"{site.postcode} {site.commune_name}") if part)


def due(before: object) -> list[int]:
    """Ids of requests over since before an instant whose contact facts are still kept."""
    old = sa.select(AssociationRequest.id).where(
        AssociationRequest.state.not_in(OPEN), AssociationRequest.ended_at < before,
        AssociationRequest.forgotten_at.is_(None),
    )  # fmt: skip
    return list(session().scalars(old.order_by(AssociationRequest.id)))


def _matches(found: AssociationRequest) -> Counter[str]:
    rows = session().execute(
        sa.select(NeedMatch.state, sa.func.sum(NeedMatch.units))
        .join(RequestLine, RequestLine.need_id == NeedMatch.need_id)
        .where(RequestLine.request_id == found.id, NeedMatch.state.in_(FOUND))
        .group_by(NeedMatch.state)
    )
    return Counter({state: int(units) for state, units in rows})


def _chosen(state: str | None) -> sa.Select[AssociationRequest]:
    statement = sa.select(AssociationRequest)
    return statement.where(AssociationRequest.state == state) if state else statement


def organisations(text: str, most: int = 10) -> Sequence[Organisation]:
    """Organisations that may ask, whose name holds a word of `text`; at most `most`, by name."""
    long = [word for word in text.split() if len(word) > 3] or [text]
    asks = sa.select(OrganisationRole.organisation_id).where(OrganisationRole.role.in_(ASKING))
    statement = sa.select(Organisation).where(
        Organisation.id.in_(asks),
        sa.or_(*(Organisation.name.icontains(word, autoescape=True) for word in long)),
    )
    return session().scalars(statement.order_by(Organisation.name, Organisation.id).limit(most)).all()
