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
from reuse_market.reservations import extending, law, policy, queries, quotes, slip, tickets, wording
from reuse_market.reservations.lifecycle import BOOKING, HOLDING, SIGNABLE
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.queries import Contents, Row
from reuse_market.units import queries as units
from reuse_market.web import panels
from reuse_market.web.forms import Form


def page(found: Reservation, actor: Actor, refused: Form | None = None) -> str:
    """The page of a reservation, for this reader; `refused` carries what a verb answered."""
    [row] = queries.with_names([found])
    side = wording.side_of(found, actor.organisation_id)
    issued = documents.of(slip.owner(found.reference), kind=slip.KIND)
    context: dict[str, Any] = {
        "row": row, "found": found, "side": side, "name": name_of(row.contents),
        "sentence": wording.sentence(found, side, row.beneficiary, row.seller),
        "badge": wording.badge_of(found), "offered": BOOKING.offered(found, actor),
        "signable": found.state in SIGNABLE, "place": queries.place(found), "price": queries.price(found),
        "facts": facts_of(found), "paper": issued[0] if issued else None, "refused": refused,
        "quotes": documents.of(slip.owner(found.reference), kind=quotes.KIND), "voucher": tickets.of_reservation(found),
        "may_quote": found.state in HOLDING and side != "other",
        "code": signatures.current_code(slip.owner(found.reference)) if _holds_code(found, actor) else None,
        "panels": panels.drawn("reservation.main", found, actor),
        "extend": extending.offered(found, actor), "whole": policy.may_see_basket(actor, found),
    }  # fmt: skip
    return render_template("reservations/reservation.html", **context)


def rows_of(rows: Sequence[Row], actor: Actor) -> list[dict[str, Any]]:
    """The rows of the list with their sentence and badge."""
    made = []
    for row in rows:
        side = wording.side_of(row.reservation, actor.organisation_id)
        sentence = wording.sentence(row.reservation, side, row.beneficiary, row.seller)
        badge = wording.badge_of(row.reservation)
        made.append(
            {"row": row, "side": side, "name": name_of(row.contents), "badge": badge, "sentence": sentence}
        )
    return made


def facts_of(found: Reservation) -> dict[str, Any]:
    """The slip's facts in the reader's language: those of the paper once it is issued in that language."""
    lang = reader()
    issued = documents.of(slip.owner(found.reference), kind=slip.KIND)
    if issued and issued[0].lang == lang:
        return dict(issued[0].facts)
    giver = issued[0].facts["giver"] if issued else {}
    voucher = tickets.of_reservation(found)
    handed_by = giver.get("name", "") if giver.get("signed_at") else ""
    return slip.facts(found, lang, handed_by=handed_by, voucher=voucher.reference if voucher else "")


def undertakings_of(found: Reservation) -> tuple[str, ...]:
    """What the law asks the beneficiary to undertake when it signs; nothing where it refuses the handover."""
    if found.state not in SIGNABLE:
        return ()
    answer = law.of_reservation(found, units.engaged_ids("hold", found.reference))
    return answer.undertakings if isinstance(answer, law.Permission) else ()


def bon_pdf(found: Reservation) -> bytes:
    """The slip as issued, or to be signed by hand in the reader's language; a translation where they differ."""
    issued = documents.of(slip.owner(found.reference), kind=slip.KIND)
    if issued and issued[0].lang == reader():
        return documents.content(issued[0])
    made_at = issued[0].made_at if issued else clock.now()
    title = slip.translated_title(issued[0].number, reader()) if issued else None
    facts = facts_of(found) | {"made_at": made_at.isoformat()}
    return render(slip.KIND, facts, lang=reader(), title=title)


def name_of(contents: Contents | None) -> str:
    """« Ordinateur portable HP EliteBook 840 G5 »."""
    if contents is None:
        return ""
    kind = contents.kind.label_en if reader() == "en" else contents.kind.label_fr
    return title(kind, contents.maker, contents.model)


def _holds_code(found: Reservation, actor: Actor) -> bool:
    """Only the beneficiary sees the code, and only while there is something to sign."""
    return actor.is_org(found.beneficiary_id) and actor.own_hand and found.state in SIGNABLE


def reader() -> Lang:
    """The reader's language."""
    return "en" if str(get_locale())[:2] == "en" else "fr"
