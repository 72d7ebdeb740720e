"""Who does what to whom: the frame of an indicator turns the parts of mentions into subject and partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import Token
from kopir.evidence.words._mentions import Mention

TOWARDS = frozenset({"to", "in", "towards"})
PATHS = frozenset({"via", "along", "between"})
TRADE = frozenset({"mutual", "export", "import", "reverse"})
OF_NAMES = frozenset({"acquire", "hold", "invest", "give", "mutual"})
FLOWS = TRADE | {"carry"}
OF_GOODS = frozenset({"attr", "gen"})
"""Roles of whose goods come in, where it is said who they come in to: "imports of Chinese cars into Mexico"."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Subject and partners, with the mentions that gave them."""

    subject: Mention | None = None
    partners: tuple[Mention, ...] = ()

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """All mentions used."""
        return (*((self.subject,) if self.subject else ()), *self.partners)


@dataclass(frozen=True, slots=True)
class Cue:
    """Where the cue of an indicator stands; ``late`` marks languages whose nouns follow what they belong to."""

    first: int
    last: int
    late: bool


def parties(frame: str, mentions: Sequence[Mention], *, at: int, share: bool, cue: Cue | None = None) -> Parties:
    """Fill a frame from mentions; ``at`` is the token of the figure, ``share`` tells that it is a share."""
    actors = _distinct([m for m in mentions if _may_act(m, frame, late=cue is not None and cue.late)])
    if share and frame in TRADE:
        return _sharing(frame, actors, at, cue)
    if frame in BY_PLACE:
        return BY_PLACE[frame](actors, at)
    if frame == "carry":
        return _carrying(actors)
    if frame == "route":
        return _routed(actors)
    if frame in ("own", "place"):
        return Parties(_owner(actors))
    if frame == "none" or (frame == "cost" and not any(m.kind in ("route", "firm") for m in actors)):
        return Parties()
    return _directed(frame, actors)


def _may_act(m: Mention, frame: str, *, late: bool) -> bool:
    """Tell whether a mention can be a party: persons, places and unknown names only of some frames.

    Where names bear their case, an unknown one may be whose plant, ship or pipe is measured.
    """
    if m.kind == "name":
        return frame in OF_NAMES or (late and frame == "own" and m.role in ("gen", "nom", "attr"))
    return m.kind not in ("person", "place") or frame in ("own", "route")


def _directed(frame: str, actors: Sequence[Mention]) -> Parties:
    partner_roles = {
        "mutual": frozenset({"with", "to", "in", "at"}),
        "balance": frozenset({"with"}),
        "export": TOWARDS | {"via", "along", "with"},
        "import": frozenset({"from", "via", "along"}),
        "give": TOWARDS | {"for"},
    }.get(frame, frozenset())
    subject: Mention | None = None
    partners: list[Mention] = []
    for m in actors:
        route = m.kind == "route"
        if m.role in partner_roles or route or (subject is not None and frame == "mutual"):
            partners.append(m)
        elif subject is None:
            subject = m
        elif frame == "import" and m.role in TOWARDS and not partners and subject.role not in OF_GOODS:
            partners.append(m)
        elif frame == "import" and m.role in TOWARDS:
            partners.append(subject)
            subject = m
        elif (
            frame in ("export", "give")
            and not partners
            and (m.role in ("gen", "obj") or (frame == "give" and m.role == "nom"))
        ):
            partners.append(m)
    if frame == "mutual" and subject is None and len(partners) > 1:
        subject, partners = partners[0], partners[1:]
    return Parties(subject, tuple(partners))


def _owner(actors: Sequence[Mention]) -> Mention | None:
    """Find whose a thing is: who is its subject or in the genitive, else where it is, else who stands beside."""
    owners = [m for m in actors if m.role in ("nom", "gen", "attr", "by")]
    known = _first([m for m in owners if m.kind != "name"])
    named = known if known is not None and _opens_alone(owners[0]) else _first(owners)
    placed = _first([m for m in actors if m.role in ("in", "at", "on", "obj", "of")])
    return named or placed or _first([m for m in actors if m.role not in PATHS | {"with"}])


def _opens_alone(m: Mention) -> bool:
    """Tell an unknown name of one word that opens a sentence: it may be any word, written with a capital there."""
    return m.kind == "name" and m.first == 0 and m.last == 1 and m.role == "nom"


