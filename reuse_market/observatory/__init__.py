"""Purpose: what the public sees: home, figures, map, directory, information pages.

Owns: nothing.
Never: shows an address, a serial or a person.
"""
