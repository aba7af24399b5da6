"""The stored groups: right after every verb and under concurrency, by their day, rebuilt, near, in few statements."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event

from reuse_market.accounts import services as accounts
from reuse_market.catalogue import alerts, queries
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import VISITOR
from reuse_market.places import geo
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import services as workshop
from reuse_market.refurbishing.models import Offer, OfferGroup
from reuse_market.refurbishing.shelf import checking, keeping
from reuse_market.regimes.models import AgecCategory
from tests.catalogue.search import stock
from tests.support import races
from tests.support.world import World, ready_units


def _units() -> dict[str, int]:
    return {group.model: group.units for group in queries.groups(Filters(), VISITOR)}


def test_counts_stay_right_while_many_take_and_give_back(world: World) -> None:
    """Two groups, taken from in both orders by rivals: no deadlock, nothing lost, the least battery told."""
    seller = world.reuse_actor()
    strong = ready_units(seller, 6, battery=90)
    weak = ready_units(seller, 2, battery=61)
    other = ready_units(seller, 6, model="Portable 850")
    assert queries.groups(Filters(text="840"), VISITOR)[0].least_battery == 61

    pairs = [[strong[n], other[n]] if n % 2 else [other[n], strong[n]] for n in range(5)] + [weak]

    @db.command
    def take(rival: int) -> None:
        for unit_id in pairs[rival]:
            workshop.back_to_workshop(unit_id, actor=seller.actor)

    told = races.together(len(pairs), take)
    assert [one.error for one in told] == [None] * len(pairs)
    db.release()
    assert _units() == {"Portable 840": 1, "Portable 850": 1}
    assert queries.groups(Filters(text="840"), VISITOR)[0].least_battery == 90
    assert checking.wrong() == []
    assert reconcile() == []


def test_units_stand_in_the_window_from_their_day_on(world: World) -> None:
    seller, recipient = world.reuse_actor(), world.recipient()
    ready_units(seller, 2)
    ready_units(seller, 3, open_from=clock.in_days(2))
    ready_units(seller, 4, open_to="recipients")
    assert _units() == {"Portable 840": 2}
    assert sum(group.units for group in queries.groups(Filters(), recipient.actor)) == 6
    with clock.frozen(clock.now() + timedelta(days=2, hours=1)):
        assert _units() == {"Portable 840": 5}  # before the job: one group all the same
        [group] = queries.groups(Filters(), VISITOR)
        assert len(queries.ready_ids(group, 9)) == 5
        assert checking.wrong() == []
        assert keeping.open_due() == 3
        assert _units() == {"Portable 840": 5}
        assert checking.wrong() == []


def test_what_is_wrong_is_told_and_rebuilt(world: World) -> None:
    seller = world.reuse_actor()
    ids = ready_units(seller, 3)

    @db.command
    def spoil(statement: sa.Executable) -> None:
        db.session().execute(statement)

    for statement, subject in (
        (sa.update(OfferGroup).values(units=OfferGroup.units + 1), "offer-group/"),
        (sa.update(OfferGroup).values(least_battery=99), "offer-group/"),
        (sa.update(OfferGroup).values(latitude=1), "offer-group/"),
        (sa.update(Offer).where(Offer.unit_id == ids[0]).values(group_id=None), f"unit/{ids[0]}"),
    ):
        spoil(statement)
        [*found] = reconcile()
        assert found, statement
        assert {one.rule for one in found} == {"offers.group"}
        assert any(one.subject.startswith(subject) for one in found), statement
        assert checking.rebuild() == 3
        assert reconcile() == []


def test_a_group_lies_where_its_seller_does(world: World) -> None:
    seller = world.reuse_actor()
    ready_units(seller, 1)
    before = queries.groups(Filters(), VISITOR)[0].commune
    values = {"name": "Siège", "street": "", "postcode": "38320", "commune_name": "Eybens"}
    accounts.save_site(seller.organisation_id, values, actor=seller.actor, site_id=seller.site_id)
    assert (before, queries.groups(Filters(), VISITOR)[0].commune) == ("Grenoble", "Eybens")
    assert checking.wrong() == []


def test_the_nearest_come_in_the_exact_order(world: World) -> None:
    """Random places near and far, many at one point: pages by key give brute force's order, from random bases."""
    chance = random.Random(20261122)
    seller = world.reuse_actor().organisation_id
    rows = stock.rows(1, seller)[:400]
    spots = [
        (chance.randint(44_000_000, 47_000_000), chance.randint(3_000_000, 8_000_000)) for _ in range(60)
    ]
    spots += [(45_188_529 + chance.randint(-90_000, 90_000), 5_724_524 + chance.randint(-90_000, 90_000))
              for _ in range(60)]  # fmt: skip
    for row in rows:
        row["latitude"], row["longitude"] = chance.choice(spots)
    rows[0] |= {"latitude": None, "longitude": None}
    stock.fill(rows)
    placed = db.session().execute(
        sa.select(OfferGroup.id, OfferGroup.key, OfferGroup.latitude, OfferGroup.longitude)
    )
    known = [row for row in placed if row.latitude is not None]
    drawn = [(chance.randint(43_000_000, 48_000_000), chance.randint(2_000_000, 9_000_000)) for _ in range(4)]
    odd = [(45_188_529, 5_724_524), (89_000_000, 5_000_000), (45_000_000, 179_999_000)]
    for base in [geo.Point(*place) for place in odd + drawn]:
        exact = sorted(
            (geo.distance_m(base.latitude, base.longitude, row.latitude, row.longitude), row.id, row.key)
            for row in known
        )
        shown: list[str] = []
        cursor = ""
        for _page in range(3):
            found = queries.search(Filters(sort="distance"), VISITOR, base, cursor=cursor, count=False)
            shown += [group.key for group in found.groups]
            cursor = found.cursor or ""
        assert shown == [key for _far, _id, key in exact[:75]]
    near = queries.search(
        Filters(within_km=5, sort="distance"), VISITOR, geo.Point(45_188_529, 5_724_524), size=400
    )
    around = [geo.distance_m(45_188_529, 5_724_524, row.latitude, row.longitude) for row in known]
    assert len(near.groups) == sum(far <= 5000 for far in around) > 0


