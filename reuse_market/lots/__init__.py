"""Purpose: composition, value, conditions and publication of lots.

Owns: lot, lot_line, lot_item.
Never: knows who claims; a lot's figures are counts of engagements, never columns.
"""
