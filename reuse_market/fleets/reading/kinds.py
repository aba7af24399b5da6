"""The kind of device, from the type a tool wrote or, failing that, from the model; and virtual machines."""

from __future__ import annotations

import re
from functools import lru_cache

from reuse_market.equipment.readable import readable
from reuse_market.fleets.reading.labels import fold

KINDS = (
    "laptop",
    "desktop",
    "all_in_one",
    "thin_client",
    "workstation",
    "server",
    "monitor",
    "tablet",
    "smartphone",
    "desk_phone",
    "printer",
    "multifunction",
    "projector",
    "network_device",
    "dock",
    "storage_device",
    "carton",
    "other",
)

_Rules = tuple[tuple[str, re.Pattern[str]], ...]


def _rules(*pairs: tuple[str, str]) -> _Rules:
    return tuple((kind, re.compile(pattern)) for kind, pattern in pairs)


# Order matters: the narrow words first ("station de travail mobile" is a laptop, "poste" alone a desktop).
_TYPES = _rules(
    ("dock", r"\b(dock|docking|docks|replicateur|port replicator|station d accueil|stations d accueil)\b"),
    ("thin_client", r"\b(thin client|thinclient|client leger|clients legers|terminal leger|zero client)\b"),
    ("all_in_one", r"\b(all in one|tout en un|aio|allinone|imac)\b"),
    (
        "laptop",
        r"\b(laptops?|notebooks?|sub notebook|subnotebook|ultrabooks?|"
        r"(?<!telephone )(?<!telephones )(?<!tel )(?<!tels )portables?|ordinateurs? portables?|pc port|"
        r"ultraportables?|(pc|postes?|postes? de travail|ordinateurs?) (mobiles?|nomades?)|"
        r"pc portables?|chromebooks?|convertible|netbook|mobile workstation|"
        r"station de travail mobile|macbook|"
        r"portable computer)\b",
    ),
    ("tablet", r"\b(tablettes?|tablets?|ipads?|detachable|hybride)\b"),
    (
        "smartphone",
        r"\b(smartphones?|tel(ephone)?s? (portables?|mobiles?)|mobiles?|iphones?|gsm|"
        r"cell phones?|mobile phones?)\b",
    ),
    (
        "desk_phone",
        r"\b(tel(ephone)?s?|phones?|poste telephonique|telephones? ip|ip phone|voip|telephone fixe)\b",
    ),
    ("multifunction", r"\b(multifonctions?|multifunctions?|mfp|mfc|copieurs?|photocopieurs?|copiers?)\b"),
    ("printer", r"\b(imprimantes?|printers?|traceurs?|plotters?|etiqueteuse)\b"),
    (
        "projector",
        r"\b(projectors?|projecteurs?|videoprojecteurs?|video projecteurs?|videoproj|video proj|vpi|beamer)\b",
    ),
    (  # a computer and its screen on one row: the computer is the device, whatever comes first
        "desktop",
        r"\b(uc|unites? centrales?|pc|tours?)( fixes?)? (et |avec )?(ecrans?|moniteurs?)\b|"
        r"\b(ecrans?|moniteurs?) (et |avec )?(uc|unites? centrales?|tours?)\b",
    ),
    ("monitor", r"\b(ecrans?|moniteurs?|monitors?|displays?|lcd|tft)\b"),
    ("storage_device", r"\b(nas|san|baie de stockage|stockage|storage|disque dur externe|external drive)\b"),
    (
        "network_device",
        r"\b(switch|switchs|switches|commutateurs?|routeurs?|routers?|reseau|network|networking|firewall|"
        r"pare feu|borne wifi|bornes? wi fi|access point|point d acces|materiel reseau|modem)\b",
    ),
    (
        "server",
        r"\b(serveurs?|servers?|rack mount chassis|rack mount|blade|lame|main server chassis|rackmount)\b",
    ),
    ("workstation", r"\b(workstations?|stations? de travail|stations? graphiques?|mac pro)\b"),
    (
        "desktop",
        r"\b(desktops?|ordinateurs? de bureau|ordinateurs? fixes?|pc fixes?|fixe|fixes|unite centrale|"
        r"unites centrales|uc|tours?|towers?|mini tours?|mini towers?|sff|micro|mini pc|pc de bureau|"
        r"low profile desktop|pizza box|space saving|lunch box|usff|bureau|small form factor|tiny|mac mini)\b",
    ),
    (
        "carton",
        r"\b(accessoires?|accessories|accessory|lot d accessoires|carton|cable|cables|peripheriques?)\b",
    ),
    (
        "other",
        r"\b(scanners?|scanneurs?|onduleurs?|ups|tni|tbi|tableaux? (blancs? )?(numeriques? )?interactifs?)\b",
    ),
)
_GENERIC = frozenset(
    (
        "computer",
        "ordinateur",
        "ordinateurs",
        "ordi",
        "ordis",
        "pc",
        "poste",
        "computers",
        "windows",
        "mac",
        "poste de travail",
        "materiel",
        "equipement",
        "asset",
        "it",
        "informatique",
        "other",
        "autre",
        "unknown",
        "inconnu",
        "hardware",
        "materiel informatique",
        "apple",
        "mobile device",
    )
)

