"""Frames bound to a figure by licensed constructions: who, to whom, what; and why a figure stays unbound.

A slot is bound only inside the clause of the figure, by a role that the frame's table knows. ``rules`` names the
construction of each slot; ``gaps`` lists what keeps the reading open. Nothing is guessed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kopir.evidence._records import Span
from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames._frames import has_part, pays, receives, sells, wins
from kopir.evidence.frames._ranking import WHOSE, ranked, ranks
from kopir.evidence.sentence._chained import level_told
from kopir.evidence.sentence._clauses import Clause, clauses, own_stretch
from kopir.evidence.sentence._indicators import (
    CHANGES,
    WEAK,
    IndicatorRule,
    about_figure,
    heads_of,
    of_whole,
    rule_for,
    rules_out,
    said,
    telling,
)
from kopir.evidence.sentence._paired import own_of_list
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import Hit
from kopir.evidence.words._mentions import Mention
from kopir.evidence.words._roles import FRAMES, slot_of

ADJACENT = 4
GOODS = frozenset({"oil", "gas", "goods", "cargo", "arms", "container"})
OF_NOBODY = frozenset(
    {
        "project_value",
        "price",
        "capacity",
        "investment_flow",
        "investment_stock",
        "production",
        "project_count",
        "financing_pledged",
    }
)
"""Indicators that a text may state of a thing without naming an actor."""
OF_WORKS = frozenset({"project", "cost"})
"""Cues that elsewhere only help others, and here tell what works cost."""
OF_BOTH = frozenset({"sell", "supply", "buy", "receive", "take"})
"""Cues that are trade between states only where both sides are named."""
FLOWS = frozenset({"export", "import"})
LISTING = frozenset({"buyers", "suppliers"})
"""Cues of lists of the other side of a trade."""
RECEIVED = frozenset({"give", "invest", "travel"})
"""Frames of what comes to someone, told where no one is named that it comes from."""
GIVING = frozenset({"invest", "give"})
"""Frames of money that one side gives and the other receives."""
TURNED = {
    "nom": "partner",
    "gen": "partner",
    "attr": "partner",
    "to": "partner",
    "from": "subject",
    "by": "subject",
}
"""Slots of roles where money is told of by who receives it, in languages whose names bear their case."""
ASIDE = frozenset({"at", "to", "in", "from", "with", "via", "along", "attr", "obj"})
"""Roles of names that neither pay nor build where the cost of works is told: where they are, whither they lead."""
OWNING, BELONGING = "владе", "принадлеж"
"""Beginnings of the Russian verbs of owning: what is owned by someone, who something belongs to."""
NO_ACTOR = frozenset({"total", "taker", "it"})
"""Kinds of references that stand for nobody."""


@dataclass(slots=True)
class Bound:
    """What the clause of a figure settles; empty slots with no gap are licensed to be empty."""

    indicator: str | None = None
    frame: str = "none"
    subject: str | None = None
    partners: tuple[str, ...] = ()
    rules: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    inherited: dict[str, Span] = field(default_factory=dict)
    clause: Clause | None = None
    stretch: tuple[int, int] = (0, 0)
    listed: bool = False
    modality: str | None = None
    period: str | None = None
    total: Quantity | None = None
    """The total that a figure is a part of."""

    @property
    def settles(self) -> bool:
        """Tell whether indicator and parties are bound without a gap."""
        return self.parties is not None

    @property
    def parties(self) -> tuple[str | None, tuple[str, ...]] | None:
        """Subject and partners where all is bound without a gap; no subject only where the text names nobody."""
        if self.indicator is None or (self.gaps and not self.listed):
            return None
        return self.subject, self.partners


def bind(sentence: Sentence, quantity: Quantity, kind: str, parts: Sequence[Clause] | None = None) -> Bound:
    """Bind the frame of one figure."""
    parts = clauses(sentence) if parts is None else parts
    out = Bound()
    place = next(
        (n for n, c in enumerate(parts) if c.holds(quantity.first) and c.place_of(quantity) is not None), None
    )
    if place is None:
        out.gaps.append("no clause")
        return out
    clause = parts[place]
    out.clause, out.stretch = clause, own_stretch(sentence, clause, quantity)
    head = clause
    if not clause.cues:
        head = next((c for c in reversed(parts[:place]) if c.cues), clause)
    found = _governing(sentence, quantity, kind, head, out)
    if found is None:
        return out
    rule, cue = found
    out.indicator, out.frame = rule.indicator, rule.frame
    near = "same" if head is clause else "gapped"
    out.rules["indicator"] = f"{near}:{_link(sentence, quantity, cue, head, out)}:{cue.row['cue']}"
    if cue.row["cue"] == "surplus":
        out.gaps.append("a surplus of what")
    _parties(sentence, quantity, cue, head, out)
    return out


# ── what is measured ─────────────────────────────────────────────────────────────────────────────


def _governing(
    sentence: Sentence, quantity: Quantity, kind: str, head: Clause, out: Bound
) -> tuple[IndicatorRule, Hit] | None:
    """Return the only indicator among the cues of the clause, else of the figure's own stretch."""
    hits = [h for h in heads_of(sentence, telling(sentence)) if head.holds(h.first)]
    hits = own_of_list(sentence, quantity, hits)
    present = said(sentence, hits) | about_figure(sentence, quantity)
    weak = WEAK - OF_WORKS if "project" in present or _of_works(sentence, hits) else WEAK
    level = level_told(sentence, quantity) if kind in CHANGES else None
    ruled = [(rule_for(h.row["cue"], present, quantity, kind, level), h) for h in hits if h.row["cue"] not in weak]
    told = [(rule, hit) for rule, hit in ruled if rule is not None]
    if kind == "share":
        told = [(rule, hit) for rule, hit in told if of_whole(sentence, quantity, hit)] or told
    unruled = [h for h in hits if rules_out(h.row["cue"], present, quantity, kind)]
    if unruled:
        out.gaps.append(f"other measure: {sentence.tokens[unruled[0].first].text}")
    if not told:
        out.gaps.append("no cue")
        return None
    if len({r.indicator for r, _ in told}) > 1:
        own = [(r, h) for r, h in told if out.stretch[0] <= h.first < out.stretch[1]]
        if len({r.indicator for r, _ in own}) != 1:
            out.gaps.append("several indicators")
            return None
        told = own
    return min(told, key=lambda pair: sentence.distance(pair[1].first, quantity.first))


