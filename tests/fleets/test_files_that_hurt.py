"""Real files, made here, that hurt: a clear answer each, the good rows kept, never a crash.

Each is a row of `FILES`: what it holds, then the verdicts by row, or the refusal. The same answers come from
the command, the API (raw and multipart) and the page, for they share one implementation.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.accounts.models import Organisation
from reuse_market.fleets import queries, services
from reuse_market.kernel import db
from tests.fleets.conftest import imported, upload
from tests.fleets.reading.agent_files import FUSION, glpi
from tests.lots.visiting import Visitor
from tests.support.world import World

SIRET = "73282932000074"
HEAD = "Numéro de série;Fabricant;Modèle;Date d'achat;Mémoire\r\n"
ROW = "AB12CD{n};Dell Inc.;Latitude 5400;23/03/2020;8 Go\r\n"
GOOD = HEAD + ROW.format(n=1)


@dataclass(frozen=True)
class Hurt:
    """A file: bytes and name; what is expected: good rows, `row:list:code` of others, or a refusal."""

    data: bytes
    name: str = "parc.csv"
    good: tuple[int, ...] = ()
    told: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def workbook(*, options: dict[str, Any] | None = None, wide: int = 0) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, **(options or {})}) as book:
        sheet = book.add_worksheet("Parc")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(
            0, 0, ["Numéro de série", "Modèle", "Date d'achat", *[f"Champ {n}" for n in range(wide)]]
        )
        sheet.write_row(1, 0, ["AB12CD1", "Latitude 5400"])
        sheet.write_datetime(1, 2, dt.datetime(2020, 3, 12, tzinfo=dt.UTC).replace(tzinfo=None), day)
        sheet.write_row(2, 0, ["AB12CD2", "=cmd|' /C calc'!A0", 43902])
    return out.getvalue()


def protected() -> bytes:
    """The outside of a workbook under a password: a compound file with an EncryptedPackage stream."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    fat = struct.pack("<II", 0xFFFFFFFD, end) + struct.pack("<I", free) * 126

    def entry(name: str, kind: int, child: int, right: int, size: int = 0) -> bytes:
        told = name.encode("utf-16-le")
        return (
            told.ljust(64, b"\0") + struct.pack("<HBBIII", len(told) + 2, kind, 1, free, right, child)
            + bytes(36) + struct.pack("<IQ", end, size)
        )  # fmt: skip

    entries = [
        entry("Root Entry", 5, 1, free), entry("EncryptedPackage", 2, free, 2),
        entry("EncryptionInfo", 2, free, free), bytes(128),
    ]  # fmt: skip
    return head + fat + b"".join(entries)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return out.getvalue()


def line(**cells: str) -> str:
    told = {"serial": "AB12CD2", "maker": "HP", "model": "EliteBook 840 G5", "day": "", "ram": ""} | cells
    return ";".join(told.values()) + "\r\n"


