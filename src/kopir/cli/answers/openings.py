"""``kopir options``: what changes if a planned corridor or work opens, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    import polars as pl

    from kopir.core.codes import Language
    from kopir.project import Project
    from kopir.strategy.outlook.openings import OpeningsResult


def _reply(told: Told) -> Reply:
    answer = told.answer
    found: OpeningsResult = answer.result
    grids = [_table(told.project, found, told.language)]
    frames = (
        (
            found.parties,
            "leverage of each player without and with it; residual loss counts its cost, million USD a year",
        ),
        (found.gainers, "whose income changes when nobody refuses, at recorded costs, million USD a year"),
        (found.flows, "links whose flow changes when nobody refuses, Mt a year"),
        (found.links, "room that it adds on layers without costs, a year (–: not published)"),
        (found.ways, "ways that it opens, and the states that these add or bypass"),
        (found.stranded, "what a refusal leaves stranded without and with it, a year"),
    )
    if told.given.get("names"):
        grids += [Grid.of(frame, title) for frame, title in frames if frame.height]
    elif found.ways.height:
        grids.append(Grid.of(found.ways, frames[4][1]))
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=tuple(grids),
        run=answer.run,
        notes=(
            f"refused: change of the residual loss, cost included, when {' and '.join(found.refused) or 'nobody'} "
            "refuses (below 0: less is lost; `--deny CODE` names others);",
            f"outages: the same on the mean of a year with the {found.outages} outages on record"
            f"{'' if found.outages else ' (none hits the network)'};",
            "most: the single refusal under which it lowers the loss most;",
            "one option at a time, off by default; value: of what is optimised when nobody refuses, before and",
            "after its cost; –: not sourced, or an option of layers without costs, for which no money is computed",
            "`--with CODE` shows leverage, flows and incomes; `kopir why option:CODE` what it rests on",
        ),
    )


def _table(project: Project, found: OpeningsResult, language: Language) -> Grid:
    from kopir.model.contents.names import name_of

    codes = found.table["option"].to_list()
    names = {code: name_of(project.model, code, language) for code in codes}
    shown: pl.DataFrame = found.table
    if codes:
        shown = shown.with_columns(shown["option"].replace_strict(names).alias("name"))
    return Grid.of(
        shown,
        f"what opens, one at a time, {found.horizon} horizon, base year {project.model.settings.model.base_year}",
        option="option",
        **({"name": "name"} if codes else {}),
        provider="provider",
        status="status",
        lead_time="months",
        lead_low="low",
        lead_high="high",
        in_time="in time",
        capital_cost_musd="capital M$",
        annual_cost_musd="a year M$",
        value_gain_musd="value M$",
        net_gain_musd="net M$",
        refused_change_musd="refused M$",
        outages_change_musd="outages M$",
        most_party="most by",
        most_change_musd="most M$",
        layers="layers",
        focal_state="focal state is",
    ).showing("option", "name", "status", "months", "net M$", "refused M$", "outages M$")


options = command_of(Questions.options, _reply)
