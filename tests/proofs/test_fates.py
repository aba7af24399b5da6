"""What became of a holder's devices, in its own columns: each state with its day, outlet, proofs and lot."""

from __future__ import annotations

import csv
import io

from flask import Flask

from reuse_market.fleets import comparing, services
from reuse_market.kernel import clock
from reuse_market.proofs import fates
from tests.fleets.conftest import imported, upload
from tests.lots.visiting import Visitor
from tests.support.world import World

FILE = """ID,Numéro d'inventaire,N° de série,Marque,Désignation,Type
7,T0001,SN-A,Dell,Latitude 5400,Portable
8,=T2,SN-B,Dell,Latitude 5400,Portable
9,T3,SN-C,Dell,Latitude 5400,Portable
10,T4,SN-D,Dell,Latitude 5400,Portable
"""
WORDS = [
    "Ce qu’il est devenu",
    "Depuis le",
    "Filière",
    "Destinataire",
    "Attestations d’effacement",
    "Lot publié",
]


def test_they_come_back_in_the_holders_own_columns(world: World, app: Flask) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    ids = imported(holder, FILE.encode())
    services.discard_units(ids[:3], actor=holder.actor)
    services.record_departure(
        [ids[1]], "staff", actor=holder.actor, left_on=clock.today(), erased=True, note="",
    )  # fmt: skip
    told = fates.fates(holder.organisation_id)
    assert [(one.unit.id, one.code, one.on, one.outlet, one.lot) for one in told] == [
        (ids[0], "discarded", clock.today(), "", ""),
        (ids[1], "departed", clock.today(), "staff", ""),
        (ids[2], "discarded", clock.today(), "", ""),
    ]
    assert fates.fates(other.organisation_id) == []
    assert fates.count(holder.organisation_id, since=clock.today()) == 3
    me = Visitor(app.test_client(), holder).open("/parc/sort")
    assert "Réformé, encore chez vous" in me.text
    data = me.client.get("/parc/sort.csv").data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == [*FILE.splitlines()[0].split(","), *WORDS]
    assert [row[:3] for row in rows[1:]] == [
        ["7", "T0001", "SN-A"],
        ["8", "'=T2", "SN-B"],
        ["9", "T3", "SN-C"],
    ]
    # Read back here, it says nothing new of them.
    row = services.confirm_mapping(upload(holder, data).id, actor=holder.actor)
    assert (row.good, row.to_correct, row.set_aside, row.known) == (0, 0, 0, 3)
    assert comparing.counts(row.id) == {"changed": 0, "gone": 1, "unsure": 0}
    assert me.client.get("/parc/sort.xlsx").data.startswith(b"PK")
    Visitor(app.test_client(), world.reuse_actor()).open("/parc/sort", status=403)
