"""Which period a figure is of: the one that stands by it, else one that it may inherit."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from kopir.evidence._records import Span
from kopir.evidence.figures._calendar import month_before, month_code, quarter_before, week_before
from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames._drafts import EVENTS, FAR, LASTING, NEAR, STOCKS, TRANSPORT, Context, Draft
from kopir.evidence.sentence._chained import end_of_span, level_reached, span_begun
from kopir.evidence.sentence._earlier import (
    Earlier,
    earlier,
    in_months,
    in_year,
    of_last_year,
    taken_by_earlier,
    year_before,
)
from kopir.evidence.sentence._market import goes_on, in_bracket, of_something_else
from kopir.evidence.sentence._paired import label_of, labels, own_of_list, pairs
from kopir.evidence.sentence._senses import comes
from kopir.evidence.sentence._sentence import Sentence, once

DATED = 0.9
YEAR_REACH = 250
"""Characters after which a year said before no longer dates a month, where the document has a date."""
PARTICIPLES = ("an", "en", "ған", "ген", "қан", "кен", "тын", "тін")
"""Endings of participles in languages that put them behind what they rule."""
SHORTEST = 3
TO_COME = frozenset(
    [
        "shipment",
        "delivery",
        "laydays",
        "tender",
        "loading",
        "due",
        "prospects",
        "until",
        "ceiling",
        "quota",
        "target",
        "поставкой",
        "поставки",
    ]
)
FLOWS = frozenset(
    {"export", "import", "production", "oil_production", "oil_export", "trade_turnover", "consumption"}
)
REPORTED = FLOWS | {"stocks", "refinery_intake", "trade_balance", "gdp", "tax_revenue"}
"""Indicators of which a report tells one after the other, of one time."""
PERIOD_TOLD = (
    *(["in", "the", "period"], ["during", "the", "period"], ["over", "the", "period"]),
    *(["bu", "dönemde"], ["konusu", "dönemde"], ["aynı", "dönemde"], ["anılan", "dönemde"]),
    *(["осы", "кезеңде"], ["аталған", "кезеңде"], ["осы", "уақытта"]),
)
YEAR_TOLD = (["for", "the", "year"], ["in", "the", "year"], ["during", "the", "year"], ["over", "the", "year"])
SAYS_WHICH = frozenset(
    {"to", "ended", "ending", "before", "earlier", "ahead", "starting", "beginning", "just", "-", "from", "of"}
)
"""Words behind "the year", "the period" that say which."""
CAPS = frozenset({"ceiling", "ceilings", "quota", "quotas"})
"""Words of a cap, which is of a time to come."""
CUES = frozenset({"production", "export", "import", "turnover", "consumption"})
OF_THE_DAY = frozenset({"price", "economic_loss", "freight_rate", "sea_freight"})
"""Indicators of what is so on one day; of flows and stocks "today" tells when somebody spoke."""
ENDS = 6
"""Tokens between the last figure of a list and the period of all."""
REPORT = 2
"""Paragraphs over which the period of a report carries."""
HALF = 6
"""Month up to which the season of a year began in the year before."""
COMPARED = frozenset({"level", "count", "share", "change_pct"})
"""Kinds of figures that another can be compared with."""


@dataclass(frozen=True, slots=True)
class Dating:
    """Finds the period of figures, given what the document has said so far."""

    context: Context

    def nearest(self, sentence: Sentence, quantity: Quantity) -> PeriodMention | None:
        """Return the period that stands for a figure in its sentence."""
        if (label := label_of(sentence, quantity)) is not None:
            return label
        best: tuple[float, PeriodMention] | None = None
        figures = [q for q in sentence.quantities if q.unit is not None]
        taken = taken_by_earlier(sentence)
        verb_last = sentence.lexicon.settings["verb_side"] == "after"
        for p in own_of_list(sentence, quantity, sentence.periods):
            late = p.role.startswith("previous") and p.first > quantity.first
            if p.first in taken or p.role == "compare" or late or _aside(sentence, quantity, p):
                continue
            inside = sentence.brackets[p.first]
            if inside and inside != sentence.brackets[quantity.first] and not in_bracket(sentence, quantity, p):
                continue
            if p.last > quantity.first and not sentence.owns(quantity, p.first):
                continue
            if p.last <= quantity.first:
                passed = sum(1 for q in figures if p.last <= q.first < quantity.first)
                cost = 0.5 * (quantity.first - p.last) + 2.0 * passed
                behind = any(
                    q.last <= p.first <= q.last + 2 and not labels(sentence, q, p, quantity) for q in figures
                )
                if behind and passed == 0 and p.role == "at" and not verb_last:
                    cost += 6.0
            else:
                if _other_predicate(sentence, quantity.last, p.first):
                    continue
                cost = float(p.first - quantity.last)
                stops = [t.text for t in sentence.tokens[quantity.last : p.first]]
                cost += 8.0 * sum(t in ",;" for t in stops) + 20.0 * any(
                    quantity.last <= q.first < p.first for q in figures
                )
            if best is None or cost < best[0]:
                best = (cost, p)
        return best[1] if best is not None and best[0] < 30 else _of_all(sentence, quantity, taken)

    def code(
        self,
        sentence: Sentence,
        quantity: Quantity,
        kind: str,
        indicator: str | None,
        mention: PeriodMention | None,
        source: Draft | None,
        inherited: dict[str, Span],
        confidence: dict[str, float],
    ) -> tuple[str | None, tuple[int, int] | None]:
        """Return the period code of a figure, with its months, inheriting where the indicator allows it."""
        confidence["period"] = DATED
        if indicator in LASTING:
            return None, None
        past = earlier(sentence, quantity) if kind in COMPARED else None
        if past is not None:
            begun = span_begun(sentence, quantity) if past == Earlier() else None
            found = self._earlier(_as_before(sentence, quantity, past), source, sentence, inherited)
            return found if begun is None else (begun, None)
        verb_last = sentence.lexicon.settings["verb_side"] == "after"
        told = [p for p in sentence.periods if not (verb_last and p.role in ("compare", "previous_year"))]
        years = sorted({p.year for p in told if p.year is not None})
        if kind == "mult" and len(years) > 1:
            return f"{years[0]}/{years[-1]}", None
        if mention is not None and of_something_else(sentence, mention, indicator):
            mention = None
        if indicator == "price" and self.context.effective is not None and (mention is None or mention.day):
            inherited["period"] = Span(*sentence.span(quantity.first, quantity.last))
            confidence["period"] = FAR
            return self.context.effective, None
        if mention is not None and mention.relative and _a_day(mention) and indicator not in OF_THE_DAY:
            mention = None
        if mention is None and indicator in EVENTS and self.context.event is not None:
            inherited["period"] = self.context.event_span or Span(0, 0)
            confidence["period"] = FAR
            return self.context.event, None
        level = level_reached(sentence, quantity)
        if level is not None and (mention is None or mention.first > level.first):
            mention = self.nearest(sentence, level)
        spoken = self._spoken_of(sentence) if mention is None else None
        if spoken is not None:
            confidence["period"] = FAR
            if spoken[2] is not None:
                inherited["period"] = spoken[2]
            return spoken[:2]
        if mention is not None:
            code, months = self._dated(mention, source, inherited, sentence)
            code = end_of_span(sentence, quantity, code) if kind == "level" else code
            return self._season(mention, code, sentence), months
        return self._inherited(sentence, quantity, kind, indicator, source, inherited, confidence)

    def day(self, mention: PeriodMention) -> str | None:
        """Return the day that something holds from; its year is the document's where the text says none."""
        if mention.text is not None:
            return mention.text if len(mention.text) == len("2024-06-01") else None
        date = self.context.date
        return mention.in_year(int(date[:4])) if date is not None and mention.day is not None else None

    def _season(self, mention: PeriodMention, code: str | None, sentence: Sentence) -> str | None:
        """Read "this year" as the running season where the sentence tells other years as seasons ("1985/86")."""
        date = self.context.date
        if not mention.relative or date is None or len(date) < 7 or code != date[:4]:
            return code
        if not any(is_season(p.text) for p in sentence.periods):
            return code
        first = int(date[:4]) - (int(date[5:7]) <= HALF)
        return f"{first}/{first + 1}"

    def _year_spoken_of(self, sentence: Sentence, months: tuple[int, int]) -> int | None:
        """Return the year of a month without one: one just said, else one of an undated document.

        Beside "February last year" a bare month is of the document's year.
        """
        told = any(p.relative and p.months is not None for p in sentence.periods)
        dated = [p for p in sentence.periods if p.months is not None and not p.relative and p.role == "at"]
        # "In the last quarter of 2023, after ... in the third": the same year; a month alone may be of any.
        quarters = months[1] > months[0]
        if told and quarters and dated and dated[0].year is not None:
            return dated[0].year
        near = 0 <= sentence.start - self.context.year_at <= YEAR_REACH and not told
        return self.context.year if near or self.context.date is None else None

    def _earlier(
        self, past: Earlier, source: Draft | None, sentence: Sentence, inherited: dict[str, Span]
    ) -> tuple[str | None, tuple[int, int] | None]:
        """Return the period of a figure that something is compared with."""
        if estimated_before(past) and source is not None and source.months is None and source.period is not None:
            inherited["period"] = source.span
            return source.period, source.months
        if past.year_before or past.same_part:
            near = source if source is not None and source.sentence is sentence else None
            source = near or self._told_before(sentence) or source
            other = past.mention if past.mention is not None and past.mention.year is None else None
            if source is None or source.period is None:
                return (None, None) if other is None else self._dated(other, source, inherited, sentence)
            inherited["period"] = source.span
            if other is not None and other.months and (code := in_months(source.period, other.months)):
                return code, other.months
            year = past.mention.year if past.mention is not None else None
            return (in_year(source.period, year) if year else year_before(source.period)), source.months
        if past.mention is not None and source is not None and of_last_year(past.mention, source.period):
            inherited["period"] = source.span
            return year_before(source.period), source.months
        if past.mention is not None:
            return self._dated(past.mention, source, inherited, sentence)
        week = week_before(source.period) if source is not None and source.sentence is sentence else None
        if week is not None and source is not None:
            inherited["period"] = source.span
        return week, None

    def _told_before(self, sentence: Sentence) -> Draft | None:
        """Return the first figure of the sentence before, which "this compares with" speaks of."""
        said = self.context.drafts[-1].sentence if self.context.drafts else None
        if said is None or sentence.paragraph - said.paragraph > 1:
            return None
        return next((d for d in self.context.drafts if d.sentence is said and d.period is not None), None)

    def _inherited(
        self,
        sentence: Sentence,
        quantity: Quantity,
        kind: str,
        indicator: str | None,
        source: Draft | None,
        inherited: dict[str, Span],
        confidence: dict[str, float],
    ) -> tuple[str | None, tuple[int, int] | None]:
        if indicator in STOCKS:
            return None, None
        if indicator == "price" and kind != "share" and (day := self._of_market(sentence)) is not None:
            inherited["period"], confidence["period"] = day.span, FAR
            return day.period, None
        if source is None or source.period is None or quantity.rate is not None:
            daily = quantity.rate in (None, "d")
            return self._from_before(sentence, indicator, inherited, confidence) if daily else (None, None)
        same = source.sentence is sentence
        if source.indicator in STOCKS or (not same and not _akin(source.indicator, indicator)):
            return None, None
        if source.period.endswith("to_doc") and kind == "level":
            return None, None
        daily = source.quantity.rate == "d" and same and indicator in REPORTED
        if (source.quantity.rate is not None and not daily) or source.modality != "actual":
            return None, None
        inherited["period"] = source.span
        confidence["period"] = NEAR if same else FAR
        return source.onward, source.months

    def _spoken_of(self, sentence: Sentence) -> tuple[str, tuple[int, int] | None, Span | None] | None:
        """Return what "in the period" and "for the year" speak of: the last period, or year, that was told."""
        if says_period(sentence):
            for draft in reversed(self.context.drafts):
                if draft.period is not None and draft.onward == draft.period:
                    return draft.period, draft.months, draft.span
        year = self.context.year or (int(self.context.date[:4]) if self.context.date else None)
        if year is not None and says_year(sentence):
            return str(year), None, None
        return None

    def _from_before(
        self, sentence: Sentence, indicator: str | None, inherited: dict[str, Span], confidence: dict[str, float]
    ) -> tuple[str | None, tuple[int, int] | None]:
        """Take the period of the sentence before, where flows of one report follow each other undated."""
        taken = taken_by_earlier(sentence)
        live = any(p.role != "compare" and p.first not in taken for p in sentence.periods)
        if indicator not in REPORTED or live:
            return None, None
        if indicator not in FLOWS:
            return self._of_report(indicator, inherited, confidence)
        said = next((s for s in reversed(self.context.said) if s.periods), None)
        if said is None or sentence.paragraph - said.paragraph > REPORT:
            return self._of_report(indicator, inherited, confidence)
        held = [d for d in self.context.drafts if d.sentence is said and d.period is not None]
        confidence["period"] = FAR
        if not held:
            told_of = self._told(said, inherited)
            return told_of if told_of[0] else self._of_report(indicator, inherited, confidence)
        told = {d.period for d in held if d.indicator in FLOWS and d.modality == "actual" and d.onward == d.period}
        if len(told) != 1:
            return self._of_report(indicator, inherited, confidence)
        inherited["period"] = held[0].span
        return held[0].period, held[0].months

    def _of_market(self, sentence: Sentence) -> Draft | None:
        """Return the price just told of a day, for one that only changed or closed."""
        near = (d for d in reversed(self.context.drafts) if sentence.paragraph - d.sentence.paragraph <= REPORT)
        told = next((d for d in near if d.indicator == "price" and d.period is not None), None)
        if told is None or not goes_on(sentence):
            return None
        return told if len(told.period or "") == len("2024-06-01") else None

    def _of_report(
        self, indicator: str | None, inherited: dict[str, Span], confidence: dict[str, float]
    ) -> tuple[str | None, tuple[int, int] | None]:
        """Take the period last given with the same indicator; a report of a week is of it throughout."""
        for draft in reversed(self.context.drafts):
            weekly = draft.indicator in REPORTED and _of_days(draft.period)
            alike = draft.indicator == indicator or weekly
            if draft.period is not None and alike and draft.onward == draft.period:
                inherited["period"] = draft.span
                confidence["period"] = FAR
                return draft.period, draft.months
        return None, None

    def _told(self, said: Sentence, inherited: dict[str, Span]) -> tuple[str | None, tuple[int, int] | None]:
        """Return the one period of a sentence that tells of a flow without a figure ("raised output in 1986")."""
        at = [p for p in said.periods if p.role == "at" and p.text is not None]
        flows = any(h.row["cue"] in CUES for h in said.hits["cues"].values())
        if said.figures or len(at) != 1 or not flows:
            return None, None
        inherited["period"] = Span(*said.span(at[0].first, at[0].last))
        return at[0].text, at[0].months

    def _dated(
        self, mention: PeriodMention, source: Draft | None, inherited: dict[str, Span], sentence: Sentence
    ) -> tuple[str | None, tuple[int, int] | None]:
        if mention.role == "previous_month" and source is not None and source.months and source.period:
            inherited["period"] = source.span
            before, month = month_before(int(source.period[:4]), source.months[0])
            return month_code(before, (month, month)), (month, month)
        if mention.role == "previous_quarter" and source is not None and source.months and source.period:
            inherited["period"] = source.span
            quarter = quarter_before(int(source.period[:4]), source.months[0])
            return month_code(*quarter), quarter[1]
        if mention.role == "previous_year":
            return (
                (str(int(source.period[:4]) - 1), None) if source is not None and source.period else (None, None)
            )
        if mention.text is not None or mention.months is None:
            return mention.text, mention.months
        year = self._year_spoken_of(sentence, mention.months)
        if year is None and self.context.date is not None:
            year = int(self.context.date[:4])
            later = len(self.context.date) >= 7 and mention.months[1] > int(self.context.date[5:7])
            year -= int(later and not _ahead(sentence, mention))
        onward = "/" if mention.role == "since" and mention.day is None else ""
        return (f"{mention.in_year(year)}{onward}", mention.months) if year else (None, mention.months)


