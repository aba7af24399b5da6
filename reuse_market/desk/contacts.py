"""A CSV of contacts read row by row: what each cell says, and what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.notices.services import ADDRESS
from reuse_market.web.forms import siret_fault

LIMIT = 1_000_000  # bytes
MOST = 1_000  # rows
COLUMNS = ("organisation", "siret", "rna", "legal_kind", "roles", "person", "email", "language")
NEEDED = ("organisation", "legal_kind", "roles", "person", "email")
NAMES = {  # what offices write over these columns, folded
    "organisation": "organisation organisme structure nom_de_l_organisme raison_sociale",
    "siret": "siret numero_siret n_siret",
    "rna": "rna numero_rna n_rna",
    "legal_kind": "legal_kind statut statut_juridique forme_juridique type",
    "roles": "role roles",
    "person": "person personne nom contact nom_du_contact",
    "email": "email e_mail courriel mail adresse_e_mail adresse_electronique",
    "language": "language langue",
}
KINDS = {
    "company": "company entreprise société",
    "state": "state état service_de_l_état",
    "local_authority": "local_authority collectivité commune collectivité_territoriale",
    "public_body": "public_body établissement_public",
    "association": "association",
    "school": "school école établissement_scolaire",
    "other": "other autre",
}
ROLES = {
    "holder": "holder détenteur détentrice",
    "reuse_actor": "reuse_actor acteur_du_réemploi",
    "obliged_buyer": "obliged_buyer acheteur_soumis acheteur_obligé",
    "buyer": "buyer acheteur",
    "recipient": "recipient bénéficiaire association_bénéficiaire",
}
LANGUAGES = {"fr": "fr français french", "en": "en anglais english"}
EMPTY = N_("Fill in this cell.")


@dataclass
class Fault:
    """What is wrong with a cell: column, English msgid, its parameters."""

    column: str
    reason: str
    params: dict[str, str | int] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The column as the page of the file names it."""
        return _shown(NAMES[self.column])


@dataclass
class Contact:
    """A row: `number` as a spreadsheet shows it, `cells` as written, and what they mean."""

    number: int
    cells: list[str]
    organisation: str = ""
    siret: str = ""
    rna: str = ""
    legal_kind: str = ""
    roles: tuple[str, ...] = ()
    person: str = ""
    email: str = ""
    language: str = "fr"
    faults: list[Fault] = field(default_factory=list)

    def fault(self, column: str, reason: str, **params: str | int) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(column, reason, params))


def read(data: bytes) -> tuple[list[str], list[Contact]]:
    """The header as written, and the rows; empty ones are skipped, doubles are faults naming the first row.

    Invalid when it is no CSV, lacks a column, or has no row or more than 1,000.
    """
    rows = _rows(data)
    header = next(((n, row) for n, row in rows if any(row)), None)
    if header is None:
        raise Invalid(N_("This file is empty."), field="file")
    places = _places(header[1])
    found = [_contact(n, row, places) for n, row in rows if n > header[0] and any(row)]
    if not found:
        raise Invalid(N_("This file has a header and no row below it."), field="file")
    if len(found) > MOST:
        raise Invalid(N_("At most %(most)s rows at a time: split the file."), field="file", most=MOST)
    _mark_doubles(found)
    return header[1], found


def _rows(data: bytes) -> list[tuple[int, list[str]]]:
    if data[:2] == b"PK" or b"\0" in data[:1000]:
        raise Invalid(N_("This is not a CSV file: in the spreadsheet, save it as “CSV UTF-8”."), field="file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return [(reader.line_num, [" ".join(cell.split()) for cell in row]) for row in reader]
    except csv.Error as error:
        raise Invalid(N_("This file cannot be read beyond row %(row)s."), field="file",
                      row=reader.line_num) from error  # fmt: skip


def _places(header: list[str]) -> dict[str, int]:
    folded = [_fold(cell) for cell in header]
    places = {
        name: at
        for name, known in NAMES.items()
        for at, cell in enumerate(folded)
        if cell in map(_fold, known.split())
    }
    missing = [name for name in NEEDED if name not in places]
    if missing:
        said = ", ".join(_shown(NAMES[name]) for name in missing)
        raise Invalid(N_("These columns are missing: %(columns)s."), field="file", columns=said)
    return places


def _contact(number: int, row: list[str], places: dict[str, int]) -> Contact:
    said = {name: row[at] if at < len(row) else "" for name, at in places.items()}
    made = Contact(
        number, row, organisation=said["organisation"], siret=re.sub(r"[\s.\-]", "", said.get("siret", "")),
        rna=said.get("rna", "").replace(" ", "").upper(), person=said["person"], email=said["email"].lower(),
    )  # fmt: skip
    for name in NEEDED:
        if not said[name]:
            made.fault(name, EMPTY)
    _check_texts(made)
    made.legal_kind = _choice(made, "legal_kind", said["legal_kind"], KINDS)
    wanted = [part for part in re.split(r"[,/+|]", said["roles"]) if part.strip()]
    made.roles = tuple(_choice(made, "roles", part, ROLES) for part in wanted)
    made.language = _choice(made, "language", said.get("language", ""), LANGUAGES) or "fr"
    return made


def _check_texts(made: Contact) -> None:
    if made.siret and (fault := siret_fault(made.siret)):
        made.fault("siret", fault)
    if made.rna and not re.fullmatch(r"W[0-9]{9}", made.rna):
        made.fault("rna", N_("Enter the letter W and 9 digits, for example W381234567."))
    if made.email and (len(made.email) > 200 or not ADDRESS.fullmatch(made.email)):
        made.fault("email", N_("Enter an e-mail address such as name@example.org."))
    for name, most in (("organisation", 160), ("person", 120)):
        if len(getattr(made, name)) > most:
            made.fault(name, N_("Shorten this name to %(most)s characters."), most=most)


def _choice(made: Contact, column: str, written: str, words: dict[str, str]) -> str:
    folded = _fold(written)
    found = next((code for code, known in words.items() if folded in map(_fold, known.split())), "")
    if written and not found:
        known = ", ".join(_shown(one) for one in words.values())
        made.fault(column, N_("“%(written)s” is not known here. Write one of: %(known)s."),
                   written=written[:40], known=known)  # fmt: skip
    return found


def _shown(known: str) -> str:
    """The French word among those known for a value: what an office would write."""
    words = known.split()
    return words[min(1, len(words) - 1)].replace("_", " ")


def _mark_doubles(found: list[Contact]) -> None:
    first: dict[tuple[str, str], Contact] = {}
    named: dict[str, Contact] = {}
    for one in found:
        who = one.siret or one.rna or _fold(one.organisation)
        before = first.setdefault((who, one.email), one)
        if before is not one and one.email:
            one.fault("email", N_("Same organisation and address as row %(row)s."), row=before.number)
        other = named.setdefault(who, one)
        if _fold(other.organisation) != _fold(one.organisation):
            one.fault("organisation", N_("Row %(row)s gives this number another name."), row=other.number)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
