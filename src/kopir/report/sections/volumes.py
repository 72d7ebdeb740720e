"""Physical sections: what is stranded and re-routed, under whose control, curves, and dependence on territory."""

from __future__ import annotations

import polars as pl

from kopir.report.content import Block, Cell, Figure, Number, Prose, Section, Table
from kopir.report.sections.charts import curve_chart
from kopir.report.sections.kinds import Kind, drawn, drawn_only, kinds, routes_of, titled
from kopir.report.sections.map import attributions, denial_map
from kopir.report.telling import Telling

CURVE_PARTIES = 4
_VISIBLE = 1e-3


def volumes(telling: Telling) -> Section:
    """Return what each refusal strands and re-routes, and who controls what then flows."""
    say, results = telling.messages, telling.results
    found = kinds(telling)
    blocks: list[Block] = []
    for one in found:
        blocks += [_undisturbed(one, first=one is found[0]), _volumes(one)]
    blocks += [*_map(telling), *(_control_after(one) for one in found)]
    if results.quotas.table.height:
        blocks.append(_quota(telling))
    return Section("volumes", say.text("volumes.title"), tuple(blocks))


def _undisturbed(kind: Kind, *, first: bool) -> Prose:
    grounds, results = kind.telling.grounds, kind.telling.results
    base = grounds.number(kind.id("exports", "base_mt"), results.traded_mt(kind.goods), "Mt/yr", "baseline")
    return titled(kind.telling.messages.prose("volumes.text" if first else "volumes.more", exported=base), kind)


def _volumes(kind: Kind) -> Table:
    telling, say = kind.telling, kind.telling.messages
    columns = ("partner", "control", "control_share", "held", "rerouted", "stranded")
    rows: list[tuple[Cell, ...]] = [
        (
            telling.name(partner),
            *_controlled(kind, partner),
            *(
                telling.measure(partner, kind.goods.column(measure))
                for measure in ("sensitivity", "rerouted", "stranded")
            ),
        )
        for partner in telling.results.partners
    ]
    caption = kind.of(say.text("volumes.caption", frame=telling.frame))
    heads = tuple(say.text(f"volumes.column.{column}") for column in columns)
    return Table(kind.key("volumes"), caption, heads, tuple(rows))


def _controlled(kind: Kind, partner: str) -> tuple[Number, Number]:
    """Return Mt that pass what ``partner`` alone can close, undisturbed, and per cent of what is traded."""
    grounds, results = kind.telling.grounds, kind.telling.results
    held, traded = results.controlled(results.worst, partner, "before", kind.goods), results.traded_mt(kind.goods)
    ground, share = f"leverage:{partner}", 100 * held / traded if traded else 0.0
    return (
        grounds.number(kind.id("control", partner, "before_mt"), held, "Mt/yr", ground),
        grounds.number(kind.id("control", partner, "before_pct"), share, "%", ground),
    )


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
            f"{say.text('map.caption', partner=partner, frame=telling.frame)}{drawn_only(telling)}",
            say.text("map.description", partner=partner),
            spec,
            drawn(telling).key("flows"),
        ),
        *((say.prose("map.lines", sources="; ".join(stated)),) if stated else ()),
        *(_flows(one) for one in kinds(telling)),
    )


def _flows(kind: Kind) -> Table:
    """Return what each link carries before and after, largest change first: the table that the map draws."""
    telling, say, results = kind.telling, kind.telling.messages, kind.telling.results
    worst = results.worst
    routes = (
        routes_of(kind)
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
                    kind.id("routes", worst, row["asset"], when), row[when], "Mt/yr", f"leverage:{worst}"
                )
                for when in ("before_mt", "after_mt")
            ),
        )
        for row in routes.iter_rows(named=True)
    )
    columns = tuple(say.text(f"flows.column.{column}") for column in ("link", "before", "after"))
    return Table(
        kind.key("flows"),
        kind.of(say.text("flows.caption", partner=telling.name(worst), frame=telling.frame)),
        columns,
        rows,
        folded=True,
    )


