"""Needs: what an association or a buyer looks for, and what is proposed to it.

`matching` and `allocating` know numbers only; `supply` reads the four sources; `services` are the verbs;
`following` is what the life of a reservation does to the need it serves. Never a person's identity.
"""
