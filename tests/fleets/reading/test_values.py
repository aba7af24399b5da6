"""Cells as inventories write them."""

from __future__ import annotations

import datetime as dt

import pytest

from reuse_market.fleets.reading.dates import order_of, read_date
from reuse_market.fleets.reading.kinds import KINDS, kind_of_model, kind_of_type, virtual_sign
from reuse_market.fleets.reading.makers import canonical_maker, maker_of_model
from reuse_market.fleets.reading.sizes import screen_tenths, size_mb
from reuse_market.fleets.reading.values import (
    is_gone,
    is_leased,
    is_placeholder,
    ownership_fault,
    said,
    serial_fault,
    serial_key,
)

TODAY = dt.date(2026, 1, 15)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Portable", "laptop"),
        ("Notebook", "laptop"),
        ("Ordinateur portable", "laptop"),
        ("Laptop", "laptop"),
        ("Station de travail mobile", "laptop"),
        ("Ordinateur de bureau", "desktop"),
        ("Tour", "desktop"),
        ("Tél. portable", "smartphone"),
        ("Tél. fixe", "desk_phone"),
        ("Poste nomade", "laptop"),
        ("PC mobile", "laptop"),
        ("PC port.", "laptop"),
        ("UC + écran", "desktop"),
        ("Écran et unité centrale", "desktop"),
        ("Écran PC", "monitor"),
        ("iMac", "all_in_one"),
        ("Mac mini", "desktop"),
        ("VPI", "projector"),
        ("Clavier", None),
        ("Onduleur", "other"),
        ("Ordi", ""),
        ("Mini Tower", "desktop"),
        ("Low Profile Desktop", "desktop"),
        ("All-in-One", "all_in_one"),
        ("Tout-en-un", "all_in_one"),
        ("Écran", "monitor"),
        ("Moniteur LCD", "monitor"),
        ("Tablette", "tablet"),
        ("Smartphone", "smartphone"),
        ("Téléphone portable", "smartphone"),
        ("Téléphone IP", "desk_phone"),
        ("Client léger", "thin_client"),
        ("Imprimante laser", "printer"),
        ("Copieur multifonction", "multifunction"),
        ("Vidéoprojecteur", "projector"),
        ("Commutateur", "network_device"),
        ("Station d'accueil", "dock"),
        ("Serveur", "server"),
        ("Rack Mount Chassis", "server"),
        ("Station de travail", "workstation"),
        ("all_in_one", "all_in_one"),
        ("Ordinateur", ""),
        ("", ""),
        ("Roofing (Metal)", None),
    ],
)
def test_kind_of_type(text: str, kind: str | None) -> None:
    assert kind_of_type(text) == kind
    assert kind in (*KINDS, "", None)


@pytest.mark.parametrize(
    ("model", "maker", "kind"),
    [
        ("Latitude 5400", "Dell", "laptop"),
        ("HP ProDesk 600 G4 DM", "HP", "desktop"),
        ("20L5CTO1WW", "Lenovo", "laptop"),
        ("10T7004MFR", "Lenovo", "desktop"),
        ("P2419H", "Dell", "monitor"),
        ("OptiPlex 7450 AIO", "Dell", "all_in_one"),
        ("Precision 3551", "Dell", "laptop"),
        ("Precision 3630 Tower", "Dell", "workstation"),
        ("iPad Air", "Apple", "tablet"),
        ("Color LaserJet MFP M281", "HP", "multifunction"),
        ("LaserJet P2055dn", "HP", "printer"),
        ("HP t530 Thin Client", "HP", "thin_client"),
        ("Galaxy S9", "Samsung", "smartphone"),
        ("Excavator", "", ""),
        ("MacBookPro14,1", "Apple", "laptop"),
        ("Wyse 5070", "Dell", "thin_client"),
        ("ProLite XUB2492HSU", "", "monitor"),
    ],
)
def test_kind_of_model(model: str, maker: str, kind: str) -> None:
    assert kind_of_model(model, maker) == kind


def test_makers_have_one_name() -> None:
    for text, name in {
        "Dell Inc.": "Dell",
        "LENOVO": "Lenovo",
        "Hewlett-Packard": "HP",
        "HP Inc.": "HP",
        "ASUSTeK COMPUTER INC.": "Asus",
        "Apple Inc.": "Apple",
        "Exemple SA": "Exemple SA",
    }.items():
        assert canonical_maker(text) == name
    assert maker_of_model("Latitude 5400") == "Dell"
    assert maker_of_model("HP ProDesk 600") == "HP"
    assert maker_of_model("Excavator") == ""


@pytest.mark.parametrize(
    "text",
    [
        "QEMU",
        "VMware Virtual Platform",
        "VirtualBox",
        "Virtual Machine",
        "Machine virtuelle",
        "Hyper-V",
        "KVM",
        "VMware",
    ],
)
def test_virtual_machines_show(text: str) -> None:
    assert virtual_sign("", text) == text
    assert not virtual_sign("Dell Inc.", "Latitude 5400", "Switch KVM 8 ports")


