"""The question of this room: volumes and control of what is counted without money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kopir.strategy.value.question import PARTNER, Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.strategy.layers.layers import LayersResult


def layers(
    asked: Asked, names: Sequence[str] = (), *, parties: Sequence[str] = (), year: int | None = None
) -> Answer[LayersResult]:
    """Return volumes and control of the accounting layers ``names`` (all unless named), without money.

    ``year`` is the year of the volumes, the latest recorded of each route unless given. Raises
    :class:`kopir.core.errors.InputError` for an unknown layer or party.
    """
    from kopir.strategy.layers.layers import layers as of_model

    result = of_model(asked.model, names, parties=parties, year=year)
    party = "+".join(parties)
    options: dict[str, OptionValue] = {"layers": tuple(names), "party": party, "year": year or "latest"}
    return asked.answer("layers", result, result.control, status="recorded", options=options)


LAYERS = Question(
    layers,
    names={
        "en": "Volumes and control without money",
        "ru": "Объёмы и контроль без денежной оценки",
        "kk": "Ақшалай бағасыз көлемдер мен бақылау",
        "tr": "Parasal değer olmadan hacimler ve denetim",
    },
    options={
        "names": Option("--layer", "Only this layer.", metavar="LAYER", of="layers"),
        "parties": PARTNER,
        "year": Option(
            "--year", "Volumes of this year; the latest recorded of each route unless given.", "whole", low=1
        ),
    },
    ids=("layer",),
)
