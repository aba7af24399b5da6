"""Facts of every paper, fictitious, with every French sign the papers must print."""

from __future__ import annotations

from typing import Any

from tests.documents import deed_samples

MADE_AT = "2026-03-12T09:42:00+00:00"
SLOT = {"from_at": "2026-03-12T08:00:00+00:00", "to_at": "2026-03-12T10:00:00+00:00"}
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def code(n: int) -> str:
    """A plausible seven-character label."""
    return "".join(ALPHABET[(n * (7 + i) + 5 * i) % 32] for i in range(7))


def handover_note(taken: int = 81) -> dict[str, Any]:
    """A pick-up with each kind of difference."""
    return {
        "made_at": MADE_AT,
        "holder": {"name": "Entreprise Exemple"},
        "actor": {"name": "Atelier Exemple", "plate": "AA-000-AA"},
        "site": {"address": "1 rue de l’Exemple, quai B\n38320 Eybens"},
        "slot": SLOT,
        "pickup_ref": "ENL-2026-0003",
        "lot_refs": ["LOT-2026-0042"],
        "weight_grams": 212_400,
        "lines": [
            {
                "label": "Portable 14″ « pro », i5, 8 Go",
                "planned": 60,
                "taken": taken - 24,
                "missing": 61 - (taken - 24),
                "refused": 1,
                "extra": 2,
            },
            {"label": "Écran 24″ – 2018", "planned": 24, "taken": 24, "missing": 0, "refused": 0, "extra": 0},
        ],
        "taken": [
            {
                "code": code(n),
                "label": "Portable 14″ « pro », i5, 8 Go" if n < taken - 24 else "Écran 24″ – 2018",
                "serial": f"EX{n:06d}",
            }
            for n in range(taken)
        ],
        "missing": [
            {
                "code": code(200 + n),
                "label": "Portable 14″ « pro », i5, 8 Go",
                "reason": "Introuvable à l’accueil",
            }
            for n in range(4)
        ],
        "refused": [
            {
                "code": code(300),
                "label": "Portable 14″ « pro », i5, 8 Go",
                "reason": "Écran cassé, batterie gonflée",
            }
        ],
        "extra": [{"code": code(400 + n), "label": "Portable 14″ « pro », i5, 8 Go"} for n in range(2)],
        "remark": "Œuvre d’art laissée à l’accueil : ça reste ici, à 25 °C près – « été » – 1 234,50 €.",
        "driver": {"name": "Camille Exemple", "signed_at": "2026-03-12T09:30:00+00:00"},
        "contact": {"name": "Dominique Modèle", "signed_at": "2026-03-12T09:41:00+00:00"},
    }


def pickup_order(units: int = 30) -> dict[str, Any]:
    """An agreed pick-up, before the van leaves."""
    return {
        "made_at": MADE_AT,
        "holder": {"name": "Entreprise Exemple"},
        "actor": {"name": "Atelier Exemple"},
        "site": {
            "address": "1 rue de l’Exemple, 38320 Eybens",
            "access": "Quai B, hayon nécessaire, hauteur 2,10 m, du lundi au jeudi",
        },
        "contact": {"name": "Dominique Modèle", "phone": "04 00 00 00 00"},
        "slot": SLOT,
        "pickup_ref": "ENL-2026-0003",
        "lot_refs": ["LOT-2026-0042", "LOT-2026-0043"],
        "weight_grams": 310_000,
        "lines": [
            {"label": "Portable 14″ « pro », i5, 8 Go", "planned": 60, "weight_grams": 108_000},
            {"label": "Écran 24″ – 2018", "planned": 24, "weight_grams": 202_000},
        ],
        "units": [{"code": code(n), "label": "Portable 14″ « pro », i5, 8 Go"} for n in range(units)],
        "remark": "Badge à l’accueil. Protocole de sécurité de chargement signé le 2 février 2026.",
        "driver": {"name": "Camille Exemple"},
    }