@pytest.mark.parametrize(
    "text",
    [
        "To be filled by O.E.M.",
        "Default string",
        "0",
        "None",
        "N/A",
        "System Serial Number",
        "0000000000",
        "XXXXXXX",
        "-",
        "....",
        "aucun",
        "1234567890",
        " ",
    ],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


def test_what_is_no_placeholder() -> None:
    assert not is_placeholder("7GHK5X2")
    assert (said("B"), said("77"), said("000"), said("Default string")) == ("B", "77", "", "")


def test_serials() -> None:
    assert (
        serial_fault("6.37702E+15")
        == serial_fault("6,37702E+15")
        == serial_fault("6E+15")
        == "serial_scientific"
    )
    assert serial_fault("#########") == "serial_error"
    assert serial_fault("5E12") == serial_fault("7GHK5X2") == ""
    assert serial_key(" 7ghk 5x2", "Dell") == serial_key("7GHK5X2", "DELL") != serial_key("7GHK5X2", "HP")


@pytest.mark.parametrize(
    ("text", "label", "binary", "size"),
    [
        ("8192", "RAM (Mo)", True, 8192),
        ("8", "RAM", True, 8192),
        ("16 Go", "RAM", True, 16384),
        ("7,9 Go", "RAM", True, 8089),
        ("8388608", "Details_Table0_MemoryKBytes", True, 8192),
        ("8192\n8192", "Mémoire", True, 16384),
        ("2 x 8 Go", "RAM", True, 16384),
        ("16 384 Mo", "RAM", True, 16384),
        ("17179869184", "RAM", True, 16384),
        ("256", "Stockage", False, 256_000),
        ("238 Gio", "Stockage", False, 255_550),
        ("1 To", "Stockage", False, 1_000_000),
        ("243711", "Total storage", False, 243_711),
        ("SSD 512 Go", "", False, 512_000),
        ("256SSD", "DD", False, 256_000),
        ("256 Go SSD + 1 To HDD", "DD", False, 1_256_000),
        ("8+8 Go", "RAM", True, 16384),
        ("beaucoup", "RAM", True, None),
        ("0", "RAM", True, None),
    ],
)
def test_sizes(text: str, label: str, binary: bool, size: int | None) -> None:
    assert size_mb(text, label, binary=binary) == size


def test_screens() -> None:
    assert [screen_tenths(t) for t in ("24.00", '23,8"', "61 cm", "13 pouces", "0", "9999", "?")] == [
        240,
        238,
        240,
        130,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2020-03-10", "dmy", (2020, 3, 10)),
        ("2020-03-10 08:14", "dmy", (2020, 3, 10)),
        ("2020-03-10T08:14:00Z", "dmy", (2020, 3, 10)),
        ("10/03/2020", "dmy", (2020, 3, 10)),
        ("10.03.20", "dmy", (2020, 3, 10)),
        ("10-03-2020 08:14", "dmy", (2020, 3, 10)),
        ("3/10/20", "mdy", (2020, 3, 10)),
        ("43900", "dmy", (2020, 3, 10)),
        ("10 mars 2020", "dmy", (2020, 3, 10)),
        ("1er août 2020", "dmy", (2020, 8, 1)),
        ("Mar 10, 2020", "dmy", (2020, 3, 10)),
        ("20200310", "dmy", (2020, 3, 10)),
        ("1/2/98", "dmy", (1998, 2, 1)),
        ("03/2020", "dmy", (2020, 3, 1)),
        ("févr.-20", "dmy", (2020, 2, 1)),
        ("vendredi 3 avril 2020", "dmy", (2020, 4, 3)),
        ("2020", "dmy", (2020, 1, 1)),
    ],
)
def test_dates(text: str, order: str, day: tuple[int, int, int]) -> None:
    read = read_date(text, order=order, today=TODAY)
    assert read is not None
    assert read.day == dt.date(*day)


@pytest.mark.parametrize("text", ["31/02/2020", "hier", "31/02/20XX", "####", "2020-13-40", "99999999"])
def test_what_is_no_date(text: str) -> None:
    assert read_date(text, today=TODAY) is None


@pytest.mark.parametrize("text", ["", "0000-00-00", "-", "N/A", "1900-01-00"])
def test_blank_dates(text: str) -> None:
    read = read_date(text, today=TODAY)
    assert read is not None
    assert read.day is None


def test_the_order_of_day_and_month_is_read_off_the_column() -> None:
    assert order_of(["1/2/23", "1/23/23"]) == "mdy"
    assert order_of(["1/2/23", "23/1/23"]) == "dmy"
    assert order_of(["1/2/23", "2023-01-23"]) is None


def test_words_of_ownership_and_status() -> None:
    assert [
        ownership_fault(t)
        for t in ("Corporate", "Entreprise", "Personal", "Personnel", "BYOD", "Unknown", "Loué")
    ] == [
        "",
        "",
        "personally_owned",
        "personally_owned",
        "personally_owned",
        "ownership_unknown",
        "leased",
    ]
    assert is_leased("En location")
    assert not is_leased("Fin de location - racheté")
    assert is_gone("Volé")
    assert not is_gone("À donner")
    assert not is_gone("Réformé")
