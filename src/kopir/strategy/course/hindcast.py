"""The hindcast record: recorded events replayed, predicted beside observed, with what cannot be predicted named.

An event is replayed by the scenario of its name in the model's ``scenarios`` folder, on the flows recorded for the
year nearest to the twelve months before it. A prediction is the value seen before times the ratio
of the simulated flows of the two periods; oil moved to other routes is simulated outright. Containers on a route
change as the record of the corridors predicts (:mod:`kopir.strategy.corridors.corridor_record`). Parameters
are fitted on rows of split ``fit`` alone (:mod:`kopir.strategy.course.fitting`), which are shown and never scored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kopir.core.errors import ModelError
from kopir.core.periods import Period, parse_period
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef
from kopir.model.grounds.answers import shown_fields
from kopir.model.grounds.cited import CitedNumber, Numbers, exactly, union
from kopir.model.network.baseline import recorded_years
from kopir.model.network.network import Floats, Kind
from kopir.model.network.scenario import Scenario, read_scenario
from kopir.strategy.corridors.corridor_record import corridor_record
from kopir.strategy.course.course import Course, follow, follow_undisturbed
from kopir.strategy.course.held import OTHER_WAYS, part_of_whole
from kopir.strategy.course.stress import StressResult, compare
from kopir.strategy.precedents.compared import weighted_median
from kopir.strategy.precedents.ranges import bundled_spread
from kopir.strategy.value.behind import cells_of_rows
from kopir.strategy.value.setup import Setup, at_time_of, prepare_year
from kopir.strategy.value.uncertainty import QUANTILES, TABLES, drawn_inputs

NULL = 0.01
"""Relative change below which nothing is said to have happened."""

ALL_OUTPUT, ELSEWHERE = "NATIONAL", "ALT"
"""Codes of observations.csv: output of the focal state; oil moved to other routes."""

_SEEN = ("before", "after")
_ERRORS = ("error", "error_no_change", "error_proportional")
_BOXES = "shippers stay away"
_CORRIDOR_TABLES = frozenset(
    {"corridor_limits", "corridor_records", "corridor_stages", "freight_rates", "route_choice", "transfers"}
)
_SCHEMA = {
    **dict.fromkeys(("observation", "event", "split", "indicator", "unit"), pl.String),
    "base_year": pl.Int64,
    **dict.fromkeys(("before", "observed", "predicted", "no_change", "proportional"), pl.Float64),
    **dict.fromkeys(("low", "high", "error", "error_no_change", "error_proportional"), pl.Float64),
    "held_low": pl.Float64,
    "held_high": pl.Float64,
    "sign": pl.Boolean,
}


@dataclass(frozen=True)
class HindcastResult:
    """Predicted beside observed.

    ``table`` has a row for each scored response that the model can predict: the value ``before``, what was
    ``observed``, what the model ``predicted`` and the naive forecasts ``no_change`` and ``proportional`` (the
    value before less the middle severity of the event); errors are relative to what was observed;
    ``low`` and ``high`` are 5 and 95 per cent of draws of the uncertain inputs, blank where none were asked
    for (for containers those of predictions at both ends of the recorded scale); ``held_low`` and ``held_high``
    reach as far as disruptions elsewhere were told wrong; ``sign`` says whether the
    direction is right (a null counts when less than one per cent is predicted).
    ``median_error``, its naive counterparts and ``signs_right`` are over the rows of split ``score``, the
    medians with one voice for each event; of ``events_scored`` events ``events_right`` have more directions right
    than wrong, and ``sign_test`` is the probability that a coin does as well. ``fitted`` says which
    assumptions were fitted, and on which rows.
    ``unpredicted`` names the scored rows left out and why; ``misses`` the predictions off by more than half
    or with the wrong sign. ``volumes`` has the simulated change of each response in Mt over the days of its
    period that the scenario covers, for every replay and for the scenarios beside the main one of an event
    (``EVENT_*.toml``), which are not scored.
    """

    table: pl.DataFrame
    unpredicted: pl.DataFrame
    volumes: pl.DataFrame
    misses: tuple[str, ...]
    fitted: tuple[str, ...]
    rows_scored: int
    median_error: float | None
    median_no_change: float | None
    median_proportional: float | None
    signs_right: int
    events_scored: int
    events_right: int
    sign_test: float | None
    replays: Mapping[str, Replay] = field(repr=False)
    model: Model = field(repr=False, compare=False)

    @cached_property
    def numbers(self) -> Numbers:
        """Each prediction as ``hindcast:OBSERVATION``: it rests on the row itself and on its replay.

        Predictions of containers, which no replay gives, rest on what the record of the corridors reads.
        """
        containers = tuple(ref for ref in self.model.quantities if ref.table in _CORRIDOR_TABLES)
        behind = {
            event: one.result.numbers[f"{one.scenario.asked}:{next(iter(one.result.volumes))}"].cells
            for event, one in self.replays.items()
        }
        found: dict[str, CitedNumber] = {}
        names = ("observation", "event", "predicted", "unit")
        for observation, event, predicted, unit in self.table.select(*names).iter_rows():
            rows = self.model.table("observations").filter(observation=observation)
            seen = cells_of_rows("observations", rows, _SEEN)
            cells = union((behind.get(event, containers), seen))
            found[f"hindcast:{observation}"] = exactly(cells, predicted, unit)
        return found

    def as_record(self) -> dict[str, object]:
        """Return the record as plain values, without the replays behind it."""
        plain = {name: getattr(self, name) for name in shown_fields(self)}
        return {
            name: value.to_dicts() if isinstance(value, pl.DataFrame) else value for name, value in plain.items()
        }


@dataclass(frozen=True)
class Replay:
    """An event followed with and without its disturbance."""

    setup: Setup
    scenario: Scenario
    after: Course
    before: Course
    result: StressResult


def hindcast(model: Model, *, draws: int = 0, seed: int = 0) -> HindcastResult:
    """Return the record of every event that the model can replay.

    With ``draws`` each replay is repeated for joint draws of the uncertain inputs, repeatable by ``seed``.
    Raises :class:`kopir.core.errors.InputError` for a faulty scenario and
    :class:`kopir.core.errors.ModelError` when a year cannot be calibrated.
    """
    events = {row["event"]: row for row in model.table("events").iter_rows(named=True)}
    scenarios = model.folder.path / "scenarios"
    replays: dict[str, Replay] = {}
    drawn: dict[str, list[Replay]] = {}
    rows: list[tuple[object, ...]] = []
    left: list[tuple[str, str, str, str]] = []
    carried = _containers(model)
    for one in model.table("observations").filter(role="scored").sort("observation").iter_rows(named=True):
        event = events[one["event"]]
        path = event_scenario(model, event["event"])
        box = carried.get((one["asset"], one["after_period"])) if one["unit"] == "TEU" else None
        if path is None and box is not None and "fit" not in {box["split"]} - {event["split"]}:
            rows.append(_row(one, event, *_containers_after(one, box), _BOXES))
            continue
        if path is None:
            left.append(_left(one, _why_not(model, one)))
            continue
        if event["event"] not in replays:
            replays[event["event"]] = replay(model, path)
        found = replays[event["event"]]
        predicted = predict(found, one)
        if predicted is None:
            left.append(_left(one, "no flow of the model stands for it"))
        else:
            if draws and event["event"] not in drawn:
                drawn[event["event"]] = _drawn(found, path, draws, seed)
            spread = [predict(each, one) for each in drawn.get(event["event"], ())]
            whole = part_of_whole(stores=bool(len(found.setup.network.stores.asset)))
            rows.append(_row(one, event, found.setup.baseline.year, predicted, spread, whole))
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return _scored(table, left, _volumes(model, scenarios, replays), _fitted(model), replays, model)


def event_scenario(model: Model, event: str) -> Path | None:
    """Return the file of the scenario that replays an event, if the model has one."""
    path = model.folder.path / "scenarios" / f"{event}.toml"
    return path if path.is_file() else None


def replay(model: Model, path: Path, replaced: Mapping[CellRef, float] | None = None) -> Replay:
    """Return the scenario of a file followed on the flows of its year; ``replaced`` as for the year."""
    scenario = replace(read_scenario(path, model), prices="base")
    setup = at_time_of(prepare_year(model, _recorded_year(model, scenario), replaced), scenario.steps[0].first)
    after = follow(setup, scenario)
    before = follow_undisturbed(setup, scenario, after)
    return Replay(setup, scenario, after, before, compare(setup, scenario, before, after))


def _drawn(central: Replay, path: Path, draws: int, seed: int) -> list[Replay]:
    """Return the replay for each draw that can be calibrated to the flows of its year."""
    found: list[Replay] = []
    for values, *_ in drawn_inputs(central.setup, draws, seed, tables=TABLES | {"storage"}):
        try:
            found.append(replay(central.setup.model, path, values))
        except ModelError:
            continue
    return found


def _recorded_year(model: Model, scenario: Scenario) -> int:
    """Return the recorded year nearest to the twelve months before the first disturbance.

    Later flows were not known then, and may hold the event itself. Where nothing is disturbed the scenario's
    start counts.
    """
    middle = (scenario.begun or scenario.steps[0].first) - timedelta(days=183)
    return min(recorded_years(model), key=lambda year: (abs(date(year, 7, 2) - middle), year))


def _why_not(model: Model, one: Mapping[str, Any]) -> str:
    known = {row["link"] for row in model.table("links").iter_rows(named=True)}
    if one["asset"] in known:
        return "a route that opens: why buyers take more is not in the model, and its ramp rests on this row"
    return "no layer of the model carries it"


def _containers(model: Model) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return the rows of the record of the corridors by route and period; none where nothing asks for them."""
    routes = set(model.table("corridor_records")["route"])
    asked = model.table("observations").filter(pl.col("asset").is_in(routes), unit="TEU")
    if asked.is_empty():
        return {}
    return {(row["route"], row["period"]): row for row in corridor_record(model).table.iter_rows(named=True)}


