"""Corrections: an act said to be wrong by a later event, never edited (reference: EPCIS errorDeclaration)."""
