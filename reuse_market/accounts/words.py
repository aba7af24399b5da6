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
ROLE_CHOICES = {  # said to somebody who registers
    "holder": N_("Part with computer equipment (holder)"),
    "reuse_actor": N_("Collect and recondition equipment (reuse actor)"),
    "obliged_buyer": N_("Buy reused equipment, as a public buyer (AGEC)"),
    "buyer": N_("Buy reused equipment, as another buyer"),
    "recipient": N_("Receive equipment for a public in need (association, school)"),
}
MISSING = {  # what an organisation's file lacks
    "identifier": N_("A SIRET or an RNA number: call us, we will help you."),
    "charter": N_("The charter, signed by a person who may commit the organisation."),
    "evidence": N_("A file that shows what the organisation is."),
    "site": N_("The address of a site."),
}
NEXT = {  # a state in a sentence: what it means, what happens next
    "to_verify": N_(
        "The operator checks who you are and answers by %(day)s. Meanwhile you may complete this file, your"
        " sites, your fleet and drafts of lots; nothing can be published, claimed, reserved or signed yet."
    ),
    "verified": N_("Your organisation is admitted: its people may act in the roles below."),
    "refused": N_(
        "Your organisation was not admitted. You may add what lacked below, then call us: the operator can"
        " look at the file again."
    ),
    "suspended": N_(
        "Your organisation is suspended: nothing can be done in its name, its lots and devices are not shown"
        " any more. The operator sees to the pick-ups and handovers under way."
    ),
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
