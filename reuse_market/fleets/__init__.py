"""Purpose: what holders own: inventories read as they come, the fleet, the discard, the forecast.

Owns: inventory_import, import_record, column_mapping, model_correction, renewal_plan, age_rule;
forecast and resource counts (rebuilt, never a source).
Never: publishes; never keeps a column of personal data.
"""
