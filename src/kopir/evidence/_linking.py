"""From figures to claims: each slot is filled near the figure, else from what was said before, else left empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

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
TOPIC_SENTENCES = 60
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

    @property
    def span(self) -> Span:
        """Place of the figure."""
        return Span(*self.sentence.span(self.quantity.first, self.quantity.last))


@dataclass(slots=True)
class Context:
    """What earlier sentences said: drafts, states in order, a year, commodities and routes of the paragraph."""

    drafts: list[Draft] = field(default_factory=list)
    said: list[Sentence] = field(default_factory=list)
    year: int | None = None
    traits: set[str] = field(default_factory=set)
    event: str | None = None
    event_span: Span | None = None


class Linker:
    """Links the figures of a document, sentence by sentence."""

    def __init__(self, date: str | None, sentences: Sequence[Sentence]) -> None:
        self.date = date
        self.context = Context()
        self._sentences = sentences
        self._paragraph = -1

    @cached_property
    def topic(self) -> tuple[tuple[str, Span], ...]:
        """The two states that the document names most often.

        They stand in the order of their codes: where a text gives a pair no order, every document gets the same.
        """
        seen: dict[str, Span] = {}
        count: Counter[str] = Counter()
        for sentence in self._sentences[:TOPIC_SENTENCES]:
            for m in sentence.mentions:
                code = m.state or m.code
                if m.kind in ("state", "group") or m.state:
                    seen.setdefault(code, Span(*sentence.span(m.first, m.last)))
                    count[code] += 1
        return tuple(sorted((code, seen[code]) for code, _ in count.most_common(2)))

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
            now = int(self.date[:4]) if self.date else 9999
            if p.year is not None and p.role != "compare" and p.year <= now:
                self.context.year = p.year
            if p.day is not None and p.months is not None and (p.year or self.context.year):
                year = p.year or self.context.year
                self.context.event = p.text or f"{year}-{p.months[0]:02d}-{p.day:02d}"
                self.context.event_span = Span(*sentence.span(p.first, p.last))

    def _remember(self, sentence: Sentence, drafts: list[Draft]) -> None:
        context = self.context
        context.drafts.extend(drafts)
        context.traits |= self._traits(sentence)
        if any(d.indicator in OIL for d in drafts):
            context.traits.add("oil")
        context.said.append(sentence)
        del context.said[:-4]

    def _traits(self, sentence: Sentence) -> set[str]:
        found = {h.row["cue"] for h in sentence.hits["cues"].values()}
        out = found & {"oil", "gas", "arms"}
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
            if draft.sentence.brackets[held.first] and not sentence.brackets[quantity.first]:
                continue
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
        if any(d.indicator in OIL for d in before):
            traits.add("oil")
        found = indicators.choose(sentence, quantity, kind, traits)
        inherited: dict[str, Span] = {}
        confidence = {"value": SURE if not quantity.elided else NEAR}
        source = self._source(sentence, quantity, kind, before)
        indicator, frame = self._indicator(
            found, source, quantity, inherited, confidence, share=kind == "share"
        )
        if not self._worth(quantity, kind, indicator):
            return None
        mention = self._period(sentence, n, quantity)
        if indicator == "investment_flow" and kind == "level" and (mention is None or mention.role == "since"):
            indicator = "investment_stock"
        subject, partners = self._parties(sentence, found, quantity, kind, frame, source, inherited, confidence)
        period, months = self._period_code(
            sentence, quantity, kind, indicator, mention, source, inherited, confidence
        )
        modality = self._modality(sentence, quantity, mention, period)
        if modality in ("plan", "target", "forecast") and "period" in inherited and indicator not in EVENTS:
            period = months = None
            del inherited["period"]
        quantity = apply_sign(settle_upto(sentence, quantity, modality), kind, sign)
        confidence["modality"] = NEAR if modality != "actual" else 0.93
        return Draft(
            sentence, quantity, kind, indicator, frame, subject, partners, period, modality, inherited, confidence,
            months, source.period if mention and mention.role == "previous_year" and source else period,
        )

    def _source(
        self, sentence: Sentence, quantity: Quantity, kind: str, before: Sequence[Draft]
    ) -> Draft | None:
        """Return the earlier claim that this one leans on, if any."""
        bracket = sentence.brackets[quantity.first]
        for draft in reversed(before):
            inside = sentence.brackets[draft.quantity.first]
            if not inside or inside == bracket:
                return draft
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
        *,
        share: bool,
    ) -> tuple[str | None, str]:
        if found is not None and found.cue == "reverse" and source is not None and source.indicator is not None:
            inherited["indicator"] = source.span
            confidence["indicator"] = NEAR
            return source.indicator, "reverse"
        if found is not None and not (
            found.cue in indicators.WEAK and source is not None and found.distance > 12 and source.indicator
        ):
            confidence["indicator"] = SURE if found.distance <= 8 else NEAR if found.distance <= 20 else FAR
            return found.indicator, found.frame
        if source is not None and source.indicator is not None and _kin(source.quantity, quantity):
            inherited["indicator"] = source.span
            confidence["indicator"] = min(NEAR, source.confidence.get("indicator", NEAR))
            if share and source.kind != "share":
                confidence["indicator"] = FAR
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
        found: indicators.Reading | None,
        quantity: Quantity,
        kind: str,
        frame: str,
        source: Draft | None,
        inherited: dict[str, Span],
        confidence: dict[str, float],
    ) -> tuple[str | None, tuple[str, ...]]:
        share = kind == "share"
        late = sentence.lexicon.settings["verb_side"] == "after"
        cue = frames.Cue(*found.place, late=late) if found is not None else None
        reverse = frame == "reverse"
        last = not any(q.first > quantity.first for q in sentence.figures)
        same = source is not None and source.sentence is sentence
        own, left = self._scope(sentence, quantity, wide=False)
        given = frames.parties(frame, own, at=quantity.first, share=share, cue=cue)
        open_slots = given.subject is None or (not given.partners and frame in NEEDS_PARTNER)
        if last and not same and open_slots:
            own, left = self._scope(sentence, quantity, wide=True)
            given = frames.parties(frame, own, at=quantity.first, share=share, cue=cue)
        if same and source is not None and frame == "mutual" and len(own) == 1 and self._part_of(
            sentence, source.quantity, quantity
        ):
            given = frames.Parties(None, (own[0],))
        if not own or (given.subject is None and not given.partners):
            given = frames.parties(frame, left, at=quantity.first, share=share, cue=cue)
            if same and left and source is not None and source.frame in _family(frame):
                given = frames.Parties()
        subject = given.subject.code if given.subject else None
        partners = tuple(m.code for m in given.partners)
        confidence["subject"] = confidence["partners"] = SURE if subject else 0.0
        if reverse and source is not None:
            return self._reversed(source, inherited, confidence)
        filler = _Filler(self, sentence, frame, source, inherited, confidence, quantity.first)
        return filler.fill(subject, partners, left)

    def _part_of(self, sentence: Sentence, whole: Quantity, part: Quantity) -> bool:
        return any(sentence.role_at(i) == "part" for i in range(whole.last, part.first))

    def _reversed(
        self, source: Draft, inherited: dict[str, Span], confidence: dict[str, float]
    ) -> tuple[str | None, tuple[str, ...]]:
        inherited["subject"] = inherited["partners"] = source.span
        confidence["subject"] = confidence["partners"] = NEAR
        if not source.partners:
            return None, ()
        return source.partners[0], tuple(c for c in (source.subject, *source.partners[1:]) if c)

    def _scope(
        self, sentence: Sentence, quantity: Quantity, *, wide: bool
    ) -> tuple[list[Mention], list[Mention]]:
        """Mentions of the figure's own part of the sentence, and those to the left of it."""
        figures = [q for q in sentence.quantities if q.unit is not None]
        lower = max((min(sentence.edge(q), quantity.first) for q in figures if q.last <= quantity.first), default=0)
        upper = len(sentence.tokens) if wide else sentence.edge(quantity)
        turn = sentence.turn(quantity.first)
        bracket = sentence.brackets[quantity.first]
        acting = [
            m for m in sentence.mentions if not m.speaker and sentence.brackets[m.first] in (0, bracket)
        ]
        own = [m for m in acting if max(lower, turn) <= m.first < upper]
        left = [m for m in acting if turn <= m.first < upper]
        return own, left

    # ── periods ──────────────────────────────────────────────────────────────────────────────────

    def _period(self, sentence: Sentence, n: int, quantity: Quantity) -> PeriodMention | None:
        best: tuple[float, PeriodMention] | None = None
        figures = [q for q in sentence.quantities if q.unit is not None]
        for p in sentence.periods:
            if p.role == "compare" or (p.role.startswith("previous") and p.first > quantity.first):
                continue
            inside = sentence.brackets[p.first]
            if inside and inside != sentence.brackets[quantity.first]:
                continue
            if p.last > quantity.first and not sentence.owns(quantity, p.first):
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
        if indicator in LASTING:
            return None, None
        years = sorted({p.year for p in sentence.periods if p.year is not None})
        if kind == "mult" and len(years) > 1:
            return f"{years[0]}/{years[-1]}", None
        if mention is None and indicator in EVENTS and self.context.event is not None:
            inherited["period"] = self.context.event_span or Span(0, 0)
            confidence["period"] = FAR
            return self.context.event, None
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
        return source.onward, source.months

    def _dated(
        self, mention: PeriodMention, source: Draft | None, inherited: dict[str, Span], sentence: Sentence
    ) -> tuple[str | None, tuple[int, int] | None]:
        if mention.role == "previous_month" and source is not None and source.months and source.period:
            year, month = int(source.period[:4]), source.months[0] - 1
            year, month = (year, month) if month else (year - 1, 12)
            inherited["period"] = source.span
            return month_code(year, (month, month)), (month, month)
        if mention.role == "previous_year":
            year = int(source.period[:4]) if source is not None and source.period else None
            return (str(year - 1), None) if year is not None else (None, None)
        if mention.text is not None or mention.months is None:
            return mention.text, mention.months
        year = self.context.year
        if mention.day is not None and year is not None:
            return f"{year}-{mention.months[0]:02d}-{mention.day:02d}", mention.months
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
    at: int

    def fill(
        self, subject: str | None, partners: tuple[str, ...], left: Sequence[Mention]
    ) -> tuple[str | None, tuple[str, ...]]:
        """Return subject and partners, with what the context adds."""
        if self.frame == "none":
            return subject, partners
        source = self._usable()
        if self.frame in ("mutual", "export", "import") and not (subject and partners):
            pair = self._pair((*((subject,) if subject else ()), *partners))
            if pair is not None:
                return pair
        inside = self.sentence.brackets[self.at]
        if subject is None and not partners and not inside and (subject := self._ordinal()) is not None:
            return subject, ()
        if self.frame == "own" and subject is None and (subject := self._home()) is not None:
            return subject, ()
        if subject is None and not partners and source is not None:
            for slot in ("subject", "partners"):
                sure = min(source.confidence.get(slot, FAR) or FAR, SURE if source.sentence is self.sentence else NEAR)
                self._note(slot, source.span, sure)
            return source.subject, source.partners
        partners = self._referred(subject, partners)
        if self.frame == "carry" and subject in PIPES and self._along(subject) and not partners:
            state = self._named((subject,), "subject")
            if state is not None:
                return state, (subject,)
        if subject is None:
            subject = self._subject(partners, left, source)
        if not partners and subject is not None and self.frame in NEEDS_PARTNER:
            partners = self._partners(subject, left, source)
        if self.frame == "route" and subject is None and partners:
            return partners[0], partners[1:]
        if self.frame == "carry" and subject is None and len(partners) == 1:
            return partners[0], ()
        if self.frame == "carry" and subject not in ROUTES and source is not None and partners:
            held = tuple(c for c in source.partners if c in ROUTES)
            if held and not any(c in ROUTES for c in partners):
                partners = (*partners, *held)
        return subject, tuple(c for c in dict.fromkeys(partners) if c != subject)

    def _usable(self) -> Draft | None:
        if self.source is None or self.source.frame not in _family(self.frame):
            return None
        return self.source

    def _subject(self, partners: tuple[str, ...], left: Sequence[Mention], source: Draft | None) -> str | None:
        right = [m for m in self.sentence.mentions if not m.speaker and m.role == "nom" and m.kind == "state"]
        if self.frame == "route":
            return self._route()
        for m in (*left, *(right if self.frame == "carry" else ())):
            if m.code not in partners and m.kind in ("state", "group", "route", "firm") and m.role in (
                "nom", "gen", "attr"
            ):
                self._note("subject", Span(*self.sentence.span(m.first, m.last)), NEAR)
                return m.code
        if source is not None and source.subject and source.subject not in partners:
            if source.subject in ROUTES and self.frame in ("export", "import", "mutual"):
                state = next((c for c in (source.subject, *source.partners) if c not in ROUTES), None)
                if state is None or state in partners:
                    return self._named(partners, "subject")
                self._note("subject", source.span, NEAR)
                return state
            self._note("subject", source.span, NEAR)
            return source.subject
        return self._named(partners, "subject")

    def _home(self) -> str | None:
        """Resolve "the country" said of a firm to the firm's home, else to the state spoken of."""
        kinds = {h.row["kind"] for h in self.sentence.hits["references"].values()}
        if "country" not in kinds:
            return None
        for sentence in (self.sentence, *reversed(self.linker.context.said)):
            for m in sorted(sentence.mentions, key=_salience):
                code = m.home or m.state or (m.code if m.kind == "state" else None)
                if code is not None:
                    self._note("subject", Span(*sentence.span(m.first, m.last)), FAR)
                    return code
        return None

    def _along(self, code: str) -> bool:
        return any(m.code == code and m.role in ("along", "via") for m in self.sentence.mentions)

    def _ordinal(self) -> str | None:
        """Resolve "the former", "the latter" to the actors of the sentence before."""
        before = [h for _, h in sorted(self.sentence.hits["references"].items()) if h.first < self.at]
        kinds = [h.row["kind"] for h in before if h.row["kind"] in ("former", "latter")]
        said = self.linker.context.said
        place = {"former": 0, "latter": 1}[kinds[-1]] if kinds else None
        if place is None or not said:
            return None
        codes = list(dict.fromkeys(m.code for m in said[-1].mentions if m.kind in ("route", "state") and not m.speaker))
        if len(codes) != 2:
            return None
        self._note("subject", Span(said[-1].start, said[-1].end), FAR)
        return codes[place]

    def _route(self) -> str | None:
        """Return the route named last."""
        for sentence in (self.sentence, *reversed(self.linker.context.said)):
            for m in reversed(sentence.mentions):
                if m.kind == "route":
                    self._note("subject", Span(*sentence.span(m.first, m.last)), NEAR)
                    return m.code
        return None

    def _partners(self, subject: str, left: Sequence[Mention], source: Draft | None) -> tuple[str, ...]:
        if self.frame == "carry" and subject not in ROUTES:
            if source is not None and source.subject == subject:
                self._note("partners", source.span, NEAR)
                return source.partners
            return ()
        if source is not None and self.frame != "carry":
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
        for sentence in reversed(self.linker.context.said):
            if self.sentence.paragraph - sentence.paragraph > 1:
                break
            for m in sorted(sentence.mentions, key=_salience):
                code = m.state or m.code
                if (m.kind in ("state", "group") or m.state) and code not in taken:
                    self._note(slot, Span(*sentence.span(m.first, m.last)), FAR)
                    return code
        for code, span in self.linker.topic:
            if code not in taken:
                self._note(slot, span, TOPIC)
                return code
        return None

    def _pair(self, known: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]] | None:
        """Resolve "the two countries", "bilateral" to the pair spoken of last, else to the document's topic."""
        if not any(h.row["kind"] == "pair" for h in self.sentence.hits["references"].values()):
            return None
        pairs: list[tuple[tuple[str, ...], Span, float]] = []
        named = self._states(self.sentence)
        if len(named) == 2:
            pairs.append((tuple(named), next(iter(named.values())), NEAR))
        topic = self.linker.topic
        if len(topic) == 2:
            pairs.append((tuple(c for c, _ in topic), topic[0][1], FAR))
        for codes, span, confidence in pairs:
            if all(code in codes for code in known):
                self._note("subject", span, confidence)
                self._note("partners", span, confidence)
                return codes[0], codes[1:]
        if len(known) == 1 and topic:
            self._note("subject", topic[0][1], FAR)
            return topic[0][0], known
        return None

    def _states(self, sentence: Sentence) -> dict[str, Span]:
        out: dict[str, Span] = {}
        for m in sentence.mentions:
            if m.kind == "state" or m.state:
                out.setdefault(m.state or m.code, Span(*sentence.span(m.first, m.last)))
        return out

    def _referred(self, subject: str | None, partners: tuple[str, ...]) -> tuple[str, ...]:
        """Resolve "the republic", "the region" to the state or group named last."""
        kinds = {h.row["kind"] for h in self.sentence.hits["references"].values()}
        if partners:
            return partners
        if "route" in kinds and self.frame in ("export", "carry"):
            route = self._route()
            self.inherited.pop("subject", None)
            return (route,) if route and route != subject else ()
        if not kinds & {"country", "region"} or self.frame == "own":
            return partners
        group = "region" in kinds
        if self.source is not None:
            for code in (*self.source.partners, self.source.subject):
                if code and code != subject and code not in ROUTES and (code in GROUPS) == group:
                    self._note("partners", self.source.span, NEAR)
                    return (code,)
        return partners

    def _note(self, slot: str, span: Span, confidence: float) -> None:
        self.inherited[slot] = span
        self.confidence[slot] = confidence