def _of_works(sentence: Sentence, hits: Sequence[Hit]) -> bool:
    """Tell a phrase of the cost of works: "жобаның құны", "inşaat maliyeti"."""
    costs = (h for h in hits if h.row["cue"] == "cost" and h.last - h.first > 1)
    return any(sentence.tokens[h.first].text.startswith(WORKS) for h in costs)


WORKS = ("proje", "inşa", "yapim", "жоба", "құрылыс", "бағдарлама")
"""Beginnings of Turkish and Kazakh words for works and programmes."""


def _link(sentence: Sentence, quantity: Quantity, cue: Hit, head: Clause, out: Bound) -> str:
    """Name what ties the figure to its cue: a verb, a change or "reached" between them, or touch."""
    if sentence.lexicon.is_verb(sentence.tokens[cue.last - 1].text):
        return "verb"
    low, high = sorted((cue.first, quantity.first))
    early = sentence.lexicon.settings["verb_side"] == "before"
    if early and head is out.clause and cue.first - quantity.last >= ADJACENT:
        out.gaps.append("cue far behind the figure")
    if any(head.holds(h.first) for h in sentence.hits["changes"].values()):
        return "change"
    between = range(min(cue.last, quantity.last), max(cue.first, quantity.first))
    if any(sentence.lexicon.is_verb(sentence.tokens[i].text) for i in between):
        return "predicate"
    gap = high - cue.last if cue.first < quantity.first else cue.first - quantity.last
    if gap <= ADJACENT and not any(low < q.first < high for q in sentence.figures):
        return "touch"
    first = min(quantity.first, quantity.compared[0]) if quantity.compared else quantity.first
    if cue.last < first and sentence.tokens[first - 1].text == "-" and _bare(sentence, cue.last, first - 1):
        return "dash"
    out.gaps.append("loose cue")
    return "loose"


def _bare(sentence: Sentence, first: int, last: int) -> bool:
    """Tell words that only say of whom and when: "exports of A to B in 2021 - 5 bn"."""
    told = {i for m in sentence.mentions for i in range(m.first, m.last)}
    told |= {i for p in sentence.periods for i in range(p.first, p.last)}
    tables = ("particles", "periods", "goods", "bridges")
    return all(i in told or any(i in sentence.hits[t] for t in tables) for i in range(first, last))


