"""A device put back in use works with data again: its erasure proofs are void."""

from __future__ import annotations

from reuse_market.erasure import gate
from reuse_market.erasure import services as erasure
from reuse_market.fleets import services
from tests.support.world import World, fleet


def test_annulling_a_discard_arms_the_erasure_gate_again(world: World) -> None:
    holder = world.holder()
    [unit] = fleet(holder, 1)
    services.discard_units([unit], actor=holder.actor)
    erasure.count_media(unit, [], "opened", actor=holder.actor)
    assert gate.gate(unit, "clear").passed
    services.annul_discard([unit], actor=holder.actor)
    services.discard_units([unit], actor=holder.actor)
    assert not gate.gate(unit, "clear").passed
