"""Publication: a claim stands when every slot is bound by a licensed construction and no reading competes.

:func:`licence` names the construction of each slot and lists what keeps the claim from being published.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kopir.evidence.figures._calendar import month_code
from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.frames._binding import Bound
from kopir.evidence.frames._confidence import LEAD, counts, doubted, floor
from kopir.evidence.frames._dating import says_period, says_year
from kopir.evidence.frames._doubts import doubt_of
from kopir.evidence.frames._drafts import LASTING, STOCKS, Draft
from kopir.evidence.sentence._chained import level_reached
from kopir.evidence.sentence._changes import brings_out, past_comparison
from kopir.evidence.sentence._doubtful import (
    asks,
    hedging,
    led_by_unknown,
    quotes,
    supposing,
    unknown,
    unread_time,
)
from kopir.evidence.sentence._earlier import compared_behind, earlier, taken_by_earlier
from kopir.evidence.sentence._goods import Good
from kopir.evidence.sentence._paired import label_of
from kopir.evidence.sentence._senses import meaning
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import Hit

OWN_WORDS = 2
BESIDE = 2
CARRIED = 120
"""Characters over which the period of the claim before carries into the next sentence."""
PHYSICAL = frozenset({"mass", "volume", "oilvol"})
OF_GOODS = frozenset({"export", "import", "production", "consumption", "stocks"})
UNDATED = STOCKS | LASTING | {"price", "quota", "opec_quota", "capacity_utilisation", "penalty"}
"""Indicators that may stand without a period: what is so until further notice."""
UNOWNED = frozenset({"price", "project_value", "penalty"})
"""Indicators that may stand without an actor or a place: what they are of is a good, works or an offence."""
PART_OF_MONTH = frozenset({"days", "weeks", "week", "дней", "дня", "недели", "gün", "günü", "күн", "күнінде"})
COUNTED = frozenset({"purchase_count", "deals_count"})
"""Indicators of things that are counted by nature, of firms as of states."""
RECEIVED = frozenset({"give", "invest", "travel"})
"""Frames of what comes to someone, who may stand for the actor: who gives or comes need not be named."""
OF_PROGRAMMES = (":programme", "list:head")
"""Ends of the rules of programme money: a name beside it tells the place of the programme, not an actor."""
OF_WORKS = (":works", ":spent", ":structure")
"""Ends of the rules of what works cost, which must have a name."""
EARLIER = "earlier:"
"""Beginning of the rules that date a figure which something is compared with."""
OF_EARLIER = frozenset({"compared figure", "figure left behind"})
"""Gaps of a figure of an earlier time, closed by the period that stands right behind it."""
SPANS = frozenset({"week", "month", "period", "quarter", "season", "half", "неделю", "неделе", "месяц", "период"})
"""Words of a span of time that the text names and no period says."""
SET_AGAINST = frozenset(
    {"same", "from", "versus", "against", "over", "on", "after", "before", "until", "following"}
    | {"аналогичном", "после"}
)
"""Words before a period that something is set against or that came before."""
LEAVING = frozenset({"с", "from"})
REACHING = frozenset({"до", "to", "at"})
RECORD = frozenset(
    {"a", "an", "the", "new", "record", "provisional", "adjusted", "seasonally", "revised", "total"}
)
"""Words between such a word and the level."""


@dataclass(frozen=True, slots=True)
class Licence:
    """What filled each slot of a claim, how sure it is, and what keeps the claim from being published."""

    rules: Mapping[str, str]
    confidence: Mapping[str, float]
    gaps: tuple[str, ...]


def licence(draft: Draft, bound: Bound, good: Good, *, placed: bool = False) -> Licence:
    """Weigh one claim: what its clause licenses, what is open in it, and how often such readings are right.

    ``placed`` says that the figure is of a named place, which then stands for the actor.
    """
    rules = _rules(draft, bound)
    reasons = [*bound.gaps, *_differs(draft, bound), *_competing(draft, bound), *_own_time(draft, rules["period"])]
    found = {"period": rules["period"], "modality": _modality(draft, bound), "kind": _kind(draft, bound)}
    if _supposed(draft, bound):
        reasons.append("supposed, not told")
    for slot, rule in found.items():
        if rule is None or rule.startswith(LEAD):
            reasons.append(f"{slot} not bound")
        rules[slot] = rule or _lead(draft, slot)
    reasons += _lacking(draft, good, placed=placed)
    rules["value"] = f"stated:{_written(draft)}"
    doubts = [doubt_of(why) for why in reasons]
    forbidden = any(doubt.forbids for doubt in doubts)
    for slot, rule in rules.items():
        rules[slot] = doubted(rule, (d.name for d in doubts if d.slot == slot and not d.forbids))
    table = counts()
    sure = table.claim(rules)
    least = floor(draft.sentence.lexicon.language, rules)
    if not forbidden and sure >= least:
        reasons = []
    elif not forbidden:
        reasons.append(f"confidence {sure:.2f} below {least:.2f}")
    confidence = {slot: table.slot(slot, rule) for slot, rule in rules.items()}
    return Licence(rules, confidence, tuple(dict.fromkeys(reasons)))


def _rules(draft: Draft, bound: Bound) -> dict[str, str]:
    """Name what filled indicator, parties and period: what the clause bound, else how it was come by."""
    told = {
        "indicator": draft.indicator == bound.indicator,
        "subject": draft.subject == bound.subject,
        "partners": set(draft.partners) == set(bound.partners),
    }
    rules = {slot: bound.rules.get(slot) if same else None for slot, same in told.items()}
    rules["period"] = _period(draft, bound)
    return {slot: rule or _lead(draft, slot) for slot, rule in rules.items()}


def _own_time(draft: Draft, period: str) -> Iterator[str]:
    """Reasons of the figure itself, without those that a period right behind it settles."""
    dated = draft.kind == "level" and period.startswith("beside") and not _part_of_year(draft)
    dated = dated or period.startswith(EARLIER)
    yield from (gap for gap in _figure(draft) if not (gap in OF_EARLIER and dated))


def _lacking(draft: Draft, good: Good, *, placed: bool) -> Iterator[str]:
    """Name what an indicator needs and the claim lacks."""
    if draft.indicator is None:
        yield "no indicator"
    if draft.bound.rules.get("indicator", "").endswith(OF_WORKS) and not _named_work(draft.sentence):
        yield "works of no name"
    if any(_of_days(draft.sentence, p) for p in draft.sentence.periods if _near(p, draft)):
        yield "part of a month"
    if any(_so_far(draft.sentence, p) for p in draft.sentence.periods if p.text == draft.period):
        yield "a year so far"
    owned = draft.subject is not None or placed or draft.indicator in UNOWNED
    owned = owned or (draft.frame in RECEIVED and bool(draft.partners))
    if not owned and draft.frame != "none":
        yield "no actor"
    lasting = draft.indicator in UNDATED or draft.quantity.rate not in (None, "d")
    if draft.period is None and not lasting:
        yield "no period"
    if good.said_before:
        yield "a good said before"
    physical = draft.quantity.unit_kind in PHYSICAL and draft.indicator in OF_GOODS
    if good.several and (physical or draft.indicator == "price"):
        yield "several goods"
    elif good.code is None and (physical or draft.indicator == "price"):
        yield "no commodity"
    if draft.indicator == "price" and draft.kind != "change_pct" and "/" not in (draft.quantity.unit or ""):
        yield "price of what measure"


def _near(period: PeriodMention, draft: Draft) -> bool:
    """Tell whether a period stands where it may date a figure: in the figure's own stretch or before it."""
    low, high = draft.bound.stretch
    return low <= period.first < high or period.last <= draft.quantity.first