def test_what_lies_nowhere_comes_last_by_distance(world: World) -> None:
    """A seller whose place is not known loses nothing when the list is sorted by distance, page after page."""
    rows = stock.rows(2, world.reuse_actor().organisation_id)[:30]
    placeless = {row["key"] for row in rows[3:30:9]}
    for row in rows:
        row |= {"latitude": None, "longitude": None} if row["key"] in placeless else {}
    stock.fill(rows)
    base, shown, cursor = geo.Point(45_188_529, 5_724_524), list[str](), ""
    total = queries.search(Filters(sort="distance"), VISITOR, base, size=7).total
    for _page in range(6):
        found = queries.search(Filters(sort="distance"), VISITOR, base, size=7, cursor=cursor)
        shown += [group.key for group in found.groups]
        if (cursor := found.cursor or "") == "":
            break
    assert len(shown) == len(set(shown)) == total == 30
    assert set(shown[-len(placeless) :]) == placeless


ADDRESSES = [
    "/catalogue", "/catalogue?kind=laptop&grade=B&ram=8&most=400&text=portable+hp+i5",
    "/catalogue?text=protable+16+go&sort=price", "/catalogue?agec=yes&text=ecran+24", "/catalogue?text=introuvable",
]  # fmt: skip


def test_a_page_takes_few_statements_whatever_the_stock(
    client: FlaskClient, database: db.Database, world: World
) -> None:
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))

    def count(address: str) -> int:
        said.clear()
        db.release()
        assert client.get(address).status_code == 200
        return sum(statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement in said)

    seller = world.reuse_actor()
    ready_units(seller, 2)
    few = {address: count(address) for address in ADDRESSES}
    stock.fill(stock.rows(3, seller.organisation_id))
    many = {address: count(address) for address in ADDRESSES}
    assert max(few.values()) <= 10, few
    assert many["/catalogue"] <= 8, many
    assert many[ADDRESSES[1]] <= 8, many
    assert max(many.values()) <= 8, many


