"""The words of deeds (agreement, undertaking, annex, mandate, gift statement), in both languages.

Plain wording of what the cited articles ask; what only the parties know is left to them and said so. Sources:
CG3P L3212-2 and L3212-3 (gifts of public bodies), GDPR art. 28 (processor), NIST SP 800-88 (erasure levels),
CGI 238 bis (the tax receipt, which the gift statement is not).
"""

from __future__ import annotations

from typing import Any

from reuse_market.documents.erasure_words import ERASURE_WORDS
from reuse_market.documents.lot_file_deed import LOT_FILE_WORDS
from reuse_market.documents.mandate_words import MANDATE_WORDS
from reuse_market.documents.protocol_words import PROTOCOL_WORDS
from reuse_market.documents.reen_deed import REEN_WORDS

_SHARED: dict[str, dict[str, Any]] = {
    "fr": {
        "lot": "Lot",
        "claim": "Demande",
        "basis": "Fondement",
        "by_paper": "À compléter par les parties",
        "identity": "Nature juridique",
        "siret": "SIRET",
        "rna": "RNA",
        "address": "Adresse",
        "represented": "Représenté par (nom, qualité)",
        "to_fill": "……………………………………………",
        "devices_title": "Appareils",
        "device_line": "Désignation",
        "units": "Quantité",
        "unit_value": "Valeur estimée d’un appareil",
        "line_value": "Valeur de la ligne",
        "value_total": "Valeur estimée de l’ensemble : {amount}.",
        "value_unknown": "La valeur d’une ligne au moins n’est pas renseignée : aucun total n’est donné.",
        "value_how": "Estimation : {how}.",
        "copy": "Traduction pour lecture. L’exemplaire émis est en anglais.",
        "policy_clear": "effacement simple (clear) : réécriture des zones accessibles",
        "policy_purge": "effacement renforcé (purge) : données irrécupérables, même en laboratoire",
        "policy_destroy": "destruction du support",
        "policy_none": "niveau non renseigné",
    },
    "en": {
        "lot": "Lot",
        "claim": "Claim",
        "basis": "Basis",
        "by_paper": "For the parties to fill in",
        "identity": "Legal kind",
        "siret": "SIRET",
        "rna": "RNA",
        "address": "Address",
        "represented": "Represented by (name, title)",
        "to_fill": "……………………………………………",
        "devices_title": "Devices",
        "device_line": "Description",
        "units": "Quantity",
        "unit_value": "Estimated value of one device",
        "line_value": "Value of the line",
        "value_total": "Estimated value of the whole: {amount}.",
        "value_unknown": "The value of at least one line is not provided: no total is given.",
        "value_how": "Estimate: {how}.",
        "copy": "Translation for reading. The issued copy is in French.",
        "policy_clear": "clear: the addressable areas are overwritten",
        "policy_purge": "purge: data cannot be recovered, even in a laboratory",
        "policy_destroy": "destruction of the medium",
        "policy_none": "level not provided",
    },
}

