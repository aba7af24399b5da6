"""« Compte pour l'AGEC » of groups: the question put to `regimes` for a group, and as a filter of the list."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.catalogue.criteria import Criterion, Ready
from reuse_market.catalogue.groups import TABLE
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.refurbishing.law import origins
from reuse_market.regimes import agec, parties
from reuse_market.regimes import queries as regimes
from reuse_market.regimes.cases import Category, Question, Rules
from reuse_market.regimes.models import REGIMES, AgecCategory
from reuse_market.regimes.provision import ACTS, provision

FIRST = {
    "private": "company",
    "public": "local_authority",
}  # the law reads of the first holder only which it is
SOME = 100  # cents: any price at all, as no cap binds an obliged buyer's purchase
SOME_KIND = "laptop"


def of_units(unit_ids: list[int], seller_id: int, gross_cents: int | None, actor: Actor) -> agec.Counts:
    """Whether buying these units counts for this reader, or for a local authority. Five statements at most."""
    found = [origin for origin in origins(unit_ids) if origin.regime]
    wanted = {origin.holder_id for origin in found if origin.holder_id is not None} | {seller_id}
    if actor.organisation_id is not None:
        wanted.add(actor.organisation_id)
    kinds = regimes.party_kinds(wanted)
    buyer = agec.buyer(kinds.get(actor.organisation_id or 0))
    return agec.of_questions(
        Question(
            origin.regime or "", kinds.get(origin.holder_id or 0, parties.UNKNOWN),
            kinds.get(seller_id, parties.UNKNOWN), buyer, "resell", clock.today(), kind=origin.kind,
            price_cents=gross_cents,
        )
        for origin in found
    )  # fmt: skip


def matching(answer: str, actor: Actor) -> Criterion:
    """Groups that count ("yes") or do not ("no") for this reader, as a criterion. Two statements to make it."""
    group = TABLE.c
    sellers: sa.Select[Any] = sa.select(group.seller_id).where(group.units > 0)
    if actor.organisation_id is not None:
        sellers = sellers.union(sa.select(sa.literal(actor.organisation_id)))  # type: ignore[assignment]  # ids still
    kinds = regimes.party_kinds_among(sellers)
    buyer = agec.buyer(kinds.get(actor.organisation_id or 0))
    read = regimes.rules(act=list(ACTS), recipient_kind=[buyer])
    category = (Category(clock.today(), "any"),)  # asked of the database below, kind by kind
    rules = Rules(read.cells, read.caps, {SOME_KIND: category})
    counted = []
    for giver in sorted(set(kinds.values())):
        mine = [seller for seller, kind in kinds.items() if kind == giver]
        for regime in REGIMES:
            for origin, first in FIRST.items():
                question = Question(
                    regime, first, giver, buyer, "resell", clock.today(), kind=SOME_KIND, price_cents=SOME
                )
                if agec.counting(provision(question, rules)[1]).counts:
                    counted.append(
                        sa.and_(group.regime == regime, group.origin == origin, group.seller_id.in_(mine))
                    )
    categorised = sa.select(AgecCategory.kind).where(AgecCategory.valid_from <= clock.today())
    known = group.kind.in_(categorised)
    yes = sa.and_(group.price_cents > 0, sa.or_(sa.false(), *counted))
    no = ~sa.func.coalesce(yes, sa.false())
    return Criterion(Ready(sa.and_(known, yes if answer == "yes" else no)))