# ── who and whom ─────────────────────────────────────────────────────────────────────────────────


def _parties(sentence: Sentence, quantity: Quantity, cue: Hit, head: Clause, out: Bound) -> None:
    if out.frame == "none":
        out.rules["subject"] = out.rules["partners"] = f"nobody:{out.indicator}"
        return
    if out.frame not in FRAMES:
        out.gaps.append(f"frame {out.frame}")
        return
    turned = out.frame in GIVING and receives(sentence, quantity)
    if turned and not sentence.lexicon.cases:
        out.gaps.append("told from the side that receives")
        turned = False
    if out.indicator == "deals_value" and wins(sentence, quantity):
        out.gaps.append("told from the side that is paid")
    if out.indicator == "deals_value" and sells(sentence, quantity):
        out.gaps.append("told from the side that sells")
    shared, own = _mentions(sentence, quantity, head, cue, out)
    item = _item(sentence, quantity, own)
    placed = ranked(sentence, quantity, out.frame)
    if placed is not None or ranks(sentence):
        others = [ranked(sentence, q, out.frame) for q in sentence.figures if q.first != quantity.first]
        shared, own = ([m for m in g if m.role != "obj" and m not in others] for g in (shared, own))
    if placed is not None and out.frame in WHOSE:
        shared, own = [m for m in shared if m.role == "to" and out.frame == "travel"], [placed]
    filled: dict[str, list[tuple[Mention, str]]] = {}
    part = out.frame == "mutual" and len(own) == 1 and _is_part(sentence, quantity, head)
    if part:
        shared = [m for m in shared if _slot(sentence, out.frame, m, cue) != "partner"]
    for group, tag in ((own, "own"), (shared, "head")):
        held = set(filled)
        for m in group:
            if m is item:
                continue
            other = m is placed or (part and tag == "own")
            slot = "partner" if other else _slot(sentence, out.frame, m, cue)
            slot = TURNED.get(m.role) if turned else slot
            slot = "subject" if m is placed and out.frame in WHOSE else slot
            if slot is None and out.frame == "cost" and m.role in ASIDE and sentence.lexicon.cases:
                continue
            if slot is None:
                out.gaps.append(f"loose actor {m.code}")
            elif tag == "own" or slot not in held:
                filled.setdefault(slot, []).append((m, tag))
    _settle(sentence, filled, item, cue, out)
    _referring(sentence, head, out)


def _is_part(sentence: Sentence, quantity: Quantity, head: Clause) -> bool:
    """Tell a part of the trade before it: "trade of A with a region came to 50 bn, of which 28 bn with C"."""
    before = [q for q in sentence.figures if q.last <= quantity.first and q.first >= head.first]
    return bool(before) and any(sentence.role_at(i) == "part" for i in range(before[-1].last, quantity.first))


def _referring(sentence: Sentence, head: Clause, out: Bound) -> None:
    """Note words that stand for an actor ("the region", "this route", "bilateral")."""
    for i, hit in sentence.hits["references"].items():
        inside = head.holds(i) or (out.clause is not None and out.clause.holds(i))
        told = hit.row["kind"] == "firm" and out.subject is not None
        told = told or (hit.row["kind"] == "pair" and out.subject is not None and bool(out.partners))
        if inside and hit.row["kind"] not in NO_ACTOR and not told:
            out.gaps.append(f"reference {sentence.tokens[i].text}")


def _settle(
    sentence: Sentence,
    filled: Mapping[str, list[tuple[Mention, str]]],
    item: Mention | None,
    cue: Hit,
    out: Bound,
) -> None:
    subject = list({m.code: (m, t) for m, t in filled.get("subject", ())}.values())
    partner = list({m.code: (m, t) for m, t in filled.get("partner", ())}.values())
    pair = list({m.code: (m, t) for m, t in filled.get("pair", ())}.values())
    if pair:
        if len(pair) != 2 or subject or partner:
            out.gaps.append("pair unclear")
            return
        out.subject, out.partners = pair[0][0].code, (pair[1][0].code,)
        out.rules["subject"] = out.rules["partners"] = f"{out.frame}:between"
        return
    if out.frame == "mutual" and len(subject) == 2 and not partner:
        subject, partner = subject[:1], subject[1:]
    if item is not None:
        (partner if subject and not partner else subject).append((item, "item"))
        if not subject or len(partner) != 1:
            out.gaps.append(f"item unclear {item.code}")
    _subject(sentence, subject, out, received=bool(partner) and bool(sentence.lexicon.cases))
    if out.frame == "hold" and not (subject and partner):
        out.gaps.append("held by whom or of what")
    _partners(sentence, partner, cue, out)


