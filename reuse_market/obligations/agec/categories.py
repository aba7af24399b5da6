"""The 17 categories of products of the yearly declaration, in its order (arrêté du 29 février 2024).

Labels are those of the official Table Schema v0.1.0 (datagouv/schema-declaration-biens-reemploi-reutilisation-
recycle), never translated. Codes are ours; those that devices fall under are in regimes (`agec_category`).
"""

from __future__ import annotations

LABELS = {
    "textiles": "Produits textiles à l'exception des équipements de protection individuels",
    "it_telephony": "Matériel informatique et téléphonie",
    "reprography": "Matériel de reprographie et d'impression",
    "print_supplies": "Consommables d'impression",
    "paper": "Papier",
    "office_supplies": "Fournitures de bureau",
    "transport": "Engins de transport et pièces détachées",
    "vehicles": "Véhicules et pièces détachées",
    "furniture": "Mobilier et aménagement d'intérieur",
    "urban_furniture": "Mobilier urbain",
    "waste_collection": "Equipements de collecte de déchets",
    "jars": "Bocaux et flacons",
    "sport": "Articles et équipement sportifs",
    "green_spaces": "Matériel d'entretien des espaces verts",
    "modular_buildings": "Bâtiments modulaires ou préfabriqués",
    "appliances": "Gros électroménager, y compris appareils professionnels",
    "toys": "Jeux et jouets",
}
# On pages and paper, never in files.
SHOWN = {code: label.replace("'", "’") for code, label in LABELS.items()}
CODES = tuple(LABELS)
BY_LABEL = {label: code for code, label in LABELS.items()}
FIRST = "it_telephony"  # what the page opens on
EARLIEST = 2021  # the first year of the obligation (décret 2021-254)
