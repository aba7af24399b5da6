"""The fixed lists of needs. Broad classes of people, never a person; reasons as codes, never free text."""

from __future__ import annotations

from reuse_market.kernel.words import N_

PUBLICS = {
    "jobseekers": N_("people looking for work"),
    "families": N_("families"),
    "pupils": N_("pupils"),
    "students": N_("students and apprentices"),
    "elders": N_("older people"),
    "newcomers": N_("people who have just arrived in France"),
    "disabled": N_("people with a disability"),
    "digital": N_("people learning to use a computer"),
    "team": N_("the structure’s own team"),
    "public_room": N_("a room open to all"),
    "others": N_("others"),
}
CLOSINGS = {
    "found": N_("found elsewhere"),
    "over": N_("no longer needed"),
    "double": N_("posted twice"),
    "silent": N_("the structure does not answer"),
    "other": N_("another reason"),
}
DECLINES = {
    "price": N_("too expensive"),
    "fit": N_("not what is needed"),
    "late": N_("too late"),
    "far": N_("too far"),
    "found": N_("found elsewhere"),
    "other": N_("another reason"),
}
WITHDRAWALS = {
    "gone": N_("the devices are no longer available"),
    "mistake": N_("proposed by mistake"),
    "late": N_("they will not be ready in time"),
    "other": N_("another reason"),
}
