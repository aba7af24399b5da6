"""Files made to hurt and files that were hurt: a refusal that says what to do, quickly and in little memory."""

from __future__ import annotations

import gzip
import io
import json
import resource
import struct
import time
import zipfile

import pytest
import xlsxwriter

from reuse_market.fleets.reading import Unreadable, read_table
from tests.fleets.reading.agent_files import FUSION, glpi, shown

CSV = "Numéro de série;Modèle\n" + "".join(f"EX{n};Latitude 5400\n" for n in range(50))
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(9))
    + "]><REQUEST><CONTENT>&a8;</CONTENT></REQUEST>"
)
OUTSIDE = (
    '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<REQUEST><CONTENT><BIOS><SSN>&x;</SSN></BIOS></CONTENT></REQUEST>"
)


def memory() -> int:
    """The most bytes this process ever held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def packed(*files: tuple[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """The same archive, every member marked as encrypted."""
    made = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(mark)
        while at >= 0:
            (bits,) = struct.unpack_from("<H", made, at + place)
            struct.pack_into("<H", made, at + place, bits | 1)
            at = made.find(mark, at + 4)
    return bytes(made)


def lying(data: bytes) -> bytes:
    """The same archive, its check sum changed in the directory."""
    made = bytearray(data)
    at = made.find(b"PK\x01\x02")
    made[at + 16] ^= 0xFF
    return bytes(made)


REFUSED: dict[str, tuple[bytes, str]] = {
    "truncated json": (json.dumps(glpi())[:-40].encode(), "cut or damaged after record 0"),
    "truncated list": (json.dumps([glpi(), glpi()])[:-400].encode(), "cut or damaged after record 1"),
    "json that is none": (b'{"content": {bios: 1}}', "cut or damaged after record 0"),
    "deep json": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nested too deep"),
    "deep list": (b'[{"a":' + b"[" * 50_000, "nested too deep"),
    "one endless object": (json.dumps({"content": {"bios": {"ssn": "x" * 7_000_000}}}).encode(), "longer than one"),
    "wide object": (b'[{"a":[' + b"[]," * 3_000_000 + b"[]]}]", "longer than one"),
    "numbers": (b"[1, 2, 3]", "no list of devices"),
    "empty list": (b"[]", "no device"),
    "truncated xml": (FUSION[:-60].encode(), "cut or damaged after record 0"),
    "broken xml": (FUSION.replace("</SSN>", "</SSM>").encode(), "cut or damaged"),
    "billion laughs": (LAUGHS.encode(), "entities"),
    "billion laughs in utf-16": (LAUGHS.encode("utf-16"), "entities"),
    "entity of outside": (OUTSIDE.encode(), "entities"),
    "entity far from the start": (f"<REQUEST>{'<A/>' * 40_000}{OUTSIDE[22:]}".encode(), "entities"),
    "deep xml": (b"<a>" * 100_000, "nested too deep"),
    "one endless element": (b"<REQUEST>" + b"<A/>" * 600_000, "longer than one"),
    "sheet in xml": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML"),
    "truncated zip": (packed(("parc.csv", CSV))[:-30], "damaged"),
    "zip with a wrong sum": (lying(packed(("parc.csv", CSV * 500))), "damaged"),
    "truncated gz": (gzip.compress(CSV.encode())[:-12], "damaged"),
    "bomb in zip": (packed(("parc.csv", b"\0" * 60_000_000)), "unpacks to more"),
    "bomb in gz": (gzip.compress(b"a;b\n" * 8_000_000), "unpacks to more"),
    "zip in zip": (packed(("a.zip", packed(("parc.csv", CSV)))), "another archive"),
    "gz in gz": (gzip.compress(gzip.compress(CSV.encode())), "another archive"),
    "zip in gz": (gzip.compress(packed(("parc.csv", CSV))), "another archive"),
    "tar in gz": (gzip.compress(b"parc.csv".ljust(257, b"\0") + b"ustar" + bytes(250)), "archive"),
    "locked zip": (locked(packed(("parc.csv", CSV))), "password"),
    "empty zip": (packed(), "empty"),
    "zip of nothing": (packed(("LISEZMOI.txt", "bonjour"), ("photo.png", b"\x89PNG\r\n")), "no list of devices"),
    "zip of two lists": (packed(("a.csv", CSV), ("b.csv", CSV)), "several lists: a.csv, b.csv"),
    "zip of a list and agents": (packed(("a.csv", CSV), ("b.json", json.dumps(glpi()))), "several lists"),
    "zip of broken agents": (packed(("a.json", '{"content": {"bios": '), ("b.json", '{"')), "cut or damaged"),
    "too many files": (packed(*((str(n), "") for n in range(20_001))), "unpacks to more"),
}  # fmt: skip


SLOW = ("wide object",)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in SLOW else name for name in REFUSED]
)
def test_it_is_refused_with_what_to_do_and_little_memory(name: str) -> None:
    data, told = REFUSED[name]
    started, before = time.process_time(), memory()
    with pytest.raises(Unreadable) as refusal:
        read_table(data, "parc")
    assert told in refusal.value.message % refusal.value.params
    assert str(refusal.value).endswith(refusal.value.advice)
    assert memory() - before < 200_000_000
    assert time.process_time() - started < 20


def test_what_is_only_odd_is_read() -> None:
    names = packed(("../../etc/parc.csv", CSV), ("C:\\temp\\.DS_Store/", b""), ("__MACOSX/._parc.csv", b"x"))
    assert shown(names)["records"] == 50
    wide = ";".join(["Numéro de série", "Modèle", *(f"Champ {n}" for n in range(198))])
    assert shown(wide + "\nEX1;Latitude 5400" + ";x" * 198 + "\n")["records"] == 1
    mixed = (
        "Numéro de série;Modèle;Lieu\n".encode()
        + b"EX1;Latitude 5400;Mairie \xe9\nEX2;Latitude 5400;\xc3\xa9\n"
    )
    report = shown(mixed)
    assert [(g["serial"], g["site"]) for g in report["good"]] == [("EX1", "Mairie \ufffd"), ("EX2", "é")]
    assert [w["code"] for w in report["good"][0]["warnings"]] == ["damaged_cell", "kind_guessed"]
    control = FUSION.replace("PORTABLE-É", "PORTABLE\x01").encode()
    assert shown(control)["good"][0]["hostname"] == "PORTABLE"
    long = json.dumps(
        [{**glpi(), "content": {**glpi()["content"], "softwares": [{"name": "x" * 900}] * 5000}}]
    )
    assert shown(long)["records"] == 1


def test_macros_of_a_workbook_are_never_looked_at() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Parc")
        sheet.write_row(0, 0, ["Numéro de série", "Modèle"])
        sheet.write_row(1, 0, ["EX1", "Latitude 5400"])
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"AutoOpen" * 100)
    report = shown(out.getvalue(), "parc.xlsm")
    assert [g["serial"] for g in report["good"]] == ["EX1"]
    assert shown(packed(("parc.xlsx", out.getvalue())))["records"] == 1


def test_a_long_list_of_agents_is_read_in_little_memory() -> None:
    one = json.dumps(glpi("EXNNNN", softwares=[{"name": "Exemple", "version": "1"}] * 100))
    data = packed(*((f"pc{n}.json", one.replace("EXNNNN", f"EX{n}")) for n in range(3000)))
    before = memory()
    table = read_table(data, "parc.zip")
    assert sum(1 for _ in table.rows()) == 3000
    assert memory() - before < 60_000_000
