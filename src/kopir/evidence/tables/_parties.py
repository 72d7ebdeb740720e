"""Who is the subject of a cell and who its partner: by caption, by the word over a head, never by guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kopir.evidence.tables._phrases import Sense
from kopir.evidence.words._mentions import Mention

TWO_SIDED = frozenset({"export", "import", "mutual"})
PARTNER_ROLES = {
    "export": frozenset({"to", "in", "with"}),
    "import": frozenset({"from", "with"}),
    "mutual": frozenset({"with", "to", "from", "in"}),
    "invest": frozenset({"to", "in"}),
}
SIDES = {
    "export": {"partner": "partner", "target": "partner", "origin": "subject", "reporter": "subject"},
    "import": {"partner": "partner", "origin": "partner", "target": "subject", "reporter": "subject"},
    "mutual": {"partner": "partner", "reporter": "subject", "origin": "", "target": ""},
}


_SINGLE = {"reporter": "subject", "origin": "subject"}


@dataclass(frozen=True, slots=True)
class Headed:
    """A sense of a cell's head with the sense of the word over it (of a row head: the head of its column)."""

    sense: Sense
    over: Sense | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Subject and partners; ``total`` where a head says so; ``why`` where they are not settled."""

    subject: str | None
    partners: tuple[str, ...] = ()
    why: str | None = None


def parties(frame: str, heads: Sequence[Headed], caption: Sequence[Sense], title: Sequence[Sense]) -> Parties:
    """Settle the parties of a cell from its heads, then the caption, then the heading above the table.

    A head that names both what is measured and a state ("Exports of oil by Chile") is read as a caption.
    """
    spoken = [head.sense for head in heads if head.sense.cues and head.sense.actors]
    heads = [head for head in heads if head.sense not in spoken]
    subject, partners, loose = _from_heads(frame, heads)
    told = [m for sense in caption for m in sense.actors] or [m for sense in title for m in sense.actors]
    near, far = _sides(frame, [m for sense in spoken for m in sense.actors]), _sides(frame, told)
    if near is None or far is None:
        return Parties(subject, partners, "the caption names several states")
    if near[0] is not None and far[0] not in (None, near[0]) and not _is_group(told):
        return Parties(near[0], partners, "caption and heads name two states")
    home, others = near[0] or far[0], near[1] or far[1]
    if not frame:
        return Parties(subject or home, partners or others)
    if len(loose) > 1 or (loose and (partners if frame in TWO_SIDED else subject)):
        return Parties(subject or home, partners, "the heads name two states without saying which is which")
    known = bool(home) or any(sense.actors for sense in title)
    if loose and not known and subject is None and len(others) == 1 and all(m.kind == "state" for m in told):
        subject, partners = loose[0], others  # a preposition tells one side: the rows are the other
        home, loose = subject, []
    strange = home not in (None, subject or (loose[0] if loose else None)) and not _is_group(told)
    if strange and (subject is not None or (loose and frame not in TWO_SIDED)):
        return Parties(subject or loose[0], partners, "caption and heads name two states")
    return _agreed(frame, heads, _placed(frame, loose, Parties(subject or home, partners)), others)


def _placed(frame: str, loose: Sequence[str], found: Parties) -> Parties:
    """Give a state of a head that nothing places the one side that is left for it."""
    if frame == "invest" and not (found.subject and found.partners):
        return Parties(None, found.partners, "nothing says who invests and where")
    if loose and frame in TWO_SIDED:
        if found.subject is None:
            return Parties(loose[0], (), "nothing says whether the states are sellers or buyers")
        return Parties(found.subject, tuple(loose))
    return Parties(loose[0], found.partners) if loose else found


def _agreed(frame: str, heads: Sequence[Headed], found: Parties, others: tuple[str, ...]) -> Parties:
    """Hold what heads say against what the caption says, and what the frame asks for."""
    if found.why is not None:
        return found
    partners = found.partners or others
    if others and partners != others:
        return Parties(found.subject, partners, "caption and heads name two partners")
    if found.subject is None:
        return Parties(None, partners, None if frame == "none" else "nothing says whose figures these are")
    if found.subject in partners:
        return Parties(found.subject, (), "subject and partner are the same")
    if frame == "mutual" and not partners and not any("total" in head.sense.words for head in heads):
        return Parties(found.subject, (), "trade turnover without a partner")
    return Parties(found.subject, partners)


def _from_heads(frame: str, heads: Sequence[Headed]) -> tuple[str | None, tuple[str, ...], list[str]]:
    """Return subject and partners that a word over a head or a preposition settles, and states left loose."""
    subject: str | None = None
    partners: tuple[str, ...] = ()
    loose: list[str] = []
    for head in heads:
        for m in head.sense.actors:
            side = _side(frame, head, m)
            if side == "subject" and subject in (None, m.code):
                subject = m.code
            elif side == "partner" and partners in ((), (m.code,)):
                partners = (m.code,)
            else:
                loose.append(m.code)
    return subject, partners, list(dict.fromkeys(loose))


def _side(frame: str, head: Headed, mention: Mention) -> str:
    sides = SIDES.get(frame, _SINGLE if frame else SIDES["mutual"])
    words = (head.over.words if head.over is not None else frozenset()) | head.sense.words
    told = {sides[word] for word in words if sides.get(word)}
    if len(told) == 1:
        return told.pop()
    return "partner" if mention.role in PARTNER_ROLES.get(frame, frozenset()) - {"in"} else ""


def _sides(frame: str, mentions: Sequence[Mention]) -> tuple[str | None, tuple[str, ...]] | None:
    """Return subject and partners of a caption; ``None`` where it names more than the frame has room for."""
    partner_roles = PARTNER_ROLES.get(frame, frozenset())
    between = [m.code for m in mentions if m.role == "between"]
    if frame == "mutual" and len(set(between)) == 2:
        first, second = sorted(set(between))
        return first, (second,)
    subjects = list(dict.fromkeys(m.code for m in mentions if m.role not in partner_roles))
    partners = tuple(dict.fromkeys(m.code for m in mentions if m.role in partner_roles))
    if frame == "export" and not subjects and len(partners) == 1 and any(m.role == "from" for m in mentions):
        subjects, partners = list(partners), ()
    if frame == "mutual" and len(subjects) == 2 and not partners:
        first, second = sorted(subjects)
        return first, (second,)
    if len(subjects) > 1 or len(partners) > 1:
        return None
    return (subjects[0] if subjects else None), partners


def _is_group(mentions: Sequence[Mention]) -> bool:
    return all(m.kind == "group" for m in mentions)
