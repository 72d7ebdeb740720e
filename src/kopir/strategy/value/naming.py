"""Names in the place of codes: what a question is asked with, as the model calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kopir.core.errors import Fault, InputError
from kopir.model.contents.model import Model
from kopir.model.contents.spoken import Sort, Spoken, spoken


def with_codes(model: Model, sorts: Mapping[str, Sort], given: Mapping[str, object]) -> dict[str, object]:
    """Return what was ``given`` with codes in the place of names, for the parameters that ``sorts`` names.

    Raises :class:`InputError` (K0501) naming each partner that is none of the model, before anything is
    computed; what else is unknown is told by the question itself.
    """
    told = dict(given)
    faults: list[Fault] = []
    for name, value in given.items():
        sort = sorts.get(name)
        if sort is None or not isinstance(value, Sequence):
            continue
        named = spoken(model, sort)
        words = [value] if isinstance(value, str) else [str(word) for word in value]
        found = [named.code(word) for word in words]
        told[name] = found[0] if isinstance(value, str) else tuple(found)
        if sort == "partners":
            faults += [_unknown(word, named) for word in found if word not in named.names]
    if faults:
        raise InputError(faults)
    return told


def _unknown(word: str, named: Spoken) -> Fault:
    return Fault("K0501", f"unknown jurisdiction {word!r}", named.mend(word), value=word)
