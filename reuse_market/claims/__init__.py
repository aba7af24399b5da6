"""Purpose: claims on lots by reuse actors, reuse commitment, award, release.

Owns: claim, claim_line.
Never: moves a lot's units but through their engagement `award`.
"""
