"""Purpose: what the law allows with a device: a pure decision over dated, sourced rows.

Owns: regime_rule, price_cap, agec_category, qualification; the first rows in data/*.csv, and with them the
AGEC and REEN rates (kernel.dated.Rate).
Never: knows a lot, a claim or a unit; allows what no sourced row allows ("règle non établie").
"""
