"""Scenarios: the list of those in the folder, and the course of each, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.periods import Period
from kopir.model.network.scenario import Scenario, Window
from kopir.report.forms.grids import Grid
from kopir.serve.charts.pictures import Picture, picture
from kopir.serve.choice import Choice
from kopir.serve.earlier import earlier_texts, removed
from kopir.serve.maps.flows import carried
from kopir.serve.maps.view import MapView, map_view, still
from kopir.serve.pages.start import land_at
from kopir.serve.scenarios import Listed, is_of_the_record, listed, names, scenario_named
from kopir.serve.tables import Shown, shown, why
from kopir.serve.view import View

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from kopir.serve.desk import Desk
    from kopir.serve.words import Words
    from kopir.strategy.course.stress import StressResult

_AT_END = "stock"
"""What is held at the end of a step, not added up over steps."""


def scenario_list(desk: Desk, words: Words, choice: Choice) -> View:
    """Return the scenarios in the folder of the model, those at fault with what is wrong."""
    rows = [_listed(words, one) for one in listed(desk)]
    schema = dict.fromkeys(("scenario", "title", "first", "last", "closed", "fault"), pl.String)
    table = pl.DataFrame(rows, schema=schema)
    return View(
        template="scenarios.html",
        title=words.text("scenarios.title"),
        context={
            "listed": [(row, choice_page(choice, str(row["scenario"]))) for row in rows],
            "changeable": desk.changeable,
            "removed": removed(desk.project.model.folder.path, names(desk)),
            "version": desk.edition,
        },
        record={"scenarios": table.to_dicts()},
        main=Grid.of(table),
        run=desk.project.record("scenarios"),
    )


def scenario(desk: Desk, words: Words, choice: Choice, name: str, query: QueryParams) -> View:
    """Return the course of a scenario at the ``step`` of a query (counted from 1), else where it first disturbs.

    A scenario at fault is shown with its faults and its text. Raises :class:`InputError` where there is none, and
    for a step that it does not have.
    """
    from kopir.strategy.questions import Questions

    found = scenario_named(desk, name)
    common: dict[str, object] = {
        "name": name,
        "text": found.text,
        "version": desk.edition,
        "replaced": found.version,
        "changeable": desk.changeable,
        "faults": found.faults,
        "folder": desk.project.model.folder.path.name,
        "file": choice.at(f"/scenarios/{name}.toml"),
        "earlier": earlier_texts(desk.project.model.folder.path, name),
        "of_record": is_of_the_record(desk, name),
    }
    if found.scenario is None:
        context = {**common, "moment": None}
        return View("scenario.html", name, context, {}, Grid((), ()), faults=found.faults)
    answer = desk.answer(Questions.stress, {"scenario": name})
    result: StressResult = answer.result
    step = _step(found.scenario, query.get("step", ""))
    here, number = f"/scenarios/{name}", str(step + 1)
    return View(
        template="scenario.html",
        title=found.scenario.name,
        context={
            **common,
            "moment": _moment(words, choice, found.scenario, step, name),
            "map": _map(desk, words, choice, result, step),
            "drawn_href": replace(choice, zoomed=False).at(here, step=number),
            "zoomed_href": replace(choice, zoomed=True).at(here, step=number),
            "picture": _chart(words, result, step),
            "figures": _figures(words, result, step),
            "ranges": _ranges(words, result),
            "tables": _tables(words, result),
            "before_href": replace(choice, before=True).at(here, step=number),
            "after_href": replace(choice, before=False).at(here, step=number),
            "on_map": _on_map(choice, found.scenario, found.scenario.steps[step]),
        },
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(
            Grid.of(result.routes, "routes"),
            Grid.of(result.binding, "binding"),
            Grid.of(result.held, "ranges of tonnes"),
        ),
        run=answer.run,
        rates=False,
    )


def choice_page(choice: Choice, name: str) -> str:
    """Return the address of a scenario's page, in the language of a choice."""
    plain = replace(choice, deny=(), lose=(), severity=1.0, months=None, draws=False, before=False)
    return plain.at(f"/scenarios/{name}")


