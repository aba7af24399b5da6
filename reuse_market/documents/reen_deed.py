"""The sections of a body's REEN sheet, and its words. The rate is not clamped; without a stock there is none.

Facts: giver{name, siret}, year, stock, oriented, per_mille?, target_per_mille?, reached?, unproven, kpi{gift, sale},
outlets[{code, left, counted, missing{why: units}}], excluded{why: units}, typed[{outlet, kind, units, why,
reference, on?}].
"""

from __future__ import annotations

from typing import Any

from reuse_market.kernel import formats

Facts = dict[str, Any]
_FR: dict[str, Any] = {
    "title": "Fiche REEN",
    "kind": "Fiche REEN",
    "giver": "Organisme",
    "pair": "{why} : {n}",
    "siret": "SIRET",
    "year": "Année",
    "rate": "Taux",
    "target": "Cible de l’année",
    "none": "non calculable : aucun appareil réformé en stock au 1er janvier",
    "no_target": "taux non renseigné",
    "reached": "Cible atteinte.",
    "missed": "Cible non atteinte.",
    "sentence": "{oriented} orientés vers le réemploi en {year}, pour {stock} réformés en stock au 1er janvier.",
    "totals": "{devices}",
    "figures_title": "Indicateurs",
    "indicator": "Indicateur",
    "units_short": "Appareils",
    "k_stock": "Réformés en stock au 1er janvier (B)",
    "k_oriented": "Orientés vers le réemploi dans l’année (A)",
    "k_gift": "dont par don",
    "k_sale": "dont par vente",
    "k_unproven": "Sortis sans engagement ou sans preuve, non comptés",
    "outlets_title": "Par destination",
    "outlet": "Destination",
    "left": "Sortis",
    "counted": "Comptés",
    "why": "Pourquoi pas tous",
    "o_public_body": "Autre personne publique",
    "o_gift": "Don",
    "o_staff": "Personnel",
    "o_sale": "Vente",
    "o_domaine": "Vente par le Domaine",
    "o_take_back": "Reprise",
    "o_lease_return": "Retour au loueur",
    "o_": "Sans destination dite",
    "w_scope": "hors catégories DEEE 2° et 6°",
    "w_category_unknown": "catégorie DEEE non renseignée",
    "w_over_ten": "plus de 10 ans à la réforme",
    "w_classified": "support classifié",
    "w_security": "obligation de sécurité",
    "w_uncommitted": "sans engagement préalable du preneur",
    "w_unproven": "réemploi pas encore justifié",
    "w_lease_return": "n’appartenait pas à l’organisme",
    "excluded_title": "Écartés du stock",
    "excluded_none": "Rien n’est écarté.",
    "typed_title": "Lignes saisies hors de la plateforme",
    "t_": "Correction du stock",
    "reference": "Preuve",
    "rules_title": "Comment ce taux est calculé",
    "rules": [
        "Loi 2021-1485 (REEN), article 16 ; décret 2023-266 : taux = A / B × 100.",
        "A : appareils orientés vers le réemploi ou la réutilisation dans l’année. B : appareils réformés en stock au "
        "1er janvier. Le taux peut dépasser 100 %.",
        "Équipements des catégories 2° et 6° de l’article R543-172 du code de l’environnement.",
        "Une vente ou une reprise ne compte que si le preneur s’est engagé avant et peut justifier le réemploi.",
        "Écartés : plus de 10 ans à la date de la réforme, supports classifiés, obligations de sécurité.",
    ],
}
_EN: dict[str, Any] = {
    "title": "REEN sheet",
    "kind": "REEN sheet",
    "giver": "Body",
    "pair": "{why}: {n}",
    "siret": "SIRET",
    "year": "Year",
    "rate": "Rate",
    "target": "Target of the year",
    "none": "not calculable: no discarded device in stock on 1 January",
    "no_target": "rate not provided",
    "reached": "Target reached.",
    "missed": "Target not reached.",
    "sentence": "{oriented} oriented to reuse in {year}, for {stock} discarded and in stock on 1 January.",
    "totals": "{devices}",
    "figures_title": "Indicators",
    "indicator": "Indicator",
    "units_short": "Devices",
    "k_stock": "Discarded and in stock on 1 January (B)",
    "k_oriented": "Oriented to reuse during the year (A)",
    "k_gift": "of which by gift",
    "k_sale": "of which by sale",
    "k_unproven": "Left without commitment or proof, not counted",
    "outlets_title": "By destination",
    "outlet": "Destination",
    "left": "Left",
    "counted": "Counted",
    "why": "Why not all",
    "o_public_body": "Other public body",
    "o_gift": "Gift",
    "o_staff": "Staff",
    "o_sale": "Sale",
    "o_domaine": "Sale by the Domaine",
    "o_take_back": "Take-back",
    "o_lease_return": "Returned to its lessor",
    "o_": "No destination told",
    "w_scope": "outside WEEE categories 2° and 6°",
    "w_category_unknown": "WEEE category not provided",
    "w_over_ten": "over 10 years old when discarded",
    "w_classified": "classified support",
    "w_security": "security obligation",
    "w_uncommitted": "no prior commitment of the taker",
    "w_unproven": "reuse not justified yet",
    "w_lease_return": "was not the body’s own",
    "excluded_title": "Left out of the stock",
    "excluded_none": "Nothing is left out.",
    "typed_title": "Lines typed from outside the platform",
    "t_": "Correction of the stock",
    "reference": "Proof",
    "rules_title": "How this rate is calculated",
    "rules": [
        "Loi 2021-1485 (REEN), article 16; décret 2023-266: rate = A / B × 100.",
        "A: devices oriented to reuse during the year. B: discarded devices in stock on 1 January. The rate may "
        "exceed 100 %.",
        "Equipment of categories 2° and 6° of article R543-172 of the code de l’environnement.",
        "A sale or a take-back counts only if the taker committed beforehand and can justify the reuse.",
        "Left out: over 10 years old at the date of the discard, classified supports, security obligations.",
    ],
}
REEN_WORDS: dict[str, dict[str, Any]] = {"fr": _FR, "en": _EN}


