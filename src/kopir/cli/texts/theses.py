"""``kopir theses``: statements that sources make, tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

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
        lines = [
            f"{row['thesis']} ({row['condition']}): {'; '.join(titles.get(one, one) for one in row['said_by'])}"
            f"\n    {row['why']}"
            for row in found.table.iter_rows(named=True)
        ]
        shown = {
            "verdict": "verdict",
            "text": "thesis",
            "value": "value",
            "low": "low",
            "high": "high",
            "condition": "holds if",
        }
        parts: tuple[str | Grid, ...] = ("the model has no theses",)
        if len(found.table):
            parts = (
                Grid.of(found.table, **shown),
                "who says it, and what it is measured by:\n" + "\n".join(lines),
            )
        return Reply(record={"theses": found.table.to_dicts()}, main=Grid.of(found.table), parts=parts)

    deliver(delivery, ask, folder=model)


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