def _acquiring(actors: Sequence[Mention], at: int) -> Parties:
    """Find who buys, and from whom or what: in the passive the buyer is the one it is done by."""
    able = [m for m in actors if m.role in ("nom", "gen", "attr") and m.kind != "group"]
    firms = [m for m in able if m.kind in ("firm", "name") and m.role != "gen"]
    buyer = next((m for m in actors if m.role == "by"), None) or _first(firms) or _first(able)
    others = [m for m in actors if m is not buyer and m.role not in PATHS]
    sellers = [m for m in others if m.role == "from"]
    bought = [m for m in others if m.role in ("nom", "gen", "obj", "acc", "of", "for", "attr", "during")]
    beside = sellers or [m for m in bought if m.kind in ("firm", "name")]
    return Parties(buyer, tuple((beside or [m for m in bought if m.role != "attr"])[:1]))


def selling(actors: Sequence[Mention]) -> Parties:
    """Find who pays and who is paid where a deal is told from the side that sells."""
    buyer = next((m for m in actors if m.role in ("to", "with", "by", "for")), None)
    seller = next((m for m in actors if m.role in ("nom", "gen") and m is not buyer), None)
    return Parties(buyer, (seller,) if seller is not None else ())


def _holding(actors: Sequence[Mention], at: int) -> Parties:
    """Find who holds a share, before the figure or in the dative, and what is held, behind it."""
    ahead = [m for m in actors if m.first < at and m.role in ("nom", "gen", "attr", "obj")]
    owner = (
        next((m for m in actors if m.role == "by" or (m.role == "to" and m.kind != "state")), None)
        or _first([m for m in ahead if m.kind in ("firm", "name") and m.role != "obj"])
        or _first(ahead)
    )
    held = [m for m in actors if m is not owner and m.role not in PATHS | {"with", "from"}]
    behind = [m for m in held if m.first >= at] or held
    firms = [m for m in behind if m.kind in ("firm", "name", "route", "place")]
    return Parties(owner, tuple((firms or behind)[:1]))


def _investing(actors: Sequence[Mention], at: int) -> Parties:
    """Find who puts money in, and where to: a firm behind the figure is what the money goes to."""
    partners = [m for m in actors if m.role in TOWARDS | {"at"} or m.kind == "route"]
    rest = [m for m in actors if m not in partners]
    giver = next((m for m in rest if m.role in ("nom", "gen", "attr", "by", "from") and _gives(m, at)), None)
    if not partners:
        partners = [m for m in rest if m is not giver and m.role in ("nom", "gen", "obj", "acc")][:1]
    return Parties(giver, tuple(partners))


def _gives(m: Mention, at: int) -> bool:
    return m.first < at or m.role in ("by", "from") or m.kind not in ("firm", "name")


def receiving(given: Parties, actors: Sequence[Mention]) -> Parties:
    """Turn "X gets money from Y" round: the receiver is the partner, the giver the subject."""
    giver = next((m for m in actors if m.role in ("from", "by")), None)
    taker = next((m for m in actors if m.role in ("nom", "gen", "to", "attr") and m is not giver), None)
    return Parties(giver, (taker,)) if taker is not None else given


def having(given: Parties, actors: Sequence[Mention]) -> Parties:
    """Find who has a part of what: of a name in the genitive, which alone leaves open who has it."""
    held = next((m for m in actors if m.role == "gen"), None)
    owner = next((m for m in actors if m.role in ("nom", "attr") and m is not held), None)
    return Parties(owner, (held,)) if held is not None else given


def spending(given: Parties, actors: Sequence[Mention]) -> Parties:
    """Find who pays for works: who stands bare beside a verb of spending."""
    payer = next((m for m in actors if m.role in ("nom", "attr") and m.kind in ("state", "group", "firm")), None)
    return Parties(payer, given.partners) if payer is not None else given


