"""When a fact could be known, and what stood in its place before: the facts of a day."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from kopir.core.errors import Fault
from kopir.core.folders.formulas import evaluate, parse_formula
from kopir.core.folders.tables import Table
from kopir.core.periods import parse_period
from kopir.core.units import unit
from kopir.model.contents.facts import MOST_STEPS, Fact, too_deep


@dataclass(frozen=True)
class Publications:
    """When the ``facts`` of a model came out.

    ``dates`` has the date of each source (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; blank where it has none)
    and ``lags`` the months from the end of a period to publication, for sources that are issued regularly;
    ``earlier`` names the fact that stood for another before that was published.
    """

    facts: Mapping[str, Fact]
    dates: Mapping[str, str]
    lags: Mapping[str, float]
    earlier: Mapping[str, str]

    def known_since(self, code: str) -> str:
        """Return the date from which a fact could be known, blank where it always could.

        That is the earliest publication by one of its sources, for a derived fact the latest of its inputs.
        What is assumed outright waits for no source.
        """
        if code not in self._since:
            self._since[code] = self._known_since(self.facts[code])
        return self._since[code]

    @cached_property
    def _since(self) -> dict[str, str]:
        """Dates by fact: inputs that many facts share are followed once."""
        return {}

    def _known_since(self, fact: Fact) -> str:
        if fact.inputs:
            return max(self.known_since(name) for name in fact.inputs)
        if fact.grade == "assumed":
            return ""
        return min((self._published(fact, source) for source in fact.sources), default="")

    def _published(self, fact: Fact, source: str) -> str:
        period = parse_period(fact.period) if source in self.lags else None
        if period is None:
            return self.dates.get(source, "")
        return _months_after(period.last + timedelta(days=1), round(self.lags[source])).isoformat()

    def on(self, day: date) -> dict[str, Fact]:
        """Return what was known of each fact on ``day``; facts of which nothing was known are left out.

        A fact published later is what its earlier fact says, or what its formula gives on the inputs then
        known; it then names these as its inputs.
        """
        then = _Then(self, day)
        found = ((code, then.fact(code)) for code in self.facts)
        return {code: fact for code, fact in found if fact is not None}


@dataclass
class _Then:
    """The facts of a day, each worked out the first time it is asked for."""

    publications: Publications
    day: date
    found: dict[str, Fact | None] = field(default_factory=dict)

    def fact(self, code: str) -> Fact | None:
        if code not in self.found:
            self.found[code] = self._fact(self.publications.facts[code])
        return self.found[code]

    def _fact(self, fact: Fact) -> Fact | None:
        since = self.publications.known_since(fact.code)
        if since <= self.day.isoformat():
            return fact
        earlier = self.publications.earlier.get(fact.code)
        if earlier is not None:
            stood = self.fact(earlier)
            return None if stood is None else _standing_in(fact, stood, f"before {since} {earlier} stood for it")
        inputs = {name: self.fact(name) for name in fact.inputs}
        if not inputs or None in inputs.values():
            return None
        known = {name: one for name, one in inputs.items() if one is not None}
        value = evaluate(parse_formula(fact.formula), {name: one.value for name, one in known.items()})
        ratio = value / fact.value if fact.value else 1.0
        note = f"on inputs known before {since}"
        assumed = any(one.grade == "assumed" for one in known.values())
        return replace(
            fact,
            value=value,
            low=min(fact.low * ratio, fact.high * ratio, value),
            high=max(fact.low * ratio, fact.high * ratio, value),
            modality="assumption" if assumed else fact.modality,
            note=f"{fact.note}; {note}" if fact.note else note,
        )


def read_publications(facts: Mapping[str, Fact], sources: Table, vintages: Table) -> Publications:
    """Return when facts came out, by ``sources.csv`` and ``vintages.csv``."""
    rows = sources.typed.select("source", "date", "lag").rows()
    return Publications(
        facts=facts,
        dates={source: published or "" for source, published, _ in rows},
        lags={source: lag for source, _, lag in rows if lag is not None},
        earlier=dict(vintages.typed.select("fact", "earlier").iter_rows()),
    )


def vintage_faults(facts: Mapping[str, Fact], vintages: Table) -> Iterator[Fault]:
    """Yield what is wrong with ``vintages.csv``: other units, and facts that in the end stand for themselves."""
    earlier = dict(vintages.typed.select("fact", "earlier").iter_rows())
    for row in vintages.typed.iter_rows(named=True):
        place = (vintages.file, row["line"], "earlier", row["earlier"])
        one, other = facts[row["fact"]], facts[row["earlier"]]
        if unit(one.unit).dimension != unit(other.unit).dimension:
            why = f"{one.code} is in {one.unit}, {other.code} in {other.unit}"
            yield Fault("K0216", why, f"add a derived fact in {one.unit}", *place)
        if _returns(row["fact"], facts, earlier):
            yield Fault("K0310", f"{row['fact']} stands for itself", "break the circle", *place)
    before = {code: (*fact.inputs, *({earlier[code]} if code in earlier else ())) for code, fact in facts.items()}
    for code in too_deep(before) if earlier else ():
        why, mend = f"known through more than {MOST_STEPS} facts", "name an earlier fact that is stated"
        yield Fault("K0217", why, mend, "facts.csv", facts[code].line, "fact", code)


def _returns(code: str, facts: Mapping[str, Fact], earlier: Mapping[str, str]) -> bool:
    """Whether what a fact falls back on leads back to it."""
    reached: set[str] = set()
    frontier = [earlier[code]]
    while frontier:
        name = frontier.pop()
        if name == code:
            return True
        if name not in reached and name in facts:
            reached.add(name)
            frontier += [earlier[name]] if name in earlier else facts[name].inputs
    return False


def _standing_in(fact: Fact, stood: Fact, note: str) -> Fact:
    factor = unit(stood.unit).factor / unit(fact.unit).factor
    return replace(
        fact,
        value=stood.value * factor,
        low=stood.low * factor,
        high=stood.high * factor,
        modality=stood.modality if stood.grade == "assumed" else fact.modality,
        formula=stood.code,
        inputs=(stood.code,),
        sources=(),
        note=f"{fact.note}; {note}" if fact.note else note,
    )


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
