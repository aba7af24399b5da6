"""What the readers understand, as literal tables; what they refuse; the samples, where there are some."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from reuse_market.erasure.reading import terms
from reuse_market.erasure.reading.opening import members, read
from tests.support.erasure_files import Disk, blancco_pdf, blancco_xml, nwipe_log, nwipe_pdf, zipped

SAMPLES = Path(os.environ.get("REUSE_MARKET_SAMPLES", Path(__file__).parents[3] / "shared" / "data"))
TOLD = ("serial", "kind", "technique", "result", "verified", "errors", "hidden_areas")


def told(data):
    return [tuple(getattr(disk, name) for name in TOLD) for disk in read(data).disks]


def test_a_log_of_several_disks():
    log = nwipe_log(
        Disk("AAA-1"), Disk("BBB2", "SATA-SSD", errors=4), Disk("CCC3", status="-FAILED-", hidden=""),
        Disk("DDD4", status="UABORTED"), Disk("EEE5", status="INSANITY"),
        Disk("FFF6", hidden="*** HIDDEN SECTORS DETECTED ! *** on"),
    )  # fmt: skip
    assert read(log).format == "nwipe-log"
    assert told(log) == [
        ("AAA-1", "hdd", "overwrite", "ok", True, 0, "none"),
        ("BBB2", "ssd", "overwrite", "ok", True, 4, "none"),
        ("CCC3", "hdd", "overwrite", "failed", True, 0, "unknown"),
        ("DDD4", "hdd", "overwrite", "aborted", True, 0, "none"),
        ("EEE5", "hdd", "overwrite", "failed", True, 0, "none"),
        ("FFF6", "hdd", "overwrite", "exceptions", True, 0, "present"),
    ]
    first = read(log).disks[0]
    assert (first.tool, first.tool_version, first.passes, first.verification) == (
        "nwipe",
        "0.40",
        1,
        "last_pass",
    )
    assert (first.erased_at, first.size_mb, first.model) == (
        "2026-01-05T10:00:01+00:00", 500_000, "MODELE EXEMPLE 500GB",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("totals", "technique", "verified"),
    [
        ("DoD Short, 1R+NB+VL", "overwrite", True), ("Gutmann, 1R+B+VA", "overwrite", True),
        ("PRNG Stream, 2R+NB+VN", "overwrite", False), ("Sanitize crypto erase, 1R+NB+VL", "crypto_erase", True),
        ("Verify Zeros, 1R+NB+VL", "", True), ("", "", None),  # 0.40 knows firmware commands too
    ],
)  # fmt: skip
def test_method_and_verification_of_a_log(totals, technique, verified):
    [disk] = read(nwipe_log(Disk("A1"), totals=totals)).disks
    assert (disk.technique, disk.verified) == (technique, verified)


def test_pdfs_blancco_and_tables():
    assert told(nwipe_pdf("PDF-1")) == [("PDF-1", "ssd", "sanitize_block_erase", "ok", True, 0, "none")]
    [one] = read(nwipe_pdf("PDF-1")).disks
    assert (one.operator_name, one.tool_version, one.erased_at) == (
        "Operateur Exemple", "0.42", "2026-01-05T09:00:00+00:00",
    )  # fmt: skip
    cut_short = nwipe_pdf("PDF-2", **{"Rounds(completed/requested):": "1/3"})
    assert [row[3] for row in told(cut_short)] == ["aborted"]
    assert told(nwipe_pdf("PDF-3", "FAILED", "Hidden sectors detected")) == [
        ("PDF-3", "ssd", "sanitize_block_erase", "failed", True, 0, "present")
    ]
    assert told(blancco_pdf("B-PDF")) == [("B-PDF", "ssd", "sanitize_block_erase", "ok", True, 0, "none")]
    assert read(blancco_pdf("B-PDF")).disks[0].host_serial == "PC-EXEMPLE-1"
    many = blancco_xml(
        ("X1", "Successful"), ("X2", "Erased with exceptions"), ("X3", "Not erased"), hosts=("PC1",)
    )
    assert told(many) == [
        ("X1", "ssd", "firmware_purge", "ok", True, 0, "none"),
        ("X2", "ssd", "firmware_purge", "exceptions", True, 3, "none"),
        ("X3", "ssd", "firmware_purge", "failed", True, 0, "none"),
    ]
    assert [disk.host_serial for disk in read(many).disks] == ["PC1", "", ""]
    table = (
        "N° de série du disque;Type de disque;Méthode;Résultat;Vérifié;Erreurs;Zones cachées;Outil;Date\r\n"
        "T-1;SSD;Effacement par bloc;Réussi;oui;0;aucune;Outil;05/01/2026 10:00\r\n"
        "T-2;Disque dur;Écrasement;Échec;non;;;Outil;2026-01-05\r\n"
    )
    for data in (table.encode("cp1252"), table.encode("utf-8-sig"), table.encode("utf-16")):
        assert told(data) == [
            ("T-1", "ssd", "sanitize_block_erase", "ok", True, 0, "none"),
            ("T-2", "hdd", "overwrite", "failed", False, None, "unknown"),
        ]


def test_placeholders_are_no_serials():
    for text in ("To be filled by O.E.M.", "0", "None", "Default string", "00000000", "Unknown"):
        assert [disk.serial for disk in read(nwipe_log(Disk(text))).disks] == [""]


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", "empty"), (b"bonjour", "unknown"), (b"\x00\x01\x02" * 50, "unknown"), (b"%PDF-1.7 rapport", "damaged"),
        (b"<?xml version='1.0'?><inventaire/>", "unknown"), (b"<?xml version='1.0'?><root><report>", "damaged"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><root><blancco_data>&a;</blancco_data></root>', "unsafe"),
        (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><root/>', "unsafe"), (b"<a>" * 500, "unsafe"),
        (b"x" * 5_000_001, "too-big"), (b"Nom;Serie\nA;B\n", "unknown"), (b'{"a": 1}', "unknown"),
        (b"Serial;Result\n" + b"A;ok\n" * 2001, "too-many"),
    ],
)  # fmt: skip
def test_what_is_not_read_says_why(data, trouble):
    assert read(data).trouble == trouble
    assert read(data).disks == ()


def test_archives_are_bounded():
    good = zipped(a_log=nwipe_log(Disk("A1")), b_xml=blancco_xml(("X1", "Successful")))
    assert [(one.name, read(one.data).format) for one in members("lot.zip", good)] == [
        ("a.log", "nwipe-log"), ("b.xml", "blancco-xml"),
    ]  # fmt: skip
    bomb = zipped(a_log=b"0" * 4_000_000)
    assert [one.trouble for one in members("b.zip", bomb)] == ["too-big"]
    inside = zipped(a_zip=good)
    assert [read(one.data).trouble for one in members("c.zip", inside)] == ["unknown"]
    assert [one.trouble for one in members("d.zip", good[: len(good) // 2])] == ["damaged"]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(501):
            archive.writestr(f"{number}.log", b"x")
    assert [one.trouble for one in members("e.zip", made.getvalue())].count("too-many") == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("Erased", "ok"), ("Erased with exceptions", "exceptions"), ("Not erased", "failed"), ("Effacé", "ok"),
     ("Non effacé", "failed"), ("Unsuccessful", "failed"), ("Cancelled", "aborted"), ("", "unknown"),
     ("en cours", "unknown"), ("OK", "ok"), ("NOK", "failed")],
)  # fmt: skip
def test_results(text, code):
    assert terms.result(text) == code


@pytest.mark.skipif(not (SAMPLES / "samples").exists(), reason="no folder of samples beside the checkout")
def test_the_samples():
    folder = SAMPLES / "samples" / "erasure"
    assert told((folder / "nwipe_0.4x.log").read_bytes()) == [
        ("S3TVNX0K123456", "ssd", "overwrite", "ok", None, 0, "unknown"),
        ("ZX677888388-N", "", "overwrite", "failed", None, None, "unknown"),
    ]
    assert told((folder / "blancco_report.xml").read_bytes()) == [
        ("S3TVNX0K123456", "ssd", "firmware_purge", "ok", True, 0, "unknown")
    ]
