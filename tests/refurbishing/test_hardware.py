"""What an inventory agent reads on the bench: compared, told line by line, merged only where accepted."""

from __future__ import annotations

import json
from datetime import date

import pytest

from reuse_market.erasure.queries import media_of
from reuse_market.kernel import files
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotFound
from reuse_market.refurbishing import queries, services
from reuse_market.refurbishing.hardware import comparing
from reuse_market.refurbishing.hardware import services as hardware
from reuse_market.refurbishing.hardware.reading import read_report
from reuse_market.traceability import queries as journal

GLPI = {
    "action": "inventory", "deviceid": "poste-exemple", "itemtype": "Computer",
    "content": {
        "bios": {"smanufacturer": "Dell Inc.", "smodel": "Latitude 5400", "ssn": "LUSERIE1"},
        "hardware": {"name": "poste-exemple", "chassis_type": "Notebook", "memory": 16384},
        "memories": [{"capacity": 16384}],
        "cpus": [{"name": "Intel(R) Core(TM) i5-8365U CPU @ 1.60GHz"}],
        "storages": [
            {"type": "disk", "interface": "NVMe", "model": "Disque Exemple", "serialnumber": "NV1",
             "disksize": 256060},
            {"type": "disk", "interface": "USB", "description": "removable", "disksize": 32000},
        ],
        "versionclient": "GLPI-Agent_v1.4",
    },
}  # fmt: skip
WORKBENCH = {
    "closed": True, "type": "Snapshot", "version": "11.0", "software": "Workbench", "uuid": "0-0",
    "device": {"type": "Laptop", "chassis": "Netbook", "manufacturer": "Dell Inc.", "model": "Latitude 5400",
               "serialNumber": "LUSERIE1"},
    "components": [
        {"type": "Processor", "model": "Intel Core i5-8365U"}, {"type": "RamModule", "size": 16384},
        {"type": "SolidStateDrive", "size": 256060, "serialNumber": "SSD1", "model": "Disque Exemple"},
        {"type": "HardDrive", "size": 500107, "serialNumber": "HDD1"},
    ],
}  # fmt: skip
FUSION = """<?xml version="1.0" encoding="UTF-8"?>
<REQUEST><CONTENT><BIOS><SMANUFACTURER>Dell Inc.</SMANUFACTURER><SMODEL>Latitude 5400</SMODEL><SSN>LUSERIE1</SSN></BIOS>
<HARDWARE><CHASSIS_TYPE>Notebook</CHASSIS_TYPE><MEMORY>16384</MEMORY><NAME>poste</NAME></HARDWARE>
<MEMORIES><CAPACITY>16384</CAPACITY></MEMORIES><CPUS><NAME>Intel Core i5-8365U</NAME></CPUS>
<STORAGES><TYPE>disk</TYPE><INTERFACE>SATA</INTERFACE><NAME>sda</NAME>
<MODEL>SSD Exemple</MODEL><SERIALNUMBER>SATA1</SERIALNUMBER><DISKSIZE>256060</DISKSIZE></STORAGES>
<VERSIONCLIENT>FusionInventory-Agent_v2.6</VERSIONCLIENT></CONTENT><DEVICEID>poste</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>
"""
FILES = {
    "glpi.json": (json.dumps(GLPI), "glpi-json", [("nvme", "NV1", 256060)]),
    "workbench.json": (
        json.dumps(WORKBENCH),
        "ereuse-json",
        [("ssd", "SSD1", 256060), ("hdd", "HDD1", 500107)],
    ),
    "fusion.xml": (FUSION, "fusion-xml", [("ssd", "SATA1", 256060)]),
}


def test_three_agents_read_the_same_device(workshop):
    ids = workshop.received(3)
    for unit_id, (name, (text, form, disks)) in zip(ids, FILES.items(), strict=True):
        made = hardware.import_report(unit_id, text.encode(), name, actor=workshop.actor.actor)
        told = made.told
        assert (made.format, told["serial"], told["maker"], told["model"], told["ram_mb"]) == (
            form, "LUSERIE1", "Dell", "Latitude 5400", 16384,
        )  # fmt: skip
        assert [(disk["kind"], disk["serial"], disk["size_mb"]) for disk in made.disks] == disks
        assert files.get(made.sha256) == text.encode()
        unit = queries.case(unit_id).unit
        assert (unit.serial, unit.ram_mb, unit.model_id) == (None, None, None)  # nothing changed
        again = hardware.import_report(unit_id, text.encode(), name, actor=workshop.actor.actor)
        assert again.id == made.id
        assert hardware.count_told_media(made.id, actor=workshop.actor.actor) == len(disks)
        assert [medium.serial for medium, _ in media_of([unit_id])[unit_id].media] == [d[1] for d in disks]
        with pytest.raises(DomainError):
            hardware.count_told_media(made.id, actor=workshop.actor.actor)  # counted once


