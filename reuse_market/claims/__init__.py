"""Purpose: claims on lots by reuse actors, reuse commitment, award, release; interest in planned lots.

Owns: claim, claim_line, interest.
Never: moves a lot's units but through their engagement `award`.
"""
