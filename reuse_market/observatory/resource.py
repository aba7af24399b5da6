"""The views of the resource: by commune for the map, by quarter and kind for the forecast. All from published rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reuse_market.observatory import publishing
from reuse_market.observatory.dataset import ANNOUNCED, AVAILABLE, DATED, FORECAST, STOCK, WANTED, Dataset
from reuse_market.observatory.grouping import SEVERAL
from reuse_market.places import queries as places

Told = tuple[int, int, int]  # devices, low end, high end


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune of the map: its devices (None: the number must stay secret) and, of open lots, how many."""

    insee: str
    name: str
    units: int | None
    lots: int = 0

    @property
    def secret(self) -> bool:
        """Whether no number is told."""
        return self.units is None


@dataclass(frozen=True, slots=True)
class ByCommune:
    """The map's numbers. `together`: devices told for several communes at once; `total` holds them too."""

    rows: list[CommuneRow]
    together: int
    total: int
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """By quarter and by kind, (devices, low, high) or None where nothing may be told; `undated`: without quarter.

    `wanted_undated`: of the line of needs, the same; `wanted_apart`: told only with other kinds or communes than those
    asked for, so that it is in no such picture.
    """

    quarters: list[str]
    stock: Told | None
    announced: list[Told | None]
    forecast: list[Told | None]
    wanted: list[Told | None]
    undated: int
    wanted_undated: int
    wanted_apart: int
    kinds: list[tuple[str, dict[str, Told]]]
    totals: dict[str, Told]
    as_of: datetime | None


def by_commune(state: str, kind: str = "", quarter: str = "") -> ByCommune:
    """Every commune of the territory, most devices first.

    Of open lots, a commune without any has 0; of the rest, whether it has few or none is not told.
    """
    lots: dict[str, int] = {}
    if state == AVAILABLE:
        listed = publishing.available()
        source, lots = listed.dataset, listed.lots.get(kind, {})
    else:
        source = publishing.published()
    asked = {"state": state, "kind": kind, "quarter": quarter if state in DATED else ""}
    found = source.by("commune", **asked)
    rows = []
    for commune in places.communes():
        told = found.get(commune.insee)
        waiting = lots.get(commune.insee, 0)
        none = 0 if state == AVAILABLE and not waiting else None
        rows.append(CommuneRow(commune.insee, commune.name, told[0] if told else none, waiting))
    rows.sort(key=lambda row: (-(row.units or 0), row.units is None and row.lots == 0, -row.lots, row.name))
    together = found.get(SEVERAL, (0, 0, 0))[0]
    total = together + sum(row.units or 0 for row in rows)
    return ByCommune(rows, together, total, source.as_of)


def forecast(kind: str = "", commune: str = "") -> Forecast:
    """What waits and what each quarter is expected to bring, for the territory or one commune."""
    source = publishing.published()
    asked = {"kind": kind, "commune": commune}
    quarters = source.quarters()
    by_quarter = {
        state: source.by("quarter", state=state, **asked) for state in (ANNOUNCED, FORECAST, WANTED)
    }
    return Forecast(
        quarters=quarters,
        stock=_all(source, STOCK, asked),
        announced=[by_quarter[ANNOUNCED].get(one) for one in quarters],
        forecast=[by_quarter[FORECAST].get(one) for one in quarters],
        wanted=[by_quarter[WANTED].get(one) for one in quarters],
        undated=sum(
            found.get(SEVERAL, (0, 0, 0))[0] for found in (by_quarter[ANNOUNCED], by_quarter[FORECAST])
        ),
        wanted_undated=by_quarter[WANTED].get(SEVERAL, (0, 0, 0))[0],
        wanted_apart=_apart(source, kind, commune),
        kinds=_kinds(source, asked),
        totals={s: told for s in (STOCK, ANNOUNCED, FORECAST, WANTED) if (told := _all(source, s, asked))},
        as_of=source.as_of,
    )


def _apart(source: Dataset, kind: str, commune: str) -> int:
    """Devices wanted that may be of this kind and commune, told together with others."""
    near = [
        row for row in source.select(state=WANTED)
        if (not kind or row.kind in (kind, SEVERAL)) and (not commune or row.commune in (commune, SEVERAL))
        and ((kind and row.kind == SEVERAL) or (commune and row.commune == SEVERAL))
    ]  # fmt: skip
    return sum(row.devices for row in near)


def _all(source: Dataset, state: str, asked: dict[str, str]) -> Told | None:
    """Everything of a state that may be told."""
    found = source.by("state", state=state, **asked)
    return found.get(state)


def _kinds(source: Dataset, asked: dict[str, str]) -> list[tuple[str, dict[str, Told]]]:
    """(kind, told by state), most devices first, several kinds together last."""
    found: dict[str, dict[str, Told]] = {}
    for state in (STOCK, ANNOUNCED, FORECAST, WANTED):
        for kind, told in source.by("kind", state=state, **asked).items():
            found.setdefault(kind, {})[state] = told
    return sorted(
        found.items(), key=lambda one: (one[0] == SEVERAL, -sum(t[0] for t in one[1].values()), one[0])
    )


def coming(kind: str) -> list[tuple[date, int, bool]]:
    """(first day of a quarter, devices, whether announced) that may be told of a kind, in order: for needs."""
    found = forecast(kind)
    told = []
    for at, quarter in enumerate(found.quarters):
        for announced, one in ((True, found.announced[at]), (False, found.forecast[at])):
            if one is not None and one[0]:
                told.append((date.fromisoformat(quarter), one[0], announced))
    return told
