"""A fact in the language of the brief: whose figure, of what, with whom, when, and how much."""

from __future__ import annotations

from babel.numbers import format_decimal

from kopir.core.codes import codes
from kopir.model.contents.facts import Fact
from kopir.model.contents.model import Model
from kopir.model.contents.names import name_of, said_in
from kopir.model.grounds.statement import day_of, scale_of
from kopir.report.messages import Messages
from kopir.report.numbers import MINUS

_FIGURES = 4
_UNSCALED = frozenset({"flag", "date", "year", "rank", "pct"})
_OF_OIL = ("oil_", "refinery_intake", "opec_quota")
_TOLD_BY_INDICATOR = frozenset({"1", "-", "year", "rank", "count"})
"""Units without a word of their own: the indicator says what is counted, ranked or shared."""


def fact_in_words(model: Model, fact: Fact, say: Messages) -> str:
    """Return a fact as a line: ``Kazakhstan – Germany: oil exports, 2026 (plan): 130 thousand tonnes a month``.

    Codes without a name in the language stand as they are written; a derived fact ends with its formula.
    """
    named = [_called(model, code, say) for code in (fact.subject, *fact.partners) if code]
    known = codes("indicators").get(fact.indicator)
    indicator = known.names[say.language] if known else fact.indicator.replace("_", " ")
    goods = "" if fact.commodity in {"", "all"} or fact.indicator.startswith(_OF_OIL) else fact.commodity
    slots = (
        indicator,
        _called(model, goods, say) if goods else "",
        _called(model, fact.route, say) if fact.route and fact.route != fact.subject else "",
        said_in(model, fact.perimeter.replace("_", " "), say.language),
        say.texts.get(f"fact.{fact.kind}", ""),
        fact.period,
    )
    what = ", ".join(dict.fromkeys(filter(None, slots)))
    modality = "" if fact.modality == "actual" else f" ({say.text(f'fact.{fact.modality}')})"
    formula = f" = {fact.formula}" if fact.formula else ""
    return f"{' – '.join(named)}: {what}{modality}: {_figure(fact, say)}{formula}"


def _called(model: Model, code: str, say: Messages) -> str:
    name = name_of(model, code, say.language)
    return code.replace("_", " ") if name == code else name


def _figure(fact: Fact, say: Messages) -> str:
    if fact.unit == "flag":
        return say.text("fact.yes" if fact.value else "fact.no")
    if fact.unit == "date":
        return day_of(fact.value)
    ends = (fact.value,) if fact.low == fact.high == fact.value else (fact.value, fact.low, fact.high)
    scale, word = scale_of(0.0 if fact.unit in _UNSCALED else max(map(abs, ends)))
    told = [_written(end / scale, say) for end in ends]
    span = f" ({told[1]}…{told[2]})" if len(told) > 1 else ""
    if fact.unit == "pct":
        return say.text("fact.percent", figure=f"{told[0]}{span}")
    scaled = say.text(f"fact.{word}") if word else ""
    unit = "" if fact.unit in _TOLD_BY_INDICATOR else say.unit(fact.unit)
    return " ".join(filter(None, (f"{told[0]}{span}", scaled, unit)))


def _written(value: float, say: Messages) -> str:
    shown = float(f"{value:.{_FIGURES}g}")
    grouped = "0" if float(shown).is_integer() and abs(shown) < 1e4 else "#,##0.######"
    text: str = format_decimal(shown, format=grouped, locale=say.language)
    return text.replace("-", MINUS)
