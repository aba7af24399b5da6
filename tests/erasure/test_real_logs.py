"""Logs of nwipe and ShredOS in the shapes its versions really write, from 0.24 to 0.42. Names and serials invented."""

from __future__ import annotations

from reuse_market.erasure.reading.opening import read
from tests.support.nwipe_logs import SHREDOS, table


def told(text: str, *names: str) -> list[tuple]:
    found = read(text.encode())
    assert found.format == "nwipe-log", found
    return [tuple(getattr(one, name) for name in names) for one in found.disks]


def test_a_shredos_log_tells_the_host_the_kind_and_the_end_and_leaves_out_what_was_only_seen():
    [disk] = read(SHREDOS.encode()).disks
    assert (disk.serial, disk.kind, disk.technique, disk.result, disk.verified, disk.errors, disk.hidden_areas) == (
        "35HEXEMPLE", "hdd", "overwrite", "ok", True, 0, "none",
    )  # fmt: skip
    # The NVMe was not erased: the device is known to hold two media; the key it started from is not one of them.
    assert (disk.host_serial, disk.host_name, disk.host_disks) == (
        "PC-EXEMPLE-77",
        "Marque Exemple Portable 14",
        2,
    )
    assert (disk.tool_version, disk.passes, disk.erased_at) == ("0.38", 1, "2025-07-29T18:15:00+00:00")
    assert (
        read(SHREDOS.split("Error Summary")[0].encode()).format == "nwipe-log"
    )  # switched off before the tables


def test_a_second_run_that_did_not_finish_is_not_the_first_one_that_did():
    again = (
        SHREDOS.split("*****")[0].replace("35HEXEMPLE", "AUTRE-DISQUE").replace("2025/07/29", "2025/07/30")
    )
    shown = ("serial", "result", "erased_at")
    first, first_end = ("35HEXEMPLE", "ok"), "2025-07-29T18:15:00+00:00"
    second_end = "2025-07-30T18:15:00+00:00"
    for between in (again, again.partition("\n")[2]):  # 0.34 did not name itself in the file
        assert told(SHREDOS + between, *shown) == [
            (*first, first_end),
            ("AUTRE-DISQUE", "unknown", second_end),
        ]
    stopped = (
        again + "[2025/07/30 18:00:00]  notice: Nwipe was aborted by the user. Check the summary table\n"
    )
    assert told(SHREDOS + stopped, "serial", "result") == [first, ("AUTRE-DISQUE", "aborted")]
    looked = again.split("[2025/07/30 17:40:01]")[0]  # started, looked at, closed
    assert told(SHREDOS + looked, "serial", "result") == [first]
    assert told(again + SHREDOS, "serial", "result") == [("AUTRE-DISQUE", "unknown"), first]


def test_what_the_tables_of_each_version_say():
    many = (
        "[2024/03/25 02:58:03]    info: nwipe 0.36\n"
        + "".join(
            f"[2024/03/25 02:58:03]  notice: Found /dev/{name},  {bus}, MARQUE {serial}, 80 GB, S/N={serial}\n{extra}"
            for name, bus, serial, extra in (
                ("sda", "ATA", "A1", "[2024/03/25 02:58:03] warning: HIDDEN AREA DETECTED! on /dev/sda\n"),
                ("sdb", "ATA", "B2", "[2024/03/25 02:58:03]    info: No hidden areas on /dev/sdb\n"),
                ("sdc", "ATA-SSD", "C3", "[2024/03/25 02:58:03] warning: HIDDEN SECTORS DETECTED! on /dev/sdc\n"),
                ("nvme0n1", "NVME", "D4", ""),
                ("sdd", "SAS    ", "XXXXXXXXXXXXXXX", ""),
            )
        )
        + table("Error Summary", "errors", "   sda | 0 | 0 | 0", "!  sdb | 0 | 2 | 0", "   sdc | 0 | 0 | 0")
        + table("Erasure Summary", "summary", "   sdb | 100 | 100 | 100.00%", "! nvme0n1 | 99 | 100 | 99.99%")
        + table(
            "Drive Status", "status", "   sda | Erased |  31 MB/s | 00:01:00 | MARQUE A1/A1",
            "!  sdb |-FAILED-|  31 MB/s | 00:01:00 | MARQUE B2/B2",
            "   sdc | Erased | 310 MB/s | 00:01:00 | MARQUE C3/C3",
            "   vme0n1 | Erased |   1 GB/s | 00:01:00 | MARQUE D4/D4",
            "!  sdd |UABORTED|  31 MB/s | 00:01:00 | USB Device/XXXXXXXXXXXXXXX",
        )
        + "[2024/03/25 05:00:00] Total Throughput  400 MB/s, BMB21-2019, 2R+NB+NV\n"
    )  # fmt: skip
    shown = ("serial", "kind", "technique", "result", "errors", "hidden_areas", "verified", "passes")
    assert told(many, *shown) == [
        ("A1", "", "overwrite", "exceptions", 0, "present", False, 2),
        ("B2", "", "overwrite", "failed", 2, "none", False, 2),
        ("C3", "ssd", "overwrite", "exceptions", 0, "present", False, 2),
        ("D4", "nvme", "overwrite", "exceptions", None, "unknown", False, 2),
        ("", "hdd", "overwrite", "aborted", None, "unknown", False, 2),
    ]


