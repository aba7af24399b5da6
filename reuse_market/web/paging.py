"""Lists in pages of 25: a Pager when the total is known, a Slice when only "there is more" is.

Both keep the filters of the address. The caller counts and reads; nothing here queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import request

SIZE = 25
T = TypeVar("T")


def _address(**changes: object) -> str:
    """This page's address with some query values changed (None drops one)."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in changes]
    query = urlencode([*kept, *((key, value) for key, value in changes.items() if value is not None)])
    return f"{request.path}?{query}" if query else request.path


def asked_page() -> int:
    """The page number in the address, 1 when absent or nonsense."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) else 1


@dataclass(frozen=True, slots=True)
class Pager:
    """Where we are in a list of `total` rows. Read rows with `limit` and `offset`."""

    total: int
    number: int = 1
    size: int = SIZE

    @classmethod
    def asked(cls, total: int, size: int = SIZE) -> Pager:
        """The page the address asks for, brought back to the last one when it lies beyond."""
        last = max(1, -(-total // size))
        return cls(total, min(asked_page(), last), size)

    @property
    def limit(self) -> int:
        """Rows on a page."""
        return self.size

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """Rank of the first row shown, from 1; 0 in an empty list."""
        return min(self.offset + 1, self.total)

    @property
    def last_row(self) -> int:
        """Rank of the last row shown."""
        return min(self.offset + self.size, self.total)

    def url(self, number: int) -> str:
        """Address of another page of the same list, filters kept; page 1 has no number."""
        return _address(page=number if number > 1 else None)

    def shown(self) -> list[int | None]:
        """Page numbers worth a link: both ends and the neighbours; None stands for a gap."""
        near = {1, self.pages, *range(self.number - 1, self.number + 2)}
        shown: list[int | None] = []
        for number in sorted(number for number in near if 1 <= number <= self.pages):
            if shown and number - (shown[-1] or 0) > 1:
                shown.append(number - 1 if number - (shown[-1] or 0) == 2 else None)
            shown.append(number)
        return shown


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One reach of a list read by key: `rows`, and the cursor after them when there is more."""

    rows: Sequence[T]
    cursor: str | None = None

    @property
    def more_url(self) -> str | None:
        """Address of what follows, filters kept, or None."""
        return _address(cursor=self.cursor) if self.cursor else None
