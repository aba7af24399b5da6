"""What a phone sends: each act once under its key, dated by our clock, answered by itself; labels and pictures."""

from __future__ import annotations

import base64
import io
import re
import secrets
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from pypdf import PdfReader

from reuse_market.collection import countersigning, photos, pictures, queries, services
from reuse_market.collection.listing import checks
from reuse_market.collection.models import SignatureLink
from reuse_market.collection.views import gestures
from reuse_market.documents import queries as documents
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotFound
from reuse_market.kernel.idempotency import Answer
from reuse_market.units import queries as units
from reuse_market.units.labels import print_blank_labels
from tests.journeys.crawl import sign_in
from tests.support import world as chain
from tests.support.world import PASSWORD


class Phone:
    """A driver signed in, sending acts of one pick-up."""

    def __init__(self, world: Any, app: Any, numbered: int = 3, counted: int = 0) -> None:
        self.holder, self.actor = world.holder(), world.reuse_actor()
        lot = chain.published_lot(self.holder, numbered=numbered, counted=counted)
        claim = chain.awarded_claim(lot, self.holder, self.actor)
        self.reference = chain.agreed_pickup(claim, self.holder, self.actor).reference
        self.codes = [str(unit.code) for unit in queries.sheet(self.pickup)]
        self.client = sign_in(app, self.actor.email, PASSWORD)
        self.address = f"/enlevements/{self.reference}/pointage"

    @property
    def pickup(self) -> Any:
        """Read anew: each request has a session of its own."""
        return queries.get(self.reference)

    def act(self, name: str, at: Any = None, **values: Any) -> dict[str, Any]:
        told = (at or clock.now()).isoformat()
        return {"key": secrets.token_hex(16), "act": name, "at": told, "values": values}

    def send(self, *acts: dict[str, Any], now: Any = None, status: int = 200) -> list[dict[str, Any]]:
        token = self.client.get(f"{self.address}/etat.json").json["token"]
        body = {"sent_at": (now or clock.now()).isoformat(), "acts": list(acts)}
        answer = self.client.post(f"{self.address}/gestes", json=body, headers={"X-CSRF-Token": token})
        assert answer.status_code == status, answer.text[:300]
        return answer.json["answers"] if status == 200 else []


@pytest.fixture
def phone(world: Any, app: Any) -> Phone:
    return Phone(world, app)