def _containers_after(
    one: Mapping[str, Any], box: Mapping[str, Any]
) -> tuple[int | None, float, tuple[float, float]]:
    """Return the year that a prediction of containers starts from, the prediction and its ends."""
    before = parse_period(one["before_period"] or "")
    per_box = one["before"] / box["before"]
    ends = box["low"] * per_box, box["high"] * per_box
    return None if before is None else before.first.year, box["predicted"] * per_box, ends


def _left(one: Mapping[str, Any], why: str) -> tuple[str, str, str, str]:
    return one["observation"], one["event"], one["indicator"], why


def predict(replay: Replay, one: Mapping[str, Any]) -> float | None:
    """Return what a replay predicts for a row of observations.csv, or nothing where no flow stands for it."""
    after, before = parse_period(one["after_period"] or ""), parse_period(one["before_period"] or "")
    if after is None or before is None:
        return None
    if one["asset"] == ELSEWHERE:
        moved = _moved(replay, after)
        return None if moved is None else moved * _per(one["unit"])
    chosen = _chosen(replay.setup, one["asset"])
    if chosen is None or one["before"] is None:
        return None
    usual = _rate(replay, chosen, before)
    return None if usual <= 0 else float(one["before"] * _rate(replay, chosen, after) / usual)


def _moved(replay: Replay, period: Period) -> float | None:
    """Return Mt that moved elsewhere; nothing where goods are several, for an observation does not say which."""
    if len(replay.result.goods) > 1:
        return None
    return _within(replay.scenario, replay.result.table["moved_mt"].to_numpy(), period)


