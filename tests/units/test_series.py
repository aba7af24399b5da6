"""Labels printed in advance: who may make, hand on and print a series, and what is left of it."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from reuse_market.kernel.actor import VISITOR
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.refurbishing import labelling
from reuse_market.traceability.models import Event
from reuse_market.units import series
from reuse_market.units.labels import bind_label
from tests.support import world as chain


@pytest.fixture
def world(app):
    return chain.World.begin()


GRID = {  # actor: make a series, hand one on, print it, read it
    "reuse actor": "yes yes yes yes",
    "holder": "yes NotFound NotFound NotFound",
    "another reuse actor": "yes NotFound NotFound NotFound",
    "buyer": "NotAllowed NotAllowed NotAllowed NotFound",
    "operator": "NotAllowed NotAllowed NotAllowed NotFound",
    "suspended": "NotAllowed NotAllowed NotAllowed yes",
    "visitor": "NotAllowed NotAllowed NotAllowed NotFound",
}


def test_who_may_do_what_with_a_series(world):
    actor = world.reuse_actor().actor
    reference = series.make_series(3, form="a4-24", kept_by="Fourgon 2", actor=actor).reference
    actors = {
        "reuse actor": actor, "holder": world.holder().actor,
        "another reuse actor": world.reuse_actor("Réemploi Exemple").actor, "buyer": world.buyer().actor,
        "operator": world.operator().actor, "suspended": replace(actor, roles=frozenset(), commits=False),
        "visitor": VISITOR,
    }  # fmt: skip

    def tried(verb, one):
        try:
            verb(one)
        except (NotAllowed, NotFound) as error:
            return type(error).__name__
        return "yes"

    verbs = (
        lambda one: series.make_series(1, form="roll-62", actor=one),
        lambda one: series.hand_series(reference, "Atelier", actor=one),
        lambda one: series.note_printed(reference, form="a4-21", actor=one),
        lambda one: series.seen(reference, one),
    )
    assert {who: " ".join(tried(verb, one) for verb in verbs) for who, one in actors.items()} == GRID
    for count in (0, 501):
        with pytest.raises(Invalid):
            series.make_series(count, form="a4-24", actor=actor)
    told = list(
        session().scalars(sa.select(Event.type).where(Event.type.like("labels.%")).order_by(Event.id))
    )
    assert told[0] == "labels.made"
    assert {"labels.handed", "labels.printed"} <= set(told)


def test_a_stuck_label_leaves_the_series(world):
    actor = world.reuse_actor().actor
    made = series.make_series(3, form="a4-24", actor=actor)
    codes = series.blank_codes(made)
    assert len(codes) == 3
    [unit] = chain.fleet(world.holder(), 1)
    bind_label(codes[1], unit, actor=actor)
    assert series.blank_codes(made) == [codes[0], codes[2]]
    [row] = series.of_organisation(actor.organisation_id)
    assert (row.stuck, row.left) == (1, 2)
    assert labelling.chosen("series", made.reference, {}, actor=actor).codes == [codes[0], codes[2]]


def test_labels_of_a_selection(world):
    holder, actor = world.holder(), world.reuse_actor()
    lot = chain.published_lot(holder, numbered=2, counted=1)
    found = labelling.chosen("lot", lot.reference, {}, actor=holder.actor)
    assert (found.units, found.without) == (0, 3)
    for kind, ref in (("lot", lot.reference), ("lot", "LOT-2026-9999"), ("pickup", "ENL-2026-9999"),
                      ("list", "none"), ("series", "ETQ-2026-9999")):  # fmt: skip
        with pytest.raises(NotFound):
            labelling.chosen(kind, ref, {}, actor=actor.actor)
    assert labelling.label_devices("lot", lot.reference, actor=holder.actor) == 3
    with pytest.raises(Conflict):
        labelling.label_devices("lot", lot.reference, actor=holder.actor)
    claim = chain.awarded_claim(lot, holder, actor)
    pickup = chain.agreed_pickup(claim, holder, actor)
    for side in (holder, actor):
        assert labelling.chosen("pickup", pickup.reference, {}, actor=side.actor).units == 3
    with pytest.raises(NotFound):
        labelling.chosen("pickup", pickup.reference, {}, actor=world.reuse_actor("Réemploi Exemple").actor)
    chain.signed_pickup(pickup, holder, actor)
    assert labelling.chosen("list", "arrivals", {}, actor=actor.actor).units == 3


def test_the_pages(app, world):
    from tests.collection.test_pages import Visitor

    person = Visitor(app, world.reuse_actor())
    person.get("/compte")
    status, page = person.post("/etiquettes", units="30", form="a4-40", kept_by="Fourgon 2")
    assert status == 200
    assert "30 étiquettes à imprimer" in page
    [reference] = set(re.findall(r"ETQ-\d{4}-\d{4}", page))
    address = f"/etiquettes/serie/{reference}"
    with person.client.session_transaction() as kept:
        token = kept["csrf_token"]
    sheet = person.client.post(
        f"{address}/feuille.pdf", data={"csrf_token": token, "form": "a4-21", "start": "20"}
    )
    assert sheet.data.startswith(b"%PDF")
    assert person.client.post(
        f"{address}/feuille.pdf", data={"csrf_token": token, "form": "a4-21", "start": "22"}
    ).status_code == 422  # fmt: skip
    status, page = person.get("/etiquettes")
    assert "1 fois" in page
    assert "Réimprimer" in page
    assert "Fourgon 2" in page
    assert "Camille" in person.post(f"{address}/gardien", kept_by="Camille")[1]
    assert person.get(f"{address}/apercu")[1].count("<svg") >= 30
    assert person.get("/etiquettes/liste/ready")[0] == 200
    assert person.get("/etiquettes/liste/none")[0] == 404


def test_the_api(app, world):
    from reuse_market.accounts import tokens

    party = world.reuse_actor()
    _made, secret = tokens.make_token(party.person_id, party.organisation_id, ("write",))
    keys = iter("abcdef")

    def call(address, body=None):
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"key-{next(keys)}"}
        return app.test_client().post(f"/api/v1{address}", json=body, headers=headers)

    made = call("/label-series", {"units": 2, "form": "roll-57", "kept_by": "Atelier"})
    assert made.status_code == 201
    assert made.json["actions"] == ["hand", "print"]
    reference = made.json["reference"]
    drawn = call(f"/label-series/{reference}:print", {"form": "roll-57", "start": 1}).json
    assert (drawn["labels"], drawn["sheets"]) == (2, 2)
    assert base64.b64decode(drawn["pdf"]).startswith(b"%PDF")
    assert call(f"/label-series/{reference}:print", {"form": "roll-57", "start": 2}).status_code == 422
    assert call(f"/label-series/{reference}:hand", {"kept_by": "Camille"}).json["kept_by"] == "Camille"
    assert SimpleNamespace(**call("/label-series/ETQ-2026-9999:hand", {"kept_by": "x"}).json).status == 404