def _subject(sentence: Sentence, subject: Sequence[tuple[Mention, str]], out: Bound, *, received: bool) -> None:
    if len(subject) == 1:
        m, tag = subject[0]
        out.subject = m.code
        out.rules["subject"] = f"{out.frame}:{tag}:{m.role}"
    elif not subject and (_stands_alone(sentence, out) or _costs(sentence, out)):
        out.rules["subject"] = f"nobody:{out.indicator}"
    elif not subject and received and out.frame in RECEIVED:
        out.rules["subject"] = f"{out.frame}:nobody"
    else:
        out.gaps.append("no subject" if not subject else "several subjects")


def _stands_alone(sentence: Sentence, out: Bound) -> bool:
    """Tell what a text may state of a thing, in a sentence that names nobody."""
    fined = out.indicator == "penalty" and bool(sentence.lexicon.cases)
    return (out.indicator in OF_NOBODY or fined) and _names_nobody(sentence)


def _costs(sentence: Sentence, out: Bound) -> bool:
    """Tell what works cost, told beside names that only say where they are."""
    return out.frame == "cost" and out.indicator == "project_value" and bool(sentence.lexicon.cases)


def _partners(sentence: Sentence, partner: Sequence[tuple[Mention, str]], cue: Hit, out: Bound) -> None:
    codes = tuple(m.code for m, _ in partner if m.code != out.subject)
    out.partners = codes
    if codes:
        out.rules["partners"] = f"{out.frame}:{partner[0][1]}:{partner[0][0].role}" + (
            "+" if len(codes) > 1 else ""
        )
    elif out.frame == "mutual" and out.indicator != "trade_turnover":
        out.gaps.append("agreed with whom")
    elif out.frame == "travel":
        out.gaps.append("from where to where")
    elif out.frame in FLOWS and cue.row["cue"] in OF_BOTH and not _total(sentence, out):
        out.gaps.append("sold or sent to whom")
    elif out.frame in FLOWS or out.frame == "mutual":
        out.rules["partners"] = "total" if _total(sentence, out) else "none"
    elif out.frame == "carry":
        out.gaps.append("carried for whom")
    else:
        out.rules["partners"] = out.frame


def _names_nobody(sentence: Sentence) -> bool:
    """Tell whether a sentence names no actor and refers to none."""
    refers = any(h.row["kind"] not in NO_ACTOR for h in sentence.hits["references"].values())
    return not (sentence.mentions or sentence.hits["bodies"] or refers)


def _mentions(
    sentence: Sentence, quantity: Quantity, head: Clause, cue: Hit, out: Bound
) -> tuple[list[Mention], list[Mention]]:
    """Actors shared by the clause (before its first figure) and those of the figure's own stretch."""
    acting = [m for m in sentence.mentions if not m.speaker and m.kind != "person"]
    acting = own_of_list(sentence, quantity, acting)
    own = [m for m in acting if out.stretch[0] <= m.first < out.stretch[1]]
    first = head.figures[0] if head.figures else None
    limit = min(first.first if first is not None else head.last, out.stretch[0])
    lead = next((_item(sentence, q, acting) for q in head.figures[:1]), None)
    shared = [m for m in acting if head.first <= m.first < limit and m is not lead and m not in own]
    if sentence.lexicon.settings["verb_side"] == "after":
        between = [m for m in acting if limit <= m.first < out.stretch[0] and m is not lead]
        shared = _nearest(sentence, out.frame, cue, shared, between)
    return shared, own


def _nearest(
    sentence: Sentence, frame: str, cue: Hit, shared: list[Mention], between: Sequence[Mention]
) -> list[Mention]:
    """Leave for each slot the name told last: before the first figure, or ``between`` it and this one.

    In a list with the verb at its end, a figure goes on with the name before it: "Fas'ta 5, Peru'da 7 artışla 9".
    """
    last = {_slot(sentence, frame, m, cue): m for m in between}
    kept = [m for m in shared if _slot(sentence, frame, m, cue) not in last]
    return [*kept, *(m for slot, m in last.items() if slot is not None)]


