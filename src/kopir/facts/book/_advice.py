"""Conflicts as a reader meets them: one row a matter, who says what of it, and one line that says what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kopir.core.periods import parse_period
from kopir.facts.book._comparisons import PROMISES
from kopir.facts.claimed._keys import Key
from kopir.facts.claimed._measures import measure
from kopir.facts.settled._reconciliation import Reconciliation

LASTING = frozenset({"definition", "mirror", "perimeter", "stale", "unit_scale"})
"""Classes that hold of a matter whatever the year: the same difference of another year is the same conflict."""

_SCALES = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))
_PROMISED = frozenset({"dispute", "rounding", "stale"})


@dataclass(frozen=True, slots=True)
class Found:
    """Observations that do not hold together: class, who gave way, relative distance (log), score, why.

    ``facet`` is what sets look-alikes apart (see :class:`LookAlikes`), ``instead`` the key that a figure fits,
    ``power`` the power of ten that slipped, ``stranger`` the observation that is out of all proportion.
    """

    kind: str
    rows: tuple[int, ...]
    blamed: tuple[int, ...]
    gap: float
    score: float
    why: str
    facet: str = ""
    instead: str = ""
    power: int = 0
    stranger: int = -1


@dataclass(frozen=True, slots=True)
class Voice:
    """What one observation says, as it is quoted: figure, who, when published, and its key."""

    figure: str
    who: str
    published: str
    key: Key


def folded(found: Reconciliation, rows: Sequence[Found]) -> list[Found]:
    """Return the conflicts, best first, one for each class and matter, with the claims of all that repeat it.

    Promises that contradict each other are left to the conflict with their outcome, where there is one.
    """
    ordered = sorted(rows, key=lambda one: (-one.score, one.kind, one.rows))
    by_matter: dict[tuple[object, ...], Found] = {}
    for one in ordered:
        matter = _matter(found, one)
        best = by_matter.get(matter)
        if best is None:
            by_matter[matter] = one
        else:
            every = tuple(sorted({*best.rows, *one.rows}))
            blamed = tuple(sorted({*best.blamed, *one.blamed}))
            by_matter[matter] = replace(best, rows=every, blamed=blamed)
    merged = list(by_matter.values())
    settled = [set(one.rows) for one in merged if one.kind == "forecast_vs_outcome"]
    return [
        one for one in merged if one.kind not in _PROMISED or not any(set(one.rows) <= rows for rows in settled)
    ]


def _matter(found: Reconciliation, one: Found) -> tuple[object, ...]:
    keys = [found.system.keys[found.system.observations.fact[row]] for row in one.rows]
    things = {(key.indicator, key.subject, key.partners, key.route, key.commodity) for key in keys}
    if len(things) > 1:
        return (one.kind, one.rows)
    periods = () if one.kind in LASTING else tuple(sorted({key.period for key in keys}))
    return (one.kind, *things, periods)


def voices(found: Reconciliation, rows: Sequence[Found]) -> dict[int, Voice]:
    """Return what every observation that a conflict names says."""
    seen = found.system.observations
    wanted = sorted({row for one in rows for row in one.rows})
    picked = found.claims[seen.claim[wanted]].select(
        "source", "attribution", "text", "value", "lo", "hi", "unit", "comparator", "published"
    )
    said = {}
    for row, (source, speaker, text, value, lo, hi, unit, comparator, published) in zip(
        wanted, picked.iter_rows(), strict=True
    ):
        figure = (text if unit != "flag" else "") or _figure((lo, hi) if value is None else (value,), unit)
        word = "" if comparator in {"eq", "range"} else f"{comparator} "
        who = f"{f'{speaker} in ' if speaker else ''}{source}"
        said[row] = Voice(f"{word}{figure}", who, published or "", found.system.keys[seen.fact[row]])
    return said


def sides(one: Found, said: Mapping[int, Voice]) -> list[str]:
    """Return who says what, with the period where the conflict spans several."""
    told = [said[row] for row in one.rows]
    several = len({voice.key.period for voice in told}) > 1
    return [
        f"{voice.who}: {voice.figure}{f' ({voice.key.period})' if several and voice.key.period else ''}"
        for voice in told
    ]


def what_to_do(one: Found, said: Mapping[int, Voice]) -> str:
    """Return one line: what to write, with the figures of this conflict."""
    told = [said[row] for row in one.rows]
    wrong = _listed([said[row] for row in one.blamed])
    rest = _listed([said[row] for row in one.rows if row not in one.blamed])
    if one.kind == "unit_scale":
        return _check_scale(one, said[one.stranger].figure if one.stranger >= 0 else wrong or _listed(told))
    if one.instead and wrong:
        return f"check what {wrong} is of: it fits {one.instead}" + (f"; until then quote {rest}" if rest else "")
    if one.kind in {"forecast_vs_outcome", "stale"}:
        return _promised(one, told)
    if one.kind == "rounding":
        return f"quote the finer figure of {_listed(told)}"
    if one.kind == "dispute":
        if wrong and rest:
            return f"prefer {rest}; {wrong} stands alone or against better founded figures"
        return f"quote both, {_listed(told)}, until their basis is known"
    return _set_apart(one, told)


def _check_scale(one: Found, figure: str) -> str:
    if one.power:
        return f"check the unit or scale of {figure}: it is 10^{one.power:+d} times what the others say"
    return f"check the unit or scale of {figure}: a factor of {math.exp(one.gap):.0f} lies between it and its kin"


def _promised(one: Found, told: Sequence[Voice]) -> str:
    if one.kind == "stale":
        newest = max(told, key=lambda voice: (voice.published, voice.key.period))
        old = _listed([voice for voice in told if voice.figure != newest.figure])
        return f"quote the newest, {newest.figure} ({newest.key.period})" + (f", in place of {old}" if old else "")
    promised = [voice for voice in told if voice.key.modality in PROMISES]
    came = [voice for voice in told if voice.key.modality not in PROMISES]
    return f"quote the outcome, {_listed(came)}; keep {_listed(promised)} as what was promised"


def _set_apart(one: Found, told: Sequence[Voice]) -> str:
    """Return the line for figures of different things: each with the word that sets it apart."""
    if one.kind == "definition" and all(measure(voice.key.indicator).unspecified for voice in told):
        return f"say from where to where, and on what terms, each is meant: {_listed(told)}"
    if one.facet == "period":
        dated = ", ".join(f"{voice.figure} as of {voice.key.period or 'no date'}" for voice in _distinct(told))
        return f"say as of when: {dated}"
    named = ", ".join(f"{voice.figure} ({_word(voice.key)})" for voice in _distinct(told))
    ask = {
        "mirror": "name whose statistics are meant and never average them",
        "definition": "say what is counted",
        "period": "check the year",
    }.get(one.kind, "say what is covered")
    return f"{ask}: {named}"


def _word(key: Key) -> str:
    year = f", {key.period}" if parse_period(key.period) else ""
    return (key.perimeter.replace("_", " ") or "not said") + year


def _distinct(told: Sequence[Voice]) -> list[Voice]:
    return list({(voice.figure, voice.key): voice for voice in told}.values())


def _listed(told: Sequence[Voice]) -> str:
    figures = list(dict.fromkeys(voice.figure for voice in told))
    return " and ".join([", ".join(figures[:-1]), figures[-1]]) if len(figures) > 1 else "".join(figures)


def _figure(ends: Sequence[float], unit: str) -> str:
    """Return a figure without words of its own: ``5.83 million t``, ``3–5 billion USD``."""
    if unit == "flag":
        return "yes" if ends[0] else "no"
    largest = max(map(abs, ends))
    scale, word = next(((size, name) for size, name in _SCALES if largest >= size), (1.0, ""))
    figures = "–".join(f"{end / scale:.4g}" for end in ends)
    return " ".join(filter(None, (figures, word, unit)))
