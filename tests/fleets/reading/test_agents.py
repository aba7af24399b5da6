"""Inventories that agents write, in every wrapping they come in."""

from __future__ import annotations

import copy
import gzip
import io
import json
import zipfile
import zlib
from typing import Any

import pytest

from reuse_market.fleets.reading import Unreadable
from tests.fleets.reading.agent_files import (
    FUSION,
    OCS,
    SCRIPT,
    WORKBENCH,
    edid,
    glpi,
    shown,
    swept,
    told,
)

FIELDS = ("kind", "maker", "model", "serial", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os")
LATITUDE = ("laptop", "Dell", "Latitude 5400")


def packed(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name if name[0] == "_" else name.replace("__", "."), data)
    return out.getvalue()


def upper(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).upper(): upper(inner) for key, inner in value.items()}
    return [upper(one) for one in value] if isinstance(value, list) else value


def test_each_agent_tells_the_same_things() -> None:
    i5 = "Intel(R) Core(TM) i5-8265U CPU @ 1.60GHz"
    report = shown(json.dumps(glpi()))
    assert (report["format"], report["records"]) == ("glpi-json", 1)
    assert report["dropped_columns"] == ["IP address", "MAC address", "Users"]
    assert (report["good"][0]["asset_tag"], report["good"][0]["entity"], report["good"][0]["hostname"]) == (
        "INV-2019-1",
        "Mairie d'Exemple",
        "PC-EXEMPLE",
    )
    assert "exemple" not in json.dumps(report).replace("pc-exemple", "").replace("d'Exemple", "")
    assert told(json.dumps(glpi()), *FIELDS) == [
        (1, *LATITUDE, "EX0001", i5, 8192, 256060, None, "Microsoft Windows 11 Professionnel")
    ]
    assert shown(FUSION)["format"] == "fusion-xml"
    assert told(FUSION, *FIELDS, "hostname", "entity") == [
        (1, "laptop", "Lenovo", "ThinkPad T480", "PF0EXEMP", "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", 16384,
         512110, None, None, "PORTABLE-É", "Exemple")
    ]  # fmt: skip
    assert shown(OCS)["format"] == "ocs-xml"
    assert told(OCS, *FIELDS, "asset_tag") == [
        (1, "desktop", "HP", "HP EliteDesk 800 G2 SFF", "CZC000EX01",
         "Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz", 8192, 500107, None, "Microsoft Windows 10 Pro", "INV-77")
    ]  # fmt: skip
    assert shown(json.dumps(WORKBENCH))["format"] == shown(json.dumps(SCRIPT))["format"] == "ereuse-json"
    assert told(json.dumps(WORKBENCH), *FIELDS) == [
        (1, "all_in_one", "HP", "EliteOne 800 G3", "CZC000EX02", "Intel Core i5-7500 CPU @ 3.40GHz", 8192,
         256060, 238, None)
    ]  # fmt: skip
    assert told(json.dumps(SCRIPT), *FIELDS) == [
        (1, "laptop", "Lenovo", "ThinkPad T460", "PC0EXEMP", "Intel(R) Core(TM) i5-6300U CPU @ 2.40GHz", 8192,
         240057, None, None)
    ]  # fmt: skip


def wrappings() -> dict[str, bytes]:
    """The same three computers, in every wrapping."""
    three = [glpi(f"EX{n}") for n in range(3)]
    bare = [{**one["content"], "deviceid": "x"} for one in three]
    lines = "\n".join(json.dumps(one) for one in three)
    without = [{key: one[key] for key in ("content",)} for one in three]
    whole = json.dumps(three)
    one_bios = [
        {**one, "content": {**one["content"], "bios": [one["content"]["bios"]]}}
        for one in copy.deepcopy(three)
    ]
    return {
        "a list": whole.encode(),
        "indented": json.dumps(three, indent=4).encode(),
        "one a line": lines.encode(),
        "one a line, CRLF": lines.replace("\n", "\r\n").encode(),
        "one after the other": lines.replace("\n", "").encode(),
        "an answer of a program": json.dumps({"total": 3, "results": {"items": three}}).encode(),
        "one under each number": json.dumps({str(n): one for n, one in enumerate(three)}).encode(),
        "keys in capitals": json.dumps(upper(three)).encode(),
        "content at the top": json.dumps(bare).encode(),
        "content alone": json.dumps(without).encode(),
        "bios in a list": json.dumps(one_bios).encode(),
        "byte order mark": b"\xef\xbb\xbf" + whole.encode(),
        "UTF-16, as PowerShell writes": whole.encode("utf-16"),
        "cp1252": json.dumps(three, ensure_ascii=False).encode("cp1252"),
        "gz": gzip.compress(whole.encode()),
        "zip of one": packed(parc__json=whole),
        "zip of three": packed(**{f"d/pc{n}__json": json.dumps(one) for n, one in enumerate(three)}),
        "zip with a readme": packed(pc__json=whole, LISEZMOI__txt="bonjour", **{"__MACOSX/pc": "x"}),
    }


