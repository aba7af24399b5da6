"""A whole life told in EPCIS 2.0: well formed, true, as much as each reader may know, and the same as a table."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.proofs import passport
from reuse_market.proofs.epcis import public, queries
from reuse_market.proofs.epcis.document import document, text
from reuse_market.proofs.epcis.naming import Names
from reuse_market.proofs.epcis.reading import Reader
from reuse_market.proofs.epcis.rows import HEADER, rows
from reuse_market.proofs.epcis.table import ROWS
from reuse_market.traceability import payload
from reuse_market.traceability.models import Event
from reuse_market.units.models import Label, Unit
from tests.support.epcis import FOLDER, INVALID, LOUD, SCHEMA, faults, identifiers
from tests.support.lives import Life
from tests.support.world import PASSWORD, World

if TYPE_CHECKING:
    from jsonschema import Draft7Validator

BASE = "http://parc.example"


@cache
def gs1() -> Draft7Validator:
    """GS1's own schema, with its formats checked: half of what it refuses is only a format."""
    if not SCHEMA.is_file():
        pytest.skip(LOUD)  # the published vectors or schema stand beside the checkout, where there are any
    from jsonschema import Draft7Validator, FormatChecker  # two seconds, which other workers need not spend

    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=FormatChecker())


def test_the_schema_refuses_what_is_wrong_on_purpose_and_takes_what_is_right() -> None:
    """Without the packages of formats, six of the fifteen would pass."""
    checker = gs1()
    wrong = sorted(INVALID.glob("*.json"))
    assert len(wrong) == 15
    assert [file.name for file in wrong if checker.is_valid(json.loads(file.read_text()))] == []
    right = [*sorted((FOLDER / "gs1/JSON").rglob("*.jsonld")), FOLDER / "ours/lifecycle.jsonld"]
    assert len(right) > 40
    assert [file.name for file in right if not checker.is_valid(json.loads(file.read_text()))] == []


def streams() -> list[str]:
    return sorted(session().scalars(sa.select(Event.stream).distinct()))


