"""The sections of the erasure certificate: fields of NIST SP 800-88 r2, per storage medium.

Facts: giver, taker?, lot_ref?, policy, proven, missing[], issued_by, devices[{label, code, serial, tag, count,
seen_how, media[{kind, maker, model, serial, size_mb, property_number, media_source, confidentiality, method, technique,
tool, tool_version, passes, verification, result, errors, hidden_areas, erased_at, operator[name, title, place],
validator[same], validated_on, destination, report_number, report_sha256, exception, removed}]}].
"""

from __future__ import annotations

from typing import Any

from reuse_market.kernel import formats

Facts = dict[str, Any]
IN_FULL = (
    12  # media told field by field; beyond, one line each, the rest in the list that goes with the paper
)


def media(facts: Facts) -> list[tuple[Facts, Facts]]:
    """(device, medium) of the whole paper."""
    return [(device, medium) for device in facts["devices"] for medium in device["media"]]


def sections(facts: Facts, words: Facts, lang: str) -> list[Facts]:
    """What is withdrawn, each device with its media, what the paper proves and what it does not."""
    found: list[Facts] = []
    if not facts["proven"]:
        points = facts["missing"] or [words["not_known"]]
        found.append({"title": words["withdrawn"], "paras": [words["withdrawn_words"]], "points": points})
    if len(media(facts)) <= IN_FULL and len(facts["devices"]) <= IN_FULL:
        for device in facts["devices"]:
            found += _device(device, words, lang)
    else:
        found.append(_listed(facts, words, lang))
    if facts["proven"]:
        found.append({"title": words["proves"], "points": words["proves_points"]})
    found.append({"title": words["proves_not"], "points": words["proves_not_points"]})
    return found


def rows(facts: Facts, words: Facts) -> list[tuple[str, str]]:
    """What stands on the slip."""
    return [
        (words["asked"], words[f"policy_{facts['policy']}"]),
        (words["state"], words["proven_yes" if facts["proven"] else "proven_no"]),
        (words["issued_by"], facts["issued_by"] or words["not_known"]),
        (words["standard"], "NIST SP 800-88 r2"),
    ]


def _device(device: Facts, words: Facts, lang: str) -> list[Facts]:
    name = ", ".join(part for part in (
        device["label"], formats.code(device["code"]) if device["code"] else "", device["serial"] or "",
        device["tag"] or "",
    ) if part)  # fmt: skip
    if not device["media"]:
        seen = words["none_words"].format(how=device["seen_how"] or words["not_known"])
        return [{"title": name, "paras": [seen]}]
    made = []
    for number, medium in enumerate(device["media"], 1):
        title = words["medium_title"].format(device=name, number=number, count=len(device["media"]))
        made.append({"title": title, "rows": _medium(medium, words, lang)})
    return made


def _medium(medium: Facts, words: Facts, lang: str) -> list[tuple[str, str]]:
    """Each field in the order of the standard's sample; a field nobody stated says so."""
    size = f"{formats.number(medium['size_mb'], lang)} {words['mb']}" if medium["size_mb"] else ""
    errors = medium["errors"]
    kept: list[tuple[str, Any]] = [
        ("m_kind", medium["kind"]), ("m_maker", medium["maker"]), ("m_model", medium["model"]),
        ("m_serial", medium["serial"]), ("m_size", size), ("m_property", medium["property_number"]),
        ("m_source", medium["media_source"]), ("m_confidentiality", medium["confidentiality"]),
        ("m_method", words[f"method_{medium['method']}"]), ("m_technique", medium["technique"]),
        ("m_tool", " ".join(filter(None, (medium["tool"], medium["tool_version"])))),
        ("m_passes", "" if medium["passes"] is None else str(medium["passes"])),
        ("m_verification", medium["verification"]), ("m_result", medium["result"]),
        ("m_errors", "" if errors is None else formats.number(errors, lang)),
        ("m_hidden", medium["hidden_areas"]), ("m_exception", medium["exception"]),
        ("m_operator", ", ".join(filter(None, medium["operator"]))),
        ("m_erased", formats.instant(medium["erased_at"], lang)),
        ("m_validator", ", ".join(filter(None, medium["validator"]))),
        ("m_validated", formats.date_long(medium["validated_on"], lang) if medium["validated_on"] else ""),
        ("m_destination", medium["destination"]), ("m_number", medium["report_number"]),
        ("m_report", medium["report_sha256"]),
    ]  # fmt: skip
    optional = {"m_exception"}
    return [
        (words[name], value or words["not_known"]) for name, value in kept if value or name not in optional
    ]


def _listed(facts: Facts, words: Facts, lang: str) -> Facts:
    """One line a medium, and a line for each device that has none."""
    lines = []
    for device in facts["devices"]:
        bears = device["serial"] or device["tag"] or formats.code(device["code"] or "") or device["label"]
        for medium in device["media"]:
            day = formats.date_long(medium["erased_at"], lang)
            lines.append([bears, medium["serial"] or "–", medium["technique"], medium["result"], day])
        if not device["media"]:
            lines.append([bears, words["none_short"], "–", "–", "–"])
    heads = [words[name] for name in ("h_device", "h_medium", "m_technique", "m_result", "h_day")]
    return {
        "title": words["list_title"],
        "paras": [words["list_words"]],
        "dense": {"heads": heads, "rows": lines, "across": 1},
    }
