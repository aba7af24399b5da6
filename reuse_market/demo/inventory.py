"""The inventory the demonstration's holder uploads: a renewal of identical laptops and screens, as GLPI writes it."""

from __future__ import annotations

import csv
import io
import random

HEADER = (
    "Nom", "Entité", "Statut", "Fabricant", "Numéro de série", "Type", "Modèle",
    "Système d'exploitation - Nom", "Lieu", "Composants - Processeur", "Composants - Mémoire",
    "Date d'achat", "Numéro d'inventaire",
)  # fmt: skip
LAPTOPS, SCREENS, DESKTOPS = 32, 20, 8
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def renewal_csv(seed: int = 2026) -> bytes:
    """Sixty devices of a fictitious company, `;` and quotes, UTF-8; the same file for the same seed."""
    rng = random.Random(seed)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for number in range(1, LAPTOPS + 1):
        writer.writerow(_row(number, "Dell Inc.", _serial(rng, 7), "Portable", "Latitude 5400",
                             "Microsoft Windows 11 Professionnel",
                             "Intel(R) Core(TM) i5-8265U CPU @ 1.60GHz", "8192", "2020-03-16"))  # fmt: skip
    for number in range(LAPTOPS + 1, LAPTOPS + SCREENS + 1):
        writer.writerow(_row(number, "Dell Inc.", _serial(rng, 10), "Moniteur", "P2419H", "", "", "",
                             "2019-09-02"))  # fmt: skip
    for number in range(LAPTOPS + SCREENS + 1, LAPTOPS + SCREENS + DESKTOPS + 1):
        writer.writerow(_row(number, "HP", _serial(rng, 10), "Ordinateur de bureau", "ProDesk 600 G4 DM",
                             "Microsoft Windows 11 Professionnel",
                             "Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz", "8192", "2019-01-21"))  # fmt: skip
    return out.getvalue().encode("utf-8")


def _row(number: int, maker: str, serial: str, kind: str, model: str, *rest: str) -> list[str]:
    os, cpu, memory, bought = rest
    return [
        f"EXEMPLE-{number:03d}", "Entreprise Exemple > Siège", "Réformé", maker, serial, kind, model,
        os, "Siège > Réserve", cpu, memory, bought, f"INV-2020-{number:04d}",
    ]  # fmt: skip


def _serial(rng: random.Random, length: int) -> str:
    return "".join(rng.choice(_LETTERS) for _ in range(length))