@pytest.mark.parametrize("name", wrappings())
def test_every_wrapping_of_json_reads_alike(name: str) -> None:
    found = [row[:-1] for row in told(wrappings()[name], "kind", "maker", "model", "serial", "ram_mb")]
    assert found == [(n + 1, *LATITUDE, f"EX{n}") for n in range(3)]


def xml_wrappings() -> dict[str, bytes]:
    three = [FUSION.replace("PF0EXEMP", f"PF{n}") for n in range(3)]
    bodies = [text.partition("?>")[2] for text in three]
    spaced = (
        "".join(bodies)
        .replace("<", "<g:")
        .replace("<g:/", "</g:")
        .replace("<g:REQUEST", '<g:REQUEST xmlns:g="urn:x"')
    )
    return {
        "one after the other": "".join(three).encode(),
        "in a root": f"<REPORTS>{''.join(bodies)}</REPORTS>".encode(),
        "small letters": "".join(three).replace("\xc9", "É").lower().replace("pf", "PF").encode(),
        "with a namespace": f"<all>{spaced}</all>".encode(),
        "attributes": "".join(bodies)
        .replace("<BIOS>", '<BIOS ID="1">')
        .replace("<SSN>", '<SSN lang="fr">')
        .encode(),
        "one line": "".join(bodies).replace("\n", "").encode(),
        "ISO-8859-1": "".join(three).replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        "UTF-8 that is cp1252": "".join(three).encode("cp1252"),
        "byte order mark": b"\xef\xbb\xbf" + "".join(three).encode(),
        "comments": b"<!-- agent -->" + "".join(bodies).encode(),
        "zlib, as OCS leaves it": zlib.compress("".join(three).encode()),
        "zip": packed(**{f"pc{n}__ocs": text for n, text in enumerate(three)}),
    }


@pytest.mark.parametrize("name", xml_wrappings())
def test_every_wrapping_of_xml_reads_alike(name: str) -> None:
    found = told(xml_wrappings()[name], "kind", "maker", "serial", "ram_mb", "storage_mb")
    assert found == [(n + 1, "laptop", "Lenovo", f"PF{n}", 16384, 512110) for n in range(3)]


def test_what_is_no_device_of_the_holder_and_what_is_beside_the_computer() -> None:
    panel = {"manufacturer": "Sharp Corporation", "caption": "LQ133", "serial": "A1", "base64": edid(29, 17)}
    screen = {
        "manufacturer": "Dell Inc.",
        "caption": "DELL P2419H",
        "serial": "CN0EX01",
        "base64": edid(53, 30),
    }
    nameless = {"manufacturer": "Dell Inc.", "caption": "DELL P2419H", "serial": "00000000"}
    tower = {"chassis_type": "Tower", "vmsystem": "Physical", "name": "T"}
    documents = [
        glpi("EX1", monitors=[panel, screen]),
        glpi("EX2", hardware=tower, monitors=[screen, nameless]),
        glpi("EX3", hardware={"vmsystem": "KVM", "chassis_type": "Other"}),
        glpi("To be filled by O.E.M."),
        glpi("EX5", hardware={"chassis_type": "10"}, bios={"smodel": "Surface Laptop", "ssn": "EX5"}),
        glpi("EX6", bios={"ssn": "EX6", "smanufacturer": "Dell", "smodel": "Precision 5820 Tower"}, hardware=tower),
        {"deviceid": "partiel-2026", "action": "inventory", "content": {"batteries": [{"capacity": 3}]}},
        swept("Printer", manufacturer="Canon", model="Canon LBP 6030", serial="CN1", name="IMP"),
        swept("NetworkEquipment", type="Networking", manufacturer="Cisco", model="WS-C2960", serial="SW1"),
        {"itemtype": "Phone", "content": {"bios": {"smanufacturer": "Exemple", "smodel": "EX 1", "ssn": "T1"}}},
    ]  # fmt: skip
    report = shown(json.dumps(documents))
    assert [(g["row"], g["kind"], g["serial"], g["screen_tenths"]) for g in report["good"]] == [
        (1, "laptop", "EX1", 132),
        (2, "desktop", "EX2", None),
        (4, "laptop", None, None),
        (5, "laptop", "EX5", None),
        (6, "workstation", "EX6", None),
        (8, "printer", "CN1", None),
        (9, "network_device", "SW1", None),
        (10, "smartphone", "T1", None),
        (11, "monitor", "CN0EX01", 239),
    ]
    assert [(s["row"], s["code"]) for s in report["set_aside"]] == [
        (3, "virtual_machine"),
        (12, "doubled_serial"),
    ]
    assert [(c["row"], c["code"]) for c in report["to_correct"]] == [(7, "neither_kind_nor_model")]
    assert [n["code"] for n in report["notes"]] == ["screens_apart"]
    assert report["records"] == 12


