"""The portfolio told shortly: who leads in each function, how concentrated it is, and how that moved."""

from __future__ import annotations

from kopir.report.content import Block, Cell, Section, Table
from kopir.report.sections.pictures import tie_table
from kopir.report.telling import Telling
from kopir.strategy.portfolio.portfolio_trend import Verdict

_COLUMNS = ("leader_share", "named", "effective_low", "effective_high")


def portfolio(telling: Telling) -> Section | None:
    """Return the latest concentration of each function with shares, and the verdict on their movement."""
    say, found = telling.messages, telling.results.trend
    rows: list[tuple[Cell, ...]] = []
    for row in found.table.sort("year").unique("function", keep="last").sort("function").iter_rows(named=True):
        ground = f"ties:{row['function']}"
        share, named, low, high = (row[column] for column in _COLUMNS)
        rows.append(
            (
                telling.name(row["function"]),
                str(row["year"]),
                "–" if row["leader"] is None else telling.name(row["leader"]),
                telling.grounds.number(
                    f"{ground}:leader_share", None if share is None else 100 * share, "%", ground
                ),
                telling.grounds.number(f"{ground}:named", 100 * named, "%", ground),
                telling.grounds.number(f"{ground}:effective_low", low, "1", ground),
                telling.grounds.number(f"{ground}:effective_high", high, "1", ground),
            )
        )
    table = tie_table(telling)
    if not rows:
        return None if table is None else Section("portfolio", say.text("portfolio.title"), (table,))
    heads = tuple(
        say.text(f"portfolio.column.{name}")
        for name in ("function", "year", "leader", "share", "named", "low", "high")
    )
    blocks: list[Block] = [
        say.prose("portfolio.text"),
        Table("portfolio", say.text("portfolio.caption"), heads, tuple(rows)),
        *(() if table is None else (table,)),
    ]
    if found.verdict.before is not None and found.verdict.after is not None:
        blocks.append(_movement(telling, found.verdict))
    return Section("portfolio", say.text("portfolio.title"), tuple(blocks))


def _movement(telling: Telling, verdict: Verdict) -> Block:
    assert verdict.before is not None
    assert verdict.after is not None
    cells: dict[str, Cell] = {
        name: telling.grounds.number(f"ties:verdict:{name}", value, "1", "ties:verdict")
        for name, value in (
            ("before_low", verdict.before.low),
            ("before_high", verdict.before.high),
            ("after_low", verdict.after.low),
            ("after_high", verdict.after.high),
        )
    }
    say = telling.messages
    return say.prose(
        f"portfolio.verdict.{verdict.answer.replace(' ', '_')}",
        first=str(verdict.first_year),
        last=str(verdict.last_year),
        functions=", ".join(telling.name(function) for function in verdict.functions),
        **cells,
    )
