"""A device whose media were erased is offered with the system the bench installed, or with none."""

from __future__ import annotations

import pytest
from flask import Flask

from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel.errors import Invalid
from reuse_market.refurbishing import services as bench
from reuse_market.refurbishing.shelf import checking
from reuse_market.reservations import quotes, services
from tests.support.world import Party, World, ready_units

LISTED = "Microsoft Windows 10 Pro"  # what the inventory said, before anything was erased


def _systems(reader: Party, **filters: object) -> dict[str | None, int]:
    found = catalogue.groups(catalogue.Filters(**filters), reader.actor)  # type: ignore[arg-type]  # as told
    return {group.os: group.units for group in found}


def test_the_inventory_s_system_does_not_outlive_the_erasure(world: World) -> None:
    seller, buyer = world.reuse_actor(), world.buyer()
    ids = ready_units(seller, 3, os=LISTED)
    assert _systems(buyer) == {None: 3}, "nothing was installed: the inventory's system is gone"
    assert _systems(buyer, os="none") == {None: 3}
    assert _systems(buyer, os="windows") == {}
    [bare] = catalogue.groups(catalogue.Filters(), buyer.actor)
    bench.back_to_workshop(ids[0], actor=seller.actor)
    for wrong in ("x" * 81, "Linux remis à neuf"):
        with pytest.raises(Invalid) as refused:
            bench.make_ready(ids[0], actor=seller.actor, cosmetic_grade="B", price_cents=15_000, os=wrong)
        assert refused.value.field == "os"
    bench.make_ready(
        ids[0], actor=seller.actor, cosmetic_grade="B", price_cents=15_000, os=" Linux  Mint 22 "
    )
    assert _systems(buyer) == {None: 2, "Linux Mint 22": 1}, "two groups: they are not alike"
    assert _systems(buyer, os="linux") == {"Linux Mint 22": 1}
    assert catalogue.group(bare.key, buyer.actor) is not None, "the address given out before stays good"
    ready_units(seller, 1, os="Android 14", kind="tablet", model="Tablette 10")
    assert _systems(buyer, kind="tablet") == {"Android 14": 1}, "a reset leaves a tablet its own"
    [screen] = ready_units(seller, 1, kind="monitor", model="Écran 24")
    bench.back_to_workshop(screen, actor=seller.actor)
    with pytest.raises(Invalid) as none:
        bench.make_ready(screen, actor=seller.actor, cosmetic_grade="B", price_cents=100, os="Debian")
    assert none.value.field == "os"
    assert checking.wrong() == []


def test_quote_and_kit_say_that_there_is_none(world: World) -> None:
    seller, buyer = world.reuse_actor(), world.buyer()
    ready_units(seller, 2, os=LISTED)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    for lang, none in (("fr", "sans système d’exploitation"), ("en", "no operating system")):
        made = quotes.quote_group(group.key, 1, actor=buyer.actor, lang=lang, say=str)  # type: ignore[arg-type]  # a Lang
        assert made.facts["lines"][0]["label"].endswith(none)
    found = services.place_reservation(group.key, 1, actor=buyer.actor)
    services.confirm_reservation(found.reference, actor=seller.actor)
    kit = {"charger": "in", "os": "in", "mouse": "has_one", "bag": "later"}
    with pytest.raises(Invalid) as refused:
        services.prepare_reservation(found.reference, actor=seller.actor, told=kit)
    assert refused.value.field == "kit_os"
    services.prepare_reservation(found.reference, actor=seller.actor, told=kit | {"os": "not_supplied"})


def test_the_list_says_that_there_is_none(app: Flask, world: World) -> None:
    """In the row itself, of computers alone: what two prices are compared on."""
    seller = world.reuse_actor()
    ids = ready_units(seller, 2, os=LISTED)
    ready_units(seller, 1, kind="monitor", model="Écran 24", cpu=None, ram_mb=None, storage_mb=None)
    bench.back_to_workshop(ids[0], actor=seller.actor)
    bench.make_ready(ids[0], actor=seller.actor, cosmetic_grade="B", price_cents=15_000, os="Linux Mint 22")
    for language, said in (("fr", "8 Go, sans système<"), ("en", "8 GB, no system<")):
        page = app.test_client().get(f"/catalogue?lang={language}")
        text = page.text.replace("\u00a0", " ")
        assert text.count(said) == text.count(said.rpartition(", ")[2]) == 1, "one of the three groups"
