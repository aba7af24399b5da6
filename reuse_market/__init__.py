"""Parc commun: a second life for large fleets of IT equipment (Grenoble-Alpes Métropole).

Rooms are stacked: a room imports only rooms below it (docs/architecture.md draws the house).
"""