def _per(unit: str) -> float:
    return {"Mt": 1.0, "kt": 1e3}.get(unit, math.nan)


def _chosen(setup: Setup, asset: str) -> NDArray[np.bool_] | None:
    network = setup.network
    owned = network.owned_by(setup.focal_state)
    if asset == ALL_OUTPUT and len(network.goods(setup.focal_state)) > 1:
        return None  # tonnes of several goods are not added
    if asset == ALL_OUTPUT:
        return owned & network.of_kind(Kind.SUPPLY)
    for kind, of in (("link", Kind.FLOW), ("supply", Kind.SUPPLY), ("market", Kind.SALE)):
        index = network.asset_index.get((kind, asset))
        if index is not None:
            chosen: NDArray[np.bool_] = owned & network.of_kind(of) & (network.activities.asset == index)
            return chosen
    return None


def _rate(replay: Replay, chosen: NDArray[np.bool_], period: Period) -> float:
    """Return Mt a day over a period: as simulated where the scenario reaches, undisturbed elsewhere."""
    moved = replay.after.use[:, chosen].sum(axis=1)
    usual = float(replay.before.use[0, chosen].sum()) / replay.scenario.steps[0].days
    inside = sum(_share(step, period) * step.days for step in replay.scenario.steps)
    return (_within(replay.scenario, moved, period) + usual * (period.days - inside)) / period.days


def _within(scenario: Scenario, amounts: Floats, period: Period) -> float:
    return float(sum(amount * _share(step, period) for step, amount in zip(scenario.steps, amounts, strict=True)))


def _share(step: Period, period: Period) -> float:
    first, last = max(step.first, period.first), min(step.last, period.last)
    return max(0, (last - first).days + 1) / step.days