def _of_days(sentence: Sentence, period: PeriodMention) -> bool:
    """Tell "the first eight days of March", "during the week": less than the month that is read."""
    if len(period.text or "") == len("2024-03-01/2024-03-08"):
        return False
    before = {sentence.tokens[i].text for i in range(max(0, period.first - 3), period.first)}
    return bool(before & PART_OF_MONTH)


def _so_far(sentence: Sentence, period: PeriodMention) -> bool:
    """Tell "so far this year", "с начала года": the month that it ends with is not told."""
    inside = (sentence.hits["periods"].get(n) for n in range(period.first, period.last))
    return any(hit is not None and hit.row["kind"] in ("ytd", "so_far") for hit in inside)


def _named_work(sentence: Sentence) -> bool:
    """Tell whether a sentence names something: a capital or a quotation mark behind its first word."""
    return any((t.kind == "word" and t.capital) or t.text == '"' for t in sentence.tokens[1:])


def _lead(draft: Draft, slot: str) -> str:
    """Name how a slot was filled without a licence: from elsewhere, from nearby, or not at all; and of what."""
    if slot in draft.inherited:
        return f"{LEAD}inherited:{draft.indicator}"
    return f"{LEAD}{'near' if getattr(draft, slot) else 'empty'}:{draft.indicator}"


def _written(draft: Draft) -> str:
    q = draft.quantity
    return "elided" if q.elided else "words" if q.words else "digits"


