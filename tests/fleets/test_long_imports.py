"""Long imports: asked for, done by a job, told while they last, given up without leftovers, taken up after a crash."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.fleets import queries, services
from reuse_market.fleets.models import ImportRecord
from reuse_market.fleets.services import working
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability import queries as journal
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Unit
from tests.fleets.conftest import imported, inventory, upload
from tests.support.world import Party, World


def units() -> int:
    return db.session().scalar(sa.select(sa.func.count()).select_from(Unit)) or 0


def state(import_id: int, holder: Party) -> tuple[str, Any]:
    db.release()
    row = queries.get_import(import_id, holder.actor)
    return row.state, row.work


def test_judged_then_applied_by_the_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_EVERY", 0)
    told = []
    note = working._note
    monkeypatch.setattr(working, "_note", lambda *a, **k: (told.append((a[1:], k["writing"])), note(*a, **k)))
    holder = world.holder()
    row = upload(holder, inventory(2_500))
    import_id = row.id
    services.ask_judging(import_id, actor=holder.actor)
    assert state(import_id, holder)[0] == "judging"
    assert 2_000 < state(import_id, holder)[1]["of"] < 3_000
    for refused in (services.confirm_mapping, services.apply_import, services.ask_applying):
        with pytest.raises(Conflict):
            refused(import_id, actor=holder.actor)
    assert services.run_due() == 1
    assert state(import_id, holder) == ("judged", None)
    services.ask_applying(import_id, actor=holder.actor)
    assert services.run_due() == 1
    assert state(import_id, holder) == ("done", None)
    assert units() == 2_500 == len(queries.imported_ids(import_id))
    assert services.run_due() == 0
    assert (("judging", 2_000), False) in told
    assert (("applying", 2_500), True) in told
    [event] = journal.events_of_stream(f"fleet/{holder.organisation_id}")
    assert journal.persons_of([event.id]) == {event.id: holder.person_id}
    assert (verify_chains(), reconcile()) == ([], [])


def test_a_program_has_it_judged_and_applied_in_one_go(world: World) -> None:
    holder = world.holder()
    import_id = upload(holder, inventory(10)).id
    services.ask_judging(import_id, actor=holder.actor, then_apply=True)
    again = services.ask_judging(import_id, actor=holder.actor, then_apply=True)
    assert (again.id, again.state) == (import_id, "judging")
    assert upload(holder, inventory(10)).id == import_id  # the same file follows the same work
    assert services.run_due() == 1
    assert state(import_id, holder) == ("done", None)
    assert units() == 10


@pytest.mark.parametrize("step", ["judging", "applying"])
def test_given_up_while_it_is_worked_on_it_leaves_nothing(
    step: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "_EVERY", 0)
    holder = world.holder()
    row = upload(holder, inventory(1_500))
    import_id, sha256 = row.id, row.sha256
    if step == "applying":
        services.confirm_mapping(import_id, actor=holder.actor)
        services.ask_applying(import_id, actor=holder.actor)
    else:
        services.ask_judging(import_id, actor=holder.actor)
    tell = working.Progress.tell

    def given_up_at_a_thousand(self: working.Progress, **writing: bool) -> None:
        if self.rows == 1_000:
            services.cancel_import(import_id, actor=holder.actor)
        tell(self, **writing)

    monkeypatch.setattr(working.Progress, "tell", given_up_at_a_thousand)
    services.run_due()
    assert state(import_id, holder)[0] == "cancelled"
    assert (units(), db.session().scalar(sa.select(sa.func.count()).select_from(ImportRecord))) == (0, 0)
    assert journal.events_of_stream(f"fleet/{holder.organisation_id}") == []
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        files.delete_unreferenced(timedelta(0))
    with pytest.raises(files.NotFound):
        files.get(sha256)


def test_a_worker_that_dies_while_writing_leaves_nothing_and_another_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = world.holder()
    import_id = upload(holder, inventory(6_000)).id
    services.confirm_mapping(import_id, actor=holder.actor)
    services.ask_applying(import_id, actor=holder.actor)

    def dies(_self: working.Progress, written: int) -> None:
        if written:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(working.Progress, "between", dies)
        with pytest.raises(KeyboardInterrupt):
            services.run_due()
    assert (state(import_id, holder)[0], units()) == ("applying", 0)
    assert services.run_due() == 0  # until its lease is over it is the dead one's
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        assert services.run_due() == 1
    assert (state(import_id, holder)[0], units()) == ("done", 6_000)
    assert (verify_chains(), reconcile()) == ([], [])


def test_what_fails_goes_back_to_its_person_with_the_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = world.holder()
    import_id = upload(holder, inventory(5)).id
    with pytest.raises(Invalid):
        services.ask_judging(import_id, ["ignore"] * 6, actor=holder.actor)
    services.ask_judging(import_id, actor=holder.actor)

    def fails(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(working, "_judge", fails)
    for minute in range(0, 8, 2):
        with clock.frozen(clock.now() + timedelta(minutes=minute)):
            services.run_due()
    assert state(import_id, holder)[0] == "read"
    assert state(import_id, holder)[1]["error"]["code"] == "failed"


def test_the_same_file_twice_writes_no_event_and_a_shuffled_one_tells_exactly_what_changed(
    world: World,
) -> None:
    holder = world.holder()
    imported(holder, inventory(1_200))
    imported(holder, inventory(1_200))
    assert len(journal.events_of_stream(f"fleet/{holder.organisation_id}")) == 1
    header, *lines = inventory(1_200).decode("cp1252").split("\r\n")
    lines = [line.replace("INV-7;", "NEW-7;") for line in reversed(lines)][:-3]
    row = services.confirm_mapping(
        upload(holder, "\r\n".join([header, *lines]).encode("cp1252")).id, actor=holder.actor
    )
    assert (row.good, row.known, (row.mapping or {})["gone"]) == (0, 1_197, 3)
    kept = sa.select(ImportRecord.verdict, ImportRecord.facts).where(ImportRecord.import_id == row.id)
    told = sorted((verdict, facts["serial"]) for verdict, facts in db.session().execute(kept))
    assert told == [("gone", "SN000000"), ("gone", "SN000001"), ("gone", "SN000002"), ("known", "SN000007")]
    assert services.apply_import(row.id, actor=holder.actor) == []
    assert units() == 1_200
    assert (verify_chains(), reconcile()) == ([], [])


def test_a_unit_finds_its_event_in_a_range_and_a_range_altered_is_seen(world: World) -> None:
    holder = world.holder()
    ids = imported(holder, inventory(2_000))
    [event] = journal.events_of_unit(ids[1_234])
    assert journal.told_of_stream(event.stream)[0].units == 2_000
    assert journal.events_of_unit(ids[-1] + 1) == []
    changed = sa.text("UPDATE event_range SET last = last + 1")

    @db.command
    def alter() -> None:
        db.session().execute(changed)

    alter()
    assert [fault.rule for fault in verify_chains()] == ["journal.pairs"]