def _carrying(actors: Sequence[Mention]) -> Parties:
    states = [m for m in actors if m.kind != "route"]
    routes = [m for m in actors if m.kind == "route"]
    origins = [m for m in states if m.role not in TOWARDS | PATHS]
    paths = [m for m in states if m.role in TOWARDS | PATHS]
    firms = [m for m in origins if m.kind == "firm" and m.home]
    if len(firms) > 1 and firms[0].home != firms[1].home:
        homes = [replace(m, code=m.home or m.code, kind="state") for m in firms]
        return Parties(homes[0], (*homes[1:], *_goals_first(paths), *routes))
    firm = next((m for m in origins if m.kind == "firm"), None)
    if firm is not None:
        return Parties(firm, tuple(m for m in states if m.kind in ("state", "group")))
    if origins and not (routes and routes[0].role in ("nom", "gen") and routes[0].first < origins[0].first):
        return Parties(origins[0], (*origins[1:], *_goals_first(paths), *routes))
    if routes:
        return Parties(routes[0], (*origins, *_goals_first(paths), *routes[1:]))
    return Parties(None, _goals_first(paths))


def _goals_first(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    return tuple(sorted(mentions, key=lambda m: (m.role in PATHS, m.first)))


def _routed(actors: Sequence[Mention]) -> Parties:
    route = _first([m for m in actors if m.kind in ("route", "place", "firm")])
    if route is None:
        return Parties(None, tuple(m for m in actors if m.kind not in ("route", "place", "firm")))
    return Parties(route, tuple(m for m in actors if m.kind == "state" and m.role in TOWARDS | PATHS))


def _visiting(actors: Sequence[Mention], at: int) -> Parties:
    """Origin is the one the persons or firms come from, partner the place they are in."""
    subject: Mention | None = None
    partners: list[Mention] = []
    states = [m for m in actors if m.kind != "route"]
    for m in states:
        origin = m.role in ("attr", "from", "with") or (m.first >= at and m.role in ("gen", "nom"))
        if origin and subject is None:
            subject = m
        elif m.role in TOWARDS | {"obj", "from", "at"} or m.first < at:
            partners.append(m)
    if subject is None and len(partners) > 1:
        named = next((m for m in partners if m.role in ("gen", "nom")), None)
        if named is not None:
            partners.remove(named)
            subject = named
    return Parties(subject, tuple(partners))


def _sharing(frame: str, actors: Sequence[Mention], at: int, cue: Cue | None) -> Parties:
    """Find the one whose share is measured: the last genitive before the figure, else the first named."""
    states = [m for m in actors if m.kind != "place"]
    if not states:
        return Parties()
    if len(states) == 1 and states[0].role == "with":
        return Parties(None, tuple(states))
    sources = tuple(m for m in states if m.role == "from")
    if frame == "import" and sources:
        return Parties(next((m for m in states if m not in sources), None), sources)
    before = [m for m in states if m.first < at]
    cases = [m for m in before if m.role == "gen"]
    route = next((m for m in states if m.kind == "route"), None)
    if route is not None:
        return Parties(route, tuple(m for m in states if m is not route))
    whose = measured(states, cue) if cue is not None else None
    others = tuple(m for m in states if m is not whose)
    if whose is not None and (others or frame in ("export", "import")):
        if frame in ("export", "import"):
            return Parties(whose, others)
        return Parties(others[0], (whose, *others[1:]))
    owner = cases[-1] if len(cases) > 1 and before[-1] is cases[-1] else (before or states)[0]
    rest = tuple(m for m in states if m is not owner)
    if frame in ("export", "import"):
        return Parties(rest[0] if rest else None, (owner, *rest[1:]))
    return Parties(owner, rest)


def measured(states: Sequence[Mention], cue: Cue) -> Mention | None:
    """Return the one whose trade is shared out: the name bound to the cue ("imports of X", "X's trade")."""
    best: tuple[int, Mention] | None = None
    for m in states:
        if m.last <= cue.first and m.role in ("attr", "gen", "nom"):
            cost = 2 * (cue.first - m.last) + 1
        elif (
            m.first >= cue.last
            and not cue.late
            and (m.role == "gen" or (m.first == cue.last) != (m.role == "nom"))
        ):
            cost = 2 * (m.first - cue.last)
        else:
            continue
        if cost <= (9 if cue.late else 5) and (best is None or cost < best[0]):
            best = (cost, m)
    return best[1] if best else None


def _first(mentions: Sequence[Mention]) -> Mention | None:
    return mentions[0] if mentions else None


def _distinct(mentions: Sequence[Mention]) -> list[Mention]:
    """Keep the telling mention of each code: one with a direction over one without."""
    out: dict[str, Mention] = {}
    for m in mentions:
        held = out.get(m.code)
        if held is None or (held.role in ("nom", "gen", "attr") and m.role in TOWARDS | PATHS | {"from"}):
            out[m.code] = m
    return sorted(out.values(), key=lambda m: m.first)


BY_PLACE = {
    "travel": _visiting,
    "presence": _visiting,
    "acquire": _acquiring,
    "hold": _holding,
    "invest": _investing,
}
"""Frames whose parties stand before or behind the figure."""


# ── from which side it is told ───────────────────────────────────────────────────────────────────

BESIDE = 8
ORDERED = frozenset(
    {"contract", "contracts", "order", "orders", "контракт", "контракты", "заказ", "заказы"}
    | {
        "sipariş",
        "siparişi",
        "sözleşmesi",
        "ihale",
        "ihalesini",
        "siparişini",
        "sözleşmesini",
        "sözleşmeyi",
        "kontratı",
        "ihalesi",
        "тапсырыс",
        "тапсырысын",
        "келісімшарт",
    }
)
"""Words for what a firm gets that is paid for its work."""
SPENDING = regex.compile(
    r"harca(?:d|m[iı]ş|yac|mak|r$)|ay[iı]r(?:d|m[iı]ş|ac|[iı]yor)|"
    r"жұмса(?:ды|пты|ған|йды|мақ|п)|бөл(?:ді|ген|еді|мек)|төле(?:ді|йді|ген|мек|пті)|öde(?:di|yecek|miş)"
)
"""Turkish and Kazakh verbs of spending and allotting, not in the passive."""
RAISES = frozenset({"raised", "raises", "borrowed", "secured"})
"""Words of taking money, or of moving a bid, not of getting work."""
PROVIDING = ("sağla",)
"""Beginnings of verbs that mean giving where a receiver is named: "Fas'a kredi sağladı"."""
HAVING = ("sahip", "иелен", "иелік")
"""Beginnings of words of having a part: whose part it is, in the genitive, is held."""


def receives(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell whether money is told of from the side that receives it ("raised", "получил", "тартты")."""
    found = [h for h in sentence.hits["references"].values() if h.row["kind"] == "taker"]
    if sentence.lexicon.cases and any(m.role in ("to", "for") and not m.speaker for m in sentence.mentions):
        found = [h for h in found if not sentence.tokens[h.first].text.startswith(PROVIDING)]
    if sentence.lexicon.cases and not any(m.role in ("from", "by") for m in sentence.mentions):
        found = [h for h in found if not sentence.tokens[h.first].text.startswith(PROVIDING)]
    return any(sentence.distance(h.first, quantity.first) <= BESIDE for h in found)


def wins(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell whether a deal is told from the side that is paid: a contract or order that someone got or won."""
    words = {t.text for t in sentence.tokens}
    raises = any(t.text in RAISES for t in sentence.tokens[: quantity.first])
    return bool(words & ORDERED) and not raises and receives(sentence, quantity)


def sells(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell whether a deal is told from the side that sells: of selling, not of buying."""
    late = sentence.lexicon.settings["verb_side"] == "after"
    told = [h.row["cue"] for h in sentence.hits["cues"].values() if late or h.first < quantity.first]
    return "sell" in told and "buy" not in told


def _has(token: Token) -> bool:
    return token.text == "ие" or token.text.startswith(HAVING)


def has_part(sentence: Sentence) -> bool:
    """Tell "X'in yüzde 51'ine sahip", where a part of X is had."""
    return bool(sentence.lexicon.cases) and any(map(_has, sentence.tokens))


def spends(sentence: Sentence, quantity: Quantity) -> bool:
    """Tell whether someone is said to spend a figure: "harcadı", "жұмсапты", not "was spent"."""
    later = next((q.first for q in sentence.figures if q.first >= quantity.last), len(sentence.tokens))
    behind = sentence.tokens[quantity.last : min(later, quantity.last + BESIDE)]
    return bool(sentence.lexicon.cases) and any(SPENDING.match(t.text) for t in behind)


def pays(sentence: Sentence) -> bool:
    """Tell a sentence of an inflected language with an active verb of spending."""
    return bool(sentence.lexicon.cases) and any(SPENDING.match(t.text) for t in sentence.tokens)