def test_lists_of_programs_interfaces_and_of_xml_elements() -> None:
    graph = {
        "@odata.context": "https://exemple.invalid",
        "value": [
            {
                "deviceName": "PC1", "managedDeviceOwnerType": owner, "serialNumber": f"GR{n}",
                "model": "Latitude 5400",
                "manufacturer": "Dell Inc.", "totalStorageSpaceInBytes": 255550554112,
                "userPrincipalName": "x@exemple.fr",
                "physicalMemoryInBytes": 0, "azureADDeviceId": None,
            }
            for n, owner in enumerate(("company", "personal"))
        ],
    }  # fmt: skip
    report = shown(json.dumps(graph))
    assert report["format"] == "json"
    assert [(g["row"], g["serial"], g["storage_mb"], g["hostname"]) for g in report["good"]] == [
        (1, "GR0", 255550, "PC1")
    ]
    assert [(s["row"], s["code"]) for s in report["set_aside"]] == [(2, "personally_owned")]
    assert report["dropped_columns"] == ["userPrincipalName"]
    snipe = {"total": 1, "rows": [{
        "id": 4, "name": "PC1", "asset_tag": "AT1", "serial": "SN1", "model": {"id": 1, "name": "Latitude 5400"},
        "category": {"id": 2, "name": "Laptops"}, "manufacturer": {"id": 3, "name": "Dell"},
        "status_label": {"id": 1, "name": "Archivé", "status_meta": "archived"},
        "location": {"id": 1, "name": "Mairie"},
        "assigned_to": {"id": 9, "username": "exemple", "name": "Jeanne Exemple"},
        "purchase_date": {"date": "2020-03-25", "formatted": "25/03/2020"}, "available_actions": {"checkout": True},
    }]}  # fmt: skip
    report = shown(json.dumps(snipe))
    assert told(
        json.dumps(snipe), "kind", "maker", "model", "serial", "asset_tag", "site", "bought_on", "status"
    ) == [(1, "laptop", "Dell", "Latitude 5400", "SN1", "AT1", "Mairie", "2020-03-25", "Archivé")]
    assert "assigned_to" in report["dropped_columns"]
    assert "Jeanne" not in json.dumps(report)
    glpi_api = [{"id": 1, "name": "PC1", "serial": "GA1", "otherserial": "INV1", "computertypes_id": "Portable",
                 "manufacturers_id": "Dell Inc.", "computermodels_id": "Latitude 5400", "locations_id": "A > B",
                 "states_id": "En service", "users_id": "exemple", "entities_id": "Mairie"}]  # fmt: skip
    assert told(json.dumps(glpi_api), "kind", "maker", "model", "serial", "asset_tag", "site", "entity") == [
        (1, *LATITUDE, "GA1", "INV1", "A > B", "Mairie")
    ]
    jamf = {"totalCount": 1, "results": [{"id": "7", "general": {"name": "MAC"}, "hardware": {"make": "Apple",
            "model": "MacBook Air", "serialNumber": "JA1", "totalRamMegabytes": 8192},
            "userAndLocation": {"username": "exemple", "realname": "Jeanne Exemple"}}]}  # fmt: skip
    assert told(json.dumps(jamf), "kind", "maker", "serial", "ram_mb", "hostname") == [
        (1, "laptop", "Apple", "JA1", 8192, "MAC")
    ]
    assert shown(json.dumps(jamf))["dropped_columns"] == ["userAndLocation"]
    blank = shown(json.dumps([{"serial": "BL1", "model": "Latitude 5400"}, {"serial": None, "model": ""}]))
    assert (blank["records"], [c["row"] for c in blank["to_correct"]]) == (2, [2])
    assert told(
        "<Parc><Poste><Type>Portable</Type><Fabricant>Dell</Fabricant><Modele>Latitude 5400</Modele>"
        '<Numero_de_serie>XM1</Numero_de_serie></Poste><Poste Type="Portable" Modele="Latitude 5400" '
        'Fabricant="Dell" Numero_de_serie="XM2"/></Parc>'
    ) == [(1, *LATITUDE, "XM1"), (2, *LATITUDE, "XM2")]


