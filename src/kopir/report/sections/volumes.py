"""Physical sections: what is stranded and re-routed, under whose control, curves, and dependence on territory."""

from __future__ import annotations

import polars as pl

from kopir.report.content import Block, Cell, Figure, Section, Table
from kopir.report.sections.answer import control_share
from kopir.report.sections.charts import curve_chart
from kopir.report.sections.map import attributions, denial_map
from kopir.report.telling import Telling

CURVE_PARTIES = 4
_VISIBLE = 1e-3


def volumes(telling: Telling) -> Section:
    """Return what each refusal strands and re-routes, and who controls what then flows."""
    say, results = telling.messages, telling.results
    worst = results.worst
    columns = ("partner", "control", "control_share", "held", "rerouted", "stranded")
    rows: list[tuple[Cell, ...]] = [
        (
            telling.name(partner),
            telling.grounds.number(
                f"control:{partner}:before_mt",
                results.controlled(worst, partner, "before"),
                "Mt/yr",
                f"leverage:{partner}",
            ),
            control_share(telling, partner),
            telling.measure(partner, "sensitivity_mt"),
            telling.measure(partner, "rerouted_mt"),
            telling.measure(partner, "stranded_mt"),
        )
        for partner in results.partners
    ]
    blocks: list[Block] = [
        say.prose(
            "volumes.text",
            exported=telling.grounds.number("exports:base_mt", results.exported_mt, "Mt/yr", "baseline"),
        ),
        Table(
            "volumes",
            say.text("volumes.caption", frame=telling.frame),
            tuple(say.text(f"volumes.column.{column}") for column in columns),
            tuple(rows),
        ),
        *_map(telling),
        _control_after(telling),
    ]
    if results.quotas.table.height:
        blocks.append(_quota(telling))
    return Section("volumes", say.text("volumes.title"), tuple(blocks))


def _map(telling: Telling) -> tuple[Block, ...]:
    say = telling.messages
    spec = denial_map(telling)
    if spec is None:
        return ()
    partner = telling.name(telling.results.worst)
    stated = attributions(telling)
    return (
        Figure(
            "map",
            say.text("map.caption", partner=partner, frame=telling.frame),
            say.text("map.description", partner=partner),
            spec,
            "flows",
        ),
        *((say.prose("map.lines", sources="; ".join(stated)),) if stated else ()),
        _flows(telling),
    )


def _flows(telling: Telling) -> Table:
    """Return what each link carries before and after, largest change first: the table that the map draws."""
    say, results = telling.messages, telling.results
    worst = results.worst
    routes = (
        results.leverage.routes.filter((pl.col("denier") == worst) & (pl.col("asset_type") == "link"))
        .group_by("asset")
        .agg(pl.col("before_mt", "after_mt").sum())
        .with_columns(change=(pl.col("after_mt") - pl.col("before_mt")).abs())
        .filter(pl.col("change") > 0.005)
        .sort("change", "asset", descending=[True, False])
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            telling.name(row["asset"]),
            *(
                telling.grounds.number(
                    f"routes:{worst}:{row['asset']}:{when}", row[when], "Mt/yr", f"leverage:{worst}"
                )
                for when in ("before_mt", "after_mt")
            ),
        )
        for row in routes.iter_rows(named=True)
    )
    columns = tuple(say.text(f"flows.column.{column}") for column in ("link", "before", "after"))
    return Table(
        "flows",
        say.text("flows.caption", partner=telling.name(worst), frame=telling.frame),
        columns,
        rows,
        folded=True,
    )


def _control_after(telling: Telling) -> Table:
    say, results = telling.messages, telling.results
    worst = results.worst
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            telling.name(partner),
            *(
                telling.grounds.number(
                    f"control:{worst}:{partner}:{when}_mt",
                    results.controlled(worst, partner, when),
                    "Mt/yr",
                    f"leverage:{worst}",
                )
                for when in ("before", "after")
            ),
        )
        for partner in results.partners
    )
    return Table(
        "control",
        say.text("control.caption", partner=telling.name(worst), frame=telling.frame),
        tuple(say.text(f"control.column.{column}") for column in ("controller", "before", "after")),
        rows,
    )


