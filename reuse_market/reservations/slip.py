"""The facts of the handover slip (bon de remise): the page shows the same, before and after the signature."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.catalogue.describing import described, title
from reuse_market.catalogue.pricing import Price
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import formats
from reuse_market.kernel.clock import PARIS
from reuse_market.reservations import queries
from reuse_market.reservations.handover import breaking, sayings
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.queries import HeldUnit

KIND = "reservation_slip"
PREFIX = "REM"
# A paper's words are chosen with the paper (documents/words.py does the same), not with the reader's page.
_WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "sale": "Vente", "free": "Cession gratuite",
        "standard": "TVA {rate} comprise", "unknown": "taux de TVA non renseigné",
        "margin": "TVA sur la marge, non récupérable (CGI art. 297 A et 297 E)", "exempt": "sans TVA",
        "order": "commande {number}", "grade": "État {code} ({label})",
        "battery": "batterie {percent}\u00a0%",
        "serial": "n° de série {serial}", "unknown_place": "Adresse à convenir",
        "erased": "Données\u00a0: une preuve d’effacement est enregistrée pour chaque support de stockage, ou "
        "l’absence de support a été constatée.",
        "tested": "Tests\u00a0: chaque fonction prévue pour ce type d’appareil a été essayée avec succès.",
        "warranty": "{seller} garantit ces appareils {months} mois à partir de la remise.",
        "warranty_until": "{seller} garantit ces appareils {months} mois, jusqu’au {day} inclus.",
        "no_warranty": "{seller} n’ajoute pas de garantie commerciale.",
        "solidarity": "Vente à prix solidaire (CG3P, art. L3212-2 3°)",
        "voucher": "Bon d’orientation {reference}",
        "person": "Personne orientée, jamais identifiée (bon {reference})",
        "undertaking": "{name} s’engage : {text} (texte {version}, le {day}).",
        "translation": "Handover slip: translation of {number}",
    },
    "en": {
        "sale": "Sale", "free": "Given free of charge",
        "standard": "VAT {rate} included", "unknown": "VAT rate not provided",
        "margin": "VAT on the margin, not recoverable (CGI art. 297 A and 297 E)", "exempt": "without VAT",
        "order": "order {number}", "grade": "Grade {code} ({label})", "battery": "battery {percent}%",
        "serial": "serial number {serial}", "unknown_place": "Address to be agreed",
        "erased": "Data: a proof of erasure is recorded for each storage medium, or the absence of any was "
        "noted.",
        "tested": "Tests: every function expected of this kind of device was tried and works.",
        "warranty": "{seller} guarantees these devices for {months} months from the handover.",
        "warranty_until": "{seller} guarantees these devices for {months} months, until {day} included.",
        "no_warranty": "{seller} adds no commercial warranty.",
        "solidarity": "Sale at a solidarity price (CG3P art. L3212-2 3°)",
        "voucher": "Orientation voucher {reference}",
        "person": "Person oriented, never identified (voucher {reference})",
        "undertaking": "{name} undertakes: {text} (text {version}, {day}).",
        "translation": "Handover slip: translation of {number}",
    },
}  # fmt: skip
# What a beneficiary signs for each undertaking of the law (regimes' DOCUMENTS), version handing.UNDERTAKINGS.
UNDERTAKINGS: dict[str, dict[str, str]] = {
    "statutory_use_undertaking": {
        "fr": "n’utiliser les appareils que pour l’objet prévu par ses statuts",
        "en": "to use the devices only for the purpose its statutes state",
    },
    "no_resale_undertaking": {
        "fr": "ne pas revendre les appareils",
        "en": "not to resell the devices",
    },
}


def undertaking(code: str, lang: str) -> str:
    """The text of an undertaking in a language; its code where an administrator has named one we have not."""
    return UNDERTAKINGS.get(code, {}).get(lang, code.replace("_", " "))


def translated_title(number: str, lang: str) -> str:
    """The title of a paper shown in another language than the one it was issued in."""
    return _WORDS[lang]["translation"].format(number=number)


def facts(found: Reservation, lang: str, *, handed_by: str = "", voucher: str = "") -> dict[str, Any]:
    """The slip's facts in a language (documents/papers.py: reservation_slip).

    `handed_by` is the person of the seller on whose screen it was signed, by code; without, the beneficiary
    signed on its own account and the seller may sign by pen, as both do before the handover. `voucher` is the
    reference of the orientation voucher it was sold on: nobody is named then.
    """
    words = _WORDS[lang]
    names = accounts.names([found.beneficiary_id, found.seller_id])
    held = queries.held_units(found.reference)
    price = queries.price(found)
    signed = {"signed_at": found.provided_at.isoformat()} if found.provided_at else {}
    made: dict[str, Any] = {
        "provider": {"name": names.get(found.seller_id, "")},
        "beneficiary": {"name": _beneficiary(names.get(found.beneficiary_id, ""), voucher, words)},
        "place": {
            "address": sayings.place(found) or _address(queries.place(found)) or words["unknown_place"]
        },
        "handed_on": _day(found),
        "reservation_ref": found.reference,
        "act": _act(found, price, words, lang),
        "units": _units(held, price, lang),
        "statements": [
            words["erased"],
            words["tested"],
            *_undertaken(found, lang),
            *sayings.of(found, lang),
        ],
        "warranty": " ".join(
            [_warranty(found, names.get(found.seller_id, ""), lang), *sayings.cover(found, lang)]
        ),
        "giver": {"name": handed_by or names.get(found.seller_id, "")} | (signed if handed_by else {}),
        "receiver": _receiver(found, handed_by, voucher, words) | signed,
    }
    return made


def owner(reference: str) -> str:
    """The owner of a reservation's papers and signature codes."""
    return f"reservation/{reference}"


