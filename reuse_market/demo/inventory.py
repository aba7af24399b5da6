"""The inventory the demonstration's holder uploads: a renewal of identical laptops and screens, as GLPI writes it."""

from __future__ import annotations

import random

from reuse_market.kernel.spreadsheets import csv_text

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
    rows = [list(HEADER)]
    for number in range(1, LAPTOPS + 1):
        rows.append(row(number, "Dell Inc.", serial(rng, 7), "Portable", "Latitude 5400",
                             "Microsoft Windows 11 Professionnel",
                             "Intel(R) Core(TM) i5-8265U CPU @ 1.60GHz", "8192", "2020-03-16"))  # fmt: skip
    for number in range(LAPTOPS + 1, LAPTOPS + SCREENS + 1):
        rows.append(row(number, "Dell Inc.", serial(rng, 10), "Moniteur", "P2419H", "", "", "",
                             "2019-09-02"))  # fmt: skip
    for number in range(LAPTOPS + SCREENS + 1, LAPTOPS + SCREENS + DESKTOPS + 1):
        rows.append(row(number, "HP", serial(rng, 10), "Ordinateur de bureau", "ProDesk 600 G4 DM",
                             "Microsoft Windows 11 Professionnel",
                             "Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz", "8192", "2019-01-21"))  # fmt: skip
    return csv_text(rows, quote_all=True).encode("utf-8")


def town_csv(seed: int = 2027) -> bytes:
    """Thirty-two laptops of a fictitious commune, two of them recent; the same file for the same seed."""
    rng = random.Random(seed)
    rows = [list(HEADER)]
    for number in range(101, 131):
        rows.append(row(number, "HP", serial(rng, 10), "Portable", "EliteBook 840 G5",
                         "Microsoft Windows 11 Professionnel", "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz",
                         "8192", "2019-06-17", owner="Commune Exemple > Services"))  # fmt: skip
    for number in (131, 132):
        rows.append(row(number, "HP", serial(rng, 10), "Portable", "EliteBook 840 G10",
                         "Microsoft Windows 11 Professionnel", "Intel(R) Core(TM) i5-1335U",
                         "16384", "2024-02-05", owner="Commune Exemple > Services"))  # fmt: skip
    return csv_text(rows, quote_all=True).encode("utf-8")


def schools_csv(seed: int = 2028) -> bytes:
    """The schools' devices of the same commune, of every age; the same file for the same seed."""
    rng = random.Random(seed)
    rows = [list(HEADER)]
    kinds = (
        (8, "Dell Inc.", "Moniteur", "P2213", "", "", "", "2013-02-11"),
        (6, "HP", "Ordinateur de bureau", "ProDesk 400 G5 DM", "Microsoft Windows 10 Professionnel",
         "Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz", "8192", "2018-09-10"),
        (4, "LENOVO", "Portable", "ThinkPad L14 Gen 4", "Microsoft Windows 11 Professionnel",
         "Intel(R) Core(TM) i5-1335U", "16384", "2023-08-28"),
        (3, "Dell Inc.", "Moniteur", "P2219H", "", "", "", "2019-03-04"),
        (4, "Samsung", "Tablette", "Galaxy Tab A 10.1", "", "", "", "2019-03-18"),
        (2, "HP", "Ordinateur de bureau", "Compaq Elite 8300", "Microsoft Windows 10 Professionnel",
         "Intel(R) Core(TM) i5-3470 CPU @ 3.20GHz", "4096", ""),
    )  # fmt: skip
    number = 200
    for count, maker, kind, model, *rest in kinds:
        for _ in range(count):
            number += 1
            rows.append(row(number, maker, serial(rng, 10), kind, model, *rest,
                             owner="Commune Exemple > Écoles"))  # fmt: skip
    return csv_text(rows, quote_all=True).encode("utf-8")


def renewed_csv(seed: int = 2026) -> bytes:
    """The company's inventory a while later: some devices are gone, some are new, one changed its number."""
    header, *rows = renewal_csv(seed).decode("utf-8").splitlines()
    rng = random.Random(seed + 7)
    kept = [line for number, line in enumerate(rows) if number not in (40, 41, 55)]
    kept[50] = kept[50].replace(kept[50].split(";")[4], f'"{serial(rng, 10)}"')
    new = [row(number, "Dell Inc.", serial(rng, 7), "Portable", "Latitude 5450", "Microsoft Windows 11 Professionnel",
               "Intel(R) Core(TM) Ultra 5 125U", "16384", "2026-01-12") for number in range(61, 67)]  # fmt: skip
    return "\r\n".join([header, *kept, *csv_text(new, quote_all=True).splitlines()]).encode("utf-8")


def row(
    number: int, maker: str, number_of_maker: str, kind: str, model: str, *rest: str,
    owner: str = "Entreprise Exemple > Siège",
) -> list[str]:  # fmt: skip
    """A row as GLPI writes it; `rest`: system, processor, memory, day of purchase."""
    os, cpu, memory, bought = rest
    return [
        f"EXEMPLE-{number:03d}", owner, "Réformé", maker, number_of_maker, kind, model,
        os, "Siège > Réserve", cpu, memory, bought, f"INV-2020-{number:04d}",
    ]  # fmt: skip


def serial(rng: random.Random, length: int) -> str:
    """A made-up serial number."""
    return "".join(rng.choice(_LETTERS) for _ in range(length))
