"""Sections in money: the loss with its interval, who bears it, what denying costs, and Shapley values."""

from __future__ import annotations

import polars as pl

from kopir.report.content import Block, Cell, Figure, Number, Prose, Section, Table
from kopir.report.sections.charts import heatmap
from kopir.report.telling import Telling
from kopir.strategy.portfolio.portfolio import effective_number

_BEARERS = (
    "budget_musd",
    "firms_musd",
    "consumers_musd",
    "income_musd",
    "foreign_musd",
    "others_musd",
    "partners_musd",
    "carriers_musd",
    "whole_musd",
)
PAIRS = 6


def losses(telling: Telling) -> Section:
    """Return the loss in USD with its interval and the share of it that rests on assumptions."""
    say, results = telling.messages, telling.results
    measures = ("sensitivity_musd", "leverage_musd", "recorded_musd", "deferral_musd")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            telling.name(partner),
            *(telling.measure(partner, measure) for measure in measures),
            _assumed(telling, partner),
        )
        for partner in results.partners
    )
    columns = ("partner", *measures, "assumed_share")
    drawn = results.intervals
    blocks: tuple[Block, ...] = (
        say.prose(
            "losses.text",
            draws=str(drawn.draws - drawn.refused),
            inputs=str(drawn.inputs),
            seed=str(drawn.seed),
            refused=say.plural("losses.refused", drawn.refused),
        ),
        Table(
            "losses",
            say.text("losses.caption", frame=telling.frame),
            tuple(say.text(f"losses.column.{column}") for column in columns),
            rows,
        ),
        Figure(
            "heatmap",
            say.text("heatmap.caption", frame=telling.frame),
            say.text("heatmap.description"),
            heatmap(telling),
            "losses",
        ),
    )
    return Section("losses", say.text("losses.title"), blocks)


def _assumed(telling: Telling, partner: str) -> Number:
    share = telling.results.row(partner)["assumed_share"]
    value = None if share is None else 100 * share
    low, high = (None if end is None else 100 * end for end in telling.results.assumed_ends(partner))
    ground = f"leverage:{partner}"
    return telling.grounds.number(f"{ground}:assumed_share", value, "%", ground, (low, high))


def bearers(telling: Telling) -> Section:
    """Return who bears the loss: budget, firms, consumers, together; then all others, and the whole."""
    say = telling.messages
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (telling.name(partner), *(telling.measure(partner, measure) for measure in _BEARERS))
        for partner in telling.results.partners
    )
    columns = tuple(say.text(f"bearers.column.{column}") for column in ("partner", *_BEARERS))
    table = Table("bearers", say.text("bearers.caption", frame=telling.frame), columns, rows)
    return Section("bearers", say.text("bearers.title"), (say.prose("bearers.text", focal=telling.focal), table))


def own_cost(telling: Telling) -> Section:
    """Return what denying costs the one who denies; a dash where the price effect is not known."""
    say, results = telling.messages, telling.results
    rows: list[tuple[Cell, ...]] = []
    for partner in results.partners:
        row = results.row(partner)
        low, high, income = row["own_price_musd_low"], row["own_price_musd_high"], row["own_income_musd"]
        known = low is not None and high is not None and income is not None
        ground = f"leverage:{partner}"
        price = telling.grounds.number(f"{ground}:own_price_musd_low", None, "million USD/yr", ground, (low, high))
        net = telling.grounds.number(
            f"{ground}:own_net_musd",
            None,
            "million USD/yr",
            ground,
            (income - high, income - low) if known else (None, None),  # type: ignore[operator]
        )
        rows.append((telling.name(partner), telling.measure(partner, "own_income_musd"), price, net))
    columns = tuple(say.text(f"own_cost.column.{column}") for column in ("partner", "income", "price", "net"))
    table = Table("own_cost", say.text("own_cost.caption", frame=telling.frame), columns, tuple(rows))
    return Section("own_cost", say.text("own_cost.title"), (say.prose("own_cost.text"), table))


def shares(telling: Telling) -> Section | None:
    """Return Shapley values beside leverage, which pairs back each other up, and how many vectors there are."""
    say, found = telling.messages, telling.results.coalitions
    if found is None:
        return None
    by_player = {row["player"]: row for row in found.shares.iter_rows(named=True)}
    order = [player for player in found.shares["player"].to_list() if player in telling.results.partners]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            telling.name(player),
            telling.measure(player, "leverage_musd"),
            _share(telling, player, "shapley_musd", by_player[player]["shapley_musd"], "million USD/yr"),
            _share(telling, player, "weight", _percent(by_player[player]["weight"]), "%"),
        )
        for player in order
    )
    columns = tuple(
        say.text(f"shapley.column.{column}") for column in ("partner", "leverage", "shapley", "weight")
    )
    blocks: list[Block] = [
        say.prose("shapley.text"),
        Table("shapley", say.text("shapley.caption", frame=telling.frame), columns, rows),
    ]
    blocks += [block for block in (_vectors(telling), _pairs(telling)) if block is not None]
    return Section("shapley", say.text("shapley.title"), tuple(blocks))


def _share(telling: Telling, player: str, column: str, value: float | None, unit: str) -> Number:
    assumed = telling.results.row(player)["assumed_share"]
    ground = f"leverage:{player}"
    return telling.grounds.number(f"coalitions:{player}:{column}", value, unit, ground, assumed_share=assumed)


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _vectors(telling: Telling) -> Prose | None:
    found = telling.results.coalitions
    assert found is not None
    weights = found.shares.filter(pl.col("weight").is_not_null())["weight"].clip(lower_bound=0.0)
    if weights.sum() <= 0:
        return None
    half = found.breaking_number(0.5 * float(found.game[-1]))
    return telling.messages.prose(
        "shapley.vectors",
        number=telling.grounds.number(
            "portfolio:effective_number", float(effective_number(weights.to_numpy())), "1", "model"
        ),
        half=telling.grounds.number(
            "portfolio:breaking_number", None if half is None else float(half), "1", "model"
        ),
    )


def _pairs(telling: Telling) -> Table | None:
    say, found = telling.messages, telling.results.coalitions
    assert found is not None
    strongest = (
        found.pairs.with_columns(size=pl.col("interaction_musd").abs())
        .filter(pl.col("size") > 1e-3)
        .sort("size", "first", "second", descending=[True, False, False])
        .head(PAIRS)
    )
    if strongest.is_empty():
        return None
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"{telling.name(row['first'])} + {telling.name(row['second'])}",
            telling.grounds.number(
                f"coalitions:{row['first']}+{row['second']}:interaction_musd",
                row["interaction_musd"],
                "million USD/yr",
                f"leverage:{row['first']}",
            ),
            say.text("shapley.backup" if row["interaction_musd"] > 0 else "shapley.same_route"),
        )
        for row in strongest.iter_rows(named=True)
    )
    columns = tuple(say.text(f"shapley.pair.{column}") for column in ("pair", "interaction", "meaning"))
    return Table("pairs", say.text("shapley.pairs", frame=telling.frame), columns, rows)
