"""What states, columns and formats are called on pages; the edge translates."""

from __future__ import annotations

from flask_babel import gettext

from reuse_market.fleets.reading import Reason
from reuse_market.kernel.words import N_

STATES = {  # word, tone of its badge
    "in_use": (N_("In use"), "neutral"),
    "discarded": (N_("Discarded"), "wait"),
    "listed": (N_("In a published lot"), "ok"),
    "awarded": (N_("Awarded"), "ok"),
    "departed": (N_("Left otherwise"), "neutral"),
}
DEPARTURES = {
    "staff": N_("given or sold to staff"),
    "take_back": N_("taken back by its maker or supplier"),
    "lease_return": N_("returned to its lessor"),
}
TARGETS = {  # in the order a person looks for them
    "kind": N_("Kind of device"),
    "maker": N_("Maker"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "asset_tag": N_("Inventory number"),
    "holder_key": N_("Key in the inventory tool"),
    "site": N_("Site or room"),
    "bought_on": N_("Date of purchase"),
    "cpu": N_("Processor"),
    "ram_mb": N_("Memory"),
    "storage_mb": N_("Storage"),
    "screen_tenths": N_("Screen size"),
    "os": N_("Operating system"),
    "status": N_("Status"),
    "entity": N_("Department"),
    "hostname": N_("Name on the network"),
    "ownership": N_("Owner"),
    "lease_end": N_("End of the lease"),
    "comment": N_("Comment (left out)"),
    "personal": N_("About a person (left out)"),
    "ignore": N_("Of no use here"),
}
CHANGED = TARGETS | {"site_id": TARGETS["site"]}
FAULTY = TARGETS | {"row": N_("The whole row")}
FORMATS = {
    "glpi-csv": "GLPI (CSV)",
    "ocs-csv": "OCS Inventory (CSV)",
    "sccm-csv": "Configuration Manager (CSV)",
    "intune-csv": "Intune (CSV)",
    "lansweeper": "Lansweeper (CSV)",
    "snipe-it": "Snipe-IT (CSV)",
    "jamf": "Jamf (CSV)",
    "shelf": "Shelf (CSV)",
    "glpi-json": "GLPI Agent (JSON)",
    "fusion-xml": "GLPI Agent / FusionInventory (XML)",
    "ocs-xml": "OCS Inventory (XML)",
    "ocs-json": "OCS Inventory (JSON)",
    "ereuse-json": "eReuse Workbench (JSON)",
    "ereuse-csv": "eReuse (CSV)",
    "autopilot-csv": "Autopilot (CSV)",
    "json": "JSON",
    "xml": "XML",
    "csv": "CSV",
    "xlsx": "Excel (XLSX)",
    "xls": "Excel (XLS)",
    "ods": "OpenDocument (ODS)",
}
TEMPLATE = (
    N_("Serial number"),
    N_("Maker"),
    N_("Model"),
    N_("Kind of device"),
    N_("Inventory number"),
    N_("Date of purchase"),
    N_("Processor"),
    N_("Memory"),
    N_("Storage"),
    N_("Site or room"),
)


ANSWERS = {  # what a holder says of devices already here
    "unknown": N_("We do not know"),
    "still_there": N_("Still there"),
    "discarded": N_("Discarded"),
    "two": N_("Two devices"),
    "same": N_("The same device"),
}
DOUBTS = {
    "other_maker": N_("The same serial number with another maker, or none"),
    "other_serial": N_("The same inventory number with another serial number"),
    "no_serial": N_("The same inventory number, and no serial number on one side"),
}
CONFIDENCE = {  # how sure the kind of a model is: word, tone of its badge
    "said": (N_("Said by you"), "ok"),
    "sure": (N_("Sure"), "ok"),
    "likely": (N_("Likely"), "neutral"),
    "unsure": (N_("To check"), "wait"),
}
CAPABLE = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Not known")}


def said(reason: Reason) -> str:
    """The sentence of a reason in the reader's language."""
    return gettext(reason.message, **dict(reason.params)) if reason.params else gettext(reason.message)
