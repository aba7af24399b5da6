"""Purpose: the journal told in GS1 EPCIS 2.0 (JSON-LD) for the tools of others, with a CSV twin.

Owns: the table of event type → EPCIS step (`table.py`) and our own vocabulary.
Never: stores anything, names a person, a serial or a price; the journal stays the truth, this is an export.
"""
