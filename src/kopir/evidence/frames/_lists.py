"""Frames of lists: items under a heading or a total take from it what is measured, whose it is, and when.

"Main buyers of Peruvian goods in 2020:" then "– China – 3 bn"; "the programme costs 5 mln, of it: 2015 – 2 mln".
An item is a line without a cue of its own whose figure follows a dash, a colon or a bracket, or a period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from kopir.evidence._records import Span
from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames import _frames as frames
from kopir.evidence.frames._binding import FLOWS, Bound
from kopir.evidence.frames._drafts import Context, Draft
from kopir.evidence.sentence import _indicators as indicators
from kopir.evidence.sentence._clauses import Clause
from kopir.evidence.sentence._sentence import Sentence

LABEL, TITLE = 14, 26
"""Words that the label of an item may have; before a dash it may be the title of a programme."""
PARTS = frozenset({"programme", "project", "works", "source"})
"""Cues that the label of a part of a programme may hold."""
MARKS = frozenset("-:(")
LINES = 3
"""Lines of a year and its money that make a list."""
FRAMES = frozenset({"export", "import", "mutual", "balance", "own", "cost", "invest"})


@dataclass(frozen=True, slots=True)
class Head:
    """What a list stands under: its sentence, and the draft of its total where it names one."""

    sentence: Sentence
    total: Draft | None = None


def spanned(drafts: Sequence[Draft]) -> list[Draft]:
    """Give a total without a period the years of its parts, where they follow each other without a gap.

    Its parts by something else than time ("of it from the budget") are of all these years too.
    """
    out = list(drafts)
    for n, draft in enumerate(drafts):
        years = [int(d.period) for d in drafts[n + 1 :] if d.bound.total is draft.quantity and _is_year(d.period)]
        whole = len(years) > 1 and years == list(range(years[0], years[0] + len(years)))
        if draft.period is None and draft.frame == "cost" and whole:
            period = f"{years[0]}/{years[-1]}"
            for m in (n, *(k for k, d in enumerate(drafts) if d.bound.total is draft.quantity)):
                if out[m].period is None:
                    inherited = {**out[m].inherited, "period": draft.span}
                    out[m] = replace(out[m], period=period, inherited=inherited)
    return out


def _is_year(period: str | None) -> TypeGuard[str]:
    return period is not None and len(period) == len("2024") and period.isdigit()


@dataclass(slots=True)
class Lists:
    """The heads that items may stand under: a total, within it a part with parts of its own."""

    outer: Head | None = None
    inner: Head | None = None
    last: Draft | None = None
    programme: bool | None = None
    """Whether the text tells of a programme and lists its money by year, once that was asked."""

    def over(self, sentence: Sentence, quantity: Quantity, before: Sequence[Draft]) -> Head | None:
        """Return the head of a figure that is an item: the inner one unless the item has a period of its own."""
        if not is_item(sentence, quantity):
            return None
        self._open(sentence)
        if before:
            held = _total(sentence, before, quantity)
            told = held is not None and held.indicator is not None and held.frame in FRAMES
            return Head(sentence, held) if told else None
        return self.outer if _own_periods(sentence, quantity) or self.inner is None else self.inner

    def of_programme(self, sentence: Sentence, quantity: Quantity, context: Context) -> bool:
        """Tell a line of a year and its money ("в 2016 году – 5 млн рублей;") in a text about a programme.

        Such lines may stand without the head that they stood under, when a text begins in the middle of a list.
        """
        if quantity.unit_kind != "money" or len(sentence.figures) != 1 or not _is_year_line(sentence, quantity):
            return False
        if self.programme is None:
            self.programme = _tells_programme(context)
        return self.programme

    def _open(self, sentence: Sentence) -> None:
        """Begin a list under the total before where a line opens its parts: "of which, by year:"."""
        if sentence.role_at(0) != "part" or self.last is None or sentence is self.last.sentence:
            return
        self.inner = None
        if not self.last.bound.listed or self.outer is None:
            self.outer = Head(self.last.sentence, self.last)

    def hear(self, sentence: Sentence, drafts: Sequence[Draft]) -> None:
        """Take note of a sentence: it may head a list, go on with one, or end it."""
        listed = bool(sentence.figures) and is_item(sentence, sentence.figures[0])
        if listed and self.outer is not None and drafts:
            parts = _has_parts(sentence, drafts[0])
            own = _own_periods(sentence, drafts[0].quantity)
            self.inner = Head(sentence, drafts[0]) if parts else None if own else self.inner
        elif sentence.role_at(0) == "part" and not sentence.figures:
            self._open(sentence)
        elif sentence.figures or self.outer is None or sentence.tokens[-1].text == ":":
            self.outer = head_of(sentence, drafts)
            opened = len(drafts) > 1 and drafts[-1].bound.listed and _has_parts(sentence, drafts[-1])
            self.inner = Head(sentence, drafts[-1]) if opened else None
        totals = [d for d in drafts if d.indicator is not None and d.frame in FRAMES]
        self.last = totals[0] if len(totals) == 1 else None if drafts else self.last


def _tells_programme(context: Context) -> bool:
    alike = sum(
        len(s.figures) == 1 and s.figures[0].unit_kind == "money" and _is_year_line(s, s.figures[0])
        for s in context.sentences
    )
    told = any(h.row["cue"] == "programme" for s in context.sentences for h in s.hits["cues"].values())
    return told and alike >= LINES


def _is_year_line(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell a line that holds a year, a dash and a figure, and nothing else."""
    dated = {i for p in sentence.periods for i in range(p.first, p.last) if _is_year(p.text)}
    words = [i for i, t in enumerate(sentence.tokens[: quantity.first]) if t.kind != "sign" and i not in dated]
    bare = all(sentence.role_at(i) is not None or i in sentence.hits["periods"] for i in words)
    behind = sentence.tokens[quantity.last :]
    return bool(dated) and bare and all(t.kind == "sign" for t in behind)