def _row(
    one: Mapping[str, Any],
    event: Mapping[str, Any],
    year: int | None,
    predicted: float,
    spread: Sequence[float | None],
    whole: str,
) -> tuple[object, ...]:
    before, observed = one["before"], one["after"]
    severity = ((event["severity_low"] or 0.0) + (event["severity_high"] or 0.0)) / 2
    forecasts = (predicted, before, before * (1 - severity))
    errors = [abs(value - observed) / abs(observed) if observed else None for value in forecasts]
    sign = _direction(before, predicted) == _direction(before, observed)
    named = (one["observation"], one["event"], event["split"], one["indicator"], one["unit"], year)
    drawn = [value for value in spread if value is not None]
    ends = [float(np.quantile(drawn, share)) for share in QUANTILES] if drawn else [None, None]
    half = bundled_spread().half(OTHER_WAYS if predicted > before else whole, before, predicted)
    held = max(0.0, predicted - half), predicted + half
    return (*named, before, observed, *forecasts, *ends, *errors, *held, sign)


def _direction(before: float, after: float) -> int:
    change = (after - before) / abs(before) if before else (after > NULL) - (after < -NULL)
    return 0 if abs(change) < NULL else int(math.copysign(1, change))


def _fitted(model: Model) -> tuple[str, ...]:
    """Return which assumptions of the model were fitted, their values and rows, in words."""
    used = {quantity.fact: quantity for _, quantity in sorted(model.quantities.items(), reverse=True)}
    return tuple(
        f"{row['fact']} = {used[row['fact']].value:.4g} {used[row['fact']].unit} "
        f"[{used[row['fact']].low:.4g}..{used[row['fact']].high:.4g}] on {' '.join(row['observations'])}"
        for row in model.table("fitted").sort("fact").iter_rows(named=True)
        if row["fact"] in used
    )


def _scored(
    table: pl.DataFrame,
    left: list[tuple[str, str, str, str]],
    volumes: pl.DataFrame,
    fitted: tuple[str, ...],
    replays: Mapping[str, Replay],
    model: Model,
) -> HindcastResult:
    scored = table.filter(split="score")
    right = int(scored["sign"].sum())
    voices = (1 / pl.len().over("event")).alias("voice")
    weights = scored.select(voices)["voice"].to_list()
    own, same, less = (weighted_median(scored[name].to_list(), weights) for name in _ERRORS)
    events = scored.group_by("event").agg((pl.col("sign").mean() > 0.5).alias("right"))
    told = int(events["right"].sum())
    missed = table.filter(~pl.col("sign") | (pl.col("error") > 0.5))
    misses = [
        f"{row['observation']} {row['indicator']}: predicted {row['predicted']:.3g}, seen {row['observed']:.3g}"
        for row in missed.iter_rows(named=True)
    ]
    schema = dict.fromkeys(("observation", "event", "indicator", "why"), pl.String)
    return HindcastResult(
        table=table,
        unpredicted=pl.DataFrame(left, schema=schema, orient="row"),
        volumes=volumes,
        misses=tuple(misses),
        fitted=fitted,
        rows_scored=scored.height,
        median_error=own,
        median_no_change=same,
        median_proportional=less,
        signs_right=right,
        replays=replays,
        model=model,
        events_scored=events.height,
        events_right=told,
        sign_test=_by_chance(told, events.height) if events.height else None,
    )


def _by_chance(right: int, rows: int) -> float:
    """Return the probability that a coin gets at least ``right`` of ``rows`` right."""
    return float(sum(math.comb(rows, number) for number in range(right, rows + 1)) / 2**rows)


def _volumes(model: Model, scenarios: Path, replays: Mapping[str, Replay]) -> pl.DataFrame:
    """Return the simulated changes of each replay, and of each scenario beside it."""
    rows: list[tuple[object, ...]] = []
    observations = model.table("observations").filter(role="scored").sort("observation")
    for event, main in sorted(replays.items()):
        beside = {path.stem: replay(model, path) for path in sorted(scenarios.glob(f"{event}_*.toml"))}
        for one in observations.filter(event=event).iter_rows(named=True):
            period = parse_period(one["after_period"] or "")
            for name, found in {event: main, **beside}.items():
                change = None if period is None else _change(found, one["asset"], period)
                if change is not None:
                    rows.append((name, found.scenario.name, one["asset"], one["after_period"], *change))
    texts = dict.fromkeys(("scenario", "about", "asset", "period"), pl.String)
    schema = {**texts, "usual_mt": pl.Float64, "change_mt": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").unique(maintain_order=True)


def _change(replay: Replay, asset: str, period: Period) -> tuple[float, float] | None:
    """Return what an asset carries undisturbed over the covered days of a period, and its change (Mt)."""
    if asset == ELSEWHERE:
        moved = _moved(replay, period)
        return None if moved is None else (0.0, moved)
    chosen = _chosen(replay.setup, asset)
    if chosen is None:
        return None
    usual, then = (course.use[:, chosen].sum(axis=1) for course in (replay.before, replay.after))
    return _within(replay.scenario, usual, period), _within(replay.scenario, then - usual, period)
