"""PDFs and JSON of erasing tools in the shapes they really have, status words as people write them."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from reuse_market.erasure.reading import terms
from reuse_market.erasure.reading.opening import members, read
from tests.support.nwipe_pdfs import single, system

SHOWN = ("serial", "kind", "technique", "result", "verified", "errors", "hidden_areas")


def told(data: bytes, *names: str) -> list[tuple]:
    return [tuple(getattr(one, name) for name in names or SHOWN) for one in read(data).disks]


def test_the_certificate_of_one_disk():
    [disk] = read(single("S-1")).disks
    assert told(single("S-1")) == [("S-1", "ssd", "overwrite", "ok", True, 0, "none")]
    assert (disk.operator_name, disk.host_serial, disk.host_tag, disk.tool_version, disk.verification, disk.passes) == (
        "Operateur Exemple", "PC-EXEMPLE-9", "INV-2019-00412", "0.38", "last_pass", 1,
    )  # fmt: skip
    left = "Visible sectors erased as requested, however hidden sectors NOT erased"
    unseen = "HPA/DCO data unavailable, can not determine hidden sector status."
    for changes, expected in (
        ({"verify": "Verify None"}, ("ok", False, 0, "none")), ({"verify": "None"}, ("ok", False, 0, "none")),
        ({"verify": "Verify All"}, ("ok", True, 0, "none")), ({"verify": ""}, ("ok", None, 0, "none")),
        ({"errors": "0/1/2"}, ("ok", True, 3, "none")), ({"status": "FAILED"}, ("failed", True, 0, "none")),
        ({"status": "ABORTED", "rounds": "0/1"}, ("aborted", True, 0, "none")),
        ({"status": "INSANITY"}, ("failed", True, 0, "none")), ({"status": ""}, ("unknown", True, 0, "none")),
        ({"rounds": "2/3"}, ("aborted", True, 0, "none")),
        ({"bytes": "256060000000, (99.99%)"}, ("exceptions", True, 0, "none")),
        ({"bytes": "256060000000 (42.1%)"}, ("exceptions", True, 0, "none")),
        ({"hpa": "Hidden sectors found!", "warning": left}, ("exceptions", True, 0, "present")),
        ({"hpa": "Unknown", "warning": unseen}, ("ok", True, 0, "unknown")),
        ({"hpa": "Not applicable"}, ("ok", True, 0, "none")), ({"hpa": ""}, ("ok", True, 0, "unknown")),
        ({"hpa": "No hidden sectors **DDNSHDA"}, ("ok", True, 0, "none")),
    ):  # fmt: skip
        assert told(single("S-1", **changes), "result", "verified", "errors", "hidden_areas") == [expected], (
            changes
        )
    checked = single("S-1", method="Verify Zeros (0x00)", bytes="Not applicable to method")
    assert told(checked, "technique") == [("",)]  # it only read: nothing was erased
    assert told(single("S-1", bus="NVME", method="Secure Erase (ATA/NVMe)"), "technique") == [
        ("nvme_format",)
    ]
    assert told(single("S-1", person=""), "operator_name") == [("",)]  # not the line below


def test_the_report_of_a_whole_device():
    many = system(
        ("N1", "ERASED", "256060514304, (100%)"), ("N2", "FAILED", "5, (3%)"), ("N3", "ERASED", "5, (99.9%)"),
        ("N4", "", "256060514304, (100%)"),
    )  # fmt: skip
    assert read(many).format == "nwipe-pdf"
    assert told(many, "serial", "result", "technique", "verification", "hidden_areas", "errors") == [
        (serial, result, "crypto_erase", "all_passes", "none", 0)
        for serial, result in (("N1", "ok"), ("N2", "failed"), ("N3", "exceptions"), ("N4", "unknown"))
    ]
    assert set(told(many, "host_serial", "operator_name")) == {("PC-EXEMPLE-9", "Operateur Exemple")}


def test_reports_as_json():
    nwipe = {
        "report_metadata": {"generated_at": "2026-01-05_10-00-00", "software": "nwipe", "version": "0.42"},
        "device": {"name": "/dev/nvme0n1", "model": "MARQUE NVME", "serial_no": "N-1", "size_bytes": 512110190592},
        "wipe_result": {"status": "success", "rounds_requested": 1, "pass_errors": 0, "verify_errors": 0,
                        "start_time": 1767600000, "end_time": 1767603600},
    }  # fmt: skip
    # Neither method nor verification is in the file: a line that says so, no certificate.
    assert told(json.dumps(nwipe).encode()) == [("N-1", "nvme", "", "ok", None, 0, "unknown")]
    nwipe["wipe_result"] |= {"verify_errors": 2}
    assert told(json.dumps([nwipe]).encode(), "result", "errors") == [("failed", 2)]
    erasure = {
        "state": "Successful", "erasure_standard_name": "NIST 800-88 Purge - Cryptographic Erasure",
        "firmware_rounds": 1, "failed_sectors": 0, "end_time": "2026-01-05T10:00:00+0100", "hpa": "Not detected",
        "target": [{"type": "SSD", "serial": "B-1", "model": "MODELE SSD"}],
    }  # fmt: skip
    blancco = {"reports": [{"blancco_data": {
        "blancco_erasure_report": {"erasures": [{"erasure": [erasure, erasure | {"state": "Failed"}]}]},
        "blancco_hardware_report": {"system": {"serial": "PC-1"}, "disks": [{"disk": [{"serial": "B-1"}]}]},
    }}]}  # fmt: skip
    found = read(json.dumps(blancco).encode())
    assert (found.format, [(one.serial, one.technique, one.result, one.host_serial, one.host_disks)
                           for one in found.disks]) == (
        "blancco-json", [("B-1", "crypto_erase", "ok", "PC-1", 1), ("B-1", "crypto_erase", "failed", "PC-1", 1)],
    )  # fmt: skip
    step = {"type": "StepRandom", "severity": "Info"}
    disk = {"type": "HardDrive", "serialNumber": "E-1", "size": 500107, "actions": [
        {"type": "EraseSectors", "severity": "Info", "endTime": "2026-01-05T10:00:00+00:00", "steps": [step, step]},
    ]}  # fmt: skip
    basic = disk | {
        "actions": [{"type": "EraseBasic", "severity": "Error", "steps": []}],
        "serialNumber": "E-2",
    }
    snapshot = {"type": "Snapshot", "version": "11.0", "device": {"serialNumber": "PC-2"}, "components": [
        disk, basic, disk | {"actions": [], "serialNumber": "E-3"}, {"type": "Processor"},
    ]}  # fmt: skip
    assert told(json.dumps(snapshot).encode()) == [
        ("E-1", "hdd", "overwrite", "ok", True, None, "unknown"),
        ("E-2", "hdd", "overwrite", "failed", None, None, "unknown"),
    ]
    assert set(told(json.dumps(snapshot).encode(), "host_serial", "host_disks")) == {("PC-2", 3)}
    for data, trouble in (
        (b"{", "damaged"), (b"[{]", "damaged"), (b"[" * 100_000, "unknown"), (b'{"a":' * 100_000, "damaged"),
        (b'{"a": [[' * 30 + b"]]}" * 30, "unsafe"), (b"[]", "unknown"), (b'{"type": "Snapshot"}', "unknown"),
        (b'{"type": "Snapshot", "components": 5}', "unknown"), (b'{"type": "Snapshot", "components": [5]}', "empty"),
    ):  # fmt: skip
        assert read(data).trouble == trouble, data[:20]


def test_a_json_report_written_otherwise_says_no_success_and_breaks_nothing():
    def disk(action):
        return json.dumps({"type": "Snapshot", "components": [
            {"type": "HardDrive", "serialNumber": "E-1", "actions": action},
        ]}).encode()  # fmt: skip

    for action in (5, True, "EraseBasic", {"type": "EraseBasic"}, [5, None]):
        assert read(disk(action)).trouble == "empty", action
    good = {"type": "EraseBasic", "severity": "Info"}
    assert told(disk([good | {"steps": 5}]), "result", "technique") == [("ok", "overwrite")]
    assert told(disk([good | {"type": "ErasePhysical"}]), "technique") == [("",)]

    def nwipe(**ended):
        return told(json.dumps({
            "report_metadata": {"software": "nwipe"}, "device": {"serial_no": "N-1"},
            "wipe_result": {"status": "success", "pass_errors": 0, "verify_errors": 0} | ended,
        }).encode(), "result")  # fmt: skip

    assert nwipe() == [("ok",)]
    for ended, result in (
        ({"pass_errors": "3"}, "unknown"), ({"verify_errors": True}, "unknown"), ({"verify_errors": 1.5}, "unknown"),
        ({"status": "aborted"}, "aborted"), ({"status": "completed with errors"}, "exceptions"),
        ({"status": "completed"}, "unknown"), ({"status": ["success"]}, "unknown"), ({"pass_errors": None}, "ok"),
    ):  # fmt: skip
        assert nwipe(**ended) == [(result,)], ended


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ok", "Erased|Successful|Successfully erased|Erasure completed|Completed without errors|0 errors, passed|"
               "Effacé avec succès|Effacement réussi|Terminé|Disque effacé|Wipe succeeded|PASS|Erased (100%)"),
        ("exceptions", "Erased with exceptions|With errors.|Partially erased|Effacé avec erreurs"),
        ("failed", "Incomplete|Not successful|Not completed|Incomplet|Non réussi|Effacement non terminé|Pas effacé|"
                   "NOK|KO|Erasure failed|Échec de l’effacement|Unerased"),
        ("aborted", "Aborted by user|Annulé|Interrompu par interruption"),
        ("unknown", "To be erased|À effacer|Effacement en cours|Effacement demandé|Erase pending|en stock|"
                    "Verified|Prêt pour effacement|Completed without erasure|"
                    "Wipe without success|Terminé sans effacement"),
    ],
)  # fmt: skip
def test_only_what_says_it_ended_well_ended_well(code, words):
    assert {word: terms.result(word) for word in words.split("|")} == dict.fromkeys(words.split("|"), code)


def test_a_method_is_what_it_does_not_what_it_sounds_like():
    for text, code in (
        ("Cryptographically secure random overwrite", "overwrite"), ("ShredOS, DoD Short", "overwrite"),
        ("shred -vn 3", ""), ("Broyage", "shred"), ("Shredding", "shred"),
        ("Effacement cryptographique", "crypto_erase"),
        ("TCG Cryptographic Erasure", "crypto_erase"), ("SECURITY ERASE UNIT (hdparm)", "ata_secure_erase"),
        ("Enhanced Security Erase", "ata_secure_erase_enhanced"), ("NIST 800-88 Purge", ""),
    ):  # fmt: skip
        assert terms.technique(text) == code, text
    table = (
        "Rapport du 5 janvier;;\nsep=;\n\nSerial;Method;Result;Date\nT-1;shred;OK;2026-01-05 10:00:00.123\n"
    )
    assert told(table.encode(), "serial", "technique", "result", "erased_at") == [
        ("T-1", "", "ok", "2026-01-05T09:00:00+00:00")
    ]


def test_a_list_is_read_by_what_its_columns_are_called_and_its_worst_word_counts():
    """Exports of consoles and sheets of workshops; one column saying "OK" does not unsay a failure in another."""
    console = (
        "Report ID,Report date,System serial,Disk vendor,Disk model,Disk serial,Erasure standard,Erasure state,"
        "Total errors\n1,2024-03-01 10:00:00,PC1,V,M,D1,NIST 800-88 Clear,Successful,0\n"
        "1,2024-03-01 10:00:00,PC1,V,M,D2,NIST 800-88 Clear,Failed,3\n"
    )
    assert told(console.encode(), "serial", "result", "errors", "host_serial") == [
        ("D1", "ok", 0, "PC1"), ("D2", "failed", 3, "PC1"),
    ]  # fmt: skip
    sheet = (
        "N° de série du PC;Numéro de série disque;Méthode;Statut;Résultat;Effacé le\nPC1;D1;DoD;Échec;OK;12/03/2024\n"
        "PC2;D2;DoD;Effacé;OK;12/03/2024\nPC3;D3;DoD;OK;Interrompu;\nPC4;D4;DoD;;Effacé;\nPC6;D6;DoD;;KO;\n"
        "PC5;D5;DoD;En stock;Effacé;\nTotal;;;;5 disques;\n"
    )
    assert told(sheet.encode(), "serial", "result", "host_serial") == [
        ("D1", "failed", "PC1"), ("D2", "ok", "PC2"), ("D3", "aborted", "PC3"), ("D4", "ok", "PC4"),
        ("D6", "failed", "PC6"),
        ("D5", "ok", "PC5"),
    ]  # fmt: skip


def test_a_spreadsheet_is_one_file_to_save_as_csv_and_not_the_pieces_it_is_made_of():
    for names in (("[Content_Types].xml", "xl/workbook.xml"), ("mimetype", "content.xml")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in names:
                archive.writestr(name, "<x/>")
        [one] = members("effacements.xlsx", out.getvalue())
        assert (one.name, one.trouble) == ("effacements.xlsx", "spreadsheet")


def test_the_key_a_tool_started_from_is_none_of_the_media_of_the_device():
    def disk(serial, bus):
        return f"<disk><serial>{serial}</serial><type>SSD</type><interface_type>{bus}</interface_type></disk>"

    report = (
        "<root><report><blancco_data><blancco_erasure_report><erasures><erasure><state>Successful</state>"
        "<erasure_standard_name>NIST 800-88 Clear</erasure_standard_name><target><serial>D1</serial></target></erasure>"
        "</erasures></blancco_erasure_report><blancco_hardware_report><system><serial>PC1</serial></system><disks>"
        f"{disk('D1', 'SATA')}{disk('D2', 'NVMe')}{disk('K1', 'USB 3.0')}</disks></blancco_hardware_report>"
        "</blancco_data></report></root>"
    )
    assert told(report.encode(), "serial", "host_disks") == [("D1", 2)]
    ended, failed = (
        {"type": "EraseBasic", "severity": how, "endTime": f"2018-07-1{day}T11:54:55+00:00", "steps": []}
        for how, day in (("Info", 3), ("Error", 4))
    )
    snapshot = {"type": "Snapshot", "version": "11.0", "device": {"serialNumber": "PC1"}, "components": [
        {"type": "HardDrive", "serialNumber": "D1", "interface": "ATA", "actions": [failed, ended]},
        {"type": "SolidStateDrive", "serialNumber": "K1", "interface": "USB"},
    ]}  # fmt: skip
    assert told(json.dumps(snapshot).encode(), "serial", "result", "host_disks") == [("D1", "failed", 1)]
