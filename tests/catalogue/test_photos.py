"""Photos of what is for sale: who adds them to what, how light and bare they are kept, where they show, how they go."""

from __future__ import annotations

import base64
import io
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from reuse_market.catalogue import queries
from reuse_market.catalogue.queries import Filters, Group
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import VISITOR, Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import DomainError
from reuse_market.kernel.files import FileUse
from reuse_market.refurbishing import services as bench
from reuse_market.refurbishing.models import OfferGroup, OfferPhoto
from reuse_market.refurbishing.photos import services
from reuse_market.reservations import jobs, quotes
from reuse_market.reservations import services as reservations
from reuse_market.traceability.models import Event
from tests.reservations.test_counter_pages import Program, send
from tests.reservations.test_grid import _in_state as in_state
from tests.support.world import PASSWORD, Party, World, ready_units

WORDS = "Capot vu de dessus, deux rayures légères"


def photo(shade: int = 0, side: tuple[int, int] = (1600, 1200)) -> bytes:
    """A grainy JPEG with a place and a maker written in it."""
    exif = Image.Exif()
    exif[0x010F] = "Marque"
    exif.get_ifd(0x8825)[1] = "N"
    held = io.BytesIO()
    noise = Image.effect_noise(side, 40 + shade).convert("RGB")
    noise.save(held, "JPEG", exif=exif)
    return held.getvalue()


SMALL = [photo(shade, (60, 40)) for shade in range(6)]


def group(cents: int = 15_000) -> Group:
    """The group a visitor sees at a price."""
    [found] = [one for one in queries.groups(Filters(), VISITOR) if one.price_cents == cents]
    return found


@command
def unnamed(key: str) -> None:
    """The model of a group is not known."""
    session().execute(sa.update(OfferGroup).where(OfferGroup.key == key).values(model_id=None))


def refused(key: str, data: bytes, words: str, actor: Actor) -> str | None:
    """The code of the refusal to add, None when it is added."""
    try:
        services.add_photo(key, data, words, actor=actor)
    except DomainError as error:
        return error.code or type(error).__name__
    return None


def test_the_seller_alone_shows_four_light_bare_photos_of_what_looks_alike(world: World) -> None:
    seller, other, buyer = world.reuse_actor(), world.reuse_actor("Ressourcerie Exemple"), world.buyer()
    ready_units(seller, 2)
    ready_units(seller, 1, ram_mb=16_384, price_cents=19_000)
    ready_units(seller, 1, grade="A", price_cents=20_000)
    ready_units(other, 1, price_cents=11_000)
    ready_units(seller, 1, kind="monitor", cpu=None, ram_mb=None, model="Moniteur 24", price_cents=3_000)
    key = group().key
    assert [refused(key, SMALL[0], WORDS, who) for who in (other.actor, buyer.actor, VISITOR)] == [
        "offer-photo.seller"
    ] * 3
    kept = services.add_photo(key, photo(), f"  {WORDS} ", actor=seller.actor)
    with Image.open(io.BytesIO(files.get(kept.sha256))) as image:
        assert (image.format, max(image.size) <= 1280, dict(image.getexif())) == ("WEBP", True, {})
    assert kept.size <= 60_000
    assert (kept.words, kept.position, kept.width * 3) == (WORDS, 1, kept.height * 4)
    literal = (
        ("ab", "offer-photo.words"), ("a" * 141, "offer-photo.words"), ("Comme neuf", "claim.new"),
        (WORDS, None), ("Écran", None), ("Appareil reconditionné, clavier", None), ("De côté", "offer-photo.many"),
    )  # fmt: skip
    for number, (words, code) in enumerate(literal):
        assert refused(key, SMALL[min(number, 5)], words, seller.actor) == code, words
    services.remove_photo(key, kept.id, actor=seller.actor)
    for data, words, code in (
        (SMALL[3], "Encore", "offer-photo.same"), (b"%PDF-1.7", "Un papier", "file.type"), (b"", "Rien", "file.empty"),
        (SMALL[1], "De nouveau", None),
    ):  # fmt: skip
        assert refused(key, data, words, seller.actor) == code, words
    assert refused("0" * 16, SMALL[0], WORDS, seller.actor) == "not-found"
    # The same looks at any memory and price; not another grade, seller or model.
    shown = {(one.seller_id, one.price_cents): one.photo_count for one in queries.groups(Filters(), VISITOR)}
    mine, its = seller.organisation_id, other.organisation_id
    assert shown == {
        (mine, 15_000): 4, (mine, 19_000): 4, (mine, 20_000): 0, (its, 11_000): 0, (mine, 3_000): 0,
    }  # fmt: skip
    assert [one.position for one in queries.photos_of(group(19_000))] == [1, 2, 3, 4]
    nameless = group(3_000).key
    unnamed(nameless)
    assert refused(nameless, SMALL[0], WORDS, seller.actor) == "offer-photo.model"
    told = sa.select(Event.type, Event.stream, Event.payload).where(Event.type.startswith("offer.photo"))
    rows = session().execute(told).all()
    events = [(kind, stream, sorted(json.loads(payload)["facts"])) for kind, stream, payload in rows]
    assert [kind for kind, _stream, _names in events].count("offer.photo-removed") == 1
    assert {(stream, *names) for _kind, stream, names in events} == {
        (f"organisation/{mine}", "group", "photo", "position")
    }
    for one in list(session().scalars(sa.select(OfferPhoto))):
        services.remove_photo(key, one.id, actor=seller.actor)
    assert session().scalars(sa.select(FileUse).where(FileUse.room == "refurbishing")).all() == []


@pytest.fixture
def behind(app: Flask, world: World) -> World:
    """A world behind the application."""
    return world


