"""``kopir flow``, ``kopir leverage`` and ``kopir coalitions``: the questions that solve the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kopir.cli.answers.imports import imports_reply
from kopir.cli.asking import Told, command_of
from kopir.cli.intervals import assumed, ranged
from kopir.cli.options import Delivery, Draws, Partner, Severity, Span, Subject, Tongue
from kopir.cli.output import Grid, Reply, Stages, deliver, figure
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from kopir.core.codes import Language
    from kopir.core.runs import RunRecord
    from kopir.project import Answer, Project
    from kopir.strategy.refusal.coalitions import CoalitionResult, SampledShapley
    from kopir.strategy.refusal.leverage import LeverageResult
    from kopir.strategy.value.flows import FlowResult
    from kopir.strategy.value.uncertainty import IntervalResult


def leverage(
    subject: Subject,
    span: Span,
    tongue: Tongue,
    delivery: Delivery,
    *,
    partner: Partner = None,
    severity: Severity = 1.0,
    function: Annotated[
        Literal["imports"] | None, typer.Option(help="A function outside the network instead of the network.")
    ] = None,
    by: Annotated[
        Literal["sector"] | None, typer.Option(help="With --function imports: by product group.")
    ] = None,
    months: Annotated[
        list[int] | None,
        typer.Option(min=1, help="With --function imports: count a refusal of so many months."),
    ] = None,
    draws: Draws = None,
) -> None:
    """Show what each partner's refusal costs, before and after the best response, with intervals."""
    if function is None and (by is not None or months):
        raise typer.BadParameter("--by and --months go with --function imports")

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        if function is not None:
            with stages.stage("computing"):
                found = project.imports(
                    parties=partner or (), by_sector=by is not None, severity=severity, months=months or ()
                )
            return imports_reply(project, found, tongue.lang, span.horizon)
        with stages.stage("solving"):
            answer = project.leverage(horizon=span.horizon, severity=severity, parties=partner or (), draws=draws)
        return leverage_reply(project, answer, tongue.lang)

    deliver(delivery, ask, folder=subject.model)


