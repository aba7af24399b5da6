"""The PDFs of nwipe (ShredOS), laid out in lines: one disk a file, or every disk of a device with its host (0.40).

A value stands on the line of its label; an empty one is empty, whatever the next line says.
"""

from __future__ import annotations

import re

from reuse_market.erasure.reading.pdf_text import pairs
from reuse_market.erasure.reading.stated import Stated, cut, serial_of
from reuse_market.erasure.reading.terms import hidden, kind, on_medium, plain, result, stamp, technique

# Labels as the tool prints them, from 0.33 to 0.42; the text between one and the next is its value.
LABELS = (
    "Business Name", "Business Address", "Contact Name", "Contact Phone", "Customer Name", "Customer Address",
    "Name/ID", "Disk Information", "Disk Erasure Details", "Erasure Details", "Technician/Operator ID",
    "Technician/Operator", "Make/Model", "Make", "Serial", "S/N", "Size(Apparent)", "Size(Real)", "Size",
    "HPA/DCO Size", "HPA/DCO", "Bus", "Start time", "End time", "Duration", "Status", "Method", "PRNG algorithm",
    "Final Pass(Zeros/Ones/None)", "Final Pass", "Blanking Pass", "Verify Pass(Last/All/None)",
    "Verify(Last/All/None)", "Verify Pass", "*Bytes Erased", "Bytes Erased", "Rounds(completed/requested)",
    "Errors(pass/sync/verify/retries)", "Errors(pass/sync/verify)", "Throughput", "Information", "Signature",
    "Organisation Performing The Disk Erasure", "Customer Details", "Warning", "System Serial", "System S/N",
    "System uuid", "Disk Model", "Disk S/N", "Asset Tag", "Tag", "Name", "Address",
)  # fmt: skip
_OPENS = ("make/model", "make")
_VERIFIED = {"last": True, "all": True, "none": False, "off": False}
_ENDED = re.compile(r"(\d+)\s*/\s*(\d+)")
_PERCENT = re.compile(r"\((\d+)(?:\.\d+)?\s*%\)")
_STATE = re.compile(r"^\s*(ERASED|FAILED|U?ABORTED|INSANITY)\b")
_VERSION = re.compile(r"nwipe\s*(?:version|v)?\s*:?\s*(\d[\w.]*)", re.IGNORECASE)


def looks_like(text: str) -> bool:
    """Whether a text is such a report."""
    told = plain(text)
    return ("make/model" in told or "make:" in told) and any(
        name in told for name in ("nwipe", "disk erasure report", "shredos")
    )


def read(text: str) -> tuple[Stated, ...]:
    """The disks of the report."""
    made: list[dict[str, str]] = []
    common: dict[str, str] = {}
    for line in text.splitlines():
        if made and (turned := _STATE.match(line)):  # beside the lines of its disk
            made[-1].setdefault("state", turned[1])
        for label, value in pairs(line, LABELS):
            if label in _OPENS:
                made.append({})
            (made[-1] if made else common).setdefault(label, value)
            if value and label.startswith(("name/id", "technician")):
                common[label] = value
    version = _VERSION.search(text)
    warned = "hidden sectors not erased" in plain(text).replace("the ", "")
    return tuple(_disk(one, common, version[1] if version else "", warned) for one in made)


def _disk(told: dict[str, str], common: dict[str, str], version: str, warned: bool) -> Stated:
    def get(*names: str) -> str:
        return next((cut(told[name], 200) for name in names if told.get(name)), "")

    what = kind(get("bus"), get("make/model", "make"))
    verify = plain(get("verify pass(last/all/none)", "verify(last/all/none)", "verify pass")).removeprefix(
        "verify "
    )
    state = "present" if warned else hidden(get("hpa/dco"))
    rounds = _ENDED.search(get("rounds(completed/requested)"))
    host = common | {name: told[name] for name in ("system serial", "asset tag") if told.get(name)}
    return Stated(
        serial=serial_of(get("serial", "s/n")), model=cut(get("make/model", "make"), 120), kind=what,
        technique=on_medium(technique(get("method")), what), method_name=cut(get("method"), 60),
        result=_result(told, state, rounds), verified=_VERIFIED.get(verify),
        verification={"last": "last_pass", "all": "all_passes"}.get(verify, ""),
        passes=int(rounds[1]) if rounds else None,
        errors=_errors(get("errors(pass/sync/verify/retries)", "errors(pass/sync/verify)")),
        hidden_areas=state, tool="nwipe", tool_version=cut(version, 30), erased_at=stamp(get("end time")),
        operator_name=cut(next((host[name] for name in ("technician/operator id", "technician/operator", "name/id")
                                if host.get(name)), ""), 120),
        host_serial=serial_of(host.get("system serial") or host.get("system s/n")),
        host_tag=serial_of(host.get("asset tag") or host.get("tag")),
    )  # fmt: skip


def _result(told: dict[str, str], hidden_areas: str, rounds: re.Match[str] | None) -> str:
    """The state printed; less than the whole medium, or hidden sectors left, are exceptions; less rounds, aborted."""
    stated = _STATE.match(told.get("status", ""))
    code = result(stated[1] if stated else told.get("state", told.get("status", "")))
    if code != "ok":
        return {"uaborted": "aborted", "insanity": "failed"}.get(plain(stated[1]) if stated else "", code)
    if rounds and int(rounds[1]) < int(rounds[2]):
        return "aborted"
    part = _PERCENT.search(told.get("*bytes erased", told.get("bytes erased", "")))
    return "exceptions" if hidden_areas == "present" or (part and int(part[1]) < 100) else "ok"


def _errors(text: str) -> int | None:
    """Errors of passes, syncs and verifications; what was tried again and went well counts for nothing."""
    counts = re.findall(r"\d+", text)
    return sum(int(count) for count in counts[:3]) if len(counts) >= 3 else None
