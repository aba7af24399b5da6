"""The loading safety protocol: what both organisations agree on before a vehicle is loaded at a place.

Code du travail, R4515-4 and following: an operation of loading by an outside organisation asks for a written
protocol between the place's and the carrier's. It is signed by both, by their own hand, once for all visits;
it holds until what it says of the place changes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import hours, policy
from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.collection import arrival_mails as mails
from reuse_market.collection.arrivals import sheet
from reuse_market.collection.models import LoadingProtocol, Pickup
from reuse_market.documents import services as documents
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import T, Workflow
from reuse_market.lots import papers as lot_papers
from reuse_market.traceability import journal

FACTS = (
    "name", "street", "postcode", "commune_name", "has_dock", "has_lift", "needs_tail_lift", "floor",
    "height_limit_cm", "hours", "access_note", "contact_name", "contact_phone",
)  # fmt: skip
SIDES = ("host", "carrier")


def host(actor: Actor, found: Any) -> bool:
    """Somebody who may commit the place's organisation, by their own hand."""
    return actor.is_org(found.host_id) and actor.commits and actor.own_hand


def carrier(actor: Actor, found: Any) -> bool:
    """Somebody who may commit the organisation that comes, by their own hand."""
    return actor.is_org(found.carrier_id) and actor.commits and actor.own_hand


def unsigned_side(actor: Actor, found: Any) -> bool:
    """A side that has not signed yet."""
    return (host(actor, found) and found.host_signed_at is None) or (
        carrier(actor, found) and found.carrier_signed_at is None
    )


def system(actor: Actor, _found: Any) -> bool:
    """The clock: what a place says has changed."""
    return actor.via == "system"


FLOW = Workflow[LoadingProtocol](
    "loading_protocol",
    LoadingProtocol,
    ("prepared", "in_force", "void"),
    [
        T("sign", ["prepared"], "in_force", unsigned_side, "protocol.signed"),
        T("void", ["prepared", "in_force"], "void", system, "protocol.voided"),
    ],
)


def needed(pickup: Pickup) -> bool:
    """Whether the two sides of a pick-up need one: one of them comes to the other's own place."""
    site = accounts.site(pickup.site_id)
    return (
        site is not None
        and (pickup.arrival or "fetched") in ("fetched", "dropped_off")
        and site.organisation_id in (pickup.holder_id, pickup.actor_id)
    )


def of_pickup(pickup: Pickup) -> LoadingProtocol | None:
    """The protocol of the place and who comes, if it still says what is true; else None."""
    site = accounts.site(pickup.site_id)
    if site is None:
        return None
    found = session().scalars(_alive(site.id, sheet.comes(pickup))).first()
    return found if found is not None and found.digest == digest(site) else None


def may_sign(pickup: Pickup, actor: Actor) -> bool:
    """Whether this actor's own part of the protocol waits for its signature."""
    site = accounts.site(pickup.site_id)
    if site is None or not needed(pickup):
        return False
    found = of_pickup(pickup) or LoadingProtocol(host_id=site.organisation_id, carrier_id=sheet.comes(pickup))
    return found.state in (None, "prepared") and unsigned_side(actor, found)


def required(pickup: Pickup) -> bool:
    """Whether the place wants one signed before a pick-up is agreed, and there is none in force."""
    site = accounts.site(pickup.site_id)
    if site is None or not site.protocol_wanted or not needed(pickup):
        return False
    found = of_pickup(pickup)
    return found is None or found.state != "in_force"


def require(pickup: Pickup) -> None:
    """Refuse (Conflict) where the place wants a protocol first and none is in force."""
    if required(pickup):
        raise Conflict(
            N_("This place wants a loading safety protocol signed by both before a pick-up is agreed."),
            code="pickup.protocol",
        )


@command
def sign(pickup: Pickup, rules: str, *, actor: Actor) -> LoadingProtocol:
    """Sign one's own part of the protocol of a pick-up's place; the second signature brings it into force.

    `rules`: what this side says of its own – the place: instructions and means of rescue; who comes: vehicle,
    goods, precautions. Refused: by another's hand; neither side; signed already; nothing said (Invalid).
    """
    require_own_hand(actor)
    site = lock(Site, Site.id == pickup.site_id)
    if site is None or not needed(pickup):
        raise Conflict(N_("No protocol is needed between these two here."), code="protocol.none")
    if not rules.strip():
        raise Invalid(N_("Say what the other side must know."), field="rules", code="protocol.rules")
    found = _alive_or_new(site, sheet.comes(pickup))
    FLOW.require("sign", found, actor)
    side = "host" if actor.is_org(found.host_id) else "carrier"
    signed = {
        f"{side}_rules": rules.strip()[:1000], f"{side}_signer": actor.person_name[:120],
        f"{side}_person_id": actor.person_id, f"{side}_signed_at": clock.now(),
    }  # fmt: skip
    other_at = found.carrier_signed_at if side == "host" else found.host_signed_at
    url = f"/enlevements/{pickup.reference}/protocole"
    if other_at is None:
        for name, value in signed.items():
            setattr(found, name, value)
        _write("protocol.prepared", found, actor)
        mails.protocol("protocol_asked", found, found.carrier_id if side == "host" else found.host_id, url)
    else:
        row = FLOW.fire("sign", found, actor, **signed)
        _write(row.event, found, actor)
        _issue(found)
        for each in (found.host_id, found.carrier_id):
            mails.protocol("protocol_signed", found, each, url)
    session().flush()
    return found