def _control_after(kind: Kind) -> Table:
    telling, say, results = kind.telling, kind.telling.messages, kind.telling.results
    worst = results.worst
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            telling.name(partner),
            *(
                telling.grounds.number(
                    kind.id("control", worst, partner, f"{when}_mt"),
                    results.controlled(worst, partner, when, kind.goods),
                    "Mt/yr",
                    f"leverage:{worst}",
                )
                for when in ("before", "after")
            ),
        )
        for partner in results.partners
    )
    return Table(
        kind.key("control"),
        kind.of(say.text("control.caption", partner=telling.name(worst), frame=telling.frame)),
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
    blocks: list[Block] = [say.prose("curves.text")]
    for kind in kinds(telling):
        measure = kind.goods.column("stranded")
        shown = _stranding(table, parties, measure)
        own, words = kind.telling, kind.telling.messages
        blocks += [
            Figure(
                kind.key("curves"),
                kind.of(words.text("curves.figure", year=str(telling.base_year))),
                words.text("curves.description"),
                curve_chart(own, table, shown, measure=measure),
                kind.key("curves_mt"),
            ),
            _curve_table(own, table, parties, kind.key("curves_mt"), measure, kind),
        ]
    blocks.append(_curve_table(telling, table, parties, "curves_musd", "loss_musd"))
    return Section("curves", say.text("curves.title"), tuple(blocks))


def _stranding(table: pl.DataFrame, parties: tuple[str, ...], measure: str) -> tuple[str, ...]:
    """Return the parties whose refusal strands anything worth a panel, or the first where none does."""
    most = dict(table.group_by("party").agg(pl.col(measure).max()).iter_rows())
    return tuple(party for party in parties if most[party] > _VISIBLE * max(most.values())) or parties[:1]


def _curve_table(
    telling: Telling,
    table: pl.DataFrame,
    parties: tuple[str, ...],
    key: str,
    measure: str,
    kind: Kind | None = None,
) -> Table:
    """Return a measure over the months of a refusal, of one kind of goods or in money."""
    say = telling.messages
    months = sorted(set(table["months"].to_list()))
    money, unit = kind is None, "million USD" if kind is None else "Mt"
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
    caption = say.text("curves.loss_musd" if kind is None else "curves.stranded_mt", year=str(telling.base_year))
    return Table(
        key,
        caption if kind is None else kind.of(caption),
        (say.text("curves.column"), *heads),
        tuple(rows),
    )


def dependence(telling: Telling) -> Section | None:
    """Return how much crosses each partner's territory, with what is not split left open."""
    found = telling.results.dependence
    if found is None or found.table.is_empty():
        return None
    blocks: list[Block] = []
    for kind in kinds(telling):
        rows = found.table.filter(goods=kind.goods.name)
        blocks += [_base(kind, rows, found.year), _crossings(kind, rows, found.year)]
    return Section("dependence", telling.messages.text("dependence.title"), tuple(blocks))


def _base(kind: Kind, rows: pl.DataFrame, year: int) -> Prose:
    """Return the sentence that says what is traded, and what of it is known only as a sum."""
    telling, say = kind.telling, kind.telling.messages
    first = rows.row(0, named=True)
    numbers = {
        slot: telling.grounds.number(kind.id("dependence", column), first[column], "Mt/yr", "baseline")
        for slot, column in (("base", "base_mt"), ("amount", "remainder_mt"))
    }
    remainder = ", ".join(telling.name(block) for block in first["remainder"].split(", "))
    key = "dependence.remainder" if first["remainder"] else "dependence.split"
    return titled(say.prose(key, year=str(year), remainder=remainder, **numbers), kind)


def _crossings(kind: Kind, rows: pl.DataFrame, year: int) -> Table:
    telling, say = kind.telling, kind.telling.messages
    cells: list[tuple[Cell, ...]] = []
    crossed = rows.filter(pl.col("high_mt") > 1e-6).sort("central_mt", "state", descending=[True, False])
    for row in crossed.iter_rows(named=True):
        ends, central = (row["low_mt"], row["high_mt"]), row["central_mt"]
        share = 100 / row["base_mt"] if row["base_mt"] else 0.0
        shares = (share * ends[0], share * ends[1])
        name = ("dependence", row["state"])
        cells.append(
            (
                telling.name(row["state"]),
                telling.grounds.number(kind.id(*name, "central_mt"), central, "Mt/yr", "baseline", ends),
                telling.grounds.number(kind.id(*name, "central_pct"), share * central, "%", "baseline", shares),
            )
        )
    columns = tuple(say.text(f"dependence.column.{column}") for column in ("state", "amount", "share"))
    caption = kind.of(say.text("dependence.caption", year=str(year)))
    return Table(kind.key("dependence"), caption, columns, tuple(cells))
