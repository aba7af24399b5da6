"""What the pages of a reservation show, put together for the templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask_babel import get_locale

from reuse_market.accounts import signatures
from reuse_market.catalogue.describing import title
from reuse_market.documents import queries as documents
from reuse_market.documents.rendering import Lang, render
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import queries, slip, wording
from reuse_market.reservations.lifecycle import BOOKING, SIGNABLE
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.queries import Contents, Row
from reuse_market.web.forms import Form


def page(found: Reservation, actor: Actor, refused: Form | None = None) -> str:
    """The page of a reservation, for this reader; `refused` carries what a verb answered."""
    [row] = queries.with_names([found])
    side = wording.side_of(found, actor.organisation_id)
    issued = documents.of(slip.owner(found.reference), kind=slip.KIND)
    context: dict[str, Any] = {
        "row": row, "found": found, "side": side, "name": name_of(row.contents),
        "sentence": wording.sentence(found, side, row.beneficiary, row.seller),
        "badge": wording.badge(found.state), "offered": BOOKING.offered(found, actor),
        "signable": found.state in SIGNABLE, "place": queries.place(found), "price": queries.price(found),
        "facts": facts_of(found), "paper": issued[0] if issued else None, "refused": refused,
        "code": signatures.current_code(slip.owner(found.reference)) if _holds_code(found, actor) else None,
    }  # fmt: skip
    return render_template("reservations/reservation.html", **context)


def rows_of(rows: Sequence[Row], actor: Actor) -> list[dict[str, Any]]:
    """The rows of the list with their sentence and badge."""
    made = []
    for row in rows:
        side = wording.side_of(row.reservation, actor.organisation_id)
        sentence = wording.sentence(row.reservation, side, row.beneficiary, row.seller)
        badge = wording.badge(row.reservation.state)
        made.append(
            {"row": row, "side": side, "name": name_of(row.contents), "badge": badge, "sentence": sentence}
        )
    return made


def facts_of(found: Reservation) -> dict[str, Any]:
    """The slip's facts in the reader's language: those of the paper once it is issued in that language."""
    lang = _lang()
    issued = documents.of(slip.owner(found.reference), kind=slip.KIND)
    if issued and issued[0].lang == lang:
        return dict(issued[0].facts)
    return slip.facts(found, lang)


def bon_pdf(found: Reservation) -> bytes:
    """The slip as issued, or to be signed by hand in the reader's language."""
    issued = documents.of(slip.owner(found.reference), kind=slip.KIND)
    if issued:
        return documents.content(issued[0])
    made_at = {"made_at": clock.now().isoformat()}
    return render(slip.KIND, slip.facts(found, _lang()) | made_at, lang=_lang())


def name_of(contents: Contents | None) -> str:
    """« Ordinateur portable HP EliteBook 840 G5 »."""
    if contents is None:
        return ""
    kind = contents.kind.label_en if _lang() == "en" else contents.kind.label_fr
    return title(kind, contents.maker, contents.model)


def _holds_code(found: Reservation, actor: Actor) -> bool:
    """Only the beneficiary sees the code, and only while there is something to sign."""
    return actor.is_org(found.beneficiary_id) and found.state in SIGNABLE


def _lang() -> Lang:
    return "en" if str(get_locale())[:2] == "en" else "fr"