def _of_all(sentence: Sentence, quantity: Quantity, taken: Set[int]) -> PeriodMention | None:
    """Return the one period of a sentence that ends a list: "5 t to A, 3 t to B and 2 t to C in 2024"."""
    told = [p for p in sentence.periods if p.role != "compare"]
    figures = [q for q in sentence.quantities if q.unit is not None]
    if len(told) != 1 or told[0].role != "at" or told[0].first in taken or sentence.brackets[told[0].first]:
        return None
    period = told[0]
    listed = [q for q in figures if quantity.first <= q.first < period.first]
    alike = {(q.unit, q.rate) for q in listed} == {(quantity.unit, quantity.rate)}
    between = range(quantity.last, period.first)
    turned = any(n in sentence.hits[table] for n in between for table in ("modality", "changes"))
    parted = any(
        sentence.role_at(n) in ("contrast", "clause") or sentence.tokens[n].text in ";:()" for n in between
    )
    near = ENDS if not pairs(sentence) else len(sentence.tokens)
    last = period.first >= figures[-1].last and period.first - listed[-1].last <= near if listed else False
    return period if len(listed) > 1 and alike and last and not turned and not parted else None


def _as_before(sentence: Sentence, quantity: Quantity, past: Earlier) -> Earlier:
    """Date a second figure left behind like the first: "exports rose to 5 from 4 in May, imports to 3 from 2"."""
    if past != Earlier():
        return past
    others = (earlier(sentence, q) for q in reversed(sentence.figures) if q.last <= quantity.first)
    return next((e for e in others if e is not None and e != past), past)