def test_the_methods_of_firmware_are_those_of_the_medium():
    for method, on_disk, on_nvme in (
        ("Secure Erase (ATA/NVMe)", "ata_secure_erase", "nvme_format"),
        ("Secure Erase + PRNG + Verify", "ata_secure_erase", "nvme_format"),
        ("Sanitize Crypto Erase (ATA/SCSI/NVMe)", "crypto_erase", "crypto_erase"),
        ("Sanitize Block Erase (ATA/SCSI/NVMe)", "sanitize_block_erase", "sanitize_block_erase"),
        ("Sanitize Overwrite (ATA/SCSI/NVMe)", "sanitize_overwrite", "sanitize_overwrite"),
        ("Verify Zeros (0x00)", "", ""), ("Verify Ones  (0xFF)", "", ""),
        ("Unknown Method (FIXME)", "", ""), ("BMB21-2019", "overwrite", "overwrite"),
        ("Bruce Schneier 7-Pass", "overwrite", "overwrite"), ("HMG IS5 Enhanced", "overwrite", "overwrite"),
        ("RCMP TSSIT OPS-II", "overwrite", "overwrite"), ("Fill With Ones", "overwrite", "overwrite"),
    ):  # fmt: skip
        log = (
            "[2026/01/05 09:00:00]    info: nwipe 0.42\n"
            "[2026/01/05 09:00:01]  notice: Found /dev/sda,  ATA-SSD, MARQUE SSD, 256 GB, S/N=S1\n"
            "[2026/01/05 09:00:01]  notice: Found /dev/nvme0n1,  NVME   , MARQUE NVME, 256 GB, S/N=N1\n"
            f"[2026/01/05 09:01:00]  notice: Invoking method '{method}' on /dev/sda\n"
            f"[2026/01/05 09:01:00]  notice: Invoking method '{method}' on /dev/nvme0n1\n"
        )
        assert told(log, "technique") == [(on_disk,), (on_nvme,)], method


