"""Deeds: papers made of sections. What each needs, and its sections worked out from language-neutral facts.

A text that depends on the reader's language is a pair {"fr", "en"} in the facts: one issued paper can be read in
both. Party: {name, legal, siret?, rna?, address?}. Line: {number, label, units, value_cents?, value_how?}.

- transfer_agreement: giver, taker, regime, article, lot_ref, claim_ref, lines[], undertaking? {version, points[],
  on}, erased_by, policy, place{address}, window{from_on?, until_on?}.
- undertaking: giver, taker, lot_ref, claim_ref, units, undertaking {version, source, points[], on, by}.
- decision_annex: giver, taker?, article?, lot_ref, claim_ref?, decided[{number, by, on?}]?, lines[+ devices[[serial,
  tag]]]; above LISTED devices
  the list is left to the CSV file.
- erasure_mandate: giver, taker, lot_ref, claim_ref, lines[], policy.
- loading_protocol: giver, taker, protocol_ref, place{…the site}, rules{host, carrier: {text, by, on}}.
- erasure_certificate: erasure_deed.py. lot_file: lot_file_deed.py. reen_sheet: reen_deed.py.
- gift_statement: giver, taker, lot_ref?, given_on, paper_ref, lines[{label, units}], weight_grams?.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reuse_market.documents import erasure_deed, lot_file_deed, protocol_deed, reen_deed
from reuse_market.kernel import formats

Facts = dict[str, Any]
Words = dict[str, Any]
LISTED = 1000  # devices of an annex listed one by one; what keeps it under 150 kB


def spoken(facts: Any, lang: str) -> Any:
    """A copy where each pair {"fr", "en"} is the text of the language."""
    if isinstance(facts, dict):
        if facts.keys() == {"fr", "en"}:
            return facts[lang]
        return {key: spoken(value, lang) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [spoken(value, lang) for value in facts]
    return facts


def agreement(facts: Facts, words: Words, lang: str) -> Facts:
    """The transfer agreement's sections; the public one has another title and subject."""
    public = facts["regime"] == "public_transfer"
    devices = _devices(facts, words, lang)
    said = facts.get("undertaking")
    use = {"title": words["use"], "paras": [words["use_none"]]}
    if said:
        given = words["use_given"].format(on=formats.date_long(said["on"], lang), version=said["version"])
        use = {"title": words["use"], "paras": [given], "points": said["points"]}
    policy = words[f"policy_{facts['policy'] or 'none'}"]
    article = facts["article"]
    basis = words["basis_words"].format(article=article) if article else words["basis_unknown"]
    subject = words["subject_public" if public else "subject_free"].format(
        devices=devices, lot=facts["lot_ref"]
    )
    erased = words["data_actor" if facts["erased_by"] == "reuse_actor" else "data_holder"].format(
        policy=policy
    )
    place = facts["place"]["address"].replace("\n", ", ") or words["unknown"]
    collected = words["pickup_words"].format(place=place, window=_window(facts["window"], words, lang))
    return _deed(facts, words, lang, [
        *_parties(facts, words),
        {"title": words["subject"], "paras": [subject, basis]},
        _valued(facts, words, lang),
        use,
        {"title": words["data"], "paras": [erased]},
        {"title": words["pickup"], "paras": [collected, words["pickup_costs"]]},
        {"title": words["property"], "paras": [words["property_words"], words["handed"]]},
        _to_fill(words, "decision", "place_date"),
    ], signed=True)  # fmt: skip


def undertaking(facts: Facts, words: Words, lang: str) -> Facts:
    """The undertaking: its text, who accepted it and when."""
    said = facts["undertaking"]
    devices = _counted(words, facts["units"], lang)
    return _deed(facts, words, lang, [
        {"title": words["text"], "points": said["points"]},
        {"title": words["basis"], "paras": [
            said["source"],
            words["subject"].format(devices=devices, lot=facts["lot_ref"]),
            words["how"].format(claim=facts["claim_ref"]),
        ]},
    ], rows=[
        (words["given_on"], formats.instant(said["on"], lang)), (words["given_by"], said["by"]),
        (words["version"], said["version"]),
    ]) | {"stub_lines": [devices], "totals_words": ""}  # fmt: skip


def annex(facts: Facts, words: Words, lang: str) -> Facts:
    """The annex to a decision: values by line, then every serial number and asset tag."""
    sections = [_valued(facts, words, lang)]
    named = [pair for line in facts["lines"] for pair in line["devices"] if pair[0] or pair[1]]
    if len(named) > LISTED:
        paras = [words["long"].format(devices=_devices(facts, words, lang))]
        sections.append({"title": words["list"], "paras": paras})
    else:
        sections += [_listed(line, words, lang) for line in facts["lines"]]
    serials = sum(1 for serial, _tag in named if serial)
    totals = words["totals"].format(
        devices=_devices(facts, words, lang), serials=formats.number(serials, lang)
    )
    rows = [(words["basis"], facts["article"])] if facts.get("article") else []
    rows += [(words["decision"], _decided(one, lang)) for one in facts.get("decided", ())]
    to_fill = [] if facts.get("decided") else [_to_fill(words, "decision")]
    made = _deed(facts, words, lang, [*sections, *to_fill], rows=rows)
    return made | {"totals_words": totals}