def _ahead(sentence: Sentence, mention: PeriodMention) -> bool:
    """Tell a month that is to come: what is told of it is planned or expected, or is to be delivered in it."""
    near = {t.text for t in sentence.tokens[max(0, mention.first - 3) : mention.last + 2]}
    near |= {t.text for t in sentence.tokens if t.text in CAPS}
    told = any(h.row["modality"] in ("plan", "forecast", "target") for h in sentence.hits["modality"].values())
    return told or bool(near & TO_COME) or comes(sentence)


@once
def says_period(sentence: Sentence) -> bool:
    """Tell a sentence that says "in the period" and not which."""
    return _says(sentence, PERIOD_TOLD)


@once
def says_year(sentence: Sentence) -> bool:
    """Tell a sentence that says "for the year" and not which."""
    return _says(sentence, YEAR_TOLD)


def _says(sentence: Sentence, phrases: Sequence[Sequence[str]]) -> bool:
    """Tell whether a sentence says one of the phrases, and not which period it means."""
    said = [t.text for t in sentence.tokens]
    return any(
        said[i : i + len(phrase)] == phrase
        and (i + len(phrase) >= len(said) or said[i + len(phrase)] not in SAYS_WHICH)
        for phrase in phrases
        for i in range(len(said) - len(phrase) + 1)
    )