def _differs(draft: Draft, bound: Bound) -> Iterator[str]:
    told = (draft.indicator, draft.subject, frozenset(draft.partners))
    if told != (bound.indicator, bound.subject, frozenset(bound.partners)):
        yield "slots from beyond the clause"


# ── period ───────────────────────────────────────────────────────────────────────────────────────


def _period(draft: Draft, bound: Bound) -> str | None:
    """Name what dates a claim: the only period of its stretch, of its clause, of its sentence."""
    sentence = draft.sentence
    if bound.period is not None or _of_span(draft):
        return "list:head" if draft.period == bound.period else None
    past = earlier(sentence, draft.quantity) if draft.kind in ("level", "change_pct") else None
    if past is not None and draft.period is not None:
        return f"{EARLIER}{'year before' if past.year_before else 'same part' if past.same_part else 'own'}"
    told = [p for p in sentence.periods if p.role != "compare" and not p.role.startswith("previous")]
    told = [p for p in told if p.first not in taken_by_earlier(sentence)]
    own = [p for p in told if bound.stretch[0] <= p.first < bound.stretch[1]]
    if draft.period is None and not own and (not told or draft.indicator in UNDATED):
        return _undated(draft)
    if draft.period is None:
        return None
    if not told or "period" in draft.inherited:
        return _taken_up(draft, told)
    beside = _beside_period(sentence, draft, told)
    if beside is not None:
        name, period = beside
        return f"{name}{_dated(period)}" if _same(period, draft.period, sentence) else None
    clause = bound.clause
    low, high = bound.stretch
    lead = clause.figures[0].first if clause is not None and clause.figures else 0
    start = sentence.figures[0].first if sentence.figures else 0
    for name, inside in (
        ("stretch", [p for p in told if low <= p.first < high]),
        ("clause", [p for p in told if clause is not None and clause.holds(p.first) and p.first < lead]),
        ("sentence", [p for p in told if p.first < start]),
    ):
        if inside:
            same = len(inside) == 1 and _same(inside[0], draft.period, sentence)
            return f"{name}{_dated(inside[0])}" if same else None
    return _only(draft, told)


def _taken_up(draft: Draft, told: list[PeriodMention]) -> str | None:
    """Name what ties a figure to a period told before it: words for it, the sentence before, its own sentence."""
    sentence = draft.sentence
    if not told and (says_period(sentence) or says_year(sentence)):
        return "spoken:period" if says_period(sentence) else "spoken:year"
    if "period" not in draft.inherited:
        return None
    if not told:
        return "carried" if sentence.start - draft.inherited["period"].end < CARRIED else None
    return _only(draft, told)


def _only(draft: Draft, told: list[PeriodMention]) -> str | None:
    """Name the one period that a sentence tells, beside those of figures compared with; none behind others."""
    sentence, last = draft.sentence, draft.quantity.last
    if len(told) != 1 or sentence.lexicon.settings["verb_side"] == "after":
        return None
    another = any(last <= q.first < told[0].first and q.unit_kind != "time" for q in sentence.figures)
    same = not another and _same(told[0], draft.period or "", sentence)
    return f"only{_dated(told[0])}" if same else None


def _of_span(draft: Draft) -> bool:
    """Tell a level beside a span of years up to now, over which it came about or is a record: it is of its end."""
    spanned = draft.period is not None and draft.period.endswith("y_to_doc")
    level = draft.kind == "level" and draft.frame not in ("invest", "cost")
    return spanned and level and bool(draft.sentence.lexicon.cases)


def _undated(draft: Draft) -> str | None:
    """Name what lets a claim stand without a period: a rate, or what holds until further notice."""
    if draft.quantity.rate:
        return None if SPANS & {t.text for t in draft.sentence.tokens} else "rated"
    if draft.indicator == "price" and unread_time(draft.sentence):
        return None
    return f"timeless:{draft.indicator}" if draft.indicator in UNDATED else None


def _beside_period(
    sentence: Sentence, draft: Draft, told: list[PeriodMention]
) -> tuple[str, PeriodMention] | None:
    """Return the period right behind a figure, or behind the level that its change led to."""
    q = draft.quantity
    if (label := label_of(sentence, q)) is not None:
        return "label", label
    found = _right_behind(past_comparison(sentence, q.last), told)
    if found is not None:
        return "beside", found
    following = next((f for f in sentence.figures if 0 < f.first - q.last <= BESIDE), None)
    if following is None or sentence.tokens[following.first - 1].text not in REACHING:
        following = level_reached(sentence, q)
    if following is None:
        return None
    found = _right_behind(following.last, told)
    return None if found is None else ("chained", found)


