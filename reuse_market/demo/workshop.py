"""The workshop's part of the story: intake, tests, erasure, grades, waste."""

from __future__ import annotations

from reuse_market.erasure import queries as media
from reuse_market.erasure import services as erasure
from reuse_market.erasure.services import Found, Proof
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.refurbishing import services as refurbishing
from reuse_market.units import queries as units

READY, WASTE = 26, 2
FREE = 3  # worn screens, given: what is free counts for nobody's quota
SYSTEM = "Linux Mint 22"  # installed once the media are erased


def work_through(actor: Actor, pickup: str) -> None:
    """Take the pick-up in; 26 laptops and the screens become ready; two laptops leave as waste, three wait."""
    ids = units.past_ids("pickup", pickup, outcome="taken")
    refurbishing.receive_units(ids, actor=actor)
    laptops = [u.id for u in units.by_ids(ids) if u.kind == "laptop"]
    screens = [u.id for u in units.by_ids(ids) if u.kind == "monitor"]
    make_ready(laptops[:READY], actor, price_cents=15_000, grade="B")
    erasure.count_media_many(screens, "model", actor=actor)
    refurbishing.record_tests(screens, actor=actor)
    refurbishing.make_ready_many(screens[FREE:], actor=actor, cosmetic_grade="A", price_cents=3_500)
    refurbishing.make_ready_many(screens[:FREE], actor=actor, cosmetic_grade="C", price_cents=0)
    _discard(laptops[READY : READY + WASTE], actor)


def make_ready(
    ids: list[int],
    actor: Actor,
    *,
    price_cents: int,
    grade: str,
    first: int = 0,
    os: str = SYSTEM,
    battery: int | None = 82,
) -> None:
    """Erase each computer by itself, test them, offer them; their media are numbered from `first`."""
    for number, unit_id in enumerate(ids, first):
        _erase(unit_id, number, actor)
    refurbishing.record_tests(
        ids, actor=actor, batteries={} if battery is None else dict.fromkeys(ids, battery)
    )
    refurbishing.make_ready_many(ids, actor=actor, cosmetic_grade=grade, price_cents=price_cents, os=os)


def _erase(unit_id: int, number: int, actor: Actor) -> None:
    erasure.count_media(
        unit_id, [Found("nvme", serial=f"EXEMPLE{number:05d}", size_mb=256_000)], "opened", actor=actor
    )
    medium = media.media_of([unit_id])[unit_id].media[0][0]
    erasure.record_certificate(
        medium.id,
        Proof(
            method="purge", technique="nvme_format", tool="nvme-cli", tool_version="2.4", result="ok",
            verified=True, errors=0, hidden_areas="none", erased_at=clock.now(),
            operator_name="Technicien (démo)", validator_name="Responsable d’atelier (démo)",
        ),
        actor=actor,
    )  # fmt: skip


def _discard(ids: list[int], actor: Actor) -> None:
    for unit_id in ids:
        refurbishing.declare_waste(unit_id, "not_repairable", actor=actor, weight_g=1_650)
    batch = refurbishing.open_batch(actor=actor, producer_scheme="Éco-organisme (démo)").reference
    refurbishing.add_to_batch(batch, ids, actor=actor)
    refurbishing.remove_batch(
        batch, actor=actor, producer_scheme="Éco-organisme (démo)", weight_g=1_650 * len(ids)
    )