def _of_days(code: str | None) -> bool:
    """Tell a span from a day to a day."""
    return code is not None and len(code) == len("2024-06-01/2024-06-07")


def _a_day(mention: PeriodMention) -> bool:
    """Tell a day told from that of the document: today, yesterday."""
    said = mention.text or ""
    return mention.day is None and len(said) == len("2024-06-01") and said.count("-") == 2


def is_season(code: str | None) -> bool:
    """Tell a period of two years one after the other: a season or a fiscal year."""
    first, _, last = (code or "").partition("/")
    return first.isdigit() and last.isdigit() and int(last) == int(first) + 1


def _other_predicate(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether "and" with a predicate of its own stands between ("and further cuts are expected in 1987")."""
    joint = next((i for i in range(first, last) if sentence.role_at(i) == "and"), None)
    if joint is None or sentence.lexicon.settings["verb_side"] == "after":
        return False
    return any(i in sentence.hits["modality"] or i in sentence.hits["changes"] for i in range(joint, last))


def estimated_before(past: Earlier | None) -> bool:
    """Tell "vs 10.0 last month": where the figure itself is of a year, that is what was then said of the year."""
    said = past.mention if past is not None else None
    if said is None:
        return False
    one_month = said.months is not None and said.months[0] == said.months[1]
    return said.role == "previous_month" or (said.relative and one_month and said.day is None)


def _aside(sentence: Sentence, quantity: Quantity, period: PeriodMention) -> bool:
    """Tell whether a period stands in a relative clause that the figure is not in (", which opened in 2004")."""
    if sentence.lexicon.settings["verb_side"] == "after":
        return _of_main_clause(sentence, quantity, period)
    relative = [
        i
        for i, hit in sentence.hits["particles"].items()
        if hit.row["role"] == "clause" and i < period.first and sentence.tokens[i - 1].text == "," and i > 0
    ]
    if not relative:
        return False
    opens = max(relative)
    if quantity.last <= opens:
        return True
    between = sentence.tokens[period.last : quantity.first]
    return opens < quantity.first and period.last <= quantity.first and any(t.text == "," for t in between)


def _of_main_clause(sentence: Sentence, quantity: Quantity, period: PeriodMention) -> bool:
    """Tell the period of what a participle describes ("5 milyona mal olan köprü, 1995'te açıldı")."""
    between = sentence.tokens[quantity.last : period.first] if period.first >= quantity.last else []
    described = any(t.text.endswith(PARTICIPLES) and len(t.text) > SHORTEST for t in between[:3])
    return described and any(t.text == "," for t in between)


def _akin(a: str | None, b: str | None) -> bool:
    """Tell whether two indicators are of one group, so that a period may carry over a full stop."""
    trade = frozenset({"trade_turnover", "export", "import"})
    oil = frozenset({"oil_export", "oil_transit"})
    return a == b or any(a in group and b in group for group in (trade, oil, TRANSPORT))
