"""``kopir layers``: volumes and control of what is recorded but not optimised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    import polars as pl

    from kopir.strategy.layers.layers import LayersResult


def _reply(told: Told) -> Reply:
    answer = told.answer
    found: LayersResult = answer.result
    grids = [_summary(found.summary), _routes(found.routes), _control(found.control)]
    if found.together.height:
        grids.append(Grid.of(found.together, "closed only together, a year"))
    if found.owners.height:
        grids.append(
            Grid.of(
                found.owners,
                "goods of others over the focal state, a year",
                layer="layer",
                owner="owner",
                unit="unit",
                volume="volume",
                closable="focal state can close",
                unknown_routes="routes of unknown volume",
            )
        )
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=tuple(grids),
        run=answer.run,
        notes=(
            "volumes and control only: costs are not sourced, so there is no money and no optimum;",
            "–: not sourced; stranded: known where sourced capacities settle it, else only its bounds",
            "`kopir why layer:LAYER:ROUTE` and `layer:LAYER:PARTY` say what a volume rests on",
        ),
    )


def _summary(frame: pl.DataFrame) -> Grid:
    shown = frame.with_columns((frame["leading_share"] * 100).alias("leading_pct"))
    return Grid.of(
        shown,
        "layers that are accounted for, not optimised: exports and imports a year",
        layer="layer",
        unit="unit",
        years="years",
        volume="volume",
        low="low",
        high="high",
        concentration="concentration",
        leading="closes most",
        leading_pct="alone, %",
        transit="transit of others",
        unknown_routes="routes of unknown volume",
    )


def _routes(frame: pl.DataFrame) -> Grid:
    names = ("layer", "route", "owner", "kind", "period", "volume", "low", "high", "unit", "recorded", "grade")
    headings = {name: name for name in names}
    return Grid.of(
        frame,
        "routes",
        **headings,
        path="path",
        jurisdictions="crosses",
        alone="closed alone by",
        together="together by",
        hazards="hazards",
        facts="facts",
    )


def _control(frame: pl.DataFrame) -> Grid:
    shown = frame.with_columns((frame["share"] * 100).alias("share_pct"))
    return Grid.of(
        shown,
        "who alone can close how much a year, and what then finds no other way",
        layer="layer",
        party="party",
        kind="kind",
        goods="goods",
        volume="volume",
        low="low",
        high="high",
        unit="unit",
        share_pct="share, %",
        unknown_routes="routes of unknown volume",
        stranded="stranded",
        stranded_at_least="at least",
        stranded_at_most="at most",
    )


layers = command_of(Questions.layers, _reply, speaks=False)
