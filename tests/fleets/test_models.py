"""Models made readable: a holder corrects once, its fleet and its later files follow, and it can take it back."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from reuse_market.equipment.models import Model
from reuse_market.fleets import services, spellings
from reuse_market.fleets.models import ModelCorrection
from reuse_market.fleets.reading.naming import Corrected
from reuse_market.fleets.spellings import Filters
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound
from reuse_market.lots import services as lots
from reuse_market.lots.queries import lines as lot_lines
from reuse_market.traceability.models import Event
from reuse_market.units.models import Unit
from tests.fleets.conftest import imported
from tests.support.world import Party, World, conditions

HEADER = "Numéro de série;Fabricant;Modèle;Type"
LINES = (
    "SN1;LENOVO;20L5CTO1WW;Portable", "SN2;Lenovo;ThinkPad T480;Portable", "SN3;LENOVO;20ZZS00000;Portable",
    "SN4;LENOVO;20ZZS00000;Portable", "SN5;Dell Inc.;Latitude 5400;Bureau", "SN6;DELL;Latitude 5400;Portable",
    "SN7;HP;EliteBook 840 G5;Portable", "SN8;Hewlett-Packard;HP Elitebook 840 G5 Notebook PC;Portable",
    "SN9;Exemple;Boîte 3;Portable", "SN10;;Machin;Ordinateur",
)  # fmt: skip


def file_of(*lines: str) -> bytes:
    return "\r\n".join((HEADER, *lines)).encode("utf-8")


def held(holder: Party) -> dict[str, tuple[str, str, str]]:
    """Serial → kind, maker, model of the holder's devices."""
    session().expire_all()
    rows = session().execute(
        sa.select(Unit.serial, Unit.kind, Model.maker, Model.name)
        .join(Model, Model.id == Unit.model_id)
        .where(Unit.owner_id == holder.organisation_id)
    )
    return {serial: (kind, maker, name) for serial, kind, maker, name in rows}


def id_of(holder: Party, name: str, kind: str | None = None) -> int:
    [one] = [
        m for m in spellings.models(holder.organisation_id) if m.name == name and m.kind == (kind or m.kind)
    ]
    return one.model_id


def events(kind: str) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(Event).where(Event.type == kind)) or 0


def test_the_list_says_what_to_check_and_what_looks_the_same(world: World) -> None:
    holder = world.holder()
    imported(holder, file_of(*LINES))
    found = spellings.models(holder.organisation_id)
    told = {(m.kind, m.name): (m.units, m.confidence, m.unreadable) for m in found}
    assert told == {
        ("laptop", "ThinkPad T480"): (2, "sure", False),
        ("laptop", "20ZZS00000"): (2, "likely", True),
        ("desktop", "Latitude 5400"): (1, "unsure", False),
        ("laptop", "Latitude 5400"): (1, "sure", False),
        ("laptop", "EliteBook 840 G5"): (1, "sure", False),
        ("laptop", "HP Elitebook 840 G5 Notebook PC"): (1, "sure", False),
        ("laptop", "Boîte 3"): (1, "likely", False),
        ("other", "Machin"): (1, "unsure", False),
    }
    assert [m.to_check for m in found] == [True] * 3 + [False] * 5
    groups = spellings.alike(found)
    assert sorted(sorted({m.name for m in group}) for group in groups) == [
        ["EliteBook 840 G5", "HP Elitebook 840 G5 Notebook PC"], ["Latitude 5400"],
    ]  # fmt: skip
    for filters, names in (
        (Filters(kind="desktop"), {"Latitude 5400"}),
        (Filters(text="elitebook HP"), {"EliteBook 840 G5", "HP Elitebook 840 G5 Notebook PC"}),
        (Filters(to_check=True), {"20ZZS00000", "Latitude 5400", "Machin"}),
        (Filters(text="boîte"), {"Boîte 3"}),
    ):
        assert {m.name for m in spellings.models(holder.organisation_id, filters)} == names
    assert spellings.models(world.public_holder().organisation_id) == []