def coalitions(
    subject: Subject,
    span: Span,
    tongue: Tongue,
    delivery: Delivery,
    *,
    partner: Partner = None,
    severity: Severity = 1.0,
    samples: Annotated[
        int | None,
        typer.Option(min=2, help="Estimate from so many random orders, without intervals; exact unless given."),
    ] = None,
    draws: Draws = None,
) -> None:
    """Show what partners can take together: Shapley values, who backs up whom, and the worst coalitions."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        named = partner or ()
        with stages.stage("solving"):
            if samples is not None:
                drawn = project.sampled_coalitions(samples, horizon=span.horizon, severity=severity, players=named)
                return _sampled_reply(project, drawn, tongue.lang)
            exact = project.coalitions(horizon=span.horizon, severity=severity, players=named, draws=draws)
        return _coalition_reply(project, exact, tongue.lang)

    deliver(delivery, ask, folder=subject.model)


def _coalition_reply(project: Project, answer: Answer[CoalitionResult], language: Language) -> Reply:
    found = answer.result
    needed = found.worst["coalition"].str.split("+").list.len()
    worst = found.worst.filter(needed == found.worst["k"])
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(
            _share_grid(project, answer, language),
            _portfolio_line(found),
            Grid.of(worst, "worst coalitions of at most k", k="k", coalition="coalition", leverage_musd="M USD"),
            Grid.of(
                found.pairs,
                "interaction: positive, they back each other up; negative, they sit on the same route",
                first="first",
                second="second",
                interaction_musd="M USD",
            ),
        ),
        run=answer.run,
        notes=(
            f"{found.table.height} coalitions, {found.solved} solved, {found.avoided} known without solving",
            *_drawn_notes(found.intervals),
        ),
    )


def _portfolio_line(found: CoalitionResult) -> str:
    from kopir.strategy.portfolio.portfolio import autonomy, effective_number

    weights = found.shares["weight"].drop_nulls().to_list()
    if not weights:
        return "nobody can take anything"
    free = autonomy(float(found.worst["leverage_musd"][0]), float(found.game[-1]))
    return (
        f"effective vectors {figure(float(effective_number(weights)))} of {len(found.players)} players "
        f"(1 / sum of squared shares); {figure(100 * free)} % of what all can take is beyond any single one"
    )


def _sampled_reply(project: Project, answer: Answer[SampledShapley], language: Language) -> Reply:
    found = answer.result
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(_share_grid(project, answer, language),),
        run=answer.run,
        notes=(f"{found.samples} random orders with seed {found.seed}, {found.solved} coalitions solved",),
    )


def _share_grid(
    project: Project, answer: Answer[CoalitionResult] | Answer[SampledShapley], language: Language
) -> Grid:
    shown = _named(project, answer.table, "player", language)
    shown = shown.with_columns((shown["weight"] * 100).alias("weight_pct"))
    drawn = getattr(answer.result, "intervals", None)
    if drawn is not None:
        texts = {
            column: _texts(_ranged(shown, "player", column, drawn)) for column in ("leverage_musd", "shapley_musd")
        }
        shown = shown.with_columns(**texts)
    headings = {
        "player": "player",
        "name": "name",
        "leverage_musd": "alone, M USD",
        "shapley_musd": "Shapley, M USD",
    }
    if "standard_error_musd" in shown.columns:
        headings["standard_error_musd"] = "standard error, M USD"
    return Grid.of(
        shown, _title(project, "shares of what all players take", answer.run), **headings, weight_pct="share, %"
    )


def _named(project: Project, frame: pl.DataFrame, column: str, language: Language) -> pl.DataFrame:
    from kopir.model.contents.names import name_of

    codes = frame[column].to_list()
    names = {code: name_of(project.model, code, language) for code in codes}
    return frame.with_columns(frame[column].replace_strict(names).alias("name")) if codes else frame


def _title(project: Project, what: str, run: RunRecord) -> str:
    """Return ``what`` with all that a printed loss must state: severity, whose, horizon, base year, costs."""
    calibrated = project.setup.calibration is not None
    costs = "calibrated costs" if calibrated else "recorded costs, no flows recorded to calibrate"
    return (
        f"{what} at severity {run.options['severity']:g}: loss of {project.model.focal_state} a year, "
        f"{run.horizon} horizon, base year {project.setup.baseline.year} ({costs})"
    )


def _goods_grid(found: LeverageResult, shown: pl.DataFrame) -> Grid:
    """Return a row for each partner and goods of which its refusal hits any."""
    rows = [
        (row["partner"], one.name, *(told[one.column(measure)] for measure in _TONNES))
        for row, told in zip(found.table.iter_rows(named=True), shown.iter_rows(named=True), strict=True)
        for one in found.goods
        if abs(row[one.column("sensitivity")]) > _MOVED
    ]
    heads = ("partner", "goods", *_TONNES.values())
    return Grid(heads, tuple(rows), "by goods, whose tonnes are not added")


def leverage_reply(project: Project, answer: Answer[LeverageResult], language: Language) -> Reply:
    """Return the four figures of each partner, physical ones first, no finer than the draws leave them."""
    found = answer.result
    shown = _named(project, answer.table, "partner", language)
    told: dict[str, Sequence[str | None]] = {
        "by_price": [_range(*pair) for pair in shown.select("own_price_musd_low", "own_price_musd_high").rows()]
    }
    tonnes = [one.column(measure) for one in found.goods for measure in _TONNES]
    if found.intervals is not None:
        for column in (*tonnes, "income_musd", "leverage_musd"):
            told[column] = _ranged(shown, "partner", column, found.intervals)
        told["rank"] = [_place(*pair) for pair in shown.select("rank_low", "rank_high").rows()]
        told["assumed"] = [assumed(*pair) for pair in shown.select("assumed_share", "assumed_error").rows()]
    shown = shown.with_columns(**{name: _texts(texts) for name, texts in told.items()})
    goods = (_goods_grid(found, shown),) if len(found.goods) > 1 else ()
    grid = Grid.of(shown, _title(project, "what each refusal costs", answer.run), **_headings(shown))
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(grid.showing("partner", "name", "place", "stranded Mt", "residents M$", "leverage M$"), *goods),
        run=answer.run,
        notes=(*_LEVERAGE_NOTES, *_drawn_notes(found.intervals), *_calibration_notes(found)),
    )


_MOVED = 1e-6  # Mt a year
_TONNES = {"sensitivity": "hit Mt", "rerouted": "re-routed Mt", "stranded": "stranded Mt"}
_LEVERAGE_NOTES = (
    "hit: what is refused no longer carries; re-routed: of it, on other assets; stranded: the rest,",
    "neither produced nor received;",
    "residents, foreign shareholders, other owners: whose loss at recorded costs (minus: a gain);",
    "deferral: what left in the ground is still worth later, not taken off; sensitivity, leverage: of all",
    "shippers without and with re-routing; Shapley: share of what all take together, not a threat;",
    "–: unknown",
    "`kopir why leverage:PARTNER:COLUMN` (columns as --csv names them) says what a figure rests on",
)


def _headings(shown: pl.DataFrame) -> dict[str, str]:
    headings = {
        "partner": "partner",
        "name": "name",
        "rank": "place",
        **{f"{measure}_mt": heading for measure, heading in _TONNES.items()},
        "income_musd": "residents M$",
        "deferral_musd": "deferral M$",
        "foreign_musd": "foreign M$",
        "others_musd": "other owners M$",
        "sensitivity_musd": "sensitivity M$",
        "leverage_musd": "leverage M$",
        "shapley_musd": "Shapley M$",
        "own_income_musd": "denier loses M$",
        "by_price": "denier gains by price M$",
        "assumed": "assumed %",
    }
    return {column: heading for column, heading in headings.items() if column in shown.columns}


def _texts(texts: Sequence[str | None]) -> pl.Series:
    import polars as pl

    return pl.Series(texts, dtype=pl.String)


def _ranged(shown: pl.DataFrame, key: str, column: str, drawn: IntervalResult) -> list[str | None]:
    """Return the texts of a column, with the interval that draws give each of its figures."""
    ends = {row[key]: row for row in drawn.table.filter(measure=column).to_dicts()}
    return [
        ranged(value, ends.get(name, {}).get("low"), ends.get(name, {}).get("high"))
        for name, value in shown.select(key, column).iter_rows()
    ]


def _place(low: int | None, high: int | None) -> str | None:
    if low is None or high is None:
        return None
    return str(low) if low == high else f"{low} to {high}"


def _drawn_notes(drawn: IntervalResult | None) -> tuple[str, ...]:
    if drawn is None:
        return ("no draws: figures without intervals, in the order of their central values",)
    refused = f", {drawn.refused} more could not be calibrated" if drawn.refused else ""
    return (
        f"[low to high]: 5 to 95 % of {drawn.made} draws of {drawn.inputs} uncertain figures ({drawn.assumed} "
        f"assumed), of clauses and of calibrations{refused}; about: wider than the figure itself",
    )


def _calibration_notes(found: LeverageResult) -> Iterator[str]:
    """Yield how the places and the assumed part are to be read, and what the calibration alone moves."""
    if found.intervals is None:
        return
    yield "place: a partner stands above another where its loss is larger in at least 95 % of the draws;"
    yield (
        "assumed: part of the variance of the leverage that would stay if all that sources say were exact (total "
        "effect of assumed inputs, Saltelli et al. 2008), ± its standard error"
    )
    if found.calibration is not None:
        rows = found.calibration.table.filter(measure="leverage_musd").rows(named=True)
        order = {name: place for place, name in enumerate(found.table["partner"].to_list())}
        told = [
            f"{row['partner']} {figure(row['least'])} to {figure(row['most'])}"
            for row in sorted(rows, key=lambda row: order[row["partner"]])
            if row["most"] - row["least"] > 0.01
        ]
        if told:
            yield f"calibrations alone that explain the recorded flows as well move leverage: {', '.join(told)}"


def _range(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{figure(low)} to {figure(high)}"


def _flow_reply(told: Told) -> Reply:
    found: FlowResult = told.answer.result
    summary = f"value {figure(found.value_musd)} million USD a year ({found.horizon} horizon)"
    goods = Grid.of(
        found.goods,
        "by goods, Mt a year (tonnes of different goods are not added)",
        commodity="commodity",
        supplied_mt="supplied",
        sold_mt="sold",
        home_mt="of it at home",
        unmet_mt="unmet",
    )
    title = "optimal flow, Mt a year" if found.calibrated else "optimal flow at recorded costs, Mt a year"
    headings = {name: name.replace("_", " ") for name in found.table.columns if name != "flow_mt"}
    return Reply(
        record=told.answer.as_record(),
        main=Grid.of(told.answer.table),
        parts=(Grid.of(found.table, title, **headings, flow_mt="Mt"), goods, summary),
        run=told.answer.run,
        notes=("`kopir why flow:ASSET_TYPE:ASSET:COMMODITY:OWNER` says what a flow rests on",),
    )


flow = command_of(Questions.flow, _flow_reply, speaks=False)
