"""The mail of a lot that found no taker, in both languages."""

from __future__ import annotations

import pytest

from reuse_market import notices
from reuse_market.notices.rendering import reload, render
from reuse_market.web.catalogues import ROOT, compile_stale

FACTS = {
    "lot_ref": "LOT-2026-0001", "lot_title": "40 portables", "units": 3, "claims_until": "2026-03-01",
    "url": "/lots/LOT-2026-0001",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("fr", "3 appareils du lot LOT-2026-0001 n’ont pas trouvé preneur", "1er mars 2026"),
        ("en", "3 devices of the lot LOT-2026-0001 found no taker", "1 March 2026"),
    ],
)
def test_lot_expired(language: str, subject: str, words: str) -> None:
    notices.configure(base_url="http://parc.example", mail_url="page:", sender="Parc <parc@test.example>")
    compile_stale(ROOT)
    reload()
    mail = render("lot_expired", language, FACTS)
    assert mail.subject == subject
    for body in (mail.text, mail.html):
        assert words in body
        assert "http://parc.example/lots/LOT-2026-0001" in body
