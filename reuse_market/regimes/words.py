"""Why something is refused, what is possible instead, what papers go with it. The edge translates."""

from __future__ import annotations

from reuse_market.kernel.words import N_

REASONS = {
    "not_established": N_(
        "Rule not established: nothing is allowed here until an administrator records a rule with its source."
    ),
    "refused_by_rule": N_("A recorded rule refuses this (%(article)s)."),
    "evidence_origin": N_(
        "The legal standing of the first holder is not known: its evidence must be recorded first."
    ),
    "evidence_giver": N_(
        "The legal standing of the organisation that parts with the devices is not known: its evidence must"
        " be recorded first."
    ),
    "evidence_recipient": N_(
        "The legal standing of the organisation that receives the devices is not known: its evidence must be"
        " recorded first."
    ),
    "public_gives_by_law": N_(
        "A public body gives its equipment away only in the cases the law lists (%(article)s)."
    ),
    "for_public_bodies_only": N_("Only a public body parts with its equipment in this way (%(article)s)."),
    "recipient_not_listed": N_(
        "The law does not list this recipient among those to whom a public body may give (%(article)s)."
    ),
    "not_in_public_transfer": N_(
        "A transfer between public bodies goes only to a local authority or a public establishment"
        " (%(article)s)."
    ),
    "it_only": N_("Only computer equipment may be given to this recipient (%(article)s)."),
    "sold_by_domaine": N_(
        "A State service hands its equipment to the Domaine, which sells it; by a prudent reading, even when"
        " it was bought more than five years ago (%(article)s)."
    ),
    "no_resale": N_("What a public body gave free of charge may not be resold (%(article)s)."),
    "no_resale_prudent": N_(
        "By a prudent reading, a reuse body approved as ESUS does not resell what a public body gave it"
        " (%(article)s)."
    ),
    "solidarity_only": N_(
        "What a public body gave is resold only at a solidarity price, to people in precarious situations or"
        " to associations that work for them (%(article)s)."
    ),
    "solidarity_seller": N_(
        "Only an association recognised as of public utility or of general interest sells at a solidarity"
        " price (%(article)s)."
    ),
    "solidarity_buyer": N_(
        "A solidarity sale goes to a person in a precarious situation or to an association that works for"
        " them (%(article)s)."
    ),
    "voucher_missing": N_(
        "An orientation voucher must show that the person is in a precarious situation (%(article)s)."
    ),
    "voucher_expired": N_("This orientation voucher has expired (%(article)s)."),
    "voucher_kind": N_("This orientation voucher is for another kind of device (%(article)s)."),
    "price_missing": N_("Set the price first: the law limits it (%(article)s)."),
    "price_above_cap": N_("The price is above the cap of %(cap)s (%(article)s)."),
    "price_above_voucher": N_("The price is above the %(cap)s of the orientation voucher (%(article)s)."),
    "cap_unknown": N_(
        "No cap is recorded for this kind of device: it is not allowed until an administrator records one"
        " with its source (%(article)s)."
    ),
    "value_unknown": N_(
        "Estimate the value of one device first: it decides whether it may be given (%(article)s)."
    ),
    "value_above_cap": N_("One device is worth more than %(cap)s: it may not be given (%(article)s)."),
    "below_value": N_(
        "A public body does not sell below the estimated value of the device, %(cap)s (%(article)s)."
    ),
    "must_be_free": N_("Nothing may be paid for what is given (%(article)s)."),
}
INSTEAD = {
    "sell": N_("Sell the devices."),
    "sell_with_publicity": N_("Sell the devices, at their value at least and with publicity."),
    "sell_through_domaine": N_("Hand the devices to the Domaine, which sells them."),
    "give": N_("Give the devices."),
    "free_transfer": N_("Give the devices to an eligible body, free of charge."),
    "transfer_to_public_body": N_("Transfer the devices to another public body."),
    "lend": N_("Lend the devices."),
    "choose_eligible_association": N_("Choose an eligible association."),
    "producer_take_back": N_("Have the devices taken back by a producer scheme."),
    "solidarity_sale": N_("Sell at a solidarity price."),
    "give_to_precarious": N_(
        "Give them, free of charge, to people in precarious situations or to their associations."
    ),
    "lower_price": N_("Lower the price."),
    "raise_price": N_("Raise the price to the estimated value."),
    "set_price": N_("Set the price."),
    "remove_price": N_("Remove the price."),
    "estimate_value": N_("Estimate the value of one device."),
    "add_voucher": N_("Add an orientation voucher."),
    "renew_voucher": N_("Ask the prescriber for a new orientation voucher."),
    "show_evidence": N_("Show the evidence of the organisation’s legal standing to the operator."),
    "record_rule": N_("Ask an administrator to record the rule, with its source."),
    "record_opinion": N_("Ask the operator to record a legal opinion."),
}
DOCUMENTS = {
    "public_decision": N_("Decision of the public body, with the list of devices"),
    "transfer_agreement": N_("Transfer agreement"),
    "statutory_use_undertaking": N_("Written undertaking to use the devices only for the statutory purpose"),
    "no_resale_undertaking": N_("Written undertaking not to resell"),
    "cooperation_agreement": N_("Cooperation agreement for teaching or research"),
    "gift_statement": N_("Gift statement, without value"),
    "reuse_commitment": N_("Reuse commitment, accepted before the award"),
    "loan_agreement": N_("Loan agreement"),
    "removal_slip": N_("Removal slip of the producer scheme"),
    "voucher": N_("Orientation voucher"),
    "precarity_purpose": N_("Statutes that show whom the association works for"),
}
CONDITIONS = {  # what a price cap supposes
    "works": N_("in working order"),
    "charger": N_("with its charger"),
    "storage": N_("with its disk"),
    "operating_system": N_("with an operating system"),
    "battery": N_("with a working battery"),
    "screen": N_("with a screen"),
    "keyboard": N_("with a keyboard"),
    "mouse": N_("with a mouse"),
}
AGEC = {
    "purchase": N_("A purchase of reused goods counts towards the AGEC quota of its category."),
    "category_unknown": N_(
        "The AGEC category of this kind of device is not provided: check before you count it."
    ),
    "gift": N_(
        "A gift counts only when it comes from the State’s own gift platform: this one does not count."
    ),
    "loan": N_("A loan is not a purchase: it does not count."),
}
AGEC_CATEGORIES = {  # the official labels of the yearly declaration: never translated
    "it_telephony": "Matériel informatique et téléphonie",
    "reprography": "Matériel de reprographie et d'impression",
    "print_supplies": "Consommables d'impression",
}
REGIMES = {
    "sale": N_("sale"),
    "gift": N_("gift"),
    "free_transfer": N_("free transfer"),
    "public_transfer": N_("transfer between public bodies"),
}
ACTS = {
    "publish": N_("publish a lot"),
    "award": N_("receive a lot"),
    "resell": N_("resell"),
    "give": N_("give"),
    "solidarity_sale": N_("sell at a solidarity price"),
    "lend": N_("lend"),
    "take_back": N_("have taken back"),
}
