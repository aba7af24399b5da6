"""What is so before a written journey begins: parties, lots, devices, made by the verbs."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.models import Organisation
from reuse_market.kernel import db
from tests.journeys.steps import Stage, step
from tests.support import direct, world
from tests.support.world import Party

EVIDENCE = "statuts, exemple"


def _party(stage: Stage, name: str, *roles: str, legal_kind: str = "company") -> Party:
    made = stage.world.party(name, *roles, legal_kind=legal_kind)
    stage.parties[name] = made
    return made


@db.command
def _known_by(organisation_id: int, siret: str) -> None:
    db.session().get_one(Organisation, organisation_id).siret = siret


@step("Given W, a company")
def _company(stage: Stage, name: str) -> None:
    _party(stage, name, "holder", "buyer")


@step("Given W, a local authority")
def _authority(stage: Stage, name: str) -> None:
    _party(stage, name, "holder", "obliged_buyer", legal_kind="local_authority")


@step("Given W, a public buyer")
def _public_buyer(stage: Stage, name: str) -> None:
    _party(stage, name, "obliged_buyer", legal_kind="local_authority")


@step("Given W, a public buyer with a SIRET")
def _public_buyer_known(stage: Stage, name: str) -> None:
    made = _party(stage, name, "obliged_buyer", legal_kind="local_authority")
    _known_by(made.organisation_id, "13002526500013")


@step("Given W, a reuse actor")
def _actor(stage: Stage, name: str) -> None:
    _party(stage, name, "reuse_actor", legal_kind="association")


@step("Given W, a reuse actor of general interest")
def _actor_of_interest(stage: Stage, name: str) -> None:
    made = _party(stage, name, "reuse_actor", legal_kind="association")
    direct.qualified(stage.world, made, "association_rig")


@step("Given W, an association of general interest")
def _association(stage: Stage, name: str) -> None:
    made = _party(stage, name, "recipient", legal_kind="association")
    direct.qualified(stage.world, made, "association_rig")


@step("Given W, the operator")
def _operator(stage: Stage, name: str) -> None:
    _party(stage, name, "operator", legal_kind="local_authority")


@step("Given N laptops in the fleet of W")
def _fleet(stage: Stage, number: str, name: str) -> None:
    world.fleet(stage.parties[name], int(number), prefix="EX")


def _lot(stage: Stage, numbered: str, counted: str, name: str, **changes: Any) -> None:
    made = world.published_lot(stage.parties[name], numbered=int(numbered), counted=int(counted), **changes)
    stage.kept["lot"] = made.reference


@step("Given K of N laptops and N monitors that W sells on proposals")
def _sold(stage: Stage, _lot_name: str, numbered: str, counted: str, name: str) -> None:
    _lot(stage, numbered, counted, name)


@step("Given K of N laptops and N monitors that W transfers free of charge and erases itself")
def _transferred(stage: Stage, _lot_name: str, numbered: str, counted: str, name: str) -> None:
    made = direct.lot_as_is(
        stage.parties[name], "free_transfer", numbered=int(numbered), counted=int(counted)
    )
    stage.kept["lot"] = made.reference


@step("Given N laptops and N monitors that W has collected from W")
def _collected(stage: Stage, numbered: str, counted: str, actor: str, holder: str) -> None:
    world.collected_units(
        stage.parties[holder], stage.parties[actor], numbered=int(numbered), counted=int(counted)
    )


@step("Given N laptops that W offers at N euros")
def _offered(stage: Stage, number: str, name: str, euros: str) -> None:
    world.ready_units(stage.parties[name], int(number), price_cents=int(euros) * 100)


@step("Given N laptops that W offers at N euros, given free of charge by W")
def _offered_in_solidarity(stage: Stage, number: str, name: str, euros: str, giver: str) -> None:
    world.ready_units(
        stage.parties[name], int(number), price_cents=int(euros) * 100, holder=stage.parties[giver],
        regime="free_transfer", stream="lot/LOT-2026-8001",
    )  # fmt: skip


@step("Given K of N laptops that W fetches today from W")
def _agreed_today(stage: Stage, _name: str, number: str, actor: str, holder: str) -> None:
    giver, taker = stage.parties[holder], stage.parties[actor]
    claim = world.awarded_claim(world.published_lot(giver, numbered=int(number), counted=0), giver, taker)
    stage.kept["pick-up"] = world.agreed_pickup(claim, giver, taker).reference