def _own_periods(sentence: Sentence, quantity: Quantity) -> list[PeriodMention]:
    """Return the periods of the label of a figure: behind the figure before it, up to itself."""
    start = max((q.last for q in sentence.figures if q.last <= quantity.first), default=0)
    return [p for p in sentence.periods if start <= p.first < quantity.first]


def _has_parts(sentence: Sentence, draft: Draft) -> bool:
    """Tell whether a figure opens parts of its own: "of which", or a colon at the end of its line."""
    behind = range(draft.quantity.last, len(sentence.tokens))
    return any(sentence.role_at(i) == "part" or sentence.tokens[i].text == ":" for i in behind)


def _total(sentence: Sentence, before: Sequence[Draft], quantity: Quantity) -> Draft | None:
    """Return the last figure of the sentence behind which parts are opened, before a figure."""
    ends = [*(d.quantity.first for d in before[1:]), quantity.first]
    for draft, end in reversed(list(zip(before, ends, strict=True))):
        if any(sentence.role_at(i) == "part" for i in range(draft.quantity.last, end)):
            return draft
    return None


def head_of(sentence: Sentence, drafts: Sequence[Draft]) -> Head | None:
    """Return a sentence as the head of a list: one that ends in a colon or in "of which"."""
    tokens = sentence.tokens
    if not tokens:
        return None
    parts = any(h.row["role"] == "part" for h in sentence.hits["particles"].values())
    if not drafts and tokens[-1].text != ":":
        return None
    told = parts or any(t.text == ":" for t in tokens[drafts[0].quantity.last if drafts else 0 :])
    if not told:
        return None
    if not drafts:
        return Head(sentence) if not sentence.figures else None
    total = drafts[0]
    return Head(sentence, total) if total.indicator is not None and total.frame in FRAMES else None


