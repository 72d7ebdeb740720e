"""``kopir incident``: some assets lost for some days, on one page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.options import Delivery, Subject
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.stress import pages, ranges, summary

if TYPE_CHECKING:
    from kopir.model.network.scenario import Prices
    from kopir.project import Answer
    from kopir.strategy.course.incident import IncidentResult


def incident(
    subject: Subject,
    delivery: Delivery,
    *,
    lose: Annotated[
        list[str],
        typer.Option(metavar="ASSET[:COUNT][,...]", help="An asset lost, or so many members of a group."),
    ],
    days: Annotated[int, typer.Option(min=1, max=730, help="Days until it is repaired.")],
    start: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], metavar="DATE", help="First day; after the base year unless given."
        ),
    ] = None,
    draws: Annotated[int | None, typer.Option(min=0, max=500, help="Draws behind the intervals.")] = None,
    base_prices: Annotated[
        bool, typer.Option("--base-prices", help="Count losses at base-year prices, not at those of the months.")
    ] = False,
) -> None:
    """Show on one page what the loss of some assets does, day by day."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        with stages.stage("solving"):
            first = None if start is None else start.date()
            prices: Prices = "base" if base_prices else "dated"
            answer = project.incident(lose, days, start=first, draws=draws, prices=prices)
        return _reply(answer)

    deliver(delivery, ask, folder=subject.model)


def _reply(answer: Answer[IncidentResult]) -> Reply:
    card = answer.result
    head = (
        f"{', '.join(card.lost)} lost for {card.days} days from {card.start}: {100 * card.severity:.0f} % of the "
        "capacity between these places"
    )
    curve = Grid.of(
        card.curve,
        "the same if less is lost, or for other times (share lost; Mt and million USD at base-year prices)",
        days="days",
        lost="share lost",
        full_day="stores full on day",
        moved_mt="moved",
        shut_in_mt="shut in",
        loss_usd="loss",
        budget_usd="budget",
        income_usd="income",
    )
    gaining = card.course.routes.filter(
        (card.course.routes["asset_type"] == "market") & (card.course.routes["change_mt"] > 0)
    )
    buyers = Grid.of(gaining, "who buys more, Mt", asset="market", owner="owner", change_mt="more")
    past = Grid.of(
        card.past,
        "nearest past events",
        event="event",
        start="from",
        end="to",
        severity_low="severity from",
        severity_high="to",
        what="what failed",
        seen="what was seen",
    )
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(head, summary(card.course), *ranges(card.intervals), curve, buyers, *pages(card.course), past),
        run=answer.run,
        notes=(
            f"what a figure rests on: kopir why {next(iter(answer.cells))} MODEL",
            f"followed for {answer.result.course.table.height} days; operators do not foresee the repair",
        ),
    )
