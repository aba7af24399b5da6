"""The facts of the handover slip (bon de remise): the page shows the same, before and after the signature."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.catalogue.describing import configuration, title
from reuse_market.catalogue.pricing import Price
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import formats
from reuse_market.kernel.clock import PARIS
from reuse_market.reservations import queries
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
        "erased": "Données : une preuve d’effacement est enregistrée pour chaque support de stockage, ou "
        "l’absence de support a été constatée.",
        "tested": "Tests : chaque fonction prévue pour ce type d’appareil a été essayée avec succès.",
        "warranty": "{seller} garantit ces appareils {months} mois à partir de la remise.",
        "no_warranty": "{seller} n’ajoute pas de garantie commerciale.",
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
        "no_warranty": "{seller} adds no commercial warranty.",
    },
}  # fmt: skip


def facts(found: Reservation, lang: str, *, handed_by: str = "") -> dict[str, Any]:
    """The slip's facts in a language (documents/papers.py: reservation_slip). Eight statements.

    `handed_by` is the person of the seller on whose screen it was signed, by code; without, the beneficiary
    signed on its own account and the seller may sign by pen, as both do before the handover.
    """
    words = _WORDS[lang]
    names = accounts.names([found.beneficiary_id, found.seller_id])
    held = queries.held_units(found.reference)
    price = queries.price(found)
    signed = {"signed_at": found.provided_at.isoformat()} if found.provided_at else {}
    made: dict[str, Any] = {
        "provider": {"name": names.get(found.seller_id, "")},
        "beneficiary": {"name": names.get(found.beneficiary_id, "")},
        "place": {"address": _address(queries.place(found)) or words["unknown_place"]},
        "handed_on": _day(found),
        "reservation_ref": found.reference,
        "act": _act(found, price, words),
        "units": _units(held, price, lang),
        "statements": [words["erased"], words["tested"]],
        "warranty": _warranty(held, names.get(found.seller_id, ""), words),
        "giver": {"name": handed_by or names.get(found.seller_id, "")} | (signed if handed_by else {}),
        "receiver": {"name": found.signer_name, "how": "code" if handed_by else "account"} | signed,
    }
    return made


def owner(reference: str) -> str:
    """The owner of a reservation's papers and signature codes."""
    return f"reservation/{reference}"


def _day(found: Reservation) -> str | None:
    return found.provided_at.astimezone(PARIS).date().isoformat() if found.provided_at else None


def _address(site: Site | None) -> str:
    if site is None:
        return ""
    town = f"{site.postcode} {site.commune_name}".strip()
    return ", ".join(part for part in (site.name, site.street, town) if part)


def _act(found: Reservation, price: Price, words: dict[str, str]) -> str:
    if price.free:
        parts = [words["free"]]
    elif price.scheme == "standard":
        rate = "" if price.per_mille is None else _percent(price.per_mille)
        parts = [words["sale"], words["standard"].format(rate=rate) if rate else words["unknown"]]
    else:
        parts = [words["sale"], words[price.scheme]]
    if found.order_number:
        parts.append(words["order"].format(number=found.order_number))
    return ", ".join(parts)


def _percent(per_mille: int) -> str:
    whole, tenth = divmod(per_mille, 10)
    return f"{whole},{tenth}\u00a0%" if tenth else f"{whole}\u00a0%"


def _units(held: list[HeldUnit], price: Price, lang: str) -> list[dict[str, Any]]:
    scale = {step.code: step.label for step in equipment.grade_scale(lang)}
    kinds = {kind.code: kind.label_en if lang == "en" else kind.label_fr for kind in equipment.kinds()}
    words = _WORDS[lang]
    made = []
    for unit in held:
        label = [title(kinds.get(unit.kind, unit.kind), unit.maker, unit.model), configuration(unit, lang)]
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


def _warranty(held: list[HeldUnit], seller: str, words: dict[str, str]) -> str:
    months = held[0].warranty_months if held else None
    if not months:
        return words["no_warranty"].format(seller=seller)
    return words["warranty"].format(seller=seller, months=formats.number(months, "fr"))
