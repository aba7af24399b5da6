"""What is remembered from one search to the next: statements and boxes, never an answer or a value."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.catalogue import boxes, filtering, forms, lists, near, queries
from reuse_market.catalogue.asking import Asked, understand
from reuse_market.catalogue.criteria import Criterion, Ready, named, shape_of
from reuse_market.catalogue.pricing import SCHEMES, price
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import VISITOR
from reuse_market.kernel.dated import Rate, rate_per_mille
from reuse_market.places import geo
from tests.catalogue.search import stock
from tests.support.world import World

# Pairs of one shape with other answers, and one of another shape.
PAIRS = [
    (Filters(ram_gb=8), Filters(ram_gb=32)),
    (Filters(text="portable i5 8 go"), Filters(text="portable i7 16 go")),
    (Filters(text="ecran 24 pouces moins de 150 €"), Filters(text="ecran 22 pouces moins de 90 €")),
    (Filters(brand="Dell", most_cents=20_000), Filters(brand="Lenovo", most_cents=45_000)),
    (Filters(grade="A", sort="price"), Filters(grade="C", sort="price")),
]


def _shape(filters: Filters) -> tuple[object, ...]:
    asked = understand(filters.text, lambda words: ()) if filters.text else Asked()
    told = filtering.matching(filters, asked)
    return shape_of(told), shape_of(filtering.penalty(filters, asked))


def test_one_statement_serves_every_value_of_a_shape(world: World) -> None:
    """The values of one search never answer another; what is found is what a plain look at the rows finds."""
    stock.fill(stock.rows(3, world.reuse_actor().organisation_id)[:600])
    for one, other in PAIRS:
        assert _shape(one) == _shape(other), (one, other)
        first, second, again = (
            [group.key for group in queries.groups(filters, VISITOR)] for filters in (one, other, one)
        )
        assert first == again
        assert first != second, (one, other)
    for least in (8, 16, 32):
        rows = db.session().execute(sa.select(lists.TABLE.c.key).where(lists.TABLE.c.ram_gb >= least))
        assert {group.key for group in queries.groups(Filters(ram_gb=least), VISITOR)} == set(rows.scalars())

    told = filtering.shown_to(VISITOR, clock.today())
    asked = [*told, *filtering.matching(Filters(ram_gb=8), Asked())]
    again = [*told, *filtering.matching(Filters(ram_gb=16), Asked())]
    statement = lists._listing(shape_of(asked), (), "units", False, True)
    assert lists._listing(shape_of(again), (), "units", False, True) is statement
    assert lists._listing(shape_of(again), (), "units", False, False) is not statement
    ready = [*asked, Criterion(Ready(lists.TABLE.c.id > 0))]
    made = [lists._listing(shape_of(ready), (), "units", False, True) for _ in range(2)]
    assert made[0] is not made[1], "a statement that holds its values must not be kept"
    assert near._nearest(shape_of(asked)) is near._nearest(shape_of(again))
    assert set(named(asked)) == set(named(again))


def test_an_address_is_read_as_the_whole_form_reads_it(app: Flask, database: db.Database) -> None:
    """Piece by piece, remembered or not: the values and boxes of the form with every field; nothing wrong is kept."""
    for address in (
        "", "?text=+24+portables+&kind=laptop&units=1+200", "?units=24&most=1+234,50&sort=price&free=y",
        "?ram=9&units=3", "?kind=toaster&text=x", "?ram=8&ram=16", "?text=" + "a" * 121 + "&ram=8",
        "?most=abc&free=&sort=new", "?grade=B", "?kind=&ram=&grade=", "?text=%20",
    ):  # fmt: skip
        for lang in ("fr", "en"):
            joint = "&" if address else "?"
            with app.test_request_context(f"/catalogue{address}{joint}lang={lang}"):
                told = forms.offered()
                whole = forms.filter_form(forms.ListForm, told)
                good = whole.validate()
                drawn = "".join(boxes._drawn(whole[name]) for name in forms.PLAIN)
                values = {name: whole[name].data for name in forms.PLAIN if not whole[name].errors}
                for _again in range(2):
                    found = boxes.read(told)
                    assert (found.values, str(found.boxes), found.form is None) == (values, drawn, good), (
                        address
                    )
    kept = app.extensions["catalogue.boxes"]
    assert not [key for key in kept if key[0] == "units" and key[3] == ("1 200",)]
    assert len([key for key in kept if key[0] == "grade" and key[3] == ("B",)]) == 2


def test_what_is_paid_is_reckoned_alike_in_both_places(world: World) -> None:
    """The database's price, under each scheme and rate, is that of `refurbishing.pricing.price` to the cent."""
    rows = stock.rows(3, world.reuse_actor().organisation_id)[:90]
    for at, row in enumerate(rows):
        row |= {"vat_scheme": SCHEMES[at % 3], "price_cents": at * 137 + at % 7}
    stock.fill(rows)
    for change in (lambda: None, _raise_the_rate, _forget_the_rate):
        change()
        rate = rate_per_mille("vat.standard")
        paid = {row["key"]: price(row["price_cents"], row["vat_scheme"], rate) for row in rows}
        shown = {one.key: one.price for one in queries.groups(Filters(), VISITOR)}
        assert shown == {key: paid[key] for key in shown}
        assert len(shown) > 50
        for most in (0, 1370, 6_000, 9_001, 12_000):
            found = {one.key for one in queries.groups(Filters(most_cents=most), VISITOR)}
            cheap = {key for key in shown if (paid[key].gross_cents or paid[key].net_cents) <= most}
            assert found == cheap, (rate, most)
            dear = {one.key for one in queries.groups(Filters(least_cents=most + 1), VISITOR)}
            assert dear == set(shown) - cheap, (rate, most)


