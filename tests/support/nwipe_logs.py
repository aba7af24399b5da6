"""Logs of nwipe and ShredOS as they really are; names and serial numbers invented."""

from __future__ import annotations

HEAD = {
    "errors": "!   Device | Pass Errors | Verifications Errors | Fdatasync I\\O Errors",
    "status": "!   Device | Status | Thru-put | HH:MM:SS | Model/Serial Number",
    "summary": "!   Device |      Bytes Erased |      Bytes Total | Percentage Erased",
}


def table(title: str, head: str, *rows: str) -> str:
    """A table of a log under its title."""
    return "\n".join([f"{f' {title} ':*^80}", HEAD.get(head, head), "-" * 80, *rows, "*" * 80, ""])


SHREDOS = (
    """[2025/07/29 17:31:35]    info: ShredOS v2024.11_27_x86-64_0.38
[2025/07/29 17:31:35]    info: Linux version 6.11.11 (somebody@somewhere
                               ) (x86_64-buildroot-linux-gnu-gcc.br_real (Buil
[2025/07/29 17:31:36]  notice: Found /dev/sda,  ATA    , MARQUE MQ01ABD1, 1000 GB, S/N=35HEXEMPLE
[2025/07/29 17:31:36]    info: HPA:  max sectors   = 1953525168/1953525168, hpa is disabled
 on /dev/sda
[2025/07/29 17:31:36]    info: No hidden sectors on /dev/sda
[2025/07/29 17:31:36]  notice: Found /dev/nvme0n1,  NVME   , MARQUE NVME 512, 512 GB, S/N=NVEXEMPLE1
[2025/07/29 17:31:36]  notice: Found /dev/sdb,  USB    , MARQUE USB Device, 15 GB, S/N=4C53EXEMPLE
[2025/07/29 17:31:36] warning: HIDDEN SECTORS INDETERMINATE! on /dev/sdb, Some USB adapters & memory sticks don't
[2025/07/29 17:31:37]    info: system-manufacturer = Marque Exemple
[2025/07/29 17:31:37]    info: system-product-name = Portable 14
[2025/07/29 17:31:37]    info: system-serial-number = PC-EXEMPLE-77
[2025/07/29 17:40:00]  notice: Program options are set as follows...
[2025/07/29 17:40:00]  notice:   method   = PRNG Stream
[2025/07/29 17:40:00]  notice:   rounds   = 1
[2025/07/29 17:40:00]  notice:   verify   = 1 (last pass)
[2025/07/29 17:40:01]  notice: Invoking method 'PRNG Stream' on /dev/sda
[2025/07/29 17:40:01]  notice: Starting round 1 of 1 on /dev/sda
[2025/07/29 20:15:00]  notice: [SUCCESS] Verified that /dev/sda is empty.
"""
    + table(
        "Error Summary", "errors", "       sda |           0 |                    0 |                    0"
    )
    + table(
        "Drive Status", "status", "       sda | Erased |   31 MB/s | 02:35:00 | MARQUE MQ01ABD1/35HEXEMPLE"
    )
    + "[2025/07/29 20:16:00] Total Throughput   31 MB/s, PRNG Stream, 1R+B+VL\n"
)