_MODELS = _rules(
    ("dock", r"\b(dock|wd ?1[59]|wd22|tb1[68]|port replicator|docking)"),
    (
        "thin_client",
        r"\b(thin client|wyse|igel|ud[2-7]\b|t[4-7][2-4]0 thin|futro|optiplex 3000 thin|hp t[4-7][2-4]0)",
    ),
    (
        "all_in_one",
        r"\b(all in one|aio|imac|eliteone|proone|thinkcentre (m|neo )\d+[a-z]* ?(z|a)\b|thinkcentre m\d+z|"
        r"esprimo k\d+|veriton z)",
    ),
    (
        "laptop",
        r"\b(zbook|precision (mobile|m\d{4}|3[5]\d\d|34[789]0|5[4567]\d\d|7[567]\d\d)|"
        r"thinkpad|latitude|elitebook|"
        r"probook|ideapad|thinkbook|macbook|macbookpro\d*|macbookair\d*|xps 1[3-7]|xps 9\d{3}|travelmate|"
        r"lifebook|toughbook|portege|tecra|satellite|surface (laptop|book)|zenbook|vivobook|expertbook|"
        r"matebook|notebook|laptop|chromebook|inspiron|celsius h\d+|yoga|x1 carbon|dynabook|elite x2|"
        r"elite dragonfly|swift|aspire|spectre|pavilion (x360|1\d)|vostro 1[3-7]|stream 1[14])",
    ),
    (
        "workstation",
        r"\b(precision|thinkstation|mac ?pro|z[2468] (g\d|tower|sff|mini)|z\d{3} (workstation|tower)|"
        r"celsius|z[2468] workstation)",
    ),
    (
        "monitor",
        r"\b(elitedisplay|prodisplay|thinkvision|prolite|syncmaster|flexscan|multisync|ultrasharp|monitor|"
        r"moniteur|ecran|studio display|thunderbolt display|cinema display|hp [evz]\d\d[a-z]? g\d|"
        r"[evz]\d{2}[a-z]? g[345]\b)|^(dell )?(se|[pues])\d{4}[a-z]{0,3}$|^x?u?b\d{4}|"
        r"^(iiyama )?pl[a-z]?\d{4}|"
        r"^ev\d{4}|^(bl|gw|pd)\d{4}|^\d{3}[bpsv]\d|^[tlep]\d{2}[a-z]? \d\d$|^v[agpx]\d{4}|"
        r"^[scf]\d{2}[a-z]\d{3}|"
        r"^\d{2}[a-z]{2}\d{2,3}|^6[0-6][a-z0-9]{2}[a-z]{3}",
    ),
    (
        "desktop",
        r"\b(optiplex|prodesk|elitedesk|compaq (pro|elite|dc)|elite (mini|sff|tower)|pro (mini|sff|tower|mt)|"
        r"thinkcentre|ideacentre|veriton|esprimo|mac ?mini|macmini\d*|mac studio|nuc\d*|expertcenter|vostro|"
        r"small form factor|sff|tower|desktop|microtower|dm)\b",
    ),
    ("server", r"\b(poweredge|proliant|thinksystem|system x\d*|primergy|superserver|xserve)\b"),
    (
        "tablet",
        r"\b(ipad|galaxy tab|sm [txp]\d|mediapad|matepad|lenovo tab|tb \w?\d|surface (pro|go)|tablet)",
    ),
    (
        "smartphone",
        r"\b(iphone|galaxy (s|a|z|note|xcover)|samsung [asz]\d{1,2}(e|s|fe|plus|ultra)?\b|"
        r"sm [agnsmf]\d|pixel \d|redmi|fairphone|crosscall|trekker|"
        r"core [xmz]\d)",
    ),
    (
        "multifunction",
        r"\b(mfp|officejet|imagerunner|bizhub|workforce|mfc|ecosys m|taskalfa|versalink c\d05|aficio|"
        r"mp c\d+|im c\d+|dcp)",
    ),
    ("printer", r"\b(laserjet|hl|ecosys p|phaser|i sensys|lbp|colorqube|designjet|zd\d{3})\b"),
    ("projector", r"\b(projector|videoprojecteur|powerlite|eb \w*\d)"),
    ("desk_phone", r"\b(cp \d{4}|sip t\d|ip phone|vvx|80\d8s?|ip touch)\b"),
    (
        "network_device",
        r"\b(catalyst|ws c\d{4}|switch|procurve|router|access point|air ap|air cap|unifi|fortigate|gs\d{3})",
    ),
    ("storage_device", r"\b(nas|diskstation|ds\d{3,4}|ts \d{3}|powervault|storeonce)\b"),
)
# Lenovo machine types: the first digits of a code such as 20L5CTO1WW say the family.
_LENOVO = _rules(
    ("laptop", r"^(2[01]|8[0-3])[a-z0-9]{2}"),
    ("desktop", r"^1[0-2][a-z0-9]{2}"),
    ("workstation", r"^30[a-z0-9]{2}"),
    ("monitor", r"^6[0-6][a-z0-9]{2}"),
)
_LENOVO_CODE = re.compile(r"^(?=[0-9a-z]*[a-z])[0-9][0-9a-z]{3}([0-9a-z]{6})?$")
_CHASSIS = (
    ("desktop", (3, 4, 5, 6, 7, 15, 16, 24, 35, 36)),
    ("laptop", (8, 9, 10, 14, 31)),
    ("tablet", (11, 30, 32)),
    ("all_in_one", (13,)),
    ("dock", (12,)),
    ("server", (17, 23, 28, 29)),
)
_VIRTUAL = re.compile(
    r"^kvm$|\b(qemu|vmware|virtualbox|virtual machine|machine virtuelle|hyper v|hvm domu|virtual platform|"
    r"innotek gmbh|openstack|google compute|amazon ec2|bochs|rhev|ovirt|virtuelle?|vm|"
    r"parallels|standard pc|xen|"
    r"proxmox|docker|lxc|openvz|conteneur|container)\b"
)


