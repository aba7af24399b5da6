"""What GLPI, FusionInventory and OCS agents tell of a device, in JSON or XML."""

from __future__ import annotations

import re
from typing import Any

from reuse_market.fleets.reading.agents.row import (
    IP_ADDRESS,
    MAC_ADDRESS,
    PHONE,
    USERS,
    Device,
    total_mb,
)
from reuse_market.fleets.reading.agents.screens import apart
from reuse_market.fleets.reading.agents.shapes import lowered, raw, section, text
from reuse_market.fleets.reading.kinds import kind_of_model, kind_of_type
from reuse_market.fleets.reading.labels import fold
from reuse_market.fleets.reading.makers import canonical_maker

# DMI chassis types, for the agents that write the number.
_CHASSIS = {
    "3": "Desktop",
    "4": "Low Profile Desktop",
    "5": "Pizza Box",
    "6": "Mini Tower",
    "7": "Tower",
    "8": "Portable",
    "9": "Laptop",
    "10": "Notebook",
    "13": "All in One",
    "14": "Sub Notebook",
    "15": "Space-saving",
    "16": "Lunch Box",
    "17": "Main Server Chassis",
    "23": "Rack Mount Chassis",
    "28": "Blade",
    "30": "Tablet",
    "31": "Convertible",
    "32": "Detachable",
    "35": "Mini PC",
}
_ITEMS = {
    "phone": "smartphone",
    "networkequipment": "network_device",
    "networking": "network_device",
    "printer": "printer",
    "storage": "storage_device",
    "kvm": "other",
    "power": "other",
    "pdu": "other",
    "monitor": "monitor",
}
_FINER = ("workstation", "thin_client", "all_in_one", "server")
_LENOVO_CODE = re.compile(r"^[0-9][0-9A-Z]{3}([0-9A-Z]{6})?$")
_FAMILY = re.compile(r"_FM_(.+)$")
_NOT_A_DISK = re.compile(
    r"\b(cd|dvd|bd|cdrom|dvdrom|optical|removable|usb|floppy|tape|card reader|sd card|virtual|mmc reader)\b"
)
_REAL = ("", "physical", "none", "no", "0", "unknown")


def format_of(outer: dict[str, Any], content: dict[str, Any], container: str) -> str:
    """`glpi-json`, `ocs-json`, `fusion-xml` or `ocs-xml`."""
    client = fold(raw(content, "versionclient") + " " + raw(outer, "versionclient"))
    provider = fold(raw(lowered(content.get("versionprovider")), "name"))
    if container == "json":
        bios = content.get("bios")
        return "ocs-json" if isinstance(bios, list) and bios and "SSN" in bios[0] else "glpi-json"
    if client.strip():
        return "ocs-xml" if "ocs" in client else "fusion-xml"
    bios, hardware = lowered(content.get("bios")), lowered(content.get("hardware"))
    return "ocs-xml" if "type" in bios and "chassis_type" not in hardware and not provider else "fusion-xml"


def read(document: dict[str, Any], container: str) -> tuple[str, list[Device]]:
    """The format of a document and its devices: one as a rule, several when a network was swept."""
    outer = lowered(document)
    content = lowered(outer.get("content")) or outer
    form = format_of(outer, content, container)
    swept = [lowered(one.get("info")) or one for one in section(content, "device", "devices")]
    swept += section(content, "network_device")
    if swept and not section(content, "bios"):
        item = fold(raw(outer, "itemtype")).replace(" ", "")
        return form, [_networked(device, item) for device in swept]
    return form, [_computer(outer, content)]


def _networked(info: dict[str, Any], item: str) -> Device:
    maker, model = text(info, "manufacturer"), text(info, "model", "description", "sysdescr")
    told = fold(raw(info, "type")).replace(" ", "") or item
    kind = _ITEMS.get(told, _ITEMS.get(item, ""))
    kind = "desk_phone" if kind == "smartphone" else kind
    known = kind_of_model(model, canonical_maker(maker))
    if kind in ("", "other", "printer") and known in ("multifunction", "printer", "projector", "server"):
        kind = known
    cells = {
        "kind": kind,
        "maker": maker,
        "model": model,
        "serial": raw(info, "serial"),
        "hostname": text(info, "name"),
        "site": text(info, "location"),
        "asset_tag": text(info, "otherserial", "assettag"),
    }
    personal = {IP_ADDRESS} if info.get("ips") or info.get("ip") else set()
    personal |= {MAC_ADDRESS} if info.get("mac") else set()
    return Device(cells, personal=personal | ({USERS} if info.get("contact") else set()))


