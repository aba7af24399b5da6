"""The service checks itself: nothing found is published, something found raises the alarm once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, NotAllowed
from reuse_market.notices.models import Message
from reuse_market.proofs.auditing import checking, queries, services
from reuse_market.proofs.models import SelfAudit
from reuse_market.traceability import checkpoints, keys, log
from reuse_market.traceability.models import Event
from tests.journeys.crawl import sign_in
from tests.support.lives import Life
from tests.support.tampering import disarm
from tests.support.world import PASSWORD, World

ROOT = "/api/v1/self-audits"


@db.command
def behind_its_back(*statements: str) -> None:
    """Raw SQL, committed, the triggers gone."""
    disarm()
    for statement in statements:
        session().execute(sa.text(statement))


def mails(template: str) -> list[str]:
    """Who was written to, oldest first."""
    rows = sa.select(Message.to_address).where(Message.template == template).order_by(Message.id)
    return list(session().scalars(rows))


def audited() -> SelfAudit:
    """The night's work, now; what it found."""
    assert services.run_due() == 1
    found = queries.last()
    assert found is not None
    return found


def test_found_published_and_told_once(app: Flask, client: FlaskClient, life: Life) -> None:
    """Five nights: all well; a fault; the same fault; one more; mended. Then one on demand."""
    world = World.begin()
    operator, admin = world.operator(), world.party("Administration Exemple", "administrator")
    checkpoints.make()
    db.release()
    assert "Aucun autocontrôle" in client.get("/journal").text
    start = clock.at_paris(clock.today(), 12)
    nights = iter(start + timedelta(days=n) for n in range(6))
    unit = life.unit_in("in_use")
    acts: tuple[tuple[tuple[str, ...], set[str], int], ...] = (
        ((), set(), 0),
        ((f"UPDATE unit SET state = 'discarded' WHERE id = {unit}",), {"replay.unit"}, 2),
        ((), {"replay.unit"}, 2),
        (("UPDATE lot_line SET declared = declared + 1 WHERE id = 1",), {"replay.unit", "lot.balance"}, 4),
        (
            (f"UPDATE unit SET state = 'in_use' WHERE id = {unit}",
             "UPDATE lot_line SET declared = declared - 1 WHERE id = 1"), set(), 4,
        ),
    )  # fmt: skip
    for statements, rules, told in acts:
        if statements:
            behind_its_back(*statements)
        with clock.frozen(next(nights)):
            found = audited()
            assert {rule for rule, _ in queries.rules(found.id)} == rules
            assert found.faults == len(rules)
            assert len(mails("audit_failed")) == told, rules
            assert (queries.alarm() is not None) == bool(rules)
            assert (found.size, found.root) == (log.size(), log.root(log.size()).hex())
            assert found.checked["events"] == session().scalar(sa.select(sa.func.count(Event.id)))
            assert services.run_due() == 0  # once a night
    assert set(mails("audit_failed")) == {operator.email, admin.email}
    with pytest.raises(NotAllowed):
        services.ask_audit(actor=life.holder.actor)
    visitor = sign_in(app, operator.email, PASSWORD)
    page = visitor.get("/journal/controles").text
    assert "Tout contrôler maintenant" in page
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    sent = {"data": {"csrf_token": token}, "headers": {"Origin": "http://localhost"}}
    assert visitor.post("/journal/controles", **sent).status_code == 302
    assert visitor.post("/journal/controles", **sent).status_code == 409
    with pytest.raises(Conflict):
        services.ask_audit(actor=operator.actor)
    db.release()
    assert "commence dans quelques secondes" in visitor.get("/journal/controles").text
    with clock.frozen(next(nights) - timedelta(hours=12)):
        assert audited().reason == "asked"
    db.release()
    _published(app, client, operator.email)


def _published(app: Flask, client: FlaskClient, operator: str) -> None:
    """What each reader gets of six self-audits, the last one clean."""
    listed = client.get(ROOT).json["items"]
    assert [one["faults"] for one in listed] == [0, 0, 2, 1, 1, 0]
    worst = listed[2]["id"]
    assert client.get(f"{ROOT}/{worst}").json["faults"] == 2
    assert client.get(f"{ROOT}?limit=1").json["next"] == str(listed[0]["id"])
    for path, said in (("/journal", "Autocontrôle"), ("/journal/controles", "2 anomalies")):
        page = client.get(path).text
        assert said in page
        assert "rien d’anormal" in page
        assert "replay.unit" not in page
    overseer = sign_in(app, operator, PASSWORD)
    full = overseer.get(f"/journal/controles/{worst}").text
    assert "La base ne contient pas ce que dit le journal" in full, "a rule is said in words, beside its code"
    assert "replay.unit" in full
    assert "lot.balance" in full
    assert client.get(f"/journal/controles/{worst}").status_code == 302
    assert client.get(f"{ROOT}/{worst}/faults").status_code == 401
    assert overseer.get("/journal/controles/9999").status_code == 404


def test_a_refused_checkpoint_raises_the_same_alarm(app: Flask, life: Life) -> None:
    world = World.begin()
    operator = world.operator()
    assert services.tell_refusal() == 0
    checkpoints.make()
    kept = keys.kept(log.first())
    assert kept is not None
    keys.keep(log.first(), keys.Kept(kept.size + 5, "ab" * 32, kept.note))
    with pytest.raises(checkpoints.Inconsistent):
        checkpoints.make()
    assert [services.tell_refusal(), services.tell_refusal()] == [1, 0]
    with clock.frozen(clock.at_paris(clock.today(), 12)):
        assert {rule for rule, _ in queries.rules(audited().id)} == {"log.refused", "log.kept"}
    assert mails("checkpoint_refused") == [operator.email]
    db.release()
    console = sign_in(app, operator.email, PASSWORD).get("/console").text
    for words in ("Le journal a besoin de vous", "Les points de contrôle ne sont plus signés",
                  "L’autocontrôle a trouvé une anomalie"):  # fmt: skip
        assert words in console


def test_what_breaks_off_says_so_and_a_dead_one_is_begun_again(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = World.begin().operator()
    checkpoints.make()
    noon = clock.at_paris(clock.today(), 12)
    steps = checking.STEPS

    def breaks() -> list[object]:
        raise RuntimeError("the disk is full")

    with clock.frozen(noon):
        services.ask_audit(actor=operator.actor)
        monkeypatch.setattr(checking, "STEPS", (*steps[:1], ("breaks", breaks)))
        found = audited()
    assert (found.broke, found.under_way) == ("RuntimeError", None)
    assert queries.alarm() is not None
    assert mails("audit_failed") == [operator.email]
    monkeypatch.setattr(checking, "STEPS", steps)
    with clock.frozen(noon + timedelta(hours=1)):
        asked = services.ask_audit(actor=operator.actor).id
        assert services._take() == asked
        assert services._take() is None  # it runs elsewhere
    with clock.frozen(noon + timedelta(hours=1) + services.DEAD + timedelta(minutes=1)):
        assert audited().id == asked
    assert queries.alarm() is None
