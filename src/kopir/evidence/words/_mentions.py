"""Who and what a sentence names: states, groups, routes, firms, persons, with the part each plays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import regex

from kopir.evidence.words._firms import NONE, Firms
from kopir.evidence.words._lexicon import Hit, Lexicon, Token, iterate
from kopir.evidence.words._naming import named_firms, unknown_names

NEAR = 3
FAR = 6
"""How far "according to" stands behind a name with its nouns: «X» ұлттық компаниясының мәліметінше."""
PAPERS = (
    *("rapor", "bülten", "veri", "istatistik", "açiklama", "toplanti", "forum", "zirve", "fuar", "kongre", "plan"),
    *("program", "strateji", "kanun", "konferans", "kurul", "gün", "ödül", "anket", "endeks", "proje"),
)
"""Beginnings of the last words of Turkish names of papers and events, which act in nothing."""
OFFICES = frozenset({"title", "office", "according_after"})
PHRASE = 5
_ADJECTIVE = regex.compile(r"(?:ый|ого|ому|ым|ом|ая|ой|ую|ое|ий|его|ему|им|ем|яя|ей|юю|ее)$")
"""Endings of Russian adjectives."""
CASE_ROLES = {"gen": "gen", "dat": "to", "abl": "from", "loc": "at", "ins": "with", "attr": "attr", "acc": "obj"}
GOVERNED = frozenset(
    {"in", "to", "from", "via", "along", "with", "between", "for", "by", "towards", "instead", "during"}
)
"""Roles that a preposition gives to the name behind it."""
LISTED = frozenset({"from", "to", "in", "with", "via", "between", "gen"})
"""Roles that the first name of a list gives to those behind it."""
BORNE = frozenset({"between", "to", "from", "gen", "with", "via"})
"""Roles that the last name of a list gives to those before it, where names bear their case."""
CASE_NAMES = {"dat": "for", "ins": "by", "acc": "obj"}
DONE_BY = regex.compile(r"(?:[еая]н|ыт|ят)[аоы]?$")
"""Endings of Russian short passive participles, behind which a name without a case is who did it."""
DEMONYMS = ("an", "ish", "ese", "ch", "ss", "u.s.", "u.k.")
"""Endings of English adjectives of states."""
NOBODY = "none"
"""Code of names that hold the name of an actor and are none: seas, newspapers."""
INSTITUTIONS = frozenset({"EDB", "EBRD", "ADB", "AIIB", "World_Bank", "IMF", "IEA", "OPEC", "UN"})


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor met at tokens ``first`` to ``last`` (exclusive).

    ``role``: nom, gen, attr, obj, to, from, in, with, via, along, between, of; ``speaker`` marks an actor that
    reports rather than acts; ``state`` is the state behind a person, ``home`` that of a firm.
    """

    code: str
    kind: str
    role: str
    first: int
    last: int
    speaker: bool = False
    state: str | None = None
    home: str | None = None


