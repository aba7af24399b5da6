"""Where the demonstration shows what the law allows and what it refuses, regime by regime."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.catalogue import queries as catalogue
from reuse_market.demo import commune, company, story
from reuse_market.kernel.actor import VISITOR
from reuse_market.kernel.db import session
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot

SELLER = "Ressourcerie Exemple"


@dataclass(frozen=True, slots=True)
class Case:
    """One case: the regime, what happens (msgid), the article, whose sign-in shows it, and on which page.

    `page` is an endpoint; `lot` the title of its lot, "" for the catalogue's solidarity laptops.
    """

    regime: str
    allowed: bool
    words: str
    article: str
    login: str
    page: str
    lot: str = ""


CASES = (
    Case("public_transfer", True, N_("Laptops and screens at €120 each go as they are to another authority."),
         "CG3P, art. L3212-2 11°", "obliged-buyer", "lots.lot", commune.TRANSFER),
    Case("public_transfer", False, N_("A laptop worth €450 is over the ceiling: the draft cannot be published."),
         "CG3P, art. L3212-2 11°", "public-holder", "lots.review", commune.TOO_DEAR),
    Case("public_transfer", False, N_("An association asks for a lot kept to public bodies."),
         "CG3P, art. L3212-2 11°", "recipient", "claims.new", commune.TRANSFER),
    Case("free_transfer", True, N_("An association of general interest undertakes in writing and gets six laptops."),
         "CG3P, art. L3212-2 3°", "recipient-2", "lots.lot", commune.FREE),
    Case("free_transfer", False, N_("An association that has not shown what it is asks for the same lot."),
         "CG3P, art. L3212-2", "recipient", "claims.new", commune.FREE),
    Case("free_transfer", True, N_("A workshop of general interest sells what it was given, under the cap, to an"
                                   " association."),
         "CG3P, art. L3212-2 3°", "recipient", "catalogue.group"),
    Case("free_transfer", False, N_("A company wants to buy the same laptops."),
         "CG3P, art. L3212-2 3°", "buyer", "catalogue.group"),
    Case("gift", True, N_("A company gives laptops and screens; a statement without value is issued."),
         "code civil, art. 894", "holder", "lots.lot", story.WALKED),
    Case("gift", True, N_("A company keeps a gift for public bodies first: the others wait."),
         "code civil, art. 894", "reuse-actor", "claims.new", company.KEPT),
    Case("gift", False, N_("A commune wants to give: the law lists the cases, a gift is none."),
         "CG3P, art. L3211-18", "public-holder", "lots.terms", commune.AS_A_GIFT),
    Case("sale", True, N_("A company sells telephones; the reuse actor erases them under a mandate."),
         "code civil, art. 537", "reuse-actor", "lots.lot", company.SOLD),
    Case("sale", False, N_("A commune sells under the value of the devices."),
         "CGCT, art. L2122-22 10°", "public-holder", "lots.review", commune.TOO_CHEAP),
)  # fmt: skip


def places() -> list[tuple[Case, dict[str, str] | None]]:
    """Each case with the values of its page's address; None once a visitor has moved it away."""
    titles = {case.lot for case in CASES if case.lot}
    rows = session().execute(
        sa.select(Lot.title, Lot.reference).where(Lot.title.in_(titles)).order_by(Lot.id)
    )
    found: dict[str, str] = {}
    for title, reference in rows:
        found.setdefault(title, reference)  # a visitor may give a lot the same title
    laptops = catalogue.groups(catalogue.Filters(kind="laptop"), VISITOR)
    key = next((group.key for group in laptops if group.seller == SELLER), None)
    return [(case, _values(case, found, key)) for case in CASES]


def _values(case: Case, references: dict[str, str], key: str | None) -> dict[str, str] | None:
    if case.lot:
        return {"reference": references[case.lot]} if case.lot in references else None
    return {"key": key} if key else None
