"""Facts of every deed, fictitious."""

from __future__ import annotations

from typing import Any

MADE_AT = "2026-03-12T09:42:00+00:00"
GIVER = {
    "name": "Commune Exemple",
    "legal": {"fr": "Collectivité territoriale", "en": "Local authority"},
    "siret": "21380000000000",
    "address": "1 place de l’Exemple\n38240 Meylan",
}
TAKER = {
    "name": "Association Exemple",
    "legal": {"fr": "Association", "en": "Association"},
    "rna": "W381000000",
}
LINES = [
    {"number": 1, "label": "Portable 14″ « pro », i5, 8 Go", "units": 12, "value_cents": 9_000,
     "value_how": {"fr": "prix du marché d’occasion", "en": "second-hand market price"}},
    {"number": 2, "label": "Écran 24″", "units": 6, "value_cents": 2_550},
]  # fmt: skip
UNDERTAKING = {
    "version": "statutory-2026-01",
    "source": {"fr": "CG3P, article L3212-2 3°", "en": "CG3P, article L3212-2 3°"},
    "points": [
        {"fr": "Nous utilisons ces appareils pour notre seul objet.", "en": "We use them for our purpose only."},
    ],
    "on": "2026-03-01T09:00:00+00:00",
    "by": "Camille Exemple",
}  # fmt: skip


def transfer_agreement(**changes: Any) -> dict[str, Any]:
    """A commune gives to an association."""
    return {
        "made_at": MADE_AT, "giver": GIVER, "taker": TAKER, "regime": "free_transfer",
        "article": "CG3P L3212-2 3° et L3212-3", "lot_ref": "LOT-2026-0042", "claim_ref": "DEM-2026-0017",
        "lines": LINES, "undertaking": UNDERTAKING, "erased_by": "holder", "policy": "purge",
        "place": {"address": "1 place de l’Exemple\n38240 Meylan"},
        "window": {"from_on": "2026-03-20", "until_on": "2026-04-20"},
    } | changes  # fmt: skip


def undertaking() -> dict[str, Any]:
    """What the association undertook."""
    return {
        "made_at": MADE_AT, "giver": GIVER, "taker": TAKER, "lot_ref": "LOT-2026-0042",
        "claim_ref": "DEM-2026-0017", "units": 18, "undertaking": UNDERTAKING,
    }  # fmt: skip


def decision_annex(devices: int = 40) -> dict[str, Any]:
    """A list of serial numbers and asset tags."""
    line = LINES[0] | {"units": devices, "devices": [[f"5CG{n:07d}", f"INV-{n:05d}"] for n in range(devices)]}
    bare = LINES[1] | {"devices": [[None, None]] * 6}
    return {
        "made_at": MADE_AT, "giver": GIVER, "taker": TAKER, "article": "CG3P L3212-2 3°",
        "lot_ref": "LOT-2026-0042", "claim_ref": "DEM-2026-0017", "lines": [line, bare],
    }  # fmt: skip


def erasure_mandate() -> dict[str, Any]:
    """A holder entrusts a reuse actor with erasing."""
    return {
        "made_at": MADE_AT, "giver": GIVER, "taker": TAKER, "lot_ref": "LOT-2026-0042",
        "claim_ref": "DEM-2026-0017", "lines": LINES, "policy": "purge",
    }  # fmt: skip


def gift_statement() -> dict[str, Any]:
    """A company gave a lot."""
    return {
        "made_at": MADE_AT, "giver": GIVER | {"name": "Entreprise Exemple"}, "taker": TAKER,
        "lot_ref": "LOT-2026-0042", "given_on": "2026-03-20", "paper_ref": "ENL-2026-0003",
        "lines": [{"label": each["label"], "units": each["units"]} for each in LINES], "weight_grams": 54_000,
    }  # fmt: skip


def loading_protocol() -> dict[str, Any]:
    """A place and who comes there, each with its own instructions, signed by both."""
    return {
        "made_at": MADE_AT, "giver": GIVER, "taker": TAKER, "protocol_ref": "PRS-2026-0003",
        "place": {
            "name": "Hôtel de ville", "street": "1 place de l’Exemple", "postcode": "38240",
            "commune_name": "Meylan", "has_dock": "yes", "has_lift": "no", "needs_tail_lift": "unknown",
            "floor": "Sous-sol", "height_limit_cm": 350, "hours": "Sonner à l’accueil",
            "hours_said": {"fr": "Du lundi au vendredi de 9 h à 12 h", "en": "Monday to Friday 09:00 to 12:00"},
            "contact_name": "Dominique Exemple", "contact_phone": "04 00 00 00 00",
            "access_note": "Barrière à l’entrée du parking.",
        },
        "rules": {
            "host": {"text": "Gilet, vitesse au pas, extincteur au quai.", "by": "Camille Exemple",
                     "on": "2026-03-10T09:00:00+00:00"},
            "carrier": {"text": "Fourgon 12 m³, diable, chaussures de sécurité.", "by": "Lou Exemple",
                        "on": "2026-03-11T14:30:00+00:00"},
        },
    }  # fmt: skip


