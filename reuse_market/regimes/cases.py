"""The question put to the law and its answer: plain shapes, without a rule inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from reuse_market.kernel.errors import Invalid
from reuse_market.regimes import words

ANY_KIND = "*"
K = TypeVar("K")
V = TypeVar("V")


class Cell(NamedTuple):
    """Where a rule applies. `origin_kind` is private or public; `kind` a kind of device or "*"."""

    regime: str
    origin_kind: str
    giver_kind: str
    recipient_kind: str
    act: str
    kind: str = ANY_KIND


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of regime_rule, its lists read. Shapes as in models.RegimeRule."""

    valid_from: date
    outcome: str
    article: str
    source: str = ""
    confidence: str = ""
    reading: str = "text"
    price: str = ""
    cap: str = ""
    transfer: str = ""
    documents: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cap:
    """A row of price_cap: `limits` the price or the value, in cents."""

    valid_from: date
    cents: int
    limits: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A row of agec_category."""

    valid_from: date
    category: str


class OnDemand(Mapping[K, V]):
    """Rows read when the first of them is asked for: most decisions need no cap and no category."""

    def __init__(self, read: Callable[[], Mapping[K, V]]) -> None:
        self._read = read
        self._rows: Mapping[K, V] | None = None

    def _all(self) -> Mapping[K, V]:
        if self._rows is None:
            self._rows = self._read()
        return self._rows

    def __getitem__(self, key: K) -> V:
        return self._all()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


@dataclass(frozen=True, slots=True)
class Rules:
    """All rows a decision may need, several dates each."""

    cells: Mapping[Cell, tuple[Rule, ...]] = field(default_factory=dict)
    caps: Mapping[tuple[str, str], tuple[Cap, ...]] = field(default_factory=dict)
    categories: Mapping[str, tuple[Category, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voucher:
    """What an orientation voucher says; it stands for a person who is never identified."""

    until: date
    kind: str | None = None  # None: any kind
    cap_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """May `giver_kind` do `act` with a device of this regime, for `recipient_kind`, on that day?

    Kinds are those of parties.KINDS; `recipient_kind` is "anyone" for publish. `origin_kind` is what the
    first holder (the lot's) is. Cents TTC of one device, None when not known. `for_reuse`: a reuse actor
    takes it.
    """

    regime: str
    origin_kind: str
    giver_kind: str
    recipient_kind: str
    act: str
    on: date
    kind: str = ANY_KIND
    price_cents: int | None = None
    value_cents: int | None = None
    voucher: Voucher | None = None
    for_reuse: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes, at most at `cap_cents`, with these documents (words.DOCUMENTS) and conditions (words.CONDITIONS).

    `counts_for_agec`: True, False, or None (the recipient is not obliged, or the category is not provided);
    `agec` is the msgid that says why ("" when the recipient is not obliged).
    """

    cap_cents: int | None
    documents: tuple[str, ...]
    counts_for_agec: bool | None
    article: str
    instead: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    agec: str = ""
    reading: str = "text"
    source: str = ""
    confidence: str = ""

    allowed = True


@dataclass(frozen=True, slots=True)
class Refused:
    """No: the article ("" when no rule is established), a msgid with its params, what is possible instead.

    `code` is the stable name of the reason; `reading` "prudent" means a legal opinion may set it aside.
    """

    article: str
    reason: str
    instead: tuple[str, ...]
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    reading: str = "text"
    source: str = ""
    confidence: str = ""

    allowed = False

    def error(self, field: str | None = None) -> Invalid:
        """The refusal as a verb raises it (422), pointing at a field of the form if any."""
        instead = tuple(words.INSTEAD[code] for code in self.instead)
        return Invalid(self.reason, field=field, code=f"regime.{self.code}", instead=instead, **self.params)
