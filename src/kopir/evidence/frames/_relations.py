"""Relational claims: who agrees, visits, invests, denies ... towards whom; cues are data, frames are code."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from kopir.evidence._records import Document, Relation
from kopir.evidence.frames import _frames as frames
from kopir.evidence.frames._linking import Linker
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._lexicon import Hit, iterate
from kopir.evidence.words._mentions import Mention

PLANNED = frozenset({"plan", "target", "forecast"})
PAIRED = frozenset({"agree", "military"})
OPEN = frozenset(
    {
        "provide",
        "invest",
        "trade_partner",
        "import_goods",
        "export_goods",
        "open_embassy",
        "establish_body",
        "no_conditions",
        "not_hostile",
        "open_institution",
    }
)
LIST_GAP = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """A relation: its fine name, its class, and the frame that finds the parties."""

    relation: str
    relation_class: str
    frame: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the relations that can be read, by name."""
    text = files("kopir.evidence").joinpath("rules/relations.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["relation"]: Kind(row["relation"], row["class"], row["frame"]) for row in rows}


class RelationReader:
    """Reads the relations of a document, sentence by sentence."""

    def __init__(self, document: Document, linker: Linker) -> None:
        self.document, self.linker = document, linker
        self._titled = False
        self._explicit = True
        self._told: set[tuple[str, str | None, tuple[str, ...], str | None]] = set()

    def read(self, sentence: Sentence) -> list[Relation]:
        """Return the relations of one sentence, at most one for each class, actor and targets."""
        if not sentence.lexicon.relational.search(sentence.view, sentence.start, sentence.end):
            return []
        out: dict[tuple[str, str | None, tuple[str, ...]], Relation] = {}
        self._titled = any(h.row["kind"] == "title" for h in sentence.hits["speech"].values())
        self._explicit = True
        for hit in iterate(sentence.hits["relations"]):
            kind = kinds()[hit.row["relation"]]
            self._explicit = True
            found = self._parties(kind, sentence, hit)
            if found is None:
                continue
            actor, targets = found
            if not self._explicit and any(c == kind.relation_class for c, _, _ in out):
                continue
            key = (kind.relation_class, actor, tuple(sorted(targets)))
            relation = self._relation(kind, sentence, hit, actor, targets)
            told = (kind.relation, actor, targets)
            if key not in out and (*told, relation.date) not in self._told:
                self._told.update({(*told, relation.date), (*told, None)})
                out[key] = relation
        return list(out.values())

    @property
    def person(self) -> Mention | None:
        """The person named last, in the sentences before."""
        for held in reversed(self.linker.context.said[:-1]):
            for m in reversed(held.mentions):
                if m.kind == "person":
                    return m
        return None

    def _relation(
        self, kind: Kind, sentence: Sentence, hit: Hit, actor: str | None, targets: tuple[str, ...]
    ) -> Relation:
        places = [(m.first, m.last) for m in sentence.mentions if m.code in (actor, *targets)]
        first = min([hit.first, *(a for a, _ in places)])
        last = max([hit.last, *(b for _, b in places)])
        start, end = sentence.span(first, last)
        date, future = self._date(kind, sentence, hit)
        return Relation(
            self.document.name,
            self.document.language,
            start,
            end,
            self.document.text[start:end],
            actor,
            kind.relation,
            kind.relation_class,
            targets,
            date,
            self._modality(sentence, hit, future=future),
        )

    def _date(self, kind: Kind, sentence: Sentence, hit: Hit) -> tuple[str | None, bool]:
        near = [p for p in sentence.periods if p.role == "at" and p.text and not p.relative]
        if near:
            best = min(near, key=lambda p: abs(p.first - hit.first))
            now = int(self.document.date[:4]) if self.document.date else None
            return best.text, bool(now and best.year and best.year > now)
        if kind.relation_class in ("agree", "meet") and self.linker.context.event is not None:
            return self.linker.context.event, False
        return None, False

    def _modality(self, sentence: Sentence, hit: Hit, *, future: bool) -> str:
        for found in iterate(sentence.hits["modality"]):
            modality = found.row["modality"]
            if modality == "alleged":
                return "alleged"
            if modality in PLANNED and abs(found.first - hit.first) <= 4:
                return "plan"
        return "plan" if future else "actual"

    # ── parties ──────────────────────────────────────────────────────────────────────────────────

    def _parties(self, kind: Kind, sentence: Sentence, hit: Hit) -> tuple[str | None, tuple[str, ...]] | None:
        part = self._part(sentence, hit)
        if kind.frame == "site":
            return self._site(part)
        simple = {"visit": self._visit, "attend": self._attend, "member": self._member}
        if kind.frame in simple:
            return simple[kind.frame](part, hit)
        if kind.frame == "speaker":
            return self._speaker(kind, part, hit)
        if kind.frame == "sanction":
            return self._sanction(part, hit)
        if kind.frame == "holder":
            return self._holder(part)
        if kind.frame == "alone":
            actor = self._first_actor(part, hit)
            return (actor, ()) if actor else None
        return self._acting(kind, part, hit, sentence)

    def _part(self, sentence: Sentence, hit: Hit) -> list[Mention]:
        """Return the mentions of the sentence part that holds a cue; commas part it from other cues."""
        others = [h for h in sentence.hits["relations"].values() if h.first != hit.first]
        commas = [i for i, t in enumerate(sentence.tokens) if t.text in ",;"]
        low = sentence.turn(hit.first)
        high = len(sentence.tokens)
        for i in commas:
            if i < hit.first and any(h.first < i for h in others):
                low = max(low, i)
            if i > hit.first and any(h.first > i for h in others):
                high = min(high, i)
        found = [self._bodied(sentence, m) for m in sentence.mentions if low <= m.first < high]
        if not any(m.first <= hit.first for m in found):
            ahead = [m for m in sentence.mentions if sentence.turn(hit.first) <= m.first < low and m.role == "nom"]
            found = [self._bodied(sentence, m) for m in ahead[:1]] + found
        homes = {m.home for m in found if m.kind == "firm" and m.home}
        return [m for m in found if not (m.kind == "state" and m.code in homes and m.role in ("attr", "gen"))]

    def _bodied(self, sentence: Sentence, m: Mention) -> Mention:
        """Turn "Turkish companies" into the body of a state."""
        body = next((h for n in (m.last, m.last + 1) if (h := sentence.hits["bodies"].get(n)) is not None), None)
        if body is None or m.kind != "state" or m.role not in ("attr", "nom"):
            return m
        return replace(m, code=f"{m.code}_{body.row['body']}")

    def _site(self, part: Sequence[Mention]) -> tuple[str | None, tuple[str, ...]] | None:
        """Production: the place or maker acts, the others take part."""
        states = [m for m in part if m.kind in ("state", "group") or "_" in m.code]
        place = next((m for m in states if "_" in m.code or m.role in ("in", "at")), None) or next(
            (m for m in states if m.role in ("nom", "gen", "from")), None
        )
        if place is None:
            others = tuple(dict.fromkeys(m.code for m in states))[:1]
            host = self._other(others[0]) if others else ()
            return (host[0], others) if host else None
        rest = tuple(dict.fromkeys(m.code for m in states if m.code != place.code)) or self._other(place.code)
        return (place.code, rest[:2]) if rest else None

    def _visit(self, part: Sequence[Mention], hit: Hit) -> tuple[str | None, tuple[str, ...]] | None:
        persons = [m for m in part if m.kind == "person"]
        person = min(
            persons, key=lambda m: abs(m.first - hit.first), default=self.person if self._titled else None
        )
        if person is None:
            return None
        roles = ("in", "to", "at", "nom", "obj")
        for who in dict.fromkeys((person, *persons, *((self.person,) if self.person else ()))):
            goals = [m for m in part if m.kind == "state" and m.code != who.state and m.role in roles]
            after = [m for m in goals if m.first >= hit.first] or goals
            if after:
                return who.code, (after[0].code,)
        return None

    def _attend(self, part: Sequence[Mention], hit: Hit) -> tuple[str | None, tuple[str, ...]] | None:
        person = next((m for m in part if m.kind == "person" and m.first < hit.first), self.person)
        goals = tuple(m.code for m in part if m.kind == "group" and m.first >= hit.first)
        goals = (
            goals
            or tuple(
                m.code
                for m in part
                if m.kind == "state" and (person is None or m.code != person.state) and m.role != "gen"
            )[:1]
        )
        return (person.code, goals) if person is not None and goals else None

    def _member(self, part: Sequence[Mention], hit: Hit) -> tuple[str | None, tuple[str, ...]] | None:
        groups: list[str] = []
        at = hit.first
        for m in part:
            if m.kind == "group" and m.code not in ("C_ASIA", "ASIA") and m.first >= hit.first:
                if m.first - at > LIST_GAP:
                    break
                groups.append(m.code)
                at = m.last
        if not groups:
            return None
        beside = [m.code for m in part if m.kind == "state" and m.role != "with" and 0 <= hit.first - m.last <= 2]
        state = beside[-1] if beside else None
        state = state or next((m.code for m in part if m.kind == "state" and m.role in ("nom", "gen")), None)
        state = state or next((code for code, _ in self.linker.context.topic), None)
        return (state, tuple(groups)) if state else None

    def _speaker(self, kind: Kind, part: Sequence[Mention], hit: Hit) -> tuple[str | None, tuple[str, ...]] | None:
        before = [m for m in part if m.first < hit.first and m.role in ("nom", "gen", "attr")]
        actor = next((m for m in reversed(before) if m.kind == "person"), None) or (
            before[-1] if before else self.person if self._titled else None
        )
        if actor is None:
            return None
        rest = [m for m in part if m.first >= hit.last and m.code != actor.code and m.code != actor.state]
        targets = tuple(dict.fromkeys(m.code for m in rest))[:1]
        return (actor.code, targets) if targets or kind.relation == "deny" else None

    def _sanction(self, part: Sequence[Mention], hit: Hit) -> tuple[str | None, tuple[str, ...]] | None:
        actor = next((m for m in part if m.first >= hit.first and m.role in ("gen", "nom", "attr")), None)
        others = tuple(m.code for m in part if m.kind == "state" and actor is not None and m.code != actor.code)
        return (actor.code, others) if actor is not None and others else None

    def _holder(self, part: Sequence[Mention]) -> tuple[str | None, tuple[str, ...]] | None:
        actors = [m for m in part if m.kind in ("state", "group")]
        if not actors:
            return None
        first = next((m for m in actors if m.role == "nom"), actors[0])
        rest = tuple(m.code for m in actors if m.code != first.code)[:1]
        return first.code, rest or self._other(first.code)

    def _acting(
        self, kind: Kind, part: Sequence[Mention], hit: Hit, sentence: Sentence
    ) -> tuple[str | None, tuple[str, ...]] | None:
        frame = {"from": "import"}.get(kind.frame, kind.frame)
        actors = [m for m in part if m.kind in ("state", "group", "firm") and not (m.speaker and m.kind == "firm")]
        if kind.relation == "summit":
            actors = [m for m in actors if m.role not in ("in", "to")]
        given = frames.parties(frame, actors, at=hit.first, share=False)
        subject = given.subject.code if given.subject else None
        targets = tuple(dict.fromkeys(m.code for m in given.partners if m.code != subject))
        if kind.relation == "build" and any(m.kind == "route" for m in part):
            targets = tuple(m.code for m in part if m.kind == "route")
        if subject is None and not targets and kind.relation in OPEN and kind.frame == "mutual":
            pair = self._recent(sentence)
            self._explicit = False
            return (pair[0], pair[1:]) if len(pair) == 2 else None
        if kind.relation_class not in PAIRED:
            if subject is None and targets and kind.relation in OPEN:
                return (self._other(targets[0]) or (None,))[0], targets[:1]
            if subject is None:
                return None
            source = given.subject
            passive = kind.relation_class != "trade" or (source is not None and source.role == "from")
            if not targets and kind.relation in OPEN and passive:
                targets = self._other(subject)
            if not targets and kind.frame == "from":
                targets = tuple(m.code for m in part if m.first >= hit.first and m.code != subject)[:1]
            return (subject, targets[:2]) if targets else None
        if (subject is None and not targets) or (kind.relation_class == "agree" and self._paired(sentence, hit)):
            pair = self._recent(sentence)
            self._explicit = False
            return (pair[0], pair[1:]) if len(pair) == 2 else None
        if subject is None:
            subject = (self._near(sentence, hit, targets[0]) or (None,))[0]
            self._explicit = False
            return (subject, targets[:1]) if subject else None
        if not targets:
            self._explicit = False
            targets = self._near(sentence, hit, subject)
        return (subject, targets[:2]) if targets else None

    def _near(self, sentence: Sentence, hit: Hit, code: str) -> tuple[str, ...]:
        """Return the state named before the cue, in this sentence or the last, else the document's topic."""
        before = [m for m in sentence.mentions if m.first < hit.first]
        for m in reversed(before):
            other = m.state or m.code
            if (m.kind in ("state", "firm") or m.state) and other != code and not other.startswith(code):
                return (other,)
        for held in reversed(self.linker.context.said[-3:-1]):
            for m in held.mentions:
                if (m.kind == "state" or m.state) and (m.state or m.code) != code:
                    return ((m.state or m.code),)
        return self._other(code)

    def _paired(self, sentence: Sentence, hit: Hit) -> bool:
        found = sentence.hits["references"].values()
        return any(h.row["kind"] == "pair" and hit.first - 3 <= h.first < hit.first for h in found)

    def _recent(self, sentence: Sentence) -> tuple[str, ...]:
        """Return the two states named last, else the document's topic."""
        codes: list[str] = []
        for held in reversed(self.linker.context.said[:-1]):
            if sentence.paragraph - held.paragraph > 1:
                break
            states = [m.state or m.code for m in held.mentions if m.kind == "state" or m.state]
            codes.extend(c for c in states if c not in codes)
            if len(codes) >= 2:
                topic = {code for code, _ in self.linker.context.topic}
                return tuple(sorted(codes[:2], key=lambda code: (code not in topic, code)))
        return tuple(code for code, _ in self.linker.context.topic)

    def _other(self, code: str) -> tuple[str, ...]:
        return tuple(c for c, _ in self.linker.context.topic if c != code.split("_")[0])[:1]

    def _first_actor(self, part: Sequence[Mention], hit: Hit) -> str | None:
        return next((m.code for m in part if m.first < hit.first and m.kind == "state" and m.role == "nom"), None)
