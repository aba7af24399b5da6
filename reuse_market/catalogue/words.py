"""Which words the groups in the window say: what a typed word is compared with, misspelt ones too."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.refurbishing.models import OfferWord

LONGER = 2  # a misspelt word lacks or has so many letters at most
MOST = 5_000


def shown(words: Collection[str]) -> list[str]:
    """Words of the window that begin like one of these or are about as long. One statement."""
    column = OfferWord.word
    lengths = {len(word) + more for word in words if len(word) > 3 for more in range(-LONGER, LONGER + 1)}
    begins = [column.startswith(word, autoescape=True) for word in sorted(words) if word.isalnum()]
    about = sa.func.length(column).in_(sorted(lengths)) if lengths else sa.false()
    return list(
        session().scalars(sa.select(column).where(sa.or_(about, *begins)).order_by(column).limit(MOST))
    )
