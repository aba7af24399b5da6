"""Purpose: what a device is: kinds, makers' models, grades in words, masses, WEEE categories, impact factors.

Owns: kind, kind_mass, kind_weee, grade, impact_factor, model; the first reference rows in data/*.csv.
Never: knows a unit, an owner or a price; guesses a figure (no row in force: None, "non renseigné").
"""
