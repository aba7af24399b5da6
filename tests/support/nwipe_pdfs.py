"""PDFs drawn as nwipe draws them: each label and each value a text of its own, set down anywhere, in any order."""

from __future__ import annotations

Text = tuple[float, float, str] | tuple[float, float, str, bool]  # x, y, what, turned by a quarter


def drawn(*pages: list[Text]) -> bytes:
    """A PDF of pages of texts."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for page in pages:
        stream = "\n".join(_text(*text) for text in page)
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    made, places = "%PDF-1.3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n"
    xref = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return f"{made}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{xref}{tail}".encode("latin-1")


def _text(x: float, y: float, what: str, turned: bool = False) -> str:
    place = f"0.000 1.000 -1.000 0.000 {x} {y} Tm" if turned else f"{x} {y} TD"
    quoted = what.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {place} /F1 10 Tf ({quoted}) Tj ET"


def single(serial: str, **changes: str) -> bytes:
    """The certificate of one disk (0.35 to 0.42): values of HPA after both labels, the person's after "Signature:"."""
    told = {
        "status": "ERASED", "method": "PRNG Stream", "verify": "Last", "hpa": "No hidden sectors", "rounds": "1/1",
        "errors": "0/0/0", "bus": "ATA-SSD", "bytes": "256060514304, (100%)", "person": "Operateur Exemple",
        "warning": "", "model": "MARQUE SSD 256",
    } | changes  # fmt: skip
    return drawn(
        [
            (180, 30, "Disc Erasure by NWIPE version 0.38"), (180, 718, f" Disk Model: {told['model']} "),
            (180, 703, f" Disk S/N: {serial} "), (180, 688, " System S/N: PC-EXEMPLE-9 "),
            (180, 658, " Tag: INV-2019-00412 "), (200, 765, "Disk Erasure Report"),
            (200, 745, "Page 1 - Erasure Status"),
            (50, 630, "Organisation Performing The Disk Erasure"), (60, 610, "Business Name:"),
            (60, 570, "Contact Name:"), (300, 570, "Contact Phone:"), (153, 610, "Atelier Exemple"),
            (50, 530, "Customer Details"), (60, 510, "Name:"), (60, 490, "Address:"), (100, 510, "Client Exemple"),
            (50, 430, "Disk Information"), (60, 410, "Make/Model:"), (135, 410, told["model"]), (340, 410, "Serial:"),
            (380, 410, serial), (340, 390, "Bus:"), (370, 390, told["bus"]), (60, 390, "Size(Apparent): "),
            (145, 390, "256 GB, 256060514304 bytes"), (60, 370, "Size(Real):"), (125, 370, "256 GB,256060514304b"),
            (50, 330, "Disk Erasure Details"), (60, 310, "Start time:"), (120, 310, "2026/01/05 09:00:00"),
            (300, 310, "End time:"), (360, 310, "2026/01/05 10:00:00"), (60, 290, "Duration:"), (115, 290, "01:00:00"),
            (300, 290, "Status:"), (365, 290, told["status"]),
            *([(450, 290, "See Warning !")] if told["warning"] else []),
            (60, 270, "Method:"), (110, 270, told["method"]), (300, 270, "PRNG algorithm:"), (395, 270, "AES-CTR"),
            (60, 250, "Final Pass(Zeros/Ones/None):"), (230, 250, "Zeros"),
            (300, 250, "Verify Pass(Last/All/None):"), (450, 250, told["verify"]),
            (60, 230, "*Bytes Erased:"), (150, 230, told["bytes"]),
            (300, 230, "Rounds(completed/requested):"), (470, 230, told["rounds"]),
            (60, 210, "HPA/DCO:"), (300, 210, "HPA/DCO Size:"), (390, 210, told["hpa"]), (130, 210, told["hpa"]),
            (300, 190, "Throughput:"), (370, 190, "290 MB/sec"),
            (60, 190, "Errors(pass/sync/verify):"), (195, 190, told["errors"]), (60, 170, "Information:"),
            *([(140, 170, "Warning"), (200, 170, told["warning"])] if told["warning"] else []),
            (60, 137, "* bytes erased: The amount of drive that's been erased at least once"),
            (50, 100, "Technician/Operator ID"), (60, 80, "Name/ID:"), (300, 100, "Signature:"),
            (120, 80, told["person"]),
        ],
        [
            (180, 30, "Disc Erasure by NWIPE version 0.38"), (180, 703, f" Disk S/N: {serial} "),
            (50, 630, "=== START OF INFORMATION SECTION ==="), (50, 620, "Device Model:     AUTRE MODELE"),
            (50, 610, "Serial Number:    AUTRE-SERIE"), (50, 600, "Status: FAILED!"), (50, 590, "Method: Quick Erase"),
        ],
    )  # fmt: skip


def system(*disks: tuple[str, str, str]) -> bytes:
    """The report of a whole device (0.40 on): (serial, status, bytes) of each disk; the status stands turned."""
    page: list[Text] = [
        (180, 30, "Disc Erasure by NWIPE version 0.42"), (180, 688, " System S/N: PC-EXEMPLE-9 "),
        (180, 658, " Tag: INV-2019-00412 "), (200, 765, "System Erasure Report"),
        (50, 100, "Technician/Operator ID"), (60, 80, "Name/ID:"), (300, 100, "Signature:"),
        (120, 80, "Operateur Exemple"),
    ]  # fmt: skip
    y, pages = 410, [page]
    for serial, status, told in disks:
        if y < 210:
            y, page = 630, [(200, 745, "Page 2 - Erasure Status"), (180, 688, " System S/N: PC-EXEMPLE-9 ")]
            pages.append(page)
        page += [
            (60, y, "Make:"), (90, y, "MARQUE NVME"), (300, y, "S/N:"), (330, y, serial),
            (60, y - 10, "Size(Apparent): "), (150, y - 10, "256 GB,256060514304b"), (300, y - 10, "Size(Real): "),
            (370, y - 10, "256 GB,256060514304b"),
            (60, y - 20, "Start time:"), (150, y - 20, "2026/01/05 09:00:00"), (300, y - 20, "End time:"),
            (360, y - 20, "2026/01/05 10:00:00"), (60, y - 30, "Duration:"), (150, y - 30, "01:00:00"),
            (300, y - 30, "Errors(pass/sync/verify):"), (450, y - 30, "0/0/0"), (60, y - 40, "*Bytes Erased:"),
            (150, y - 40, told), (300, y - 40, "Throughput:"), (360, y - 40, "290 MB/sec"),
            (60, y - 50, "Method:"), (150, y - 50, "Sanitize Crypto Erase (ATA/SCSI/NVMe)"),
            (300, y - 50, "PRNG algorithm:"), (395, y - 50, "N/A to method"), (60, y - 60, "Blanking Pass:"),
            (150, y - 60, "None"), (300, y - 60, "Verify(Last/All/None):"), (450, y - 60, "All"),
            (60, y - 70, "HPA/DCO:"), (150, y - 70, "Not applicable"), (300, y - 70, "HPA/DCO Size:"),
            (390, y - 70, "Not Applicable"), (60, y - 80, "Rounds(completed/requested):"), (230, y - 80, "1/1"),
            (48, y - 60, status, True),
        ]  # fmt: skip
        y -= 100
    return drawn(*pages, [(180, 703, " Disk S/N: AUTRE "), (50, 610, "Serial Number:    AUTRE-SERIE")])