def erasure_certificate(media: int = 1) -> dict[str, Any]:
    """A laptop with so many media, each purged and checked."""
    medium = {
        "certificate": 7, "kind": {"fr": "SSD (NVMe)", "en": "SSD (NVMe)"}, "maker": "Fabricant Exemple",
        "model": "Disque Exemple 512", "serial": "SN-EXEMPLE-0001", "size_mb": 512_000, "removed": False,
        "property_number": "INV-00042", "media_source": "Portable Exemple 5CG0000001", "confidentiality": None,
        "method": "purge", "technique": {"fr": "Sanitize, effacement par blocs", "en": "Sanitize, block erase"},
        "tool": "Outil Exemple", "tool_version": "1.0", "passes": 1,
        "verification": {"fr": "Support lu en entier", "en": "Whole medium read"},
        "result": {"fr": "Effacé sans défaut", "en": "Erased without a fault"}, "errors": 0,
        "hidden_areas": {"fr": "Aucune zone cachée", "en": "No hidden area"}, "exception": None,
        "operator": ["Camille Exemple", "Technicienne", "Grenoble"], "erased_at": MADE_AT,
        "validator": ["Lou Exemple", "", ""], "validated_on": "2026-03-12",
        "destination": {"fr": "Réemploi ailleurs", "en": "Reuse elsewhere"}, "report_number": "R-0001",
        "report_sha256": "0" * 64,
    }  # fmt: skip
    device = {
        "unit": 1, "label": "Portable 14″", "code": "7KQ2MXD", "serial": "5CG0000001", "tag": "INV-00042",
        "count": 1, "seen_how": {"fr": "Appareil ouvert", "en": "Device opened"},
    }  # fmt: skip
    devices = [device | {"unit": n, "media": [medium | {"serial": f"SN-{n:06d}"}]} for n in range(media)]
    return {
        "made_at": MADE_AT, "giver": TAKER, "giver_id": 2, "taker": GIVER, "lot_ref": "LOT-2026-0042",
        "policy": "purge", "proven": True, "missing": [], "issued_by": "Camille Exemple",
        "devices": [*devices, device | {"unit": 9999, "count": 0, "media": []}],
    }  # fmt: skip


def lot_file(acts: int = 6, papers: int = 3) -> dict[str, Any]:
    """A lot of 61 devices, most of them in use again."""
    act = {
        "at": "2026-03-01",
        "what": {"fr": "Enlevé", "en": "Collected"},
        "by": "Association Exemple",
        "units": 60,
    }
    paper = {"title": "Bordereau de remise", "number": "BR-2026-0001", "on": MADE_AT, "sha256": "a" * 64}
    return {
        "made_at": MADE_AT, "giver": GIVER, "takers": ["Association Exemple"], "lot_ref": "LOT-2026-0042",
        "lot_title": "Portables 14″", "size": 1_234, "root": "b" * 64, "log_name": "parc.example/log",
        "taken_at": MADE_AT, "declared": 60, "extra": 1,
        "balance": [
            {"name": "provided", "units": 46, "weight_grams": 92_000},
            {"name": "in_stock", "units": 12, "weight_grams": None},
            {"name": "missing", "units": 3, "weight_grams": 6_000},
        ],
        "dates": [act] * acts, "papers": [paper] * papers,
        "erasure": {"counted": 58, "media": 58, "clear": 0, "purge": 55, "destroy": 2, "none": 1},
        "left_out": {"dates": 0, "papers": 0},
    }  # fmt: skip


def reen_sheet() -> dict[str, Any]:
    """A body that is above its target, part of it typed, part of it not proven."""
    return {
        "made_at": MADE_AT, "giver": {"name": "Commune Exemple", "siret": "12345678900011"}, "year": 2026,
        "stock": 20, "oriented": 13, "per_mille": 650, "target_per_mille": 500, "reached": True, "unproven": 2,
        "kpi": {"gift": 9, "sale": 4},
        "outlets": [
            {"code": "gift", "left": 9, "counted": 9, "missing": {}},
            {"code": "sale", "left": 6, "counted": 4, "missing": {"unproven": 2}},
        ],
        "excluded": {"over_ten": 3, "scope": 1},
        "typed": [
            {"outlet": "", "kind": "laptop", "units": 2, "why": "", "reference": "", "on": None},
            {"outlet": "gift", "kind": "monitor", "units": 4, "why": "", "reference": "2026-41", "on": "2026-03-04"},
        ],
    }  # fmt: skip


ALL = {
    "transfer_agreement": transfer_agreement,
    "undertaking": undertaking,
    "decision_annex": decision_annex,
    "erasure_mandate": erasure_mandate,
    "gift_statement": gift_statement,
    "loading_protocol": loading_protocol,
    "erasure_certificate": erasure_certificate,
    "lot_file": lot_file,
    "reen_sheet": reen_sheet,
}
