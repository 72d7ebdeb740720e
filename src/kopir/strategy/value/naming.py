"""Names in the place of codes: what a question is asked with, as the model calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.model.contents.model import Model
from kopir.model.contents.spoken import Sort, Spoken, spoken


def with_codes(model: Model, sorts: Mapping[str, Sort], given: Mapping[str, object]) -> dict[str, object]:
    """Return what was ``given`` with codes in the place of names, for the parameters that ``sorts`` names.

    A union of states that the model has not as a partner stands for those of its members that it has, the focal
    state left out. Raises :class:`InputError` (K0501) naming each partner that is none of the model, before
    anything is computed; what else is unknown is told by the question itself.
    """
    told = dict(given)
    faults: list[Fault] = []
    for name, value in given.items():
        sort = sorts.get(name)
        if sort is None or not isinstance(value, Sequence):
            continue
        named = spoken(model, sort)
        if isinstance(value, str):
            told[name] = named.codes(value)
        else:
            told[name] = tuple(
                _of_one(one, named, model.focal_state) for one in _each(value, named, model.focal_state)
            )
        if sort == "partners":
            faults += [_unknown(word, named) for word in _words(told[name]) if word not in named.names]
    if faults:
        raise InputError(faults)
    return told


def _of_one(value: object, named: Spoken, focal: str) -> object:
    """Return the codes of one thing that is named, or of several that act together."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(named.codes(str(word)) for word in _each(value, named, focal))
    return named.codes(str(value))


def _each(words: Sequence[object], named: Spoken, focal: str) -> Iterator[object]:
    """Yield the words, members other than the focal state in the place of a union."""
    for word in words:
        members = named.members(word) if isinstance(word, str) else ()
        yield from (one for one in members if one != focal) if members else (word,)


def _words(value: object) -> Iterator[str]:
    """Yield the codes in what was given, those joined by ``+`` each."""
    if isinstance(value, str):
        yield from value.split("+")
    elif isinstance(value, Sequence):
        for one in value:
            yield from _words(one)


def renamed(
    question: str, words: Mapping[str, str], known: Sequence[str], given: Mapping[str, object]
) -> dict[str, object]:
    """Return what was ``given`` by the names of parameters: ``words`` of the command line stand for them too.

    ``--with`` is ``with_``, as Python keeps the word for itself. Raises :class:`InputError` (K0505) for a keyword
    that is neither.
    """
    alias = {word.lstrip("-").replace("-", "_"): name for word, name in words.items()}
    alias |= {f"{word}_": name for word, name in alias.items()}
    told: dict[str, object] = {}
    for word, value in given.items():
        name = word if word in known else alias.get(word)
        if name is None:
            mend = did_you_mean(word, known, f"one of {', '.join(known)}")
            raise InputError(Fault("K0505", f"{question} has no keyword {word!r}", mend, value=word))
        told[name] = value
    return told


def chosen(choices: Mapping[str, tuple[str, tuple[str, ...]]], given: Mapping[str, object]) -> None:
    """Raise :class:`InputError` (K0505) where a parameter is given a text that is none of its choices.

    ``choices`` holds for each parameter its word on the command line and the texts that it takes.
    """
    for name, (word, allowed) in choices.items():
        value = given.get(name)
        if isinstance(value, str) and value not in allowed:
            mend = did_you_mean(value, allowed, f"one of {', '.join(allowed)}")
            raise InputError(Fault("K0505", f"{word.lstrip('-')} {value!r} is not known", mend, value=value))


def _unknown(word: str, named: Spoken) -> Fault:
    return Fault("K0501", f"unknown jurisdiction {word!r}", named.mend(word), value=word)