_AGREEMENT: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Convention de cession à titre gratuit",
        "title_public": "Convention de transfert entre personnes publiques",
        "kind": "Convention",
        "giver": "Cédant",
        "taker": "Bénéficiaire",
        "parties": "Les parties",
        "decision": "Décision ou délibération du cédant (numéro, date)",
        "place_date": "Fait à, le",
        "subject": "Objet",
        "subject_free": "Le cédant remet au bénéficiaire, à titre gratuit et en l’état, {devices} du lot {lot}. "
        "Leur liste par ligne suit ; les numéros de série sont dans l’annexe à la décision.",
        "subject_public": "Le cédant transfère au bénéficiaire, personne publique, à titre gratuit et en l’état, "
        "{devices} du lot {lot}. Leur liste par ligne suit ; les numéros de série sont dans l’annexe à la décision.",
        "basis_words": "Cette convention est conclue sur le fondement suivant : {article}.",
        "basis_unknown": "Fondement : à compléter par le cédant.",
        "use": "Usage et revente",
        "use_given": "Engagement écrit du bénéficiaire, accepté le {on} (version {version}) :",
        "use_none": "Le bénéficiaire utilise les appareils dans les conditions du texte cité ci-dessus.",
        "data": "Données",
        "data_holder": "Le cédant efface les supports de stockage avant la remise, selon la règle du lot : {policy}. "
        "Chaque support a son attestation.",
        "data_actor": "Le bénéficiaire efface les supports de stockage après l’enlèvement, selon la règle du lot : "
        "{policy}. Un mandat d’effacement (RGPD, article 28) accompagne cette convention.",
        "pickup": "Enlèvement",
        "pickup_words": "Les appareils sont à prendre au lieu suivant : {place}. Période : {window}.",
        "pickup_costs": "Sauf accord contraire des parties, le bénéficiaire vient chercher les appareils, paie le "
        "transport, et les reçoit sans garantie.",
        "window": "du {start} au {end}",
        "window_open": "à convenir",
        "property": "Garde et propriété",
        "property_words": "La garde passe à la signature de la personne qui enlève ; la propriété passe à la "
        "contre-signature du cédant, portée au bordereau de remise.",
        "totals": "{devices}, cédés à titre gratuit.",
        "handed": "Si les comptes du bordereau de remise diffèrent, le bordereau l’emporte.",
    },
    "en": {
        "title": "Agreement of transfer free of charge",
        "title_public": "Agreement of transfer between public bodies",
        "kind": "Agreement",
        "giver": "Giver",
        "taker": "Recipient",
        "parties": "The parties",
        "decision": "Decision or resolution of the giver (number, date)",
        "place_date": "Place and date",
        "subject": "Subject",
        "subject_free": "The giver hands over to the recipient, free of charge and as they are, {devices} of the "
        "lot {lot}. Their list by line follows; serial numbers are in the annex to the decision.",
        "subject_public": "The giver transfers to the recipient, a public body, free of charge and as they are, "
        "{devices} of the lot {lot}. Their list by line follows; serial numbers are in the annex to the decision.",
        "basis_words": "This agreement rests on: {article}.",
        "basis_unknown": "Basis: for the giver to fill in.",
        "use": "Use and resale",
        "use_given": "Written undertaking of the recipient, accepted on {on} (version {version}):",
        "use_none": "The recipient uses the devices under the terms of the text cited above.",
        "data": "Data",
        "data_holder": "The giver erases the storage media before the handover, by the rule of the lot: {policy}. "
        "Each medium has its certificate.",
        "data_actor": "The recipient erases the storage media after the pick-up, by the rule of the lot: {policy}. "
        "An erasure mandate (GDPR, article 28) goes with this agreement.",
        "pickup": "Pick-up",
        "pickup_words": "The devices are collected at: {place}. Period: {window}.",
        "pickup_costs": "Unless the parties agree otherwise, the recipient collects the devices, pays the "
        "transport, and takes them without guarantee.",
        "window": "from {start} to {end}",
        "window_open": "to be agreed",
        "property": "Custody and ownership",
        "property_words": "Custody passes when the person collecting signs; ownership passes when the giver "
        "counter-signs, on the handover note.",
        "totals": "{devices}, transferred free of charge.",
        "handed": "Where the counts of the handover note differ, the handover note prevails.",
    },
}

_UNDERTAKING: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Engagement écrit du bénéficiaire",
        "kind": "Engagement",
        "taker": "Engagement de",
        "giver": "Envers",
        "given_on": "Accepté le",
        "given_by": "Accepté par",
        "version": "Version du texte",
        "text": "Nous nous engageons",
        "how": "Accepté en ligne par une personne connectée qui peut engager l’organisme, avec la demande {claim}.",
        "subject": "Cet engagement porte sur {devices} du lot {lot}.",
    },
    "en": {
        "title": "Written undertaking of the recipient",
        "kind": "Undertaking",
        "taker": "Undertaking of",
        "giver": "Towards",
        "given_on": "Accepted on",
        "given_by": "Accepted by",
        "version": "Version of the text",
        "text": "We undertake",
        "how": "Accepted online by a signed-in person who may commit the organisation, with the claim {claim}.",
        "subject": "This undertaking is about {devices} of the lot {lot}.",
    },
}

