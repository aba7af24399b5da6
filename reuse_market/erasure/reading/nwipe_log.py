"""The log of nwipe (ShredOS): one or several runs, each disk told by lines of its own and by the tables at the end.

Shapes known from nwipe 0.2x to 0.4x: what is found, what each pass does, "Error Summary", "Erasure Summary",
"Drive Status" (the model cut to 17 characters), the line of the total throughput, options, HPA/DCO, the host by DMI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from reuse_market.erasure.reading.stated import MOST_DISKS, Stated, Unreadable, cut, serial_of
from reuse_market.erasure.reading.terms import hidden, kind, on_medium, stamp, technique

# Since 0.29 "[day hour]  notice: …"; before, the program names itself: "[day hour] nwipe: notice: …".
_LINE = re.compile(r"^\[(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)\]\s+(?:nwipe:\s+)?\w+:\s*(.*)$")
_FOUND = re.compile(r"Found (?:drive )?(/dev/\S+?),\s*(.+?),?\s*S/N=?:?\s*([^,]*?)\s*(?:,.*)?$")
_FOUND_OLD = re.compile(
    r'Found drive model="(?P<model>.*?)", device path="(?P<path>.+?)", size="(?P<size>.*?)", '
    r'serial number="(?P<serial>.*?)"'
)
# "1R+B+VL": rounds, blanking, verification of the last pass, of all (VA) or of none (NV, VN).
_TOTAL = re.compile(r"Total Throughput\s+[^,]*,\s*(.+?),\s*(\d+)R\+(?:NB|B)\+(NV|V[NLA])\b")
_OPTION = re.compile(r"^\s*(method|verify|rounds)\s*=\s*(.+?)\s*$")
_DMI = re.compile(r"^\s*(system-serial-number|system-manufacturer|system-product-name)\s*=\s*(.+?)\s*$")
_VERSION = re.compile(
    r"^(?:nwipe\s+v?(\d[\w.]*)$|(?:Running|running)\s+nwipe\s+(\d[\w.]*)|ShredOS\s+v?(\d\S*))"
)
_INVOKED = re.compile(r"Invoking method '(.+?)'")
_STARTED = re.compile(r"(?:Invoking method|Starting (?:round|pass)|Blanking device)\b.*?(/dev/[\w./-]+)")
_DEVICE = re.compile(r"(/dev/[\w./-]+)")
_AREAS = re.compile(r"hidden (?:sectors?|areas?)|HPA/DCO", re.IGNORECASE)
# What a line says of one disk outranks its row: until 0.31 the table wrote "Erased" of a disk whose verification
# had failed, until 0.33 of one that had stopped answering (nwipe, pull requests 317 and 400).
_FAILURE = re.compile(r"\[FAILURE\]|exited with (?:(?:non )?fatal )?errors on device", re.IGNORECASE)
_UNSURE = re.compile(r"buffer flush failure", re.IGNORECASE)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])B", re.IGNORECASE)
_TURNING = re.compile(r"(?:ATA|SAS) {2,}$")  # the place "-SSD" takes is left blank: it turns
_STATUS = {
    "erased": "ok",
    "failed": "failed",
    "uaborted": "aborted",
    "aborted": "aborted",
    "insanity": "failed",
}
_VERIFIED = {"N": (False, ""), "L": (True, "last_pass"), "A": (True, "all_passes")}
_UNITS = {"K": 1 / 1000, "M": 1, "G": 1000, "T": 1_000_000}
_OUTSIDE = (
    "USB",
    "UAS",
    "VIRT",
    "LOOP",
    "MMC",
)  # not fixed in the device: keys, docks, the stick it started from


@dataclass(slots=True)
class _Run:
    """One start of the program: what holds for all its disks, and each disk by its device's name."""

    version: str = ""
    method: str = ""
    rounds: int | None = None
    verify: str = ""  # N, L or A
    ended: str = ""
    stopped: bool = False  # by the person
    tabled: bool = False  # it told how each disk ended
    host: dict[str, str] = field(default_factory=dict)
    disks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def disk(self, device: str) -> dict[str, Any]:
        """A disk by /dev/sda or sda; tables of old versions keep the last 6 letters of a name only."""
        name = device.rpartition("/")[2]
        if name not in self.disks:
            longer = [known for known in self.disks if len(name) >= 6 and known.endswith(name)]
            name = longer[0] if len(longer) == 1 else name
        return self.disks.setdefault(name, {})


