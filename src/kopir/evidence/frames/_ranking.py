"""Rankings: the name behind a figure is the one that the figure is of.

"Fas'ı 3 milyar dolarla Peru, 2 milyar dolarla Çin izledi": where languages put the verb last, a figure "with"
which a name comes next in a ranking stands right before that name. Of exports, imports and trade the name is the
other side.
"""

from __future__ import annotations

from collections.abc import Sequence

from kopir.evidence.figures._quantity import Quantity
from kopir.evidence.frames._frames import Parties
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._mentions import Mention

REACH = 4
"""Words that may stand between a figure and its name: "2 milyar dolarlık ihracat hacmiyle Peru"."""
WITH = ("la", "le", "мен", "пен", "бен")
"""Endings of "with", also as words of their own ("yüzde 5 ile")."""
RANKED = frozenset({"state", "group", "firm", "name"})
PART_OF = frozenset({"үлесіне", "payina"})
"""What a part falls to: "5 млрд доллары Перудің үлесіне тиеді"."""
CLAUSE = 12
"""Words within which a clause that describes a name ends."""
TRADING, DOING = ("yap", "gerçekleştir"), ("tiği", "diği", "ilan", "ilen")
"""Beginnings and endings of the Turkish participles of such a clause."""
WHOSE = frozenset({"own", "travel"})
"""Frames in which the ranked name is whose a thing is, or from where people come."""
FRAMES = WHOSE | {"export", "import", "mutual"}
BEHIND = frozenset({"nom", "attr", "at", "to", "from", "gen"})
"""Roles of the name behind its figure; the genitive is that of "Peru'nun izlediği"."""
SIDES = frozenset({"buyers", "suppliers"})
"""Cues of the other side of a trade: "en fazla ihracat yapılan ülke"."""


def ranks(sentence: Sentence) -> bool:
    """Tell whether a sentence puts names into an order ("izledi", "ilk sırada")."""
    if sentence.lexicon.settings["verb_side"] != "after":
        return False
    return any(hit.row["role"] == "rank" for hit in sentence.hits["particles"].values())


def ranked(sentence: Sentence, quantity: Quantity, frame: str) -> Mention | None:
    """Return the name that a figure is put to in a ranking; ``None`` in any other sentence."""
    if sentence.lexicon.settings["verb_side"] != "after" or frame not in FRAMES:
        return None
    actors = [m for m in sentence.mentions if m.kind in RANKED and not m.speaker]
    described = _described(sentence, quantity, actors)
    if described is not None or not ranks(sentence):
        return described
    holder = next((m for m in actors if m.first >= quantity.last), None)
    if holder is not None and any(t.text in PART_OF for t in sentence.tokens[holder.last : holder.last + 1]):
        return holder
    behind = next((m for m in actors if m.first >= quantity.last), None)
    if behind is not None and behind.role in BEHIND and _with(sentence, quantity, behind):
        return behind
    ahead = next((m for m in reversed(actors) if m.last <= quantity.first), None)
    if ahead is None or ahead.role not in ("nom", "attr") or quantity.first - ahead.last > 1:
        return None
    sided = any(h.row["cue"] in SIDES for h in sentence.hits["cues"].values())
    return ahead if sided or frame in WHOSE else None


def in_ranking(frame: str, placed: Mention, beside: Sequence[Mention]) -> Parties:
    """Return the parties of a figure that is put to a name: of a trade its owner stands in the genitive."""
    if frame == "own":
        return Parties(placed)
    if frame == "travel":
        return Parties(placed, tuple(m for m in beside if m.role == "to")[:1])
    return Parties(next((m for m in beside if m.role == "gen" and m is not placed), None), (placed,))


def _described(sentence: Sentence, quantity: Quantity, actors: Sequence[Mention]) -> Mention | None:
    """Return the name that "with which it trades so much" describes: "5 milyar dolarlık ihracat yaptığı Çin"."""
    for n in range(quantity.last, min(len(sentence.tokens), quantity.last + CLAUSE)):
        text = sentence.tokens[n].text
        if text.endswith(DOING) and text.startswith(TRADING):
            return next((m for m in actors if m.first == n + 1), None)
        if text in ",;:(":
            return None
    return None


def _with(sentence: Sentence, quantity: Quantity, name: Mention) -> bool:
    """Tell whether a figure and a name are tied by "with" alone."""
    between = sentence.tokens[quantity.last : name.first]
    if len(between) > REACH or any(t.kind != "word" for t in between):
        return False
    return between[-1].text.endswith(WITH) if between else sentence.lexicon.case_of(quantity.suffix) == "ins"
