"""Delivery against a real server: once each, retried, given up, safe against crashes and rivals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices import jobs, queries, services
from reuse_market.notices.models import Message
from tests.notices.conftest import MailServer, configure, free_port, queue


def row(message_id: int) -> Message:
    db.release()
    message = queries.get(message_id)
    assert message is not None
    return message


@contextmanager
def later(**delta: float) -> Iterator[None]:
    with clock.frozen(clock.now() + timedelta(**delta)):
        yield


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mail_arrives_whole(outbox: MailServer, language: str) -> None:
    message_id = queue(language=language)
    assert jobs.deliver_due() == 1
    (mail,) = outbox.got
    assert outbox.recipients == [["zoe@example.org"]]
    assert mail["To"] == "zoe@example.org"
    assert mail["From"] == "Parc commun – réemploi <ne-pas-repondre@parc-commun.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Content-Language"] == language
    sent = row(message_id)
    assert mail["Message-ID"] == sent.message_id
    assert sent.message_id.endswith("@parc-commun.example>")
    assert mail["Subject"] == sent.subject
    text, html = (mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    assert (text, html) == (sent.text, sent.html)
    assert ("Bonjour," in text) == (language == "fr")
    assert (sent.state, sent.tries, sent.last_error, sent.lease) == ("sent", 1, "", None)
    assert sent.sent_at is not None
    assert jobs.deliver_due() == 0
    assert len(outbox.got) == 1


def test_a_mail_that_cannot_be_written_is_given_up_and_stops_nobody(outbox: MailServer) -> None:
    """A fact its template misses: the administrator sees it and tries again once it is mended; the others leave."""

    @db.command
    def change(facts: dict) -> None:
        db.session().get_one(Message, broken).facts = facts

    broken, whole = queue(), row(queue("lea@example.org")).id
    facts = row(broken).facts
    change({"units": 1})
    assert (row(broken).subject, row(broken).text) == ("claim_received", "")  # a page that lists it stands
    assert jobs.deliver_due() == 1
    assert (row(broken).state, row(whole).state) == ("failed", "sent")
    assert row(broken).last_error.startswith("UndefinedError: ")
    change(facts)
    services.retry(broken, actor=Actor(roles=frozenset({"administrator"})))
    assert jobs.deliver_due() == 1
    assert row(broken).text == row(whole).text
    change({"units": 1})
    assert "12" in row(broken).text  # what has left is kept as it left


def test_nothing_leaves_of_a_rolled_back_verb(outbox: MailServer) -> None:
    @db.command
    def fails() -> None:
        queue()
        assert outbox.got == []
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert jobs.deliver_due() == 0
    assert outbox.got == []


def test_a_server_down_is_retried_later_and_spares_the_others(outbox: MailServer) -> None:
    outbox.stop()
    first, second = queue(), queue("lea@example.org")
    assert jobs.deliver_due() == 0
    assert (row(first).state, row(first).tries) == ("queued", 1)
    assert "refused" in row(first).last_error.lower()
    assert row(first).lease is None
    assert row(second).tries == 0
    assert [each.id for each in queries.undelivered()] == [first]
    outbox.start()
    assert jobs.deliver_due() == 1, "the first waits its minute"
    with later(seconds=61):
        assert jobs.deliver_due() == 1
    assert [mail["To"] for mail in outbox.got] == ["lea@example.org", "zoe@example.org"]
    assert queries.undelivered() == []


def test_back_off_grows_then_the_message_is_given_up(outbox: MailServer) -> None:
    outbox.answers["RCPT"] = "451 4.3.0 try later"
    message_id, start, waits = queue(), clock.now(), []
    with clock.frozen(start):
        for _ in range(jobs.TRIES - 1):
            with clock.frozen(row(message_id).next_try_at):
                before = clock.now()
                jobs.deliver_due()
                waits.append((row(message_id).next_try_at - before) // timedelta(minutes=1))
    assert waits == [1, 5, 30, 120, 240, 480, 960]
    assert row(message_id).state == "queued"
    with clock.frozen(row(message_id).next_try_at - timedelta(milliseconds=1)):
        jobs.deliver_due()
        assert row(message_id).tries == 7, "not a moment too early"
    with clock.frozen(row(message_id).next_try_at):
        jobs.deliver_due()
    given_up = row(message_id)
    assert (given_up.state, given_up.tries, given_up.last_error) == ("failed", 8, "451 4.3.0 try later")
    assert [each.id for each in queries.undelivered()] == [message_id]


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_a_final_refusal_fails_at_once_and_the_next_mail_leaves(outbox: MailServer, stage: str) -> None:
    outbox.answers[stage] = "550 5.1.1 no such person"
    refused = queue()
    jobs.deliver_due()
    assert (row(refused).state, row(refused).last_error) == ("failed", "550 5.1.1 no such person")
    outbox.answers.clear()
    queue("lea@example.org")
    assert jobs.deliver_due() == 1
    assert [mail["To"] for mail in outbox.got] == ["lea@example.org"]
    assert row(refused).tries == 1


def test_one_refusal_in_a_round_does_not_stop_it(outbox: MailServer) -> None:
    outbox.answers["DATA"] = "552 too big"
    first = queue()
    jobs.deliver_due()
    outbox.answers.clear()
    services.retry(first, actor=Actor(roles=frozenset({"administrator"})))
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        odd = queue("zoé@example.org")  # this server has no SMTPUTF8
        queue("lea@example.org")
        assert jobs.deliver_due() == 2
    assert [mail["To"] for mail in outbox.got] == ["zoe@example.org", "lea@example.org"]
    assert row(odd).state == "failed"


def test_our_own_sign_in_refused_is_no_fault_of_the_mail(outbox: MailServer) -> None:
    configure(f"smtp://user:secret@127.0.0.1:{outbox.port}")  # the server offers no sign-in
    message_id = queue()
    jobs.deliver_due()
    assert row(message_id).state == "queued"
    assert "secret" not in row(message_id).last_error
    configure(f"smtp://127.0.0.1:{outbox.port}")
    outbox.answers["RCPT"] = "530 5.7.0 sign in first"
    with later(minutes=2):
        jobs.deliver_due()
    assert (row(message_id).state, row(message_id).tries) == ("queued", 2)
    outbox.answers.clear()
    configure(f"smtp://127.0.0.1:{outbox.port}?starttls=1")
    with later(minutes=20):
        jobs.deliver_due()
    assert (row(message_id).state, outbox.got) == ("queued", [])


def test_workers_at_once_send_each_message_once(outbox: MailServer) -> None:
    ids = [queue(f"person{n}@example.org") for n in range(40)]
    counts: list[int] = []

    def work() -> None:
        with db.scope():
            counts.append(jobs.deliver_due(limit=100))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 40
    assert sorted(mail["To"] for mail in outbox.got) == sorted(f"person{n}@example.org" for n in range(40))
    assert {row(each).tries for each in ids} == {1}


def test_an_attempt_under_way_is_not_started_again(outbox: MailServer) -> None:
    outbox.hold = threading.Event()
    message_id = queue()

    def work() -> None:
        with db.scope():
            jobs.deliver_due()

    slow = threading.Thread(target=work)
    slow.start()
    assert outbox.arrived.wait(10)
    assert jobs.deliver_due() == 0
    outbox.hold.set()
    slow.join()
    assert len(outbox.got) == 1
    assert (row(message_id).state, row(message_id).tries) == ("sent", 1)


def test_a_dead_workers_message_goes_when_its_lease_ends(outbox: MailServer) -> None:
    message_id = queue()
    dead = jobs._take()
    assert dead is not None
    with later(minutes=9):
        assert jobs.deliver_due() == 0
    with later(minutes=11):
        assert jobs.deliver_due() == 1
        jobs._settle(dead, jobs.Outcome("refused", "550 late answer of the dead"))
    assert (row(message_id).state, row(message_id).tries, row(message_id).last_error) == ("sent", 2, "")


def test_the_demo_keeps_mails_for_its_page(outbox: MailServer) -> None:
    configure("page:")
    ids = [queue(), queue("Lea@Example.org"), queue()]
    assert jobs.deliver_due(limit=2) == 2
    assert jobs.deliver_due() == 1
    assert outbox.got == []
    assert {row(each).state for each in ids} == {"kept"}
    assert [each.id for each in queries.messages()] == ids[::-1]
    assert [each.id for each in queries.messages(limit=1, offset=1)] == [ids[1]]
    assert [each.id for each in queries.messages(address=" lea@example.org")] == [ids[1]]
    assert [each.id for each in queries.about("claim/DEM-2026-0001")] == ids[::-1]
    assert queries.about("claim/DEM-2026-0002") == []


def test_an_administrator_tries_again(outbox: MailServer) -> None:
    outbox.answers["RCPT"] = "550 no"
    message_id = queue()
    jobs.deliver_due()
    outbox.answers.clear()
    with pytest.raises(NotAllowed):
        services.retry(message_id, actor=Actor(roles=frozenset({"holder"})))
    admin = Actor(roles=frozenset({"administrator"}))
    assert services.retry(message_id, actor=admin).tries == 0
    with pytest.raises(Conflict):
        services.retry(message_id, actor=admin)
    with pytest.raises(NotFound):
        services.retry(10_000, actor=SYSTEM)
    assert jobs.deliver_due() == 1
    assert row(message_id).state == "sent"


def test_forgetting_and_purging(outbox: MailServer) -> None:
    sent = queue()
    jobs.deliver_due()
    with later(days=1):
        waiting, forgotten = queue("lea@example.org"), queue("Max@example.org")
    assert services.forget("max@example.org ") == 1
    assert services.purge(clock.now() - timedelta(days=1)) == 0
    assert services.purge(clock.now() + timedelta(days=2)) == 1
    db.release()
    assert [queries.get(each) is None for each in (sent, waiting, forgotten)] == [True, False, True]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zoe",
        "zoe@",
        "a@b.fr,c@d.fr",
        "a@b.fr\nBcc: c@d.fr",
        "Zoé <a@b.fr>",
        "a b@c.fr",
        "a@b@c.fr",
        "a@" + "b" * 260,
    ],
)
def test_one_address_and_nothing_else(outbox: MailServer, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        queue(address)
    assert refused.value.field == "email"


def test_no_server_at_all(outbox: MailServer) -> None:
    configure(f"smtps://127.0.0.1:{free_port()}")
    message_id = queue()
    assert jobs.deliver_due() == 0
    assert row(message_id).state == "queued"
