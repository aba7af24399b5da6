"""What states, terms and conditions are called on pages; the edge translates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import get_locale, gettext, lazy_gettext, ngettext

from reuse_market.equipment import queries as equipment
from reuse_market.erasure.models import ErasureDemand
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.lots.queries import Balance, OwnLot
from reuse_market.regimes.cases import Refused
from reuse_market.regimes.parties import NAMES
from reuse_market.regimes.words import DOCUMENTS
from reuse_market.web.filters import date_long, euros, number
from reuse_market.web.problems import words as told

REGIMES = {
    "sale": N_("Sale"),
    "gift": N_("Gift"),
    "free_transfer": N_("Free transfer"),
    "public_transfer": N_("Transfer between public bodies"),
}
VALUATIONS = {
    "book_value": N_("Net book value"),
    "depreciation": N_("Purchase price less age"),
    "market_price": N_("Price of like devices on sale"),
    "expert": N_("Opinion of a professional"),
    "other": N_("Another way"),
}
OUTLETS = {
    "transfer": N_("Transfer to another public body, free of charge"),
    "gift": N_("Gift"),
    "staff": N_("Gift to staff"),
    "sale": N_("Sale"),
    "take_back": N_("Take-back by a producer scheme"),
}
AGES = {
    "young": N_("Bought less than 5 years ago"),
    "middle": N_("Bought 5 to 10 years ago"),
    "old": N_("Bought more than 10 years ago"),
    "unknown": N_("Year of purchase not provided"),
}
ADVICE = {
    "young": N_("State practice: sell first."),
    "middle": N_("State practice: transfer or give first."),
    "unknown": N_("No advice without the year: it changes nothing to what is allowed."),
}
_OLDEST = ("old",)
_OLD = {
    True: N_(
        "State practice: recycle. They do not count in a public body’s REEN rate (décret 2023-266); reuse"
        " remains allowed."
    ),
    False: N_(
        "State practice: recycle. Your organisation may still have them reused: no rule excludes them."
    ),
}
AWARD_MODES = {
    "holder_choice": N_("The holder chooses among the requests"),
    "first_come": N_("First come, first served"),
    "at_closing": N_("Shared among those who asked, on the last day for requests"),
}
RESERVED_FOR = {
    "recipients": N_("Those who use the devices themselves: recipients and public bodies"),
    "public_bodies": N_("Public bodies"),
}
ERASERS = {
    "holder": N_("By the holder, before the pick-up"),
    "reuse_actor": N_("By the reuse actor, in its workshop"),
}
ERASURE = {  # word and what it means, after NIST SP 800-88
    "clear": (
        N_("Clear"),
        N_("The data are overwritten: usual tools cannot read them again. Enough for most devices."),
    ),
    "purge": (
        N_("Purge"),
        N_("The disk erases itself by its own command: even a laboratory reads nothing. For sensitive data."),
    ),
    "destroy": (N_("Destroy"), N_("The disk is taken out and destroyed: the device leaves without it.")),
}
SECOND_LOOKS = {
    "unit": N_("Another person than who erased, on each certificate"),
    "batch": N_("Another person than who erased, on the list as a whole"),
    "sample": N_("Another person than who erased, on a sample of %(percent)s %% drawn by lot"),
}
TRISTATE = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Not known")}
WORKS = {
    "works": N_("In working order"),
    "partly": N_("Works in part"),
    "broken": N_("Broken"),
    "untested": N_("Not tested"),
}
CONDITION = {  # field of a line → its label
    "works": N_("Do they work?"),
    "charger": N_("With charger?"),
    "os_installed": N_("Operating system installed?"),
    "windows_11": N_("Able to run Windows 11?"),
    "locks_released": N_("Locks released?"),
}
LOCKS = {  # field of a line → the lock's name
    "lock_mdm": N_("Autopilot or device management"),
    "lock_activation": N_("Apple Activation Lock"),
    "lock_frp": N_("Google account (FRP)"),
    "lock_bios": N_("BIOS password"),
}
LOCK_MEANINGS = {
    "lock_mdm": lazy_gettext(
        "Windows, macOS and Android: a device still enrolled asks for the organisation’s sign-in at its first"
        " start, even erased."
    ),
    "lock_activation": lazy_gettext(
        "iPhone, iPad and Mac: the last Apple account must be signed out, or nobody else can activate the device."
    ),
    "lock_frp": lazy_gettext(
        "Android: after a reset the device asks for the last Google account; remove it before resetting."
    ),
    "lock_bios": lazy_gettext(
        "Computers: with a firmware password nobody can start from another disk or change the settings."
    ),
}
_LOCK_SAID = {
    "lock_mdm": (N_("out of device management"), N_("still under device management")),
    "lock_activation": (N_("Activation Lock off"), N_("Activation Lock still on")),
    "lock_frp": (N_("Google account removed"), N_("Google account still on")),
    "lock_bios": (N_("no BIOS password"), N_("BIOS password still set")),
}
_SAID = {  # (field, value) → said in a list of conditions; what is unknown is not said
    ("charger", "yes"): N_("with charger"),
    ("charger", "no"): N_("without charger"),
    ("os_installed", "yes"): N_("operating system installed"),
    ("os_installed", "no"): N_("no operating system"),
    ("windows_11", "yes"): N_("able to run Windows 11"),
    ("windows_11", "no"): N_("not able to run Windows 11"),
    ("locks_released", "yes"): N_("locks released"),
    ("locks_released", "no"): N_("locks to release"),
}
_STATES = {
    "draft": (N_("Draft, not published"), "neutral"),
    "planned": (N_("Announced"), "neutral"),
    "withdrawn": (N_("Withdrawn"), "refused"),
    "expired": (N_("No taker in time"), "refused"),
    "closed": (N_("Closed"), "neutral"),
}


def status(lot: Lot, balance: Balance, *, open_to_requests: bool, to_reader: bool = False) -> tuple[str, str]:
    """(word, tone) of a lot's badge: the state, and for a published one what its counts say.

    `to_reader`: some of it is awarded to who reads, who must not read that somebody has it.
    """
    if lot.state != "published":
        word, tone = _STATES[lot.state]
    elif balance.listed and open_to_requests:
        word, tone = (N_("To take"), "ok") if not balance.awarded else (N_("To take in part"), "ok")
    elif balance.awarded:
        word = N_("Awarded to you, to be picked up") if to_reader else N_("Awarded, to be picked up")
        tone = "wait"
    else:
        word, tone = N_("Requests are over"), "neutral"
    return gettext(word), tone


def terms(regime: str | None, price_kind: str | None, price_cents: int | None) -> str:
    """« Vente, 1 200,00 € HT le lot », « Vente, prix à proposer », « Don »."""
    if regime is None:
        return ""
    word = gettext(REGIMES[regime])
    if price_kind == "fixed":
        return gettext(
            "%(regime)s, %(price)s before tax for the whole lot", regime=word, price=euros(price_cents)
        )
    if price_kind == "proposals":
        return gettext("%(regime)s, price to be proposed", regime=word)
    return word


def taker(kind: str) -> str:
    """What a party is before the law, in the reader's language."""
    return gettext(NAMES[kind])


