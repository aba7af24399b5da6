"""Purpose: what holders own: inventories read as they come, the fleet, the discard.

Owns: inventory_import, import_record, column_mapping.
Never: publishes; never keeps a column of personal data.
"""
