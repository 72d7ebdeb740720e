"""Parties from beside the frame: those that go on from the claim before, and those of a share of a trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kopir.evidence._records import Span
from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames._binding import FLOWS, LISTING, Bound
from kopir.evidence.frames._confidence import LEAD
from kopir.evidence.frames._drafts import FAR, NEAR, OF_REPORT, Context, Draft, salience
from kopir.evidence.frames._frames import Cue, measured, parties
from kopir.evidence.sentence import _indicators as indicators
from kopir.evidence.sentence._earlier import earlier
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._mentions import Mention

ACTORS = frozenset({"state", "group", "firm", "name"})
Read = tuple[str | None, str, str | None, tuple[str, ...]]
"""Indicator, frame, subject and partners of a figure."""
TOOK = frozenset({"took", "take", "taking"})
PARTIES = ("subject", "partners")
OF_TRADE = FLOWS | {"mutual"}
SETTLED = ("several subjects", "loose actor", "a share of what", "no subject", "item unclear")
"""Beginnings of the gaps that are closed by knowing whose trade is shared out and who holds the share."""
ACTING = frozenset({"state", "group"})
UNNAMED = frozenset({"no subject", "nobody named beside it"})
"""Gaps of a claim whose sentence names nobody."""


def carry_on(
    sentence: Sentence, bound: Bound, before: Draft | None, subject: str | None, partners: tuple[str, ...]
) -> None:
    """License the subject of the claim before in ``bound``, where the sentence itself names nobody else.

    The claim before must have its subject from a licensed construction and stand in the same paragraph or the
    one before, and the sentence must hold no word that stands for an actor.
    """
    if before is None or subject is None or subject != before.subject or bound.subject is not None:
        return
    named = {m.state or m.code for m in sentence.mentions if m.kind in ACTORS}
    others = named - {subject} or sentence.hits["references"] or sentence.hits["bodies"]
    rule = before.bound.rules.get("subject", LEAD)
    far = sentence.paragraph - before.sentence.paragraph > 1
    if far or others or rule.startswith((LEAD, "nobody")) or bound.indicator is None:
        return
    if set(partners) != set(bound.partners) or before.bound.subject != subject:
        return
    bound.subject = subject
    bound.rules["subject"] = f"carried:{bound.frame}"
    bound.gaps[:] = [gap for gap in bound.gaps if gap not in UNNAMED]


def shared_with(
    sentence: Sentence, source: Draft, told: tuple[str, str, str | None], at: int, inherited: dict[str, Span]
) -> tuple[str, ...]:
    """Return whom a share or part goes to by the level before: "42 Mt to B, 70% of total exports".

    ``told`` are kind, frame and subject of the figure at token ``at``; a part of money put in goes where all goes.
    """
    kind, frame, subject = told
    part = frame == "invest" and any(sentence.role_at(i) == "part" for i in range(source.quantity.last, at))
    if source.sentence is not sentence or not (part or (kind == "share" and frame in FLOWS)):
        return ()
    alike = source.kind == "level" and source.frame == frame and (part or subject in (None, source.subject))
    if alike and source.partners:
        inherited["partners"] = source.span
    return source.partners if alike else ()


def compared_with(sentence: Sentence, quantity: Quantity, source: Draft) -> bool:
    """Tell a figure set against the one before it with no name of its own: "5 bn with B in 1986, against 4 bn"."""
    if (
        source.sentence is not sentence
        or source.quantity.unit_kind != quantity.unit_kind
        or source.kind != "level"
    ):
        return False
    past = earlier(sentence, quantity)
    held = sentence.figures
    beside = any(
        q.first == source.quantity.first and n + 1 < len(held) and held[n + 1].first == quantity.first
        for n, q in enumerate(held)
    )
    if past is None or not beside:
        return False
    end = next((q.first for q in held if q.first > quantity.first), len(sentence.tokens))
    named = [m for m in sentence.mentions if m.kind in ACTORS and source.quantity.last <= m.first < end]
    return {m.code for m in named} <= {source.subject, *source.partners}


def compare(bound: Bound, source: Draft) -> tuple[str | None, tuple[str, ...]]:
    """Give a figure the parties of the one it is compared with, licensed where those are."""
    if bound.indicator == source.bound.indicator and not source.bound.gaps:
        bound.subject, bound.partners = source.bound.subject, source.bound.partners
        bound.rules |= {slot: source.bound.rules[slot] for slot in PARTIES if slot in source.bound.rules}
    return source.subject, source.partners


def spoken_of(context: Context, sentence: Sentence, read: Read, inherited: dict[str, Span]) -> Read:
    """Return a reading with what the report as a whole says: whom it is about, whose trade is told."""
    indicator, frame, subject, partners = read
    if indicator == "trade_balance" and subject is not None:
        return (indicator, frame, *_balanced(context, sentence, subject, partners, inherited))
    seller = _taken_from(context, sentence, subject) if indicator == "import" and not partners else None
    if seller is not None:
        return "export", "export", seller, (subject,) if subject else ()
    about = context.reported_on(sentence) if subject is None and indicator in OF_REPORT else None
    if about is not None and about[0] not in partners:
        subject, inherited["subject"] = about
    return indicator, frame, subject, partners


def _balanced(
    context: Context, sentence: Sentence, subject: str, partners: tuple[str, ...], inherited: dict[str, Span]
) -> tuple[str | None, tuple[str, ...]]:
    """Turn to who was spoken of before where a balance would be one with itself ("its surplus with X")."""
    across = any(m.code == subject and m.role == "with" for m in sentence.mentions)
    said = context.said[-1] if context.said else None
    others = [m for m in said.mentions if m.kind == "state" and m.code != subject] if said is not None else []
    if not across or said is None or not others or set(partners) - {subject}:
        return subject, partners
    owner = sorted(others, key=salience)[0]
    inherited["subject"] = Span(*said.span(owner.first, owner.last))
    return owner.code, (subject,)


def onward_of(
    sentence: Sentence,
    quantity: Quantity,
    mention: PeriodMention | None,
    source: Draft | None,
    own: tuple[str | None, tuple[int, int] | None],
) -> tuple[str | None, tuple[int, int] | None]:
    """Return the period that later figures may inherit: never that of a figure compared with."""
    aside = (mention is not None and mention.role == "previous_year") or earlier(sentence, quantity) is not None
    return (source.onward, source.months) if aside and source is not None else own


def kin(a: Quantity, b: Quantity) -> bool:
    if b.unit_kind in indicators.SIZES:
        return a.unit_kind == b.unit_kind
    loose = frozenset({"percent", "times"})
    if a.unit_kind in loose:
        return b.unit_kind in loose | indicators.AMOUNTS
    return a.unit_kind == b.unit_kind or b.unit_kind in loose


def estimates(sentence: Sentence) -> bool:
    """Tell a sentence that gives an estimate, which stays what is."""
    return any(t.text in ("estimated", "estimates", "put") for t in sentence.tokens)


def _taken_from(context: Context, sentence: Sentence, taker: str | None) -> str | None:
    """Return whose exports a report tells by who took them: "French exports rose. Chad took 5 t, Peru 3 t"."""
    if not context.is_report(sentence) or not any(t.text in TOOK for t in sentence.tokens):
        return None
    trade = [d for d in context.drafts if d.indicator in FLOWS and d.subject is not None]
    told = trade[-1] if trade else None
    return told.subject if told is not None and told.indicator == "export" and told.subject != taker else None


def settle_share(
    sentence: Sentence,
    bound: Bound,
    trade: indicators.Reading | None,
    told: tuple[str | None, tuple[str, ...]],
) -> None:
    """License the parties of a share where the clause names just two, one of them tied to the trade itself.

    ``trade`` is what the share is read to be of, ``told`` the subject (whose trade it is) and the partners read.
    """
    clause, (subject, partners) = bound.clause, told
    if clause is None or trade is None or bound.frame not in OF_TRADE or not clause.holds(trade.place[0]):
        return
    acting = [m for m in sentence.mentions if clause.holds(m.first) and not m.speaker]
    cue = Cue(*trade.place, late=sentence.lexicon.settings["verb_side"] == "after")
    whose = measured([m for m in acting if m.kind in ACTING], cue)
    others = {m.code: m for m in acting if whose is not None and m.code != whose.code}
    if whose is None or len(others) != 1 or any(m.kind not in ACTING for m in acting):
        return
    if any(q.unit_kind != "percent" for q in clause.figures):
        return
    ((holder, by),) = others.items()
    if {subject, *partners} != {whose.code, holder} or len(partners) != 1:
        return
    bound.subject, bound.partners = subject, partners
    bound.rules |= {"subject": f"share:{bound.frame}:{whose.role}", "partners": f"share:held:{by.role}"}
    bound.gaps[:] = [gap for gap in bound.gaps if not gap.startswith(SETTLED)]


def of_list(sentence: Sentence, quantity: Quantity, own: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the other side that a figure is put to: "the main buyers were X with 5 Mt, Y 3 Mt"."""
    told = any(h.row["cue"] in LISTING and h.first < quantity.first for h in sentence.hits["cues"].values())
    return tuple(m for m in own if m.kind in ("state", "group") and m.first < quantity.first)[-1:] if told else ()


