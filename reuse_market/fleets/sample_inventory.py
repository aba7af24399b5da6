"""A made-up inventory in the shape of a GLPI export: what the demo and the tests read, and people can try.

Same seed, same file. The holder is fictitious; makers and models are real product names, serials are not.
"""

from __future__ import annotations

import datetime as dt
import random
import string

from reuse_market.kernel.spreadsheets import csv_text

HEADER = (
    "Nom",
    "Entité",
    "Statut",
    "Fabricant",
    "Numéro de série",
    "Type",
    "Modèle",
    "Système d'exploitation - Nom",
    "Lieu",
    "Dernière modification",
    "Composants - Processeur",
    "Composants - Mémoire",
    "Date d'achat",
    "Numéro d'inventaire",
    "Usager",
)
DEVICES = 60
DOUBLED_AT, BAD_DATE_AT, PLACEHOLDER_AT, VIRTUAL_AT = 41, 17, 28, 59
_ENTITY = "Collectivité Exemple"
_SERVICES = ("DSI", "Accueil", "Urbanisme", "Espaces publics", "Culture")
_SITES = (
    "Hôtel Exemple > RDC",
    "Hôtel Exemple > 2e étage",
    "Annexe Exemple > Atelier",
    "Médiathèque Exemple",
)
_WINDOWS = ("Microsoft Windows 10 Professionnel", "Microsoft Windows 11 Professionnel")
# prefix of names, maker, type, model, processor, memory in MB, operating system told, how many
_MODELS: tuple[tuple[str, str, str, str, str, str, int], ...] = (
    ("PC", "Dell Inc.", "Portable", "Latitude 5400", "Intel(R) Core(TM) i5-8265U CPU @ 1.60GHz", "8192", 9),
    ("PC", "Dell Inc.", "Portable", "Latitude 7490", "Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz", "16384", 4),
    ("PC", "LENOVO", "Portable", "20L5CTO1WW", "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", "8192", 6),
    ("PC", "HP", "Notebook", "HP EliteBook 840 G5", "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", "16384", 6),
    (
        "PC",
        "HP",
        "Ordinateur de bureau",
        "HP ProDesk 600 G4 DM",
        "Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz",
        "8192",
        7,
    ),
    (
        "PC",
        "Dell Inc.",
        "Ordinateur de bureau",
        "OptiPlex 3060",
        "Intel(R) Core(TM) i3-8100T CPU @ 3.10GHz",
        "8192",
        5,
    ),
    ("CL", "HP", "Client léger", "HP t530 Thin Client", "AMD GX-215JJ", "4096", 3),
    ("TAB", "Samsung", "Tablette", "Galaxy Tab A7", "", "3072", 3),
    ("ECR", "Dell Inc.", "Moniteur LCD", "P2419H", "", "", 8),
    ("ECR", "Iiyama", "Moniteur LCD", "ProLite XUB2492HSU", "", "", 5),
    ("ECR", "HP", "Moniteur LCD", "EliteDisplay E243", "", "", 3),
)


def sample_inventory(seed: int = 60, *, today: dt.date = dt.date(2025, 6, 12)) -> bytes:
    """The CSV of 60 devices, GLPI 11 dialect (UTF-8, `;`, every cell quoted, CRLF).

    Among them: one date that cannot be read, one serial given twice, one placeholder serial and one virtual
    machine. `today` bounds the dates; `seed` decides serials and dates.
    """
    chance = random.Random(seed)
    rows = [_device(chance, number, model, today) for number, model in enumerate(_models(), 1)]
    chance.shuffle(rows)
    rows[VIRTUAL_AT] = _virtual(today)
    rows[DOUBLED_AT][4], rows[DOUBLED_AT][3] = rows[DOUBLED_AT - 8][4], rows[DOUBLED_AT - 8][3]
    rows[DOUBLED_AT][5:7] = rows[DOUBLED_AT - 8][5:7]
    rows[BAD_DATE_AT][12] = "31/02/20XX"
    rows[PLACEHOLDER_AT][4] = "To be filled by O.E.M."
    return csv_text([list(HEADER), *rows], quote_all=True).encode()


def _models() -> list[tuple[str, str, str, str, str, str]]:
    """One entry per device; the last one gives its place to the virtual machine."""
    devices = [model[:6] for model in _MODELS for _ in range(model[6])]
    return [*devices, devices[0]][:DEVICES]


def _device(
    chance: random.Random, number: int, model: tuple[str, str, str, str, str, str], today: dt.date
) -> list[str]:
    prefix, maker, kind, name, cpu, memory = model
    serial = "".join(
        chance.choices(string.ascii_uppercase + string.digits, k=7 if maker == "Dell Inc." else 10)
    )
    bought = today - dt.timedelta(days=chance.randrange(4 * 365, 8 * 365))
    seen = today - dt.timedelta(days=chance.randrange(0, 60))
    return [
        f"EXEMPLE-{prefix}-{number:03d}",
        f"{_ENTITY} > {chance.choice(_SERVICES)}",
        chance.choice(("En service", "En stock", "En stock", "Réformé")),
        maker,
        serial,
        kind,
        name,
        "Android" if prefix == "TAB" else chance.choice(_WINDOWS) if prefix == "PC" else "",
        chance.choice(_SITES),
        f"{seen.isoformat()} {chance.randrange(7, 19):02d}:{chance.randrange(60):02d}",
        cpu,
        memory,
        bought.isoformat(),
        f"INV-{bought.year}-{number:05d}",
        f"usager{number:03d}" if prefix == "PC" else "",
    ]


def _virtual(today: dt.date) -> list[str]:
    return [
        "EXEMPLE-VM-TEST",
        f"{_ENTITY} > DSI",
        "En service",
        "QEMU",
        "",
        "Ordinateur",
        "Standard PC (i440FX + PIIX, 1996)",
        "Debian GNU/Linux 12",
        "",
        f"{today.isoformat()} 07:00",
        "",
        "2048",
        "",
        "",
        "root",
    ]
