"""``kopir corridors``: container corridors side by side, under conditions, and their record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import Codes, Delivery, Deny, Subject, With
from kopir.cli.output import Grid, Reply, Stages, deliver, figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from kopir.project import Answer, Project
    from kopir.strategy.corridors.corridor_market import Conditions
    from kopir.strategy.corridors.corridor_record import CorridorRecord
    from kopir.strategy.corridors.corridors import CorridorsResult


def corridors(
    subject: Subject,
    delivery: Delivery,
    *,
    origin: Annotated[str | None, typer.Option("--from", metavar="PLACE", help="Where boxes begin.")] = None,
    destination: Annotated[str | None, typer.Option("--to", metavar="PLACE", help="Where they go.")] = None,
    year: Annotated[str | None, typer.Option(metavar="PERIOD", help="Period of freight rates and limits.")] = None,
    value: Annotated[float | None, typer.Option(help="Worth of the goods, USD per forty-foot unit.")] = None,
    sea_rate: Annotated[float | None, typer.Option(help="Sea freight, USD per forty-foot unit.")] = None,
    deny: Deny = None,
    severity: Annotated[float, typer.Option(help="Share of what a refusal can close, 0 to 1.")] = 1.0,
    lose: Annotated[Codes, typer.Option(metavar="LINK[,LINK]", help="A link out of use.")] = None,
    with_: With = None,
    paperless: Annotated[bool, typer.Option("--paperless", help="No time lost to paper.")] = False,
    hindcast: Annotated[bool, typer.Option("--hindcast", help="Recorded volumes, predicted and seen.")] = False,
) -> None:
    """Compare container corridors: cost, time, shares within limits, ties with the sea, who can close them."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        with stages.stage("solving"):
            if hindcast:
                return _record(project.corridor_record())
            asked = _conditions(project)
            begin, end = _places(project, (origin, destination))
            return _reply(project.corridors(asked, origin=begin, destination=end), asked)

    def _conditions(project: Project) -> Conditions:
        from kopir.strategy.corridors.corridor_market import Conditions
        from kopir.strategy.corridors.shippers import read_shippers

        opened, closed, denied = _codes(project, with_ or (), lose or (), deny or ())
        return Conditions(
            period=year or read_shippers(project.model, *_places(project, (origin, destination))).base_period,
            value=value,
            sea_rate=sea_rate,
            opened=opened,
            closed=closed,
            denied=denied,
            severity=severity,
            paperless=paperless,
        )

    deliver(delivery, ask, folder=subject.model)


