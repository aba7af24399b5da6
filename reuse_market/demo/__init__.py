"""Purpose: demonstration data, made by running the verbs under a simulated clock, on an empty database only.

Owns: nothing.
Never: exists outside demo mode; never names a real organisation or person.
"""
