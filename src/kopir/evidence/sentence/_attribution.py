"""Who said it: the person, office or state that a sentence names as its source."""

from __future__ import annotations

from collections.abc import Sequence

from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.words._firms import transliterated
from kopir.evidence.words._lexicon import Hit

REACH = 8
BESIDE = 3


class Speakers:
    """Remembers who has spoken in a document, so that "he said" and a bare surname are theirs."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._surnames: dict[str, str] = {}

    def read(self, sentence: Sentence) -> str | None:
        """Return the source that a sentence names or refers to; None for the author."""
        found = attribution(sentence)
        cues = [hit for hit in sentence.hits["speech"].values() if hit.row["kind"] not in ("office", "title")]
        if found is None and cues:
            found = self._by_surname(sentence, cues) or self._by_reference(sentence, cues)
        if found is not None:
            self._last = found
            if "." in found:
                self._surnames.setdefault(found.split(".", 1)[1].lower(), found)
        return found

    def _by_surname(self, sentence: Sentence, cues: Sequence[Hit]) -> str | None:
        for n in _beside(sentence, cues):
            token = sentence.tokens[n]
            if token.kind == "word" and token.capital:
                held = self._surnames.get(transliterated(token.text).lower())
                if held is not None:
                    return held
        return None

    def _by_reference(self, sentence: Sentence, cues: Sequence[Hit]) -> str | None:
        """Resolve "he", "the company", "the ministry" to who spoke last."""
        speech, refers = sentence.hits["speech"], sentence.hits["references"]
        for n in _beside(sentence, cues):
            pronoun = sentence.tokens[n].text in sentence.lexicon.pronouns
            office = n in speech and speech[n].row["kind"] == "office"
            if pronoun or office or (n in refers and refers[n].row["kind"] == "firm"):
                return self._last
        return None


def _beside(sentence: Sentence, cues: Sequence[Hit]) -> list[int]:
    """Tokens right beside a verb of saying."""
    near = {n for hit in cues if hit.row["kind"] == "say" for n in range(hit.first - BESIDE, hit.last + BESIDE)}
    return sorted(n for n in near if 0 <= n < len(sentence.tokens))


def attribution(sentence: Sentence) -> str | None:
    """Return the source that a sentence names: a person (``I.Surname``), else an actor; None for the author."""
    speech = sentence.hits["speech"]
    cues = [hit for hit in speech.values() if hit.row["kind"] != "office" and hit.row["kind"] != "title"]
    if not cues:
        return None
    persons = [m for m in sentence.mentions if m.kind == "person"]
    if persons:
        return min(persons, key=lambda m: min(abs(m.first - hit.first) for hit in cues)).code
    beside = set(_beside(sentence, cues))
    firm = next((m for m in sentence.mentions if m.kind == "firm" and beside & set(range(m.first, m.last))), None)
    if firm is not None:
        return firm.code
    named = _named(sentence)
    if named is not None:
        return named
    speaker = next((m for m in sentence.mentions if m.speaker), None)
    return speaker.code if speaker is not None else None


def _named(sentence: Sentence) -> str | None:
    """Read "title ... Name Surname" and "Name Surname said" where the name is not in the tables."""
    tokens = sentence.tokens
    known = {n for table in ("actors", "cues", "periods", "units") for n in sentence.hits[table]}
    known |= {n for m in sentence.mentions if m.kind in ("state", "group") for n in range(m.first, m.last)}
    starts = [hit for hit in sentence.hits["speech"].values() if hit.row["kind"] in ("title", "say")]
    for hit in starts:
        for i in range(max(1, hit.first - REACH), min(len(tokens) - 1, hit.last + REACH)):
            first, last = tokens[i], tokens[i + 1]
            if {i, i + 1} & known or {i, i + 1} & sentence.hits["speech"].keys() or first.upper:
                continue
            if first.text in sentence.lexicon.openers:
                continue
            if first.kind == last.kind == "word" and first.capital and last.capital:
                return f"{transliterated(first.text)[:1]}.{transliterated(last.text)}"
    return None