class MentionReader:
    """Finds the mentions of one sentence and the part each plays."""

    def __init__(
        self,
        tokens: Sequence[Token],
        hits: Mapping[str, Mapping[int, Hit]],
        lexicon: Lexicon,
        firms: Firms = NONE,
    ) -> None:
        self.tokens, self.hits, self.lexicon, self.firms = tokens, hits, lexicon, firms
        self.inflected = bool(lexicon.cases)
        self.before = {h.last: h for h in hits["particles"].values() if h.row["side"] == "before"}

    def read(self) -> list[Mention]:
        """Return the mentions from left to right, overlaps settled by length."""
        merged: dict[int, Hit] = dict(self.hits["actors"])
        for first, hit in self.hits["persons"].items():
            if first not in merged or hit.last >= merged[first].last:
                merged[first] = hit
        named = [hit for hit in named_firms(self.firms, self.tokens) if not self._longer(merged, hit)]
        merged |= {hit.first: hit for hit in named}
        out = [self._mention(hit) for hit in unknown_names(self.tokens, self.hits, named, self.lexicon)]
        out = [m for m in out if self.lexicon.cyrillic or self._acts(m)]
        for hit in iterate(merged):
            if (
                hit.row["code"] == NOBODY
                or self._in_longer_name(hit)
                or any(u.first <= hit.first and hit.last < u.last for u in self.hits["units"].values())
            ):
                continue
            out.append(self._mention(hit))
        return self._coordinated([self._spoken(m) for m in self._at_home(sorted(out, key=lambda m: m.first))])

    def _in_longer_name(self, hit: Hit) -> bool:
        """Tell whether a name is the end of another one, tied to it by a hyphen ("Saint-Denis")."""
        i = hit.first
        if hit.table != "actors" or i < 2 or self.tokens[i - 1].text != "-":
            return False
        before = self.tokens[i - 2]
        tied = before.end == self.tokens[i - 1].start and self.tokens[i - 1].end == self.tokens[i].start
        known = i - 2 in self.hits["actors"] or any(h.last == i - 1 for h in self.hits["actors"].values())
        return tied and before.capital and not known and not before.upper

    def _at_home(self, mentions: list[Mention]) -> list[Mention]:
        """Take a state that only tells where a firm is from for the firm's home ("the Peruvian company X")."""
        out: list[Mention] = []
        for n, m in enumerate(mentions):
            following = mentions[n + 1] if n + 1 < len(mentions) else None
            if m.kind == "state" and following is not None and self._owner_of(m, following):
                mentions[n + 1] = replace(following, home=m.code)
                continue
            out.append(m)
        return out

    def _owner_of(self, m: Mention, firm: Mention) -> bool:
        between = self.tokens[m.last : firm.first]
        if firm.kind not in ("firm", "name") or m.role not in ("attr", "gen", "nom") or len(between) > NEAR:
            return False
        if m.role == "nom" and self.lexicon.language != "en":
            return False
        last = self.tokens[m.last - 1]
        english = self.lexicon.language == "en" and last.suffix != "s" and not last.text.endswith(DEMONYMS)
        if english or any(t.kind != "word" or t.capital for t in between):
            return False
        if m.role == "gen" and self.lexicon.language == "ru":
            return False
        return not between or any(n in self.hits["firms"] for n in range(m.last, firm.first))

    def _longer(self, merged: Mapping[int, Hit], hit: Hit) -> bool:
        """Tell whether a name of the tables holds the whole of a firm's name."""
        return any(h.first <= hit.first and h.last >= hit.last for h in merged.values())

    def _acts(self, m: Mention) -> bool:
        """Tell whether an unknown name stands as one that acts: before a verb, after "by", as an owner."""
        following = self.tokens[m.last].text if m.last < len(self.tokens) else ""
        if self.inflected:
            last = self.tokens[m.last - 1].text
            return m.role in ("gen", "by", "nom", "obj", "at", "to", "from", "with") and not last.startswith(
                PAPERS
            )
        return m.role == "by" or (m.role == "nom" and self.lexicon.is_verb(following))

    def _mention(self, hit: Hit) -> Mention:
        role = self._role(hit)
        if hit.table == "persons":
            return Mention(hit.row["code"], "person", role, hit.first, hit.last, state=hit.row["state"])
        return Mention(hit.row["code"], hit.row["kind"], role, hit.first, hit.last, home=hit.row["state"] or None)

    def _role(self, hit: Hit) -> str:
        after = self.hits["particles"].get(hit.last)
        if (
            after is not None
            and after.row["side"] == "after"
            and after.row["role"] in ("via", "along", "between", "by", "for")
        ):
            return after.row["role"]
        if self.inflected:
            return self._inflected_role(hit)
        word = self.tokens[hit.last - 1]
        adjective = self._is_adjective(word.text)
        particle = self._particle(self._phrase(hit))
        if particle == "on" and self.lexicon.language == "ru":
            particle = "in"
        touching = hit.first in self.before
        russian = self.lexicon.language == "ru"
        if particle == "with" and touching and russian and self.lexicon.name_case(hit) == "gen":
            particle = "from"
        if particle == "with" and word.suffix == "s":
            return "gen"
        if particle in GOVERNED and not adjective:
            return particle
        if adjective:
            return particle if particle in ("via", "from", "to") else "attr"
        if word.suffix == "s" or particle == "of":
            return "gen"
        return (self._russian_role(hit) if russian else None) or ("nom" if self._first_noun(hit) else "gen")

    def _russian_role(self, hit: Hit) -> str | None:
        """Return the role that a Russian name has by its case, by its noun's, or as who did what is told."""
        if (case := self.lexicon.name_case(hit) or self._case_of_noun(hit)) is not None:
            return CASE_NAMES.get(case, case)
        done = hit.first > 0 and self.tokens[hit.last - 1].text.isascii() and self._done_by(hit.first - 1)
        return "by" if done else None

    def _done_by(self, n: int) -> bool:
        return DONE_BY.search(self.tokens[n].text) is not None and self.tokens[n].kind == "word"

    def _case_of_noun(self, hit: Hit) -> str | None:
        """Name the case of the noun of firms before a name: "продан корпорации X", "куплена концерном X"."""
        if hit.row.get("kind") not in ("firm", "name"):
            return None
        first = self._unquoted(hit.first)
        noun = next(
            (h for h in self.hits["firms"].values() if h.last == first and h.row["kind"] == "before"), None
        )
        case = None if noun is None else self.lexicon.noun_case(self.tokens[noun.last - 1].text)
        if noun is None or case != "gen or dat":
            return case
        n = noun.first
        while n > 0 and self._describes(n - 1):
            n -= 1
        given = n > 0 and (self.lexicon.is_verb(self.tokens[n - 1].text) or self._done_by(n - 1))
        return "dat" if given else "gen"

    def _unquoted(self, n: int) -> int:
        """Return where a name begins with the quotation mark before it."""
        return n - 1 if n > 0 and self.tokens[n - 1].text == '"' else n

    def _inflected_role(self, hit: Hit) -> str:
        case = self.lexicon.case_of(hit.tail) if hit.tail else "nom"
        if not self.tokens[hit.first].capital:
            return "attr"
        nxt = hit.last
        if nxt < len(self.tokens) and self.tokens[nxt].text == "ile":
            return "with"
        bare = not hit.tail and "~" not in hit.row["pattern"] and hit.row.get("kind") == "state"
        role = "attr" if bare else CASE_ROLES.get(case, "nom")
        return (self._carried(hit.last) or role) if role in ("attr", "nom", "gen") else role

    def _carried(self, n: int) -> str | None:
        """Return the role that a noun behind a name has by its case ("Peru pazarına", "Перу экономикасына")."""
        bridge = self.hits["bridges"].get(n)
        if bridge is None:
            return None
        if bridge.row["role"]:
            return bridge.row["role"]
        role = CASE_ROLES.get(self.lexicon.case_of(bridge.tail))
        return role if role in ("to", "from", "at") else None

    def _is_adjective(self, word: str) -> bool:
        return self.lexicon.language == "ru" and self.lexicon.is_adjective(word)

    def _phrase(self, hit: Hit) -> int:
        """Return where the noun phrase of a firm begins ("в американскую компанию X"); other names stand alone."""
        firsts = {h.last: h for h in self.hits["firms"].values() if h.row["kind"] == "before"}
        first = self._unquoted(hit.first) if self.lexicon.language == "ru" else hit.first
        if hit.row.get("kind") not in ("firm", "name") or first not in firsts:
            return first if hit.row.get("kind") in ("firm", "name") else hit.first
        n = firsts[first].first
        while n > 0 and hit.first - n <= PHRASE and self._describes(n - 1):
            n -= 1
        return n

    def _describes(self, n: int) -> bool:
        word = self.tokens[n]
        return (
            word.kind == "word"
            and n not in self.hits["particles"]
            and (
                self.lexicon.is_adjective(word.text)
                or n in self.hits["firms"]
                or _ADJECTIVE.search(word.text) is not None
            )
        )

    def _particle(self, first: int) -> str | None:
        """Return the preposition that governs a name, past bridging nouns ("into the economy of X")."""
        n = first
        for _ in range(NEAR + 1):
            hit = self.before.get(n)
            if hit is not None:
                role = hit.row["role"]
                if role == "of" and self._bridged(hit.first):
                    n = hit.first
                    continue
                return role
            if not self._bridged(n):
                return None
            n -= 1
        return None

    def _bridged(self, n: int) -> bool:
        return n > 0 and (n - 1) in self.hits["bridges"]

    def _first_noun(self, hit: Hit) -> bool:
        """Tell a subject, at the start of a clause, from an attribute of the noun before it."""
        if self.lexicon.language == "en":
            return True
        i = hit.first
        if i == 0 or self.tokens[i - 1].kind != "word":
            return True
        ending = self.tokens[hit.last - 1].text
        return not ending.endswith(("а", "и", "ы", "ии", "ей", "ом", "ем", "у", "ым"))

    def _spoken(self, mention: Mention) -> Mention:
        """Mark those that a title or office ties to a report ("the ambassador of X", "according to X")."""
        if mention.kind == "person":
            return replace(mention, speaker=True)
        speech = self.hits["speech"]
        if mention.kind in ("firm", "name") and self._says(mention):
            return replace(mention, speaker=mention.kind == "name")
        behind_only = self.inflected and mention.kind in ("state", "group")
        for n in range(max(0, mention.first - NEAR) if not behind_only else mention.first, mention.first):
            hit = speech.get(n)
            if (
                hit is None
                or self._in_name(n)
                or hit.row["kind"] in ("say", "according_after")
                or (hit.row["kind"] == "office" and self.lexicon.language == "ru" and not self._reports())
                or any(t.text in ",.;" for t in self.tokens[n : mention.first])
            ):
                continue
            if hit.row["kind"] == "according" and mention.role == "from":
                continue
            return replace(mention, speaker=True)
        if self._tells(mention):
            return replace(mention, speaker=True)
        for n in range(mention.last, min(len(self.tokens), mention.last + NEAR)):
            hit = self.hits["modality"].get(n)
            if hit is not None and hit.row["modality"] == "denied" and mention.role == "nom":
                return replace(mention, speaker=True)
        denied = any(h.row["modality"] == "denied" for h in self.hits["modality"].values())
        if self.inflected and denied and mention.first == 0 and mention.role == "nom":
            return replace(mention, speaker=True)
        if mention.code in INSTITUTIONS and mention.role not in ("gen", "attr") and self._told_by(mention):
            return replace(mention, speaker=True)
        return mention

    def _tells(self, mention: Mention) -> bool:
        """Tell a name that a title, an office or "according to" follows."""
        for n in range(mention.last, min(len(self.tokens), mention.last + (FAR if self.inflected else NEAR))):
            if self.tokens[n].text in ",.;(":
                return False
            hit = self.hits["speech"].get(n)
            if hit is None or hit.row["kind"] not in self._telling(n - mention.last):
                continue
            if self.tokens[n].text == "göre":
                if mention.role == "to" and n == mention.last:
                    return True
            elif self._owned(mention):
                return True
        return False

    def _telling(self, distance: int) -> frozenset[str]:
        """Return the kinds of words that make who stands so far before them one who reports.

        Where names stand before what is theirs, an office acts for its state unless the sentence says who said it.
        """
        if distance >= NEAR:
            return frozenset({"according_after"})
        return OFFICES if not self.inflected or self._says_so() else OFFICES - {"office"}

    def _says_so(self) -> bool:
        return any(h.row["kind"] in ("say", "according_after") for h in self.hits["speech"].values())

    def _in_name(self, n: int) -> bool:
        """Tell whether token ``n`` is a word of a longer name, as the office in "the World Bank"."""
        names = self.hits["actors"].values()
        return any(h.first <= n < h.last and h.last - h.first > 1 for h in names)

    def _says(self, mention: Mention) -> bool:
        """Tell whether a verb of saying stands beside a name."""
        said = (self.hits["speech"].get(n) for n in (mention.last, mention.last + 1, mention.first - 1))
        return any(h is not None and h.row["kind"] == "say" for h in said)

    def _told_by(self, mention: Mention) -> bool:
        return self._says(mention) if mention.kind == "group" else self._reports()

    def _reports(self) -> bool:
        told = any(h.row["kind"] in ("say", "according", "according_after") for h in self.hits["speech"].values())
        return told or any(h.row["modality"] == "forecast" for h in self.hits["modality"].values())

    def _owned(self, mention: Mention) -> bool:
        return mention.role in ("gen", "attr", "nom")

    def _coordinated(self, mentions: list[Mention]) -> list[Mention]:
        """Give members of "X and Y" one role."""
        if self.inflected:
            return self._listed(mentions)
        out = list(mentions)
        for n in range(1, len(out)):
            held, here = out[n - 1], out[n]
            between = [
                self.tokens[i].text
                for i in range(held.last, here.first)
                if i == held.last or i not in self.hits["bridges"]
            ]
            listed = len(between) == 1 and (between[0] in ",-" or self._joint(held.last))
            if listed and here.role in ("nom", "gen", "by", "for", "acc") and held.role in LISTED:
                out[n] = replace(here, role=held.role, speaker=held.speaker)
        return out

    def _listed(self, mentions: list[Mention]) -> list[Mention]:
        """Give members of a list the case that only its last one bears: "Peru, Fas ve Çin'e".

        A name that opens the sentence before a comma is what the sentence is about, not the first of the list.
        """
        out = list(mentions)
        linked = False
        for n in range(len(out) - 1, 0, -1):
            held, here = out[n - 1], out[n]
            if held.last == here.first and (held.role, here.role) == ("with", "between"):
                out[n - 1] = replace(held, role="between")
                linked = False
                continue
            joint = here.first - held.last == 1 and self._joint(held.last)
            comma = (
                here.first - held.last == 1 and self.tokens[held.last].text == "," and linked and held.first > 0
            )
            linked = (joint or comma) and here.role in BORNE and held.role in ("nom", "attr", "with")
            if linked:
                out[n - 1] = replace(held, role=here.role)
            elif joint and held.role == "with" and here.role in ("nom", "attr"):
                out[n] = replace(here, role="with")
        return out

    def _joint(self, n: int) -> bool:
        hit = self.hits["particles"].get(n)
        return hit is not None and hit.row["role"] == "and"
