"""Names in the place of codes: what a question is asked with, as the model calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kopir.core.errors import Fault, InputError
from kopir.model.contents.model import Model
from kopir.model.contents.spoken import Spoken, spoken

if TYPE_CHECKING:
    from kopir.strategy.value.question import Option


def with_codes(model: Model, options: Mapping[str, Option], given: Mapping[str, object]) -> dict[str, object]:
    """Return what was ``given`` for each option with the codes that its names stand for.

    Raises :class:`InputError` (K0501) naming each partner that is none of the model, before anything is
    computed; what else is unknown is told by the question itself.
    """
    told = dict(given)
    faults: list[Fault] = []
    for name, value in given.items():
        option = options.get(name)
        if option is None or option.of is None or not isinstance(value, Sequence):
            continue
        named = spoken(model, option.of)
        words = [value] if isinstance(value, str) else [str(word) for word in value]
        found = [named.code(word) for word in words]
        told[name] = found[0] if isinstance(value, str) else tuple(found)
        if option.of == "partners":
            faults += [_unknown(word, named) for word in found if word not in named.names]
    if faults:
        raise InputError(faults)
    return told


def _unknown(word: str, named: Spoken) -> Fault:
    return Fault("K0501", f"unknown jurisdiction {word!r}", named.mend(word), value=word)