def _beneficiary(name: str, voucher: str, words: dict[str, str]) -> str:
    return words["person"].format(reference=voucher) if voucher else name


def _receiver(found: Reservation, handed_by: str, voucher: str, words: dict[str, str]) -> dict[str, Any]:
    if voucher:
        return {"name": words["voucher"].format(reference=voucher), "how": "voucher"}
    return {"name": found.signer_name, "how": "code" if handed_by else "account"}


def _undertaken(found: Reservation, lang: str) -> list[str]:
    if found.id is None or found.provided_at is None:
        return []
    return [
        _WORDS[lang]["undertaking"].format(
            name=each.name, text=undertaking(each.code, lang), version=each.version,
            day=formats.date_long(each.given_at, lang),
        )
        for each in queries.undertakings(found)
    ]  # fmt: skip


def _day(found: Reservation) -> str | None:
    return found.provided_at.astimezone(PARIS).date().isoformat() if found.provided_at else None


def _address(site: Site | None) -> str:
    if site is None:
        return ""
    town = f"{site.postcode} {site.commune_name}".strip()
    return ", ".join(part for part in (site.name, site.street, town) if part)


def _act(found: Reservation, price: Price, words: dict[str, str], lang: str) -> str:
    if price.free:
        parts = [words["free"]]
    elif price.scheme == "standard":
        rate = "" if price.per_mille is None else formats.percent(price.per_mille, lang)
        parts = [_sale(found, words), words["standard"].format(rate=rate) if rate else words["unknown"]]
    else:
        parts = [_sale(found, words), words[price.scheme]]
    if found.order_number:
        parts.append(words["order"].format(number=found.order_number))
    return ", ".join(parts)


def _sale(found: Reservation, words: dict[str, str]) -> str:
    return words["solidarity" if found.act == "solidarity_sale" else "sale"]


def _units(held: list[HeldUnit], price: Price, lang: str) -> list[dict[str, Any]]:
    scale = {step.code: step.label for step in equipment.grade_scale(lang)}
    kinds = {kind.code: kind.label_en if lang == "en" else kind.label_fr for kind in equipment.kinds()}
    words = _WORDS[lang]
    made = []
    for unit in held:
        label = [title(kinds.get(unit.kind, unit.kind), unit.maker, unit.model), described(unit, lang)]
        if unit.serial:
            label.append(words["serial"].format(serial=unit.serial))
        condition = []
        if unit.grade:
            condition.append(words["grade"].format(code=unit.grade, label=scale.get(unit.grade, "")))
        if unit.battery_percent is not None:
            condition.append(words["battery"].format(percent=unit.battery_percent))
        row: dict[str, Any] = {
            "code": unit.code or "",
            "label": ", ".join(p for p in label if p),
            "condition": ", ".join(condition),
        }
        if not price.free and price.gross_cents is not None:
            row["price_cents"] = price.gross_cents
        made.append(row)
    return made


def _warranty(found: Reservation, seller: str, lang: str) -> str:
    """What the seller adds to the law, said once: how long, and until which day once they are handed over."""
    words, months = _WORDS[lang], breaking.warranty_of(found)
    if not months:
        return words["no_warranty"].format(seller=seller)
    until = breaking.help_of(found).warranty_until
    name, day = ("warranty_until", formats.date_long(until, lang)) if until else ("warranty", "")
    return words[name].format(seller=seller, months=formats.number(months, lang), day=day)