def looks_like(text: str) -> bool:
    """Whether a text is such a log: nwipe or ShredOS names itself, or its table of drives is there."""
    if "Drive Status" in text and "Thru-put" in text:
        return True
    start = text[:20_000]
    return bool(re.search(r"\b(?:nwipe|shredos)\b", start, re.IGNORECASE)) and any(
        _LINE.match(line) for line in start.split("\n")[:40]
    )


def read(text: str) -> tuple[Stated, ...]:
    """The disks of the log, run after run: a log grows by one run each time the program is started.

    A disk whose erasing began and that no table names was not finished: aborted where the person stopped the
    program, else its result is not known. Disks that were only seen are left out of a run that erased others.
    """
    runs = list(_runs(text))
    busy = [run for run in runs if run.tabled or any("started" in disk for disk in run.disks.values())]
    told = tuple(one for run in busy or runs for one in _disks(run))
    if len(told) > MOST_DISKS:
        raise Unreadable("too-many")
    return told


def _runs(text: str) -> Iterator[_Run]:
    run, table = _Run(), ""
    for line in text.splitlines():
        if "*****" in line:
            table = line.strip("* \t")
        elif table and "|" in line and not line.lstrip("! \t").startswith("Device"):
            _row(run, table, [cell.strip(" !\t") for cell in line.split("|")])
        else:
            found = _LINE.match(line)
            words = found[2] if found else ""
            if run.disks and _opens(run, words):
                yield run
                run, table = _Run(), ""
            _told(run, line, found[1] if found else "", words)
        if len(run.disks) > MOST_DISKS:
            raise Unreadable("too-many")
    yield run


def _opens(run: _Run, words: str) -> bool:
    """Whether a line is of a new start of the program: it names itself, or finds again what it had found."""
    if _VERSION.search(words):
        return True
    found = _FOUND.search(words)
    name = found[1].rpartition("/")[2] if found else ""
    again = bool(found) and "seen" in run.disks.get(name, {})
    return again or (run.tabled and (bool(found) or bool(_INVOKED.search(words))))


def _row(run: _Run, table: str, cells: list[str]) -> None:
    disk = run.disk(cells[0])
    if table == "Error Summary" and len(cells) >= 3:
        counts = [int(cell) for cell in cells[1:4] if cell.isdigit()]
        disk["errors"] = sum(counts) if len(counts) == len([c for c in cells[1:4] if c]) >= 2 else None
    elif table == "Erasure Summary" and len(cells) >= 4:
        done, whole = (int(cell) if cell.isdigit() else None for cell in cells[1:3])
        disk["partly"] = done < whole if done is not None and whole else not cells[3].startswith("100")
    elif table == "Drive Status" and len(cells) >= 5:
        run.tabled = True
        word = cells[1].strip("- ").casefold()
        disk["result"] = _STATUS.get(word, "unknown")
        if "warning" in word:
            disk["result"] = "exceptions"
        model, _, serial = cells[4].rpartition("/")
        disk.setdefault("model", model)
        if not disk.get("serial"):
            disk["serial"] = serial


def _told(run: _Run, line: str, when: str, words: str) -> None:
    if total := _TOTAL.search(line):
        run.method, run.rounds, run.verify = total[1], int(total[2]), total[3].replace("V", "")
    if not when:
        return
    run.ended = when
    if not run.version and (version := _VERSION.search(words)):
        run.version = version[1] or version[2] or version[3].rpartition("_")[2]  # 2024.11_27_x86-64_0.38
    elif option := _OPTION.match(words):
        _option(run, *option.groups())
    elif host := _DMI.match(words):
        run.host[host[1]] = host[2]
    elif seen := _FOUND.search(words):
        _described(run.disk(seen[1]), seen[2].split(","), seen[3])
    elif old := _FOUND_OLD.search(words):
        _described(run.disk(old["path"]), ["", old["model"], old["size"]], old["serial"])
    else:
        _happened(run, words, when)


