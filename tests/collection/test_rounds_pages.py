"""The pages of rounds as an actor, its driver and the holders use them without script."""

from __future__ import annotations

import re

from reuse_market.collection import queries
from reuse_market.collection.rounds import reading, services
from reuse_market.kernel import clock, db
from tests.collection.test_pages import Visitor, world
from tests.collection.test_rounds import agreed, order, terms, van

__all__ = ["world"]
HERE = {"Origin": "http://localhost"}


def asked(world, **changes):
    """What the form of a new round sends."""
    return {
        "day": clock.today().isoformat(), "from_time": "08:00", "to_time": "18:00",
        "depot_site_id": str(world.reuse_actor().site_id), "driver_name": "Sam Exemple", "note": "Diable",
    } | changes  # fmt: skip


def signed_in(app, party):
    visitor = Visitor(app, party)
    visitor.get("/compte")
    return visitor


def test_from_ticked_pick_ups_to_the_road_and_back(app, world):
    actor = world.reuse_actor()
    refs = [agreed(world, actor, n, slot=("08:00", "17:00")) for n in range(3)]
    holder, people = signed_in(app, world.party("Détenteur 1", "holder")), signed_in(app, actor)
    assert "Aucune tournée" in people.get("/tournees")[1]
    assert people.post("/vehicules/ajouter", name=" ")[0] == 422
    assert people.post("/vehicules/ajouter", name="Fourgon", units="5", tail_lift="no")[0] == 200
    status, page = people.get("/tournees/nouvelle")
    assert status == 200
    assert all(ref in page for ref in refs)
    [vehicle] = re.findall(r'name="vehicles"[^>]*value="(\d+)"', page)
    status, page = people.post("/tournees/nouvelle", **asked(world, to_time="07:00", pickups=refs[:2]))
    assert (status, "La fin doit venir après le début" in page) == (422, True)
    assert "Sam Exemple" in page  # nothing typed is lost
    status, page = people.post("/tournees/nouvelle", **asked(world, pickups=refs[:2], vehicles=vehicle))
    assert status == 200
    ref = re.search(r"TRN-\d{4}-\d{4}", page).group()
    at = f"/tournees/{ref}"
    assert order(ref) == refs[:2]
    assert "Trop d’appareils : 6 pour 5" in page  # does it fit? at once
    assert "Sam Exemple" in page
    assert refs[2] in page.split('id="libres"')[1]
    status, page = people.post(f"{at}/arrets", act="on", pickup=refs[2])
    assert (status, order(ref)) == (200, refs)
    people.post(f"{at}/arrets", act="up", pickup=refs[2])
    assert order(ref) == [refs[0], refs[2], refs[1]]
    people.post(f"{at}/arrets", act="down", pickup=refs[0])
    assert order(ref) == [refs[2], refs[0], refs[1]]
    assert people.post(f"{at}/arrets", act="up", pickup=refs[2])[0] == 409
    assert people.post(f"{at}/arrets", act="sideways", pickup=refs[2])[0] == 404
    people.post(f"{at}/arrets", act="off", pickup=refs[2])
    assert order(ref) == refs[:2]
    assert "dans l’ordre" in people.post(f"{at}/ordre")[1]
    assert people.post(f"{at}/modifier", **asked(world, driver_name="Lou Exemple", vehicle_id="0"))[0] == 200
    assert "Lou Exemple" in people.get(f"{at}/feuille")[1]
    assert people.post(f"{at}/modifier", **asked(world, day="2020-01-01"))[0] == 422
    # The holder of a stop knows nothing of a draft; once it is planned, its own pick-up and no other.
    assert holder.get(at)[0] == 404
    assert "Chaque détenteur connaît son heure" in people.post(f"{at}/planifier")[1]
    status, page = holder.get(at)
    assert (status, refs[1] in page, refs[0] in page) == (200, True, False)
    hour = reading.expected_at(queries.get(refs[1]).id).arrive_at
    assert f"vers {hour}" in page
    assert holder.get(f"{at}/feuille")[0] == 404
    assert holder.post(f"{at}/annuler", reason="Non")[0] in (403, 404)
    assert signed_in(app, world.reuse_actor("Autre atelier")).get(at)[0] == 404
    people.post(f"{at}/rouvrir")
    people.post(f"{at}/planifier")
    assert "Bonne route" in people.post(f"{at}/partir")[1]
    assert people.post(f"{at}/annuler", reason=" ")[0] == 422
    assert "annulée" in people.post(f"{at}/annuler", reason="Panne")[1]
    assert "Panne" in people.get(at)[1]
    assert people.post(f"{at}/partir")[0] == 409