def _right_behind(last: int, told: list[PeriodMention]) -> PeriodMention | None:
    return next((p for p in told if 0 <= p.first - last <= BESIDE), None)


def _dated(period: PeriodMention) -> str:
    return "" if period.year is not None and not period.relative else "+document"


def _same(period: PeriodMention, code: str, sentence: Sentence) -> bool:
    """Tell whether a code is that of a period; bare months are the last such before the document's date."""
    before = [sentence.tokens[i].text for i in range(max(0, period.first - 3), period.first)]
    if _of_days(sentence, period) or set(before[-2:]) & SET_AGAINST:
        return False
    if period.text is not None or period.months is None:
        return period.text == code
    if sentence.date is None or len(sentence.date) < 7:
        return False
    year, month = int(sentence.date[:4]), int(sentence.date[5:7])
    return code == month_code(year - (period.months[1] > month), period.months)


# ── modality ─────────────────────────────────────────────────────────────────────────────────────


def _modality(draft: Draft, bound: Bound) -> str | None:
    """Plain where the sentence holds no word of plan, hedge or denial; else by the one such word of the clause."""
    sentence = draft.sentence
    if bound.listed:
        return "list:head"
    hits = list(sentence.hits["modality"].values())
    clause = bound.clause
    spoken = range(clause.first, clause.last) if clause is not None else range(len(sentence.tokens))
    if any(i in spoken for i in hedging(sentence)):
        return None
    if not hits:
        return "plain" if draft.modality == "actual" else None
    inside = [h for h in hits if h.first in spoken]
    kinds = {meaning(h, draft.indicator, late=bool(sentence.lexicon.cases)) for h in inside}
    where = "" if len(inside) == len(hits) else ":aside"
    if not inside:
        return "plain:aside" if draft.modality == "actual" else None
    return f"word:{draft.modality}{where}" if kinds == {draft.modality} else None


def _supposed(draft: Draft, bound: Bound) -> bool:
    """Tell whether the clause of a figure supposes it ("could be", "если", "составил бы")."""
    clause = bound.clause
    spoken = range(clause.first, clause.last) if clause is not None else range(len(draft.sentence.tokens))
    return any(i in spoken for i in supposing(draft.sentence))


# ── kind ─────────────────────────────────────────────────────────────────────────────────────────


def _kind(draft: Draft, bound: Bound) -> str | None:
    sentence, q = draft.sentence, draft.quantity
    low, high = bound.stretch
    turns = [h for h in sentence.hits["changes"].values() if low <= h.first < high]
    moved = [h for h in turns if h.row["effect"] in ("rise", "fall") and not brings_out(sentence, q, h)]
    if draft.kind == "share":
        shared = bound.rules.get("subject", "").startswith("share:")
        return "held" if draft.frame == "hold" else "shared" if shared else None
    if draft.kind == "count" and q.words and q.value == 1:
        return None
    if draft.kind in ("change_pct", "change_abs"):
        return "signed" if q.signed else _way(moved)
    if draft.kind == "level" and led_by_unknown(sentence, min(q.first, q.compared[0]) if q.compared else q.first):
        return None
    if draft.kind == "level" and moved:
        reached = q.reach or _reached(sentence, turns, draft)
        return "reached" if reached else "compared" if earlier(sentence, q) is not None else None
    return "plain"


def _way(moved: list[Hit]) -> str | None:
    return "moved" if len({h.row["effect"] for h in moved}) == 1 else None


def _reached(sentence: Sentence, turns: list[Hit], draft: Draft) -> bool:
    q = draft.quantity
    first = q.compared[0] if q.compared and q.compared[0] < q.first else q.first
    while first > 0 and sentence.tokens[first - 1].text in RECORD:
        first -= 1
    if first > 0 and sentence.tokens[first - 1].text in REACHING:
        return True
    if sentence.lexicon.settings["verb_side"] == "after":
        return sentence.lexicon.case_of(q.suffix) == "dat" or any(
            h.row["effect"] == "reach" and h.first >= q.last for h in turns
        )
    return any(h.row["effect"] == "reach" and h.last <= q.first for h in turns)


# ── competing readings ───────────────────────────────────────────────────────────────────────────


