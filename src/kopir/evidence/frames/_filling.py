"""Parties that a sentence part leaves open, filled from the nearest place that settles them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kopir.evidence._records import Span
from kopir.evidence.frames._drafts import (
    FAR,
    GROUPS,
    NEAR,
    NEEDS_PARTNER,
    PIPES,
    ROUTES,
    SURE,
    TOPIC,
    Context,
    Draft,
    family,
    salience,
)
from kopir.evidence.frames._frames import parties
from kopir.evidence.frames._ranking import ranks
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._mentions import Mention

OF_ALL = frozenset({"export", "import", "mutual", "balance"})
OF_PRODUCERS = frozenset({"OPEC"})
"""Groups that sell and never stand for who buys."""
DEALS = frozenset({"acquire", "mutual"})
OF_FIRMS = frozenset({"own", "acquire", "hold", "invest", "route"})
OF_FOCUS = frozenset({"own", "acquire", "hold", "balance", "export", "import"})
"""Frames whose open subject may be the one that the document is about."""
FLOWS = frozenset({"export", "import"})
OWNING = frozenset({"nom", "gen", "attr", "from", "at"})
"""Roles of one whose trade is told, in languages whose names bear their case."""
PARTNERING = frozenset({"to", "towards", "from", "with"})
"""Roles of who is the other side of another trade in the sentence, and so not whose trade is told."""
LEANING = frozenset({"export", "import", "mutual", "carry", "reverse", "invest", "balance", "own"})


@dataclass(slots=True)
class Filler:
    """Fills the parties that a sentence part leaves open, from the nearest place that settles them."""

    context: Context
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
        if self.frame in ("none", "cost"):
            return subject, partners
        if not partners and self.frame in OF_ALL and self._of_all():
            return self._subject((), left, self._usable()) if subject is None else subject, ()
        if subject is None and not partners and (told := self._deal_before()) is not None:
            return told
        if subject is None and not partners and (firm := self._opening()) is not None:
            return firm, ()
        settled = self._settled(subject, partners)
        return settled if settled is not None else self._filled(subject, partners, left)

    def _of_all(self) -> bool:
        """Tell whether the figure is a total ("total exports"): then no partner is taken from elsewhere."""
        trade = {
            i for i, h in self.sentence.hits["cues"].items() if h.row["cue"] in ("turnover", "export", "import")
        }
        return any(
            h.row["kind"] == "total" and h.first < self.at and h.last in trade and h.first not in trade
            for h in self.sentence.hits["references"].values()
        )

    def _deal_before(self) -> tuple[str | None, tuple[str, ...]] | None:
        """Take the parties of a purchase that the sentence before tells of ("The deal is worth ...")."""
        before = self.context.said[-1] if self.context.said else None
        if self.frame not in DEALS or before is None or self.sentence.paragraph - before.paragraph > 1:
            return None
        if self.sentence.mentions or not any(h.row["cue"] == "buy" for h in before.hits["cues"].values()):
            return None
        acting = [m for m in before.mentions if not m.speaker]
        given = parties("acquire", acting, at=len(before.tokens), share=False)
        if given.subject is None:
            return None
        for slot in ("subject", "partners"):
            self._note(slot, Span(before.start, before.end), FAR)
        return given.subject.code, tuple(m.code for m in given.partners)

    def _settled(
        self, subject: str | None, partners: tuple[str, ...]
    ) -> tuple[str | None, tuple[str, ...]] | None:
        """Return the parties that a reference or an earlier claim settles at once."""
        source = self._usable()
        if self.frame in ("mutual", "export", "import") and not (subject and partners):
            pair = self._pair((*((subject,) if subject else ()), *partners))
            if pair is not None:
                return pair
        inside = self.sentence.brackets[self.at]
        if subject is None and not partners and not inside and (subject := self._ordinal()) is not None:
            return subject, ()
        if subject is None and (subject := self._firm()) is not None:
            return subject, partners
        if self.frame == "own" and subject is None and (subject := self._home()) is not None:
            return subject, ()
        if subject is None and not partners and source is not None:
            for slot in ("subject", "partners"):
                sure = min(
                    source.confidence.get(slot, FAR) or FAR, SURE if source.sentence is self.sentence else NEAR
                )
                self._note(slot, source.span, sure)
            told = any(h.row["cue"] in ("export", "import") for h in self.sentence.hits["cues"].values())
            if source.frame == "carry" and self.frame in OF_ALL and told:
                return next((c for c in (source.subject, *source.partners) if c and c not in ROUTES), None), ()
            return source.subject, source.partners
        return None

    def _filled(
        self, subject: str | None, partners: tuple[str, ...], left: Sequence[Mention]
    ) -> tuple[str | None, tuple[str, ...]]:
        """Return the parties, open ones filled one by one."""
        source = self._usable()
        partners = self._referred(subject, partners)
        if self.frame == "carry" and subject in PIPES and self._along(subject) and not partners:
            state = self._named((subject,), "subject")
            if state is not None:
                return state, (subject,)
        if subject is None:
            subject = self._subject(partners, left, source)
        if not partners and subject is not None and self.frame in NEEDS_PARTNER:
            partners = self._partners(subject, left, source)
        if subject is None and partners and self.frame == "route":
            return partners[0], partners[1:]
        if subject is None and partners and self.frame == "carry":
            return partners[-1], partners[:-1]
        if self.frame == "carry" and subject not in ROUTES and source is not None and partners:
            held = tuple(c for c in source.partners if c in ROUTES)
            if held and not any(c in ROUTES for c in partners):
                partners = (*partners, *held)
        return subject, tuple(c for c in dict.fromkeys(partners) if c != subject)

    def _usable(self) -> Draft | None:
        if self.source is None or self.source.frame not in family(self.frame):
            return None
        return self.source

    def _subject(self, partners: tuple[str, ...], left: Sequence[Mention], source: Draft | None) -> str | None:
        right = [m for m in self.sentence.mentions if not m.speaker and m.role == "nom" and m.kind == "state"]
        if self.frame == "route":
            return self._route()
        candidates: list[Mention] = [*left, *right] if self.frame == "carry" else list(left)
        for m in candidates:
            if (
                m.code not in partners
                and m.kind in ("state", "group", "route", "firm")
                and m.role in ("nom", "gen", "attr")
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
        return self._named(partners, "subject") or self._focus(partners)

    def _of_country(self) -> bool:
        """Tell whether the sentence speaks of "the country"."""
        return any(h.row["kind"] in ("country", "home") for h in self.sentence.hits["references"].values())

    def _opening(self) -> str | None:
        """Return the firm that the document opens with, where no firm and no claim of one stands nearer."""
        held, source = self.context.focus, self._usable()
        about_firm = held is not None and self.context.opens_with_firm
        if held is None or not about_firm or self.frame not in OF_FIRMS:
            return None
        nearer = source is not None and source.subject is not None and source.subject not in GROUPS
        kinds = {h.row["kind"] for h in self.sentence.hits["references"].values()}
        if (
            nearer
            or kinds & {"country", "home"}
            or any(m.kind in ("firm", "name") for m in self.sentence.mentions)
        ):
            return None
        self._note("subject", held[1], FAR)
        return held[0]

    def _focus(self, partners: tuple[str, ...]) -> str | None:
        """Return whom the document is about, where the sentence names no other actor."""
        held = self.context.focus
        if self.frame not in OF_FOCUS or held is None or held[0] in partners:
            return None
        if self.context.opens_with_firm and self._of_country():
            return None
        self._note("subject", held[1], TOPIC)
        return held[0]

    def _firm(self) -> str | None:
        """Resolve "the company" to the firm that acted last, else to the one the document opens with."""
        kinds = {h.row["kind"] for h in self.sentence.hits["references"].values()}
        named = any(m.kind in ("firm", "name") and m.first < self.at for m in self.sentence.mentions)
        if "firm" not in kinds or named or self.frame not in OF_FIRMS:
            return None
        for sentence in reversed(self.context.said):
            for m in sentence.mentions:
                if m.kind in ("firm", "name") and m.role in ("nom", "gen", "attr", "by"):
                    self._note("subject", Span(*sentence.span(m.first, m.last)), FAR)
                    return m.code
        return None

    def _home(self) -> str | None:
        """Resolve "the country" said of a firm to the firm's home, else to the state spoken of."""
        kinds = {h.row["kind"] for h in self.sentence.hits["references"].values()}
        if not kinds & {"country", "home"}:
            return None
        for sentence in (self.sentence, *reversed(self.context.said)):
            for m in sorted(sentence.mentions, key=salience):
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
        said = self.context.said
        place = {"former": 0, "latter": 1}[kinds[-1]] if kinds else None
        if place is None or not said:
            return None
        codes = list(
            dict.fromkeys(m.code for m in said[-1].mentions if m.kind in ("route", "state") and not m.speaker)
        )
        if len(codes) != 2:
            return None
        self._note("subject", Span(said[-1].start, said[-1].end), FAR)
        return str(codes[place])

    def _route(self) -> str | None:
        """Return the route named last."""
        for sentence in (self.sentence, *reversed(self.context.said)):
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
        if self.frame == "travel":
            return source.partners if source is not None else ()
        if source is not None and self.frame != "carry":
            others = tuple(c for c in (*source.partners, source.subject) if c and c != subject)
            shared = subject == source.subject or subject in source.partners
            if others and (shared or source.sentence is self.sentence):
                self._note("partners", source.span, NEAR)
                return source.partners if source.subject == subject else others[:1]
        other = self._named((subject,), "partners")
        if self.frame in FLOWS and other is not None and self._among_many(subject, other):
            self.inherited.pop("partners", None)
            return ()
        beside = {m.state or m.code for m in self.sentence.mentions}
        if other is None or (other not in beside and self.context.is_report(self.sentence)):
            return ()
        return (other,)

    def _among_many(self, subject: str, other: str) -> bool:
        """Tell whether a text whose names bear their case names more than the two: then a bare flow is a total."""
        if not self.sentence.lexicon.cases:
            return False
        told = {
            m.state or m.code for s in self.context.sentences for m in s.mentions if m.kind in ("state", "group")
        }
        return bool(told - {subject, other})

    def _named(self, taken: tuple[str, ...], slot: str) -> str | None:
        """Return a state named before: a speaker of the sentence, the sentences before, the document's topic.

        Only trade and carriage lean on what was named before; whose project or output it is, the text must say.
        """
        if self.frame not in LEANING:
            return None
        for m in self.sentence.mentions:
            code = m.state or m.code
            if m.speaker and (m.kind in ("state", "group") or m.state) and code not in taken:
                self._note(slot, Span(*self.sentence.span(m.first, m.last)), FAR)
                return code
        for sentence in reversed(self.context.said):
            if self.sentence.paragraph - sentence.paragraph > 1:
                break
            for m in sorted(sentence.mentions, key=salience):
                code = m.state or m.code
                group = m.kind == "group" and slot != "partners"
                named = (m.kind == "state" or group or m.state) and code not in taken
                if named and (slot != "subject" or owns(m, sentence, self.frame)):
                    self._note(slot, Span(*sentence.span(m.first, m.last)), FAR)
                    return code
        aside = {m.code for m in self.sentence.mentions if m.role in PARTNERING} if slot == "subject" else set()
        for code, span in self.context.topic if self.frame != "carry" else ():
            if slot == "subject" and not may_own(self.context, code, self.frame):
                continue
            if code not in taken and code not in aside and not (slot == "partners" and code in OF_PRODUCERS):
                self._note(slot, span, TOPIC)
                return code
        return None

    def _pair(self, known: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]] | None:
        """Resolve "the two countries", "bilateral" to the pair spoken of last, else to the document's topic."""
        if not any(h.row["kind"] == "pair" for h in self.sentence.hits["references"].values()):
            return None
        pairs: list[tuple[tuple[str, ...], Span, float]] = []
        source = self._usable()
        if source is not None and source.subject and len(source.partners) == 1:
            told = (source.subject, *source.partners)
            if all(m.state or m.code in told or m.kind != "state" for m in self.sentence.mentions):
                pairs.append((told, source.span, NEAR))
        named = self._states(self.sentence)
        if len(named) == 2:
            pairs.append((tuple(named), next(iter(named.values())), NEAR))
        topic = self.context.topic
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
        if not kinds & {"country", "home", "region"} or self.frame == "own":
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


def owns(m: Mention, sentence: Sentence, frame: str) -> bool:
    """Tell whether a name may be whose trade a text tells: where names bear their case, its case says so."""
    if frame not in FLOWS or not sentence.lexicon.cases or m.kind == "person":
        return True
    return m.role in OWNING and not ranks(sentence)


def may_own(context: Context, code: str, frame: str) -> bool:
    """Tell whether a document names a state somewhere as one whose trade it may be."""
    return any(code == (m.state or m.code) and owns(m, s, frame) for s in context.sentences for m in s.mentions)