def test_sent_again_each_act_is_done_once(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = [phone.act("check", code=phone.codes[0]), phone.act("extra", kind="dock", label="Station")]
    assert [one["status"] for one in phone.send(*acts)] == [200, 200]
    assert [(one["status"], one["again"]) for one in phone.send(*acts)] == [(200, True), (200, True)]
    assert len(checks(phone.pickup)) == 2
    # Without the key the same acts are done again: this is what the assertion above is worth.
    monkeypatch.setattr(gestures.idempotency, "kept", lambda asked: None)
    monkeypatch.setattr(gestures.idempotency, "once", lambda asked, act: act() or Answer(200, b"{}"))
    assert [one["status"] for one in phone.send(*acts)] == [422, 200]
    assert len(checks(phone.pickup)) == 3


def test_one_refused_leaves_the_others(phone: Phone) -> None:
    known = phone.act("check", code=phone.codes[0])
    answers = phone.send(
        known, phone.act("check", code="NOPE"), phone.act("line", line="x"), phone.act("rest")
    )
    assert [one["status"] for one in answers] == [200, 422, 422, 200]
    assert all(one["detail"] and one["advice"] for one in answers if one["status"] == 422)
    reused = phone.send(known | {"values": {"code": phone.codes[1]}})
    assert reused[0]["code"] == "idempotency.reused"


def test_the_clock_of_the_phone_may_be_wrong(phone: Phone) -> None:
    """Three days ahead or behind: what counts is how long ago it was done."""
    for code, wrong in zip(phone.codes, (timedelta(days=3), timedelta(days=-3)), strict=False):
        shown = clock.now() + wrong
        phone.send(phone.act("check", at=shown - timedelta(seconds=2), code=code), now=shown)
    for check, _code in checks(phone.pickup):
        assert timedelta() <= clock.now() - check.at < timedelta(seconds=60)


def test_nobody_signs_for_other_sums_than_were_shown(phone: Phone) -> None:
    seen = {"planned": 3, "taken": 3, "missing": 0, "refused": 0, "extra": 0}
    services.check_off(
        phone.reference, phone.codes[0], outcome="missing", reason="not_found", actor=phone.actor.actor
    )
    signed = phone.act("sign", driver_name="Camille Modèle", seen=seen)
    answers = phone.send(phone.act("rest"), signed)
    assert [one.get("code") for one in answers] == [None, "pickup.other-sums"]
    again = phone.act(
        "sign", driver_name="Camille Modèle", plate="aa-1", seen=seen | {"taken": 2, "missing": 1}
    )
    assert phone.send(again)[0]["status"] == 200
    assert phone.client.get(phone.address).status_code == 200  # says that it is signed
    assert phone.send(phone.act("rest"))[0]["status"] == 409


def test_signed_without_network_and_without_a_code_the_link_leaves_by_itself(phone: Phone) -> None:
    """A name typed in a basement is no signature: the job asks by mail, and the note says it meanwhile."""
    seen = {"planned": 3, "taken": 3, "missing": 0, "refused": 0, "extra": 0}
    there = clock.now()
    with clock.frozen(there + timedelta(hours=3)):
        signed = phone.act("sign", at=there, driver_name="Camille Modèle", seen=seen)
        assert [one["status"] for one in phone.send(phone.act("rest", at=there), signed)] == [200, 200]
        assert countersigning.chase_due() == 1
        [link] = db.session().scalars(
            sa.select(SignatureLink).where(SignatureLink.email == phone.holder.email)
        )
        assert link.expires_at - clock.now() == timedelta(hours=48)
        note = documents.current(f"pickup/{phone.reference}", "handover_note")
        assert note is not None
        assert phone.pickup.holder_signed_at is None
        paper = PdfReader(io.BytesIO(documents.content(note))).pages[0].extract_text()
        assert "Non contresigné" in re.sub(r"\s+", " ", paper)
        assert countersigning.chase_due() == 0


def test_undone_by_its_number_and_broken_but_taken(phone: Phone) -> None:
    broken = phone.act("check", code=phone.codes[0], reason="broken", note="écran fendu")
    phone.send(broken)
    [(check, _code)] = checks(phone.pickup)
    assert (check.outcome, check.reason, check.note) == ("taken", "broken", "écran fendu")
    assert queries.tally(phone.pickup)[0].taken == 1
    assert phone.send(phone.act("undo", batch=broken["key"]))[0]["status"] == 200
    assert phone.send(phone.act("undo", batch=broken["key"]))[0]["status"] == 404
    assert checks(phone.pickup) == []


def test_strangers_and_forged_sendings_are_refused(phone: Phone, world: Any, app: Any) -> None:
    body = {"sent_at": clock.now().isoformat(), "acts": [phone.act("rest")]}
    assert phone.client.post(f"{phone.address}/gestes", json=body).status_code == 403  # no token
    phone.client.post(f"{phone.address}/gestes", json={"acts": []})
    other = sign_in(app, world.reuse_actor("Autre Atelier Exemple").email, PASSWORD)
    assert other.get(f"{phone.address}/etat.json").status_code == 404
    holder = sign_in(app, phone.holder.email, PASSWORD)
    assert holder.get(f"{phone.address}/etat.json").status_code == 403
    visitor = app.test_client()
    assert visitor.get(f"{phone.address}/etat.json").status_code == 302
    assert checks(phone.pickup) == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_label_stuck_and_a_serial_read(world: Any, app: Any) -> None:
    """Anonymous units get their label and their number; the number is on the unit once the driver has signed."""
    phone = Phone(world, app, numbered=1, counted=2)
    [first, second] = print_blank_labels(2, actor=phone.actor.actor)
    stuck = phone.act("stick", line=2, code=f"https://parc.example/u/{first}", serial="SN-77")
    answers = phone.send(
        stuck, phone.act("stick", line=2, code=first), phone.act("stick", line=2, code=second)
    )
    assert [one["status"] for one in answers] == [200, 422, 200]
    assert (
        phone.send(phone.act("stick", line=2, code=print_blank_labels(1, actor=phone.actor.actor)[0]))[0][
            "code"
        ]
        == "check.line-full"
    )
    services.check_off_rest(phone.reference, actor=phone.actor.actor)
    services.sign_as_driver(phone.reference, actor=phone.actor.actor)
    named = next(unit for unit in queries.sheet(phone.pickup) if unit.code == first)
    assert named.serial == "SN-77"
    assert units.by_ids([named.unit_id])[0].state == "collected"


def photo(kind: str = "JPEG", side: tuple[int, int] = (3000, 2000), **more: Any) -> bytes:
    held = io.BytesIO()
    Image.effect_noise(side, 60).convert("RGB").save(held, kind, **more)
    return held.getvalue()


def test_pictures_are_small_upright_and_say_nothing_more() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Marque"  # turned a quarter, and a maker
    exif.get_ifd(0x8825)[1] = "N"
    small = pictures.shrink(photo(exif=exif))
    assert len(small.data) <= pictures.LIGHT
    with Image.open(io.BytesIO(small.data)) as kept:
        assert (kept.format, kept.height > kept.width) == ("WEBP", True)
        assert not kept.getexif()
        assert "exif" not in kept.info


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 30, "photo.heic"),
        (b"\xff\xd8\xff" + b"junk" * 10, "photo.unreadable"),
        (b"%PDF-1.7 no picture", "file.type"),
        (b"", "file.empty"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        pictures.shrink(data)
    assert refused.value.code == code


def test_a_picture_too_large_to_unpack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PIXELS", 1000)
    with pytest.raises(Invalid) as refused:
        pictures.shrink(photo(side=(100, 100)))
    assert refused.value.code == "photo.pixels"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_pictures_are_for_the_two_sides(phone: Phone, world: Any, app: Any) -> None:
    noted = phone.act("check", code=phone.codes[0], outcome="refused", reason="broken", note="")
    taken = phone.act("photo", batch=noted["key"], picture=base64.b64encode(photo(side=(400, 300))).decode())
    assert [one["status"] for one in phone.send(noted, taken, taken)] == [200, 200, 200]
    [one] = photos.of_pickup(phone.pickup, phone.holder.actor)
    assert (one.outcome, one.reason) == ("refused", "broken")
    address = f"/enlevements/{phone.reference}/photos/{one.id}.webp"
    readers = {
        "collects": phone.client, "hands over": sign_in(app, phone.holder.email, PASSWORD),
        "operator": sign_in(app, world.operator().email, PASSWORD),
        "stranger": sign_in(app, world.reuse_actor("Autre Atelier Exemple").email, PASSWORD),
    }  # fmt: skip
    assert {who: client.get(address).status_code for who, client in readers.items()} == {
        "collects": 200, "hands over": 200, "operator": 403, "stranger": 404,
    }  # fmt: skip
    assert photos.of_pickup(phone.pickup, world.operator().actor) == []
    with pytest.raises(DomainError):
        services.add_photo(phone.reference, photo(side=(40, 30)), actor=phone.holder.actor)
    services.remove_photo(phone.reference, one.id, actor=phone.actor.actor)
    with pytest.raises(NotFound):
        photos.seen(phone.reference, one.id, phone.actor.actor)
    chain.signed_pickup(phone.pickup, phone.holder, phone.actor)
    with pytest.raises(Conflict):
        services.add_photo(phone.reference, photo(side=(40, 30)), actor=phone.actor.actor)
