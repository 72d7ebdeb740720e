"""``kopir arms``: suppliers, lock-in of standards by horizon, co-production, and what sources say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.cli.asking import Told, command_of
from kopir.cli.output import Grid, Reply
from kopir.strategy.questions import Questions

if TYPE_CHECKING:
    from kopir.strategy.institutions.lock_in import LockInResult

_ENDS = {"value": "value", "low": "low", "high": "high"}
_STANDARD = {"standard": "standard", "case": "case"}


def _reply(told: Told) -> Reply:
    answer = told.answer
    return Reply(
        record=answer.as_record(), main=Grid.of(answer.table), parts=_parts(answer.result), run=answer.run
    )


def _parts(found: LockInResult) -> tuple[str | Grid, ...]:
    if not len(found.stock):
        return ("the model has no rows in equipment.csv",)
    import polars as pl

    parts: list[str | Grid] = [
        Grid.of(
            found.suppliers.with_columns(pl.col("year").cast(pl.String)),
            "who supplies (share of deliveries; a dash where no source gives one)",
            **{name: name for name in ("partner", "year", "share", "low", "high", "note")},
            id="why",
        ),
        Grid.of(
            found.stock.with_columns(pl.col("year").cast(pl.Int64)),
            "share of the stock after years",
            **_STANDARD,
            year="years",
            **_ENDS,
            id="why",
        ),
        Grid.of(
            found.years,
            "years until the share of the stock is down to a level (a dash: never)",
            **_STANDARD,
            level="level",
            **_ENDS,
            id="why",
        ),
    ]
    if len(found.licence):
        shown = {name: name.replace("_", " ") for name in found.licence.columns if name not in {"function", "id"}}
        title = "made at home under licence, and what the licensor can still withhold (shares of all deliveries)"
        parts.append(Grid.of(found.licence, title, **shown, id="why"))
    lines = [
        f"{row['fact']} [{row['modality']}] {row['says']}\n    {row['source']}"
        + (f" ({row['side']}, {row['date']})" if row["date"] else f" ({row['side']}, no date)")
        + (f"\n    stands against {row['against']}" if row["against"] else "")
        for row in found.statements.iter_rows(named=True)
    ]
    parts.append("what sources say\n" + "\n".join(lines))
    parts.append("Shares are described; nothing that is sourced turns them into a loss in money.")
    return tuple(parts)


arms = command_of(Questions.arms, _reply, speaks=False)
