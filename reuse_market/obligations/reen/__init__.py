"""The REEN rate of a public body: discarded devices oriented to reuse, over those in stock on 1 January.

Loi 2021-1485 (REEN), art. 16; décret 2023-266. Units, never euros; not clamped; without a stock, not calculable.
"""
