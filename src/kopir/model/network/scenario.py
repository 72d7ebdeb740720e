"""Scenarios: dated changes to a model, and the steps of a day, a week or a month in which they are followed.

A scenario is a TOML file. Assets stay open to a share (``left``) from a day to a day, both included, and come
back over ``repair`` days; jurisdictions refuse to a severity; options are decided and come on stream after
their lead time.
"""

from __future__ import annotations

import tomllib
from calendar import isleap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kopir.core.errors import Fault, InputError
from kopir.core.folders.textfiles import read_text
from kopir.core.outward import shown
from kopir.core.periods import Period
from kopir.core.spelling import did_you_mean
from kopir.model.contents.accounting import accounting_options
from kopir.model.contents.model import Model
from kopir.model.network.clauses import Asset

StepName = Literal["day", "week", "month"]
Prices = Literal["dated", "base"]
"""Prices of the months of a scenario, or of the base year throughout."""

MAX_STEPS = 2_000
MAX_SCENARIO_BYTES = 2**20
DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Window:
    """Days from ``first`` to ``last`` (none: without end), both included, then ``repair`` days of recovery."""

    first: date
    last: date | None = None
    repair: int = 0

    def strength(self, day: date) -> float:
        """Return how much of a disturbance holds on a day: 1 within, falling to 0 over the days of repair."""
        if day < self.first:
            return 0.0
        if self.last is None or day <= self.last:
            return 1.0
        return max(0.0, 1.0 - (day - self.last).days / (self.repair + 1))


