"""Event type → what it is in EPCIS 2.0 / CBV 2.0: written once, here.

A step or disposition in `OWN` is ours (CBV has no word for a claim, an erasure or a hold; its `reserving` means
identifiers, its `killing` a radio tag, its `encoding` a label): it is written as a URI of our vocabulary. All
others are CBV's. A type that is no event of the goods stands in LEFT_OUT, or its family in FAMILIES, with why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

OBJECT, TRANSACTION, ASSOCIATION, TRANSFORMATION = (
    "ObjectEvent", "TransactionEvent", "AssociationEvent", "TransformationEvent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """An EPCIS event: its type, action, step, disposition, and what changes them.

    `by_state`: the state its units reach → (step, disposition). `by_fact`: (fact, value → (step, disposition)).
    `of_class`: (action, step) for units without a label, told as a quantity. `first` (action, step): units this
    document has not spoken of yet. `subject`: whose identifiers it bears ("units" or "media").
    """

    kind: str
    action: str
    step: str
    disposition: str | None = None
    by_state: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    by_fact: tuple[str, Mapping[object, tuple[str, str]]] | None = None
    of_class: tuple[str, str] | None = None
    first: tuple[str, str] | None = None
    subject: str = "units"
    balance: bool = False

    def read(self, change: Mapping[str, object], facts: Mapping[str, object]) -> Row:
        """The row as this event needs it: by the state its units reach, or by a fact."""
        chosen = self.by_state.get(str(change.get("state")))
        if self.by_fact is not None:
            chosen = self.by_fact[1].get(facts.get(self.by_fact[0])) or chosen
        return replace(self, step=chosen[0], disposition=chosen[1]) if chosen else self


def _o(step: str, disposition: str | None = None, *, action: str = "OBSERVE", **more: object) -> Row:
    return Row(OBJECT, action, step, disposition, **more)  # type: ignore[arg-type]  # the options of Row


def _t(step: str, disposition: str | None = None, *, action: str = "OBSERVE", **more: object) -> Row:
    return Row(TRANSACTION, action, step, disposition, **more)  # type: ignore[arg-type]  # the options of Row


# Our own steps, as `<base>/epcis/voc/<name>`: what each says, in docs/epcis.md.
OWN = frozenset({
    "accepting-exception", "announcing", "checking-erasure", "claiming", "correcting", "counting-container",
    "discarding", "documenting", "expiring", "following", "handing-over", "holding-for", "leaving",
    "planning-pickup", "preparing-removal", "publishing", "reconciling", "reinstating", "releasing",
    "returning", "revising", "sanitizing", "sharing", "signing", "standing-by", "stating-terms", "unlocking",
    "withdrawing",
})  # fmt: skip
SOLD, GIVEN = ("retail_selling", "retail_sold"), ("accepting", "available")
GONE = ("DELETE", "decommissioning")
JUDGED = {True: ("inspecting", "conformant"), False: ("inspecting", "needs_replacement")}
ERASED = {"ok": ("sanitizing", "conformant")}
TAKEN_AGAIN = {
    "collected": ("collecting", "in_transit"),
    "missing": ("inspecting", "mismatch_quantity"),
    "discarded": ("inspecting", "mismatch_instance"),
}
FOUND = {"discarded": ("stock_taking", "inactive"), "in_workshop": ("stock_taking", "in_progress")}

ROWS: dict[str, Row] = {
    # A fleet, before any lot
    "fleet.imported": _o("commissioning", "active", action="ADD"),
    "fleet.resynced": _o("stock_taking", "active"),
    "unit.declared": _o("commissioning", "active", action="ADD"),
    "unit.discarded": _o("discarding", "inactive"),
    "unit.discard-annulled": _o("reinstating", "active"),
    "discard.decided": _t("discarding"),
    "unit.departed": _o("leaving", "inactive"),
    "unit.departure-annulled": _o("reinstating", "active"),
    "unit.merged": _o("decommissioning", "inactive", action="DELETE"),
    # A lot: its lines are classes, commissioned when they are first used
    "lot.announced": _t("announcing"),
    "lot.plan-changed": _t("announcing"),
    "lot.published": _o("publishing", "active", first=("ADD", "commissioning")),
    "lot.withdrawn": _o("withdrawing", "inactive", of_class=GONE),
    "lot.expired": _o("expiring", "inactive", of_class=GONE),
    "lot.closed": _t("reconciling", "completeness_verified", balance=True),
    "need.posted": _t("following", action="ADD"),
    "need.changed": _t("following"),
    "need.attached": _t("following"),
    "need.closed": _t("following", action="DELETE"),
    "need.matched": _t("following"),
    "need.reopened": _t("following"),
    "need.met": _t("following", action="DELETE"),
    "need.match-proposed": _t("following"),
    "need.match-accepted": _t("following"),
    "need.match-declined": _t("following"),
    "need.match-withdrawn": _t("following"),
    "need.match-lapsed": _t("following"),
    "need.match-served": _t("following"),
    "need.match-kept": _t("following"),
    "need.match-over": _t("following"),
    "interest.registered": _t("following", action="ADD"),
    "interest.changed": _t("following"),
    "interest.withdrawn": _t("following", action="DELETE"),
    "interest.published": _t("following"),
    "interest.ended": _t("following", action="DELETE"),
    "claim.submitted": _t("claiming", "active", action="ADD"),
    "claim.awarded": _t("claiming", "active", action="ADD"),
    "claim.declined": _t("releasing", "active", action="DELETE"),
    "claim.released": _t("releasing", "active", action="DELETE"),
    "claim.retracted": _t("releasing", "active", action="DELETE"),
    "claim.expired": _t("releasing", "active", action="DELETE"),
    "share.proposed": _t("sharing", action="ADD"),
    "share.accepted": _t("sharing"),
    "share.replaced": _t("sharing", action="DELETE"),
    "share.expired": _t("sharing", action="DELETE"),
    "standby.called": _t("standing-by", action="ADD"),
    "standby.confirmed": _t("standing-by"),
    "standby.passed": _t("standing-by", action="DELETE"),
    "standby.lapsed": _t("standing-by", action="DELETE"),
    "standby.ended": _t("standing-by", action="DELETE"),
    "document.issued": _t("documenting"),
    # A pick-up
    "pickup.proposed": _t("planning-pickup", action="ADD"),
    "pickup.reproposed": _t("planning-pickup"),
    "pickup.countered": _t("planning-pickup"),
    "pickup.agreed": _t("planning-pickup"),
    "pickup.announced": _t("planning-pickup"),
    "pickup.site-asked": _t("planning-pickup"),
    "pickup.cancelled": _t("planning-pickup", action="DELETE"),
    "pickup.failed": _t("planning-pickup", action="DELETE"),
    "pickup.expired": _t("planning-pickup", action="DELETE"),
    "pickup.checked-off": _t("inspecting"),
    "pickup.collected": _o("collecting", "in_transit"),
    "pickup.missing": _o("inspecting", "mismatch_quantity"),
    "pickup.refused": _o("inspecting", "mismatch_instance"),
    "pickup.extra": _o("inspecting", "mismatch_quantity"),
    "pickup.revised": _o("inspecting", "mismatch_quantity", by_state=TAKEN_AGAIN),
    "pickup.signed": _t("signing"),
    "pickup.signature-asked": _t("signing"),
    "pickup.done": _t("collecting", "in_transit"),
    "pickup.countersigned": _o("accepting", "in_transit"),
    "container.counted": _t("counting-container"),
    "revision.proposed": _t("revising", action="ADD"),
    "revision.approved": _t("revising"),
    "revision.refused": _t("revising", action="DELETE"),
    "revision.withdrawn": _t("revising", action="DELETE"),
    "revision.appealed": _t("revising"),
    "revision.escalated": _t("revising"),
    "revision.settled": _t("revising"),
    "difference.contested": _t("revising"),
    # From actor to actor
    "shipment.sent": _o("shipping", "in_transit"),
    "shipment.received": _o("receiving", "in_progress"),
    "shipment.refused": _o("receiving", "mismatch_instance"),
    "shipment.missing": _o("receiving", "mismatch_quantity"),
    "shipment.voided": _o("void_shipping", "in_progress"),
    "shipment.answering": _t("receiving"),
    "shipment.answered": _t("receiving"),
    # The workshop
    "workshop.received": _o("receiving", "in_progress"),
    "unit.identified": _o("inspecting", "in_progress"),
    "unit.hardware-read": _o("inspecting", "in_progress"),
    "unit.hardware-decided": _o("inspecting", "in_progress"),
    "unit.locked": _o("inspecting", "unavailable"),
    "locks.asked": _t("unlocking", action="ADD"),
    "locks.answered": _t("unlocking"),
    "unit.tested": _o("inspecting", "conformant", by_fact=("passed", JUDGED)),
    "media.counted": Row(ASSOCIATION, "OBSERVE", "inspecting", "in_progress", subject="media"),
    "media.recounted": Row(ASSOCIATION, "OBSERVE", "inspecting", "in_progress", subject="media"),
    "media.added": Row(ASSOCIATION, "ADD", "inspecting", "in_progress", subject="media"),
    "media.removed": Row(ASSOCIATION, "DELETE", "removing", "in_progress", subject="media"),
    "media.erased": _o("sanitizing", "non_conformant", by_fact=("result", ERASED), subject="media"),
    "media.erasure-withdrawn": _o("sanitizing", "non_conformant", subject="media"),
    "media.exception-accepted": _o("accepting-exception", "conformant", subject="media"),
    "erasure.reports-received": _t("sanitizing"),
    "erasure.line-set-aside": _t("sanitizing"),
    "erasure.check-drawn": _t("checking-erasure"),
    "erasure.checked": _o("checking-erasure"),
    "lot.erasure-check-set": _t("stating-terms"),
    "lot.share-chosen": _t("stating-terms"),
    "part.removed": Row(ASSOCIATION, "DELETE", "removing", "in_progress", subject="part"),
    "part.installed": Row(ASSOCIATION, "ADD", "installing", "in_progress", subject="part"),
    "unit.repaired": _o("repairing", "available"),
    "unit.ready": _o("stocking", "sellable_accessible"),
    "unit.back-to-workshop": _o("holding", "unavailable"),
    "unit.dismantled": Row(TRANSFORMATION, "", "disassembling", "in_progress"),
    "unit.waste-declared": _o("inspecting", "non_sellable_other"),
    "batch.requested": _t("preparing-removal", "non_sellable_other", action="ADD"),
    "batch.opened": _t("preparing-removal", "non_sellable_other", action="ADD"),
    "batch.removed": _t("shipping", "disposed"),
    "waste.removed": _o("shipping", "disposed"),
    "unit.lost": _o("stock_taking", "unknown"),
    "unit.found": _o("stock_taking", "in_progress", by_state=FOUND),
    # A new life
    "reservation.placed": _t("holding-for", "sellable_not_accessible", action="ADD"),
    "reservation.confirmed": _t("holding-for", "sellable_not_accessible"),
    "reservation.accepted": _t("holding-for", "sellable_not_accessible"),
    "reservation.extended": _t("holding-for", "sellable_not_accessible"),
    "reservation.prepared": _t("holding-for", "sellable_not_accessible"),
    "reservation.planned": _t("holding-for", "sellable_not_accessible"),
    "reservation.released": _t("holding-for", "sellable_accessible", action="DELETE"),
    "reservation.expired": _t("holding-for", "sellable_accessible", action="DELETE"),
    "reservation.provided": _t("handing-over"),
    "unit.provided": _o(*GIVEN, by_fact=("act", {"resell": SOLD, "solidarity_sale": SOLD})),
    "unit.provided-as-is": _o(*GIVEN),
    "unit.returned": _o("receiving", "returned"),
    "unit.handed-back": _o(*GIVEN),
    "unit.kept": _o("accepting", "returned"),
    "return.asked": _t("returning", action="ADD"),
    "return.accepted": _t("returning"),
    "return.refused": _t("returning", action="DELETE"),
    "return.received": _t("returning"),
    "return.settled": _t("returning"),
    "return.cancelled": _t("returning", action="DELETE"),
    "return.replaced": _t("returning"),
    # What a later event says of an earlier one: an errorDeclaration on that one, too
    "event.corrected": _t("correcting"),
    "event.voided": _t("correcting", action="DELETE"),
}

LEFT_OUT: dict[str, str] = {
    "fleet.import-judged": "a file being read: no device yet",
    "fleet.import-judging": "a file being read: no device yet",
    "fleet.import-stopped": "a file being read: no device yet",
    "fleet.import-applying": "a file being read: no device yet",
    "fleet.import-cancelled": "a file being read: no device yet",
    "fleet.model-corrected": "how a model is called, not what happens to a device",
    "fleet.model-restored": "how a model is called, not what happens to a device",
    "fleet.renewal-announced": "an intention of its holder",
    "fleet.renewal-changed": "an intention of its holder",
    "fleet.renewal-done": "an intention of its holder",
    "fleet.renewal-cancelled": "an intention of its holder",
    "fleet.age-rule-set": "an intention of its holder",
    "stock.kept": "a count kept of what other events say",
    "stock.corrected": "a count kept of what other events say",
    "quote.issued": "a price asked for",
    "quote.taken": "the reservation that follows is an event of its own",
    "quote.tried": "the reservation that follows is an event of its own",
    "quote.declined": "a price asked for",
    "order.issued": "a paper on a reservation",
    "ceiling.exception-granted": "a rule for a structure, not what happens to a device",
}
FAMILIES: dict[str, str] = {  # every event type whose name begins so
    "organisation": "accounts: who may act, not what happens to a device",
    "site": "accounts: places and their hours",
    "triage": "a decision on paper: each discard, departure or lot that follows is an event of its own",
    "driver": "access of a person",
    "log": "the transparency log itself",
    "technician": "access of a person",
    "correction": "a question between two sides: its answer is an event of its own",
    "person": "access of a person",
    "serial": "a value kept beside the journal",
    "labels": "labels on paper, on no device yet",
    "voucher": "the orientation of a person",
    "waiting": "a wish, in order: what is held for it is an event of its own",
    "request": "what an association asks for, not what happens to a device",
    "invoice": "euros, not what happens to a device",
    "agec": "euros, not what happens to a device",
    "reen": "what a public body counts each year, not what happens to a device",
    "protocol": "safety on a site",
    "day": "the opening of a collection day",
    "round": "the way of a vehicle",
    "vehicle": "the way of a vehicle",
    "offer": "photos of what is for sale",
    "reference": "reference rows",
    "regimes": "reference rows",
    "message": "mails",
}


OTHER = _t("other")  # a type of another version of the product: told, without knowing what it is


def row_of(event_type: str) -> Row | None:
    """The row of an event type; None when it is left out on purpose; OTHER for a type nobody placed."""
    if event_type in LEFT_OUT or event_type.partition(".")[0] in FAMILIES:
        return None
    return ROWS.get(event_type, OTHER)
