"""Purpose: what the law makes a public body count each year: reused purchases in euros, reused units.

Owns: agec_entry, agec_mapping, agec_import and what `agec/` keeps; what `reen/` keeps.
Never: lets a body declare itself bound, invents a rate, or writes a reservation or a unit.
"""
