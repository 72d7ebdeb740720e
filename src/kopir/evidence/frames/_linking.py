"""From figures to claims: each slot is filled near the figure, else from what was said before, else left empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kopir.evidence._records import Span
from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames import _frames as frames
from kopir.evidence.frames._binding import FLOWS, GIVING, Bound, bind
from kopir.evidence.frames._carrying import (
    as_source,
    carry_on,
    estimates,
    gone_on,
    kin,
    of_list,
    onward_of,
    settle_share,
    spoken_of,
    turned_round,
)
from kopir.evidence.frames._dating import Dating, estimated_before, is_season
from kopir.evidence.frames._drafts import (
    EVENTS,
    FAR,
    NEAR,
    NEEDS_PARTNER,
    OIL,
    SURE,
    Context,
    Draft,
    family,
)
from kopir.evidence.frames._filling import DEALS, Filler, may_own
from kopir.evidence.frames._frames import has_part, receives, sells, spends, wins
from kopir.evidence.frames._lists import Lists, item
from kopir.evidence.frames._measures import accumulated, measured_as, settled_by_text
from kopir.evidence.frames._ranking import in_ranking, ranked
from kopir.evidence.frames._worth import is_claim, leans
from kopir.evidence.sentence import _indicators as indicators
from kopir.evidence.sentence._chained import level_told
from kopir.evidence.sentence._changes import kind_of
from kopir.evidence.sentence._clauses import Clause, clauses
from kopir.evidence.sentence._earlier import earlier, taken_by_earlier
from kopir.evidence.sentence._paired import own_of_list, pairs
from kopir.evidence.sentence._places import crossing_named
from kopir.evidence.sentence._senses import apply_sign, lacking, modality_of, settle_bound, short_of
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._mentions import Mention

REMEMBERED = 8
EFFECTIVE = frozenset({"effective"})
PROMISES = frozenset({"plan", "target", "forecast"})
OF_HOME = frozenset({"export", "import", "mutual", "balance", "own", "carry", "invest"})
"""Frames whose open subject may be the state whose text it is."""
OF_ANYBODY = frozenset({"economic_loss", "capacity"})
"""Indicators of things that need not be of a state at all."""
OF_WHOLE = ("share", "oil_transit")
"""A share of carriage, which may be the part that the carriage is of a whole."""
OF_SOLE = frozenset({"export", "import", "mutual", "balance", "own"})
"""Frames whose open subject may be the only state that a document names."""


class Linker:
    """Links the figures of a document, sentence by sentence."""

    def __init__(self, date: str | None, sentences: Sequence[Sentence], about: str | None = None) -> None:
        self.date, self.about = date, about
        self.context = Context(sentences, date)
        self.dating = Dating(self.context)
        self._paragraph = -1
        self._unread: list[Sentence] = []
        self._lists = Lists()
        self._cut: tuple[Sentence, list[Clause]] | None = None

    def link(self, sentence: Sentence) -> list[Draft]:
        """Return the drafts of one sentence and remember what it said."""
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            self.context.traits = set()
            self._unread = []
        out: list[Draft] = []
        bare: list[Draft] = []
        if sentence.has_digit or any(t.text in EFFECTIVE for t in sentence.tokens):
            self._years(sentence)
        if sentence.quantities:
            for held in self._unread:
                self.context.traits |= self._traits(held)
            self._unread = []
        for quantity in sentence.quantities:
            said = sorted([*out, *bare], key=lambda d: d.quantity.first)
            draft = self._draft(sentence, self._whole(sentence, quantity, said), out)
            if draft is not None:
                (out if leans(draft.quantity, draft.indicator) else bare).append(draft)
        self._remember(sentence, out)
        self._lists.hear(sentence, out)
        return sorted([*out, *bare], key=lambda draft: draft.quantity.first)

    # ── memory ───────────────────────────────────────────────────────────────────────────────────

    def _years(self, sentence: Sentence) -> None:
        taken = taken_by_earlier(sentence)
        for p in sentence.periods:
            now = int(self.date[:4]) if self.date else 9999
            told = p.first not in taken and not (p.relative and p.months is not None)
            if p.year is not None and told and p.role != "compare" and p.year <= now:
                self.context.year, self.context.year_at = p.year, sentence.start
            opens = {t.text for t in sentence.tokens[max(0, p.first - 1) : p.first + 1]}
            if (p.day is not None or p.relative) and opens & EFFECTIVE:
                self.context.effective = self.dating.day(p)
            if p.day is not None and p.months is not None and (p.year or self.context.year):
                year = p.year or self.context.year
                self.context.event = p.text or f"{year}-{p.months[0]:02d}-{p.day:02d}"
                self.context.event_span = Span(*sentence.span(p.first, p.last))

    def _remember(self, sentence: Sentence, drafts: list[Draft]) -> None:
        context = self.context
        context.drafts.extend(drafts)
        self._unread.append(sentence)
        if any(d.indicator in OIL for d in drafts):
            context.traits.add("oil")
        context.said.append(sentence)
        del context.said[:-REMEMBERED]

    def _traits(self, sentence: Sentence) -> set[str]:
        found = {h.row["cue"] for h in sentence.hits["cues"].values()}
        out = found & {"oil", "gas", "arms"}
        if crossing_named(sentence):
            out.add("crossing")
        for m in sentence.mentions:
            trait = indicators.ROUTE_TRAITS.get(m.code)
            if trait:
                out.add(trait)
        return out

    def _known_traits(self, sentence: Sentence, before: Sequence[Draft]) -> set[str]:
        """Return the commodities and kinds of route that the sentence and what stood before it name."""
        oil = {"oil"} if any(d.indicator in OIL for d in before) else set()
        return self._traits(sentence) | self.context.traits | oil

    # ── one figure ───────────────────────────────────────────────────────────────────────────────

    def _whole(self, sentence: Sentence, quantity: Quantity, before: Sequence[Draft]) -> Quantity:
        """Give an elided unit back from the last figure of the sentence or paragraph."""
        described = quantity.suffix and sentence.lexicon.case_of(quantity.suffix) == "attr"
        if quantity.unit is not None or not quantity.scaled or described:
            return quantity
        for draft in reversed([*self._recent(sentence), *before]):
            held = draft.quantity
            if draft.sentence.brackets[held.first] and not sentence.brackets[quantity.first]:
                continue
            if held.unit_kind in ("money", "mass", "container", "volume", "oilvol"):
                said = [t.text for t in sentence.tokens[held.last : quantity.first]]
                beside = draft.sentence is sentence and ":" not in said and ";" not in said
                rate = quantity.rate or (held.rate if beside else None)
                return replace(quantity, unit=held.unit, unit_kind=held.unit_kind, rate=rate, elided=True)
        return quantity

    def _recent(self, sentence: Sentence) -> list[Draft]:
        return [d for d in self.context.drafts[-6:] if sentence.paragraph - d.sentence.paragraph <= 1]

    def _draft(self, sentence: Sentence, quantity: Quantity, before: Sequence[Draft]) -> Draft | None:
        if quantity.unit is None:
            return None
        quantity = quantity if quantity.settled else settled_by_text(quantity, self.context)
        kind, sign = kind_of(sentence, quantity)
        found = indicators.choose(sentence, quantity, kind, self._known_traits(sentence, before))
        inherited: dict[str, Span] = {}
        confidence = {"value": FAR if not quantity.settled else NEAR if quantity.elided else SURE}
        source = self._source(sentence, quantity, kind, before)
        bound = self._bound(sentence, quantity, kind, source, before)
        indicator, frame = self._indicator(found, source, quantity, inherited, confidence, share=kind == "share")
        if bound.settles:
            indicator, frame = self._settled(bound, inherited, confidence)
        if indicator is None and found is None and self._lists.of_programme(sentence, quantity, self.context):
            indicator, frame = "project_value", "cost"
        if (kind, indicator) == OF_WHOLE and self._carries_part(sentence, found, source, quantity):
            indicator = "oil_export"
        if not is_claim(sentence, quantity, kind, indicator):
            return None
        quantity = measured_as(sentence, quantity, indicator, found, self.context.drafts, before)
        mention = self.dating.nearest(sentence, quantity)
        indicator = self._stock(sentence, indicator, kind, mention, bound)
        subject, partners = bound.parties or self._parties(
            sentence, found, quantity, kind, frame, source, inherited, confidence
        )
        read_so = (kind, indicator, frame, subject, partners)
        subject, partners = as_source(sentence, quantity, bound, source, read_so, inherited)
        read = (indicator, frame, subject, partners)
        indicator, frame, subject, partners = spoken_of(self.context, sentence, read, inherited)
        settle_share(sentence, bound, found if kind == "share" else None, (subject, partners))
        carry_on(sentence, bound, source or next(reversed(self.context.drafts), None), subject, partners)
        period, months = self.dating.code(
            sentence, quantity, kind, indicator, mention, source, inherited, confidence
        )
        period = period or bound.period
        modality = bound.modality or self._modality(sentence, quantity, indicator, mention, period)
        if (again := self._estimated_again(sentence, quantity, source, period)) is not None:
            modality = again
        elif modality in PROMISES and (period or "").endswith("y_to_doc"):
            period = None
        elif modality in PROMISES and "period" in inherited and indicator not in EVENTS:
            period = months = None
            del inherited["period"]
        quantity = self._signed(sentence, settle_bound(sentence, quantity, modality, indicator), kind, sign, found)
        confidence["modality"] = NEAR if modality != "actual" else 0.93
        onward = onward_of(sentence, quantity, mention, source, (period, months))
        told = (indicator, frame, subject, partners, period, modality, inherited, confidence)
        return Draft(sentence, quantity, kind, *told, onward[1], onward[0], bound)

    def _estimated_again(
        self, sentence: Sentence, quantity: Quantity, source: Draft | None, period: str | None
    ) -> str | None:
        """Return how the figure was meant whose change or earlier estimate this is ("vs 10.0 last month")."""
        if source is not None and source.sentence is sentence and source.modality in PROMISES:
            level = level_told(sentence, quantity)
            if level is not None and level.first == source.quantity.first:
                return source.modality
        if source is None or source.months is not None or period is None or period != source.period:
            return None
        return source.modality if estimated_before(earlier(sentence, quantity)) else None

    def _settled(
        self, bound: Bound, inherited: dict[str, Span], confidence: dict[str, float]
    ) -> tuple[str | None, str]:
        """Take what the clause binds over what stands near."""
        inherited.pop("indicator", None)
        inherited |= bound.inherited
        confidence |= dict.fromkeys(("indicator", "subject", "partners"), SURE)
        return bound.indicator, bound.frame

    def _signed(
        self, sentence: Sentence, quantity: Quantity, kind: str, sign: int, found: indicators.Reading | None
    ) -> Quantity:
        """Give a fall, and a deficit, a negative value."""
        signed = apply_sign(quantity, kind, sign)
        short = found is not None and (found.cue in indicators.DEFICITS or indicators.lacks_money(found, quantity))
        if kind == "level" and short:
            return lacking(signed)
        bare = kind == "level" and (found is None or found.cue == indicators.OTHER)
        return lacking(signed) if bare and short_of(sentence, quantity) else signed

    def _bound(
        self, sentence: Sentence, quantity: Quantity, kind: str, source: Draft | None, before: Sequence[Draft]
    ) -> Bound:
        """Bind the frame of a figure; a share, and partners that the text has just named, keep it open."""
        if self._cut is None or self._cut[0] is not sentence:
            self._cut = (sentence, clauses(sentence))
        bound = self._listed(sentence, quantity, kind, before) or bind(sentence, quantity, kind, self._cut[1])
        if kind == "share" and bound.frame != "hold":
            bound.gaps.append("a share of what")
        self._of_home(sentence, bound)
        if not any(h.row["cue"] == "world" for h in sentence.hits["cues"].values()):
            self._of_sole(bound)
        unowned = bound.rules.get("subject", "").startswith("nobody:")
        if unowned and bound.indicator not in ("project_value", "project_count", "price") and self.context.topic:
            bound.gaps.append("nobody named beside it")
        if bound.rules.get("partners") in ("none", "invest") and source is not None and source.partners:
            bound.gaps.append("partners said before")
        return bound

    def _stock(
        self, sentence: Sentence, indicator: str | None, kind: str, mention: PeriodMention | None, bound: Bound
    ) -> str | None:
        """Read investment since a day, or attracted in all, as what was invested in total."""
        if indicator != "investment_flow" or kind != "level" or (mention is not None and mention.role != "since"):
            return indicator
        if mention is None and not accumulated(sentence):
            return indicator
        if bound.settles:
            bound.indicator = "investment_stock"
        return "investment_stock"

    def _listed(self, sentence: Sentence, quantity: Quantity, kind: str, before: Sequence[Draft]) -> Bound | None:
        """Bind a figure that is an item of a list."""
        head = self._lists.over(sentence, quantity, before)
        return None if head is None else item(head, sentence, quantity, kind)

    def _of_home(self, sentence: Sentence, bound: Bound) -> None:
        """Give "the republic", "our country", a bare ministry and what is domestic to the document's own state."""
        clause = bound.clause
        if self.about is None or clause is None or bound.frame not in OF_HOME:
            return
        refers = [h for i, h in sentence.hits["references"].items() if clause.holds(i)]
        own = [h for h in refers if h.row["kind"] in ("country", "home")]
        offices = any(h.row["kind"] in ("office", "title") for h in sentence.hits["speech"].values())
        bare = offices and not any(m.kind == "state" or m.state for m in sentence.mentions)
        if "no subject" not in bound.gaps or not (own or bare):
            return
        settled = {f"reference {sentence.tokens[h.first].text}" for h in own} | {"no subject"}
        bound.gaps[:] = [gap for gap in bound.gaps if gap not in settled]
        bound.subject = self.about
        bound.rules["subject"] = "about:reference" if own else "about:office"

    def _of_sole(self, bound: Bound) -> None:
        """Give an open subject the only state that the document names."""
        told = bound.frame in OF_SOLE and bound.indicator not in OF_ANYBODY
        sole = self.context.sole if "no subject" in bound.gaps and told else None
        if sole is not None and sole[0] not in bound.partners and may_own(self.context, sole[0], bound.frame):
            bound.gaps.remove("no subject")
            bound.subject = sole[0]
            bound.rules["subject"] = f"sole:{bound.frame}"
            bound.inherited["subject"] = sole[1]

    def _source(self, sentence: Sentence, quantity: Quantity, kind: str, before: Sequence[Draft]) -> Draft | None:
        """Return the earlier claim that this one leans on, if any."""
        bracket = sentence.brackets[quantity.first]
        for draft in reversed(before):
            inside = sentence.brackets[draft.quantity.first]
            if not inside or inside == bracket:
                return draft
        if before:
            return before[-1]
        recent = [d for d in self._recent(sentence) if d.sentence.paragraph == sentence.paragraph]
        return recent[-1] if recent else gone_on(self.context, sentence, quantity, kind)

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
        if found is not None and found.cue == indicators.OTHER:
            confidence["indicator"] = 0.0
            return None, "none"
        if found is not None and found.cue == "reverse" and source is not None and source.indicator is not None:
            inherited["indicator"] = source.span
            confidence["indicator"] = NEAR
            return source.indicator, "reverse"
        if found is not None and not (
            found.cue in indicators.WEAK and source is not None and found.distance > 12 and source.indicator
        ):
            confidence["indicator"] = SURE if found.distance <= 8 else NEAR if found.distance <= 20 else FAR
            return found.indicator, found.frame
        if source is not None and source.indicator is not None and kin(source.quantity, quantity):
            inherited["indicator"] = source.span
            confidence["indicator"] = min(NEAR, source.confidence.get("indicator", NEAR))
            if share and source.kind != "share":
                confidence["indicator"] = FAR
            return source.indicator, source.frame
        confidence["indicator"] = 0.0
        return None, "none"

    def _carries_part(
        self, sentence: Sentence, found: indicators.Reading | None, source: Draft | None, share: Quantity
    ) -> bool:
        """Tell whether the carriage is the part of a share ("carried 33 Mt, 83 % of the total"), not its whole.

        What a route carries is no share of itself: the whole is then what leaves by all routes. In "90 % of what
        the pipeline carries" and in "of which 90 %" the carriage is the whole.
        """
        told = source is not None and source.sentence is sentence and source.kind == "level"
        if told and source is not None and source.indicator == "oil_transit":
            return not self._part_of(sentence, source.quantity, share)
        if found is None:
            return False
        late = sentence.lexicon.settings["verb_side"] == "after"
        return (found.place[0] >= share.last) if late else (found.place[1] <= share.first)

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
        if (
            same
            and source is not None
            and frame == "mutual"
            and len(own) == 1
            and self._part_of(sentence, source.quantity, quantity)
        ):
            given = frames.Parties(None, (own[0],))
        if not own or (given.subject is None and not given.partners):
            given = frames.parties(frame, left, at=quantity.first, share=share, cue=cue)
            if same and left and source is not None and source.frame in family(frame):
                given = frames.Parties()
        given = self._converse(sentence, quantity, found, given, own or left)
        if (placed := ranked(sentence, quantity, frame)) is not None:
            given, left = in_ranking(frame, placed, [*left, *own]), []
        elif frame in FLOWS and (listed := of_list(sentence, quantity, own)):
            given, left = frames.Parties(None, listed), []
        subject = given.subject.code if given.subject else None
        partners = tuple(m.code for m in given.partners)
        confidence["subject"] = confidence["partners"] = SURE if subject else 0.0
        if reverse and source is not None:
            return turned_round(source, inherited, confidence)
        filler = Filler(self.context, sentence, frame, source, inherited, confidence, quantity.first)
        return self._unless_taker(sentence, quantity, frame, filler.fill(subject, partners, left), inherited)

    def _converse(
        self,
        sentence: Sentence,
        quantity: Quantity,
        found: indicators.Reading | None,
        given: frames.Parties,
        actors: Sequence[Mention],
    ) -> frames.Parties:
        """Turn the parties round where money is told of by who receives it, a deal by who sells."""
        if found is None:
            return given
        if found.frame in GIVING and receives(sentence, quantity):
            return frames.receiving(given, actors)
        if found.indicator == "deals_value" and wins(sentence, quantity):
            return frames.receiving(given, actors)
        if found.indicator == "deals_value" and sells(sentence, quantity):
            return frames.selling(actors)
        if found.frame == "hold" and has_part(sentence):
            return frames.having(given, actors)
        if found.frame == "cost" and spends(sentence, quantity):
            return frames.spending(given, actors)
        return given

    def _unless_taker(
        self,
        sentence: Sentence,
        quantity: Quantity,
        frame: str,
        filled: tuple[str | None, tuple[str, ...]],
        inherited: dict[str, Span],
    ) -> tuple[str | None, tuple[str, ...]]:
        """Take who was spoken of before for the one that receives, where the sentence is told from that side."""
        subject, partners = filled
        named = {sentence.tokens[m.first].start for m in sentence.mentions}
        elsewhere = "subject" in inherited and inherited["subject"].start not in named
        if elsewhere and frame in GIVING and receives(sentence, quantity):
            return None, partners or ((subject,) if subject else ())
        if elsewhere and frame in DEALS and sentence.lexicon.cases and sells(sentence, quantity):
            return None, partners
        return subject, partners

    def _part_of(self, sentence: Sentence, whole: Quantity, part: Quantity) -> bool:
        return any(sentence.role_at(i) == "part" for i in range(whole.last, part.first))

    def _scope(self, sentence: Sentence, quantity: Quantity, *, wide: bool) -> tuple[list[Mention], list[Mention]]:
        """Mentions of the figure's own part of the sentence, and those to the left of it."""
        before = [q for q in sentence.quantities if q.unit is not None and q.last <= quantity.first]
        edges = [] if pairs(sentence) else [min(sentence.edge(q), quantity.first) for q in before]
        lower = max(edges, default=0)
        upper = len(sentence.tokens) if wide else sentence.edge(quantity)
        turn, bracket = sentence.turn(quantity.first), sentence.brackets[quantity.first]
        named = own_of_list(sentence, quantity, sentence.mentions)
        acting = [m for m in named if not m.speaker and sentence.brackets[m.first] in (0, bracket)]
        own = [m for m in acting if max(lower, turn) <= m.first < upper]
        left = [m for m in acting if turn <= m.first < upper]
        return own, left

    def _modality(
        self,
        sentence: Sentence,
        quantity: Quantity,
        indicator: str | None,
        mention: PeriodMention | None,
        period: str | None,
    ) -> str:
        now = int(self.date[:4]) if self.date else None
        years = [int(part[:4]) for part in (period or "").split("/") if part[:4].isdigit()]
        future = bool(years) and now is not None and years[0] > now
        still = int(is_season(period))
        past = bool(years) and now is not None and years[-1] < now - still and mention is not None
        found = modality_of(sentence, quantity, indicator, future=future, past=past)
        return "forecast" if found == "actual" and self._forecast_before(sentence, indicator, period) else found

    def _forecast_before(self, sentence: Sentence, indicator: str | None, period: str | None) -> bool:
        """Tell a season that is not over and that the text forecasts: "imports in 1986/87, at 28 mln tonnes"."""
        ends = (period or "").partition("/")[2]
        if not (ends.isdigit() and self.date and int(ends) >= int(self.date[:4])) or estimates(sentence):
            return False
        alike = [d for d in self.context.drafts if d.indicator == indicator and d.period == period]
        return any(d.modality == "forecast" for d in alike)
