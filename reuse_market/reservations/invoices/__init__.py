"""Purpose: the seller's invoice on a reservation, confirmed by its buyer, and its credit notes.

Owns: invoice, credit_note.
Never: makes the invoice itself (the seller's own tool does), or pays it.
"""