def _places(project: Project, ends: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """Return the codes of two places that are named."""
    from kopir.model.contents.spoken import spoken

    places = spoken(project.model, "places")
    first, last = (None if end is None else places.code(end) for end in ends)
    return first, last


def _codes(
    project: Project, opened: Sequence[str], closed: Sequence[str], denied: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the codes of options, links and partners that are named."""
    from kopir.strategy.value.naming import with_codes

    given = {"opened": opened, "closed": closed, "denied": denied}
    told = with_codes(project.model, {"opened": "options", "closed": "assets", "denied": "partners"}, given)
    first, second, third = (tuple(str(code) for code in told[name]) for name in given)  # type: ignore[attr-defined]
    return first, second, third


def _reply(answer: Answer[CorridorsResult], asked: Conditions) -> Reply:
    found = answer.result
    day = found.day_usd
    head = (
        f"{found.origin} to {found.destination}, {found.period}: goods worth {figure(found.value)} USD/FEU, a day "
        f"costs {figure(day.value)} ({figure(day.low)} to {figure(day.high)}) USD/FEU, "
        f"sea rate {figure(found.sea_rate)} USD/FEU"
    )
    parts: list[str | Grid] = [head, *_ways(found)]
    if asked != asked.usual and found.calibrated_on is not None:
        parts.append(
            f"shippers and owners of full assets lose {figure(found.loss_musd)} million USD a year against the "
            f"usual; not shipped {figure(found.unserved_teu)} TEU"
        )
    parts += [*_what_binds(found), _who(found)]
    parts = [part for part in parts if isinstance(part, str) or part.rows]
    return Reply(record=answer.as_record(), main=Grid.of(answer.table), parts=tuple(parts), run=answer.run)


def _ends(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Return ``frame`` with a column ``NAME_ends`` that tells each interval in words."""
    import polars as pl

    told = [
        pl.Series(
            f"{name}_ends",
            [
                None if low is None else f"{figure(low)} to {figure(high)}"
                for low, high in frame.select(f"{name}_low", f"{name}_high").iter_rows()
            ],
            dtype=pl.String,
        )
        for name in names
    ]
    return frame.with_columns(told)


def _ways(found: CorridorsResult) -> list[str | Grid]:
    usual = {"usual_teu": "usual TEU"} if found.table["usual_teu"].null_count() == 0 else {}
    told = _ends(found.table, "price_usd", "time_day", "generalised_usd")
    ways = Grid.of(
        told,
        "corridors, USD per forty-foot unit, days, TEU a year",
        corridor="corridor",
        price_usd="price",
        price_usd_ends="from to",
        time_day="days",
        time_day_ends="from to ",
        spread_day="half spread",
        borders="borders",
        transfers="transfers",
        generalised_usd="generalised cost",
        generalised_usd_ends="from to  ",
        cheapest="cheapest",
        share="share",
        volume_teu="TEU",
        **usual,
        jurisdictions="jurisdictions",
    ).showing("corridor", "price", "days", "generalised cost", "TEU", "cheapest")
    ties = Grid.of(
        found.ties,
        "sea rate (USD/FEU) at which a route draws level with the sea, by worth of goods",
        route="route",
        corridor="by",
        against="against",
        value="worth",
        sea_rate_even="sea rate",
        low="from",
        high="to",
        wins="at today's rate it wins",
        value_even="the worth of",
        premium_usd="dearer than the cheapest by land",
    )
    if found.calibrated_on is None:
        return [ways, "no volumes are recorded between these places: no shares", ties]
    beyond = ", ".join(f"{route} {figure(usd)}" for route, usd in found.constants.iter_rows() if usd)
    note = f"constants that match {found.calibrated_on}, USD/FEU beyond freight and time: {beyond}"
    if "not told" in found.ties["wins"].to_list():
        note += (
            "\nwhere a constant is larger than the price of the way, most boxes would not take it at any freight: "
            "who wins is not told, and what draws level holds for boxes that could go either way"
        )
    return [ways, note, ties]


def _what_binds(found: CorridorsResult) -> list[Grid]:
    limits = Grid.of(
        found.limits,
        "what can pass, least room first, TEU a year; price: what room for one more is worth, USD/FEU",
        limit="limit",
        kind="set by",
        routes="routes",
        capacity_teu="capacity",
        others_teu="others",
        room_teu="room",
        use_teu="use",
        binds="binds",
        price_usd="price",
        enforced="enforced",
    )
    paper = Grid.of(
        _ends(found.paper, "saved_day", "saved_usd", "saved_year_musd"),
        "what paperless documents and joined customs save: days and USD a forty-foot unit, million USD a year",
        transfer="transfer",
        place="place",
        saved_day="days",
        saved_day_ends="from to",
        saved_usd="USD/FEU",
        saved_usd_ends="from to ",
        feu="FEU a year",
        saved_year_musd="M$ a year",
        saved_year_musd_ends="from to  ",
    )
    return [limits, paper]


def _who(found: CorridorsResult) -> Grid:
    return Grid.of(
        _ends(found.states, "loss_musd"),
        "through whom, TEU a year, and what a refusal of each would cost all shippers, million USD a year",
        jurisdiction="jurisdiction",
        usual_teu="usual TEU",
        volume_teu="TEU",
        loss_musd="loss",
        loss_musd_ends="from to",
        gainer="who gains",
        gain_teu="TEU more",
        focal_teu="focal state's transit",
        unserved_teu="not shipped",
    )


def _record(answer: Answer[CorridorRecord]) -> Reply:
    found = answer.result
    table = Grid.of(
        found.table,
        "volumes of routes, TEU over the period, predicted from the year before",
        route="route",
        period="period",
        split="split",
        before="year before",
        observed="seen",
        predicted="predicted",
        low="from",
        high="to",
        no_change="no change",
        trend="trend",
        observed_share="share seen",
        predicted_share="share predicted",
        error="error",
        error_no_change="of no change",
        error_trend="of trend",
        sign="direction right",
    )
    left = Grid.of(found.unpredicted, "not predicted", route="route", period="period", why="why")
    score = (
        f"scale {figure(found.fitted_scale)} FEU/USD fitted on {', '.join(found.fitted_on) or 'nothing'} "
        f"({figure(found.scale)} in route_choice.csv)\n"
        f"split score, {found.rows_scored} rows, all looked at before, so seen: median error "
        f"{figure(found.median_error)}, no change "
        f"{figure(found.median_no_change)}, trend {figure(found.median_trend)} (where there is one); direction "
        f"right {found.signs_right} of {found.rows_scored}\n"
        "freight, time and limits change, nothing else: shippers' aversion to a route is not in them\n"
        f"worse than no change: {'; '.join(found.misses) or 'none'}"
    )
    return Reply(record=answer.as_record(), main=Grid.of(answer.table), parts=(table, score, left), run=answer.run)
