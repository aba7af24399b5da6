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
    "firmware": N_("Read in the firmware or by a tool"),
    "opened": N_("Device opened"),
    "model": N_("Known from the model"),
    "report": N_("Read on a report"),
}
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
