"""Serial numbers, sizes and words of status, as inventories really write them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from reuse_market.fleets.reading.labels import clean, fold, one_line, squeeze, words_apart

_PLACEHOLDERS = frozenset(
    squeeze(fold(text))
    for text in (
        "To be filled by O.E.M.",
        "Default string",
        "None",
        "N/A",
        "NA",
        "System Serial Number",
        "Not specified",
        "Chassis Serial Number",
        "Board Serial Number",
        "Not available",
        "Not applicable",
        "Unknown",
        "Inconnu",
        "Sans",
        "Aucun",
        "Null",
        "Nil",
        "OEM",
        "O.E.M.",
        "Invalid",
        "Serial",
        "Serial number",
        "S/N",
        "Numéro de série",
        "1234567890",
        "123456789",
        "12345678",
        "0123456789",
        "Empty",
        "No serial",
        "Undefined",
        "Néant",
        "Vide",
        "Non renseigné",
        "Non communiqué",
        "System manufacturer",
        "System Product Name",
        "System version",
        "All Series",
        "No Asset Tag",
        "Asset-1234567890",
        "No Asset Information",
        "Type1ProductConfigId",
        "To be filled",
        "SKU",
        "tbd",
        "ABCDEFGH",
        "Standard",
        "A définir",
        "À compléter",
        "Non défini",
        "Illisible",
        "Manquant",
        "Default",
        "Not Defined",
        "X.X",
        "Serial Number xxx",
        "BSN12345678901234567",
        "Pas de numéro",
        "Base Board Serial Number",
        "Sans numéro",
        "Sans objet",
        "Sans série",
        "Pas de numéro de série",
        "System Serial",
        "Not Present",
        "No Serial Number",
        "None Specified",
        "Serial Number Not Found",
        "01234567890123456789",
        "01234567",
        "012345678",
        "12345",
        "123456",
        "1234567",
        "123456789012",
        "123456789ABC",
        "OEM_Serial",
        "OEMSERIAL",
        "Serial1",
        "N.A.",
        "Non disponible",
        "Non applicable",
        "INTEL CORPORATION",
        "empty string",
        "string",
    )
)
_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_BARE_LINES = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*(?:\n[A-Za-z0-9][A-Za-z0-9._/-]*)*")
_SAME_LINE = re.compile(r"^(.)\1*$|^[0._/-]+$|^[xX._/-]+$", re.MULTILINE)
_NO_LINE = re.compile(r"^[0._/-]+$|^[xX._/-]+$", re.MULTILINE)
_MARKS = str.maketrans("", "", "._/-")
_SAME = re.compile(r"^(.)\1*$")
_SCIENTIFIC = re.compile(r"^\d+([.,]\d+)?E\+\d{1,3}$", re.IGNORECASE)
_SHEET_ERROR = re.compile(r"^#(#+|N/?A|REF!?|VALEUR!?|VALUE!?|NOM\??|NAME\??|NUM!?|NOMBRE!?|DIV/0!?|NULL!?)$")
_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)")
_BYTES = {
    "o": 1,
    "b": 1,
    "octets": 1,
    "bytes": 1,
    "ko": 10**3,
    "kb": 10**3,
    "kio": 2**10,
    "kib": 2**10,
    "kbytes": 10**3,
    "mo": 10**6,
    "mb": 10**6,
    "mbytes": 10**6,
    "mio": 2**20,
    "mib": 2**20,
    "go": 10**9,
    "gb": 10**9,
    "gbytes": 10**9,
    "gio": 2**30,
    "gib": 2**30,
    "g": 10**9,
    "m": 10**6,
    "to": 10**12,
    "tb": 10**12,
    "tio": 2**40,
    "tib": 2**40,
    "t": 10**12,
}
_BINARY = {10**3: 2**10, 10**6: 2**20, 10**9: 2**30, 10**12: 2**40}
_HEADER_UNIT = re.compile(r"\b(octets|bytes|[kmgt]bytes|[kmgt]io|[kmgt]ib|[kmgt]o|[kmgt]b)\b")

_LEASED = re.compile(r"\b(loue|louee|location|leasing|leased|lease|en location|credit bail|rented|rental)\b")
_GONE = re.compile(
    r"\b(vole|volee|perdu|perdue|stolen|lost|missing|vendu|vendue|sold|detruit|detruite|destroyed|donne|donnee|"
    r"donated|cede|cedee|recycle|recyclee|recycled)\b"
)
_OWN = frozenset(
    ("corporate", "company", "corporation", "entreprise", "professionnel", "organisation", "organization")
    + (
        "societe",
        "proprietaire",
        "interne",
        "owned",
        "purchased",
        "achat",
        "achete",
        "oui",
        "yes",
        "collectivite",
    )
)
_PERSON = re.compile(
    r"\b(personal|personnel|personnelle|byod|perso|prive|private|personally owned|salarie|employe)\b"
)


def is_placeholder(text: str) -> bool:
    """`To be filled by O.E.M.`, `0`, `XXXXXX`…: what a BIOS shows where nobody wrote a serial number."""
    bare = "".join(text.split())
    return bool(_SAME.match(bare)) or _says_nothing(bare)


def said(text: str) -> str:
    """A cell on one line, or "" when it is blank or a placeholder. A site « B » or a tag « 77 » is kept."""
    told = one_line(text)
    return "" if _says_nothing(told) or re.fullmatch(r"(?i)0+|x{2,}", told) else told


def plainly_said(text: str) -> bool:
    """Whether a text is for sure one bare word that means itself: nearly every serial, told quickly."""
    if not _BARE.fullmatch(text):
        return False
    told = text.translate(_MARKS).lower()
    return bool(told.strip("0") and told.strip("x")) and told not in _PLACEHOLDERS


def all_plainly_said(lines: str, *, serials: bool) -> bool:
    """Whether each line of a text is one bare word that means itself; of serials, not one character repeated."""
    if not _BARE_LINES.fullmatch(lines) or (_SAME_LINE if serials else _NO_LINE).search(lines):
        return False
    return _PLACEHOLDERS.isdisjoint(lines.translate(_MARKS).lower().split("\n"))


def _says_nothing(text: str) -> bool:
    bare = squeeze(fold(text))
    return not any(c.isalnum() for c in text) or bare in _PLACEHOLDERS or bare.startswith("tobefilled")


def serial_fault(serial: str) -> str:
    """The code of what a spreadsheet did to a serial number, or ""."""
    if _SCIENTIFIC.match(serial):
        return "serial_scientific"
    if _SHEET_ERROR.match(serial.upper()):
        return "serial_error"
    return "serial_too_long" if len(serial) > 100 else ""


def serial_key(serial: str, maker: str) -> str:
    """What makes two rows the same device: serial in upper case without spaces, then the maker folded."""
    return f"{''.join(serial.upper().split())}|{squeeze(fold(maker))}"


def size_mb(text: str, label: str, *, binary: bool) -> int | None:
    """A size in MB (2^20 bytes for memory, `binary`; 10^6 for storage), lines of a cell added up.

    The unit comes from the cell, else from the header label, else from the order of magnitude.
    None when there is no number, or an absurd one.
    """
    told = _HEADER_UNIT.search(
        fold(words_apart(label)).replace("k bytes", "kbytes").replace("memorykbytes", "kbytes")
    )
    header_unit = (
        told[1]
        if told
        else (
            "kbytes"
            if "kbytes" in squeeze(fold(label))
            else "mb"
            if squeeze(fold(label)).endswith("spacemb")
            else ""
        )
    )
    sizes = [_line_mb(line, header_unit, binary=binary) for line in clean(text).splitlines() if line.strip()]
    known = [size for size in sizes if size is not None]
    total = sum(known)
    return total if known and len(known) == len(sizes) and 0 < total < 10**9 else None


def _line_mb(line: str, header_unit: str, *, binary: bool) -> int | None:
    numbers = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)", "", line.casefold())
    times = re.search(r"\b(\d{1,2})\s*[x×*]\s*(?=\d)", numbers)
    numbers = numbers[times.end() :] if times else numbers
    found = [(n, u) for n, u in _SIZE.findall(numbers) if u in _BYTES or not u]
    chosen = next(((n, u) for n, u in found if u), found[-1] if found else None)
    if chosen is None:
        return None
    try:
        number = Decimal(chosen[0].replace(",", "."))
    except InvalidOperation:
        return None
    if not 0 < number < 10**15:
        return None
    unit = _BYTES[chosen[1] or header_unit or _likely_unit(number, binary=binary)]
    base = 2**20 if binary else 10**6
    count = int(times[1]) if times else 1
    return int(number * count * (_BINARY.get(unit, unit) if binary else unit) / base)


def _likely_unit(number: Decimal, *, binary: bool) -> str:
    """No unit anywhere: 16 is gigabytes, 16384 megabytes, 16777216 kilobytes."""
    gigabytes, megabytes = (512, 2**21) if binary else (16_384, 10**8)
    if number <= gigabytes:
        return "go"
    if number <= megabytes:
        return "mo"
    return "ko" if binary and number < 2**31 else "o"


def screen_tenths(text: str) -> int | None:
    """A diagonal in tenths of an inch (`24.00`, `23,8"`, `61 cm`); None outside 4 to 110 inches."""
    found = re.search(r"(\d+(?:[.,]\d+)?)\s*(cm|mm)?", clean(text).casefold())
    if not found or len(found[1]) > 8:
        return None
    number = Decimal(found[1].replace(",", "."))
    if found[2]:
        number = number / (Decimal("2.54") if found[2] == "cm" else Decimal("25.4"))
    tenths = int((number * 10).to_integral_value())
    return tenths if 40 <= tenths <= 1100 else None


def is_leased(text: str) -> bool:
    """Whether a status or an ownership says that the device is rented."""
    folded = fold(text)
    return bool(_LEASED.search(folded)) and not re.search(r"\b(fin|ended|rachete|hors|not|non)\b", folded)


def is_gone(status: str) -> bool:
    """Whether a status says that the holder no longer has the device."""
    folded = fold(status)
    return bool(_GONE.search(folded)) and not re.search(r"\b(a|to|be|non|not|for)\b", folded)


def ownership_fault(text: str) -> str:
    """`personally_owned`, `leased` or `ownership_unknown`; "" when it is the organisation's own."""
    folded = fold(text)
    if set(folded.split()) & _OWN and not _PERSON.search(folded):
        return ""
    if _PERSON.search(folded):
        return "personally_owned"
    return "leased" if is_leased(text) else "ownership_unknown"
