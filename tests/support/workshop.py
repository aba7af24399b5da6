"""A workshop with devices on its bench, made by the verbs; what is far from its subject is born in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reuse_market.erasure import services as erasure
from reuse_market.erasure.models import MediaCount, StorageMedium
from reuse_market.erasure.queries import media_of
from reuse_market.kernel import clock
from reuse_market.kernel.db import command, session
from reuse_market.lots.models import Lot, LotLine
from reuse_market.refurbishing import services as refurbishing
from reuse_market.traceability import journal
from reuse_market.units import services as units
from tests.support.world import Party, World

GRADE: dict[str, Any] = {"cosmetic_grade": "B", "price_cents": 120_00}


@dataclass
class Workshop:
    """A reuse actor that has collected a lot of a holder; `owner` is who the devices belong to."""

    world: World
    actor: Party = field(init=False)
    holder: Party = field(init=False)

    def __post_init__(self) -> None:
        self.actor, self.holder = self.world.reuse_actor(), self.world.holder()
        make_lot(self.holder, "LOT-2026-0001", "purge")

    def collected(
        self, count: int = 1, kind: str = "laptop", *, countersigned: bool = True, pickup: str | None = None,
        state: str = "collected", lot: str = "LOT-2026-0001", **columns: Any,
    ) -> list[int]:  # fmt: skip
        """Devices as they stand after a pick-up (`state` for another one)."""
        actor, holder = self.actor.organisation_id, self.holder.organisation_id
        kinds = ("lot",) if pickup is None else ("lot", "pickup")
        references = {"lot": lot, "pickup": pickup or ""}
        outcomes = {"lot": "collected", "pickup": "taken"}
        return units.create(
            [{"kind": kind, **columns} for _ in range(count)],
            doing=journal.Act(self.actor.actor), stream=f"lot/{lot}", event_type="unit.extra", state=state,
            owner_id=actor if countersigned else holder, custodian_id=actor, origin="extra", regime="sale",
            opens=tuple(units.Opening(k, references[k], actor, 1 if k == "lot" else None) for k in kinds),
            closes=tuple(units.Closing(k, references[k], outcomes[k]) for k in kinds),
        )  # fmt: skip

    def received(self, count: int = 1, kind: str = "laptop", **options: Any) -> list[int]:
        """Devices in the workshop."""
        ids = self.collected(count, kind, **options)
        refurbishing.receive_units(ids, actor=self.actor.actor)
        return ids

    def tested(self, ids: Sequence[int], results: dict[str, str] | None = None) -> None:
        """A test each, sound by default."""
        refurbishing.record_tests(
            ids, results, actor=self.actor.actor, batteries=dict.fromkeys(ids, 90)
        )  # fmt: skip

    def counted(self, unit_id: int, *kinds: str) -> MediaCount:
        """Its media counted: none by default."""
        found = [erasure.Found(kind) for kind in kinds]
        return erasure.count_media(unit_id, found, "opened", actor=self.actor.actor)

    def erased(self, unit_id: int, *kinds: str) -> None:
        """Its media counted (one SSD by default) and each purged, with its certificate."""
        self.counted(unit_id, *(kinds or ("ssd",)))
        for medium, _ in media_of([unit_id])[unit_id].media:
            self.certify(medium)

    def certify(self, medium: StorageMedium, **values: Any) -> None:
        """A certificate for a medium: accepted under "purge" unless `values` say otherwise."""
        technique = {"hdd": "sanitize_overwrite", "ssd": "sanitize_block_erase", "nvme": "nvme_format",
                     "emmc": "crypto_erase"}.get(medium.kind, "shred")  # fmt: skip
        erasure.record_certificate(
            medium.id, proof(**{"technique": technique, **values}), actor=self.actor.actor
        )

    def sound(self, count: int = 1, kind: str = "laptop", **options: Any) -> list[int]:
        """Devices in the workshop that lack only their grade and price."""
        ids = self.received(count, kind, **options)
        self.tested(ids)
        for unit_id in ids:
            self.erased(unit_id)
        return ids

    def ready(self, count: int = 1, kind: str = "laptop", **options: Any) -> list[int]:
        """Devices in the shop window."""
        ids = self.sound(count, kind, **options)
        refurbishing.make_ready_many(ids, actor=self.actor.actor, **GRADE)
        return ids

    def waste(self, count: int = 1, kind: str = "monitor", **options: Any) -> list[int]:
        """Devices declared waste."""
        ids = self.received(count, kind, **options)
        for unit_id in ids:
            refurbishing.declare_waste(unit_id, "not_repairable", actor=self.actor.actor)
        return ids


def proof(**values: Any) -> erasure.Proof:
    """What a good report states."""
    stated = {
        "method": "purge", "technique": "sanitize_block_erase", "tool": "Outil Exemple",
        "tool_version": "1.0", "result": "ok", "verified": True, "errors": 0,
        "hidden_areas": "none", "erased_at": clock.now(),
        "operator_name": "Technicien Exemple", "validator_name": "",
    }  # fmt: skip
    return erasure.Proof(**(stated | values))  # type: ignore[arg-type]  # fields by name


@command
def make_lot(holder: Party, reference: str, policy: str) -> None:
    """A published lot with one line, for its erasure policy and its name."""
    lot = Lot(
        reference=reference, state="published", holder_id=holder.organisation_id, title="Lot Exemple",
        regime="sale", erasure_policy=policy, erased_by="reuse_actor", made_at=clock.now(),
    )  # fmt: skip
    session().add(lot)
    session().flush()
    session().add(
        LotLine(lot_id=lot.id, number=1, kind="laptop", label="Portable Exemple 14", declared=10)
    )  # fmt: skip
