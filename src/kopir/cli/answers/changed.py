"""``kopir changed``: what changed since the base year, and which figures it moves."""

from __future__ import annotations

from dataclasses import replace

from kopir.cli.asking import Told, as_table, command_of
from kopir.cli.output import Grid, Reply
from kopir.strategy.questions import Questions

_FIGURES = {
    "partner": "partner",
    "leverage_base_musd": "leverage then M$",
    "leverage_musd": "now",
    "hit_base_mt": "hit then Mt",
    "hit_mt": "now",
}
_FACTS = {"fact": "fact", "period": "of", "value": "value", "unit": "unit", "base": "continues", "what": "what"}


def _reply(told: Told) -> Reply:
    """Return leverage at the end of the base year and on the day, then the facts on which no number rests."""
    found = told.answer.result
    year = told.answer.run.base_year
    parts = (
        Grid.of(found.table, f"a refusal at the end of {year}, and on {told.answer.run.as_of}", **_FIGURES),
        *(
            (Grid.of(found.facts, f"facts about later times beside the base of {year}", **_FACTS),)
            if len(found.facts)
            else ()
        ),
    )
    return replace(as_table(told), parts=parts)


changed = command_of(Questions.changed, _reply)