def takers(kinds: Iterable[str]) -> str:
    """Several of them in one phrase, beginning with a capital."""
    said = ", ".join(taker(kind) for kind in kinds)
    return said[:1].upper() + said[1:]


def value(line: object) -> str:
    """« 120,00 €, valeur nette comptable, le 4 mars 2026 »; "" when it is not known."""
    cents, how, on = (getattr(line, name) for name in ("value_cents", "value_how", "valued_on"))
    if cents is None:
        return ""
    return gettext(
        "%(value)s (%(how)s, %(date)s)", value=euros(cents), how=gettext(VALUATIONS[how]), date=date_long(on)
    )


def advice(age: str, *, public: bool) -> str:
    """What State practice does with devices of that age: advice, never a rule; public bodies have REEN."""
    return gettext(_OLD[public]) if age in _OLDEST else gettext(ADVICE[age])


def outlet(code: str, *, public: bool) -> str:
    """The heading of an outlet: a public body's gift is the law's free transfer."""
    if code == "gift" and public:
        return gettext("Free transfer to a body the law lists")
    return gettext(OUTLETS[code])


def refusal(answer: Refused) -> str:
    """Why the law refuses, with its article, and what is possible instead."""
    return told(answer.error())


def papers(codes: Iterable[str]) -> str:
    """The documents a transfer needs, in one phrase."""
    return ", ".join(gettext(DOCUMENTS[code]) for code in codes)


def erasure(policy: str) -> str:
    """« Effacer : les données sont réécrites… » in the reader's language."""
    word, meaning = ERASURE[policy]
    return gettext("%(word)s: %(meaning)s", word=gettext(word), meaning=gettext(meaning))


def second_look(asked: ErasureDemand | None) -> str:
    """Who else looks at the certificates of erasure of a lot, in the reader's language."""
    if asked is None:
        return gettext("Nobody: the certificate is enough")
    return gettext(SECOND_LOOKS[asked.how], percent=asked.percent)


def condition(line: object) -> str:
    """What is known of a line in one phrase: « Fonctionne, avec chargeur, verrous retirés »."""
    said = [gettext(WORKS[getattr(line, "works")])]  # noqa: B009 – lines of any room
    for field in ("charger", "os_installed", "windows_11", "locks_released"):
        if word := _SAID.get((field, getattr(line, field))):
            said.append(gettext(word))
    told = _locks(line)
    return ", ".join(said) + (f" ({', '.join(told)})" if told else "")


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """What is known of every device of a lot: « avec chargeur, compatibles Windows 11 »."""
    return ", ".join(gettext(_SAID[pair]) for pair in pairs if pair in _SAID)


def _locks(line: object) -> list[str]:
    """The locks named one by one, as far as the holder did."""
    said = []
    for field, (off, on) in _LOCK_SAID.items():
        word = {"yes": off, "no": on}.get(getattr(line, field, None) or "")
        if word:
            said.append(gettext(word))
    return said


Labels = Mapping[str, tuple[str, str]]


def kind_labels() -> dict[str, tuple[str, str]]:
    """Kind code → (one, several) in the reader's language: read once a page."""
    english = str(get_locale()) == "en"
    return {
        kind.code: (kind.label_en, kind.plural_en) if english else (kind.label_fr, kind.plural_fr)
        for kind in equipment.kinds()
    }


def kinds_said(counts: Iterable[tuple[str, int]], labels: Labels, limit: int = 4) -> str:
    """« 84 ordinateurs portables, 36 écrans »; beyond `limit` kinds the rest is counted together."""
    pairs = list(counts)
    said = [f"{number(units)}\u00a0{labels[code][0 if units < 2 else 1]}" for code, units in pairs[:limit]]
    rest = sum(units for _code, units in pairs[limit:])
    if rest:
        said.append(ngettext("%(count)s other device", "%(count)s other devices", rest, count=number(rest)))
    return ", ".join(said)


def own_status(row: OwnLot) -> tuple[str, str]:
    """(word, tone) of a lot's badge in its holder's list."""
    lot = row.lot
    if lot.state != "published":
        word, tone = _STATES[lot.state]
    elif row.left:
        word, tone = (N_("To take"), "ok") if not row.claimed else (N_("To take in part"), "ok")
    else:
        word, tone = N_("Awarded, to be picked up"), "wait"
    return gettext(word), tone
