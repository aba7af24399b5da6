"""Makers, model codes, kinds and how sure they are: literal tables."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from reuse_market.equipment import readable as codes
from reuse_market.fleets.reading import propose, read_table
from reuse_market.fleets.reading.kinds import KINDS, kind_of_chassis
from reuse_market.fleets.reading.makers import canonical_maker
from reuse_market.fleets.reading.naming import Corrected, Named, by_rules, confidence, named, spelling
from reuse_market.fleets.reading.report import Record
from reuse_market.fleets.reading.verdict import Surroundings, verdicts

MAKERS = {
    "Dell": "Dell Inc. | DELL | dell | Dell Computer Corporation | Dell EMC | DEL",
    "HP": "HP | HP Inc. | Hewlett-Packard | HEWLETT PACKARD | Hewlett-Packard Company | Compaq | HPQ | HWP",
    "HPE": "HPE | Hewlett Packard Enterprise",
    "Lenovo": "LENOVO | Lenovo | Lenovo Group Limited | LEN",
    "Fujitsu": "FUJITSU | FUJITSU SIEMENS | Fujitsu Client Computing Limited",
    "Apple": "Apple | Apple Inc. | APPLE COMPUTER, INC.",
    "Samsung": "SAMSUNG | Samsung Electronics Co., Ltd. | SAMSUNG ELECTRONICS CO., LTD. | SAM",
    "Acer": "Acer | ACER INC. | Acer Incorporated | ACR",
    "Packard Bell": "Packard Bell | Packard-Bell | PACKARD BELL BV",
    "Asus": "ASUS | ASUSTeK COMPUTER INC. | ASUSTek",
    "Toshiba": "TOSHIBA | Toshiba Client Solutions Co., Ltd.",
    "Dynabook": "Dynabook Inc. | DYNABOOK",
    "Microsoft": "Microsoft Corporation | Microsoft",
    "Cisco": "Cisco | Cisco Systems, Inc. | CISCO SYSTEMS | Cisco Meraki",
    "Brother": "Brother | Brother Industries, Ltd.",
    "Canon": "Canon | Canon Inc. | CANON FRANCE",
    "Epson": "EPSON | Seiko Epson Corporation | Seiko Epson Corp.",
    "Iiyama": "iiyama | Iiyama North America | IVM",
    "AOC": "AOC | AOC International (USA) Ltd.",
    "LG": "LG | LG Electronics | LG Electronics Inc. | GSM | GoldStar",
    "BenQ": "BenQ | BenQ Corporation | BNQ",
    "Société Exemple": "Société Exemple",
    "": " | ",
}
MODELS = """
LENOVO | 20L5CTO1WW | Lenovo | ThinkPad T480
Lenovo | 20l5s0a500 | Lenovo | ThinkPad T480
 | 20L5CTO1WW | Lenovo | ThinkPad T480
Lenovo | ThinkPad T480 20L5CTO1WW | Lenovo | ThinkPad T480
Lenovo | 20L5 | Lenovo | ThinkPad T480
IBM | 20B6006EFR | Lenovo | ThinkPad T440
LENOVO | 20T0CTO1WW | Lenovo | ThinkPad T14s Gen 1
LENOVO | 21HDCTO1WW | Lenovo | ThinkPad T14 Gen 4
LENOVO | 10T8S08X00 | Lenovo | ThinkCentre M720q
Lenovo | ThinkPad T480s (20L5) | Lenovo | ThinkPad T480s (20L5)
Lenovo | 20ZZS00000 | Lenovo | 20ZZS00000
Dell Inc. | 20L5CTO1WW | Dell | 20L5CTO1WW
 | 20L5 |  | 20L5
 | 2000000000 |  | 2000000000
Apple Inc. | MacBookPro15,1 | Apple | MacBook Pro (15-inch, 2018-2019)
 | iMac19,1 | Apple | iMac (Retina 5K, 27-inch, 2019)
Apple | iPhone12,1 | Apple | iPhone 11
Apple | Mac99,9 | Apple | Mac99,9
 | Latitude 5400 | Dell | Latitude 5400
