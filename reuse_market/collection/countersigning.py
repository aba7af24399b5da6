"""The holder's counter-signature from afar, when nobody could sign at the door: a link that works 48 hours.

Meanwhile the note says "not counter-signed", and nothing changes hands: the devices stay with who collected
them, the holder's still. After the first link a reminder with a second one, then the operator's list.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.collection import links, mails, papers, policy, queries
from reuse_market.collection.models import Pickup, SignatureLink
from reuse_market.collection.services.signing import countersign_by_link
from reuse_market.collection.services.slots import locked
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor, require_own_hand
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.traceability import journal

SOON = timedelta(hours=1)  # unsigned so long after the driver: nobody is at the door any more
ASKINGS = 2  # the first link, then the reminder; then the operator calls
CONTACT = frozenset({"contact"})  # no role one asks for: what the gate calls who came by a signature link


@command
def ask_signature(reference: str, *, actor: Actor) -> list[str]:
    """Send the holder's contact on site, and its members, a link to counter-sign; returns the addresses.

    The note is issued as "not counter-signed". A new asking ends the links sent before. Refused: neither side
    (NotAllowed); a pick-up the driver has not signed, or that both have; nobody to write to (Conflict).
    """
    require_own_hand(actor)
    pickup, _claim, lot = locked(reference, actor)
    if not (policy.asks_signature(actor, pickup) or policy.system(actor, pickup)):
        raise refusal(lambda one: policy.asks_signature(one, pickup), actor, "pickup.ask-signature")
    if pickup.state != "done" or pickup.holder_signed_at is not None:
        raise Conflict(N_("No signature is expected for this pick-up."), code="pickup.no-signature")
    readers = readers_of(pickup)
    if not readers:
        raise Conflict(N_("The holder has given no address to write to: call it."), code="pickup.no-address")
    asked = links.asked_at(pickup)
    if asked is not None and asked > clock.now() - SOON:
        raise Conflict(
            N_("A link was sent less than an hour ago: let it be read."), code="pickup.asked-just-now"
        )
    now, asking = clock.now(), links.askings(pickup) + 1
    links.spend(pickup, None)
    until = now + timedelta(days=delay_days("signature.link"))
    for address, language in readers.items():
        token = secrets.token_urlsafe(32)
        session().add(
            SignatureLink(pickup_id=pickup.id, digest=links.digest(token), email=address, asking=asking, asked_at=now,
                          expires_at=until)
        )  # fmt: skip
        mails.signature_asked(pickup, address, language, token, until, again=asking > 1)
    session().flush()
    facts = {"lot": lot.reference, "pickup": reference, "asking": asking, "links": len(readers)}
    journal.append(journal.Act(actor), f"lot/{lot.reference}", "pickup.signature-asked", facts=facts)
    papers.issue_waiting_note(pickup, until)
    return list(readers)


@command
def sign_by_link(token: str, name: str) -> Pickup:
    """The holder's contact counter-signs by its link and its typed name: ownership passes, the note is sealed.

    Refused (Conflict): a dead link, a pick-up signed meanwhile. Invalid: no name.
    """
    seen = links.peek(token)
    if seen is None or not links.alive(seen):
        raise Conflict(links.DEAD, code="link.dead")
    if not name.strip():
        raise Invalid(N_("Enter the name of the person who hands over."), field="name", code="signature.name")
    pickup = session().get_one(Pickup, seen.pickup_id)
    actor = contact_actor(pickup, name)
    done = countersign_by_link(pickup.reference, name.strip()[:120], seen.id, actor=actor)
    if seen.email not in {address for address, _ in accounts.addresses_of(done.holder_id)}:
        language = readers_of(done).get(seen.email, "fr")
        mails.note_to_contact(done, seen.email, language, token, papers.totals(done))
    return done


def contact_actor(pickup: Pickup, name: str = "") -> Actor:
    """Who signs by a link: the holder's side, for this pick-up alone."""
    names = accounts.names([pickup.holder_id])
    return Actor(
        organisation_id=pickup.holder_id, roles=CONTACT, via="link", commits=False,
        person_name=" ".join(name.split())[:120], organisation_name=names[pickup.holder_id],
        scope=frozenset({pickup.reference}),
    )  # fmt: skip


def readers_of(pickup: Pickup) -> dict[str, str]:
    """Whom a signature is asked of: the contact on site first, then the holder's members; address → language."""
    found: dict[str, str] = {}
    site = queries.holder_site(pickup)
    members = dict(accounts.addresses_of(pickup.holder_id))
    if site is not None and site.contact_email:
        found[site.contact_email] = members.get(site.contact_email, next(iter(members.values()), "fr"))
    return found | members


def chase_due() -> int:
    """Job: ask by link for what nobody signed at the door, then remind once. Returns how many were asked.

    After the second link the operator's list has it: a pick-up signed by one side only.
    """
    asked = sa.select(sa.func.max(SignatureLink.expires_at)).where(SignatureLink.pickup_id == Pickup.id)
    times = sa.select(sa.func.max(SignatureLink.asking)).where(SignatureLink.pickup_id == Pickup.id)
    late = sa.func.coalesce(asked.scalar_subquery(), Pickup.driver_signed_at)
    limit = sa.case((asked.scalar_subquery().is_(None), clock.now() - SOON), else_=clock.now())
    chosen = (
        sa.select(Pickup.id)
        .where(Pickup.state == "done", Pickup.holder_signed_at.is_(None), late < limit)
        .where(sa.func.coalesce(times.scalar_subquery(), 0) < ASKINGS)
        .order_by(Pickup.id)
    )
    return jobs.each(list(session().scalars(chosen)), _chase, "signatures.chase")


@command
def _chase(pickup_id: int) -> None:
    pickup = session().get_one(Pickup, pickup_id)
    if readers_of(pickup):
        ask_signature(pickup.reference, actor=SYSTEM)
