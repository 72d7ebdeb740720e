"""A fact in words: what is counted, whose, with whom, when, and the figure; nobody's sentence but our own."""

from __future__ import annotations

from datetime import datetime

from kopir.core.codes import codes, registered_name
from kopir.model.contents.facts import Fact

_SCALES = ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e4, 1e3, "thousand"))
"""From what size on figures are told in what, and its word."""


def statement(fact: Fact) -> str:
    """Return the fact as one sentence without a full stop; codes of no registry stand as they are written."""
    meaning = codes("indicators")[fact.indicator].meaning if fact.indicator in codes("indicators") else ""
    partners = " and ".join(_named(one) for one in fact.partners)
    slots = (
        _named(fact.subject),
        f"with {partners}" if partners else "",
        _named(fact.route) if fact.route != fact.subject else "",
        _named(fact.commodity) if fact.commodity not in {"", "all"} else "",
        fact.perimeter.replace("_", " "),
        {"change_pct": "change", "change_abs": "change", "mult": "multiple", "share": "share"}.get(fact.kind, ""),
        fact.period,
        "" if fact.modality == "actual" else fact.modality,
    )
    return f"{', '.join(filter(None, (meaning or fact.indicator.replace('_', ' '), *slots)))}: {figure(fact)}"


def figure(fact: Fact) -> str:
    """Return the figure of a fact as words: ``36.6 million t``, ``3–5 billion USD``, ``yes``, a date."""
    if fact.unit == "flag":
        return "yes" if fact.value else "no"
    if fact.unit == "date":
        return day_of(fact.value)
    ends = (fact.value,) if fact.low == fact.high == fact.value else (fact.low, fact.value, fact.high)
    scale, word = scale_of(max(map(abs, ends)))
    told = [f"{end / scale:.4g}" for end in ends]
    span = f" ({told[0]} to {told[-1]})" if len(told) > 1 else ""
    return " ".join(
        filter(None, (f"{told[len(told) // 2]}{span}", word, "" if fact.unit in {"1", "-"} else fact.unit))
    )


def scale_of(largest: float) -> tuple[float, str]:
    """Return in what a figure of that size is told, and the English word for it: ``(1000, "thousand")``."""
    return next(((scale, word) for size, scale, word in _SCALES if largest >= size), (1.0, ""))


def day_of(value: float) -> str:
    """Return a date written as the number YYYYMMDD in ISO form; a number that is none as it stands."""
    written = f"{value:.0f}"
    try:
        return datetime.strptime(written, "%Y%m%d").date().isoformat()
    except ValueError:
        return written


def _named(code: str) -> str:
    return registered_name(code, "en") or code.replace("_", " ") if code else ""
