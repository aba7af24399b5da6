"""How a device is passed on to a last beneficiary: given, resold, or sold at a solidarity price. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reuse_market.regimes import parties
from reuse_market.regimes.cases import Allowed, Question, Refused, Rules, Voucher
from reuse_market.regimes.decision import decide

ACTS = ("give", "resell", "solidarity_sale")
RECIPIENTS = (*parties.GROUPS["buyers"], "precarious_person")


def provision(question: Question, rules: Rules) -> tuple[str, Allowed | Refused]:
    """The act (one of ACTS) that this price makes of it, and what the law says.

    Nothing to pay is a gift. A price is a resale; where a rule refuses it and names the solidarity sale as
    possible instead (CG3P L3212-2 3°), it is that sale.
    """
    if question.price_cents == 0:
        return "give", decide(replace(question, act="give"), rules)
    answer = decide(replace(question, act="resell"), rules)
    if isinstance(answer, Refused) and "solidarity_sale" in answer.instead:
        return "solidarity_sale", decide(replace(question, act="solidarity_sale"), rules)
    return "resell", answer


def takers(
    question: Question, rules: Rules, recipients: Iterable[str] = RECIPIENTS
) -> dict[str, tuple[str, Allowed | Refused]]:
    """`provision` for each kind of recipient; a person in a precarious situation comes with a voucher."""
    found = {}
    for kind in recipients:
        voucher = Voucher(question.on) if kind == "precarious_person" else None
        found[kind] = provision(replace(question, recipient_kind=kind, voucher=voucher), rules)
    return found
