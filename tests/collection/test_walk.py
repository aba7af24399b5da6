"""The walk from a published lot to a signed handover note."""

from __future__ import annotations

from reuse_market.accounts.signatures import current_code
from reuse_market.collection import papers, queries, services
from reuse_market.documents import queries as documents
from reuse_market.lots import queries as lots
from reuse_market.notices.queries import messages
from reuse_market.traceability.queries import events_of_stream
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import queries as units
from tests.support import world as chain


def test_from_a_published_lot_to_the_note(world):
    holder, actor = world.holder(), world.reuse_actor()
    lot = chain.published_lot(holder, numbered=3, counted=4)
    claim = chain.awarded_claim(lot, holder, actor)
    pickup = chain.agreed_pickup(claim, holder, actor)
    code = current_code(f"pickup/{pickup.reference}")
    first, second, _third = [u for u in queries.sheet(pickup) if u.serial]
    services.check_off(pickup.reference, first.code, actor=actor.actor)
    services.check_off(
        pickup.reference, second.serial.lower(), outcome="missing", reason="not_found", actor=actor.actor
    )
    services.check_off_line(
        pickup.reference, 2, 1, outcome="refused", reason="other", note="écran fendu", actor=actor.actor
    )
    services.add_extra(pickup.reference, "dock", "Station d’accueil", serial="X-1", actor=actor.actor)
    services.check_off_rest(pickup.reference, actor=actor.actor)
    services.sign_as_driver(pickup.reference, actor=actor.actor, plate="aa-000-aa")
    assert {u.owner_id for u in units.by_ids([first.unit_id])} == {holder.organisation_id}
    services.sign_as_holder(pickup.reference, "Dominique Modèle", code.code, actor=actor.actor)
    assert papers.totals(pickup) == {"planned": 7, "taken": 6, "missing": 1, "refused": 1, "extra": 1}
    notes = documents.of(f"pickup/{pickup.reference}")
    assert [n.kind for n in notes] == ["handover_note", "pickup_order"]
    assert lots.get(lot.reference).state == "closed"
    assert verify_chains() == []
    print([e.type for e in events_of_stream(f"lot/{lot.reference}")])
    print([(m.template, m.language, m.subject) for m in messages()])
