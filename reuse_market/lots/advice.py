"""Where a device had better go, by State practice: advice with its reason and source, never a decision. Pure.

The ten-year rule binds public holders alone (REEN, art. 16); nothing excludes an older device of a company.
"""

from __future__ import annotations

from collections.abc import Collection

MARKET = ("transfer", "gift", "sale")  # these become lots
OUTSIDE = ("staff", "take_back", "lease_return")  # these leave outside the tool, and are written down
RECYCLE = "recycle"  # this becomes a removal request
OUTLETS = (*MARKET, *OUTSIDE, RECYCLE)
DIAGNOSES = ("too_old", "not_repairable", "unsafe", "no_demand", "parts_missing")  # reasons to recycle
REASONS = ("as_advised", "own_policy", "taker_known", "condition", "value", "contract", *DIAGNOSES, "other")
WHY = ("broken", "young", "middle", "old_public", "old_private", "unknown", "above_cap", "nobody")


def advise(age: str, works: str, open_to: Collection[str], *, public: bool) -> tuple[str, str]:
    """(outlet or "", why) for devices of this age (destinations.AGES) and condition (models.WORKS).

    `open_to`: the outlets the law leaves open for their kind and value. Without the year, no advice.
    """
    if works == "broken":
        return RECYCLE, "broken"
    if age == "unknown":
        return "", "unknown"
    if age == "old" and public:
        return RECYCLE, "old_public"
    wanted = ("sale",) if age == "young" else ("transfer", "gift") if public else ("gift",)
    why = "old_private" if age == "old" else age
    for outlet in wanted:
        if outlet in open_to:
            return outlet, why
    return ("sale", "above_cap") if "sale" in open_to and age != "young" else ("", "nobody")


def diagnosis(reason: str, why: str) -> str:
    """The reason to recycle as the removal's diagnosis tells it."""
    if reason in DIAGNOSES:
        return reason
    if reason == "as_advised":
        return "not_repairable" if why == "broken" else "too_old"
    return "other"