HP | HP EliteBook 840 G5 | HP | HP EliteBook 840 G5
"""
CONFIDENCE = """
laptop | Dell | Latitude 5400 | sure
desktop | Dell | Latitude 5400 | unsure
laptop | Lenovo | 20L5CTO1WW | sure
desktop | Lenovo | ThinkPad T480 | unsure
monitor | Dell | P2419H | likely
laptop | Exemple | Boîte 3 | likely
other | Exemple | Boîte 3 | unsure
workstation | HP | ZBook 15 G5 | likely
printer | Brother | MFC-L2710DW | likely
all_in_one | Apple | iMac19,1 | sure
desktop | Apple | iMac19,1 | unsure
smartphone | Apple | iPhone 11 | sure
"""


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines()]


def test_makers_have_one_name() -> None:
    wanted = {text.strip(): name for name, texts in MAKERS.items() for text in texts.split(" | ")}
    assert len(wanted) > 60
    assert {text: canonical_maker(text) for text in wanted} == wanted


def test_model_codes_become_names_or_stay() -> None:
    rows = cells(MODELS)
    assert [[a, b, *by_rules(a, b)] for a, b, _, _ in rows] == rows
    assert [name for _, _, _, name in rows if codes.is_code(name)] == ["20ZZS00000", "20L5CTO1WW", "Mac99,9"]


def test_how_sure_a_kind_is() -> None:
    rows = cells(CONFIDENCE)
    assert [[kind, maker, model, confidence(kind, maker, model)] for kind, maker, model, _ in rows] == rows


def test_chassis_numbers_are_asked_after_the_model() -> None:
    told = {"3": "desktop", "9": "laptop", "10": "laptop", "{10}": "laptop", "13": "all_in_one", "17": "server",
            "30": "tablet", "35": "desktop", "": "", "1": "", "99": "", "310": "", "portable": ""}  # fmt: skip
    assert {text: kind_of_chassis(text) for text in told} == told
    table = read_table(
        "Modèle;Numéro de série;Type\nBoîte;A1;10\nLatitude 5400;A2;3\nBoîte;A3;77\n".encode(), "p.csv"
    )
    found = list(
        verdicts(
            table, propose(table.header, table.sample()), Surroundings(), today=dt.date(2026, 1, 1), notes=[]
        )
    )
    assert [one.kind if isinstance(one, Record) else None for one in found] == ["laptop", "laptop", None]


def test_a_correction_goes_before_type_and_rules() -> None:
    said = {
        spelling("LENOVO", "20L5CTO1WW"): Corrected("tablet", "Exemple", "Brut"),
        spelling("Lenovo", "ThinkPad T490"): Corrected("laptop", "Exemple", "Lu"),
    }
    assert named("Lenovo", "20l5cto1ww", said) == Named("Exemple", "Brut", "tablet")
    assert named("LENOVO", "20N2CTO1WW", said) == Named("Exemple", "Lu", "laptop")  # as the rules read it
    assert named("LENOVO", "20N2CTO1WW", {}) == Named("Lenovo", "ThinkPad T490")
    assert (
        spelling("HP", "HP EliteBook 840-G5") == spelling("hp", "elitebook 840 g5") != spelling("", "840 g5")
    )


@pytest.mark.parametrize(
    ("name", "key"), [("lenovo_types", "machine_type"), ("apple_identifiers", "identifier")]
)
def test_each_code_stands_once_with_its_kind_and_source(name: str, key: str) -> None:
    with (Path(codes.__file__).with_name("data") / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row[key].casefold() for row in rows}) == len(rows) > 100
    assert {row["kind"] for row in rows} <= set(KINDS)
    assert all(row["name"] and row["source"] for row in rows)
    read = {
        row[key]: codes.readable("Lenovo" if name == "lenovo_types" else "Apple", row[key]) for row in rows
    }
    assert {code: known and known.name for code, known in read.items()} == {
        row[key]: row["name"] for row in rows
    }