def _listed(words: Words, one: Listed) -> dict[str, str]:
    if one.scenario is None:
        told = "; ".join(fault.why for fault in one.faults)
        return {"scenario": one.name, "title": one.name, "first": "", "last": "", "closed": "", "fault": told}
    steps = one.scenario.steps
    closed = sorted({code for code, _, _ in _disturbances(one.scenario)})
    return {
        "scenario": one.name,
        "title": one.scenario.name,
        "first": steps[0].first.isoformat(),
        "last": steps[-1].last.isoformat(),
        "closed": words.joined(closed),
        "fault": "",
    }


def _step(given: Scenario, text: str) -> int:
    """Return the step that a query names, counted from 0."""
    if not text:
        begun = given.begun
        return next((at for at, one in enumerate(given.steps) if begun is not None and one.last >= begun), 0)
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= len(given.steps)):
        mend = f"write a whole number from 1 to {len(given.steps)}"
        raise InputError(Fault("K0505", "there is no such step", mend, column="step", value=text[:80]))
    return int(text) - 1


def _disturbances(given: Scenario) -> list[tuple[str, float, Window]]:
    """Return what is closed: the code of a jurisdiction or an asset, which share of it, and when."""
    refused = [(party, one.severity, one.window) for one in given.refusals for party in sorted(one.parties)]
    lost = [(one.asset[1], 1 - one.left, one.window) for one in given.shocks]
    return [one for one in (*refused, *lost) if one[1] > 0]


def _in_force(window: Window, step: Period) -> float:
    """Return the most of a disturbance that holds on a day of a step."""
    return max(window.strength(step.first), window.strength(step.last), _within(window, step))


def _within(window: Window, step: Period) -> float:
    return window.strength(max(window.first, step.first)) if window.first <= step.last else 0.0


def _moment(words: Words, choice: Choice, given: Scenario, step: int, name: str) -> dict[str, object]:
    """Return where the slider stands, where it can go, and what is closed there."""
    last, now = len(given.steps) - 1, given.steps[step]
    closed = [
        (words.name(code), f"{100 * share * held:.3g}", window)
        for code, share, window in _disturbances(given)
        if (held := _in_force(window, now)) > 0
    ]

    def at(number: int) -> str:
        return choice.at(f"/scenarios/{name}", step=str(number + 1))

    return {
        "number": step + 1,
        "count": last + 1,
        "when": words.days(now.first, now.last),
        "first": at(0) if step > 0 else "",
        "previous": at(step - 1) if step > 0 else "",
        "next": at(step + 1) if step < last else "",
        "last": at(last) if step < last else "",
        "closed": [
            {
                "name": code,
                "share": share,
                "until": "" if window.last is None else words.days(window.last, window.last),
            }
            for code, share, window in closed
        ],
    }


def _map(desk: Desk, words: Words, choice: Choice, result: StressResult, step: int) -> MapView | None:
    """Return the map of a step, in Mt a year at the rate of its days; nothing on it can be chosen."""
    from kopir.strategy.course.routes import routes_in_step

    land = land_at(desk)
    if land is None:
        return None
    given, setup = result.followed, result.setup
    now = given.steps[step]
    routes = routes_in_step(setup, result.before, result.after, step)
    deny = {party for one in given.refusals if _in_force(one.window, now) > 0 for party in one.parties}
    lost = {one.asset[1] for one in given.shocks if one.left < 1 and _in_force(one.window, now) > 0}
    at = replace(choice, deny=tuple(sorted(deny)), lose=tuple(sorted(lost)))
    flows = carried(routes, setup.network, setup.focal_state)
    return still(map_view(land, words, at, flows=flows, clauses=setup.clauses, losses={}))


