"""``kopir theses``: statements that sources make, tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kopir.cli.intervals import ranged
from kopir.cli.options import Delivery, Model
from kopir.cli.output import Grid, Reply, Stages, deliver
from kopir.cli.texts.factbook import open_book, source_titles

if TYPE_CHECKING:
    from kopir.core.folders.folder import Folder


def theses(delivery: Delivery, *, model: Model = ".") -> None:
    """Test the theses of a model: supported, contradicted or undetermined, with the number and who says it."""

    def ask(stages: Stages) -> Reply:
        from kopir.facts import results_named, weigh_theses

        folder, book = open_book(model, stages)
        found = weigh_theses(folder, book, _results(folder, results_named(folder), stages))
        titles = source_titles(folder)
        rows = list(found.table.iter_rows(named=True))
        count = Counter(row["verdict"] for row in rows)
        told = ", ".join(f"{number} {verdict}" for verdict, number in count.most_common())
        parts = (
            ("what sources say, tested: " + told, *(_told(row, titles) for row in rows))
            if rows
            else ("the model has no theses",)
        )
        return Reply(record={"theses": found.table.to_dicts()}, main=Grid.of(found.table), parts=parts)

    deliver(delivery, ask, folder=model)


def _told(row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Return a thesis as a paragraph: verdict and words, the number and when it would hold, who says it."""
    from kopir.model.grounds.statement import scale_of

    value, low, high = (row[end] for end in ("value", "low", "high"))
    if value is None:
        number = "no number"
    else:
        scale, word = scale_of(abs(value))
        ends = (None if end is None else end / scale for end in (low, high))
        number = " ".join(filter(None, (ranged(value / scale, *ends), word)))
    said = "; ".join(titles.get(one, one) for one in row["said_by"])
    return (
        f"{row['verdict']}: {row['text']}\n    {number}; holds if {row['condition']}; said by {said}"
        f"\n    {row['thesis']}, {row['why']}"
    )


def _results(
    folder: Folder, names: Sequence[str], stages: Stages
) -> Mapping[str, tuple[float, float | None, float | None]]:
    if not names:
        return {}
    from kopir.core.clock import today
    from kopir.model.folder.opening import opened
    from kopir.strategy.portfolio.measured import measured

    with stages.stage("computing what theses are measured by"):
        model = opened(folder, as_of=today())
        return measured(model, names, seed=model.settings.model.seed)
