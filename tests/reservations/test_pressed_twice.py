"""A button pressed twice, or pressed again after “back”: one paper, one line; the second press leads to the first."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.kernel import clock, db
from reuse_market.obligations.agec.agec_models import AgecEntry
from reuse_market.obligations.reen.reen_models import ReenLine
from reuse_market.reservations.models import Need, OrientationVoucher, WaitingEntry
from tests.support.forms import forms_of
from tests.support.world import PASSWORD, Party, World

HERE = {"Origin": "http://localhost"}
YEAR = clock.today().year


def signed_in(app: Flask, party: Party) -> FlaskClient:
    client = app.test_client()
    client.post("/connexion", data={"email": party.email, "password": PASSWORD}, headers=HERE)
    return client


@pytest.mark.parametrize(
    ("who", "address", "row", "typed"),
    [("recipient", "/bons/nouveau", OrientationVoucher, {"kind": "laptop"}),
     ("recipient", "/attente/nouvelle", WaitingEntry, {"kind": "laptop", "units": "2"}),
     ("recipient", "/besoins/nouveau", Need, {"kind": "laptop", "units": "2"}),
     ("public_holder", "/suivi-agec/lignes/nouvelle", AgecEntry, {"year": str(YEAR), "amount_cents": "12,50"}),
     ("public_holder", f"/reen/{YEAR}/lignes/stock", ReenLine,
      {"kind": "laptop", "units": "2", "reason": "Oubliés"})],
)  # fmt: skip
def test_pressed_twice_it_acts_once(
    app: Flask, world: World, who: str, address: str, row: type[db.Base], typed: dict[str, Any]
) -> None:
    client = signed_in(app, getattr(world, who)())

    def count() -> int:
        with db.scope() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(row)) or 0

    [form] = [one for one in forms_of(client.get(address).text, address) if set(typed) <= set(one.fields)]
    sent: dict[str, Any] = dict(form.fields) | {"publics": []} | typed
    sent |= {name: "" for name in ("proof", "reused_cents", "recycled_cents", "gift_cents") if name in sent}
    refused = client.post(
        address, data=sent | {"units": "peu", "amount_cents": "peu", "cap_cents": "peu"}, headers=HERE
    )
    assert (refused.status_code, count()) == (422, 0)
    assert f'value="{form.fields["once"][0]}"' in refused.text  # the same form, shown again
    first = client.post(address, data=sent, headers=HERE)
    again = client.post(address, data=sent, headers=HERE)
    assert (first.status_code, again.status_code, count()) == (302, 302, 1), first.text
    assert first.location == again.location
    other = typed | ({"kind": "monitor"} if "kind" in typed else {"amount_cents": "13"})
    assert (
        client.post(address, data=sent | other, headers=HERE).status_code == 302
    )  # after “back”: another one
    assert count() == 2