def test_said_once_the_fleet_and_later_files_follow_and_it_can_be_taken_back(world: World) -> None:
    holder, other = world.holder(), world.public_holder()
    imported(holder, file_of(*LINES))
    imported(other, file_of(LINES[2]))
    before = held(holder)
    count = services.correct_model(
        id_of(holder, "20ZZS00000"), kind="tablet", maker="Lenovo", name="ThinkPad X12", actor=holder.actor
    )
    assert (count, events("fleet.model-corrected")) == (2, 1)
    assert held(holder) == before | dict.fromkeys(("SN3", "SN4"), ("tablet", "Lenovo", "ThinkPad X12"))
    assert held(other)["SN3"] == ("laptop", "Lenovo", "20ZZS00000")
    [shown] = [m for m in spellings.models(holder.organisation_id) if m.name == "ThinkPad X12"]
    assert (shown.confidence, shown.corrected, shown.to_check) == ("sure", True, False)

    assert imported(holder, file_of(*LINES)) == []  # the same file again: every device is known
    imported(holder, file_of("SN20;Lenovo;20zz-S00000;", "SN21;LENOVO;20ZZS00000;Bureau"))
    assert held(holder)["SN21"] == ("tablet", "Lenovo", "ThinkPad X12")  # before the type and the rules
    assert (
        held(holder)["SN20"][2] == "20zz-S00000"
    )  # another writing is another spelling: offered to be merged

    [correction] = spellings.corrected(holder.organisation_id)
    with pytest.raises(NotFound):
        services.forget_correction(correction.id, actor=other.actor)
    assert services.forget_correction(correction.id, actor=holder.actor) == 2
    assert {serial: held(holder)[serial] for serial in before} == before
    assert held(holder)["SN21"] == ("tablet", "Lenovo", "ThinkPad X12")  # came in under the name
    assert (events("fleet.model-restored"), spellings.corrections(holder.organisation_id)) == (1, {})


def test_another_maker_keeps_devices_known(world: World) -> None:
    holder = world.holder()
    imported(holder, file_of(*LINES))
    corrected = {"kind": "laptop", "maker": "Marque Exemple", "name": "Boîte 3"}
    services.correct_model(id_of(holder, "Boîte 3"), **corrected, actor=holder.actor)
    assert imported(holder, file_of(*LINES)) == []
    assert imported(holder, file_of("SN9;Marque Exemple;Boîte 3;Portable")) == []  # as exported since
    [row] = spellings.corrected(holder.organisation_id)
    services.forget_correction(row.id, actor=holder.actor)
    assert imported(holder, file_of(*LINES)) == []
    assert held(holder)["SN9"] == ("laptop", "Exemple", "Boîte 3")


def test_merging_chains_and_the_last_word(world: World) -> None:
    holder = world.holder()
    mine, actor = holder.organisation_id, holder.actor
    imported(holder, file_of(*LINES))
    kept = id_of(holder, "EliteBook 840 G5")
    long = id_of(holder, "HP Elitebook 840 G5 Notebook PC")
    assert services.merge_models([long, kept], into=kept, actor=actor) == 1
    assert held(holder)["SN8"] == ("laptop", "HP", "EliteBook 840 G5")
    # The kind alone: both rows of the spelling follow, and the name stays.
    assert services.correct_model(
        id_of(holder, "Latitude 5400", "desktop"), kind="laptop", maker="Dell", name="Latitude 5400", actor=actor
    ) == 1  # fmt: skip
    assert Counter(kind for kind, _, name in held(holder).values() if name == "Latitude 5400") == {
        "laptop": 2
    }
    # A chain: what was merged follows what it was merged into.
    services.correct_model(kept, kind="laptop", maker="HP", name="EliteBook 840 Gen 5", actor=actor)
    told = spellings.corrections(mine)
    final = Corrected("laptop", "HP", "EliteBook 840 Gen 5")
    assert (told["hp|elitebook 840 g5"], told["hp|elitebook 840 g5 notebook pc"]) == (final, final)
    # Back again: no circle.
    services.correct_model(id_of(holder, "EliteBook 840 Gen 5"), kind="laptop", maker="HP", name="EliteBook 840 G5",
                           actor=actor)  # fmt: skip
    told = spellings.corrections(mine)
    back = Corrected("laptop", "HP", "EliteBook 840 G5")
    assert (told["hp|elitebook 840 gen 5"], told["hp|elitebook 840 g5 notebook pc"]) == (back, back)
    assert "hp|elitebook 840 g5" not in told
    # Confirmed as it is: nothing moves, it is sure from now on.
    assert services.correct_model(
        id_of(holder, "Machin"), kind="other", maker="", name="Machin", actor=actor
    ) == 0  # fmt: skip
    assert not next(m for m in spellings.models(mine) if m.name == "Machin").to_check
    assert session().scalar(sa.select(sa.func.count()).select_from(ModelCorrection)) == 4


