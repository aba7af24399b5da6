"""The delivery note between two reuse actors: its words, and the sentences worked out from its facts."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel import formats

Facts = dict[str, Any]
OUTCOMES = ("received", "refused", "missing")
NEEDED = "sender receiver place shipment_ref lot_refs sent_at transfer units commitments to_erase"
DELIVERY_WORDS: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Bon de livraison",
        "kind": "Bon de livraison",
        "sender": "Expédié par",
        "receiver": "Destinataire",
        "place": "Lieu de livraison",
        "shipment": "Expédition",
        "transfer": "Propriété",
        "transfer_none": "Ne change pas : la garde seule passe au destinataire",
        "transfer_sale": "Vendu à la réception, {price} TTC l’appareil",
        "transfer_gift": "Donné à la réception",
        "devices": "Appareils expédiés",
        "serial": "Numéro de série",
        "outcome": "Réponse",
        "waiting": "",
        "received": "Reçu",
        "n_refused": "Refusé",
        "n_missing": "Absent",
        "follows": "Ce que le destinataire reprend",
        "commitment": "L’engagement de réemploi pris à l’attribution (version {version}).",
        "erase": {
            "one": "L’effacement à prouver des supports de stockage de {n} appareil.",
            "other": "L’effacement à prouver des supports de stockage de {n} appareils.",
        },
        "sent_total": "{devices} à réceptionner.",
        "answered_total": "{devices} : {received} reçus + {refused} refusés + {missing} absents.",
        "sent_on": "Expédié le {instant}",
        "answered_on": "A répondu le {instant}",
    },
    "en": {
        "title": "Delivery note",
        "kind": "Delivery note",
        "sender": "Sent by",
        "receiver": "Receiver",
        "place": "Place of delivery",
        "shipment": "Shipment",
        "transfer": "Property",
        "transfer_none": "Does not change: custody alone passes to the receiver",
        "transfer_sale": "Sold on receipt, {price} a device including VAT",
        "transfer_gift": "Given on receipt",
        "devices": "Devices sent",
        "serial": "Serial number",
        "outcome": "Answer",
        "waiting": "",
        "received": "Received",
        "n_refused": "Refused",
        "n_missing": "Missing",
        "follows": "What the receiver takes on",
        "commitment": "The reuse commitment made at the award (version {version}).",
        "erase": {
            "one": "The erasure, still to be proven, of the storage media of {n} device.",
            "other": "The erasure, still to be proven, of the storage media of {n} devices.",
        },
        "sent_total": "{devices} to receive.",
        "answered_total": "{devices}: {received} received + {refused} refused + {missing} missing.",
        "sent_on": "Sent on {instant}",
        "answered_on": "Answered on {instant}",
    },
}


def worked_out(facts: Facts, words: dict[str, Any], lang: str, counted: Any) -> Facts:
    """Lines of the stub, sums that add up, each unit's answer. KeyError when a fact is absent."""
    units, answered = facts["units"], facts.get("answered_at")
    totals = {name: sum(unit.get("outcome") == name for unit in units) for name in OUTCOMES}
    if answered and sum(totals.values()) != len(units):
        raise TypeError("delivery_note: sent is not received + refused + missing")
    devices = counted(words, "devices_count", len(units), lang)
    price = formats.euros(facts["price_cents"], lang) if facts["transfer"] == "sale" else ""
    said = {None: words["waiting"], "received": words["received"], "refused": words["n_refused"],
            "missing": words["n_missing"]}  # fmt: skip
    duties = [words["commitment"].format(version=version) for version in facts["commitments"]]
    if facts["to_erase"]:
        duties.append(counted(words, "erase", facts["to_erase"], lang))
    weight = [formats.kilos(facts["weight_grams"], lang)] if facts.get("weight_grams") else []
    total = words["answered_total" if answered else "sent_total"].format(devices=devices, **totals)
    return {
        "stub_lines": [devices, *weight],
        "day_words": formats.instant(facts["sent_at"], lang),
        "transfer_words": words[f"transfer_{facts['transfer']}"].format(price=price),
        "totals_words": total,
        "duties": duties,
        "rows": [
            [formats.code(unit.get("code") or ""), unit["label"], unit.get("serial") or "–",
             " – ".join(part for part in (said[unit.get("outcome")], unit.get("reason", "")) if part) or "–"]
            for unit in units
        ],
        "sender_signed": words["sent_on"].format(instant=formats.instant(facts["sent_at"], lang)),
        "receiver_signed": words["answered_on"].format(instant=formats.instant(answered, lang)) if answered else "",
    }  # fmt: skip
