"""What accounts shows on pages of others."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale

from reuse_market.accounts import capacities, members, policy, queries
from reuse_market.accounts.models import Organisation
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.actor import Actor
from reuse_market.places import queries as places
from reuse_market.web.panels import Panel


def who_commits(_subject: Any, actor: Actor) -> Panel | None:
    """On a refusal for want of the right to commit: the colleagues to ask."""
    if actor.organisation_id is None:
        return None
    context = {
        "names": members.committing(actor.organisation_id),
        "admitted": queries.is_verified(actor.organisation_id),
    }
    return Panel("accounts/_who_commits.html", context)


def capacity(organisation: Organisation, actor: Actor) -> Panel | None:
    """On an organisation's file: what it says it can take, to itself and to those who oversee."""
    if not policy.may_know_capacity(actor, organisation.id):
        return None
    declared = capacities.capacity_of(organisation.id)
    if declared is None and not queries.roles_of(organisation.id) & {"reuse_actor"}:
        return None
    language = str(get_locale())[:2]
    context = {
        "declared": declared,
        "kinds": [equipment.kind_label(code, language, 2) for code in (declared.kinds if declared else ())],
        "communes": [
            one.name for code in (declared.communes if declared else ()) if (one := places.commune(code))
        ],
        "mine": actor.is_org(organisation.id) and actor.has("reuse_actor"),
    }
    return Panel("accounts/_capacity.html", context)
