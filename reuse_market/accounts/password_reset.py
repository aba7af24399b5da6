"""A forgotten password: a link by mail, a new password, every session ended. Tokens of the API go on."""

from __future__ import annotations

from reuse_market.accounts import attempts, links, people_mails, policy, queries
from reuse_market.accounts.models import Person
from reuse_market.accounts.services import change_password, stream
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal

PER_PERSON = 3
PER_NETWORK = 20


def ask(email: str, *, network: str) -> None:
    """Send the link if somebody has this address; the answer is the same when nobody has.

    TooMany after 3 requests for an address, or 20 from a network, in a quarter of an hour.
    """
    attempts.note("reset", (email, PER_PERSON), (network, PER_NETWORK))
    found = queries.person_by_email(email)
    if found is not None and found.active:
        send_link(found.id)


@command
def send_link(person_id: int) -> str:
    """Queue the mail with a fresh link; return its token (for whoever hands it on another way)."""
    found = lock(Person, Person.id == person_id)
    token = links.make_link("reset_password", person_id=person_id)
    people_mails.reset_password(found, token)
    return token


@command
def choose_password(token: str, password: str, *, purpose: str = "reset_password") -> Person:
    """Use the link of a mail to set its person's password; their sessions end, other links too.

    Conflict for a dead link or a closed account; Invalid under 12 characters: the link then stays good.
    """
    link = links.use_link(token, purpose)
    found: Person | None = lock(Person, Person.id == (link.person_id or 0))
    if found is None or not found.active:
        raise Conflict(links.DEAD, code="link.dead")
    change_password(found.id, password)
    links.end_links("reset_password", person_id=found.id)
    return found


@command
def copy_link(person_id: int, *, actor: Actor) -> str:
    """A fresh link's token for the operator to hand on (the mail does not arrive); the journal says who took it.

    Refused: NotAllowed but to a committing operator; for who acts for the operator or the administrator, but
    to the administrator: an operator would become them.
    """
    require_own_hand(actor)
    found = lock(Person, Person.id == person_id)
    if found is None or not found.active:
        raise NotFound(N_("This person does not exist."))
    mine = [one.organisation_id for one in queries.memberships(person_id)]
    above = any(policy.OVERSEEING & queries.roles_of(one) for one in mine)
    if not actor.commits or not actor.has("administrator", *(() if above else ("operator",))):
        raise NotAllowed(N_("Only the operator takes this link, and the administrator for an operator."),
                         code="link.not-allowed")  # fmt: skip
    journal.append(
        journal.Act(actor), stream((mine or [actor.organisation_id or 0])[0]), "organisation.link_copied",
        facts={"purpose": "reset_password"}, commitments={"member": str(person_id)},
    )  # fmt: skip
    return links.make_link("reset_password", person_id=person_id)