@dataclass(frozen=True, slots=True)
class Shock:
    """An asset that keeps ``left`` (a share) of its capacity, or of what it carried undisturbed."""

    asset: Asset
    left: float
    window: Window
    of: Literal["capacity", "flow"] = "capacity"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Jurisdictions that refuse what their clauses cover, to a severity."""

    parties: frozenset[str]
    severity: float
    window: Window


@dataclass(frozen=True, slots=True)
class Decision:
    """An option decided on a day; it counts from its lead time after."""

    option: str
    day: date


@dataclass(frozen=True)
class Scenario:
    """Steps without gaps, what happens in them, and at which prices losses are counted.

    ``asked`` is how its numbers are asked for again, the beginning of their ids: ``stress:NAME`` for a file.
    """

    name: str
    steps: tuple[Period, ...]
    shocks: tuple[Shock, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    prices: Prices = "dated"
    asked: str = ""

    @property
    def begins(self) -> tuple[date, ...]:
        """The days on which a shock or refusal begins, sorted; the time of ramps and lags counts from them."""
        windows = [shock.window for shock in self.shocks if shock.left < 1]
        windows += [refusal.window for refusal in self.refusals if refusal.severity > 0]
        return tuple(sorted({window.first for window in windows}))

    @property
    def begun(self) -> date | None:
        """First day on which anything is disturbed."""
        return min(self.begins, default=None)

    @property
    def lengths(self) -> tuple[float, ...]:
        """Length of each step in years; the days of a calendar year add up to one."""
        return tuple(sum(1 / (366 if isleap(day.year) else 365) for day in days_of(step)) for step in self.steps)


def days_of(period: Period) -> Iterator[date]:
    """Yield the days of a period."""
    for offset in range(period.days):
        yield period.first + timedelta(days=offset)


def make_steps(start: date, blocks: Sequence[tuple[StepName, int]]) -> tuple[Period, ...]:
    """Return steps from ``start``: so many of each length; months run from a day to the same day of the next.

    A month that lacks the day ends with its last day.
    """
    steps: list[Period] = []
    first = start
    for name, count in blocks:
        begin = first
        for number in range(1, count + 1):
            last = _later(begin, name, number) - timedelta(days=1)
            steps.append(Period(first, last))
            first = last + timedelta(days=1)
    return tuple(steps)


def _later(day: date, name: StepName, count: int) -> date:
    if name != "month":
        return day + timedelta(days=count * (7 if name == "week" else 1))
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    for candidate in range(day.day, 27, -1):
        try:
            return date(year, month, candidate)
        except ValueError:
            continue
    return date(year, month, day.day)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


_Share = Annotated[float, Field(ge=0, le=1)]
_Count = Annotated[int, Field(ge=1, le=MAX_STEPS)]


class _Dated(_Section):
    first: date = Field(alias="from")
    last: date | None = Field(default=None, alias="to")
    repair: int = Field(default=0, ge=0)

    @property
    def window(self) -> Window:
        return Window(self.first, self.last, self.repair)


class _Shock(_Dated):
    asset_type: Literal["link", "supply", "market", "conversion", "storage", "group"] = "link"
    asset: str
    left: _Share = 0.0
    of: Literal["capacity", "flow"] = "capacity"


class _Denial(_Dated):
    parties: Annotated[list[str], Field(min_length=1)]
    severity: _Share = 1.0


class _Build(_Section):
    option: str
    decided: date


class _Head(_Section):
    title: str = ""
    start: date
    step: StepName = "day"
    steps: _Count | None = None
    until: date | None = None
    prices: Prices = "dated"
    blocks: list[Annotated[tuple[StepName, _Count], Field(strict=False)]] | None = None


class _File(_Section):
    scenario: _Head
    shock: list[_Shock] = []
    denial: list[_Denial] = []
    build: list[_Build] = []


def read_scenario(path: Path, model: Model) -> Scenario:
    """Read a scenario file; a bare name stands for a file in the ``scenarios`` folder of the model.

    Raises :class:`InputError` with every fault: key, value and what mends it.
    """
    asked = f"stress:{path}"
    own = model.folder.path / "scenarios" / f"{path}.toml"
    if not path.exists() and path.name == str(path) and own.is_file():
        path = own
    text = read_text(path.parent, path.name, limit=MAX_SCENARIO_BYTES)
    if isinstance(text, Fault):
        raise InputError(text)
    return replace(parse_scenario(text, model, file=path.name), asked=asked)


def parse_scenario(text: str, model: Model, *, file: str) -> Scenario:
    """Return the scenario that ``text`` holds; raises as :func:`read_scenario` does."""
    try:
        given = _File.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise InputError([_form_fault(detail, file) for detail in error.errors()]) from None
    except (ValueError, RecursionError) as error:
        raise InputError(Fault("K0107", f"not TOML: {error}", "mend the line named", file)) from None
    steps, faults = _steps(given.scenario, file)
    faults += _date_faults(given, steps, file) + _reference_faults(given, model, file)
    if faults:
        raise InputError(faults)
    return Scenario(
        name=given.scenario.title or Path(file).stem,
        steps=steps,
        shocks=tuple(Shock((one.asset_type, one.asset), one.left, one.window, one.of) for one in given.shock),
        refusals=tuple(Refusal(frozenset(one.parties), one.severity, one.window) for one in given.denial),
        decisions=tuple(Decision(one.option, one.decided) for one in given.build),
        prices=given.scenario.prices,
    )


def _form_fault(detail: Mapping[str, Any], file: str) -> Fault:
    place = ".".join(str(part) for part in detail["loc"])[:200]
    kind = detail["type"]
    key = str(detail["loc"][-1])
    if kind == "missing" and key in {"from", "start", "decided"}:
        return Fault("K0209", "an event without a date", f"write {key} = YYYY-MM-DD", file, column=place)
    if kind.startswith("date"):
        mend = "write YYYY-MM-DD without quotes"
        return Fault("K0209", "not a date", mend, file, column=place, value=shown(detail["input"]))
    if key == "repair" and kind == "greater_than_equal":
        why, mend = "a negative repair time", "write the days of repair, at least 0"
        return Fault("K0304", why, mend, file, column=place, value=shown(detail["input"]))
    if key in {"left", "severity"} and kind in {"greater_than_equal", "less_than_equal"}:
        why, mend = "outside 0 to 1", "write a share between 0 and 1"
        return Fault("K0305", why, mend, file, column=place, value=shown(detail["input"]))
    value = None if kind == "missing" else shown(detail["input"])
    mend = "correct the key; docs/stress.md lists what a scenario may hold"
    return Fault("K0108", detail["msg"], mend, file, column=place, value=value)


def _steps(head: _Head, file: str) -> tuple[tuple[Period, ...], list[Fault]]:
    named = [head.steps is not None, head.until is not None, head.blocks is not None]
    if sum(named) != 1:
        why, mend = "the length of the scenario is not given once", "give one of steps, until or blocks"
        return (), [Fault("K0108", why, mend, file, column="scenario")]
    if head.until is None:
        blocks = head.blocks or [(head.step, head.steps or 0)]
        if sum(count for _, count in blocks) > MAX_STEPS:
            mend = f"use at most {MAX_STEPS} steps"
            return (), [Fault("K0108", "too many steps", mend, file, column="scenario.blocks")]
        return make_steps(head.start, blocks), []
    steps: list[Period] = []
    while len(steps) < MAX_STEPS and (not steps or steps[-1].last < head.until):
        steps = list(make_steps(head.start, [(head.step, len(steps) + 1)]))
    if steps[-1].last != head.until:
        why = f"steps of a {head.step} from {head.start} end on {steps[-1].last}, not on {head.until}"
        mend = f"write until = {steps[-1].last}, or take another step"
        return (), [Fault("K0802", why, mend, file, column="scenario.until", value=str(head.until))]
    return tuple(steps), []


def _date_faults(given: _File, steps: Sequence[Period], file: str) -> list[Fault]:
    faults: list[Fault] = []
    dated: list[tuple[str, object, _Dated]] = [
        *((f"shock.{index}", (one.asset_type, one.asset), one) for index, one in enumerate(given.shock)),
        *((f"denial.{index}", frozenset(one.parties), one) for index, one in enumerate(given.denial)),
    ]
    for place, _, one in dated:
        if one.last is not None and one.last < one.first:
            why, mend = f"ends on {one.last}, before it begins", "exchange from and to"
            faults.append(Fault("K0801", why, mend, file, column=f"{place}.to", value=str(one.last)))
        elif steps and one.first > steps[-1].last:
            why = f"begins after the scenario ends on {steps[-1].last}"
            faults.append(
                Fault("K0801", why, "lengthen the scenario", file, column=f"{place}.from", value=str(one.first))
            )
    for number, (place, key, one) in enumerate(dated):
        for other, other_key, earlier in dated[:number]:
            if key == other_key and _overlap(one, earlier):
                why, mend = f"overlaps with {other} on the same asset", "join the two or part their dates"
                faults.append(Fault("K0801", why, mend, file, column=f"{place}.from", value=str(one.first)))
    return faults


def _overlap(one: _Dated, other: _Dated) -> bool:
    def end(dated: _Dated) -> date:
        return date.max if dated.last is None else dated.last

    return one.first <= end(other) and other.first <= end(one)


def _reference_faults(given: _File, model: Model, file: str) -> list[Fault]:
    faults: list[Fault] = []
    tables = {"link": "links", "supply": "supplies", "market": "markets", "conversion": "conversions"}
    tables |= {"storage": "storage", "group": "capacity_groups"}
    for index, one in enumerate(given.shock):
        codes = model.table(tables[one.asset_type])[one.asset_type].to_list()
        if one.asset not in codes:
            mend = did_you_mean(one.asset, codes, f"a code of {tables[one.asset_type]}.csv")
            why = f"unknown {one.asset_type}"
            faults.append(Fault("K0207", why, mend, file, column=f"shock.{index}.asset", value=one.asset))
    states = model.table("jurisdictions")["jurisdiction"].to_list()
    for index, refusal in enumerate(given.denial):
        for party in refusal.parties:
            if party not in states:
                mend = did_you_mean(party, states, "a code of jurisdictions.csv")
                place = f"denial.{index}.parties"
                faults.append(Fault("K0501", "unknown jurisdiction", mend, file, column=place, value=party))
    beyond = accounting_options(model.folder)
    options = [option for option in model.table("options")["option"].to_list() if option not in beyond]
    for index, build in enumerate(given.build):
        if build.option not in options:
            mend = did_you_mean(build.option, options, "an option of options.csv that changes what is optimised")
            place = f"build.{index}.option"
            faults.append(Fault("K0505", "unknown option", mend, file, column=place, value=build.option))
    return faults
