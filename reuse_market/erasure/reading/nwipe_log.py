"""The log of nwipe (ShredOS): several disks, each told by lines of its own and by the tables at the end.

Shapes known from nwipe 0.3x and 0.4x: "Error Summary", "Drive Status" (the model cut to 17 characters), the line
of the total throughput with method, rounds, blanking and verification, the options, and HPA/DCO lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from reuse_market.erasure.reading.stated import MOST_DISKS, Stated, Unreadable, cut, serial_of
from reuse_market.erasure.reading.terms import hidden, kind, stamp, technique

_LINE = re.compile(r"^\[(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)\]\s+\w+:\s*(.*)$")
_FOUND = re.compile(r"Found (?:drive )?(/dev/\S+?),\s*(.+?),?\s*S/N=?:?\s*(\S[^,]*?)\s*(?:,.*)?$")
_TOTAL = re.compile(r"Total Throughput\s+\S+,\s*(.+?),\s*(\d+)R\+(NB|B)\+V([NLA])\b")
_OPTION = re.compile(r"^\s*(method|verify|rounds)\s*=\s*(.+?)\s*$")
_VERSION = re.compile(r"\bnwipe\s+v?(\d[\w.]*)|(?:Running|running)\s+nwipe\s+(\d[\w.]*)", re.IGNORECASE)
_AREAS = re.compile(r"hidden sectors|HPA/DCO", re.IGNORECASE)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])B", re.IGNORECASE)
_STATUS = {
    "erased": "ok",
    "failed": "failed",
    "uaborted": "aborted",
    "aborted": "aborted",
    "insanity": "failed",
}
_VERIFIED = {"N": (False, ""), "L": (True, "last_pass"), "A": (True, "all_passes")}
_UNITS = {"K": 1 / 1000, "M": 1, "G": 1000, "T": 1_000_000}


@dataclass(slots=True)
class _Run:
    """What holds for every disk of the log."""

    version: str = ""
    method: str = ""
    rounds: int | None = None
    verify: str = ""  # N, L or A
    ended: str = ""


def looks_like(text: str) -> bool:
    """Whether a text is such a log: nwipe names itself, or its table of drives is there."""
    return ("Drive Status" in text and "Thru-put" in text) or (
        bool(re.search(r"\bnwipe\b", text)) and bool(_LINE.search(text.split("\n", 1)[0]))
    )


def read(text: str) -> tuple[Stated, ...]:
    """The disks of the log. One that the tables do not name was not finished: its result is not known."""
    run, table = _Run(), ""
    disks: dict[str, dict[str, Any]] = {}
    for line in text.splitlines():
        if "*****" in line and line.strip("* \t"):
            table = line.strip("* \t")
        elif table and "|" in line and "Device" not in line:
            _row(disks, table, [cell.strip(" !") for cell in line.split("|")])
        else:
            _told(run, disks, line)
        if len(disks) > MOST_DISKS:
            raise Unreadable("too-many")
    return tuple(_whole(run, device, told) for device, told in disks.items())


def _row(disks: dict[str, dict[str, Any]], table: str, cells: list[str]) -> None:
    disk = disks.setdefault(cells[0], {})
    if table == "Error Summary" and len(cells) >= 4:
        counts = [int(cell) if cell.isdigit() else None for cell in cells[1:4]]
        known = [count for count in counts if count is not None]
        disk["errors"] = sum(known) if len(known) == 3 else None
    elif table == "Drive Status" and len(cells) >= 5:
        word = cells[1].strip("- ").casefold()
        disk["result"] = _STATUS.get(word, "unknown")
        if word == "see warnings" or "warning" in word:
            disk["result"] = "exceptions"
        model, _, serial = cells[4].rpartition("/")
        disk.setdefault("model", model)
        disk.setdefault("serial", serial)


def _told(run: _Run, disks: dict[str, dict[str, Any]], line: str) -> None:
    if total := _TOTAL.search(line):
        run.method, run.rounds, run.verify = total[1], int(total[2]), total[4]
    found = _LINE.match(line)
    if found is None:
        return
    run.ended, words = found[1], found[2]
    if not run.version and (version := _VERSION.search(words)):
        run.version = version[1] or version[2]
    if option := _OPTION.match(words):
        _option(run, *option.groups())
    elif seen := _FOUND.search(words):
        disk = disks.setdefault(seen[1].rpartition("/")[2], {})
        _described(disk, [part.strip() for part in seen[2].split(",")], seen[3])
    elif _AREAS.search(words) and (device := re.search(r"/dev/(\w+)", words)):
        disks.setdefault(device[1], {})["hidden"] = hidden(words)


def _option(run: _Run, name: str, value: str) -> None:
    if name == "method" and not run.method:
        run.method = value
    elif name == "rounds" and run.rounds is None and value.isdigit():
        run.rounds = int(value)
    elif name == "verify" and not run.verify:
        told = value.casefold()
        run.verify = "A" if "all" in told else "L" if "last" in told else "N" if "off" in told else ""


def _described(disk: dict[str, Any], parts: list[str], serial: str) -> None:
    """ "SATA-SSD, SAMSUNG MZ7…, 256 GB": bus and type, model, size, in this order as far as they are there."""
    disk["serial"] = serial.strip()
    disk["kind"] = kind(parts[0])
    for part in parts[1:]:
        if size := _SIZE.fullmatch(part):
            disk["size_mb"] = round(float(size[1]) * _UNITS[size[2].upper()])
        elif "model" not in disk:
            disk["model"] = part


def _whole(run: _Run, device: str, told: dict[str, Any]) -> Stated:
    verified, verification = _VERIFIED.get(run.verify, (None, ""))
    result = told.get("result", "unknown")
    state = told.get("hidden", "unknown")
    base = Stated(
        serial=serial_of(told.get("serial")), model=cut(told.get("model"), 120), result=result,
        kind=told.get("kind") or kind(told.get("model")) or ("nvme" if device.startswith("nvme") else ""),
        size_mb=told.get("size_mb"), technique=technique(run.method), method_name=cut(run.method, 60),
        verified=verified, verification=verification, passes=run.rounds, errors=told.get("errors"),
        hidden_areas=state, tool="nwipe", tool_version=cut(run.version, 30), erased_at=stamp(run.ended),
    )  # fmt: skip
    # Method unnamed in an old log: nwipe then knew no other way than writing over.
    if not base.technique and not run.method:
        base = replace(base, technique="overwrite")
    # "visible sectors erased, hidden sectors NOT erased": the tool itself warns.
    return replace(base, result="exceptions") if result == "ok" and state == "present" else base