def _decided(one: Facts, lang: str) -> str:
    """« 2026-118, 4 mars 2026, conseil municipal »: what is known of a decision."""
    day = formats.date_long(one["on"], lang) if one.get("on") else ""
    return ", ".join(text for text in (one["number"], day, one["by"]) if text)


def mandate(facts: Facts, words: Words, lang: str) -> Facts:
    """The erasure mandate: what GDPR art. 28 wants said between controller and processor."""
    devices = _devices(facts, words, lang)
    orders = words["orders"].format(policy=words[f"policy_{facts['policy'] or 'none'}"])
    subject = words["subject"].format(devices=devices, lot=facts["lot_ref"])
    return _deed(facts, words, lang, [
        *_parties(facts, words),
        {"title": words["s_subject"], "paras": [subject, words["duration"]]},
        {"title": words["s_nature"], "paras": [words["nature"], words["categories"]]},
        {"title": words["s_orders"], "paras": [orders], "points": words["order_points"]},
        {"title": words["s_duties"], "points": words["duty_points"]},
        {"title": words["s_others"], "paras": [words["others"]]},
        {"title": words["s_end"], "paras": [words["end"], words["audit"]]},
        {"title": words["devices_title"], "table": _table(words, [
            [line["label"], formats.number(line["units"], lang)] for line in facts["lines"]
        ])},
    ], signed=True)  # fmt: skip


def gift(facts: Facts, words: Words, lang: str) -> Facts:
    """The gift statement: a physical description, no value, and what it is not."""
    rows = [
        (words["given_on"], formats.date_long(facts["given_on"], lang)),
        (words["paper"], facts["paper_ref"]),
    ]
    if facts.get("weight_grams"):
        rows.append((words["mass"], formats.kilos(facts["weight_grams"], lang)))
    return _deed(facts, words, lang, [
        *_parties(facts, words),
        {"title": words["devices_title"], "paras": [words["subject"]], "table": _table(words, [
            [line["label"], formats.number(line["units"], lang)] for line in facts["lines"]
        ])},
        {"title": words["no_value"], "paras": [words["no_value_words"], words["receipt"]]},
    ], rows=rows, signed=True)  # fmt: skip


def protocol(facts: Facts, words: Words, lang: str) -> Facts:
    """The loading safety protocol: the place, and what each side says and has signed."""
    sections = [*_parties(facts, words), protocol_deed.place(facts, words)]
    rows = [
        (words["protocol"], facts["protocol_ref"]), (words["basis"], words["basis_words"]),
        (words["validity"], words["validity_words"]),
    ]  # fmt: skip
    return _deed(facts, words, lang, [*sections, *protocol_deed.rules(facts, words, lang)], rows=rows)


def erasure(facts: Facts, words: Words, lang: str) -> Facts:
    """The erasure certificate of one device or several: erasure_deed.py."""
    count = len(erasure_deed.media(facts))
    devices, media = _counted(words, len(facts["devices"]), lang), _counted(words, count, lang, "media_count")
    made = _deed(
        facts, words, lang, erasure_deed.sections(facts, words, lang), rows=erasure_deed.rows(facts, words)
    )
    total = words["total"].format(devices=devices, media=media)
    return made | {"stub_lines": [devices, media], "totals_words": total}


def lot_file(facts: Facts, words: Words, lang: str) -> Facts:
    """The life of a lot at an entry of the log: lot_file_deed.py."""
    devices = _counted(words, facts["declared"] + facts["extra"], lang)
    sections = lot_file_deed.sections(facts, words, lang, lambda n: _counted(words, n, lang))
    made = _deed(facts, words, lang, sections, rows=lot_file_deed.rows(facts, words, lang))
    return made | {"stub_lines": [devices], "totals_words": words["totals"].format(devices=devices)}


def reen_sheet(facts: Facts, words: Words, lang: str) -> Facts:
    """A public body's REEN rate of a year: reen_deed.py."""
    made = _deed(
        facts, words, lang, reen_deed.sections(facts, words, lang), rows=reen_deed.rows(facts, words, lang)
    )
    said = reen_deed.sentence(facts, words, lambda n: _counted(words, n, lang))
    return made | {"stub_lines": [reen_deed.rate(facts, words, lang)], "totals_words": said}


def _deed(
    facts: Facts, words: Words, lang: str, sections: list[Facts], *,
    rows: list[tuple[str, str]] | None = None, signed: bool = False,
) -> Facts:  # fmt: skip
    devices = _devices(facts, words, lang) if "lines" in facts else ""
    taker = [(words["taker"], facts["taker"]["name"])] if facts.get("taker") else []
    heads = [(words["giver"], facts["giver"]["name"]), *taker]
    references = [
        (words[name], facts[f"{name}_ref"]) for name in ("lot", "claim") if facts.get(f"{name}_ref")
    ]
    return {
        "stub_lines": [devices] if devices else [],
        "rows": [*heads, *references, *(rows or [])],
        "totals_words": words["totals"].format(devices=devices, serials="") if "totals" in words else "",
        "sections": sections,
        "signers": [{"role": words["giver"]}, {"role": words["taker"]}] if signed else [],
    }


