"""From figures to claims: each slot is filled near the figure, else from what was said before, else left empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kopir.evidence import _frames as frames
from kopir.evidence import _indicators as indicators
from kopir.evidence._mentions import Mention
from kopir.evidence._periods import PeriodMention, month_code
from kopir.evidence._quantities import Quantity
from kopir.evidence._records import Span
from kopir.evidence._senses import apply_sign, kind_of, modality_of, settle_upto
from kopir.evidence._sentence import Sentence

STOCKS = frozenset(
    "investment_stock company_count project_count project_value jobs students student_quota pipeline_length "
    "railway_length route_length capacity transit_capacity ownership_share personnel deals_count deals_value "
    "corridor_count customs_time delivery_time tourists financing_pledged investment_flow".split()
)
SURE, NEAR, FAR, TOPIC = 0.97, 0.85, 0.6, 0.4
MEMORY = 3


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

    @property
    def span(self) -> Span:
        """Place of the figure."""
        return Span(*self.sentence.span(self.quantity.first, self.quantity.last))


@dataclass(slots=True)
class Context:
    """What earlier sentences said: drafts, states in order, a year, commodities and routes of the paragraph."""

    drafts: list[Draft] = field(default_factory=list)
    named: list[tuple[Sentence, Mention]] = field(default_factory=list)
    year: int | None = None
    traits: set[str] = field(default_factory=set)
    topic: tuple[str, ...] = ()
    topic_span: Span | None = None


class Linker:
    """Links the figures of a document, sentence by sentence."""

    def __init__(self, date: str | None) -> None:
        self.date = date
        self.context = Context()
        self._paragraph = -1

    def link(self, sentence: Sentence) -> list[Draft]:
        """Return the drafts of one sentence and remember what it said."""
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            self.context.traits = set()
        out: list[Draft] = []
        self._years(sentence)
        for n, quantity in enumerate(sentence.quantities):
            draft = self._draft(sentence, n, self._whole(sentence, quantity, out), out)
            if draft is not None:
                out.append(draft)
        self._remember(sentence, out)
        return out

    # ── memory ───────────────────────────────────────────────────────────────────────────────────

    def _years(self, sentence: Sentence) -> None:
        for p in sentence.periods:
            if p.year is not None and p.role != "compare":
                self.context.year = p.year

    def _remember(self, sentence: Sentence, drafts: list[Draft]) -> None:
        context = self.context
        context.drafts.extend(drafts)
        context.traits |= self._traits(sentence)
        states = [m for m in sentence.mentions if m.kind in ("state", "group") or m.state]
        context.named.extend((sentence, m) for m in sentence.mentions)
        del context.named[:-40]
        if len(context.topic) < 2:
            codes = list(context.topic)
            for m in states:
                code = m.state or m.code
                if code not in codes and len(codes) < 2:
                    codes.append(code)
                    context.topic_span = Span(*sentence.span(m.first, m.last))
            context.topic = tuple(codes)

    def _traits(self, sentence: Sentence) -> set[str]:
        found = {h.row["cue"] for h in sentence.hits["cues"].values()}
        out = found & {"oil", "gas", "arms", "container"}
        for m in sentence.mentions:
            trait = indicators.ROUTE_TRAITS.get(m.code)
            if trait:
                out.add(trait)
        return out

    # ── one figure ───────────────────────────────────────────────────────────────────────────────

    def _whole(self, sentence: Sentence, quantity: Quantity, before: Sequence[Draft]) -> Quantity:
        """Give an elided unit back from the last figure of the sentence or paragraph."""
        if quantity.unit is not None or not quantity.scaled:
            return quantity
        for draft in reversed([*self._recent(sentence), *before]):
            held = draft.quantity
            if held.unit_kind in ("money", "mass", "container", "volume", "oilvol"):
                return replace(quantity, unit=held.unit, unit_kind=held.unit_kind, elided=True)
        return quantity

    def _recent(self, sentence: Sentence) -> list[Draft]:
        return [d for d in self.context.drafts[-6:] if sentence.paragraph - d.sentence.paragraph <= 1]

    def _draft(self, sentence: Sentence, n: int, quantity: Quantity, before: Sequence[Draft]) -> Draft | None:
        if quantity.unit is None:
            return None
        kind, sign = kind_of(sentence, quantity)
        traits = self._traits(sentence) | self.context.traits
        found = indicators.choose(sentence, quantity, kind, traits)
        inherited: dict[str, Span] = {}
        confidence = {"value": SURE if not quantity.elided else NEAR}
        source = self._source(sentence, quantity, kind, before)
        indicator, frame = self._indicator(found, source, quantity, inherited, confidence)
        if not self._worth(quantity, kind, indicator):
            return None
        mention = self._period(sentence, n, quantity)
        if indicator == "investment_flow" and kind == "level" and (mention is None or mention.role == "since"):
            indicator = "investment_stock"
        subject, partners = self._parties(sentence, n, quantity, kind, indicator, frame, source, inherited, confidence)
        period, months = self._period_code(
            sentence, quantity, kind, indicator, mention, source, inherited, confidence
        )
        modality = self._modality(sentence, quantity, mention, period)
        quantity = apply_sign(settle_upto(sentence, quantity, modality), kind, sign)
        confidence["modality"] = NEAR if modality != "actual" else 0.93
        return Draft(
            sentence, quantity, kind, indicator, frame, subject, partners, period, modality, inherited, confidence,
            months,
        )

    def _source(
        self, sentence: Sentence, quantity: Quantity, kind: str, before: Sequence[Draft]
    ) -> Draft | None:
        """Return the earlier claim that this one leans on, if any."""
        if before:
            return before[-1]
        recent = [d for d in self._recent(sentence) if d.sentence.paragraph == sentence.paragraph]
        return recent[-1] if recent else None

    def _indicator(
        self,
        found: indicators.Reading | None,
        source: Draft | None,
        quantity: Quantity,
        inherited: dict[str, Span],
        confidence: dict[str, float],
    ) -> tuple[str | None, str]:
        if found is not None and not (
            found.cue in indicators.WEAK and source is not None and found.distance > 12 and source.indicator
        ):
            confidence["indicator"] = SURE if found.distance <= 8 else NEAR if found.distance <= 20 else FAR
            return found.indicator, found.frame
        if source is not None and source.indicator is not None and _kin(source.quantity, quantity):
            inherited["indicator"] = source.span
            confidence["indicator"] = min(NEAR, source.confidence.get("indicator", NEAR))
            return source.indicator, source.frame
        confidence["indicator"] = 0.0
        return None, "none"

    def _worth(self, quantity: Quantity, kind: str, indicator: str | None) -> bool:
        """A bare share, count or duration without an indicator is no claim; an amount of money or goods is."""
        if indicator is not None:
            return kind != "duration" or indicator in ("customs_time", "delivery_time", "talk_duration")
        return quantity.unit_kind in ("money", "mass", "volume") and quantity.scaled and not quantity.elided

    # ── parties ──────────────────────────────────────────────────────────────────────────────────

    def _parties(
        self,
        sentence: Sentence,
        n: int,
        quantity: Quantity,
        kind: str,
        indicator: str | None,
        frame: str,
        source: Draft | None,
        inherited: dict[str, Span],
        confidence: dict[str, float],
    ) -> tuple[str | None, tuple[str, ...]]:
        own, left = self._scope(sentence, n, quantity)
        share = kind == "share"
        reverse = frame == "reverse"
        given = frames.parties(frame, own, at=quantity.first, share=share, indicator=indicator or "")
        if not own or (given.subject is None and not given.partners):
            given = frames.parties(frame, left, at=quantity.first, share=share, indicator=indicator or "")
            same = source is not None and source.sentence is sentence
            if same and left and source is not None and source.frame in _family(frame):
                given = frames.Parties()
        subject = given.subject.code if given.subject else None
        partners = tuple(m.code for m in given.partners)
        confidence["subject"] = confidence["partners"] = SURE if subject else 0.0
        if reverse and source is not None:
            return self._reversed(source, inherited, confidence)
        filler = _Filler(self, sentence, frame, source, inherited, confidence)
        return filler.fill(subject, partners, left)

    def _reversed(
        self, source: Draft, inherited: dict[str, Span], confidence: dict[str, float]
    ) -> tuple[str | None, tuple[str, ...]]:
        inherited["subject"] = inherited["partners"] = source.span
        confidence["subject"] = confidence["partners"] = NEAR
        if not source.partners:
            return None, ()
        return source.partners[0], tuple(c for c in (source.subject, *source.partners[1:]) if c)

    def _scope(self, sentence: Sentence, n: int, quantity: Quantity) -> tuple[list[Mention], list[Mention]]:
        """Mentions of the figure's own part of the sentence, and those to the left of it."""
        figures = [q for q in sentence.quantities if q.unit is not None]
        lower = max((self._edge(sentence, q) for q in figures if q.last <= quantity.first), default=0)
        upper = self._edge(sentence, quantity) if any(q.first > quantity.first for q in figures) else len(
            sentence.tokens
        )
        acting = [m for m in sentence.mentions if not m.speaker]
        own = [m for m in acting if lower <= m.first < upper]
        left = [m for m in acting if m.first < upper]
        return own, left

    def _edge(self, sentence: Sentence, quantity: Quantity) -> int:
        """Where the part of a sentence that belongs to a figure ends: the next comma, bracket or "and"."""
        for i in range(quantity.last, len(sentence.tokens)):
            token = sentence.tokens[i]
            particle = sentence.hits["particles"].get(i)
            if token.text in ",;():" or (particle is not None and particle.row["role"] == "and"):
                return i
        return len(sentence.tokens)

    # ── periods ──────────────────────────────────────────────────────────────────────────────────

    def _period(self, sentence: Sentence, n: int, quantity: Quantity) -> PeriodMention | None:
        best: tuple[float, PeriodMention] | None = None
        figures = [q for q in sentence.quantities if q.unit is not None]
        for p in sentence.periods:
            if p.role == "compare":
                continue
            if p.last <= quantity.first:
                passed = sum(1 for q in figures if p.last <= q.first < quantity.first)
                cost = 0.5 * (quantity.first - p.last) + 2.0 * passed
                if any(q.last <= p.first <= q.last + 2 for q in figures) and passed == 0 and p.role == "at":
                    cost += 6.0
            else:
                cost = float(p.first - quantity.last)
                stops = [t.text for t in sentence.tokens[quantity.last : p.first]]
                cost += 8.0 * sum(t in ",;" for t in stops) + 20.0 * any(
                    quantity.last <= q.first < p.first for q in figures
                )
            if best is None or cost < best[0]:
                best = (cost, p)
        return best[1] if best is not None and best[0] < 30 else None

    def _period_code(
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
        confidence["period"] = 0.9
        if mention is not None:
            return self._dated(mention, source, inherited, sentence)
        if quantity.rate is not None or indicator in STOCKS or source is None or source.period is None:
            return None, None
        same = source.sentence is sentence
        if source.indicator in STOCKS or (not same and not _akin(source.indicator, indicator)):
            return None, None
        if source.period.endswith("to_doc") and kind == "level":
            return None, None
        if source.quantity.rate is not None or source.modality != "actual":
            return None, None
        inherited["period"] = source.span
        confidence["period"] = NEAR if same else FAR
        return source.period, source.months

    def _dated(
        self, mention: PeriodMention, source: Draft | None, inherited: dict[str, Span], sentence: Sentence
    ) -> tuple[str | None, tuple[int, int] | None]:
        if mention.role == "previous_month" and source is not None and source.months and source.period:
            year, month = int(source.period[:4]), source.months[0] - 1
            year, month = (year, month) if month else (year - 1, 12)
            inherited["period"] = source.span
            return month_code(year, (month, month)), (month, month)
        if mention.text is not None or mention.months is None:
            return mention.text, mention.months
        year = self.context.year
        if year is None and self.date is not None:
            year = int(self.date[:4])
            if len(self.date) >= 7 and mention.months[1] > int(self.date[5:7]):
                year -= 1
        return (month_code(year, mention.months), mention.months) if year else (None, mention.months)

    def _modality(
        self, sentence: Sentence, quantity: Quantity, mention: PeriodMention | None, period: str | None
    ) -> str:
        now = int(self.date[:4]) if self.date else None
        year = int(period[:4]) if period and period[:4].isdigit() else None
        future = year is not None and now is not None and year > now
        past = year is not None and now is not None and year < now and mention is not None
        return modality_of(sentence, quantity, future=future, past=past)


@dataclass(slots=True)
class _Filler:
    """Fills the parties that a sentence part leaves open, from the nearest place that settles them."""

    linker: Linker
    sentence: Sentence
    frame: str
    source: Draft | None
    inherited: dict[str, Span]
    confidence: dict[str, float]

    def fill(
        self, subject: str | None, partners: tuple[str, ...], left: Sequence[Mention]
    ) -> tuple[str | None, tuple[str, ...]]:
        """Return subject and partners, with what the context adds."""
        if self.frame == "none":
            return subject, partners
        source = self._usable()
        if subject is None and not partners and source is not None:
            self._note("subject", source.span, NEAR)
            self._note("partners", source.span, NEAR)
            return source.subject, source.partners
        partners = self._referred(subject, partners)
        if subject is None:
            subject = self._subject(partners, left, source)
        if not partners and subject is not None and self.frame in NEEDS_PARTNER:
            partners = self._partners(subject, left, source)
        return subject, tuple(c for c in dict.fromkeys(partners) if c != subject)

    def _usable(self) -> Draft | None:
        if self.source is None or self.source.frame not in _family(self.frame):
            return None
        return self.source

    def _subject(self, partners: tuple[str, ...], left: Sequence[Mention], source: Draft | None) -> str | None:
        for m in left:
            if m.code not in partners and m.kind in ("state", "group", "route", "firm") and m.role in (
                "nom", "gen", "attr"
            ):
                self._note("subject", Span(*self.sentence.span(m.first, m.last)), NEAR)
                return m.code
        if source is not None and source.subject and source.subject not in partners:
            self._note("subject", source.span, NEAR)
            return source.subject
        return self._named(partners, "subject")

    def _partners(self, subject: str, left: Sequence[Mention], source: Draft | None) -> tuple[str, ...]:
        if source is not None:
            others = tuple(c for c in (*source.partners, source.subject) if c and c != subject)
            shared = subject == source.subject or subject in source.partners
            if others and (shared or source.sentence is self.sentence):
                self._note("partners", source.span, NEAR)
                return source.partners if source.subject == subject else others[:1]
        other = self._named((subject,), "partners")
        return (other,) if other else ()

    def _named(self, taken: tuple[str, ...], slot: str) -> str | None:
        """Return a state named before: a speaker of the sentence, the sentences before, the document's topic."""
        if self.frame not in NEEDS_PARTNER and slot == "partners":
            return None
        for m in self.sentence.mentions:
            code = m.state or m.code
            if m.speaker and (m.kind in ("state", "group") or m.state) and code not in taken:
                self._note(slot, Span(*self.sentence.span(m.first, m.last)), FAR)
                return code
        for sentence, m in reversed(self.linker.context.named[-12:]):
            code = m.state or m.code
            if self.sentence.paragraph - sentence.paragraph > 1 or (m.kind not in ("state", "group") and not m.state):
                continue
            if code not in taken:
                self._note(slot, Span(*sentence.span(m.first, m.last)), FAR)
                return code
        context = self.linker.context
        for code in context.topic:
            if code not in taken and context.topic_span is not None:
                self._note(slot, context.topic_span, TOPIC)
                return code
        return None

    def _referred(self, subject: str | None, partners: tuple[str, ...]) -> tuple[str, ...]:
        """Resolve "the republic", "the region" to the state or group named last."""
        kinds = {h.row["kind"] for h in self.sentence.hits["references"].values()}
        if partners or not kinds & {"country", "region"}:
            return partners
        want = "group" if "region" in kinds else "state"
        source = self._usable()
        if source is not None:
            for code in (*source.partners, source.subject):
                if code and code != subject and (code in GROUPS) == (want == "group"):
                    self._note("partners", source.span, NEAR)
                    return (code,)
        return partners

    def _note(self, slot: str, span: Span, confidence: float) -> None:
        self.inherited[slot] = span
        self.confidence[slot] = confidence


NEEDS_PARTNER = frozenset({"mutual", "export", "import", "invest", "presence", "travel", "carry"})
GROUPS = frozenset("EU C_ASIA ASIA OTS CSTO EAEU SCO CIS NATO".split())
FAMILIES = (frozenset({"mutual", "export", "import", "carry", "reverse"}), frozenset({"invest", "presence", "own"}))


def _family(frame: str) -> frozenset[str]:
    out = frozenset({frame})
    for family in FAMILIES:
        if frame in family:
            out |= family
    return out


def _kin(a: Quantity, b: Quantity) -> bool:
    loose = frozenset({"percent", "times"})
    return a.unit_kind == b.unit_kind or bool({a.unit_kind, b.unit_kind} & loose)


def _akin(a: str | None, b: str | None) -> bool:
    """Tell whether two indicators are of one group, so that a period may carry over a full stop."""
    trade = frozenset({"trade_turnover", "export", "import"})
    oil = frozenset({"oil_export", "oil_transit"})
    return a == b or any(a in group and b in group for group in (trade, oil))
