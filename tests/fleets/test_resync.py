"""A second inventory: what changed is written, what is gone is answered, what is unsure is asked, in one act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.fleets import comparing, queries, services
from reuse_market.fleets.models import ImportRecord, InventoryImport
from reuse_market.fleets.services.discarding import Decision
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotCommitting, NotFound
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability import queries as journal
from reuse_market.units.models import STATES, Unit
from tests.fleets.conftest import imported, inventory, upload
from tests.lots.visiting import Visitor
from tests.support.world import Party, World


def judged(holder: Party, data: bytes) -> InventoryImport:
    return services.confirm_mapping(upload(holder, data).id, actor=holder.actor)


def units(holder: Party) -> dict[str, Unit]:
    db.release()
    statement = sa.select(Unit).where(Unit.owner_id == holder.organisation_id).order_by(Unit.id)
    return {unit.serial or f"#{unit.id}": unit for unit in db.session().scalars(statement)}


def told(holder: Party) -> list[tuple[str, Any, Any]]:
    """Type, units and facts of each event of the fleet after the first import."""
    events = journal.events_of_stream(f"fleet/{holder.organisation_id}", after=1)
    bodies = [journal.body(event) for event in events]
    return [(b["type"], sum(z - a + 1 for a, z in b["units"]), b["facts"]) for b in bodies]


def test_one_act_brings_in_changes_and_discards(world: World) -> None:
    """10 here; the file lacks 4, changes 2 and adds 1: 1 discarded, 1 still there, 2 unknown; 3 again later."""
    holder = world.holder()
    ids = imported(holder, inventory(10))
    data = inventory(6).replace(b"INV-1;8192", b"INV-91;16384").replace(b"INV-2;8192", b"INV-2;4096")
    row = judged(holder, data + b"\r\nNEW1;Dell Inc.;Latitude 5400;Portable;INV-N;8192")
    assert (row.good, row.known) == (1, 6)
    assert comparing.counts(row.id) == {"changed": 2, "gone": 4, "unsure": 0}
    gone = comparing.asked(row.id, "gone")
    assert [one.unit.serial for one in gone] == [f"SN{n:06d}" for n in range(6, 10)]
    each = {gone[0].record.id: "discarded", gone[1].record.id: "still_there"}
    services.answer_import(row.id, actor=holder.actor, each=each)
    services.apply_import(row.id, actor=holder.actor)
    here = units(holder)
    assert (here["SN000001"].asset_tag, here["SN000001"].ram_mb, here["SN000002"].ram_mb) == (
        "INV-91", 16384, 4096,
    )  # fmt: skip
    assert [here[f"SN{n:06d}"].state for n in range(5, 10)] == [
        "in_use", "discarded", "in_use", "in_use", "in_use",
    ]  # fmt: skip
    missed = {serial for serial, unit in here.items() if unit.missed_on == clock.today()}
    assert missed == {"SN000008", "SN000009"}
    acts = {event.act_id for event in journal.events_of_stream(f"fleet/{holder.organisation_id}", after=1)}
    assert len(acts) == 1
    assert [(kind, count) for kind, count, _ in told(holder)] == [
        ("fleet.imported", 1), ("fleet.resynced", 2), ("unit.discarded", 1),
    ]  # fmt: skip
    assert told(holder)[1][2] == {"fields": {"asset_tag": 1, "ram_mb": 2}}
    payloads = b"".join(e.payload for e in journal.events_of_stream(f"fleet/{holder.organisation_id}"))
    assert not any(text in payloads for text in (b"INV-", b"SN0", b"16384"))
    with clock.frozen(clock.now() + timedelta(days=30)):
        again = judged(holder, inventory(9))
        services.apply_import(again.id, actor=holder.actor)
        here = units(holder)
        assert here["SN000008"].missed_on is None
        assert here["SN000009"].missed_on == clock.today() - timedelta(days=30)
        assert here["NEW1"].missed_on == clock.today()
    assert queries.fleet_ids(holder.organisation_id, queries.FleetFilters(missed=True)) == [
        ids[9], here["NEW1"].id,
    ]  # fmt: skip
    assert reconcile() == []


def test_the_same_file_twice_changes_nothing_whatever_it_lacks(world: World) -> None:
    """Devices without serial, alike or not, with or without a number: known again, each once."""
    holder = world.holder()
    lines = [
        "Numéro de série;Fabricant;Modèle;Type;Numéro d'inventaire;Mémoire;Date d'achat",
        *[
            "X1;Dell;Latitude 5400;Portable;T1;8192;2021-05-04",
            ";Dell;P2419H;Écran;T2;;",
            ";Dell;P2419H;Écran;;;",
        ],
        *[";Dell;P2419H;Écran;;;"] * 3,
        "X2;;Latitude 5400;Portable;0042;;",
        ";HP;EliteDesk 800;Unité centrale;T9;;",
    ]
    data = "\r\n".join(lines).encode()
    imported(holder, data)
    before = {unit.id: unit.version for unit in units(holder).values()}
    assert len(before) == 8
    events = len(told(holder))
    row = judged(holder, data)
    assert (row.good, row.known) == (0, 8)
    assert comparing.counts(row.id) == {"changed": 0, "gone": 0, "unsure": 0}
    services.apply_import(row.id, actor=holder.actor)
    assert {unit.id: unit.version for unit in units(holder).values()} == before
    assert len(told(holder)) == events
    # One monitor more of those that nothing tells apart: one device more, and no other.
    more = judged(
        holder, data + "\r\n;Dell;P2419H;Écran;;;\r\n;HP;EliteDesk 800;Unité centrale;T9;16384;".encode()
    )
    assert (more.good, comparing.counts(more.id)["changed"]) == (2, 0)


DOUBTFUL = [  # here, in the file, why it is asked
    ("S1;Dell;Zeta 9;Portable;T1", "S1;;Zeta 9;Portable;T1", "other_maker"),
    ("S2;Dell;Latitude 5400;Portable;T2", "s 2;HP;Latitude 5400;Portable;", "other_maker"),
    ("S3;Dell;Latitude 5400;Portable;T3", "S3B;Dell;Latitude 5400;Portable;T3", "other_serial"),
    (";Dell;P2419H;Écran;T4", "S4;Dell;P2419H;Écran;T4", "no_serial"),
    ("S5;Dell;Latitude 5400;Portable;T5", ";Dell;Latitude 5400;Portable;T5", "no_serial"),
]
HEAD = "Numéro de série;Fabricant;Modèle;Type;Numéro d'inventaire"


@pytest.mark.parametrize("answer", ["same", "two", None])
def test_what_is_unsure_is_asked_and_merged_only_when_told(world: World, answer: str | None) -> None:
    holder = world.holder()
    ids = imported(holder, "\n".join([HEAD, *(here for here, _, _ in DOUBTFUL)]).encode())
    data = "\n".join([HEAD, *(there for _, there, _ in DOUBTFUL)]).encode()
    row = judged(holder, data)
    asked = comparing.asked(row.id, "unsure")
    by_unit = {one.unit.id: one.record.facts["why"] for one in asked}
    assert by_unit == {unit_id: why for unit_id, (_, _, why) in zip(ids, DOUBTFUL, strict=True)}
    assert comparing.counts(row.id)["gone"] == 0
    services.answer_import(row.id, actor=holder.actor, unsure=answer)
    services.apply_import(row.id, actor=holder.actor)
    states = queries.counts_by_state(holder.organisation_id)
    if answer != "same":
        assert states == {"in_use": 10}
        return
    assert states == {"in_use": 5, "merged": 5}
    db.release()
    kept = [db.session().get_one(Unit, unit_id) for unit_id in ids]
    assert [unit.serial for unit in kept] == ["S1", "s 2", "S3B", "S4", "S5"]
    assert [unit.missed_on for unit in kept] == [None] * 5
    again = judged(holder, data)
    assert (again.good, comparing.counts(again.id)) == (0, {"changed": 0, "gone": 0, "unsure": 0})
    assert reconcile() == []


STATES_OF_MERGE = {  # state → merged away, kept
    state: (state == "in_use", state in ("in_use", "discarded", "listed", "awarded")) for state in STATES
}


def test_who_merges_what(world: World) -> None:
    """State × actor, written out: only the holder who commits, only what is in use, into what is still here."""
    holder, other = world.holder(), world.holder("Autre Exemple")
    first, second, third = imported(holder, inventory(3))
    theirs = imported(other, inventory(1, first=50))[0]
    prepares = holder.actor.__class__(
        **{name: getattr(holder.actor, name) for name in holder.actor.__dataclass_fields__}
        | {"commits": False}
    )
    grid: list[tuple[Any, int, int, type[Exception] | None]] = [
        (other.actor, first, second, NotFound),
        (holder.actor, first, theirs, NotFound),
        (holder.actor, first, first, NotFound),
        (prepares, first, second, NotCommitting),
        (world.reuse_actor().actor, first, second, NotAllowed),
        (holder.actor, first, second, None),
        (holder.actor, first, second, Conflict),
        (holder.actor, second, third, Conflict),
    ]
    for actor, keep, away, refused in grid:
        if refused is None:
            services.merge_units(keep, away, actor=actor)
            continue
        with pytest.raises(refused):
            services.merge_units(keep, away, actor=actor)
    assert queries.counts_by_state(holder.organisation_id) == {"in_use": 2, "merged": 1}
    events = told(holder)
    assert [(kind, facts) for kind, _, facts in events][0] == ("unit.merged", {"into": first})
    services.discard_units([third], actor=holder.actor)
    with pytest.raises(Conflict):
        services.merge_units(first, third, actor=holder.actor)
    services.merge_units(third, first, actor=holder.actor)
    assert reconcile() == []


def test_who_answers_what(world: World) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    imported(holder, inventory(3))
    row = judged(holder, inventory(1))
    record = comparing.asked(row.id, "gone")[0].record.id
    prepares = holder.actor.__class__(
        **{name: getattr(holder.actor, name) for name in holder.actor.__dataclass_fields__}
        | {"commits": False}
    )
    with pytest.raises(NotFound):
        services.answer_import(row.id, actor=other.actor, gone="discarded")
    with pytest.raises(NotCommitting):
        services.answer_import(row.id, actor=prepares, gone="discarded")
    with pytest.raises(Invalid):
        services.answer_import(row.id, actor=holder.actor, gone="same")
    with pytest.raises(NotFound):
        services.answer_import(row.id, actor=holder.actor, each={record + 999: "unknown"})
    services.answer_import(row.id, actor=prepares, gone="still_there", each={record: "unknown"})
    services.answer_import(row.id, actor=holder.actor, gone="discarded", each={record: ""})
    services.apply_import(row.id, actor=holder.actor)
    assert queries.counts_by_state(holder.organisation_id) == {"in_use": 1, "discarded": 2}
    with pytest.raises(Conflict):
        services.answer_import(row.id, actor=holder.actor, gone="unknown")


def test_a_public_holder_discards_by_decision(world: World) -> None:
    town = world.public_holder()
    imported(town, inventory(3))
    row = judged(town, inventory(1))
    services.answer_import(row.id, actor=town.actor, gone="discarded")
    with pytest.raises(Invalid):
        services.apply_import(row.id, actor=town.actor)
    decision = Decision(clock.today(), "2026-41", "Conseil municipal")
    services.answer_import(row.id, actor=town.actor, decision=decision)
    services.apply_import(row.id, actor=town.actor)
    assert queries.counts_by_state(town.organisation_id) == {"in_use": 1, "discarded": 2}


def test_all_of_it_on_one_screen(world: World, app: Flask) -> None:
    holder = world.holder()
    imported(holder, inventory(12))
    data = inventory(4).replace(b"INV-1;8192", b"INV-91;16384") + b"\r\nSN000011;HP;EliteBook;Portable;;8192"
    import_id = judged(holder, data).id
    me = Visitor(app.test_client(), holder).open(f"/parc/importer/{import_id}/verifier")
    assert "1 appareil a changé" in me.text
    assert "INV-1 → INV-91" in me.text
    assert "7 appareils de votre parc ne sont pas dans ce fichier" in me.text
    assert "1 appareil est peut-être déjà là" in me.text
    db.release()
    records = {r.verdict: r.id for r in db.session().scalars(sa.select(ImportRecord)) if r.unit_id}
    me.press("Garder ces réponses", gone="discarded", **{f"each_{records['unsure']}": "same"})
    me.follow("Voir tous les appareils absents")
    assert "SN000010" in me.text
    me.press("Confirmer l’inventaire")
    assert queries.counts_by_state(holder.organisation_id) == {"in_use": 5, "discarded": 7, "merged": 1}
    again = judged(holder, inventory(2)).id
    services.apply_import(again, actor=holder.actor)
    me.open("/parc?missed=1")
    assert "pas vu depuis l’inventaire du" in me.text
    assert "SN000002" in me.text
    assert "SN000001" not in me.text


def test_doubles_are_shown_and_merged_on_their_page(world: World, app: Flask) -> None:
    holder = world.holder()
    imported(holder, inventory(3))
    imported(holder, b"N\xc2\xb0 de s\xc3\xa9rie;Fabricant;Type\nSN000001;HP;Portable")
    me = Visitor(app.test_client(), holder).open("/parc").follow("Chercher les doublons")
    assert "SN000001" in me.text
    assert "SN000002" not in me.text
    me.open(me.tree.xpath("//a[contains(@href, '/parc/doublons/')]/@href")[0]).press("Réunir les deux fiches")
    assert "Les deux fiches ne font plus qu’un appareil" in me.text
    assert "Aucun doublon dans votre parc" in me.text
    assert queries.counts_by_state(holder.organisation_id) == {"in_use": 3, "merged": 1}
