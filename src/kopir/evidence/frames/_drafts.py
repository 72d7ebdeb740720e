"""Claims in the making, and what a document has said so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kopir.evidence._records import Span
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames._binding import Bound
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._mentions import Mention

STOCKS = frozenset(
    [
        "investment_stock",
        "company_count",
        "project_count",
        "project_value",
        "jobs",
        "students",
        "student_quota",
        "pipeline_length",
        "railway_length",
        "route_length",
        "capacity",
        "transit_capacity",
        "ownership_share",
        "personnel",
        "deals_count",
        "deals_value",
        "corridor_count",
        "customs_time",
        "delivery_time",
        "tourists",
        "financing_pledged",
        "investment_flow",
    ]
)
SURE, NEAR, FAR, TOPIC = 0.97, 0.85, 0.6, 0.4
TOPIC_SENTENCES = 60
OF_REPORT = frozenset(
    {
        "capacity",
        "consumption",
        "export",
        "financing_pledged",
        "gdp",
        "investment_flow",
        "investment_stock",
        "oil_production",
        "pipeline_length",
        "port_throughput",
        "production",
        "project_value",
        "railway_length",
        "refinery_intake",
        "stocks",
        "tourists",
        "trade_balance",
    }
)
"""Indicators whose open subject is the one that a report is about."""
EVENTS = frozenset({"deals_count", "deals_value", "purchase_count"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim in the making: a figure of a sentence with the slots filled so far."""

    sentence: Sentence
    quantity: Quantity
    kind: str
    indicator: str | None
    frame: str
    subject: str | None
    partners: tuple[str, ...]
    period: str | None
    modality: str
    inherited: dict[str, Span]
    confidence: dict[str, float]
    months: tuple[int, int] | None = None
    onward: str | None = None
    bound: Bound = field(default_factory=Bound)

    @property
    def span(self) -> Span:
        """Place of the figure."""
        return Span(*self.sentence.span(self.quantity.first, self.quantity.last))


@dataclass
class Context:
    """What a document has said so far: drafts, sentences, a year, commodities and routes of the paragraph."""

    sentences: Sequence[Sentence]
    date: str | None = None
    drafts: list[Draft] = field(default_factory=list)
    said: list[Sentence] = field(default_factory=list)
    year: int | None = None
    year_at: int = -1
    traits: set[str] = field(default_factory=set)
    event: str | None = None
    event_span: Span | None = None
    effective: str | None = None
    """Day from which prices hold, where the text names one."""

    @cached_property
    def topic(self) -> tuple[tuple[str, Span], ...]:
        """The two states that the document names most often.

        They stand in the order of their codes: where a text gives a pair no order, every document gets the same.
        """
        seen: dict[str, Span] = {}
        count: Counter[str] = Counter()
        for sentence in self.sentences[:TOPIC_SENTENCES]:
            for m in sentence.mentions:
                code = m.state or m.code
                if m.kind in ("state", "group") or m.state:
                    seen.setdefault(code, Span(*sentence.span(m.first, m.last)))
                    count[code] += 1
        return tuple(sorted((code, seen[code]) for code, _ in count.most_common(2)))

    @cached_property
    def states(self) -> Counter[str]:
        """How often the document names each state, or something of it."""
        return Counter(
            code
            for s in self.sentences[:TOPIC_SENTENCES]
            for m in s.mentions
            if (code := m.state or m.home or (m.code if m.kind == "state" else ""))
        )

    @cached_property
    def _opening(self) -> list[Mention]:
        return [m for s in self.sentences[:1] for m in s.mentions if m.kind in ("state", "group", "firm")]

    def is_report(self, sentence: Sentence) -> bool:
        """Tell whether the sentence is in a language whose reports open with whom they are about."""
        return sentence.lexicon.settings.get("reports_open_with") == "actor"

    def reported_on(self, sentence: Sentence) -> tuple[str, Span] | None:
        """Return whom a report is about for its later sentences: the first actor it names, if it is told so."""
        short = len(self.sentences) <= TOPIC_SENTENCES and sentence is not self.sentences[0]
        if not self.is_report(sentence) or not self._opening or not short:
            return None
        if self.opens_with_firm and any(h.row["kind"] == "country" for h in sentence.hits["references"].values()):
            return None
        first = self._opening[0]
        return first.code, Span(*self.sentences[0].span(first.first, first.last))

    @property
    def opens_with_firm(self) -> bool:
        """Tell whether the first actor that a document names is a firm."""
        return bool(self._opening) and self._opening[0].kind == "firm"

    @cached_property
    def focus(self) -> tuple[str, Span] | None:
        """Whom a document is about: the firm it opens with, else the state named twice as often as others."""
        if self.opens_with_firm:
            firm = self._opening[0]
            return firm.code, Span(*self.sentences[0].span(firm.first, firm.last))
        seen: dict[str, Span] = {}
        count: Counter[str] = Counter()
        for sentence in self.sentences[:TOPIC_SENTENCES]:
            for m in sentence.mentions:
                if m.kind == "state" or m.state:
                    seen.setdefault(m.state or m.code, Span(*sentence.span(m.first, m.last)))
                    count[m.state or m.code] += 1
        ranked = count.most_common(2)
        if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
            return None
        return ranked[0][0], seen[ranked[0][0]]

    @cached_property
    def sole(self) -> tuple[str, Span] | None:
        """The one state or group that a short document names, with its first place; None where it names others."""
        if len(self.sentences) > TOPIC_SENTENCES:
            return None
        found: dict[str, Span] = {}
        roles: set[str] = set()
        for sentence in self.sentences:
            if sentence.hits["bodies"] or any(t.text in FIRMS and t.capital for t in sentence.tokens):
                return None
            for m in sentence.mentions:
                code = m.state or m.home or m.code
                if m.kind == "firm" and not m.home:
                    return None
                if m.kind in ("state", "group", "firm") or m.state:
                    found.setdefault(code, Span(*sentence.span(m.first, m.last)))
                    roles.add(m.role)
        return next(iter(found.items())) if len(found) == 1 and roles - OTHER_SIDE else None


