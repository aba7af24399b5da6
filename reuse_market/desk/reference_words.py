"""What the reference pages call tables, codes and states; the edge translates."""

from __future__ import annotations

from reuse_market.kernel.words import N_
from reuse_market.regimes import parties
from reuse_market.regimes import words as law

TITLES = {
    "masses": N_("Masses of the kinds of device"),
    "weee-categories": N_("WEEE categories of the kinds of device"),
    "renewal-ages": N_("Ages at which devices are usually renewed"),
    "impact-factors": N_("Impact factors"),
    "grades": N_("Grades and states in words"),
    "delays": N_("Delays"),
    "rates": N_("Rates"),
    "scheme-minima": N_("Smallest removals of the producer schemes"),
    "caps": N_("Price and value ceilings"),
    "agec-categories": N_("AGEC categories of the kinds of device"),
    "rules": N_("Rules of the regimes"),
}
STATES = {  # word, tone of its badge
    "now": (N_("In force"), "ok"),
    "later": (N_("To come"), "wait"),
    "before": (N_("Past"), "neutral"),
}
CONFIDENCE = {
    "P": N_("Primary: the text itself"),
    "S": N_("Secondary: somebody who quotes it"),
    "D": N_("Deduced, or a default of ours"),
    "R": N_("Reported, not yet read in the text"),
}
CONDITIONS, DOCUMENTS, INSTEAD = law.CONDITIONS, law.DOCUMENTS, law.INSTEAD
AGEC_CATEGORIES = law.AGEC_CATEGORIES
ORIGIN_CODES = parties.ORIGINS
GIVER_CODES = tuple(kind for kind in parties.KINDS if kind != parties.UNKNOWN)
RECIPIENT_CODES = (parties.ANYONE, *GIVER_CODES)
CODES: dict[str, str] = {
    **law.REGIMES, **law.ACTS, **parties.NAMES, **law.CONDITIONS, **law.DOCUMENTS,
    "embedded": N_("made and delivered new"),
    "avoided_per_year": N_("avoided by a year of second life"),
    "cosmetic": N_("looks"),
    "functional_state": N_("working"),
    "value": N_("the estimated value"),
    "allowed": N_("allowed"),
    "refused": N_("refused"),
    "text": N_("what the text says"),
    "prudent": N_("our prudent reading"),
    "opinion": N_("recorded legal opinion"),
    "real_value": N_("never below the estimated value"),
    "free": N_("nothing may be paid"),
    "purchase": N_("a purchase"),
    "loan": N_("a loan"),
    "private": N_("private"),
    "public": N_("public"),
    "anyone": N_("nobody yet"),
    "reservation.hold": N_("Keep a reserved device"),
    "claim.answer": N_("Answer a claim"),
    "container.count": N_("Count a sealed container"),
    "revision.propose": N_("Propose to revise a handover note"),
    "revision.answer": N_("Answer a revision of a handover note"),
    "difference.contest": N_("Contest a difference"),
    "pickup.answer": N_("Answer a pick-up slot"),
    "pickup.late": N_("Calling a pick-up off is late from so many days before on"),
    "standby.confirm": N_("Confirm that one still wants devices that are free again"),
    "lot.open": N_("Keep a lot open to claims"),
    "signature.code": N_("Use a signature code"),
    "signature.link": N_("Use a link that signs a handover"),
    "address.known": N_("Ask again where a known address is"),
    "address.unknown": N_("Ask again for an address that was not found"),
    "admission.answer": N_("Answer a registration"),
    "advice.recycle-over": N_("Age beyond which recycling is advised"),
    "advice.sell-under": N_("Age under which a sale is advised"),
    "evidence.warning": N_("Warn before evidence ends"),
    "link.confirm_address": N_("Use a link that confirms an address"),
    "link.join": N_("Use an invitation"),
    "lock.link": N_("Use a link that answers about locked devices"),
    "lock.reminder": N_("Remind the holder of locked devices"),
    "erasure-check.remind": N_("Remind of a check of erasures that nobody signs"),
    "link.reset_password": N_("Use a link that resets a password"),
    "shipment.remind": N_("Remind of a shipment that nobody answers"),
    "share.answer": N_("Answer a proposal of share"),
    "share.remind": N_("Remind of a proposal of share before its end"),
    "lot.plan-late": N_("Keep the announcement of a lot whose month is over"),
    "lot.public-first": N_("Keep a lot for public bodies first"),
    "message.keep": N_("Keep a sent message"),
    "quote.validity": N_("Validity of a quote"),
    "reservation.collect": N_("Collect what has been prepared"),
    "voucher.longest": N_("Longest validity of an orientation voucher"),
    "voucher.validity": N_("Usual validity of an orientation voucher"),
    "vat.standard": N_("Standard rate of VAT"),
    "road.detour": N_("Rounds: road metres by metre as the crow flies"),
    "road.pace": N_("Rounds: minutes by kilometre driven"),
    "round.device": N_("Rounds: minutes to check and load a device"),
    "round.stop": N_("Rounds: minutes at a stop before loading"),
    "shipment.weight": N_("Shipments: how far two weighings of a load may differ"),
    "dismantling.loss": N_("Dismantling: grams that may be lost without a reason"),
    "agec.reuse.it_telephony": N_("AGEC, reused share: IT and telephony"),
    "agec.reuse.reprography": N_("AGEC, reused share: reprography"),
    "agec.reuse.print_supplies": N_("AGEC, reused share: print supplies"),
    "reen.reuse": N_("REEN, share oriented to reuse"),
    "ecologic": "Ecologic",
    "ecosystem": "ecosystem",
    "unit_value": N_("Value of a device given by a public body"),
    "works": law.CONDITIONS["works"],
}  # fmt: skip
