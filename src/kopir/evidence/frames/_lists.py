"""Frames of lists: items under a heading or a total take from it what is measured, whose it is, and when.

"Main buyers of Peruvian goods in 2020:" then "– China – 3 bn"; "the programme costs 5 mln, of it: 2015 – 2 mln".
An item is a line without a cue of its own whose figure follows a dash, a colon or a bracket, or a period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kopir.evidence._records import Span
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames import _frames as frames
from kopir.evidence.frames._binding import FLOWS, Bound
from kopir.evidence.frames._drafts import Draft
from kopir.evidence.sentence import _indicators as indicators
from kopir.evidence.sentence._clauses import Clause
from kopir.evidence.sentence._sentence import Sentence

LABEL = 14
"""Words that the label of an item may have."""
MARKS = frozenset("-:(")
FRAMES = frozenset({"export", "import", "mutual", "balance", "own", "cost", "invest"})


@dataclass(frozen=True, slots=True)
class Head:
    """What a list stands under: its sentence, and the draft of its total where it names one."""

    sentence: Sentence
    total: Draft | None = None


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
    """Tell whether a figure is an item: a short label, no cue, and a mark or a period before the figure."""
    cues = [h for h in indicators.telling(sentence) if h.row["cue"] not in indicators.WEAK | {indicators.OTHER}]
    words = sum(t.kind == "word" for t in sentence.tokens[: quantity.first])
    if cues or words > LABEL or len(sentence.figures) > 1:
        return False
    first = quantity.first
    dated = any(p.last == first or p.last == first - 1 for p in sentence.periods)
    return dated or (first > 0 and sentence.tokens[first - 1].text in MARKS)


def item(head: Head, sentence: Sentence, quantity: Quantity, kind: str) -> Bound | None:
    """Bind an item by its head; ``None`` where the head does not tell what is measured."""
    told = _told(head, quantity, kind)
    if told is None:
        return None
    indicator, frame, subject = told
    out = Bound(indicator, frame, subject, listed=True, stretch=(0, len(sentence.tokens)))
    out.clause = Clause(0, len(sentence.tokens), (quantity,), ())
    out.modality = head.total.modality if head.total is not None else None
    named = [m for m in sentence.mentions if m.first < quantity.first and m.kind in ("state", "group")]
    if frame in FLOWS | {"mutual", "balance"} and len(named) == 1 and subject is not None:
        out.partners = (named[0].code,)
        out.rules["partners"] = "list:item"
    else:
        out.rules["partners"] = "list:none"
        if named:
            out.gaps.append(f"item unclear {named[0].code}")
    out.rules |= {"indicator": "list:head", "subject": "list:head"}
    periods = [p.text for p in head.sentence.periods if p.text and p.role != "compare"]
    if head.total is None and len(periods) == 1 and not sentence.periods:
        out.period = periods[0]
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
    if [i for i in label if sentence.role_at(i) is None]:
        out.gaps.append("a label of its own")