def zipped(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            archive.writestr(name.replace("__", "."), held)
    return out.getvalue()


def as_kept() -> bytes:
    """A workbook as people keep them: a site merged over its rows, a title, a total, a row a filter hides."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Parc")
        sheet.write_row(0, 0, ["Site", "Type", "Modèle", "Numéro de série"])
        sheet.write(1, 2, "Ordinateurs")
        for n in range(3):
            sheet.write_row(2 + n, 1, ["Portable", "Latitude 5400", f"AB12CD{n}"])
        sheet.merge_range(2, 0, 4, 0, "Mairie", book.add_format())
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write_row(5, 0, ["Total", "", "", 3])
    return out.getvalue()


FILES: dict[str, Hurt] = {
    "zip of agents": Hurt(
        zipped(
            a__json=json.dumps(glpi("EX1")),
            b__json=json.dumps(glpi("EX2", hardware={"vmsystem": "KVM"})),
            c__xml=FUSION,
            d__json='{"content": {"bios":',
        ),
        "agents.zip", good=(1, 3), told=("2:set_aside:virtual_machine",), notes=("member_unread",),
    ),
    "zip of one list": Hurt(zipped(DevicesWithInventory__csv=GOOD), "intune.zip", good=(2,)),
    "billion laughs": Hurt(
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><REQUEST>&b;</REQUEST>',
        "agent.xml", refused="déclare des entités",
    ),
    "bomb in a zip": Hurt(zipped(parc__csv=bytes(60_000_000)), "parc.zip", refused="pèse plus"),
    "cut json": Hurt(json.dumps([glpi(), glpi()])[:-300].encode(), "a.json", refused="coupé ou abîmé après"),
    "cp1252": Hurt(GOOD.encode("cp1252"), good=(2,), notes=("bytes_guessed",)),
    "utf-16": Hurt(GOOD.encode("utf-16"), good=(2,)),
    "utf-8 with its mark": Hurt(GOOD.encode("utf-8-sig"), good=(2,)),
    "mixed bytes": Hurt(
        GOOD.encode() + "PF9Z1;HP;Modèle à écran;;\r\n".encode() + b"AB12\xe9;HP;ProDesk 600;;\r\n"
        + b"AB12CD4;HP;EliteBook 840 G5 \xe9tui;;\r\n",
        good=(2, 3, 5), told=("4:to_correct:serial_damaged", "5:warning:damaged_cell"),
        notes=("broken_characters",),
    ),
    "no header": Hurt(ROW.format(n=1).encode() + ROW.format(n=2).encode(), refused="aucune ligne d’en-tête"),
    "header again": Hurt(
        (GOOD + HEAD + ROW.format(n=2)).encode(), good=(2, 4), told=("3:set_aside:header_again",)
    ),
    "header lower": Hurt(
        ("Export du 3 mars;;;;\r\n\r\n" + GOOD).encode(), good=(4,), notes=("preamble",)
    ),
    "doubled column": Hurt(
        b"Serial number;Model;Model\r\nAB12CD1;;Latitude 5400\r\n", good=(2,), notes=("doubled_column",),
        values={"model": "Latitude 5400"},
    ),
    "doubled serial": Hurt(
        (GOOD + ROW.format(n=1)).encode(), good=(2,), told=("3:set_aside:doubled_serial",)
    ),
    "placeholders": Hurt(
        (HEAD + line(serial="To be filled by O.E.M.") + line(serial="Default string")
         + line(serial="System Serial Number")).encode(),
        good=(2, 3, 4), told=tuple(f"{n}:warning:placeholder_serial" for n in (2, 3, 4)),
        values={"serial": None},
    ),
    "workbook named csv": Hurt(workbook(), "parc.csv", refused="enregistrez-le en « CSV UTF-8 »"),
    "csv named workbook": Hurt(GOOD.encode(), "parc.xlsx", good=(2,), notes=("text_named_sheet",)),
    "workbook": Hurt(workbook(), "parc.xlsx", good=(2, 3), values={"bought_on": "2020-03-12"}),
    "dates from 1904": Hurt(
        workbook(options={"date_1904": True}), "parc.xlsx", good=(2, 3), values={"bought_on": "2020-03-12"}
    ),
    "workbook of 200 columns": Hurt(workbook(wide=197), "parc.xlsx", good=(2, 3)),
    "workbook as people keep them": Hurt(
        as_kept(), "parc.xlsx", good=(3, 4, 5), notes=("hidden_rows",),
        told=("2:set_aside:title_row", "6:set_aside:total_row"), values={"site": "Mairie"},
    ),
    "protected workbook": Hurt(protected(), "parc.xlsx", refused="protégé par un mot de passe"),
    "bomb": Hurt(bomb(), "parc.xlsx", refused="pèse plus qu’une liste"),
    "damaged workbook": Hurt(b"PK\x03\x04junk" * 9, "parc.xlsx", refused="abîmé"),
    "pdf": Hurt(b"%PDF-1.7\n1 0 obj", "parc.pdf", refused="document PDF"),
    "200 columns": Hurt(
        (";".join(["Serial number", "Model", *[f"Champ {n}" for n in range(198)]]) + "\r\n"
         + ";".join(["AB12CD1", "Latitude 5400", *["z"] * 198])).encode(),
        good=(2,),
    ),
    "a line of 1 MB": Hurt(
        (GOOD + "x;" * 600_000 + "\r\n" + ROW.format(n=2)).encode(), good=(2, 4),
        told=("3:to_correct:row_too_long",),
    ),
    "a cell of 300 kB": Hurt(
        (GOOD + line(ram="z" * 300_000) + ROW.format(n=3)).encode(), good=(2, 3, 4),
        told=("3:warning:value_left_out",),
    ),
    "nul bytes": Hurt(GOOD.replace("Dell", "De\0ll").encode(), good=(2,), notes=("nul_removed",)),
    "no final newline": Hurt(GOOD.rstrip().encode(), good=(2,)),
    "commas": Hurt(GOOD.replace(";", ",").encode(), good=(2,)),
    "tabs": Hurt(GOOD.replace(";", "\t").encode(), "parc.tsv", good=(2,)),
    "pipes": Hurt(GOOD.replace(";", "|").encode(), good=(2,)),
    "open quote": Hurt(
        (GOOD + '"AB12CD2;HP;ProDesk 600;;\r\n' + "".join(ROW.format(n=n) for n in range(3, 9))).encode(),
        good=(2, 4, 5, 6, 7, 8, 9), told=("3:to_correct:quote_open",),
    ),
    "open quote closed by a later cell": Hurt(
        (GOOD + 'AB12CD2;"HP;ProDesk 600;;\r\nAB12CD3;"HP;ProDesk 600";;\r\n' + ROW.format(n=4)).encode(),
        good=(2, 5), told=("3:to_correct:quote_open", "4:to_correct:neither_kind_nor_model"),
    ),
    "open quote on the last row": Hurt(
        (GOOD + 'AB12CD2;"HP;ProDesk 600;;').encode(), good=(2,), told=("3:to_correct:quote_open",)
    ),
    "formulas": Hurt(
        (HEAD + line(model="=cmd|' /C calc'!A0") + line(serial="-AB12", model="+1+1 ProDesk")
         + line(serial="@SUM(1)", model="@ Latitude 5400")).encode(),
        good=(2, 3, 4), values={"model": "=cmd|' /C calc'!A0"},
    ),
    "dates": Hurt(
        (HEAD + line(serial="A1111", day="31/12/1999") + line(serial="A2222", day="43902")
         + line(serial="A3333", day="31/12/2999") + line(serial="A4444", day="31/02/2020")).encode(),
        good=(2, 3), told=("4:to_correct:date_in_future", "5:to_correct:date_unreadable"),
        values={"bought_on": "1999-12-31"},
    ),
    "numbers as text": Hurt((HEAD + line(ram="1,5 Go")).encode(), good=(2,), values={"ram_mb": 1536}),
    "scientific serial": Hurt(
        (GOOD + line(serial="1.23E+11")).encode(), good=(2,), told=("3:to_correct:serial_scientific",)
    ),
    "empty": Hurt(b"", refused="Le fichier est vide"),
    "header only": Hurt(HEAD.encode(), refused="aucun appareil"),
    "all bad": Hurt(
        (HEAD + line(day="bientôt") + line(model="", maker="")).encode(),
        told=("2:to_correct:date_unreadable", "3:to_correct:neither_kind_nor_model"),
    ),
}  # fmt: skip


@pytest.fixture
def holder(world: World) -> Any:
    """A holder known by its SIRET."""
    party = world.holder()

    @db.command
    def name() -> None:
        chosen = sa.update(Organisation).where(Organisation.id == party.organisation_id)
        db.session().execute(chosen.values(siret=SIRET))

    name()
    return party


def token(party: Any) -> str:
    """A secret to write with."""
    return tokens.make_token(party.person_id, party.organisation_id, ("write",))[1]


def check(report: dict[str, Any], hurt: Hurt) -> None:
    """The report says what is expected of this file, row by row."""
    assert tuple(good["row"] for good in report["good"]) == hurt.good
    told = [f"{one['row']}:to_correct:{one['code']}" for one in report["to_correct"]]
    told += [f"{one['row']}:set_aside:{one['code']}" for one in report["set_aside"]]
    said = [*told, *(f"{g['row']}:warning:{w['code']}" for g in report["good"] for w in g["warnings"])]
    assert set(told) == {one for one in hurt.told if ":warning:" not in one}
    assert set(hurt.told) <= set(said)
    assert {note["code"] for note in report["notes"]} == set(hurt.notes)
    assert report["records"] == sum(report["counts"][n] for n in ("good", "to_correct", "set_aside", "known"))
    for name, value in hurt.values.items():
        assert report["good"][0][name] == value
    for one in report["to_correct"]:
        assert one["field"]
        assert one["reason"]


@pytest.mark.parametrize("name", FILES)
def test_the_command_tells(app: Flask, holder: Any, tmp_path: Path, name: str) -> None:
    hurt = FILES[name]
    file = tmp_path / hurt.name
    file.write_bytes(hurt.data)
    done = app.test_cli_runner().invoke(
        args=["fleets", "import", str(file), "--holder", SIRET, "--dry-run", "--json"]
    )
    db.release()
    report = json.loads(done.stdout)
    if hurt.refused:
        assert done.exit_code == 2
        assert report["error"]["reason"]
    else:
        assert done.exit_code == 0
        check(report, hurt)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the test client's own file
@pytest.mark.parametrize("name", FILES)
def test_the_page_tells(app: Flask, holder: Any, name: str) -> None:
    hurt = FILES[name]
    me = Visitor(app.test_client(), holder).open("/parc/importer")
    sent = (io.BytesIO(hurt.data), hurt.name)
    me.press("Lire le fichier", 422 if hurt.refused else 200, file=sent)
    if hurt.refused:
        assert hurt.refused in me.text
        return
    me.press("Vérifier les appareils")
    figures = [item.xpath("string(b)") for item in me.tree.xpath("//ul[@class='chiffres']/li")]
    problems = [one for one in hurt.told if ":warning:" not in one]
    assert (int(figures[0]), int(figures[1]) + int(figures[2])) == (len(hurt.good), len(problems))
    for one in hurt.told:
        assert f"Ligne {one.split(':')[0]}" in me.text
    if problems:
        rows = me.client.get(me.tree.xpath("//a[@download]")[0].get("href"))
        assert rows.status_code == 200


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the test client's own file
@pytest.mark.parametrize("form", ["raw", "multipart"])
@pytest.mark.parametrize("name", FILES)
def test_the_api_tells(app: Flask, holder: Any, name: str, form: str) -> None:
    hurt = FILES[name]
    told = {"Authorization": f"Bearer {token(holder)}", "Idempotency-Key": "one"}
    query = {"dry_run": "true", "filename": hurt.name}
    sent: dict[str, Any] = (
        {"data": hurt.data, "content_type": "application/octet-stream"}
        if form == "raw"
        else {"data": {"file": (io.BytesIO(hurt.data), hurt.name)}}
    )
    answer = app.test_client().post(
        "/api/v1/fleet-units:import", query_string=query, headers=told, **sent
    )  # fmt: skip
    assert answer.status_code == (422 if hurt.refused else 200), answer.text
    if hurt.refused:
        assert answer.json["errors"][0]["field"] == "file"
    else:
        check(answer.json, hurt)


def test_the_formulas_of_a_file_are_shown_as_text_and_given_back_harmless(app: Flask, holder: Any) -> None:
    me = Visitor(app.test_client(), holder).open("/parc/importer")
    bad = HEAD + line(model="=HYPERLINK(1)", day="bientôt") + line(serial="AB3", model="<b>gras</b>")
    me.press("Lire le fichier", file=(io.BytesIO(bad.encode()), "parc.csv"))
    assert b"<b>gras" not in me.page.data
    me.press("Vérifier les appareils")
    rows = me.client.get(me.tree.xpath("//a[@download]")[0].get("href")).data.decode("utf-8-sig")
    assert ";'=HYPERLINK(1);" in rows


def test_a_device_in_somebody_elses_fleet_is_told_without_saying_whose(world: World, holder: Any) -> None:
    imported(world.public_holder("Commune Voisine"), GOOD.encode())
    row = upload(holder, GOOD.encode())
    services.confirm_mapping(row.id, actor=holder.actor)
    mapping = queries.get_import(row.id, holder.actor).mapping or {}
    assert [(one["count"], one["rows"]) for one in mapping["warned"]] == [
        (1, [{"row": 2, "code": "alive_elsewhere", "params": {}}])
    ]
    assert "Voisine" not in json.dumps(mapping)
    imported(holder, b"Serial number;Manufacturer;Model\r\nAB12CD9;Dell Inc.;Latitude 5400\r\n")
    again = upload(
        holder, b"Serial number;Manufacturer;Model\r\nAB12CD9;Dell;Latitude 5400\r\n", "encore.csv"
    )
    services.confirm_mapping(again.id, actor=holder.actor)
    assert not (queries.get_import(again.id, holder.actor).mapping or {})["warned"]


@pytest.mark.parametrize(
    ("column", "cell", "aside"),
    [
        ("Entité", "Commune Voisine", True),
        ("Entité", "Groupe > COMMUNE VOISINE > DSI", True),
        ("Société", "commune voisine", True),
        ("Propriétaire", "Commune Voisine", True),
        ("Entité", SIRET, False),
        ("Entité", "Entreprise Exemple > Commune Voisine", False),
        ("Entité", "Direction des systèmes", False),
        ("Propriétaire", "Camille Exemple", False),
    ],
)
def test_a_row_that_names_another_organisation(
    world: World, holder: Any, column: str, cell: str, aside: bool
) -> None:
    world.holder("Commune Voisine")
    data = f"Numéro de série;Modèle;{column}\r\nAB1;Latitude 5400;{cell}\r\nAB2;Latitude 5400;\r\n"
    row = upload(holder, data.encode())
    services.confirm_mapping(row.id, actor=holder.actor)
    told = queries.get_import(row.id, holder.actor)
    assert (told.good, told.set_aside) == ((1, 1) if aside else (2, 0))
    for problem in queries.problems(row.id):
        assert problem.facts["reason"] == {
            "code": "other_organisation", "params": {"column": column, "value": cell},
        }  # fmt: skip


def test_a_body_beyond_the_limit_has_its_own_page(app: Flask, holder: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2_000)
    me = Visitor(app.test_client(), holder).open("/parc/importer")
    assert "200" in me.text
    me.press("Lire le fichier", 413, file=(io.BytesIO(b"x" * 3_000), "parc.csv"))
    assert "trop lourd" in me.text
    headers = {"Authorization": f"Bearer {token(holder)}", "Idempotency-Key": "one"}
    answer = app.test_client().post("/api/v1/fleet-units:import", data=b"x" * 3_000, headers=headers)
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
