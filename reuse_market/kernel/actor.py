"""Who acts. Resolved at the edge, always an argument, never a global."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

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

    def has(self, *roles: str) -> bool:
        """True when the organisation holds one of `roles`."""
        return bool(self.roles.intersection(roles))

    def is_org(self, organisation_id: int | None) -> bool:
        """True when acting for that organisation (None never matches)."""
        return organisation_id is not None and self.organisation_id == organisation_id


VISITOR = Actor(commits=False)
SYSTEM = Actor(via="system", roles=frozenset({"system"}))
