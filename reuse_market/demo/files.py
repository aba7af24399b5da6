"""Files to show where somebody would attach their own: a paper, a picture, what tools of a workshop write."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw


def plain_pdf(text: str) -> bytes:
    """A one-page PDF that says `text` (letters of ASCII, no parenthesis left open)."""
    shown = f"BT /F1 14 Tf 60 780 Td ({text.replace('(', '[').replace(')', ']')}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    made_until = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return made + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, made_until)


def plain_picture() -> bytes:
    """A picture that shows a drawn screen with a crack: JPEG."""
    image = Image.new("RGB", (640, 480), "#c9cfc8")
    pen = ImageDraw.Draw(image)
    pen.rectangle((120, 80, 520, 340), fill="#20303a", outline="#10242f", width=12)
    pen.rectangle((290, 340, 350, 400), fill="#10242f")
    pen.rectangle((220, 400, 420, 420), fill="#10242f")
    pen.line((180, 100, 300, 210, 270, 260, 420, 330), fill="#e1e6e0", width=4)
    made = io.BytesIO()
    image.save(made, "JPEG", quality=80)
    return made.getvalue()


def nwipe_log(serials: Sequence[str], ended: datetime) -> bytes:
    """A log of nwipe over these disks, all overwritten and verified."""
    model, stamp = "MODELE EXEMPLE 500GB", f"[{ended:%Y/%m/%d %H:%M:%S}]"
    disks = [(f"sd{chr(97 + at)}", serial) for at, serial in enumerate(serials)]
    lines = [f"{stamp}    info: nwipe 0.38"]
    for name, serial in disks:
        lines.append(f"{stamp}  notice: Found /dev/{name}, SATA-HDD, {model}, 500 GB, S/N={serial}")
        lines.append(f"{stamp}    info: No hidden sectors on /dev/{name}")
    errors = r"!   Device | Pass Errors | Verifications Errors | Fdatasync I\O Errors"
    lines += ["", f"{' Error Summary ':*^80}", errors]
    lines += [f"   {name:>7} | {0:>11} | {0:>20} | {0:>20}" for name, _serial in disks]
    lines += [
        "",
        f"{' Drive Status ':*^80}",
        "!   Device | Status | Thru-put | HH:MM:SS | Model/Serial Number",
    ]
    lines += [
        f"   {name:>7} | Erased |  120MB/s | 01:22:01 | {model[:17]}/{serial}" for name, serial in disks
    ]
    lines += ["*" * 80, f"{stamp} Total Throughput  240MB/s, DoD Short, 1R+NB+VL"]
    return "\n".join([*lines, f"{stamp}  notice: Nwipe successfully completed."]).encode()


def glpi_report(maker: str, model: str, serial: str, *, memory_mb: int, disk: str) -> dict[str, Any]:
    """What a GLPI agent tells of a laptop."""
    return {
        "action": "inventory", "deviceid": "poste-exemple", "itemtype": "Computer",
        "content": {
            "bios": {"smanufacturer": maker, "smodel": model, "ssn": serial},
            "hardware": {"name": "poste-exemple", "chassis_type": "Notebook", "memory": memory_mb},
            "memories": [{"capacity": memory_mb}],
            "cpus": [{"name": "Intel(R) Core(TM) i5-10310U CPU @ 1.70GHz"}],
            "storages": [{"type": "disk", "interface": "NVMe", "model": "Disque Exemple", "serialnumber": disk,
                          "disksize": 256_060}],
            "versionclient": "GLPI-Agent_v1.7",
        },
    }  # fmt: skip
