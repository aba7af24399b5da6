"""Words of a difference, in both languages: the papers say them as well as the pages."""

from __future__ import annotations

REASONS = {
    "not_found": {"fr": "Introuvable sur place", "en": "Not found on site"},
    "kept_by_holder": {"fr": "Gardé par le détenteur", "en": "Kept by the holder"},
    "broken": {"fr": "Cassé", "en": "Broken"},
    "unsafe": {
        "fr": "Dangereux (batterie gonflée, verre brisé…)",
        "en": "Unsafe (swollen battery, broken glass…)",
    },
    "not_as_declared": {"fr": "Différent de ce qui est déclaré", "en": "Not as declared"},
    "not_erased": {"fr": "Sans preuve d’effacement", "en": "Without proof of erasure"},
    "no_room": {"fr": "Plus de place dans le véhicule", "en": "No room left in the vehicle"},
    "not_declared": {"fr": "Non déclaré dans le lot", "en": "Not declared in the lot"},
    "miscounted": {"fr": "Compté à l’arrivée", "en": "Counted on arrival"},
    "found": {"fr": "Retrouvé ensuite", "en": "Found later"},
    "other": {"fr": "Autre raison", "en": "Another reason"},
}
CONTAINERS = {
    "roll": {"fr": "Roll", "en": "Roll"},
    "pallet": {"fr": "Palette", "en": "Pallet"},
    "box": {"fr": "Caisse", "en": "Box"},
}
OFF_LIST = {"fr": "Hors liste", "en": "Not on the list"}
SERIAL = {"fr": "n° de série", "en": "serial no."}
TAG = {"fr": "n° d’inventaire", "en": "asset tag"}
LONG_LIST = {
    "fr": "Les {units} appareils pris sont trop nombreux pour ce papier : leur liste est sur la page.",
    "en": "The {units} devices taken are too many for this paper: their list is on the page.",
}
BY_OUTCOME = {
    "missing": ("not_found", "kept_by_holder", "other"),
    "refused": ("broken", "unsafe", "not_as_declared", "not_erased", "no_room", "other"),
    "extra": ("not_declared",),
}


def reason(code: str | None, lang: str, note: str = "") -> str:
    """A reason as written: its words, then what the driver added."""
    said = REASONS[code][lang] if code else ""
    return " – ".join(part for part in (said, note) if part)