def test_a_published_lot_keeps_what_it_said(world: World) -> None:
    holder = world.holder()
    ids = imported(holder, file_of("SN1;Exemple;Boîte 3;Portable", "SN2;Exemple;Boîte 3;Portable"))
    lot = lots.draft_from_units(ids[:1], actor=holder.actor, site_id=holder.site_id)
    lots.set_conditions(lot.id, conditions(holder), actor=holder.actor)
    lots.publish_lot(lot.id, actor=holder.actor)
    [shown] = spellings.models(holder.organisation_id)
    assert (shown.units, shown.changeable) == (2, 1)
    count = services.correct_model(
        shown.model_id, kind="tablet", maker="Exemple", name="Ardoise 3", actor=holder.actor
    )
    assert count == 1
    assert held(holder) == {
        "SN1": ("laptop", "Exemple", "Boîte 3"), "SN2": ("tablet", "Exemple", "Ardoise 3"),
    }  # fmt: skip


def test_a_draft_follows_before_it_is_shown(world: World) -> None:
    holder = world.holder()
    ids = imported(holder, file_of("SN1;Exemple;Boîte 3;Portable", "SN2;Exemple;Boîte 3;Portable", LINES[1]))
    lot = lots.draft_from_units(ids, actor=holder.actor, site_id=holder.site_id)
    services.correct_model(
        id_of(holder, "Boîte 3"), kind="tablet", maker="Exemple", name="Ardoise 3", actor=holder.actor
    )
    lots.set_conditions(lot.id, conditions(holder), actor=holder.actor)
    lots.publish_lot(lot.id, actor=holder.actor)
    assert [(line.kind, line.label, line.declared) for line in lot_lines(lot.id)] == [
        ("tablet", "Exemple Ardoise 3", 2), ("laptop", "Lenovo ThinkPad T480", 1),
    ]  # fmt: skip


def test_who_may_and_what_is_refused(world: World) -> None:
    holder, other, workshop = world.holder(), world.public_holder(), world.reuse_actor()
    imported(holder, file_of(*LINES))
    imported(other, file_of(LINES[1]))
    model_id, foreign = id_of(holder, "Boîte 3"), id_of(other, "ThinkPad T480")
    good = {"kind": "laptop", "maker": "Exemple", "name": "Boîte 4"}
    grid = [
        (model_id, good, other, NotFound), (model_id, good, workshop, NotAllowed),
        (999_999, good, holder, NotFound), (model_id, good | {"kind": "toaster"}, holder, Invalid),
        (model_id, good | {"name": " "}, holder, Invalid), (model_id, good | {"maker": "x" * 81}, holder, Invalid),
    ]  # fmt: skip
    for chosen, values, who, refusal in grid:
        with pytest.raises(refusal):
            services.correct_model(chosen, **values, actor=who.actor)
    for chosen_ids in ([], [model_id], list(range(1, 60))):
        with pytest.raises(Invalid):
            services.merge_models(chosen_ids, into=model_id, actor=holder.actor)
    with pytest.raises(NotFound):
        services.merge_models([model_id], into=id_of(holder, "Machin") + 999, actor=holder.actor)
    assert foreign == id_of(
        holder, "ThinkPad T480"
    )  # models are shared rows, spellings are each holder's own
    services.correct_model(foreign, kind="laptop", maker="Lenovo", name="T480 à nous", actor=other.actor)
    assert held(holder)["SN2"] == ("laptop", "Lenovo", "ThinkPad T480")
    assert events("fleet.model-corrected") == 1
