"""Roles swapped, and what can be done: who depends on the focal state, and what each option changes."""

from __future__ import annotations

import polars as pl

from kopir.report.content import Block, Cell, Section, Table
from kopir.report.telling import Telling
from kopir.strategy.refusal.moves import TOGETHER

_ACCOUNTS = ("budget", "firms", "foreign", "consumers", "carriers")


def reverse(telling: Telling) -> Section:
    """Return what others have to replace or lose when the focal state closes what it can close alone."""
    say, found = telling.messages, telling.results.reverse
    ground = f"reverse:{found.home}"
    volumes: list[tuple[Cell, ...]] = [
        (
            telling.name(row["market"]),
            telling.name(row["buyer"]) if row["buyer"] else "",
            telling.name(row["owner"]),
            telling.grounds.number(f"reverse:{row['market']}:before_mt", row["before_mt"], "Mt/yr", ground),
            telling.grounds.number(f"reverse:{row['market']}:after_mt", row["after_mt"], "Mt/yr", ground),
        )
        for row in found.volumes.filter(pl.col("before_mt") > 5e-3).iter_rows(named=True)
    ]
    money: list[tuple[Cell, ...]] = [
        (
            telling.name(row["jurisdiction"]) if row["jurisdiction"] != "-" else say.text("reverse.nobody"),
            say.text(f"reverse.account.{row['account']}"),
            telling.grounds.number(
                f"reverse:{row['jurisdiction']}:{row['account']}:loss_musd",
                row["loss_musd"],
                "million USD/yr",
                ground,
            ),
        )
        for row in found.money.filter(pl.col("loss_musd").abs() > 0.05).iter_rows(named=True)
    ]
    blocks: list[Block] = [say.prose("reverse.text", focal=telling.focal)]
    for key, columns, rows in (
        ("volumes", ("market", "buyer", "owner", "before", "after"), volumes),
        ("money", ("jurisdiction", "account", "loss"), money),
    ):
        heads = tuple(say.text(f"reverse.column.{column}") for column in columns)
        if rows:
            blocks.append(
                Table(f"reverse_{key}", say.text(f"reverse.{key}", frame=telling.frame), heads, tuple(rows))
            )
    return Section("reverse", say.text("reverse.title"), tuple(blocks))


def options(telling: Telling) -> Section | None:
    """Return every option: residual loss under the worst refusal, gain in quiet years, break-even odds."""
    say, found = telling.messages, telling.results.moves
    if found is None:
        return None
    rows: list[tuple[Cell, ...]] = []
    money = ("annual_cost_musd", "residual_cut_musd", "residual_after_musd", "undisturbed_gain_musd")
    cut = pl.col("residual_before_musd") - pl.col("residual_after_musd")
    for row in found.table.with_columns(residual_cut_musd=cut).iter_rows(named=True):
        ground = f"moves:{row['option']}"
        odds = row["break_even_probability"]
        rows.append(
            (
                say.text("options.together") if row["option"] == TOGETHER else telling.name(row["option"]),
                telling.name(row["provider"]) if row["provider"] else "",
                *(
                    telling.grounds.number(f"{ground}:{column}", row[column], "million USD/yr", ground)
                    for column in money
                ),
                telling.grounds.number(
                    f"{ground}:provider_leverage_change_musd",
                    row["provider_leverage_change_musd"],
                    "million USD/yr",
                    ground,
                ),
                telling.grounds.number(
                    f"{ground}:break_even_probability", None if odds is None else 100 * odds, "%", ground
                ),
            )
        )
    columns = ("option", "provider", *money, "provider_leverage_change_musd", "break_even_probability")
    table = Table(
        "options",
        say.text("options.caption", horizon=telling.horizon(found.horizon), year=str(telling.base_year)),
        tuple(say.text(f"options.column.{column}") for column in columns),
        tuple(rows),
    )
    return Section("options", say.text("options.title"), (say.prose("options.text"), table))