def _chart(words: Words, result: StressResult, step: int) -> Picture:
    from kopir.report.charts.course import course_chart

    axis = words.text("scenarios.axis_loss")
    spec = course_chart(result.table, step, axis=axis)

    def tell(value: Mapping[str, Any]) -> str:
        day = date.fromisoformat(value["first"])
        return f"{words.days(day, day)}: {words.number(value['loss'])} {axis}"

    return picture("course", words.text("scenarios.chart"), words.text("scenarios.chart_about"), spec, tell)


def _figures(words: Words, result: StressResult, step: int) -> Shown:
    """Return each measure of the step, up to its end, and over the whole length."""
    table, asked = result.table, result.followed.asked
    reach = {row["measure"]: (row["low"], row["high"]) for row in result.held.iter_rows(named=True)}
    rows = []
    for name in table.columns:
        if name in {"first", "days"}:
            continue
        at_end = name.startswith(_AT_END)
        whole = None if at_end else result.measures.get(name)
        cells = (
            (words.heading(name, rates=False) if name != "loss_musd" else words.text("scenarios.loss"), ""),
            (words.number(table[name][step]), ""),
            ("" if at_end else words.number(float(table[name][: step + 1].sum())), ""),
            _whole(words, whole, reach.get(name, (None, None)), why(f"{asked}:{name}")),
        )
        rows.append(cells)
    headings = tuple(words.text(f"scenarios.{one}") for one in ("measure", "in_step", "so_far", "whole"))
    caption = words.text("scenarios.figures")
    return Shown("figures", caption, headings, (False, True, True, True), tuple(rows))


def _ranges(words: Words, result: StressResult) -> str:
    """Return what the brackets of tonnes mean, blank where there are none."""
    levels = result.held["level"]
    return "" if levels.is_empty() else words.text("scenarios.ranges", share=f"{100 * levels[0]:g}")


def _whole(
    words: Words, value: float | None, reach: tuple[float | None, float | None], href: str
) -> tuple[str, str]:
    """Return the figure of a whole course, with how far it reaches where that is known, and its address."""
    if value is None:
        return ("", "")
    return (words.ranged(value, *reach), href)


def _tables(words: Words, result: StressResult) -> list[Shown]:
    """Return the limits that bound in order of time, and what each asset carried more or less in all."""
    flows = result.routes.filter(pl.col("asset_type") == "link").drop("asset_type")
    flows = flows.sort(pl.col("change_mt").abs(), "asset", descending=[True, False])
    words_of: Mapping[str, str] = {name: words.text(f"scenarios.{name}") for name in ("bound", "carried")}
    named = ("asset", "commodity", "owner")
    bound = result.binding.drop("asset_type").rename({"first": "since"})
    tables = [
        shown(words, "bound", bound, names=named, caption=words_of["bound"]),
        shown(
            words,
            "carried",
            flows.select(*named, *(pl.col(f"{one}_mt").alias(one) for one in ("before", "after", "change"))),
            names=named,
            caption=words_of["carried"],
            rates=False,
        ),
    ]
    return [one for one in tables if one.rows]


def _on_map(choice: Choice, given: Scenario, now: Period) -> str:
    """Return the address of the what-if that closes what is closed now; blank where the map cannot ask it."""
    refusals = [one for one in given.refusals if _in_force(one.window, now) > 0]
    shocks = [one for one in given.shocks if one.left < 1 and _in_force(one.window, now) > 0]
    shares = {round(one.severity, 9) for one in refusals} | {round(1 - one.left, 9) for one in shocks}
    if len(shares) != 1 or any(one.of == "flow" for one in shocks):
        return ""
    deny = tuple(sorted({party for one in refusals for party in one.parties}))
    lose = tuple(sorted({one.asset[1] for one in shocks}))
    asked = replace(choice, deny=deny, lose=lose, severity=shares.pop(), draws=False, before=False)
    return asked.at("/")