def _computer(outer: dict[str, Any], content: dict[str, Any]) -> Device:
    bios = next(iter(section(content, "bios")), {})
    hardware = next(iter(section(content, "hardware")), {})
    system = next(iter(section(content, "operatingsystem")), {})
    maker = text(bios, "smanufacturer", "mmanufacturer", "bmanufacturer")
    model = _model(bios, maker)
    kind = _kind(outer, content, bios, hardware, model, maker)
    screens, panel = apart(section(content, "monitors"), kind_of_type(kind) or kind_of_model(model, maker))
    memories = [raw(one, "capacity") for one in section(content, "memories")]
    cells = {
        "kind": kind,
        "maker": maker,
        "model": model,
        "serial": raw(bios, "ssn"),
        "asset_tag": _asset_tag(bios),
        "hostname": text(hardware, "name") or text(outer, "deviceid"),
        "entity": _tag(outer, content),
        "cpu": _processors(content, hardware),
        "ram_mb": total_mb(memories, binary=True) or total_mb([raw(hardware, "memory")], binary=True),
        "storage_mb": total_mb(_disks(content), binary=False),
        "screen_tenths": panel,
        "os": text(system, "full_name", "name") or text(hardware, "osname"),
    }
    return Device(cells, personal=_personal(content, hardware), screens=screens)


def _model(bios: dict[str, Any], maker: str) -> str:
    """The model, by its name where the BIOS of a Lenovo gives the code and the name beside."""
    model = text(bios, "smodel") or text(bios, "mmodel")
    if canonical_maker(maker) == "Lenovo" and _LENOVO_CODE.match(model.upper()):
        family = _FAMILY.search(raw(bios, "skunumber"))
        return family[1].strip() if family else model
    return model


def _asset_tag(bios: dict[str, Any]) -> str:
    told = text(bios, "assettag")
    return "" if told == "release-keys" else told  # what every Android agent writes there


def _kind(
    outer: dict[str, Any],
    content: dict[str, Any],
    bios: dict[str, Any],
    hardware: dict[str, Any],
    model: str,
    maker: str,
) -> str:
    """The chassis as written when it tells a kind; the finer kind of the model where a chassis hides it."""
    machine = raw(hardware, "vmsystem")
    if fold(machine) not in _REAL:
        return f"Virtual machine ({machine})"
    known = kind_of_model(model, canonical_maker(maker))
    item = _ITEMS.get(fold(raw(outer, "itemtype")).replace(" ", ""), "")
    if item or section(content, "simcards") or "android" in fold(raw(hardware, "osname")):
        return (
            known
            if known in ("tablet", "smartphone", "multifunction", "desk_phone")
            else item or "smartphone"
        )
    chassis = raw(hardware, "chassis_type") or raw(bios, "type") or raw(bios, "chassistype")
    chassis = _CHASSIS.get(chassis, chassis)
    told = kind_of_type(chassis)
    if not told or told == "dock":
        return _by_battery(content) if model and not known else ""
    return known if told == "desktop" and known in _FINER else chassis


def _by_battery(content: dict[str, Any]) -> str:
    return (
        "laptop" if any(text(one, "capacity", "chemistry") for one in section(content, "batteries")) else ""
    )


def _tag(outer: dict[str, Any], content: dict[str, Any]) -> str:
    """The tag the agent was given: the entity, as inventory servers use it."""
    if told := text(outer, "tag") or text(content, "tag"):
        return told
    infos = section(content, "accountinfo")
    named = {fold(raw(one, "keyname")): text(one, "keyvalue") for one in infos}
    return named.get("tag", "") or next((told for one in infos if (told := text(one, "tag"))), "")


def _processors(content: dict[str, Any], hardware: dict[str, Any]) -> str:
    names = [text(one, "name", "type", "familyname") for one in section(content, "cpus", "cpu")]
    told = " / ".join(dict.fromkeys(name for name in names if name))
    return told or text(hardware, "processort")


def _disks(content: dict[str, Any]) -> list[str]:
    sizes = []
    for disk in section(content, "storages"):
        words = fold(
            " ".join(raw(disk, name) for name in ("type", "interface", "description", "name", "model"))
        )
        if not _NOT_A_DISK.search(words):
            sizes.append(raw(disk, "disksize"))
    return sizes


def _personal(content: dict[str, Any], hardware: dict[str, Any]) -> set[str]:
    """The labels of what is about people and addresses: met, named, never read."""
    networks = section(content, "networks")
    found = set()
    if section(content, "users") or any(hardware.get(n) for n in ("lastloggeduser", "userid", "winowner")):
        found.add(USERS)
    if hardware.get("ipaddr") or any(one.get("ipaddress") for one in networks):
        found.add(IP_ADDRESS)
    if any(one.get("mac") or one.get("macaddr") for one in networks):
        found.add(MAC_ADDRESS)
    if any(one.get("phone_number") for one in section(content, "simcards")):
        found.add(PHONE)
    return found
