"""What the slip says of the handover: who carries, the kit, what to do if a device breaks. In the paper's language."""

from __future__ import annotations

from datetime import date

from reuse_market.kernel import formats
from reuse_market.reservations.handover import agreed, breaking, kit
from reuse_market.reservations.models import Reservation

# A paper's words are chosen with the paper (slip.py does the same), not with the reader's page.
_WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "collect": "Transport\u00a0: le bénéficiaire vient chercher les appareils{day}.",
        "deliver": "Transport\u00a0: le vendeur livre les appareils{day}.",
        "carrier": "Transport\u00a0: {carrier} porte les appareils{day}.",
        "somebody": "un transporteur",
        "day": ", le {day}",
        "there": "Fourni avec chaque appareil\u00a0: {items}.",
        "missing": "Non fourni\u00a0: {items}.",
        "call": "En cas de panne\u00a0: appelez {seller} au {phone}, ou demandez un retour sur la page de la "
        "réservation.",
        "ask": "En cas de panne\u00a0: demandez un retour sur la page de la réservation, ou écrivez à {seller}.",
        "legal": "Garantie légale de conformité jusqu’au {day} inclus (code de la consommation, L217-3).",
        "presumed": "Un défaut qui apparaît jusqu’au {day} est présumé avoir existé à la remise (L217-7).",
        "falc": "L’appareil ne marche plus\u00a0? Appelez {seller}. Le numéro est\u00a0: {phone}. Vous pouvez aussi "
        "demander un retour sur la page de la réservation.",
    },
    "en": {
        "collect": "Transport: the beneficiary collects the devices{day}.",
        "deliver": "Transport: the seller delivers the devices{day}.",
        "carrier": "Transport: {carrier} carries the devices{day}.",
        "somebody": "a carrier",
        "day": ", {day}",
        "there": "Supplied with each device: {items}.",
        "missing": "Not supplied: {items}.",
        "call": "If a device breaks: call {seller}, {phone}, or ask for a return on the page of the reservation.",
        "ask": "If a device breaks: ask for a return on the page of the reservation, or write to {seller}.",
        "legal": "Legal guarantee of conformity until {day} included (code de la consommation, L217-3).",
        "presumed": "A fault that shows until {day} is presumed to have been there at the handover (L217-7).",
        "falc": "The device no longer works? Call {seller}. The number is: {phone}. You can also ask for a return "
        "on the page of the reservation.",
    },
}  # fmt: skip
_ITEMS: dict[str, dict[str, str]] = {
    "fr": {
        "charger": "chargeur", "power_cable": "câble secteur", "screen_cable": "câble d’écran",
        "usb_cable": "câble USB", "os": "système d’exploitation installé", "keyboard": "clavier", "mouse": "souris",
        "bag": "sacoche ou housse", "none_left": "il n’en reste plus", "has_one": "le bénéficiaire en a",
        "later": "à venir", "not_supplied": "hors de l’offre",
    },
    "en": {code: text for words in (kit.LABELS, kit.MISSING) for code, text in words.items()},
}  # fmt: skip


def place(found: Reservation) -> str:
    """The place both sides agreed on; "" for the usual one."""
    plan = agreed.plan_of(found)
    return plan.place if plan else ""


def of(found: Reservation, lang: str) -> list[str]:
    """The sentences, in order: transport, kit, whom to call. What covers the devices is `cover`."""
    return [_transport(found, lang), *kit_words(found, lang), _breakdown(found, lang)]


def kit_words(found: Reservation, lang: str) -> list[str]:
    """What goes with the devices and what does not, each with why; nothing while it is not told."""
    told, names, words = kit.kept(found), _ITEMS[lang], _WORDS[lang]
    there = [names[code] for code, answer in told.items() if answer == kit.IN]
    missing = [f"{names[code]} ({names[answer]})" for code, answer in told.items() if answer != kit.IN]
    made = [words["there"].format(items=", ".join(there))] if there else []
    return made + ([words["missing"].format(items=", ".join(missing))] if missing else [])


def _transport(found: Reservation, lang: str) -> str:
    plan, words = agreed.plan_of(found), _WORDS[lang]
    day = words["day"].format(day=formats.date_long(plan.day, lang)) if plan and plan.day else ""
    carrier = (plan.carrier if plan else "") or words["somebody"]
    return words[found.delivery].format(day=day, carrier=carrier)


def cover(found: Reservation, lang: str) -> list[str]:
    """The guarantees of the law with their last days, for consumers; what the seller adds is the slip's to say."""
    help_, words = breaking.help_of(found), _WORDS[lang]
    dated: tuple[tuple[str, date | None], ...] = (
        ("legal", help_.legal_until), ("presumed", help_.presumed_until),
    )  # fmt: skip
    return [words[name].format(day=formats.date_long(day, lang)) for name, day in dated if day]


def _breakdown(found: Reservation, lang: str) -> str:
    """Whom to call, said once: in plain words for an association."""
    help_ = breaking.help_of(found)
    name = "ask" if not help_.phone else "falc" if help_.falc else "call"
    return _WORDS[lang][name].format(seller=help_.seller, phone=help_.phone)
