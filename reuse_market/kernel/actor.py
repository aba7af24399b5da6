"""Who acts. Resolved at the edge, always an argument, never a global."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reuse_market.kernel.errors import NotAllowed
from reuse_market.kernel.words import N_

Via = Literal["self", "operator", "token", "link", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for an organisation.

    `roles` are the organisation's roles (holder, reuse_actor, …). Policies judge the organisation;
    the journal keeps `via`. `commits` is whether the membership may commit the organisation.
    """

    organisation_id: int | None = None
    person_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    via: Via = "self"
    commits: bool = True
    person_name: str = ""
    organisation_name: str = ""
    on_behalf_id: int | None = None  # the operator's call, visit or letter this act comes from
    scope: frozenset[str] = frozenset()  # via "link": the references it opens, and nothing else
    link_id: int | None = None  # the link a driver without an account came by

    @property
    def own_hand(self) -> bool:
        """False while the operator acts for the organisation: it then neither signs nor attests an erasure."""
        return self.via != "operator"

    def has(self, *roles: str) -> bool:
        """True when the organisation holds one of `roles`."""
        return bool(self.roles.intersection(roles))

    def is_org(self, organisation_id: int | None) -> bool:
        """True when acting for that organisation (None never matches)."""
        return organisation_id is not None and self.organisation_id == organisation_id


def require_own_hand(actor: Actor) -> None:
    """First line of every verb that signs, attests an erasure or changes who may act. Refused: the operator
    acting for somebody else (design.md §3: never allowed for signatures and erasure validation)."""
    if not actor.own_hand:
        raise NotAllowed(
            N_("This needs the organisation’s own hand: nobody signs or attests for somebody else."),
            code="own-hand",
        )


VISITOR = Actor(commits=False)
SYSTEM = Actor(via="system", roles=frozenset({"system"}))
