"""A synthetic shop window written in bulk: varied, seeded, without names of real people or companies as sellers."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment import processors
from reuse_market.equipment.names import fold
from reuse_market.equipment.windows import windows_11_capable
from reuse_market.kernel import db
from reuse_market.refurbishing.group_models import ALREADY
from reuse_market.refurbishing.models import OfferGroup, OfferWord
from reuse_market.refurbishing.shelf import reading

MADE = datetime(2026, 11, 1, tzinfo=UTC)
CPUS = (
    "i3-7100U",
    "i5-6300U",
    "i5-8350U",
    "i5-10310U",
    "i7-8650U",
    "i7-1165G7",
    "Ryzen 5 PRO 3500U",
    "Celeron N4020",
)
# kind → (models, processors, memories, storages, screens in tenths, prices in euros)
SHAPES: dict[str, tuple[Any, ...]] = {
    "laptop": ((("HP", "EliteBook 840"), ("HP", "ProBook 450"), ("Dell", "Latitude 5490"), ("Lenovo", "ThinkPad T480"),
                ("Lenovo", "ThinkPad L390"), ("Apple", "MacBook Air"), ("Asus", "VivoBook 15")), CPUS, (4, 8, 16, 32),
               (128, 256, 512), (133, 140, 156, 173), (60, 420)),
    "desktop": ((("HP", "EliteDesk 800"), ("Dell", "OptiPlex 3050"), ("Lenovo", "ThinkCentre M720")), CPUS[:6],
                (4, 8, 16, 32), (256, 512, 1000), (None,), (40, 300)),
    "all_in_one": ((("HP", "EliteOne 800"), ("Dell", "OptiPlex 7450")), CPUS[:5], (8, 16), (256, 512), (215, 238),
                   (90, 320)),
    "monitor": ((("HP", "E243"), ("Dell", "P2419H"), ("Iiyama", "ProLite B2283"), ("Samsung", "S27R350")), (None,),
                (0,), (0,), (190, 215, 238, 240, 270, 320), (15, 160)),
    "tablet": ((("Samsung", "Galaxy Tab A"), ("Apple", "iPad 2019"), ("Lenovo", "Tab M10")), (None,), (2, 3, 4),
               (16, 32, 64, 128), (80, 97, 101, 129), (30, 250)),
    "smartphone": ((("Samsung", "Galaxy S10"), ("Apple", "iPhone 11"), ("Xiaomi", "Redmi Note 9"), ("Fairphone", "3")),
                   (None,), (3, 4, 6), (32, 64, 128), (58, 61, 65), (40, 260)),
    "printer": ((("HP", "LaserJet Pro M404"), ("Brother", "HL-L2350DW")), (None,), (0,), (0,), (None,), (30, 150)),
    "multifunction": ((("Epson", "EcoTank 3850"), ("HP", "LaserJet MFP M428"), ("Canon", "i-SENSYS MF445")), (None,),
                      (0,), (0,), (None,), (40, 260)),
    "projector": ((("Epson", "EB-X41"), ("BenQ", "MX550")), (None,), (0,), (0,), (None,), (60, 260)),
    "desk_phone": ((("Alcatel", "8018"), ("Yealink", "T46S")), (None,), (0,), (0,), (None,), (0, 40)),
    "network_device": ((("Cisco", "Catalyst 2960"), ("Aruba", "2530")), (None,), (0,), (0,), (None,), (20, 220)),
    "dock": ((("Dell", "WD19"), ("Lenovo", "ThinkPad Dock Gen 2")), (None,), (0,), (0,), (None,), (15, 90)),
    "server": ((("Dell", "PowerEdge R640"), ("HP", "ProLiant DL380")), ("Xeon Silver 4110",), (32, 64, 128),
               (1000, 4000), (None,), (200, 900)),
    "workstation": ((("HP", "Z4 G4"), ("Dell", "Precision 5820")), ("Xeon W-2123", "i7-8700"), (16, 32, 64),
                    (512, 1000), (None,), (180, 700)),
    "thin_client": ((("HP", "t630"), ("Dell", "Wyse 3040")), (None,), (2, 4, 8), (16, 32), (None,), (15, 70)),
}  # fmt: skip
RUNNING, SYSTEMS = ("laptop", "desktop"), {1: "Windows 10 Pro", 2: "Windows 11 Pro", 3: "Ubuntu 22.04"}
MANY = {"laptop": 260, "desktop": 160, "monitor": 60, "smartphone": 40, "tablet": 40}


def rows(seed: int, seller_id: int) -> list[dict[str, Any]]:
    """The groups of a window, each as its stored row (prices exempt of VAT: what is asked is what is paid)."""
    chance, made = random.Random(seed), list[dict[str, Any]]()
    for kind, shape in SHAPES.items():
        for _n in range(MANY.get(kind, 16)):
            made.append(_row(chance, len(made) + 1, kind, shape, seller_id))
    return made


def _row(
    chance: random.Random, number: int, kind: str, shape: tuple[Any, ...], seller_id: int
) -> dict[str, Any]:
    models, cpus, memories, storages, screens, (low, high) = shape
    maker, model = chance.choice(models)
    cpu, ram, storage = chance.choice(cpus), chance.choice(memories), chance.choice(storages)
    told = processors.read(cpu)
    free = chance.random() < 0.08
    return {
        "key": f"{number:016x}", "shown_from": ALREADY, "opens_on": ALREADY, "units": chance.randint(1, 60),
        "added_at": MADE, "seller_id": seller_id, "kind": kind, "model_id": None, "maker": maker, "model": model,
        "cpu": cpu, "cpu_class": fold(told.tier), "cpu_generation": told.generation,
        "ram_mb": ram * 1024 or None, "storage_mb": storage * 1000 or None, "ram_gb": ram, "storage_gb": storage,
        "screen_tenths": chance.choice(screens), "os": SYSTEMS.get(number % 7) if kind in RUNNING else None,
        "windows_11": windows_11_capable(cpu) if cpu else "unknown",
        "charger": chance.choice(("yes", "no")) if kind in reading.WITH_CHARGER else "unknown",
        "grade": chance.choice("ABBC"), "faults": None,
        "least_battery": chance.choice((55, 65, 75, 85, 95)) if kind in reading.WITH_CHARGER else None,
        "price_cents": 0 if free else chance.randint(low, high) * 100, "vat_scheme": "exempt",
        "warranty_months": chance.choice((0, 3, 6, 12, 24)), "open_to": "all", "regime": "sale", "origin": "private",
        "commune_name": "Grenoble", "latitude": 45_188_529, "longitude": 5_724_524,
        "search": f" {fold(f'{maker} {model} {cpu or chr(32)} {told.tier}')} ",
    }  # fmt: skip


@db.command
def fill(made: list[dict[str, Any]]) -> None:
    """Put the rows in the window, with their words."""
    first = db.session().scalar(sa.select(sa.func.coalesce(sa.func.max(OfferGroup.id), 0))) or 0
    numbered = [row | {"id": row.get("id") or first + at} for at, row in enumerate(made, 1)]
    db.session().execute(sa.insert(OfferGroup), numbered)
    said = sorted({word for row in made for word in reading.words(row["search"])})
    known = set(db.session().scalars(sa.select(OfferWord.word)))
    db.session().execute(sa.insert(OfferWord), [{"word": word} for word in said if word not in known])
