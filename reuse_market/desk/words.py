"""What the operator's pages call things; the edge translates."""

from __future__ import annotations

from reuse_market.kernel.words import N_

TASKS = {  # what waits, and the one thing to do
    "claim": (N_("Claim to answer"), N_("Open the claim")),
    "share": (N_("Proposal of share to answer"), N_("Open the proposal")),
    "award": (N_("Awarded, no pick-up planned"), N_("Open the claim")),
    "pickup-proposed": (N_("Pick-up slot to answer"), N_("Open the pick-up")),
    "pickup-countered": (N_("Pick-up slot to answer"), N_("Open the pick-up")),
    "pickup-agreed": (N_("Pick-up day gone by, nothing signed"), N_("Open the pick-up")),
    "pickup-failed": (N_("Failed pick-up to plan again"), N_("Open the pick-up")),
    "pickup-done": (N_("Handover the holder has not signed"), N_("Open the pick-up")),
    "revision-proposed": (N_("Revision of a handover note to answer"), N_("Open the revision")),
    "audit-failed": (N_("The self-audit found something wrong"), N_("See what it found")),
    "audit-broke": (N_("The self-audit broke off"), N_("See what it found")),
    "log-refused": (N_("Checkpoints are no longer signed"), N_("Read about the journal")),
    "revision-escalated": (N_("Revision of a handover note to settle"), N_("Open the revision")),
    "shipment": (N_("Shipment nobody answers"), N_("Open the shipment")),
    "unclaimed": (N_("Lot nobody has claimed"), N_("Open the lot")),
    "reservation": (N_("Reservation to confirm"), N_("Open the reservation")),
    "request": (N_("Association to call back"), N_("Call the association back")),
    "need-idle": (N_("Need for which nothing is proposed"), N_("Open the need")),
    "need-proposed": (N_("Proposal for a need without an answer"), N_("Open the need")),
    "organisation": (N_("Organisation to verify"), N_("Verify the organisation")),
}
LOT_STATES = {  # word, tone of its badge
    "draft": (N_("Draft"), "neutral"),
    "planned": (N_("Announced"), "neutral"),
    "published": (N_("Published"), "ok"),
    "closed": (N_("Closed"), "neutral"),
    "withdrawn": (N_("Withdrawn"), "refused"),
    "expired": (N_("Expired"), "refused"),
}
DECISIONS = {  # question of the check page, label of the button, tone
    "admit": (N_("Admit this organisation?"), N_("Admit the organisation"), ""),
    "refuse": (N_("Refuse this organisation?"), N_("Refuse the organisation"), "danger"),
    "suspend": (N_("Suspend this organisation?"), N_("Suspend the organisation"), "danger"),
    "reinstate": (N_("Lift the suspension?"), N_("Lift the suspension"), ""),
}
CONSEQUENCES = {
    "admit": N_("Its people can act at once, in the roles below."),
    "refuse": N_(
        "Its people can sign in, read this decision and add what lacked; nothing else. You can admit it later."
    ),
    "suspend": N_(
        "Its people can still sign in and read its file, but do nothing any more; its lots and devices are no"
        " longer shown. You can lift the suspension at any time."
    ),
    "reinstate": N_("Its people can act again at once, in the roles below."),
}
MISSING = {  # what an organisation's file lacks, said to the operator
    "identifier": N_("No SIRET nor RNA number: record one before admitting."),
    "charter": N_("Nobody has signed the present charter."),
    "evidence": N_("No file shows what it is."),
    "site": N_("No site."),
}
ASKED_BY = {  # how an organisation asks the operator to act for it
    "phone": N_("by telephone"),
    "mail": N_("by letter or e-mail"),
    "visit": N_("during a visit"),
}
CHANNELS = ASKED_BY | {"program": N_("by the operator’s program")}
