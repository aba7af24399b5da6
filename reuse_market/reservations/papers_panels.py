"""The panel of a reservation's gift statement; slip and quotes stand on the page itself."""

from __future__ import annotations

from flask_babel import gettext as _

from reuse_market.documents import listing
from reuse_market.documents.views import reading_language
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import slip
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.papers_gift import KIND
from reuse_market.web.panels import Panel


def gift_statement(found: Reservation, actor: Actor) -> Panel | None:
    """The statement, and what it is not."""
    rows = listing.of_owners([slip.owner(found.reference)], actor, reading_language())
    shown = [row for row in rows if row.document.kind == KIND]
    if not shown:
        return None
    explain = [_(
        "The gift statement describes the goods and proves the handover, without a value. The tax receipt"
        " (cerfa 16216) is another document: it carries the donor’s own valuation, and only an eligible body"
        " issues it."
    )]  # fmt: skip
    context = {"rows": shown, "refresh_url": "", "stale": False, "more": [], "explain": explain}
    return Panel("documents/_panel.html", context)