def test_a_long_answer_is_read_by_pieces_and_a_broken_file_of_many_is_told() -> None:
    rows = ({"serialNumber": f"LG{n}", "model": "Latitude 5400", "notes": "x" * 3000} for n in range(2500))
    long = json.dumps({"count": 2500, "computers": list(rows)})
    assert len(long) > 7_000_000
    assert shown(long)["records"] == 2500
    report = shown(packed(a__json=json.dumps(glpi("EX1")), b__json='{"content": {"bios"', c__xml=FUSION))
    assert [g["serial"] for g in report["good"]] == ["EX1", "PF0EXEMP"]
    assert [n["code"] for n in report["notes"]] == ["member_unread"]
    assert "b.json" in report["notes"][0]["message"]


def test_lshw_alone_tells_a_device_and_its_model_without_the_code_of_the_maker() -> None:
    told_by_lshw = {
        "id": "poste", "class": "system", "description": "Notebook", "vendor": "LENOVO", "serial": "PF0EXEMPLE",
        "product": "20L5CTO1WW (LENOVO_MT_20L5_BU_Think_FM_ThinkPad T480)", "configuration": {"chassis": "notebook"},
        "children": [{"id": "core", "class": "bus", "children": [
            {"id": "memory", "class": "memory", "size": 8589934592, "children": [{"id": "bank:0", "class": "memory"}]},
            {"id": "cpu", "class": "processor", "product": "Intel Core i5-8350U"}]}],
    }  # fmt: skip
    for wrapped in (told_by_lshw, [told_by_lshw]):
        assert told(json.dumps(wrapped), "kind", "maker", "model", "serial", "cpu", "ram_mb") == [
            (1, "laptop", "Lenovo", "ThinkPad T480", "PF0EXEMPLE", "Intel Core i5-8350U", 8192)
        ]
    coded = told_by_lshw | {"product": "Latitude 5400 (08B9)", "vendor": "Dell Inc."}
    assert told(json.dumps(coded), "maker", "model") == [(1, "Dell", "Latitude 5400")]
    query = [
        {
            "hardware_serial": "EX1",
            "hardware_vendor": "HP",
            "hardware_model": "ProDesk 600",
            "cpu_brand": "i5",
        }
    ]
    assert told(json.dumps(query), "maker", "model", "serial", "cpu") == [
        (1, "HP", "ProDesk 600", "EX1", "i5")
    ]


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"json_format_version": [1, 0], "smartctl": {"exit_status": 0}, "device": {"name": "/dev/sda", "type": "sat"},
          "model_name": "Disque Exemple", "serial_number": "EX1"}, "smartctl"),
        ({"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": [
            {"type": "ObjectEvent", "eventTime": "2024-01-01T12:00:00Z", "eventTimeZoneOffset": "+01:00"}]}}, "EPCIS"),
    ],
)  # fmt: skip
def test_what_tells_of_something_else_than_devices_is_refused_by_its_name(
    document: dict[str, Any], named: str
) -> None:
    for wrapped in (document, [document]):
        with pytest.raises(Unreadable, match=named):
            shown(json.dumps(wrapped))
