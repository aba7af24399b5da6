"""What outlets, reasons and advice of a triage are called on pages; the edge translates."""

from __future__ import annotations

from flask_babel import gettext

from reuse_market.kernel.words import N_

OUTLETS = {
    "": N_("To choose"),
    "transfer": N_("Transfer to another public body, free of charge"),
    "gift": N_("Gift"),
    "sale": N_("Sale"),
    "staff": N_("Gift or sale to staff"),
    "take_back": N_("Take-back by the maker or supplier"),
    "lease_return": N_("Return to the lessor"),
    "recycle": N_("Recycling"),
}
SHORT = {  # beside a figure
    "": N_("to choose"),
    "transfer": N_("to transfer"),
    "gift": N_("to give"),
    "sale": N_("to sell"),
    "staff": N_("to staff"),
    "take_back": N_("to their maker"),
    "lease_return": N_("to their lessor"),
    "recycle": N_("to recycle"),
}
NEXT = {  # what the confirmation makes of an outlet
    "transfer": N_("A draft lot, open to public bodies."),
    "gift": N_("A draft lot, open to those the law lets receive it."),
    "sale": N_("A draft lot, for sale."),
    "staff": N_("Outside this tool: you write down that they left, and when."),
    "take_back": N_("Outside this tool: you write down that they left, and when."),
    "lease_return": N_("Outside this tool: you write down that they left, and when."),
    "recycle": N_("A removal request to a producer scheme."),
}
AGES = {
    "young": N_("under 5 years"),
    "middle": N_("5 to 10 years"),
    "old": N_("over 10 years"),
    "unknown": N_("age not provided"),
}
WHY = {
    "broken": N_("Broken: the duty to reuse is about working devices (REEN, art. 16)."),
    "young": N_("Under 5 years: State practice sells first (DINUM, MiNumEco)."),
    "middle": N_(
        "5 to 10 years: State practice transfers or gives; beyond 5 years a device is presumed worth at most"
        " €300, premium makes aside (DINUM, MiNumEco)."
    ),
    "old_public": N_(
        "Over 10 years: recycling, outside the REEN rate (REEN, art. 16; décret 2023-266). Reuse remains allowed."
    ),
    "old_private": N_(
        "Over 10 years: State practice recycles, but no rule excludes a company’s devices (REEN, art. 16"
        " binds public bodies only)."
    ),
    "unknown": N_("Year of purchase not provided: no advice. Choose."),
    "above_cap": N_("Worth more than the ceiling of free transfers: sell (CG3P, art. D3212-3 to D3212-5)."),
    "nobody": N_("The law leaves none of the usual outlets open to them. Choose another."),
}
REASONS = {
    "as_advised": N_("As advised"),
    "own_policy": N_("Policy of our organisation"),
    "taker_known": N_("Somebody needs them"),
    "condition": N_("Their condition"),
    "value": N_("Their value"),
    "contract": N_("A contract says so"),
    "too_old": N_("Too old to be used"),
    "not_repairable": N_("Cannot be repaired"),
    "unsafe": N_("Unsafe"),
    "no_demand": N_("Nobody wants them"),
    "parts_missing": N_("Parts are missing"),
    "other": N_("Another reason"),
}
STATES = {  # word, tone of its badge
    "open": (N_("To sort"), "wait"),
    "confirmed": (N_("Confirmed"), "ok"),
    "cancelled": (N_("Given up"), "neutral"),
}


def outlet(code: str, *, public: bool) -> str:
    """The heading of an outlet: a public body's gift is the law's free transfer."""
    if code == "gift" and public:
        return gettext("Free transfer to a body the law lists")
    return gettext(OUTLETS[code])
