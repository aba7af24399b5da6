"""Snapshots of eReuse: Workbench 11 (device and components), workbench-script (texts inside the JSON).

And what `lshw -json` tells alone, which is one of those texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from reuse_market.fleets.reading.agents.row import Device, total_mb
from reuse_market.fleets.reading.agents.shapes import is_lshw, lowered, raw, section, text
from reuse_market.fleets.reading.kinds import kind_of_model, kind_of_type
from reuse_market.fleets.reading.labels import clean
from reuse_market.fleets.reading.makers import canonical_maker

_KEY = re.compile(r"^\s*([^:]{1,60}):\s?(.*)$")
_CODE = re.compile(r"^[0-9][0-9A-Z]{3}([0-9A-Z]{6})?$")
_WITH_CODE = re.compile(r"^(.+?) \(([^()]+)\)$")  # lshw puts the maker's code after the name
_LENOVO_FAMILY = re.compile(r"_FM_(.+)$")
_FINER = ("workstation", "thin_client", "all_in_one", "server")
_DISKS = ("harddrive", "solidstatedrive", "datastorage", "mmc", "ssd", "hdd")
_OUTSIDE = re.compile(r"\busb\b", re.IGNORECASE)
_MAX_DEPTH = 12


def read(document: dict[str, Any]) -> Device:
    """The device of a snapshot."""
    outer = lowered(document)
    if is_lshw(outer):
        return _script({"lshw": document})
    device = lowered(outer.get("device"))
    return _workbench(outer, device) if device else _script(lowered(outer.get("data")))


def _workbench(outer: dict[str, Any], device: dict[str, Any]) -> Device:
    parts = section(outer, "components") or section(device, "components")
    by_type: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        by_type.setdefault(raw(part, "type").lower(), []).append(part)
    maker, model = text(device, "manufacturer", "brand"), text(device, "model", "name")
    disks = [raw(part, "size") for kind in _DISKS for part in by_type.get(kind, []) if not outside(part)]
    display = next(iter(by_type.get("display", [])), {})
    return Device(
        {
            "kind": _kind(_spaced(raw(device, "chassis")), model, maker, _spaced(raw(device, "type"))),
            "maker": maker,
            "model": model,
            "serial": raw(device, "serialnumber"),
            "asset_tag": text(device, "assettag", "inventorynumber"),
            "cpu": _joined(text(part, "model", "name") for part in by_type.get("processor", [])),
            "ram_mb": total_mb((raw(part, "size") for part in by_type.get("rammodule", [])), binary=True),
            "storage_mb": total_mb(disks, binary=False),
            "screen_tenths": raw(display, "size"),
        }
    )


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _joined(texts: Iterator[str]) -> str:
    return " / ".join(dict.fromkeys(one for one in texts if one))


def _kind(chassis: str, model: str, maker: str, told: str = "") -> str:
    """The finest of what chassis, type and model tell; "" leaves it to the model."""
    if "virtual" in chassis.lower() + told.lower():
        return "Virtual machine"
    known = kind_of_model(model, canonical_maker(maker))
    for words in (chassis, told):
        if kind := kind_of_type(words):
            finer = known if kind == "desktop" and known in _FINER else ""
            return finer or ("" if kind == "dock" else words)
    return ""


def _script(data: dict[str, Any]) -> Device:
    """The system as dmidecode tells it, what it lacks from lshw, then inxi."""
    tables = list(_dmi(clean(str(data.get("dmidecode") or ""))))
    system, chassis = _table(tables, "system information"), _table(tables, "chassis information")
    other = _lshw(_inner(data.get("lshw")))
    machine = _machine(_inner(data.get("inxi")))
    maker = text(system, "manufacturer") or text(other, "vendor") or text(machine, "system")
    model = text(system, "product name") or text(other, "product") or text(machine, "product")
    version = text(system, "version")
    if _CODE.match(model.upper()) and canonical_maker(maker) == "Lenovo" and " " in version:
        model = version  # the code stands in the product name, the name in the version
    sizes = [raw(t, "size") for title, t in tables if title == "memory device"]
    return Device(
        {
            "kind": _kind(
                text(chassis, "type") or text(other, "chassis") or text(machine, "type"), model, maker
            ),
            "maker": maker,
            "model": model,
            "serial": _serial(system, chassis, other, machine),
            "asset_tag": text(chassis, "asset tag"),
            "cpu": _joined(text(t, "version") for title, t in tables if title == "processor information")
            or text(machine, "cpu")
            or text(other, "cpu"),
            "ram_mb": total_mb((s for s in sizes if s[:1].isdigit()), binary=True) or raw(other, "memory"),
            "storage_mb": total_mb(_disks(data), binary=False),
        }
    )


def _serial(*holders: dict[str, Any]) -> str:
    """The first serial number that says something; else the placeholder, which has to be told."""
    keys = ("serial number", "serial")
    told = next((t for one in holders if (t := text(one, *keys))), "")
    return told or next((w for one in holders for key in keys if (w := raw(one, key))), "")


def _dmi(words: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables of dmidecode: title in lower case, key → value."""
    title, table = "", dict[str, Any]()
    fresh = False
    for line in words.splitlines():
        if line.startswith("Handle "):
            if title:
                yield title, table
            title, table, fresh = "", {}, True
        elif fresh and line.strip():
            title, fresh = line.strip().lower(), False
        elif title and (told := _KEY.match(line)):
            table.setdefault(told[1].strip().lower(), told[2].strip())
    if title:
        yield title, table


