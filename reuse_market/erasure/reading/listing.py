"""A table with one medium a line (CSV of any tool): columns by what they are called, in English or French."""

from __future__ import annotations

import csv
import io
import re

from reuse_market.erasure.models import MEDIUM_KINDS
from reuse_market.erasure.reading.stated import MOST_DISKS, Stated, Unreadable, cut, serial_of
from reuse_market.erasure.reading.terms import hidden, kind, number, plain, result, stamp, technique, yes
from reuse_market.erasure.techniques import TECHNIQUES

# What a column may be called, the more precise first: a name is given once, to the first column that bears it.
COLUMNS = {
    "serial": ("disk serial", "drive serial", "medium serial", "serie du disque", "serie du support", "s/n disque",
               "serial disque", "serie disque", "n° de serie support", "storage serial", "hdd serial", "disk s/n",
               "numero de serie du disque", "n° de serie du disque", "disk serial number", "drive serial number",
               "numero de serie du support", "media serial", "serial number", "numero de serie", "serial", "s/n",
               "n° de serie"),
    "host_serial": ("host serial", "computer serial", "system serial", "pc serial", "serie de l'appareil",
                    "numero de serie de l'appareil", "serie du poste", "serie machine", "device serial",
                    "numero de serie machine", "n° de serie du poste", "n° de serie du pc", "serie du pc",
                    "n° de serie de l'ordinateur", "machine serial", "chassis serial"),
    "host_tag": ("asset tag", "asset number", "inventaire", "numero d'inventaire", "n° d'inventaire",
                 "property number"),
    "maker": ("manufacturer", "vendor", "make", "fabricant", "marque"),
    "model": ("disk model", "drive model", "modele du disque", "model", "modele"),
    "kind": ("media type", "disk type", "drive type", "type de support", "type de disque", "type", "bus", "interface"),
    "method": ("technique", "method", "methode", "erasure method", "erasure standard", "standard", "algorithm"),
    "result": ("result", "status", "resultat", "statut", "etat", "state", "outcome", "erasure result",
               "erasure status", "erasure state", "wipe result", "wipe status", "resultat de l'effacement",
               "statut de l'effacement", "etat de l'effacement", "effacement"),
    "verified": ("verified", "verification", "verifie", "verify"),
    "errors": ("total errors", "errors", "erreurs", "error count", "failed sectors", "secteurs en erreur"),
    "hidden": ("hidden areas", "hpa/dco", "hpa", "zones cachees"),
    "tool": ("tool", "software", "outil", "logiciel"),
    "tool_version": ("tool version", "version", "software version", "version de l'outil"),
    "date": ("erased on", "date", "end time", "erased at", "date d'effacement", "efface le", "date de fin",
             "end date", "report date", "date du rapport"),
    "operator": ("operator", "technician", "operateur", "technicien", "efface par", "erased by"),
    "validator": ("validator", "verifie par", "checked by", "validateur", "controle par"),
}  # fmt: skip
NEEDED = ("serial", "result")
_NUMBER = re.compile(r"^(?:n°\s*|(?:no|num)\.?\s+|numero\s+)")
_LINKS = re.compile(r"\b(?:de|du|des|la|le)\s+|\b[dl]'|\s+number$")
LOOK_AHEAD = 20  # lines of a title, of who ran it, "sep=;", before the names of the columns


def read(text: str) -> tuple[Stated, ...] | None:
    """The media of the table; None when it has no column for a serial and none for a result."""
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    for at, head in enumerate(lines[:LOOK_AHEAD]):
        mark = max(";,\t|", key=head.count)
        try:
            places = _places(next(csv.reader([head], delimiter=mark)))
            if all(name in places for name in NEEDED):
                return tuple(
                    _rows(csv.reader(io.StringIO("\n".join(lines[at + 1 :])), delimiter=mark), places)
                )
        except csv.Error as error:
            raise Unreadable("damaged") from error
    return None


def _called(name: str) -> str:
    """What a column is called, "N° de série du disque" like "Numéro de série disque"."""
    told = plain(name).replace("’", "'").replace("_", " ")
    return " ".join(_LINKS.sub("", _NUMBER.sub("", told)).split())


def _rows(rows: object, places: dict[str, list[int]]) -> list[Stated]:
    made: list[Stated] = []
    for cells in rows:  # type: ignore[attr-defined]  # a csv reader
        if not any(cell.strip() for cell in cells):
            continue
        if len(made) >= MOST_DISKS:
            raise Unreadable("too-many")
        told = {
            name: [cells[at].strip() for at in ats if at < len(cells)] or [""] for name, ats in places.items()
        }
        if not told["serial"][0] and plain(next(cell for cell in cells if cell.strip())).startswith("total"):
            continue
        made.append(_row({name: found[0] for name, found in told.items()}, told["result"]))
    return made


def _places(header: list[str]) -> dict[str, list[int]]:
    """The column of each field; of the result, every column that may tell it, for they may disagree."""
    names = [_called(cell) for cell in header]
    places: dict[str, list[int]] = {}
    for field, known in COLUMNS.items():
        taken = {at for ats in places.values() for at in ats}
        ats = [names.index(name) for name in dict.fromkeys(map(_called, known)) if name in names]
        free = [at for at in dict.fromkeys(ats) if at not in taken]
        if free:
            places[field] = free if field == "result" else free[:1]
    return places


def _worst(told: list[str]) -> str:
    """What the first filled column says, unless another one says that the erasure did not end well."""
    codes = [result(text) for text in told if text]
    ill = next((code for code in ("failed", "aborted", "exceptions") if code in codes), None)
    return ill or next(iter(codes), "unknown")


def _row(cells: dict[str, str], results: list[str]) -> Stated:
    def get(name: str) -> str:
        return cells.get(name, "").strip()

    method, what = get("method"), plain(get("kind"))
    return Stated(
        serial=serial_of(get("serial")), maker=cut(get("maker"), 60), model=cut(get("model"), 120),
        kind=what if what in MEDIUM_KINDS else kind(get("kind"), get("model")),
        # "shred" in a cell is the program that writes over, or a machine that destroys: not told
        technique=method if method in TECHNIQUES and method != "shred" else technique(method),
        method_name=cut(method, 60),
        result=_worst(results), verified=yes(get("verified")), errors=number(get("errors")),
        hidden_areas=hidden(get("hidden")), tool=cut(get("tool"), 60), tool_version=cut(get("tool_version"), 30),
        erased_at=stamp(get("date")), operator_name=cut(get("operator"), 120),
        validator_name=cut(get("validator"), 120), host_serial=serial_of(get("host_serial")),
        host_tag=serial_of(get("host_tag")),
    )  # fmt: skip
