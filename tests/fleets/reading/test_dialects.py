"""Exports of each tool, and every way its dialect may be written: the same devices each time."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.fleets.reading.agent_files import shown

ENGLISH = {
    "Nom": "Name", "Entité": "Entity", "Statut": "Status", "Fabricant": "Manufacturer",
    "Numéro de série": "Serial number", "Type": "Type", "Modèle": "Model",
    "Système d'exploitation - Nom": "Operating System - Name", "Lieu": "Location",
    "Dernière modification": "Last update", "Composants - Processeur": "Components - Processor",
    "Numéro d'inventaire": "Inventory number", "Usager": "Alternate username", "Commentaires": "Comments",
}  # fmt: skip


@dataclass(frozen=True)
class Export:
    """What a tool writes: its rows, and what has to be read: kind, maker, model, serial and more by name."""

    format: str
    header: list[str]
    rows: list[list[str]]
    good: list[tuple[str | None, ...]]
    told: dict[str, Any] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    delimiter: str = ","
    preamble: tuple[str, ...] = ()


GLPI = Export(
    "glpi-csv",
    list(ENGLISH)[:12] + ["Usager"],
    [
        ["PC-1", "Mairie > DSI", "Réformé", "Dell Inc.", "GEX0001", "Portable", "Latitude 5400", "Windows 10",
         "A > B > C", "2025-06-12 08:14", "Intel i5-8265U\nIntel i5-8265U", "INV-1", "Élève"],
        ["PC-2", "Mairie", "En service", "HP", "GEX0002", "Ordinateur de bureau", 'ProDesk 600; "G4"', "",
         "", "", "", "INV-2", ""],
        ["VM", "Mairie", "En service", "QEMU", "", "Autre", "Standard PC", "", "", "", "", "", ""],
    ],
    [("laptop", "Dell", "Latitude 5400", "GEX0001"), ("desktop", "HP", 'ProDesk 600; "G4"', "GEX0002")],
    {"site": "A > B > C", "status": "Réformé", "cpu": "Intel i5-8265U", "asset_tag": "INV-1"},
    ("virtual_machine",),
    ("Usager",),
    ";",
)  # fmt: skip
EXPORTS: dict[str, Export] = {
    "glpi fr": GLPI,
    "glpi en": Export(
        "glpi-csv",
        [ENGLISH[label] for label in GLPI.header],
        [[cell.replace("Portable", "Laptop").replace("Ordinateur de bureau", "Desktop") for cell in row]
         for row in GLPI.rows],
        GLPI.good, GLPI.told, GLPI.aside, ("Alternate username",), ";",
    ),
    "ocs": Export(
        "ocs-csv",
        ["Account info: TAG", "Dernier inventaire", "Machine", "Utilisateur connecté", "Systeme", "RAM (Mo)",
         "CPU (MHz)", "Domaine", "Fabricant", "Modèle", "BIOS Numéro de série", "Adresse IP"],
        [["DSI", "2025-06-10 09:12:44", "PC-1", "exemple", "Microsoft Windows 10 Pro", "8192", "1600", "EX",
          "LENOVO", "ThinkPad T480", "OEX1", "192.0.2.1"],
         ["DSI", "2025-06-10 09:12:44", "VM-1", "exemple", "Debian", "2048", "1600", "EX",
          "VMware, Inc.", "VMware Virtual Platform", "VMware-56 4d", "192.0.2.2"]],
        [("laptop", "Lenovo", "ThinkPad T480", "OEX1")],
        {"ram_mb": 8192, "os": "Microsoft Windows 10 Pro", "entity": "DSI", "hostname": "PC-1"},
        ("virtual_machine",), ("Utilisateur connecté", "Adresse IP"), ";",
    ),
    "sccm": Export(
        "sccm-csv",
        [f"Details_Table0_{name}" for name in (
            "ComputerName", "SMSSiteName", "TopConsoleUser", "OperatingSystem", "SerialNumber", "AssetTag",
            "Manufacturer", "Model", "MemoryKBytes", "ProcessorGHz", "DiskSpaceMB", "FreeDiskSpaceMB")],
        [["PC-1", "EX1", "EX\\exemple", "Windows 10", "SEX1", "No Asset Tag", "Dell Inc.", "OptiPlex 7050",
          "16777216", "3.4", "244198", "1000"]],
        [("desktop", "Dell", "OptiPlex 7050", "SEX1")],
        {"ram_mb": 16384, "storage_mb": 244198, "asset_tag": None, "site": "EX1"},
        dropped=("Details_Table0_TopConsoleUser",),
        preamble=("Hardware 01A", "Textbox2,Textbox3", ""),
    ),
    "lansweeper": Export(
        "lansweeper",
        ["AssetID", "AssetName", "PurchaseDate", "State", "AssetTypename", "Manufacturer", "Model",
         "Serialnumber", "Contact", "Purchase Cost", "Vendor", "Lastseen", "Lasttried"],
        [["1", "PC-1", "03/04/2020", "Non-active", "Windows", "Dell", "Latitude 5400", "LEX1", "exemple", "9",
          "V", "03/01/2025", "03/02/2025"],
         ["2", "VM-1", "03/04/2020", "Active", "Windows", "Microsoft Corporation", "Virtual Machine",
          "0000-0002", "exemple", "9", "V", "03/01/2025", "03/02/2025"]],
        [("laptop", "Dell", "Latitude 5400", "LEX1")],
        {"bought_on": "2020-03-04", "hostname": "PC-1"}, ("virtual_machine",), ("Contact",),
    ),
    "intune": Export(
        "intune-csv",
        ["Device ID", "Device name", "Last check-in", "Microsoft Entra Device ID", "OS version",
         "Serial number", "Manufacturer", "Model", "IMEI", "Total storage", "Free storage", "Management name",
         "Primary user UPN", "Primary user email address", "Primary user display name", "Ownership", "OS",
         "Phone number", "EthernetMAC"],
        [["a", "PC-1", "2025-03-01", "b", "10.0", "IEX1", "Microsoft Corporation", "Surface Laptop 4", "",
          "243712", "1000", "exemple_Windows", "x@exemple.fr", "x@exemple.fr", "X", "Corporate", "Windows", "", ""],
         ["c", "TEL", "2025-03-01", "d", "17", "IEX2", "Apple", "iPhone 12", "350000000000000", "61035", "1",
          "exemple_iOS", "x@exemple.fr", "x@exemple.fr", "X", "Personal", "iOS", "+33100000000", ""]],
        [("laptop", "Microsoft", "Surface Laptop 4", "IEX1")],
        {"storage_mb": 243712, "ownership": "Corporate"}, ("personally_owned",),
        ("IMEI", "Management name", "Primary user UPN", "Primary user email address",
         "Primary user display name", "Phone number", "EthernetMAC"),
    ),
    "jamf search": Export(
        "jamf",
        ["Computer Name", "Asset Tag", "Serial Number", "Model", "Model Identifier", "Last Check-in",
         "Username", "Email Address", "IP Address", "Total RAM MB", "Boot Drive Capacity MB",
         "Processor Type", "Lease Expiration"],
        [["MAC-1", "T1", "JEX1", "MacBook Pro (13-inch, 2020)", "MacBookPro16,3", "2025-01-01", "exemple",
          "x@exemple.fr", "192.0.2.3", "8192", "250000", "Quad-Core Intel Core i5", ""],
         ["MAC-2", "T2", "JEX2", "iMac (24-inch)", "iMac21,1", "2025-01-01", "exemple", "x@exemple.fr",
          "192.0.2.3", "8192", "250000", "Apple M1", "2031-12-31"]],
        [("laptop", "Apple", "MacBook Pro (13-inch, 2020)", "JEX1")],
        {"ram_mb": 8192, "storage_mb": 250000, "asset_tag": "T1"}, ("leased_until",),
        ("Username", "Email Address", "IP Address"),
    ),
    "snipe-it": Export(
        "snipe-it",
        ["Asset Name", "Asset Tag", "Serial", "Model", "Model No.", "Category", "Manufacturer", "Status",
         "Checked Out To", "Employee No.", "Location", "Purchase Date", "Purchase Cost", "EOL", "Notes"],
        [["PC-1", "AT1", "NEX1", 'Macbook Pro 13""', "5", "Laptops", "Apple", "Ready to Deploy", "Exemple",
          "12", "Mairie", "3/25/20", "900", "", "n"]],
        [("laptop", "Apple", 'Macbook Pro 13""', "NEX1")],
        {"bought_on": "2020-03-25", "asset_tag": "AT1", "site": "Mairie"},
        dropped=("Checked Out To", "Employee No.", "Notes"),
    ),
    "shelf": Export(
        "shelf",
        ["title", "description", "kit", "category", "location", "custodian", "cf: Serial number,type:text",
         "cf: Manufacturer,type:text"],
        [["Latitude 5400", "d", "", "Laptop", "Mairie", "Exemple", "HEX1", "Dell"]],
        [("laptop", "Dell", "Latitude 5400", "HEX1")],
        {"site": "Mairie"}, dropped=("description", "custodian"),
    ),
    "ereuse": Export(
        "ereuse-csv",
        ["Model", "Manufacturer", "Serial Number", "Part Number", "Id device Supplier", "Id device Internal",
         "Pallet", "Info"],
        [["Latitude 5400", "Dell", "REX1", "P", "S1", "I1", "PAL", "texte"]],
        [("laptop", "Dell", "Latitude 5400", "REX1")], dropped=("Info",), delimiter=";",
    ),
    "ereuse delivery": Export(
        "ereuse-csv",
        ["Box", "", "Nº Inventary", "Type of device", "Sub Type", "Brand", "Model", "serial number"],
        [["B1", "", "INV-1", "Laptop", "Netbook", "Dell", "Latitude 5400", "DEX1"]],
        [("laptop", "Dell", "Latitude 5400", "DEX1")], {"asset_tag": "INV-1"}, delimiter=";",
    ),
}  # fmt: skip
CODECS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")
EXTRA = ("Champ libre", "Couleur du boîtier")


def written(export: Export, chance: random.Random, plain: bool) -> tuple[bytes, str]:
    """The export written in one of its many ways, and how."""
    delimiter = export.delimiter if plain else chance.choice(",;\t|")
    quoting = csv.QUOTE_ALL if plain else chance.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))
    eol, trailing = ("\r\n", False) if plain else (chance.choice(("\r\n", "\n", "\r")), chance.random() < 0.4)
    quoting = csv.QUOTE_ALL if eol == "\r" else quoting  # the writer would leave a line feed in a cell bare
    codec = "utf-8" if plain else chance.choice(CODECS)
    order = list(range(len(export.header)))
    extra = () if plain else EXTRA[: chance.randrange(3)]
    if not plain:
        chance.shuffle(order)
    out = io.StringIO()
    out.write("".join(line + eol for line in export.preamble))
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=eol)
    for number, row in enumerate([export.header, *export.rows]):
        cells = [row[place] for place in order] + [("x", label)[number == 0] for label in extra]
        writer.writerow(cells + [""] * trailing)
    how = f"{delimiter!r} {quoting} {eol!r} trailing={trailing} {codec} +{len(extra)} {order}"
    wrapped = None if plain else chance.choice((None, None, "gz", "zip"))
    return wrap(out.getvalue().encode(codec, "replace"), wrapped), f"{how} {wrapped}"


def wrap(data: bytes, wrapped: str | None) -> bytes:
    if wrapped == "gz":
        return gzip.compress(data)
    if wrapped is None:
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.csv", data)
    return out.getvalue()


@pytest.mark.parametrize("name", EXPORTS)
def test_every_variant_of_a_dialect_reads_alike(name: str) -> None:
    export, chance = EXPORTS[name], random.Random(name)
    for turn in range(40):
        data, how = written(export, chance, plain=turn == 0)
        report = shown(data, "inventaire")
        assert report["format"] == export.format, how
        assert [(g["kind"], g["maker"], g["model"], g["serial"]) for g in report["good"]] == export.good, how
        first = report["good"][0]
        assert {key: first[key] for key in export.told} == export.told, how
        assert tuple(s["code"] for s in report["set_aside"]) == export.aside, how
        assert not report["to_correct"], how
        assert set(report["dropped_columns"]) == set(export.dropped), how
        assert first["row"] == 2 + len(export.preamble), how


def test_dates_in_four_orders_and_what_spreadsheets_destroy() -> None:
    def bought(*cells: str) -> list[str | None]:
        rows = "".join(f"Latitude 5400;EX{n};{cell}\n" for n, cell in enumerate(cells))
        return [g["bought_on"] for g in shown("Modèle;Numéro de série;Date d'achat\n" + rows)["good"]]

    assert bought("2020-03-04", "2020-12-25") == ["2020-03-04", "2020-12-25"]
    assert bought("04/03/2020", "25/12/2020") == ["2020-03-04", "2020-12-25"]
    assert bought("03/04/2020", "12/25/2020") == ["2020-03-04", "2020-12-25"]
    assert bought("2020/03/04 00:00:00", "20201225") == ["2020-03-04", "2020-12-25"]
    assert bought("4 mars 2020", "44190") == ["2020-03-04", "2020-12-25"]
    damaged = shown("Modèle;Numéro de série\nLatitude 5400;6,37702E+15\nLatitude 5400;#N/A\n")
    assert [c["code"] for c in damaged["to_correct"]] == ["serial_scientific", "serial_error"]


PLACEHOLDERS = (
    "Default string", "To be filled by O.E.M.", "0", "0000000", "None", "System Serial Number", "123456789",
    "N/A", "Not Specified", "XXXXXXX", "........", "Chassis Serial Number", "INVALID", "Not Applicable",
    "OEM", "unknown", "Base Board Serial Number", "Sans numéro", "sans objet", "-", "NULL", "01234567890123456789",
    "Serial Number", "1111111111", "non renseigné", "To Be Filled By O.E.M. by More String",
)  # fmt: skip


@pytest.mark.parametrize("serial", PLACEHOLDERS)
def test_placeholders_are_no_serial_numbers(serial: str) -> None:
    report = shown(
        f'Modèle;Fabricant;Numéro de série\nLatitude 5400;Dell;"{serial}"\nLatitude 5400;Dell;"{serial}"\n'
    )
    assert [(g["serial"], g["warnings"][0]["code"]) for g in report["good"]] == [
        (None, "placeholder_serial")
    ] * 2
