"""Which column of an accounting file says what: proposed from its labels, answered once, remembered. Pure."""

from __future__ import annotations

import hashlib
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
    "reused_cents": "reemploi; dont reemploi; montant reemploi; montant reemploi et reutilisation; reutilisation;"
    " occasion; reconditionne; reemploye; reused",
    "recycled_cents": "recycle; dont recycle; montant produits recycles; matieres recyclees; recycled",
    "gift_cents": "don; dons; montant produits issus don; valeur forfaitaire; gift",
    "supplier": "fournisseur; tiers; nom tiers; nom du tiers; nom fournisseur; nom du fournisseur; supplier;"
    " vendor; comp aux lib",
    "reference": "reference; numero facture; numero de facture; no facture; n facture; facture; piece;"
    " numero de piece; no piece; n piece; mandat; numero de mandat; invoice; invoice number; piece ref",
    "comment": "commentaire; commentaires; libelle; objet; designation; description; nature; comment; ecriture lib",
}
_TARGET_OF = {label.strip(): target for target, labels in _LABELS.items() for label in labels.split(";")}
_CATEGORY_OF = {fold(label): code for code, label in LABELS.items()} | {code: code for code in LABELS}


def signature(header: Sequence[str]) -> str:
    """A short digest of the labels in order: the same export gives the same one next year."""
    return hashlib.sha256("\x1f".join(fold_label(label) for label in header).encode()).hexdigest()[:32]


def proposed(header: Sequence[str]) -> dict[str, int]:
    """Target → column, from the labels alone; the first column of a label wins."""
    found: dict[str, int] = {}
    for index, label in enumerate(header):
        target = _TARGET_OF.get(fold_label(label))
        if target is not None:
            found.setdefault(target, index)
    return found


def category_of(cell: str) -> str | None:
    """The category a cell names by its official label (accents and case aside) or our code."""
    return _CATEGORY_OF.get(fold(cell)) or _CATEGORY_OF.get(cell.strip())
