"""What stands on the map as a dated scenario, and the scenarios that lie in the folder of the model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kopir.core.errors import Fault, InputError
from kopir.core.folders.textfiles import read_text
from kopir.model.network.scenario import (
    DAYS_PER_MONTH,
    MAX_SCENARIO_BYTES,
    Refusal,
    Scenario,
    Shock,
    Window,
    make_steps,
    parse_scenario,
)
from kopir.model.network.scenario_text import scenario_text
from kopir.strategy.course.incident import TAIL, lost_assets
from kopir.strategy.course.prices import months_without_price

if TYPE_CHECKING:
    from kopir.serve.choice import Choice
    from kopir.serve.desk import Desk

FOLDER = "scenarios"
LONGEST = 730
"""Days that something may be closed, as for an incident."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_LONGEST_TITLE = 120


@dataclass(frozen=True)
class Plan:
    """What a form says of a scenario that is to be kept: its name, its title, its first day and how many days."""

    name: str
    title: str
    first: date
    days: int


@dataclass(frozen=True)
class Listed:
    """A scenario of the folder: its name, its text, and what it holds, ``None`` where that is at fault."""

    name: str
    text: str
    scenario: Scenario | None
    faults: tuple[Fault, ...] = ()

    @property
    def version(self) -> str:
        """What changes with the text."""
        return version_of(self.text)


def version_of(text: str) -> str:
    """Return eight letters that name a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def usual_days(months: int) -> int:
    """Return how many days a choice of so many months stands for, at most ``LONGEST``."""
    return min(LONGEST, max(1, round(months * DAYS_PER_MONTH)))


def first_day(desk: Desk) -> date:
    """Return the day on which a scenario begins unless another is given: the first after the base year."""
    return date(desk.project.model.settings.model.base_year + 1, 1, 1)


def plan_of(desk: Desk, choice: Choice, given: dict[str, str]) -> Plan:
    """Return what a form says; raises :class:`InputError` with every field that is not as it should be."""
    faults, name, days = [], given.get("name", "").strip(), given.get("days", "").strip()
    first = given.get("first", "").strip()
    faults += _name_faults(desk, name)
    try:
        day = date.fromisoformat(first) if first else first_day(desk)
        _ = day + timedelta(days=LONGEST + TAIL)
    except (ValueError, OverflowError):
        faults.append(Fault("K0505", "not a day", "write YYYY-MM-DD", column="first", value=first[:80]))
    usual = usual_days(choice.months or desk.project.model.settings.horizons.short[1])
    if days and not (days.isascii() and days.isdecimal() and 1 <= int(days) <= LONGEST):
        mend = f"write a whole number from 1 to {LONGEST}"
        faults.append(Fault("K0505", "not a number of days", mend, column="days", value=days[:80]))
    if faults:
        raise InputError(faults)
    title = " ".join(given.get("title", "").split())[:_LONGEST_TITLE]
    return Plan(name, title, day, int(days) if days else usual)


def _name_faults(desk: Desk, name: str) -> list[Fault]:
    if not _NAME.fullmatch(name):
        mend = "write letters from a to z, digits, _ and -, at most 40"
        return [Fault("K0505", "not a name for a scenario", mend, column="name", value=name[:80])]
    return _record_faults(desk, name, "choose another name")


def proper_name(desk: Desk, name: str) -> None:
    """Raise :class:`InputError` where a scenario cannot be given a name."""
    if faults := _name_faults(desk, name):
        raise InputError(faults)


def not_of_the_record(desk: Desk, name: str) -> None:
    """Raise :class:`InputError` where a recorded event is replayed by the scenario ``name``, which then stays."""
    if faults := _record_faults(desk, name, "change its text instead"):
        raise InputError(faults)


def _record_faults(desk: Desk, name: str, mend: str) -> list[Fault]:
    why = "a recorded event is replayed by the scenario of this name"
    return [Fault("K0505", why, mend, column="name", value=name)] if is_of_the_record(desk, name) else []


def is_of_the_record(desk: Desk, name: str) -> bool:
    """Return whether the hindcast record would take a scenario of this name for one of its own."""
    events = desk.project.model.table("events")["event"].to_list()
    return any(name.casefold() == one.casefold() or name.startswith(f"{one}_") for one in events)


def text_of(desk: Desk, choice: Choice, plan: Plan) -> str:
    """Return the file of a choice: who refuses, to which severity, and what is lost to the same share.

    Months whose price is not known count at the prices of the base year. Raises :class:`InputError` where nothing
    is closed, and for a code that is unknown.
    """
    if choice.nothing:
        raise InputError(Fault("K0505", "nothing is closed", "choose on the map what refuses or is lost"))
    parties, lost = desk.named(choice)
    window = Window(plan.first, plan.first + timedelta(days=plan.days - 1))
    left = round(1 - choice.severity, 12)
    shocks = tuple(Shock(asset, left, window) for asset in lost_assets(desk.setup, lost))
    refusals = (Refusal(frozenset(parties), choice.severity, window),) if parties else ()
    days = plan.days + TAIL
    asked = Scenario(plan.name, make_steps(plan.first, [("day", days)]))
    prices = "base" if months_without_price(desk.setup, asked) else asked.prices
    text = scenario_text(
        plan.title or plan.name,
        plan.first,
        days,
        shocks=shocks,
        refusals=refusals,
        prices=prices,
        note=f"{choice.at('/')} for {plan.days} days, then {TAIL} days more",
    )
    parse_scenario(text, desk.project.model, file=f"{plan.name}.toml")
    return text


def names(desk: Desk) -> tuple[str, ...]:
    """Return the names of the scenarios in the folder of the model."""
    folder = desk.project.model.folder.path / FOLDER
    return tuple(sorted(path.stem for path in folder.glob("*.toml") if path.is_file()))


def listed(desk: Desk) -> Iterator[Listed]:
    """Yield the scenarios in the folder of the model, by name."""
    for name in names(desk):
        yield scenario_named(desk, name)


def scenario_named(desk: Desk, name: str) -> Listed:
    """Return a scenario of the folder, with its faults; raises :class:`InputError` where there is none."""
    if name not in names(desk):
        raise InputError(Fault("K0701", "there is no such scenario", "see /scenarios", value=name[:80]))
    model = desk.project.model
    text = read_text(model.folder.path / FOLDER, f"{name}.toml", limit=MAX_SCENARIO_BYTES)
    if isinstance(text, Fault):
        return Listed(name, "", None, (text,))
    try:
        return Listed(name, text, parse_scenario(text, model, file=f"{name}.toml"))
    except InputError as error:
        return Listed(name, text, None, error.faults)
