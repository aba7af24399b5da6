"""The sections of the loading safety protocol: the place, what each side says, who signed and when."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel import formats

Facts = dict[str, Any]
ACCESS = (("dock", "has_dock"), ("lift", "has_lift"), ("tail", "needs_tail_lift"))


def place(facts: Facts, words: Facts) -> Facts:
    """What the place is like, as both have signed it."""
    said = facts["place"]
    address = f"{said['street']}, {said['postcode']} {said['commune_name']}".removeprefix(", ")
    access = ", ".join(words[f"{name}_{said[column]}"] for name, column in ACCESS)
    height = f"{said['height_limit_cm']} cm" if said["height_limit_cm"] else words["unknown"]
    hours = " – ".join(text for text in (said["hours_said"], said["hours"]) if text)
    contact = ", ".join(text for text in (said["contact_name"], said["contact_phone"]) if text)
    rows = [
        (words["site"], f"{said['name']}, {address}"), (words["access"], access),
        (words["floor"], said["floor"] or words["unknown"]), (words["height"], height),
        (words["hours"], hours or words["unknown"]), (words["contact"], contact or words["unknown"]),
    ]  # fmt: skip
    if said["access_note"]:
        rows.append((words["note"], said["access_note"]))
    return {"title": words["place"], "rows": rows}


def rules(facts: Facts, words: Facts, lang: str) -> list[Facts]:
    """What each side says of its own, who signed it and when."""
    return [
        {
            "title": words[f"{side}_rules"],
            "paras": [one["text"]],
            "after": [words["signed"].format(by=one["by"], on=formats.instant(one["on"], lang))],
        }
        for side, one in facts["rules"].items()
    ]
