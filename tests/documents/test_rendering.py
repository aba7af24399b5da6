"""Papers: tagged, light, the same bytes everywhere, their QR codes readable."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from reuse_market import documents
from reuse_market.documents import formats, words
from reuse_market.documents.label_formats import FORMATS, sheets
from reuse_market.documents.papers import PAPERS, FactsMissing
from reuse_market.documents.rendering import TEMPLATES, render
from tests.documents import deed_samples, samples

ROOT = Path(__file__).resolve().parents[2]
CODE = "7KQ2MXDPB9"
SHEETS = sorted(set(PAPERS) - {"label_sheet"})
# nothing in them is counted: no table
PROSE = {"undertaking", "loading_protocol", "erasure_certificate"}
LANGUAGES = ["fr", "en"]


@pytest.fixture(autouse=True)
def _address() -> Iterator[None]:
    documents.configure(base_url="https://parc-commun.example/")
    yield
    documents.configure(base_url="http://127.0.0.1:8000")


def printed(template: str, lang: str, facts: dict[str, Any] | None = None) -> bytes:
    numbered = {} if template == "label_sheet" else {"number": "BR-2026-0001", "code": CODE}
    return render(template, facts or samples.ALL[template](), lang=lang, **numbered)


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [
        str(o["/S"]) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/P" in o
    ]


def text_of(pdf: bytes, tmp_path: Path) -> str:
    return run_poppler(pdf, tmp_path, "pdftotext", "-layout", "{pdf}", "-").decode()


def run_poppler(pdf: bytes, folder: Path, *command: str) -> bytes:
    if shutil.which(command[0]) is None:
        pytest.skip(
            f"NO POPPLER: {command[0]} (Debian package poppler-utils) is absent, papers are not read back"
        )
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return subprocess.run(
        [str(file) if part == "{pdf}" else part for part in command], check=True, capture_output=True
    ).stdout


def qr_texts(pdf: bytes, folder: Path, *pages_only: str) -> list[str]:
    run_poppler(pdf, folder, "pdftoppm", "-r", "150", "-gray", *pages_only, "{pdf}", str(folder / "page"))
    pages = sorted(folder.glob("page*.pgm"))
    return [found.text for page in pages for found in zxingcpp.read_barcodes(Image.open(page))]


def test_every_template_has_words_facts_and_a_sample() -> None:
    sources = {path.stem for path in TEMPLATES.glob("*.typ") if not path.name.startswith("_")}
    assert sources == set(PAPERS) == set(samples.ALL)


def test_both_languages_have_the_same_words_and_places() -> None:
    for template in PAPERS:
        french, english = (words.words_of(template, lang) for lang in LANGUAGES)
        assert french.keys() == english.keys()
        for name in french:
            holes = [set(re.findall(r"{(\w+)}", json.dumps(each[name]))) for each in (french, english)]
            assert holes[0] == holes[1], name
            assert not re.search(r" [:;!?»]|« |'", json.dumps(french[name], ensure_ascii=False)), french[name]


def test_the_templates_use_words_that_exist() -> None:
    for template in PAPERS:
        source = (TEMPLATES / f"{template}.typ").read_text() + (TEMPLATES / "_bon.typ").read_text()
        own = set(re.findall(r"\bwords\.(\w+)", (TEMPLATES / f"{template}.typ").read_text()))
        known = words.words_of(template, "fr").keys()
        assert own <= known
        assert '"' in source  # the look is really there


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("template", sorted(PAPERS))
def test_papers_are_tagged_and_light(template: str, lang: str) -> None:
    data = printed(template, lang)
    assert len(data) <= 150_000
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang).startswith(lang)
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert "pdfuaid:part" in metadata
        assert words.words_of(template, lang)["title"] in metadata
        found = tags(pdf)
        assert found.count("/Figure") >= 1
        if template != "label_sheet":  # a sheet to cut up has neither heading nor table
            assert found.count("/H1") == 1
            assert found.count("/TH") >= (0 if template in PROSE else 2)
            assert found.count("/L") >= 1


def test_whole_lots_stay_light(tmp_path: Path) -> None:
    """Five hundred media, two hundred lines of a lot: still under 150 kB, tagged, the QR code read on page one."""
    big = {
        "erasure_certificate": deed_samples.erasure_certificate(500),
        "lot_file": deed_samples.lot_file(120, 80),
    }
    for template, facts in big.items():
        data = printed(template, "fr", facts)
        assert len(data) <= 150_000, template
        assert any(CODE in text for text in qr_texts(data, tmp_path, "-l", "1")), template
    words_of = text_of(printed("erasure_certificate", "en"), tmp_path)
    for said in ("SN-000000", "Whole medium read", "What it does not prove", "No storage medium"):
        assert said in words_of
    withdrawn = deed_samples.erasure_certificate() | {"proven": False, "missing": ["Effacez-le."]}
    told = text_of(printed("erasure_certificate", "fr", withdrawn), tmp_path)
    assert "Effacez-le." in told
    assert "Ce que cette attestation prouve" not in told
    uneven = deed_samples.lot_file() | {"extra": 2}
    with pytest.raises(FactsMissing):
        printed("lot_file", "fr", uneven)


def test_same_facts_same_bytes_in_another_process_and_zone() -> None:
    script = (
        "import hashlib;from tests.documents import samples;from reuse_market import documents;"
        "from reuse_market.documents.rendering import render;"
        "documents.configure(base_url='https://parc-commun.example');"
        "print(hashlib.sha256(render('handover_note', samples.handover_note(), lang='fr',"
        f"number='BR-2026-0001', code='{CODE}')).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=os.environ | {"TZ": zone},
            check=True,
            capture_output=True,
        ).stdout
        for zone in ("UTC", "Pacific/Auckland")
    }
    assert len(digests) == 1
    with pikepdf.open(io.BytesIO(printed("handover_note", "fr"))) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260312094200")


def test_the_stub_leads_to_the_verification(tmp_path: Path) -> None:
    for template in SHEETS:
        folder = tmp_path / template
        folder.mkdir()
        assert qr_texts(printed(template, "fr"), folder) == [
            f"https://parc-commun.example/verification/{CODE}"
        ]


# format, first place on a partly used sheet, labels, pages, page and label in tenths of a millimetre: by hand
LABELS = [
    ("a4-24", 1, 26, 2, (2100, 2970), (700, 371)),
    ("a4-21", 5, 20, 2, (2100, 2970), (635, 381)),
    ("a4-40", 39, 4, 2, (2100, 2970), (485, 254)),
    ("roll-62", 1, 2, 2, (620, 320), (620, 320)),
    ("roll-57", 1, 3, 3, (570, 320), (570, 320)),
]


@pytest.mark.parametrize(("form", "start", "count", "pages", "page", "label"), LABELS)
def test_each_label_leads_to_its_unit(
    form: str,
    start: int,
    count: int,
    pages: int,
    page: tuple[int, int],
    label: tuple[int, int],
    tmp_path: Path,
) -> None:
    """Read back from a picture of 100 dots an inch, each code in its own place and nowhere before `start`."""
    facts = samples.label_sheet(count, form, start)
    pdf = printed("label_sheet", "fr", facts)
    run_poppler(pdf, tmp_path, "pdftoppm", "-r", "100", "-png", "{pdf}", str(tmp_path / "page"))
    found = {}
    for number, picture in enumerate(sorted(tmp_path.glob("page*.png"))):
        for one in zxingcpp.read_barcodes(Image.open(picture)):
            corner = one.position.top_left
            found[one.text] = (number, corner.x / 100 * 254, corner.y / 100 * 254)
    assert sorted(found) == sorted(each["url"] for each in facts["labels"])
    chosen = FORMATS[form]
    assert (chosen.width, chosen.height) == label
    for index, each in enumerate(facts["labels"], start - 1):
        sheet, place = divmod(index, chosen.per_sheet)
        row, column = divmod(place, chosen.columns)
        left, top = chosen.left + column * chosen.across, chosen.top + row * chosen.down
        seen, x, y = found[each["url"]]
        assert seen == sheet
        assert left <= x < left + label[0]
        assert top <= y < top + label[1]
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        assert len(paper.pages) == pages == sheets(form, count, start)
        assert tuple(round(float(n) / 72 * 254) for n in paper.pages[0].MediaBox[2:]) == page


@pytest.mark.parametrize(("form", "start"), [("a4", 1), ("a4-24", 0), ("a4-24", 25), ("roll-62", 2)])
def test_labels_have_no_other_place(form: str, start: int) -> None:
    with pytest.raises(FactsMissing):
        printed("label_sheet", "fr", samples.label_sheet(2, form, start))


def test_french_is_printed_whole(tmp_path: Path) -> None:
    read = text_of(printed("handover_note", "fr"), tmp_path)
    plain = read.replace("\u00a0", " ")
    assert "84 appareils prévus : 81 pris, dont 2 en trop, 4 absents, 1 refusé." in plain
    assert "Œuvre d’art laissée à l’accueil : ça reste ici, à 25 °C près – « été » – 1 234,50 €." in plain
    assert "12 mars 2026, de 9 h à 11 h" in plain
    assert "A signé le 12 mars 2026 à 10 h 30" in plain
    assert "7KQ2M-XDPB9" in plain
    assert "212 kg" in plain


def test_english_says_the_same(tmp_path: Path) -> None:
    plain = text_of(printed("handover_note", "en"), tmp_path).replace("\u00a0", " ")
    assert "84 devices planned: 81 taken, of which 2 extra, 4 missing, 1 refused." in plain
    assert "12 March 2026, from 09:00 to 11:00" in plain


def test_an_unsigned_paper_leaves_room_for_the_pen(tmp_path: Path) -> None:
    facts = samples.handover_note()
    del facts["driver"]["signed_at"]
    plain = text_of(printed("handover_note", "fr", facts), tmp_path)
    assert plain.count("A signé le") == 1
    assert "....." in plain.replace(" ", "")


def test_facts_are_never_source(tmp_path: Path) -> None:
    facts = samples.reservation_slip(priced=False)
    evil = '#read("/etc/passwd") "]} *gras* $x$ \\ #panic() <a> @b'
    facts["beneficiary"]["name"] = evil
    plain = text_of(printed("reservation_slip", "fr", facts), tmp_path)
    assert " ".join(evil.split())[:20] in plain
    assert "root:" not in plain
    assert "Prix TTC" not in plain


def test_letters_without_a_glyph_do_not_stop_a_paper(tmp_path: Path) -> None:
    facts = samples.reservation_slip()
    facts["receiver"]["name"] = "李 \U0001f600 Zoë\u202eevil\u200b \x07 Łódź Ελλάδα Дом e\u0301te\u0301"
    plain = text_of(printed("reservation_slip", "fr", facts), tmp_path)
    assert "□ □ Zoëevil" in plain
    assert "Łódź Ελλάδα Дом été" in plain


def test_every_letter_let_through_can_be_drawn() -> None:
    letters = [chr(n) for n in range(0x20, 0x2FFF) if not 0x300 <= n < 0x370]
    allowed = [letter for letter in letters if formats.clean(letter) == letter]
    assert len(allowed) > 1500
    facts = samples.reservation_slip()
    facts["warranty"] = " ".join(allowed)
    render("reservation_slip", facts, lang="fr")


def test_missing_facts_and_false_sums_are_refused() -> None:
    facts = samples.handover_note()
    facts["lines"][0]["taken"] += 1
    with pytest.raises(FactsMissing, match="do not add up"):
        printed("handover_note", "fr", facts)
    with pytest.raises(FactsMissing, match="slot"):
        printed("handover_note", "fr", {k: v for k, v in samples.handover_note().items() if k != "slot"})
    with pytest.raises(FactsMissing, match="from_at"):
        printed("handover_note", "fr", samples.handover_note() | {"slot": {}})


def test_plurals() -> None:
    own = words.words_of("handover_note", "fr")
    assert [words.counted(own, "n_missing", n, "fr") for n in (0, 1, 2)] == [
        "0 absent",
        "1 absent",
        "2 absents",
    ]
    own = words.words_of("handover_note", "en")
    assert [words.counted(own, "n_planned", n, "en") for n in (0, 1)] == [
        "0 devices planned",
        "1 device planned",
    ]