def reservation_slip(priced: bool = True) -> dict[str, Any]:
    """A handover to an association, sold or given."""
    return {
        "made_at": MADE_AT,
        "provider": {"name": "Atelier Exemple"},
        "beneficiary": {"name": "Association Exemple"},
        "place": {"address": "2 place du Modèle, 38400 Saint-Martin-d’Hères"},
        "handed_on": "2026-04-01",
        "reservation_ref": "RES-2026-0012",
        "act": "Vente à prix solidaire" if priced else "Don",
        "units": [
            {"code": code(n), "label": "Portable 14″, i5, 8 Go", "condition": "État B, batterie 82 %"}
            | ({"price_cents": 8_050} if priced else {})
            for n in range(5)
        ],
        "statements": [
            "Chaque support de stockage a été effacé ; l’attestation est jointe au passeport de l’appareil.",
            "Toutes les fonctions ont été testées.",
        ],
        "warranty": "Garantie légale de conformité : 2 ans. En cas de panne, appelez le 04 00 00 00 00.",
        "giver": {"name": "Camille Exemple"},
        "receiver": {"name": "Dominique Modèle"},
    }


def quote(scheme: str = "standard") -> dict[str, Any]:
    """An offer to a public buyer."""
    taxed = scheme == "standard"
    return {
        "made_at": MADE_AT,
        "seller": {"name": "Atelier Exemple", "siret": "000 000 000 00000", "address": "2 place du Modèle"},
        "buyer": {"name": "Commune Exemple", "siret": ""},
        "valid_until_on": "2026-04-11",
        "scheme": scheme,
        "lines": [
            {"label": "Portable 14″, i5, 8 Go", "units": 12, "price_cents": 15_000, "total_cents": 180_000}
        ],
        "net_cents": 180_000,
        "gross_cents": 216_000 if taxed else 180_000,
        "per_mille": 200 if taxed else None,
        "statements": ["Un achat de biens réemployés compte dans le quota AGEC de sa catégorie."],
        "papers": ["Attestation de don, sans valeur"],
        "attestations": ["Attestation sociale, valable jusqu’au 1er juin 2026"],
        "missing": ["Attestation d’assurance"],
        "asked_from": ["L’attestation sociale se demande à partir de 5 000,00 € HT.", "Source : exemple."],
    }


def purchase_order() -> dict[str, Any]:
    """What the same buyer orders, with what Chorus Pro asks."""
    offered = quote()
    return {name: offered[name] for name in (
        "made_at", "seller", "scheme", "lines", "net_cents", "gross_cents", "per_mille", "statements",
    )} | {
        "buyer": {"name": "Commune Exemple"}, "siret": "000 000 000 00000", "ordered_on": "2026-03-12",
        "reservation_ref": "RES-2026-0007", "service_code": "INFO-01", "commitment": "2026-00417",
        "reference": "Parc « pro »", "delivery": "Retrait à l’atelier",
    }  # fmt: skip


def delivery_note(answered: bool = True) -> dict[str, Any]:
    """What one reuse actor sent another, answered unit by unit."""
    outcomes = ["received", "received", "refused", "missing"]
    return {
        "made_at": MADE_AT,
        "sender": {"name": "Collecte Exemple"},
        "receiver": {"name": "Atelier Exemple"},
        "place": {"address": "2 place du Modèle, 38400 Saint-Martin-d’Hères"},
        "shipment_ref": "EXP-2026-0003",
        "lot_refs": ["LOT-2026-0007"],
        "sent_at": MADE_AT,
        "transfer": "sale",
        "price_cents": 4_000,
        "commitments": ["2026-1"],
        "to_erase": 2,
        "units": [
            {"code": code(n), "label": "Portable Exemple 14", "serial": f"SN{n:05d}"}
            | ({"outcome": outcome, "reason": "" if outcome == "received" else "Abîmé"} if answered else {})
            for n, outcome in enumerate(outcomes)
        ],
    } | ({"answered_at": MADE_AT} if answered else {})


def label_sheet(count: int = 26, form: str = "a4-24", start: int = 1) -> dict[str, Any]:
    """Labels of identified units."""
    return {
        "made_at": MADE_AT,
        "format": form,
        "start": start,
        "labels": [
            {
                "code": code(n),
                "label": "Portable 14″ « pro », i5, 8 Go",
                "url": f"https://parc-commun.example/u/{code(n)}",
            }
            for n in range(count)
        ],
    }


ALL = {
    "handover_note": handover_note,
    "pickup_order": pickup_order,
    "reservation_slip": reservation_slip,
    "quote": quote,
    "purchase_order": purchase_order,
    "label_sheet": label_sheet,
    "delivery_note": delivery_note,
    **deed_samples.ALL,
}