def _competing(draft: Draft, bound: Bound) -> Iterator[str]:
    """Names that no table knows, agents that are no states, and states left over in the clause."""
    sentence, clause = draft.sentence, bound.clause
    if clause is None:
        return
    parted = draft.frame == "cost" and bound.rules.get("indicator", "").endswith(OF_PROGRAMMES)
    spoken = range(min(clause.first, bound.stretch[0]), clause.last)
    yield from (f"unknown name {sentence.tokens[i].text}" for i in unknown(sentence) if i in spoken and not parted)
    for i, hit in sentence.hits["bodies"].items():
        ours = draft.frame == "invest" and any(m.last == i and m.role == "attr" for m in sentence.mentions)
        if clause.holds(i) and not ours:
            yield f"body {hit.row['body']}"
    firm = any(m.code == draft.subject and m.kind in ("firm", "name") for m in sentence.mentions)
    names = {m.code for m in sentence.mentions if m.kind == "name"}
    for code in names & {draft.subject, *draft.partners}:
        yield f"name in no table {code}"
    dealt = draft.indicator in COUNTED or draft.indicator == "deals_value"
    if firm and not dealt and draft.frame in ("export", "import", "mutual", "balance"):
        yield "trade of a firm"
    if bound.rules.get("partners") == "none" and draft.frame in ("export", "import", "mutual"):
        others = {m.state or m.code for m in sentence.mentions if m.kind in ("state", "group") or m.state}
        if others - {draft.subject}:
            yield "another state in the sentence"


# ── the figure ───────────────────────────────────────────────────────────────────────────────────


def _part_of_year(draft: Draft) -> bool:
    """Tell whether a bare year may stand for the same part of it ("in the eight months ... from 3 bn in 1986")."""
    whole = draft.period is not None and len(draft.period) == len("1986")
    return whole and any(p.months is not None for p in draft.sentence.periods)


def _own_predicate(draft: Draft) -> Iterator[str]:
    """Tell of a later figure whose stretch has a subject and a verb of its own ("and the peso fell by 6 %")."""
    sentence, (low, _) = draft.sentence, draft.bound.stretch
    clause = draft.bound.clause
    if clause is None or low == clause.first or sentence.role_at(low) != "and":
        return
    verb = next((i for i in range(low, draft.quantity.first) if i in sentence.hits["changes"]), None)
    cued = any(low <= i < draft.quantity.first for i in clause.cues)
    if verb is not None and verb - low > OWN_WORDS and not cued:
        yield "a predicate of its own"


def _beside(draft: Draft) -> bool:
    """Tell whether the figure that lends its unit stands in the same sentence."""
    return any(q.unit == draft.quantity.unit and not q.elided for q in draft.sentence.figures)


def _comes_to(sentence: Sentence, i: int) -> bool:
    """Tell a verb of what something comes to, and a dash before "to": what stands before is of a change."""
    hit = sentence.hits["changes"].get(i)
    dashed = sentence.tokens[i].text == "-" and sentence.tokens[i + 1].text in REACHING
    return dashed or (hit is not None and hit.row["effect"] == "reach")


def _sets_against(sentence: Sentence, i: int) -> bool:
    """Tell a word before a figure that makes it one of another time.

    Where such words stand behind their phrase ("geçen yıla göre 5 ton"), only those in the locative do.
    """
    hit = sentence.hits["periods"].get(i)
    if hit is None or hit.row["kind"] != "compare":
        return False
    late = sentence.lexicon.settings["verb_side"] == "after"
    return not late or sentence.lexicon.case_of(hit.tail) == "loc"


def _figure(draft: Draft) -> Iterator[str]:
    """Figures that stand for something else: of the period compared with, elided, asked, part of a whole."""
    sentence, q = draft.sentence, draft.quantity
    if not q.settled:
        yield "money of several states"
    counted = draft.indicator in COUNTED
    if draft.kind == "count" and not counted and draft.frame in ("export", "import", "mutual", "balance"):
        yield "things counted"
    if q.elided and not _beside(draft):
        yield "unit from another figure"
    if asks(sentence):
        yield "question"
    first = q.compared[0] if q.compared and q.compared[0] < q.first else q.first
    near = range(max(0, first - 3), first)
    if bisect_left(quotes(sentence), first) % 2:
        yield "in a quotation"
    far = range(max(0, first - 7), first)
    commas = [i for i in far if sentence.tokens[i].text == "," or _comes_to(sentence, i)]
    if any(_sets_against(sentence, i) for i in far if not commas or i > commas[-1]):
        yield "compared figure"
    if draft.kind not in ("change_pct", "change_abs") and compared_behind(sentence, q):
        yield "compared figure"
    yield from _own_predicate(draft)
    if q.compared is not None and sentence.tokens[q.compared[0]].text in ("below", "above", "ниже", "выше"):
        yield "set beside another figure"
    if any(_sets_against(sentence, i) for i in near if not commas or i > commas[-1]):
        yield "compared figure"
    if any(sentence.role_at(i) == "instead" for i in near):
        yield "compared figure"
    if first > 0 and sentence.tokens[first - 1].text in LEAVING:
        yield "figure left behind"
