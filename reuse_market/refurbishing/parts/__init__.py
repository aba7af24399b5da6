"""Repairs and spare parts: taken from a unit, kept, put into another, taken out again; units taken apart.

The verbs are services.repairing and services.dismantling; `stock` are the reads, `register` the waste that left.
"""
