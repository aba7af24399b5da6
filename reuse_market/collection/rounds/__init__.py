"""Rounds: an actor's vehicles, a day's stops in order, what fits, and the planner that proposes.

`planning` knows numbers only and runs in its own process; `services` are the verbs; `following` is what a
pick-up's life does to the round it is on.
"""