def _quota(telling: Telling) -> Table:
    say, results = telling.messages, telling.results
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            telling.name(row["group"]),
            *(
                telling.grounds.number(
                    f"quota:{row['group']}:{column}", row[column], "Mt/yr", f"quota:{row['group']}"
                )
                for column in ("limit_mt", "load_mt", "excess_mt")
            ),
        )
        for row in results.quotas.table.iter_rows(named=True)
    )
    columns = tuple(say.text(f"quota.column.{column}") for column in ("group", "limit", "load", "excess"))
    return Table("quota", say.text("quota.caption"), columns, rows)


def curves(telling: Telling) -> Section:
    """Return losses over severity and duration, in Mt and in USD."""
    say, results = telling.messages, telling.results
    parties = results.partners[:CURVE_PARTIES]
    table = results.curves.table.filter(pl.col("party").is_in(parties))
    blocks: tuple[Block, ...] = (
        say.prose("curves.text"),
        Figure(
            "curves",
            say.text("curves.figure", year=str(telling.base_year)),
            say.text("curves.description"),
            curve_chart(telling, table, _stranding(table, parties)),
            "curves_mt",
        ),
        _curve_table(telling, table, parties, "curves_mt", "stranded_mt", "Mt"),
        _curve_table(telling, table, parties, "curves_musd", "loss_musd", "million USD"),
    )
    return Section("curves", say.text("curves.title"), blocks)


def _stranding(table: pl.DataFrame, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parties whose refusal strands anything worth a panel, or the first where none does."""
    most = dict(table.group_by("party").agg(pl.col("stranded_mt").max()).iter_rows())
    return tuple(party for party in parties if most[party] > _VISIBLE * max(most.values())) or parties[:1]


def _curve_table(
    telling: Telling, table: pl.DataFrame, parties: tuple[str, ...], key: str, measure: str, unit: str
) -> Table:
    say = telling.messages
    months = sorted(set(table["months"].to_list()))
    money = unit != "Mt"
    rows: list[tuple[Cell, ...]] = []
    for party in parties:
        for severity in sorted(set(table["severity"].to_list())):
            line = table.filter((pl.col("party") == party) & (pl.col("severity") == severity)).sort("months")
            numbers = [
                telling.grounds.number(
                    f"curves:{party}:{severity:g}:{row['months']}:{measure}",
                    row[measure],
                    unit,
                    f"leverage:{party}",
                    assumed_share=telling.results.row(party)["assumed_share"] if money else None,
                )
                for row in line.iter_rows(named=True)
            ]
            head = say.text("curves.row", partner=telling.name(party), severity=f"{100 * severity:g}")
            rows.append((head, *numbers))
    heads = tuple(say.plural("curves.months", count) for count in months)
    return Table(
        key,
        say.text(f"curves.{measure}", year=str(telling.base_year)),
        (say.text("curves.column"), *heads),
        tuple(rows),
    )


def dependence(telling: Telling) -> Section | None:
    """Return how much crosses each partner's territory, with what is not split left open."""
    say, found = telling.messages, telling.results.dependence
    if found is None or found.table.is_empty():
        return None
    rows = []
    for row in (
        found.table.filter(pl.col("high_mt") > 1e-6)
        .sort("central_mt", "state", descending=[True, False])
        .iter_rows(named=True)
    ):
        ends = (row["low_mt"], row["high_mt"])
        share = 100 / row["base_mt"] if row["base_mt"] else 0.0
        name = f"dependence:{row['state']}"
        rows.append(
            (
                telling.name(row["state"]),
                telling.grounds.number(f"{name}:central_mt", row["central_mt"], "Mt/yr", "baseline", ends),
                telling.grounds.number(
                    f"{name}:central_pct",
                    share * row["central_mt"],
                    "%",
                    "baseline",
                    (share * ends[0], share * ends[1]),
                ),
            )
        )
    first = found.table.row(0, named=True)
    key = "dependence.remainder" if first["remainder"] else "dependence.split"
    text = say.prose(
        key,
        year=str(found.year),
        base=telling.grounds.number("dependence:base_mt", first["base_mt"], "Mt/yr", "baseline"),
        remainder=", ".join(telling.name(block) for block in first["remainder"].split(", ")),
        amount=telling.grounds.number("dependence:remainder_mt", first["remainder_mt"], "Mt/yr", "baseline"),
    )
    columns = tuple(say.text(f"dependence.column.{column}") for column in ("state", "amount", "share"))
    table = Table("dependence", say.text("dependence.caption", year=str(found.year)), columns, tuple(rows))
    return Section("dependence", say.text("dependence.title"), (text, table))