@pytest.mark.parametrize(
    ("model", "kind"),
    [("SAMSUNG MZVLW256HEHP-000L7", "nvme"), ("SAMSUNG MZ7LN256HAJQ", "ssd"), ("KBG40ZNS256G", "nvme"),
     ("INTEL SSDSC2BF240A5L", "ssd"), ("WDC WD10SPZX-24Z10", "hdd"), ("ST1000LM035-1RK172", "hdd"),
     ("HGST HTS725050A7E630", "hdd"), ("BC511 SK hynix 256GB", "nvme"), ("CT500MX500SSD1", "ssd"), ("AUTRE", "hdd")],
)  # fmt: skip
def test_windows_calls_every_disk_a_hard_disk(model, kind):
    """Its agents say "SCSI", "Fixed hard disk media" of an NVMe, and the identifier of its namespace for a serial."""
    storage = (
        f"<INTERFACE>SCSI</INTERFACE><MODEL>{model}</MODEL><SERIALNUMBER>0025_3884_81B1_2345.</SERIALNUMBER>"
        "<TYPE>Fixed hard disk media</TYPE><DISKSIZE>256052</DISKSIZE>"
    )
    told = (
        FUSION.partition("<STORAGES>")[0]
        + f"<STORAGES>{storage}</STORAGES>"
        + FUSION.partition("</STORAGES>")[2]
    )
    [disk] = read_report(told.encode(), "poste.ocs", date(2026, 1, 15)).disks
    assert (disk["kind"], disk["serial"]) == (kind, None)


def test_a_terabyte_in_bytes_is_read_and_the_key_the_tool_started_from_is_not():
    """Sizes of smartctl are bytes, 13 digits from 1 TB on; Workbench names the key it runs from among the disks."""
    disks = [
        {"model_name": "SAMSUNG MZVLW1T0HMLH", "serial_number": "NV1", "nvme_total_capacity": 1024209543168,
         "device": {"info_name": "/dev/nvme0", "protocol": "NVMe"}},
        {"model_name": "Cle Exemple", "serial_number": "CLE1", "user_capacity": {"bytes": 8000000000},
         "device": {"info_name": "/dev/sda [USB Exemple]", "protocol": "SCSI"}},
    ]  # fmt: skip
    system = "Handle 0x0001\nSystem Information\n\tManufacturer: Dell Inc.\n\tProduct Name: Latitude 5400\n\n"
    script = {
        "type": "Snapshot",
        "version": "14.0.0",
        "data": {"smart": json.dumps(disks), "dmidecode": system},
    }
    key = {"type": "HardDrive", "size": 8000, "serialNumber": "CLE1", "interface": "USB"}
    older = WORKBENCH | {"components": [*WORKBENCH["components"], key]}
    for report, told, size in (
        (script, [("nvme", "NV1", 1024209)], 1024209),
        (older, [("ssd", "SSD1", 256060), ("hdd", "HDD1", 500107)], 756167),
    ):
        read = read_report(json.dumps(report).encode(), "poste.json", date(2026, 1, 15))
        assert [(disk["kind"], disk["serial"], disk["size_mb"]) for disk in read.disks] == told
        assert read.values["storage_mb"] == size


def test_differences_are_told_and_decided_one_by_one(workshop):
    first, second = workshop.received(2)
    actor = workshop.actor.actor
    services.identify_unit(second, {"serial": "LUSERIE1"}, actor=actor)
    declared = {
        "serial": "AUTRE",
        "maker": "Dell",
        "model": "Latitude 5400",
        "ram_mb": 8192,
        "storage_mb": 256_000,
    }
    services.identify_unit(first, declared, actor=actor)
    made = hardware.import_report(first, FILES["glpi.json"][0].encode(), "g.json", actor=actor)
    case = queries.case(first)
    lines = {one.field: one for one in comparing.lines(comparing.declared(case), made.told)}
    assert {name for name, one in lines.items() if not one.same} == {"serial", "ram_mb", "cpu"}
    assert lines["storage_mb"].same
    assert lines["cpu"].fresh
    assert not lines["serial"].fresh
    event = [e for e in journal.events_of_unit(first) if e.type == "unit.hardware-read"][-1]
    body = journal.body(event)
    assert sorted(body["facts"]["differ"]) == ["ram_mb", "serial"]
    assert "LUSERIE1" not in json.dumps(body["facts"])
    for wrong in ({}, {"serial": "accepted"}, {"serial": "accepted", "ram_mb": "perhaps", "cpu": "kept"}):
        with pytest.raises(Invalid):
            hardware.decide(made.id, wrong, actor=actor)
    assert queries.case(first).unit.serial == "AUTRE"
    given = {"serial": "accepted", "ram_mb": "kept", "cpu": "accepted"}
    told = hardware.decide(made.id, given, actor=actor)
    unit = queries.case(first).unit
    assert (unit.serial, unit.ram_mb, unit.cpu) == ("LUSERIE1", 8192, made.told["cpu"])
    assert told.same_serial == (second,)  # said, never merged
    with pytest.raises(Conflict):
        hardware.decide(made.id, given, actor=actor)
    stranger = workshop.world.reuse_actor("Autre Atelier Exemple").actor
    with pytest.raises(NotFound):
        hardware.decide(made.id, given, actor=stranger)


WRONG_FILES = [b"", b"{}", b"Type;Serie\nPortable;1\n", b"<!DOCTYPE a [<!ENTITY b 'c'>]><REQUEST>&b;</REQUEST>",
               json.dumps([GLPI, GLPI | {"deviceid": "b"}]).replace("LUSERIE1", "X9Z8Y7", 1).encode()]  # fmt: skip


def test_files_that_tell_no_single_device(workshop):
    [unit_id] = workshop.received()
    for data in WRONG_FILES:
        with pytest.raises(Invalid) as refused:
            hardware.import_report(unit_id, data, "f", actor=workshop.actor.actor)
        assert refused.value.field == "file", data[:40]
    assert hardware.latest(unit_id) is None
    with pytest.raises(NotFound):
        hardware.import_report(unit_id, b"{}", "f", actor=workshop.world.reuse_actor("Autre Exemple").actor)
