"""A report of an agent → one device and its storage media. Pure: bytes in, values out.

Read by the readers of inventories (`fleets.reading`): GLPI agent JSON, FusionInventory and OCS XML, eReuse
Workbench and workbench-script JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reuse_market.erasure.reading.terms import family
from reuse_market.fleets.reading import Unreadable, judge, propose, read_table
from reuse_market.fleets.reading.agents import json_documents, xml_documents
from reuse_market.fleets.reading.agents.ereuse import outside
from reuse_market.fleets.reading.agents.row import total_mb
from reuse_market.fleets.reading.agents.shapes import lowered, raw, section
from reuse_market.fleets.reading.encoding import encoding_of
from reuse_market.fleets.reading.source import Source
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_

FIELDS = ("serial", "maker", "model", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os")
FORMATS = frozenset({"glpi-json", "ocs-json", "fusion-xml", "ocs-xml", "ereuse-json"})
NOT_ONE = N_(
    "This file does not tell one device: send what eReuse Workbench, the GLPI agent or FusionInventory wrote of it."
)
_REMOVABLE = re.compile(
    r"\b(cd|dvd|bd|optical|removable|usb|floppy|tape|card reader|sd card|virtual)\b", re.IGNORECASE
)
# What Windows gives of an NVMe for its serial number: the identifier of its namespace, which no report bears.
_NAMESPACE = re.compile(r"(?:eui\.|naa\.)?[0-9A-F]{4}(?:_[0-9A-F]{4}){3,7}\.?|(?:eui|naa)\..*", re.IGNORECASE)
_WORKBENCH = ("harddrive", "solidstatedrive", "datastorage", "mmc", "ssd", "hdd")
_MOST = 64


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says: its format, values by FIELDS (only those told), and the media it names."""

    format: str
    values: dict[str, Any]
    disks: list[dict[str, Any]] = field(default_factory=list)


def read_report(data: bytes, name: str, today: date) -> Told:
    """The one device of a report. Invalid for anything else."""
    try:
        table = read_table(data, name)
        if table.format not in FORMATS:
            raise Invalid(NOT_ONE, field="file", code="hardware.format")
        report = judge(table, propose(table.header, table.sample()), today=today)
        disks = list(_disks(data, table.format))[:_MOST]
    except Unreadable as error:
        raise Invalid(NOT_ONE, field="file", code="hardware.unreadable") from error
    computers = [one for one in report.good if one.kind != "monitor"] or report.good
    if len(computers) != 1:
        raise Invalid(NOT_ONE, field="file", code="hardware.not-one")
    values = {name: getattr(computers[0], name) for name in FIELDS}
    return Told(table.format, {key: value for key, value in values.items() if value is not None}, disks)


def _disks(data: bytes, form: str) -> Iterator[dict[str, Any]]:
    source = Source(data)
    codec = encoding_of(source).codec
    if form.endswith("-xml"):
        documents = xml_documents.documents(source, xml_documents.codec_of(source, codec))
    else:
        documents = json_documents.documents(source, codec)
    for document in documents:
        outer = lowered(document)
        if form == "ereuse-json":
            yield from _ereuse(outer)
        else:
            yield from _agent(lowered(outer.get("content")) or outer)


def _agent(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for disk in section(content, "storages"):
        words = " ".join(raw(disk, name) for name in ("type", "interface", "description", "name", "model"))
        if not _REMOVABLE.search(words):
            serial = raw(disk, "serialnumber") or raw(disk, "serial")
            yield _disk(words, serial, raw(disk, "model") or raw(disk, "name"), raw(disk, "disksize"))


def _ereuse(outer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    device = lowered(outer.get("device"))
    for part in section(outer, "components") or section(device, "components"):
        if raw(part, "type").lower() in _WORKBENCH and not outside(part):
            words = f"{raw(part, 'type')} {raw(part, 'interface')}"
            yield _disk(words, raw(part, "serialnumber"), raw(part, "model"), raw(part, "size"))
    told = lowered(outer.get("data"))
    found = told.get("smartctl") or told.get("smart")
    if isinstance(found, str):
        try:
            found = json.loads(found, parse_int=str, parse_float=str)
        except (ValueError, RecursionError):
            found = None
    for one in found if isinstance(found, list) else [found]:
        disk = lowered(one)
        size = raw(lowered(disk.get("user_capacity")), "bytes") or raw(disk, "nvme_total_capacity")
        if (size or raw(disk, "serial_number")) and not outside(disk):
            turning = raw(disk, "rotation_rate")
            protocol = raw(lowered(disk.get("device")), "protocol")
            words = f"{protocol} {'hdd' if turning not in ('', '0') else 'ssd'}"
            yield _disk(words, raw(disk, "serial_number"), raw(disk, "model_name"), f"{size} bytes")


def _disk(words: str, serial: str, model: str, size: str) -> dict[str, Any]:
    told = f"{words} {model}".lower()
    if known := family(model):  # Windows calls every disk "Fixed hard disk media", an NVMe "SCSI"
        kind = known
    elif "nvme" in told:
        kind = "nvme"
    elif "mmc" in told:
        kind = "emmc"
    elif re.search(r"\b(ssd|solid|solidstatedrive|flash)\b|ssd", told):
        kind = "ssd"
    else:
        kind = "hdd"
    megabytes = total_mb([size], binary=False).removesuffix(" MB")
    told = "" if _NAMESPACE.fullmatch(serial.strip()) else serial
    return {
        "kind": kind, "serial": told[:80] or None, "model": model[:120] or None,
        "size_mb": int(megabytes) if megabytes else None,
    }  # fmt: skip