def test_several_vehicles_share_the_stops_and_a_long_round_waits_for_its_order(app, world):
    actor = world.reuse_actor()
    refs = [agreed(world, actor, n, units=1, slot=("08:00", "17:00")) for n in range(14)]
    vans = [str(van(actor, units=14).id), str(van(actor, units=14).id)]
    people, other = signed_in(app, actor), signed_in(app, world.reuse_actor("Autre atelier"))
    status, page = people.post("/tournees/nouvelle", **asked(world, pickups=refs[:4], vehicles=vans))
    assert (status, "réfléchit" in page or "calcul" in page) == (200, True)
    [plan] = set(re.findall(r"/tournees/plans/(\d+)", page))
    assert people.post(f"/tournees/plans/{plan}/creer")[0] == 409
    db.release()
    assert services.run_due() == 1
    db.release()
    assert other.get(f"/tournees/plans/{plan}")[0] == 404
    assert other.post(f"/tournees/plans/{plan}/creer")[0] == 404
    status, page = people.get(f"/tournees/plans/{plan}")
    assert all(ref in page for ref in refs[:4])
    status, page = people.post(f"/tournees/plans/{plan}/creer")
    assert (status, "brouillons" in page) == (200, True)
    assert people.post(f"/tournees/plans/{plan}/creer")[0] == 409
    for view in reading.views(actor.actor):
        people.post(f"/tournees/{view.round.reference}/annuler", reason="Essai")
    long = services.draft_round(refs, actor=actor.actor, **terms(actor)).reference
    db.release()
    status, page = people.post(f"/tournees/{long}/ordre")
    [plan] = set(re.findall(r"/tournees/plans/(\d+)", page))
    before = reading.get(long).metres
    db.release()
    assert services.run_due() == 1
    db.release()
    page = people.get(f"/tournees/plans/{plan}")[1]
    assert "le plus court" not in page
    assert people.post(f"/tournees/plans/{plan}/creer")[0] == 200
    db.release()
    assert sorted(order(long)) == sorted(refs)
    assert reading.get(long).metres <= before


def test_a_driver_by_a_link_does_the_round_of_the_day(app, world):
    actor = world.reuse_actor()
    refs = [agreed(world, actor, n, slot=("08:00", "17:00")) for n in range(2)]
    other = agreed(world, actor, 2)
    ref = services.draft_round(refs, actor=actor.actor, **terms(actor, van(actor))).reference
    services.plan_round(ref, actor=actor.actor)
    db.release()
    people = signed_in(app, actor)
    status, page = people.post(f"/chauffeurs/{ref}", name="Lou Exemple", language="fr")
    assert status == 201
    [token] = set(re.findall(r"/chauffeur/([\w-]{20,})", page))
    driver = app.test_client()
    driver.post(f"/chauffeur/{token}", headers=HERE)
    page = driver.get("/chauffeur").get_data(as_text=True)
    assert page.index(refs[0]) < page.index(refs[1])
    assert other not in page
    assert driver.get(f"/tournees/{ref}/feuille").status_code == 403
    people.post(f"/tournees/{ref}/annuler", reason="Panne")
    assert driver.get("/chauffeur").status_code == 302