def events(made: dict[str, Any], kind: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made["epcisBody"]["eventList"]
    return [one for one in found if kind in ("", one["pc:type"])]


def everything(life: Life) -> Iterator[tuple[dict[str, Any], str]]:
    """Each stream for whoever runs the platform, each lot as its sides read it, each unit of the lot, each passport."""
    for stream in streams():
        lot = stream.removeprefix("lot/") if stream.startswith("lot/") else ""
        yield queries.of_stream(stream, BASE), lot
    for actor in (life.holder.actor, life.workshop.actor):
        yield queries.of_lot(life.lot, actor, BASE), life.lot
    for unit in session().scalars(sa.select(Unit).where(Unit.stream == f"lot/{life.lot}")):
        yield queries.of_unit(unit.id, life.workshop.actor, BASE), ""
    for code in session().scalars(sa.select(Label.code).where(Label.unit_id.is_not(None))):
        found = passport.find(code)
        assert found is not None
        yield public.of_passport(found, BASE), ""


def test_every_document_of_a_life_holds(life: Life) -> None:
    wrong = [fault for made, lot in everything(life) for fault in faults(made, BASE, lot=lot)]
    assert wrong == []


def test_every_document_of_a_life_is_valid(life: Life) -> None:
    checker = gs1()
    errors = [
        f"{made['id']}: {error.message[:200]}"
        for made, _ in everything(life)
        for error in checker.iter_errors(made)
    ]
    assert errors == []


def test_custody_passes_by_hands_and_numbers_add_up(life: Life) -> None:
    """The pick-up gives possession, the counter-signature ownership; the closing reconciles what was declared."""
    made = queries.of_lot(life.lot, life.holder.actor, BASE)
    holder, shop = (f"{BASE}/organisation/{one.organisation_id}" for one in (life.holder, life.workshop))
    [taken], [signed] = events(made, "pickup.collected"), events(made, "pickup.countersigned")
    for one, kind in ((taken, "possessing_party"), (signed, "owning_party")):
        assert one["sourceList"] == [{"type": kind, "source": holder}]
        assert one["destinationList"] == [{"type": kind, "destination": shop}]
    declared = [one for one in events(made) if one["bizStep"] == "commissioning"]
    assert sum(_count(one) for one in declared) == 6 + 1  # and one found in addition
    [closed] = events(made, "lot.closed")
    assert closed["pc:balance"] == {"pc:declared": 6, "pc:extra": 1, "pc:collected": 6, "pc:missing": 1}
    assert closed["disposition"] == "completeness_verified"


def _count(one: dict[str, Any]) -> int:
    return len(one.get("epcList", ())) + sum(each["quantity"] for each in one.get("quantityList", ()))


def test_an_actor_reads_neither_rivals_nor_prices(world: World, life: Life) -> None:
    """As the timeline: the whole lot, its own acts and the holder's; units it never had are counted."""
    rival = world.reuse_actor("Atelier rival")
    with pytest.raises(NotFound):
        queries.of_lot(life.lot, rival.actor, BASE)
    with pytest.raises(NotFound):
        queries.of_unit(life.unit_in("ready"), rival.actor, BASE)
    sold = "lot/LOT-2026-9999"
    told = [(json.loads(one.payload), one.hash) for one in session().scalars(
        sa.select(Event).where(Event.stream == sold).order_by(Event.seq))]  # fmt: skip
    labels = dict(session().execute(sa.select(Label.unit_id, Label.code)).all())
    reader = Reader(life.holder.organisation_id, holders={sold: life.workshop.organisation_id})
    seen = document(told, Names(BASE, labels), reader, subject=sold, at=_last(told))  # type: ignore[arg-type]  # labels are bound
    whole = document(told, Names(BASE, labels), Reader(all_told=True), subject=sold, at=_last(told))  # type: ignore[arg-type]  # the same
    assert faults(seen, BASE) == faults(whole, BASE) == []
    buyer = f"{BASE}/organisation/{life.buyer.organisation_id}"
    assert buyer in text(whole)
    assert buyer not in text(seen)
    assert "/u/" in text(whole)
    assert "/u/" not in text(seen)
    assert "15000" not in text(whole), "a price"
    assert [one["pc:type"] for one in events(whole)] == [one["pc:type"] for one in events(seen)]
    mixed = zip(events(whole), events(seen), strict=True)
    assert all(_count(one) == _count(other) for one, other in mixed if one["bizStep"] != "sanitizing")


def _last(told: list[tuple[dict[str, Any], str]]) -> Any:
    return payload.read_stamp(told[-1][0]["recorded_at"])


def test_no_serial_no_name_in_any_document(life: Life) -> None:
    said = "".join(text(made) for made, _ in everything(life))
    secret = [
        *session().scalars(sa.select(Unit.serial).where(Unit.serial.is_not(None))),
        "Exemple",
        "Personne",
    ]
    assert secret
    assert [one for one in secret if one and one in said] == []


def test_the_public_reads_the_passport_and_no_more(life: Life) -> None:
    unit = life.unit_in("provided")
    code = session().scalar(sa.select(Label.code).where(Label.unit_id == unit))
    found = passport.find(str(code))
    assert found is not None
    made = public.of_passport(found, BASE)
    assert [one["pc:type"] for one in events(made)] == [one.event_type for one in found.lives]
    assert {uri for one in events(made) for uri in identifiers(one)} == {f"{BASE}/u/{code}"}
    for word in (
        "organisation/",
        "/lots/",
        "LOT-",
        "pc:hash",
        "pc:actor",
        "pc:seq",
        "bizTransaction",
        "recordTime",
    ):
        assert word not in text(made)
    assert all(one["eventTime"].endswith(("22:00:00.000Z", "23:00:00.000Z")) for one in events(made)), (
        "by the day"
    )


def test_the_table_says_the_same(life: Life) -> None:
    made = queries.of_lot(life.lot, life.holder.actor, BASE)
    table = [dict(zip(HEADER, row, strict=True)) for row in rows(made)]
    for one in events(made):
        mine = [row for row in table if row["eventID"] == one["eventID"]]
        assert {(row["bizStep"], row["eventTime"], row["event"]) for row in mine} == {
            (one["bizStep"], one["eventTime"], one["pc:type"])
        }
        assert Counter(row["identifier"] for row in mine if row["identifier"]) == Counter(identifiers(one))
        papers = {f"{each['type']}={each['bizTransaction']}" for each in one.get("bizTransactionList", ())}
        assert set(mine[0]["bizTransactions"].split()) == papers
    assert sum(row["quantity"] or 0 for row in table if row["bizStep"] == "commissioning") == 7


def test_a_corrected_event_says_so() -> None:
    """Played on payloads: what a later event corrects or voids bears an errorDeclaration that names it."""
    one = _payload("a" * 32, 1, "unit.tested", facts={"passed": True})
    for kind, reason in (("event.voided", "did_not_occur"), ("event.corrected", "incorrect_data")):
        later = _payload("b" * 32, 2, kind, units=[], corrects="a" * 32)
        at = payload.read_stamp(later["recorded_at"])
        made = document(
            [(one, ""), (later, "")], Names(BASE, {7: "ABCDEFG"}), Reader(all_told=True), subject="x", at=at
        )
        first, second = events(made)
        assert first["errorDeclaration"] == {
            "declarationTime": later["recorded_at"], "reason": reason, "correctiveEventIDs": [second["eventID"]],
        }  # fmt: skip
        assert "errorDeclaration" not in second
        assert faults(made, BASE, lot="LOT-2026-0001") == []
        assert SCHEMA.is_file() is False or gs1().is_valid(made)


FACTS: dict[str, Any] = {
    "lot": "LOT-2026-0001", "line": 1, "claim": "DEM-2026-0001", "pickup": "ENL-2026-0001", "units": 3, "passed": True,
    "shipment": "EXP-2026-0001", "receiver": 4, "part": 9, "source": 7, "parts": [9, 10], "residue_g": 0, "kind": "ssd",
    "medium": 5, "media": 2, "kinds": ["ssd", "hdd"], "certificate": 8, "result": "ok", "price_cents": 100_00,
    "value_cents": 5, "seed": 12, "reason": "broken", "act": "resell", "faults": ["screen"], "certificates": 2,
}  # fmt: skip
NOBODY = Reader(5, holders={"lot/LOT-2026-0001": 1})


@pytest.mark.parametrize(("facts", "reader"), [(FACTS, Reader(all_told=True)), ({}, NOBODY), (FACTS, NOBODY)])
def test_every_row_makes_a_good_event_whatever_is_known(facts: dict[str, Any], reader: Reader) -> None:
    """Each row with a unit with a label, one without, both, none; read by whoever may and by one who may not."""
    told, labels = [], {}
    change = {
        "opens": [{"kind": "lot", "ref": "LOT-2026-0001", "line": 1, "party": 1}],
        "owner": 3,
        "custodian": 3,
    }
    for kind in ROWS:
        for how in ("label", "none", "both", "nothing"):
            first = 100 + 2 * len(told)
            labels[first] = f"A{first:06d}"
            units = {
                "label": [[first, first]],
                "none": [[first + 1, first + 1]],
                "both": [[first, first + 1]],
            }.get(how, [])
            uid = f"{len(told):032x}"
            one = _payload(uid, 1, kind, units=units, facts=facts, change=change if units else None)
            told.append((one, ""))
    made = document(
        told, Names(BASE, labels), reader, subject="x", at=payload.read_stamp(told[-1][0]["recorded_at"])
    )
    assert faults(made, BASE, lot="LOT-2026-0001") == []
    assert SCHEMA.is_file() is False or [error.message for error in gs1().iter_errors(made)] == []
    kinds = {one["type"] for one in events(made)}
    assert {"ObjectEvent", "TransactionEvent", "TransformationEvent"} <= kinds
    assert ("AssociationEvent" in kinds) == reader.all_told
    assert [word for word in SECRETS if word in text(made)] == (list(SECRETS) if reader.all_told else [])
    assert "10000" not in text(made)


SECRETS = ("/u/", "/organisation/3", "DEM-2026")


def _payload(uid: str, seq: int, kind: str, **more: Any) -> dict[str, Any]:
    stamp = f"2026-03-02T08:00:0{seq}.000Z"
    return {
        "v": 1, "id": uid, "act_id": uid, "stream": "lot/LOT-2026-0001", "seq": seq, "prev": "0" * 64, "type": kind,
        "actor": {"organisation": 3, "via": "self"}, "occurred_at": stamp, "recorded_at": stamp, "units": [[7, 7]],
        "change": None, "facts": {}, "commitments": {}, "corrects": None,
    } | more  # fmt: skip


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_served(app: Flask, client: FlaskClient, life: Life) -> None:
    """The pages give it as a file, to those who may read the timeline; a passport to everybody."""
    code = session().scalar(sa.select(Label.code).where(Label.unit_id == life.unit_in("provided")))
    answer = client.get(f"/u/{code}/epcis.jsonld")
    assert (answer.status_code, answer.content_type) == (200, "application/ld+json")
    assert answer.json["type"] == "EPCISDocument"  # type: ignore[index]  # JSON it is
    assert f'href="/u/{code}/epcis.jsonld"' in client.get(f"/u/{code}").text
    assert client.get("/u/2222222/epcis.jsonld").status_code == 404
    origin = {"Origin": "http://localhost"}
    sent = {"email": life.holder.email, "password": PASSWORD}
    assert client.post("/connexion", data=sent, headers=origin).status_code == 302
    lot = client.get(f"/lots/{life.lot}/epcis.jsonld")
    assert lot.headers["Content-Disposition"] == f"attachment; filename={life.lot}.epcis.jsonld"
    table = client.get(f"/lots/{life.lot}/epcis.csv").get_data().decode("utf-8-sig")
    read = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert {row["eventID"] for row in read} == {one["eventID"] for one in events(lot.json)}  # type: ignore[arg-type]  # JSON it is
    assert f'href="/lots/{life.lot}/epcis.jsonld"' in client.get(f"/lots/{life.lot}").text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_command_writes_the_same(app: Flask, life: Life) -> None:
    base = app.config["SETTINGS"].base_url
    answer = app.test_cli_runner().invoke(
        args=["journal", "export", "--stream", f"lot/{life.lot}", "--format", "epcis"]
    )
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["epcisBody"] == queries.of_stream(f"lot/{life.lot}", base)["epcisBody"]
