"""What a rule of the self-audit says, for people: its code names a family (before the dot) and a way (after it)."""

from __future__ import annotations

from reuse_market.kernel.words import N_

FAMILIES = {
    "journal": N_("An event, or the chain of a lot, was altered"),
    "log": N_("The register or a checkpoint was altered"),
    "replay": N_("The database does not hold what the journal tells"),
    "offers": N_("The catalogue does not show what is ready"),
}
WAYS = {
    "told": N_("The database does not hold what the journal tells"),
    "balance": N_("A count does not add up"),
    "custody": N_("A device is not with whom it should be"),
}
OTHER = N_("A rule that is never broken is broken")


def rule_said(rule: str) -> str:
    """The sentence (msgid) of a rule of the self-audit."""
    family, _dot, way = rule.partition(".")
    return FAMILIES.get(family) or WAYS.get(way, OTHER)
