"""Forgiving ways into the objects agents write: any case of keys, one or several, wrapped or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reuse_market.fleets.reading.fields import exact_target
from reuse_market.fleets.reading.labels import one_line
from reuse_market.fleets.reading.values import said
from reuse_market.kernel.words import N_

TEXT = "#text"
_SECTIONS = frozenset(
    ("bios", "hardware", "cpus", "memories", "storages", "network_device", "operatingsystem", "monitors")
)
_MACHINE = frozenset(
    ("chassis_type", "vmsystem", "osname", "processort", "lastloggeduser", "userid", "checksum")
)
"""What the hardware of an agent's file tells, and that of other programs does not."""
_MAX_TEXT = 300
_DEEPEST = 5


def lowered(value: Any) -> dict[str, Any]:
    """An object with its keys in lower case; anything else gives an empty one."""
    return {str(key).lower(): inner for key, inner in value.items()} if isinstance(value, dict) else {}


def section(holder: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """The objects of a section, whether it is one, a list, or wraps its list (`CPUS` around `CPU`)."""
    for name in names:
        inner = holder.get(name)
        if isinstance(inner, dict) and len(inner) == 1:
            (only,) = inner.values()
            inner = only if isinstance(only, list | dict) else inner
        found = [lowered(one) for one in (inner if isinstance(inner, list) else [inner])]
        if any(found):
            return [one for one in found if one]
    return []


def text(holder: dict[str, Any], *names: str) -> str:
    """The first of these values that says something, on one line; "" for none and for placeholders."""
    return next((told for name in names if (told := said(raw(holder, name)))), "")


def raw(holder: dict[str, Any], name: str) -> str:
    """A value as written, on one line."""
    value = holder.get(name)
    if isinstance(value, dict):
        value = value.get(TEXT)
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), None)
    if value is None or isinstance(value, dict | list):
        return ""
    return one_line(str(value))[:_MAX_TEXT]


def is_document(value: Any) -> bool:
    """Whether an object is what an agent says of one device."""
    outer = lowered(value)
    inner = lowered(outer.get("content"))
    if _SECTIONS & {k for k, v in inner.items() if isinstance(v, dict | list)}:
        return True
    if isinstance(outer.get("bios"), dict | list) or _MACHINE & lowered(outer.get("hardware")).keys():
        return True
    return is_snapshot(outer) or bool(inner and {"deviceid", "itemtype", "action", "query"} & outer.keys())


def is_snapshot(outer: dict[str, Any]) -> bool:
    """Whether an object is a snapshot of eReuse."""
    if isinstance(outer.get("device"), dict):
        return "components" in outer or str(outer.get("type", "")).lower() == "snapshot"
    if is_lshw(outer):
        return True
    data = lowered(outer.get("data"))
    return bool({"dmidecode", "inxi", "lshw", "hwinfo"} & data.keys())


def is_lshw(outer: dict[str, Any]) -> bool:
    """Whether an object is what `lshw -json` tells of a whole device."""
    return outer.get("class") == "system" and "product" in outer and "configuration" in outer


def what_else(value: dict[str, Any]) -> str:
    """What an object tells that is no device, for a person: a disk, an event; "" for what may be a device."""
    outer = lowered(value)
    if "smartctl" in outer and "json_format_version" in outer:
        return N_("This file tells of one disk (smartctl), not of the device it is in.")
    if {"eventtime", "eventtimezoneoffset"} <= outer.keys():
        return N_("This file tells of events (EPCIS), not of devices.")
    return ""


def listed(value: dict[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """The devices an object stands for: itself, or those of the longest list inside an answer of a program."""
    if is_document(value) or depth > _DEEPEST:
        yield value
        return
    best = max((inner for inner in value.values() if _objects(inner)), key=len, default=None)
    if best is not None and (depth or len(value) < 2 or not _flat_device(value)):
        for one in best:
            if isinstance(one, dict):
                yield from listed(one, depth + 1) if is_document(one) else iter((one,))
        return
    inners = [inner for inner in value.values() if isinstance(inner, dict)]
    if inners and len(inners) == len(value) and all(is_document(one) for one in inners):
        yield from inners  # one object per device, under its number
        return
    holders = [one for one in inners if any(_objects(v) or isinstance(v, dict) for v in one.values())]
    if len(holders) == 1 and not _flat_device(value):
        yield from listed(holders[0], depth + 1)
        return
    yield value


def _objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _flat_device(value: dict[str, Any]) -> bool:
    """Whether an object tells a device by itself, whatever lists it also holds."""
    told = {exact_target(str(k)) for k, v in value.items() if not isinstance(v, list) and v not in (None, "")}
    return bool(told & {"serial", "model"}) and len(told - {None}) >= 2
