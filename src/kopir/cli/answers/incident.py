"""``kopir incident``: some assets lost for some days, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.answers.stress import pages, ranges, summary
from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    from kopir.strategy.course.incident import IncidentResult


def _reply(told: Told) -> Reply:
    answer = told.answer
    card: IncidentResult = answer.result
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
        loss_musd="loss",
        budget_musd="budget",
        income_musd="income",
    ).showing("days", "share lost", "moved", "shut in", "loss", "income")
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
        rates=False,
        notes=(
            f"what a figure rests on: kopir why {next(iter(answer.cells))} MODEL",
            f"followed for {answer.result.course.table.height} days; operators do not foresee the repair",
        ),
    )


incident = command_of(Questions.incident, _reply, speaks=False)
