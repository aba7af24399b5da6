"""The sections of a lot's file, and its words. Every figure is that of the log at the entry it names.

Facts: giver, takers[], lot_ref, lot_title, size, root, log_name, taken_at, declared, extra, balance[{name, units,
weight_grams}], dates[{at, what, by, units}], erasure{counted, media, clear, purge, destroy, none}, papers[{title,
number, on, sha256}], left_out{dates, papers}.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reuse_market.kernel import formats

Facts = dict[str, Any]
LEVELS = ("clear", "purge", "destroy")
LOT_FILE_WORDS: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Dossier du lot",
        "kind": "Dossier du lot",
        "giver": "Détenteur",
        "takers": "Acteurs du réemploi",
        "nobody": "aucun",
        "at_entry": "Fait à l’entrée",
        "root": "Racine du journal",
        "log": "Journal",
        "totals": "{devices} : chacun est compté une fois ci-dessous.",
        "balance_title": "Ce que sont devenus les appareils",
        "outcome": "Destination",
        "weight": "Poids usuel",
        "sum": "Ensemble",
        "declared": "Déclarés : {declared}. Trouvés en plus : {extra}.",
        "weight_words": "Poids usuel : celui du type d’appareil dans nos tables de référence, pas une pesée.",
        "b_drafted": "En préparation", "b_listed": "À prendre", "b_awarded": "Attribués",
        "b_in_transit": "Enlevés, pas encore reçus", "b_in_workshop": "À l’atelier", "b_in_stock": "En stock",
        "b_provided": "Remis en service", "b_recycled": "Recyclés", "b_waste": "En attente de recyclage",
        "b_parts": "Démontés pour pièces", "b_missing": "Manquants", "b_refused": "Refusés",
        "b_withdrawn": "Retirés par le détenteur", "b_expired": "Sans preneur",
        "erasure_title": "Effacement des données",
        "level": "Méthode (NIST SP 800-88 r2)",
        "media": "Supports",
        "l_clear": "Effacement simple (clear)", "l_purge": "Effacement renforcé (purge)", "l_destroy": "Destruction",
        "l_none": "Sans effacement prouvé",
        "counted": "Supports comptés dans {counted} ; {media} en tout.",
        "dates_title": "Ce qui s’est passé",
        "day": "Jour", "what": "Acte", "by": "Par", "units_short": "Appareils",
        "papers_title": "Documents émis",
        "paper": "Document", "number": "Numéro", "issued": "Émis le",
        "sha256": "Empreintes SHA-256",
        "left_out": "Non repris ici faute de place : {dates} lignes d’actes, {papers} documents ; ils sont dans le "
        "dossier de preuves (ZIP).",
        "holds_title": "Ce que ce dossier prouve, et ce qu’il ne prouve pas",
        "holds": [
            "Les comptes sont ceux des seuls événements du journal jusqu’à l’entrée indiquée ; quiconque a le journal "
            "les recompte.",
            "La racine désigne un point de contrôle signé et publié : rien de ce qui précède n’a été modifié depuis.",
            "Il ne prouve pas que ce qui a été déclaré est vrai, ni ce qui s’est passé ensuite.",
        ],
    },
    "en": {
        "title": "Lot file",
        "kind": "Lot file",
        "giver": "Holder",
        "takers": "Reuse actors",
        "nobody": "none",
        "at_entry": "Made at entry",
        "root": "Root of the log",
        "log": "Log",
        "totals": "{devices}: each is counted once below.",
        "balance_title": "What became of the devices",
        "outcome": "Destination",
        "weight": "Usual weight",
        "sum": "Total",
        "declared": "Declared: {declared}. Found in addition: {extra}.",
        "weight_words": "Usual weight: that of the kind of device in our reference tables, not a weighing.",
        "b_drafted": "In preparation", "b_listed": "To take", "b_awarded": "Awarded",
        "b_in_transit": "Collected, not received yet", "b_in_workshop": "In the workshop", "b_in_stock": "In stock",
        "b_provided": "In use again", "b_recycled": "Recycled", "b_waste": "Awaiting recycling",
        "b_parts": "Dismantled for parts", "b_missing": "Missing", "b_refused": "Refused",
        "b_withdrawn": "Withdrawn by the holder", "b_expired": "Without a taker",
        "erasure_title": "Erasure of data",
        "level": "Method (NIST SP 800-88 r2)",
        "media": "Media",
        "l_clear": "Clear", "l_purge": "Purge", "l_destroy": "Destroy",
        "l_none": "Without a proven erasure",
        "counted": "Media counted in {counted}; {media} in all.",
        "dates_title": "What happened",
        "day": "Day", "what": "Act", "by": "By", "units_short": "Devices",
        "papers_title": "Documents issued",
        "paper": "Document", "number": "Number", "issued": "Issued on",
        "sha256": "SHA-256 fingerprints",
        "left_out": "Left out for want of room: {dates} lines of acts, {papers} documents; they are in the proof "
        "folder (ZIP).",
        "holds_title": "What this file proves, and what it does not",
        "holds": [
            "The counts are those of the journal’s events alone up to the entry named; whoever has the journal counts "
            "them again.",
            "The root names a signed and published checkpoint: nothing before it was altered since.",
            "It does not prove that what was declared is true, nor what happened later.",
        ],
    },
}  # fmt: skip


def rows(facts: Facts, words: Facts, lang: str) -> list[tuple[str, str]]:
    """What stands on the slip."""
    return [
        (words["takers"], ", ".join(facts["takers"]) or words["nobody"]),
        (
            words["at_entry"],
            f"{formats.number(facts['size'], lang)}, {formats.instant(facts['taken_at'], lang)}",
        ),
        (words["log"], facts["log_name"]),
    ]


def sections(facts: Facts, words: Facts, lang: str, devices: Callable[[int], str]) -> list[Facts]:
    """Balance, erasure, acts, papers, what it proves."""
    left = facts["left_out"]
    out = [words["left_out"].format(**left)] if left["dates"] or left["papers"] else []
    acts = [
        [formats.date_long(one["at"], lang), one["what"], one["by"] or "–",
         formats.number(one["units"], lang) if one["units"] else "–"]
        for one in facts["dates"]
    ]  # fmt: skip
    papers = [[one["title"], one["number"], formats.date_long(one["on"], lang)] for one in facts["papers"]]
    return [
        {"title": words["root"], "paras": [facts["root"]]},
        _balance(facts, words, lang),
        _erasure(facts, words, lang, devices),
        {"title": words["dates_title"], "table": {
            "heads": [words[name] for name in ("day", "what", "by", "units_short")], "rows": acts, "numbers": [3],
        }},
        *([{"title": words["papers_title"], "table": {
            "heads": [words[name] for name in ("paper", "number", "issued")], "rows": papers, "numbers": [],
        }}, {"title": words["sha256"], "points": [f"{p['number']} – {p['sha256']}" for p in facts["papers"]]}]
          if papers else []),
        {"title": words["holds_title"], "points": words["holds"], "after": out},
    ]  # fmt: skip


def _balance(facts: Facts, words: Facts, lang: str) -> Facts:
    lines = [
        [words[f"b_{one['name']}"], formats.number(one["units"], lang),
         words["unknown"] if one["weight_grams"] is None else formats.kilos(one["weight_grams"], lang)]
        for one in facts["balance"]
    ]  # fmt: skip
    total = sum(one["units"] for one in facts["balance"])
    if total != facts["declared"] + facts["extra"]:
        raise TypeError("lot_file: a lot that does not add up")
    lines.append([words["sum"], formats.number(total, lang), ""])
    said = words["declared"].format(
        declared=formats.number(facts["declared"], lang), extra=formats.number(facts["extra"], lang)
    )
    heads = [words["outcome"], words["units_short"], words["weight"]]
    return {
        "title": words["balance_title"],
        "table": {"heads": heads, "rows": lines, "numbers": [1, 2]},
        "after": [said, words["weight_words"]],
    }


def _erasure(facts: Facts, words: Facts, lang: str, devices: Callable[[int], str]) -> Facts:
    found = facts["erasure"]
    lines = [[words[f"l_{name}"], formats.number(found[name], lang)] for name in (*LEVELS, "none")]
    said = words["counted"].format(
        counted=devices(found["counted"]), media=formats.number(found["media"], lang)
    )
    return {
        "title": words["erasure_title"],
        "table": {"heads": [words["level"], words["media"]], "rows": lines, "numbers": [1]},
        "after": [said],
    }