def test_photos_have_a_page_of_their_own_and_the_api_tells_them(app: Flask, behind: World) -> None:
    seller = behind.reuse_actor()
    ready_units(seller, 3)
    key = group().key
    visitor, mine = app.test_client(), app.test_client()
    origin = {"Origin": "http://localhost"}
    mine.post("/connexion", data={"email": seller.email, "password": PASSWORD}, headers=origin)
    page = f"/catalogue/{key}"
    assert "photo" not in visitor.get(page).text.lower() + visitor.get("/catalogue").text.lower()
    assert f'href="{page}/photos/ajouter"' in mine.get(page).text
    form = f"{page}/photos/ajouter"
    assert send(mine, form, form, words="ab").status_code == 422
    added = send(mine, form, form, picture=(io.BytesIO(SMALL[0]), "vue.jpg"), words="Capot & clavier")
    assert (added.status_code, added.location) == (302, f"{page}/photos/ajouter")
    [one] = queries.photos_of(group())
    announced = visitor.get(page).text
    weight = f"(1 photo, WebP, {-(-one.size // 1000)} Ko)"
    assert f'<a href="{page}/photos">Voir les photos</a> {weight}' in announced.replace("\u00a0", " ")
    assert "<img" not in announced
    assert "1 photo, WebP" in visitor.get(f"{page}?lang=en").text
    assert '<span class="tag">Photo</span>' in visitor.get("/catalogue").text
    shown = visitor.get(f"{page}/photos").text
    address = f"{page}/photos/{one.id}.webp"
    assert f'<img src="{address}" width="60" height="40" loading="lazy" alt="Capot &amp; clavier">' in shown
    image = visitor.get(address)
    assert (image.status_code, image.mimetype, image.data) == (200, "image/webp", files.get(one.sha256))
    assert visitor.get(address, headers={"If-None-Match": image.headers["ETag"]}).status_code == 304
    assert [visitor.get(f"{page}/photos{rest}").status_code for rest in ("/99.webp", "/ajouter")] == [
        404,
        302,
    ]
    assert visitor.get(f"/catalogue/{'0' * 16}/photos").status_code == 404
    _by_program(app, seller, key)
    assert send(mine, form, f"{page}/photos/{one.id}/retirer").status_code == 302
    assert visitor.get(address).status_code == 404


def _by_program(app: Flask, seller: Party, key: str) -> None:
    program = Program(app, seller)
    offer = program.get(f"/offers/{key}").json
    assert ({"add-photo", "remove-photo"} <= {*offer["actions"]}, offer["photo_count"]) == (True, 1)
    body = {"picture": base64.b64encode(SMALL[1]).decode(), "words": WORDS}
    answer = program.post(f"/offers/{key}:add-photo", **body)
    assert (answer.status_code, [one["words"] for one in answer.json["photos"]]) == (
        201, ["Capot & clavier", WORDS],
    )  # fmt: skip
    assert program.post(f"/offers/{key}:add-photo", **body).json["code"] == "offer-photo.same"
    last = answer.json["photos"][-1]
    assert last["page"].endswith(f"/photos/{last['id']}.webp")
    left = program.post(f"/offers/{key}:remove-photo", photo=last["id"]).json
    assert (left["photo_count"], "words" in left["photos"][0]) == (1, True)
    assert "photos" not in program.get("/offers").json["items"][0]


def test_photos_of_what_is_all_gone_are_deleted_after_the_delay(world: World) -> None:
    """Never while a device is there, a reservation runs or a quote's price holds; what comes in starts it anew."""
    seller, other, buyer = world.reuse_actor(), world.reuse_actor("Autre Exemple"), world.buyer()
    ready_units(seller, 1)
    ready_units(other, 1, price_cents=9_000, stream="lot/LOT-2026-9001")
    key, kept = group().key, group(9_000).key
    for one, by in ((key, seller), (kept, other)):
        services.add_photo(one, SMALL[0], WORDS, actor=by.actor)
    start = clock.at_paris(
        clock.in_days(1), 12
    )  # days are civil ones: noon stays far from both ends, summer or winter

    def left() -> int:
        return session().scalar(sa.select(sa.func.count()).select_from(OfferPhoto)) or 0

    def alone() -> int:
        return session().scalar(sa.select(sa.func.count()).where(OfferPhoto.alone_since.is_not(None))) or 0

    def run(days: int) -> int:
        with clock.frozen(start + timedelta(days=days)):
            return jobs.forget_photos()

    assert [run(day) for day in (0, 100)] == [0, 0], "the devices are there"
    with clock.frozen(start + timedelta(days=101)):
        held = reservations.place_reservation(key, 1, actor=buyer.actor).reference
        assert run(101) == alone() == 0, "a reservation runs: its sheet leads to them"
        reservations.release_reservation(held, actor=buyer.actor)
        quotes.quote_group(key, 1, actor=buyer.actor, lang="fr", say=str)
        in_state("provided", key, buyer, seller)
    assert [run(day) for day in (103, 131)] == [0, 0], "the quote's price holds for 30 days"
    assert alone() == 0
    assert [run(day) for day in (132, 221)] == [0, 0], "noticed, then one day short of the delay"
    with clock.frozen(start + timedelta(days=221, hours=1)):
        [late] = ready_units(seller, 1)
    with clock.frozen(start + timedelta(days=221, hours=2)):
        bench.back_to_workshop(late, actor=seller.actor)
    assert [run(day) for day in (222, 311)] == [0, 0], "a device came in between"
    assert left() == 2
    assert run(312) == 1
    assert left() == 1
    assert session().scalar(sa.select(OfferPhoto.seller_id)) == other.organisation_id
    last = session().scalars(sa.select(Event).where(Event.type == "offer.photo-removed")).one()
    assert json.loads(last.payload)["facts"]["group"] == key
    assert run(313) == 0
