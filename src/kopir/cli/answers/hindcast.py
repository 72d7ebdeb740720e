"""``kopir hindcast``: recorded events replayed, and disruptions elsewhere told, predicted beside observed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kopir.cli.options import Delivery, Subject
from kopir.cli.output import Grid, Reply, Stages, deliver, figure

if TYPE_CHECKING:
    from polars import DataFrame

    from kopir.project import Answer
    from kopir.strategy.course.fitting import FitResult
    from kopir.strategy.course.hindcast import HindcastResult
    from kopir.strategy.precedents.expected import Expected
    from kopir.strategy.precedents.judged import Judgement
    from kopir.strategy.precedents.record import Record

HERE = "."
"""The folder one stands in, which need not be a model for what happened elsewhere."""
Part = Literal["hit", "total", "other", "queue", "price"]
Cause = Literal["closed", "danger", "law", "water"]


def hindcast(
    subject: Subject,
    delivery: Delivery,
    *,
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit the parameters of fitted.csv again and show every value tried.")
    ] = False,
    draws: Annotated[int, typer.Option(min=0, max=500, help="Draws of the uncertain inputs, for intervals.")] = 0,
    seen: Annotated[
        bool, typer.Option("--seen", help="Disruptions elsewhere that the mechanisms were fitted on.")
    ] = False,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Disruptions elsewhere that were kept from fitting.")
    ] = False,
) -> None:
    """Replay recorded events and print predicted beside observed, with errors, naive forecasts and misses."""
    if seen + unseen + fit > 1:
        raise typer.BadParameter("give one of --seen, --unseen and --fit")

    def ask(stages: Stages) -> Reply:
        if seen or unseen:
            return _judged(subject, "seen" if seen else "unseen", stages)
        with stages.stage("reading"):
            project = subject.open()
        if fit:
            with stages.stage("fitting"):
                return _fit_reply(project.fit())
        with stages.stage("replaying"):
            answer = project.hindcast(draws=draws)
        return _reply(answer)

    deliver(delivery, ask, folder=None if seen or unseen else subject.model)


def _reply(answer: Answer[HindcastResult]) -> Reply:
    found = answer.result
    volumes = Grid.of(
        found.volumes,
        "simulated change over the period, Mt (scenarios EVENT_* stand beside the main one and are not scored)",
        scenario="scenario",
        asset="asset",
        period="period",
        usual_mt="usual",
        change_mt="change",
    )
    left = Grid.of(
        found.unpredicted,
        "scored rows that the model cannot predict",
        observation="row",
        event="event",
        indicator="indicator",
        why="why",
    )
    misses = "misses:\n" + "\n".join(found.misses or ("none",))
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(_predictions(found), _score(found), misses, volumes, left),
        run=answer.run,
        notes=tuple(f"what a figure rests on: kopir why {name} MODEL" for name in list(answer.cells)[:1]),
    )


def _predictions(found: HindcastResult) -> Grid:
    shown = found.table.with_columns(base_year=found.table["base_year"].cast(str))
    return Grid.of(
        shown,
        "responses that can be predicted, each once",
        observation="row",
        event="event",
        split="split",
        indicator="indicator",
        unit="unit",
        base_year="flows of",
        before="before",
        observed="seen",
        predicted="predicted",
        low="low",
        high="high",
        held_low="80 % from",
        held_high="80 % to",
        no_change="no change",
        proportional="by severity",
        error="error",
        error_no_change="of no change",
        error_proportional="of severity",
        sign="direction right",
    ).showing("row", "before", "seen", "predicted", "80 % from", "80 % to", "error")


def _fit_reply(answer: Answer[FitResult]) -> Reply:
    table = Grid.of(
        answer.table,
        "least value within a tenth of the best fit; interval: within twice the best, to the largest tried",
        fact="parameter",
        unit="unit",
        used="of the model",
        fitted="fitted",
        low="low",
        high="high",
        observations="on",
    )
    trials = Grid.of(
        answer.result.trials, "values tried", fact="parameter", value="value", squared="sum of squared errors"
    )
    return Reply(record=answer.as_record(), main=Grid.of(answer.table), parts=(table, trials), run=answer.run)


def _score(found: HindcastResult) -> str:
    best = min(
        (one for one in (found.median_no_change, found.median_proportional) if one is not None), default=None
    )
    ratio = found.median_error / best if found.median_error is not None and best else None
    rows, events = found.rows_scored, found.events_scored
    return (
        f"split score, {rows} rows of {events} events, one event one voice, all looked at before, so seen "
        f"(unseen: kopir hindcast --unseen): median relative error {figure(found.median_error)}, no change "
        f"{figure(found.median_no_change)}, by severity {figure(found.median_proportional)}; ratio to the better "
        f"{figure(ratio)}; direction right {found.signs_right} of {rows}, in {found.events_right} of {events} "
        f"events (a coin does as well with probability {figure(found.sign_test)}); seen "
        f"{_within(found, 'held')} by the range of the record elsewhere{_drawn(found)}\n"
        f"fitted on rows of split fit: {'; '.join(found.fitted) or 'nothing'}"
    )


def _drawn(found: HindcastResult) -> str:
    return f", {_within(found, '')} by the draws" if found.table["low"].drop_nulls().len() else ""


def _within(found: HindcastResult, kind: Literal["", "held"]) -> str:
    """Say in how many scored rows the value seen lies in the range of a kind."""
    import polars as pl

    low, high = (f"{kind}_{end}".strip("_") for end in ("low", "high"))
    ranged = found.table.filter(pl.col(low).is_not_null(), split="score")
    inside = ranged.filter(pl.col("observed").round(6).is_between(pl.col(low).round(6), pl.col(high).round(6)))
    return f"from low to high in {inside.height} of {ranged.height}"


def _judged(subject: Subject, part: Literal["seen", "unseen"], stages: Stages) -> Reply:
    """Return the answer for one part of the record that comes with kopir and of the model's own tables."""
    from kopir.strategy.precedents.judged import judge

    with stages.stage("reading"):
        record = _elsewhere(subject)
    with stages.stage("fitting and judging"):
        return _judged_reply(judge(record, part))