def _happened(run: _Run, words: str, when: str) -> None:
    """What a line says of the run, or of one disk of it."""
    run.stopped = run.stopped or "aborted by the user" in words.casefold()
    if (named := _INVOKED.search(words)) and not run.method:
        run.method = named[1]
    if started := _STARTED.search(words):
        run.disk(started[1])["started"] = True
    device = _DEVICE.search(words)
    if device is None:
        return
    if _FAILURE.search(words):
        run.disk(device[1])["failure"] = True
    elif _UNSURE.search(words):
        run.disk(device[1])["unsure"] = True
    if _AREAS.search(words):
        disk, state = run.disk(device[1]), hidden(words)
        if state != "unknown" or disk.get("hidden") != "present":  # a line that cannot tell unsays nothing
            disk["hidden"] = state
    elif "started" in run.disks.get(device[1].rpartition("/")[2], {}):
        run.disk(device[1])["ended"] = when


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
    bus = parts[0].lstrip()
    disk |= {"seen": True, "serial": serial.strip(), "bus": bus.strip().upper()}
    disk["kind"] = "hdd" if _TURNING.match(bus) else kind(bus)
    for part in (each.strip() for each in parts[1:]):
        if size := _SIZE.fullmatch(part):
            disk["size_mb"] = round(float(size[1]) * _UNITS[size[2].upper()])
        elif "model" not in disk:
            disk["model"] = part


def _disks(run: _Run) -> Iterator[Stated]:
    erased = run.tabled or any("started" in told for told in run.disks.values())
    fixed = [told for told in run.disks.values() if not told.get("bus", "").startswith(_OUTSIDE)]
    host = replace(
        Stated(), host_serial=serial_of(run.host.get("system-serial-number")), host_disks=len(fixed) or None,
        host_name=cut(" ".join(run.host.get(f"system-{name}", "") for name in ("manufacturer", "product-name")), 120),
    )  # fmt: skip
    for device, told in run.disks.items():
        if "result" in told or "started" in told or not erased:
            outside = told.get("bus", "").startswith(_OUTSIDE)
            yield _whole(run, device, told, Stated() if outside or not host.host_serial else host)


def _whole(run: _Run, device: str, told: dict[str, Any], host: Stated) -> Stated:
    verified, verification = _VERIFIED.get(run.verify, (None, ""))
    result = told.get("result", "aborted" if run.stopped and "started" in told else "unknown")
    if result in ("ok", "unknown") and "failure" in told:
        result = "failed"
    state = told.get("hidden", "unknown")
    what = told.get("kind") or kind(told.get("model")) or ("nvme" if device.startswith("nvme") else "")
    base = replace(
        host, serial=serial_of(told.get("serial")), model=cut(told.get("model"), 120), result=result,
        kind=what, size_mb=told.get("size_mb"), technique=on_medium(technique(run.method), what),
        method_name=cut(run.method, 60),
        verified=verified, verification=verification, passes=run.rounds, errors=told.get("errors"),
        hidden_areas=state, tool="nwipe", tool_version=cut(run.version, 30),
        erased_at=stamp(told.get("ended") or run.ended),
    )  # fmt: skip
    # Method unnamed in an old log: nwipe then knew no other way than writing over.
    if not base.technique and not run.method and not re.match(r"0\.(?:39|[4-9])|[1-9]", run.version):
        base = replace(base, technique="overwrite")
    # "visible sectors erased, hidden sectors NOT erased", or less than the whole: the tool itself warns.
    partly = state == "present" or told.get("partly", False) or "unsure" in told
    return replace(base, result="exceptions") if result == "ok" and partly else base
