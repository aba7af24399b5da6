"""Purpose: the shop window: identical groups of ready units, filters, distance.

Owns: nothing.
Never: writes.
"""