def _elsewhere(subject: Subject) -> Record:
    from kopir.core.folders.settings import FILE
    from kopir.strategy.precedents.record import bundled_record, joined, record_of

    record = bundled_record()
    if subject.model == HERE and not Path(FILE).is_file():
        return record
    tables = subject.open().model.folder.tables
    return joined(record, record_of(tables))


def _judged_reply(found: Judgement) -> Reply:
    by_rule = _by_ground(found.mechanisms, "mechanism", "median relative error; one disruption, one voice")
    by_kind = _by_ground(found.kinds, "kind", "by what was hit")
    by_length = _by_ground(found.horizons, "horizon", "by the length of the period asked about")
    rows = Grid.of(
        found.table,
        f"{found.part} responses",
        response="row",
        mechanism="mechanism",
        before="before",
        seen="seen",
        predicted="predicted",
        low="low",
        high="high",
        proportional="pro rata",
        error="error",
        sign="direction right",
    ).showing("row", "before", "seen", "predicted", "low", "high", "error")
    left = Grid.of(
        found.unexpressed,
        "responses that no mechanism reaches",
        response="row",
        indicator="indicator",
        why="why",
    )
    judged, listed = ((by_rule, by_kind, by_length), (rows,)) if found.table.height else ((), ())
    return Reply(
        record=found.as_record(),
        main=Grid.of(found.table),
        parts=(*judged, _goal(found), *_collections(found), *listed, _parameters(found), left),
    )


def _collections(found: Judgement) -> tuple[Grid, ...]:
    """Return what each collection scored when it was unseen, or how earlier ones tell it today."""
    from kopir.strategy.precedents.quality import stored_quality

    stored = stored_quality()
    if found.part == "seen":
        title = "each collection of the bundled record by rules of today fitted on earlier ones alone"
        scores = stored.forward
    else:
        title = "each collection when it was unseen, by the mechanisms of its day; fitted on since"
        scores = stored.unseen
    rows = [
        (
            one.collection,
            one.day or "–",
            str(one.fitted_on),
            f"{one.disruptions}, {one.responses}",
            *(
                figure(value)
                for value in (one.error, one.pro_rata, one.ratio, one.mean_ratio, one.signs, one.inside)
            ),
        )
        for one in scores
    ]
    names = ("collection", "scored", "fitted on", "events, rows", "error", "pro rata", "to the better", "of means")
    shown = ("collection", "events, rows", "error", "pro rata", "to the better", "of means", "direction", "within")
    return (Grid((*names, "direction", "within"), tuple(rows), title).showing(*shown),)


def _by_ground(table: DataFrame, ground: str, title: str) -> Grid:
    names = {
        ground: ground,
        "responses": "rows",
        "precedents": "events",
        "error": "error",
        "error_no_change": "of no change",
        "error_proportional": "pro rata",
        "ratio": "to the better",
        "mean": "mean error",
        "mean_proportional": "mean pro rata",
        "signs": "direction",
        "told": "direction told",
        "signs_told": "right of told",
        "inside": "within",
    }
    grid = Grid.of(table, title, **names)
    return grid.showing(ground, "rows", "error", "of no change", "pro rata", "direction", "within")