@db.command
def _raise_the_rate() -> None:
    db.session().execute(sa.update(Rate).where(Rate.code == "vat.standard").values(per_mille=211))


@db.command
def _forget_the_rate() -> None:
    db.session().execute(sa.delete(Rate).where(Rate.code == "vat.standard"))


def test_pages_follow_each_other_whatever_the_order(world: World) -> None:
    """Read 7 by 7, each order gives each group once; a cursor of another order or no number begins anew."""
    stock.fill(stock.rows(4, world.reuse_actor().organisation_id)[:120])
    base = geo.Point(45_188_529, 5_724_524)
    for sort, text in (
        ("units", ""),
        ("price", ""),
        ("grade", ""),
        ("new", ""),
        ("distance", ""),
        ("", "portable 8 go"),
    ):
        filters = Filters(text=text, sort=sort)
        whole = [group.key for group in queries.search(filters, VISITOR, base, size=500).groups]
        read, cursor = [], ""
        while True:
            found = queries.search(filters, VISITOR, base, size=7, cursor=cursor)
            read += [group.key for group in found.groups]
            cursor = found.cursor or ""
            if not cursor:
                break
        assert read == whole, filters
    first = [group.key for group in queries.search(Filters(sort="units"), VISITOR, size=7).groups]
    for wrong in ("x", "A_100_3", "1_2", "1_2_3_4", f"{2**31}_1_1", "-1_99999999999999999999_1"):
        found = queries.search(Filters(sort="units"), VISITOR, size=7, cursor=wrong)
        assert [group.key for group in found.groups] == first, wrong


def test_a_box_is_drawn_for_what_was_answered(client: FlaskClient, world: World) -> None:
    """Twice the same, then another value, another language, an error: nothing of the one before is left."""
    pages = {
        address: client.get(f"/catalogue{address}").get_data(as_text=True)
        for address in (
            "?ram=8&text=abc", "?ram=16&text=<b>", "?ram=8&text=abc&lang=en", "?units=many&ram=8&text=abc", "?free=y",
            "",
        )
    }  # fmt: skip
    for address, page in pages.items():
        assert client.get(f"/catalogue{address}").get_data(as_text=True) == page, address
    one, other, english, wrong, free, bare = pages.values()
    assert '<input checked id="free"' in free
    assert '<input checked id="free"' not in bare + one
    assert '<option selected value="8">' in wrong, "what can be read stays when something cannot"
    assert 'value="many"' in wrong
    assert '<option selected value="8">' in one
    assert 'value="abc"' in one
    assert '<option selected value="16">' in other
    assert 'value="&lt;b&gt;"' in other
    assert "<b>&gt;" not in other
    assert "Mémoire" in one
    assert "Mémoire" not in english
    assert "Memory" in english
    assert 'id="error-units"' in wrong
    assert 'id="error-units"' not in one


def test_what_an_address_repeats_at_length_is_answered_and_not_remembered(app):
    """Only the first of its values is read: the others would fill the memory of a process for nothing."""
    long = "&".join(["text=portable", *["text=" + "x" * 100] * 20])
    page = app.test_client().get(f"/catalogue?{long}")
    assert page.status_code == 200
    assert 'value="portable"' in page.text
    kept = app.extensions["catalogue.boxes"]
    assert max(sum(map(len, key[3])) for key in kept) <= boxes.LONGEST
