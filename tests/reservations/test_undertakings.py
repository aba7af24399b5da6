"""What the law asks a beneficiary to undertake is ticked when it signs, kept, and printed on the slip."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reuse_market.accounts.signatures import current_code
from reuse_market.catalogue import queries as catalogue
from reuse_market.documents import queries as documents
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.proofs.reconcile import reconcile
from reuse_market.regimes import queries as law
from reuse_market.regimes import services as regimes
from reuse_market.regimes.cases import Cell
from reuse_market.reservations import jobs, queries, services
from tests.reservations.solidarity import on_behalf
from tests.support.world import Party, World, ready_units

ADMIN = Actor(None, None, frozenset({"administrator"}))
PROMISES = ("statutory_use_undertaking", "no_resale_undertaking")


def _confirmed(world: World) -> tuple[str, Party, Party]:
    selling, buyer = world.reuse_actor(), world.recipient()
    ready_units(selling, 1)
    [group] = catalogue.groups(catalogue.Filters(), buyer.actor)
    reference = services.place_reservation(group.key, 1, actor=buyer.actor).reference
    services.confirm_reservation(reference, actor=selling.actor)
    return reference, selling, buyer


def _asked() -> None:
    """An administrator's row: such a purchase asks for both undertakings."""
    regimes.add_rule(
        Cell("sale", "private", "association_other", "association_precarity", "resell"), outcome="allowed",
        article="article d’essai", source="source d’essai, 1er mars", confidence="R",
        valid_from=clock.today(), transfer="purchase", documents=PROMISES, actor=ADMIN,
    )  # fmt: skip


@pytest.mark.parametrize("door", ["account", "code"])
def test_without_the_tick_nothing_is_signed(world: World, door: str) -> None:
    reference, selling, buyer = _confirmed(world)
    assert law.party_kind(selling.organisation_id) == "association_other"
    assert law.party_kind(buyer.organisation_id) == "association_precarity"
    _asked()

    def sign(undertaken: bool) -> object:
        if door == "account":
            return services.sign_as_beneficiary(
                reference, actor=buyer.actor, name="Personne Exemple", undertaken=undertaken
            )
        code = current_code(f"reservation/{reference}").code
        return services.sign_with_code(
            reference, "Personne Exemple", code, actor=selling.actor, undertaken=undertaken
        )

    with pytest.raises(Invalid) as refusal:
        sign(False)
    assert refusal.value.field == "undertaken"
    assert queries.find(reference).state == "confirmed"
    sign(True)
    found = queries.find(reference)
    kept = queries.undertakings(found)
    assert [(row.code, row.version, row.name) for row in kept] == [
        (code, "2026-1", "Personne Exemple") for code in PROMISES
    ]
    assert {row.person_id for row in kept} == {buyer.person_id if door == "account" else None}
    [paper] = documents.of(f"reservation/{reference}")
    assert sum("s’engage" in line for line in paper.facts["statements"]) == 2
    assert reconcile() == []


def test_nothing_is_kept_where_the_law_asks_nothing(world: World) -> None:
    reference, _selling, buyer = _confirmed(world)
    services.sign_as_beneficiary(reference, actor=buyer.actor, name="Personne Exemple", undertaken=True)
    assert queries.undertakings(queries.find(reference)) == []


def test_nobody_signs_through_the_operator(world: World) -> None:
    reference, selling, buyer = _confirmed(world)
    code = current_code(f"reservation/{reference}").code
    with pytest.raises(NotAllowed):
        services.sign_as_beneficiary(reference, actor=on_behalf(buyer.actor), name="Personne Exemple")
    with pytest.raises(NotAllowed):
        services.sign_with_code(reference, "Personne Exemple", code, actor=on_behalf(selling.actor))
    assert queries.find(reference).state == "confirmed"


def test_a_prepared_reservation_ends_after_its_own_delay(world: World) -> None:
    reference, selling, _buyer = _confirmed(world)
    with clock.frozen(clock.now() + timedelta(days=9)):
        services.prepare_reservation(reference, actor=selling.actor)
        found = queries.find(reference)
        assert found.until == clock.in_days(14)
        number, until = found.id, found.until
        assert jobs.expire_due() == 0
    with clock.frozen(clock.at_paris(until, 12)), pytest.raises(Conflict):
        services.expire_reservation(number)
    with clock.frozen(clock.at_paris(until, 12) + timedelta(days=1)):
        assert jobs.expire_due() == 1
        assert queries.find(reference).state == "expired"
    assert reconcile() == []
