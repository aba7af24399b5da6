"""Sites: one's own only; a wrong answer keeps what was typed."""

from __future__ import annotations

import pytest
from flask import Flask

from reuse_market.accounts import queries, services
from reuse_market.kernel.errors import NotAllowed, NotFound
from tests.lots.visiting import Visitor
from tests.support.world import Party, World


def test_adding_a_site(app: Flask, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open("/sites").follow("Ajouter un site")
    visitor.press(
        "Enregistrer le site", name="Dépôt", street="2 rue de l’Exemple", postcode="38100", commune_name="grenoble",
        height_limit_cm="190",
    )  # fmt: skip
    assert "Le site est enregistré." in visitor.page.text
    site = next(s for s in queries.sites_of(holder.organisation_id) if s.name == "Dépôt")
    assert (site.commune_name, site.commune_insee, site.height_limit_cm) == ("Grenoble", "38185", 190)
    assert site.located_by == "commune"


def test_a_mistake_keeps_what_was_typed(app: Flask, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open("/sites/nouveau")
    visitor.press(
        "Enregistrer le site",
        422,
        name="Dépôt",
        postcode="381",
        commune_name="Grenoble",
        height_limit_cm="12",
    )
    assert visitor.tree.xpath("//input[@name='name']/@value") == ["Dépôt"]
    assert visitor.tree.xpath("//input[@name='postcode']/@value") == ["381"]
    said = visitor.tree.xpath("string(//div[@id='errors'])")
    assert "Indiquez les cinq chiffres du code postal." in said
    assert "Indiquez un nombre entre 100 et 600." in said


def test_changing_ones_own_site(app: Flask, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open(f"/sites/{holder.site_id}")
    assert visitor.tree.xpath("//input[@name='name']/@value") == ["Siège"]
    visitor.press("Enregistrer le site", name="Siège social")
    assert [s.name for s in queries.sites_of(holder.organisation_id)] == ["Siège social"]


def test_another_organisations_site_does_not_exist(app: Flask, world: World, holder: Party) -> None:
    other = world.reuse_actor()
    Visitor(app.test_client(), holder).open(f"/sites/{other.site_id}", 404)
    with pytest.raises(NotFound):
        services.save_site(holder.organisation_id, {}, actor=holder.actor, site_id=other.site_id)
    with pytest.raises(NotAllowed):
        services.save_site(other.organisation_id, {}, actor=holder.actor)


def test_a_place_the_territory_does_not_know_has_no_point(holder: Party) -> None:
    values = {"name": "Loin", "postcode": "75001", "commune_name": "Paris"}
    site = services.save_site(holder.organisation_id, values, actor=holder.actor)
    assert (site.commune_insee, site.latitude, site.located_by) == (None, None, None)


def test_who_receives_devices_has_sites_too(app: Flask, world: World) -> None:
    """The visitor asserts the statuses: 200, then 403."""
    Visitor(app.test_client(), world.buyer()).open("/sites")
    Visitor(app.test_client(), world.operator()).open("/sites", 403)
