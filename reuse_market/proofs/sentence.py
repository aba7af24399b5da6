"""The sentence of a lot that always adds up: what was declared and found = where each unit is now."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.lots.queries import Balance
from reuse_market.web.filters import number

# Every count of a balance in words, in the order they are said.
TERMS: dict[str, Callable[[int, str], str]] = {
    "drafted": lambda n, c: ngettext("%(count)s in preparation", "%(count)s in preparation", n, count=c),
    "listed": lambda n, c: ngettext("%(count)s to take", "%(count)s to take", n, count=c),
    "awarded": lambda n, c: ngettext("%(count)s awarded", "%(count)s awarded", n, count=c),
    "in_transit": lambda n, c: ngettext("%(count)s on the way", "%(count)s on the way", n, count=c),
    "in_workshop": lambda n, c: ngettext(
        "%(count)s in the workshop", "%(count)s in the workshop", n, count=c
    ),
    "in_stock": lambda n, c: ngettext("%(count)s in stock", "%(count)s in stock", n, count=c),
    "provided": lambda n, c: ngettext("%(count)s handed over", "%(count)s handed over", n, count=c),
    "waste": lambda n, c: ngettext(
        "%(count)s awaiting recycling", "%(count)s awaiting recycling", n, count=c
    ),
    "recycled": lambda n, c: ngettext("%(count)s recycled", "%(count)s recycled", n, count=c),
    "parts": lambda n, c: ngettext(
        "%(count)s dismantled for parts", "%(count)s dismantled for parts", n, count=c
    ),
    "missing": lambda n, c: ngettext("%(count)s missing", "%(count)s missing", n, count=c),
    "refused": lambda n, c: ngettext("%(count)s refused", "%(count)s refused", n, count=c),
    "withdrawn": lambda n, c: ngettext("%(count)s withdrawn", "%(count)s withdrawn", n, count=c),
    "expired": lambda n, c: ngettext("%(count)s without a taker", "%(count)s without a taker", n, count=c),
}


def sentence(balance: Balance) -> str:
    """« 60 appareils déclarés + 1 trouvé en plus = 12 en stock, 46 remis, 3 manquants. » Zeros left out."""
    counts = balance.parts_of_total()
    terms = [say(counts[name], number(counts[name])) for name, say in TERMS.items() if counts[name]]
    return _("%(left)s = %(right)s.", left=_left(balance), right=", ".join(terms) or number(0))


def devices(count: int) -> str:
    """« 1 appareil », « 1 240 appareils »."""
    return ngettext("%(count)s device", "%(count)s devices", count, count=number(count))


def _left(balance: Balance) -> str:
    declared = ngettext(
        "%(count)s device declared",
        "%(count)s devices declared",
        balance.declared,
        count=number(balance.declared),
    )
    if not balance.extra:
        return declared
    extra = ngettext(
        "%(count)s found in addition",
        "%(count)s found in addition",
        balance.extra,
        count=number(balance.extra),
    )
    return _("%(declared)s + %(extra)s", declared=declared, extra=extra)
