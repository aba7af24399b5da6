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
}
TARGETS = {  # in the order a person looks for them
    "kind": N_("Kind of device"),
    "maker": N_("Maker"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "asset_tag": N_("Inventory number"),
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


def said(reason: Reason) -> str:
    """The sentence of a reason in the reader's language."""
    return gettext(reason.message, **dict(reason.params)) if reason.params else gettext(reason.message)