_ANNEX: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Annexe à la décision",
        "kind": "Annexe",
        "giver": "Collectivité ou organisme",
        "taker": "Bénéficiaire",
        "decision": "Décision ou délibération (numéro, date)",
        "totals": "{devices}, {serials} avec un numéro de série.",
        "list": "Liste des appareils",
        "list_line": "Ligne {number} – {label}",
        "serial": "N° de série",
        "tag": "N° d’inventaire",
        "long": "Les {devices} sont trop nombreux pour ce papier : leur liste est le fichier CSV joint à la page.",
        "bare": {"one": "{n} appareil sans numéro de série ni d’inventaire.",
                 "other": "{n} appareils sans numéro de série ni d’inventaire."},
    },
    "en": {
        "title": "Annex to the decision",
        "kind": "Annex",
        "giver": "Public body",
        "taker": "Recipient",
        "decision": "Decision or resolution (number, date)",
        "totals": "{devices}, {serials} with a serial number.",
        "list": "List of devices",
        "list_line": "Line {number} – {label}",
        "serial": "Serial no.",
        "tag": "Asset tag",
        "long": "The {devices} are too many for this paper: their list is the CSV file beside it on the page.",
        "bare": {"one": "{n} device without serial number or asset tag.",
                 "other": "{n} devices without serial number or asset tag."},
    },
}  # fmt: skip

_GIFT: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Attestation de don, sans valeur",
        "kind": "Attestation de don",
        "giver": "Donateur",
        "taker": "Bénéficiaire du don",
        "given_on": "Remis le",
        "paper": "Selon",
        "totals": "{devices} reçus en don.",
        "subject": "Le bénéficiaire atteste avoir reçu du donateur, sans contrepartie, les appareils décrits "
        "ci-dessous.",
        "no_value": "Sans valeur",
        "no_value_words": "Cette attestation décrit les biens et prouve leur remise. Elle ne leur donne aucune valeur.",
        "receipt": "Elle n’est pas un reçu fiscal. Le reçu fiscal (cerfa 16216) est un autre document : il porte la "
        "valeur que le donateur déclare sous sa seule responsabilité, et seul un organisme éligible le délivre.",
        "mass": "Poids habituel",
    },
    "en": {
        "title": "Gift statement, without value",
        "kind": "Gift statement",
        "giver": "Donor",
        "taker": "Recipient of the gift",
        "given_on": "Handed over on",
        "paper": "According to",
        "totals": "{devices} received as a gift.",
        "subject": "The recipient states that it received from the donor, for nothing in return, the devices "
        "described below.",
        "no_value": "Without value",
        "no_value_words": "This statement describes the goods and proves that they were handed over. It gives them "
        "no value.",
        "receipt": "It is not a tax receipt. The tax receipt (cerfa 16216) is another document: it carries the value "
        "that the donor declares under its sole responsibility, and only an eligible body issues it.",
        "mass": "Usual weight",
    },
}

DEED_WORDS: dict[str, dict[str, dict[str, Any]]] = {
    name: {lang: _SHARED[lang] | own[lang] for lang in ("fr", "en")}
    for name, own in {
        "transfer_agreement": _AGREEMENT,
        "undertaking": _UNDERTAKING,
        "decision_annex": _ANNEX,
        "erasure_mandate": MANDATE_WORDS,
        "gift_statement": _GIFT,
        "loading_protocol": PROTOCOL_WORDS,
        "erasure_certificate": ERASURE_WORDS,
        "lot_file": LOT_FILE_WORDS,
        "reen_sheet": REEN_WORDS,
    }.items()
}
