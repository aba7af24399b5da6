"""The papers of a lot: the annex to the holder's decision. Facts that deeds of claims and pick-ups share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.accounts.words import LEGAL_KINDS
from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.documents.texts import both
from reuse_market.fleets.models import Discard, DiscardedUnit
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import policy, queries
from reuse_market.lots.models import Lot, LotItem, LotLine
from reuse_market.regimes import parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Allowed, Question
from reuse_market.traceability import journal
from reuse_market.units.models import Engagement, Unit

GIVEN_BACK = ("released", "withdrawn", "expired")
VALUED = {
    "book_value": N_("Net book value"),
    "depreciation": N_("Purchase price less age"),
    "market_price": N_("Price of like devices on sale"),
    "expert": N_("Opinion of a professional"),
    "other": N_("Another way"),
}
Facts = dict[str, Any]


def owner(lot: Lot) -> str:
    """Under what the papers of a lot are kept."""
    return f"lot/{lot.reference}"


@command
def issue_annex(reference: str, *, actor: Actor) -> Document:
    """Issue the annex to the holder's decision, or give the one in force when nothing has changed.

    Refused: not the holder's people (NotFound); a lot not published, or for which the law asks no decision.
    """
    lot = lock(Lot, Lot.reference == reference)
    if lot is None or not policy.holder(actor, lot):
        raise NotFound(N_("This lot does not exist."))
    if not has_annex(lot):
        raise Conflict(N_("No document is to be issued here now."), code="documents.none")
    document, new = documents.issue_anew(
        "decision_annex", annex_facts(lot), lang="fr", owner=owner(lot), readers=[lot.holder_id],
        number_prefix="AN",
    )  # fmt: skip
    if new:
        told = {"lot": lot.reference, "kind": document.kind, "number": document.number}
        journal.append(journal.Act(actor), owner(lot), "document.issued", facts=told)
    return document


def has_annex(lot: Lot) -> bool:
    """Whether the holder decides in public on this lot, published or to be: what the law says of it."""
    if lot.regime is None or (lot.published_at is None and lot.state != "draft"):
        return False
    kind, today = regimes.party_kind(lot.holder_id), clock.today()
    answer = regimes.ask(
        Question(lot.regime, kind, kind, parties.ANYONE, "publish", today, value_cents=0, price_cents=0)
    )
    return isinstance(answer, Allowed) and "public_decision" in answer.documents


def annex_facts(lot: Lot) -> Facts:
    """The annex of the whole lot: each line with its value and devices."""
    if lot.published_at is None:
        found, counts = _drafted(lot), {line.number: line.declared for line in queries.lines(lot.id)}
    else:
        found = devices("lot", lot.reference)
        counts = {line: len(rows) for line, rows in found.items()}
    facts = {
        "made_at": clock.now().isoformat(),
        "giver": party(lot.holder_id),
        "lot_ref": lot.reference,
        "lines": [row | {"devices": found.get(row["number"], [])} for row in line_facts(lot, counts)],
    }
    decided = _decisions(lot)
    return facts | ({"decided": decided} if decided else {})


def _drafted(lot: Lot) -> dict[int, list[list[str | None]]]:
    """Line → [serial, asset tag] of each unit in a draft."""
    rows = session().execute(
        sa.select(LotLine.number, Unit.serial, Unit.asset_tag)
        .join(LotItem, LotItem.line_id == LotLine.id)
        .join(Unit, Unit.id == LotItem.unit_id)
        .where(LotLine.lot_id == lot.id)
        .order_by(LotLine.number, Unit.id)
    )
    found: dict[int, list[list[str | None]]] = {}
    for line, serial, tag in rows:
        found.setdefault(line, []).append([serial, tag])
    return found


def _decisions(lot: Lot) -> list[dict[str, str]]:
    """The decisions its devices were discarded by: number, date, author."""
    of_draft = (
        sa.select(LotItem.unit_id)
        .join(LotLine, LotLine.id == LotItem.line_id)
        .where(LotLine.lot_id == lot.id)
    )
    published = sa.select(Engagement.unit_id).where(
        Engagement.kind == "lot", Engagement.reference == lot.reference
    )
    told = (
        sa.select(Discard)
        .where(
            Discard.id.in_(
                sa.select(DiscardedUnit.discard_id).where(
                    DiscardedUnit.unit_id.in_(of_draft if lot.published_at is None else published)
                )
            )
        )
        .order_by(Discard.id)
    )
    return [
        {"number": row.decision_number, "by": row.decided_by}
        | ({"on": row.decided_on.isoformat()} if row.decided_on else {})
        for row in session().scalars(told)
    ]


def party(organisation_id: int, site: Site | None = None) -> Facts:
    """Who an organisation is on a deed: name, legal kind, SIRET or RNA, address of its site."""
    found = accounts.organisation(organisation_id)
    if found is None:
        raise NotFound(N_("This organisation does not exist."))
    place = site or next(iter(accounts.sites_of(organisation_id)), None)
    told = {"name": found.name, "legal": both(LEGAL_KINDS[found.legal_kind]), "address": address(place)}
    return told | {name: getattr(found, name) for name in ("siret", "rna") if getattr(found, name)}


def line_facts(lot: Lot, counts: dict[int, int]) -> list[Facts]:
    """The lines of a deed: so many units of each, with their estimated value where there is one."""
    return [
        {"number": line.number, "label": line.label, "units": counts[line.number]}
        | ({} if line.value_cents is None else {"value_cents": line.value_cents})
        | ({"value_how": both(VALUED[line.value_how])} if line.value_how in VALUED else {})
        for line in queries.lines(lot.id)
        if counts.get(line.number)
    ]


def devices(kind: str, reference: str) -> dict[int, list[list[str | None]]]:
    """Line → [serial, asset tag] of each unit with this engagement, those given back left out."""
    statement = (
        sa.select(sa.func.coalesce(Engagement.line, 0), Unit.serial, Unit.asset_tag)
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.kind == kind, Engagement.reference == reference)
        .where(sa.or_(Engagement.outcome.is_(None), Engagement.outcome.not_in(GIVEN_BACK)))
        .order_by(Engagement.line, Unit.id)
    )
    found: dict[int, list[list[str | None]]] = {}
    for line, serial, tag in session().execute(statement):
        found.setdefault(line, []).append([serial, tag])
    return found


def annex_rows(lines: Iterable[Facts]) -> list[Sequence[str]]:
    """The same list as rows of a file: line, description, serial, tag, value in euros ("12.50", or "")."""
    return [
        (str(line["number"]), line["label"], serial or "", tag or "", _amount(line.get("value_cents")))
        for line in lines
        for serial, tag in line["devices"]
    ]


def address(site: Site | None) -> str:
    """The postal address of a site, on lines."""
    if site is None:
        return ""
    return "\n".join(part for part in (site.street, f"{site.postcode} {site.commune_name}") if part)


def _amount(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"
