"""The incident card: some assets lost for some days, on one page, beside the nearest past events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from kopir.core.errors import Fault, InputError, ModelError
from kopir.core.spelling import did_you_mean
from kopir.model.clauses import Asset
from kopir.model.network import Kind
from kopir.model.scenario import Prices, Scenario, Shock, Window, make_steps
from kopir.strategy.setup import Setup, prepare_at
from kopir.strategy.stress import StressResult, hit_assets, stress
from kopir.strategy.uncertainty import QUANTILES, TABLES, drawn_inputs

DRAWS = 20
TAIL = 30
"""Days followed after the repair."""

NEAREST = 4
_TYPES = ("link", "supply", "market", "conversion", "storage", "group")
_MEASURES = ("shut_in_mt", "moved_mt", "loss_usd", "budget_usd", "income_usd")


@dataclass(frozen=True)
class IncidentResult:
    """One page about an incident.

    ``lost`` are the assets closed, ``severity`` the share of capacity lost between the places that they join
    (of the assets themselves where they are no links). ``course`` follows ``scenario`` day by day at central
    values.
    ``table`` has ``measure``, ``central``, ``low`` and ``high`` (5 and 95 per cent of ``draws`` joint draws of
    the uncertain inputs, ``refused`` of them not calibrated); in ``full_draws`` of them a store fills, within the
    range ``full_days`` of days (``None``: in no draw). ``past`` has the nearest recorded events and what was seen.
    """

    lost: tuple[str, ...]
    start: date
    days: int
    severity: float
    seed: int
    draws: int
    refused: int
    full_draws: int
    full_days: tuple[int, int] | None
    scenario: Scenario
    course: StressResult
    table: pl.DataFrame
    past: pl.DataFrame

    def as_record(self) -> dict[str, object]:
        """Return the card as plain values."""
        own = ("lost", "days", "severity", "seed", "draws", "refused", "full_draws", "full_days")
        return {
            **{name: getattr(self, name) for name in own},
            "start": self.start.isoformat(),
            "measures": self.table.to_dicts(),
            "past": self.past.to_dicts(),
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

    Operators do not know when the repair ends. Raises :class:`InputError` naming each unknown asset, or each
    month without a price.
    """
    if days < 1:
        mend = "give at least one day"
        raise InputError(Fault("K0505", "an incident without duration", mend, column="--days", value=str(days)))
    assets = lost_assets(setup, lose)
    window = Window(start, start + timedelta(days=days - 1))
    steps = make_steps(start, [("day", days + TAIL)])
    scenario = Scenario("incident", steps, tuple(Shock(asset, 0.0, window) for asset in assets), prices=prices)
    central = stress(setup, scenario)
    found, refused = _drawn(setup, scenario, draws, seed)
    severity = _severity(setup, scenario)
    return IncidentResult(
        lost=tuple(asset for _, asset in assets),
        start=start,
        days=days,
        severity=severity,
        seed=seed,
        draws=draws,
        refused=refused,
        full_draws=sum(one.full_on is not None for one in found),
        full_days=_full_days(start, [one.full_on for one in found]),
        scenario=scenario,
        course=central,
        table=_ranges(central, found),
        past=nearest_events(setup, assets, severity),
    )


def lost_assets(setup: Setup, lose: Sequence[str]) -> tuple[Asset, ...]:
    """Return the assets that names stand for; of a group so many members as asked, the most used first.

    Names may be written in small letters and with hyphens.
    """
    codes = {asset: (kind, asset) for kind in reversed(_TYPES) for of, asset in setup.network.assets if of == kind}
    assets: list[Asset] = []
    faults: list[Fault] = []
    for text in lose:
        name, _, count = text.partition(":")
        code = name if name in codes else name.upper().replace("-", "_")
        if code not in codes:
            mend = did_you_mean(code, codes, "an asset of the model")
            faults.append(Fault("K0207", "unknown asset", mend, column="--lose", value=name))
            continue
        members = _members(setup, code) if codes[code][0] == "group" else [codes[code]]
        if count and not (count.isdecimal() and 1 <= int(count) <= len(members)):
            mend = f"write {name}:1 to {name}:{len(members)}"
            faults.append(Fault("K0505", "not a count of members", mend, column="--lose", value=text))
            continue
        assets += members[: int(count)] if count else [codes[code]]
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


def _drawn(setup: Setup, scenario: Scenario, draws: int, seed: int) -> tuple[list[StressResult], int]:
    found: list[StressResult] = []
    points = drawn_inputs(setup, draws, seed, tables=TABLES | {"storage"}) if draws else []
    for values, effectiveness in points:
        try:
            found.append(stress(prepare_at(setup, values, effectiveness), scenario))
        except ModelError:
            continue
    return found, draws - len(found)


def _ranges(central: StressResult, found: Sequence[StressResult]) -> pl.DataFrame:
    rows = []
    for measure in _MEASURES:
        values = [one.measures[measure] for one in found]
        low, high = (float(np.quantile(values, share)) for share in QUANTILES) if values else (None, None)
        rows.append((measure, central.measures[measure], low, high))
    schema = {"measure": pl.String, **dict.fromkeys(("central", "low", "high"), pl.Float64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _full_days(start: date, days: Sequence[date | None]) -> tuple[int, int] | None:
    counts = [(day - start).days + 1 for day in days if day is not None]
    return (min(counts), max(counts)) if counts else None


def nearest_events(setup: Setup, lost: Sequence[Asset], severity: float) -> pl.DataFrame:
    """Return the recorded events that hit the lost assets, their group or their ends, nearest severity first."""
    links = setup.model.table("links")
    ends = {row["link"]: {row["from_node"], row["to_node"]} for row in links.iter_rows(named=True)}
    codes = {asset for _, asset in lost}
    near = codes.union(*(ends.get(code, set()) for code in codes))
    rows = []
    for row in setup.model.table("events").iter_rows(named=True):
        if near & set(row["assets"] or ()):
            low, high = row["severity_low"] or 0.0, row["severity_high"] or 1.0
            away = max(abs(low - severity), abs(high - severity))
            rows.append((row["event"], row["start"], row["end"], row["what"], low, high, row["note"], away))
    names = ("event", "start", "end", "what", "severity_low", "severity_high", "seen", "away")
    schema = {name: pl.Float64 if name.startswith(("sev", "away")) else pl.String for name in names}
    frame = pl.DataFrame([tuple(map(_text, row)) for row in rows], schema=schema, orient="row")
    return frame.sort("away", "event").head(NEAREST).drop("away")


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
