"""`/organisations` and `/sites`."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import hours, listing, queries, services
from reuse_market.accounts.hours_forms import HoursInput
from reuse_market.accounts.locating import ask_first
from reuse_market.accounts.models import Organisation, Site
from reuse_market.accounts.policy import oversees
from reuse_market.accounts.schemas import OrganisationSchema, SiteChange, SiteInput, SiteSchema
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import rest
from reuse_market.web.access import current_actor

SITE = "/sites/<int(min=1, max=2147483647):site_id>"
BELOW = ("qualification", "members", "invitations", "evidence")
organisations = rest.Collection("organisations", "The organisation the token acts for.")
sites = rest.Collection("sites", "Places where units are kept, with what a driver must know.")
collections = (organisations, sites)


@organisations.read("/organisations", rule="signed-in", shape=OrganisationSchema, listed=True)
def list_organisations(query: dict[str, Any]) -> dict[str, Any]:
    """The token's organisation; all of them for those who oversee."""
    found = listing.organisations(current_actor(), after=rest.after(query["cursor"]), limit=query["limit"])
    roles = listing.roles([one.id for one in found])
    return rest.page(
        found, query["limit"], lambda one: one.id, lambda one: _organisation(one, roles.get(one.id, []))
    )


@organisations.read(
    "/organisations/<int(min=1, max=2147483647):organisation_id>", rule="signed-in", shape=OrganisationSchema
)
def get_organisation(organisation_id: int) -> dict[str, Any]:
    """One of them."""
    actor = current_actor()
    found = queries.organisation(organisation_id)
    if found is None or not (actor.is_org(found.id) or oversees(actor)):
        raise NotFound(N_("This organisation does not exist."))
    return _organisation(found, listing.roles([found.id]).get(found.id, []))


@sites.read("/sites", rule="site-keeper", shape=SiteSchema, listed=True)
def list_sites(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's sites."""
    mine = current_actor().organisation_id or 0
    found = listing.sites(mine, after=rest.after(query["cursor"]), limit=query["limit"])
    return rest.page(found, query["limit"], lambda one: one.id, _site)


@sites.read(SITE, rule="site-keeper", shape=SiteSchema)
def get_site(site_id: int) -> dict[str, Any]:
    """One of them."""
    found = queries.site(site_id)
    if found is None or not current_actor().is_org(found.organisation_id):
        raise NotFound(N_("This site does not exist."))
    return _site(found)


def _ask(values: dict[str, Any], site_id: int | None = None) -> None:
    ask_first(values, current_actor().organisation_id, site_id)


@sites.verb("/sites", rule="site-keeper", body=SiteInput, shape=SiteSchema, status=201, before=_ask)
def create_site(values: dict[str, Any], prepared: None) -> dict[str, Any]:
    """Add a site; it is placed at its address if the address service knows it, else at its commune's point."""
    actor = current_actor()
    return _site(services.save_site(actor.organisation_id or 0, values, actor=actor))


@sites.verb(f"{SITE}:change", rule="site-keeper", body=SiteChange, shape=SiteSchema, before=_ask)
def change_site(values: dict[str, Any], site_id: int, prepared: None) -> dict[str, Any]:
    """Change a site."""
    actor = current_actor()
    return _site(services.save_site(actor.organisation_id or 0, values, actor=actor, site_id=site_id))


@sites.verb(f"{SITE}:set-hours", rule="site-keeper", body=HoursInput, shape=SiteSchema)
def set_hours(values: dict[str, Any], site_id: int) -> dict[str, Any]:
    """Say when somebody is at a site: slots of pick-ups are proposed from it."""
    return _site(hours.set_hours(site_id, actor=current_actor(), **values))


def _organisation(found: Organisation, roles: list[str]) -> dict[str, Any]:
    names = (
        "id", "name", "legal_kind", "state", "siret", "rna", "phone", "email", "registration_ref",
        "answer_until", "charter_accepted_on", "decision_reason",
    )  # fmt: skip
    return {name: getattr(found, name) for name in names} | {
        "roles": roles,
        "actions": rest.actions("organisations", found, current_actor()),
        "links": {
            "self": rest.address("organisations", found.id),
            **{name: rest.address("organisations", found.id, name) for name in BELOW},
        },
    }


def _site(found: Site) -> dict[str, Any]:
    shown = {name: getattr(found, name) for name in SiteSchema().fields if hasattr(found, name)}
    return shown | {"actions": ["change", "set-hours"], "links": {"self": rest.address("sites", found.id)}}
