"""What roles, legal kinds, states and rights are called; the edge translates."""

from __future__ import annotations

from reuse_market.kernel.words import N_

ROLES = {
    "holder": N_("holder"),
    "reuse_actor": N_("reuse actor"),
    "obliged_buyer": N_("obliged buyer"),
    "buyer": N_("buyer"),
    "recipient": N_("recipient organisation"),
    "operator": N_("operator"),
    "administrator": N_("administrator"),
    "auditor": N_("auditor"),
}
LEGAL_KINDS = {
    "company": N_("company"),
    "state": N_("State service"),
    "local_authority": N_("local authority"),
    "public_body": N_("public body"),
    "association": N_("association"),
    "school": N_("school"),
    "other": N_("other legal kind"),
}
STATES = {  # word, tone of its badge
    "to_verify": (N_("To verify"), "wait"),
    "verified": (N_("Admitted"), "ok"),
    "refused": (N_("Refused"), "refused"),
    "suspended": (N_("Suspended"), "refused"),
}
RIGHTS = {
    "prepare": N_("may prepare"),
    "commit": N_("may commit the organisation"),
}
