"""What destinations, reasons and proofs are called on pages; the edge translates."""

from __future__ import annotations

from reuse_market.kernel.words import N_

OUTLETS = {
    "public_body": N_("Another public body"),
    "gift": N_("Gift to an association or a body the law lists"),
    "staff": N_("Staff"),
    "sale": N_("Sale"),
    "domaine": N_("Sale by the Domaine"),
    "take_back": N_("Take-back by a producer scheme or the supplier"),
    "lease_return": N_("Returned to its lessor"),
    "": N_("No destination told"),
}
WHY = {
    "scope": N_("outside WEEE categories 2 and 6"),
    "category_unknown": N_("WEEE category not provided"),
    "over_ten": N_("over 10 years old when discarded"),
    "classified": N_("classified support"),
    "security": N_("security obligation"),
    "uncommitted": N_("the taker had not committed beforehand to reuse it"),
    "unproven": N_("reuse not justified yet"),
    "lease_return": N_("was not yours"),
}
PROOFS = {
    "ready": N_("reconditioned, every function tested"),
    "held": N_("reconditioned, every function tested"),
    "provided": N_("in use again"),
    "justified": N_("justified by a paper of yours"),
}
MARKS = {
    "classified": N_("Leave out: classified support"),
    "security": N_("Leave out: security obligation"),
    "justified": N_("Reuse justified by a paper"),
}
ROLES = {
    "stock": N_("Correct the stock on 1 January"),
    "outlet": N_("Devices that left outside the platform"),
}