def test_logs_of_before_the_tables():
    old = """[2016/08/18 15:41:48] nwipe: notice: Opened entropy source '/dev/urandom'.
[2016/08/18 15:41:48] nwipe: info: Device '/dev/sdb' has sector size 512.
[2016/08/18 15:41:48] nwipe: notice: Invoking method 'PRNG Stream' on device '/dev/sdb'.
[2016/08/18 15:41:48] nwipe: notice: Starting round 1 of 1 on device '/dev/sdb'.
[2016/08/18 17:02:30] nwipe: notice: 600127266816 bytes written to device '/dev/sdb'.
"""
    # No serial number, no end: a line that says so, never a success.
    assert told(old, "serial", "technique", "result") == [("", "overwrite", "unknown")]
    named = (
        '[2014/05/02 10:00:00] nwipe: info: Found drive model="MARQUE EXEMPLE", device path="/dev/sdb", '
        'size="600 GB", serial number="VIEUX-1"\n'
    )
    assert told(named + old, "serial", "model", "size_mb") == [("VIEUX-1", "MARQUE EXEMPLE", 600_000)]
    early = (
        "[2020/03/18 17:59:56] notice: Found /dev/sdc, ATA MARQUE AAJS-2, 160GB, S/N=W-EXEMPLE\n"
        "[2020/03/18 17:59:57] notice: Invoking method 'Zero Fill' on /dev/sdc\n"
        + table("Drive Status", "! Device | Status | Thru-put | HH:MM:SS | Model/Serial Number",
                "     sdc | Erased |  60MB/s | 00:44:01 | MARQUE AAJS-2/W-EXEMPLE")
    )  # fmt: skip
    assert told(early, "serial", "result", "errors", "verified") == [("W-EXEMPLE", "ok", None, None)]
    two_columns = early + table(
        "Error Summary", "! Device | Pass Errors | Verifications Errors |",
        "     sdc |           0 |                    3 |",
    )  # fmt: skip
    assert told(two_columns, "errors") == [(3,)]


def test_hidden_sectors_once_seen_stay_until_they_are_said_to_be_gone():
    line = next(one for one in SHREDOS.splitlines() if "hidden" in one.lower() and "/dev/sda" in one)
    when = line[:22]
    seen = f"{when} warning: *** HIDDEN SECTORS DETECTED ! *** on /dev/sda"
    for after, expected in (
        (
            "HPA/DCO data unavailable, can not determine hidden sector status on /dev/sda",
            ("exceptions", "present"),
        ),
        ("Looking for hidden areas on /dev/sda", ("exceptions", "present")),
        ("No hidden sectors on /dev/sda", ("ok", "none")),
    ):
        text = SHREDOS.replace(line, f"{seen}\n{when} info: {after}")
        assert told(text, "result", "hidden_areas") == [expected], after


def test_a_line_that_tells_a_failure_outranks_the_row_that_says_erased():
    """Tables of before 0.31 wrote "Erased" whatever the verification had found; a row may be missing altogether."""
    head = (
        "[2021/02/16 07:26:59]    info: nwipe 0.29\n"
        "[2021/02/16 07:26:59]  notice: Found /dev/sda, ATA, MARQUE EXEMPLE, 240 GB, S/N=A1\n"
        "[2021/02/16 07:26:59]  notice: Found /dev/sdb, ATA, MARQUE EXEMPLE, 240 GB, S/N=B2\n"
        "[2021/02/16 07:27:00]  notice: Invoking method 'Zero Fill' on /dev/sda\n"
        "[2021/02/16 07:27:00]  notice: Invoking method 'Zero Fill' on /dev/sdb\n"
    )
    rows = table(
        "Drive Status", "! Device | Status | Thru-put | HH:MM:SS | Model/Serial Number",
        "     sda | Erased |  60MB/s | 00:44:01 | MARQUE EXEMPLE/A1",
        "     sdb | Erased |  60MB/s | 00:44:01 | MARQUE EXEMPLE/B2",
    )  # fmt: skip
    aborted = rows.replace("Erased", "UABORTED")
    for line, result in (
        ("notice: [FAILURE] /dev/sda may not be blanked", "failed"),
        ("error: [FAILURE] /dev/sda has not been Zeroed .", "failed"),
        ("fatal: Nwipe exited with errors on device = /dev/sda, see log for specific error", "failed"),
        ("fatal: Nwipe exited with non fatal errors on device = /dev/sda", "failed"),
        ("error: Nwipe exited with fatal errors on device = /dev/sda", "failed"),
        ("warning: Buffer flush failure on '/dev/sda'.", "exceptions"),
        ("notice: [SUCCESS] Blanked device /dev/sda", "ok"),
    ):
        said = f"[2021/02/16 08:11:00] {line}\n"
        for log in (head + said + rows, head + rows + said):
            assert told(log, "serial", "result") == [("A1", result), ("B2", "ok")], line
        assert told(head + said, "result")[0] == ("failed" if result == "failed" else "unknown",)
        assert told(head + said + aborted, "result") == [("aborted",), ("aborted",)]