def _item(sentence: Sentence, quantity: Quantity, own: Sequence[Mention]) -> Mention | None:
    """Return the name that a figure is put to in a list: "Name (5 bn)", "Name – 5 bn", "Name: 5 bn"."""
    first = quantity.compared[0] if quantity.compared and quantity.compared[0] < quantity.first else quantity.first
    if first < 2 or sentence.tokens[first - 1].text not in "(-:":
        return None
    return next((m for m in own if m.last == first - 1 and m.role in ("nom", "gen", "attr")), None)


def _slot(sentence: Sentence, frame: str, m: Mention, cue: Hit) -> str | None:
    """Return the slot of a mention by the role table; an adjective of goods names where they come from."""
    if frame == "route" and m.kind not in ("route", "place", "firm"):
        return None
    if m.kind == "route" and frame in FLOWS and m.role in ("via", "along"):
        return "partner"
    if m.kind in ("route", "place") and frame in FLOWS | {"mutual", "invest"}:
        return None
    taken = sentence.lexicon.cases and any(n.role == "from" and not n.speaker for n in sentence.mentions)
    if frame == "import" and m.role in ("attr", "gen", "nom") and not taken and _of_goods(sentence, m, cue):
        return "partner"
    if frame == "mutual" and m.role in ("from", "to") and sentence.lexicon.cases:
        return "partner"
    if frame in ("acquire", "hold") and sentence.lexicon.cases and m.role in OWNED_BY:
        return _of_firm(sentence, m)
    if m.role in ("in", "at", "on") and frame in FLOWS and sentence.lexicon.language != "ru":
        return None
    return _slot_of_cue(sentence, frame, m, cue) or slot_of(frame, m.role)


def _of_firm(sentence: Sentence, m: Mention) -> str | None:
    """Return the slot of a name where a firm is bought or held: who it is done by, else who stands bare, has."""
    others = {n.role for n in sentence.mentions if not n.speaker and n.kind != "person" and n is not m}
    if m.role == "by":
        return "subject"
    if m.role == "nom":
        return "partner" if "by" in others else "subject"
    if m.role == "gen":
        if others & {"nom", "by"} or has_part(sentence):
            return "partner"
        return "subject" if others & {"at", "obj"} else None
    return "partner" if others & {"nom", "by", "gen"} else None


OWNED_BY = frozenset({"by", "nom", "gen", "obj"})
"""Roles whose slot hangs on who else is named where a firm is bought or held."""


def _slot_of_cue(sentence: Sentence, frame: str, m: Mention, cue: Hit) -> str | None:
    """Return the slot that the cue itself gives: who buys, who is lent money, what is owned and by whom."""
    language, verb = sentence.lexicon.language, sentence.tokens[cue.first].text
    if frame == "cost" and m.role in ("nom", "attr") and pays(sentence):
        return "subject"
    listed = frame in FLOWS and cue.row["cue"] in LISTING and m.first >= cue.last
    lent = frame == "give" and language == "en" and m.role == "nom" and m.first == cue.last
    owned = frame == "hold" and language == "ru" and m.role == "by" and verb.startswith(OWNING)
    belongs = frame == "hold" and language == "ru" and verb.startswith(BELONGING) and m.kind in ("firm", "name")
    if belongs and m.role in ("nom", "gen") and any(t.text == "на" for t in sentence.tokens[m.last : cue.first]):
        return "partner"
    if belongs and m.first == cue.last and m.role in ("nom", "gen"):
        return "subject"
    if (listed and m.role in ("nom", "with", "by")) or lent or owned:
        return "partner"
    owner = frame == "hold" and language == "ru" and m.role in ("for", "to") and verb.startswith(BELONGING)
    return "subject" if owner else None


def _of_goods(sentence: Sentence, m: Mention, cue: Hit) -> bool:
    """Tell whether an adjective belongs to a word of goods rather than to the cue."""
    held = sentence.hits["cues"].get(m.last)
    goods = held is not None and held.row["cue"] in GOODS and held.first != cue.first
    late = sentence.lexicon.settings["verb_side"] == "after"
    return goods and (held is None or held.last != cue.first) and not (late and m.role == "gen")


def _total(sentence: Sentence, out: Bound) -> bool:
    """Tell whether the clause says that the figure is of all partners together."""
    clause = out.clause
    return clause is not None and any(
        h.row["kind"] == "total" and clause.holds(h.first) for h in sentence.hits["references"].values()
    )
