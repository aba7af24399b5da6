"""Purpose: the service judges itself every night and on demand: everything is read and folded again.

Owns: self_audit, self_audit_fault, refusal_told.
Never: mends what it finds; tells the public more than how much is wrong.
"""
