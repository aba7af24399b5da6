"""Purpose: sealed rolls, pallets and boxes: taken for what they are said to hold, counted at the workshop.

Owns: container.
Never: changes what was signed; a count that differs is a revision of the handover note.
"""
