"""Reports in the shape erasing tools write them, made here: nwipe logs and PDFs, Blancco XML and PDFs, tables."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Disk:
    """A disk of a report. `status` as nwipe's log writes it, `hidden` as its line ends ("" says nothing)."""

    serial: str
    bus: str = "SATA-HDD"
    model: str = "MODELE EXEMPLE 500GB"
    status: str = "Erased"
    errors: int = 0
    hidden: str = "No hidden sectors on"


def nwipe_log(*disks: Disk, totals: str = "DoD Short, 1R+NB+VL") -> bytes:
    """A log of nwipe over several disks."""
    lines = ["[2026/01/05 09:00:00]    info: nwipe 0.40"]
    names = [f"sd{chr(97 + index % 26)}{index // 26 or ''}" for index in range(len(disks))]
    for name, disk in zip(names, disks, strict=True):
        lines.append(
            f"[2026/01/05 09:00:01]  notice: Found /dev/{name}, {disk.bus}, {disk.model}, 500 GB, S/N={disk.serial}"
        )
        if disk.hidden:
            lines.append(f"[2026/01/05 09:00:02]    info: {disk.hidden} /dev/{name}")
    lines += ["", "******************************** Error Summary *********************************",
              r"!   Device | Pass Errors | Verifications Errors | Fdatasync I\O Errors", "-" * 80]  # fmt: skip
    lines += [
        f"   {name:>7} | {disk.errors:>11} | {0:>20} | {0:>20}"
        for name, disk in zip(names, disks, strict=True)
    ]
    lines += ["*" * 80, "", "********************************* Drive Status *********************************",
              "!   Device | Status | Thru-put | HH:MM:SS | Model/Serial Number", "-" * 80]  # fmt: skip
    for name, disk in zip(names, disks, strict=True):
        mark = " " if disk.status == "Erased" else "!"
        lines.append(
            f"{mark}  {name:>7} |{disk.status:^8}|  120MB/s | 01:22:01 | {disk.model[:17]}/{disk.serial}"
        )
    lines += ["*" * 80, f"[2026/01/05 11:00:00] Total Throughput  240MB/s, {totals}" if totals else "",
              "[2026/01/05 11:00:01]  notice: Nwipe successfully completed."]  # fmt: skip
    return "\n".join(lines).encode()


def nwipe_pdf(
    serial: str, status: str = "ERASED", hidden: str = "No hidden sectors", **changes: str
) -> bytes:
    """A PDF of nwipe for one disk, its labels and values set apart on the page."""
    told = {
        "Make/Model:": "MODELE EXEMPLE SSD", "Serial:": serial, "Size(Apparent):": "256 GB", "HPA/DCO:": hidden,
        "Bus:": "ATA", "Start time:": "2026/01/05 09:00:00", "End time:": "2026/01/05 10:00:00", "Status:": status,
        "Method:": "Sanitize block erase", "Final Pass(Zeros/Ones/None):": "None",
        "Verify Pass(Last/All/None):": "Verify Last", "Rounds(completed/requested):": "1/1",
        "Errors(pass/sync/verify/retries):": "0/0/0/2", "Technician/Operator ID:": "Operateur Exemple",
    }  # fmt: skip
    lines = ["Disk Erasure Report", "nwipe version 0.42"]
    return pdf([*lines, *(f"{label} {value}" for label, value in (told | changes).items())])


def blancco_pdf(serial: str, status: str = "Erased", host: str = "PC-EXEMPLE-1") -> bytes:
    """A PDF of Blancco for one disk."""
    return pdf([
        "Blancco Erasure Report", "Report UUID: 0000-1111", "Software Version: 7.5.0", f"System Serial: {host}",
        "Vendor: MARQUE", "Model: MODELE SSD", f"Serial: {serial}", "Type: SSD",
        "Erasure Standard: NIST 800-88 Purge - ATA, Block Erase", "Firmware Rounds: 1", f"Status: {status}",
        "Verified: Yes", "Failed Sectors: 0", "HPA/DCO: Not detected", "End Time: 2026-01-05T10:00:00+0100",
    ])  # fmt: skip


def blancco_xml(*disks: tuple[str, str], hosts: tuple[str, ...] = ()) -> bytes:
    """An export with one report a disk: (serial, state). `hosts`: the serial of the device each was in."""
    reports = "".join(
        f"""<report><blancco_data><description><document_id>rapport-{index}</document_id>
<document_log><log_entry><author><product_name>Blancco Drive Eraser</product_name>
<product_version>7.5.0</product_version></author></log_entry></document_log>
<description_entries><description_entry name="verified">true</description_entry></description_entries></description>
<blancco_erasure_report><entries name="erasures"><entries name="erasure">
<entry name="state">{escape(state)}</entry><entry name="end_time">2026-01-05T10:00:00+0100</entry>
<entry name="erasure_standard_name">NIST 800-88 Purge - ATA</entry><entry name="overwriting_rounds">0</entry>
<entry name="firmware_rounds">1</entry><entry name="failed_sectors">{3 if "exception" in state else 0}</entry>
<entry name="hpa">Not detected</entry>
<entries name="target"><entry name="type">SSD</entry><entry name="vendor">MARQUE</entry>
<entry name="model">MODELE SSD</entry><entry name="serial">{escape(serial)}</entry>
<entry name="capacity">256060514304</entry></entries></entries></entries></blancco_erasure_report>
<blancco_hardware_report><entries name="system"><entry name="manufacturer">Marque</entry>
<entry name="serial">{hosts[index] if index < len(hosts) else ""}</entry></entries>
<entries name="disks"><entries name="disk"><entry name="serial">{escape(serial)}</entry></entries></entries>
</blancco_hardware_report></blancco_data></report>"""
        for index, (serial, state) in enumerate(disks)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><root>{reports}</root>'.encode()


def zipped(**files: bytes) -> bytes:
    """An archive of files, by name ("_" for the dot)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr("dossier/" + name.replace("_", "."), data)
    return made.getvalue()


def pdf(lines: list[str]) -> bytes:
    """A page of text as the simplest PDF there is."""
    quoted = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
    drawn = "BT /F1 9 Tf 40 800 Td 12 TL " + " ".join(f"({line}) Tj T*" for line in quoted) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    made, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    made += "".join(f"{place:010} 00000 n \n" for place in places)
    return (made + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").encode(
        "latin-1"
    )
