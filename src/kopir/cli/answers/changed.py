"""``kopir changed``: what changed since the base year, and which figures it moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kopir.cli.asking import Told, as_table, command_of
from kopir.cli.output import Grid, Reply
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    from kopir.strategy.outlook.changed import ChangedResult

_FIGURES = {
    "partner": "partner",
    "leverage_base_musd": "leverage then M$",
    "leverage_musd": "now",
}
_MOVED = 1e-6  # Mt a year
_FACTS = {
    "fact": "fact",
    "period": "of",
    "value": "value",
    "unit": "unit",
    "base": "continues",
    "twelve_months": "12 months",
    "what": "what",
}


def _reply(told: Told) -> Reply:
    """Return leverage at the end of the base year and on the day, then the facts on which no number rests."""
    found = told.answer.result
    year = told.answer.run.base_year
    single = len(found.goods) == 1
    headings = _FIGURES | ({"hit_base_mt": "hit then Mt", "hit_mt": "now"} if single else {})
    parts = (
        Grid.of(found.table, f"a refusal at the end of {year}, and on {told.answer.run.as_of}", **headings),
        *(() if single else (_hits(found),)),
        *(
            (Grid.of(found.facts, f"facts about later times beside the base of {year}", **_FACTS),)
            if len(found.facts)
            else ()
        ),
    )
    return replace(as_table(told), parts=parts)


def _hits(found: ChangedResult) -> Grid:
    """Return a row for each partner and goods of which its refusal hits any, then or now."""
    rows = [
        (row["partner"], one.name, then, now)
        for row in found.table.iter_rows(named=True)
        for one in found.goods
        for then, now in [(row[one.column("hit_base")], row[one.column("hit")])]
        if max(abs(then), abs(now)) > _MOVED
    ]
    return Grid(("partner", "goods", "hit then Mt", "now"), tuple(rows), "by goods, whose tonnes are not added")


changed = command_of(Questions.changed, _reply)
