"""The pages around an arrival, as two organisations use them without script."""

from __future__ import annotations

import re

from reuse_market.accounts import queries as accounts
from reuse_market.collection import queries
from reuse_market.kernel import clock
from tests.collection.test_pages import Visitor, both, world
from tests.support import world as chain

__all__ = ["both", "world"]


def kept(name, answer):
    """The page, once it is a good one."""
    status, page = answer
    assert status == 200, page[:3000]
    return page


def test_hours_slots_sheet_and_protocol(world, both):
    holder, actor = both
    site_id = accounts.sites_of(world.holder().organisation_id)[0].id
    week = {
        f"d{day}_{edge}": time for day in range(5) for edge, time in (("from_1", "09:00"), ("to_1", "12:00"))
    }
    status, page = holder.post(f"/sites/{site_id}/horaires", **week | {"d0_to_1": "08:00"})
    assert status == 422
    assert "La fin doit venir après le début" in page
    status, page = holder.post(f"/sites/{site_id}/horaires", **week | {"closed_days": "24 décembre"})
    assert status == 422
    page = kept("sites", holder.post(f"/sites/{site_id}/horaires", **week | {"closed_days": "24/12/2030"}))
    assert "Lundi à vendredi 09:00 à 12:00" in page
    assert "2030-12-24" in kept("hours", holder.get(f"/sites/{site_id}/horaires"))
    claim = chain.awarded_claim(
        chain.published_lot(world.holder()), world.holder(), world.reuse_actor()
    ).reference
    page = kept("slot", actor.get(f"/demandes/{claim}/enlevement"))
    day = re.search(r'name="day" value="(\d{4}-\d\d-\d\d)"', page)[1]
    slot = {"day": day, "from_time": "09:00", "to_time": "11:00"}
    page = kept("pickup", actor.post(f"/demandes/{claim}/enlevement", **slot))
    reference = re.search(r"ENL-\d{4}-\d{4}", page)[0]
    assert "Avant le départ du véhicule" in page
    at = f"/enlevements/{reference}"
    status, page = actor.post(f"{at}/protocole", rules="")
    assert status == 422
    kept("protocol-1", actor.post(f"{at}/protocole", rules="Fourgon, diable, gilets."))
    page = kept("protocol-2", holder.post(f"{at}/protocole", rules="Vitesse au pas, extincteur au quai."))
    assert "En vigueur" in page
    assert "Protocole" in kept("protocols", actor.get("/protocoles"))
    holder.post(f"{at}/accepter")
    status, _page = actor.post(f"{at}/vehicule", driver_name="")
    assert status == 422
    assert status == actor.post(f"{at}/vehicule", plate="AB-123-CD")[0]
    kept("coming", actor.get(f"{at}/vehicule"))
    actor.post(f"{at}/vehicule", driver_name="Sam Exemple", plate="AB-123-CD")
    assert "Ce n’est pas" not in kept("asked", actor.post(f"{at}/demander-fiche"))
    page = kept("sheet", holder.get(f"{at}/fiche-site"))
    assert "Sam Exemple" in page
    assert "AB-123-CD" in page
    kept("sheet-en", actor.get(f"{at}/fiche-site?lang=en"))


def test_a_grouped_day_and_a_late_drop_out(app, world, both):
    holder, actor = both
    place = accounts.sites_of(world.reuse_actor().organisation_id)[0]
    place_id, street = place.id, place.street
    lot = chain.published_lot(world.holder())
    other = world.reuse_actor("Réemploi Exemple")
    claim = chain.awarded_claim(lot, world.holder(), world.reuse_actor(), {1: 2}).reference
    waits = chain.submitted_claim(lot, other, {1: 3}).reference
    kept("new-day", actor.get("/journees/nouvelle"))
    day = {"site_id": str(place_id), "day": clock.in_days(1).isoformat()}
    status, _page = actor.post("/journees/nouvelle", **day)
    assert status == 422
    page = kept("day", actor.post("/journees/nouvelle", **day, from_0="09:00", to_0="10:00", places_0="1"))
    reference = re.search(r"JOU-\d{4}-\d{4}", page)[0]
    kept("days", holder.get("/journees"))
    page = kept("day-holder", holder.get(f"/journees/{reference}"))
    assert street not in page  # the address is for those who come
    slot = re.search(rf"/journees/{reference}/creneaux/(\d+)", page)[1]
    page = kept("taken", holder.post(f"/journees/{reference}/creneaux/{slot}", claim=claim))
    assert "Votre créneau est retenu" in page
    pickup = re.search(r"ENL-\d{4}-\d{4}", page)[0]
    assert street in kept("day-full", holder.get(f"/journees/{reference}"))
    page = kept("late", actor.get(f"/enlevements/{pickup}"))
    assert "Il est tard" in page
    actor.post(f"/enlevements/{pickup}/annuler", reason="Panne")
    assert queries.get(pickup).state == "cancelled"
    calendar = actor.get(f"/enlevements/{pickup}/rendez-vous.ics")[1]
    assert "METHOD:CANCEL" in calendar
    third = Visitor(app, other)
    third.get("/compte")
    page = kept("standby", third.get(f"/demandes/{waits}"))
    assert "redeviennent disponibles" in page
    page = kept("confirmed", third.post(f"/demandes/{waits}/disponibles/confirmer"))
    assert "Vous avez confirmé" in page
    assert "confirme vouloir" in kept("standby-holder", holder.get(f"/demandes/{waits}"))
