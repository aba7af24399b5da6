"""One name per maker, whatever the BIOS calls it."""

from __future__ import annotations

import re
from functools import lru_cache

from reuse_market.fleets.reading.labels import fold, one_line

_NAMES: dict[str, str] = {
    "dell": "Dell",
    "dell wyse": "Wyse",
    "wyse": "Wyse",
    "wyse technology": "Wyse",
    "alienware": "Dell",
    "hp": "HP",
    "hewlett packard": "HP",
    "hewlettpackard": "HP",
    "compaq": "HP",
    "hpq": "HP",
    "hewlett packard enterprise": "HPE",
    "hpe": "HPE",
    "lenovo": "Lenovo",
    "lenovo group": "Lenovo",
    "ibm": "IBM",
    "international business machines": "IBM",
    "apple": "Apple",
    "microsoft": "Microsoft",
    "asus": "Asus",
    "asustek": "Asus",
    "asustek computer": "Asus",
    "acer": "Acer",
    "acer technologies": "Acer",
    "packard bell": "Packard Bell",
    "toshiba": "Toshiba",
    "dynabook": "Dynabook",
    "fujitsu": "Fujitsu",
    "fujitsu siemens": "Fujitsu",
    "fujitsu technology solutions": "Fujitsu",
    "fujitsu client computing": "Fujitsu",
    "fujitsu siemens computers": "Fujitsu",
    "samsung": "Samsung",
    "samsung electric": "Samsung",
    "samsung electronics": "Samsung",
    "panasonic": "Panasonic",
    "matsushita": "Panasonic",
    "lg": "LG",
    "lg electronics": "LG",
    "goldstar": "LG",
    "iiyama": "Iiyama",
    "iiyama north america": "Iiyama",
    "eizo": "Eizo",
    "eizo nanao": "Eizo",
    "viewsonic": "ViewSonic",
    "benq": "BenQ",
    "aoc": "AOC",
    "aoc international": "AOC",
    "philips": "Philips",
    "philips consumer electronics": "Philips",
    "mmd": "Philips",
    "nec": "NEC",
    "nec display solutions": "NEC",
    "sony": "Sony",
    "msi": "MSI",
    "micro star international": "MSI",
    "gigabyte": "Gigabyte",
    "gigabyte technology": "Gigabyte",
    "intel": "Intel",
    "google": "Google",
    "huawei": "Huawei",
    "xiaomi": "Xiaomi",
    "oppo": "Oppo",
    "oneplus": "OnePlus",
    "nokia": "Nokia",
    "motorola": "Motorola",
    "honor": "Honor",
    "igel": "IGEL",
    "igel technology": "IGEL",
    "ncomputing": "NComputing",
    "brother": "Brother",
    "canon": "Canon",
    "epson": "Epson",
    "seiko epson": "Epson",
    "lexmark": "Lexmark",
    "lexmark international": "Lexmark",
    "ricoh": "Ricoh",
    "xerox": "Xerox",
    "kyocera": "Kyocera",
    "kyocera mita": "Kyocera",
    "konica minolta": "Konica Minolta",
    "oki": "OKI",
    "oki data": "OKI",
    "cisco": "Cisco",
    "cisco systems": "Cisco",
    "yealink": "Yealink",
    "polycom": "Poly",
    "poly": "Poly",
    "plantronics": "Poly",
    "alcatel lucent": "Alcatel-Lucent",
    "alcatel lucent enterprise": "Alcatel-Lucent",
    "mitel": "Mitel",
    "snom": "Snom",
    "gigaset": "Gigaset",
    "aruba": "Aruba",
    "netgear": "Netgear",
    "zyxel": "Zyxel",
    "synology": "Synology",
    "qnap": "QNAP",
    "western digital": "Western Digital",
    "seagate": "Seagate",
    "fairphone": "Fairphone",
    "crosscall": "Crosscall",
    "wiko": "Wiko",
    "zebra": "Zebra",
    "getac": "Getac",
    "supermicro": "Supermicro",
    "super micro": "Supermicro",
    "super micro computer": "Supermicro",
    "shuttle": "Shuttle",
    "wortmann": "Wortmann",
    "hannspree": "Hannspree",
    "fortinet": "Fortinet",
    "ubiquiti": "Ubiquiti",
    "vmware": "VMware",
    "qemu": "QEMU",
    "innotek": "Innotek",
    "barco": "Barco",
}
_LEGAL = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|ltd|limited|co|company|gmbh|sa|sas|ag|plc|nv|bv|spa|llc|"
    r"international corporation|france|europe|deutschland)\b"
)
_BY_MODEL: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), maker)
    for pattern, maker in (
        (r"\b(latitude|optiplex|poweredge|vostro|inspiron)\b", "Dell"),
        (r"\b(thinkpad|thinkcentre|thinkstation|thinkvision|ideapad|thinkbook)\b", "Lenovo"),
        (r"\b(elitebook|probook|prodesk|elitedesk|eliteone|zbook|elitedisplay|laserjet)\b", "HP"),
        (r"\b(macbook|imac|ipad|iphone|mac ?mini|mac ?pro)\b", "Apple"),
        (r"\bsurface (pro|laptop|go|book)\b", "Microsoft"),
        (r"\b(lifebook|esprimo|celsius|futro)\b", "Fujitsu"),
        (r"\b(travelmate|veriton|aspire)\b", "Acer"),
        (r"\btoughbook\b", "Panasonic"),
        (r"\bgalaxy\b", "Samsung"),
    )
)


@lru_cache(maxsize=4096)
def canonical_maker(text: str) -> str:
    """« Dell Inc. » → Dell, « LENOVO » → Lenovo; an unknown maker keeps its own writing; "" for none."""
    told = one_line(text)
    folded = fold(told)
    if folded in _NAMES:
        return _NAMES[folded]
    bare = " ".join(_LEGAL.sub(" ", folded).split())
    return _NAMES.get(bare, told)


def is_known_maker(text: str) -> bool:
    """Whether a cell names a maker of the list."""
    return canonical_maker(text) in _NAMES.values()


def maker_of_model(model: str) -> str:
    """The maker that a model name tells (`Latitude 5400` → Dell), or ""."""
    words = fold(model).split()
    for count in (2, 1):
        if len(words) > count and " ".join(words[:count]) in _NAMES:
            return _NAMES[" ".join(words[:count])]
    return next((maker for pattern, maker in _BY_MODEL if pattern.search(model)), "")