def _table(tables: list[tuple[str, dict[str, Any]]], title: str) -> dict[str, Any]:
    return next((table for name, table in tables if name == title), {})


def _inner(value: Any) -> Any:
    """A JSON text inside the JSON, or the value as it is; None when it cannot be read."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _lshw(value: Any) -> dict[str, Any]:
    value = value[0] if isinstance(value, list) and value else value
    found = lowered(value)
    found["chassis"] = lowered(found.get("configuration")).get("chassis")
    if (told := _WITH_CODE.match(raw(found, "product"))) is not None:
        family = _LENOVO_FAMILY.search(told[2])
        found["product"] = family[1] if family else told[1]
    for part in _parts(found, _MAX_DEPTH):
        if raw(part, "class") == "processor":
            found.setdefault("cpu", raw(part, "product"))
        elif (
            raw(part, "class") == "memory" and raw(part, "id") in ("memory", "memory:0") and raw(part, "size")
        ):
            found.setdefault("memory", total_mb([f"{raw(part, 'size')} bytes"], binary=True))
    return found


def _parts(holder: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """The parts inside a part of lshw, whole depth."""
    for child in section(holder, "children") if depth else ():
        yield child
        yield from _parts(child, depth - 1)


def _machine(value: Any) -> dict[str, Any]:
    """What inxi tells of the machine and the processor; its keys look like `007#0#2#serial`."""
    found: dict[str, Any] = {}
    for part in value if isinstance(value, list) else []:
        for name, rows in lowered(part).items():
            if name.endswith("machine") and isinstance(rows, list):
                for row in reversed([one for one in rows if isinstance(one, dict)]):
                    for key in sorted(row, reverse=True):  # the first one told of each name wins
                        found[key.rpartition("#")[2].lower()] = row[key]
            if name.endswith("#cpu") and isinstance(rows, list) and rows and isinstance(rows[0], dict):
                for key, told in rows[0].items():
                    if key.endswith("#model"):
                        found["cpu"] = told
    return found


def outside(disk: dict[str, Any]) -> bool:
    """Whether a disk is none of the device's: the key the tool was started from, a dock."""
    words = (
        f"{raw(disk, 'interface')} {raw(disk, 'model_name')} {raw(lowered(disk.get('device')), 'info_name')}"
    )
    return bool(_OUTSIDE.search(words))


def _disks(data: dict[str, Any]) -> list[str]:
    told = _inner(data.get("smartctl") or data.get("smart"))
    disks = [lowered(one) for one in (told if isinstance(told, list) else [told])]
    sizes = []
    for disk in (one for one in disks if not outside(one)):
        capacity = lowered(disk.get("user_capacity"))
        if number := raw(capacity, "bytes") or raw(disk, "nvme_total_capacity"):
            sizes.append(f"{number} bytes")
    return sizes
