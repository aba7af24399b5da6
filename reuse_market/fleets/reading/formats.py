"""Which tool made the table, told by its header labels."""

from __future__ import annotations

from reuse_market.fleets.reading.labels import fold

MONTH_FIRST = frozenset({"snipe-it", "lansweeper", "sccm-csv", "intune-csv", "jamf"})
"""Tools of the United States: their dates are read month first when nothing in the file decides."""


def format_of(header: list[str], container: str) -> str:
    """`glpi-csv`, `ocs-csv`, `sccm-csv`, `intune-csv`, `lansweeper`, `snipe-it`, `jamf`, `shelf`, …, else `csv`.

    A spreadsheet is named after its container (`xlsx`, `xls`, `ods`) whatever tool filled it.
    """
    if container != "csv":
        return container
    labels = {fold(label) for label in header}
    raw = [label.strip().lower() for label in header]
    if any(label.startswith("details_table0_") for label in raw) or {"name0", "serialnumber0"} <= set(raw):
        return "sccm-csv"
    for name, test in _TESTS:
        if test(labels):
            return name
    if any(label.startswith("cf:") for label in raw):
        return "shelf"
    if "hardware hash" in labels:
        return "autopilot-csv"
    return "csv"


def _any_start(labels: set[str], *starts: str) -> bool:
    return any(label.startswith(starts) for label in labels)


def _glpi(labels: set[str]) -> bool:
    own = {
        "entite",
        "entity",
        "derniere modification",
        "last update",
        "alternate username",
        "numero d inventaire",
    }
    told = len(own & labels) + _any_start(
        labels, "composants ", "components ", "systeme d exploitation nom", "operating system name"
    )
    return told >= 2 and bool({"fabricant", "manufacturer", "modele", "model"} & labels)


_TESTS = (
    (
        "intune-csv",
        lambda s: (
            "device id" in s
            and bool({"microsoft entra device id", "azure ad device id", "primary user upn", "ownership"} & s)
        ),
    ),
    (
        "ocs-csv",
        lambda s: (
            len(
                s
                & {
                    "account info tag",
                    "bios numero de serie",
                    "bios serial number",
                    "utilisateur connecte",
                    "dernier inventaire",
                    "last inventory",
                    "ram mo",
                    "ram mb",
                    "account info tag tag",
                    "logged user",
                }
            )
            >= 2
        ),
    ),
    ("lansweeper", lambda s: {"assetid", "assetname"} <= s or "assettypename" in s),
    (
        "jamf",
        lambda s: (
            "computer serial" in s
            or (
                "computer name" in s
                and bool({"model identifier", "jamf pro computer id", "jss computer id"} & s)
            )
        ),
    ),
    (
        "snipe-it",
        lambda s: (
            "asset tag" in s
            and ("checkout type" in s or _any_start(s, "checked out to") or {"category", "model number"} <= s)
        ),
    ),
    ("glpi-csv", _glpi),
    ("shelf", lambda s: {"title", "kit", "custodian"} <= s),
    (
        "ereuse-csv",
        lambda s: (
            {"id device supplier", "id device internal"} <= s or {"type of device", "sub type", "brand"} <= s
        ),
    ),
)
