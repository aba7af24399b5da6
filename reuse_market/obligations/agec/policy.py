"""Who keeps a ledger, and who reads it: bound by its legal category, never by what it says of itself."""

from __future__ import annotations

from datetime import date

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes

NOT_BOUND = N_(
    "Only State services, local authorities and their groupings keep this ledger: other buyers are encouraged"
    " to buy reused goods, and not bound (loi 2020-105, art. 58)."
)


def standing(organisation_id: int, on: date | None = None) -> str:
    """What the organisation is before the law (regimes.parties.KINDS)."""
    return regimes.party_kind(organisation_id, on)


def bound(organisation_id: int, on: date | None = None) -> bool:
    """Whether AGEC art. 58 binds it."""
    return standing(organisation_id, on) in parties.OBLIGED


def require_keeper(actor: Actor) -> int:
    """The organisation whose ledger this actor writes: its own, bound by law. NotAllowed otherwise.

    Whoever prepares for the organisation writes too: nothing here commits it.
    """
    own = actor.organisation_id
    if own is None or actor.person_id is None or actor.roles == {"auditor"} or not bound(own):
        raise NotAllowed(NOT_BOUND, code="agec.not-bound")
    return own


def whose(actor: Actor, asked: int | None = None) -> int:
    """The organisation whose ledger this actor reads: its own; any for those who oversee. NotFound otherwise."""
    if asked is None or actor.is_org(asked):
        if actor.organisation_id is None:
            raise NotFound(N_("This organisation does not exist."))
        return actor.organisation_id
    if not oversees(actor) or accounts.organisation(asked) is None:
        raise NotFound(N_("This organisation does not exist."))
    return asked
