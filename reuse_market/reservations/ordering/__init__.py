"""Purpose: the papers of a purchase: quote taken at its price, one unit to try first, order, attestations.

Owns: quote_terms, purchase_order.
Never: holds a unit itself (place_reservation does); never blocks on a threshold of public purchasing.
"""
