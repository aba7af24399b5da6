"""Verbs of reservations: what they change, what they refuse, what the journal keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from reuse_market.accounts.signatures import current_code
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.documents import queries as documents
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import handing, jobs, queries, services
from reuse_market.reservations.models import Reservation
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Engagement, Unit
from tests.support.world import World, ready_units

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def key(world: World) -> str:
    """The key of a group of five laptops of the Atelier, on two lots."""
    ready_units(world.reuse_actor(), 3, stream="lot/LOT-2026-9001")
    ready_units(world.reuse_actor(), 2, stream="lot/LOT-2026-9002")
    [group] = catalogue.groups(Filters(), world.buyer().actor)
    return group.key


@pytest.fixture(autouse=True)
def _sound(world: World):
    """Every invariant holds after each test."""
    yield
    db.release()
    assert reconcile() == []
    assert verify_chains() == []


def _states() -> dict[str, int]:
    db.release()
    return dict(db.session().execute(sa.select(Unit.state, sa.func.count()).group_by(Unit.state)).all())


def test_reserving_holds_units_of_two_lots_in_one_act(world: World, key: str) -> None:
    with clock.frozen(clock.now()):
        made = services.place_reservation(
            key, 4, actor=world.buyer().actor, order_number=" BC-1 ", delivery="deliver", note="Merci"
        )
        assert made.until == clock.in_days(10)
    assert (made.state, made.units, made.price_cents, made.order_number) == ("placed", 4, 15_000, "BC-1")
    assert _states() == {"held": 4, "ready": 1}
    statement = sa.select(Event).where(Event.type == "reservation.placed").order_by(Event.stream)
    events = db.session().scalars(statement).all()
    assert [e.stream for e in events] == ["lot/LOT-2026-9001", "lot/LOT-2026-9002"]
    assert len({e.act_id for e in events}) == 1
    assert b"Merci" not in b"".join(e.payload for e in events)
    assert {e.organisation_id for e in events} == {world.buyer().organisation_id}


def test_more_than_there_is_says_how_many_are_left(world: World, key: str) -> None:
    services.place_reservation(key, 3, actor=world.buyer().actor)
    with pytest.raises(Conflict) as refusal:
        services.place_reservation(key, 3, actor=world.recipient().actor)
    assert refusal.value.params == {"left": 2}
    assert _states() == {"held": 3, "ready": 2}
    services.place_reservation(key, 2, actor=world.recipient().actor)
    with pytest.raises(Conflict) as gone:  # it was there: not the same as a group that never was
        services.place_reservation(key, 1, actor=world.recipient().actor)
    assert gone.value.code == "group-gone"


@pytest.mark.parametrize("count", [0, -1, 501])
def test_a_number_out_of_bounds_is_refused(world: World, key: str, count: int) -> None:
    with pytest.raises(Invalid) as refusal:
        services.place_reservation(key, count, actor=world.buyer().actor)
    assert refusal.value.field == "units"


def test_what_else_is_refused(world: World, key: str) -> None:
    seller = world.reuse_actor()
    for party in (seller, world.holder(), world.operator()):
        with pytest.raises(NotAllowed):
            services.place_reservation(key, 1, actor=party.actor)
    with pytest.raises(NotFound):
        services.place_reservation("0" * 16, 1, actor=world.buyer().actor)
    with pytest.raises(Invalid):
        services.place_reservation(key, 1, actor=world.buyer().actor, delivery="drone")
    both = world.party("Les deux Exemple", "reuse_actor", "buyer")
    ready_units(both, 1, model="Le mien")
    mine = next(g.key for g in catalogue.groups(Filters(), both.actor) if g.model == "Le mien")
    with pytest.raises(Invalid):
        services.place_reservation(mine, 1, actor=both.actor)


def test_what_is_kept_for_associations_is_for_them(world: World) -> None:
    ready_units(world.reuse_actor(), 2, open_to="recipients")
    [group] = catalogue.groups(Filters(), world.recipient().actor)
    with pytest.raises(Conflict) as kept:
        services.place_reservation(group.key, 1, actor=world.buyer().actor)
    assert kept.value.code == "fairness.kept-for-recipients"
    assert services.place_reservation(group.key, 1, actor=world.recipient().actor).state == "placed"


def test_the_same_form_acts_once(world: World, key: str) -> None:
    first = services.place_reservation(key, 2, actor=world.buyer().actor, once="a" * 32).reference
    assert services.place_reservation(key, 2, actor=world.buyer().actor, once="a" * 32).reference == first
    assert _states() == {"held": 2, "ready": 3}
    with pytest.raises(Conflict):  # somebody else's form: neither shown nor done
        services.place_reservation(key, 2, actor=world.recipient().actor, once="a" * 32)


def test_signing_on_ones_account_passes_owner_and_custody(world: World, key: str) -> None:
    buyer, seller = world.buyer(), world.reuse_actor()
    reference = services.place_reservation(key, 4, actor=buyer.actor).reference
    services.confirm_reservation(reference, actor=seller.actor)
    with pytest.raises(Invalid) as refusal:
        services.sign_as_beneficiary(reference, actor=buyer.actor, name="  ")
    assert refusal.value.field == "name"
    services.sign_as_beneficiary(reference, actor=buyer.actor, name=" Camille   Exemple ")
    found = queries.find(reference)
    assert (found.state, found.signer_name) == ("provided", "Camille Exemple")
    held = sa.select(Engagement.unit_id).where(Engagement.reference == reference)
    units = db.session().scalars(sa.select(Unit).where(Unit.id.in_(held))).all()
    assert {(u.state, u.owner_id, u.custodian_id, u.site_id) for u in units} == {
        ("provided", buyer.organisation_id, buyer.organisation_id, buyer.site_id)
    }
    [paper] = documents.of(f"reservation/{reference}")
    assert {r.organisation_id for r in paper.readers} == {buyer.organisation_id, seller.organisation_id}
    assert "signed_at" not in paper.facts["giver"]  # the seller signed nothing
    assert paper.facts["receiver"]["how"] == "account"
    payloads = b"".join(db.session().scalars(sa.select(Event.payload)))
    assert b"Camille" not in payloads


def test_signing_with_the_code(world: World, key: str) -> None:
    buyer, seller = world.buyer(), world.reuse_actor()
    reference = services.place_reservation(key, 1, actor=buyer.actor).reference
    services.confirm_reservation(reference, actor=seller.actor)
    code = current_code(f"reservation/{reference}").code
    wrong = "0000" if code != "0000" else "1111"
    with pytest.raises(Invalid) as refusal:
        services.sign_with_code(reference, "", wrong, actor=seller.actor)
    assert refusal.value.field == "name"
    assert current_code(f"reservation/{reference}").tries_left == 5  # no try is used up for a missing name
    for left in (4, 3, 2, 1):
        with pytest.raises(Invalid) as refusal:
            services.sign_with_code(reference, "Camille Exemple", wrong, actor=seller.actor)
        assert refusal.value.params["left"] == left
    with pytest.raises(Conflict):
        services.sign_with_code(reference, "Camille Exemple", wrong, actor=seller.actor)
    with pytest.raises(Conflict):  # the good one no longer works
        services.sign_with_code(reference, "Camille Exemple", code, actor=seller.actor)
    assert queries.find(reference).state == "confirmed"
    services.renew_code(reference, actor=buyer.actor)
    fresh = current_code(f"reservation/{reference}").code
    services.sign_with_code(reference, "Camille Exemple", fresh, actor=seller.actor)
    assert queries.find(reference).state == "provided"
    [paper] = documents.of(f"reservation/{reference}")
    assert paper.facts["giver"]["signed_at"] == paper.facts["receiver"]["signed_at"]
    assert paper.facts["receiver"]["name"] == "Camille Exemple"
    assert paper.facts["receiver"]["how"] == "code"
    assert current_code(f"reservation/{reference}") is None  # it signs once
    with pytest.raises(Conflict):
        services.sign_with_code(reference, "Camille Exemple", fresh, actor=seller.actor)


def test_a_failed_signature_spends_nothing(world: World, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything or nothing: were the paper impossible, the code, the units and the state stay."""
    buyer, seller = world.buyer(), world.reuse_actor()
    reference = services.place_reservation(key, 2, actor=buyer.actor).reference
    services.confirm_reservation(reference, actor=seller.actor)
    code = current_code(f"reservation/{reference}").code

    def no_paper(*_: object, **__: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(handing.documents, "issue", no_paper)
        with pytest.raises(OSError, match="no space"):
            services.sign_with_code(reference, "Camille Exemple", code, actor=seller.actor)
    assert queries.find(reference).state == "confirmed"
    assert _states() == {"held": 2, "ready": 3}
    services.sign_with_code(reference, "Camille Exemple", code, actor=seller.actor)


def test_release_gives_the_units_back(world: World, key: str) -> None:
    buyer, seller = world.buyer(), world.reuse_actor()
    reference = services.place_reservation(key, 5, actor=buyer.actor).reference
    assert catalogue.group(key, buyer.actor) is None
    with pytest.raises(Invalid) as refusal:
        services.release_reservation(reference, actor=seller.actor, reason="  ")
    assert refusal.value.field == "reason"
    services.release_reservation(reference, actor=seller.actor, reason="Écran fissuré")
    assert catalogue.group(key, buyer.actor).units == 5
    assert queries.find(reference).reason == "Écran fissuré"
    assert queries.held_units(reference) == []  # whoever holds them next is not shown to the former
    assert services.place_reservation(key, 5, actor=world.recipient().actor).state == "placed"


def test_the_beneficiary_needs_no_reason(world: World, key: str) -> None:
    reference = services.place_reservation(key, 1, actor=world.buyer().actor).reference
    assert services.release_reservation(reference, actor=world.buyer().actor).state == "released"


def test_expiry_by_the_civil_date_of_paris(world: World) -> None:
    with clock.frozen(MORNING):
        buyer, seller = world.buyer(), world.reuse_actor()
        ready_units(seller, 4)
        [group] = catalogue.groups(Filters(), buyer.actor)
        placed = services.place_reservation(group.key, 1, actor=buyer.actor)
        assert placed.until.isoformat() == "2026-03-12"
        placed_ref = placed.reference
        confirmed = services.place_reservation(group.key, 1, actor=buyer.actor).reference
        services.confirm_reservation(confirmed, actor=seller.actor)
        prepared = services.place_reservation(group.key, 1, actor=buyer.actor).reference
        services.confirm_reservation(prepared, actor=seller.actor)
        services.prepare_reservation(prepared, actor=seller.actor)
    with clock.frozen(datetime(2026, 3, 12, 22, 59, tzinfo=UTC)):  # 23:59 in Paris, still the last day
        assert queries.due() == []
        assert jobs.expire_due() == 0
        with pytest.raises(Conflict):
            services.expire_reservation(queries.find(placed_ref).id)
    with clock.frozen(datetime(2026, 3, 12, 23, 0, tzinfo=UTC)):  # midnight in Paris
        assert jobs.expire_due() == 2
        assert jobs.expire_due() == 0
        states = {r: queries.find(r).state for r in (placed_ref, confirmed, prepared)}
        assert states == {placed_ref: "expired", confirmed: "expired", prepared: "prepared"}
        assert catalogue.group(group.key, buyer.actor).units == 3
        assert _states() == {"held": 1, "ready": 3}


def test_one_failure_stops_no_other(world: World, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.frozen(clock.now()):
        made = [services.place_reservation(key, 1, actor=world.buyer().actor).id for _ in range(3)]
        real = services.mails.expired

        def broken(found: Reservation) -> None:
            if found.id == made[0]:
                raise OSError("no mail")
            real(found)

        monkeypatch.setattr(services.mails, "expired", broken)
    with clock.frozen(clock.now().replace(year=clock.now().year + 1)):
        assert jobs.expire_due() == 2
        assert _states() == {"held": 1, "ready": 4}


def test_both_sides_see_their_reservations(world: World, key: str) -> None:
    buyer, seller = world.buyer(), world.reuse_actor()
    first = services.place_reservation(key, 1, actor=buyer.actor).reference
    second = services.place_reservation(key, 1, actor=buyer.actor).reference
    services.release_reservation(first, actor=buyer.actor)
    for party in (buyer, seller):
        assert queries.counts(party.actor) == (1, 1)
        assert [r.reservation.reference for r in queries.mine(party.actor)] == [second]
        assert [r.reservation.reference for r in queries.mine(party.actor, ended=True)] == [first]
        [row] = queries.mine(party.actor)
        assert (row.beneficiary, row.seller, row.contents.model) == (
            "Acheteur Exemple", "Atelier Exemple", "Portable 840")  # fmt: skip
    assert queries.mine(world.recipient().actor) == []
    with pytest.raises(NotFound):
        queries.get(second, world.recipient().actor)


MAILS = {
    "placed": ("reservation_placed", {"seller"}),
    "confirmed": ("reservation_confirmed", {"beneficiary"}),
    "prepared": ("reservation_prepared", {"beneficiary"}),
    "provided": ("reservation_provided", {"beneficiary", "seller"}),
    "released": ("reservation_released", {"beneficiary", "seller"}),
    "expired": ("reservation_expired", {"beneficiary", "seller"}),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("delivery", ["collect", "deliver"])
def test_every_mail_tells_what_it_must(world: World, key: str, language: str, delivery: str) -> None:
    buyer, seller = world.buyer(), world.reuse_actor()
    _speak(language, buyer.person_id, seller.person_id)
    reserve = {"actor": buyer.actor, "delivery": delivery, "note": "Jeudi <matin>", "order_number": "BC-9"}
    reference = services.place_reservation(key, 2, **reserve).reference
    services.confirm_reservation(reference, actor=seller.actor)
    code = current_code(f"reservation/{reference}").code
    services.prepare_reservation(reference, actor=seller.actor)
    services.sign_as_beneficiary(reference, actor=buyer.actor, name="Camille Exemple")
    other = services.place_reservation(key, 1, **reserve).reference
    services.release_reservation(other, actor=seller.actor, reason="Écran fissuré")
    last = services.place_reservation(key, 1, **reserve)
    with clock.frozen(clock.at_paris(last.until, 12) + timedelta(days=1)):
        services.expire_reservation(last.id)
    sides = {buyer.email: "beneficiary", seller.email: "seller"}
    sent: dict[str, set[str]] = {}
    for mail in db.session().scalars(sa.select(Message)):
        sent.setdefault(mail.template, set()).add(sides[mail.to_address])
        assert mail.about.startswith("reservation/RES-")
        assert "Exemple Portable 840" in mail.text + mail.html
        assert "http://parc.example/reservations/RES-" in mail.text
    assert sent == dict(MAILS.values())
    about = sa.select(Message).where(Message.about == f"reservation/{reference}")
    texts = {mail.template: mail for mail in db.session().scalars(about)}
    confirmed = texts["reservation_confirmed"]
    for words in (code, "1 rue de l’Exemple", "38320 Eybens" if delivery == "deliver" else "38000 Grenoble"):
        assert words in confirmed.text, words
        assert words in confirmed.html, words
    assert code not in "".join(m.text for name, m in texts.items() if name != "reservation_confirmed")
    assert "BC-9" in texts["reservation_placed"].text
    assert "Jeudi <matin>" in texts["reservation_placed"].text
    assert "Jeudi &lt;matin&gt;" in texts["reservation_placed"].html
    assert ("Bonjour" if language == "fr" else "Hello") in confirmed.text
    assert ("est confirmée" if language == "fr" else "is confirmed") in confirmed.subject


@db.command
def _speak(language: str, *person_ids: int) -> None:
    from reuse_market.accounts.models import Person

    db.session().execute(sa.update(Person).where(Person.id.in_(person_ids)).values(language=language))
