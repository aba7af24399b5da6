"""Forgetting a person or the serials of a device: values and keys go, hashes stay (docs/personal-data.md)."""
