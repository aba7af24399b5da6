"""Purpose: what can be shown to a stranger: passport, lot timeline and balance, reconcile, exports.

Owns: nothing yet.
Never: changes a unit.
"""
