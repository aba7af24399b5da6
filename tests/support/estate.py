"""Something of everything, in the states where acts make sense: what a crawl of the addresses knocks on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.collection import services as collection
from reuse_market.collection.models import PickupCheck
from reuse_market.erasure import services as erasure
from reuse_market.erasure.models import StorageMedium
from reuse_market.kernel.db import session
from reuse_market.lots import services as lots
from reuse_market.refurbishing import services as refurbishing
from reuse_market.reservations import services as reservations
from tests.support import world as build
from tests.support.world import Party, World

Values = dict[str, list[object]]  # argument of an address → what exists


@dataclass
class Estate:
    """The parties, a stranger for each role, and what there is by room (blueprint) and argument."""

    owners: dict[str, Party]
    strangers: dict[str, Party]
    things: dict[str, Values]


def estate(world: World) -> Estate:
    """Drafts, lots, claims, pick-ups, devices at every stage of the bench, reservations, a removal."""
    owners = {"holder": world.holder(), "workshop": world.reuse_actor(), "buyer": world.buyer(),
              "operator": world.operator()}  # fmt: skip
    strangers = {"holder": world.holder("Autre détenteur"), "workshop": world.reuse_actor("Autre atelier"),
                 "buyer": world.buyer("Autre acheteur")}  # fmt: skip
    holder, actor, buyer = owners["holder"], owners["workshop"], owners["buyer"]
    drafts = [_draft(holder), _draft(holder)]
    open_lots = [build.published_lot(holder) for _ in range(2)]
    claims = [build.submitted_claim(open_lots[0], actor, {1: 1}).reference]
    claims += [build.awarded_claim(build.published_lot(holder), holder, actor).reference for _ in range(2)]
    pickups = _pickups(holder, actor)
    bench, media, batch = _bench(holder, actor)
    build.ready_units(actor, 6)
    key = catalogue.groups(catalogue.Filters(), buyer.actor)[0].key  # the largest first
    booked = [reservations.place_reservation(key, 1, actor=buyer.actor).reference for _ in range(3)]
    for reference in booked[1:]:
        reservations.confirm_reservation(reference, actor=actor.actor)
    reservations.sign_as_beneficiary(booked[2], actor=buyer.actor, name="Personne Exemple")
    lot_references = [*drafts, *(lot.reference for lot in open_lots)]
    things: dict[str, Values] = {
        "lots": {"reference": [*lot_references], "line_number": [1, 2]},
        "claims": {"reference": [*claims], "lot": [*lot_references]},
        "collection": {"reference": [*pickups], "claim": [*claims], "line": [1, 2],
                       "check_id": [_first(PickupCheck.id)]},
        "refurbishing": {"unit_id": [*bench], "medium_id": [*media], "reference": [batch],
                         "lot": [*lot_references], "line": [1]},
        "catalogue": {"key": [key]}, "reservations": {"reference": [*booked], "key": [key]},
        "accounts": {"site_id": [holder.site_id], "organisation_id": [holder.organisation_id]},
        "desk": {"organisation_id": [strangers["buyer"].organisation_id], "message_id": [1]},
    }  # fmt: skip
    return Estate(owners, strangers, things)


def _draft(holder: Party) -> str:
    lot = lots.draft_lot(actor=holder.actor, title="Portables à donner")
    lots.add_units(lot.id, build.fleet(holder, 2, prefix=f"D{lot.id}"), actor=holder.actor)
    lots.add_counted_line(lot.id, actor=holder.actor, kind="monitor", units=2, label="Écrans")
    lots.set_conditions(lot.id, build.conditions(holder), actor=holder.actor)
    return lot.reference


def _pickups(holder: Party, actor: Party) -> list[str]:
    """Proposed, agreed and half checked off, signed by the driver alone."""
    made = []
    for stage in ("proposed", "agreed", "signed"):
        claim = build.awarded_claim(build.published_lot(holder), holder, actor)
        if stage == "proposed":
            slot: dict[str, Any] = {"day": build.clock.today(), "from_time": "09:00", "to_time": "10:00"}
            made.append(collection.propose_pickup(claim.reference, actor=actor.actor, **slot).reference)
            continue
        pickup = build.agreed_pickup(claim, holder, actor)
        made.append(pickup.reference)
        if stage == "signed":
            build.signed_pickup(pickup, holder, actor, both=False)
        else:
            collection.check_off_line(pickup.reference, 2, 1, actor=actor.actor)
    return made


def _bench(holder: Party, actor: Party) -> tuple[list[int], list[int], str]:
    """Devices collected, received, counted, sound, ready, lost, and awaiting removal; a medium; the removal."""
    ids = build.collected_units(holder, actor, numbered=7, counted=1)
    arrived, screen = ids[1:], ids[-1]
    refurbishing.receive_units(arrived, actor=actor.actor)
    erasure.count_media(arrived[1], [erasure.Found("ssd", "SN-SSD-1")], "opened", actor=actor.actor)
    for unit_id in arrived[2:5]:
        erasure.count_media(unit_id, [], "opened", actor=actor.actor)
        refurbishing.record_test(unit_id, actor=actor.actor, battery_percent=80)
    refurbishing.make_ready(arrived[3], actor=actor.actor, cosmetic_grade="B", price_cents=120_00)
    refurbishing.report_lost(arrived[5], actor=actor.actor)
    refurbishing.declare_waste(screen, "not_repairable", actor=actor.actor)
    batch = refurbishing.open_batch(actor=actor.actor).reference
    refurbishing.add_to_batch(batch, [screen], actor=actor.actor)
    return ids, [_first(StorageMedium.id)], batch


def _first(column: sa.orm.InstrumentedAttribute[int]) -> int:
    return int(session().scalar(sa.select(sa.func.min(column))) or 0)


__all__ = ["Estate", "estate"]
