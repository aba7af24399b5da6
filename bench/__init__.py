"""Measures. `python -m bench [NAME…] [--size N]` prints one JSON line per figure.

A figure is set against something else measured in the same run: a number alone says little about a machine.
"""
