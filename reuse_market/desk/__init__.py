"""Purpose: the operator's console: every lot, every organisation, what is stuck.

Owns: nothing yet.
Never: decides by itself what the law allows.
"""
