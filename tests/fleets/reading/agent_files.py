"""Inventories as agents write them, of devices that do not exist."""

from __future__ import annotations

import base64
import datetime as dt
import json
from pathlib import Path
from typing import Any

from reuse_market.fleets.reading import judge, propose, read_table, report_json

TODAY = dt.date(2026, 1, 15)


def shown(data: bytes | str | Path, name: str = "parc") -> dict[str, Any]:
    """The report of a file, columns as proposed."""
    table = read_table(data.encode() if isinstance(data, str) else data, name)
    return report_json(judge(table, propose(table.header, table.sample()), today=TODAY))


def told(data: bytes | str, *fields: str) -> list[tuple[Any, ...]]:
    """The good records of a file: row and the fields asked for, kind, maker, model and serial by default."""
    fields = fields or ("kind", "maker", "model", "serial")
    return [(g["row"], *(g[name] for name in fields)) for g in shown(data)["good"]]


def edid(wide: int, high: int) -> str:
    """A screen's description of itself, with its size in centimetres."""
    return base64.b64encode(bytes.fromhex("00ffffffffffff00") + bytes(13) + bytes((wide, high))).decode()


def glpi(serial: str = "EX0001", **content: Any) -> dict[str, Any]:
    """A computer as GLPI Agent tells it; sections of `content` replace those given here."""
    return {
        "action": "inventory",
        "deviceid": "pc-exemple-2026-01-10-08-00-00",
        "itemtype": "Computer",
        "tag": "Mairie d'Exemple",
        "content": {
            "versionclient": "GLPI-Agent_v1.11",
            "bios": {
                "smanufacturer": "Dell Inc.",
                "smodel": "Latitude 5400",
                "ssn": serial,
                "assettag": "INV-2019-1",
            },
            "hardware": {
                "name": "PC-EXEMPLE",
                "chassis_type": "Notebook",
                "memory": 7800,
                "vmsystem": "Physical",
                "lastloggeduser": "exemple",
            },
            "cpus": [{"name": "Intel(R) Core(TM) i5-8265U CPU @ 1.60GHz"}],
            "memories": [{"capacity": 4096}, {"capacity": 4096}],
            "storages": [
                {"disksize": 256060, "type": "disk", "model": "Exemple NVMe"},
                {"disksize": 32000, "interface": "USB", "type": "disk"},
            ],
            "operatingsystem": {"full_name": "Microsoft Windows 11 Professionnel"},
            "users": [{"login": "exemple"}],
            "networks": [{"ipaddress": "192.0.2.7", "mac": "00:00:5e:00:53:01"}],
            **content,
        },
    }


def swept(kind: str, **device: Any) -> dict[str, Any]:
    """A printer or a switch as a sweep of the network tells it."""
    return {
        "itemtype": kind,
        "action": "netinventory",
        "content": {"network_device": {"ips": ["192.0.2.9"], **device}},
    }


FUSION = """<?xml version="1.0" encoding="UTF-8" ?>
<REQUEST>
  <CONTENT>
    <ACCOUNTINFO><KEYNAME>TAG</KEYNAME><KEYVALUE>Exemple</KEYVALUE></ACCOUNTINFO>
    <BIOS><SMANUFACTURER>LENOVO</SMANUFACTURER><SMODEL>20L5CTO1WW</SMODEL><SSN>PF0EXEMP</SSN>
      <SKUNUMBER>LENOVO_MT_20L5_BU_Think_FM_ThinkPad T480</SKUNUMBER></BIOS>
    <CPUS><NAME>Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz</NAME></CPUS>
    <HARDWARE><CHASSIS_TYPE>Notebook</CHASSIS_TYPE><MEMORY>15900</MEMORY><NAME>PORTABLE-É</NAME>
      <USERID>exemple</USERID></HARDWARE>
    <MEMORIES><CAPACITY>8192</CAPACITY></MEMORIES>
    <MEMORIES><CAPACITY>8192</CAPACITY></MEMORIES>
    <STORAGES><DISKSIZE>512110</DISKSIZE><TYPE>disk</TYPE></STORAGES>
    <STORAGES><DISKSIZE>4700</DISKSIZE><TYPE>DVD Writer</TYPE></STORAGES>
    <VERSIONCLIENT>FusionInventory-Agent_v2.6</VERSIONCLIENT>
  </CONTENT>
  <DEVICEID>PORTABLE-2026</DEVICEID>
  <QUERY>INVENTORY</QUERY>
</REQUEST>
"""

