"""Which column of an accounting file says what: proposed from its labels, answered once, remembered. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from reuse_market.fleets.reading.labels import fold, fold_label
from reuse_market.kernel.words import N_
from reuse_market.obligations.agec.categories import LABELS

TARGETS = {
    "day": N_("Date"),
    "category": N_("Category of the declaration"),
    "amount_cents": N_("Amount before tax"),
    "credit_cents": N_("Credit, taken off the amount"),
    "side": N_("Side of the amount: debit (D) or credit (C)"),
    "account": N_("Account, to keep purchases only"),
    "reused_cents": N_("Of which reused (an amount, or yes)"),
    "recycled_cents": N_("Of which with recycled content (an amount, or yes)"),
    "gift_cents": N_("Flat value of a gift of the State’s platform"),
    "supplier": N_("Supplier"),
    "reference": N_("Reference"),
    "comment": N_("Comment"),
}
_LABELS = {
    "day": "date; date facture; date de facture; date piece; date comptable; date d ecriture; date ecriture;"
    " date emission; date mandat; jour; invoice date; ecriture date; piece date",
    "category": "categorie; categorie agec; type produit acquis; type de produit; type produit; category",
    "amount_cents": "montant ht; ht; montant; total ht; montant hors taxe; montant hors taxes; debit;"
    " montant debit; montant total; montant total ht; net amount; amount",
    "credit_cents": "credit; montant credit",
    "side": "sens; sens d c; d c; dc; sens ecriture; sens de l ecriture; sens montant; debit credit; debit ou credit;"
    " side; debit credit indicator",
    "account": "compte num; comptenum; compte; compte general; n compte; no compte; numero de compte; numero compte;"
    " num compte; compte comptable; gl account; account",
    "reused_cents": "reemploi; dont reemploi; montant reemploi; montant reemploi et reutilisation; reutilisation;"
    " occasion; reconditionne; reemploye; reused",
    "recycled_cents": "recycle; dont recycle; montant produits recycles; matieres recyclees; recycled",
    "gift_cents": "don; dons; montant produits issus don; valeur forfaitaire; gift",
    "supplier": "fournisseur; tiers; nom tiers; nom du tiers; nom fournisseur; nom du fournisseur; supplier;"
    " vendor; comp aux lib",
    "reference": "reference; numero facture; numero de facture; no facture; n facture; facture; piece;"
    " numero de piece; no piece; n piece; mandat; numero de mandat; invoice; invoice number; piece ref;"
    " n mandat; no mandat; numero mandat; num mandat; document",
    "comment": "commentaire; commentaires; libelle; objet; designation; description; nature; comment; ecriture lib;"
    " libelle ecriture; libelle de l ecriture; objet du mandat; objet mandat; objet de la depense; intitule",
}
_DATED = re.compile(r"(date|dt)\b(?!.*\b(let|lettrage|valid|validation|echeance|reglement|paiement|fin)\b)")
_BEFORE_TAX = re.compile(r"(mt|mnt|montant|total|prix|somme|base)\b.*\b(ht|h t)$")
_TARGET_OF = {label.strip(): target for target, labels in _LABELS.items() for label in labels.split(";")}
_CATEGORY_OF = {fold(label): code for code, label in LABELS.items()} | {code: code for code in LABELS}


def signature(header: Sequence[str]) -> str:
    """A short digest of the labels in order: the same export gives the same one next year."""
    return hashlib.sha256("\x1f".join(fold_label(label) for label in header).encode()).hexdigest()[:32]


def proposed(header: Sequence[str]) -> dict[str, int]:
    """Target → column, from the labels alone; the first column of a label wins.

    Accounts are for journals, which write each amount on both sides: elsewhere they may be the suppliers'. A date or
    an amount before tax is also told by its first or last word ("Date d'émission", "Mt HT").
    """
    found: dict[str, int] = {}
    folded = [fold_label(label) for label in header]
    for index, label in enumerate(folded):
        target = _TARGET_OF.get(label)
        if target is not None:
            found.setdefault(target, index)
    for target, alike in (("day", _DATED), ("amount_cents", _BEFORE_TAX)):
        if target not in found:
            near = next(
                (i for i, label in enumerate(folded) if alike.match(label) and i not in found.values()), None
            )
            found |= {target: near} if near is not None else {}
    if "credit_cents" not in found and "side" not in found:
        found.pop("account", None)
    return found


def category_of(cell: str) -> str | None:
    """The category a cell names by its official label (accents and case aside) or our code."""
    return _CATEGORY_OF.get(fold(cell)) or _CATEGORY_OF.get(cell.strip())
