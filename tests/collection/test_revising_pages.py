"""The pages of containers, differences and revisions as a browser without script uses them, per role."""
# ruff: noqa: F811 – pytest gives the imported fixtures by their names

from __future__ import annotations

import re

from reuse_market.collection import queries, services
from reuse_market.collection.containers import queries as containers
from reuse_market.collection.revising import queries as revisions
from tests.collection.test_pages import Visitor, agreed, both, world  # noqa: F401 – fixtures
from tests.support import world as chain


def test_three_sealed_containers_in_few_actions_then_the_difference_is_answered(app, world, both, agreed):
    holder, actor = both
    status, page = actor.get(f"/enlevements/{agreed}/contenants")
    assert status == 200
    assert "7 appareils restent à pointer" in page
    actions = 1  # the page opened
    status, page = actor.post(
        f"/enlevements/{agreed}/contenants", kind_0="roll", units_0="3", kind_1="roll", units_1="2",
        kind_2="box", units_2="2", seal_0="SC-1", kilos_0="80",
    )  # fmt: skip
    actions += 3 + 1  # three numbers typed, sent
    assert status == 200
    assert "Tout est pointé" in page
    assert "SC-1" in page
    actions += 1  # on to the signatures
    status, page = actor.post(
        f"/enlevements/{agreed}/remise/conducteur", driver_name="Lou Modèle", plate="AA-000-AA"
    )
    actions += 1  # the name is already there: signed
    assert status == 200
    assert actions <= 10
    pickup = queries.get(agreed)
    first, second, _third = containers.of_pickup(pickup.id)
    # A page may write who saw it, which ends the session's rows.
    code, other, pickup_id = first.code, second.code, pickup.id
    assert "Roll 1" in actor.get(f"/enlevements/{agreed}")[1]
    assert holder.get(f"/contenants/{code}")[0] == 200
    assert "Enregistrer le comptage" not in holder.get(f"/contenants/{code}")[1]
    labels = actor.client.get(f"/enlevements/{agreed}/contenants/etiquettes.pdf")
    assert labels.data.startswith(b"%PDF")
    status, page = actor.post(f"/contenants/{code}/comptage", line_1="3")
    assert status == 200
    assert "conforme" in page
    status, page = actor.post(f"/contenants/{other}/comptage", line_2="1")
    [revision] = revisions.of_pickup(pickup_id)
    assert status == 200
    assert revision.reference in page
    assert holder.get(f"/revisions/{revision.reference}")[0] == 200
    status, page = holder.post(f"/revisions/{revision.reference}/refuser", reason="")
    assert status == 422
    status, page = holder.post(f"/revisions/{revision.reference}/accepter")
    assert status == 200
    assert "absent" in holder.get(f"/enlevements/{agreed}")[1]


def test_each_role_reads_its_own_page_of_a_contested_difference(app, world, both, agreed):
    holder, actor = both
    services.check_off_line(
        agreed, 2, 2, outcome="missing", reason="not_found", actor=world.reuse_actor().actor
    )
    pickup_id = chain.signed_pickup(queries.get(agreed), world.holder(), world.reuse_actor()).id
    _, page = holder.get(f"/enlevements/{agreed}")
    assert f"/enlevements/{agreed}/contestation" in page
    assert "retrouv" in page
    assert f"/enlevements/{agreed}/contestation" not in actor.get(f"/enlevements/{agreed}")[1]
    status, page = holder.post(
        f"/enlevements/{agreed}/contestation",
        change="missing_taken",
        line_2="1",
        reason="Chargé sous mes yeux",
    )
    assert status == 200
    assert "Chargé sous mes yeux" in page
    [revision] = revisions.of_pickup(pickup_id)
    operator = Visitor(app, world.operator())
    operator.get("/compte")
    assert revision.reference in operator.get("/console")[1]
    status, page = operator.get(f"/revisions/{revision.reference}")
    assert status == 200
    assert "Trancher" in page
    assert "Trancher" not in actor.get(f"/revisions/{revision.reference}")[1]
    status, page = operator.post(f"/revisions/{revision.reference}/retenir", reason="La photo le montre")
    assert status == 200
    assert "La photo le montre" in page
    stranger = Visitor(app, world.reuse_actor("Réemploi Exemple"))
    assert stranger.get(f"/revisions/{revision.reference}")[0] == 404
    status, page = holder.post(f"/enlevements/{agreed}/retrouves", line_2="1")
    assert status == 200
    assert "1 retrouvé depuis" in page
    status, page = actor.post(
        f"/enlevements/{agreed}/revision", change="extra", kind="monitor", units="1", reason="Un de plus"
    )
    assert status == 200
    assert "Un de plus" in page
    assert re.search(r"Révision", actor.get(f"/enlevements/{agreed}")[1])