def turned_round(
    source: Draft, inherited: dict[str, Span], confidence: dict[str, float]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the parties of the claim before the other way round."""
    inherited["subject"] = inherited["partners"] = source.span
    confidence["subject"] = confidence["partners"] = NEAR
    if not source.partners:
        return None, ()
    return source.partners[0], tuple(c for c in (source.subject, *source.partners[1:]) if c)


def as_source(
    sentence: Sentence,
    quantity: Quantity,
    bound: Bound,
    source: Draft | None,
    read: tuple[str, str | None, str, str | None, tuple[str, ...]],
    inherited: dict[str, Span],
) -> tuple[str | None, tuple[str, ...]]:
    """Return the parties of a figure that is set against the claim before or is a part of it.

    ``read`` are kind, indicator, frame, subject and partners of the figure so far.
    """
    kind, indicator, frame, subject, partners = read
    partners = tuple(code for code in partners if code != subject)
    if source is None:
        return subject, partners
    if source.indicator == indicator and compared_with(sentence, quantity, source):
        subject, partners = compare(bound, source)
    return subject, partners or shared_with(sentence, source, (kind, frame, subject), quantity.first, inherited)


def gone_on(context: Context, sentence: Sentence, quantity: Quantity, kind: str) -> Draft | None:
    """Return what the sentence before speaks of without a figure, where this one goes on with "it".

    "Ghana makes more cocoa. In 2021 it came to 1 Mt": the one thing of the sentence before that it can be of.
    """
    goes_on = any(h.row["kind"] == "it" and h.first < quantity.first for h in sentence.hits["references"].values())
    before = context.said[-1] if context.said else None
    if not goes_on or before is None or sentence.paragraph - before.paragraph > 1:
        return None
    hits = [h for h in indicators.telling(before) if h.row["cue"] not in indicators.WEAK]
    present = indicators.said(before, indicators.telling(before))
    ruled = [(indicators.rule_for(h.row["cue"], present, quantity, kind), h) for h in hits]
    told = {rule: hit for rule, hit in reversed(ruled) if rule is not None}
    if len({rule.indicator for rule in told}) != 1:
        return None
    (indicator, frame), hit = next(iter(told.items()))
    cue = Cue(hit.first, hit.last, late=before.lexicon.settings["verb_side"] == "after")
    acting = [m for m in before.mentions if not m.speaker]
    given = parties(frame, acting, at=len(before.tokens), share=False, cue=cue)
    subject = given.subject.code if given.subject else None
    partners = tuple(m.code for m in given.partners)
    place = replace(quantity, first=hit.first, last=hit.last)
    sure = {"indicator": FAR, "subject": FAR, "partners": FAR}
    return Draft(before, place, "level", indicator, frame, subject, partners, None, "actual", {}, sure)
