"""A template and facts give a tagged PDF (PDF/UA-1): same facts, same bytes, on any machine."""

from __future__ import annotations

import functools
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reuse_market.documents.deeds import spoken
from reuse_market.documents.formats import clean, shown
from reuse_market.documents.packing import packed
from reuse_market.documents.papers import qr, worked_out
from reuse_market.documents.words import words_of

if TYPE_CHECKING:
    import typst

Lang = Literal["fr", "en"]
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "print"
VERIFY_PATH = "/verification/"
_base_url = "http://127.0.0.1:8000"


def configure(*, base_url: str) -> None:
    """Set the public address that papers print (no slash at the end)."""
    global _base_url
    _base_url = base_url.rstrip("/")


def verify_url(code: str) -> str:
    """The public address where a paper's verification code is looked up."""
    return f"{_base_url}{VERIFY_PATH}{code}"


def code_shown(code: str) -> str:
    """A verification code as printed: two groups of five."""
    return f"{code[:5]}-{code[5:]}" if code else ""


def title_of(template: str, facts: dict[str, Any], lang: Lang) -> str:
    """The paper's title in the language, unless the facts give one. KeyError for an unknown template."""
    words = words_of(template, lang)
    given = spoken(facts.get("title"), lang)
    public = facts.get("regime") == "public_transfer" and "title_public" in words
    return str(given or words["title_public" if public else "title"])


def render(
    template: str,
    facts: dict[str, Any],
    *,
    lang: Lang,
    title: str | None = None,
    number: str = "",
    code: str = "",
    copy: bool = False,
) -> bytes:
    """The PDF of `template` with `facts` (see papers.py) as bytes; the time inside is facts["made_at"].

    `number` and `code` are those of an issued paper; without them the paper has no foot number, and a QR
    code only when the facts carry a `link`. `copy`: a translation of a paper issued in the other language.
    Data travel as one JSON text, never as typst source.
    """
    words = words_of(template, lang)
    facts = spoken(facts, lang)
    data = worked_out(template, facts, words, lang)
    address = facts.get("link") or (verify_url(code) if code else "")
    readable = shown(facts, lang)
    if "labels" in data:
        readable["labels"] = shown(data.pop("labels"), lang)
    data = shown(data, lang) | {
        "facts": readable,
        "words": words,
        "lang": lang,
        "copy": words["copy"] if copy else "",
        "title": clean(title or title_of(template, facts, lang)),
        "brand": words["brand"],
        "tagline": words["tagline"],
        "number": number,
        "code_shown": code_shown(code),
        "verify_address": verify_url("").split("//", 1)[-1].rstrip("/") if code else "",
        "qr": qr(address) if address else "",
        "qr_words": clean(words["qr"].format(address=address)),
    }
    import typst  # heavy: only who makes a paper pays for it

    made = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(datetime.fromisoformat(facts["made_at"]).timestamp()),
    )
    return packed(made)


@functools.cache
def _fonts() -> typst.Fonts:
    """Our font and typst's own; never the machine's, so that the bytes are the same everywhere."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(TEMPLATES / "fonts")]
    )
