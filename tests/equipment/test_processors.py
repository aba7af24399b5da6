"""Processors as inventories write them: short name, class, generation, Windows 11. One literal table."""

from __future__ import annotations

from reuse_market.equipment.processors import read
from reuse_market.equipment.windows import windows_11_capable

# text; short name; generation of a Core; Windows 11
TABLE = """
Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz | i5-8350U | 8 | yes
Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz / Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz | i5-8250U | 8 | yes
i5 6300U | i5-6300U | 6 | no
Intel Core i5 6300u 2.4 GHz | i5-6300U | 6 | no
I7-7700HQ | i7-7700HQ | 7 | no
Intel® Core™ i7-7820HQ | i7-7820HQ | 7 | unknown
Intel(R) Core(TM) i7-7820X CPU @ 3.60GHz | i7-7820X | 7 | yes
Intel(R) Core(TM) i9-7980XE | i9-7980XE | 7 | yes
Intel(R) Core(TM) i7-7740X | i7-7740X | 7 | no
Intel(R) Core(TM) i3-8100T CPU @ 3.10GHz | i3-8100T | 8 | yes
Intel(R) Core(TM) i7-8086K | i7-8086K | 8 | yes
Intel(R) Core(TM) i5-9500 CPU @ 3.00GHz | i5-9500 | 9 | yes
Intel(R) Core(TM) i5-1035G1 CPU @ 1.00GHz | i5-1035G1 | 10 | yes
Intel(R) Core(TM) i5-10210U | i5-10210U | 10 | yes
11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz | i5-1135G7 | 11 | yes
11th Gen Intel(R) Core(TM) i7-1185G7E | i7-1185G7E | 11 | yes
12th Gen Intel(R) Core(TM) i5-1235U | i5-1235U | 12 | yes
12th Gen Intel(R) Core(TM) i7-12700K | i7-12700K | 12 | yes
13th Gen Intel(R) Core(TM) i7-1365U | i7-1365U | 13 | yes
Intel(R) Core(TM) i3-N305 | i3-N305 | 12 | yes
Intel(R) Core(TM) i5-L16G7 | i5-L16G7 | 10 | yes
Intel(R) Core(TM) Ultra 5 125U | Ultra 5 125U |  | yes
Core Ultra 7 155H | Ultra 7 155H |  | yes
Intel(R) Core(TM) 5 120U | Core 5 120U |  | yes
Intel(R) Core(TM) i7 CPU 920 @ 2.67GHz | i7-920 | 1 | no
Intel(R) Core(TM) i5 CPU M 520 @ 2.40GHz | i5 |  | unknown
Intel(R) Core(TM) i5-4590 CPU @ 3.30GHz | i5-4590 | 4 | no
Intel(R) Core(TM) i7-3770 | i7-3770 | 3 | no
Intel(R) Core(TM) i5-2400 CPU @ 3.10GHz | i5-2400 | 2 | no
Intel(R) Core(TM) m3-7Y30 CPU @ 1.00GHz | m3-7Y30 | 7 | no
Intel(R) Core(TM) M-5Y71 CPU @ 1.20GHz | m-5Y71 | 5 | no
Intel(R) Core(TM) m3-8100Y CPU @ 1.10GHz | m3-8100Y | 8 | yes
Intel(R) Core(TM) i5-7Y54 CPU | i5-7Y54 | 7 | no
Intel Core i5 8th Gen | i5 (gen. 8) | 8 | yes
Core i5 (6e génération) | i5 (gen. 6) | 6 | no
Intel Core i5 | i5 |  | unknown
Intel(R) Core(TM)2 Duo CPU E8400 @ 3.00GHz | Core 2 Duo E8400 |  | no
Intel Core 2 Quad Q6600 | Core 2 Quad Q6600 |  | no
Intel(R) Celeron(R) N4020 CPU @ 1.10GHz | Celeron N4020 |  | yes
Intel(R) Celeron(R) CPU N3060 @ 1.60GHz | Celeron N3060 |  | no
Intel(R) Celeron(R) CPU 3867U @ 1.80GHz | Celeron 3867U |  | yes
Intel(R) Celeron(R) CPU 3865U @ 1.80GHz | Celeron 3865U |  | no
Intel(R) Celeron(R) G4900 CPU | Celeron G4900 |  | yes
Intel(R) Celeron(R) CPU G3930 | Celeron G3930 |  | no
Intel(R) Pentium(R) Gold G5400 CPU @ 3.70GHz | Pentium Gold G5400 |  | yes
Intel(R) Pentium(R) CPU G4560 @ 3.50GHz | Pentium G4560 |  | no
Intel(R) Pentium(R) CPU 4415U @ 2.30GHz | Pentium 4415U |  | no
Intel(R) Pentium(R) Silver N5030 | Pentium Silver N5030 |  | yes
Intel(R) Pentium(R) CPU N4200 @ 1.10GHz | Pentium N4200 |  | no
Intel(R) Pentium(R) 4 CPU 3.00GHz | Pentium 4 |  | no
Intel(R) Atom(TM) x5-Z8350 CPU @ 1.44GHz | Atom X5-Z8350 |  | no
Intel(R) N100 | Intel N100 |  | yes
Intel(R) Xeon(R) E-2176M CPU @ 2.70GHz | Xeon E-2176M |  | yes
Intel(R) Xeon(R) CPU E3-1505M v5 @ 2.80GHz | Xeon E3-1505M v5 |  | no
Intel(R) Xeon(R) CPU E5-2620 v4 @ 2.10GHz | Xeon E5-2620 v4 |  | no
Intel(R) Xeon(R) W-2123 CPU @ 3.60GHz | Xeon W-2123 |  | yes
Intel(R) Xeon(R) CPU W3550 @ 3.07GHz | Xeon W3550 |  | no
Intel(R) Xeon(R) CPU X5650 @ 2.67GHz | Xeon X5650 |  | no
Intel(R) Xeon(R) Silver 4110 CPU @ 2.10GHz | Xeon Silver 4110 |  | yes
Intel(R) Xeon(R) D-1541 | Xeon D-1541 |  | unknown
AMD Ryzen 5 PRO 3500U w/ Radeon Vega Mobile Gfx | Ryzen 5 PRO 3500U |  | yes
AMD Ryzen 5 2500U with Radeon Vega Mobile Gfx | Ryzen 5 2500U |  | no
AMD Ryzen 3 2200G with Radeon Vega Graphics | Ryzen 3 2200G |  | no
AMD Ryzen 5 2600 Six-Core Processor | Ryzen 5 2600 |  | yes
AMD Ryzen 7 1700 Eight-Core Processor | Ryzen 7 1700 |  | no
AMD Ryzen 7 PRO 4750U with Radeon Graphics | Ryzen 7 PRO 4750U |  | yes
AMD Ryzen 7 5800X3D 8-Core Processor | Ryzen 7 5800X3D |  | yes
AMD Ryzen Threadripper 1950X 16-Core Processor | Threadripper 1950X |  | no
AMD Ryzen Threadripper PRO 3945WX 12-Cores | Threadripper PRO 3945WX |  | yes
AMD Athlon Silver 3050U with Radeon Graphics | Athlon Silver 3050U |  | yes
AMD Athlon 200GE with Radeon Vega Graphics | Athlon 200GE |  | no
AMD 3020e with Radeon Graphics | AMD 3020e |  | yes
AMD A8-7410 APU with AMD Radeon R5 Graphics | A8 7410 |  | no
AMD PRO A10-8770 R7, 10 COMPUTE CORES 4C+6G | A10 8770 |  | no
AMD E2-9000e RADEON R2 | E2 9000E |  | no
AMD FX(tm)-6300 Six-Core Processor | FX 6300 |  | no
AMD EPYC 7302P 16-Core Processor | EPYC 7302P |  | yes
AMD EPYC 7281 16-Core Processor | EPYC 7281 |  | no
Snapdragon (TM) 850 @ 2.96 GHz | Snapdragon 850 |  | yes
Snapdragon 7c Gen 2 | Snapdragon 7C GEN 2 |  | yes
Snapdragon(R) X Elite - X1E78100 | Snapdragon X ELITE |  | yes
Microsoft SQ1 @ 3.0 GHz | SQ1 |  | yes
Apple M1 | M1 |  | no
Apple M2 Pro | M2 Pro |  | no
Z80 |  |  | unknown
 |  |  | unknown
"""


def test_each_spelling_reads_as_this_table_says() -> None:
    rows = [[cell.strip() for cell in line.split(" | ")] for line in TABLE.strip("\n").splitlines()]
    assert len(rows) > 80
    wanted = [(text, name, generation, capable) for text, name, generation, capable in rows]
    read_as = [
        (text, read(text).name, str(read(text).generation or ""), windows_11_capable(text))
        for text, *_ in rows
    ]
    assert read_as == wanted
    assert (read(None).name, windows_11_capable(None)) == ("", "unknown")


def test_a_long_or_hostile_text_costs_nothing() -> None:
    for text in ("i5" * 50_000, "core " * 20_000, "ryzen 5 pro " * 9_000, "(r)" * 30_000, "8" * 100_000):
        assert windows_11_capable(text) in ("yes", "no", "unknown")