def is_item(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell whether a figure is an item: a short label without a cue of its own, and a mark that it is one.

    The mark is a dash, a colon or a bracket before the figure, a period, a bullet, or a label that names where
    money comes from.
    """
    place = sentence.figures.index(quantity) if quantity in sentence.figures else 0
    start = sentence.figures[place - 1].last if place else 0
    first = quantity.first
    label = [h for h in indicators.telling(sentence) if start <= h.first < first]
    cues = {h.row["cue"] for h in label}
    if cues - indicators.WEAK - PARTS - {indicators.OTHER} or len({q.unit for q in sentence.figures}) > 1:
        return False
    words = sum(t.kind == "word" for t in sentence.tokens[start:first])
    opens = first == 0 and quantity.last < len(sentence.tokens) and sentence.tokens[quantity.last].text == "-"
    marked = opens or (first > 0 and sentence.tokens[first - 1].text in MARKS)
    if words > (TITLE if marked else LABEL):
        return False
    dated = any(start <= p.first and p.last in (first, first - 1) for p in sentence.periods)
    return dated or marked or sentence.tokens[start].text == "-" or "source" in cues


def item(head: Head, sentence: Sentence, quantity: Quantity, kind: str) -> Bound | None:
    """Bind an item by its head; ``None`` where the head does not tell what is measured."""
    told = _told(head, quantity, kind)
    if told is None:
        return None
    indicator, frame, subject = told
    out = Bound(indicator, frame, subject, listed=True, stretch=(0, len(sentence.tokens)))
    out.clause = Clause(0, len(sentence.tokens), (quantity,), ())
    out.modality = head.total.modality if head.total is not None else None
    out.total = head.total.quantity if head.total is not None else None
    named = [m for m in sentence.mentions if m.first < quantity.first and m.kind in ("state", "group")]
    if sentence.lexicon.cases:
        start = max((q.last for q in sentence.figures if q.last <= quantity.first), default=0)
        named = [m for m in named if m.first >= start]
    put = len(named) == 1 and (subject is not None or named[0].role in ("to", "from"))
    if frame in FLOWS | {"mutual", "balance"} and put:
        out.partners = (named[0].code,)
        out.rules["partners"] = "list:item"
    else:
        out.rules["partners"] = "list:none"
        if named:
            out.gaps.append(f"item unclear {named[0].code}")
    out.rules |= {"indicator": "list:head", "subject": "list:head"}
    periods = [p.text for p in head.sentence.periods if p.text and p.role != "compare"]
    if not _own_periods(sentence, quantity):
        out.period = head.total.period if head.total is not None else periods[0] if len(periods) == 1 else None
    out.inherited = {slot: Span(head.sentence.start, head.sentence.end) for slot in ("indicator", "subject")}
    _open(head, sentence, quantity, out)
    return out


def _told(head: Head, quantity: Quantity, kind: str) -> tuple[str, str, str | None] | None:
    if head.total is not None:
        same = head.total.quantity.unit == quantity.unit and head.total.kind == kind
        return (head.total.indicator or "", head.total.frame, head.total.subject) if same else None
    sentence = head.sentence
    end = len(sentence.tokens) - 1
    found = indicators.choose(sentence, replace(quantity, first=end, last=end + 1), kind, ())
    if found is None or not found.indicator or found.frame not in FRAMES:
        return None
    acting = [m for m in sentence.mentions if not m.speaker]
    subject = frames.parties(found.frame, acting, at=end, share=False).subject
    return found.indicator, found.frame, subject.code if subject is not None else None


def _open(head: Head, sentence: Sentence, quantity: Quantity, out: Bound) -> None:
    """Note what keeps an item open: a label that is neither an actor nor a period, a head that is not bound."""
    if head.total is not None and head.total.bound.parties is None:
        out.gaps.append("the total is not bound")
    if out.subject is None and out.frame != "cost":
        out.gaps.append("no subject")
    known: set[int] = set()
    for m in sentence.mentions:
        known.update(range(m.first, m.last))
    for p in sentence.periods:
        known.update(range(p.first, p.last))
    label = [i for i, t in enumerate(sentence.tokens[: quantity.first]) if t.kind == "word" and i not in known]
    if out.frame != "cost" and [i for i in label if sentence.role_at(i) is None]:
        out.gaps.append("a label of its own")
