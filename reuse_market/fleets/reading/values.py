"""Serial numbers and words of status, as inventories really write them."""

from __future__ import annotations

import re

from reuse_market.fleets.reading.labels import fold, one_line, squeeze

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
