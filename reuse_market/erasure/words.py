"""Codes of the room as words (msgids), for pages and papers."""

from __future__ import annotations

from reuse_market.kernel.words import N_

MEDIA = {
    "ssd": N_("SSD (SATA)"),
    "nvme": N_("SSD (NVMe)"),
    "hdd": N_("Hard disk"),
    "emmc": N_("Built-in memory (eMMC, UFS)"),
    "memory_card": N_("Memory card or USB key"),
    "other": N_("Other storage medium"),
}
TECHNIQUES = {
    "sanitize_block_erase": N_("Sanitize, block erase"),
    "crypto_erase": N_("Cryptographic erase"),
    "nvme_format": N_("NVMe Format, user data"),
    "sanitize_overwrite": N_("ATA Sanitize, overwrite"),
    "ata_secure_erase_enhanced": N_("ATA Secure Erase, enhanced"),
    "ata_secure_erase": N_("ATA Secure Erase"),
    "firmware_purge": N_("Firmware command of a purge standard"),
    "overwrite": N_("Overwriting"),
    "factory_reset": N_("Factory reset"),
    "degauss": N_("Degaussing"),
    "shred": N_("Shredding (destruction)"),
    "disintegrate": N_("Disintegration (destruction)"),
    "incinerate": N_("Incineration (destruction)"),
}
RESULTS = {
    "ok": N_("Erased without a fault"),
    "exceptions": N_("Erased with exceptions"),
    "failed": N_("Failed"),
    "aborted": N_("Interrupted"),
}
HIDDEN_AREAS = {
    "none": N_("No hidden area"),
    "erased": N_("Hidden areas erased too"),
    "present": N_("Hidden areas left"),
    "unknown": N_("The report does not say"),
}
SEEN_HOW = {
    "firmware": N_("Read by software"),
    "opened": N_("Device opened"),
    "model": N_("Known from the model"),
    "report": N_("Read on a report"),
}
# Erased as asked; another person has yet to look.
TO_CHECK = frozenset({"check.unit", "check.batch", "check.sample"})
POLICIES = {"clear": N_("Clear"), "purge": N_("Purge"), "destroy": N_("Destroy")}

# kind of device → (media, kind of medium, how seen) as a form proposes them; absent: nothing is proposed
USUAL: dict[str, tuple[int, str, str]] = {
    "laptop": (1, "ssd", "firmware"),
    "desktop": (1, "ssd", "firmware"),
    "all_in_one": (1, "ssd", "firmware"),
    "workstation": (1, "ssd", "firmware"),
    "thin_client": (1, "emmc", "firmware"),
    "tablet": (1, "emmc", "model"),
    "smartphone": (1, "emmc", "model"),
    "monitor": (0, "other", "model"),
    "dock": (0, "other", "model"),
    "projector": (0, "other", "model"),
}
VERIFICATIONS = {
    "tool": N_("By the tool"),
    "last_pass": N_("Last pass read again"),
    "all_passes": N_("Every pass read again"),
    "full_read": N_("Whole medium read"),
    "sampling": N_("Sectors drawn and read"),
    "second_tool": N_("With a second tool"),
    "visual": N_("By eye (destruction)"),
}
DESTINATIONS = {
    "internal_reuse": N_("Reuse in the organisation"),
    "reuse": N_("Reuse elsewhere"),
    "parts": N_("Spare parts"),
    "recycling": N_("Recycling"),
    "destruction": N_("Destruction"),
    "returned": N_("Given back to its owner"),
}
CHECKS = {
    "unit": N_("Each certificate"),
    "batch": N_("The list of certificates as a whole"),
    "sample": N_("A sample, drawn"),
}
GROUNDS = {
    "never_used": N_("The medium never held data"),
    "encrypted": N_("Everything on it was encrypted, and the key is destroyed"),
    "harmless_sectors": N_("What was not erased cannot be read back"),
    "checked_otherwise": N_("Checked with another tool, and nothing is left"),
}
ASIDE = {
    "not-ours": N_("This medium is none of ours"),
    "trial": N_("A trial of the tool, or a medium of its own"),
    "other-proof": N_("Its erasure is proven otherwise"),
}
FORMATS = {
    "nwipe-log": N_("nwipe or ShredOS log"),
    "nwipe-pdf": N_("nwipe or ShredOS PDF"),
    "nwipe-json": N_("nwipe JSON"),
    "blancco-xml": N_("Blancco XML"),
    "blancco-pdf": N_("Blancco PDF"),
    "blancco-json": N_("Blancco JSON"),
    "ereuse-json": N_("eReuse snapshot"),
    "list": N_("Table"),
    "archive": N_("Archive"),
    "unknown": N_("Not recognised"),
}
TROUBLES = {
    "unknown": N_(
        "This file is not an erasure report we can read. It is kept: type the certificate on the device, and join it."
    ),
    "unsafe": N_("This XML declares entities or is nested too deep: it is kept but not read, for safety."),
    "damaged": N_("This file is damaged or cut. Take the report out of the tool again."),
    "too-big": N_("This file is too heavy or too tightly packed: at most 5 MB each, 50 MB an archive."),
    "too-many": N_("There are too many reports in this file: cut it into several."),
    "empty": N_("This file says nothing of any medium."),
    "spreadsheet": N_(
        "This file is a spreadsheet. If it lists erasures, save its sheet as “CSV UTF-8” (one medium a row, with its"
        " serial number and result), then drop that file."
    ),
    "encrypted": N_("This file is protected by a password. Take the protection off, then drop it again."),
}
# What the page of an exception is offered for, when it is the first thing a certificate lacks.
EXCEPTABLE = ("result.exceptions", "result.aborted", "errors.unknown", "hidden.unknown")