OTHER_SIDE = frozenset({"with", "from", "to", "towards", "between", "by"})
"""Roles of the other side of a trade: who stands in these alone is not whom a text is about."""
FIRMS = frozenset({"corp", "inc", "ltd", "co", "plc", "ag", "sa", "ао", "оао", "пао", "ооо", "тоо", "holding"})
"""Words that end or begin the name of a firm."""
OIL = frozenset({"oil_export", "oil_transit", "oil_production"})
LASTING = frozenset({"pipeline_length", "railway_length", "route_length"})
ROUTES = frozenset(
    {
        "CPC",
        "BTC",
        "TITR",
        "INSTC",
        "BTK",
        "CKU",
        "DRUZHBA",
        "ATYRAU_SAMARA",
        "ATASU_ALASHANKOU",
        "alternative_routes",
    }
)
PIPES = frozenset({"CPC", "BTC", "DRUZHBA", "ATYRAU_SAMARA", "ATASU_ALASHANKOU"})
TRANSPORT = frozenset(
    [
        "freight_transit",
        "container_transit",
        "sea_freight",
        "freight_turnover",
        "port_throughput",
        "port_containers",
        "freight_carried",
    ]
)
NEEDS_PARTNER = frozenset({"mutual", "export", "import", "presence", "travel", "carry"})
GROUPS = frozenset(["EU", "C_ASIA", "ASIA", "OTS", "CSTO", "EAEU", "SCO", "CIS", "NATO"])
FAMILIES = (
    frozenset({"mutual", "export", "import", "carry", "reverse"}),
    frozenset({"invest", "presence", "own"}),
)


def family(frame: str) -> frozenset[str]:
    out = frozenset({frame})
    for family in FAMILIES:
        if frame in family:
            out |= family
    return out


def salience(m: Mention) -> tuple[int, int]:
    """Order mentions of a sentence by how likely the next sentence speaks of them."""
    return (0 if m.role in ("nom", "gen", "attr") else 1, m.first)
