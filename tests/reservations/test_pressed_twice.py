"""A button pressed twice, or pressed again after “back”: one paper, one line; the second press leads to the first."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db
from reuse_market.obligations.agec.agec_models import AgecEntry
from reuse_market.obligations.reen.reen_models import ReenLine
from reuse_market.reservations import queries, services
from reuse_market.reservations.models import Need, OrientationVoucher, Reservation, WaitingEntry
from tests.support.forms import forms_of
from tests.support.world import PASSWORD, Party, World, ready_units

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


def test_extended_twice_it_is_done_already(app: Flask, world: World) -> None:
    """The second press changes nothing and says until when; a reservation that is over says that instead."""
    buyer = world.buyer()
    ready_units(world.reuse_actor(), 2)
    reference = _placed(buyer)
    client, address = signed_in(app, buyer), f"/reservations/{reference}/prolonger"
    page = client.get(f"/reservations/{reference}").text
    [button] = [one for one in forms_of(page, f"/reservations/{reference}") if one.action == address]
    before = _reservation(reference).until
    told = []
    for _press in range(2):
        answer = client.post(address, data=button.fields, headers=HERE)
        assert (answer.status_code, answer.location) == (302, f"/reservations/{reference}")
        told.append(client.get(answer.location).text)
    assert ["C’est déjà fait" in page for page in told] == [False, True]
    assert _reservation(reference).until == before + timedelta(days=7)
    with db.scope():
        services.release_reservation(reference, actor=buyer.actor)
    assert client.post(address, data=button.fields, headers=HERE).status_code == 409


def _placed(buyer: Party) -> str:
    with db.scope():
        [group] = catalogue.groups(Filters(), buyer.actor)
        return str(services.place_reservation(group.key, 1, actor=buyer.actor).reference)


def _reservation(reference: str) -> Reservation:
    with db.scope():
        found = queries.find(reference)
        assert found is not None
        return found


def test_a_file_is_an_answer_and_is_not_lost_when_the_act_is_tried_again(
    app: Flask, world: World, database: db.Database
) -> None:
    client, address = signed_in(app, world.public_holder()), f"/reen/{YEAR}/lignes/stock"
    [form] = [one for one in forms_of(client.get(address).text, address) if "reason" in one.fields]
    typed = dict(form.fields) | {"kind": "laptop", "units": "2", "reason": "Oubliés"}

    def press(content: bytes) -> int:
        sent = typed | {"proof": (io.BytesIO(content), "preuve.pdf")}
        return client.post(address, data=sent, headers=HERE).status_code

    def proofs() -> list[str | None]:
        with db.scope() as session:
            return list(session.scalars(sa.select(ReenLine.sha256).order_by(ReenLine.id)))

    refused: list[str] = []

    def busy_once(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO reen_line ") and not refused:
            refused.append(statement)
            raise OperationalError(statement, {}, Exception("database is locked"))

    first, second = b"%PDF-1.7 premier", b"%PDF-1.7 second"
    event.listen(database.engine, "before_cursor_execute", busy_once)
    assert press(first) == 302
    event.remove(database.engine, "before_cursor_execute", busy_once)
    assert len(refused) == 1
    assert press(first) == press(second) == 302
    assert proofs() == [hashlib.sha256(one).hexdigest() for one in (first, second)]
