"""The decision: pure, from a question and a snapshot of dated rows to what is allowed or refused, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from reuse_market.kernel import formats
from reuse_market.regimes import parties, words
from reuse_market.regimes.cases import ANY_KIND, Allowed, Cap, Cell, Question, Refused, Rule, Rules
from reuse_market.regimes.parties import UNKNOWN


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...


R = TypeVar("R", bound=_Dated)


def decide(question: Question, rules: Rules) -> Allowed | Refused:
    """What the rows in force on `question.on` say. No row for the cell: refused, "rule not established".

    Checked in order: who the parties are, the cell, the voucher, what may be paid, the cap, the real value.
    """
    missing = _unknown_party(question)
    if missing:
        return _refuse(missing, "", ("show_evidence",))
    rule = _rule(question, rules)
    if rule is None:
        return _refuse("not_established", "", ("record_rule",))
    if rule.outcome == "refused":
        return _refuse(rule.reason or "refused_by_rule", rule.article, _instead(rule.instead, question), rule)
    cap = _cap(question, rule, rules)
    wrong = _wrong_voucher(question, rule) or _wrong_price(question, rule) or _wrong_cap(question, rule, cap)
    return wrong or _allow(question, rule, cap, rules)


def _unknown_party(question: Question) -> str | None:
    if question.giver_kind == UNKNOWN:
        return "evidence_giver"
    if parties.origin(question.origin_kind) == UNKNOWN:
        return "evidence_origin"
    return "evidence_recipient" if question.recipient_kind == UNKNOWN else None


def _rule(question: Question, rules: Rules) -> Rule | None:
    """The newest row in force; one that names the kind of device goes before one for all kinds."""
    cell = Cell(question.regime, parties.origin(question.origin_kind), question.giver_kind,
                question.recipient_kind, question.act, question.kind)  # fmt: skip
    named = _in_force(rules.cells.get(cell, ()), question.on)
    return named or _in_force(rules.cells.get(cell._replace(kind=ANY_KIND), ()), question.on)


def _in_force(rows: Iterable[R], on: date) -> R | None:
    return max((row for row in rows if row.valid_from <= on), key=lambda row: row.valid_from, default=None)


def _cap(question: Question, rule: Rule, rules: Rules) -> Cap | None:
    if not rule.cap:
        return None
    named = _in_force(rules.caps.get((rule.cap, question.kind), ()), question.on)
    return named or _in_force(rules.caps.get((rule.cap, ANY_KIND), ()), question.on)


def _wrong_voucher(question: Question, rule: Rule) -> Refused | None:
    """A person in a precarious situation is known by a voucher: in date, and for this kind."""
    voucher = question.voucher
    if "voucher" not in rule.documents:
        return None
    if voucher is None:
        return _refuse("voucher_missing", rule.article, ("add_voucher",), rule)
    if voucher.until < question.on:
        return _refuse("voucher_expired", rule.article, ("renew_voucher",), rule)
    if voucher.kind not in (None, question.kind):
        return _refuse("voucher_kind", rule.article, ("add_voucher",), rule)
    return None


def _wrong_price(question: Question, rule: Rule) -> Refused | None:
    price, value = question.price_cents, question.value_cents
    if rule.price == "free" and price:
        return _refuse("must_be_free", rule.article, ("remove_price", "sell"), rule)
    if rule.price == "real_value" and price is not None and value is not None and price < value:
        return _refuse("below_value", rule.article, ("raise_price",), rule, cents=value)
    return None


def _wrong_cap(question: Question, rule: Rule, cap: Cap | None) -> Refused | None:
    if not rule.cap:
        return None
    if cap is None:
        return _refuse("cap_unknown", rule.article, ("record_rule",), rule)
    if cap.limits == "value":
        return _wrong_value(question, rule, cap)
    if question.price_cents is None:
        return _refuse("price_missing", rule.article, ("set_price",), rule)
    if question.price_cents > cap.cents:
        return _refuse("price_above_cap", rule.article, ("lower_price",), rule, cents=cap.cents)
    limit = question.voucher.cap_cents if question.voucher else None
    if "voucher" in rule.documents and limit is not None and question.price_cents > limit:
        return _refuse("price_above_voucher", rule.article, ("lower_price",), rule, cents=limit)
    return None


def _wrong_value(question: Question, rule: Rule, cap: Cap) -> Refused | None:
    """CG3P D3212-3 to D3212-5: what is given free of charge is worth at most the ceiling, each."""
    if question.value_cents is None:
        return _refuse("value_unknown", rule.article, ("estimate_value",), rule)
    if question.value_cents > cap.cents:
        instead = _instead(("sell_with_publicity", "lend"), question)
        return _refuse("value_above_cap", rule.article, instead, rule, cents=cap.cents)
    return None


def _allow(question: Question, rule: Rule, cap: Cap | None, rules: Rules) -> Allowed:
    counts, why = _agec(question, rule, rules)
    limits = [cap.cents] if cap else []
    if question.voucher and question.voucher.cap_cents is not None and "voucher" in rule.documents:
        limits.append(question.voucher.cap_cents)
    return Allowed(
        cap_cents=min(limits, default=None),
        documents=tuple(d for d in rule.documents if d != "reuse_commitment" or question.for_reuse),
        counts_for_agec=counts,
        article=rule.article,
        instead=rule.instead,
        conditions=cap.conditions if cap else (),
        agec=why,
        reading=rule.reading,
        source=rule.source,
        confidence=rule.confidence,
    )


def _agec(question: Question, rule: Rule, rules: Rules) -> tuple[bool | None, str]:
    """Loi 2020-105 art. 58: purchases count; of gifts only those of the State's own platform, never ours."""
    if question.recipient_kind not in parties.OBLIGED or not rule.transfer:
        return None, ""
    transfer = "gift" if rule.transfer == "purchase" and question.price_cents == 0 else rule.transfer
    if transfer != "purchase":
        return False, words.AGEC[transfer]
    if _in_force(rules.categories.get(question.kind, ()), question.on) is None:
        return None, words.AGEC["category_unknown"]
    return True, words.AGEC["purchase"]


def _instead(codes: tuple[str, ...], question: Question) -> tuple[str, ...]:
    """What the giver can do: a State service does not sell by itself, the Domaine does (CG3P R3211-35)."""
    if question.giver_kind != "state_service":
        return codes
    return tuple("sell_through_domaine" if code == "sell_with_publicity" else code for code in codes)


def _refuse(
    code: str, article: str, instead: tuple[str, ...], rule: Rule | None = None, *, cents: int | None = None
) -> Refused:
    text = words.REASONS[code]
    filled = {"article": article, "cap": "" if cents is None else amount(cents)}
    return Refused(
        article=article,
        reason=text,
        instead=instead,
        code=code,
        params={name: value for name, value in filled.items() if f"%({name})s" in text},
        reading=rule.reading if rule else "text",
        source=rule.source if rule else "",
        confidence=rule.confidence if rule else "",
    )


def amount(cents: int) -> str:
    """Cents as they stand in a refusal, in either language: « 300 € », « 300,50 € »."""
    if cents % 100 == 0:
        return f"{cents // 100}{formats.NBSP}€"
    return formats.euros(cents, "fr")
