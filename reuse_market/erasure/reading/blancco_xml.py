"""Blancco's XML export: one file, one or several reports, each with its erasures and the hardware it saw.

The structure is known from its consumers only, so values are looked for by name, not by place.
"""

from __future__ import annotations

from dataclasses import replace

from reuse_market.erasure.reading.stated import MOST_DISKS, Stated, Unreadable, cut, serial_of
from reuse_market.erasure.reading.terms import hidden, kind, number, plain, result, stamp, technique, yes
from reuse_market.erasure.reading.trees import Node

TOOL = "Blancco Drive Eraser"


def looks_like(root: Node) -> bool:
    """Whether a tree is such an export."""
    return any(True for _ in root.all("blancco_data", "blancco_erasure_report"))


def read(root: Node) -> tuple[Stated, ...]:
    """Every erasure of every report in the file."""
    named = [one for one in root.all("report", "reports") if one.tag in ("report", "reports")]
    reports = [one for one in named if any(True for _ in one.all("blancco_data"))] or [root]
    found = [disk for report in reports for disk in _report(report)]
    if len(found) > MOST_DISKS:
        raise Unreadable("too-many")
    return tuple(found)


def _report(report: Node) -> list[Stated]:
    erasures = [
        one for one in report.all("erasure") if any(True for _ in one.all("target", "state", "serial"))
    ]
    hardware = next(report.all("blancco_hardware_report"), Node(""))
    disks = {
        serial_of(one.own("serial")): one for one in hardware.all("disk") if serial_of(one.own("serial"))
    }
    outside = {name for name, one in disks.items() if "usb" in one.own("interface_type", "bus").casefold()}
    fixed = disks.keys() - outside  # the key it started from is none of the device's media
    system = next(hardware.all("system"), Node(""))
    base = Stated(
        tool=cut(report.value("product_name") or TOOL, 60), tool_version=cut(report.value("product_version"), 30),
        report_number=cut(report.value("document_id", "report_uuid"), 80), verified=yes(report.value("verified")),
        host_serial=serial_of(system.own("serial")), host_tag=serial_of(report.value("asset_tag", "asset_id")),
        host_name=cut(f"{system.own('manufacturer')} {system.own('model')}", 120), host_disks=len(fixed) or None,
        operator_name=cut(report.value("operator", "technician", "erasure_operator", "opérateur"), 120),
        erased_at=stamp(report.value("date")),
    )  # fmt: skip
    return [_erasure(base, one, disks) for one in erasures]


def _erasure(base: Stated, told: Node, disks: dict[str, Node]) -> Stated:
    target = next(told.all("target"), told)
    serial = serial_of(target.value("serial", "serial_number"))
    seen = disks.get(serial, Node(""))
    standard = told.own("erasure_standard_name", "erasure_standard", "standard", "method", "erasure_method")
    what = kind(target.own("type"), target.own("interface_type", "bus"), seen.own("type", "interface_type"))
    areas = [
        one.text or one.value("state", "status") for one in told.all("hpa", "dco", "hpa_dco", "hidden_areas")
    ]
    size = number(target.value("capacity"))
    ended = stamp(told.own("end_time", "timestamp"))
    stated = result(told.own("state", "status", "result"))
    checked = yes(told.own("verified", "verification"))
    return replace(
        base, serial=serial, maker=cut(target.own("vendor", "manufacturer"), 60), model=cut(target.own("model"), 120),
        kind=what, size_mb=size_mb(size, target.value("capacity")), technique=_technique(told, standard),
        method_name=cut(standard, 60), result=stated, passes=number(told.own("total_erasure_rounds")),
        errors=_errors(told), hidden_areas=_hidden(areas), erased_at=ended or base.erased_at,
        verified=base.verified if checked is None else checked,
    )  # fmt: skip


def _technique(told: Node, standard: str) -> str:
    """The command the steps name; else what the standard names; else firmware when it claims a purge by firmware."""
    named = " ".join(
        one.text or one.value("type", "name") for one in told.all("step", "command", "firmware_command")
    )
    for text in (named, standard):
        if (found := technique(text)) and found != "overwrite":
            return found
    firmware = number(told.own("firmware_rounds"))
    if firmware:
        return "firmware_purge" if "purge" in plain(standard) else "ata_secure_erase"
    return "overwrite" if number(told.own("overwriting_rounds")) or technique(standard) else ""


def _errors(told: Node) -> int | None:
    counts = [number(told.own(name)) for name in ("failed_sectors", "total_errors", "errors", "io_errors")]
    known = [count for count in counts if count is not None]
    return max(known) if known else None


def _hidden(areas: list[str]) -> str:
    """The worst of what is said of HPA and of DCO."""
    told = [hidden(area) for area in areas]
    return next((code for code in ("present", "unknown", "erased", "none") if code in told), "unknown")


def size_mb(size: int | None, text: str) -> int | None:
    """Bytes as megabytes; a capacity of more than nine digits is read too."""
    digits = text.strip()
    if size is None and digits.isdigit() and len(digits) < 18:
        size = int(digits)
    return size // 1_000_000 if size else None
