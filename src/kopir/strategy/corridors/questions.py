"""The questions of this room: container corridors side by side, and their record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kopir.strategy.value.question import Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.strategy.corridors.corridor_market import Conditions
    from kopir.strategy.corridors.corridor_record import CorridorRecord
    from kopir.strategy.corridors.corridors import CorridorsResult


def corridors(
    asked: Asked,
    conditions: Conditions | None = None,
    *,
    origin: str | None = None,
    destination: str | None = None,
) -> Answer[CorridorsResult]:
    """Return container corridors from ``origin`` to ``destination``, as the market stands unless given.

    Raises :class:`kopir.core.errors.InputError` for what the model does not know, price gaps included.
    """
    from kopir.strategy.corridors.corridors import asked_conditions
    from kopir.strategy.corridors.corridors import corridors as side_by_side

    usual = asked_conditions(asked.model, conditions)
    result = side_by_side(asked.model, usual, origin=origin, destination=destination)
    options: dict[str, OptionValue] = {"from": result.origin, "to": result.destination, **usual.as_options()}
    return asked.answer("corridors", result, result.table, options=options)


CORRIDORS = Question(
    corridors,
    names={
        "en": "Container corridors side by side",
        "ru": "Сравнение контейнерных коридоров",
        "kk": "Контейнер дәліздерін салыстыру",
        "tr": "Konteyner koridorlarının karşılaştırması",
    },
    options={
        "origin": Option("--from", "Where boxes begin.", "text", metavar="PLACE"),
        "destination": Option("--to", "Where they go.", "text", metavar="PLACE"),
    },
    ids=("corridor", "transit"),
)


def corridor_record(asked: Asked) -> Answer[CorridorRecord]:
    """Return recorded volumes of routes predicted from the year before.

    Raises as :func:`corridors` does.
    """
    from kopir.strategy.corridors.corridor_record import corridor_record as replayed

    result = replayed(asked.model)
    return asked.answer("corridors", result, result.table, options={"hindcast": True})


CORRIDOR_RECORD = Question(
    corridor_record,
    names={
        "en": "Recorded containers, predicted and seen",
        "ru": "Учтённые контейнеры: предсказано и наблюдалось",
        "kk": "Тіркелген контейнерлер: болжанғаны және байқалғаны",
        "tr": "Kayıtlı konteynerler: öngörülen ve gözlenen",
    },
    command="corridors",
)
