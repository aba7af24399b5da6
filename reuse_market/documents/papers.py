"""What each paper needs, and the sentences worked out from its facts.

Facts are JSON: names, texts, ISO dates, integers; never a formatted date or weight (formats.py does that).
Every paper takes `made_at`, and `link` when its QR code should lead elsewhere than to its verification.

- handover_note: holder{name}, actor{name, plate?}, site{address}, slot{from_at, to_at}, pickup_ref,
  lot_refs[], lines[{label, planned, taken, missing, refused, extra}], taken[{code?, label, serial?}],
  containers[{label, code, seal, declared, counted, weight_grams}]?, revisions[{number, reference, asked_by,
  answered_by, at, reason}]?, missing[{code?, label, reason}], refused[same], extra[{code?, label}], weight_grams?,
  remark?, driver{name, signed_at?, how?}, contact{same}; how: "link" or the usual way; countersign_until?
  (the contact has
  not signed yet, and may by a link until then). Extra is inside taken: planned + extra = taken +
  missing + refused on each line.
- pickup_order: holder{name}, actor{name, plate?}, site{address, access?}, contact{name, phone?}, slot,
  pickup_ref, lot_refs[], lines[{label, planned, weight_grams?}], units[{code, label}], driver{name}?,
  remark?, weight_grams?.
- reservation_slip: provider{name}, beneficiary{name}, place{address}, handed_on (null before),
  reservation_ref, act, units[{code, label, condition, price_cents?}], statements[]?, warranty?,
  giver{name, signed_at?}, receiver{name, signed_at?, how?}; how: "account" (signed in) or "code".
  No price at all: no price column (gift, loan).
- quote: seller{name, siret?, address?}, buyer{name, siret?}, valid_until_on, scheme (standard, exempt, margin),
  lines[{label, units, price_cents, total_cents}], net_cents, gross_cents (null: rate not known), per_mille
  (null: none), statements[]?, papers[]?, terms[]?, attestations[]?, missing[]?, asked_from[]? (sentences),
  reservation_ref?, order_number?.
- purchase_order: as a quote, with siret, ordered_on, reservation_ref, and service_code, commitment, reference,
  delivery (words) where there are.
- delivery_note: sender{name}, receiver{name}, place{address}, shipment_ref, lot_refs[], sent_at, answered_at?,
  transfer (none, sale, gift), price_cents?, weight_grams?, commitments[], to_erase, remark?, units[{code?, label,
  serial?, outcome? (received, refused, missing), reason?}]: once answered, sent = received + refused + missing.
- label_sheet: format (label_formats.FORMATS), start? (place of the first label on a partly used sheet, from 1),
  labels[{code, label, url}].
- agreements, undertakings, annexes, mandates, gift statements: deeds.py.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from reuse_market.documents import delivery_paper
from reuse_market.documents.deeds import DEEDS
from reuse_market.documents.label_formats import FORMATS
from reuse_market.documents.words import counted
from reuse_market.kernel import formats

Facts = dict[str, Any]
SPREAD = 150  # devices a handover note lists in full width; beyond, they go side by side
Worked = Callable[[Facts, dict[str, Any], str], Facts]


class FactsMissing(ValueError):
    """The caller's facts lack a part or contradict themselves: a fault of the code, never a person's."""


def worked_out(template: str, facts: Facts, words: dict[str, Any], lang: str) -> Facts:
    """The template's sentences beyond the facts themselves. FactsMissing when a fact is absent."""
    needed, work = PAPERS[template]
    missing = [name for name in ("made_at", *needed.split()) if name not in facts]
    if missing:
        raise FactsMissing(f"{template}: missing facts {', '.join(missing)}")
    try:
        return work(facts, words, lang)
    except (KeyError, TypeError) as error:
        raise FactsMissing(f"{template}: {error!r} in the facts") from error


def qr(text: str) -> str:
    """A QR code as one SVG path; error correction M, quiet zone of 2 modules inside a white ground."""
    out = io.BytesIO()
    import segno  # loaded by who draws

    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, light="#fff", xmldecl=False)
    return out.getvalue().decode()


def _handover_note(facts: Facts, words: dict[str, Any], lang: str) -> Facts:
    totals = dict.fromkeys(("planned", "taken", "missing", "refused", "extra"), 0)
    for line in facts["lines"]:
        if line["planned"] + line["extra"] != line["taken"] + line["missing"] + line["refused"]:
            raise FactsMissing(f"handover_note: the counts of {line['label']!r} do not add up")
        for name in totals:
            totals[name] += line[name]
    said = {name: counted(words, f"n_{name}", n, lang) for name, n in totals.items()}
    return {
        "stub_lines": [counted(words, "devices_count", totals["taken"], lang), *_weight(facts, lang)],
        "day_words": _slot(facts["slot"], words, lang),
        "totals_words": words["totals_extra" if totals["extra"] else "totals"].format(**said),
        "driver_signed": _signed(facts["driver"], words, lang),
        "contact_signed": _signed(facts["contact"], words, lang),
        "waits": words["waits"].format(until=formats.instant(facts["countersign_until"], lang))
        if facts.get("countersign_until")
        else "",
        "containers": [
            [
                each["label"],
                each["seal"] or "–",
                _weighed(each, lang),
                each["declared"],
                "–" if each["counted"] is None else each["counted"],
            ]
            for each in facts.get("containers", [])
        ],
        "revisions": [
            words["revision_words"].format(**each, instant=formats.instant(each["at"], lang))
            for each in facts.get("revisions", [])
        ],
        "groups": _grouped(facts["taken"]) if len(facts["taken"]) > SPREAD else [],
    }


