"""The incident card: some assets lost for some days, on one page, beside the nearest past events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.contents.spoken import spoken
from kopir.model.grounds.cited import Numbers
from kopir.model.network.clauses import Asset
from kopir.model.network.goods import columns_of, goods_of
from kopir.model.network.network import Kind
from kopir.model.network.scenario import Prices, Scenario, Shock, Window, make_steps
from kopir.strategy.course.course_intervals import course_intervals
from kopir.strategy.course.nearest import nearest_events, record_beside
from kopir.strategy.course.prices import months_without_price
from kopir.strategy.course.ranges import CourseIntervals
from kopir.strategy.course.stress import StressResult, hit_assets, stress
from kopir.strategy.value.setup import Setup

DRAWS = 12
TAIL = 30
"""Days followed after the repair."""

_TYPES = ("link", "supply", "market", "conversion", "storage", "group")
_CURVE = ("loss_musd", "budget_musd", "income_musd")


@dataclass(frozen=True)
class IncidentResult:
    """One page about an incident.

    ``lost`` are the assets closed, ``severity`` the share of capacity lost between the places that they join
    (of the assets themselves where they are no links). ``course`` follows ``scenario`` day by day at central
    values, ``intervals`` says how sure its figures are. ``curve`` has the same for half, all and twice the
    ``days``, with half or all of the assets ``lost``, at base-year prices: the day on which a store is full,
    Mt and million USD. ``past`` has the nearest recorded events and what was seen, ``record`` what the model
    predicts of the nearest that it can replay (see :func:`kopir.strategy.course.nearest.record_beside`).
    ``unpriced`` are the months without a price, for which the whole is counted at base-year prices.
    """

    lost: tuple[str, ...]
    start: date
    days: int
    severity: float
    scenario: Scenario
    course: StressResult
    intervals: CourseIntervals
    curve: pl.DataFrame
    past: pl.DataFrame
    record: pl.DataFrame
    unpriced: tuple[str, ...]

    @property
    def numbers(self) -> Numbers:
        """The figures of the course as ``incident:ASSETS:DAYS:measure``."""
        return self.course.numbers

    def as_record(self) -> dict[str, object]:
        """Return the card as plain values."""
        return {
            **{name: getattr(self, name) for name in ("lost", "days", "severity")},
            "start": self.start.isoformat(),
            **self.intervals.as_record(),
            "curve": self.curve.to_dicts(),
            "past": self.past.to_dicts(),
            "record": self.record.to_dicts(),
            "unpriced": list(self.unpriced),
            "course": self.course.as_record(),
        }


def incident(
    setup: Setup,
    lose: Sequence[str],
    days: int,
    *,
    start: date,
    draws: int = DRAWS,
    seed: int = 0,
    prices: Prices = "dated",
) -> IncidentResult:
    """Return the card of losing ``lose`` (assets, or ``GROUP:COUNT``) wholly for ``days`` days from ``start``.

    Operators do not know when the repair ends. Where a month has no price all is counted at base-year prices,
    and the card says so. Raises :class:`InputError` naming each unknown asset.
    """
    if days < 1:
        mend = "give at least one day"
        raise InputError(Fault("K0505", "an incident without duration", mend, column="--days", value=str(days)))
    assets = lost_assets(setup, lose)
    scenario = replace(_scenario(assets, start, days, 0.0, prices), asked=f"incident:{'+'.join(lose)}:{days}")
    unpriced = months_without_price(setup, scenario)
    if unpriced:
        scenario = replace(scenario, prices="base")
    central = stress(setup, scenario)
    severity = _severity(setup, scenario)
    return IncidentResult(
        lost=tuple(asset for _, asset in assets),
        start=start,
        days=days,
        severity=severity,
        scenario=scenario,
        course=central,
        intervals=course_intervals(setup, scenario, central, draws=draws, seed=seed),
        curve=_if_it_lasts(setup, assets, start, days),
        past=nearest_events(setup, assets, severity),
        record=record_beside(setup, assets, severity),
        unpriced=unpriced,
    )


def lost_assets(setup: Setup, lose: Sequence[str]) -> tuple[Asset, ...]:
    """Return the assets that names stand for; of a group so many as asked (all unless asked), most used first.

    Names may be written in small letters and with hyphens.
    """
    codes = {asset: (kind, asset) for kind in reversed(_TYPES) for of, asset in setup.network.assets if of == kind}
    assets: list[Asset] = []
    faults: list[Fault] = []
    for text in lose:
        name, _, count = text.partition(":")
        code = name if name in codes else name.upper().replace("-", "_")
        if code not in codes:
            mend = spoken(setup.model, "assets").mend(name)
            faults.append(Fault("K0207", "unknown asset", mend, column="--lose", value=name))
            continue
        members = _members(setup, code) if codes[code][0] == "group" else [codes[code]]
        if count and not (count.isdecimal() and 1 <= int(count) <= len(members)):
            mend = f"write {name}:1 to {name}:{len(members)}"
            faults.append(Fault("K0505", "not a count of members", mend, column="--lose", value=text))
            continue
        assets += members[: int(count)] if count else members
    if faults:
        raise InputError(faults)
    return tuple(dict.fromkeys(assets))


def _members(setup: Setup, group: str) -> list[Asset]:
    rows = setup.model.table("capacity_group_members").filter(group=group)
    members = [(row["asset_type"], row["asset"]) for row in rows.iter_rows(named=True)]
    used = {asset: _capacity(setup, asset) for asset in members}
    flows = setup.baseline.use if setup.calibration is None else setup.calibration.use
    loads = {
        asset: float(np.nansum(flows[setup.network.activities.asset == setup.network.asset_index.get(asset, -1)]))
        for asset in members
    }
    return sorted((asset for asset in members if used[asset] > 0), key=lambda asset: (-loads[asset], asset))


def _capacity(setup: Setup, asset: Asset) -> float:
    """Return the usable capacity of an asset (Mt/yr), or what it holds or supplies; infinite where unknown."""
    network = setup.network
    index = network.asset_index.get(asset)
    limits = network.limits.capacity.usable[network.limits.asset == index]
    if len(limits):
        return float(limits.sum())
    stores = network.stores.capacity[network.stores.asset == index]
    amounts = network.activities.amount[
        (network.activities.asset == index) & (network.activities.kind != Kind.UNMET)
    ]
    return float(stores.sum()) if len(stores) else float(amounts.sum()) if len(amounts) else 0.0


def _severity(setup: Setup, scenario: Scenario) -> float:
    lost = {shock.asset for shock in scenario.shocks}
    beside = {asset for asset in hit_assets(setup, scenario) if _capacity(setup, asset) > 0}
    whole = sum(_capacity(setup, asset) for asset in beside)
    return sum(_capacity(setup, asset) for asset in lost) / whole if 0 < whole < np.inf else 1.0


def _if_it_lasts(setup: Setup, assets: Sequence[Asset], start: date, days: int) -> pl.DataFrame:
    """Return the same loss for half, all and twice the days, wholly and by half, at base-year prices."""
    curve = (*columns_of(goods_of(setup.network, setup.focal_state), "moved", "shut_in"), *_CURVE)
    rows = []
    for length in sorted({max(1, days // 2), days, 2 * days}):
        for left in (0.5, 0.0):
            found = stress(setup, _scenario(assets, start, length, left, "base"))
            full = None if found.full_on is None else (found.full_on - start).days + 1
            rows.append((length, 1 - left, full, *(found.measures[measure] for measure in curve)))
    schema = {"days": pl.Int64, "lost": pl.Float64, "full_day": pl.Int64, **dict.fromkeys(curve, pl.Float64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _scenario(assets: Sequence[Asset], start: date, days: int, left: float, prices: Prices) -> Scenario:
    window = Window(start, start + timedelta(days=days - 1))
    steps = make_steps(start, [("day", days + TAIL)])
    return Scenario("incident", steps, tuple(Shock(asset, left, window) for asset in assets), prices=prices)