def _goal(found: Judgement) -> str:
    from kopir.strategy.precedents.compared import ALL
    from kopir.strategy.precedents.judged import GOAL_ERROR, GOAL_ROWS, GOAL_SIGNS

    total = found.mechanisms.filter(mechanism=ALL)
    if total.is_empty():
        return f"{found.part}: no response that a mechanism reaches"
    row = total.row(0, named=True)
    error, rows, signs = found.goal
    low, high = found.ratio_range or (row["ratio"], row["ratio"])
    said = (
        f"error {figure(row['ratio'])} of the better naive one ({figure(low)} to {figure(high)} in 80 of 100 "
        f"draws of as many disruptions; of means {figure(row['mean_ratio'])}), wanted at most {GOAL_ERROR:g}: "
        f"{_met(error)}",
        f"{row['responses']} responses, wanted {GOAL_ROWS}: {_met(rows)}",
        f"directions {figure(row['signs'])}, wanted {GOAL_SIGNS:g}: {_met(signs)}",
        f"of the {figure(row['told'])} in which one is told {figure(row['signs_told'])}",
        f"seen within the range in {figure(row['inside'])}, meant {found.spread.level:g}",
    )
    kept = "fitted on these" if found.part == "seen" else "kept from fitting"
    whole = f"{found.disruptions} disruptions, {found.sourced} with two sources"
    return f"{found.part} ({kept}): {whole}; {'; '.join(said)}"


def _met(reached: bool) -> str:
    return "reached" if reached else "missed"


def _parameters(found: Judgement) -> Grid:
    at = found.fitted
    rows = [
        (name, figure(value), figure(at.low[name]), figure(at.high[name]), str(at.events[name]))
        for name, value in at.parameters.items()
    ]
    return Grid(
        ("parameter", "value", "low", "high", "events"),
        tuple(rows),
        "fitted on the seen part alone; low and high: the middle two thirds of what it bears out",
    )


def expect(
    delivery: Delivery,
    *,
    part: Annotated[Part, typer.Option("--part", help="What is asked about.")] = "hit",
    cause: Annotated[Cause, typer.Option("--cause", help="Closed, feared, forbidden or low water.")] = "closed",
    severity: Annotated[str, typer.Option("--severity", metavar="LOW:HIGH", help="Share that is lost.")] = "1",
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How long it lasts.")] = 30,
    within: Annotated[
        int | None,
        typer.Option("--within", min=1, max=3650, help="Days asked about; --days unless given."),
    ] = None,
    before: Annotated[float, typer.Option("--before", help="The value before, in any unit.")] = 100.0,
    share: Annotated[float | None, typer.Option("--share", help="Share of the whole that goes by it.")] = None,
    carried: Annotated[
        float | None, typer.Option("--carried", help="What went by it, in the unit of --before.")
    ] = None,
    others: Annotated[float | None, typer.Option("--others", help="What all other ways carry.")] = None,
    room: Annotated[float | None, typer.Option("--room", help="Spare capacity of the way asked about.")] = None,
    spare: Annotated[float | None, typer.Option("--spare", help="Spare of other ways, of the loss.")] = None,
    stores: Annotated[float | None, typer.Option("--stores", help="Days that stores cover.")] = None,
    arrivals: Annotated[float | None, typer.Option("--arrivals", help="Arrivals a day.")] = None,
) -> None:
    """Tell what disruptions like one that is only described have done: a value, its range, precedents."""

    def ask(stages: Stages) -> Reply:
        from kopir.strategy.precedents.expected import Described, expected
        from kopir.strategy.precedents.record import bundled_record

        asked = Described(
            part,
            cause,
            _ends(severity),
            days,
            within or days,
            before,
            share=share,
            lost=carried,
            others=others,
            room=room,
            spare=spare,
            store_days=stores,
            arrivals=arrivals,
        )
        with stages.stage("asking the record"):
            return _expected_reply(expected(bundled_record(), asked))

    deliver(delivery, ask)


def _ends(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    try:
        return float(low), float(high or low)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no share and no LOW:HIGH", param_hint="--severity") from None


def _expected_reply(found: Expected) -> Reply:
    nearest = Grid.of(
        found.nearest,
        "the nearest precedents of this mechanism",
        what="what",
        indicator="indicator",
        part="part",
        before="before",
        seen="seen",
        predicted="predicted",
        error="error",
    ).showing("what", "indicator", "part", "before", "seen", "predicted")
    said = (
        f"{found.mechanism}: {figure(found.value)}; in {100 * found.level:g} of 100 disruptions from "
        f"{figure(found.low)} to {figure(found.high)}; pro rata {figure(found.pro_rata)}\n"
        f"median error of this mechanism: seen {figure(found.error_seen)}, unseen {figure(found.error_unseen)}"
    )
    return Reply(record=found.as_record(), main=Grid.of(found.nearest), parts=(said, nearest))
