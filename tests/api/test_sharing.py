"""A lot shared at closing by the API alone, and by the holder's page; the journal reconciles."""

from __future__ import annotations

from datetime import timedelta

from reuse_market.claims.sharing import proposing
from reuse_market.kernel import clock, db
from reuse_market.proofs.reconcile import reconcile
from tests.lots.visiting import Visitor
from tests.support import world as chain

GIFT = {"regime": "gift", "price_kind": "free", "award_mode": "at_closing"}


def closing_lot(world) -> tuple[str, str]:
    """The references of a lot of 5 monitors and of one claim on all of them, as the API takes it."""
    lot = chain.published_lot(world.holder(), numbered=0, counted=5, cap_per_actor=4, **GIFT)
    other = chain.submitted_claim(
        lot, world.reuse_actor("Ressourcerie Exemple"), proposal="free", amount_cents=None
    )
    found = str(lot.reference), str(other.reference)
    db.release()
    return found


def test_asked_for_with_a_minimum_then_accepted_with_other_numbers(world, caller):
    lot, other = closing_lot(world)
    taker = caller(world.reuse_actor())
    asked = {"lines": [{"line": 1, "units": 5}], "committed": True}
    assert taker.post(f"/lots/{lot}:claim", 422, minimum=5, **asked)["type"].endswith(
        "claim.minimum"
    )  # cap: 4
    claim = taker.post(f"/lots/{lot}:claim", 201, minimum=2, **asked)
    assert (claim["minimum"], claim["actions"]) == (2, ["release"])
    assert caller(world.holder()).get(f"/claims/{claim['reference']}")["actions"] == []
    with clock.frozen(clock.now() + timedelta(days=21)):
        assert proposing.close_due() == 1
        db.release()
        giver = caller(world.holder())
        assert "accept-share" in giver.get(f"/lots/{lot}")["actions"]
        told = giver.get(f"/lots/{lot}/share")
        assert (told["state"], told["status"]) == ("proposed", "optimal")
        assert sum(cell["units"] for cell in told["cells"]) == 5
        caller(world.reuse_actor()).get(f"/lots/{lot}/share", 404)
        cells = [
            {"claim": claim["reference"], "line": 1, "units": 4},
            {"claim": other, "line": 1, "units": 1},
        ]
        assert giver.post(f"/lots/{lot}:accept-share", 422, cells=cells)["type"].endswith("share.reason")
        done = giver.post(f"/lots/{lot}:accept-share", cells=cells, reason="Une école attend.")
        assert (done["state"], done["edited"]) == ("accepted", True)
        assert caller(world.reuse_actor()).get(f"/claims/{claim['reference']}")["awarded"] == 4
        db.release()
        assert reconcile() == []


def test_by_the_pages_of_the_holder_and_of_who_asked(world, app):
    lot, claim = closing_lot(world)
    with clock.frozen(clock.now() + timedelta(days=21)):
        proposing.close_due()
        db.release()
        me = Visitor(app.test_client(), world.holder())
        me.open(f"/lots/{lot}").follow("Lire le partage")
        assert "Proposition à accepter" in me.text
        assert "Vous avez autant d’appareils que le détenteur en donne" in me.text
        me.press("Accepter le partage", 422, **{f"units_{claim.replace('-', '_')}_1": "3"})
        assert "Dites pourquoi vous changez la proposition" in me.text
        me.press("Accepter le partage", **{f"units_{claim.replace('-', '_')}_1": "4"})
        assert "Le partage est accepté" in me.text
        it = Visitor(app.test_client(), world.reuse_actor("Ressourcerie Exemple"))
        it.open(f"/demandes/{claim}")
        assert "Vous avez demandé 5 appareils et en obtenez 4." in it.text
