"""Facts: what sources contradict, what was promised and what came of it, and statements each measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.report.forms.grids import Grid
from kopir.serve.choice import Choice
from kopir.serve.tables import shown, why
from kopir.serve.view import View

if TYPE_CHECKING:
    from kopir.facts import FactBook
    from kopir.serve.desk import Desk
    from kopir.serve.words import Words

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "conflicts": ("class", "sides", "why", "mend", "claims"),
    "promises": ("promisers", "key", "said", "deadline", "present_said", "outcome_said", "met"),
    "theses": ("verdict", "text", "value", "low", "high", "condition", "said_by", "why"),
}
KINDS = tuple(_COLUMNS)


def facts(desk: Desk, words: Words, choice: Choice, name: str) -> View:
    """Return what the fact book says of one kind; raises :class:`InputError` for a kind that there is not."""
    makers: Mapping[str, Callable[[Desk], pl.DataFrame]] = {
        "conflicts": _conflicts,
        "promises": _promises,
        "theses": _theses,
    }
    if name not in makers:
        raise InputError(Fault("K0701", "there is no such page", f"see {', '.join(KINDS)}", value=name[:80]))
    table = _titled(desk, desk.solved(("facts", name, desk.edition), lambda: makers[name](desk)))
    columns = [column for column in _COLUMNS[name] if column in table.columns]

    def href(row: Mapping[str, object], column: str) -> str:
        claims = row.get("claims")
        return why(str(claims[0])) if column == "class" and isinstance(claims, list) and claims else ""

    return View(
        template="facts.html",
        title=words.text(f"facts.{name}"),
        context={
            "tabs": [(one, choice.at(f"/facts/{one}"), one == name) for one in KINDS],
            "shown": shown(
                words, name, _spoken(words, table).select(columns), caption=words.text(f"facts.{name}"), href=href
            ),
            "about": words.text(f"facts.{name}_about"),
        },
        record={name: table.to_dicts()},
        main=Grid.of(table),
        run=desk.project.record("facts", options={"of": name}),
        rates=False,
    )


def _book(desk: Desk) -> FactBook:
    from kopir.facts import claims_of_folder, reconcile

    folder = desk.project.model.folder
    return desk.solved(("book", desk.edition), lambda: reconcile(claims_of_folder(folder)))


def _conflicts(desk: Desk) -> pl.DataFrame:
    table = _book(desk).conflicts
    titles = _titles(desk)
    sides = [
        [f"{titles.get(who, who)}: {what}" for who, _, what in (side.partition(": ") for side in row)]
        for row in table["sides"].to_list()
    ]
    return table.with_columns(pl.Series("sides", sides, pl.List(pl.String)))


def _promises(desk: Desk) -> pl.DataFrame:
    from kopir.facts import targets_ledger

    return targets_ledger(_book(desk), desk.project.model.folder).table


def _spoken(words: Words, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with names in the place of the codes of its keys."""
    if "key" not in table.columns:
        return table
    told = [
        ", ".join(words.name(part) for part in key.split("|") if part != "-") for key in table["key"].to_list()
    ]
    return table.with_columns(pl.Series("key", told, pl.String))


def _theses(desk: Desk) -> pl.DataFrame:
    from kopir.facts import results_named, weigh_theses
    from kopir.strategy.portfolio.measured import measured

    model = desk.project.model
    names = results_named(model.folder)
    results = measured(model, names, seed=desk.project.seed) if names else {}
    return weigh_theses(model.folder, _book(desk), results).table


def _titles(desk: Desk) -> Mapping[str, str]:
    return {row["source"]: row["title"] for row in desk.project.model.folder.tables["sources"].records()}


def _titled(desk: Desk, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with titles in the place of the codes of those who say something."""
    titles = _titles(desk)
    for column in ("said_by", "promisers"):
        if column in table.columns:
            told = [[titles.get(one, one) for one in row or ()] for row in table[column].to_list()]
            table = table.with_columns(pl.Series(column, told, pl.List(pl.String)))
    return table
