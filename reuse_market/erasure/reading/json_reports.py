"""Reports as JSON: nwipe's own (0.42), Blancco's as its console gives them, the erasures of an eReuse snapshot."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from reuse_market.erasure.reading import blancco_xml
from reuse_market.erasure.reading.stated import MOST_DISKS, Stated, Unreadable, cut, serial_of
from reuse_market.erasure.reading.terms import kind, result, stamp
from reuse_market.erasure.reading.trees import MOST_DEPTH, MOST_ELEMENTS, Node

# eReuse Workbench 11 says how grave what it met was; EraseSectors reads back what it wrote, EraseBasic does not.
_OVERWRITING = ("EraseBasic", "EraseSectors")  # a disk destroyed is told by other words
_NWIPE = {"success": "ok", "failure": "failed"}
_SEVERITY = {"info": "ok", "notice": "ok", "warning": "exceptions", "error": "failed"}


def looks_like(text: str) -> bool:
    """Whether a text is JSON."""
    return bool(re.match(r"[\ufeff\s]*(?:\{|\[\s*[{\]])", text))  # a log begins by "[2026/…"


def read(text: str) -> tuple[str, tuple[Stated, ...]]:
    """The format (FORMATS) and the media. Unreadable: "damaged", "unsafe" (too deep or big), "too-many"."""
    try:
        told = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("damaged") from error
    form, disks = _told(told)
    if len(disks) > MOST_DISKS:
        raise Unreadable("too-many")
    return form, disks


def _told(told: Any) -> tuple[str, tuple[Stated, ...]]:
    every = [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, dict)]
    nwipe = [one for one in every if _of(one, "report_metadata").get("software") == "nwipe"]
    if nwipe:
        return "nwipe-json", tuple(map(_nwipe, nwipe))
    ereuse = [one for one in every if one.get("type") == "Snapshot" and _several(one, "components")]
    if ereuse:
        return "ereuse-json", tuple(disk for one in ereuse for disk in _ereuse(one))
    root = Node("")
    _grow(root, told, 0, [0])
    return ("blancco-json", blancco_xml.read(root)) if blancco_xml.looks_like(root) else ("unknown", ())


def _of(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _several(told: dict[str, Any], name: str) -> list[Any]:
    found = told.get(name)
    return found if isinstance(found, list) else []


def _grow(parent: Node, told: Any, depth: int, count: list[int]) -> None:
    """The same tree as the XML gives: a list is the same element several times, an attribute is not one."""
    count[0] += 1
    if depth > MOST_DEPTH or count[0] > MOST_ELEMENTS:
        raise Unreadable("unsafe")
    if isinstance(told, list):
        for one in told:
            _grow(parent, one, depth + 1, count)
    elif isinstance(told, dict):
        for name, value in told.items():
            for one in value if isinstance(value, list) else [value]:
                child = Node(str(name).casefold())
                parent.children.append(child)
                _grow(child, one, depth + 1, count)
    elif told is not None:
        parent.text += str(told)


def _unsure(status: str) -> str:
    """How an erasure ended badly by a status of unknown words; never that it ended well."""
    found = result(status)
    return "unknown" if found == "ok" else found


def _nwipe(told: dict[str, Any]) -> Stated:
    """Its method and its verification are not in this file: they are left unsaid. Errors make it a failure.

    Errors counted otherwise than by whole numbers, or a status it never writes, leave a success unknown.
    """
    device, ended = _of(told, "device"), _of(told, "wipe_result")
    counts = [ended.get(name) for name in ("pass_errors", "verify_errors")]
    known = [one for one in counts if type(one) is int]
    stated = _NWIPE.get(str(ended.get("status"))) or _unsure(str(ended.get("status") or ""))
    if stated == "ok" and any(one is not None and type(one) is not int for one in counts):
        stated = "unknown"
    size, at = device.get("size_bytes"), ended.get("end_time")
    return Stated(
        serial=serial_of(str(device.get("serial_no") or "")), model=cut(str(device.get("model") or ""), 120),
        kind="nvme" if "nvme" in str(device.get("name")) else kind(str(device.get("model") or "")),
        size_mb=size // 1_000_000 if isinstance(size, int) and 0 < size < 10**18 else None,
        result="failed" if stated == "ok" and any(known) else stated,
        errors=sum(known) if len(known) == 2 else None, tool="nwipe",
        tool_version=cut(str(_of(told, "report_metadata").get("version") or ""), 30),
        erased_at=datetime.fromtimestamp(at, UTC).isoformat() if isinstance(at, int) and 0 < at < 2**32 else "",
    )  # fmt: skip


def _ereuse(told: dict[str, Any]) -> Iterator[Stated]:
    """The last erasure of each disk of a snapshot; a disk nobody erased is none."""
    parts = [one for one in _several(told, "components") if isinstance(one, dict)]
    disks = [one for one in parts if "drive" in str(one.get("type")).casefold()]
    fixed = [
        one for one in disks if "usb" not in str(one.get("interface")).casefold()
    ]  # not the tool's own key
    host = _of(told, "device")
    for disk in disks:
        done = [*_several(disk, "actions"), *_several(disk, "events")]
        erased = [one for one in done if isinstance(one, dict) and str(one.get("type")).startswith("Erase")]
        if not erased:
            continue
        last = sorted(erased, key=lambda one: str(one.get("endTime") or ""))[-1]
        steps = [one for one in _several(last, "steps") if isinstance(one, dict)]
        grave = {str(one.get("severity") or "").rpartition(".")[2].casefold() for one in (last, *steps)}
        results = {_SEVERITY.get(word, "unknown") for word in grave}
        size = disk.get("size")
        yield Stated(
            serial=serial_of(str(disk.get("serialNumber") or "")), maker=cut(str(disk.get("manufacturer") or ""), 60),
            model=cut(str(disk.get("model") or ""), 120),
            kind="ssd" if "solid" in str(disk.get("type")).casefold() else kind(str(disk.get("model"))) or "hdd",
            size_mb=int(size) if isinstance(size, int | float) and 0 < size < 10**9 else None,
            technique="overwrite" if last["type"] in _OVERWRITING else "",
            method_name=cut(str(last["type"]), 60), passes=len(steps) or None,
            result=next((one for one in ("failed", "unknown", "exceptions") if one in results), "ok"),
            verified=True if last["type"] == "EraseSectors" else None, tool="eReuse Workbench",
            tool_version=cut(str(told.get("version") or ""), 30), erased_at=stamp(str(last.get("endTime") or "")),
            host_serial=serial_of(str(host.get("serialNumber") or "")), host_disks=len(fixed) or None,
            host_name=cut(f"{host.get('manufacturer') or ''} {host.get('model') or ''}", 120),
        )  # fmt: skip