def _parties(facts: Facts, words: Words) -> list[Facts]:
    sections = []
    for role in ("giver", "taker"):
        party = facts[role]
        rows = [(words["identity"], party["legal"])]
        rows += [(words[name], party[name]) for name in ("siret", "rna") if party.get(name)]
        if not (party.get("siret") or party.get("rna")):
            rows.append((words["siret"], words["to_fill"]))
        rows.append((words["address"], (party.get("address") or "").replace("\n", ", ")))
        rows.append((words["represented"], words["to_fill"]))
        sections.append({"title": f"{words[role]} – {party['name']}", "rows": rows})
    return sections


def _valued(facts: Facts, words: Words, lang: str) -> Facts:
    """The lines with their estimated value; a total only when every line has one."""
    rows, total, hows = [], 0, []
    for line in facts["lines"]:
        value = line.get("value_cents")
        rows.append([
            line["label"], formats.number(line["units"], lang),
            "" if value is None else formats.euros(value, lang),
            "" if value is None else formats.euros(value * line["units"], lang),
        ])  # fmt: skip
        total += (value or 0) * line["units"]
        if line.get("value_how") and line["value_how"] not in hows:
            hows.append(line["value_how"])
    known = all(line.get("value_cents") is not None for line in facts["lines"])
    told = words["value_total"].format(amount=formats.euros(total, lang)) if known else words["value_unknown"]
    how = [words["value_how"].format(how=", ".join(hows))] if hows else []
    heads = [words[name] for name in ("device_line", "units", "unit_value", "line_value")]
    table = {"heads": heads, "rows": rows, "numbers": [1, 2, 3]}
    return {"title": words["devices_title"], "table": table, "after": [told, *how]}


def _listed(line: Facts, words: Words, lang: str) -> Facts:
    """The devices of a line: serial number and asset tag side by side, two devices to a row."""
    rows = [[serial or "–", tag or "–"] for serial, tag in line["devices"] if serial or tag]
    bare = line["units"] - len(rows)
    title = words["list_line"].format(number=line["number"], label=line["label"])
    tagged = any(tag for _serial, tag in line["devices"])
    heads = [words["serial"], words["tag"]] if tagged else [words["serial"]]
    cells = rows if tagged else [[serial] for serial, _tag in rows]
    after = [_counted(words, bare, lang, "bare")] if bare > 0 else []
    dense = {"heads": heads, "rows": cells, "across": 2 if tagged else 4} if cells else None
    return {"title": title, "dense": dense, "after": after}


def _table(words: Words, rows: list[list[str]]) -> Facts:
    return {"heads": [words["device_line"], words["units"]], "rows": rows, "numbers": [1]}


def _to_fill(words: Words, *names: str) -> Facts:
    return {"title": words["by_paper"], "rows": [(words[name], words["to_fill"]) for name in names]}


def _window(window: Facts, words: Words, lang: str) -> str:
    start, end = window.get("from_on"), window.get("until_on")
    if not start or not end:
        return str(words["window_open"])
    return str(words["window"].format(start=formats.date_long(start, lang), end=formats.date_long(end, lang)))


def _devices(facts: Facts, words: Words, lang: str) -> str:
    return _counted(words, sum(line["units"] for line in facts["lines"]), lang)


def _counted(words: Words, n: int, lang: str, name: str = "devices_count") -> str:
    form = "one" if n == 1 or (n == 0 and lang == "fr") else "other"
    return str(words[name][form].format(n=formats.number(n, lang)))


# template: (facts without which there is no paper, what works its sections out)
DEEDS: dict[str, tuple[str, Callable[[Facts, Words, str], Facts]]] = {
    "transfer_agreement": (
        "giver taker regime article lot_ref claim_ref lines erased_by policy place window", agreement,
    ),
    "undertaking": ("giver taker lot_ref claim_ref units undertaking", undertaking),
    "decision_annex": ("giver lot_ref lines", annex),
    "erasure_mandate": ("giver taker lot_ref claim_ref lines policy", mandate),
    "loading_protocol": ("giver taker protocol_ref place rules", protocol),
    "gift_statement": ("giver taker given_on paper_ref lines", gift),
    "erasure_certificate": ("giver policy proven missing issued_by devices", erasure),
    "lot_file": (
        "giver takers lot_ref size root log_name taken_at declared extra balance dates erasure papers left_out",
        lot_file,
    ),
    "reen_sheet": (
        "giver year stock oriented per_mille target_per_mille reached unproven kpi outlets excluded typed", reen_sheet,
    ),
}  # fmt: skip
