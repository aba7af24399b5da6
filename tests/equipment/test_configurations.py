"""Identical configuration: sizes as they are sold, spellings that meet, a key that stays."""

from __future__ import annotations

from reuse_market.equipment.configurations import (
    COLUMNS,
    Configuration,
    likeness,
    parts,
    ram_gb,
    screen_label,
    size_label,
    storage_gb,
)


def test_sizes_are_those_sold() -> None:
    measured = {
        None: 0, 0: 0, 512: 0, 1024: 1, 2013: 2, 3480: 4, 3993: 4, 5980: 6, 7786: 8, 8192: 8, 12_150: 12,
        16_070: 16, 15_500: 16, 32_600: 32, 65_400: 64, 131_072: 128,
    }  # fmt: skip
    assert {size: ram_gb(size) for size in measured} == measured
    disks = {
        None: 0, 500: 0, 29_100: 32, 32_000: 32, 58_000: 64, 111_800: 128, 120_000: 128, 128_035: 128,
        149_000: 160, 223_600: 256, 238_475: 256, 240_057: 256, 250_059: 256, 256_060: 256, 298_000: 320,
        320_072: 320, 465_000: 512, 476_940: 512, 500_107: 512, 512_110: 512, 931_500: 1000, 1_000_204: 1000,
        1_024_209: 1000, 1_907_000: 2000, 4_000_787: 4000, 90_000_000: 90_000,
    }  # fmt: skip
    assert {size: storage_gb(size) for size in disks} == disks


def test_spellings_of_one_configuration_meet_and_others_do_not() -> None:
    one = likeness(Configuration("laptop", 7, "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", 8192, 256_060, 140))
    same = likeness(Configuration("laptop", 7, "i5 8350u", 7786, 238_475, 140))
    assert (one, one.key) == (same, same.key)
    assert len(one.key) == 16
    base = Configuration("laptop", 7, "i5-8350U", 8192, 256_060, 140)
    others = {
        "kind": "tablet", "model_id": 8, "cpu": "i5-8250U", "ram_mb": 16_384, "storage_mb": 512_110,
        "screen_tenths": 156,
    }  # fmt: skip
    assert set(others) == set(COLUMNS)
    keys = {likeness(base._replace(**{name: value})).key for name, value in others.items()}
    assert len(keys | {one.key}) == 7


def test_words() -> None:
    told = likeness(Configuration("laptop", 7, "Puce maison 3000", 8192, 1_000_204, 156))
    assert parts(told) == ["Puce maison 3000", "8\u00a0Go", "1\u00a0To", "15,6″"]
    assert parts(told, "en") == ["Puce maison 3000", "8\u00a0GB", "1\u00a0TB", "15.6″"]
    assert parts(likeness(Configuration("monitor", None))) == []
    assert [size_label(size) for size in (0, 90, 1500)] == ["", "90\u00a0Go", "1,5\u00a0To"]
    assert screen_label(240) == "24″"
