"""Reports that are pages of "label: value": the PDFs of nwipe (ShredOS) and of Blancco, by their text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from reuse_market.erasure.reading.stated import Stated, Unreadable, cut, serial_of
from reuse_market.erasure.reading.terms import hidden, kind, plain, result, stamp, technique, yes

MOST_PAGES = 200
MOST_TEXT = 2_000_000
# Labels as the tools print them; the text between one and the next is its value.
NWIPE = (
    "Business Name", "Business Address", "Contact Name", "Contact Phone", "Customer Name", "Customer Address",
    "Name/ID", "Disk Information", "Disk Erasure Details", "Erasure Details", "Technician/Operator ID",
    "Technician/Operator", "Make/Model", "Serial", "Size(Apparent)", "Size(Real)", "Size", "HPA/DCO Size", "HPA/DCO",
    "Bus", "Start time", "End time", "Duration", "Status", "Method", "PRNG algorithm", "Final Pass(Zeros/Ones/None)",
    "Final Pass", "Verify Pass(Last/All/None)", "Verify Pass", "Bytes Erased", "Rounds(completed/requested)",
    "Errors(pass/sync/verify/retries)", "Errors(pass/sync/verify)", "Throughput", "Information", "Signature",
    "Organisation Performing The Disk Erasure", "Customer Details", "Warning", "System Serial", "Asset Tag",
)  # fmt: skip
BLANCCO = (
    "Report UUID", "Report ID", "Report Date", "Digital Identifier", "Software Version", "Software", "Product",
    "Erasure Results", "Erasure Details", "Hardware Details", "System Serial", "Chassis Type", "Asset Tag",
    "Operator", "Erasure Provider", "Manufacturer", "Vendor", "Model", "Serial", "Type", "Capacity", "Size",
    "Interface", "Erasure Standard", "Erasure Method", "Method", "Standard", "Status", "State", "Erasure Rounds",
    "Firmware Rounds", "Overwriting Rounds", "Rounds", "Start Time", "End Time", "Duration", "Verified",
    "Verification", "Failed Sectors", "Errors", "Remapped Sectors", "HPA/DCO", "Customer", "Signature", "Steps",
)  # fmt: skip
_ENDED = re.compile(r"(\d+)\s*/\s*(\d+)")


def text_of(data: bytes) -> str:
    """The text of a PDF. Unreadable: encrypted, damaged, or too big."""
    from pypdf import PdfReader  # heavy: only who reads a report pays for it
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Unreadable("encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable("too-big")
        told = ""
        for page in reader.pages:
            told += page.extract_text() + "\n"
            if len(told) > MOST_TEXT:
                raise Unreadable("too-big")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError) as error:
        raise Unreadable("damaged") from error
    return told


def format_of(text: str) -> str | None:
    """Which of the two a text is, None for neither."""
    told = plain(text)
    if "make/model" in told and ("nwipe" in told or "disk erasure report" in told or "shredos" in told):
        return "nwipe-pdf"
    if "blancco" in told and "serial" in told:
        return "blancco-pdf"
    return None


def read(text: str, form: str) -> tuple[Stated, ...]:
    """The disks of the report."""
    return _nwipe(text) if form == "nwipe-pdf" else _blancco(text)


def _pairs(text: str, labels: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each label met and the text up to the next one."""
    known = "|".join(
        re.escape(label).replace(r"\ ", r"\s+") for label in sorted(labels, key=len, reverse=True)
    )
    met = list(re.finditer(rf"(?<![\w/])({known})\s*:\s*", text, re.IGNORECASE))
    for index, label in enumerate(met):
        end = met[index + 1].start() if index + 1 < len(met) else len(text)
        yield plain(label[1]), text[label.end() : end].strip()


def _line(text: str | None) -> str:
    """The first line of a value."""
    return cut((text or "").strip().split("\n", 1)[0], 200)


def _nwipe(text: str) -> tuple[Stated, ...]:
    made: list[dict[str, str]] = []
    told: dict[str, str] = {}
    for label, value in _pairs(text, NWIPE):
        if label == "make/model" and "make/model" in told:
            made.append(told)
            told = {
                name: told[name] for name in ("technician/operator id", "technician/operator") if name in told
            }
        told.setdefault(label, value)
    made.append(told)
    version = re.search(r"nwipe\s*(?:version|v)?\s*:?\s*(\d[\w.]*)", text, re.IGNORECASE)
    return tuple(_nwipe_disk(one, version[1] if version else "", text) for one in made if "make/model" in one)


def _nwipe_disk(told: dict[str, str], version: str, text: str) -> Stated:
    def get(*names: str) -> str:
        return next((_line(told[name]) for name in names if told.get(name)), "")

    verify = plain(get("verify pass(last/all/none)", "verify pass"))
    hidden_told = hidden(get("hpa/dco"))
    warned = "hidden sectors not erased" in plain(text).replace("the ", "")
    done = _ENDED.search(get("rounds(completed/requested)"))
    stated = result(get("status"))
    cut_short = done is not None and int(done[1]) < int(done[2])
    return Stated(
        serial=serial_of(get("serial")), model=cut(get("make/model"), 120), kind=kind(get("bus"), get("make/model")),
        technique=technique(get("method")), method_name=cut(get("method"), 60),
        result="aborted" if stated == "ok" and cut_short else
        "exceptions" if stated == "ok" and (warned or hidden_told == "present") else stated,
        verified=None if not verify else verify not in ("none", "off"),
        verification={"last": "last_pass", "all": "all_passes"}.get(verify.split(" ")[0], ""),
        passes=int(done[1]) if done else None,
        errors=_nwipe_errors(get("errors(pass/sync/verify/retries)", "errors(pass/sync/verify)")),
        hidden_areas="present" if warned else hidden_told, tool="nwipe", tool_version=cut(version, 30),
        erased_at=stamp(get("end time")), operator_name=cut(get("technician/operator id", "technician/operator",
        "name/id"), 120), host_serial=serial_of(get("system serial")), host_tag=serial_of(get("asset tag")),
    )  # fmt: skip


def _nwipe_errors(text: str) -> int | None:
    """Errors of passes, syncs and verifications; what was tried again and went well counts for nothing."""
    counts = re.findall(r"\d+", text)
    return sum(int(count) for count in counts[:3]) if len(counts) >= 3 else None


def _blancco(text: str) -> tuple[Stated, ...]:
    """One disk per "Erasure Standard" or status block; what stands before the first one is the device's."""
    head: dict[str, str] = {}
    disks: list[dict[str, str]] = []
    for label, value in _pairs(text, BLANCCO):
        opens = label in ("vendor", "model", "serial", "type") and (not disks or label in disks[-1])
        if opens and "report uuid" not in (label,):
            disks.append({})
        (disks[-1] if disks else head).setdefault(label, value)
    number = re.search(r"(?:Report UUID|Report ID|Digital Identifier)\s*:\s*(\S+)", text, re.IGNORECASE)
    version = re.search(r"(?:Software Version|Drive Eraser)\s*:?\s*v?(\d[\w.]*)", text, re.IGNORECASE)
    ours = [one for one in disks if "status" in one or "state" in one]
    return tuple(
        _blancco_disk(one, head, number[1] if number else "", version[1] if version else "") for one in ours
    )


def _blancco_disk(told: dict[str, str], head: dict[str, str], number: str, version: str) -> Stated:
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
