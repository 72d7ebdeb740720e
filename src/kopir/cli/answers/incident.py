"""``kopir incident``: some assets lost for some days, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.answers.stress import held, pages, ranges, summary
from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    from kopir.strategy.course.incident import IncidentResult

_TONNES = {"moved": "moved", "shut_in": "shut in"}
MANY = 4
"""Months from which a list of them is told by its ends."""


def _reply(told: Told) -> Reply:
    answer = told.answer
    card: IncidentResult = answer.result
    head = (
        f"{', '.join(card.lost)} lost for {card.days} days from {card.start}: {100 * card.severity:.0f} % of the "
        "capacity between these places"
    )
    goods = card.course.goods
    curve = Grid.of(
        card.curve,
        "the same if less is lost, or for other times (share lost; Mt and million USD at base-year prices)",
        days="days",
        lost="share lost",
        full_day="stores full on day",
        **{one.column(name): one.of(said) for one in goods for name, said in _TONNES.items()},
        loss_musd="loss",
        budget_musd="budget",
        income_musd="income",
    ).showing(
        "days", "share lost", *(one.of(said) for one in goods for said in _TONNES.values()), "loss", "income"
    )
    gaining = card.course.routes.filter(
        (card.course.routes["asset_type"] == "market") & (card.course.routes["change_mt"] > 0)
    )
    buyers = Grid.of(gaining, "who buys more, Mt", asset="market", owner="owner", change_mt="more")
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(
            head,
            *([_unpriced(card)] if card.unpriced else []),
            summary(card.course),
            held(card.course.held),
            *_record(card),
            *ranges(card.intervals),
            curve,
            buyers,
            *pages(card.course),
            _past(card),
        ),
        run=answer.run,
        rates=False,
        notes=(
            f"what a figure rests on: kopir why {next(iter(answer.cells))} MODEL",
            f"followed for {answer.result.course.table.height} days; operators do not foresee the repair",
        ),
    )


def _past(card: IncidentResult) -> Grid:
    return Grid.of(
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


def _unpriced(card: IncidentResult) -> str:
    months = card.unpriced
    told = ", ".join(months) if len(months) < MANY else f"{months[0]} to {months[-1]} ({len(months)} months)"
    return f"no price is recorded for {told}: all money is counted at base-year prices"


def _record(card: IncidentResult) -> tuple[str | Grid, ...]:
    """Say how right the model was about the nearest event that it can replay."""
    if card.record.is_empty():
        return ("in the record: no near event can be replayed, so nothing says how right such figures have been",)
    first = card.record.row(0, named=True)
    when = card.past.filter(card.past["event"] == first["event"])["start"].to_list()
    fitted = "; parameters were fitted on it, which flatters the figures" if first["split"] == "fit" else ""
    title = f"in the record, the nearest event that can be replayed: {' '.join([first['event'], *when])}{fitted}"
    return (
        Grid.of(
            card.record,
            title,
            indicator="what",
            unit="unit",
            before="before",
            predicted="predicted",
            seen="seen",
        ),
    )


incident = command_of(Questions.incident, _reply, speaks=False)
