"""The deeds of an awarded claim: agreement, undertaking, annex to the decision, erasure mandate.

Which of them are due is `regimes`' to say (the documents of the award), and the lot's (who erases). A deed is
issued anew when its facts changed, until the last device is collected; the older ones stay, as replaced.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.claims import law, policy, queries
from reuse_market.claims.commitment import BY_VERSION
from reuse_market.claims.models import Claim
from reuse_market.documents import queries as papers
from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.documents.texts import both
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import papers as lot_papers
from reuse_market.lots.models import Lot
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Allowed, Question
from reuse_market.traceability import journal
from reuse_market.units.models import Engagement

PREFIXES = {
    "transfer_agreement": "CV", "undertaking": "EN", "decision_annex": "AN", "erasure_mandate": "ME",
}  # fmt: skip
Facts = dict[str, Any]


def owner(claim: Claim) -> str:
    """Under what the papers of a claim are kept."""
    return f"claim/{claim.reference}"


@command
def issue_deeds(reference: str, *, actor: Actor) -> list[Document]:
    """Issue the deeds that are missing or whose facts changed, to both sides; what is new.

    Refused: neither side (NotFound); nothing to issue now (Conflict).
    """
    claim = lock(Claim, Claim.reference == reference)
    if claim is None or not policy.may_see(actor, claim):
        raise NotFound(N_("This claim does not exist."))
    lot = session().get_one(Lot, claim.lot_id)
    if not may_issue(claim, actor) or not (wanted := stale(claim, lot)):
        raise Conflict(N_("No document is to be issued here now."), code="documents.none")
    return _issue(claim, lot, wanted, actor)


def issue_due() -> int:
    """Job: the first deeds of awards that have none and still have a device to collect. Returns how many awards.

    Done once: a paper, even one replaced since, is the sign of it. Later changes wait for either side.
    """
    reference = sa.literal("claim/") + Claim.reference
    waiting = sa.exists().where(
        Engagement.kind == "award", Engagement.reference == Claim.reference, Engagement.until_at.is_(None)
    )
    statement = (
        sa.select(Claim.id)
        .where(Claim.state == "awarded", waiting, ~sa.exists().where(Document.owner == reference))
        .order_by(Claim.id)
    )
    return sum(map(_issue_first, session().scalars(statement).all()))


def _issue_first(claim_id: int) -> int:
    """1 when it issued something; 0 when nothing is due, or a failure was logged (the next run tries again)."""
    made: list[Document] = []
    jobs.each([claim_id], lambda item: made.extend(_first(item)), "claims.deeds")
    return min(1, len(made))


@command
def _first(claim_id: int) -> list[Document]:
    claim = lock(Claim, Claim.id == claim_id)
    if claim is None or papers.of(owner(claim)):
        return []
    lot = session().get_one(Lot, claim.lot_id)
    return _issue(claim, lot, stale(claim, lot), SYSTEM)


def _issue(claim: Claim, lot: Lot, wanted: dict[str, Facts], actor: Actor) -> list[Document]:
    made = []
    for kind, facts in wanted.items():
        document, _new = documents.issue_anew(
            kind, facts, lang="fr", owner=owner(claim), readers=[claim.holder_id, claim.organisation_id],
            number_prefix=PREFIXES[kind],
        )  # fmt: skip
        told = {"lot": lot.reference, "claim": claim.reference, "kind": kind, "number": document.number}
        journal.append(journal.Act(actor), f"lot/{lot.reference}", "document.issued", facts=told)
        made.append(document)
    return made


def may_issue(claim: Claim, actor: Actor) -> bool:
    """Either side, once something is awarded."""
    party = actor.is_org(claim.holder_id) or actor.is_org(claim.organisation_id)
    return claim.state == "awarded" and party and bool(actor.roles)


def stale(claim: Claim, lot: Lot) -> dict[str, Facts]:
    """Kind → facts of the deeds that are missing, or that say something else than what is true now."""
    if claim.state != "awarded":
        return {}
    wanted = {}
    over = not queries.awarded_units(claim)
    for kind, facts in due(claim, lot).items():
        found = papers.current(owner(claim), kind)
        if found is None or not (over or _same(found.facts, facts)):
            wanted[kind] = facts
    return wanted


def due(claim: Claim, lot: Lot) -> dict[str, Facts]:
    """Kind → facts of every deed of an awarded claim."""
    answers = permissions(claim, lot)
    asked, article = (
        law.documents(answers),
        "; ".join(dict.fromkeys(one.article for one in answers if one.article)),
    )
    found = lot_papers.devices("award", claim.reference)
    lines = lot_papers.line_facts(lot, {line: len(rows) for line, rows in found.items()})
    if not lines:
        return {}
    shared = _shared(claim, lot) | {"lines": lines}
    undertaking = _undertaking(claim)
    made: dict[str, Facts] = {}
    if "transfer_agreement" in asked:
        made["transfer_agreement"] = shared | _agreement(lot, article, undertaking)
    if undertaking:
        units = sum(line["units"] for line in lines)
        told = {name: value for name, value in shared.items() if name != "lines"}
        made["undertaking"] = told | {"units": units, "undertaking": undertaking}
    if "public_decision" in asked or ("transfer_agreement" in asked and lot_papers.has_annex(lot)):
        listed = [line | {"devices": found[line["number"]]} for line in lines]
        made["decision_annex"] = shared | {"article": article, "lines": listed}
    if lot.erased_by == "reuse_actor" and claim.capacity == "reuse_actor":
        made["erasure_mandate"] = shared | {"policy": lot.erasure_policy}
    return made


def permissions(claim: Claim, lot: Lot) -> list[Allowed]:
    """What the law said of this award on its day, by kind of device: which papers, on which article.

    Price and value were judged at the award: here they are not asked again.
    """
    kinds = regimes.party_kinds((lot.holder_id, claim.organisation_id))
    giver, taker = (kinds.get(key, "unknown") for key in (lot.holder_id, claim.organisation_id))
    day = (claim.answered_at or claim.submitted_at).astimezone(clock.PARIS).date()
    questions = [
        Question(str(lot.regime), giver, giver, taker, "award", day, kind=kind, value_cents=0,
                 for_reuse=claim.capacity == "reuse_actor")
        for kind in sorted({row.kind for row in queries.lines(claim)})
    ]  # fmt: skip
    return [answer for answer in regimes.ask_each(questions) if isinstance(answer, Allowed)]


def _shared(claim: Claim, lot: Lot) -> Facts:
    return {
        "made_at": clock.now().isoformat(),
        "giver": lot_papers.party(claim.holder_id, accounts.site(lot.site_id)),
        "taker": lot_papers.party(claim.organisation_id),
        "lot_ref": lot.reference,
        "claim_ref": claim.reference,
    }


def _agreement(lot: Lot, article: str, undertaking: Facts | None) -> Facts:
    window = {
        name: day.isoformat()
        for name, day in (("from_on", lot.available_from), ("until_on", lot.available_until))
        if day is not None
    }
    return {
        "regime": lot.regime, "article": article, "erased_by": lot.erased_by, "policy": lot.erasure_policy,
        "place": {"address": lot_papers.address(accounts.site(lot.site_id))}, "window": window,
    } | ({"undertaking": undertaking} if undertaking else {})  # fmt: skip


def _undertaking(claim: Claim) -> Facts | None:
    text = BY_VERSION.get(claim.undertaking_version)
    if text is None:
        return None
    names = accounts.person_names([claim.committed_by]) if claim.committed_by else {}
    return {
        "version": text.version, "source": both(text.source), "points": [both(point) for point in text.points],
        "on": claim.committed_at.isoformat(), "by": names.get(claim.committed_by or 0, ""),
    }  # fmt: skip


def _same(said: Facts, now: Facts) -> bool:
    return {**said, "made_at": ""} == {**now, "made_at": ""}
