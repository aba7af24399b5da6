"""Purpose: what every room stands on: sessions and commands, actors, workflows, clock, errors, jobs.

Owns: no business table; the only place that commits.
Never: knows a lot, a unit, a page or a person's name.
"""
