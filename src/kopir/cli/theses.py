"""``kopir theses``: statements that sources make, tested."""

from __future__ import annotations

from kopir.cli.conflicts import Model
from kopir.cli.factbook import open_book
from kopir.cli.options import Delivery
from kopir.cli.output import Grid, Reply, Stages, deliver


def theses(delivery: Delivery, *, model: Model = ".") -> None:
    """Test the theses of a model: supported, contradicted or undetermined, with the number and who says it."""

    def ask(stages: Stages) -> Reply:
        from kopir.facts import weigh_theses

        folder, book = open_book(model, stages)
        found = weigh_theses(folder, book)
        shown = {
            "verdict": "verdict",
            "text": "thesis",
            "value": "value",
            "low": "low",
            "high": "high",
            "condition": "holds if",
            "why": "why",
        }
        parts: tuple[str | Grid, ...] = (
            (Grid.of(found.table, **shown),) if len(found.table) else ("the model has no theses",)
        )
        return Reply(record={"theses": found.table.to_dicts()}, main=Grid.of(found.table), parts=parts)

    deliver(delivery, ask, folder=model)