OIL = frozenset({"oil_export", "oil_transit", "oil_production"})
LASTING = frozenset({"pipeline_length", "railway_length", "route_length"})
ROUTES = frozenset({"CPC", "BTC", "TITR", "INSTC", "BTK", "CKU", "DRUZHBA", "ATYRAU_SAMARA", "ATASU_ALASHANKOU", "alternative_routes"})
PIPES = frozenset({"CPC", "BTC", "DRUZHBA", "ATYRAU_SAMARA", "ATASU_ALASHANKOU"})
TRANSPORT = frozenset(
    "freight_transit container_transit sea_freight freight_turnover port_throughput port_containers freight_carried".split()
)
NEEDS_PARTNER = frozenset({"mutual", "export", "import", "presence", "travel", "carry"})
GROUPS = frozenset("EU C_ASIA ASIA OTS CSTO EAEU SCO CIS NATO".split())
FAMILIES = (frozenset({"mutual", "export", "import", "carry", "reverse"}), frozenset({"invest", "presence", "own"}))


def _family(frame: str) -> frozenset[str]:
    out = frozenset({frame})
    for family in FAMILIES:
        if frame in family:
            out |= family
    return out


def _salience(m: Mention) -> tuple[int, int]:
    """Order mentions of a sentence by how likely the next sentence speaks of them."""
    return (0 if m.role in ("nom", "gen", "attr") else 1, m.first)


def _kin(a: Quantity, b: Quantity) -> bool:
    loose = frozenset({"percent", "times"})
    return a.unit_kind == b.unit_kind or bool({a.unit_kind, b.unit_kind} & loose)


def _akin(a: str | None, b: str | None) -> bool:
    """Tell whether two indicators are of one group, so that a period may carry over a full stop."""
    trade = frozenset({"trade_turnover", "export", "import"})
    oil = frozenset({"oil_export", "oil_transit"})
    return a == b or any(a in group and b in group for group in (trade, oil, TRANSPORT))
