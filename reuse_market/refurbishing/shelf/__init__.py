"""Stored identical groups (ADR 0024): which group a ready unit belongs to, and how many each holds.

`reading` says the group of a unit, `keeping` settles the counts at the end of a command, `checking` rebuilds
them and says what differs.
"""
