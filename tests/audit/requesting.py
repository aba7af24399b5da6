"""Errand of an association without account, then of the operator who calls it back."""

from __future__ import annotations

from tests.audit.capture import Shown, Visitor

Visitors = dict[str, Visitor]


def requesting(visitors: Visitors) -> None:
    """Four questions, one refused, the answers checked, sent; the personal link; the operator's office."""
    anybody, operator = visitors["visitor"], visitors["operator"]
    page = anybody.get("/demande")
    anybody.fill(page, "/demande", {"kinds": [], "go": "next"})
    page = anybody.fill(page, "/demande", {"kinds": ["laptop", "desktop"], "go": "next"})
    page = anybody.fill(page, "/demande", {"laptop": "4", "desktop": "2", "not_known": [], "go": "next"})
    page = anybody.fill(page, "/demande", {"publics": ["families"], "go": "next"})
    to = "association@audit.example"
    contact = {"name": "Association Exemple (démo)", "phone": "04 00 00 00 00", "email": to, "go": "next"}
    check = anybody.fill(page, "/demande", contact)
    thanks = anybody.fill(check, "/demande/envoi", {"go": "next", "website": ""})
    assert thanks.path == "/demande/merci", thanks
    link = _letter(anybody, to).link(r"^/demande/suivi/")
    for step in ("", "/lettre", "/arret"):
        anybody.get(f"{link}{step}")
    operator.get("/console/demandes/nouvelle")
    for shown in operator.get("/console/demandes").links(r"^/console/demandes/DAS-[\d-]+$")[:2]:
        for step in ("", "/completer", "/organisme"):
            operator.get(f"{shown}{step}")


def _letter(reader: Visitor, to: str) -> Shown:
    found = reader.get(f"/demo/courrier?adresse={to}").links(r"/demo/courrier/\d+")
    assert found, to
    return reader.get(found[0])
