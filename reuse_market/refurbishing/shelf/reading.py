"""Which identical group a unit belongs to, from its rows alone. One statement however many units."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.equipment import processors, systems
from reuse_market.equipment.configurations import COLUMNS, Configuration, likeness
from reuse_market.equipment.models import Model
from reuse_market.equipment.names import fold, full_name
from reuse_market.equipment.windows import windows_11_capable
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.group_models import ALREADY, NEVER, OfferGroup
from reuse_market.refurbishing.models import Offer
from reuse_market.regimes import parties
from reuse_market.units.engaging import FEW_UNITS
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.services import criterion

# What makes a group, in the order its key is made of (never change it: addresses are kept by people).
RAW = {
    "seller_id": Unit.custodian_id, "kind": Unit.kind, "model_id": Unit.model_id, "cpu": Unit.cpu,
    "ram_mb": Unit.ram_mb, "storage_mb": Unit.storage_mb, "screen_tenths": Unit.screen_tenths,
    "grade": Offer.cosmetic_grade, "price_cents": Offer.price_cents, "vat_scheme": Offer.vat_scheme,
    "warranty_months": Offer.warranty_months, "open_to": Offer.open_to, "regime": Unit.regime,
    "faults": Offer.faults,
}  # fmt: skip
USUAL_ORIGIN = {"sale": "private", "gift": "private", "free_transfer": "public", "public_transfer": "public"}
WITH_CHARGER = ("laptop", "tablet", "smartphone")  # their protocol tries the charger
TEXT, WORD = 400, 60


@dataclass(frozen=True, slots=True)
class Shelved:
    """A unit and where it should stand: `place` is (key, shown_from, opens_on), None outside the window.

    `stood`: the group it stands in now, `stood_at` that group's place.
    """

    unit_id: int
    stood: int | None
    stood_at: tuple[str, date, date] | None
    place: tuple[str, date, date] | None
    row: Mapping[str, Any]


def shelved(unit_ids: Sequence[int], today: date | None = None) -> list[Shelved]:
    """Where these units stand and should stand; those never offered are left out."""
    day, few = today or clock.today(), len(unit_ids) <= FEW_UNITS
    statement = _FEW if few else _UNITS.where(criterion(unit_ids))
    rows = session().execute(statement, {"ids": list(unit_ids)} if few else {}).mappings()
    return [_shelved(dict(row), day) for row in rows]


def _units() -> sa.Select[*tuple[Any, ...]]:
    """What is asked of every unit; built once."""
    shipped = sa.exists().where(
        Engagement.unit_id == Unit.id, Engagement.kind == "shipment", Engagement.until_at.is_(None)
    )
    return (
        sa.select(
            Unit.id, Unit.state, Unit.os, Offer.os.label("installed"), Offer.open_from, Offer.opens_on,
            Offer.battery_percent, Offer.group_id,
            *(column.label(name) for name, column in RAW.items()), shipped.label("shipped"),
            OfferGroup.key.label("stood_key"), OfferGroup.shown_from, OfferGroup.opens_on.label("stood_opens"),
            Model.maker, Model.name.label("model"), Organisation.legal_kind,
        )
        .join(Offer, Offer.unit_id == Unit.id)
        .outerjoin(OfferGroup, OfferGroup.id == Offer.group_id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .outerjoin(Lot, Lot.reference == sa.func.substr(Unit.stream, 5))  # after "lot/"
        .outerjoin(Organisation, Organisation.id == Lot.holder_id)
        .order_by(Unit.id)
    )  # fmt: skip


_UNITS = _units()
_FEW = _UNITS.where(Unit.id.in_(sa.bindparam("ids", expanding=True)))


def _shelved(row: dict[str, Any], today: date) -> Shelved:
    row["os"] = systems.offered(row["kind"], row["installed"], row["os"])
    stood_at = (row["stood_key"], row["shown_from"], row["stood_opens"]) if row["group_id"] else None
    place = None
    if row["state"] == "ready" and not row["shipped"]:
        shown_from = row["open_from"] if row["open_from"] > today else ALREADY
        opens_on = ALREADY
        if row["open_to"] != "all":
            opens_on = row["opens_on"] or NEVER
            if opens_on <= today:
                row["open_to"], opens_on = "all", ALREADY
        place = (group_key(row), shown_from, opens_on)
    return Shelved(row["id"], row["group_id"], stood_at, place, row)


def group_key(row: Mapping[str, Any]) -> str:
    """16 hexadecimal characters that name a group, from the columns of RAW as they are shown.

    What is seldom known (system, missing charger, an unusual origin) counts only where it is, so that keys
    given out before it was told apart stay good.
    """
    alike = likeness(Configuration(*(row[name] for name in COLUMNS)))
    shown = dict(row) | dict(zip(COLUMNS, alike, strict=True))
    told = ["" if shown[name] is None else str(shown[name]) for name in RAW]
    if row["os"]:
        told.append(f"os={fold(row['os'])}")
    if origin_of(row) != USUAL_ORIGIN.get(row["regime"] or "", "unknown"):
        told.append(f"origin={origin_of(row)}")
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:16]


def origin_of(row: Mapping[str, Any]) -> str:
    """Whether the first holder is a private or a public person; the usual one of the regime when not known."""
    told = parties.origin(parties.from_account(row["legal_kind"])) if row["legal_kind"] else parties.UNKNOWN
    return told if told != parties.UNKNOWN else USUAL_ORIGIN.get(row["regime"] or "", parties.UNKNOWN)


def values(row: Mapping[str, Any]) -> dict[str, Any]:
    """The descriptive columns of a new group, as its first unit tells them."""
    alike = likeness(Configuration(*(row[name] for name in COLUMNS)))
    told = processors.read(row["cpu"])
    names = (
        "seller_id", "kind", "model_id", "ram_mb", "storage_mb", "screen_tenths", "grade", "price_cents",
        "vat_scheme", "warranty_months", "open_to", "regime", "faults",
    )  # fmt: skip
    maker, model = row["maker"] or "", row["model"] or ""
    said = fold(f"{full_name(maker, model)} {alike.cpu} {told.tier} {row['os'] or ''}")
    return {name: row[name] for name in names} | {
        "maker": maker, "model": model, "cpu": alike.cpu or None, "cpu_class": fold(told.tier),
        "cpu_generation": told.generation, "ram_gb": alike.ram_gb, "storage_gb": alike.storage_gb,
        "os": (row["os"] or None), "windows_11": windows_11_capable(row["cpu"]) if row["cpu"] else "unknown",
        "charger": _charger(row), "origin": origin_of(row), "search": f" {said[: TEXT - 2]} ",
    }  # fmt: skip


def _charger(row: Mapping[str, Any]) -> str:
    """Tried at the bench with the kinds that have one: working, or listed among the faults."""
    if row["kind"] not in WITH_CHARGER:
        return "unknown"
    return "no" if "charger" in (row["faults"] or "").split(",") else "yes"


def words(text: str) -> set[str]:
    """What a typed word is compared with: those of three letters or more, and every number."""
    return {word[:WORD] for word in text.split() if len(word) > 1}