def void_changed() -> int:
    """Job: protocols whose place no longer is as they say end; both sides are told. Returns how many."""
    statement = sa.select(LoadingProtocol).where(LoadingProtocol.state != "void").order_by(LoadingProtocol.id)
    changed = [
        one.id for one in session().scalars(statement) if one.digest != digest(accounts.site(one.site_id))
    ]
    return jobs.each(changed, _void, "protocols.void")


def register(actor: Actor, after: int | None = None, limit: int = 200) -> list[LoadingProtocol]:
    """The protocols of the reader's organisation, on either side (all for those who oversee), newest first."""
    statement = sa.select(LoadingProtocol).order_by(LoadingProtocol.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(LoadingProtocol.id < after)
    if not policy.oversees(actor):
        mine = actor.organisation_id or 0
        statement = statement.where(
            sa.or_(LoadingProtocol.host_id == mine, LoadingProtocol.carrier_id == mine)
        )
    return list(session().scalars(statement))


def digest(site: Site | None) -> str:
    """SHA-256 of what a protocol says of a place; it changes when one of these facts does."""
    text = json.dumps(facts_of(site), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def facts_of(site: Site | None) -> dict[str, Any]:
    """What a protocol says of a place."""
    if site is None:
        return {}
    return {name: getattr(site, name) for name in FACTS} | {"week": site.week}


def _alive(site_id: int, carrier_id: int) -> sa.Select[LoadingProtocol]:
    return sa.select(LoadingProtocol).where(
        LoadingProtocol.site_id == site_id, LoadingProtocol.carrier_id == carrier_id,
        LoadingProtocol.state != "void",
    )  # fmt: skip


def _alive_or_new(site: Site, carrier_id: int) -> LoadingProtocol:
    found = session().scalars(_alive(site.id, carrier_id).with_for_update()).first()
    if found is not None and found.digest != digest(site):
        _end(found)
        found = None
    if found is None:
        found = LoadingProtocol(
            reference=next_reference("PRS"), state="prepared", site_id=site.id, host_id=site.organisation_id,
            carrier_id=carrier_id, facts=facts_of(site), digest=digest(site), made_at=clock.now(),
        )  # fmt: skip
        session().add(found)
        session().flush()
    return found


@command
def _void(protocol_id: int) -> None:
    found = lock(LoadingProtocol, LoadingProtocol.id == protocol_id)
    if found is None or found.state == "void":
        return
    _end(found)
    for each in (found.host_id, found.carrier_id):
        mails.protocol("protocol_void", found, each, "/protocoles")


def _end(found: LoadingProtocol) -> None:
    row = FLOW.fire("void", found, SYSTEM, voided_at=clock.now())
    _write(row.event, found, SYSTEM)


def _issue(found: LoadingProtocol) -> None:
    """The paper, to both sides."""
    site = accounts.site(found.site_id)
    if site is None:
        raise NotFound(N_("This site does not exist."))
    facts = {
        "made_at": clock.now().isoformat(),
        "giver": lot_papers.party(found.host_id, site),
        "taker": lot_papers.party(found.carrier_id),
        "protocol_ref": found.reference,
        "place": found.facts | {"hours_said": {lang: hours.said(site, lang) for lang in ("fr", "en")}},
        "rules": {
            side: {
                "text": getattr(found, f"{side}_rules"), "by": getattr(found, f"{side}_signer"),
                "on": getattr(found, f"{side}_signed_at").isoformat(),
            }
            for side in SIDES
        },
    }  # fmt: skip
    documents.issue(
        "loading_protocol", facts, lang="fr", owner=f"protocol/{found.reference}",
        readers=[found.host_id, found.carrier_id], number_prefix="PS",
    )  # fmt: skip


def _write(event: str, found: LoadingProtocol, actor: Actor) -> None:
    """In both organisations' journals."""
    act = journal.Act(actor)
    facts = {
        "protocol": found.reference,
        "site": found.site_id,
        "host": found.host_id,
        "carrier": found.carrier_id,
    }
    for each in sorted({found.host_id, found.carrier_id}):
        journal.append(act, f"organisation/{each}", event, facts=facts)