def rate(facts: Facts, words: Facts, lang: str) -> str:
    """« 65 % », or why there is none."""
    return words["none"] if facts["per_mille"] is None else formats.percent(facts["per_mille"], lang)


def rows(facts: Facts, words: Facts, lang: str) -> list[tuple[str, str]]:
    """What stands on the slip."""
    target = facts["target_per_mille"]
    told = words["no_target"] if target is None else formats.percent(target, lang)
    return [
        (words["siret"], facts["giver"]["siret"] or words["unknown"]), (words["year"], str(facts["year"])),
        (words["rate"], rate(facts, words, lang)), (words["target"], told),
    ]  # fmt: skip


def sentence(facts: Facts, words: Facts, devices: Any) -> str:
    """The one sentence first."""
    told = words["sentence"].format(
        oriented=devices(facts["oriented"]), year=facts["year"], stock=devices(facts["stock"])
    )
    if facts["reached"] is None:
        return str(told)
    return f"{told} {words['reached' if facts['reached'] else 'missed']}"


def sections(facts: Facts, words: Facts, lang: str) -> list[Facts]:
    """Indicators, destinations, what is left out, typed lines, the rules."""
    if facts["oriented"] != sum(one["counted"] for one in facts["outlets"]):
        raise TypeError("reen_sheet: the destinations do not add up")
    shown = {
        "stock": facts["stock"], "oriented": facts["oriented"], "gift": facts["kpi"]["gift"],
        "sale": facts["kpi"]["sale"], "unproven": facts["unproven"],
    }  # fmt: skip
    figures = [[words[f"k_{name}"], formats.number(units, lang)] for name, units in shown.items()]
    outlets = [
        [words[f"o_{one['code']}"], formats.number(one["left"], lang), formats.number(one["counted"], lang),
         _whys(one["missing"], words, lang) or "–"]
        for one in facts["outlets"]
    ]  # fmt: skip
    heads = [words[name] for name in ("outlet", "left", "counted", "why")]
    out = _whys(facts["excluded"], words, lang)
    return [
        {"title": words["figures_title"], "table": {
            "heads": [words["indicator"], words["units_short"]], "rows": figures, "numbers": [1],
        }},
        *([{"title": words["outlets_title"], "table": {"heads": heads, "rows": outlets, "numbers": [1, 2]}}]
          if outlets else []),
        {"title": words["excluded_title"], "paras": [out or words["excluded_none"]]},
        *([_typed(facts["typed"], words, lang)] if facts["typed"] else []),
        {"title": words["rules_title"], "points": words["rules"]},
    ]  # fmt: skip


def _whys(found: dict[str, int], words: Facts, lang: str) -> str:
    told = sorted(found.items())
    return ", ".join(
        words["pair"].format(why=words[f"w_{code}"], n=formats.number(n, lang)) for code, n in told
    )


def _typed(lines: list[Facts], words: Facts, lang: str) -> Facts:
    told = [
        [words[f"o_{one['outlet']}"] if one["outlet"] else words["t_"], formats.number(one["units"], lang),
         words[f"w_{one['why']}"] if one["why"] else "–",
         ", ".join(text for text in (one["reference"], one["on"] and formats.date_long(one["on"], lang)) if text)
         or "–"]
        for one in lines
    ]  # fmt: skip
    heads = [words[name] for name in ("outlet", "units_short", "why", "reference")]
    return {"title": words["typed_title"], "table": {"heads": heads, "rows": told, "numbers": [1]}}
