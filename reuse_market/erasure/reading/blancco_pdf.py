"""Reports of Blancco that are pages of "label: value": its PDFs, by their text."""

from __future__ import annotations

import re

from reuse_market.erasure.reading.pdf_text import pairs
from reuse_market.erasure.reading.stated import Stated, cut, serial_of
from reuse_market.erasure.reading.terms import hidden, kind, plain, result, stamp, technique, yes

# Labels as the tools print them; the text between one and the next is its value.
BLANCCO = (
    "Report UUID", "Report ID", "Report Date", "Digital Identifier", "Software Version", "Software", "Product",
    "Erasure Results", "Erasure Details", "Hardware Details", "System Serial", "Chassis Type", "Asset Tag",
    "Operator", "Erasure Provider", "Manufacturer", "Vendor", "Model", "Serial", "Type", "Capacity", "Size",
    "Interface", "Erasure Standard", "Erasure Method", "Method", "Standard", "Status", "State", "Erasure Rounds",
    "Firmware Rounds", "Overwriting Rounds", "Rounds", "Start Time", "End Time", "Duration", "Verified",
    "Verification", "Failed Sectors", "Errors", "Remapped Sectors", "HPA/DCO", "Customer", "Signature", "Steps",
)  # fmt: skip


def looks_like(text: str) -> bool:
    """Whether a text is such a report."""
    told = plain(text)
    return "blancco" in told and "serial" in told


def _line(text: str | None) -> str:
    """The first line of a value."""
    return cut((text or "").strip().split("\n", 1)[0], 200)


def read(text: str) -> tuple[Stated, ...]:
    """One disk per "Erasure Standard" or status block; what stands before the first one is the device's."""
    head: dict[str, str] = {}
    disks: list[dict[str, str]] = []
    for label, value in pairs(text, BLANCCO):
        opens = label in ("vendor", "model", "serial", "type") and (not disks or label in disks[-1])
        if opens and "report uuid" not in (label,):
            disks.append({})
        (disks[-1] if disks else head).setdefault(label, value)
    number = re.search(r"(?:Report UUID|Report ID|Digital Identifier)\s*:\s*(\S+)", text, re.IGNORECASE)
    version = re.search(r"(?:Software Version|Drive Eraser)\s*:?\s*v?(\d[\w.]*)", text, re.IGNORECASE)
    ours = [one for one in disks if "status" in one or "state" in one]
    return tuple(_disk(one, head, number[1] if number else "", version[1] if version else "") for one in ours)


def _disk(told: dict[str, str], head: dict[str, str], number: str, version: str) -> Stated:
    def get(*names: str) -> str:
        return next((_line(told[name]) for name in names if told.get(name)), "")

    standard = get("erasure standard", "erasure method", "standard", "method")
    way = technique(f"{standard} {get('steps')}")
    if way in ("", "overwrite") and (get("firmware rounds") or "0").strip() not in ("0", ""):
        way = "firmware_purge" if "purge" in plain(standard) else "ata_secure_erase"
    errors = [int(each) for each in re.findall(r"^\d+", " ".join((get("failed sectors"),)) or "")]
    errors += [int(each) for each in re.findall(r"^\d+", get("errors"))]
    return Stated(
        serial=serial_of(get("serial")), maker=cut(get("vendor", "manufacturer"), 60), model=cut(get("model"), 120),
        kind=kind(get("type"), get("interface")), technique=way, method_name=cut(standard, 60),
        result=result(get("status", "state")), verified=yes(get("verified", "verification")),
        errors=max(errors) if errors else None, hidden_areas=hidden(get("hpa/dco")), tool="Blancco Drive Eraser",
        tool_version=cut(version, 30), erased_at=stamp(get("end time")), report_number=cut(number, 80),
        operator_name=cut(_line(told.get("operator") or head.get("operator")), 120),
        host_serial=serial_of(_line(head.get("system serial"))), host_tag=serial_of(_line(head.get("asset tag"))),
    )  # fmt: skip