OCS = """<?xml version="1.0" encoding="UTF-8" ?>
<REQUEST>
  <DEVICEID>TOUR-2026</DEVICEID>
  <CONTENT>
    <BIOS><SMANUFACTURER>Hewlett-Packard</SMANUFACTURER><SMODEL>HP EliteDesk 800 G2 SFF</SMODEL>
      <SSN>CZC000EX01</SSN><TYPE>Desktop</TYPE><ASSETTAG>INV-77</ASSETTAG></BIOS>
    <HARDWARE><NAME>TOUR</NAME><MEMORY>8192</MEMORY><OSNAME>Microsoft Windows 10 Pro</OSNAME>
      <PROCESSORT>Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz</PROCESSORT><IPADDR>192.0.2.8</IPADDR></HARDWARE>
    <MEMORIES><CAPACITY>8192</CAPACITY></MEMORIES>
    <MEMORIES><CAPACITY>No</CAPACITY></MEMORIES>
    <STORAGES><DISKSIZE>500107</DISKSIZE><TYPE>Fixed hard disk media</TYPE></STORAGES>
    <STORAGES><DISKSIZE>0</DISKSIZE><TYPE>Removable Media</TYPE></STORAGES>
  </CONTENT>
  <QUERY>INVENTORY</QUERY>
</REQUEST>
"""

WORKBENCH = {
    "type": "Snapshot",
    "software": "Workbench",
    "version": "11.0b9",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "closed": True,
    "device": {
        "type": "Desktop",
        "chassis": "AllInOne",
        "manufacturer": "HP",
        "model": "EliteOne 800 G3",
        "serialNumber": "CZC000EX02",
        "actions": [],
    },
    "components": [
        {"type": "Processor", "model": "Intel Core i5-7500 CPU @ 3.40GHz"},
        {"type": "RamModule", "size": "4096.0 mebibyte"},
        {"type": "RamModule", "size": "4096.0 mebibyte"},
        {"type": "SolidStateDrive", "size": "256060.0 MB", "serialNumber": "X1"},
        {"type": "Display", "size": "23.8 inch"},
    ],
}

DMIDECODE = """# dmidecode 3.4
SMBIOS 3.0 present.

Handle 0x0001, DMI type 1, 27 bytes
System Information
\tManufacturer: LENOVO
\tProduct Name: 20FMS0EX00
\tVersion: ThinkPad T460
\tSerial Number: PC0EXEMP
\tSKU Number: Not Specified

Handle 0x0003, DMI type 3, 22 bytes
Chassis Information
\tManufacturer: LENOVO
\tType: Notebook
\tSerial Number: PC0EXEMP
\tAsset Tag: No Asset Information

Handle 0x0004, DMI type 4, 48 bytes
Processor Information
\tVersion: Intel(R) Core(TM) i5-6300U CPU @ 2.40GHz

Handle 0x0010, DMI type 17, 40 bytes
Memory Device
\tSize: 8 GB

Handle 0x0011, DMI type 17, 40 bytes
Memory Device
\tSize: No Module Installed
"""

SCRIPT = {
    "type": "Snapshot",
    "software": "workbench-script",
    "version": "0.0.1",
    "uuid": "00000000-0000-4000-8000-000000000002",
    "data": {
        "dmidecode": DMIDECODE,
        "inxi": json.dumps([{"000#1#0#Machine": [{"002#1#2#product": "20FMS0EX00"}]}]),
        "smartctl": json.dumps([{"model_name": "Exemple", "user_capacity": {"bytes": 240057409536}}]),
    },
    "erase": [],
}
