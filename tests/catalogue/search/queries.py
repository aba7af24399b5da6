"""Sixty needs as people type them, each with its structured intent: what is relevant follows from it alone.

Intent: a column → a value, or (low, high) with None for no bound, or texts of which any will do.
Prices in cents, screens in tenths of an inch.
`cheap`: of what fits, the ten lowest prices.
`TUNED` served while the search was made; `HELD_OUT` and `STRANGER` did not.
"""

from __future__ import annotations

from typing import Any

COMPUTERS = ("laptop", "desktop", "all_in_one", "workstation")
Intent = dict[str, Any]
GB8, GB16, GB32 = (8, None), (16, None), (32, None)

TUNED: list[tuple[str, Intent]] = [
    ("pc portable 16 go", {"kind": "laptop", "ram_gb": 16}),
    ("ecran 24", {"kind": "monitor", "screen_tenths": (235, 245)}),
    ("ordi bureau pas cher", {"kind": "desktop", "cheap": True}),
    ("smartphone debloqué", {"kind": "smartphone"}),
    ("imprimante multifonction", {"kind": "multifunction"}),
    ("ordinateur portable", {"kind": "laptop"}),
    ("ordinateurs portables hp", {"kind": "laptop", "maker": "HP"}),
    ("protable lenovo 8 go", {"kind": "laptop", "maker": "Lenovo", "ram_gb": 8}),
    ("ordianteur fixe", {"kind": "desktop"}),
    ("unité centrale i5", {"kind": "desktop", "cpu_class": "i5"}),
    ("PC tour 32 Go", {"kind": "desktop", "ram_gb": 32}),
    ("portable moins de 150 euros", {"kind": "laptop", "price_cents": (None, 15000)}),
    ("portable entre 100 et 200 €", {"kind": "laptop", "price_cents": (10000, 20000)}),
    ("portable 16 go ou plus", {"kind": "laptop", "ram_gb": GB16}),
    ("laptop i7 512 go ssd", {"kind": "laptop", "cpu_class": "i7", "storage_gb": 512}),
    ("ssd 256 portable", {"kind": "laptop", "storage_gb": 256}),
    ("thinkpad t480", {"kind": "laptop", "model": "ThinkPad T480"}),
    ("elitebook", {"kind": "laptop", "model": "EliteBook 840"}),
    ("ecran 27 pouces", {"kind": "monitor", "screen_tenths": (265, 275)}),
    ("moniteur dell", {"kind": "monitor", "maker": "Dell"}),
    ("tablette samsung", {"kind": "tablet", "maker": "Samsung"}),
    ("tablettes 10 pouces", {"kind": "tablet", "screen_tenths": (100, 109)}),
    ("téléphone portable 64 go", {"kind": "smartphone", "storage_gb": 64}),
    ("iphone", {"kind": "smartphone", "maker": "Apple"}),
    ("téléphone fixe", {"kind": "desk_phone"}),
    ("imprimante laser", {"kind": "printer"}),
    ("photocopieur", {"kind": "multifunction"}),
    ("vidéoprojecteur epson", {"kind": "projector", "maker": "Epson"}),
    ("switch cisco", {"kind": "network_device", "maker": "Cisco"}),
    ("station d'accueil", {"kind": "dock"}),
    ("serveur 64 go de ram", {"kind": "server", "ram_gb": 64}),
    ("station de travail", {"kind": "workstation"}),
    ("client léger", {"kind": "thin_client"}),
    ("tout-en-un 24 pouces", {"kind": "all_in_one", "screen_tenths": (235, 245)}),
    ("20 portables 8 go", {"kind": "laptop", "ram_gb": 8, "units": (20, None)}),
    ("portable gratuit", {"kind": "laptop", "price_cents": 0}),
    ("portable windows 11", {"kind": "laptop", "windows_11": "yes"}),
    ("portable avec chargeur grade A", {"kind": "laptop", "charger": "yes", "grade": "A"}),
    ("portable batterie 80 %", {"kind": "laptop", "least_battery": (80, None)}),
    ("pc portable garantie 12 mois", {"kind": "laptop", "warranty_months": (12, None)}),
]
HELD_OUT: list[tuple[str, Intent]] = [
    ("je cherche un ordi portable pas trop cher", {"kind": "laptop", "cheap": True}),
    (
        "ecrans 22 pouces maximum 60 euros",
        {"kind": "monitor", "screen_tenths": (215, 225), "price_cents": (None, 6000)},
    ),
    ('lot de 10 écrans 24"', {"kind": "monitor", "screen_tenths": (235, 245), "units": (10, None)}),
    ("latitude 5490 16Go", {"kind": "laptop", "model": "Latitude 5490", "ram_gb": 16}),
    ("macbok air", {"kind": "laptop", "model": "MacBook Air"}),
    ("galaxi s10", {"kind": "smartphone", "model": "Galaxy S10"}),
    ("imprimentes", {"kind": "printer"}),
    ("video projecteur moins de 120€", {"kind": "projector", "price_cents": (None, 12000)}),
    (
        "pc fixe i7 16 go de ram et 512 go de stockage",
        {"kind": "desktop", "cpu_class": "i7", "ram_gb": 16, "storage_gb": 512},
    ),
    ("ryzen 5 portable", {"kind": "laptop", "cpu_class": "ryzen 5 pro"}),
    ("intel core i5 8e génération portable", {"kind": "laptop", "cpu_class": "i5", "cpu_generation": 8}),
    ("portable 15 pouces 8 Go minimum", {"kind": "laptop", "screen_tenths": (150, 159), "ram_gb": GB8}),
    ("laptop under 200 euros", {"kind": "laptop", "price_cents": (None, 20000)}),
    ("tablete apple", {"kind": "tablet", "maker": "Apple"}),
    ("mémoire 32 go ordinateur fixe", {"kind": "desktop", "ram_gb": 32}),
    ("ordinateur de bureau dell optiplex", {"kind": "desktop", "model": "OptiPlex 3050"}),
    (
        "smartphone 128 go à moins de 150 euros",
        {"kind": "smartphone", "storage_gb": 128, "price_cents": (None, 15000)},
    ),
    ("portable bon état", {"kind": "laptop", "grade": ("A", "B")}),
    ("disque 1 To pc fixe", {"kind": "desktop", "storage_gb": 1000}),
    ("pc tout en un", {"kind": "all_in_one"}),
    # Found to be read wrong by somebody who had not made the search, on another stock; mended since.
    ("i7 16go 512 ssd portable", {"kind": "laptop", "cpu_class": "i7", "ram_gb": 16, "storage_gb": 512}),
    ("used computer screen", {"kind": "monitor"}),
    ("portable hp ou dell", {"kind": "laptop", "maker": ("HP", "Dell")}),
    ("tout-en-un 24", {"kind": "all_in_one", "screen_tenths": (235, 245)}),
    ("Iphone11", {"kind": "smartphone", "model": "iPhone 11"}),
    ("portable 300 € environ", {"kind": "laptop", "price_cents": (24000, 36000)}),
    ("un portable entre 150 et 250", {"kind": "laptop", "price_cents": (15000, 25000)}),
    ("imprimantes multifonctions laser epson", {"kind": "multifunction", "maker": "Epson"}),
    ("imprimante wifi pas cher", {"kind": ("printer", "multifunction"), "cheap": True}),
    ("point d'accès wi-fi", {"kind": "network_device"}),
    ("ordinateur ubuntu", {"kind": COMPUTERS, "os": "Ubuntu 22.04"}),
    ("téléphone portable pas cher", {"kind": "smartphone", "cheap": True}),
]
# A second stranger's needs: a third of them was read wrong when they were first typed.
STRANGER: list[tuple[str, Intent]] = [
    ("dalle 24 pouces", {"kind": "monitor", "screen_tenths": (235, 245)}),
    (
        "lot de 20 portables i5 8go ssd",
        {"kind": "laptop", "units": (20, None), "cpu_class": "i5", "ram_gb": 8},
    ),
    ("i pad", {"kind": "tablet", "maker": "Apple"}),
    ("station de travail 64go", {"kind": "workstation", "ram_gb": 64}),
    ("serveur 128 go", {"kind": "server", "ram_gb": 128}),
    ("tout en 1", {"kind": "all_in_one"}),
    ("u.c. i5", {"kind": "desktop", "cpu_class": "i5"}),
    ("ecran incurvé 27p", {"kind": "monitor", "screen_tenths": (265, 275)}),
    ("ecran 60 hz 24p", {"kind": "monitor", "screen_tenths": (235, 245)}),
    ("pc portable i5 ou i7", {"kind": "laptop", "cpu_class": ("i5", "i7")}),
    ("portable core i 5", {"kind": "laptop", "cpu_class": "i5"}),
    ("EBX41", {"kind": "projector", "model": "EB-X41"}),
    ("think pad t 480", {"kind": "laptop", "model": "ThinkPad T480"}),
    ("portable 16+512", {"kind": "laptop", "ram_gb": 16, "storage_gb": 512}),
    ("docking usb-c", {"kind": "dock"}),
    ("dock thinkpad gen 2", {"kind": "dock", "maker": "Lenovo"}),
    ("x20 portables", {"kind": "laptop", "units": (20, None)}),
    ("portable deux cents euros", {"kind": "laptop", "price_cents": (None, 20000)}),
    ("portable garanti un an", {"kind": "laptop", "warranty_months": (12, None)}),
    ("écran 22/24 pouces", {"kind": "monitor", "screen_tenths": (215, 245)}),
    ("écran 22 ou 24", {"kind": "monitor", "screen_tenths": (215, 245)}),
    ("2 en 1", {"kind": "laptop"}),
    ("mini ordi", {"kind": "desktop"}),
    ("téléphones IP yealink", {"kind": "desk_phone", "maker": "Yealink"}),
    ("ordinateur a 0 euro", {"kind": COMPUTERS, "price_cents": 0}),
    ("tablette moins de 100 euros", {"kind": "tablet", "price_cents": (None, 10000)}),
    ("lattitude 5490", {"kind": "laptop", "model": "Latitude 5490"}),
    ("vidéoproj", {"kind": "projector"}),
    ("quinze ordinateurs de bureau", {"kind": "desktop", "units": (15, None)}),
    ("don de pc portables", {"kind": "laptop", "price_cents": 0}),
]