_OTHER = frozenset(("autre appareil", "other device"))  # as our own export says it


@lru_cache(maxsize=4096)
def kind_of_type(text: str) -> str | None:
    """The code of a type text; "" when it says no more than "computer"; None when not understood."""
    folded = fold(text)
    if not folded or folded in _GENERIC:
        return ""
    if folded in _OTHER:
        return "other"
    if folded in KINDS or folded.replace(" ", "_") in KINDS:
        return folded.replace(" ", "_")
    return next((kind for kind, pattern in _TYPES if pattern.search(folded)), None)


@lru_cache(maxsize=8192)
def kind_of_model(model: str, maker: str = "") -> str:
    """The kind a model name or a known code tells (`Latitude 5400` → laptop), or ""."""
    if known := readable(maker, model):
        return known.kind
    folded = fold(model)
    if maker == "Lenovo" and _LENOVO_CODE.match(folded):
        return next((kind for kind, pattern in _LENOVO if pattern.search(folded)), "")
    bare = folded.removeprefix(fold(maker) + " ") if maker else folded
    for text in dict.fromkeys((folded, bare)):
        for kind, pattern in _MODELS:
            if pattern.search(text):
                return kind
    return ""


def kind_of_chassis(text: str) -> str:
    """The kind an SMBIOS chassis type tells by its number ("10" → laptop), or "".

    A number alone may be anything: ask for it after the model. Source: DMTF DSP0134 (SMBIOS), table of System
    Enclosure or Chassis Types.
    """
    digits = text.strip(" {}[]()")
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 3 else 0
    return next((kind for kind, numbers in _CHASSIS if number in numbers), "")


def virtual_sign(*texts: str) -> str:
    """The first text (maker, model, type, serial) that tells a virtual machine, or ""."""
    return next((text for text in texts if text and _VIRTUAL.search(fold(text))), "")
