"""A need in words, and prices: pure rules."""

from __future__ import annotations

from typing import Any

import pytest

from reuse_market.catalogue.asking import Asked, understand
from reuse_market.catalogue.describing import configuration, title
from reuse_market.catalogue.measures import Range
from reuse_market.catalogue.pricing import price
from reuse_market.catalogue.queries import Filters, Group

SAID = {"elitebook", "840", "850", "hp", "samsung", "g5"}
COMPUTERS = ("laptop", "desktop", "all_in_one", "workstation")
NEEDS: list[tuple[str, Asked]] = [
    ("24 × portable 14″ i5 8 Go", Asked(24, ("laptop",), Range(nominal=8), screen=Range(nominal=140), cpu=("i5",))),
    ("24x portables 15,6 pouces 16Go", Asked(24, ("laptop",), Range(nominal=16), screen=Range(nominal=156))),
    ("10 écrans", Asked(10, ("monitor",))),
    ("un PC avec 8 GB et 256 Go", Asked(None, COMPUTERS, Range(nominal=8), Range(nominal=256))),
    ("disque 1 To", Asked(storage=Range(nominal=1000))),
    ('24" screens', Asked(kinds=("monitor",), screen=Range(nominal=240))),  # an inch, not a number of devices
    ("8 Go", Asked(ram=Range(nominal=8))),  # a memory, not a number of devices
    ("EliteBook 840 G5", Asked(words=("elitebook", "840", "g5"))),
    ("0 × portable", Asked(kinds=("laptop",))),
    ("", Asked()),
    ("introuvable", Asked(words=("introuvable",))),
    ("protable samsng", Asked(kinds=("laptop",), words=("samsung",),
                              corrected=(("protable", "portable"), ("samsng", "samsung")))),
    ("écrans de 24 pouces à moins de 80 €", Asked(kinds=("monitor",), screen=Range(nominal=240),
                                                   price=Range(high=8_000))),
    ("portable entre 100 et 200 € HT", Asked(kinds=("laptop",), price=Range(10_000, 20_000), net=True)),
    ("300 euros maximum 16 go ou plus", Asked(price=Range(high=30_000), ram=Range(low=16))),
    ("i5 8e génération ou plus", Asked(cpu=("i5",), generation=Range(low=8))),
    ("téléphone samsung portable", Asked(kinds=("smartphone",), words=("samsung",))),
    ("portable hp 840", Asked(kinds=("laptop",), words=("hp", "840"))),  # a model, not a size
]  # fmt: skip


def test_a_need_is_understood() -> None:
    for text, asked in NEEDS:
        assert understand(text, lambda _words: SAID) == asked, text


@pytest.mark.parametrize(
    ("cents", "scheme", "rate", "net", "gross", "shown_rate"),
    [
        (15_000, "standard", 200, 15_000, 18_000, 200),
        (12_345, "standard", 200, 12_345, 14_814, 200),
        (1, "standard", 55, 1, 1, 55),
        (9, "standard", 55, 9, 9, 55),  # 9.495
        (10, "standard", 50, 10, 11, 50),  # 10.5: half up
        (15_000, "standard", None, 15_000, None, None),  # unknown rate: said, never guessed
        (9_000, "margin", 200, 9_000, 9_000, None),
        (9_000, "exempt", 200, 9_000, 9_000, None),
        (0, "standard", 200, 0, 0, None),
    ],
)
def test_a_price_by_its_scheme(
    cents: int, scheme: str, rate: int | None, net: int, gross: int | None, shown_rate: int | None
) -> None:
    found = price(cents, scheme, rate)
    assert (found.net_cents, found.gross_cents, found.per_mille) == (net, gross, shown_rate)
    assert found.free is (cents == 0)


def test_the_price_of_several_is_a_multiple_of_what_is_shown() -> None:
    one = price(12_346, "standard", 200)
    assert one.gross_cents == 14_815
    assert one.times(24).gross_cents == 24 * 14_815
    assert price(100, "standard", None).times(3).gross_cents is None


def test_what_a_group_is_called() -> None:
    blank: dict[str, Any] = dict.fromkeys(Group._fields)
    sizes: dict[str, Any] = {"ram_mb": 7786, "storage_mb": 256_000, "screen_tenths": 156}
    group = Group(**blank | sizes | {"cpu": "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz"})
    assert configuration(group, "fr") == "15,6″, i5-8350U, 8\u00a0Go, stockage 256\u00a0Go"
    assert configuration(group, "en") == "15.6″, i5-8350U, 8\u00a0GB, 256\u00a0GB storage"
    assert title("écran", "HP", "HP E24") == "Écran HP E24"
    assert title("ordinateur portable", "Exemple", "840") == "Ordinateur portable Exemple 840"
    assert title("écran", "", "") == "Écran"


def test_filters_in_use() -> None:
    assert Filters().active() == 0
    assert Filters(text="portable", units=3, sort="price").active() == 2