def test_pages_by_key_give_every_group_once(world: World) -> None:
    stock.fill(stock.rows(5, world.reuse_actor().organisation_id))
    for sort in queries.SORTS:
        for text in ("", "portable 8 go"):
            keys: list[str] = []
            cursor: str | None = ""
            while cursor is not None:
                found = queries.search(Filters(text=text, sort=sort), VISITOR, cursor=cursor)
                keys += [group.key for group in found.groups]
                cursor = found.cursor
            whole = queries.groups(Filters(text=text, sort=sort), VISITOR)
            assert keys == [group.key for group in whole]
            assert len(keys) == len(set(keys)) > 25
    assert (
        queries.search(Filters(), VISITOR, cursor="x_1_2").groups == queries.search(Filters(), VISITOR).groups
    )


FILTERED = [
    (Filters(brand="HP"), lambda r: r["maker"] == "HP"), (Filters(cpu="i5"), lambda r: r["cpu_class"] == "i5"),
    (Filters(ram_gb=16), lambda r: r["ram_gb"] >= 16), (Filters(storage_gb=512), lambda r: r["storage_gb"] >= 512),
    (Filters(screen=24), lambda r: 235 <= (r["screen_tenths"] or 0) <= 245),
    (Filters(battery=80), lambda r: (r["least_battery"] or 0) >= 80),
    (Filters(least_cents=5000, most_cents=9000), lambda r: 5000 <= r["price_cents"] <= 9000),
    (Filters(windows_11=True), lambda r: r["windows_11"] == "yes"),
    (Filters(charger=True), lambda r: r["charger"] == "yes"),
    (Filters(warranty=12), lambda r: r["warranty_months"] >= 12), (Filters(regime="gift"), lambda r: False),
    (Filters(agec="yes"), lambda r: r["price_cents"] > 0), (Filters(agec="no"), lambda r: r["price_cents"] == 0),
    (Filters(free=True), lambda r: r["price_cents"] == 0), (Filters(os="linux"), lambda r: "Ubuntu" in (r["os"] or "")),
]  # fmt: skip


def test_each_filter_keeps_what_it_says(world: World) -> None:
    counted = set(db.session().scalars(sa.select(AgecCategory.kind)))
    rows = [row for row in stock.rows(9, world.reuse_actor().organisation_id) if row["kind"] in counted]
    stock.fill(rows)
    for filters, keeps in FILTERED:
        shown = {group.key for group in queries.groups(filters, VISITOR)}
        assert shown == {row["key"] for row in rows if keeps(row)}, filters


def test_a_kept_search_is_told_what_is_new(world: World) -> None:
    seller, buyer = world.reuse_actor(), world.buyer()
    ready_units(seller, 2)
    since = clock.now()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        ready_units(seller, 3, model="Portable 850")
        asked = {"text": "portable i5", "ram": "8", "most": "200", "sort": "price"}
        count, found = alerts.ROOM.new(asked, since, clock.now(), buyer.actor, "fr")
        assert (count, [one.heading for one in found]) == (1, ["Ordinateur portable Exemple Portable 850"])
        assert found[0].text.startswith("3 × 14″, i5-8350U, 8\u00a0Go")
        assert alerts.ROOM.new(asked | {"ram": "32"}, since, clock.now(), buyer.actor, "fr")[0] == 0


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_group_page_says_whether_it_counts(client: FlaskClient, world: World, lang: str) -> None:
    ready_units(world.reuse_actor(), 2, holder=world.holder())
    ready_units(
        world.reuse_actor(), 1, price_cents=0, model="Tour", stream="lot/LOT-2026-9998", holder=world.holder()
    )
    paid, free = sorted(queries.groups(Filters(), VISITOR), key=lambda group: -group.price_cents)
    page = client.get(f"/catalogue/{paid.key}?lang={lang}").text
    assert (
        "Un achat de biens issus du réemploi compte" if lang == "fr" else "A purchase of reused goods counts"
    ) in page
    page = client.get(f"/catalogue/{free.key}?lang={lang}").text
    assert ("celui-ci ne compte pas" if lang == "fr" else "this one does not count") in page
    assert client.get(f"/recherche?lang={lang}&battery=80&text=hp").status_code == 200
