"""From a file to units: staging, verdicts, the act that brings them in, and doing it twice."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.equipment.models import Model
from reuse_market.fleets import queries, services
from reuse_market.fleets.models import ImportRecord
from reuse_market.fleets.queries import FleetFilters
from reuse_market.fleets.reading import Unreadable
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.traceability import queries as journal
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Unit
from tests.fleets.conftest import SAMPLE, imported, inventory, upload
from tests.support.races import together
from tests.support.world import World


def counts(row: object) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in ("good", "to_correct", "set_aside", "known"))


def units() -> int:
    return db.session().scalar(sa.select(sa.func.count()).select_from(Unit)) or 0


def test_the_sample_becomes_units_in_one_act(world: World) -> None:
    holder = world.holder()
    row = upload(holder)
    assert row.mapping is not None
    assert (row.state, row.format, row.mapping["remembered"]) == ("read", "glpi-csv", False)
    judged = services.confirm_mapping(row.id, actor=holder.actor)
    assert (judged.state, counts(judged)) == ("judged", (57, 1, 2, 0))
    ids = services.apply_import(row.id, actor=holder.actor)
    assert len(ids) == 57 == units()
    assert queries.imported_ids(row.id) == ids
    told = journal.events_of_stream(f"fleet/{holder.organisation_id}")
    assert [event.type for event in told] == ["fleet.imported"]
    facts = journal.body(told[0])["facts"]
    assert facts["file"] == "sha256:" + row.sha256
    assert facts["good"] == 57
    one = db.session().get(Unit, ids[0])
    assert one is not None
    assert (one.state, one.owner_id, one.site_id) == ("in_use", holder.organisation_id, holder.site_id)
    assert one.serial is not None
    assert verify_chains() == []


def test_no_serial_nor_text_of_the_file_enters_the_journal(world: World) -> None:
    holder = world.holder()
    imported(holder)
    payloads = b"".join(e.payload for e in journal.events_of_stream(f"fleet/{holder.organisation_id}"))
    serials = db.session().scalars(sa.select(Unit.serial).where(Unit.serial.is_not(None))).all()
    assert serials
    assert not any(str(serial).encode() in payloads for serial in serials)


def test_host_names_and_users_are_not_kept(world: World) -> None:
    row = services.confirm_mapping(upload(world.holder()).id, actor=world.holder().actor)
    kept = db.session().scalars(sa.select(ImportRecord.facts).where(ImportRecord.import_id == row.id)).all()
    assert "EXEMPLE-PC-" in SAMPLE.read_text(encoding="utf-8-sig")
    assert "usager0" in SAMPLE.read_text(encoding="utf-8-sig")
    assert not any(sign in json.dumps(kept) for sign in ("EXEMPLE-PC-", "usager0"))


def test_the_same_file_again_is_all_known_and_creates_nothing(world: World) -> None:
    holder = world.holder()
    imported(holder, inventory(40))
    again = upload(holder, inventory(40))
    assert again.mapping is not None
    assert again.mapping["remembered"] is True
    judged = services.confirm_mapping(again.id, actor=holder.actor)
    assert counts(judged) == (0, 0, 0, 40)
    assert services.apply_import(again.id, actor=holder.actor) == []
    assert units() == 40


def test_applying_twice_is_a_conflict(world: World) -> None:
    holder = world.holder()
    row = upload(holder)
    with pytest.raises(Conflict):
        services.apply_import(row.id, actor=holder.actor)
    services.confirm_mapping(row.id, actor=holder.actor)
    services.apply_import(row.id, actor=holder.actor)
    for verb in (services.apply_import, services.confirm_mapping, services.cancel_import):
        with pytest.raises(Conflict):
            verb(row.id, actor=holder.actor)
    assert units() == 57


def test_two_files_that_overlap_applied_at_once_share_no_device(world: World) -> None:
    holder = world.holder()
    rows = [upload(holder, inventory(30)), upload(holder, inventory(30, first=10))]
    ids = [row.id for row in rows]
    for import_id in ids:
        services.confirm_mapping(import_id, actor=holder.actor)
    outcomes = together(2, lambda n: services.apply_import(ids[n], actor=holder.actor))
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert units() == 40
    db.release()
    assert sum(counts(queries.get_import(i, holder.actor))[0] for i in ids) == 40
    assert verify_chains() == []


def test_changes_of_a_known_device_are_told(world: World) -> None:
    holder = world.holder()
    imported(holder, inventory(2))
    row = upload(holder, inventory(2).replace(b"INV-1;8192", b"INV-9;16384"))
    services.confirm_mapping(row.id, actor=holder.actor)
    changed = [record.facts["changes"] for record in queries.known_changed(row.id)]
    assert changed == [{"asset_tag": ["INV-1", "INV-9"], "ram_mb": [8192, 16384]}]


def test_a_column_may_be_given_another_meaning(world: World) -> None:
    holder = world.holder()
    row = upload(holder, inventory(3))
    assert row.mapping is not None
    targets = list(row.mapping["targets"])
    targets[targets.index("serial")] = "ignore"
    judged = services.confirm_mapping(row.id, targets, actor=holder.actor)
    ids = services.apply_import(judged.id, actor=holder.actor)
    assert set(db.session().scalars(sa.select(Unit.serial).where(Unit.id.in_(ids)))) == {None}
    twice = ["kind" if target == "model" else target for target in targets]
    again = upload(holder, inventory(4))
    with pytest.raises(Invalid) as refused:
        services.confirm_mapping(again.id, twice, actor=holder.actor)
    assert refused.value.field == "mapping"


def test_bad_rows_come_back_in_the_holders_format(world: World) -> None:
    holder = world.holder()
    row = services.confirm_mapping(upload(holder).id, actor=holder.actor)
    data, name = services.bad_rows(row, lambda reason: reason.in_english(), ("Row", "Reason"))
    lines = data.decode("utf-8-sig").splitlines()
    assert name == "parc-a-corriger.csv"
    assert len(lines) == 1 + row.to_correct + row.set_aside
    header = SAMPLE.read_text(encoding="utf-8-sig").splitlines()[0]
    assert lines[0].startswith(header)
    # Put right and sent again, they come in: the two added columns change nothing.
    problems = queries.problems(row.id)
    assert [record.verdict for record in problems] == ["to_correct", "set_aside", "set_aside"]


def test_a_sheet_in_a_site_of_that_name_goes_there(world: World) -> None:
    holder = world.holder()
    from reuse_market.accounts.services import save_site

    annex = save_site(
        holder.organisation_id,
        {"name": "Annexe", "postcode": "38000", "commune_name": "Grenoble"},
        actor=holder.actor,
    )
    data = (
        "Numéro de série;Modèle;Type;Lieu\n"
        "A1;Latitude 5400;Portable;ANNEXE > RDC\nA2;Latitude 5400;Portable;Ailleurs\n"
    )
    ids = imported(holder, data.encode())
    places = [
        unit.site_id
        for unit in db.session().scalars(sa.select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id))
    ]
    assert places == [annex.id, holder.site_id]


def test_somebody_elses_import_does_not_exist(world: World) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    row = upload(holder)
    for verb in (services.confirm_mapping, services.apply_import, services.cancel_import):
        with pytest.raises(NotFound):
            verb(row.id, actor=other.actor)
    with pytest.raises(NotAllowed):
        services.upload_inventory(b"x", "x.csv", actor=world.reuse_actor().actor, site_id=None)
    with pytest.raises(Invalid):
        services.upload_inventory(inventory(1), "x.csv", actor=other.actor, site_id=holder.site_id)


def test_a_file_that_is_no_inventory_leaves_nothing(world: World) -> None:
    with pytest.raises(Unreadable):
        upload(world.holder(), b"%PDF-1.7 not a table")
    assert queries.open_imports(world.holder().organisation_id) == []


def test_an_import_taken_up_again_then_given_up(world: World) -> None:
    holder = world.holder()
    row = upload(holder)
    assert upload(holder).id == row.id
    services.confirm_mapping(row.id, actor=holder.actor)
    services.cancel_import(row.id, actor=holder.actor)
    assert db.session().scalar(sa.select(sa.func.count()).select_from(ImportRecord)) == 0
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        assert files.delete_unreferenced(timedelta(0)) == 1
    assert upload(holder).id != row.id


def test_old_imports_are_forgotten(world: World) -> None:
    holder = world.holder()
    done, begun = upload(holder), upload(holder, inventory(2))
    done_id, begun_id, sha256 = done.id, begun.id, done.sha256
    services.confirm_mapping(done_id, actor=holder.actor)
    services.apply_import(done_id, actor=holder.actor)
    assert services.forget_old() == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert services.forget_old() == 2
        assert services.forget_old() == 0
        files.delete_unreferenced(timedelta(0))
    assert queries.problems(done_id) == []
    assert queries.get_import(begun_id, holder.actor).state == "cancelled"
    with pytest.raises(files.NotFound):
        files.get(sha256)


def test_ten_thousand_rows_in_a_few_seconds(world: World) -> None:
    holder = world.holder()
    begun = time.monotonic()
    ids = imported(holder, inventory(10_000))
    assert time.monotonic() - begun < 20
    assert len(set(ids)) == 10_000
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Model)) == 12
    [event] = journal.events_of_stream(f"fleet/{holder.organisation_id}")
    assert journal.body(event)["units"] == [[ids[0], ids[-1]]]


def test_the_fleet_list_is_narrowed(world: World) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    imported(holder)
    imported(other, inventory(3))
    mine = holder.organisation_id
    assert queries.count_fleet(mine, FleetFilters()) == 57
    assert queries.count_fleet(mine, FleetFilters(text="elitebook 840")) == 6
    assert {r.unit.kind for r in queries.fleet(mine, FleetFilters(kind="laptop"))} == {"laptop"}
    assert queries.count_fleet(mine, FleetFilters(state="discarded")) == 0
    assert queries.count_fleet(mine, FleetFilters(site_id=other.site_id)) == 0
    one = queries.fleet(mine, FleetFilters())[0].unit
    assert queries.fleet_ids(mine, FleetFilters(text=str(one.serial).lower())) == [one.id]
    assert queries.count_fleet(mine, FleetFilters(text="100%")) == 0


def test_discarding_and_its_annulment(world: World) -> None:
    holder, other = world.holder(), world.holder("Autre Exemple")
    ids = imported(holder, inventory(5))
    assert services.discard_units(ids[:3], actor=holder.actor) == 3
    with pytest.raises(Conflict):
        services.discard_units(ids, actor=holder.actor)
    with pytest.raises(NotFound):
        services.discard_units(ids[3:], actor=other.actor)
    with pytest.raises(Invalid):
        services.discard_units([], actor=holder.actor)
    assert services.annul_discard(ids[:1], actor=holder.actor) == 1
    assert queries.counts_by_state(holder.organisation_id) == {"in_use": 3, "discarded": 2}
    told = [e.type for e in journal.events_of_stream(f"fleet/{holder.organisation_id}")]
    assert told == ["fleet.imported", "unit.discarded", "unit.discard-annulled"]