def _grouped(taken: list[Facts]) -> list[Facts]:
    """Many devices in little room: by label, each a code and a serial number."""
    groups: dict[str, list[list[str]]] = {}
    for unit in taken:
        shown = [formats.code(unit.get("code") or "–"), unit.get("serial") or "–"]
        groups.setdefault(unit["label"], []).append(shown)
    return [{"label": label, "rows": rows} for label, rows in groups.items()]


def _pickup_order(facts: Facts, words: dict[str, Any], lang: str) -> Facts:
    planned = sum(line["planned"] for line in facts["lines"])
    return {
        "stub_lines": [counted(words, "devices_count", planned, lang), *_weight(facts, lang)],
        "day_words": _slot(facts["slot"], words, lang),
    }


def _reservation_slip(facts: Facts, words: dict[str, Any], lang: str) -> Facts:
    devices = counted(words, "devices_count", len(facts["units"]), lang)
    prices = [unit["price_cents"] for unit in facts["units"] if unit.get("price_cents") is not None]
    total = formats.euros(sum(prices), lang)
    return {
        "stub_lines": [devices],
        "day_words": formats.date_long(facts["handed_on"], lang) if facts["handed_on"] else words["not_yet"],
        "priced": bool(prices),
        "totals_words": words["totals_price" if prices else "totals"].format(devices=devices, price=total),
        "giver_signed": _signed(facts["giver"], words, lang),
        "receiver_signed": _signed(facts["receiver"], words, lang),
    }


def _quote(facts: Facts, words: dict[str, Any], lang: str) -> Facts:
    net, gross, scheme = facts["net_cents"], facts["gross_cents"], facts["scheme"]
    if sum(line["total_cents"] for line in facts["lines"]) != net:
        raise FactsMissing("quote: the lines do not add up")
    rate = formats.percent(facts["per_mille"], lang) if facts["per_mille"] is not None else ""
    devices = counted(words, "devices_count", sum(line["units"] for line in facts["lines"]), lang)
    paid = formats.euros(net if gross is None else gross, lang)
    taxed = scheme == "standard" and net > 0
    if taxed:
        rows = [[words["net"], formats.euros(net, lang)]]
        if gross is not None:
            rows += [[words["vat"].format(rate=rate), formats.euros(gross - net, lang)]]
            rows += [[words["gross"], paid]]
    else:
        rows = [[words["to_pay"], paid]]
    mention = ("unknown" if gross is None else "standard") if taxed else scheme
    return {
        "stub_lines": [devices],
        "unit_price": words["unit_net" if taxed else "unit_one"],
        "line_price": words["line_net" if taxed else "line_one"],
        "total_rows": rows,
        "vat_words": words[f"vat_{mention}" if net else "vat_free"].format(rate=rate),
        "totals_words": words["totals_gross" if taxed and gross is not None else "totals"].format(
            devices=devices, price=paid
        ),
    }


def _label_sheet(facts: Facts, words: dict[str, Any], _lang: str) -> Facts:
    chosen, start = FORMATS.get(facts["format"]), facts.get("start", 1)
    if chosen is None or not 1 <= start <= chosen.per_sheet:
        raise FactsMissing(f"label_sheet: format {facts['format']!r} from {start!r}")
    width, height = chosen.page
    return {
        "sheet": {
            "width": width,
            "height": height,
            "label": [chosen.width, chosen.height],
            "places": [
                [chosen.left + column * chosen.across, chosen.top + row * chosen.down]
                for row in range(chosen.rows)
                for column in range(chosen.columns)
            ],
            "skip": start - 1,
        },
        "labels": [
            {
                "qr": qr(each["url"]),
                "alt": words["qr"].format(address=each["url"]),
                "code_shown": formats.code(each["code"]),
                "label": each["label"],
            }
            for each in facts["labels"]
        ],
    }


def _delivery_note(facts: Facts, words: dict[str, Any], lang: str) -> Facts:
    return delivery_paper.worked_out(facts, words, lang, counted)


def _weighed(each: Facts, lang: str) -> str:
    return formats.kilos(each["weight_grams"], lang) if each["weight_grams"] is not None else "–"


def _weight(facts: Facts, lang: str) -> list[str]:
    return [formats.kilos(facts["weight_grams"], lang)] if facts.get("weight_grams") is not None else []


def _slot(slot: Facts, words: dict[str, Any], lang: str) -> str:
    start, end = slot["from_at"], slot["to_at"]
    parts = {
        "day": formats.date_long(start, lang),
        "from": formats.clock(start, lang),
        "to": formats.clock(end, lang),
    }
    return str(words["slot"].format(**parts))


def _signed(signer: Facts, words: dict[str, Any], lang: str) -> str:
    if not signer.get("signed_at"):
        return ""
    return str(words["signed"].format(instant=formats.instant(signer["signed_at"], lang)))


# template: (facts without which there is no paper, what works its sentences out)
PAPERS: dict[str, tuple[str, Worked]] = {
    "handover_note": (
        "holder actor site slot pickup_ref lot_refs lines taken missing refused extra driver contact",
        _handover_note,
    ),
    "pickup_order": ("holder actor site contact slot pickup_ref lot_refs lines units", _pickup_order),
    "reservation_slip": (
        "provider beneficiary place handed_on reservation_ref act units giver receiver",
        _reservation_slip,
    ),
    "quote": (
        "seller buyer valid_until_on scheme lines net_cents gross_cents per_mille",
        _quote,
    ),
    "purchase_order": (
        "seller buyer siret ordered_on reservation_ref scheme lines net_cents gross_cents per_mille",
        _quote,
    ),
    "label_sheet": ("format labels", _label_sheet),
    "delivery_note": (delivery_paper.NEEDED, _delivery_note),
    **DEEDS,
}
